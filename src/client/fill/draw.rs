//! The open form as it is seen: sections, questions, and of these only what an answer changed.

use super::{Fill, photos};
use crate::client::view::{AnsweredView, Choice, FormItem, RangeView, SectionView, Words};
use crate::form::definition::{Form, Kind, Part, Question, is_english};
use crate::form::filling::{Filling, Trouble};
use std::collections::{BTreeMap, BTreeSet};

/// Choices that come with a question; of more a part is asked for.
const CHOICES_MAX: usize = 60;

/// A section while the form is walked.
#[derive(Clone, Default)]
struct Around {
    place: String,
    title: String,
    hint: String,
    instance: u32,
    may_remove: bool,
}

/// The form as it is walked: sections, and each question with its section.
struct Walk<'f> {
    fill: &'f Fill,
    filling: &'f Filling<'f>,
    sections: Vec<SectionView>,
    order: Vec<(u32, u32)>,
}

impl Walk<'_> {
    fn open(&mut self, around: &Around) -> usize {
        self.sections.push(SectionView {
            place: around.place.clone(),
            title: around.title.clone(),
            hint: around.hint.clone(),
            answered: 0,
            of: 0,
            instance: around.instance,
            may_add: false,
            may_remove: around.may_remove,
            add_place: String::new(),
            add_label: String::new(),
        });
        self.sections.len() - 1
    }

    fn within(&mut self, node: u32, around: &Around) {
        let filling = self.filling;
        let mut section = None;
        for part in filling.parts_of(node).unwrap_or_default() {
            let mut nodes = filling.instances(node, &part.name);
            nodes.retain(|one| filling.applies_itself(*one));
            match &part.kind {
                Kind::Question(question) => {
                    for one in nodes.into_iter().filter(|_| !part.is_silent()) {
                        let at = *section.get_or_insert_with(|| self.open(around));
                        self.count(at, question, one);
                        self.order.push((one, at as u32));
                    }
                }
                Kind::Group(_) => {
                    let before = self.sections.len();
                    for one in nodes {
                        let inner = self.inner(around, part, one);
                        self.within(one, &inner);
                    }
                    if self.sections.len() > before {
                        section = None;
                    }
                }
                Kind::Repeat(_, count) => {
                    self.repeated(node, around, part, &nodes, count.is_none());
                    section = None;
                }
            }
        }
    }

    fn count(&mut self, at: usize, question: &Question, node: u32) {
        let asks = !matches!(question, Question::Note) && self.filling.part(node).calculation.is_none();
        if asks && let Some(section) = self.sections.get_mut(at) {
            section.of += 1;
            let given = !self.filling.text(node).is_empty() && !self.fill.kept.contains(&node);
            section.answered += u32::from(given);
        }
    }

    /// A group inside a section: `a · b`.
    fn inner(&self, around: &Around, part: &Part, node: u32) -> Around {
        let language = self.fill.language();
        let own = self.filling.say(&part.label, language, node);
        let title = match (around.title.is_empty(), own.is_empty()) {
            (false, false) => format!("{} · {own}", around.title),
            (true, _) => own,
            (_, true) => around.title.clone(),
        };
        Around {
            place: self.fill.place_of(node),
            title,
            hint: self.filling.say(&part.hint, language, node),
            ..Around::default()
        }
    }

    fn repeated(&mut self, parent: u32, around: &Around, part: &Part, nodes: &[u32], free: bool) {
        for one in nodes {
            let inner = Around {
                instance: self.filling.number_of(*one) as u32,
                may_remove: free,
                ..self.inner(around, part, *one)
            };
            let before = self.sections.len();
            self.within(*one, &inner);
            if self.sections.len() == before {
                self.open(&inner);
            }
            // What stands in groups inside it belongs to the same instance, which is taken out once.
            for section in self.sections.iter_mut().skip(before + 1) {
                section.may_remove &= section.place != inner.place;
            }
        }
        if !free {
            return;
        }
        if nodes.is_empty() {
            let label = self.filling.say(&part.label, self.fill.language(), parent);
            self.open(&Around {
                place: String::new(),
                title: label,
                ..Around::default()
            });
        }
        let above = self.fill.place_of(parent);
        let label = self.filling.say(&part.label, self.fill.language(), parent);
        if let Some(last) = self.sections.last_mut() {
            last.may_add = true;
            last.add_label = label;
            last.add_place = match above.is_empty() {
                true => part.name.clone(),
                false => format!("{above}/{}", part.name),
            };
        }
    }
}

