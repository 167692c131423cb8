// Generated from the Rust core by `cargo xtask build`; do not edit.

export type ActionView = { event: string, words: Words, fields: Array<StepField>, };

export type AnsweredView = { 
/**
 * Questions that are new or another way now.
 */
changed: Array<FormItem>, 
/**
 * Places that do not apply any more.
 */
gone: Array<string>, 
/**
 * All places in order; only when that changed.
 */
order: Array<string> | null, sections: Array<SectionView>, proposals: Array<ProposalView>, updates: Array<UpdateView>, };

export type AskedView = { author: string, at: number, mine: boolean, };

export type Badge = { 
/**
 * inactive, class, paired, finding, differs, asked, local, absent, duplicate
 */
kind: string, words: Words, };

export type CampaignGroup = { group: string, progress: ProgressView, };

export type CampaignLeft = { 
/**
 * household or finding
 */
kind: string, id: string, household: string, name: string, group: string, 
/**
 * Somebody looked already.
 */
checked: boolean, words: Words, };

export type CampaignRow = { key: string, label: Words, due: Words, overdue: boolean, progress: ProgressView, };

export type CampaignSet = { title: Words, campaigns: Array<CampaignRow>, };

export type CampaignView = { looked: LookedAt, label: Words, set: Words, due: Words, overdue: boolean, 
/**
 * What counts as cleared.
 */
words: Words, progress: ProgressView, groups: Array<CampaignGroup>, 
/**
 * The group whose remainder is listed; empty for all.
 */
group: string, rows: Array<CampaignLeft>, total: number, };

export type CampaignsView = { looked: LookedAt, sets: Array<CampaignSet>, 
/**
 * Sets that have not come in whole, or that need a newer release.
 */
waiting: Array<string>, };

export type CategoryChoice = { value: string, words: Words, phrases: Array<string>, };

export type CategoryCount = { category: Words, count: number, };

export type CheckDraft = { dimension: string, verdict: string, 
/**
 * carried until tapped, then checked
 */
basis: string, };

export type CheckRow = { dimension: string, 
/**
 * The question of the form of the county; empty where the page asks itself.
 */
place: string, label: Words, ask: Words, last_verdict: string, last_on: string, last_by: string, 
/**
 * 不适用 proposed from the ages of the family, with the reason; empty otherwise.
 */
proposed: Words | null, };

export type ChipView = { value: string, words: Words, count: number, };

export type Choice = { value: string, words: Words, };

export type CompareField = { section: Words, label: Words, one: Words, other: Words, same: boolean, 
/**
 * Folded until somebody asks for it.
 */
sensitive: boolean, };

export type CompareView = { one: string, other: string, what: string, certain: boolean, 
/**
 * Why they look alike; empty where they do not any more.
 */
why: Words, 
/**
 * open, same, apart, disputed
 */
state: string, sides: Array<SideView>, fields: Array<CompareField>, 
/**
 * What stands; handed back with the next decision, so that nothing is taken back unseen.
 */
decisions: Array<DecisionView>, 
/**
 * Of two households: persons who look alike or were joined.
 */
persons: Array<TwinView>, };

export type ContestedView = { document: string, record: string, base: string, title: Words, reason: string, author: string, at: number, 
/**
 * What others wrote meanwhile; empty where they took the withdrawal back.
 */
rows: Array<HistoryRow>, };

export type CountingView = { done: number, of: number, };

export type CoverageRow = { 
/**
 * Empty for the households without one.
 */
group: string, households: number, visited: number, };

export type CoverageView = { from: string, to: string, 
/**
 * Periods to choose from: this month, this quarter, this year, last month.
 */
periods: Array<PeriodChoice>, households: number, visited: number, by_group: Array<CoverageRow>, by_visitor: Array<VisitorRow>, unpaired: Array<HouseholdRow>, };

export type DecisionView = { id: string, same: boolean, author: string, at: number, mine: boolean, };

export type DifferencesOf = { 
/**
 * None for what concerns the village as a whole.
 */
household: HouseholdRow | null, differs: Array<DiffersView>, 
/**
 * Records that one withdrew while another changed them.
 */
contested: Array<ContestedView>, };

export type DifferencesView = { 
/**
 * Fields that wait to be settled, and further ones about which somebody asks.
 */
open: number, asked: number, of: Array<DifferencesOf>, 
/**
 * 疑似重复户 and persons who seem to be typed twice; with the first page alone.
 */
twins: Array<TwinView>, 
/**
 * Households after these.
 */
more: boolean, strip: StripView, };

export type DiffersView = { document: string, record: string, base: string, 
/**
 * 电话, or 周小怡 · 残疾类别
 */
title: Words, 
/**
 * With its choices, as 另填 needs them.
 */
field: FieldView, 
/**
 * 另填 is possible: people write this field themselves.
 */
may_fill: boolean, 
/**
 * 都保留: what would stand then; none where the field can have one value alone.
 */
both: Words | null, 
/**
 * 问清再定: who asks.
 */
asked: AskedView | null, };

export type DimensionView = { 
/**
 * food, clothing, education, medical, housing, water
 */
dimension: string, label: Words, 
/**
 * met, basic, unmet, unchecked, not_applicable
 */
verdict: string, 
/**
 * The verdict in words.
 */
shown: Words, 
/**
 * checked, carried, or empty when never
 */
basis: string, on: string, by: string, differs: boolean, };

export type DispatchView = { 
/**
 * `week/2017-05-26`: the period and the day up to which it counts; one of `periods`.
 */
period: string, periods: Array<Choice>, title: Words, from: string, on: string, households: number, visited: number, found: number, signed_off: number, fixed: number, open: number, overdue: number, 
/**
 * Where it is hardest, the most first; they add up to `open`.
 */
difficulties: Array<CategoryCount>, 
/**
 * Whose phones have not shown yet that they hold everything that this one has fetched.
 */
behind: Array<string>, 
/**
 * What is on this phone alone, so that the endpoint's sheet lacks it.
 */
local: number, check_code: string, 
/**
 * To be pasted into a group.
 */
text: Words, };

export type DraftRow = { household: string, 
/**
 * The visit being corrected; empty for a new one.
 */
visit: string, head: string, changed_at: number, };

