//! 问题: one finding as its events tell it, what this person may do next, and doing it. What is refused is refused here,
//! without a signal and with the reason.

pub(in crate::client) mod again;
mod found;
mod matter;
mod phrases;
mod signed;
mod step;
mod told;

use super::papers::CIRCULATED;
use super::say::{both, chosen, day, joined, same, sentence};
use super::seen::{base_of, read_base};
use super::visit::next_dates;
use crate::base::date::Date;
use crate::base::host::Host;
use crate::base::id::{DocId, MemberId, SpaceId};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::client::view::{ActionView, Choice, EvidenceRow, FindingView, LineView, StepField, StepView, Words};
use crate::doc::Document;
use crate::ledger::condition::{Atom, Term};
use crate::ledger::procedure::{Field, Holds, Kind, Required};
use crate::ledger::projection::Now;
use crate::ledger::{self, Counts, Event, Folded, Procedure, Procedures, Refusal, Standing};
use crate::register::enums::{FINDING_SOURCE, Role, SEVERITY};
use crate::sync::share;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
pub(super) use step::AskedStep;
pub(super) use told::{record_words, told};

/// What the steps are shown with: those that are new to the person, and the photos of the finding.
struct Shown<'a> {
    fresh: &'a BTreeSet<usize>,
    photos: &'a [EvidenceRow],
}

/// The key under which a finding names its procedure; a problem names none.
const PROCEDURE: &str = "procedure";
/// A date that may lie in the past.
const DAY: &str = "day";
/// Shares that are near at hand.
const PERCENTS: [u8; 4] = [30, 50, 80, 100];

/// A finding with its events, ready to be folded.
pub(super) struct Opened {
    pub procedure: Rc<Procedure>,
    finder: Option<MemberId>,
    events: Vec<Event>,
    /// What is so about it, as the conditions read it.
    about: BTreeMap<String, String>,
    /// And as what was signed is compared with it.
    now: Now,
    void: bool,
    /// Of a finding of inspectors: the village that it concerns.
    village: Option<SpaceId>,
}

impl Opened {
    /// From its document.
    pub fn of(document: &Document, procedures: &Procedures) -> Self {
        let events = document.steps_done();
        let version = ledger::version_of(&events);
        let own = document.own();
        let about = ["category", "severity", "source", "scope", "household"];
        let about = about.into_iter().map(|key| (key.to_owned(), own.text(key)));
        Self {
            procedure: procedures.of(&own.text(PROCEDURE), version),
            finder: document.opened_by(),
            events,
            about: about.filter(|(_, value)| !value.is_empty()).collect(),
            now: document.judged_now(),
            void: own.is_void(),
            village: own.text(share::VILLAGE).parse().ok(),
        }
    }

    /// A village has it, or will as soon as this is known to the endpoint.
    fn was_handed_down(&self) -> bool {
        self.events
            .iter()
            .any(|event| share::HANDS_DOWN.contains(&event.kind.as_str()))
    }

