//! Makes people of rows, and checks them: the rules DQ01 and DQ03 to DQ06, and what the ID number says otherwise.

use bianfang::base::date::{Date, DateError};
use bianfang::base::text;
use bianfang::register::id_number::{self, IdError, IdNumber};

use super::columns::Field;
use super::further;
use super::households::{Shared, add_extra};
use super::model::{IdCheck, PersonRow};
use super::notes::Notes;
use super::oddity::{Number, Oddity};
use super::rows::{Got, Row};
use super::table::Table;
use super::values::{self, Word};

/// How many rows a note names.
const ROWS_NAMED_MAX: usize = 5;
/// Longest name that is not odd.
const NAME_CHARS_MAX: usize = 20;

/// Whether a row says anything of a person, be it only a name under 户主姓名 in a list of heads.
pub(crate) fn has_person(row: &Row, table: &Table) -> bool {
    use Field::*;
    if row.own(Name).is_some() || (!table.has(Name) && row.own(HeadName).is_some()) {
        return true;
    }
    let fields = [
        Sex,
        IdNo,
        Birth,
        Relation,
        Ethnicity,
        Education,
        School,
        Health,
        Labour,
        WorkPlace,
        PersonPhone,
        Political,
    ];
    fields.iter().any(|field| row.own(*field).is_some())
}

/// One person.
pub(crate) fn read(shared: &Shared<'_>, row: &Row, notes: &mut Notes<'_>) -> PersonRow {
    let mut person = PersonRow {
        place: notes.place(row),
        ..PersonRow::default()
    };
    let table = &shared.tables[row.table];
    name(row, table, &mut person, notes);
    person.sex = listed(row, Field::Sex, values::sex, notes);
    relation(row, &mut person, notes);
    identity(shared, row, table, &mut person, notes);
    birth(row, &mut person, notes);
    person.ethnicity = listed(row, Field::Ethnicity, values::ethnicity, notes);
    learning(row, table, &mut person, notes);
    health(shared, row, table, &mut person, notes);
    person.labour = listed(row, Field::Labour, values::labour, notes);
    person.political = listed(row, Field::Political, values::political, notes);
    work(row, &mut person, notes);
    further_fields(shared, row, &mut person, notes);
    for (field, got) in row.fields() {
        if let Field::Insured(year) = field {
            person.insured.push((year, values::yes_no(&got.text).word().to_owned()));
        }
    }
    person.dibao = row
        .own(Field::Dibao)
        .map(|got| values::yes_no(&got.text).word().to_owned());
    for got in row.all(Field::PersonPhone) {
        phones(row, got, &mut person, notes);
    }
    for got in row
        .extra
        .iter()
        .filter(|got| !shared.household_columns.contains(&(row.table, got.column)))
    {
        add_extra(&mut person.extra, shared, row.table, got);
    }
    person
}

fn name(row: &Row, table: &Table, person: &mut PersonRow, notes: &mut Notes<'_>) {
    let field = if table.has(Field::Name) {
        Field::Name
    } else {
        Field::HeadName
    };
    let Some(got) = row.own(field) else {
        notes.field(row, field, &Oddity::NoName);
        return;
    };
    let mut name = text::name(got.text.trim_start_matches(['*', '＊', '★', '☆', '※', '#']));
    if let Some(bare) = values::without_head_mark(&name) {
        name = bare.to_owned();
    }
    if row.is_head || !table.has(Field::Name) {
        person.relation = Some("户主".to_owned());
    }
    // Several names in one cell are one person here, whom somebody must take apart.
    let several = name.contains(['、', '，', ',', '；', ';', '/']);
    let odd = several || name.chars().count() > NAME_CHARS_MAX || name.chars().any(|c| c.is_ascii_digit());
    if name.contains(['\u{FFFD}', '?', '？', '□', '■', '▇']) {
        notes.cell(row, got, &Oddity::Unreadable);
    } else if name
        .chars()
        .any(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}'))
    {
        notes.cell(row, got, &Oddity::PrivateCharacter);
    } else if odd {
        notes.cell(row, got, &Oddity::OddName);
    }
    person.name = Some(name);
}

