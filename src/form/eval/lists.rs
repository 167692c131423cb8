//! Functions over several answers: repeated parts, selected choices, lists.

use super::{EvalError, Evaluation, Focus, Said};
use crate::form::expr::{Expr, Function, Path, Start, parse};
use crate::form::tree::{Kind, NodeRef};
use crate::form::value::{Plain, Value};
use sha2::Digest as _;

impl Evaluation<'_> {
    pub(super) fn lists(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Said {
        use Function as F;
        let at = |index: usize| &arguments[index];
        Some(match function {
            F::Count => self
                .nodes(function, at(0), focus)
                .map(|nodes| Value::Number(nodes.len() as f64)),
            F::CountNonEmpty => self.nodes(function, at(0), focus).map(|nodes| {
                // A group counts where there is anything in it, answered or not.
                let filled = nodes.iter().filter(|node| {
                    let at = self.trees[node.tree as usize].node(node.node);
                    !at.children.is_empty() || !self.of_node(**node).text().is_empty()
                });
                Value::Number(filled.count() as f64)
            }),
            F::Sum => self.nodes(function, at(0), focus).map(|nodes| {
                let numbers = nodes.iter().map(|node| self.of_node(*node).number());
                Value::Number(numbers.filter(|number| !number.is_nan()).sum())
            }),
            F::Max => self.extreme(arguments, focus, f64::max),
            F::Min => self.extreme(arguments, focus, f64::min),
            F::Position => self.position(arguments, focus),
            F::Last => Ok(Value::Number(focus.of.map_or(1, |(_, size)| size) as f64)),
            F::Selected => self.selected(arguments, focus),
            F::SelectedAt => self.selected_at(arguments, focus),
            F::CountSelected => self
                .text(at(0), focus)
                .map(|chosen| Value::Number(chosen.split_whitespace().count() as f64)),
            F::ChoiceName => self.choice_name(arguments, focus),
            F::IndexedRepeat => self.indexed_repeat(arguments, focus),
            F::Randomize => self.randomize(arguments, focus),
            F::Checklist => self.checklist(arguments, focus),
            F::WeightedChecklist => self.weighted_checklist(arguments, focus),
            F::PullData => self.pull(arguments, focus),
            F::NameOf => self.name_of(arguments, focus),
            _ => return None,
        })
    }

    /// Answers that are no numbers do not count; of none at all there is no extreme.
    fn extreme(&self, arguments: &[Expr], focus: &Focus, more: fn(f64, f64) -> f64) -> Result<Value, EvalError> {
        let numbers = self.all(arguments, focus)?.into_iter().map(|one| one.number());
        let extreme = numbers.filter(|number| !number.is_nan()).reduce(more);
        Ok(Value::Number(extreme.unwrap_or(f64::NAN)))
    }

    fn position(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let position = match (arguments.first(), focus.of) {
            (Some(nodes), _) => {
                let nodes = self.nodes(Function::Position, nodes, focus)?;
                nodes.first().map_or(0.0, |first| self.position_of(*first))
            }
            (None, Some((position, _))) => position as f64,
            (None, None) => self.position_of(self.instance_of(focus.here)),
        };
        Ok(Value::Number(position))
    }

    /// The repeated part in which a node stands, or itself.
    fn instance_of(&self, node: NodeRef) -> NodeRef {
        let tree = &self.trees[node.tree as usize];
        let part = tree.outwards(node.node).find(|at| tree.node(*at).kind == Kind::Repeat);
        part.map_or(node, |part| NodeRef { node: part, ..node })
    }

    fn selected(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let chosen = self.text(&arguments[0], focus)?;
        let wanted = self.text(&arguments[1], focus)?;
        let wanted = wanted.trim();
        // Of nothing chosen, the empty text is selected: so it is asked whether a question was answered.
        let found = match wanted.is_empty() {
            true => chosen.trim().is_empty(),
            false => chosen.split_whitespace().any(|one| one == wanted),
        };
        Ok(Value::Bool(found))
    }

    fn selected_at(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let chosen = self.text(&arguments[0], focus)?;
        let index = self.number(&arguments[1], focus)?.trunc();
        let found = match index >= 0.0 {
            true => chosen.split_whitespace().nth(index as usize),
            false => None,
        };
        Ok(Value::Text(found.unwrap_or_default().to_owned()))
    }

    /// The question is named in quotes, as the dialect has it; without quotes it is understood too.
    fn choice_name(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let question = match named(&arguments[1]) {
            Some(name) => name,
            None if matches!(arguments[1], Expr::Path(_)) => return Err(EvalError::NotNodes(Function::ChoiceName)),
            None => last_name(&self.text(&arguments[1], focus)?),
        };
        if !self.places.contains_key(&question) {
            return Err(EvalError::NoQuestion(question));
        }
        let value = self.text(&arguments[0], focus)?;
        // The choices are those of the question where it stands, as seen from here.
        let place = &self.places[&question];
        let at = self.found(place, self.nearest(place, focus))?.first().copied();
        let keeps = |filter: &Expr, top: NodeRef, index: usize| {
            let item = self.trees[top.tree as usize].node(1).children.get(index);
            let kept = at
                .zip(item)
                .map(|(at, item)| self.kept(filter, at.node, top.tree, &[*item]));
            kept.is_some_and(|kept| kept.is_ok_and(|kept| !kept.is_empty()))
        };
        let name = self.around.choice_name(&question, &value, &keeps).unwrap_or_default();
        self.spoken(&name, focus)
    }

    /// Words with the values of what they mention in them.
    fn spoken(&self, words: &str, focus: &Focus) -> Result<Value, EvalError> {
        let mut said = String::new();
        let mut rest = words;
        while let Some((before, from)) = rest.find("${").map(|at| rest.split_at(at)) {
            let end = from.find('}').map_or(from.len(), |end| end + 1);
            said += before;
            match parse(&from[..end]) {
                Ok(expr) => said += &self.text(&expr, focus)?,
                Err(_) => said += &from[..end],
            }
            rest = &from[end..];
        }
        self.bounded(said + rest)
    }

    /// An answer in the instance of a repeated part that is given by its number, from the outermost part inwards.
    fn indexed_repeat(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let named = |expr: &Expr| match expr {
            Expr::Path(path) => path_name(path),
            _ => None,
        };
        let name = named(&arguments[0]).ok_or(EvalError::NotNodes(Function::IndexedRepeat))?;
        let place = self.places.get(&name).ok_or(EvalError::NoQuestion(name))?;
        let mut wanted = Vec::new();
        for pair in arguments[1..].chunks(2) {
            let part = named(&pair[0]).ok_or(EvalError::NotNodes(Function::IndexedRepeat))?;
            let index = self.number(&pair[1], focus)?.trunc();
            wanted.push((part, if index >= 1.0 { index as usize } else { 1 }));
        }
        // A number of a part in which the question does not stand would count for nothing.
        if wanted
            .iter()
            .any(|(part, _)| !place.iter().any(|name| name.as_ref() == part))
        {
            return Err(EvalError::NotNodes(Function::IndexedRepeat));
        }
        let tree = &self.trees[0];
        let mut way: Vec<u32> = tree.outwards(focus.current.node).collect();
        way.reverse();
        let mut node = 0;
        for (depth, name) in place.iter().enumerate().skip(1) {
            let children = tree.node(node).children.iter().copied();
            let mut named = children.filter(|child| tree.node(*child).name == *name);
            let index = wanted.iter().find(|(part, _)| part.as_str() == name.as_ref());
            // Of a part for which no number is given, the instance in which the asking question stands.
            let own = way.get(depth).filter(|own| tree.node(**own).parent == Some(node));
            let own = own.filter(|own| tree.node(**own).name == *name);
            let found = match (index, own) {
                (Some((_, index)), _) => named.nth(index - 1),
                (None, Some(own)) => Some(*own),
                (None, None) => named.next(),
            };
            self.step(1)?;
            match found {
                Some(found) => node = found,
                None => return Ok(Value::Nodes(Vec::new())),
            }
        }
        Ok(Value::Nodes(vec![NodeRef { tree: 0, node }]))
    }

    fn randomize(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let nodes = self.nodes(Function::Randomize, &arguments[0], focus)?;
        let seed = match arguments.get(1) {
            Some(seed) => seed_from(&self.one(seed, focus)?),
            None => seed_of(self.around.random()),
        };
        Ok(Value::Nodes(shuffled(nodes, seed)))
    }

    fn checklist(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let least = self.number(&arguments[0], focus)?;
        let most = self.number(&arguments[1], focus)?;
        let yes = self
            .all(&arguments[2..], focus)?
            .iter()
            .filter(|one| one.truth())
            .count() as f64;
        Ok(Value::Bool(
            (least < 0.0 || yes >= least) && (most < 0.0 || yes <= most),
        ))
    }

    fn weighted_checklist(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let least = self.number(&arguments[0], focus)?;
        let most = self.number(&arguments[1], focus)?;
        let (mut flags, mut weights) = (Vec::new(), Vec::new());
        for pair in arguments[2..].chunks(2) {
            flags.extend(self.all(&pair[..1], focus)?);
            weights.extend(self.all(&pair[1..], focus)?);
        }
        let weighed = flags.iter().zip(&weights).filter(|(flag, _)| flag.truth());
        let sum: f64 = weighed.map(|(_, weight)| weight.number()).sum();
        Ok(Value::Bool(sum >= least && sum <= most))
    }

    fn pull(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let mut texts = Vec::new();
        for argument in arguments {
            texts.push(self.text(argument, focus)?);
        }
        let [file, column, key, value] = &texts[..] else {
            return Err(EvalError::NotHere(Function::PullData));
        };
        let found = self.around.pull(file, column, key, value);
        Ok(Value::Text(found.unwrap_or_default()))
    }

    fn name_of(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let node = match arguments.first() {
            Some(nodes) => self.nodes(Function::NameOf, nodes, focus)?.first().copied(),
            None => Some(focus.here),
        };
        let name = node.map(|node| self.trees[node.tree as usize].node(node.node).name.to_string());
        Ok(Value::Text(name.unwrap_or_default()))
    }

    pub(super) fn joined(&self, between: &str, values: &[Plain]) -> Result<Value, EvalError> {
        let texts: Vec<String> = values.iter().map(Plain::text).collect();
        self.bounded(texts.join(between))
    }
}