    /// Its events, judged.
    pub fn folded(&self) -> Folded<'_> {
        Folded::new(&self.procedure, self.finder, &self.events)
    }
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// One finding. `seen`: the base that the person has seen; what came after it is marked.
    pub(super) async fn finding(&mut self, id: DocId, seen: &str) -> Result<FindingView, ClientError> {
        let opened = self.opened_matter(id).await?;
        let document = self.opened(id)?;
        let (own, base) = (document.own(), base_of(document));
        let fresh = unseen(document, &opened.events, &opened.procedure, seen);
        let row = self.core.rows.finding(id).ok_or(ClientError::NotFound)?;
        let sight = self.sight();
        let linked = self.same_again(&sight.signed_off, id, row);
        let others = self.others_of(id, row);
        let row = self.finding_row(&sight, id, row);
        let photos = self.evidence_rows(id)?;
        let folded = opened.folded();
        let standing = folded.standing(self.today());
        let state = &opened.procedure.states[standing.state];
        let open = state.counts == Counts::Open && !opened.void;
        let (next, more, why_not) = match opened.void {
            true => (None, Vec::new(), Words::default()),
            false => self.actions(&opened, &folded, &standing, &others)?,
        };
        Ok(FindingView {
            standing: row.standing.clone(),
            base,
            severity: chosen(SEVERITY, &own.text("severity")),
            source: source(&own.text("source")),
            notes: own.note("notes").to_owned(),
            facts: match row.procedure.is_empty() {
                true => Vec::new(),
                false => self.facts(&opened.procedure, &standing),
            },
            state: state.name.clone(),
            disputed: standing.dispute.is_some(),
            with: if open { row.with.clone() } else { Words::default() },
            owner: self.named(standing.fact("owner")),
            lead_dept: value_words(&opened.procedure, "lead_dept", standing.fact("lead_dept")),
            first_due: first_due(&folded, &standing, self.today()),
            sweep: self.sweep_view(id),
            dossier: own.text("dossier"),
            observed: own.text("observed"),
            steps: self.steps(
                &folded,
                &standing,
                &opened.now,
                &Shown {
                    fresh: &fresh,
                    photos: &photos,
                },
            ),
            photos,
            linked,
            next,
            more,
            why_not,
            void_reason: super::record::void_reason(&own),
            strip: self.strip(),
            row,
        })
    }

    /// A member by the id that a field holds.
    fn named(&self, id: &str) -> String {
        let member = id.parse::<MemberId>().ok();
        member
            .map(|member| self.core.village.name_of(member))
            .unwrap_or_default()
    }

    fn steps(&self, folded: &Folded<'_>, standing: &Standing, now: &Now, shown: &Shown<'_>) -> Vec<StepView> {
        let disputed = |at: usize| standing.dispute.is_some_and(|(one, other)| one == at || other == at);
        let steps = folded.events.iter().zip(&folded.verdicts).enumerate();
        let mut steps: Vec<StepView> = steps
            .map(|(at, (event, verdict))| {
                let kind = folded.procedure.kind(&event.kind);
                let role = folded.procedure.role(&event.role);
                let of_kind = |holds: Holds| {
                    let fields = kind.into_iter().flat_map(|kind| &kind.fields);
                    fields.filter(move |field| field.holds == holds && event.has(&field.name))
                };
                StepView {
                    id: event.id.to_string(),
                    event: event.kind.clone(),
                    words: kind.map_or_else(|| same(&event.kind), |kind| sentence(kind.label.clone())),
                    by: event.author.map(|by| self.core.village.name_of(by)).unwrap_or_default(),
                    role: role.map(|role| sentence(role.label.clone())).unwrap_or_default(),
                    on: event.on.map(|on| on.to_string()).unwrap_or_default(),
                    lines: kind.map(|kind| self.carries(kind, event)).unwrap_or_default(),
                    photos: {
                        let named: Vec<String> = of_kind(Holds::Photo)
                            .flat_map(|field| digests(event, &field.name))
                            .collect();
                        let named = shown.photos.iter().filter(|one| named.contains(&one.photo));
                        named.cloned().collect()
                    },
                    signatures: of_kind(Holds::Signature)
                        .map(|field| signed::view(field, event))
                        .collect(),
                    changed: signed::changed(&folded.changed(at, now)),
                    ignored: match verdict {
                        Ok(_) => Words::default(),
                        Err(refusal) => sentence(refusal.words(folded.procedure, &event.kind)),
                    },
                    disputed: disputed(at),
                    fresh: shown.fresh.contains(&at),
                }
            })
            .collect();
        // The latest on top, by the day that was written and never against what each had seen.
        steps.reverse();
        steps
    }

    /// What a step carries, in words; photos and signatures apart.
    fn carries(&self, kind: &Kind, event: &Event) -> Vec<LineView> {
        let shown = |field: &&Field| !matches!(field.holds, Holds::Photo | Holds::Signature);
        let fields = kind.fields.iter().filter(shown).filter(|field| event.has(&field.name));
        fields
            .map(|field| {
                let member = |member| self.core.village.name_of(member);
                LineView {
                    label: sentence(field.label.clone()),
                    value: carried_words(field, event.field(&field.name), self.today(), member),
                }
            })
            .collect()
    }

    /// The one next step, the others, and why the next one is not this person's.
    fn actions(
        &self,
        opened: &Opened,
        folded: &Folded<'_>,
        standing: &Standing,
        others: &[Choice],
    ) -> Result<(Option<ActionView>, Vec<ActionView>, Words), ClientError> {
        let mut permitted: Vec<(Reverse<i64>, &Kind)> = Vec::new();
        let mut why_not = Words::default();
        // A 通报 freezes what it says, and has a paper of its own.
        for kind in opened.procedure.events.iter().filter(|kind| kind.name != CIRCULATED) {
            let draft = self.draft_of(opened, kind, BTreeMap::new())?;
            let forward = ahead(&opened.procedure, kind, standing.state);
            match folded.may(&draft) {
                Ok(()) => permitted.push((Reverse(forward), kind)),
                // A rule about the person says more than that others do it.
                Err(refusal @ Refusal::Rule(_)) if forward > 0 && why_not.is_empty() => {
                    why_not = sentence(refusal.words(&opened.procedure, &kind.name));
                }
                Err(_) => {}
            }
        }
        // The stable sort keeps the order of the tables.
        permitted.sort_by_key(|(forward, _)| *forward);
        let mut actions = permitted
            .into_iter()
            .map(|(forward, kind)| (forward.0, self.action(opened, kind, others)));
        let mut rest = Vec::new();
        let mut next = None;
        for (forward, action) in actions.by_ref() {
            if next.is_none() && forward > 0 {
                next = Some(action);
            } else {
                rest.push(action);
            }
        }
        if next.is_some() {
            why_not = Words::default();
        }
        Ok((next, rest, why_not))
    }

    fn action(&self, opened: &Opened, kind: &Kind, others: &[Choice]) -> ActionView {
        let own = kind.fields.iter().map(|field| StepField {
            key: field.name.clone(),
            label: sentence(field.label.clone()),
            kind: match field.holds {
                Holds::Date if !lies_ahead(kind, field) => DAY.into(),
                other => holds(other).into(),
            },
            required: matches!(field.required, Required::Yes | Required::When(_)),
            either: matches!(field.required, Required::When(_)),
            choices: match field.holds {
                Holds::Member => self.members(),
                Holds::Link => others.to_vec(),
                Holds::Date if lies_ahead(kind, field) => next_dates(self.today()),
                Holds::Percent => PERCENTS.map(percent).into(),
                _ => field
                    .choices
                    .iter()
                    .map(|(value, label)| choice(value, label))
                    .collect(),
            },
            phrases: phrases::of_field(&kind.name, &field.name)
                .iter()
                .map(|one| (*one).to_owned())
                .collect(),
        });
        ActionView {
            event: kind.name.clone(),
            words: sentence(kind.label.clone()),
            fields: self.village_field(opened, &kind.name).into_iter().chain(own).collect(),
        }
    }

    /// The other problems of the same household, the newest first.
    fn others_of(&self, id: DocId, row: &crate::index::FindingRow) -> Vec<Choice> {
        let all = row.household.map(|household| self.findings_of(household));
        let all = all
            .into_iter()
            .flatten()
            .filter(|(other, row)| *other != id && !row.void);
        all.map(|(other, row)| {
            let on = row.found_on.map(|on| day(on, self.today())).unwrap_or_default();
            Choice {
                value: other.to_string(),
                words: joined([on, same(row.words.clone())], " ", " "),
            }
        })
        .collect()
    }

    /// The villages that a group covers.
    fn villages(&self) -> Vec<Choice> {
        let areas = self.core.village.areas.iter();
        areas
            .map(|area| Choice {
                value: area.space.to_string(),
                words: same(&area.name),
            })
            .collect()
    }

    /// In a group: the village to which the finding is assigned. One that was named before may be put right until then.
    fn village_field(&self, opened: &Opened, step: &str) -> Option<StepField> {
        let known = self.village_of(opened);
        let asked = self.names_village(step) && (known.is_none() || !opened.was_handed_down());
        asked.then(|| StepField {
            key: share::VILLAGE.into(),
            label: match known {
                Some(name) => both(
                    format!("不是{name}，交给别的村"),
                    format!("Another village than {name}"),
                ),
                None => Words::new("交给哪个村", "Village"),
            },
            kind: "choice".into(),
            required: known.is_none(),
            either: false,
            choices: self.villages(),
            phrases: Vec::new(),
        })
    }

    /// The name of the village that a finding of this group concerns.
    fn village_of(&self, opened: &Opened) -> Option<&str> {
        let name = self.core.village.area(opened.village?);
        (!name.is_empty()).then_some(name)
    }

    /// A step by which a group hands a finding to a village.
    fn names_village(&self, step: &str) -> bool {
        self.core.village.group && share::HANDS_DOWN.contains(&step)
    }

    fn members(&self) -> Vec<Choice> {
        let today = self.today();
        // Of a group also the leaders of the villages that it covers.
        let guests = self.core.village.guests.iter().map(|(guest, _)| guest);
        let guests = guests.filter(|guest| self.core.village.group && guest.role == Some(Role::Leader));
        let team = self
            .core
            .village
            .team
            .iter()
            .chain(guests)
            .filter(|member| member.is_active(today));
        team.map(|member| Choice {
            value: member.id.to_string(),
            words: same(&member.name),
        })
        .collect()
    }
}

