//! What was found when the households were looked at one after the other: for the pages of the quality of the data and of the
//! campaigns. Kept in memory only; a household that changed is looked at again.

use super::forms::Published;
use crate::base::date::Date;
use crate::base::id::{DocId, RecordId};
use crate::indicator::campaign::{Set, Stands};
use crate::indicator::quality::{Hit, Rules};
use crate::indicator::survey::Known;
use std::rc::Rc;

/// One household.
#[derive(Debug)]
pub(super) struct Looked {
    pub id: DocId,
    heads: [u8; 8],
    known: Known,
    pub hits: Vec<Hit>,
    /// Names of the members that something was found about.
    pub names: Vec<(RecordId, String)>,
    /// Of which campaign, about whom, and how it stands.
    pub stands: Vec<(u32, Option<RecordId>, Stands)>,
}

impl Looked {
    pub(super) fn new(id: DocId, heads: [u8; 8], known: Known) -> Self {
        Self {
            id,
            heads,
            known,
            hits: Vec::new(),
            names: Vec::new(),
            stands: Vec::new(),
        }
    }
    /// The name of a member.
    pub(super) fn name_of(&self, person: Option<RecordId>) -> &str {
        let found = self.names.iter().find(|(id, _)| Some(*id) == person);
        found.map(|(_, name)| name.as_str()).unwrap_or_default()
    }
}

/// All that was looked at, by the rules and campaigns of one day.
#[derive(Debug, Default)]
pub(super) struct Surveyed {
    day: Option<Date>,
    sets_of: Vec<Published>,
    pub rules: Rc<Rules>,
    pub sets: Rc<Vec<Set>>,
    /// Titles of sets that cannot be read here.
    pub waiting: Vec<String>,
    looked: Vec<Looked>,
}

impl Surveyed {
    /// Whether it was made on this day with these sets.
    pub(super) fn is_of(&self, day: Date, sets: &[Published]) -> bool {
        self.day == Some(day) && self.sets_of == sets && self.waiting.is_empty()
    }
    /// Begins again.
    pub(super) fn begin(&mut self, day: Date, sets_of: Vec<Published>, sets: Vec<Set>, waiting: Vec<String>) {
        if self.rules.rules.is_empty() {
            self.rules = Rc::new(Rules::built_in());
        }
        if self.day != Some(day) || *self.sets != sets {
            self.looked.clear();
        }
        (self.day, self.sets_of, self.sets, self.waiting) = (Some(day), sets_of, Rc::new(sets), waiting);
    }
    /// What was found about a household, if it is still as it was.
    pub(super) fn get(&self, id: DocId, heads: &[u8; 8], known: &Known) -> Option<&Looked> {
        let at = self.looked.binary_search_by_key(&id, |one| one.id).ok()?;
        Some(&self.looked[at]).filter(|one| one.heads == *heads && one.known == *known)
    }
    /// Puts in what was found.
    pub(super) fn put(&mut self, looked: Looked) {
        match self.looked.binary_search_by_key(&looked.id, |one| one.id) {
            Ok(at) => self.looked[at] = looked,
            Err(at) => self.looked.insert(at, looked),
        }
    }
}
