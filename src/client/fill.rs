//! The form that is open: its answers in memory, what an answer changes, and the same as it is held in a record or a
//! draft. Knows neither storage nor documents.

mod device;
mod draw;
mod held;
mod photos;
mod places;

pub(super) use device::Device;
pub(super) use draw::shown;
pub(super) use held::Snapshot;
use held::stored_as;
pub(super) use photos::place_of as photo_place;

use super::view::{AnsweredView, Choice, FormItem, SectionView, Words};
use crate::base::id::RecordId;
use crate::base::limits::SCALAR_BYTES_MAX;
use crate::base::text;
use crate::form::around::Around;
use crate::form::definition::{Default, Form, Kind, Question};
use crate::form::filling::{AnswerFault, Filling, Looks, Proposal, Trouble, Update};
use self_cell::self_cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What an open form borrows from.
struct Base {
    form: Rc<Form>,
    language: String,
    /// The answers of the record of this form before, by question.
    last: BTreeMap<String, String>,
    device: Device,
}

self_cell!(
    struct Filled {
        owner: Base,
        #[covariant]
        dependent: Filling,
    }
);

/// An open form.
pub(super) struct Fill {
    filled: Filled,
    /// Of each instance of a repeated part the id that names it for ever.
    ids: BTreeMap<u32, RecordId>,
    /// Answers that were carried over and that nobody has tapped.
    kept: BTreeSet<u32>,
    /// Answers that somebody gave since the form was opened.
    tapped: BTreeSet<u32>,
    /// Held answers in instances that are not there now.
    stash: BTreeMap<String, String>,
    looks: Looks,
    sections: Vec<SectionView>,
    /// The questions that are seen, in order.
    items: Vec<(u32, FormItem)>,
}

/// What stands at a place.
pub(super) struct Given {
    pub text: String,
    /// Carried over, and nobody tapped it.
    pub kept: bool,
}

/// What an answer did, beside what is shown.
pub(super) struct Did {
    pub view: AnsweredView,
    /// What is held in another way now, by place; with whether it is carried over.
    pub held: Vec<(String, String, bool)>,
}

impl Fill {
    /// Opens a form. Without anything held it begins with what the register and the record before say.
    pub fn open(
        form: Rc<Form>,
        language: &str,
        device: Device,
        last: BTreeMap<String, String>,
        held: Option<&Snapshot>,
    ) -> Self {
        let base = Base {
            language: known_language(&form, language),
            form,
            last,
            device,
        };
        let filled = Filled::new(base, |base| {
            let around = Around::new(&base.form, &base.language, &base.device).after(base.last.clone());
            Filling::begin_in(&base.form, Box::new(around))
        });
        let looks = filled.borrow_dependent().looks();
        let mut fill = Self {
            filled,
            looks,
            ids: BTreeMap::new(),
            kept: BTreeSet::new(),
            tapped: BTreeSet::new(),
            stash: BTreeMap::new(),
            sections: Vec::new(),
            items: Vec::new(),
        };
        match held {
            Some(held) => fill.put_back(held),
            None => fill.begin(),
        }
        fill.redraw(None);
        fill
    }

    fn begin(&mut self) {
        self.kept = self
            .filled
            .with_dependent_mut(|_, filling| filling.prefill())
            .into_iter()
            .collect();
        self.name_instances();
        let filling = self.filling();
        let carried: Vec<u32> = self
            .questions()
            .filter(|node| {
                let default = &filling.part(*node).default;
                let from_last = matches!(default, Some(Default::Computed(expr)) if held::says_last(expr));
                from_last && !filling.text(*node).is_empty() && !filling.part(*node).is_silent()
            })
            .collect();
        self.kept.extend(carried);
    }

    /// The form, with what the register says in its lists.
    pub fn form(&self) -> &Form {
        &self.filled.borrow_owner().form
    }

    /// The same, to be opened once more.
    pub fn form_shared(&self) -> Rc<Form> {
        Rc::clone(&self.filled.borrow_owner().form)
    }

    /// The language it is shown in.
    pub fn language(&self) -> &str {
        &self.filled.borrow_owner().language
    }

    /// The answers of the record before, by question.
    pub fn last(&self) -> &BTreeMap<String, String> {
        &self.filled.borrow_owner().last
    }