/// A value of a list; what is not in the list is kept and noted.
fn listed(row: &Row, field: Field, read: fn(&str) -> Word, notes: &mut Notes<'_>) -> Option<String> {
    let got = row.own(field)?;
    let word = read(&got.text);
    if !word.is_known() {
        if values::is_none_word(&got.text) {
            return None;
        }
        notes.cell(row, got, &Oddity::NotInList);
    }
    Some(word.word().to_owned())
}

fn relation(row: &Row, person: &mut PersonRow, notes: &mut Notes<'_>) {
    let Some(relation) = listed(row, Field::Relation, values::relation, notes) else {
        return;
    };
    let written = row.text(Field::Relation).map(text::clean);
    // 妻子 says nothing more than 配偶 beside the sex, but 长子 says more than 之子.
    person.relation_written = written.filter(|written| *written != relation);
    person.relation = Some(relation);
}

fn identity(shared: &Shared<'_>, row: &Row, table: &Table, person: &mut PersonRow, notes: &mut Notes<'_>) {
    person.id_type = row
        .own(Field::IdType)
        .map(|got| values::id_type(&got.text).word().to_owned());
    let of_head = !table.has(Field::Name) && table.has(Field::HeadId);
    let field = if of_head { Field::HeadId } else { Field::IdNo };
    let got = row.own(field).or_else(|| row.own(Field::IdNo));
    let no_document =
        |text: &str| values::is_none_word(text) || matches!(text, "无证" | "未办理" | "未上户" | "未办" | "无身份证");
    let Some(got) = got.filter(|got| !no_document(&got.text)) else {
        if got.is_some() || person.id_type.as_deref() == Some("无") {
            person.id_check = IdCheck::NoDocument;
        } else if table.has(field) {
            notes.field(row, field, &Oddity::IdMissing);
        }
        return;
    };
    person.id_no = Some(id_number::normalise(&got.text));
    let chinese = matches!(person.id_type.as_deref(), None | Some("居民身份证" | "残疾人证" | "无"));
    match IdNumber::parse(&got.text, shared.today) {
        Ok(_) if got.rounded => {
            person.id_check = IdCheck::DigitsLost;
            notes.cell(row, got, &Oddity::LostDigits { what: Number::Id });
        }
        Ok(id) => valid_identity(shared.today, row, got, &id, person, notes),
        // A passport has letters; it is not a wrong ID number.
        Err(_) if !chinese => person.id_check = IdCheck::Other,
        Err(IdError::DigitsLost) => {
            person.id_check = IdCheck::DigitsLost;
            notes.cell(row, got, &Oddity::IdWrong(IdError::DigitsLost));
        }
        Err(_) if got.rounded => {
            person.id_check = IdCheck::DigitsLost;
            notes.cell(row, got, &Oddity::LostDigits { what: Number::Id });
        }
        Err(error) => {
            person.id_check = IdCheck::Invalid;
            let masked = got.text.contains(['*', '＊', '×']) && got.text.matches(['*', '＊', '×']).count() >= 2;
            notes.cell(
                row,
                got,
                &if masked {
                    Oddity::IdMasked
                } else {
                    Oddity::IdWrong(error)
                },
            );
        }
    }
}

fn valid_identity(today: Date, row: &Row, got: &Got, id: &IdNumber, person: &mut PersonRow, notes: &mut Notes<'_>) {
    person.id_check = IdCheck::Valid;
    person.id_no = Some(id.as_str().to_owned());
    if person.id_type.is_none() {
        let kind = if id.disability.is_some() {
            "残疾人证"
        } else {
            "居民身份证"
        };
        person.id_type = Some(kind.to_owned());
    }
    if id.is_odd_age(today) {
        notes.cell(row, got, &Oddity::IdOddAge);
    }
    match person.sex.as_deref() {
        None => person.sex = Some(id.sex.word().to_owned()),
        Some("男" | "女") if person.sex.as_deref() != Some(id.sex.word()) => {
            notes.field(row, Field::Sex, &Oddity::SexDiffers { sex: id.sex.word() });
        }
        Some(_) => {}
    }
    // The column of birth dates is compared when it is read.
    person.birth = Some(id.birth.to_string());
}

