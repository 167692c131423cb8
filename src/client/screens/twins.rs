//! 疑似重复户 and persons typed twice: the pairs as lists show them, and 合并记录, 不是同一户 and their undoing. A decision is
//! a record of its own in the document of one of the two; another decision at the same time stands beside it, and both show.

use super::lens::Lens;
use super::say::{beside, both, same};
use super::seen::document_id;
use super::withdraw::reason_of;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::base::text;
use crate::client::alike::{Alike, AlikePersons};
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::store::{Batch, Store};
use crate::client::twins::Who;
use crate::client::view::{DecisionView, PartView, SavedView, TwinView, Words};
use crate::doc::{At, DocKind, Put, Scalar};
use crate::index::{RowPerson, Tag, person_tag};
use crate::register::duplicate::PersonReason;
use crate::register::link::{APART, Decision, Link, SAME, ordered};
use std::collections::BTreeSet;

/// A household, or a person of one, as the app names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Twin {
    pub household: DocId,
    pub person: Option<Tag>,
}

impl Twin {
    /// A household as a whole.
    pub fn household(household: DocId) -> Self {
        Self {
            household,
            person: None,
        }
    }
    /// A person of a household.
    pub fn person((household, tag): Who) -> Self {
        Self {
            household,
            person: Some(tag),
        }
    }

    /// What the app hands back.
    pub fn read(written: &str) -> Result<Self, ClientError> {
        let Some((household, tag)) = written.split_once('/') else {
            return Ok(Self::household(document_id(written)?));
        };
        let bytes = u32::from_str_radix(tag, 16).map_err(|_| ClientError::NotFound)?;
        Ok(Self {
            household: document_id(household)?,
            person: Some(bytes.to_be_bytes()),
        })
    }

    /// The person, where it is one.
    pub fn who(self) -> Option<Who> {
        Some((self.household, self.person?))
    }
}

impl std::fmt::Display for Twin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.person {
            None => write!(out, "{}", self.household),
            Some(tag) => write!(out, "{}/{:08x}", self.household, u32::from_be_bytes(tag)),
        }
    }
}

/// A decision in words, for the app.
pub(super) fn state(decision: Option<Decision>) -> &'static str {
    match decision {
        None => "open",
        Some(Decision::Same) => "same",
        Some(Decision::Apart) => "apart",
        Some(Decision::Disputed) => "disputed",
    }
}

/// The two that somebody wants to decide about, with the ids of the persons where it is about those.
struct Two {
    one: Twin,
    other: Twin,
    persons: Option<(RecordId, RecordId)>,
}

impl Two {
    /// A link says something about these two, from the document in which it stands.
    fn meant(&self, here: DocId, link: &Link) -> bool {
        let sides = ordered(here, link.other) == ordered(self.one.household, self.other.household);
        let persons = match (self.persons, link.persons) {
            (None, None) => true,
            (Some((one, other)), Some((here, there))) => ordered(one, other) == ordered(here, there),
            _ => false,
        };
        sides && persons && !link.void
    }

    /// What says so from now on; the first of the two keeps it.
    fn link(&self, at: &At, same: bool) -> Put {
        let mut fields: Vec<(String, Scalar)> = vec![("what".into(), if same { SAME } else { APART }.into())];
        if self.one.household != self.other.household {
            fields.push(("household".into(), self.other.household.to_string().as_str().into()));
        }
        if let Some((one, other)) = self.persons {
            fields.push(("person".into(), one.to_string().as_str().into()));
            fields.push(("other".into(), other.to_string().as_str().into()));
        }
        Put::Create {
            at: at.clone(),
            fields,
            notes: Vec::new(),
        }
    }
}

