//! A form without its questions: whom it is about, where it is offered, how often it is due. Enough for the lists of forms,
//! which look at every form of a county and open none.

use super::settings;
use super::{Need, Notes, Sheet, Table, choices, files};
use crate::form::definition::Form;
use crate::form::problem::{Problem, Weight};
use std::collections::{BTreeMap, BTreeSet};

/// What the settings of a form say, with the lists that its condition looks into; its questions are left out, and whether
/// they can be read is not told. Nothing where the settings themselves cannot be read.
pub fn head(workbook: &[Sheet], files: &BTreeMap<String, Sheet>) -> Option<Form> {
    let mut notes = Notes::default();
    let table = |name, notes: &mut Notes| Table::find(workbook, name, notes, Need::Optional);
    let settings = settings::read(table("settings", &mut notes).as_ref(), &mut notes);
    let mut lists = choices::read(
        table("choices", &mut notes).as_ref(),
        settings.choices_again,
        &mut notes,
    );
    let languages = table("survey", &mut notes).map(|survey| survey.languages());
    let languages = languages.filter(|all| !all.is_empty()).unwrap_or(vec![String::new()]);
    let default = languages.contains(&settings.default_language);
    let form = Form {
        id: settings.id,
        version: settings.version,
        title: settings.title,
        default_language: if default {
            settings.default_language
        } else {
            languages[0].clone()
        },
        languages,
        instance_name: None,
        subject: settings.subject,
        relevant: settings.relevant,
        due: settings.due,
        due_role: settings.due_role,
        parts: Vec::new(),
        lists: BTreeMap::new(),
        built_in: BTreeSet::new(),
    };
    let built_in = files::read(&form, &[], files, &mut lists, &mut notes);
    let looked: BTreeSet<String> = form.relevant.iter().flat_map(files::lists_of).collect();
    let bare = |name: &String| name.strip_suffix(".csv").map(str::to_owned);
    lists.retain(|name, _| looked.contains(name) || bare(name).is_some_and(|name| looked.contains(&name)));
    let in_settings = |one: &&Problem| one.sheet == "settings";
    let readable = notes
        .0
        .iter()
        .filter(in_settings)
        .all(|one| one.what.weight() == Weight::Remark);
    readable.then_some(Form {
        lists,
        built_in,
        ..form
    })
}

/// The sheets and files that [`head`] reads of a workbook, and nothing else of it.
pub fn told(workbook: &[Sheet], files: &BTreeMap<String, Sheet>, head: &Form) -> (Vec<Sheet>, BTreeMap<String, Sheet>) {
    let own_lists = head.lists.keys().any(|name| !name.contains('.'));
    let part = |sheet: &Sheet| match sheet.name.trim().to_lowercase().as_str() {
        "settings" => Some(sheet.clone()),
        // The headings say in which languages the form is.
        "survey" => Some(Sheet {
            name: sheet.name.clone(),
            rows: sheet.rows.iter().take(1).cloned().collect(),
        }),
        "choices" if own_lists => Some(sheet.clone()),
        _ => None,
    };
    let files = files.iter().filter(|(name, _)| head.lists.contains_key(*name));
    let files = files.map(|(name, sheet)| (name.clone(), sheet.clone()));
    (workbook.iter().filter_map(part).collect(), files.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::read::read;
    use crate::form::source;

    fn sheet(name: &str, text: &str) -> Sheet {
        let row = |line: &str| line.split('|').map(str::to_owned).collect();
        Sheet {
            name: name.into(),
            rows: text.lines().map(row).collect(),
        }
    }

    fn workbook(survey: &str, settings: &str) -> Vec<Sheet> {
        let choices = "list_name|name|label::中文\nyn|yes|是\nkept|1|一\nkept|2|二";
        vec![
            sheet("survey", survey),
            sheet("choices", choices),
            sheet("settings", settings),
        ]
    }

    const SURVEY: &str = "type|name|label::中文|label::English (en)\nselect_one yn|well|有井|A well";

    fn told_by(form: &Form) -> String {
        let lists: Vec<_> = form.lists.iter().collect();
        let form = Form {
            parts: Vec::new(),
            lists: BTreeMap::new(),
            ..form.clone()
        };
        format!("{form:?} {lists:?}")
    }

    #[test]
    fn a_head_says_what_the_whole_form_says_and_is_kept_in_few_lines() {
        let files = BTreeMap::from([
            ("wells.csv".to_owned(), sheet("wells.csv", "name|depth\na|12")),
            ("other.csv".to_owned(), sheet("other.csv", "name\nb")),
        ]);
        let asks = "pulldata('wells','depth','name','a') = 12 and pulldata('household','helped','name','own') = '是'";
        let both = format!("{asks} and count(instance('kept')/root/item) = 2");
        for (relevant, looked) in [("", 0), (asks, 2), (both.as_str(), 3)] {
            let settings =
                format!("form_id|version|form_title|due|due_role|relevant\nw|1|水井|4/year|doctor|{relevant}");
            let all = workbook(SURVEY, &settings);
            let mut whole = read(&all, &files).form.unwrap();
            whole
                .lists
                .retain(|name, _| name != "yn" && (looked == 3 || name != "kept"));
            let head = head(&all, &files).unwrap();
            assert_eq!(told_by(&head), told_by(&whole), "{relevant}");
            assert_eq!(head.lists.len(), looked);
            let (sheets, files) = told(&all, &files, &head);
            let written = source::write(&sheets, &files);
            assert!(!written.contains("有井") && !written.contains("other"), "{written}");
            let (sheets, files) = source::read(&written).unwrap();
            assert_eq!(told_by(&super::head(&sheets, &files).unwrap()), told_by(&whole));
        }
    }

    #[test]
    fn settings_are_read_where_questions_cannot_be_and_not_the_other_way_round() {
        let settings = "form_id|version|due\nw|1|1/quarter";
        let later = workbook("type|name|label\nhologram|x|X", settings);
        assert!(read(&later, &BTreeMap::new()).form.is_none());
        assert!(head(&later, &BTreeMap::new()).unwrap().due.is_some());
        let wrong = workbook(SURVEY, "form_id|version|due\nw|1|daily");
        assert!(head(&wrong, &BTreeMap::new()).is_none());
        assert!(
            head(&workbook(SURVEY, "form_id|due\nw|"), &BTreeMap::new())
                .unwrap()
                .due
                .is_none()
        );
    }
}