export type DueFormRow = { 
/**
 * The document id of the form.
 */
form: string, title: string, 
/**
 * 本季度还差 12 人
 */
words: Words, 
/**
 * The period ends within days.
 */
soon: boolean, 
/**
 * Whom or what it is still due for, done for in this period, and was missed for in the period before.
 */
due: number, done: number, missed: number, };

export type DueFormsView = { form: string, title: string, 
/**
 * 本季度还差 12 人
 */
words: Words, 
/**
 * Still due, missed in the period before, done; with how many of the group and words that were asked for.
 */
lists: Array<ChipView>, groups: Array<GroupCount>, 
/**
 * Rows of the list that was asked for.
 */
total: number, 
/**
 * Those asked for, mine first, then in the order of the roster.
 */
rows: Array<DueSubjectRow>, counting: CountingView | null, };

export type DueSubjectRow = { document: string, about: string, name: string, 
/**
 * The family, and of a facility its kind.
 */
detail: Words, group: string, 
/**
 * 今年已做 2/4 次
 */
note: Words, 
/**
 * The day of the last record that was finished; may be empty.
 */
last_on: string, 
/**
 * Of a household that is paired with me.
 */
mine: boolean, };

export type DuplicateView = { household: HouseholdRow, certain: boolean, why: Words, 
/**
 * Both, as `Compare` takes them; empty while the family is being typed.
 */
one: string, other: string, 
/**
 * open, disputed
 */
state: string, };

export type EventChoice = { value: string, words: Words, 
/**
 * Whom it is about: person (one of the family), new (somebody who joins it), household.
 */
about: string, };

export type EvidenceRow = { record: string, photo: string, thumb: string, what: string, 
/**
 * 整改前, 整改后
 */
what_words: Words, on: string, 
/**
 * By the clock of the phone that took it.
 */
at_ms: number, by: string, bytes: number, };

export type EvidenceView = { document: string, photos: Array<EvidenceRow>, };

export type FieldChange = { key: string, value: string, };

export type FieldView = { key: string, label: Words, 
/**
 * text, choice, set (without choices: free texts), ref, date, month, int, fen, area, phone, id_number, note
 */
kind: string, unit: Words, hint: Words, choices: Array<Choice>, 
/**
 * The current value as one would type it: money in yuan, area in the field's unit, of a set the chosen values joined
 * by the ideographic comma; empty when none.
 */
value: string, shown: Words, 
/**
 * More than one: the field differs, and each value is listed.
 */
values: Array<ValueView>, sensitive: boolean, 
/**
 * An odd value: said once, never blocking.
 */
flag: Words | null, 
/**
 * 改过: written again since the record was made.
 */
changed: boolean, };

export type FilterView = { key: string, label: Words, chosen: string, choices: Array<ChipView>, };

export type FindingDraft = { category: string, words: string, 
/**
 * Photos of it, durably on the phone already.
 */
photos: Array<PhotoDraft>, };

export type FindingForm = { 
/**
 * The head of its household; empty where there is none.
 */
head: string, categories: Array<CategoryChoice>, severities: Array<Choice>, sources: Array<Choice>, 
/**
 * Sources that hold what they see against what the papers say.
 */
compared: Array<string>, groups: Array<string>, 
/**
 * Of a group of inspectors: the villages that it covers.
 */
villages: Array<Choice>, };

export type FindingRow = { id: string, household: string, head: string, group: string, 
/**
 * The name of its procedure; empty for a problem.
 */
procedure: string, 
/**
 * Of a problem its category, of another matter what it is.
 */
category: Words, words: string, state: Words, found_on: string, due_on: string, 
/**
 * 还有 3 天, 今天到期, 超期 2 天; empty without a date or when settled.
 */
due: Words, overdue: boolean, 
/**
 * With whom it hangs; empty where it is settled.
 */
with: Words, by: string, open: boolean, 
/**
 * 签后改动, or empty.
 */
changed: Words, 
/**
 * 复发: the same kind of problem of the household was signed off within a year before.
 */
recurred: boolean, 
/**
 * Where it is, of what this person found or changed.
 */
standing: WhereView | null, };

export type FindingView = { row: FindingRow, base: string, severity: Words, source: Words, 
/**
 * What the papers say and what was seen, where these were compared.
 */
dossier: string, observed: string, notes: string, 
/**
 * Before and after, the oldest first.
 */
photos: Array<EvidenceRow>, 
/**
 * The same kind of problem of the same household, before or after this one.
 */
linked: Array<LinkedFinding>, 
/**
 * What the household needs to know of its matter: what was written down and what follows from it; empty for a problem.
 */
facts: Array<LineView>, 
/**
 * Stable name of the state.
 */
state: string, 
/**
 * Two steps contradict; somebody who has seen both decides.
 */
disputed: boolean, 
/**
 * With whom it hangs; empty where it is settled.
 */
with: Words, owner: string, lead_dept: Words, 
/**
 * The due date that was set first, where it was extended.
 */
first_due: Words, 
/**
 * 举一反三, where all others are looked at.
 */
sweep: SweepView | null, steps: Array<StepView>, 
/**
 * The one next step, and the others; empty where somebody else is to act.
 */
next: ActionView | null, more: Array<ActionView>, 
/**
 * Why the next step is not this person's; empty where it is.
 */
why_not: Words, void_reason: string, standing: WhereView | null, strip: StripView, };

export type FindingsAsked = { query: string, 
/**
 * found (the newest first), due
 */
sort: string, 
/**
 * group, dept: by what the list is grouped
 */
section: string, 
/**
 * finding, or the name of a procedure
 */
kind: string, group: string, category: string, owner: string, 
/**
 * overdue, today, week, later, none
 */
due: string, source: string, 
/**
 * So many rows at most; 0: all.
 */
limit: number, };

export type FindingsView = { chip: string, chips: Array<ChipView>, filters: Array<FilterView>, 
/**
 * The parts of the list in their order, with how many stand in each; the rows follow each other in the same order.
 */
sections: Array<SectionCount>, rows: Array<FindingRow>, 
/**
 * How many there are; `rows` may be the first of them.
 */
total: number, strip: StripView, };

