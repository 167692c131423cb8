//! Problems: the same status everywhere, by steps that their authors might do, and no sign-off over something unseen. Who
//! may do what is written here once more, for what the procedure makes of it is on trial.

use crate::people;
use crate::phone::Phone;
use crate::play::Run;
use bianfang::base::id::{DocId, MemberId};
use bianfang::doc::{DocKind, Document};
use bianfang::index::Row;
use bianfang::ledger::{self, Event, Folded};
use std::collections::BTreeMap;

/// Roles that assign, extend and sign off.
const LEADING: [&str; 4] = ["leader", "township", "inspector", "desk"];

impl Run {
    /// Every problem as the endpoint holds it.
    fn problems(&self) -> BTreeMap<DocId, Document> {
        let mut endpoint = self.world.endpoint.borrow_mut();
        let mut all = endpoint.log.documents();
        all.retain(|(kind, _)| *kind == DocKind::Finding);
        all.into_iter()
            .map(|(kind, id)| (id, endpoint.open(kind, id)))
            .collect()
    }

    /// Everything that must hold of them.
    pub(super) fn misjudged(&self) -> Vec<String> {
        let problems = self.problems();
        let mut found = self.unkept(&problems);
        for (id, document) in &problems {
            let events = document.steps_done();
            let procedure = ledger::pinned("", ledger::version_of(&events));
            let folded = Folded::new(&procedure, document.opened_by(), &events);
            found.extend(self.forbidden(id, document, &folded));
            found.extend(blind(id, &folded, self.today()));
            found.extend(self.reordered(id, document));
        }
        found
    }

    /// Problems and steps that were saved and are not there, or stand on other steps than their authors saw.
    fn unkept(&self, problems: &BTreeMap<DocId, Document>) -> Vec<String> {
        let lost = self.found.iter().filter(|(phone, _)| !self.is_off(*phone));
        let lost = lost.filter(|(_, id)| !problems.contains_key(id));
        let mut found: Vec<String> = lost.map(|(_, id)| format!("problem saved and lost: {id}")).collect();
        for step in self.steps.iter().filter(|step| !self.is_off(step.phone)) {
            let events = problems.get(&step.finding).map(Document::steps_done);
            let events = events.unwrap_or_default();
            let Some(event) = events
                .iter()
                .find(|event| event.id == step.id && event.kind == step.event)
            else {
                found.push(format!("step saved and lost: {step:?}"));
                continue;
            };
            let stands_on = event.seen.iter().copied().collect();
            if step.seen != stands_on {
                found.push(format!(
                    "a step stands on other steps than were seen: {step:?}, {stands_on:?}"
                ));
            }
        }
        found
    }

    /// Steps in roles that their authors never had, and steps that count and may not.
    fn forbidden(&self, id: &DocId, document: &Document, folded: &Folded<'_>) -> Vec<String> {
        let names = self.names();
        let mut found = Vec::new();
        for (event, verdict) in folded.events.iter().zip(&folded.verdicts) {
            let name = event.author.and_then(|author| names.get(&author));
            let held = name.and_then(|name| self.roles.get(name));
            let is_desk = event.author == Some(crate::endpoint::DESK) && event.role == "desk";
            let has_role = is_desk || held.is_some_and(|held| held.contains(event.role.as_str()));
            // After a rollback the endpoint takes what others wrote from whoever still holds it.
            if !has_role && !self.was_restored() {
                found.push(format!("{id}: a step in a role that its author never had: {event:?}"));
            }
            if verdict.is_ok() && !may(event, folded, document.opened_by()) {
                found.push(format!("{id}: a step counts that its author may not do: {event:?}"));
            }
        }
        found
    }

    /// Names by member, as the endpoint holds them.
    fn names(&self) -> BTreeMap<MemberId, String> {
        let mut endpoint = self.world.endpoint.borrow_mut();
        let village = bianfang::doc::village_id(endpoint.space);
        let village = endpoint.open(DocKind::Village, village);
        village.team().into_iter().map(|one| (one.id, one.name)).collect()
    }