fn birth(row: &Row, person: &mut PersonRow, notes: &mut Notes<'_>) {
    let by_number = person.birth.take().and_then(|birth| birth.parse::<Date>().ok());
    let Some(got) = row.own(Field::Birth) else {
        person.birth = by_number.map(|date| date.to_string());
        return;
    };
    match got.date.map_or_else(|| Date::parse_lenient(&got.text), Ok) {
        Ok(date) => {
            if let Some(birth) = by_number.filter(|by_number| *by_number != date) {
                notes.cell(row, got, &Oddity::BirthDiffers { birth });
            }
            person.birth = Some(date.to_string());
        }
        Err(DateError::Empty) => person.birth = by_number.map(|date| date.to_string()),
        Err(_) => {
            // 1959.07 beside a valid number is no fault: the number has the day. So has it the order of 01/02/1958.
            let agrees = by_number.is_some_and(|date| month_agrees(&got.text, date) || is_reordered(&got.text, date));
            person.birth = Some(match by_number.filter(|_| agrees) {
                Some(date) => date.to_string(),
                None => {
                    notes.cell(row, got, &Oddity::BirthUnreadable);
                    got.text.to_string()
                }
            });
        }
    }
}

/// Whether a text gives the year, or year and month, of a date.
fn month_agrees(written: &str, date: Date) -> bool {
    use bianfang::base::date::Month;
    let year = text::compact(written);
    Month::parse_lenient(written).is_ok_and(|month| month == date.month())
        || year
            .trim_end_matches('年')
            .parse::<i32>()
            .is_ok_and(|year| year == date.year())
}

/// Whether a text gives day, month and year of a date in another order, or its year in two digits.
fn is_reordered(written: &str, date: Date) -> bool {
    let parts = written
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let mut parts: Vec<u32> = parts.filter_map(|part| part.parse().ok()).collect();
    parts.sort_unstable();
    let (year, month, day) = date.ymd();
    let year = u32::try_from(year).unwrap_or_default();
    [year, year % 100].into_iter().any(|year| {
        let mut meant = [year, month, day];
        meant.sort_unstable();
        parts == meant
    })
}

fn learning(row: &Row, table: &Table, person: &mut PersonRow, notes: &mut Notes<'_>) {
    person.education = listed(row, Field::Education, values::education, notes);
    let school = row.own(Field::School).filter(|got| !values::not_at_school(&got.text));
    if let Some(got) = school {
        let word = values::school_stage(&got.text);
        if !word.is_known() {
            notes.cell(row, got, &Oddity::NotInList);
        }
        person.school_stage = Some(word.word().to_owned());
    }
    let reason = row.own(Field::Dropout).filter(|got| !values::is_none_word(&got.text));
    person.dropout_reason = reason.map(|got| got.text.to_string());
    if !(table.has(Field::Education) && table.has(Field::School)) {
        return;
    }
    match (&person.education, &person.school_stage) {
        (Some(_), Some(_)) => notes.field(row, Field::School, &Oddity::EducationBoth),
        (None, None) if person.dropout_reason.is_none() => {
            notes.field(row, Field::Education, &Oddity::EducationNeither);
        }
        _ => {}
    }
}

