//! [保存] of a form: the answers, the problems that stay ticked, what the register learns, and the end of the draft, in one
//! durable step, on what the person saw.

use super::at;
use super::open::{Opened, troubles};
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::base::limits::CHANGE_BYTES_MAX;
use crate::base::scalar::Scalar;
use crate::client::api::FieldChange;
use crate::client::error::ClientError;
use crate::client::fill::{Snapshot, photo_place};
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::filled::Filled;
use crate::client::screens::lens::typed;
use crate::client::screens::say::{both, chosen, list};
use crate::client::store::Store;
use crate::client::view::{FormTrouble, ProposalView, SavedView, UpdateView, Words};
use crate::doc::{At, DocKind, Put, Record};
use crate::form::filling::Update;
use crate::register::enums::FINDING_CATEGORY;
use crate::register::field::{Field, RecordKind, Type, named};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Where the problems of a form come from.
const SOURCE: &str = "表单";
/// And those of a visit.
pub(in crate::client::screens) const VISIT_SOURCE: &str = "走访";
/// Room for what a change needs beside its keys and values.
const CHANGE_REST: usize = 32 * 1024;

/// The problem that a question of a record proposes: two phones that save it open one.
fn finding_id(record: RecordId, place: &str) -> DocId {
    let mut sha = Sha256::new();
    sha.update("bianfang/form-finding");
    sha.update(record.0);
    sha.update(place);
    let digest: [u8; 32] = sha.finalize().into();
    DocId(std::array::from_fn(|at| digest[at]))
}

/// A field of the register with what an answer says for it, as the editor takes it.
struct Told {
    place: String,
    field: &'static Field,
    key: String,
    text: String,
    part: String,
}

fn told(opened: &Opened) -> Vec<Told> {
    let updates = opened.fill.updates().into_iter();
    let told = updates.map(|update: Update<'_>| {
        let place = opened.fill.place_of(update.node);
        let part = update.year.clone().unwrap_or_default();
        let is_set = update.field.kind.is_set();
        Told {
            key: match is_set {
                true => update.field.prefix().to_owned(),
                false => update.key(""),
            },
            text: match is_set {
                true => update.values().join("、"),
                false => update.text.to_owned(),
            },
            field: update.field,
            place,
            part,
        }
    });
    // What an answer said when it was saved before is not said again by who corrects another one.
    told.filter(|told| opened.given.get(&told.place) != Some(&told.text))
        .collect()
}

