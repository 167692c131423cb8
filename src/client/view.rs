//! What the screens show: plain data with public fields, made by the client, drawn by the app without further logic.
//!
//! Every type here crosses to TypeScript; the declarations are generated (`client::typescript`). Instants are
//! milliseconds since 1970 UTC, dates are `YYYY-MM-DD` in China, ids are opaque strings.

mod dispatch;
mod evidence;
mod finding;
mod forms;
mod history;
mod paper;
mod settling;
mod survey;
mod twins;

pub use dispatch::*;
pub use evidence::*;
pub use finding::*;
pub use forms::*;
pub use history::*;
pub use paper::*;
pub use settling::*;
pub use survey::*;
pub use twins::*;

use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

/// Declares a type that crosses to the app: plain data, generated TypeScript.
macro_rules! crossing {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "types", derive(TS))]
        $item
    )*};
}
pub(crate) use crossing;

impl Words {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

crossing! {
/// A sentence for a person, in both languages.
#[derive(Default, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// Something that went wrong: what, and what to do, with a stable code for the error record.
pub struct Problem {
    pub code: String,
    pub words: Words,
}

/// Who this phone belongs to and for which village, or that it belongs to nobody yet.
#[serde(tag = "state", rename_all = "snake_case")]
pub enum StartView {
    /// Nobody has joined on this phone.
    Fresh,
    /// Joined; works without a network from here on.
    Joined { me: MemberView, village: VillageView, loading: Option<LoadView>, trouble: Vec<Problem> },
    /// Another tab of this phone holds the records.
    Elsewhere,
}

/// One member of the team.
pub struct MemberView {
    pub id: String,
    pub name: String,
    /// desk, leader, member, doctor, township, inspector
    pub role: String,
    pub role_words: Words,
    pub phone: String,
    pub unit: String,
    /// May invite further members.
    pub may_invite: bool,
}

/// The village this phone works in.
pub struct VillageView {
    pub space: String,
    pub code: String,
    pub name: String,
    pub households: u32,
    /// A group of inspectors rather than a village.
    pub group: bool,
    /// A village of made-up people: 演示数据 stands on every page.
    pub demonstration: bool,
}

/// How much of the first load has arrived.
pub struct LoadView {
    pub have: u32,
    pub of: u32,
    /// Compressed bytes still to come.
    pub bytes_left: u32,
}

/// An invitation looked at, not yet used.
pub struct InvitationView {
    /// open, used, expired, unknown, revoked
    pub state: String,
    pub village: String,
    pub name: String,
    pub role: String,
    pub role_words: Words,
    pub inviter: String,
    pub inviter_phone: String,
    pub households: u32,
    pub bytes: u32,
    pub expires_on: String,
}

/// An invitation just made, to hand on.
pub struct NewInvitation {
    pub link: String,
    pub code: String,
    /// The QR as SVG path data over a square of `qr_size` modules.
    pub qr_path: String,
    pub qr_size: u32,
    pub expires_on: String,
}

/// The strip on top of each tab: where the work is.
pub struct StripView {
    /// Changes that exist on this phone only.
    pub local: u32,
    #[cfg_attr(feature = "types", ts(type = "number | null"))]
    pub synced_at: Option<i64>,
    /// idle, syncing, waiting (retry after an error), refused (the endpoint takes nothing from this phone)
    pub sync: String,
    pub trouble: Option<Problem>,
    /// Days the clock of this phone is off against the endpoint's, when above a day.
    pub clock_off_days: i32,
}

/// 今日: what is due and whom to visit.
pub struct TodayView {
    pub today: String,
    pub strip: StripView,
    pub due: Vec<FindingRow>,
    pub visit: Vec<TodayRow>,
    /// Of this year, visits of mine that count / households paired with me × the number required.
    pub pace_done: u32,
    pub pace_required: u32,
    /// Households visited this month by anybody, of all that are active.
    pub visited_month: u32,
    pub households: u32,
    /// Differing fields that nobody has settled or wants to ask about.
    pub differs: u32,
    /// Households and persons that seem to be registered twice.
    pub twins: u32,
    pub drafts: Vec<DraftRow>,
    /// Forms begun and not saved, the latest first.
    pub form_drafts: Vec<FormDraftRow>,
    /// Forms that are due, for those whose role it is.
    pub forms: Vec<DueFormRow>,
    /// Families are being counted for what is due.
    pub counting: Option<CountingView>,
    /// 专项行动: how many run, and the first to end; empty where none does.
    pub campaigns: Words,
}

/// One household to visit and why it is listed.
pub struct TodayRow {
    pub household: HouseholdRow,
    pub why: Words,
}

/// A visit begun and not saved.
pub struct DraftRow {
    pub household: String,
    /// The visit being corrected; empty for a new one.
    pub visit: String,
    pub head: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub changed_at: i64,
}

/// One row of 农户.
pub struct HouseholdRow {
    pub id: String,
    pub head: String,
    pub group: String,
    pub number: String,
    /// 待编号
    pub unnumbered: bool,
    pub people: u32,
    /// Date of the last visit that counts; empty when never visited.
    pub visited_on: String,
    /// Days since then as of today; -1 when never.
    pub visited_days: i32,
    pub badges: Vec<Badge>,
    /// Which member of the family matched the search, when it was not the head.
    pub matched: String,
}

/// A state as word and shape, never colour alone.
pub struct Badge {
    /// inactive, class, paired, finding, differs, asked, local, absent, duplicate
    pub kind: String,
    pub words: Words,
}

/// A page of 农户.
pub struct HouseholdsView {
    pub total: u32,
    pub of: u32,
    pub rows: Vec<HouseholdRow>,
    pub groups: Vec<GroupCount>,
    pub strip: StripView,
    pub chips: Vec<ChipView>,
    pub loading: Option<LoadView>,
}

/// A filter over a list and how many rows it leaves.
pub struct ChipView {
    pub value: String,
    pub words: Words,
    pub count: u32,
}

/// A village group and how many households match in it.
pub struct GroupCount {
    /// Empty for the households without one.
    pub group: String,
    /// What to ask for to see these alone.
    pub filter: String,
    pub count: u32,
}

/// One value somebody wrote.
pub struct ValueView {
    /// The change that wrote it, as 用这个 hands it back.
    pub id: String,
    pub value: String,
    /// As shown to a person: words of the choice, masked ID, 元 and so on.
    pub shown: Words,
    pub author: String,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    pub mine: bool,
    /// Written with a visit, on the day of a visit by the same person, by an import, or by editing: visit, visit_day,
    /// import, edit.
    pub during: String,
    /// Where values differ: how the author's phones are called, and what stood there before the author wrote.
    pub device: String,
    pub seen: Words,
}

/// One choice of a field.
pub struct Choice {
    pub value: String,
    pub words: Words,
}

/// One field of a record, ready to show and to edit.
pub struct FieldView {
    pub key: String,
    pub label: Words,
    /// text, choice, set (without choices: free texts), ref, date, month, int, fen, area, phone, id_number, note
    pub kind: String,
    pub unit: Words,
    pub hint: Words,
    pub choices: Vec<Choice>,
    /// The current value as one would type it: money in yuan, area in the field's unit, of a set the chosen values joined
    /// by the ideographic comma; empty when none.
    pub value: String,
    pub shown: Words,
    /// More than one: the field differs, and each value is listed.
    pub values: Vec<ValueView>,
    pub sensitive: bool,
    /// An odd value: said once, never blocking.
    pub flag: Option<Words>,
    /// 改过: written again since the record was made.
    pub changed: bool,
}

/// A group of fields under a heading.
pub struct Section {
    pub title: Words,
    pub fields: Vec<FieldView>,
}

/// A record to edit: which document and record, on what the person saw.
pub struct RecordView {
    pub document: String,
    /// Table and id of the record, `persons/01J…`; `own` for the document itself.
    pub record: String,
    /// What the person saw, to be handed back with the changes.
    pub base: String,
    pub title: Words,
    pub sections: Vec<Section>,
    /// It is there, so that it has a history.
    pub exists: bool,
    /// It is there and not withdrawn, so that it may be.
    pub may_withdraw: bool,
    /// It is withdrawn, and that may be taken back.
    pub may_restore: bool,
    /// Withdrawn, with the reason.
    pub void_reason: String,
    /// Where this person's work on it is.
    pub standing: Option<WhereView>,
}

/// One of the six checks on the household page.
pub struct DimensionView {
    /// food, clothing, education, medical, housing, water
    pub dimension: String,
    pub label: Words,
    /// met, basic, unmet, unchecked, not_applicable
    pub verdict: String,
    /// The verdict in words.
    pub shown: Words,
    /// checked, carried, or empty when never
    pub basis: String,
    pub on: String,
    pub by: String,
    pub differs: bool,
}

/// One person of the family.
pub struct PersonView {
    pub id: String,
    /// The record of the family in which the person stands.
    pub document: String,
    /// Whose record that is, where it was joined under this page's household.
    pub of: Words,
    /// Counted with another record of the same person.
    pub twin: bool,
    /// Withdrawn, with the reason.
    pub void_reason: String,
    pub name: String,
    pub relation: Words,
    pub sex: Words,
    /// Completed years today; of somebody who died, on that day; -1 when unknown.
    pub age: i32,
    pub id_no_masked: String,
    /// Folded on the page: health, disability.
    pub health: Words,
    pub labour: Words,
    pub work: Words,
    pub insured: Words,
    pub school: Words,
    /// Why the person no longer counts as a member: 死亡 2019-08-01, or empty.
    pub left: Words,
    pub differs: u32,
    pub flags: Vec<Words>,
    /// Where this person's work on this record is.
    pub standing: Option<WhereView>,
}

/// One visit on the household page.
pub struct VisitView {
    pub id: String,
    /// The record of the family in which the visit stands.
    pub document: String,
    /// Whose record that is, where it was joined under this page's household.
    pub of: Words,
    pub on: String,
    pub kind: Words,
    /// at_home, nobody_home, phone, away
    pub home: String,
    pub home_words: Words,
    pub by: String,
    pub mine: bool,
    pub counts: bool,
    pub met: String,
    pub words: String,
    pub judgement: String,
    pub next_on: String,
    pub checks: Vec<DimensionView>,
    /// A form of the county asked it: `FormRecord` shows all of it.
    pub asked: bool,
    pub findings: Vec<FindingRow>,
    /// Withdrawn, with the reason.
    pub void_reason: String,
    pub standing: Option<WhereView>,
    pub base: String,
}

/// One problem in a list.
pub struct FindingRow {
    pub id: String,
    pub household: String,
    pub head: String,
    pub group: String,
    /// The name of its procedure; empty for a problem.
    pub procedure: String,
    /// Of a problem its category, of another matter what it is.
    pub category: Words,
    pub words: String,
    pub state: Words,
    pub found_on: String,
    pub due_on: String,
    /// 还有 3 天, 今天到期, 超期 2 天; empty without a date or when settled.
    pub due: Words,
    pub overdue: bool,
    /// With whom it hangs; empty where it is settled.
    pub with: Words,
    pub by: String,
    pub open: bool,
    /// 签后改动, or empty.
    pub changed: Words,
    /// 复发: the same kind of problem of the household was signed off within a year before.
    pub recurred: bool,
    /// Where it is, of what this person found or changed.
    pub standing: Option<WhereView>,
}

/// 台账: the problems found, under one chip.
pub struct FindingsView {
    pub chip: String,
    pub chips: Vec<ChipView>,
    pub filters: Vec<FilterView>,
    /// The parts of the list in their order, with how many stand in each; the rows follow each other in the same order.
    pub sections: Vec<SectionCount>,
    pub rows: Vec<FindingRow>,
    /// How many there are; `rows` may be the first of them.
    pub total: u32,
    pub strip: StripView,
}

/// 户页.
pub struct HouseholdView {
    pub id: String,
    pub base: String,
    pub row: HouseholdRow,
    pub phone: String,
    pub address: String,
    /// Ordinary classes as badges; sensitive ones apart, to be folded.
    pub classes: Vec<Words>,
    pub sensitive_classes: Vec<Words>,
    pub differs: Vec<DiffersView>,
    /// What was settled in the last days and may be taken back.
    pub settled: Vec<SettledView>,
    pub findings: Vec<FindingRow>,
    pub dimensions: Vec<DimensionView>,
    pub persons: Vec<PersonView>,
    pub former: Vec<PersonView>,
    pub visits: Vec<VisitView>,
    /// 人口变动 and assessments that were recorded, the latest first.
    pub records: Vec<RecordRow>,
    pub sections: Vec<Section>,
    pub notes: String,
    pub pairings: Vec<PairingView>,
    /// What may be written under 人口变动 of this household.
    pub events: Vec<EventChoice>,
    pub duplicates: Vec<DuplicateView>,
    /// Further records of this family that were joined under this one.
    pub parts: Vec<PartView>,
    /// The household under which this one is shown, when it was joined to another one.
    pub leader: Option<HouseholdRow>,
    /// Persons of the family who look alike, and those who were joined.
    pub twins: Vec<TwinView>,
    /// Records that one withdrew while another changed them.
    pub contested: Vec<ContestedView>,
    /// Of the household itself: withdrawn, with the reason.
    pub void_reason: String,
    pub draft: bool,
    pub unsynced: u32,
    /// Where this person's work on the whole household is.
    pub standing: Option<WhereView>,
    pub strip: StripView,
    /// What of this household could not be read, if anything.
    pub trouble: Option<Problem>,
}

/// A recorded 人口变动 or assessment of a household.
pub struct RecordRow {
    pub document: String,
    /// As the editor opens it: `events/01J…`.
    pub record: String,
    pub words: Words,
    /// What it came to, or the remark written with it; may be empty.
    pub detail: Words,
    pub on: String,
    pub by: String,
    /// Withdrawn, with the reason.
    pub void_reason: String,
    /// Where this person's work on it is.
    pub standing: Option<WhereView>,
}

/// One kind of 人口变动.
pub struct EventChoice {
    pub value: String,
    pub words: Words,
    /// Whom it is about: person (one of the family), new (somebody who joins it), household.
    pub about: String,
}

/// Who is paired with a household or a group.
pub struct PairingView {
    pub id: String,
    pub document: String,
    /// What the person saw of that document, to be handed back with a change of the pairing.
    pub base: String,
    pub member: String,
    pub name: String,
    pub from: String,
    pub to: String,
    /// Paired through the whole group rather than this household.
    pub by_group: bool,
    /// Why it was withdrawn; empty while it counts.
    pub void_reason: String,
}

/// Another household that looks like the same family.
pub struct DuplicateView {
    pub household: HouseholdRow,
    pub certain: bool,
    pub why: Words,
    /// Both, as `Compare` takes them; empty while the family is being typed.
    pub one: String,
    pub other: String,
    /// open, disputed
    pub state: String,
}

/// A visit being written: everything the form holds, kept at every keystroke.
#[derive(Default)]
#[serde(default)]
pub struct VisitDraft {
    pub household: String,
    /// The visit being corrected; empty for a new one.
    pub visit: String,
    /// What the person saw when the form was drawn.
    pub base: String,
    /// The document of the form of the county that asks here; empty where the page asks as ever.
    pub source: String,
    pub on: String,
    /// Visit kind, one of `VisitForm::kinds`.
    pub kind: String,
    pub home: String,
    pub met: Vec<String>,
    pub met_other: String,
    pub with: Vec<String>,
    pub checks: Vec<CheckDraft>,
    pub findings: Vec<FindingDraft>,
    pub words: String,
    pub judgement: String,
    pub next_on: String,
}

/// One of the six checks while the form is open.
pub struct CheckDraft {
    pub dimension: String,
    pub verdict: String,
    /// carried until tapped, then checked
    pub basis: String,
}

/// One problem written down during a visit.
#[derive(Default)]
pub struct FindingDraft {
    pub category: String,
    pub words: String,
    /// Photos of it, durably on the phone already.
    pub photos: Vec<PhotoDraft>,
}

/// 入户: the form with what it needs to be drawn.
pub struct VisitForm {
    pub draft: VisitDraft,
    pub resumed: bool,
    pub head: String,
    pub group: String,
    pub kinds: Vec<Choice>,
    pub homes: Vec<HomeChoice>,
    pub persons: Vec<Choice>,
    pub members: Vec<Choice>,
    pub verdicts: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub phrases: Vec<String>,
    /// The checks that are asked.
    pub checks: Vec<CheckRow>,
    /// What a form of the county asks in their place, and beside them; it is open, as after `OpenForm`.
    pub asked: Option<Box<FormView>>,
    /// Where it asks for what the family said and what the visitor thinks; empty: the page asks itself.
    pub words_at: String,
    pub judgement_at: String,
    /// Why the form that asks here cannot be opened; its answers stay as they are.
    pub not_asked: Option<Words>,
    /// Dates proposed for 下次再来: a date as value, 一周后 as words.
    pub next: Vec<Choice>,
    /// Other people's changes that arrived since the draft was begun.
    pub news: Vec<HistoryRow>,
}

/// 家里有人吗: one answer and what the form asks after it.
pub struct HomeChoice {
    pub value: String,
    pub words: Words,
    /// Of met, checks, findings, words, next.
    pub asks: Vec<String>,
}

/// One of the six checks: its question as one asks it at the door, and the last answer.
pub struct CheckRow {
    pub dimension: String,
    /// The question of the form of the county; empty where the page asks itself.
    pub place: String,
    pub label: Words,
    pub ask: Words,
    pub last_verdict: String,
    pub last_on: String,
    pub last_by: String,
    /// 不适用 proposed from the ages of the family, with the reason; empty otherwise.
    pub proposed: Option<Words>,
}

/// What was stored, to be said in a toast.
pub struct SavedView {
    pub document: String,
    pub record: String,
    pub local: u32,
    /// Values others had written meanwhile into the same fields: both are kept.
    pub differs: u32,
}

/// 我的.
pub struct MineView {
    pub me: MemberView,
    pub village: VillageView,
    pub strip: StripView,
    /// Everybody of the team, this person included, in the order of the list.
    pub team: Vec<TeammateView>,
    /// The roles this person may invite somebody for.
    pub invite_roles: Vec<Choice>,
    /// S055, S126, S156: what the team lacks, in words; empty when complete.
    pub team_trouble: Vec<Words>,
    pub groups_unpaired: u32,
    pub unpaired: u32,
    /// Differing values that wait to be settled, and further ones about which somebody asks.
    pub differs: u32,
    pub asked: u32,
    /// Same code = same data.
    pub check_code: String,
    /// The code is of this many changes; it compares only when nothing is local.
    pub changes: u32,
    pub quarantined: Vec<QuarantineRow>,
    /// Whom to ask about what cannot be opened: the county desk, else the leader of the team.
    pub desk: Vec<MemberView>,
    pub version: String,
}

/// A member of the team and whether all my work has reached that person's phone.
pub struct TeammateView {
    pub member: MemberView,
    /// all, some, none, never (no phone joined); of this person all
    pub received: String,
    pub joined: bool,
}

/// A record that cannot be read, or a change that was refused.
pub struct QuarantineRow {
    pub id: String,
    /// Whose household it is, 田正文 · 3组, when the lists still know it; empty else.
    pub of: String,
    pub problem: Problem,
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub at: i64,
    /// 再试 writes the refused values again, rather than opening what could not be read.
    pub rewrites: bool,
}

/// Coverage of the period, and pairing (S056, S103, S129, S181).
pub struct CoverageView {
    pub from: String,
    pub to: String,
    /// Periods to choose from: this month, this quarter, this year, last month.
    pub periods: Vec<PeriodChoice>,
    pub households: u32,
    pub visited: u32,
    pub by_group: Vec<CoverageRow>,
    pub by_visitor: Vec<VisitorRow>,
    pub unpaired: Vec<HouseholdRow>,
}

/// A period of coverage.
pub struct PeriodChoice {
    pub from: String,
    pub to: String,
    pub words: Words,
}

/// Coverage of one group.
pub struct CoverageRow {
    /// Empty for the households without one.
    pub group: String,
    pub households: u32,
    pub visited: u32,
}

/// One visitor's count by kind of visit; in the order of the team list, never ranked.
pub struct VisitorRow {
    pub member: String,
    pub name: String,
    pub kinds: Vec<KindCount>,
    pub paired: u32,
    pub paired_met: u32,
}

/// How many visits of a kind.
pub struct KindCount {
    pub kind: Words,
    pub count: u32,
}

/// Result of a sync.
pub struct SyncView {
    pub sent: u32,
    pub received: u32,
    pub refused: u32,
    pub bytes_up: u32,
    pub bytes_down: u32,
    pub round_trips: u32,
    pub strip: StripView,
}

/// 备份 and 退出本村.
pub struct RescueView {
    /// Changes that the endpoint has not acknowledged, those of others that were carried here among them.
    pub waiting: u32,
    /// How many of those are in no rescue file that was shared or stored.
    pub unkept: u32,
    /// When the last file was shared or stored.
    #[cfg_attr(feature = "types", ts(type = "number | null"))]
    pub kept_at: Option<i64>,
    /// Visits begun and not saved: they are in no rescue file.
    pub drafts: u32,
    /// The endpoint takes nothing from this phone any more: the desk accepts its file.
    pub revoked: bool,
}

/// A rescue file that was just made.
pub struct RescueFile {
    /// Date and phone, nothing else.
    pub name: String,
    pub text: String,
    pub changes: u32,
}

/// What opening a rescue file did.
pub struct RescueOpened {
    /// Who made it; empty when that part is damaged.
    pub name: String,
    #[cfg_attr(feature = "types", ts(type = "number | null"))]
    pub made_at: Option<i64>,
    /// Changes that were not here before.
    pub fresh: u32,
    /// Changes that were here already.
    pub known: u32,
    /// Changes that are kept for the endpoint and not shown yet: the phone that made them is not known here as one in use,
    /// or what they stand on is not here.
    pub apart: u32,
    /// Parts of the file that could not be read, of how many.
    pub damaged: u32,
    pub parts: u32,
    /// What was in them.
    pub lost: Vec<RescueLost>,
}

/// Something that was in a damaged part of a rescue file.
pub struct RescueLost {
    /// 田正文 · 3组; empty when it concerns no household.
    pub of: String,
    pub changes: u32,
}
}
