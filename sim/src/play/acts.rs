//! What people do in a story, and what they were promised by it.

use super::Run;
use crate::link::NetFault;
use crate::people::{self, Saved};
use crate::run::Ended;
use crate::story::Act;
use bianfang::base::id::RecordId;
use bianfang::client::view::{HouseholdView, VisitView};

/// The person of each family who moves, and the one whose fields are edited.
const MOVING: RecordId = RecordId([2; 16]);
const EDITED: RecordId = RecordId([3; 16]);

impl Run {
    /// What people do on the screens. False when there was nothing to do it to.
    pub(super) fn work(&mut self, act: &Act) -> bool {
        match act {
            Act::Edit {
                phone,
                household,
                record,
                key,
                value,
            } => self.edit(*phone, *household, record, key, value, |_, _| {}),
            Act::EditLate {
                phone,
                household,
                value,
            } => self.edit(*phone, *household, "own", "phone", value, |run, phone| {
                run.sync(phone, NetFault::None);
            }),
            Act::Note { phone, household } => self.note(*phone, *household),
            Act::Visit { phone, household } => self.visit(*phone, *household, ""),
            Act::Correct { phone, household } => {
                let visit = self.latest_visit(*phone, *household);
                visit.is_some_and(|visit| self.visit(*phone, *household, &visit.id))
            }
            Act::Withdraw { phone, household } => self.withdraw(*phone, *household),
            Act::Settle {
                phone,
                household,
                which,
            } => self.settle(*phone, *household, *which),
            Act::Form { phone, household, what } => self.form(*phone, *household, *what),
            Act::Finding { phone, what } => self.finding(*phone, *what),
            Act::Register { phone } => self.register(*phone),
            Act::Decide {
                phone,
                one,
                other,
                same,
            } => self.decide(*phone, *one, *other, Some(*same)),
            Act::Undecide { phone, one, other } => self.decide(*phone, *one, *other, None),
            Act::Move { phone, from, to } => self.move_person(*phone, *from, *to),
            Act::MoveAway { phone, household } => self.move_away(*phone, *household),
            _ => false,
        }
    }

    /// Opens a form, lets something happen meanwhile, and saves.
    pub(crate) fn edit(
        &mut self,
        phone: usize,
        household: usize,
        record: &str,
        key: &str,
        value: &str,
        meanwhile: impl FnOnce(&mut Self, usize),
    ) -> bool {
        let id = self.world.households[household];
        let record = match record {
            "person" => format!("persons/{EDITED}"),
            other => other.to_owned(),
        };
        let opened = people::open(&self.world.phones[phone], id, &record);
        let Some(Some(form)) = self.notice(phone, &opened) else {
            return false;
        };
        meanwhile(self, phone);
        let ended = people::save(&self.world.phones[phone], form, key, value);
        let saved = Saved {
            phone,
            household: id,
            record,
            key: key.into(),
            value: value.into(),
            seen: people::values_of(form, key),
        };
        let killed = ended == Ended::Killed;
        match self.notice(phone, &ended) {
            Some(true) => self.saved.push(saved),
            _ if killed => self.perhaps.push(saved),
            _ => {}
        }
        true
    }

    fn note(&mut self, phone: usize, household: usize) -> bool {
        let id = self.world.households[household];
        let opened = people::open(&self.world.phones[phone], id, "own");
        let Some(Some(form)) = self.notice(phone, &opened) else {
            return false;
        };
        let sentence = self.words("记一句");
        let before = people::values_of(form, "notes").concat();
        let ended = people::save(
            &self.world.phones[phone],
            form,
            "notes",
            &format!("{before}{sentence}。"),
        );
        if self.notice(phone, &ended) == Some(&true) {
            self.sentences.push((phone, id, sentence));
        }
        true
    }

    fn latest_visit(&self, phone: usize, household: usize) -> Option<VisitView> {
        let view = self.page(phone, household)?;
        // A joined family shows the visits of its other records too.
        let mut own = view.visits.into_iter().filter(|visit| visit.document == view.id);
        own.find(|visit| visit.void_reason.is_empty())
    }

    fn page(&self, phone: usize, household: usize) -> Option<HouseholdView> {
        people::household(&self.world.phones[phone], self.world.households[household])
    }

