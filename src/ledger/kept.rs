//! Procedures that were read already: each is parsed once, however many records stand under it.

use super::procedure::Procedure;
use std::cell::RefCell;
use std::rc::Rc;

/// Procedures by the name and version that records pin.
#[derive(Clone, Debug, Default)]
pub struct Procedures(Rc<RefCell<Vec<Kept>>>);

#[derive(Debug)]
struct Kept {
    id: String,
    version: Option<u32>,
    procedure: Rc<Procedure>,
}

impl Procedures {
    /// The procedure that a record pins, as [`super::pinned`] reads it.
    pub fn of(&self, id: &str, version: Option<u32>) -> Rc<Procedure> {
        let mut kept = self.0.borrow_mut();
        if let Some(known) = kept.iter().find(|one| one.id == id && one.version == version) {
            return Rc::clone(&known.procedure);
        }
        let procedure = Rc::new(super::pinned(id, version));
        kept.push(Kept {
            id: id.to_owned(),
            version,
            procedure: Rc::clone(&procedure),
        });
        procedure
    }
}