    fn filling(&self) -> &Filling<'_> {
        self.filled.borrow_dependent()
    }

    /// The clock goes on while a form is open.
    pub fn set_now(&self, now_ms: i64) {
        self.filled.borrow_owner().device.set_now(now_ms);
    }

    /// Every question of the record, whether it applies or not.
    fn questions(&self) -> impl Iterator<Item = u32> + '_ {
        let filling = self.filling();
        self.nodes().into_iter().filter(|node| filling.is_question(*node))
    }

    /// Every node in the record, each after what it stands in.
    fn nodes(&self) -> Vec<u32> {
        let filling = self.filling();
        let mut nodes = Vec::with_capacity(filling.count());
        let mut waiting: Vec<u32> = filling.inside(0).iter().rev().copied().collect();
        while let Some(node) = waiting.pop() {
            nodes.push(node);
            waiting.extend(filling.inside(node).iter().rev());
        }
        nodes
    }

    /// Writes an answer as a person gave it; nothing where no such question is open.
    pub fn answer(&mut self, place: &str, value: &str) -> Option<Did> {
        let node = self.node_at(place)?;
        let filling = self.filling();
        if !filling.is_question(node) || filling.is_readonly(node) {
            return None;
        }
        let value = clean(&filling.part(node).kind, value);
        let before = self.state();
        let was_kept = self.kept.remove(&node);
        self.tapped.insert(node);
        // What is wrong with it is said beside the question; it stays written.
        let _ = self
            .filled
            .with_dependent_mut(|_, filling| filling.answer(node, &value));
        let structural = self.name_instances();
        let mut held = self.changed_since(&before);
        if was_kept && !held.iter().any(|(changed, ..)| changed == place) {
            held.push((place.to_owned(), value, false));
        }
        Some(Did {
            view: self.drawn_anew(&before, node, structural),
            held,
        })
    }

    /// What is not held yet of the texts of all questions.
    fn changed_since(&self, before: &BTreeMap<u32, (String, bool)>) -> Vec<(String, String, bool)> {
        let filling = self.filling();
        let changed = self.questions().filter(|node| {
            let text = filling.text(*node);
            let same = before.get(node).map_or(text.is_empty(), |(before, _)| before == text);
            !same && stored_as(self.form(), filling.part(*node)).is_some()
        });
        changed
            .map(|node| {
                let kept = self.kept.contains(&node);
                (self.place_of(node), filling.text(node).to_owned(), kept)
            })
            .collect()
    }

    /// The text of each question, and whether it is seen.
    fn state(&self) -> BTreeMap<u32, (String, bool)> {
        let filling = self.filling();
        let state = |node: u32| (node, (filling.text(node).to_owned(), filling.applies(node)));
        self.questions().map(state).collect()
    }

    /// Adds an instance; the place names its parent and the repeated part. Nothing beyond the limit.
    pub fn add_instance(&mut self, place: &str) -> Option<()> {
        let (parent, name) = place.rsplit_once('/').unwrap_or(("", place));
        let parent = self.node_at(parent)?;
        if self.is_counted(parent, name)? {
            return None;
        }
        self.filled
            .with_dependent_mut(|_, filling| filling.add_repeat(parent, name))?;
        self.name_instances();
        self.redraw(None);
        Some(())
    }

    /// Takes an instance out.
    pub fn remove_instance(&mut self, place: &str) -> Option<()> {
        let node = self.node_at(place)?;
        let filling = self.filling();
        if !filling.is_instance(node) || matches!(filling.part(node).kind, Kind::Repeat(_, Some(_))) {
            return None;
        }
        self.filled.with_dependent_mut(|_, filling| filling.remove_repeat(node));
        self.name_instances();
        self.redraw(None);
        Some(())
    }

    fn is_counted(&self, parent: u32, name: &str) -> Option<bool> {
        let parts = self.filling().parts_of(parent)?;
        parts
            .iter()
            .find(|part| part.name == name)
            .and_then(|part| match &part.kind {
                Kind::Repeat(_, count) => Some(count.is_some()),
                _ => None,
            })
    }

    /// The sections as they were drawn last.
    pub fn sections(&self) -> &[SectionView] {
        &self.sections
    }

    /// The questions that are seen, in order.
    pub fn items(&self) -> Vec<FormItem> {
        self.items.iter().map(|(_, item)| item.clone()).collect()
    }

    /// Some of the choices of a question, those whose words or value hold the query.
    pub fn choices(&self, place: &str, query: &str, offset: usize, limit: usize) -> Option<(Vec<Choice>, u32)> {
        let node = self.node_at(place)?;
        let query = text::compact(query).to_lowercase();
        let fits = |choice: &Choice| {
            let words = text::compact(&choice.words.zh).to_lowercase();
            query.is_empty() || words.contains(&query) || choice.value.to_lowercase().contains(&query)
        };
        let all: Vec<Choice> = self.choices_of(node).into_iter().filter(fits).collect();
        let total = all.len() as u32;
        Some((all.into_iter().skip(offset).take(limit).collect(), total))
    }

    /// What stands in the way of saving, in order; what is missing only where it has to be there. A mistake in the form
    /// itself stands in nobody's way, and a photo may be taken later.
    pub fn standing_in_the_way(&self, whole: bool) -> Vec<(u32, Words)> {
        let filling = self.filling();
        let mut found = Vec::new();
        for (shown, trouble) in filling.troubles() {
            let photo = matches!(shown.part.kind, Kind::Question(Question::Image | Question::Signature));
            let stands = match trouble {
                Trouble::Expression(_) => false,
                Trouble::Required => whole && !photo,
                Trouble::Incomplete => whole,
                Trouble::Answer(_) | Trouble::Constraint => true,
            };
            if stands {
                found.push((shown.node, self.trouble_words(shown.node, &trouble)));
            }
        }
        let long = self
            .questions()
            .filter(|node| filling.text(*node).len() > SCALAR_BYTES_MAX && !photos::takes(filling.part(*node)));
        let words = |node: u32| self.trouble_words(node, &Trouble::Answer(AnswerFault::TooLong));
        found.extend(long.map(|node| (node, words(node))));
        found
    }

    /// Whether a photo, and whether a signature, that the form wants is still to follow.
    pub fn pictures_to_follow(&self) -> (bool, bool) {
        let filling = self.filling();
        let wanted = |node: u32, kind: &Question| {
            let part = filling.part(node);
            let is_of_kind = matches!(&part.kind, Kind::Question(question) if question == kind);
            is_of_kind && filling.applies(node) && filling.text(node).is_empty() && filling.is_required(node)
        };
        let any = |kind: Question| self.questions().any(|node| wanted(node, &kind));
        (any(Question::Image), any(Question::Signature))
    }

    /// What the answers say for the register, by place.
    pub fn given(&self) -> BTreeMap<String, String> {
        let updates = self.filling().updates().into_iter();
        updates
            .map(|update| (self.place_of(update.node), update.values().join("、")))
            .collect()
    }

    /// What stands at the place of a question that applies.
    pub fn given_at(&self, place: &str) -> Option<Given> {
        let node = self.node_at(place)?;
        let filling = self.filling();
        filling.applies(node).then(|| Given {
            text: filling.text(node).to_owned(),
            kept: self.kept.contains(&node),
        })
    }

    /// Somebody gave these answers since the form was opened.
    pub fn tap(&mut self, places: &BTreeSet<String>) {
        let nodes: Vec<u32> = places.iter().filter_map(|place| self.node_at(place)).collect();
        self.tapped.extend(nodes);
    }

    /// The problems that the answers propose.
    pub fn proposals(&self) -> Vec<Proposal> {
        self.filling().proposals(self.language())
    }

    /// What was answered here and is to be written into the register: not what was carried over and nobody tapped.
    pub fn updates(&self) -> Vec<Update<'_>> {
        let mut updates = self.filling().updates();
        updates.retain(|update| !self.kept.contains(&update.node));
        updates
    }

    /// What the record is called.
    pub fn name(&self) -> String {
        self.filling().name().unwrap_or_default()
    }
}

/// A language of the form, else its own.
fn known_language(form: &Form, language: &str) -> String {
    let known = form.languages.iter().find(|known| *known == language);
    known.unwrap_or(&form.default_language).clone()
}

/// Numbers and days as people type them: full-width digits, 。 for the point, ／ between the parts of a date.
fn clean(kind: &Kind, value: &str) -> String {
    let Kind::Question(question) = kind else {
        return value.to_owned();
    };
    match question {
        Question::Integer | Question::Decimal | Question::Range(_) => text::compact(value),
        Question::Date => match crate::base::date::Date::parse_lenient(value) {
            Ok(day) => day.to_string(),
            Err(_) => text::trim(value).to_owned(),
        },
        Question::Text => text::clean_note(value),
        Question::Image | Question::Signature => photos::clean(value),
        _ => text::trim(value).to_owned(),
    }
}

#[cfg(test)]
mod tests;
