//! 专项行动（清零）: how far each campaign is, by group, and what remains of it.

use super::{ROWS_MAX, sweeps, told};
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::DocId;
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::screens::say::{self, both, sentence};
use crate::client::store::Store;
use crate::client::view::{
    CampaignGroup, CampaignLeft, CampaignRow, CampaignSet, CampaignView, CampaignsView, LookedAt, ProgressView, Words,
};
use crate::index::FindingRow;
use crate::indicator::campaign::{About, Campaign, Progress, Set, Stands};

/// One of those that a campaign counts.
pub(super) struct Counted {
    pub place: u32,
    pub kind: &'static str,
    pub id: DocId,
    pub household: Option<DocId>,
    pub name: String,
    pub group: String,
    pub words: Words,
    pub stands: Stands,
}

/// What stands above the progress of a campaign.
struct Heading {
    label: Words,
    set: Words,
    /// What counts as cleared.
    words: Words,
    deadline: Option<Date>,
}

/// 还有 12 天, 今天到期, 超期 3 天
pub(super) fn due_words(deadline: Date, today: Date) -> (Words, bool) {
    let on = say::day(deadline, today);
    let words = match today.days_until(deadline) {
        0 => both("今天到期", "Due today"),
        left if left > 0 => both(
            format!("{}到期，还有 {left} 天", on.zh),
            format!("Due {}, {left} {} left", on.en, days(left)),
        ),
        gone => both(
            format!("{}到期，超期 {} 天", on.zh, -gone),
            format!("Due {}, {} {} overdue", on.en, -gone, days(-gone)),
        ),
    };
    (words, deadline < today)
}

fn days(count: i64) -> &'static str {
    if count == 1 { "day" } else { "days" }
}

pub(super) fn progress_view(of: Progress, same: Option<u32>) -> ProgressView {
    ProgressView {
        target: of.target,
        checked: of.checked,
        cleared: of.cleared,
        remaining: of.remaining(),
        same,
    }
}

