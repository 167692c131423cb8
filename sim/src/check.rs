//! What must hold after every run.

mod claims;
mod counts;
mod findings;
mod forms;
mod seen;

use crate::people::{self, Saved};
use crate::phone::Phone;
use crate::play::Run;
use crate::run::Ended;
use bianfang::base::id::DocId;
use bianfang::doc::{At, DocKind, Document, Of, Step};
use bianfang::index::Row;
use bianfang::sync::log::Role;
use seen::{everything, first_difference, shut, stands_on};
use std::collections::BTreeMap;

/// An idle exchange, bodies of both ways.
const IDLE_BYTES_MAX: u64 = 300;
/// One field handed over and one field of a teammate taken in, bodies of both ways.
const ONE_FIELD_BYTES_MAX: u64 = 900;

impl Run {
    pub(crate) fn check(&mut self) {
        let documents = self.documents();
        let mut found = self.missing(&documents);
        found.extend(self.nameless(&documents));
        found.extend(self.hidden(&documents));
        found.extend(self.forgotten(&documents));
        found.extend(self.unequal());
        found.extend(self.order(&documents));
        found.extend(self.miscounted(&documents));
        found.extend(self.misjudged());
        found.extend(self.unpinned());
        found.extend(self.accepted_after_revocation());
        found.extend(self.restless());
        found.extend(self.newcomer());
        found.extend(self.dear());
        found.into_iter().for_each(|what| self.broken(what));
    }

    /// Every household as the endpoint holds it.
    fn documents(&self) -> BTreeMap<DocId, Document> {
        let mut endpoint = self.world.endpoint.borrow_mut();
        let mut all = endpoint.log.documents();
        all.retain(|(kind, _)| *kind == DocKind::Household);
        all.into_iter()
            .map(|(kind, id)| (id, endpoint.open(kind, id)))
            .collect()
    }

    /// Every value, visit, sentence and family that a phone called saved stands in the history, with the endpoint or, if
    /// the phone was switched off, on that phone.
    fn missing(&self, documents: &BTreeMap<DocId, Document>) -> Vec<String> {
        let mut written: BTreeMap<DocId, String> = BTreeMap::new();
        for (id, document) in documents {
            let mut all = String::new();
            for step in document.history(None) {
                all.extend([
                    " ",
                    &step.key,
                    "=",
                    &step.to.map(|to| to.to_text()).unwrap_or_default(),
                    "\n",
                ]);
            }
            for record in document.records("visits").values() {
                all.push_str(record.note("words"));
            }
            all.push_str(document.own().note("notes"));
            written.insert(*id, all);
        }
        let at_endpoint = |id: &DocId, words: &str| written.get(id).is_some_and(|all| all.contains(words));
        let kept = |phone: usize, id: &DocId, words: &str| {
            at_endpoint(id, words) || (self.is_off(phone) && stands_on(&self.world.phones[phone], *id, words))
        };
        let values = self
            .saved
            .iter()
            .filter(|saved| !kept(saved.phone, &saved.household, &saved.value));
        // A corrected visit holds the later words alone: its history is what is looked at.
        let visits = self.visits.iter().filter(|(phone, id, words)| !kept(*phone, id, words));
        let sentences = self
            .sentences
            .iter()
            .filter(|(phone, id, words)| !kept(*phone, id, words));
        let registered = self
            .registered
            .iter()
            .filter(|(phone, name)| !written.values().any(|all| all.contains(name)) && !self.is_off(*phone));
        let tables = documents
            .iter()
            .flat_map(|one| ["visits", "events", "links", "records"].map(|table| (one, table)));
        let records = tables.filter_map(|((id, document), table)| {
            let saved = self.new_records.iter();
            let saved = saved.filter(|(phone, of, at)| of == id && *at == table && !self.is_off(*phone));
            let (saved, there) = (saved.count(), document.records(table).len());
            (there < saved).then(|| format!("{saved} {table} were saved at {id}, {there} are there"))
        });
        values
            .map(|saved| format!("saved and lost: {saved:?}"))
            .chain(visits.map(|(_, _, words)| format!("visit saved and lost: {words}")))
            .chain(sentences.map(|(_, _, words)| format!("sentence saved and lost: {words}")))
            .chain(registered.map(|(_, name)| format!("family saved and lost: {name}")))
            .chain(records)
            .collect()
    }

