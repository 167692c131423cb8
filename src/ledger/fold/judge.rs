//! Whether one event counts, given what its author had seen.

use super::{Event, Folded, Standing};
use crate::base::date::Date;
use crate::base::id::MemberId;
use crate::ledger::bits::Bits;
use crate::ledger::condition::{Atom, Term};
use crate::ledger::procedure::{Field, Holds, Kind, Move, Procedure, Required, Rule};
use crate::ledger::projection::Projection;
use crate::ledger::refusal::Refusal;
use crate::ledger::signature;

/// Telephones without their area have as many; dates and amounts have fewer.
const DIGITS_OF_A_NUMBER: usize = 7;

/// An event with the state in which its author saw the thing.
struct Case<'e> {
    event: &'e Event,
    author: MemberId,
    on: Date,
    past: &'e Bits,
    standing: Standing,
}

impl Folded<'_> {
    /// The state that the event leads to, nothing where it stays.
    pub(super) fn judge(&self, event: &Event, past: &Bits, on: Date) -> Result<Option<usize>, Refusal> {
        let (kind, case) = self.opened(event, past, on)?;
        for (at, field) in kind.fields.iter().enumerate() {
            if !event.has(&field.name) {
                if self.required(field, &case) {
                    return Err(Refusal::Missing(at));
                }
            } else {
                sound(at, field, event)?;
            }
        }
        bound(kind, event)?;
        if let Some(rule) = kind.refusals.iter().position(|rule| self.all(&rule.when, &case)) {
            return Err(Refusal::Rule(rule));
        }
        let state = case.standing.state;
        let fits = |one: &&Move| one.is_from(state) && self.all(&one.when, &case);
        let fits = kind.moves.iter().find(fits);
        fits.map(|one| one.to).ok_or(Refusal::NotNow(state))
    }

    /// Whether the person may do this step now at all, whatever it will carry.
    pub(super) fn permitted(&self, event: &Event, past: &Bits, on: Date) -> Result<(), Refusal> {
        self.opened(event, past, on).map(drop)
    }

    fn opened<'e>(&self, event: &'e Event, past: &'e Bits, on: Date) -> Result<(&Kind, Case<'e>), Refusal> {
        if event.procedure != self.procedure.id || event.version != self.procedure.version {
            return Err(Refusal::OtherVersion);
        }
        let kind = self.procedure.kind(&event.kind).ok_or(Refusal::Unknown)?;
        let case = Case {
            event,
            author: event.author.ok_or(Refusal::Incomplete)?,
            on,
            past,
            standing: self.standing_of(past, on),
        };
        let state = case.standing.state;
        if !kind.moves.iter().any(|one| one.is_from(state)) {
            return Err(Refusal::NotNow(state));
        }
        // What a rule says of the person is clearer than that somebody else has to do it.
        let refused = |rule: &Rule| is_of_person(rule) && self.all(&rule.when, &case);
        if let Some(rule) = kind.refusals.iter().position(refused) {
            return Err(Refusal::Rule(rule));
        }
        if !kind.who.iter().any(|term| self.holds(term, &case)) {
            return Err(Refusal::NotYou);
        }
        Ok((kind, case))
    }

    fn required(&self, field: &Field, case: &Case<'_>) -> bool {
        match &field.required {
            Required::No | Required::Wanted => false,
            Required::Yes => true,
            Required::When(terms) => self.all(terms, case),
        }
    }

    fn all(&self, terms: &[Term], case: &Case<'_>) -> bool {
        terms.iter().all(|term| self.holds(term, case))
    }

    fn holds(&self, term: &Term, case: &Case<'_>) -> bool {
        self.says(&term.atom, case) != term.not
    }

    fn says(&self, atom: &Atom, case: &Case<'_>) -> bool {
        match atom {
            Atom::Role(role) => case.event.role == *role,
            Atom::Has(key) => case.event.has(key) || !self.value(key, case).is_empty(),
            Atom::Is(key, values) => {
                let value = self.value(key, case);
                values.contains(&value)
            }
            Atom::Before(one, other) => {
                let day = |key: &str| self.value(key, case).parse::<Date>().ok();
                matches!((day(one), day(other)), (Some(one), Some(other)) if one < other)
            }
            Atom::Named(field) => self.value(field, case) == case.author.to_string(),
            Atom::Done(steps) => !self.steps(steps, case).is_empty(),
            Atom::By(steps) => {
                let steps = self.steps(steps, case);
                steps.iter().any(|at| self.events[*at].author == Some(case.author))
            }
            Atom::Side(steps) => {
                let side = |role: &str| self.procedure.role(role).map(|role| role.side.as_str());
                let mine = side(&case.event.role);
                let steps = self.steps(steps, case);
                mine.is_some() && steps.iter().any(|at| side(&self.events[*at].role) == mine)
            }
            Atom::Level(steps) => {
                let level = |role: &str| self.procedure.role(role).map(|role| role.level);
                let steps = self.steps(steps, case);
                let asked = steps.iter().map(|at| level(&self.events[*at].role)).max().flatten();
                asked.is_some() && level(&case.event.role) >= asked
            }
            Atom::Fewer(steps, days) => self.days(steps, days, case).is_some_and(|(went, days)| went < days),
            Atom::More(steps, days) => self.days(steps, days, case).is_some_and(|(went, days)| went > days),
            Atom::Ahead(key, days) => self.off(key, days, case).is_some_and(|(off, days)| off > days),
            Atom::Ago(key, days) => self.off(key, days, case).is_some_and(|(off, days)| -off > days),
            Atom::Over(one, other) => {
                let (one, other) = (self.number(one, case), self.number(other, case));
                matches!((one, other), (Some(one), Some(other)) if one > other)
            }
            Atom::Digits(key) => {
                let text = self.value(key, case);
                let mut runs = text.split(|one: char| !one.is_ascii_digit());
                runs.any(|run| run.len() >= DIGITS_OF_A_NUMBER)
            }
        }
    }

    /// A field of the event, what was so about the thing, a fact, or a parameter.
    fn value(&self, key: &str, case: &Case<'_>) -> String {
        let own = case.event.field(key);
        if !own.is_empty() {
            return own.to_owned();
        }
        match key {
            "on" => case.on.to_string(),
            "role" => case.event.role.clone(),
            "finder" => self.finder.map(|finder| finder.to_string()).unwrap_or_default(),
            _ => {
                let about = case.event.fields.get(&format!("of/{key}"));
                let fact = case.standing.facts.get(key).map(|fact| &fact.value);
                let parameter = self.procedure.parameters.get(key);
                about.or(fact).or(parameter).cloned().unwrap_or_default()
            }
        }
    }

    /// A number that is written, filled in, set, or follows from one of these.
    fn number(&self, key: &str, case: &Case<'_>) -> Option<i64> {
        match self.procedure.scale(key) {
            Some(scale) => scale.at(self.value(&scale.of, case).parse().ok()?),
            None => key.parse().ok().or_else(|| self.value(key, case).parse().ok()),
        }
    }

    /// How many days after the day of the event a date lies, and the number they are compared with.
    fn off(&self, key: &str, days: &str, case: &Case<'_>) -> Option<(i64, i64)> {
        let date: Date = self.value(key, case).parse().ok()?;
        Some((case.on.days_until(date), self.procedure.number(days)?))
    }

    /// The last steps of these kinds that the person had seen.
    fn steps(&self, steps: &[String], case: &Case<'_>) -> Vec<usize> {
        let counts = |at: usize| matches!(self.verdicts.get(at), Some(Ok(_))) && steps.contains(&self.events[at].kind);
        self.last(case.past, counts)
    }

    /// Days since the last of these steps, and the number they are compared with.
    fn days(&self, steps: &[String], days: &str, case: &Case<'_>) -> Option<(i64, i64)> {
        let steps = self.steps(steps, case);
        let last = steps.iter().filter_map(|at| self.events[*at].on).max()?;
        Some((last.days_until(case.on), self.procedure.number(days)?))
    }
}

