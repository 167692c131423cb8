//! 队友已收到 is a promise: it is looked up on the teammates' own phones, in the middle of everything.

use crate::people;
use crate::phone::Phone;
use crate::play::Run;
use bianfang::base::id::DocId;
use std::collections::BTreeSet;

/// One change as both phones tell it.
type Told = (String, i64, String, String);

impl Run {
    /// What a phone says to be with all teammates is there, before anything is healed. One household of each phone is
    /// looked at: the stories are many.
    pub(crate) fn check_claims(&mut self) {
        // After a rollback a phone may be enrolled anew under its old name, and a spoiled storage keeps no promise.
        if self.was_restored() || self.was_damaged() {
            return;
        }
        for place in 0..self.world.phones.len() {
            let which = (place
                + self.world.phones[place]
                    .disk
                    .count(bianfang::client::store::Table::Chunk))
                % self.world.households.len();
            let found = self.unfounded(place, self.world.households[which]);
            found.into_iter().for_each(|what| self.broken(what));
        }
    }

    fn unfounded(&self, place: usize, id: DocId) -> Vec<String> {
        let phone = &self.world.phones[place];
        if self.is_off(place) || self.is_cloned(place) {
            return Vec::new();
        }
        let claimed = people::household(phone, id).and_then(|page| page.standing);
        if claimed.is_none_or(|claimed| claimed.state != "received") {
            return Vec::new();
        }
        let mine = told(phone, id, Some(&phone.name));
        let mut found = Vec::new();
        for (other, teammate) in self.world.phones.iter().enumerate() {
            let is_none = other == place || self.is_off(other) || self.is_cloned(other);
            if is_none || self.stolen.contains(&other) || !teammate.quarantined().is_empty() {
                continue;
            }
            let theirs = told(teammate, id, None);
            if let Some(lost) = mine.difference(&theirs).next() {
                found.push(format!(
                    "{} is told that all teammates have {lost:?}, {} does not",
                    phone.name, teammate.name
                ));
            }
        }
        found
    }
}

/// The changes of one document, or those of one person.
fn told(phone: &Phone, id: DocId, author: Option<&str>) -> BTreeSet<Told> {
    let rows = people::history(phone, id).into_iter();
    let own = rows.filter(|row| row.document == id.to_string());
    let own = own.filter(|row| author.is_none_or(|author| row.author == author));
    own.map(|row| (row.path, row.at, row.field.zh, row.to.zh)).collect()
}
