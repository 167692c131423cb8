//! A document as a person reads it: who wrote what and when, records in words, stored values in words.

use super::say::{beside, both, chosen, joined, list, same, written_day};
use super::seen::base_text;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId, RecordId};
use crate::base::money::Fen;
use crate::base::scalar::Scalar;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{ValueView, Words};
use crate::client::village::Village;
use crate::doc::{At, ChangeInfo, DocKind, Document, Hash, Live, Record, import_author};
use crate::form::definition::Form;
use crate::ledger::Procedures;
use crate::register::enums::{AssessmentKind, COMPONENT, Dimension, EVENT_KIND};
use crate::register::field::{Field, RecordKind, Type};
use crate::register::status_event::SUBJECT_HOUSEHOLD;
use crate::register::words::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What an import is called where a person's name would stand.
const IMPORT_NAME: &str = "名册导入";

/// A document with what is needed to show it.
pub(super) struct Lens<'a> {
    pub document: &'a Document,
    pub village: &'a Village,
    pub procedures: &'a Procedures,
    pub today: Date,
    pub me: MemberId,
    import: MemberId,
    authors: BTreeMap<Hash, ChangeInfo>,
    /// Changes by which the document itself was first filled.
    first: BTreeSet<Hash>,
    /// Changes by which a visit was first saved.
    visiting: BTreeMap<Hash, RecordId>,
    /// Who visited on which day.
    visits: BTreeMap<(MemberId, Date), RecordId>,
    names: BTreeMap<RecordId, String>,
    /// The forms with which records of the document were made, as far as they are at hand.
    pub forms: BTreeMap<DocId, Rc<Form>>,
}

/// The kind of a record in a document; nothing for tables of a newer release.
pub(super) fn kind_of(document: DocKind, at: &At) -> Option<RecordKind> {
    match at {
        At::Own => match document {
            DocKind::Household => Some(RecordKind::Household),
            DocKind::Finding => Some(RecordKind::Finding),
            DocKind::Village => Some(RecordKind::Village),
            DocKind::Place | DocKind::Log | DocKind::Form => None,
        },
        At::In(table, _) => RecordKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.table() == Some(table.as_str()) && document.tables().contains(&table.as_str()))
            // The steps of a finding are no changes of status of somebody.
            .filter(|_| document != DocKind::Finding),
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A document that was just opened, as a person reads it.
    pub(super) fn lens(&self, id: DocId) -> Result<Lens<'_>, ClientError> {
        self.lens_over(self.opened(id)?, self.today())
    }

    /// Any document as a person reads it on a day.
    pub(super) fn lens_over<'a>(&'a self, document: &'a Document, today: Date) -> Result<Lens<'a>, ClientError> {
        let authors = document.authors();
        let genesis = document.genesis_hash();
        let first = authors.values().filter(|change| change.deps == [genesis]);
        let mut visiting = BTreeMap::new();
        let mut visits = BTreeMap::new();
        for (id, made) in document.makers("visits") {
            visiting.insert(made, id);
            let by = authors.get(&made).and_then(|change| change.author);
            if let (Some(by), Ok(on)) = (by, document.text(&At::table("visits", id), "on").parse()) {
                visits.insert((by, on), id);
            }
        }
        let persons = document.records("persons");
        Ok(Lens {
            document,
            village: &self.core.village,
            procedures: &self.core.procedures,
            today,
            me: self.me()?,
            import: import_author(self.space()?),
            first: first.map(|change| change.hash).collect(),
            authors,
            visiting,
            visits,
            forms: self.forms_at_hand(document),
            names: persons.iter().map(|(id, person)| (*id, person.text("name"))).collect(),
        })
    }
}