impl Fill {
    /// Sections and questions anew. Of the questions that were seen before, those are drawn again that stand in the parts
    /// named, or all.
    pub(super) fn redraw(&mut self, again: Option<(&BTreeSet<u32>, &BTreeSet<usize>)>) {
        let filling = self.filling();
        let mut walk = Walk {
            fill: self,
            filling,
            sections: Vec::new(),
            order: Vec::new(),
        };
        walk.within(0, &Around::default());
        let (sections, order) = (walk.sections, walk.order);
        let known: BTreeMap<u32, &FormItem> = self.items.iter().map(|(node, item)| (*node, item)).collect();
        let is_same = |node: &u32| {
            again.is_some_and(|(nodes, parts)| !nodes.contains(node) && !parts.contains(&filling.part_number(*node)))
        };
        let items = order
            .into_iter()
            .map(|(node, section)| {
                let item = match known.get(&node).filter(|_| is_same(&node)) {
                    Some(item) => FormItem {
                        section,
                        ..(*item).clone()
                    },
                    None => self.item(node, section),
                };
                (node, item)
            })
            .collect();
        self.items = items;
        self.sections = sections;
    }

    /// What an answer changed of all this. `before` is the state of the questions then.
    pub(super) fn drawn_anew(
        &mut self,
        before: &BTreeMap<u32, (String, bool)>,
        answered: u32,
        structural: bool,
    ) -> AnsweredView {
        let now = self.state();
        let mut nodes: BTreeSet<u32> = BTreeSet::from([answered]);
        nodes.extend(
            now.iter()
                .filter(|(node, state)| before.get(node) != Some(state))
                .map(|(node, _)| *node),
        );
        let gone_ones = before.keys().filter(|node| !now.contains_key(node));
        let filling = self.filling();
        let changed: BTreeSet<usize> = nodes
            .iter()
            .chain(gone_ones)
            .map(|node| filling.part_number(*node))
            .collect();
        let parts = self.looks.after(&changed);
        let old = self.items.clone();
        match structural || before.len() != now.len() {
            true => self.redraw(None),
            false => self.redraw(Some((&nodes, &parts))),
        }
        let known: BTreeMap<u32, &FormItem> = old.iter().map(|(node, item)| (*node, item)).collect();
        let seen: BTreeSet<u32> = self.items.iter().map(|(node, _)| *node).collect();
        let places =
            |items: &[(u32, FormItem)]| -> Vec<String> { items.iter().map(|(_, item)| item.place.clone()).collect() };
        let same_order = old
            .iter()
            .map(|(node, _)| node)
            .eq(self.items.iter().map(|(node, _)| node));
        AnsweredView {
            changed: self
                .items
                .iter()
                .filter(|(node, item)| known.get(node) != Some(&item))
                .map(|(_, item)| item.clone())
                .collect(),
            gone: old
                .iter()
                .filter(|(node, _)| !seen.contains(node))
                .map(|(_, item)| item.place.clone())
                .collect(),
            order: (!same_order).then(|| places(&self.items)),
            sections: self.sections.clone(),
            proposals: Vec::new(),
            updates: Vec::new(),
        }
    }

    fn item(&self, node: u32, section: u32) -> FormItem {
        let filling = self.filling();
        let part = filling.part(node);
        let language = self.language();
        let Kind::Question(question) = &part.kind else {
            return FormItem::default();
        };
        let mut choices = self.choices_of(node);
        let total = choices.len();
        let value = filling.text(node).to_owned();
        let shown = shown(self.form(), part, language, &value, &choices);
        if total > CHOICES_MAX {
            choices.clear();
        }
        FormItem {
            place: self.place_of(node),
            section,
            kind: kind_code(question).into(),
            label: filling.say(&part.label, language, node),
            hint: filling.say(&part.hint, language, node),
            shown,
            required: filling.is_required(node),
            readonly: filling.is_readonly(node),
            carried: self.kept.contains(&node),
            choices,
            choices_total: total as u32,
            other: matches!(question, Question::SelectOne(of) | Question::SelectMultiple(of) | Question::Rank(of) if of.or_other),
            range: match question {
                Question::Range(range) => Some(RangeView {
                    start: range.start,
                    end: range.end,
                    step: range.step,
                }),
                _ => None,
            },
            pixels: part
                .parameters
                .get("max-pixels")
                .and_then(|edge| edge.parse().ok())
                .unwrap_or_default(),
            appearance: part.appearance.clone(),
            unit: part.parameters.get("unit").cloned().unwrap_or_default(),
            trouble: filling.judge(node).map(|trouble| self.trouble_words(node, &trouble)),
            value,
        }
    }

