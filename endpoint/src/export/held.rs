//! A record of a form as it is stored, evaluated: the answers that apply, what follows from them, and the instances of
//! repeated parts.

use bianfang::base::date::Date;
use bianfang::base::picture::BlobId;
use bianfang::doc::Record;
use bianfang::form::around::{Around, Outside};
use bianfang::form::definition::{Form, Kind, Part};
use bianfang::form::expr::{Expr, Function};
use bianfang::form::filling::Filling;
use bianfang::form::instance::counted_id;
use bianfang::form::moment::{DAY_MS, Moment};
use std::collections::BTreeMap;

/// What a person answered, and what a phone noted or calculated from what is around the record.
const ANSWER: &str = "answer";
const MADE: &str = "made";
/// An instance that is there.
const INSTANCE: &str = "instance";

/// The day of a record, which is long over: nothing is drawn and nothing begins.
struct Then(Moment);

impl Outside for Then {
    fn now(&self) -> Moment {
        self.0
    }

    fn random(&self) -> f64 {
        0.0
    }

    fn uuid(&self) -> String {
        String::new()
    }
}

/// An instance of a repeated part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    /// The names of the parts to it: `member/child`.
    pub path: String,
    /// Its number and those of the instances around it: `2`, `2.1`.
    pub number: String,
    /// Its answers by the names of the parts to them.
    pub values: BTreeMap<String, Vec<String>>,
}

/// All of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Held {
    /// Answers outside of repeated parts, by the names of the parts to them; more than one where people differ.
    pub values: BTreeMap<String, Vec<String>>,
    /// In the order of the form.
    pub instances: Vec<Instance>,
}

/// Where the walk through a form stands: the same place as the engine writes it, as it is stored, and by parts alone.
#[derive(Clone, Default)]
struct Place {
    evaluated: String,
    stored: String,
    path: String,
    number: String,
}

impl Place {
    fn under(before: &str, name: &str) -> String {
        match before {
            "" => name.to_owned(),
            _ => format!("{before}/{name}"),
        }
    }

    fn part(&self, name: &str) -> Self {
        Self {
            evaluated: Self::under(&self.evaluated, name),
            stored: Self::under(&self.stored, name),
            path: Self::under(&self.path, name),
            number: self.number.clone(),
        }
    }

    fn instance(&self, name: &str, number: usize, id: &str) -> Self {
        let part = self.part(name);
        Self {
            evaluated: format!("{}[{number}]", part.evaluated),
            stored: format!("{}/{id}", part.stored),
            path: part.path,
            number: match self.number.as_str() {
                "" => number.to_string(),
                outer => format!("{outer}.{number}"),
            },
        }
    }
}

/// The stored part of a record.
struct Stored<'a> {
    record: &'a Record,
    /// Instances that are there or were taken out, by their places.
    instances: BTreeMap<String, bool>,
}

impl Stored<'_> {
    fn texts(&self, prefix: &str, place: &str) -> Vec<String> {
        let live = self.record.live(&format!("{prefix}/{place}"));
        let mut texts: Vec<String> = Vec::new();
        for text in live.iter().map(|one| one.value.to_text()) {
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        let photos = self.photos(&format!("{prefix}/{place}"));
        texts.extend(Some(photos).filter(|photos| !photos.is_empty()));
        texts
    }

    /// The names of the photos of a question, as their files are named: each is a key below it.
    fn photos(&self, key: &str) -> String {
        let below = self.record.under(key);
        let there = below.filter(|(photo, live)| {
            photo.parse::<BlobId>().is_ok() && live.iter().any(|one| !one.value.to_text().is_empty())
        });
        there.map(|(photo, _)| photo).collect::<Vec<_>>().join(" ")
    }

    /// The instances of a repeated part whose number people decide: in the order in which they were made.
    fn free(&self, part: &str) -> Vec<String> {
        let under = format!("{part}/");
        let here = self.instances.iter().filter(|(_, is)| **is);
        let ids = here.filter_map(|(place, _)| place.strip_prefix(&under));
        ids.filter(|rest| !rest.contains('/')).map(str::to_owned).collect()
    }
}

/// Reads a record with the form that it was made with.
pub(super) fn held(form: &Form, record: &Record) -> Held {
    let on: Option<Date> = record.text("on").parse().ok();
    let then = Then(Moment::at(on.map_or(0, |on| i64::from(on.epoch_days()) * DAY_MS)));
    let around = Around::new(form, "", &then);
    let mut filling = Filling::begin(form, &around);
    let instances = record.under(INSTANCE);
    let stored = Stored {
        record,
        instances: instances
            .map(|(place, live)| (place.to_owned(), live.iter().any(|one| one.value.to_int() == Some(1))))
            .collect(),
    };
    // Answers first: how many instances there are may follow from those that come later in the form. What was calculated
    // on the phone from the register stands, whatever the register says by now.
    for prefix in [ANSWER, ANSWER, MADE] {
        fill(&mut filling, &form.parts, &Place::default(), &stored, prefix);
    }
    let mut held = Held::default();
    let mut out = Reading {
        filling: &filling,
        stored: &stored,
        held: &mut held,
        within: None,
    };
    out.parts(&form.parts, &Place::default(), false);
    held
}

