//! Which nodes a path leads to.

use super::{EvalError, Evaluation, Focus};
use crate::form::expr::{Axis, Expr, Function, Path, Start, Step};
use crate::form::tree::{Kind, NodeRef};
use crate::form::value::Value;
use std::rc::Rc;

/// What it costs to find the place of a node in the form.
const ORDER_STEPS: usize = 8;

impl Evaluation<'_> {
    pub(super) fn path(&self, path: &Path, focus: &Focus) -> Result<Vec<NodeRef>, EvalError> {
        let mut nodes = match &path.start {
            Start::Here => vec![focus.here],
            Start::Root => {
                let (named, from) = leading_names(&path.steps);
                let tree = focus.here.tree;
                if tree == 0 && from > 0 && named[0].as_ref() == self.trees[0].node(0).name.as_ref() {
                    let nodes = self.found(&named, focus.here.node)?;
                    let nodes = self.filtered(nodes, &path.steps[from - 1].filters, focus)?;
                    return self.along(nodes, &path.steps[from..], focus);
                }
                vec![self.above(tree)]
            }
            Start::Question(name) => {
                let place = self.places.get(name.as_str());
                let place = place.ok_or_else(|| EvalError::NoQuestion(name.clone()))?;
                self.found(place, self.nearest(place, focus))?
            }
            Start::Of(expr) => match self.eval(expr, focus)? {
                Value::Nodes(nodes) => nodes,
                _ => return Err(EvalError::NotNodes(Function::Count)),
            },
        };
        if matches!(path.start, Start::Root)
            && let Some(first) = path.steps.first()
            && focus.here.tree == 0
        {
            // The root itself is the first child of what `/` means.
            let root = NodeRef { tree: 0, node: 0 };
            let named = first
                .name
                .as_deref()
                .is_none_or(|name| name == self.trees[0].node(0).name.as_ref());
            nodes = match first.axis {
                Axis::Child => Vec::from_iter(named.then_some(root)),
                _ => self.along(vec![root], &path.steps[..1], focus)?,
            };
            return self.along(nodes, &path.steps[1..], focus);
        }
        let nodes = self.filtered(nodes, &path.filters, focus)?;
        self.along(nodes, &path.steps, focus)
    }

    fn above(&self, tree: u32) -> NodeRef {
        NodeRef { tree, node: 0 }
    }

    fn along(&self, mut nodes: Vec<NodeRef>, steps: &[Step], focus: &Focus) -> Result<Vec<NodeRef>, EvalError> {
        for step in steps {
            let mut next = Vec::new();
            let several = nodes.len() > 1;
            for node in nodes {
                let found = self.stepped(node, step)?;
                next.extend(self.filtered(found, &step.filters, focus)?);
            }
            // From one node everything is found in order, and once.
            if several {
                self.step(next.len().saturating_mul(ORDER_STEPS))?;
                next.sort_by_cached_key(|node| self.order(*node));
                next.dedup();
            }
            nodes = next;
        }
        Ok(nodes)
    }

    /// The order of the form: nodes are added at the end of their parent, but parents differ in age.
    fn order(&self, node: NodeRef) -> (u32, Vec<usize>) {
        let tree = &self.trees[node.tree as usize];
        let mut place: Vec<usize> = tree
            .outwards(node.node)
            .filter_map(|at| {
                let parent = tree.node(at).parent?;
                tree.node(parent).children.iter().position(|child| *child == at)
            })
            .collect();
        place.reverse();
        (node.tree, place)
    }

    fn stepped(&self, from: NodeRef, step: &Step) -> Result<Vec<NodeRef>, EvalError> {
        let tree = &self.trees[from.tree as usize];
        let node = tree.node(from.node);
        let siblings = || node.parent.map_or(&[][..], |parent| &tree.node(parent).children[..]);
        let at = || siblings().iter().position(|one| *one == from.node);
        let nodes: Vec<u32> = match step.axis {
            Axis::Child => node.children.clone(),
            Axis::Parent => node.parent.into_iter().collect(),
            Axis::Itself => vec![from.node],
            Axis::Ancestor => tree.outwards(from.node).skip(1).collect(),
            Axis::Before => siblings()[..at().unwrap_or(0)].to_vec(),
            Axis::After => siblings()
                .iter()
                .skip(at().map_or(usize::MAX, |at| at + 1))
                .copied()
                .collect(),
            Axis::Below => {
                let mut all = vec![from.node];
                let mut next = 0;
                while next < all.len() {
                    all.extend(&tree.node(all[next]).children);
                    next += 1;
                }
                all
            }
        };
        self.step(nodes.len())?;
        let named = |node: &u32| {
            step.name
                .as_deref()
                .is_none_or(|name| tree.node(*node).name.as_ref() == name)
        };
        let nodes = nodes.into_iter().filter(named).filter(|node| tree.node(*node).applies);
        Ok(nodes.map(|node| NodeRef { node, ..from }).collect())
    }

    pub(super) fn filtered(
        &self,
        mut nodes: Vec<NodeRef>,
        filters: &[Expr],
        focus: &Focus,
    ) -> Result<Vec<NodeRef>, EvalError> {
        for filter in filters {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (index, node) in nodes.into_iter().enumerate() {
                let inner = Focus {
                    current: focus.current,
                    here: node,
                    of: Some((index + 1, size)),
                };
                let keeps = match self.eval(filter, &inner)? {
                    // A number is the place that is meant.
                    Value::Number(place) => place == (index + 1) as f64,
                    Value::Nodes(nodes) => nodes.first().is_some_and(|first| self.of_node(*first).truth()),
                    value => self.unpack(value).truth(),
                };
                if keeps {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    /// From where a question is looked for: within a predicate from the node that it is about, if that shares more
    /// repeated parts with the question than the question that is being evaluated does.
    pub(super) fn nearest(&self, place: &[Rc<str>], focus: &Focus) -> u32 {
        let shared = |node: NodeRef| match node.tree {
            0 => self.shared(place, node.node),
            _ => 0,
        };
        match shared(focus.here) >= shared(focus.current) && focus.here.tree == 0 {
            true => focus.here.node,
            false => focus.current.node,
        }
    }

    /// How many repeated parts a node shares with a place.
    fn shared(&self, place: &[Rc<str>], node: u32) -> usize {
        let tree = &self.trees[0];
        let mut way: Vec<u32> = tree.outwards(node).collect();
        way.reverse();
        let common = way
            .iter()
            .zip(place)
            .take_while(|(node, name)| tree.node(**node).name == **name);
        common
            .filter(|(node, _)| tree.node(**node).kind == Kind::Repeat)
            .count()
    }

    /// The nodes at a place. Of a repeated part in which the asking node stands too, only its own instance, except where
    /// the part itself is asked for.
    pub(super) fn found(&self, place: &[Rc<str>], from: u32) -> Result<Vec<NodeRef>, EvalError> {
        let tree = &self.trees[0];
        let mut way: Vec<u32> = tree.outwards(from).collect();
        way.reverse();
        let mut nodes: Vec<u32> = vec![0];
        for (depth, name) in place.iter().enumerate().skip(1) {
            let own = way.get(depth).copied().filter(|own| tree.node(*own).name == *name);
            let is_last = depth + 1 == place.len();
            let mut next = Vec::new();
            for node in nodes {
                self.step(tree.node(node).children.len())?;
                let children = tree.node(node).children.iter().copied();
                let named: Vec<u32> = children.filter(|child| tree.node(*child).name == *name).collect();
                match own {
                    Some(own) if named.contains(&own) && !is_last => next.push(own),
                    _ => next.extend(named),
                }
            }
            nodes = next.into_iter().filter(|node| tree.node(*node).applies).collect();
        }
        Ok(nodes.into_iter().map(|node| NodeRef { tree: 0, node }).collect())
    }

    /// The place of a node among its siblings of the same name, from 1.
    pub(super) fn position_of(&self, node: NodeRef) -> f64 {
        let tree = &self.trees[node.tree as usize];
        let name = &tree.node(node.node).name;
        let siblings = tree.node(node.node).parent.map(|parent| &tree.node(parent).children);
        let same = siblings
            .into_iter()
            .flatten()
            .filter(|one| tree.node(**one).name == *name);
        same.take_while(|one| **one != node.node).count() as f64 + 1.0
    }
}

/// The names that an absolute path begins with, up to the first predicate, and how many steps these are.
fn leading_names(steps: &[Step]) -> (Vec<Rc<str>>, usize) {
    let mut names = Vec::new();
    for step in steps {
        let (Axis::Child, Some(name)) = (step.axis, step.name.as_deref()) else {
            break;
        };
        names.push(Rc::from(name));
        if !step.filters.is_empty() {
            break;
        }
    }
    let count = names.len();
    (names, count)
}
