//! What became of a thing: a function of its events and of what each had seen, in whatever order they come, and of the
//! day. An event is judged once and for good, by what its author had seen; events that did not know of each other meet
//! by the rules of the procedure, else the less finished state holds. Whatever makes no sense stays and counts nothing.

mod bound;
mod judge;

pub use judge::is_possible;

use super::bits::Bits;
use super::procedure::{After, Keep, Procedure};
use super::refusal::Refusal;
use crate::base::date::Date;
use crate::base::id::{MemberId, RecordId};
use std::collections::BTreeMap;

/// Events of one thing that are folded. A real one has some twenty.
pub const EVENTS_MAX: usize = 400;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub id: RecordId,
    pub kind: String,
    /// Who wrote the change, not what a field says.
    pub author: Option<MemberId>,
    pub role: String,
    /// The calendar day in China.
    pub on: Option<Date>,
    pub procedure: String,
    pub version: u32,
    /// What it carries; `of/<key>` is what was so about the thing, a set is `name/<member>` = 1.
    pub fields: BTreeMap<String, String>,
    /// Events in its causal past; those that follow from these may be left out.
    pub seen: Vec<RecordId>,
}

impl Event {
    /// A value, empty where there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Members of a set.
    pub fn set<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let under = self.fields.range(format!("{name}/")..);
        let under = under.map_while(move |(key, value)| Some((key.strip_prefix(name)?.strip_prefix('/')?, value)));
        under
            .filter(|(_, value)| value.as_str() == "1")
            .map(|(member, _)| member)
    }

    /// Whether something is filled in.
    pub fn has(&self, name: &str) -> bool {
        !self.field(name).is_empty() || self.set(name).next().is_some()
    }
}

/// Events in the order of what they had seen, each with its verdict.
#[derive(Debug)]
pub struct Folded<'a> {
    pub procedure: &'a Procedure,
    /// Each stands behind everything that it had seen.
    pub events: Vec<&'a Event>,
    /// The state that the event leads to, nothing where the state stays; or why it does not count.
    pub verdicts: Vec<Result<Option<usize>, Refusal>>,
    pasts: Vec<Bits>,
    /// Who opened the thing.
    finder: Option<MemberId>,
}

/// A fact that events left about the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub value: String,
    /// The event that says so, by its place.
    pub event: usize,
}

/// Where the thing stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: usize,
    /// The state follows from the days that went by, not from an event.
    pub automatic: bool,
    /// Since when, by the event that led here.
    pub since: Option<Date>,
    /// The two events that contradict, by their places.
    pub dispute: Option<(usize, usize)>,
    /// The events that led here, by their places.
    pub last: Vec<usize>,
    pub facts: BTreeMap<String, Fact>,
}

impl Standing {
    /// A fact, empty where there is none.
    pub fn fact(&self, name: &str) -> &str {
        self.facts.get(name).map(|fact| fact.value.as_str()).unwrap_or_default()
    }
}

impl<'a> Folded<'a> {
    /// Judges the events. Of two with one id only one counts.
    pub fn new(procedure: &'a Procedure, finder: Option<MemberId>, events: &'a [Event]) -> Self {
        let (order, mut pasts, circular) = ordered(events);
        let mut events: Vec<&Event> = order;
        let left_out = events.len().saturating_sub(EVENTS_MAX);
        let folded = events.len() - left_out;
        pasts.truncate(folded);
        let rest = events.split_off(folded);
        let mut this = Self {
            procedure,
            events,
            verdicts: Vec::new(),
            pasts,
            finder,
        };
        for at in 0..folded {
            let verdict = match this.events[at].on {
                _ if circular.contains(&this.events[at].id) => Err(Refusal::Circular),
                None => Err(Refusal::Incomplete),
                Some(on) => this.judge(this.events[at], &this.pasts[at], on),
            };
            this.verdicts.push(verdict);
        }
        this.verdicts.extend(rest.iter().map(|_| Err(Refusal::TooMany)));
        this.events.extend(rest);
        this
    }

    /// Where the thing stands on a day, for somebody who has seen everything.
    pub fn standing(&self, day: Date) -> Standing {
        self.standing_of(&self.everything(), day)
    }

