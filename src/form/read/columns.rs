//! The headings of the three sheets, as people write them: with spaces or underscores, with a language, with old names.

use super::Notes;
use crate::form::problem::What;

/// A column that is understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Type,
    Name,
    Label,
    Hint,
    Required,
    RequiredMessage,
    Relevant,
    Constraint,
    ConstraintMessage,
    Calculation,
    ChoiceFilter,
    Default,
    Readonly,
    Appearance,
    Trigger,
    Parameters,
    RepeatCount,
    SaveTo,
    Prefill,
    Problem,
    ProblemLabel,
    GuidanceHint,
    Disabled,
    Note,
    ListName,
    /// A further column of the choices, for filters.
    Further(String),
    FormTitle,
    FormId,
    Version,
    DefaultLanguage,
    InstanceName,
    Subject,
    Due,
    DueRole,
    ChoicesAgain,
}

/// A column with the language of its words.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub column: Column,
    pub language: String,
    /// As it stands in the sheet.
    pub written: String,
}

/// Which sheet has which columns, under which names; the first is the one that is told.
const KNOWN: &[(&str, Column, &[&str])] = &[
    ("survey", Column::Type, &["type"]),
    ("survey", Column::Name, &["name", "value"]),
    ("survey", Column::Label, &["label", "caption"]),
    ("survey", Column::Hint, &["hint"]),
    ("survey", Column::Required, &["required", "bind::required"]),
    (
        "survey",
        Column::RequiredMessage,
        &["required_message", "requiredmsg", "bind::jr:requiredmsg"],
    ),
    (
        "survey",
        Column::Relevant,
        &["relevant", "relevance", "skip_logic", "bind::relevant"],
    ),
    ("survey", Column::Constraint, &["constraint", "bind::constraint"]),
    (
        "survey",
        Column::ConstraintMessage,
        &["constraint_message", "constraintmsg", "bind::jr:constraintmsg"],
    ),
    (
        "survey",
        Column::Calculation,
        &["calculation", "calculate", "bind::calculate"],
    ),
    ("survey", Column::ChoiceFilter, &["choice_filter"]),
    ("survey", Column::Default, &["default"]),
    ("survey", Column::Readonly, &["readonly", "read_only", "bind::readonly"]),
    ("survey", Column::Appearance, &["appearance", "control::appearance"]),
    ("survey", Column::Trigger, &["trigger"]),
    ("survey", Column::Parameters, &["parameters"]),
    (
        "survey",
        Column::RepeatCount,
        &["repeat_count", "control::jr:count", "jr:count"],
    ),
    ("survey", Column::Disabled, &["disabled"]),
    ("survey", Column::SaveTo, &["save_to"]),
    ("survey", Column::Prefill, &["prefill"]),
    ("survey", Column::Problem, &["problem"]),
    ("survey", Column::ProblemLabel, &["problem_label"]),
    ("survey", Column::GuidanceHint, &["guidance_hint"]),
    (
        "survey",
        Column::Note,
        &["note", "notes", "comment", "comments", "备注"],
    ),
    ("choices", Column::ListName, &["list_name"]),
    ("choices", Column::Name, &["name", "value"]),
    ("choices", Column::Label, &["label"]),
    ("settings", Column::FormTitle, &["form_title", "title"]),
    ("settings", Column::FormId, &["form_id", "id_string"]),
    ("settings", Column::Version, &["version"]),
    ("settings", Column::DefaultLanguage, &["default_language"]),
    ("settings", Column::InstanceName, &["instance_name"]),
    ("settings", Column::Subject, &["subject"]),
    ("settings", Column::Relevant, &["relevant"]),
    ("settings", Column::Due, &["due"]),
    ("settings", Column::DueRole, &["due_role"]),
    ("settings", Column::ChoicesAgain, &["allow_choice_duplicates"]),
];

/// Columns that XLSForm has and this app has not; refused where they hold something.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "survey",
        &[
            "image",
            "audio",
            "video",
            "big_image",
            "big-image",
            "media",
            "body",
            "bind",
            "instance",
            "control",
            "autoplay",
            "save_instance",
            "intent",
            "query",
            "no_app_error_string",
            "command",
            "compact_tag",
        ],
    ),
    (
        "choices",
        &["image", "audio", "video", "big_image", "big-image", "media"],
    ),
    (
        "settings",
        &[
            "public_key",
            "submission_url",
            "auto_send",
            "auto_delete",
            "client_editable",
            "instance_xmlns",
            "namespaces",
            "attribute",
            "sms_keyword",
            "sms_separator",
            "sms_allow_media",
            "sms_date_format",
            "sms_datetime_format",
            "prefix",
            "delimiter",
            "set_form_id",
            "set_form_title",
            "entity",
            "add_none_option",
            "clean_text_values",
            "omit_instanceid",
            "name",
        ],
    ),
];