    fn visit(&mut self, phone: usize, household: usize, visit: &str) -> bool {
        let id = self.world.households[household];
        let words = self.words("他说的话");
        let ended = people::visit(&self.world.phones[phone], id, visit, &words);
        if self.notice(phone, &ended) == Some(&true) {
            self.visits.push((phone, id, words));
            if visit.is_empty() {
                self.new_records.push((phone, id, "visits"));
            }
        }
        true
    }

    fn withdraw(&mut self, phone: usize, household: usize) -> bool {
        let Some(visit) = self.latest_visit(phone, household) else {
            return false;
        };
        let id = self.world.households[household];
        let ended = people::withdraw(&self.world.phones[phone], id, &visit);
        self.notice(phone, &ended);
        true
    }

    fn register(&mut self, phone: usize) -> bool {
        let name = self.words("户主");
        let ended = people::register(&self.world.phones[phone], &name);
        if self.notice(phone, &ended) == Some(&true) {
            self.registered.push((phone, name));
        }
        true
    }

    /// Joins two families, tells them apart, or undoes what was decided. A decision is a record with the lower of the two.
    fn decide(&mut self, phone: usize, one: usize, other: usize, same: Option<bool>) -> bool {
        let (one, other) = (self.world.households[one], self.world.households[other]);
        let ended = people::decide(&self.world.phones[phone], one, other, same);
        match self.notice(phone, &ended) {
            Some(Some(saved)) => {
                if *saved && same.is_some() {
                    self.new_records.push((phone, one.min(other), "links"));
                }
                true
            }
            Some(None) => false,
            None => true,
        }
    }

    /// One of a family leaves it, and stands in another from then on; or comes back to it.
    fn move_person(&mut self, phone: usize, from: usize, to: usize) -> bool {
        let Some(family) = self.page(phone, from) else {
            return false;
        };
        let away = family.former.iter().any(|person| person.id == MOVING.to_string());
        let kind = if away { "迁入" } else { "迁出" };
        self.event(phone, from, &family, &MOVING.to_string(), kind, "");
        if away {
            return true;
        }
        let name = self.words("迁入者");
        match self.page(phone, to) {
            Some(family) if self.event(phone, to, &family, "", "迁入", &name) => {
                self.sentences.push((phone, self.world.households[to], name));
            }
            _ => {}
        }
        true
    }

    fn move_away(&mut self, phone: usize, household: usize) -> bool {
        let Some(family) = self.page(phone, household) else {
            return false;
        };
        let offered = family.events.iter().filter(|choice| choice.about == "household");
        let Some(kind) = offered
            .map(|choice| choice.value.clone())
            .find(|kind| kind.contains('迁'))
        else {
            return false;
        };
        self.event(phone, household, &family, "household", &kind, "");
        true
    }

    /// True when it was saved.
    fn event(
        &mut self,
        phone: usize,
        household: usize,
        of: &HouseholdView,
        subject: &str,
        kind: &str,
        name: &str,
    ) -> bool {
        let ended = people::status_event(&self.world.phones[phone], of, subject, kind, name);
        let saved = self.notice(phone, &ended) == Some(&true);
        if saved {
            self.new_records
                .push((phone, self.world.households[household], "events"));
        }
        saved
    }

    /// Settles the first difference that the phone shows, looking from this household on.
    fn settle(&mut self, phone: usize, household: usize, which: usize) -> bool {
        let count = self.world.households.len();
        let pages = (0..count).filter_map(|step| self.page(phone, (household + step) % count));
        let Some(differs) = pages.flat_map(|page| page.differs).next() else {
            return false;
        };
        let differs = &differs;
        let Ok(id) = differs.document.parse() else {
            return false;
        };
        let ended = people::settle(&self.world.phones[phone], differs, which);
        let values = people::shown(&differs.field);
        let write = |value: String| Saved {
            phone,
            household: id,
            record: differs.record.clone(),
            key: differs.field.key.clone(),
            value,
            seen: values.clone(),
        };
        match &ended {
            Ended::Done(Some(chosen)) => self.saved.push(write(chosen.clone())),
            Ended::Done(None) => {}
            Ended::Killed => self.perhaps.push(write(String::new())),
        }
        self.notice(phone, &ended);
        true
    }
}
