//! 数据质量, 专项行动, 四张清单: what the records themselves say is left to do.

use super::{ChipView, Words, crossing};
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// How many households were looked at of all; ask again until both agree.
#[derive(Copy, Default)]
pub struct LookedAt {
    pub done: u32,
    pub of: u32,
}

/// 数据质量: what the rules find.
pub struct QualityView {
    pub looked: LookedAt,
    /// The rule whose hits are listed; empty where all are.
    pub rule: String,
    pub rules: Vec<QualityRule>,
    /// Rules whose data the register does not hold.
    pub lacking: Vec<QualityRule>,
    pub total: u32,
    pub rows: Vec<QualityRow>,
}

/// A rule that finds something.
pub struct QualityRule {
    /// DQ01 and so on, with a part that tells rules of one number apart.
    pub key: String,
    pub id: String,
    pub label: Words,
    /// What it lacks, where it lacks something.
    pub words: Words,
    pub count: u32,
}

/// One thing that a rule finds.
pub struct QualityRow {
    pub rule: String,
    pub id: String,
    /// error, warning, suspicion
    pub severity: String,
    pub severity_words: Words,
    pub household: String,
    pub head: String,
    pub group: String,
    /// The record of the member; empty where it is about the household.
    pub person: String,
    pub name: String,
    pub label: Words,
    pub words: Words,
    pub todo: Words,
    /// The problem that was opened for it; empty where there is none.
    pub finding: String,
}

/// 专项行动（清零）
pub struct CampaignsView {
    pub looked: LookedAt,
    pub sets: Vec<CampaignSet>,
    /// Sets that have not come in whole, or that need a newer release.
    pub waiting: Vec<String>,
}

/// 六个清零
pub struct CampaignSet {
    pub title: Words,
    pub campaigns: Vec<CampaignRow>,
}

/// One campaign with its progress.
pub struct CampaignRow {
    pub key: String,
    pub label: Words,
    pub due: Words,
    pub overdue: bool,
    pub progress: ProgressView,
}

/// 应查, 已查, 已清零, 剩余
#[derive(Default)]
pub struct ProgressView {
    pub target: u32,
    pub checked: u32,
    pub cleared: u32,
    pub remaining: u32,
    /// 举一反三: how many have the same problem; nothing of other campaigns.
    pub same: Option<u32>,
}

/// 举一反三: what came of looking at all others for the problem of one.
pub struct SweepView {
    /// As a campaign is asked for.
    pub key: String,
    pub progress: ProgressView,
}

/// One campaign: its progress by group, and what remains.
pub struct CampaignView {
    pub looked: LookedAt,
    pub label: Words,
    pub set: Words,
    pub due: Words,
    pub overdue: bool,
    /// What counts as cleared.
    pub words: Words,
    pub progress: ProgressView,
    pub groups: Vec<CampaignGroup>,
    /// The group whose remainder is listed; empty for all.
    pub group: String,
    pub rows: Vec<CampaignLeft>,
    pub total: u32,
}

/// A group.
pub struct CampaignGroup {
    pub group: String,
    pub progress: ProgressView,
}

/// One that remains.
pub struct CampaignLeft {
    /// household or finding
    pub kind: String,
    pub id: String,
    pub household: String,
    pub name: String,
    pub group: String,
    /// Somebody looked already.
    pub checked: bool,
    pub words: Words,
}

/// 四张清单: responsibilities, tasks, problems and rectifications as four views of the same problems.
pub struct FourListsView {
    /// duty, task, problem, mending
    pub list: String,
    pub lists: Vec<ChipView>,
    pub total: u32,
    pub rows: Vec<ListRow>,
}

/// A line of one of the four lists.
pub struct ListRow {
    /// The problem it leads to; empty where it is somebody.
    pub finding: String,
    /// The household of the problem; empty where there is none.
    pub household: String,
    pub title: Words,
    pub detail: Words,
    pub state: Words,
    pub due: Words,
    pub overdue: bool,
}
}
