//! The editor of any record: what it holds, what it would be while one types, and writing what was changed.

use super::filled::Filled;
use super::lens::{Lens, kind_of};
use super::say::both;
use super::seen::{base_in, base_of, document_id};
use super::slots::{Drawing, title};
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::api::FieldChange;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::shelf::Shelved;
use crate::client::store::{Batch, Store};
use crate::client::view::{FieldView, RecordView, SavedView, Section};
use crate::doc::{At, DocKind, Document, Hash, Put, Record, place_id};
use crate::register::enums::AssessmentKind;
use crate::register::field::RecordKind;
use crate::register::values::Values;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What an editor is open on.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    /// A record that is there.
    Existing(At, RecordKind),
    /// A new one, with what is given from the start.
    New(RecordKind, Vec<(&'static str, String)>),
}

impl Target {
    /// What the app names: `own`, `persons/<id>`, `persons/` for a new person, `assessments/housing` and
    /// `assessments/water` for a new assessment, `facilities/` for a new facility.
    fn read(document: DocKind, record: &str) -> Result<Self, ClientError> {
        let new_assessment = |kind: Option<AssessmentKind>| {
            let given = kind.map(|kind| ("kind", kind.code().to_owned())).into_iter().collect();
            Ok(Target::New(RecordKind::Assessment, given))
        };
        if document == DocKind::Household {
            match record.split_once('/') {
                Some(("persons", "")) => return Ok(Target::New(RecordKind::Person, Vec::new())),
                Some(("assessments", "")) => return new_assessment(None),
                Some(("assessments", kind)) if AssessmentKind::from_code(kind).is_some() => {
                    return new_assessment(AssessmentKind::from_code(kind));
                }
                _ => {}
            }
        }
        if document == DocKind::Place && record == "facilities/" {
            return Ok(Target::New(RecordKind::Facility, Vec::new()));
        }
        let at: At = record.parse().map_err(|_| ClientError::NotFound)?;
        let kind = kind_of(document, &at).ok_or(ClientError::NotFound)?;
        Ok(Target::Existing(at, kind))
    }

    fn kind(&self) -> RecordKind {
        match self {
            Target::Existing(_, kind) | Target::New(kind, _) => *kind,
        }
    }

    /// The record of this target as it stood at `heads`, or now.
    fn record(&self, document: &Document, heads: Option<&[Hash]>) -> Result<Record, ClientError> {
        let Target::Existing(at, _) = self else {
            return Ok(Record::default());
        };
        let record = match heads {
            Some(heads) => document.record_at(at, heads),
            None => document.record(at),
        };
        record.ok_or(ClientError::NotFound)
    }

    /// The same with what is given from the start.
    fn filled(&self, record: &Record, lens: &Lens<'_>) -> Filled {
        let mut filled = Filled::of(self.kind(), record);
        if let Target::New(kind, given) = self {
            if *kind == RecordKind::Assessment {
                filled.put("on", lens.today.to_string());
            }
            given.iter().for_each(|(key, value)| filled.put(*key, value.as_str()));
        }
        filled
    }

    /// Where it stands; of a new one a place that no record has.
    fn at(&self) -> At {
        match self {
            Target::Existing(at, _) => at.clone(),
            Target::New(kind, _) => At::table(kind.table().unwrap_or_default(), RecordId([0xff; 16])),
        }
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// The kind of a document that can be edited. That of the places of the village is made with its first facility: until
    /// then it is there as every phone would begin it.
    async fn editable(&mut self, id: DocId) -> Result<DocKind, ClientError> {
        if id == place_id(self.space()?) && self.find(id).await?.is_none() {
            self.keep_open(Shelved::new(DocKind::Place, id));
        }
        self.document(id).await.map(Document::kind)
    }

    /// A record with all its editable fields.
    pub(super) async fn record(&mut self, document: &str, record: &str) -> Result<RecordView, ClientError> {
        let id = document_id(document)?;
        let kind = self.editable(id).await?;
        let target = Target::read(kind, record)?;
        let lens = self.lens(id)?;
        let stored = target.record(lens.document, None)?;
        let filled = target.filled(&stored, &lens);
        let at = match &target {
            Target::Existing(at, _) => Some(at),
            Target::New(..) => None,
        };
        let places = at.map(|at| (at, self.where_of(lens.document).0));
        let place = places.and_then(|(at, places)| places.get(at).copied());
        Ok(RecordView {
            standing: place.map(|place| self.where_view(place)),
            document: id.to_string(),
            record: record.to_owned(),
            base: base_of(lens.document),
            title: title(target.kind(), at, &filled, &lens),
            sections: self.sections(&lens, &target, &stored, &filled),
            exists: at.is_some(),
            // A finding is made void by a step of its own.
            may_withdraw: at.is_some() && !stored.is_void() && !kind.is_of_desk() && kind != DocKind::Finding,
            may_restore: at.is_some() && stored.is_void() && !kind.is_of_desk(),
            void_reason: void_reason(&stored),
        })
    }

    /// What the fields would be after these changes: those that were typed, and those that are another way now.
    pub(super) async fn preview(
        &mut self,
        document: &str,
        record: &str,
        changes: &[FieldChange],
    ) -> Result<Vec<FieldView>, ClientError> {
        let id = document_id(document)?;
        let target = Target::read(self.editable(id).await?, record)?;
        let lens = self.lens(id)?;
        let stored = target.record(lens.document, None)?;
        let before = target.filled(&stored, &lens);
        let after = typed_into(&before, changes, &lens)?;
        let fields = |filled: &Filled| {
            let sections = self.sections(&lens, &target, &stored, filled);
            sections.into_iter().flat_map(|section| section.fields)
        };
        let known: BTreeMap<String, FieldView> = fields(&before).map(|field| (field.key.clone(), field)).collect();
        let typed = |field: &FieldView| changes.iter().any(|change| change.key == field.key);
        Ok(fields(&after)
            .filter(|field| typed(field) || known.get(&field.key) != Some(field))
            .collect())
    }

    fn sections(&self, lens: &Lens<'_>, target: &Target, stored: &Record, filled: &Filled) -> Vec<Section> {
        let at = target.at();
        Drawing {
            lens,
            at: &at,
            kind: target.kind(),
            record: stored,
            flags: filled.flags(&at, lens),
            filled,
            with_choices: true,
            exists: matches!(target, Target::Existing(..)),
            next_job: (target.kind() == RecordKind::Person).then(|| self.next_job(lens.document.id(), &at, stored)),
        }
        .sections()
    }

    /// The row that one more employment would have. The same as long as nothing was added, so that a half-filled form finds
    /// it again; another one on every phone, so that two people do not fill the same row without knowing of each other.
    fn next_job(&self, document: DocId, at: &At, stored: &Record) -> String {
        let mut sha = Sha256::new();
        sha.update("bianfang/job");
        sha.update(self.enrolled().map(|enrolled| enrolled.device.0).unwrap_or_default());
        sha.update(document.as_bytes());
        sha.update(at.to_string());
        for (row, _) in stored.under("job") {
            sha.update(row);
        }
        let digest: [u8; 32] = sha.finalize().into();
        RecordId(std::array::from_fn(|at| digest[at])).to_string()
    }

    /// Writes what the person changed, on what the person saw.
    pub(super) async fn save_record(
        &mut self,
        document: &str,
        record: &str,
        base: &str,
        changes: &[FieldChange],
    ) -> Result<SavedView, ClientError> {
        let id = document_id(document)?;
        let kind = self.editable(id).await?;
        if kind.is_of_desk() {
            // The desk alone writes who belongs to the village.
            return Err(ClientError::Refused("not_allowed".into(), 0));
        }
        let target = Target::read(kind, record)?;
        // To look for the same elsewhere changes no words of it.
        if kind == DocKind::Finding && changes.iter().any(|change| change.key != "scope") {
            self.refuse_circulated(id)?;
        }
        let lens = self.lens(id)?;
        let base = base_in(lens.document, base)?;
        let seen = target.record(lens.document, Some(&base))?;
        let filled = typed_into(&target.filled(&seen, &lens), changes, &lens)?;
        let (at, mut puts) = match &target {
            Target::Existing(at, _) => (at.clone(), filled.puts(at, &seen)),
            Target::New(kind, _) => {
                let named = !filled.values.text("name").is_empty();
                match kind {
                    RecordKind::Person if !named => return Err(nameless()),
                    RecordKind::Facility if !named => {
                        let words = both("请填设施名称", "Please fill in what the facility is called");
                        return Err(ClientError::Field("facility_name".into(), words));
                    }
                    _ => {}
                }
                let at = At::table(kind.table().unwrap_or_default(), self.host.record_id());
                (at.clone(), vec![filled.create(&at)])
            }
        };
        if target.kind() == RecordKind::Assessment {
            puts.extend(current_state(&lens, &at, &filled, &base));
        }
        if puts.is_empty() {
            return self.saved(id, &at, &filled).await;
        }
        let edit = DocEdit {
            kind,
            document: id,
            base: Some(base),
            puts,
        };
        self.save(vec![edit], Batch::default()).await?;
        self.saved(id, &at, &filled).await
    }
}

/// A record with what was typed and what follows from it.
pub(super) fn typed_into(before: &Filled, changes: &[FieldChange], lens: &Lens<'_>) -> Result<Filled, ClientError> {
    let mut after = before.clone();
    after.type_in(changes, lens)?;
    after.follow(before, lens);
    Ok(after)
}

/// Why a record was withdrawn; a dash where nobody wrote it, nothing where it was not.
pub(super) fn void_reason(record: &Record) -> String {
    void_words(record.is_void(), &record.text("void/reason"))
}

/// The same of what was read of it.
pub(super) fn void_words(void: bool, reason: &str) -> String {
    match reason {
        _ if !void => String::new(),
        "" => "—".into(),
        reason => reason.into(),
    }
}

/// A person is found by name.
pub(super) fn nameless() -> ClientError {
    ClientError::Field("person_name".into(), both("请填姓名", "Please fill in the name"))
}

/// What an assessment says of the household as it is now: its grade or verdict becomes the household's, unless a later
/// assessment of the same kind has said something.
pub(super) fn current_state(lens: &Lens<'_>, at: &At, assessment: &Filled, base: &[Hash]) -> Vec<Put> {
    let (from, to) = match AssessmentKind::from_code(&assessment.values.text("kind")) {
        Some(AssessmentKind::Housing) => ("grade", "housing_grade"),
        Some(AssessmentKind::Water) => ("verdict", "water"),
        None => return Vec::new(),
    };
    let said = assessment
        .values
        .value(from)
        .filter(|_| assessment.touched().any(|key| key == from));
    let (kind, on) = (assessment.values.text("kind"), assessment.values.text("on"));
    let later = lens.document.records("assessments").into_iter().any(|(id, other)| {
        let standing = !other.is_void() && other.text("kind") == kind && !other.text(from).is_empty();
        At::table("assessments", id) != *at && standing && other.text("on") > on
    });
    match (said, lens.document.record_at(&At::Own, base)) {
        (Some(value), Some(seen)) if !later => {
            let mut own = Filled::of(RecordKind::Household, &seen);
            own.put(to, value.clone());
            own.puts(&At::Own, &seen)
        }
        _ => Vec::new(),
    }
}