/// What a field of a step holds, in words.
fn carried_words(field: &Field, value: &str, today: Date, name: impl Fn(MemberId) -> String) -> Words {
    match field.holds {
        Holds::Member => same(value.parse().map(name).unwrap_or_default()),
        Holds::Date => super::say::written_day(value, today),
        Holds::Percent => same(format!("{value}%")),
        Holds::Choice => choice_words(field, value),
        _ => same(value),
    }
}

/// The date that a field holds is today or later: an earlier one is refused.
fn lies_ahead(kind: &Kind, field: &Field) -> bool {
    let earlier = |term: &Term| matches!(&term.atom, Atom::Before(one, on) if *one == field.name && on == "on");
    kind.refusals.iter().any(|rule| rule.when.iter().any(earlier))
}

/// A share that is near at hand.
fn percent(share: u8) -> Choice {
    Choice {
        value: share.to_string(),
        words: same(format!("{share}%")),
    }
}

/// How far a step leads on: more for the nearest state ahead, less for further ones, nothing for those that lead back or
/// nowhere.
fn ahead(procedure: &Procedure, kind: &Kind, state: usize) -> i64 {
    let moves = kind.moves.iter().filter(|one| one.is_from(state));
    let open_way = |to: &usize| procedure.states[*to].counts != Counts::Void && *to != state;
    let reached: Vec<usize> = moves.filter_map(|one| one.to).filter(open_way).collect();
    let size = procedure.states.len() as i64;
    // Out of a dispute the way leads back, by the step that leads back least.
    let here = if state == procedure.disputed { 0 } else { state };
    let beyond = reached.into_iter().filter(|to| *to > here);
    let furthest = match state == procedure.disputed {
        true => beyond.max().map(|to| to as i64),
        false => beyond.min().map(|to| size - (to - here) as i64),
    };
    // A step that only corrects how things stand is none of them.
    let settled = procedure.states[state].counts != Counts::Open;
    furthest.filter(|_| !settled).unwrap_or_default()
}