    /// Whatever the order in which changes arrive, status and row are the same.
    fn reordered(&self, id: &DocId, document: &Document) -> Vec<String> {
        let key = self.world.endpoint.borrow().space_key;
        let told = |document: &Document| {
            let events = document.steps_done();
            let procedure = ledger::pinned("", ledger::version_of(&events));
            let folded = Folded::new(&procedure, document.opened_by(), &events);
            let standing = folded.standing(self.today());
            format!("{:?}{standing:?}{:?}", Row::of(document, &key), folded.verdicts)
        };
        let wanted = told(document);
        let mut changes: Vec<Vec<u8>> = document
            .changes_since(&[])
            .into_iter()
            .map(|(_, bytes)| bytes)
            .collect();
        super::shuffle(&mut changes, &self.world.random);
        let mut other = Document::new(DocKind::Finding, *id);
        match other.apply(&changes) {
            Err(error) => vec![format!("the same changes in another order: {error}")],
            Ok(_) if told(&other) != wanted => vec![format!("another order of arrival gives another status: {id}")],
            Ok(_) => Vec::new(),
        }
    }

    fn today(&self) -> bianfang::base::date::Date {
        bianfang::base::date::Date::in_china(self.world.now_ms.get())
    }
}

/// Somebody in this role might do this step, by what the author had seen.
fn may(event: &Event, folded: &Folded<'_>, finder: Option<MemberId>) -> bool {
    let role = event.role.as_str();
    let leads = LEADING.contains(&role);
    let seen = folded.events.iter().filter(|other| event.seen.contains(&other.id));
    let named = |other: &&&Event| ["assigned", "escalated"].contains(&other.kind.as_str());
    let mut owners = seen.filter(named).map(|other| other.field("owner"));
    let author = event.author.map(|author| author.to_string()).unwrap_or_default();
    match event.kind.as_str() {
        "assigned" | "escalated" | "extended" | "signed_off" => leads,
        "accepted" | "progress" | "requested" => owners.any(|owner| owner == author),
        "passed" | "returned" => leads || role == "member",
        "voided" => event.author == finder || ["leader", "desk"].contains(&role),
        _ => leads || ["member", "doctor"].contains(&role),
    }
}

/// A sign-off by which the problem is settled, and a step that led it elsewhere and that nobody had seen who signed off.
fn blind(id: &DocId, folded: &Folded<'_>, today: bianfang::base::date::Date) -> Option<String> {
    let standing = folded.standing(today);
    if folded.procedure.states[standing.state].name != "signed_off" {
        return None;
    }
    let leads = |at: &usize| matches!(folded.verdicts[*at], Ok(Some(_)));
    let signed = |at: &usize| folded.events[*at].kind == "signed_off";
    let steps: Vec<usize> = (0..folded.events.len()).filter(leads).collect();
    let covered = |at: &usize| steps.iter().any(|last| signed(last) && folded.saw(*at, *last));
    let unseen = steps.iter().find(|at| !signed(at) && !covered(at));
    unseen.map(|at| format!("{id}: signed off over something unseen: {:?}", folded.events[*at]))
}

/// What every phone must show alike of problems. Their pages and their rows say the same.
pub(super) fn shown(phone: &Phone) -> String {
    let mut all = String::new();
    for row in people::findings(phone) {
        let status = (
            &row.state,
            &row.due_on,
            row.overdue,
            row.open,
            &row.changed,
            row.recurred,
        );
        all.push_str(&format!("{} {} {status:?}\n", row.id, row.words));
        let Some(view) = people::finding(phone, &row.id) else {
            all.push_str(&format!("{} {}\n", row.id, super::seen::SHUT));
            continue;
        };
        let procedure = ledger::pinned("", None);
        let label = procedure.state(&view.state).map(|state| &procedure.states[state].label);
        if view.void_reason.is_empty() && label.is_none_or(|label| label.zh != row.state.zh) {
            // Unlike on every other phone, so that it is told.
            all.push_str(&format!(
                "{}: {:?} in the list, {} on the page\n",
                phone.name, row.state, view.state
            ));
        }
        for step in &view.steps {
            let step = (
                &step.id,
                &step.event,
                &step.on,
                &step.ignored,
                step.disputed,
                &step.changed,
            );
            all.push_str(&format!("{step:?}\n"));
        }
    }
    all
}
