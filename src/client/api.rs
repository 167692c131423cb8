//! The one door between app and core: a closed set of requests, one reply each, and notices that something changed.

use super::view::*;
use serde::{Deserialize, Serialize};
#[cfg(feature = "types")]
use ts_rs::TS;

crossing! {
/// One changed field, as the person typed or chose it: full-width digits and 。 ／ are accepted, money is in yuan, area in
/// the field's unit. Empty = cleared. Of a set: the chosen values joined by the ideographic comma 、.
pub struct FieldChange {
    pub key: String,
    pub value: String,
}

/// What the app asks of the core. Each variant is answered by the reply of the same name.
#[serde(rename_all = "snake_case")]
// In the browser the bindings put the type outside: found first, it spares the code that keeps all members until then.
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "type"))]
pub enum Request {
    /// Opens the phone's records. First request of every start. `take_over` takes them from another tab that holds them.
    Start { take_over: bool },
    /// Looks at an invitation without using it: the token of a link or a typed code.
    Invitation { token: String },
    /// 我是〈姓名〉，加入: uses the invitation, enrols this phone, begins the first load.
    Join { token: String, device_label: String },
    /// Fetches the next part of the first load; repeat until `loading` is null.
    Load,
    Today,
    /// chip: one of `HouseholdsView::chips`; group: the filter of one of its groups, empty = all.
    Households { query: String, chip: String, group: String, offset: u32, limit: u32 },
    Household { id: String },
    /// A record with all its editable fields: `own`, `persons/<id>`, or `persons/` for a new person.
    Record { document: String, record: String },
    /// What the fields would be after these changes, while typing: echo of amounts, flags, and values that follow
    /// (an ID number fills sex and birth date). Stores nothing.
    Preview { document: String, record: String, changes: Vec<FieldChange> },
    /// Writes what the person changed, on what the person saw.
    SaveRecord { document: String, record: String, base: String, changes: Vec<FieldChange> },
    /// 待核对 over all households, so many households from the `offset`-th.
    Differences { offset: u32, limit: u32 },
    /// Settles differing values. how: `use` (value: the `ValueView::id` chosen), `other` (value: as typed), `both`, or `ask`
    /// (问清再定: it stays open).
    Settle { document: String, record: String, base: String, key: String, how: String, value: String },
    /// 撤回: the values differ again, as they did before they were settled.
    Unsettle { document: String, record: String, base: String, key: String },
    /// 人口变动. subject: a person id, `household`, or empty for a new person, whose fields are `changes`.
    SaveStatusEvent {
        document: String,
        base: String,
        subject: String,
        kind: String,
        on: String,
        note: String,
        changes: Vec<FieldChange>,
    },
    /// 登记新户: a first look for the same family while typing.
    LookAlike { head: String, group: String, id_no: String, number: String },
    RegisterHousehold { head: String, group: String, id_no: String, phone: String, number: String },
    /// Opens the visit form: resumes the draft of this household, else a new one prefilled from last time.
    VisitForm { household: String, visit: String },
    /// Keeps the draft; sent at every keystroke.
    KeepDraft { draft: VisitDraft },
    /// Drops the draft of a new visit, or of the correction of `visit`.
    DropDraft { household: String, visit: String },
    /// Keeps what is typed in any other form, in words only the app understands, so that a killed tab loses nothing.
    /// `form` names it (`edit/<document>/<record>`); empty text drops it. At most 64 kB.
    KeepForm { form: String, text: String },
    /// What was kept of a form; empty when nothing.
    KeptForm { form: String },
    /// The forms of a household, one of its persons, the village (`document` empty), a group or a facility (`about`).
    Forms { document: String, about: String },
    /// Opens a form: `form` is the document id of the form, `record` empty for a new record; resumes the draft. One form is
    /// open at a time; what was open stays as its draft.
    OpenForm { document: String, about: String, form: String, record: String },
    /// An answer on the open form, as stored; empty takes it back. Keeps the draft. The same answer again makes one that was
    /// carried over a checked one.
    Answer { place: String, value: String },
    /// One more instance of a repeated part: `add_place` of a section.
    AddInstance { place: String },
    /// Takes an instance out: `place` of its section.
    RemoveInstance { place: String },
    /// Shows the open form in another of its languages.
    FormLanguage { language: String },
    /// A part of a long list of choices, those whose words or value hold the query.
    FormChoices { place: String, query: String, offset: u32, limit: u32 },
    /// [保存] of the open form. `problems`: the places of the proposals that stay ticked. Nothing is saved while troubles
    /// stand; without `finish` what has to be answered may be missing.
    SaveForm { finish: bool, problems: Vec<String> },
    /// Drops the draft of the open form and closes it.
    DropForm,
    /// Drops a draft that cannot be opened or is not wanted, as `FormDraftRow` names it.
    DropFormDraft { document: String, about: String, form: String, record: String },
    /// A record with the version of the form that it was made with, to look at.
    FormRecord { document: String, record: String },
    /// For whom a form is due, done and missed.
    /// list: one of `DueFormsView::lists`; group: the filter of one of its groups, empty = all.
    DueForms { form: String, list: String, group: String, query: String, offset: u32, limit: u32 },
    /// Counts some more families for what is due; repeat while a view says `counting`.
    CountDue,
    /// 数据质量: what one rule finds, or all do (`rule` empty). Looks at some more households each time it is asked.
    Quality { rule: String },
    /// Opens a problem for what a rule finds, as `QualityRow` names it.
    OpenHit { household: String, rule: String, person: String },
    /// 专项行动; looks at some more households each time it is asked.
    Campaigns,
    /// One campaign by groups; `group` empty lists what remains in all of them.
    Campaign { key: String, group: String },
    /// 四张清单: one of `FourListsView::lists`.
    FourLists { list: String },
    /// [保存]: the visit and its problems, in one durable step.
    SaveVisit {
        draft: VisitDraft,
        /// With what a form of the county requires; else as far as it was answered.
        finish: bool,
        /// Those of the problems it proposes that stay ticked, by place.
        problems: Vec<String>,
    },
    /// 作废 with a reason; the record stays readable.
    Withdraw { document: String, record: String, base: String, reason: String },
    /// 撤回作废: the record counts again.
    Restore { document: String, record: String, base: String },
    /// Two households or two persons side by side; both as `TwinView` names them.
    Compare { one: String, other: String },
    /// 合并 or 不是同一户: says that the two are one and the same, or are not. `seen`: the decisions that were shown; they end.
    Decide { one: String, other: String, same: bool, seen: Vec<String> },
    /// 撤销合并, with a reason: the decisions that were shown end.
    Undecide { one: String, other: String, seen: Vec<String>, reason: String },
    /// Pairs a member with a household (`group` empty) or with a whole group (`household` empty). `pairing` and `base` of
    /// `PairingView` change a pairing, and both are empty for a new one; `to` ends it.
    SavePairing {
        household: String,
        group: String,
        pairing: String,
        base: String,
        member: String,
        from: String,
        to: String,
    },
    /// chip: one of `FindingsView::chips`; empty = the first of them.
    Findings { chip: String, asked: Box<FindingsAsked> },
    /// Problems on paper, in this order; kind: one of `PaperView::kind`.
    Paper { kind: String, findings: Vec<String> },
    /// 通报: freezes words and photos of these problems; `text`: what is to be done.
    Circulate { findings: Vec<String>, text: String },
    /// What may be begun for a household, and what was.
    Matters { household: String },
    /// Begins one; `person`: whom it is about, empty where it is the household.
    BeginMatter { household: String, procedure: String, person: String },
    /// The photos of a problem.
    Evidence { document: String },
    /// Adds photos to a problem; they are durably on the phone already.
    AddEvidence { document: String, photos: Vec<PhotoDraft> },
    /// One problem with its steps; `seen`: the `base` of what the person has seen of it, whatever came after it is marked.
    Finding { id: String, seen: String },
    /// Does a step of a problem on what the person saw. Nothing is written where more has come meanwhile.
    /// `photos`: those that `fields` name, durably on the phone already.
    DoStep { id: String, base: String, event: String, fields: Vec<FieldChange>, photos: Vec<PhotoDraft> },
    /// 记问题: what a new one can be, of a household or of none.
    FindingForm { household: String },
    SaveFinding { finding: Box<NewFinding> },
    /// `record` empty = of the whole household with its problems, `field` empty = every field; a field by the key of its
    /// `FieldView`.
    History { document: String, record: String, field: String, offset: u32, limit: u32 },
    /// The household as it was at the end of a day.
    HouseholdOn { id: String, on: String },
    /// Both empty = this month.
    Coverage { from: String, to: String },
    /// 调度表: one of `DispatchView::periods`; empty = this week.
    Dispatch { period: String },
    /// A workbook that the endpoint makes of what it holds (needs the network). what: `dispatch` with one of
    /// `DispatchView::periods`, or `findings` with an empty one; language: `zh` or `en`.
    Export { what: String, period: String, language: String },
    Mine,
    SyncNow,
    /// 备份: what a rescue file would hold, and whether this village may be left.
    Rescue,
    /// Makes a rescue file: of what the endpoint has not acknowledged, or of everything.
    MakeRescue { everything: bool },
    /// 导出: makes a rescue file of what was set aside, and of what waits of the same record; the id of `QuarantineRow`.
    ExportAside { id: String },
    /// The file that was made last was shared or stored.
    RescueKept,
    /// Opens a rescue file and merges what is whole of it.
    OpenRescue { text: String },
    /// 退出本村: clears this phone. Refused while something is only here and in no rescue file.
    Leave,
    /// 再试: opens what was set aside once more; the id of `QuarantineRow`.
    TryAgain { id: String },
    /// The leader invites (needs the network).
    Invite { name: String, role: String, phone: String },
    /// 出错记录 as text to share: codes, times, versions; no personal data.
    ErrorLog,
    /// Notes an error of the app itself in the error record.
    NoteError { code: String, place: String },
    /// Shows the whole ID number of a person (while a finger is held on it).
    RevealId { document: String, person: String },
}

