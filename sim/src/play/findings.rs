//! Problems in a story: every step, by people of every role, on phones that know each other's work or do not.

use super::Run;
use crate::link::NetFault;
use crate::people::{self, PHOTO, STROKES};
use crate::run::Ended;
use crate::story::{FindingAct, INSPECTOR, PEOPLE};
use bianfang::base::date::Date;
use bianfang::base::id::{DocId, MemberId, RecordId};
use bianfang::client::view::{FindingView, NewFinding};
use bianfang::doc::{DocKind, Document, Hash, step_put};
use bianfang::ledger::{self, Event, Folded};
use bianfang::sync::log::Role;
use std::collections::BTreeSet;

/// A step that a phone called saved.
#[derive(Clone, Debug)]
pub(crate) struct Stepped {
    pub phone: usize,
    pub finding: DocId,
    pub id: RecordId,
    pub event: String,
    /// The steps that its author had on the page.
    pub seen: BTreeSet<RecordId>,
}

impl Run {
    pub(super) fn finding(&mut self, phone: usize, what: FindingAct) -> bool {
        if phone >= self.world.phones.len() {
            return false;
        }
        match what {
            FindingAct::Find {
                household,
                fixed,
                severe,
            } => self.find(phone, household, fixed, severe),
            FindingAct::Next { which, early, after } => self.next_step(phone, which, early, after),
            FindingAct::Step {
                which,
                event,
                lacking,
                late,
            } => {
                let id = self.nth(phone, which);
                let page = id.and_then(|id| people::finding(&self.world.phones[phone], &id));
                page.is_some_and(|page| {
                    self.step_on(phone, &page, event, lacking, late);
                    true
                })
            }
            FindingAct::Reword { which } => self.reword(phone, which),
            FindingAct::Rogue {
                which,
                event,
                role,
                blind,
            } => self.rogue(phone, which, event, role, blind),
            FindingAct::Desk { which, event } => self.step_of_the_desk(phone, which, event),
        }
    }

    /// The desk gives the person of a phone another role.
    pub(super) fn appoint(&mut self, phone: usize, role: &'static str) -> bool {
        let Some(given) = Role::ALL.into_iter().find(|one| one.name() == role) else {
            return false;
        };
        let name = self.world.phones[phone].name.clone();
        let device = self.world.phones[phone].device();
        let mut endpoint = self.world.endpoint.borrow_mut();
        if !device.is_some_and(|device| endpoint.appoint(device, given)) {
            return false;
        }
        self.roles.entry(name).or_default().insert(role);
        true
    }

    fn find(&mut self, phone: usize, household: Option<usize>, fixed: bool, severe: bool) -> bool {
        let household = household.map(|place| self.world.households[place].to_string());
        let place = if household.is_some() { "" } else { "村口水池" };
        let inspector = phone == INSPECTOR.0 && self.world.phones[phone].name == INSPECTOR.1;
        let finding = NewFinding {
            village: String::new(),
            household: household.unwrap_or_default(),
            group: String::new(),
            place: place.into(),
            category: "饮水".into(),
            words: self.words("问题"),
            severity: if severe { "严重" } else { "一般" }.into(),
            source: if inspector { "暗访督查" } else { "" }.into(),
            dossier: String::new(),
            observed: String::new(),
            fixed,
            how: String::new(),
            photos: Vec::new(),
        };
        let found = people::find(&self.world.phones[phone], finding);
        if let Some(Some(id)) = self.notice(phone, &Ended::Done(found)) {
            self.found.extend(id.parse().map(|id| (phone, id)).ok());
        }
        true
    }

    /// The problem of this place in the phone's ledger.
    fn nth(&self, phone: usize, which: usize) -> Option<String> {
        let rows = people::findings(&self.world.phones[phone]);
        let place = which % rows.len().max(1);
        rows.into_iter().nth(place).map(|row| row.id)
    }

    /// Whoever is offered a next step does it, looking from this phone on.
    fn next_step(&mut self, phone: usize, which: usize, early: bool, after: bool) -> bool {
        if early {
            self.sync(phone, NetFault::None);
        }
        let team = PEOPLE.len() + usize::from(self.inspected);
        for turn in 0..team {
            let actor = (phone + turn) % team;
            let id = self.nth(actor, which);
            let Some(page) = id.and_then(|id| people::finding(&self.world.phones[actor], &id)) else {
                continue;
            };
            if let Some(action) = &page.next {
                self.step_on(actor, &page, &action.event, false, false);
                if after {
                    self.sync(actor, NetFault::None);
                }
                return true;
            }
        }
        false
    }

    /// A step on what the page shows. What is refused changes nothing.
    fn step_on(&mut self, phone: usize, page: &FindingView, event: &str, lacking: bool, late: bool) {
        if late {
            self.sync(phone, NetFault::None);
        }
        let mut fields = self.carried(event, page.row.household.is_empty());
        if lacking {
            fields.pop();
        }
        let saved = people::do_step(&self.world.phones[phone], page, event, &fields);
        let Some(Some(record)) = self.notice(phone, &Ended::Done(saved)).cloned() else {
            return;
        };
        let id = record.strip_prefix("events/").and_then(|id| id.parse().ok());
        if let (Ok(finding), Some(id)) = (page.row.id.parse(), id) {
            let seen = page.steps.iter().filter_map(|step| step.id.parse().ok());
            self.steps.push(Stepped {
                phone,
                finding,
                id,
                event: event.to_owned(),
                seen: seen.collect(),
            });
        }
    }