    /// What is wrong, in the form's own words where it has them.
    pub(in crate::client) fn trouble_words(&self, node: u32, trouble: &Trouble) -> Words {
        let part = self.filling().part(node);
        let own = match trouble {
            Trouble::Constraint => Some(&part.constraint_message),
            Trouble::Required => Some(&part.required_message),
            Trouble::Answer(_) | Trouble::Incomplete | Trouble::Expression(_) => None,
        };
        let said = own.map(|words| self.filling().say(words, self.language(), node));
        match said.filter(|said| !said.is_empty()) {
            Some(said) => Words::new(said.clone(), said),
            None => {
                let sentence = trouble.sentence();
                Words::new(sentence.zh, sentence.en)
            }
        }
    }

    /// The label of a question as it is asked.
    pub(in crate::client) fn label_of(&self, node: u32) -> String {
        let filling = self.filling();
        let part = filling.part(node);
        match filling.say(&part.label, self.language(), node) {
            label if label.is_empty() => part.name.clone(),
            label => label,
        }
    }

    pub(super) fn choices_of(&self, node: u32) -> Vec<Choice> {
        let filling = self.filling();
        let Some(list) = filling.part(node).kind.list().and_then(|list| self.form().list(list)) else {
            return Vec::new();
        };
        let choice = |index: usize| {
            let choice = list.choices.get(index)?;
            let said = match self.form().words(&choice.label, self.language()) {
                "" => choice.value.clone(),
                plain if !plain.contains("${") => plain.to_owned(),
                _ => filling.say(&choice.label, self.language(), node),
            };
            Some(Choice {
                value: choice.value.clone(),
                words: Words::new(said.clone(), said),
            })
        };
        filling.choices(node).into_iter().filter_map(choice).collect()
    }
}

/// A stored answer as a person reads it, in the words of the choices that are offered where they are known.
pub(in crate::client) fn shown(form: &Form, part: &Part, language: &str, value: &str, offered: &[Choice]) -> String {
    let Kind::Question(question) = &part.kind else {
        return value.to_owned();
    };
    match question {
        Question::Acknowledge if value.is_empty() => return String::new(),
        Question::Acknowledge => return "✓".into(),
        Question::Image | Question::Signature => return photos::said(question, value, is_english(language)),
        _ => {}
    }
    let Some(list) = part.kind.list().and_then(|list| form.list(list)) else {
        return value.to_owned();
    };
    let words = |value: &str| {
        if let Some(choice) = offered.iter().find(|choice| choice.value == value) {
            return choice.words.zh.clone();
        }
        let known = form.choice_words(list, value, language);
        known.unwrap_or_else(|| value.to_owned())
    };
    match question {
        Question::SelectOne(_) => words(value),
        _ => value.split_whitespace().map(words).collect::<Vec<_>>().join("、"),
    }
}

fn kind_code(question: &Question) -> &'static str {
    match question {
        Question::Integer => "integer",
        Question::Decimal => "decimal",
        Question::Range(_) => "range",
        Question::SelectOne(_) => "select_one",
        Question::SelectMultiple(_) => "select_multiple",
        Question::Rank(_) => "rank",
        Question::Note => "note",
        Question::Date => "date",
        Question::Time => "time",
        Question::DateTime => "datetime",
        Question::GeoPoint => "geopoint",
        Question::Image => "image",
        Question::Signature => "signature",
        Question::Barcode => "barcode",
        Question::Acknowledge => "acknowledge",
        Question::Text | Question::Calculate | Question::Hidden | Question::Meta(_) => "text",
    }
}