/// The instances of a repeated part at a place, with the names by which they are stored.
fn instances(filling: &Filling<'_>, part: &Part, at: &Place, stored: &Stored<'_>) -> Vec<Place> {
    let place = at.part(&part.name).stored;
    let names = match part.kind {
        Kind::Repeat(_, Some(_)) => {
            let above = parent(filling, at);
            let count = above.map_or(0, |above| filling.instances(above, &part.name).len());
            // The root has no name, so its parts begin with the stroke.
            let named = format!("{}/{}", at.stored, part.name);
            (1..=count)
                .map(|number| counted_id(&named, number).to_string())
                .collect()
        }
        _ => stored.free(&place),
    };
    let numbered = (1..).zip(names);
    numbered
        .map(|(number, id)| at.instance(&part.name, number, &id))
        .collect()
}

fn parent(filling: &Filling<'_>, at: &Place) -> Option<u32> {
    match at.evaluated.as_str() {
        "" => Some(0),
        place => filling.node_at(place),
    }
}

fn fill(filling: &mut Filling<'_>, parts: &[Part], at: &Place, stored: &Stored<'_>, prefix: &str) {
    for part in parts {
        match &part.kind {
            Kind::Group(inside) => fill(filling, inside, &at.part(&part.name), stored, prefix),
            Kind::Repeat(inside, count) => {
                let places = instances(filling, part, at, stored);
                if count.is_none()
                    && let Some(above) = parent(filling, at)
                {
                    while let Some(more) = filling.instances(above, &part.name).get(places.len()).copied() {
                        filling.remove_repeat(more);
                    }
                    while filling.instances(above, &part.name).len() < places.len()
                        && filling.add_repeat(above, &part.name).is_some()
                    {}
                }
                places
                    .iter()
                    .for_each(|place| fill(filling, inside, place, stored, prefix));
            }
            Kind::Question(_) => {
                let place = at.part(&part.name);
                let text = stored.texts(prefix, &place.stored).into_iter().next();
                let node = filling.node_at(&place.evaluated);
                if let (Some(text), Some(node)) = (text, node) {
                    // An answer that the form refuses is told on the phone; here it stands as it was given.
                    let _ = filling.answer(node, &text);
                }
            }
        }
    }
}

/// Whether a condition asks the register itself, which is another by now than on the day of the record.
fn asks_outside(part: &Part) -> bool {
    let mut asks = false;
    if let Some(relevant) = &part.relevant {
        relevant.walk(&mut |one| {
            asks |= matches!(one, Expr::Call(Function::PullData | Function::Instance, _));
        });
    }
    asks
}

struct Reading<'a, 'f> {
    filling: &'a Filling<'f>,
    stored: &'a Stored<'a>,
    held: &'a mut Held,
    /// The instance whose answers are being read.
    within: Option<usize>,
}

impl Reading<'_, '_> {
    /// `unsure`: something around these parts depends on what cannot be known any more, so what was answered counts.
    fn parts(&mut self, parts: &[Part], at: &Place, unsure: bool) {
        for part in parts {
            let unsure = unsure || asks_outside(part);
            match &part.kind {
                Kind::Group(inside) => self.parts(inside, &at.part(&part.name), unsure),
                Kind::Repeat(inside, _) => {
                    for place in instances(self.filling, part, at, self.stored) {
                        let outer = self.within;
                        self.held.instances.push(Instance {
                            path: place.path.clone(),
                            number: place.number.clone(),
                            values: BTreeMap::new(),
                        });
                        self.within = Some(self.held.instances.len() - 1);
                        self.parts(inside, &place, unsure);
                        self.within = outer;
                    }
                }
                Kind::Question(_) => self.question(part, &at.part(&part.name), unsure),
            }
        }
    }

    fn question(&mut self, part: &Part, place: &Place, unsure: bool) {
        let node = self.filling.node_at(&place.evaluated);
        if !unsure && !node.is_some_and(|node| self.filling.applies(node)) {
            return;
        }
        let mut texts = self.stored.texts(ANSWER, &place.stored);
        if texts.is_empty() {
            texts = self.stored.texts(MADE, &place.stored);
        }
        if texts.is_empty()
            && part.calculation.is_some()
            && let Some(text) = node.map(|node| self.filling.text(node).to_owned())
        {
            texts.extend(Some(text).filter(|text| !text.is_empty()));
        }
        if !texts.is_empty() {
            let values = match self.within {
                Some(within) => &mut self.held.instances[within].values,
                None => &mut self.held.values,
            };
            values.insert(place.path.clone(), texts);
        }
    }
}
