//! The sheet `settings`: one row.

use super::columns::Column;
use super::{Notes, Row, Table};
use crate::form::definition::{Due, Every};
use crate::form::expr::{Expr, parse};
use crate::form::problem::What;
use crate::form::register::Subject;
use crate::register::enums::Role;

const ID_CHARS_MAX: usize = 64;
const VERSION_CHARS_MAX: usize = 32;
/// Whose work a form may be.
const DUE_ROLES: [Role; 3] = [Role::Member, Role::Leader, Role::Doctor];
/// Records of one stretch.
const DUE_MAX: u32 = 366;

pub(super) struct Settings {
    pub id: String,
    pub version: String,
    pub title: String,
    pub default_language: String,
    pub instance_name: Option<Expr>,
    pub subject: Subject,
    pub relevant: Option<Expr>,
    pub due: Option<Due>,
    pub due_role: Role,
    /// A value may stand in one list more than once, for filters that let one of them through.
    pub choices_again: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            id: String::new(),
            version: String::new(),
            title: String::new(),
            default_language: String::new(),
            instance_name: None,
            subject: Subject::default(),
            relevant: None,
            due: None,
            due_role: Role::Member,
            choices_again: false,
        }
    }
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
    let due = due(&row, notes);
    Settings {
        id: id.to_owned(),
        version: version.to_owned(),
        title: row.text(&Column::FormTitle).to_owned(),
        default_language: row.text(&Column::DefaultLanguage).to_owned(),
        instance_name: expression(&row, Column::InstanceName, notes),
        subject: subject(&row, notes),
        relevant: expression(&row, Column::Relevant, notes),
        due,
        due_role: due_role(&row, due, notes),
        choices_again: is_yes(&row, &Column::ChoicesAgain, notes),
    }
}

fn is_yes(row: &Row<'_>, column: &Column, notes: &mut Notes) -> bool {
    match row.text(column).to_lowercase().as_str() {
        "yes" | "true" | "true()" | "是" | "1" => true,
        "" | "no" | "false" | "false()" | "否" | "0" => false,
        _ => {
            row.note(notes, column, What::NotYesNo(row.text(column).to_owned()));
            false
        }
    }
}

fn expression(row: &Row<'_>, column: Column, notes: &mut Notes) -> Option<Expr> {
    let text = row.text(&column);
    if text.is_empty() {
        return None;
    }
    parse(text)
        .map_err(|error| row.note(notes, &column, What::Expression(error)))
        .ok()
}

fn subject(row: &Row<'_>, notes: &mut Notes) -> Subject {
    let text = row.text(&Column::Subject);
    let known = Subject::ALL.into_iter().find(|subject| subject.code() == text);
    if known.is_none() && !text.is_empty() {
        row.note(notes, &Column::Subject, What::NoSubject(text.to_owned()));
    }
    known.unwrap_or_default()
}

/// `4/year`
fn due(row: &Row<'_>, notes: &mut Notes) -> Option<Due> {
    let text = row.text(&Column::Due);
    let read = || {
        let (count, every) = text.split_once('/')?;
        let count = count
            .trim()
            .parse()
            .ok()
            .filter(|count| (1..=DUE_MAX).contains(count))?;
        let every = Every::ALL.into_iter().find(|one| one.code() == every.trim())?;
        Some(Due { count, every })
    };
    let due = read();
    if due.is_none() && !text.is_empty() {
        row.note(notes, &Column::Due, What::BadDue(text.to_owned()));
    }
    due
}

fn due_role(row: &Row<'_>, due: Option<Due>, notes: &mut Notes) -> Role {
    let text = row.text(&Column::DueRole);
    let known = DUE_ROLES.into_iter().find(|role| role.code() == text);
    if text.is_empty() {
        return Role::Member;
    }
    if known.is_none() {
        row.note(notes, &Column::DueRole, What::NoDueRole(text.to_owned()));
    } else if due.is_none() && row.text(&Column::Due).is_empty() {
        row.note(notes, &Column::DueRole, What::RoleWithoutDue);
    }
    known.unwrap_or(Role::Member)
}
