//! Where an answer stands, in words that hold on every phone: instances of repeated parts are named by ids, not numbers.

use super::Fill;
use crate::base::id::RecordId;
use crate::form::definition::Kind;
use crate::form::instance::counted_id;

impl Fill {
    /// The place of a node: `house/leaks`, `member/01J…/age`; empty for the record itself.
    pub(in crate::client) fn place_of(&self, node: u32) -> String {
        let filling = self.filling();
        let mut steps = Vec::new();
        let mut at = node;
        while at != 0 {
            if let Some(id) = self.ids.get(&at) {
                steps.push(id.to_string());
            }
            steps.push(filling.name_of(at).to_owned());
            match filling.above(at) {
                Some(above) => at = above,
                None => break,
            }
        }
        steps.reverse();
        steps.join("/")
    }

    /// The node at a place.
    pub(in crate::client) fn node_at(&self, place: &str) -> Option<u32> {
        let filling = self.filling();
        let mut at = 0;
        let mut steps = place.split('/').filter(|step| !step.is_empty());
        while let Some(name) = steps.next() {
            let mut named = filling
                .inside(at)
                .iter()
                .filter(|child| filling.name_of(**child) == name);
            let first = *named.clone().next()?;
            at = match filling.is_instance(first) {
                false => first,
                true => {
                    let id: RecordId = steps.next()?.parse().ok()?;
                    *named.find(|child| self.ids.get(child) == Some(&id))?
                }
            };
        }
        Some(at)
    }

    /// Names the instances that have no name yet, and puts held answers back into those whose name is known; whether there
    /// were any. Where the number of instances is computed, every phone gives the same names.
    pub(super) fn name_instances(&mut self) -> bool {
        let filling = self.filling();
        let nameless = self.nodes().into_iter();
        let nameless: Vec<u32> = nameless
            .filter(|node| filling.is_instance(*node) && !self.ids.contains_key(node))
            .collect();
        // Each comes after what it stands in, whose name is part of its own place.
        for node in &nameless {
            let filling = self.filling();
            let id = match filling.part(*node).kind {
                Kind::Repeat(_, Some(_)) => {
                    let above = filling.above(*node).unwrap_or_default();
                    let part = format!("{}/{}", self.place_of(above), filling.name_of(*node));
                    counted_id(&part, filling.number_of(*node))
                }
                _ => self.filled.borrow_owner().device.record_id(),
            };
            self.ids.insert(*node, id);
        }
        let found = !nameless.is_empty();
        if found && !self.stash.is_empty() {
            self.put_stashed();
        }
        found
    }

    fn put_stashed(&mut self) {
        let stashed = std::mem::take(&mut self.stash);
        let mut put = Vec::new();
        for (place, text) in stashed {
            match self.node_at(&place) {
                Some(node) => put.push((node, text)),
                None => drop(self.stash.insert(place, text)),
            }
        }
        if put.is_empty() {
            return;
        }
        self.filled.with_dependent_mut(|_, filling| {
            put.iter().for_each(|(node, text)| filling.put(*node, text));
            filling.settle();
        });
        self.name_instances();
    }
}