/// The record of the register that a form writes into.
fn register_of(opened: &Opened) -> Option<(At, RecordKind)> {
    let kind = opened.whom.subject.written()?;
    match (kind.table(), opened.whom.about) {
        (Some(table), Some(id)) => Some((At::table(table, id), kind)),
        (None, None) => Some((At::Own, kind)),
        _ => None,
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What the answers propose.
    pub(super) fn proposal_views(&self, opened: &Opened) -> Vec<ProposalView> {
        let proposals = opened.fill.proposals().into_iter();
        let view = |proposal: crate::form::filling::Proposal| {
            let place = opened.fill.place_of(proposal.node);
            let finding = opened.of.record.map(|record| finding_id(record, &place));
            ProposalView {
                opened: finding.is_some_and(|id| self.core.rows.finding(id).is_some()),
                category_words: chosen(FINDING_CATEGORY, &proposal.category),
                category: proposal.category,
                words: proposal.words,
                place,
            }
        };
        proposals.map(view).collect()
    }

    /// What saving would write into the register.
    pub(super) async fn update_views(&mut self, opened: &Opened) -> Result<Vec<UpdateView>, ClientError> {
        let told = told(opened);
        let Some((at, kind)) = register_of(opened).filter(|_| !told.is_empty() && !opened.readonly) else {
            return Ok(Vec::new());
        };
        let id = opened.whom.document;
        if self.find(id).await?.is_none() {
            return Ok(Vec::new());
        }
        let lens = self.lens(id)?;
        let own = Filled::of(kind, &lens.document.record(&at).unwrap_or_default());
        let mut views = Vec::new();
        for one in told {
            let mut typed_in = own.clone();
            let change = FieldChange {
                key: one.key.clone(),
                value: one.text.clone(),
            };
            if typed_in.type_in(&[change], &lens).is_err() {
                continue;
            }
            let of = |filled: &Filled| -> Words {
                match one.field.kind.is_set() {
                    true => list(
                        filled
                            .set(one.field.prefix())
                            .iter()
                            .map(|member| lens.member_shown(one.field, member)),
                    ),
                    false => {
                        let value = filled.values.get(&one.key);
                        value
                            .map(|value| lens.shown(one.field, &one.part, value))
                            .unwrap_or_default()
                    }
                }
            };
            let (from, to) = (of(&own), of(&typed_in));
            if from != to {
                views.push(UpdateView {
                    label: lens.label(one.field, &one.part),
                    place: one.place,
                    from,
                    to,
                });
            }
        }
        Ok(views)
    }

    /// Saves the open form, unless something stands in the way.
    pub(super) async fn save_form(
        &mut self,
        opened: &Opened,
        finish: bool,
        problems: &[String],
    ) -> Result<(Option<SavedView>, Vec<FormTrouble>), ClientError> {
        if opened.readonly {
            return Err(ClientError::NotFound);
        }
        let in_the_way = troubles(opened, finish);
        if !in_the_way.is_empty() {
            return Ok((None, in_the_way));
        }
        let id = opened.of.record.unwrap_or_else(|| self.host.record_id());
        let (filled, mut puts) = self.record_puts(opened, id, finish)?;
        puts.extend(self.register_puts(opened).await?);
        let place = at(id);
        let mut edits = vec![DocEdit {
            kind: opened.whom.kind,
            document: opened.whom.document,
            base: (!opened.base.is_empty()).then(|| opened.base.clone()),
            puts,
        }];
        edits.extend(self.problem_edits(opened, id, &self.today().to_string(), problems));
        let end = self.end_of_draft(&opened.of).await?;
        self.save(edits, end).await?;
        let saved = self.saved(opened.whom.document, &place, &filled).await?;
        Ok((Some(saved), Vec::new()))
    }

    /// The record: of one that was there only what the person changed.
    fn record_puts(&self, opened: &Opened, id: RecordId, finish: bool) -> Result<(Filled, Vec<Put>), ClientError> {
        let form = opened.fill.form();
        let new = opened.of.record.is_none();
        let today = self.today().to_string();
        let mut filled = Filled::of(RecordKind::FormRecord, &opened.seen);
        if new {
            filled.put("form", form.id.as_str());
            filled.put("version", form.version.as_str());
            filled.put("source", opened.of.form.to_string());
            filled.put("about", opened.whom.about_text());
        }
        if new || (finish && !opened.was_done()) {
            filled.put("on", today);
        }
        if finish && !opened.was_done() {
            filled.put("done", 1);
        }
        let stored = opened.fill.stored();
        for (key, value) in answered(opened, &stored) {
            filled.put(key, value);
        }
        fits_a_change(&filled)?;
        let place = at(id);
        let puts = match new {
            true => vec![filled.create(&place)],
            false => filled.puts(&place, &opened.seen),
        };
        Ok((filled, puts))
    }

    /// What the register learns from what was answered here.
    pub(in crate::client::screens) async fn register_puts(&mut self, opened: &Opened) -> Result<Vec<Put>, ClientError> {
        let told = told(opened);
        let Some((place, kind)) = register_of(opened).filter(|_| !told.is_empty()) else {
            return Ok(Vec::new());
        };
        if self.find(opened.whom.document).await?.is_none() {
            return Ok(Vec::new());
        }
        let lens = self.lens(opened.whom.document)?;
        let Some(seen) = lens.document.record_at(&place, &opened.base) else {
            return Ok(Vec::new());
        };
        let mut own = Filled::of(kind, &seen);
        let changes: Vec<FieldChange> = told
            .into_iter()
            .filter(|one| !says_already(&seen, one, &own))
            .map(|one| FieldChange {
                key: one.key,
                value: one.text,
            })
            .collect();
        own.type_in(&changes, &lens)?;
        Ok(own.puts(&place, &seen))
    }

    /// One document for each problem that stays ticked and is not open yet, found on a day.
    pub(in crate::client::screens) fn problem_edits(
        &self,
        opened: &Opened,
        record: RecordId,
        on: &str,
        problems: &[String],
    ) -> Vec<DocEdit> {
        let today = self.today();
        let (source, found_in) = match opened.of.at_visit {
            true => (VISIT_SOURCE, "visit"),
            false => (SOURCE, "record"),
        };
        let read = |key: &str, written: &str| named(RecordKind::Finding, key).read(written, today).value;
        let proposals = opened.fill.proposals().into_iter();
        let ticked = proposals.map(|proposal| (opened.fill.place_of(proposal.node), proposal));
        ticked
            .filter(|(place, _)| problems.contains(place))
            .map(|(place, proposal)| (finding_id(record, &place), proposal))
            .filter(|(id, _)| self.core.rows.finding(*id).is_none())
            .map(|(id, proposal)| {
                let household = opened.whom.kind == DocKind::Household;
                let mut values = vec![
                    ("category", read("category", &proposal.category)),
                    ("words", read("words", &self.about_what(opened, &proposal.words))),
                    ("source", source.into()),
                    ("found_on", on.into()),
                    (found_in, record.to_string().into()),
                ];
                if household {
                    values.push(("household", opened.whom.document.to_string().into()));
                }
                let puts = values.into_iter().map(|(key, value)| Put::Value {
                    at: At::Own,
                    key: key.into(),
                    value,
                });
                DocEdit {
                    kind: DocKind::Finding,
                    document: id,
                    base: None,
                    puts: puts.collect(),
                }
            })
            .collect()
    }

    /// What is wrong, with whom or what it is about where the household does not say it.
    fn about_what(&self, opened: &Opened, words: &str) -> String {
        let name = &opened.whom.name;
        let said = opened.whom.about.is_none() && opened.whom.kind == DocKind::Household;
        let text = match said || name.is_empty() || words.contains(name.as_str()) {
            true => words.to_owned(),
            false => format!("{name}：{words}"),
        };
        let most = match named(RecordKind::Finding, "words").kind {
            Type::Text(most) => most,
            _ => usize::MAX,
        };
        text.chars().take(most).collect()
    }
}

/// A record that one change can hold.
pub(in crate::client::screens) fn fits_a_change(filled: &Filled) -> Result<(), ClientError> {
    let bytes: usize = filled
        .touched()
        .map(|key| key.len() + filled.values.get(key).map_or(0, |value| value.to_text().len()))
        .sum();
    if bytes <= CHANGE_BYTES_MAX - CHANGE_REST {
        return Ok(());
    }
    let words = both(
        "内容太多，存不下。请删去一些，草稿都还在",
        "This is more than one record can hold; take some out. The draft is kept",
    );
    Err(ClientError::Field("form_too_long".into(), words))
}

/// The register says so already, as one would type it.
fn says_already(seen: &Record, told: &Told, own: &Filled) -> bool {
    if told.field.kind.is_set() || seen.differs(&told.key) {
        return false;
    }
    own.values
        .get(&told.key)
        .is_some_and(|value| typed(told.field, value) == told.text)
}

/// What of the open form is to be written: what is another way than it was seen, and what somebody answered where people
/// disagree.
pub(in crate::client::screens) fn answered(
    opened: &Opened,
    stored: &BTreeMap<String, Scalar>,
) -> BTreeMap<String, Scalar> {
    let seen = &opened.seen;
    let mut changed: BTreeMap<String, Scalar> = stored
        .iter()
        .filter(|(key, value)| seen.get(key) != Some(value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if opened.of.record.is_none() {
        return changed;
    }
    for place in opened.fill.tapped() {
        let key = format!("answer/{place}");
        if seen.differs(&key) {
            let value = stored.get(&key).cloned().unwrap_or(Scalar::CLEARED);
            changed.insert(key, value);
        }
    }
    let before = Snapshot::of(seen);
    for place in before.texts.keys() {
        let key = format!("answer/{place}");
        // What stands in an instance that was taken out stays stored, and so does what the phone calculated.
        let open = opened.fill.node_at(place).is_some();
        if open && !stored.contains_key(&key) && seen.get(&key).is_some() {
            changed.insert(key, Scalar::CLEARED);
        }
    }
    for (place, live) in seen.under("answer") {
        let open = photo_place(place).is_some_and(|(question, _)| opened.fill.node_at(question).is_some());
        let key = format!("answer/{place}");
        if open && !stored.contains_key(&key) && live.iter().any(|one| !one.value.is_empty()) {
            changed.insert(key, Scalar::CLEARED);
        }
    }
    for place in before.instances {
        if opened.fill.node_at(&place).is_none() {
            changed.insert(format!("instance/{place}"), 0.into());
        }
    }
    for place in before.kept {
        let key = format!("kept/{place}");
        if !stored.contains_key(&key) {
            changed.insert(key, 0.into());
        }
    }
    changed
}