    /// What a step carries.
    fn carried(&self, event: &str, village: bool) -> Vec<(String, String)> {
        let owner = self.world.phones[1 + self.count as usize % 2].device();
        let owner = owner.and_then(|device| self.world.endpoint.borrow_mut().member_of(device));
        let owner = owner.map(|member| member.to_string()).unwrap_or_default();
        let role = if village { "村两委" } else { "户主" };
        let fields: &[(&str, &str)] = match event {
            "assigned" => &[("lead_dept", "水利"), ("owner", &owner), ("due", "2099-12-31")],
            "escalated" => &[("owner", &owner), ("due", "2099-11-30"), ("reason", "村里办不了")],
            "extended" => &[("due", "2099-12-30"), ("reason", "等材料")],
            "progress" => &[("percent", "50")],
            "requested" => &[("after", PHOTO)],
            "passed" => &[("mode", "实地")],
            "returned" | "voided" => &[("reason", "还在漏")],
            "revisited" => &[
                ("satisfied", "满意"),
                ("signature", "本人签"),
                ("signature/name", "罗大爷"),
                ("signature/role", role),
                ("signature/strokes", STROKES),
            ],
            "recurred" | "comment" => &[("text", "又看了一次")],
            _ => &[],
        };
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect()
    }

    fn reword(&mut self, phone: usize, which: usize) -> bool {
        let id = self.nth(phone, which).and_then(|id| id.parse().ok());
        let Some(id) = id else { return false };
        let opened = people::open(&self.world.phones[phone], id, "own");
        let Some(Some(form)) = self.notice(phone, &opened) else {
            return false;
        };
        let words = self.words("改过的问题");
        let ended = people::save(&self.world.phones[phone], form, "words", &words);
        self.notice(phone, &ended);
        true
    }

    /// The problem as the endpoint holds it.
    fn held(&self, phone: usize, which: usize) -> Option<(DocId, Document)> {
        let id: DocId = self.nth(phone, which)?.parse().ok()?;
        let mut endpoint = self.world.endpoint.borrow_mut();
        let all = endpoint.log.documents();
        all.contains(&(DocKind::Finding, id))
            .then(|| (id, endpoint.open(DocKind::Finding, id)))
    }

    /// A step as an altered release writes it, and where it says that it stands.
    fn rogue(&mut self, phone: usize, which: usize, event: &str, role: &str, blind: bool) -> bool {
        let device = self.world.phones[phone].device();
        let author = device.and_then(|device| self.world.endpoint.borrow_mut().member_of(device));
        let (Some(device), Some(author), Some((id, document))) = (device, author, self.held(phone, which)) else {
            return false;
        };
        self.stolen.insert(phone);
        let step = self.forged(&document, author, event, role);
        let genesis = [document.genesis_hash()];
        let first = document.changes().into_iter().find(|change| change.deps == genesis);
        let base: Option<Vec<Hash>> = first.filter(|_| blind).map(|change| vec![change.hash]);
        let keys = self.world.phones[phone].keys.clone();
        let mut endpoint = self.world.endpoint.borrow_mut();
        let taken = endpoint.hand_in((device, &keys), (DocKind::Finding, id), base, vec![step_put(&step)]);
        drop(endpoint);
        self.tell(&taken);
        true
    }

    fn step_of_the_desk(&mut self, phone: usize, which: usize, event: &str) -> bool {
        let Some((id, document)) = self.held(phone, which) else {
            return false;
        };
        let desk = crate::endpoint::DESK;
        let step = self.forged(&document, desk, event, "desk");
        let mut endpoint = self.world.endpoint.borrow_mut();
        endpoint.write_as_desk(DocKind::Finding, id, desk, |_| vec![step_put(&step)]);
        true
    }

    /// A whole step with what it has to keep, made without asking whether it may be done.
    fn forged(&mut self, document: &Document, author: MemberId, event: &str, role: &str) -> Event {
        self.count += 1;
        let events = document.steps_done();
        let procedure = ledger::pinned("", ledger::version_of(&events));
        let folded = Folded::new(&procedure, document.opened_by(), &events);
        let village = document.own().text("household").is_empty();
        let carried = self.carried(event, village).into_iter();
        let mut fields: std::collections::BTreeMap<String, String> = carried
            .map(|(key, value)| match value == PHOTO {
                true => (format!("{key}/{value}"), "1".to_owned()),
                false => (key, value),
            })
            .collect();
        let kind = procedure.kind(event);
        let judged = kind.and_then(|kind| folded.judged(kind, &document.judged_now()));
        fields.extend(judged.into_iter().flat_map(|judged| judged.fields()));
        let mut id = [0xF0; 16];
        id[8..].copy_from_slice(&self.count.to_be_bytes());
        Event {
            id: RecordId(id),
            kind: event.to_owned(),
            author: Some(author),
            role: role.to_owned(),
            on: Some(Date::in_china(self.world.now_ms.get())),
            procedure: procedure.id.clone(),
            version: procedure.version,
            fields,
            seen: Vec::new(),
        }
    }
}