fn key_of(set: &Set, campaign: &Campaign) -> String {
    format!("{}.{}", set.id, campaign.id)
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// All campaigns in use.
    pub(super) async fn campaigns(&mut self) -> Result<CampaignsView, ClientError> {
        let looked = self.look().await?;
        let sets = self.core.surveyed.sets.clone();
        let today = self.today();
        let mut progress = vec![Progress::default(); sets.iter().map(|set| set.campaigns.len()).sum()];
        for one in self.counted(None) {
            if let Some(of) = progress.get_mut(one.place as usize) {
                of.add(one.stands);
            }
        }
        let mut progress = progress.into_iter();
        let mut row = |set: &Set, campaign: &Campaign| {
            let progress = progress_view(progress.next().unwrap_or_default(), None);
            campaign_row(
                key_of(set, campaign),
                sentence(campaign.label.clone()),
                (Some(campaign.deadline), today),
                progress,
            )
        };
        let mut shown = Vec::new();
        for set in sets.iter() {
            shown.push(CampaignSet {
                title: sentence(set.title.clone()),
                campaigns: set.campaigns.iter().map(|one| row(set, one)).collect(),
            });
        }
        let swept = self.sweeps().into_iter().map(|(id, finding)| {
            let due = finding.status.as_ref().and_then(|status| status.due);
            campaign_row(
                sweeps::key(id),
                sweeps::label(finding),
                (due, today),
                self.swept(id, finding),
            )
        });
        let swept: Vec<CampaignRow> = swept.collect();
        if !swept.is_empty() {
            shown.push(CampaignSet {
                title: sweeps::title(),
                campaigns: swept,
            });
        }
        Ok(CampaignsView {
            looked,
            sets: shown,
            waiting: self.core.surveyed.waiting.clone(),
        })
    }

    /// One campaign by groups, with what remains in all of them or in one.
    pub(super) async fn campaign(&mut self, key: &str, group: &str) -> Result<CampaignView, ClientError> {
        if let Some(id) = sweeps::of_key(key) {
            let finding = self.core.rows.finding(id).filter(|finding| finding.wide);
            let finding = finding.ok_or(ClientError::NotFound)?;
            let heading = Heading {
                label: sweeps::label(finding),
                set: sweeps::title(),
                words: sweeps::cleared(),
                deadline: finding.status.as_ref().and_then(|status| status.due),
            };
            let (counted, same) = self.looked_for(id, finding);
            return Ok(self.campaign_view((LookedAt::default(), heading), group, counted, Some(same)));
        }
        let looked = self.look().await?;
        let sets = self.core.surveyed.sets.clone();
        let every = || {
            sets.iter()
                .flat_map(|set| set.campaigns.iter().map(move |one| (set, one)))
        };
        let found = (0..).zip(every()).find(|(_, (set, one))| key_of(set, one) == key);
        let (place, (set, campaign)) = found.ok_or(ClientError::NotFound)?;
        let heading = Heading {
            label: sentence(campaign.label.clone()),
            set: sentence(set.title.clone()),
            words: sentence(campaign.words.clone()),
            deadline: Some(campaign.deadline),
        };
        let counted = self.counted(Some(place));
        Ok(self.campaign_view((looked, heading), group, counted, None))
    }

    fn campaign_view(
        &self,
        (looked, heading): (LookedAt, Heading),
        group: &str,
        counted: Vec<Counted>,
        same: Option<u32>,
    ) -> CampaignView {
        let mut whole = Progress::default();
        let names: Vec<String> = self.roster().groups().iter().map(|name| (*name).to_owned()).collect();
        let mut groups: Vec<(String, Progress)> = names.into_iter().map(|name| (name, Progress::default())).collect();
        let (mut rows, mut total) = (Vec::new(), 0);
        for one in counted {
            whole.add(one.stands);
            match groups.iter_mut().find(|(name, _)| *name == one.group) {
                Some((_, of)) => of.add(one.stands),
                None => {
                    let mut of = Progress::default();
                    of.add(one.stands);
                    groups.push((one.group.clone(), of));
                }
            }
            if !one.stands.cleared && (group.is_empty() || one.group == group) {
                total += 1;
                if rows.len() < ROWS_MAX {
                    rows.push(left(one));
                }
            }
        }
        groups.retain(|(_, of)| of.target > 0);
        let (due, overdue) = due_of(heading.deadline, whole.remaining(), self.today());
        let groups = groups.into_iter().map(|(group, of)| CampaignGroup {
            group,
            progress: progress_view(of, None),
        });
        CampaignView {
            looked,
            label: heading.label,
            set: heading.set,
            due,
            overdue,
            words: heading.words,
            progress: progress_view(whole, same),
            groups: groups.collect(),
            group: group.to_owned(),
            rows,
            total,
        }
    }

    /// What 今日 says of campaigns, which is little: how many run, and the first to end.
    pub(in crate::client::screens) async fn campaign_words(&mut self) -> Result<Words, ClientError> {
        if self.core.village.campaigns.iter().any(|one| one.current) {
            self.read_campaigns().await?;
        }
        let today = self.today();
        let all = self.core.surveyed.sets.iter().flat_map(|set| &set.campaigns);
        let run = all.filter(|one| one.start <= today && today <= one.deadline);
        let mut ends: Vec<Option<Date>> = run.map(|one| Some(one.deadline)).collect();
        for (id, finding) in self.sweeps() {
            if self.swept(id, finding).remaining > 0 {
                ends.push(finding.status.as_ref().and_then(|status| status.due));
            }
        }
        let count = ends.len();
        Ok(match ends.into_iter().flatten().min() {
            _ if count == 0 => Words::default(),
            None => both(format!("{count}项在办"), format!("{count} under way")),
            Some(first) => {
                let (due, _) = due_words(first, today);
                both(
                    format!("{count}项在办，最早{}", due.zh),
                    format!("{count} under way; the first: {}", due.en),
                )
            }
        })
    }

    /// Those that one campaign counts, or that all do, in the order of the roster; problems behind the households.
    fn counted(&self, only: Option<u32>) -> Vec<Counted> {
        let is_wanted = |place: u32| only.is_none_or(|only| only == place);
        let mut counted = Vec::new();
        for (one, row) in self.all_looked() {
            for (place, person, stands) in one.stands.iter().filter(|(place, ..)| is_wanted(*place)) {
                counted.push(Counted {
                    place: *place,
                    kind: "household",
                    id: one.id,
                    household: Some(one.id),
                    name: row.head().to_owned(),
                    group: row.group.clone(),
                    words: say::same(one.name_of(*person)),
                    stands: *stands,
                });
            }
        }
        let sets = self.core.surveyed.sets.clone();
        for (place, campaign) in (0..).zip(sets.iter().flat_map(|set| &set.campaigns)) {
            if campaign.about == About::Finding && is_wanted(place) {
                let findings = self.core.rows.findings().filter(|(_, finding)| !finding.void);
                counted.extend(findings.filter_map(|(id, one)| self.counted_finding(place, campaign, id, one)));
            }
        }
        counted
    }

    fn counted_finding(&self, place: u32, campaign: &Campaign, id: DocId, finding: &FindingRow) -> Option<Counted> {
        let (_, stands) = campaign.counts(&mut told(finding, self.today())).into_iter().next()?;
        let household = finding.household.map(|household| self.core.rows.leader(household));
        let row = household.and_then(|household| self.core.rows.family(household));
        Some(Counted {
            place,
            kind: "finding",
            id,
            household,
            name: row.map(|row| row.head().to_owned()).unwrap_or_default(),
            group: row.map(|row| row.group.clone()).unwrap_or_default(),
            words: say::same(finding.words.as_str()),
            stands,
        })
    }
}

/// The day by which it is to be done, where there is one, and whether it has passed. What is cleared is late no more.
pub(super) fn due_of(deadline: Option<Date>, remaining: u32, today: Date) -> (Words, bool) {
    match deadline {
        None => Default::default(),
        Some(deadline) if remaining == 0 && deadline < today => {
            let on = say::day(deadline, today);
            (both(format!("{}到期", on.zh), format!("Due {}", on.en)), false)
        }
        Some(deadline) => due_words(deadline, today),
    }
}

fn campaign_row(
    key: String,
    label: Words,
    (deadline, today): (Option<Date>, Date),
    progress: ProgressView,
) -> CampaignRow {
    let (due, overdue) = due_of(deadline, progress.remaining, today);
    CampaignRow {
        key,
        label,
        due,
        overdue,
        progress,
    }
}

fn left(one: Counted) -> CampaignLeft {
    CampaignLeft {
        kind: one.kind.to_owned(),
        id: one.id.to_string(),
        household: one.household.map(|id| id.to_string()).unwrap_or_default(),
        name: one.name,
        group: one.group,
        checked: one.stands.checked,
        words: one.words,
    }
}
