//! A village team: an endpoint and phones, a clock, one source of chance.

use crate::endpoint::SimEndpoint;
use crate::phone::Phone;
use crate::random::Random;
use crate::run::Ended;
use crate::trace::Trace;
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::doc::{At, CAMPAIGN, DocKind, FORMS, Put, WAYS, form_id, import_author, source_puts, village_id};
use bianfang::form::read::{Sheet, read};
use bianfang::form::source;
use bianfang::indicator::campaign::Set;
use bianfang::ledger::tables;
use bianfang::sync::log::Role;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// 2019-08-14 20:00 in China.
pub const START_MS: i64 = 1_565_784_000_000;

/// The world.
pub struct World {
    pub endpoint: Rc<RefCell<SimEndpoint>>,
    pub phones: Vec<Phone>,
    pub now_ms: Rc<Cell<i64>>,
    pub random: Random,
    pub households: Vec<DocId>,
}

impl World {
    /// A village with so many households and one phone for each of these people, the first of whom leads.
    pub fn new(seed: u64, households: u64, people: &[&str]) -> Self {
        let random = Random::new(seed);
        let now_ms = Rc::new(Cell::new(START_MS));
        let endpoint = Rc::new(RefCell::new(SimEndpoint::new(START_MS)));
        let mut world = Self {
            endpoint,
            phones: Vec::new(),
            now_ms,
            random,
            households: Vec::new(),
        };
        for number in 1..=households {
            let id = world.import_household(number);
            world.households.push(id);
        }
        for (turn, name) in people.iter().enumerate() {
            world.add_phone(name, if turn == 0 { Role::Leader } else { Role::Member });
        }
        world.sync_all();
        world
    }

    /// A further phone, joined and loaded.
    pub fn add_phone(&mut self, name: &str, role: Role) -> usize {
        let token = self.endpoint.borrow_mut().invite(name, role);
        let phone = Phone::new(
            name,
            &self.endpoint,
            &self.now_ms,
            self.random.fork(self.phones.len() as u64),
        );
        phone.join(&token);
        self.phones.push(phone);
        self.phones.len() - 1
    }

    /// The phone of somebody is new: empty, with a key of its own, and joined by a fresh invitation.
    pub fn replace_phone(&mut self, place: usize, role: Role) {
        let name = self.phones[place].name.clone();
        let newest = self.add_phone(&name, role);
        let phone = self.phones.remove(newest);
        self.phones[place] = phone;
    }

    /// Somebody whose phone the endpoint does not know any more is invited again, and joins on the same phone.
    pub fn rejoin(&mut self, place: usize, role: Role) {
        let token = self.endpoint.borrow_mut().invite(&self.phones[place].name, role);
        self.phones[place].join(&token);
    }

    /// A household as an import writes it.
    pub fn import_household(&mut self, number: u64) -> DocId {
        let mut id = [0; 16];
        self.random.fill(&mut id);
        let id = DocId(id);
        let mut endpoint = self.endpoint.borrow_mut();
        let author = import_author(endpoint.space);
        let person = |place: u8, name: &str, relation: &str, id_no: &str| Put::Create {
            at: At::table("persons", RecordId([place; 16])),
            fields: vec![
                ("name".into(), name.into()),
                ("relation".into(), relation.into()),
                ("id_no".into(), id_no.into()),
                ("order".into(), i64::from(place).into()),
            ],
            notes: vec![],
        };
        let own = |key: &str, value: &str| Put::Value {
            at: At::Own,
            key: key.into(),
            value: value.into(),
        };
        endpoint.write_as_desk(DocKind::Household, id, author, |_| {
            vec![
                own("number", &format!("42282210429900{number:02}")),
                own("group", &format!("{}组", number % 3 + 1)),
                own("phone", "15400000001"),
                Put::Value {
                    at: At::Own,
                    key: "order".into(),
                    value: (number as i64).into(),
                },
                person(1, &format!("罗永{number}"), "户主", "422899195803129990"),
                person(2, "周小怡", "配偶", "422899196107259980"),
                person(3, "罗强", "之子", "422899198509069978"),
            ]
        });
        id
    }