export type FormDraftRow = { document: string, about: string, form: string, record: string, 
/**
 * Whose it is, and the title of the form.
 */
head: string, title: string, changed_at: number, 
/**
 * The form is not on this phone, or not wholly: the draft is kept and cannot be opened.
 */
missing: boolean, };

export type FormItem = { place: string, 
/**
 * The index of its section.
 */
section: number, 
/**
 * integer, decimal, range, text, select_one, select_multiple, rank, note, date, time, datetime, geopoint, image, signature,
 * barcode, acknowledge.
 */
kind: string, label: string, hint: string, 
/**
 * As stored.
 */
value: string, 
/**
 * As a person reads it.
 */
shown: string, required: boolean, readonly: boolean, 
/**
 * 沿用上次: nobody has tapped it.
 */
carried: boolean, choices: Array<Choice>, 
/**
 * More than `choices` holds: ask with `FormChoices`. Equal to its length otherwise.
 */
choices_total: number, 
/**
 * A free text stands beside the choices.
 */
other: boolean, range: RangeView | null, 
/**
 * The longest edge that its photos may have; 0: as photos are kept.
 */
pixels: number, appearance: Array<string>, unit: string, 
/**
 * What is wrong with the answer.
 */
trouble: Words | null, };

export type FormMissing = { form: string, title: string, version: string, words: Words, };

export type FormRecordRow = { document: string, 
/**
 * `records/01J…`
 */
record: string, 
/**
 * The document id of the version that it was made with.
 */
form: string, title: string, 
/**
 * The person, group or facility it is about, and how that is called; empty for the document itself.
 */
about: string, about_name: string, 
/**
 * As the form calls its records; may be empty.
 */
name: string, on: string, by: string, 
/**
 * Finished; else something that has to be answered is missing.
 */
done: boolean, 
/**
 * Finished, and a photo or a signature that the form wants is still to follow.
 */
photo_later: boolean, signature_later: boolean, 
/**
 * Withdrawn, with the reason; empty where it stands.
 */
void_reason: string, 
/**
 * Where this person's work on it is.
 */
standing: WhereView | null, 
/**
 * A later version of the form is in use.
 */
superseded: boolean, 
/**
 * The form that it was made with is on this phone: the record can be opened.
 */
readable: boolean, 
/**
 * A correction was begun on this phone and not saved.
 */
draft: boolean, base: string, 
/**
 * People wrote different answers.
 */
differs: number, };

export type FormRow = { 
/**
 * The document id of the form.
 */
form: string, title: string, version: string, 
/**
 * How often it was made of how often it is due; empty where it is not due.
 */
note: Words, 
/**
 * The day of the last record that was finished; may be empty.
 */
last_on: string, 
/**
 * It was begun on this phone and not saved.
 */
draft: boolean, };

export type FormSubject = { 
/**
 * The id for `about`.
 */
about: string, 
/**
 * person, group or facility.
 */
subject: string, name: string, 
/**
 * The kind of facility, for a group nothing.
 */
note: Words, 
/**
 * Forms that are offered for it.
 */
offered: number, };

export type FormTrouble = { place: string, 
/**
 * The question.
 */
label: string, words: Words, };

export type FormView = { document: string, about: string, 
/**
 * Whom or what it is about.
 */
head: string, form: string, title: string, version: string, 
/**
 * The record that is corrected or looked at; empty for a new one.
 */
record: string, base: string, on: string, languages: Array<string>, language: string, 
/**
 * To look at only.
 */
readonly: boolean, 
/**
 * Withdrawn, with the reason; empty where it stands.
 */
void_reason: string, 
/**
 * A record that may be corrected: `OpenForm` with it, for a visit `VisitForm`.
 */
may_edit: boolean, 
/**
 * A draft was found again.
 */
resumed: boolean, 
/**
 * The record is finished already: saving it needs every answer.
 */
done: boolean, sections: Array<SectionView>, items: Array<FormItem>, proposals: Array<ProposalView>, updates: Array<UpdateView>, 
/**
 * What stands in the way of finishing.
 */
troubles: Array<FormTrouble>, };

export type FormsView = { 
/**
 * The document whose records these are; for the village its places.
 */
document: string, 
/**
 * The id of the person, group or facility; empty for the document itself.
 */
about: string, 
/**
 * 户主、姓名、组名…
 */
name: string, 
/**
 * household, person, village, group or facility.
 */
subject: string, offered: Array<FormRow>, 
/**
 * Records with forms, the latest first.
 */
records: Array<FormRecordRow>, 
/**
 * Forms that are published and have not, or not wholly, reached this phone.
 */
missing: Array<FormMissing>, 
/**
 * Whom or what else forms can be about here: the persons of a family, the groups and facilities of a village.
 */
subjects: Array<FormSubject>, };

export type FourListsView = { 
/**
 * duty, task, problem, mending
 */
list: string, lists: Array<ChipView>, total: number, rows: Array<ListRow>, };

export type GroupCount = { 
/**
 * Empty for the households without one.
 */
group: string, 
/**
 * What to ask for to see these alone.
 */
filter: string, count: number, };

export type HistoryRow = { 
/**
 * The record that changed, as `History` takes it.
 */
document: string, path: string, at: number, 
/**
 * The day of it in China.
 */
on: string, author: string, 
/**
 * The record, in words: 周小怡, 走访 8月15日, 问题：水管漏水; empty for the household itself.
 */
record: Words, field: Words, from: Words, to: Words, during: string, 
/**
 * The visit with which it was written, or on whose day: 走访 8月15日. Empty without one, and of the visit itself.
 */
visit: Words, 
/**
 * How the author's phones are called.
 */
device: string, 
/**
 * When the endpoint received it, by its own clock; none where this phone was not told.
 */
received: number | null, 
/**
 * It is on this phone only.
 */
local: boolean, };

export type HistoryView = { 
/**
 * The record or the field that was asked for, in words; empty for the whole household.
 */
of: Words, rows: Array<HistoryRow>, more: boolean, 
/**
 * The day of the first change of all.
 */
first_on: string, };