/// The rule speaks of the person, before anything is filled in.
fn is_of_person(rule: &Rule) -> bool {
    rule.when.iter().any(|term| match &term.atom {
        Atom::Named(_) => true,
        Atom::Is(key, _) => key == "role",
        _ => false,
    })
}

/// Somebody may have done it, whatever they saw: the procedure has such a step, and it carries what each of them carries.
pub fn is_possible(procedure: &Procedure, event: &Event) -> bool {
    let Some(kind) = procedure.kind(&event.kind) else {
        return false;
    };
    let fields = || kind.fields.iter().enumerate();
    let whole = fields().all(|(at, field)| match event.has(&field.name) {
        true => sound(at, field, event).is_ok(),
        false => field.required != Required::Yes,
    });
    event.on.is_some() && event.author.is_some() && whole && bound(kind, event).is_ok()
}

/// What it holds can be read, and a signature is whole.
fn sound(at: usize, field: &Field, event: &Event) -> Result<(), Refusal> {
    let listed = |value: &str| field.choices.iter().any(|(choice, _)| choice == value);
    let value = event.field(&field.name);
    let readable = match field.holds {
        Holds::Signature => {
            return signature::check(event, &field.name, listed).map_err(|lack| Refusal::Signature(at, lack));
        }
        Holds::Text | Holds::Photo | Holds::Link => true,
        Holds::Date => value.parse::<Date>().is_ok(),
        Holds::Number => value.parse::<i64>().is_ok(),
        Holds::Percent => value.parse::<u8>().is_ok_and(|percent| percent <= 100),
        Holds::Member => value.parse::<MemberId>().is_ok(),
        Holds::Choice => listed(value),
    };
    if readable { Ok(()) } else { Err(Refusal::Unreadable(at)) }
}

/// It keeps what was judged, where its kind has to.
fn bound(kind: &Kind, event: &Event) -> Result<(), Refusal> {
    match kind.binds {
        Some(_) if Projection::kept(event).is_none() => Err(Refusal::Unbound),
        _ => Ok(()),
    }
}