fn health(shared: &Shared<'_>, row: &Row, table: &Table, person: &mut PersonRow, notes: &mut Notes<'_>) {
    disability(shared, row, person, notes);
    let words = row
        .own(Field::Health)
        .map(|got| values::health(&got.text))
        .unwrap_or_default();
    for word in &words {
        if !person.health.iter().any(|known| known == word.word()) {
            person.health.push(word.word().to_owned());
        }
    }
    let unknown: Vec<&str> = words.iter().filter(|word| !word.is_known()).map(Word::word).collect();
    if !unknown.is_empty() {
        notes.field(
            row,
            Field::Health,
            &Oddity::HealthUnknown {
                words: unknown.join("、"),
            },
        );
    }
    let has = |word: &str| person.health.iter().any(|known| known == word);
    if table.has(Field::Health) && person.health.is_empty() {
        notes.field(row, Field::Health, &Oddity::HealthEmpty);
    }
    if has("健康") && person.health.len() > 1 {
        notes.field(row, Field::Health, &Oddity::HealthExclusive);
    }
    let said = row.text(Field::DisabilityCard).map(values::yes_no);
    let carded = said == Some(Word::Known("是"))
        || person.disability_card.is_some()
        || person.id_type.as_deref() == Some("残疾人证");
    if has("残疾") && table.has(Field::DisabilityCard) && !carded {
        notes.field(row, Field::DisabilityCard, &Oddity::NoDisabilityCard);
    }
}

fn disability(shared: &Shared<'_>, row: &Row, person: &mut PersonRow, notes: &mut Notes<'_>) {
    let kinds = row
        .own(Field::Disability)
        .filter(|got| !values::is_none_word(&got.text));
    if let Some(got) = kinds.filter(|got| values::yes_no(&got.text) != Word::Known("否")) {
        person.disability.push(got.text.to_string());
    }
    person.disability_level = listed(row, Field::DisabilityLevel, values::disability_level, notes);
    let Some(got) = row
        .own(Field::DisabilityCard)
        .filter(|got| !values::is_none_word(&got.text))
    else {
        return;
    };
    match values::yes_no(&got.text) {
        Word::Known("否") => return,
        // 是否有残疾证: yes, without its number. That is no number, but worth keeping.
        Word::Known(_) => {
            add_extra(&mut person.extra, shared, row.table, got);
            return;
        }
        Word::Other(_) if got.rounded || values::looks_scientific(&got.text) => {
            notes.cell(row, got, &Oddity::LostDigits { what: Number::Id });
        }
        Word::Other(_) => {
            if let Err(error) = IdNumber::parse(&got.text, shared.today) {
                notes.cell(row, got, &Oddity::CardWrong(error));
            }
        }
    }
    person.disability_card = Some(id_number::normalise(&got.text));
}

/// Fields of the register that not every roster has.
fn further_fields(shared: &Shared<'_>, row: &Row, person: &mut PersonRow, notes: &mut Notes<'_>) {
    for field in further::fields(&[row]) {
        let Field::OfPerson(key) = field else { continue };
        for got in row.all(field).filter(|got| got.written_in == row.row) {
            let read = further::read(field, got, &shared.tables[row.table], shared.today);
            if let Some(odd) = read.odd {
                notes.cell(row, got, &odd);
            }
            person.further.extend(read.values.into_iter().map(|value| (key, value)));
        }
    }
}

fn work(row: &Row, person: &mut PersonRow, notes: &mut Notes<'_>) {
    let place = row.own(Field::WorkPlace).filter(|got| !values::is_none_word(&got.text));
    person.work_place = place.map(|got| got.text.to_string());
    let Some(got) = row
        .own(Field::WorkMonths)
        .filter(|got| !values::is_none_word(&got.text))
    else {
        return;
    };
    let months = values::months(&got.text).word().to_owned();
    if !values::is_months(&months) {
        notes.cell(row, got, &Oddity::NotInList);
    }
    person.work_months = Some(months);
}

fn phones(row: &Row, got: &Got, person: &mut PersonRow, notes: &mut Notes<'_>) {
    if values::looks_scientific(&got.text) {
        notes.cell(row, got, &Oddity::LostDigits { what: Number::Phone });
        return;
    }
    let found = values::phones(&got.text);
    if found.iter().any(|phone| !values::is_phone(phone)) {
        notes.cell(row, got, &Oddity::PhoneShape);
    }
    person.phones.extend(
        found
            .into_iter()
            .filter(|phone| !person.phones.contains(phone))
            .collect::<Vec<_>>(),
    );
}

