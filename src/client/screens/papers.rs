//! Papers: the ledger from the rows; one problem and 通报 from their documents; 公示 for the wall. What a paper may
//! show is decided here: what is sensitive stands on none (INV18), a 公示 masks the head and shows no words, people or photos.

mod circular;
mod finding;

use super::findings::Sight;
use super::seen::document_id;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{PaperFinding, PaperView, Words};
use crate::index::FindingRow;
use crate::indicator::{Course, dispatch};
use crate::ledger::{Counts, Procedure};
use crate::register::enums::{self, FINDING_CATEGORY, FINDING_SOURCE};
use crate::register::words::Sentence;

pub(super) use circular::CIRCULATED;

/// The kinds of paper.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ledger,
    Finding,
    Circular,
    Notice,
}

impl Kind {
    fn of(code: &str) -> Option<Self> {
        Some(match code {
            "ledger" => Self::Ledger,
            "finding" => Self::Finding,
            "circular" => Self::Circular,
            "notice" => Self::Notice,
            _ => return None,
        })
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// A paper of these problems, in their order.
    pub(super) async fn paper(&mut self, code: &str, findings: &[String]) -> Result<PaperView, ClientError> {
        let kind = Kind::of(code).ok_or(ClientError::NotFound)?;
        let sight = self.sight();
        let (mut shown, mut left_out) = (Vec::new(), 0);
        for id in findings {
            let id = document_id(id)?;
            let row = self.core.rows.finding(id).ok_or(ClientError::NotFound)?;
            let circular = kind == Kind::Circular && !row.is_problem();
            if circular || kind == Kind::Notice && is_unfit(row) {
                left_out += 1;
                continue;
            }
            let mut finding = self.paper_row(id, row, &sight);
            match kind {
                Kind::Ledger => {}
                Kind::Finding => self.add_course(id, &mut finding).await?,
                Kind::Circular => self.add_frozen(id, &mut finding).await?,
                Kind::Notice => mask(&mut finding),
            }
            shown.push(finding);
        }
        Ok(PaperView {
            kind: code.to_owned(),
            village: self.village_view().name,
            on: self.today().to_string(),
            check_code: self.held_digest().check_code(),
            behind: self.lagging(),
            may_circulate: self.may_circulate(),
            findings: shown,
            left_out,
        })
    }

    /// What the row tells.
    fn paper_row(&self, id: DocId, row: &FindingRow, sight: &Sight) -> PaperFinding {
        let day = self.today();
        let (procedure, state) = (sight.procedure(row), sight.state(row));
        let course = Course::of_row(row, &procedure, state, day);
        let household = row.household.map(|id| self.core.rows.leader(id));
        let household = household.and_then(|id| self.core.rows.family(id));
        let name = |member| self.core.village.name_of(member);
        let status = row.status.as_ref();
        let written = |day: Option<crate::base::date::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        PaperFinding {
            id: id.to_string(),
            head: household.map(|row| row.head().to_owned()).unwrap_or_default(),
            group: household.map(|row| row.group.clone()).unwrap_or_default(),
            category: match row.is_problem() {
                true => said(dispatch::category(&row.category)),
                false => said(procedure.title.clone()),
            },
            is_problem: row.is_problem(),
            words: row.words.clone(),
            severity: row.severity.clone(),
            source: source(&row.source),
            found_on: written(row.found_on),
            by: row.by.map(name).unwrap_or_default(),
            state: match course.counts {
                Counts::Void => Words::new("已作废", "Void"),
                _ => said(procedure.states[state].label.clone()),
            },
            open: course.counts == Counts::Open,
            lead_dept: status.map_or_else(Words::default, |status| lead(&procedure, &status.lead_dept)),
            owner: status.and_then(|status| status.owner).map(name).unwrap_or_default(),
            due: written(course.due),
            first_due: written(course.first_due.filter(|first| course.due != Some(*first))),
            closed_on: written(course.closed_on),
            days: course.took.and_then(|days| u32::try_from(days).ok()),
            late: u32::try_from(course.late).unwrap_or_default(),
            in_time: course.in_time(),
            steps: Vec::new(),
            photos: Vec::new(),
            frozen_on: String::new(),
            frozen_by: String::new(),
            heads: String::new(),
            asked: String::new(),
        }
    }
}

/// What may not hang on a wall, masked or not.
fn is_unfit(row: &FindingRow) -> bool {
    let hidden = |list, value: &str| enums::choice(list, value).is_some_and(|choice| choice.sensitive);
    // A matter of a household is no problem that hangs on a wall; each has a notice of its own.
    row.void || !row.is_problem() || hidden(FINDING_CATEGORY, &row.category) || hidden(FINDING_SOURCE, &row.source)
}

/// 罗**: a name as it hangs on a wall.
fn masked(name: &str) -> String {
    let stars = name.chars().skip(1).map(|_| '*');
    name.chars().take(1).chain(stars).collect()
}

/// What says something of somebody's health, also where the name is masked.
const OF_HEALTH: &str = "医疗";

fn mask(finding: &mut PaperFinding) {
    if finding.category.zh == OF_HEALTH {
        finding.category = Words::new("其他", "Other");
    }
    finding.head = masked(&finding.head);
    for said in [
        &mut finding.words,
        &mut finding.by,
        &mut finding.owner,
        &mut finding.severity,
    ] {
        said.clear();
    }
    finding.source = Words::default();
}

fn said(sentence: Sentence) -> Words {
    Words {
        zh: sentence.zh,
        en: sentence.en,
    }
}

fn source(stored: &str) -> Words {
    match enums::choice(FINDING_SOURCE, stored) {
        Some(choice) if choice.sensitive => Words::new("其他", "Other"),
        Some(choice) => choice.label.into(),
        None => Words::new(stored, stored),
    }
}

/// A department in words.
fn lead(procedure: &Procedure, stored: &str) -> Words {
    let fields = procedure.events.iter().flat_map(|kind| &kind.fields);
    let mut choices = fields
        .filter(|field| field.name == "lead_dept")
        .flat_map(|field| &field.choices);
    let found = choices.find(|(value, _)| value == stored);
    found.map_or_else(|| Words::new(stored, stored), |(_, label)| said(label.clone()))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_name_on_the_wall_shows_its_first_character() {
        assert_eq!(masked("罗永山"), "罗**");
        assert_eq!(masked("欧阳"), "欧*");
        assert_eq!(masked(""), "");
    }
}