fn withdrawn(at: &At, reason: &str, today: &str) -> [Put; 2] {
    [("void/reason", reason), ("void/on", today)].map(|(key, value)| Put::Value {
        at: at.clone(),
        key: key.into(),
        value: value.into(),
    })
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Two households in a line.
    pub(super) fn twin_households(&self, pair: &Alike) -> Option<TwinView> {
        let words = |id: DocId| -> Option<Words> {
            let row = self.core.rows.household(id)?;
            Some(beside([
                same(row.head()),
                same(row.group.clone()),
                same(row.number.clone()),
            ]))
        };
        Some(TwinView {
            one: Twin::household(pair.one).to_string(),
            other: Twin::household(pair.other).to_string(),
            what: "household".into(),
            one_words: words(pair.one)?,
            other_words: words(pair.other)?,
            certain: pair.reason.is_some_and(|reason| reason.is_certain()),
            why: pair.reason.map(|reason| reason.words().into()).unwrap_or_default(),
            state: if pair.disputed { "disputed" } else { "open" }.into(),
        })
    }

    /// Two persons in a line.
    pub(super) fn twin_persons(&self, pair: &AlikePersons) -> Option<TwinView> {
        let state = if pair.disputed { "disputed" } else { "open" };
        self.persons_in_line(pair.one, pair.other, pair.reason, state)
    }

    fn persons_in_line(&self, one: Who, other: Who, reason: Option<PersonReason>, state: &str) -> Option<TwinView> {
        let (first, second) = (self.row_person(one)?, self.row_person(other)?);
        Some(TwinView {
            one: Twin::person(one).to_string(),
            other: Twin::person(other).to_string(),
            what: "person".into(),
            one_words: self.person_in_words(one.0, first),
            other_words: self.person_in_words(other.0, second),
            certain: reason.is_some_and(PersonReason::is_certain),
            why: reason.map(|reason| reason.words().into()).unwrap_or_default(),
            state: state.into(),
        })
    }

    pub(super) fn row_person(&self, (household, tag): Who) -> Option<&RowPerson> {
        let row = self.core.rows.household(household)?;
        row.persons.iter().find(|person| person.tag == tag)
    }

    fn person_in_words(&self, household: DocId, person: &RowPerson) -> Words {
        let row = self.core.rows.household(household);
        let of = row.map(|row| row.head()).filter(|head| *head != person.name);
        let last4 =
            (!person.last4.is_empty()).then(|| both(format!("尾号{}", person.last4), format!("…{}", person.last4)));
        let of = of.map(|head| both(format!("{head}户"), format!("household of {head}")));
        beside([
            same(person.name.clone()),
            of.unwrap_or_default(),
            last4.unwrap_or_default(),
        ])
    }

    /// Everything that looks alike and is not decided: households first.
    pub(super) fn all_twins(&self) -> Vec<TwinView> {
        let alike = self.core.rows.alike();
        let households = alike.households.iter().filter_map(|pair| self.twin_households(pair));
        households
            .chain(alike.persons.iter().filter_map(|pair| self.twin_persons(pair)))
            .collect()
    }

    /// The persons of these households who look alike, and those who were joined by hand: each beside another one of these
    /// households, or beside anybody.
    pub(super) fn persons_alike(&self, households: &[DocId], among: bool) -> Vec<TwinView> {
        let here = |who: Who| households.contains(&who.0);
        let concerned = |one: Who, other: Who| {
            if among {
                here(one) && here(other)
            } else {
                here(one) || here(other)
            }
        };
        let alike = self.core.rows.alike().persons.iter();
        let open = alike.filter(|pair| concerned(pair.one, pair.other));
        let mut all: Vec<TwinView> = open.filter_map(|pair| self.twin_persons(pair)).collect();
        let joined = self.core.rows.twins().persons.joined();
        let persons = households.iter().flat_map(|household| {
            let row = self.core.rows.household(*household);
            let persons = row.map(|row| row.persons.as_slice()).unwrap_or_default();
            persons.iter().map(|person| (*household, person.tag))
        });
        let leaders: BTreeSet<Who> = persons.map(|who| joined.leader(who)).collect();
        for leader in leaders {
            for who in joined.others(leader).filter(|who| concerned(leader, *who)) {
                let reason = self.same_person(leader, who);
                all.extend(self.persons_in_line(leader, who, reason, "same"));
            }
        }
        all
    }

    /// Why two that were joined looked alike, as far as it still shows.
    fn same_person(&self, one: Who, other: Who) -> Option<PersonReason> {
        let (first, second) = (self.row_person(one)?, self.row_person(other)?);
        let namesakes = text::name(&first.name) == text::name(&second.name);
        let rows = &self.core.rows;
        if first.id_hash == second.id_hash && first.id_hash != [0; 8] {
            Some(PersonReason::SameId)
        } else if namesakes && rows.leader(one.0) == rows.leader(other.0) {
            Some(PersonReason::SameFamily)
        } else {
            let born = namesakes && first.born == second.born && first.born != 0;
            born.then_some(PersonReason::SameBirth)
        }
    }

    /// The records that are shown under a household.
    pub(super) fn part_views(&self, lead: DocId, lenses: &[(DocId, Vec<DecisionView>)]) -> Vec<PartView> {
        let parts = lenses.iter().filter_map(|(part, joined)| {
            Some(PartView {
                household: self.household_row(*part, self.core.rows.household(*part)?, ""),
                joined: joined.clone(),
                one: Twin::household(lead).to_string(),
                other: Twin::household(*part).to_string(),
            })
        });
        parts.collect()
    }

    /// What stands between two, from either document.
    pub(super) async fn decisions(&mut self, one: Twin, other: Twin) -> Result<Vec<DecisionView>, ClientError> {
        let two = self.two(one, other).await?;
        self.standing(&two).await
    }

    async fn standing(&mut self, two: &Two) -> Result<Vec<DecisionView>, ClientError> {
        let mut all = Vec::new();
        let mut homes = vec![two.one.household, two.other.household];
        homes.dedup();
        for home in homes {
            self.document(home).await?;
            let lens = self.lens(home)?;
            let links = lens.document.links().into_iter();
            all.extend(
                links
                    .filter(|link| two.meant(home, link))
                    .map(|link| decision(&lens, home, &link)),
            );
        }
        all.sort_by_key(|one| one.at);
        Ok(all)
    }

    async fn two(&mut self, one: Twin, other: Twin) -> Result<Two, ClientError> {
        // The lower one keeps what is decided, so that both phones look for it in one place first.
        let (one, other) = ordered(one, other);
        if one == other {
            return Err(ClientError::NotFound);
        }
        let persons = match (one.person, other.person) {
            (Some(first), Some(second)) => Some((
                self.person_record(one.household, first).await?,
                self.person_record(other.household, second).await?,
            )),
            (None, None) => None,
            _ => return Err(ClientError::NotFound),
        };
        Ok(Two { one, other, persons })
    }

    /// The record of a person that the lists know.
    pub(super) async fn person_record(&mut self, household: DocId, tag: Tag) -> Result<RecordId, ClientError> {
        let document = self.document(household).await?;
        let ids = document.record_ids("persons").into_iter();
        ids.filter(|id| person_tag(*id) == tag)
            .min()
            .ok_or(ClientError::NotFound)
    }

    /// 合并 or 不是同一户: from now on this stands between the two, and what was seen before does not.
    pub(super) async fn decide_twins(
        &mut self,
        one: &str,
        other: &str,
        same: bool,
        seen: &[String],
    ) -> Result<SavedView, ClientError> {
        let two = self.two(Twin::read(one)?, Twin::read(other)?).await?;
        if self.document(two.one.household).await?.kind() != DocKind::Household {
            return Err(ClientError::NotFound);
        }
        let reason = if same {
            "改为是同一个"
        } else {
            "改为不是同一个"
        };
        let mut edits = self.withdrawing(&two, seen, reason).await?;
        let at = At::table("links", self.host.record_id());
        let link = two.link(&at, same);
        match edits.iter_mut().find(|edit| edit.document == two.one.household) {
            Some(edit) => edit.puts.push(link),
            None => edits.push(DocEdit {
                kind: DocKind::Household,
                document: two.one.household,
                base: None,
                puts: vec![link],
            }),
        }
        self.save_twins(edits, two.one.household, &at).await
    }

    /// 撤销: what was seen of the decisions between the two stands no more, with the reason.
    pub(super) async fn undecide_twins(
        &mut self,
        one: &str,
        other: &str,
        seen: &[String],
        reason: &str,
    ) -> Result<SavedView, ClientError> {
        let reason = reason_of(reason, ("请写撤销原因", "Please write why it is undone"))?;
        let two = self.two(Twin::read(one)?, Twin::read(other)?).await?;
        let edits = self.withdrawing(&two, seen, &reason).await?;
        if edits.is_empty() {
            return Err(ClientError::NotFound);
        }
        self.save_twins(edits, two.one.household, &At::Own).await
    }

    async fn withdrawing(&mut self, two: &Two, seen: &[String], reason: &str) -> Result<Vec<DocEdit>, ClientError> {
        let today = self.today().to_string();
        let standing = self.standing(two).await?;
        let mut edits: Vec<DocEdit> = Vec::new();
        for decision in standing.iter().filter(|one| seen.contains(&one.id)) {
            let (home, record) = decision.id.split_once('/').ok_or(ClientError::NotFound)?;
            let (home, at) = (document_id(home)?, super::seen::record_at(record)?);
            let puts = withdrawn(&at, reason, &today);
            match edits.iter_mut().find(|edit| edit.document == home) {
                Some(edit) => edit.puts.extend(puts),
                None => edits.push(DocEdit {
                    kind: DocKind::Household,
                    document: home,
                    base: None,
                    puts: puts.into(),
                }),
            }
        }
        Ok(edits)
    }

    async fn save_twins(&mut self, edits: Vec<DocEdit>, document: DocId, at: &At) -> Result<SavedView, ClientError> {
        self.save(edits, Batch::default()).await?;
        Ok(SavedView {
            document: document.to_string(),
            record: at.to_string(),
            local: self.core.outbox.len() as u32,
            differs: 0,
        })
    }
}

fn decision(lens: &Lens<'_>, home: DocId, link: &Link) -> DecisionView {
    let at = At::table("links", link.id);
    let made = lens.document.created_by(&at).map(|hash| lens.made_by(hash));
    let (author, at_ms) = made.unwrap_or((None, 0));
    DecisionView {
        id: format!("{home}/{at}"),
        same: link.same,
        author: lens.name(author),
        at: at_ms,
        mine: author == Some(lens.me),
    }
}