export type HomeChoice = { value: string, words: Words, 
/**
 * Of met, checks, findings, words, next.
 */
asks: Array<string>, };

export type HouseholdRow = { id: string, head: string, group: string, number: string, 
/**
 * 待编号
 */
unnumbered: boolean, people: number, 
/**
 * Date of the last visit that counts; empty when never visited.
 */
visited_on: string, 
/**
 * Days since then as of today; -1 when never.
 */
visited_days: number, badges: Array<Badge>, 
/**
 * Which member of the family matched the search, when it was not the head.
 */
matched: string, };

export type HouseholdView = { id: string, base: string, row: HouseholdRow, phone: string, address: string, 
/**
 * Ordinary classes as badges; sensitive ones apart, to be folded.
 */
classes: Array<Words>, sensitive_classes: Array<Words>, differs: Array<DiffersView>, 
/**
 * What was settled in the last days and may be taken back.
 */
settled: Array<SettledView>, findings: Array<FindingRow>, dimensions: Array<DimensionView>, persons: Array<PersonView>, former: Array<PersonView>, visits: Array<VisitView>, 
/**
 * 人口变动 and assessments that were recorded, the latest first.
 */
records: Array<RecordRow>, sections: Array<Section>, notes: string, pairings: Array<PairingView>, 
/**
 * What may be written under 人口变动 of this household.
 */
events: Array<EventChoice>, duplicates: Array<DuplicateView>, 
/**
 * Further records of this family that were joined under this one.
 */
parts: Array<PartView>, 
/**
 * The household under which this one is shown, when it was joined to another one.
 */
leader: HouseholdRow | null, 
/**
 * Persons of the family who look alike, and those who were joined.
 */
twins: Array<TwinView>, 
/**
 * Records that one withdrew while another changed them.
 */
contested: Array<ContestedView>, 
/**
 * Of the household itself: withdrawn, with the reason.
 */
void_reason: string, draft: boolean, unsynced: number, 
/**
 * Where this person's work on the whole household is.
 */
standing: WhereView | null, strip: StripView, 
/**
 * What of this household could not be read, if anything.
 */
trouble: Problem | null, };

export type HouseholdsView = { total: number, of: number, rows: Array<HouseholdRow>, groups: Array<GroupCount>, strip: StripView, chips: Array<ChipView>, loading: LoadView | null, };

export type InvitationView = { 
/**
 * open, used, expired, unknown, revoked
 */
state: string, village: string, name: string, role: string, role_words: Words, inviter: string, inviter_phone: string, households: number, bytes: number, expires_on: string, };

export type KindCount = { kind: Words, count: number, };

export type LineView = { label: Words, value: Words, };

export type LinkedFinding = { id: string, words: Words, };

export type ListRow = { 
/**
 * The problem it leads to; empty where it is somebody.
 */
finding: string, 
/**
 * The household of the problem; empty where there is none.
 */
household: string, title: Words, detail: Words, state: Words, due: Words, overdue: boolean, };

export type LoadView = { have: number, of: number, 
/**
 * Compressed bytes still to come.
 */
bytes_left: number, };

export type LookedAt = { done: number, of: number, };

export type MadeFile = { name: string, 
/**
 * In base64.
 */
bytes: string, };

export type MatterRow = { 
/**
 * The name of its procedure.
 */
procedure: string, title: Words, 
/**
 * Whom it may be about; empty where it is about the household.
 */
persons: Array<Choice>, 
/**
 * Why it does not apply; empty where it does.
 */
hindered: Words, 
/**
 * Those that were begun before, the newest first.
 */
there: Array<FindingRow>, };

export type MemberView = { id: string, name: string, 
/**
 * desk, leader, member, doctor, township, inspector
 */
role: string, role_words: Words, phone: string, unit: string, 
/**
 * May invite further members.
 */
may_invite: boolean, };

export type MineView = { me: MemberView, village: VillageView, strip: StripView, 
/**
 * Everybody of the team, this person included, in the order of the list.
 */
team: Array<TeammateView>, 
/**
 * The roles this person may invite somebody for.
 */
invite_roles: Array<Choice>, 
/**
 * S055, S126, S156: what the team lacks, in words; empty when complete.
 */
team_trouble: Array<Words>, groups_unpaired: number, unpaired: number, 
/**
 * Differing values that wait to be settled, and further ones about which somebody asks.
 */
differs: number, asked: number, 
/**
 * Same code = same data.
 */
check_code: string, 
/**
 * The code is of this many changes; it compares only when nothing is local.
 */
changes: number, quarantined: Array<QuarantineRow>, 
/**
 * Whom to ask about what cannot be opened: the county desk, else the leader of the team.
 */
desk: Array<MemberView>, version: string, };

export type NewFinding = { 
/**
 * Of a group of inspectors: which village it concerns; empty while nobody said so.
 */
village: string, household: string, group: string, place: string, category: string, words: string, severity: string, 
/**
 * Empty: seen on a visit.
 */
source: string, dossier: string, observed: string, 
/**
 * Fixed on the spot, and how.
 */
fixed: boolean, how: string, photos: Array<PhotoDraft>, };

export type NewInvitation = { link: string, code: string, 
/**
 * The QR as SVG path data over a square of `qr_size` modules.
 */
qr_path: string, qr_size: number, expires_on: string, };

export type Notice = { "type": "changed", documents: Array<string>, } | { "type": "strip", strip: StripView, } | { "type": "loading", loading: LoadView | null, } | { "type": "elsewhere" };

export type PairingView = { id: string, document: string, 
/**
 * What the person saw of that document, to be handed back with a change of the pairing.
 */
base: string, member: string, name: string, from: string, to: string, 
/**
 * Paired through the whole group rather than this household.
 */
by_group: boolean, 
/**
 * Why it was withdrawn; empty while it counts.
 */
void_reason: string, };