    /// The desk publishes a form, unless it is published already; phones have it after the next synchronisation.
    pub fn publish(&mut self, workbook: &[Sheet]) -> DocId {
        let reading = read(workbook, &BTreeMap::new());
        let form = reading.form.unwrap_or_else(|| panic!("{:?}", reading.problems));
        let fields = [("form", form.id), ("version", form.version), ("title", form.title)];
        self.put_up(&source::write(workbook, &BTreeMap::new()), FORMS, &fields)
    }

    /// The desk publishes a set of campaigns, written as tables.
    pub fn publish_campaigns(&mut self, text: &str) -> DocId {
        let sheets = tables::read(text);
        let (set, problems) = Set::read(&sheets);
        assert_eq!(problems, []);
        let fields = [
            ("form", set.id),
            ("version", set.version),
            ("title", set.title.zh),
            ("what", CAMPAIGN.to_owned()),
        ];
        self.put_up(&tables::write(&sheets), WAYS, &fields)
    }

    /// The county decides something for the village.
    pub fn set_village(&mut self, key: &str, value: &str) {
        let mut endpoint = self.endpoint.borrow_mut();
        let (village, author) = (village_id(endpoint.space), import_author(endpoint.space));
        let put = Put::Value {
            at: At::Own,
            key: key.to_owned(),
            value: value.into(),
        };
        endpoint.write_as_desk(DocKind::Village, village, author, |_| vec![put]);
    }

    fn put_up(&mut self, text: &str, table: &str, fields: &[(&str, String)]) -> DocId {
        let mut endpoint = self.endpoint.borrow_mut();
        let author = import_author(endpoint.space);
        // No two lines are of one moment: their order is that of their numbers.
        self.now_ms.set(self.now_ms.get() + 1);
        endpoint.now_ms = self.now_ms.get();
        let document = form_id(endpoint.space, &source::digest(text));
        let village = village_id(endpoint.space);
        let lines = endpoint.open(DocKind::Village, village).records(table);
        if lines.values().any(|line| line.text("document") == document.to_string()) {
            return document;
        }
        for puts in source_puts(text) {
            endpoint.write_as_desk(DocKind::Form, document, author, |_| puts);
        }
        let mut line = [0; 10];
        self.random.fill(&mut line);
        let line = RecordId::mint(self.now_ms.get(), line);
        let on = Date::in_china(self.now_ms.get()).to_string();
        let more = [("document", document.to_string()), ("on", on)];
        let fields = fields.iter().chain(&more);
        let fields = fields.map(|(key, value)| ((*key).to_owned(), value.as_str().into()));
        let put = Put::Create {
            at: At::table(table, line),
            fields: fields.collect(),
            notes: vec![],
        };
        endpoint.write_as_desk(DocKind::Village, village, author, |_| vec![put]);
        document
    }

    /// Time goes on.
    pub fn pass_ms(&self, ms: i64) {
        self.now_ms.set(self.now_ms.get() + ms);
        self.endpoint.borrow_mut().now_ms = self.now_ms.get();
    }

    /// Every phone synchronises until nothing moves any more.
    pub fn sync_all(&self) {
        for _ in 0..6 {
            let mut moved = false;
            for phone in &self.phones {
                if let Ended::Done(Ok(result)) = phone.sync() {
                    moved |= result.sent + result.received > 0;
                }
            }
            if !moved {
                break;
            }
        }
    }

    /// The hash over everything that happens here.
    pub fn trace(&self) -> Trace {
        self.endpoint.borrow().trace.clone()
    }

    /// The member of a phone, by the name in the village document.
    pub fn member(&self, name: &str) -> Option<MemberId> {
        let mut endpoint = self.endpoint.borrow_mut();
        let space = endpoint.space;
        let village = endpoint.open(DocKind::Village, bianfang::doc::village_id(space));
        village
            .team()
            .into_iter()
            .find(|member| member.name == name)
            .map(|member| member.id)
    }
}
