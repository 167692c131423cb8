//! The sheet `settings`: one row.

use super::columns::Column;
use super::{Notes, Table};
use crate::form::expr::{Expr, parse};
use crate::form::problem::What;

const ID_CHARS_MAX: usize = 64;
const VERSION_CHARS_MAX: usize = 32;

#[derive(Default)]
pub(super) struct Settings {
    pub id: String,
    pub version: String,
    pub title: String,
    pub default_language: String,
    pub instance_name: Option<Expr>,
}

/// A form without settings has neither id nor version, and can be checked but not published.
pub(super) fn read(table: Option<&Table<'_>>, notes: &mut Notes) -> Settings {
    let Some(row) = table.and_then(|table| table.rows().find(|row| !row.is_empty())) else {
        return Settings::default();
    };
    let id = row.text(&Column::FormId);
    let sign = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.');
    if !id.is_empty() && (!id.chars().all(sign) || id.chars().count() > ID_CHARS_MAX) {
        row.note(notes, &Column::FormId, What::BadFormId(id.to_owned()));
    }
    let version = row.text(&Column::Version);
    if version.chars().any(char::is_whitespace) || version.chars().count() > VERSION_CHARS_MAX {
        row.note(notes, &Column::Version, What::BadVersion(version.to_owned()));
    }
    let name = row.text(&Column::InstanceName);
    let instance_name = (!name.is_empty()).then(|| parse(name)).and_then(|read| {
        read.map_err(|error| row.note(notes, &Column::InstanceName, What::Expression(error)))
            .ok()
    });
    Settings {
        id: id.to_owned(),
        version: version.to_owned(),
        title: row.text(&Column::FormTitle).to_owned(),
        default_language: row.text(&Column::DefaultLanguage).to_owned(),
        instance_name,
    }
}