    /// Whether a new event by somebody who has seen everything would count, and the state it leads to.
    ///
    /// # Errors
    /// Why not.
    pub fn would(&self, event: &Event) -> Result<Option<usize>, Refusal> {
        match event.on {
            None => Err(Refusal::Incomplete),
            Some(_) if self.events.len() >= EVENTS_MAX => Err(Refusal::TooMany),
            Some(on) => self.judge(event, &self.everything(), on),
        }
    }

    /// Whether the person may do this step now at all, whatever it will carry.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, event: &Event) -> Result<(), Refusal> {
        let on = event.on.ok_or(Refusal::Incomplete)?;
        self.permitted(event, &self.everything(), on)
    }

    /// Whether the first event is in the causal past of the second; both by their places.
    pub fn saw(&self, first: usize, second: usize) -> bool {
        self.pasts.get(second).is_some_and(|past| past.has(first))
    }

    /// The value that an event was the first to give a fact.
    pub fn original(&self, name: &str) -> Option<Fact> {
        let mut places = 0..self.pasts.len();
        places
            .find(|at| self.verdicts[*at].is_ok() && self.keeps(*at, name).is_some())
            .map(|event| self.fact_of(event, name))
    }

    fn everything(&self) -> Bits {
        Bits::all(self.pasts.len())
    }

    fn fact_of(&self, event: usize, name: &str) -> Fact {
        Fact {
            value: self.events[event].field(name).to_owned(),
            event,
        }
    }

    /// Where the thing stood for somebody who had seen these events.
    fn standing_of(&self, seen: &Bits, day: Date) -> Standing {
        let last = self.last(seen, |at| matches!(self.verdicts.get(at), Some(Ok(Some(_)))));
        let reached = |at: usize| {
            self.verdicts[at]
                .clone()
                .ok()
                .flatten()
                .unwrap_or(self.procedure.begins)
        };
        let dispute = self.dispute(&last);
        let state = match &dispute {
            Some((state, _)) => *state,
            None => last
                .iter()
                .map(|at| reached(*at))
                .min()
                .unwrap_or(self.procedure.begins),
        };
        let here = last.iter().filter(|at| dispute.is_some() || reached(**at) == state);
        let since = here.filter_map(|at| self.events[*at].on).min();
        let mut standing = Standing {
            state,
            automatic: false,
            since,
            dispute: dispute.map(|(_, pair)| pair),
            facts: self.facts(seen),
            last,
        };
        // Each step of time leads to a later state, so that this ends.
        while let Some((then, since)) = self.over(&standing, day) {
            standing.state = then;
            standing.automatic = true;
            standing.since = Some(since);
        }
        standing
    }

    /// The state that follows by itself on a day, and since when.
    fn over(&self, standing: &Standing, day: Date) -> Option<(usize, Date)> {
        let (after, then) = self.procedure.states[standing.state].then.as_ref()?;
        let begins = match after {
            After::Days(days) => standing.since?.add_days(*days),
            After::Day(fact) => standing.fact(fact).parse::<Date>().ok()?.add_days(1),
        };
        (begins <= day && *then > standing.state).then_some((*then, begins))
    }

    /// Those of the events seen that count in some way, and that no other of them had seen.
    fn last(&self, seen: &Bits, counts: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut known = Bits::new(self.pasts.len());
        let counting: Vec<usize> = seen.iter().filter(|at| counts(*at)).collect();
        for at in &counting {
            known.join(&self.pasts[*at]);
        }
        counting.into_iter().filter(|at| !known.has(*at)).collect()
    }

    /// Two events on different branches that contradict, of which nobody who went on had seen both.
    fn dispute(&self, last: &[usize]) -> Option<(usize, (usize, usize))> {
        let size = self.pasts.len();
        let lines: Vec<Bits> = last
            .iter()
            .map(|at| {
                let mut line = self.pasts[*at].clone();
                line.add(*at);
                line
            })
            .collect();
        for (here, one) in lines.iter().enumerate() {
            for other in &lines[here + 1..] {
                let (mut only_one, mut only_other) = (one.clone(), other.clone());
                only_one.drop(other);
                only_other.drop(one);
                for rule in &self.procedure.together {
                    let find = |among: &Bits, kind: usize| {
                        let name = &self.procedure.events[kind].name;
                        let of_kind =
                            |at: &usize| *at < size && self.verdicts[*at].is_ok() && self.events[*at].kind == *name;
                        among.iter().find(of_kind)
                    };
                    for (first, second) in [(&only_one, &only_other), (&only_other, &only_one)] {
                        if let (Some(one), Some(other)) = (find(first, rule.one), find(second, rule.other)) {
                            return Some((rule.becomes, (one, other)));
                        }
                    }
                }
            }
        }
        None
    }

    /// How an event keeps a fact, if it gives it.
    fn keeps(&self, at: usize, name: &str) -> Option<Keep> {
        let event = self.events[at];
        let fields = &self.procedure.kind(&event.kind)?.fields;
        let field = fields.iter().find(|field| field.name == name)?;
        field.keep.filter(|_| event.has(name))
    }

    /// What the events seen say about the thing now.
    fn facts(&self, seen: &Bits) -> BTreeMap<String, Fact> {
        let mut facts = BTreeMap::new();
        for name in &self.procedure.facts {
            let counts = |at: usize| matches!(self.verdicts.get(at), Some(Ok(_))) && self.keeps(at, name).is_some();
            let last = self.last(seen, counts);
            // The event with the earliest date gives all its fields, so that a due date and an owner stay together.
            let first = last
                .into_iter()
                .min_by_key(|at| (self.earliest(*at), self.events[*at].id));
            if let Some(event) = first {
                facts.insert(name.clone(), self.fact_of(event, name));
            }
        }
        facts
    }

    /// The date by which an event is preferred to one that did not know of it.
    fn earliest(&self, at: usize) -> Option<Date> {
        let event = self.events[at];
        let fields = &self.procedure.kind(&event.kind)?.fields;
        let field = fields.iter().find(|field| field.keep == Some(Keep::Earliest))?;
        Some(event.field(&field.name).parse().unwrap_or(Date::MAX))
    }
}