export type PaperFinding = { id: string, head: string, group: string, 
/**
 * A problem, and no other matter.
 */
is_problem: boolean, category: Words, words: string, severity: string, source: Words, found_on: string, by: string, state: Words, open: boolean, lead_dept: Words, owner: string, due: string, 
/**
 * The date that was set first, where it is another one.
 */
first_due: string, closed_on: string, 
/**
 * Days from finding to closing, or to the day of the paper.
 */
days: number | null, late: number, in_time: boolean | null, steps: Array<PaperStep>, photos: Array<PaperPhoto>, 
/**
 * When the words were frozen by a 通报, by whom, and the heads that it stands on; empty where there was none.
 */
frozen_on: string, frozen_by: string, heads: string, 
/**
 * What a 通报 asks for.
 */
asked: string, };

export type PaperPhoto = { photo: string, thumb: string, 
/**
 * before or after
 */
what: string, label: Words, on: string, };

export type PaperStep = { step: Words, on: string, by: string, role: Words, said: Words, 
/**
 * It counts; others are shown for the record.
 */
counts: boolean, };

export type PaperView = { 
/**
 * `ledger`, `finding`, `circular` or `notice`.
 */
kind: string, village: string, on: string, 
/**
 * Of what this phone held when the paper was made.
 */
check_code: string, 
/**
 * Whose phones have not shown that they hold everything.
 */
behind: Array<string>, 
/**
 * This person may make a 通报.
 */
may_circulate: boolean, findings: Array<PaperFinding>, 
/**
 * What may not stand on such a paper.
 */
left_out: number, };

export type PartView = { household: HouseholdRow, 
/**
 * Who joined it, and when.
 */
joined: Array<DecisionView>, 
/**
 * The two that were joined, as `Compare` takes them.
 */
one: string, other: string, };

export type PastPart = { household: string, head: string, number: string, };

export type PastView = { on: string, 
/**
 * The day of the first change of all.
 */
first_on: string, 
/**
 * Changes made since.
 */
later: number, 
/**
 * Further records of this family that were joined under this one on that day.
 */
parts: Array<PastPart>, 
/**
 * The record under which this one was shown then, when it was joined to another one.
 */
leader: PastPart | null, head: string, group: string, number: string, people: number, phone: string, address: string, classes: Array<Words>, sensitive_classes: Array<Words>, 
/**
 * Who was paired with the household.
 */
paired: Array<string>, findings: Array<FindingRow>, dimensions: Array<DimensionView>, persons: Array<PersonView>, former: Array<PersonView>, visits: Array<VisitView>, records: Array<RecordRow>, sections: Array<Section>, notes: string, };

export type PeriodChoice = { from: string, to: string, words: Words, };

export type PersonView = { id: string, 
/**
 * The record of the family in which the person stands.
 */
document: string, 
/**
 * Whose record that is, where it was joined under this page's household.
 */
of: Words, 
/**
 * Counted with another record of the same person.
 */
twin: boolean, 
/**
 * Withdrawn, with the reason.
 */
void_reason: string, name: string, relation: Words, sex: Words, 
/**
 * Completed years today; of somebody who died, on that day; -1 when unknown.
 */
age: number, id_no_masked: string, 
/**
 * Folded on the page: health, disability.
 */
health: Words, labour: Words, work: Words, insured: Words, school: Words, 
/**
 * Why the person no longer counts as a member: 死亡 2019-08-01, or empty.
 */
left: Words, differs: number, flags: Array<Words>, 
/**
 * Where this person's work on this record is.
 */
standing: WhereView | null, };

export type PhotoDraft = { 
/**
 * Name of the photo.
 */
photo: string, 
/**
 * Name of its thumbnail.
 */
thumb: string, 
/**
 * before or after: 整改前, 整改后
 */
what: string, bytes: number, 
/**
 * When it was taken or chosen, by this phone's clock.
 */
at_ms: number, };

export type PhotoMeter = { 
/**
 * Photos and signatures; thumbnails are not counted.
 */
photos: number, 
/**
 * What they and their thumbnails take.
 */
bytes: number, 
/**
 * On this phone alone.
 */
waiting: number, waiting_thumbs: number, waiting_bytes: number, 
/**
 * The endpoint will never take these.
 */
refused: number, };

export type PhotoReply = { "type": "keep", photo: string, fresh: boolean, } | { "type": "drop" } | { "type": "look", here: boolean, } | { "type": "carry", carried: number, meter: PhotoMeter, problem: Problem | null, } | { "type": "meter", meter: PhotoMeter, } | { "type": "failed", problem: Problem, };

export type PhotoRequest = { "type": "keep", kind: string, } | { "type": "look", photo: string, kind: string, fetch: boolean, } | { "type": "drop", photo: string, } | { "type": "carry", large: boolean, } | { "type": "meter" };

export type Problem = { code: string, words: Words, };

export type ProgressView = { target: number, checked: number, cleared: number, remaining: number, 
/**
 * 举一反三: how many have the same problem; nothing of other campaigns.
 */
same: number | null, };

export type ProposalView = { place: string, category: string, category_words: Words, words: string, 
/**
 * It was opened from this record already.
 */
opened: boolean, };

export type QualityRow = { rule: string, id: string, 
/**
 * error, warning, suspicion
 */
severity: string, severity_words: Words, household: string, head: string, group: string, 
/**
 * The record of the member; empty where it is about the household.
 */
person: string, name: string, label: Words, words: Words, todo: Words, 
/**
 * The problem that was opened for it; empty where there is none.
 */
finding: string, };

export type QualityRule = { 
/**
 * DQ01 and so on, with a part that tells rules of one number apart.
 */
key: string, id: string, label: Words, 
/**
 * What it lacks, where it lacks something.
 */
words: Words, count: number, };

export type QualityView = { looked: LookedAt, 
/**
 * The rule whose hits are listed; empty where all are.
 */
rule: string, rules: Array<QualityRule>, 
/**
 * Rules whose data the register does not hold.
 */
lacking: Array<QualityRule>, total: number, rows: Array<QualityRow>, };

export type QuarantineRow = { id: string, 
/**
 * Whose household it is, 田正文 · 3组, when the lists still know it; empty else.
 */
of: string, problem: Problem, at: number, 
/**
 * 再试 writes the refused values again, rather than opening what could not be read.
 */
rewrites: boolean, };

export type RangeView = { start: number, end: number, step: number, };

