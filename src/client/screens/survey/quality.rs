//! 数据质量: what the rules find, rule by rule; one tap opens a problem for it, the same one on every phone.

use super::ROWS_MAX;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::error::ClientError;
use crate::client::phone::{Book, DocEdit};
use crate::client::screens::say::{both, sentence};
use crate::client::screens::seen::document_id;
use crate::client::store::Store;
use crate::client::surveyed::Looked;
use crate::client::view::{QualityRow, QualityRule, QualityView, Words};
use crate::doc::{At, DocKind, Put};
use crate::index::HouseholdRow;
use crate::indicator::quality::{Hit, Rule, Rules, Test};
use crate::register::field::{RecordKind, Severity, named};
use sha2::{Digest as _, Sha256};

/// Where such problems come from.
const SOURCE: &str = "回头看";

/// Rules of one number are told apart by their places: DQ05-7.
fn key_of(rules: &Rules, place: u32) -> String {
    let id = rules.rules.get(place as usize).map(|rule| rule.id.as_str());
    format!("{}-{place}", id.unwrap_or_default())
}

/// The problem that is opened for what a rule finds: two phones that open it open one.
fn finding_id(household: DocId, rule: &str, person: Option<RecordId>) -> DocId {
    let mut sha = Sha256::new();
    sha.update("bianfang/quality-finding");
    sha.update(household.0);
    sha.update(person.map(|person| person.0).unwrap_or_default());
    sha.update(rule);
    let digest: [u8; 32] = sha.finalize().into();
    DocId(std::array::from_fn(|at| digest[at]))
}

fn severity(of: Severity) -> (&'static str, Words) {
    match of {
        Severity::Error => ("error", both("要改", "To mend")),
        Severity::Warning => ("warning", both("要核对", "To verify")),
        Severity::Suspicion => ("suspicion", both("存疑", "In doubt")),
    }
}

/// A list does not tell what is wrong about somebody's health.
fn words(rule: &Rule, hit: &Hit) -> Words {
    match rule.private {
        true => both("有一处要核对", "Something needs a look"),
        false => sentence(hit.words.clone()),
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// What the rules find, all of it or by one rule.
    pub(super) async fn quality(&mut self, wanted: &str) -> Result<QualityView, ClientError> {
        let looked = self.look().await?;
        let rules = self.core.surveyed.rules.clone();
        let all = self.all_looked();
        let mut counts = vec![0_u32; rules.rules.len()];
        let (mut rows, mut total) = (Vec::new(), 0);
        for (one, row) in &all {
            for hit in &one.hits {
                if let Some(count) = counts.get_mut(hit.rule as usize) {
                    *count += 1;
                }
                if wanted.is_empty() || key_of(&rules, hit.rule) == wanted {
                    total += 1;
                    if rows.len() < ROWS_MAX {
                        rows.extend(self.hit_row(&rules, one, row, hit));
                    }
                }
            }
        }
        let told = |place: usize, rule: &Rule, words: Words| QualityRule {
            key: key_of(&rules, place as u32),
            id: rule.id.clone(),
            label: sentence(rule.label.clone()),
            words,
            count: counts[place],
        };
        let every = || rules.rules.iter().enumerate();
        Ok(QualityView {
            looked,
            rule: wanted.to_owned(),
            rules: every()
                .filter(|(place, _)| counts[*place] > 0)
                .map(|(place, rule)| told(place, rule, Words::default()))
                .collect(),
            lacking: every()
                .filter(|(_, rule)| rule.test == Test::Lacks)
                .map(|(place, rule)| told(place, rule, sentence(rule.words.clone())))
                .collect(),
            total,
            rows,
        })
    }

    fn hit_row(&self, rules: &Rules, one: &Looked, row: &HouseholdRow, hit: &Hit) -> Option<QualityRow> {
        let rule = rules.rules.get(hit.rule as usize)?;
        let (severity, severity_words) = severity(rule.severity);
        let finding = finding_id(one.id, &rule.id, hit.person);
        Some(QualityRow {
            rule: key_of(rules, hit.rule),
            id: rule.id.clone(),
            severity: severity.to_owned(),
            severity_words,
            household: one.id.to_string(),
            head: row.head().to_owned(),
            group: row.group.clone(),
            person: hit.person.map(|person| person.to_string()).unwrap_or_default(),
            name: one.name_of(hit.person).to_owned(),
            label: sentence(rule.label.clone()),
            words: words(rule, hit),
            todo: sentence(rule.todo.clone()),
            finding: match self.core.rows.finding(finding) {
                Some(_) => finding.to_string(),
                None => String::new(),
            },
        })
    }

    /// Opens a problem for what a rule finds; which one it is.
    pub(super) async fn open_hit(&mut self, household: &str, rule: &str, person: &str) -> Result<String, ClientError> {
        let household = document_id(household)?;
        let person: Option<RecordId> = match person {
            "" => None,
            person => Some(person.parse().map_err(|_| ClientError::NotFound)?),
        };
        self.look_again(household).await?;
        let rules = self.core.surveyed.rules.clone();
        let place = (0..)
            .zip(&rules.rules)
            .find(|(place, _)| key_of(&rules, *place) == rule);
        let (place, of) = place.ok_or(ClientError::NotFound)?;
        let id = finding_id(household, &of.id, person);
        if self.core.rows.finding(id).is_some() {
            return Ok(id.to_string());
        }
        let all = self.all_looked();
        let found = all.iter().find(|(one, _)| one.id == household);
        let (one, _) = found.ok_or(ClientError::NotFound)?;
        let is_it = |hit: &&Hit| hit.person == person && hit.rule == place;
        let hit = one.hits.iter().find(is_it).ok_or(ClientError::NotFound)?;
        let said = match of.private {
            true => of.label.zh.clone(),
            false => format!("{}：{}", of.label.zh, hit.words.zh),
        };
        let said = match one.name_of(person) {
            "" => said,
            name => format!("{name}，{said}"),
        };
        let today = self.today();
        let read = |key: &str, text: &str| named(RecordKind::Finding, key).read(text, today).value;
        let values = [
            ("category", read("category", &of.category)),
            ("words", read("words", &said)),
            ("source", SOURCE.into()),
            ("found_on", today.to_string().into()),
            ("household", household.to_string().into()),
        ];
        let puts = values.into_iter().map(|(key, value)| Put::Value {
            at: At::Own,
            key: key.into(),
            value,
        });
        let edit = DocEdit {
            kind: DocKind::Finding,
            document: id,
            base: None,
            puts: puts.collect(),
        };
        self.save(vec![edit], Default::default()).await?;
        Ok(id.to_string())
    }
}