/// DQ03 and DQ04: who is the head, and whether relations go with sexes.
pub(crate) fn check_family(shared: &Shared<'_>, rows: &[&Row], list: &[(PersonRow, &Row)], notes: &mut Notes<'_>) {
    let with = |relation: &str| {
        list.iter()
            .filter(move |(p, _)| p.relation.as_deref() == Some(relation))
            .collect::<Vec<_>>()
    };
    let numbers = |list: &[&(PersonRow, &Row)]| {
        let some = list.iter().take(ROWS_NAMED_MAX).map(|(_, row)| row.row.to_string());
        some.collect::<Vec<_>>().join("、")
    };
    let (heads, spouses) = (with("户主"), with("配偶"));
    let knows_relations = list
        .iter()
        .any(|(_, row)| shared.tables[row.table].has(Field::Relation));
    let stated = rows.iter().find_map(|row| row.first(Field::HeadName));
    match (heads.as_slice(), list.first(), stated) {
        ([], Some((_, row)), Some(got)) => {
            notes.row(
                row,
                &Oddity::HeadNotListed {
                    name: text::name(&got.text),
                },
            );
        }
        ([], Some((_, row)), None) if knows_relations => notes.row(row, &Oddity::NoHead),
        ([_, more @ ..], _, _) => {
            for (_, row) in more {
                notes.field(row, Field::Relation, &Oddity::SeveralHeads { rows: numbers(&heads) });
            }
        }
        _ => {}
    }
    for (_, row) in spouses.iter().skip(1) {
        notes.field(
            row,
            Field::Relation,
            &Oddity::SeveralSpouses {
                rows: numbers(&spouses),
            },
        );
    }
    for (person, row) in list {
        let (Some(relation), Some(sex)) = (&person.relation, &person.sex) else {
            continue;
        };
        if values::sex_of_relation(relation).is_some_and(|meant| meant != sex && (sex == "男" || sex == "女")) {
            let oddity = Oddity::RelationSex {
                relation: relation.clone(),
                sex: sex.clone(),
            };
            notes.field(row, Field::Relation, &oddity);
        }
    }
    if let ([(head, _)], [(spouse, row), ..]) = (heads.as_slice(), spouses.as_slice())
        && matches!(head.sex.as_deref(), Some("男" | "女"))
        && head.sex == spouse.sex
    {
        notes.field(row, Field::Relation, &Oddity::SpouseSex);
    }
}

impl PersonRow {
    /// Takes from another reading of the same person what this one does not say.
    pub(crate) fn fill_from(&mut self, other: Self) {
        if self.id_no.is_none() {
            self.id_no = other.id_no;
            self.id_check = other.id_check;
            self.id_type = self.id_type.take().or(other.id_type);
        }
        for (mine, theirs) in [
            (&mut self.sex, other.sex),
            (&mut self.birth, other.birth),
            (&mut self.relation, other.relation),
            (&mut self.ethnicity, other.ethnicity),
            (&mut self.education, other.education),
            (&mut self.school_stage, other.school_stage),
            (&mut self.labour, other.labour),
            (&mut self.work_place, other.work_place),
            (&mut self.work_months, other.work_months),
            (&mut self.political, other.political),
            (&mut self.dibao, other.dibao),
            (&mut self.disability_level, other.disability_level),
            (&mut self.disability_card, other.disability_card),
        ] {
            *mine = mine.take().or(theirs);
        }
        if self.health.is_empty() {
            self.health = other.health;
        }
        if self.disability.is_empty() {
            self.disability = other.disability;
        }
        let known: Vec<&str> = self.further.iter().map(|(key, _)| *key).collect();
        let fresh = other.further.into_iter().filter(|(key, _)| !known.contains(key));
        self.further.extend(fresh.collect::<Vec<_>>());
        for entry in other.extra {
            if !self.extra.contains(&entry) {
                self.extra.push(entry);
            }
        }
    }
}
