//! The nodes that expressions speak of: the answers of one record, and beside them the lists of choices.

use super::moment::Moment;
use super::value::Plain;
use std::rc::Rc;

/// Names a node: of which tree, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeRef {
    pub tree: u32,
    pub node: u32,
}

/// What an answer is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Text,
    Number,
    Day,
    Moment,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Group,
    /// One instance of a part that is repeated; its siblings of the same name are the others.
    Repeat,
    Answer(Reading),
}

/// One node.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: Rc<str>,
    pub kind: Kind,
    pub parent: Option<u32>,
    pub children: Vec<u32>,
    /// As stored; empty where nothing was answered.
    pub text: String,
    /// A node that does not apply, or stands in one that does not, is empty for every expression.
    pub applies: bool,
}

/// A tree of nodes; the first is its root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// A tree of a root alone.
    pub fn new(root: &str) -> Self {
        let mut tree = Self::default();
        tree.push(root, Kind::Group, None);
        tree
    }

    fn push(&mut self, name: &str, kind: Kind, parent: Option<u32>) -> u32 {
        let node = self.nodes.len() as u32;
        self.nodes.push(Node {
            name: name.into(),
            kind,
            parent,
            children: Vec::new(),
            text: String::new(),
            applies: true,
        });
        node
    }

    /// Adds a node as the last child of another.
    pub fn add(&mut self, parent: u32, name: &str, kind: Kind) -> u32 {
        let node = self.push(name, kind, Some(parent));
        self.nodes[parent as usize].children.push(node);
        node
    }

    /// Adds a node before the child at a place among the children of another.
    pub fn insert(&mut self, parent: u32, at: usize, name: &str, kind: Kind) -> u32 {
        let node = self.push(name, kind, Some(parent));
        self.nodes[parent as usize].children.insert(at, node);
        node
    }

    /// Takes a node and all below it out of its parent; its number is never used again.
    pub fn remove(&mut self, node: u32) {
        if let Some(parent) = self.nodes[node as usize].parent.take() {
            self.nodes[parent as usize].children.retain(|child| *child != node);
        }
    }

    /// Puts a node that was taken out into a parent again, before the child at a place.
    pub fn put_back(&mut self, node: u32, parent: u32, at: usize) {
        self.nodes[node as usize].parent = Some(parent);
        self.nodes[parent as usize].children.insert(at, node);
    }

    /// A node.
    pub fn node(&self, node: u32) -> &Node {
        &self.nodes[node as usize]
    }

    /// A node, to be changed.
    pub fn node_mut(&mut self, node: u32) -> &mut Node {
        &mut self.nodes[node as usize]
    }

    /// How many nodes there ever were.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// There is not even a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node and what it stands in, outwards.
    pub fn outwards(&self, node: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(node), |node| self.node(*node).parent)
    }

    /// It and all it stands in apply.
    pub fn applies(&self, node: u32) -> bool {
        self.outwards(node).all(|node| self.node(node).applies)
    }

    /// The answer as its kind reads it; of a group, what its answers are together.
    pub fn value(&self, node: u32) -> Plain {
        if !self.applies(node) {
            return Plain::EMPTY;
        }
        let at = self.node(node);
        let Kind::Answer(reading) = at.kind else {
            return Plain::Text(self.all_text(node));
        };
        let read = match reading {
            Reading::Text => None,
            Reading::Number => Some(Plain::Text(at.text.clone()).number())
                .filter(|number| !number.is_nan())
                .map(Plain::Number),
            Reading::Day | Reading::Moment => Moment::parse(&at.text).map(Plain::Moment),
        };
        read.unwrap_or_else(|| Plain::Text(at.text.clone()))
    }

    fn all_text(&self, node: u32) -> String {
        let children = self
            .node(node)
            .children
            .iter()
            .filter(|child| self.node(**child).applies);
        children
            .map(|child| match self.node(*child).kind {
                Kind::Answer(_) => self.node(*child).text.clone(),
                _ => self.all_text(*child),
            })
            .collect()
    }
}