export type RecordRow = { document: string, 
/**
 * As the editor opens it: `events/01J…`.
 */
record: string, words: Words, 
/**
 * What it came to, or the remark written with it; may be empty.
 */
detail: Words, on: string, by: string, 
/**
 * Withdrawn, with the reason.
 */
void_reason: string, 
/**
 * Where this person's work on it is.
 */
standing: WhereView | null, };

export type RecordView = { document: string, 
/**
 * Table and id of the record, `persons/01J…`; `own` for the document itself.
 */
record: string, 
/**
 * What the person saw, to be handed back with the changes.
 */
base: string, title: Words, sections: Array<Section>, 
/**
 * It is there, so that it has a history.
 */
exists: boolean, 
/**
 * It is there and not withdrawn, so that it may be.
 */
may_withdraw: boolean, 
/**
 * It is withdrawn, and that may be taken back.
 */
may_restore: boolean, 
/**
 * Withdrawn, with the reason.
 */
void_reason: string, 
/**
 * Where this person's work on it is.
 */
standing: WhereView | null, };

export type Reply = { "type": "start", view: StartView, } | { "type": "invitation", view: InvitationView, } | { "type": "join", view: StartView, } | { "type": "load", loading: LoadView | null, } | { "type": "today", view: TodayView, } | { "type": "households", view: HouseholdsView, } | { "type": "household", view: HouseholdView, } | { "type": "record", view: RecordView, } | { "type": "preview", fields: Array<FieldView>, } | { "type": "save_record", saved: SavedView, } | { "type": "differences", view: DifferencesView, } | { "type": "settle", saved: SavedView, settled: SettledView | null, } | { "type": "unsettle", saved: SavedView, } | { "type": "save_status_event", saved: SavedView, } | { "type": "look_alike", alike: Array<DuplicateView>, } | { "type": "register_household", saved: SavedView, } | { "type": "visit_form", form: VisitForm, } | { "type": "keep_draft" } | { "type": "drop_draft" } | { "type": "keep_form" } | { "type": "kept_form", text: string, } | { "type": "forms", view: FormsView, } | { "type": "form", view: FormView, } | { "type": "answered", view: AnsweredView, } | { "type": "form_choices", choices: Array<Choice>, total: number, } | { "type": "saved_form", saved: SavedView | null, troubles: Array<FormTrouble>, } | { "type": "drop_form" } | { "type": "due_forms", view: DueFormsView, } | { "type": "count_due", counting: CountingView | null, } | { "type": "quality", view: QualityView, } | { "type": "open_hit", finding: string, } | { "type": "campaigns", view: CampaignsView, } | { "type": "campaign", view: CampaignView, } | { "type": "four_lists", view: FourListsView, } | { "type": "save_visit", saved: SavedView | null, troubles: Array<FormTrouble>, } | { "type": "withdraw", saved: SavedView, } | { "type": "restore", saved: SavedView, } | { "type": "compare", view: CompareView, } | { "type": "decide", saved: SavedView, } | { "type": "undecide", saved: SavedView, } | { "type": "save_pairing", saved: SavedView, } | { "type": "findings", view: FindingsView, } | { "type": "paper", view: PaperView, } | { "type": "circulate", saved: SavedView, } | { "type": "matters", head: string, matters: Array<MatterRow>, } | { "type": "begin_matter", saved: SavedView, } | { "type": "evidence", view: EvidenceView, } | { "type": "add_evidence", saved: SavedView, } | { "type": "finding", view: FindingView, } | { "type": "do_step", saved: SavedView | null, view: FindingView, } | { "type": "finding_form", view: FindingForm, } | { "type": "save_finding", saved: SavedView, } | { "type": "history", view: HistoryView, } | { "type": "household_on", view: PastView, } | { "type": "coverage", view: CoverageView, } | { "type": "dispatch", view: DispatchView, } | { "type": "export", file: MadeFile, } | { "type": "mine", view: MineView, } | { "type": "sync_now", view: SyncView, } | { "type": "invite", invitation: NewInvitation, } | { "type": "rescue", view: RescueView, } | { "type": "make_rescue", file: RescueFile, } | { "type": "export_aside", file: RescueFile, } | { "type": "rescue_kept" } | { "type": "open_rescue", view: RescueOpened, } | { "type": "leave", view: StartView, } | { "type": "error_log", text: string, } | { "type": "note_error" } | { "type": "try_again" } | { "type": "reveal_id", id_no: string, } | { "type": "failed", problem: Problem, };

