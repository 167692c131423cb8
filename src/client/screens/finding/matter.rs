//! 事项: what a person begins for a household beside problems, such as the renovation of its house. It is a finding under
//! another procedure: the same record, the same page, the same steps.

use super::{Opened, PROCEDURE, carried_words};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::api::Reply;
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::forms::subject::CANNOT_WORK;
use crate::client::screens::say::{both, joined, same, sentence};
use crate::client::screens::seen::document_id;
use crate::client::store::{Batch, Store};
use crate::client::view::{Choice, LineView, MatterRow, SavedView, Words};
use crate::doc::{At, DocKind, Document, Of, Put};
use crate::ledger::procedure::Procedure;
use crate::ledger::{Standing, begun_by_hand};
use crate::register::field::{RecordKind, named};
use crate::register::household::Household;
use crate::register::person::Person;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

const HOUSEHOLD: &str = "household";
const PERSON: &str = "person";
const GRADE: &str = "housing_grade";
/// 义务教育: from the year in which a child is six to that in which it is fifteen, whole years.
const COMPULSORY: std::ops::RangeInclusive<u32> = 6..=15;
const YES: &str = "是";
const NO: &str = "否";

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A finding with what its procedure reads of its household. A matter whose household is not on this phone yet cannot
    /// be judged.
    pub(super) async fn opened_matter(&mut self, id: DocId) -> Result<Opened, ClientError> {
        let document = self.document(id).await?;
        if document.kind() != DocKind::Finding {
            return Err(ClientError::NotFound);
        }
        let own = document.own();
        let (pinned, person) = (own.text(PROCEDURE), own.text(PERSON));
        let household: Option<DocId> = own.text(HOUSEHOLD).parse().ok();
        let about = match household.filter(|_| !pinned.is_empty()) {
            Some(household) => {
                let today = self.today();
                about(self.document(household).await?, person.parse().ok(), today)
            }
            None => BTreeMap::new(),
        };
        let mut opened = Opened::of(self.opened(id)?, &self.core.procedures);
        opened.about.extend(about);
        opened.about.extend(self.sweep_told(id));
        Ok(opened)
    }

    /// What was written down of a matter and still holds, and the numbers that follow from it.
    pub(super) fn facts(&self, procedure: &Procedure, standing: &Standing) -> Vec<LineView> {
        let fields = procedure.events.iter().flat_map(|kind| &kind.fields);
        let mut kept: Vec<LineView> = Vec::new();
        let mut done: Vec<&str> = Vec::new();
        for field in fields.filter(|field| field.keep.is_some()) {
            let value = standing.fact(&field.name);
            if value.is_empty() || done.contains(&field.name.as_str()) {
                continue;
            }
            done.push(&field.name);
            let member = |member| self.core.village.name_of(member);
            kept.push(LineView {
                label: sentence(field.label.clone()),
                value: carried_words(field, value, self.today(), member),
            });
        }
        let mut reckoned: Vec<&str> = Vec::new();
        for scale in &procedure.scales {
            let of = standing.fact(&scale.of).parse().ok();
            let Some(number) = of
                .and_then(|of| scale.at(of))
                .filter(|_| !reckoned.contains(&scale.name.as_str()))
            else {
                continue;
            };
            reckoned.push(&scale.name);
            kept.push(LineView {
                label: sentence(scale.label.clone()),
                value: same(number.to_string()),
            });
        }
        kept
    }

    /// What may be begun for a household, and what was.
    pub(in crate::client::screens) async fn matters(&mut self, household: &str) -> Result<Reply, ClientError> {
        let id = document_id(household)?;
        let head = self
            .core
            .rows
            .family(id)
            .ok_or(ClientError::NotFound)?
            .head()
            .to_owned();
        let today = self.today();
        self.document(id).await?;
        let (document, sight) = (self.opened(id)?, self.sight());
        let family = document.family(Of::Counted);
        let matters = begun_by_hand().map(|name| {
            let procedure = self.core.procedures.of(name, None);
            let persons = family.members(today).into_iter().filter(|person| {
                procedure.of_person
                    && procedure
                        .hinders(&about_of(document, &family, Some(person), today))
                        .is_none()
            });
            let persons: Vec<Choice> = persons
                .map(|person| Choice {
                    value: person.id.to_string(),
                    words: same(&person.name),
                })
                .collect();
            let hindered = match procedure.of_person {
                true if persons.is_empty() => both("家里没有人适用", "It applies to nobody in the family"),
                true => Words::default(),
                false => hindered(&procedure, &about_of(document, &family, None, today)),
            };
            let there = self
                .findings_of(id)
                .into_iter()
                .filter(|(_, row)| row.procedure == name);
            MatterRow {
                procedure: name.to_owned(),
                title: sentence(procedure.title.clone()),
                persons,
                hindered,
                there: there.map(|(id, row)| self.finding_row(&sight, id, row)).collect(),
            }
        });
        Ok(Reply::Matters {
            head,
            matters: matters.collect(),
        })
    }

    /// Begins a matter. One of the same kind that is open for the same household or person is not begun again.
    pub(in crate::client::screens) async fn begin_matter(
        &mut self,
        household: &str,
        name: &str,
        person: &str,
    ) -> Result<SavedView, ClientError> {
        let id = document_id(household)?;
        let name = begun_by_hand()
            .find(|known| *known == name)
            .ok_or(ClientError::NotFound)?;
        let procedure = self.core.procedures.of(name, None);
        let today = self.today();
        let document = self.document(id).await?;
        let family = document.family(Of::Counted);
        let about = match procedure.of_person {
            true => Some(find(&family, person, today).ok_or(ClientError::NotFound)?),
            false => None,
        };
        let hinders = hindered(&procedure, &about_of(document, &family, about, today));
        if !hinders.is_empty() {
            return Err(ClientError::Field("matter_not_of_it".into(), hinders));
        }
        let (sight, who) = (
            self.sight(),
            about.map(|person| person.name.clone()).unwrap_or_default(),
        );
        let before = self.findings_of(id).into_iter();
        let before: Vec<_> = before
            .filter(|(_, row)| row.procedure == name && row.words == who && !row.void)
            .collect();
        if before.iter().any(|(_, row)| sight.is_open(row)) {
            let words = both(
                "这件事已经在办，请接着办",
                "It is under way already: go on with that one",
            );
            return Err(ClientError::Field("matter_under_way".into(), words));
        }
        let new = matter_id(id, name, person, before.len());
        let own = [
            (PROCEDURE, name.to_owned()),
            (HOUSEHOLD, id.to_string()),
            (PERSON, about.map(|person| person.id.to_string()).unwrap_or_default()),
            ("words", who),
            ("found_on", today.to_string()),
        ];
        let own = own.into_iter().filter(|(_, value)| !value.is_empty());
        let puts = own.map(|(key, value)| Put::Value {
            at: At::Own,
            key: key.to_owned(),
            value: value.as_str().into(),
        });
        let edit = DocEdit {
            kind: DocKind::Finding,
            document: new,
            base: None,
            puts: puts.collect(),
        };
        self.save(vec![edit], Batch::default()).await?;
        Ok(SavedView {
            document: new.to_string(),
            record: "own".into(),
            local: self.core.outbox.len() as u32,
            differs: 0,
        })
    }
}

