//! A village written line by line for the stories of the lists: 2019-08-14 is today, 王芳 leads, 李国强 is her colleague.

use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::base::scalar::Scalar;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{CoverageView, FindingsView, HouseholdRow, HouseholdsView, TodayView, Words};
use bianfang::doc::{At, DocKind, Put, import_author, place_id, village_id};
use bianfang_sim::World;

/// The village and its phones.
pub struct Village {
    pub world: World,
    pub wang: MemberId,
    pub li: MemberId,
    next: u8,
}

fn value(at: At, key: &str, value: impl Into<Scalar>) -> Put {
    Put::Value {
        at,
        key: key.into(),
        value: value.into(),
    }
}

/// A record of the family itself.
pub fn own(key: &str, text: &str) -> Put {
    value(At::Own, key, text)
}

/// The family is of a class.
pub fn class(term: &str) -> Put {
    value(At::Own, &format!("class/{term}"), 1)
}

impl Village {
    /// Without households.
    pub fn new() -> Self {
        let world = World::new(1, 0, &["王芳", "李国强"]);
        let member = |name| world.member(name).expect("both have joined");
        let (wang, li) = (member("王芳"), member("李国强"));
        Self {
            world,
            wang,
            li,
            next: 0,
        }
    }

    pub fn write(&self, kind: DocKind, document: DocId, author: MemberId, puts: Vec<Put>) {
        self.world
            .endpoint
            .borrow_mut()
            .write_as_desk(kind, document, author, |_| puts);
    }

    fn fresh(&mut self) -> RecordId {
        self.next += 1;
        RecordId([self.next; 16])
    }

    /// A document id that sorts by its number.
    pub fn id(number: u16) -> DocId {
        let mut id = [0x11; 16];
        id[..2].copy_from_slice(&number.to_be_bytes());
        DocId(id)
    }

    /// A family as the roster writes it: number in the list (0 = none), group, names with the head first.
    pub fn family(&mut self, order: u16, group: &str, names: &[&str]) -> DocId {
        let id = Self::id(order);
        let space = self.world.endpoint.borrow().space;
        let mut puts = vec![
            own("group", group),
            own("number", &format!("42282210429900{order:02}")),
            value(At::Own, "order", i64::from(order)),
        ];
        for (place, name) in names.iter().enumerate() {
            let relation = if place == 0 { "户主" } else { "之子" };
            let fields: [(&str, Scalar); 4] = [
                ("name", (*name).into()),
                ("relation", relation.into()),
                (
                    "id_no",
                    format!("4228991958{order:04}{:04}", 1000 + place).as_str().into(),
                ),
                ("order", (place as i64).into()),
            ];
            puts.push(Put::Create {
                at: At::table("persons", RecordId([place as u8 + 1; 16])),
                fields: fields.map(|(key, value)| (key.to_owned(), value)).to_vec(),
                notes: vec![],
            });
        }
        self.write(DocKind::Household, id, import_author(space), puts);
        id
    }

    /// Further values of a family.
    pub fn with(&self, family: DocId, puts: Vec<Put>) {
        let space = self.world.endpoint.borrow().space;
        self.write(DocKind::Household, family, import_author(space), puts);
    }