/// The answer to a request.
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    Start { view: StartView },
    Invitation { view: InvitationView },
    Join { view: StartView },
    Load { loading: Option<LoadView> },
    Today { view: TodayView },
    Households { view: HouseholdsView },
    Household { view: Box<HouseholdView> },
    Record { view: RecordView },
    Preview { fields: Vec<FieldView> },
    SaveRecord { saved: SavedView },
    Differences { view: DifferencesView },
    /// `settled` is none while somebody asks, and where another value has come meanwhile.
    Settle { saved: SavedView, settled: Option<SettledView> },
    Unsettle { saved: SavedView },
    SaveStatusEvent { saved: SavedView },
    LookAlike { alike: Vec<DuplicateView> },
    RegisterHousehold { saved: SavedView },
    VisitForm { form: Box<VisitForm> },
    KeepDraft,
    DropDraft,
    KeepForm,
    KeptForm { text: String },
    Forms { view: FormsView },
    /// The open form, or a record that is looked at.
    Form { view: Box<FormView> },
    Answered { view: AnsweredView },
    FormChoices { choices: Vec<Choice>, total: u32 },
    SavedForm { saved: Option<SavedView>, troubles: Vec<FormTrouble> },
    DropForm,
    DueForms { view: DueFormsView },
    CountDue { counting: Option<CountingView> },
    Quality { view: QualityView },
    OpenHit { finding: String },
    Campaigns { view: CampaignsView },
    Campaign { view: CampaignView },
    FourLists { view: FourListsView },
    /// Nothing is saved while troubles stand.
    SaveVisit {
        saved: Option<SavedView>,
        troubles: Vec<FormTrouble>,
    },
    Withdraw { saved: SavedView },
    Restore { saved: SavedView },
    Compare { view: CompareView },
    Decide { saved: SavedView },
    Undecide { saved: SavedView },
    SavePairing { saved: SavedView },
    Findings { view: FindingsView },
    Paper { view: PaperView },
    Circulate { saved: SavedView },
    Matters { head: String, matters: Vec<MatterRow> },
    BeginMatter { saved: SavedView },
    Evidence { view: EvidenceView },
    AddEvidence { saved: SavedView },
    Finding { view: Box<FindingView> },
    /// `saved` is none where the problem moved while the person was reading: `view` shows what is new.
    DoStep { saved: Option<SavedView>, view: Box<FindingView> },
    FindingForm { view: Box<FindingForm> },
    SaveFinding { saved: SavedView },
    History { view: HistoryView },
    HouseholdOn { view: Box<PastView> },
    Coverage { view: CoverageView },
    Dispatch { view: DispatchView },
    Export { file: MadeFile },
    Mine { view: MineView },
    SyncNow { view: SyncView },
    Invite { invitation: NewInvitation },
    Rescue { view: RescueView },
    MakeRescue { file: RescueFile },
    ExportAside { file: RescueFile },
    RescueKept,
    OpenRescue { view: RescueOpened },
    Leave { view: StartView },
    ErrorLog { text: String },
    NoteError,
    TryAgain,
    RevealId { id_no: String },
    /// The request could not be done; nothing was changed.
    Failed { problem: Problem },
}