    /// Each value that was saved over something else has a writing of its own in the history, also where it was settled for
    /// a value that somebody had written before: else the settlement of somebody else would quietly win.
    fn nameless(&self, documents: &BTreeMap<DocId, Document>) -> Vec<String> {
        let is_written = |saved: &&Saved| saved.seen != [saved.value.clone()] && !self.is_off(saved.phone);
        let mut wanted: BTreeMap<(DocId, String, &str, &str), usize> = BTreeMap::new();
        for saved in self.saved.iter().filter(is_written) {
            let at: Option<At> = saved.record.parse().ok();
            let at = at.map(|at| at.to_string()).unwrap_or_default();
            *wanted
                .entry((saved.household, at, &saved.key, &saved.value))
                .or_default() += 1;
        }
        let there = |(id, at, key, value): &(DocId, String, &str, &str)| {
            let steps = documents
                .get(id)
                .map(|document| document.history(None))
                .unwrap_or_default();
            let same = |step: &&Step| {
                let to = step.to.as_ref().map(|to| to.to_text());
                step.at.to_string() == *at && step.key == *key && to.as_deref() == Some(value)
            };
            steps.iter().filter(same).count()
        };
        wanted
            .into_iter()
            .filter(|(what, count)| there(what) < *count)
            .map(|(what, count)| format!("saved {count} times, but not so often in the history: {what:?}"))
            .collect()
    }

    /// A saved value is live unless somebody who had seen it wrote another; where more than one is live, the row says so.
    fn hidden(&self, documents: &BTreeMap<DocId, Document>) -> Vec<String> {
        let mut found = Vec::new();
        for saved in self.saved.iter().filter(|saved| !self.is_off(saved.phone)) {
            let same = |other: &&Saved| {
                other.household == saved.household && other.record == saved.record && other.key == saved.key
            };
            let mut all = self.saved.iter().chain(&self.perhaps).filter(same);
            let overwritten = all.any(|other| other.value != saved.value && other.seen.contains(&saved.value));
            let Some(document) = documents.get(&saved.household) else {
                continue;
            };
            let record = match saved.record.strip_prefix("persons/").and_then(|id| id.parse().ok()) {
                Some(id) => document.record(&At::table("persons", id)),
                None => Some(document.own()),
            };
            let record = record.unwrap_or_default();
            let live: Vec<String> = record
                .live(&saved.key)
                .iter()
                .map(|live| live.value.to_text())
                .collect();
            if !overwritten && !live.contains(&saved.value) {
                found.push(format!(
                    "overwritten by somebody who had not seen it: {saved:?}, live {live:?}"
                ));
            }
            // Asked of the values themselves: what tells the screens of differences is on trial here.
            if live.iter().any(|other| *other != live[0]) {
                let shows = |phone: &Phone| {
                    people::household(phone, saved.household).is_some_and(|view| {
                        let mut titles = view.differs.iter();
                        titles.any(|differs| differs.record == saved.record && differs.field.key == saved.key)
                    })
                };
                if !self.working().all(shows) {
                    found.push(format!("a difference is not shown: {} {live:?}", saved.key));
                }
            }
        }
        found
    }

    /// What a newer release wrote is still live, although this one has edited the same records without knowing of it.
    fn forgotten(&self, documents: &BTreeMap<DocId, Document>) -> Vec<String> {
        let is_live = |saved: &&Saved| {
            let at = saved.record.parse().ok();
            let record = at.and_then(|at: At| documents.get(&saved.household)?.record(&at));
            let live = record.unwrap_or_default();
            live.live(&saved.key)
                .iter()
                .any(|live| live.value.to_text() == saved.value)
        };
        let lost = self
            .unknown
            .iter()
            .filter(|saved| !is_live(saved) && !self.is_off(saved.phone));
        lost.map(|saved| format!("written by a newer release and lost: {saved:?}"))
            .collect()
    }

    /// Same code, same rows, same pages, same history; nothing waiting, nothing set aside.
    fn unequal(&mut self) -> Vec<String> {
        let endpoint = self.world.endpoint.borrow_mut().digest().check_code();
        let mut found = Vec::new();
        let mut seen: Vec<String> = Vec::new();
        for phone in self.working() {
            let (code, local) = phone.check_code();
            if code != endpoint || local > 0 {
                found.push(format!(
                    "{}: code {code}, endpoint {endpoint}, {local} waiting",
                    phone.name
                ));
            }
            found.extend(
                phone
                    .quarantined()
                    .into_iter()
                    .map(|code| format!("{}: set aside {code}", phone.name)),
            );
            let all = everything(self, phone);
            match shut(&all) {
                0 => {}
                pages => found.push(format!("{}: {pages} pages cannot be opened", phone.name)),
            }
            seen.push(all);
        }
        if seen.windows(2).any(|pair| pair[0] != pair[1]) {
            found.push(format!("phones show different things: {}", first_difference(&seen)));
        }
        self.trace_of(&format!("{endpoint}{:?}", seen.first()));
        found
    }