/// The events with all that each had seen, each behind what it had seen; and those that claim to have seen themselves.
fn ordered(events: &[Event]) -> (Vec<&Event>, Vec<Bits>, Vec<RecordId>) {
    let mut by_id: BTreeMap<RecordId, &Event> = BTreeMap::new();
    for event in events {
        let kept = by_id.entry(event.id).or_insert(event);
        *kept = (*kept).min(event);
    }
    let all: Vec<&Event> = by_id.values().copied().collect();
    let places: BTreeMap<RecordId, usize> = all.iter().enumerate().map(|(at, event)| (event.id, at)).collect();
    let direct: Vec<Vec<usize>> = all
        .iter()
        .map(|event| event.seen.iter().filter_map(|id| places.get(id).copied()).collect())
        .collect();
    let pasts = closed(&direct);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| (pasts[*at].count(), all[*at].id));
    let mut to = vec![0; all.len()];
    order.iter().enumerate().for_each(|(new, old)| to[*old] = new);
    let moved = |past: &Bits| {
        let mut moved = Bits::new(all.len());
        past.iter().for_each(|old| moved.add(to[old]));
        moved
    };
    let circular = (0..all.len()).filter(|at| pasts[*at].has(*at)).map(|at| all[at].id);
    (
        order.iter().map(|at| all[*at]).collect(),
        order.iter().map(|at| moved(&pasts[*at])).collect(),
        circular.collect(),
    )
}

/// Everything that follows from what each had seen.
fn closed(direct: &[Vec<usize>]) -> Vec<Bits> {
    let mut pasts: Vec<Bits> = direct
        .iter()
        .map(|seen| {
            let mut past = Bits::new(direct.len());
            seen.iter().for_each(|at| past.add(*at));
            past
        })
        .collect();
    loop {
        let mut grown = false;
        for (at, seen) in direct.iter().enumerate() {
            let mut past = pasts[at].clone();
            seen.iter().for_each(|one| past.join(&pasts[*one]));
            if past != pasts[at] {
                pasts[at] = past;
                grown = true;
            }
        }
        if !grown {
            return pasts;
        }
    }
}