/// The modulus of the generator of Park and Miller.
const MODULUS: i64 = 2_147_483_647;

/// A seed from a random number between 0 and 1.
pub(crate) fn seed_of(random: f64) -> i64 {
    (random * MODULUS as f64).floor() as i64
}

/// A number is its whole part; of a text that is none, such as an id, the first 64 bits of its SHA-256.
pub(crate) fn seed_from(value: &Plain) -> i64 {
    let number = value.number();
    match value.text() {
        text if number.is_nan() && !text.is_empty() => {
            let digest = sha2::Sha256::digest(text.as_bytes());
            i64::from_be_bytes(std::array::from_fn(|at| digest[at]))
        }
        // What is too large is the largest, what is nothing is 0.
        _ => number as i64,
    }
}

/// Shuffles, always the same for the same seed and everywhere: each is put at a random place among those before it,
/// and what stood there goes to the end.
pub(crate) fn shuffled<T: Copy>(all: Vec<T>, seed: i64) -> Vec<T> {
    let mut state = seed % MODULUS;
    if state <= 0 {
        state += MODULUS - 1;
    }
    let mut done: Vec<T> = Vec::with_capacity(all.len());
    for one in all {
        state = state * 16_807 % MODULUS;
        let random = (state - 1) as f64 / (MODULUS - 1) as f64;
        let place = ((random * (done.len() + 1) as f64) as usize).min(done.len());
        done.push(one);
        let last = done.len() - 1;
        done[last] = done[place];
        done[place] = one;
    }
    done
}

/// The question that is named by a path, or in quotes.
pub(crate) fn named(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Text(text) => Some(last_name(text)),
        Expr::Path(path) => path_name(path),
        _ => None,
    }
}

/// The question that a path ends with.
fn path_name(path: &Path) -> Option<String> {
    let last = path.steps.last().and_then(|step| step.name.clone());
    match &path.start {
        Start::Question(name) if path.steps.is_empty() => Some(name.clone()),
        _ => last,
    }
}

/// `${name}`, `/data/group/name` or `name`, written as a text.
fn last_name(text: &str) -> String {
    let text = text.trim();
    let inside = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inside
        .unwrap_or(text)
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