    /// Whatever the order in which changes arrive, the document is the same.
    fn order(&self, documents: &BTreeMap<DocId, Document>) -> Vec<String> {
        let key = self.world.endpoint.borrow().space_key;
        let mut found = Vec::new();
        for (id, document) in documents {
            let (row, family) = (Row::of(document, &key), folded(document));
            let mut changes: Vec<Vec<u8>> = document
                .changes_since(&[])
                .into_iter()
                .map(|(_, bytes)| bytes)
                .collect();
            for turn in 0..2 {
                match turn {
                    0 => changes.reverse(),
                    _ => shuffle(&mut changes, &self.world.random),
                }
                let mut other = Document::new(DocKind::Household, *id);
                if let Err(error) = other.apply(&changes) {
                    found.push(format!("the same changes in another order: {error}"));
                    continue;
                }
                let same = other.heads() == document.heads() && folded(&other) == family;
                if !same || Row::of(&other, &key) != row {
                    found.push(format!("another order of arrival gives another household: {id}"));
                }
            }
        }
        found
    }

    fn accepted_after_revocation(&self) -> Vec<String> {
        let accepted = self.world.endpoint.borrow().accepted_too_late();
        let words = |device| format!("accepted after it was switched off: {device}");
        accepted.into_iter().map(words).collect()
    }

    /// Once more moves no data and stays within the idle budget.
    fn restless(&self) -> Vec<String> {
        let mut found = Vec::new();
        for phone in self.working() {
            match phone.sync() {
                Ended::Done(Ok(moved)) => {
                    let bytes = moved.bytes_up + moved.bytes_down;
                    if moved.sent + moved.received > 0 || moved.round_trips != 1 || bytes > IDLE_BYTES_MAX {
                        found.push(format!("{}: idle exchange moved {moved:?}", phone.name));
                    }
                }
                other => found.push(format!("{}: idle exchange failed: {other:?}", phone.name)),
            }
        }
        found
    }

    /// One field each, changed on two phones that are up to date, costs one round trip and few bytes on either.
    fn dear(&mut self) -> Vec<String> {
        let places: Vec<usize> = (0..self.world.phones.len())
            .filter(|place| !self.is_off(*place))
            .take(2)
            .collect();
        // Both stand at the end of the feed, and have heard who else does.
        (0..2).for_each(|_| self.world.sync_all());
        for (turn, place) in places.iter().enumerate() {
            let family = turn % self.world.households.len();
            self.edit(*place, family, "own", "phone", "15400000077", |_, _| {});
        }
        let mut found = Vec::new();
        for place in &places {
            let phone = &self.world.phones[*place];
            let waiting = phone.check_code().1;
            match phone.sync() {
                Ended::Done(Ok(moved)) => {
                    let bytes = moved.bytes_up + moved.bytes_down;
                    if moved.round_trips != 1 || bytes > ONE_FIELD_BYTES_MAX || moved.sent != waiting {
                        found.push(format!("{}: one field cost {moved:?}, {waiting} waited", phone.name));
                    }
                }
                other => found.push(format!("{}: one field was not exchanged: {other:?}", phone.name)),
            }
        }
        found
    }

    /// Somebody who joins now has what everybody has.
    fn newcomer(&mut self) -> Vec<String> {
        let place = self.world.add_phone("新来的", Role::Member);
        self.world.sync_all();
        let theirs = everything(self, &self.world.phones[place]);
        let old = self.working().next().map(|phone| everything(self, phone));
        match old {
            Some(old) if old != theirs => {
                vec![format!(
                    "a newcomer sees something else: {}",
                    first_difference(&[old, theirs])
                )]
            }
            _ => Vec::new(),
        }
    }
}

/// The family with what is folded from its events, read as screens and as counts read it.
fn folded(document: &Document) -> String {
    format!("{:?}{:?}", document.family(Of::Shown), document.family(Of::Counted))
}

fn shuffle<T>(list: &mut [T], random: &crate::random::Random) {
    for place in (1..list.len()).rev() {
        list.swap(place, random.below(place as u64 + 1) as usize);
    }
}
