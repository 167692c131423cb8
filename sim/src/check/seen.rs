//! What a phone shows, as words that can be compared: all of it that does not concern one person or one phone alone.

use crate::people;
use crate::phone::Phone;
use crate::play::Run;
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{HouseholdView, PersonView};

/// A phone that was switched off still shows it, or could not mend a spoiled page without the endpoint and waits with it.
pub fn stands_on(phone: &Phone, id: DocId, words: &str) -> bool {
    if people::household(phone, id).is_none() {
        return phone.check_code().1 > 0;
    }
    let page = people::household(phone, id)
        .map(|view| format!("{view:?}"))
        .unwrap_or_default();
    page.contains(words) || format!("{:?}", people::history(phone, id)).contains(words)
}

/// What stands instead of a page that cannot be opened.
pub(super) const SHUT: &str = "not to be opened";

/// What every phone must show alike: lists, counts and every page.
pub fn everything(run: &Run, phone: &Phone) -> String {
    let households = &run.world.households;
    let mut all = counts(phone);
    for mut row in people::households(phone) {
        row.badges
            .retain(|badge| badge.kind == "differs" || badge.kind == "finding" || badge.kind == "inactive");
        all.push_str(&format!("{row:?}\n"));
    }
    for id in households {
        match people::household(phone, *id) {
            Some(view) => all.push_str(&format!("{id} {}\n", page(&view))),
            None => all.push_str(&format!("{id} {SHUT}\n")),
        }
        let mut history: Vec<String> = people::history(phone, *id)
            .iter()
            // The name of somebody who joined after the copy was made, and whose phone is gone, is known to old phones alone.
            .map(|row| format!("{} {} {} {}", row.at, row.field.zh, row.from.zh, row.to.zh))
            .collect();
        history.sort();
        all.push_str(&history.join("\n"));
    }
    if run.versions > 0 {
        all.push_str(&super::forms::shown(phone, households));
    }
    if !run.found.is_empty() {
        all.push_str(&super::findings::shown(phone));
    }
    all
}

/// Pages that a phone cannot open.
pub fn shut(everything: &str) -> usize {
    everything.lines().filter(|line| line.ends_with(SHUT)).count()
}

/// What the screens count.
fn counts(phone: &Phone) -> String {
    let mut all = String::new();
    if let Reply::Today { view } = phone.must(Request::Today) {
        all.push_str(&format!("today {} of {}\n", view.visited_month, view.households));
    }
    let (from, to) = Default::default();
    if let Reply::Coverage { view } = phone.must(Request::Coverage { from, to }) {
        let groups: Vec<String> = view.by_group.iter().map(|row| format!("{row:?}")).collect();
        all.push_str(&format!(
            "coverage {} of {} {groups:?}\n",
            view.visited, view.households
        ));
    }
    all
}

/// A page. Who wrote what is left out: the name of somebody whose invitation was lost is known to old phones alone.
fn page(view: &HouseholdView) -> String {
    // Where work is differs with whose it is.
    let person = |one: &PersonView| PersonView {
        standing: None,
        ..one.clone()
    };
    let persons = |all: &[PersonView]| -> Vec<String> { all.iter().map(|one| format!("{:?}", person(one))).collect() };
    let visits = view.visits.iter().map(|visit| {
        let checks = visit.checks.len();
        format!(
            "{} {} {} {} {} {checks}",
            visit.id, visit.on, visit.counts, visit.words, visit.void_reason
        )
    });
    let differs = view.differs.iter().map(|differs| people::shown(&differs.field));
    let dimensions = view
        .dimensions
        .iter()
        .map(|one| (&one.dimension, &one.verdict, &one.on));
    let records = view
        .records
        .iter()
        .map(|one| (&one.record, &one.words, &one.detail, &one.on, &one.void_reason));
    let fields = view.sections.iter().flat_map(|section| &section.fields);
    format!(
        "{} {} {:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{}",
        view.phone,
        view.address,
        persons(&view.persons),
        persons(&view.former),
        visits.collect::<Vec<_>>(),
        differs.collect::<Vec<_>>(),
        dimensions.collect::<Vec<_>>(),
        records.collect::<Vec<_>>(),
        fields
            .map(|field| (&field.key, people::shown(field)))
            .collect::<Vec<_>>(),
        view.notes,
    )
}

/// The first line in which two of them differ.
pub fn first_difference(seen: &[String]) -> String {
    let Some(pair) = seen.windows(2).find(|pair| pair[0] != pair[1]) else {
        return String::new();
    };
    let (left, right): (Vec<_>, Vec<_>) = (pair[0].lines().collect(), pair[1].lines().collect());
    let place = left
        .iter()
        .zip(&right)
        .position(|(one, other)| one != other)
        .unwrap_or(left.len().min(right.len()));
    format!("{:?} / {:?}", left.get(place), right.get(place))
}