fn find<'a>(family: &'a Household, person: &str, today: Date) -> Option<&'a Person> {
    let id: RecordId = person.parse().ok()?;
    family.members(today).into_iter().find(|person| person.id == id)
}

/// Why a procedure does not apply: what it asks for and what the register says.
fn hindered(procedure: &Procedure, about: &BTreeMap<String, String>) -> Words {
    let Some((label, value)) = procedure.hinders(about) else {
        return Words::default();
    };
    let value = match value {
        YES => both(YES, "yes"),
        NO => both(NO, "no"),
        "" => both("没有登记", "not known"),
        other => same(other),
    };
    let what = joined([sentence(label.clone()), value], "：", ": ");
    joined([what, both("所以不适用", "so it does not apply")], "，", "; ")
}

fn about(document: &Document, person: Option<RecordId>, today: Date) -> BTreeMap<String, String> {
    let family = document.family(Of::Counted);
    let person = family.persons.iter().find(|one| Some(one.id) == person);
    about_of(document, &family, person, today)
}

/// What is so about a household, or one of its persons, by the keys that procedures know. Where people disagree the more
/// cautious value counts; what nobody wrote down is left out.
fn about_of(document: &Document, family: &Household, person: Option<&Person>, today: Date) -> BTreeMap<String, String> {
    let yes_no = |is: bool| Some(if is { YES } else { NO }.to_owned());
    let own = document.own();
    let grades: Vec<_> = own.live(GRADE).iter().map(|live| &live.value).collect();
    let grade = named(RecordKind::Household, GRADE).cautious(&grades);
    let exited = family.attribute.ends_with("脱贫户") || !own.text("exited_on").is_empty();
    let registered = family.classes.contains("建档立卡") || family.attribute.ends_with("贫困户");
    let about = [
        ("grade", grade.map(|grade| grade.to_text())),
        ("no_labour", no_labour(family, today).and_then(yes_no)),
        ("registered", yes_no(registered && !exited)),
        ("helped", yes_no(family.needs_pairing(today))),
        ("child", person.map(|person| person.id.to_string())),
        (
            "compulsory",
            person.and_then(|person| yes_no(COMPULSORY.contains(&person.age_on(today)?))),
        ),
    ];
    let known = about
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    known.filter(|(_, value)| !value.is_empty()).collect()
}

/// Two people who begin a matter without knowing of each other begin the same one.
fn matter_id(household: DocId, procedure: &str, person: &str, before: usize) -> DocId {
    let mut sha = Sha256::new();
    sha.update("bianfang/matter");
    sha.update(household.as_bytes());
    sha.update(format!("{procedure}/{person}/{before}"));
    let digest: [u8; 32] = sha.finalize().into();
    DocId(std::array::from_fn(|at| digest[at]))
}

/// Nobody in the family can work; nothing where that is not written down of somebody who is grown up.
fn no_labour(family: &Household, today: Date) -> Option<bool> {
    let members = family.members(today);
    let can_work = |person: &&&Person| !person.labour.is_empty() && !CANNOT_WORK.contains(&person.labour.as_str());
    if members.iter().any(|person| can_work(&person)) {
        return Some(false);
    }
    let child = |person: &Person| person.age_on(today).is_some_and(|age| age < 16);
    let known = members.iter().all(|person| !person.labour.is_empty() || child(person));
    (known && !members.is_empty()).then_some(true)
}