export type Request = { "type": "start", take_over: boolean, } | { "type": "invitation", token: string, } | { "type": "join", token: string, device_label: string, } | { "type": "load" } | { "type": "today" } | { "type": "households", query: string, chip: string, group: string, offset: number, limit: number, } | { "type": "household", id: string, } | { "type": "record", document: string, record: string, } | { "type": "preview", document: string, record: string, changes: Array<FieldChange>, } | { "type": "save_record", document: string, record: string, base: string, changes: Array<FieldChange>, } | { "type": "differences", offset: number, limit: number, } | { "type": "settle", document: string, record: string, base: string, key: string, how: string, value: string, } | { "type": "unsettle", document: string, record: string, base: string, key: string, } | { "type": "save_status_event", document: string, base: string, subject: string, kind: string, on: string, note: string, changes: Array<FieldChange>, } | { "type": "look_alike", head: string, group: string, id_no: string, number: string, } | { "type": "register_household", head: string, group: string, id_no: string, phone: string, number: string, } | { "type": "visit_form", household: string, visit: string, } | { "type": "keep_draft", draft: VisitDraft, } | { "type": "drop_draft", household: string, visit: string, } | { "type": "keep_form", form: string, text: string, } | { "type": "kept_form", form: string, } | { "type": "forms", document: string, about: string, } | { "type": "open_form", document: string, about: string, form: string, record: string, } | { "type": "answer", place: string, value: string, } | { "type": "add_instance", place: string, } | { "type": "remove_instance", place: string, } | { "type": "form_language", language: string, } | { "type": "form_choices", place: string, query: string, offset: number, limit: number, } | { "type": "save_form", finish: boolean, problems: Array<string>, } | { "type": "drop_form" } | { "type": "drop_form_draft", document: string, about: string, form: string, record: string, } | { "type": "form_record", document: string, record: string, } | { "type": "due_forms", form: string, list: string, group: string, query: string, offset: number, limit: number, } | { "type": "count_due" } | { "type": "quality", rule: string, } | { "type": "open_hit", household: string, rule: string, person: string, } | { "type": "campaigns" } | { "type": "campaign", key: string, group: string, } | { "type": "four_lists", list: string, } | { "type": "save_visit", draft: VisitDraft, 
/**
 * With what a form of the county requires; else as far as it was answered.
 */
finish: boolean, 
/**
 * Those of the problems it proposes that stay ticked, by place.
 */
problems: Array<string>, } | { "type": "withdraw", document: string, record: string, base: string, reason: string, } | { "type": "restore", document: string, record: string, base: string, } | { "type": "compare", one: string, other: string, } | { "type": "decide", one: string, other: string, same: boolean, seen: Array<string>, } | { "type": "undecide", one: string, other: string, seen: Array<string>, reason: string, } | { "type": "save_pairing", household: string, group: string, pairing: string, base: string, member: string, from: string, to: string, } | { "type": "findings", chip: string, asked: FindingsAsked, } | { "type": "paper", kind: string, findings: Array<string>, } | { "type": "circulate", findings: Array<string>, text: string, } | { "type": "matters", household: string, } | { "type": "begin_matter", household: string, procedure: string, person: string, } | { "type": "evidence", document: string, } | { "type": "add_evidence", document: string, photos: Array<PhotoDraft>, } | { "type": "finding", id: string, seen: string, } | { "type": "do_step", id: string, base: string, event: string, fields: Array<FieldChange>, photos: Array<PhotoDraft>, } | { "type": "finding_form", household: string, } | { "type": "save_finding", finding: NewFinding, } | { "type": "history", document: string, record: string, field: string, offset: number, limit: number, } | { "type": "household_on", id: string, on: string, } | { "type": "coverage", from: string, to: string, } | { "type": "dispatch", period: string, } | { "type": "export", what: string, period: string, language: string, } | { "type": "mine" } | { "type": "sync_now" } | { "type": "rescue" } | { "type": "make_rescue", everything: boolean, } | { "type": "export_aside", id: string, } | { "type": "rescue_kept" } | { "type": "open_rescue", text: string, } | { "type": "leave" } | { "type": "try_again", id: string, } | { "type": "invite", name: string, role: string, phone: string, } | { "type": "error_log" } | { "type": "note_error", code: string, place: string, } | { "type": "reveal_id", document: string, person: string, };

export type RescueFile = { 
/**
 * Date and phone, nothing else.
 */
name: string, text: string, changes: number, };

export type RescueLost = { 
/**
 * 田正文 · 3组; empty when it concerns no household.
 */
of: string, changes: number, };

export type RescueOpened = { 
/**
 * Who made it; empty when that part is damaged.
 */
name: string, made_at: number | null, 
/**
 * Changes that were not here before.
 */
fresh: number, 
/**
 * Changes that were here already.
 */
known: number, 
/**
 * Changes that are kept for the endpoint and not shown yet: the phone that made them is not known here as one in use,
 * or what they stand on is not here.
 */
apart: number, 
/**
 * Parts of the file that could not be read, of how many.
 */
damaged: number, parts: number, 
/**
 * What was in them.
 */
lost: Array<RescueLost>, };

export type RescueView = { 
/**
 * Changes that the endpoint has not acknowledged, those of others that were carried here among them.
 */
waiting: number, 
/**
 * How many of those are in no rescue file that was shared or stored.
 */
unkept: number, 
/**
 * When the last file was shared or stored.
 */
kept_at: number | null, 
/**
 * Visits begun and not saved: they are in no rescue file.
 */
drafts: number, 
/**
 * The endpoint takes nothing from this phone any more: the desk accepts its file.
 */
revoked: boolean, };

export type SavedView = { document: string, record: string, local: number, 
/**
 * Values others had written meanwhile into the same fields: both are kept.
 */
differs: number, };

export type Section = { title: Words, fields: Array<FieldView>, };

export type SectionCount = { words: Words, count: number, };

export type SectionView = { 
/**
 * The place of the group or instance; questions that stand in no group have an untitled section.
 */
place: string, title: string, hint: string, 
/**
 * Questions with an answer that a person gave, of all that apply.
 */
answered: number, of: number, 
/**
 * The number of the instance, from 1; 0 for a part that is not repeated.
 */
instance: number, 
/**
 * `AddInstance` with `add_place` adds one behind this section.
 */
may_add: boolean, 
/**
 * `RemoveInstance` with `place` takes this one out.
 */
may_remove: boolean, add_place: string, 
/**
 * What one more would be called: the label of the repeated part.
 */
add_label: string, };

export type SettledView = { document: string, record: string, base: string, key: string, title: Words, 
/**
 * What it was settled as; empty when cleared.
 */
shown: Words, author: string, at: number, mine: boolean, sensitive: boolean, };

export type SideView = { household: HouseholdRow, 
/**
 * Of a person the name, of a household its head.
 */
title: Words, 
/**
 * Joined, both are shown under this one.
 */
leads: boolean, };

export type SignatureView = { label: Words, 
/**
 * 本人签, 家人代签, 画押 or 拒签.
 */
way: Words, name: string, role: Words, relation: string, 
/**
 * Why it was refused.
 */
reason: string, drawing: string, 
/**
 * Digest of the picture; empty where the phone had no room for one.
 */
picture: string, witness: string, witness_drawing: string, witness_picture: string, };

export type StartView = { "state": "fresh" } | { "state": "joined", me: MemberView, village: VillageView, loading: LoadView | null, trouble: Array<Problem>, } | { "state": "elsewhere" };

export type StepField = { key: string, label: Words, 
/**
 * text, date, number, percent, member, choice, photo, signature, link
 */
kind: string, 
/**
 * Has to be filled in; of several with `either`, one of them.
 */
required: boolean, either: boolean, 
/**
 * What it may hold, or what is near at hand for a date or a number.
 */
choices: Array<Choice>, 
/**
 * Words to tap.
 */
phrases: Array<string>, };