/// What changed on the phone, so that open screens ask again.
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Notice {
    /// Documents that changed by a save or by what arrived; empty = the lists only.
    Changed { documents: Vec<String> },
    Strip { strip: StripView },
    Loading { loading: Option<LoadView> },
    /// Another tab took the records over; this one can do nothing more.
    Elsewhere,
}
}

impl Request {
    /// The name on the wire, for the error record.
    pub fn name(&self) -> &'static str {
        match self {
            Request::Start { .. } => "start",
            Request::Invitation { .. } => "invitation",
            Request::Join { .. } => "join",
            Request::Load => "load",
            Request::Today => "today",
            Request::Households { .. } => "households",
            Request::Household { .. } => "household",
            Request::Record { .. } => "record",
            Request::Preview { .. } => "preview",
            Request::SaveRecord { .. } => "save_record",
            Request::Differences { .. } => "differences",
            Request::Settle { .. } => "settle",
            Request::Unsettle { .. } => "unsettle",
            Request::SaveStatusEvent { .. } => "save_status_event",
            Request::LookAlike { .. } => "look_alike",
            Request::RegisterHousehold { .. } => "register_household",
            Request::VisitForm { .. } => "visit_form",
            Request::KeepDraft { .. } => "keep_draft",
            Request::DropDraft { .. } => "drop_draft",
            Request::KeepForm { .. } => "keep_form",
            Request::KeptForm { .. } => "kept_form",
            Request::SaveVisit { .. } => "save_visit",
            Request::Withdraw { .. } => "withdraw",
            Request::Restore { .. } => "restore",
            Request::Compare { .. } => "compare",
            Request::Decide { .. } => "decide",
            Request::Undecide { .. } => "undecide",
            Request::SavePairing { .. } => "save_pairing",
            Request::Findings { .. } => "findings",
            Request::Paper { .. } => "paper",
            Request::Circulate { .. } => "circulate",
            Request::Matters { .. } => "matters",
            Request::BeginMatter { .. } => "begin_matter",
            Request::Evidence { .. } => "evidence",
            Request::AddEvidence { .. } => "add_evidence",
            Request::Finding { .. } => "finding",
            Request::DoStep { .. } => "do_step",
            Request::FindingForm { .. } => "finding_form",
            Request::SaveFinding { .. } => "save_finding",
            Request::History { .. } => "history",
            Request::HouseholdOn { .. } => "household_on",
            Request::Coverage { .. } => "coverage",
            Request::Dispatch { .. } => "dispatch",
            Request::Export { .. } => "export",
            Request::Mine => "mine",
            Request::SyncNow => "sync_now",
            Request::Rescue => "rescue",
            Request::MakeRescue { .. } => "make_rescue",
            Request::ExportAside { .. } => "export_aside",
            Request::RescueKept => "rescue_kept",
            Request::OpenRescue { .. } => "open_rescue",
            Request::Leave => "leave",
            Request::TryAgain { .. } => "try_again",
            Request::Invite { .. } => "invite",
            Request::ErrorLog => "error_log",
            Request::NoteError { .. } => "note_error",
            Request::RevealId { .. } => "reveal_id",
            other => other.name_further(),
        }
    }

    /// The same for what is asked about forms, and for what takes all households.
    fn name_further(&self) -> &'static str {
        match self {
            Request::Forms { .. } => "forms",
            Request::OpenForm { .. } => "open_form",
            Request::Answer { .. } => "answer",
            Request::AddInstance { .. } => "add_instance",
            Request::RemoveInstance { .. } => "remove_instance",
            Request::FormLanguage { .. } => "form_language",
            Request::FormChoices { .. } => "form_choices",
            Request::SaveForm { .. } => "save_form",
            Request::DropForm => "drop_form",
            Request::DropFormDraft { .. } => "drop_form_draft",
            Request::FormRecord { .. } => "form_record",
            Request::DueForms { .. } => "due_forms",
            Request::CountDue => "count_due",
            Request::Quality { .. } => "quality",
            Request::OpenHit { .. } => "open_hit",
            Request::Campaigns => "campaigns",
            Request::Campaign { .. } => "campaign",
            Request::FourLists { .. } => "four_lists",
            // Every other request is named above.
            _ => "request",
        }
    }
}
