//! 数据质量 and 专项行动（清零）: the households are looked at some at a time, so that the page shows how far it is, and what the
//! rules and the campaigns say of them is reckoned from the records.

mod campaigns;
mod lists;
mod quality;
pub(super) mod sweeps;

use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, RecordId};
use crate::client::api::{Reply, Request};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::surveyed::Looked;
use crate::client::view::LookedAt;
use crate::doc::{Of, source_of};
use crate::index::{FindingRow, HouseholdRow};
use crate::indicator::campaign::{About, Set};
use crate::indicator::survey::{Known, Told};
use crate::ledger::tables;

/// Households that one request looks at: a tenth of a second on a slow phone.
const AT_ONCE: usize = 40;
/// Lines that one page shows.
const ROWS_MAX: usize = 200;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Answers what takes all households.
    pub(super) async fn surveyed(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Quality { rule } => Reply::Quality {
                view: self.quality(&rule).await?,
            },
            Request::OpenHit {
                household,
                rule,
                person,
            } => Reply::OpenHit {
                finding: self.open_hit(&household, &rule, &person).await?,
            },
            Request::Campaigns => Reply::Campaigns {
                view: self.campaigns().await?,
            },
            Request::Campaign { key, group } => Reply::Campaign {
                view: self.campaign(&key, &group).await?,
            },
            Request::FourLists { list } => Reply::FourLists {
                view: self.four_lists(&list)?,
            },
            _ => return Err(ClientError::NotFound),
        })
    }

    /// Reads the sets of campaigns that are in use, if that is not done.
    pub(super) async fn read_campaigns(&mut self) -> Result<(), ClientError> {
        let (today, space) = (self.today(), self.space()?);
        let used: Vec<_> = self
            .core
            .village
            .campaigns
            .iter()
            .filter(|one| one.current)
            .cloned()
            .collect();
        if self.core.surveyed.is_of(today, &used) {
            return Ok(());
        }
        let (mut sets, mut waiting) = (Vec::new(), Vec::new());
        for one in &used {
            let source = self
                .find(one.document)
                .await?
                .and_then(|found| source_of(found, space).ok());
            self.core.open.retain(|open| open.document.id() != one.document);
            match source.map(|source| Set::read(&tables::read(&source))) {
                Some((set, problems)) if problems.is_empty() => sets.push(set),
                _ => waiting.push(one.title.clone()),
            }
        }
        self.core.surveyed.begin(today, used, sets, waiting);
        Ok(())
    }

    /// The households that count, each with its row; of joined ones the one under which they are shown.
    fn counting(&self) -> Vec<(DocId, &HouseholdRow)> {
        let families = self.core.rows.families();
        families.filter(|(_, row)| row.active).collect()
    }

    /// What only the other rows tell of each household.
    fn known(&self) -> Vec<(DocId, [u8; 8], Known)> {
        let families = self.counting();
        let mut phones: Vec<&str> = families.iter().map(|(_, row)| row.phone.as_str()).collect();
        phones.sort_unstable();
        let of_phone = |phone: &str| {
            let from = phones.partition_point(|one| *one < phone);
            phones[from..].iter().take_while(|one| **one == phone).count()
        };
        let persons = families.iter().flat_map(|(_, row)| &row.persons);
        let mut ids: Vec<[u8; 8]> = persons
            .map(|person| person.id_hash)
            .filter(|hash| *hash != [0; 8])
            .collect();
        ids.sort_unstable();
        let twice = |hash: &[u8; 8]| {
            let from = ids.partition_point(|one| one < hash);
            ids.get(from + 1) == Some(hash)
        };
        let mut open: Vec<(DocId, &str)> = Vec::new();
        for (_, finding) in self.core.rows.findings().filter(|(_, finding)| finding.is_open()) {
            open.extend(
                finding
                    .household
                    .map(|household| (self.core.rows.leader(household), finding.category.as_str())),
            );
        }
        open.sort_unstable();
        open.dedup();
        let known = families.iter().map(|(id, row)| {
            let tags = row
                .persons
                .iter()
                .filter(|person| twice(&person.id_hash))
                .map(|person| person.tag);
            let from = open.partition_point(|one| one.0 < *id);
            let own = open[from..].iter().take_while(|one| one.0 == *id);
            let known = Known {
                open: own.map(|(_, category)| (*category).to_owned()).collect(),
                same_phone: !row.phone.is_empty() && of_phone(&row.phone) > 1,
                same_ids: tags.collect(),
            };
            // The row of a joined family is not of one document; the heads of the one it is shown under are.
            let heads = self.core.rows.household(*id).map_or(row.heads, |own| own.heads);
            (*id, heads, known)
        });
        known.collect()
    }

    /// Looks at some more households; how far that is.
    async fn look(&mut self) -> Result<LookedAt, ClientError> {
        self.read_campaigns().await?;
        let all = self.known();
        let of = all.len() as u32;
        let mut done = 0;
        let mut left = AT_ONCE;
        for (id, heads, known) in all {
            if self.core.surveyed.get(id, &heads, &known).is_some() {
                done += 1;
            } else if left > 0 {
                left -= 1;
                done += 1;
                let looked = self.look_at(id, heads, known).await?;
                self.core.surveyed.put(looked);
            }
        }
        Ok(LookedAt { done, of })
    }

    /// Looks at one household again, if it changed.
    async fn look_again(&mut self, household: DocId) -> Result<(), ClientError> {
        self.read_campaigns().await?;
        let found = self.known().into_iter().find(|(id, ..)| *id == household);
        let (id, heads, known) = found.ok_or(ClientError::NotFound)?;
        if self.core.surveyed.get(id, &heads, &known).is_none() {
            let looked = self.look_at(id, heads, known).await?;
            self.core.surveyed.put(looked);
        }
        Ok(())
    }

    async fn look_at(&mut self, id: DocId, heads: [u8; 8], known: Known) -> Result<Looked, ClientError> {
        let (today, rules, sets) = (
            self.today(),
            self.core.surveyed.rules.clone(),
            self.core.surveyed.sets.clone(),
        );
        let was_open = self.core.open.iter().any(|open| open.document.id() == id);
        // What cannot be opened has a place of its own; it is no hit, and counts for no campaign.
        let document = match self.find(id).await {
            Err(ClientError::Quarantined | ClientError::Doc(_)) => None,
            other => other?,
        };
        let told = document.and_then(|document| Told::household(document, &known, today));
        let mut names: Vec<(RecordId, String)> = document
            .map(|document| document.family(Of::Shown).persons)
            .unwrap_or_default()
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect();
        if !was_open {
            self.core.open.retain(|open| open.document.id() != id);
        }
        let mut looked = Looked::new(id, heads, known);
        if let Some(mut told) = told {
            looked.hits = rules.hits(&mut told);
            for (place, campaign) in (0..).zip(sets.iter().flat_map(|set| &set.campaigns)) {
                if campaign.about != About::Finding {
                    let counted = campaign.counts(&mut told).into_iter();
                    looked
                        .stands
                        .extend(counted.map(|(person, stands)| (place, person, stands)));
                }
            }
            let is_named = |id: RecordId| {
                looked.hits.iter().any(|hit| hit.person == Some(id))
                    || looked.stands.iter().any(|(_, person, _)| *person == Some(id))
            };
            names.retain(|(id, _)| is_named(*id));
            looked.names = names;
        }
        Ok(looked)
    }

    /// What was found about every household that was looked at.
    fn all_looked(&self) -> Vec<(&Looked, &HouseholdRow)> {
        let known = self.known().into_iter();
        let looked = known.filter_map(|(id, heads, known)| {
            let row = self.core.rows.family(id)?;
            Some((self.core.surveyed.get(id, &heads, &known)?, row))
        });
        let mut looked: Vec<_> = looked.collect();
        let roster = self.roster();
        looked.sort_by_cached_key(|(one, row)| roster.place(one.id, row));
        looked
    }
}

/// A problem as the conditions of campaigns see it.
fn told(finding: &FindingRow, today: Date) -> Told {
    let text = |id: Option<DocId>| id.map(|id| id.to_string()).unwrap_or_default();
    let state = finding.status.as_ref().map_or("open", |status| status.state.as_str());
    let closed = if finding.is_open() { "否" } else { "是" };
    Told::of(
        &[
            ("category", finding.category.clone()),
            ("severity", finding.severity.clone()),
            ("source", finding.source.clone()),
            (
                "found_on",
                finding.found_on.map(|on| on.to_string()).unwrap_or_default(),
            ),
            ("household", text(finding.household)),
            ("state", state.to_owned()),
            ("closed", closed.to_owned()),
        ],
        today,
    )
}