/// Columns that change nothing here and that many workbooks have.
const PASSED: &[(&str, &[&str])] = &[("settings", &["style"])];

impl Column {
    /// The heading by which it is told.
    pub fn name(&self) -> &str {
        if let Self::Further(name) = self {
            return name;
        }
        KNOWN.iter().find(|row| row.1 == *self).map_or("", |row| row.2[0])
    }
}

/// Understands the headings of a sheet, which has these rows below.
pub(super) fn headings(sheet: &str, cells: &[String], rows: &[Vec<String>], notes: &mut Notes) -> Vec<Option<Heading>> {
    let filled = |at: usize| {
        let row = rows
            .iter()
            .position(|row| row.get(at).is_some_and(|cell| !cell.trim().is_empty()))?;
        Some(row as u32 + 2)
    };
    let each = cells.iter().enumerate();
    each.map(|(at, cell)| heading(sheet, cell.trim(), filled(at), notes))
        .collect()
}

/// Names by which a column is meant rather than by another that stands before it, as the reference implementation reads
/// them.
const PROPER: &[&str] = &["id_string", "title", "name", "label", "list_name"];

/// Two columns that mean the same have not both something to say in one row, unless the later has the proper name: then
/// the other is passed over.
pub(super) fn once(sheet: &str, headings: &mut [Option<Heading>], rows: &[Vec<String>], notes: &mut Notes) {
    let filled = |row: &[String], at: usize| row.get(at).is_some_and(|cell| !cell.trim().is_empty());
    for later in 1..headings.len() {
        let Some(heading) = headings[later].clone().filter(|one| one.column != Column::Note) else {
            continue;
        };
        let same = |other: &Option<Heading>| {
            let same = |other: &&Heading| other.column == heading.column && other.language == heading.language;
            other.as_ref().filter(same).map(|other| other.written.clone())
        };
        let Some((at, other)) = headings[..later]
            .iter()
            .enumerate()
            .find_map(|(at, one)| Some((at, same(one)?)))
        else {
            continue;
        };
        if rows.iter().all(|row| !filled(row, at) || !filled(row, later)) {
            continue;
        }
        let proper = plain(&heading.written);
        if PROPER.contains(&proper.as_str()) && plain(&other) != proper {
            headings[at] = None;
        } else {
            notes.note(sheet, 1, &heading.written, What::ColumnTwice(other));
        }
    }
}

/// Which columns of a sheet are understood.
pub(in crate::form) fn understood(sheet: &str, cells: &[String]) -> Vec<bool> {
    let headings = headings(sheet, cells, &[], &mut Notes::default());
    headings.iter().map(Option::is_some).collect()
}

fn heading(sheet: &str, written: &str, filled: Option<u32>, notes: &mut Notes) -> Option<Heading> {
    if written.is_empty() {
        return None;
    }
    let plain = plain(written);
    let is = |names: &[&str], name: &str| names.contains(&name);
    let of_sheet = |name: &str| {
        KNOWN
            .iter()
            .find(|row| row.0 == sheet && is(row.2, name))
            .map(|row| row.1.clone())
    };
    let made = |column, language: &str| {
        Some(Heading {
            column,
            language: language.to_owned(),
            written: written.to_owned(),
        })
    };
    if let Some(column) = of_sheet(&plain) {
        return made(column, "");
    }
    // `label::中文 (zh)`; older sheets have one colon.
    let parts = written.split_once("::").or_else(|| written.split_once(':'));
    if let Some((name, language)) = parts
        && let Some(column) = of_sheet(&self::plain(name.trim_start_matches("bind::")))
        && translated(&column)
    {
        return made(column, language.trim());
    }
    let begin = plain
        .split("::")
        .next()
        .unwrap_or_default()
        .split(':')
        .next()
        .unwrap_or_default()
        .to_owned();
    let refused = |names: &[(&str, &[&str])]| {
        names
            .iter()
            .any(|row| row.0 == sheet && (is(row.1, &plain) || is(row.1, &begin)))
    };
    if refused(REFUSED) {
        if let Some(row) = filled {
            notes.note(sheet, row, written, What::NotSupported);
        }
    } else if sheet == "choices" && super::is_name(written) {
        return made(Column::Further(written.to_owned()), "");
    } else if !refused(PASSED) {
        notes.note(sheet, 1, written, What::StrangeColumn);
    }
    None
}

fn plain(written: &str) -> String {
    let words: Vec<&str> = written.split_whitespace().collect();
    words.join("_").to_lowercase()
}

fn translated(column: &Column) -> bool {
    matches!(
        column,
        Column::Label
            | Column::Hint
            | Column::GuidanceHint
            | Column::RequiredMessage
            | Column::ConstraintMessage
            | Column::ProblemLabel
    )
}