impl Lens<'_> {
    /// The name of an author.
    pub fn name(&self, author: Option<MemberId>) -> String {
        match author {
            Some(author) if author == self.import => IMPORT_NAME.to_owned(),
            Some(author) => self.village.name_of(author),
            None => IMPORT_NAME.to_owned(),
        }
    }

    /// Who made a change; the time in milliseconds by that device's clock.
    pub fn made_by(&self, hash: Hash) -> (Option<MemberId>, i64) {
        let change = self.authors.get(&hash);
        let at = change.map_or(0, |change| change.time_s.saturating_mul(1000));
        (change.and_then(|change| change.author), at)
    }

    /// Written with a visit, on the day of a visit by the same person, by an import, or by editing.
    pub fn during(&self, hash: Hash) -> &'static str {
        match self.made_by(hash).0 {
            Some(author) if author == self.import => "import",
            _ if self.visiting.contains_key(&hash) => "visit",
            _ if self.visit_of(hash).is_some() => "visit_day",
            _ => "edit",
        }
    }

    /// The visit with which a change was made, or on whose day its author made it.
    pub fn visit_of(&self, hash: Hash) -> Option<RecordId> {
        let on_the_day = || {
            let (author, at_ms) = self.made_by(hash);
            self.visits.get(&(author?, Date::in_china(at_ms)))
        };
        self.visiting.get(&hash).or_else(on_the_day).copied()
    }

    /// Who visited on which day, and which visit it was.
    pub fn visit_days(&self) -> impl Iterator<Item = ((MemberId, Date), RecordId)> + '_ {
        self.visits.iter().map(|(day, visit)| (*day, *visit))
    }

    /// 改过: a field was written again, or for the first time, after its record was made.
    pub fn is_changed(&self, at: &At, record: &Record, field: &Field, key: &str) -> bool {
        let made = self.document.created_by(at);
        let later = |live: &Live| !self.first.contains(&live.hash) && Some(live.hash) != made;
        let members = field.kind.is_set().then(|| record.under(key));
        let of_set = members.into_iter().flatten().flat_map(|(_, live)| live);
        record.live(key).iter().chain(of_set).any(later)
    }

    /// The change that first wrote a live value: the one before a settlement that was taken back.
    fn first_written(&self, record: &Record, key: &str, live: &Live) -> Hash {
        let name = record.first_name(key, live);
        if name == live.hash.name() {
            return live.hash;
        }
        let first = self.authors.keys().find(|hash| hash.name() == name);
        first.copied().unwrap_or(live.hash)
    }

    /// Who made a record.
    pub fn creator(&self, at: &At) -> Option<MemberId> {
        self.document
            .created_by(at)
            .and_then(|hash| self.made_by(hash).0)
            .filter(|author| *author != self.import)
    }

    /// The name of a person of the family.
    pub fn person(&self, id: RecordId) -> String {
        self.names.get(&id).cloned().unwrap_or_default()
    }

    /// A record in words: 周小怡, 走访 8月15日; nothing for the document's own record.
    pub fn record_words(&self, at: &At) -> Words {
        let record = Some(at).filter(|at| **at != At::Own);
        let Some(record) = record.and_then(|at| self.document.record(at)) else {
            return Words::default();
        };
        self.words_of(at, &record)
    }

    fn words_of(&self, at: &At, record: &Record) -> Words {
        let on = || written_day(&record.text("on"), self.today);
        match kind_of(self.document.kind(), at) {
            Some(RecordKind::Person | RecordKind::Member | RecordKind::Group | RecordKind::Facility) => {
                match record.text("name") {
                    name if name.is_empty() => both("未填姓名", "no name"),
                    name => same(name),
                }
            }
            Some(RecordKind::Visit) => {
                let (kind, on) = (Words::from(RecordKind::Visit.words()), on());
                both(format!("{} {}", kind.zh, on.zh), format!("{} {}", kind.en, on.en))
            }
            Some(RecordKind::StatusEvent) => {
                let kind = chosen(EVENT_KIND, &record.text("kind"));
                let whom = match record.text("subject") {
                    subject if subject == SUBJECT_HOUSEHOLD => Words::default(),
                    subject => same(subject.parse().map(|id| self.person(id)).unwrap_or_default()),
                };
                beside([RecordKind::StatusEvent.words().into(), kind, whom])
            }
            Some(RecordKind::Assessment) => {
                let kind = AssessmentKind::from_code(&record.text("kind"));
                beside([assessment_words(kind), on()])
            }
            Some(RecordKind::Pairing) => {
                let name = match record.text("member").parse() {
                    Ok(member) => self.village.name_of(member),
                    Err(_) => record.text("name"),
                };
                beside([RecordKind::Pairing.words().into(), same(name)])
            }
            Some(RecordKind::FormRecord) => beside([self.form_words(record), on()]),
            Some(RecordKind::Link) => RecordKind::Link.words().into(),
            Some(RecordKind::Household | RecordKind::Village | RecordKind::Finding) => Words::default(),
            None => super::finding::record_words(self, at, record),
        }
    }

    /// A stored value in words. `part` is what tells several values of the field apart: of a set the member itself.
    pub fn shown(&self, field: &Field, part: &str, value: &Scalar) -> Words {
        if value.is_empty() {
            return Words::default();
        }
        match (field.kind, value) {
            (Type::Set(_) | Type::FreeSet | Type::RefSet(_), value) if value.to_int() == Some(1) => both("有", "yes"),
            (Type::Set(_) | Type::FreeSet | Type::RefSet(_), value) if value.to_int() == Some(0) => both("没有", "no"),
            (Type::Ref(to), value) => self.reference(to, &value.to_text()),
            (Type::Fen(..), Scalar::Int(fen)) => {
                let plain = |language| field.shown(value, language);
                match Fen(*fen).wan() {
                    Some(wan) => {
                        let en = plain(Language::En);
                        both(format!("{}（{wan}）", plain(Language::Zh)), en)
                    }
                    None => both(plain(Language::Zh), plain(Language::En)),
                }
            }
            _ if part.is_empty() || !field.kind.is_set() => {
                both(field.shown(value, Language::Zh), field.shown(value, Language::En))
            }
            (_, value) => same(value.to_text()),
        }
    }

    /// A member of a set in words.
    pub fn member_shown(&self, field: &Field, member: &str) -> Words {
        match field.kind {
            Type::Set(choices) => chosen(choices, member),
            Type::RefSet(to) => self.reference(to, member),
            _ => same(member),
        }
    }

    /// The chosen members of a set in words.
    pub fn members_shown(&self, field: &Field, members: &[String]) -> Words {
        list(members.iter().map(|member| self.member_shown(field, member)))
    }

    fn reference(&self, to: RecordKind, id: &str) -> Words {
        let name = match to {
            RecordKind::Member => id.parse().ok().map(|member| self.village.name_of(member)),
            RecordKind::Person => id.parse().ok().map(|person| self.person(person)),
            _ => None,
        };
        same(name.unwrap_or_else(|| id.to_owned()))
    }

    /// The label of a field; where several values stand under one, with what tells them apart.
    pub fn label(&self, field: &Field, part: &str) -> Words {
        let label = Words::from(field.label);
        match field.variable() {
            Some("year") => both(format!("{part}年{}", label.zh), format!("{} {part}", label.en)),
            Some("dimension") => {
                let dimension = Dimension::from_code(part).map_or_else(|| same(part), |one| one.words().into());
                if field.pattern.ends_with('}') {
                    dimension
                } else {
                    beside([dimension, label])
                }
            }
            Some("part") => chosen(COMPONENT, part),
            Some("column") => same(part),
            _ => label,
        }
    }

    /// The label of one stored key: of a set with the member.
    pub fn key_label(&self, field: &Field, part: &str) -> Words {
        let label = self.label(field, part);
        if field.kind.is_set() {
            joined_pair(label, self.member_shown(field, part))
        } else {
            label
        }
    }

    /// The unequal values that stand for one key of a record, each with who wrote it and when; one where nobody disagrees.
    pub fn values(&self, at: &At, record: &Record, field: &Field, part: &str, key: &str) -> Vec<ValueView> {
        let live = record.live(key);
        let mut unequal: Vec<Vec<&Live>> = Vec::new();
        for one in live {
            match unequal.iter_mut().find(|same| same[0].value == one.value) {
                Some(same) => same.push(one),
                None => unequal.push(vec![one]),
            }
        }
        if unequal.iter().all(|same| same[0].value.is_empty()) {
            return Vec::new();
        }
        let differs = unequal.len() > 1;
        let view = |same: &Vec<&Live>| {
            let written = same.iter().map(|one| self.first_written(record, key, one));
            let mut written: Vec<Hash> = written.collect();
            written.sort_by_key(|hash| self.made_by(*hash).1);
            let first = written[0];
            let (author, at_ms) = self.made_by(first);
            let mut names: Vec<String> = written.iter().map(|hash| self.name(self.made_by(*hash).0)).collect();
            names.dedup();
            let change = self.authors.get(&first).filter(|_| differs);
            let seen = change.map(|change| self.document.seen_before(at, key, change));
            let seen = seen.unwrap_or_default();
            ValueView {
                id: base_text(&[same[0].hash]),
                value: typed(field, &same[0].value),
                shown: self.shown_at(at, field, part, &same[0].value),
                author: names.join("、"),
                at: at_ms,
                mine: author == Some(self.me),
                during: self.during(first).into(),
                device: author
                    .filter(|_| differs)
                    .map(|one| self.village.phones_of(one))
                    .unwrap_or_default(),
                seen: joined(
                    seen.iter().map(|one| self.shown_at(at, field, part, &one.value)),
                    " / ",
                    " / ",
                ),
            }
        };
        unequal.iter().map(view).collect()
    }
}

fn joined_pair(label: Words, member: Words) -> Words {
    both(
        format!("{} {}", label.zh, member.zh),
        format!("{}: {}", label.en, member.en),
    )
}

/// What an assessment is called.
pub(super) fn assessment_words(kind: Option<AssessmentKind>) -> Words {
    match kind {
        Some(AssessmentKind::Housing) => both("住房鉴定", "Housing assessment"),
        Some(AssessmentKind::Water) => both("饮水鉴定", "Water assessment"),
        None => RecordKind::Assessment.words().into(),
    }
}

/// A stored value as one would type it: money in yuan, an area in its unit.
pub(super) fn typed(field: &Field, value: &Scalar) -> String {
    match (field.kind, value) {
        (Type::Fen(..), Scalar::Int(fen)) => Fen(*fen).to_string(),
        (Type::Area(_), Scalar::Int(area)) => crate::base::decimal::hundredths(*area),
        (_, value) => value.to_text(),
    }
}
