//! What can be seen of a record: which parts apply, which choices are offered, what is said, what is stored.

use super::{Filling, STEPS_MAX, Shown};
use crate::form::definition::{Kind, Part, Words};
use crate::form::eval::Evaluation;
use crate::form::eval::lists::{seed_from, seed_of, shuffled};
use crate::form::expr;
use crate::form::tree;
use std::collections::{BTreeMap, BTreeSet};

impl<'a> Filling<'a> {
    /// Every part that applies, in the order of the form, groups before what is inside them. Questions that nobody sees
    /// are not among them.
    pub fn shown(&self) -> Vec<Shown<'a>> {
        let mut shown = self.all_applying();
        shown.retain(|one| !one.part.is_silent());
        shown
    }

    pub(super) fn all_applying(&self) -> Vec<Shown<'a>> {
        let mut shown = Vec::new();
        let mut waiting: Vec<u32> = self.trees[0].node(0).children.iter().rev().copied().collect();
        while let Some(node) = waiting.pop() {
            let at = self.trees[0].node(node);
            if !at.applies {
                continue;
            }
            let part = self.part(node);
            let instance = matches!(part.kind, Kind::Repeat(..)).then(|| self.number_of(node));
            shown.push(Shown { part, node, instance });
            waiting.extend(at.children.iter().rev());
        }
        shown
    }

    /// The number of an instance among its siblings, from 1.
    pub fn number_of(&self, node: u32) -> usize {
        let parent = self.trees[0].node(node).parent.unwrap_or_default();
        let same = self.instances(parent, &self.trees[0].node(node).name);
        same.iter().position(|one| *one == node).map_or(0, |at| at + 1)
    }

    /// The answer as stored.
    pub fn text(&self, node: u32) -> &str {
        &self.trees[0].node(node).text
    }

    /// Whether a node and all it stands in apply.
    pub fn applies(&self, node: u32) -> bool {
        self.trees[0].applies(node)
    }

    /// The choices of a question that its filter lets through, by their places in the list.
    pub fn choices(&self, node: u32) -> Vec<usize> {
        self.steps.set(STEPS_MAX);
        self.offered(self.part(node), node)
    }

    fn offered(&self, part: &Part, node: u32) -> Vec<usize> {
        let Some((list, top)) = part
            .kind
            .list()
            .and_then(|name| Some((self.form.list(name)?, Self::list(self.form, name)?)))
        else {
            return Vec::new();
        };
        let count = list.choices.len();
        let Some(filter) = &part.choice_filter else {
            return self.in_order(part, node, (0..count).collect());
        };
        // The root of the list is the first child, its items are the choices.
        let items = &self.trees[top.tree as usize].node(1).children;
        let evaluation = Evaluation::new(&self.trees, &self.places, &*self.around, self.steps.get());
        let kept = evaluation.kept(filter, node, top.tree, items).unwrap_or_default();
        self.steps.set(evaluation.left());
        let mut kept = kept.into_iter().peekable();
        let mut keeps = |index: &usize| kept.next_if_eq(&items[*index]).is_some();
        let offered = (0..count).filter(|index| keeps(index)).collect();
        self.in_order(part, node, offered)
    }

    /// As the list has them, or shuffled where `randomize=true` says so.
    fn in_order(&self, part: &Part, node: u32, offered: Vec<usize>) -> Vec<usize> {
        if part.parameters.get("randomize").is_none_or(|wanted| wanted != "true") {
            return offered;
        }
        let seed = match part.parameters.get("seed").map(|seed| expr::parse(seed)) {
            Some(Ok(seed)) => self.plain(&seed, node).map_or(0, |seed| seed_from(&seed)),
            _ => seed_of(self.luck) + i64::from(node),
        };
        shuffled(offered, seed)
    }

    /// The values that may be chosen.
    pub(super) fn values(&self, part: &Part, node: u32) -> BTreeSet<&'a str> {
        let Some(list) = part.kind.list().and_then(|name| self.form.list(name)) else {
            return BTreeSet::new();
        };
        let offered = self.offered(part, node).into_iter();
        offered.map(|index| list.choices[index].value.as_str()).collect()
    }

    /// Words with the values of what they mention in them.
    pub fn say(&self, words: &Words, language: &str, node: u32) -> String {
        self.steps.set(STEPS_MAX);
        let mut said = String::new();
        let mut rest = self.form.words(words, language);
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            said += before;
            let end = from.find('}').map_or(from.len(), |end| end + 1);
            let value = expr::parse(&from[..end]).ok();
            match value.and_then(|expr| self.plain(&expr, node).ok()) {
                Some(value) => said += &value.text(),
                None => said += &from[..end],
            }
            rest = &from[end..];
        }
        said + rest
    }

    /// What the record is called, by the form's own rule.
    pub fn name(&self) -> Option<String> {
        self.steps.set(STEPS_MAX);
        let expr = self.form.instance_name.as_ref()?;
        self.plain(expr, 0).ok().map(|value| value.text())
    }

    /// Every question with an answer, by its place: `house/leaks`, `member[2]/age`. Also what does not apply any more.
    pub fn record(&self) -> BTreeMap<String, String> {
        self.answers(|_| true)
    }

    /// The same without what does not apply.
    pub fn applying(&self) -> BTreeMap<String, String> {
        self.answers(|node| self.trees[0].node(node).applies)
    }

    fn answers(&self, wanted: impl Fn(u32) -> bool) -> BTreeMap<String, String> {
        let mut record = BTreeMap::new();
        let mut waiting: Vec<(u32, String)> = vec![(0, String::new())];
        while let Some((node, place)) = waiting.pop() {
            for child in self.trees[0].node(node).children.iter().filter(|child| wanted(**child)) {
                let at = self.trees[0].node(*child);
                let here = format!("{place}{}", self.step_to(*child));
                match at.kind {
                    tree::Kind::Answer(_) if !at.text.is_empty() => drop(record.insert(here, at.text.clone())),
                    tree::Kind::Answer(_) => {}
                    _ => waiting.push((*child, format!("{here}/"))),
                }
            }
        }
        record
    }

    /// The name of a node, with its number where it is one of several instances.
    fn step_to(&self, node: u32) -> String {
        let at = self.trees[0].node(node);
        match at.kind {
            tree::Kind::Repeat => format!("{}[{}]", at.name, self.number_of(node)),
            _ => at.name.to_string(),
        }
    }

    /// The place of a node, as `record` writes it.
    pub fn place_of(&self, node: u32) -> String {
        let mut steps: Vec<String> = self.trees[0]
            .outwards(node)
            .filter(|one| *one != 0)
            .map(|one| self.step_to(one))
            .collect();
        steps.reverse();
        steps.join("/")
    }

    /// The node at a place as `record` writes it, or under the name of a question alone.
    pub fn node_at(&self, place: &str) -> Option<u32> {
        let tree = &self.trees[0];
        let walk = |steps: &[&str]| {
            steps.iter().try_fold(0, |node, part| {
                let (name, number) = match part.split_once('[') {
                    Some((name, number)) => (name, number.strip_suffix(']')?.parse::<usize>().ok()?),
                    None => (*part, 1),
                };
                let mut children = tree.node(node).children.iter().copied();
                let mut nth = number.checked_sub(1)?;
                children.find(|child| {
                    let same = tree.node(*child).name.as_ref() == name;
                    let found = same && nth == 0;
                    nth -= usize::from(same && !found);
                    found
                })
            })
        };
        let steps: Vec<&str> = place.split('/').collect();
        walk(&steps).or_else(|| {
            let full: Vec<&str> = self.places.get(place)?.iter().skip(1).map(AsRef::as_ref).collect();
            walk(&full)
        })
    }
}