/// Places of the events that were not behind these heads; none where nothing was seen before.
fn unseen(document: &Document, events: &[Event], procedure: &Procedure, seen: &str) -> BTreeSet<usize> {
    let Ok(base) = read_base(seen) else {
        return BTreeSet::new();
    };
    let behind: BTreeSet<_> = document.behind(&base).into_iter().map(|change| change.hash).collect();
    let makers = document.makers("events");
    let folded = Folded::new(procedure, None, events);
    let came = |id| makers.get(&id).is_some_and(|maker| !behind.contains(maker));
    let places = folded.events.iter().enumerate();
    places.filter(|(_, event)| came(event.id)).map(|(at, _)| at).collect()
}

fn digests(event: &Event, name: &str) -> Vec<String> {
    let one = event.field(name);
    let one = (!one.is_empty()).then_some(one);
    one.into_iter().chain(event.set(name)).map(str::to_owned).collect()
}

fn first_due(folded: &Folded<'_>, standing: &Standing, today: Date) -> Words {
    let first = folded.original("due").and_then(|fact| fact.value.parse::<Date>().ok());
    let now = standing.fact("due").parse::<Date>().ok();
    match (first, now) {
        (Some(first), Some(now)) if first != now => {
            let first = day(first, today);
            joined([both("原定", "first set for"), first], "", " ")
        }
        _ => Words::default(),
    }
}

/// A sensitive source is not named (INV18).
fn source(stored: &str) -> Words {
    match crate::register::enums::choice(FINDING_SOURCE, stored) {
        Some(choice) if choice.sensitive => Words::default(),
        _ => chosen(FINDING_SOURCE, stored),
    }
}

fn value_words(procedure: &Procedure, field: &str, value: &str) -> Words {
    let fields = procedure.events.iter().flat_map(|kind| &kind.fields);
    let mut of_name = fields.filter(|one| one.name == field);
    of_name
        .next()
        .map_or_else(|| same(value), |field| choice_words(field, value))
}

fn choice_words(field: &Field, value: &str) -> Words {
    let found = field.choices.iter().find(|(choice, _)| choice == value);
    found.map_or_else(|| same(value), |(_, label)| sentence(label.clone()))
}

fn choice(value: &str, label: &crate::register::words::Sentence) -> Choice {
    Choice {
        value: value.to_owned(),
        words: sentence(label.clone()),
    }
}

fn holds(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "text",
        Holds::Date => "date",
        Holds::Number => "number",
        Holds::Percent => "percent",
        Holds::Member => "member",
        Holds::Choice => "choice",
        Holds::Photo => "photo",
        Holds::Signature => "signature",
        Holds::Link => "link",
    }
}

/// The one with whom a finding in a state hangs, as the table of states says.
pub(super) fn with_whom(procedure: &Procedure, state: usize, names: impl Fn(&str) -> String) -> Words {
    let state = procedure.states.get(state);
    let terms = state.into_iter().flat_map(|state| &state.with);
    let people = terms.filter_map(|term| match &term.atom {
        Atom::Named(field) => Some(same(names(field))),
        Atom::Level(_) => Some(same(names("assigner"))),
        Atom::Role(role) => procedure.role(role).map(|role| sentence(role.label.clone())),
        _ => None,
    });
    joined(people.filter(|one| !one.is_empty()), "、", ", ")
}