export type StepView = { id: string, 
/**
 * Stable name of the step.
 */
event: string, words: Words, by: string, role: Words, on: string, lines: Array<LineView>, 
/**
 * The photos that it carries.
 */
photos: Array<EvidenceRow>, signatures: Array<SignatureView>, 
/**
 * 签后改动 with what changed since; empty where it stands as it was signed.
 */
changed: Words, 
/**
 * Why it does not count; empty where it does.
 */
ignored: Words, 
/**
 * It contradicts another one.
 */
disputed: boolean, 
/**
 * It came after what this person had seen.
 */
fresh: boolean, };

export type StripView = { 
/**
 * Changes that exist on this phone only.
 */
local: number, synced_at: number | null, 
/**
 * idle, syncing, waiting (retry after an error), refused (the endpoint takes nothing from this phone)
 */
sync: string, trouble: Problem | null, 
/**
 * Days the clock of this phone is off against the endpoint's, when above a day.
 */
clock_off_days: number, };

export type SweepView = { 
/**
 * As a campaign is asked for.
 */
key: string, progress: ProgressView, };

export type SyncView = { sent: number, received: number, refused: number, bytes_up: number, bytes_down: number, round_trips: number, strip: StripView, };

export type TeammateView = { member: MemberView, 
/**
 * all, some, none, never (no phone joined); of this person all
 */
received: string, joined: boolean, };

export type TodayRow = { household: HouseholdRow, why: Words, };

export type TodayView = { today: string, strip: StripView, due: Array<FindingRow>, visit: Array<TodayRow>, 
/**
 * Of this year, visits of mine that count / households paired with me × the number required.
 */
pace_done: number, pace_required: number, 
/**
 * Households visited this month by anybody, of all that are active.
 */
visited_month: number, households: number, 
/**
 * Differing fields that nobody has settled or wants to ask about.
 */
differs: number, 
/**
 * Households and persons that seem to be registered twice.
 */
twins: number, drafts: Array<DraftRow>, 
/**
 * Forms begun and not saved, the latest first.
 */
form_drafts: Array<FormDraftRow>, 
/**
 * Forms that are due, for those whose role it is.
 */
forms: Array<DueFormRow>, 
/**
 * Families are being counted for what is due.
 */
counting: CountingView | null, 
/**
 * 专项行动: how many run, and the first to end; empty where none does.
 */
campaigns: Words, };

export type TwinView = { 
/**
 * Both, as `Compare` takes them.
 */
one: string, other: string, 
/**
 * household, person
 */
what: string, 
/**
 * 罗永1 · 3组
 */
one_words: Words, other_words: Words, certain: boolean, why: Words, 
/**
 * open, same, apart, disputed
 */
state: string, };

export type UpdateView = { place: string, label: Words, from: Words, to: Words, };

export type ValueView = { 
/**
 * The change that wrote it, as 用这个 hands it back.
 */
id: string, value: string, 
/**
 * As shown to a person: words of the choice, masked ID, 元 and so on.
 */
shown: Words, author: string, at: number, mine: boolean, 
/**
 * Written with a visit, on the day of a visit by the same person, by an import, or by editing: visit, visit_day,
 * import, edit.
 */
during: string, 
/**
 * Where values differ: how the author's phones are called, and what stood there before the author wrote.
 */
device: string, seen: Words, };

export type VillageView = { space: string, code: string, name: string, households: number, 
/**
 * A group of inspectors rather than a village.
 */
group: boolean, 
/**
 * A village of made-up people: 演示数据 stands on every page.
 */
demonstration: boolean, };

export type VisitDraft = { household: string, 
/**
 * The visit being corrected; empty for a new one.
 */
visit: string, 
/**
 * What the person saw when the form was drawn.
 */
base: string, 
/**
 * The document of the form of the county that asks here; empty where the page asks as ever.
 */
source: string, on: string, 
/**
 * Visit kind, one of `VisitForm::kinds`.
 */
kind: string, home: string, met: Array<string>, met_other: string, with: Array<string>, checks: Array<CheckDraft>, findings: Array<FindingDraft>, words: string, judgement: string, next_on: string, };

export type VisitForm = { draft: VisitDraft, resumed: boolean, head: string, group: string, kinds: Array<Choice>, homes: Array<HomeChoice>, persons: Array<Choice>, members: Array<Choice>, verdicts: Array<Choice>, categories: Array<Choice>, phrases: Array<string>, 
/**
 * The checks that are asked.
 */
checks: Array<CheckRow>, 
/**
 * What a form of the county asks in their place, and beside them; it is open, as after `OpenForm`.
 */
asked: FormView | null, 
/**
 * Where it asks for what the family said and what the visitor thinks; empty: the page asks itself.
 */
words_at: string, judgement_at: string, 
/**
 * Why the form that asks here cannot be opened; its answers stay as they are.
 */
not_asked: Words | null, 
/**
 * Dates proposed for 下次再来: a date as value, 一周后 as words.
 */
next: Array<Choice>, 
/**
 * Other people's changes that arrived since the draft was begun.
 */
news: Array<HistoryRow>, };

export type VisitView = { id: string, 
/**
 * The record of the family in which the visit stands.
 */
document: string, 
/**
 * Whose record that is, where it was joined under this page's household.
 */
of: Words, on: string, kind: Words, 
/**
 * at_home, nobody_home, phone, away
 */
home: string, home_words: Words, by: string, mine: boolean, counts: boolean, met: string, words: string, judgement: string, next_on: string, checks: Array<DimensionView>, 
/**
 * A form of the county asked it: `FormRecord` shows all of it.
 */
asked: boolean, findings: Array<FindingRow>, 
/**
 * Withdrawn, with the reason.
 */
void_reason: string, standing: WhereView | null, base: string, };

export type VisitorRow = { member: string, name: string, kinds: Array<KindCount>, paired: number, paired_met: number, };

export type WhereView = { 
/**
 * local, uploaded, received
 */
state: string, words: Words, 
/**
 * Changes that are on this phone only.
 */
changes: number, 
/**
 * Teammates whose phones are not known to have it.
 */
lacking: Array<string>, };

export type Words = { zh: string, en: string, };
