//! The screens: each file reads the records in hand into the view of one screen, or writes what one screen saves.

mod strip;
mod team;