    fn record(&mut self, family: DocId, by: MemberId, table: &str, fields: &[(&str, &str)]) -> RecordId {
        let id = self.fresh();
        let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).into()));
        let put = Put::Create {
            at: At::table(table, id),
            fields: fields.collect(),
            notes: vec![],
        };
        self.write(DocKind::Household, family, by, vec![put]);
        id
    }

    /// A visit with somebody at home, perhaps with a date to come again.
    pub fn visit(&mut self, family: DocId, by: MemberId, on: &str, kind: &str, next_on: &str) {
        let fields = [("on", on), ("kind", kind), ("home", "at_home"), ("next_on", next_on)];
        self.record(family, by, "visits", &fields);
    }

    /// A visit that found the house as `home` says.
    pub fn found_home(&mut self, family: DocId, by: MemberId, on: &str, home: &str) {
        self.record(
            family,
            by,
            "visits",
            &[("on", on), ("kind", "结对走访"), ("home", home)],
        );
    }

    /// A change of the whole family.
    pub fn event(&mut self, family: DocId, kind: &str, on: &str) {
        let by = self.wang;
        self.record(
            family,
            by,
            "events",
            &[("subject", "household"), ("kind", kind), ("on", on)],
        );
    }

    /// A member paired with a family from the first day of the year.
    pub fn pair(&mut self, family: DocId, with: MemberId) {
        let member = with.to_string();
        let fields = [("member", member.as_str()), ("from", "2019-01-01")];
        self.record(family, with, "pairings", &fields);
    }

    /// A helper of a family as a roster names one.
    pub fn pair_by_name(&mut self, family: DocId, name: &str) {
        let by = import_author(self.world.endpoint.borrow().space);
        self.record(family, by, "pairings", &[("name", name)]);
    }

    /// A problem found in a family.
    pub fn finding(&mut self, family: DocId, by: MemberId, on: &str, category: &str, words: &str) -> DocId {
        let id = DocId(self.fresh().0);
        let household = family.to_string();
        let fields = [
            ("household", household.as_str()),
            ("found_on", on),
            ("category", category),
            ("words", words),
        ];
        let puts = fields.iter().map(|(key, value)| own(key, value)).collect();
        self.write(DocKind::Finding, id, by, puts);
        id
    }

    /// A problem is withdrawn.
    pub fn withdraw(&mut self, finding: DocId) {
        self.write(DocKind::Finding, finding, self.wang, vec![own("void/reason", "记错了")]);
    }

    /// A parameter of the village.
    pub fn set_village(&self, key: &str, number: i64) {
        let village = village_id(self.world.endpoint.borrow().space);
        self.write(DocKind::Village, village, self.wang, vec![value(At::Own, key, number)]);
    }

    /// The groups of the village in their order.
    pub fn groups(&mut self, names: &[&str]) {
        let place = place_id(self.world.endpoint.borrow().space);
        let puts = names.iter().enumerate().map(|(order, name)| Put::Create {
            at: At::table("groups", RecordId([order as u8 + 1; 16])),
            fields: vec![("name".into(), (*name).into()), ("order".into(), (order as i64).into())],
            notes: vec![],
        });
        self.write(DocKind::Place, place, self.wang, puts.collect());
    }

    /// Everything arrives on both phones.
    pub fn arrive(&self) {
        self.world.sync_all();
    }

    /// What the phone of 王芳 answers.
    pub fn ask(&self, request: Request) -> Reply {
        self.world.phones[0].must(request)
    }

    pub fn list(&self, query: &str, chip: &str, group: &str) -> HouseholdsView {
        self.page(query, chip, group, 0, 1000)
    }

    pub fn page(&self, query: &str, chip: &str, group: &str, offset: u32, limit: u32) -> HouseholdsView {
        let (query, chip, group) = (query.into(), chip.into(), group.into());
        match self.ask(Request::Households {
            query,
            chip,
            group,
            offset,
            limit,
        }) {
            Reply::Households { view } => view,
            other => panic!("no list: {other:?}"),
        }
    }

    pub fn today(&self) -> TodayView {
        match self.ask(Request::Today) {
            Reply::Today { view } => view,
            other => panic!("no day: {other:?}"),
        }
    }

    pub fn findings(&self, chip: &str) -> FindingsView {
        match self.ask(Request::Findings {
            chip: chip.into(),
            asked: Default::default(),
        }) {
            Reply::Findings { view } => view,
            other => panic!("no ledger: {other:?}"),
        }
    }

    pub fn coverage(&self, from: &str, to: &str) -> CoverageView {
        match self.ask(Request::Coverage {
            from: from.into(),
            to: to.into(),
        }) {
            Reply::Coverage { view } => view,
            other => panic!("no coverage: {other:?}"),
        }
    }
}

/// The heads of the rows, in their order.
pub fn heads(rows: &[HouseholdRow]) -> Vec<&str> {
    rows.iter().map(|row| row.head.as_str()).collect()
}

/// The badges of a row in Chinese.
pub fn badges(row: &HouseholdRow) -> Vec<&str> {
    row.badges.iter().map(|badge| badge.words.zh.as_str()).collect()
}

/// Both languages say something.
pub fn is_said(words: &Words) -> bool {
    !words.zh.is_empty() && !words.en.is_empty()
}
