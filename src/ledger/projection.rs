//! What a signature or a sign-off judges, as one canonical text: named fields and the digests of the evidence, never words
//! as a screen shows them. The event keeps the text and its SHA-256. Whether what was signed changed afterwards follows
//! from the thing as it is now, and is stored nowhere. Every number that was ever written stays here, with a golden file.

use super::fold::Event;
use crate::base::id::RecordId;
use crate::base::limits::SCALAR_BYTES_MAX;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Where an event keeps the digest of what it judged; the number and the text stand below. No field has this name.
pub const JUDGED: &str = "judged";
const NUMBER: &str = "judged/number";
const PART: &str = "judged/part";
/// A text that is longer stands by its digest.
const VALUE_CHARS_MAX: usize = 1_000;

/// What a projection takes of a thing.
struct Shape {
    number: u32,
    /// The thing's own fields.
    own: &'static [&'static str],
    /// Steps with what is judged of each; a name takes the keys below it too.
    steps: &'static [(&'static str, &'static [&'static str])],
}

/// Never changed, only added to: what was signed is compared by the number under which it was.
const SHAPES: &[Shape] = &[Shape {
    number: 1,
    own: &[
        "category",
        "words",
        "severity",
        "household",
        "dossier_value",
        "field_value",
    ],
    steps: &[
        ("progress", &["percent", "text", "after"]),
        ("requested", &["text", "after", "document"]),
        ("passed", &["mode", "text"]),
    ],
}];

/// The thing as it is now, as far as projections look at it.
#[derive(Clone, Debug, Default)]
pub struct Now {
    /// Every live value of its own fields; one that two people wrote differently has two.
    pub own: BTreeMap<String, BTreeSet<String>>,
    /// Digests of the photos that belong to it.
    pub evidence: BTreeSet<String>,
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Projection {
    pub number: u32,
    pub text: String,
}

/// The release knows the projection.
pub fn is_known(number: u32) -> bool {
    SHAPES.iter().any(|shape| shape.number == number)
}

impl Projection {
    /// The projection of a thing and of these steps of its life, in whatever order they come. Nothing for a number that
    /// this release does not know.
    pub fn of<'a>(number: u32, now: &Now, steps: impl IntoIterator<Item = &'a Event>) -> Option<Self> {
        let shape = SHAPES.iter().find(|shape| shape.number == number)?;
        let mut text = String::new();
        for key in shape.own {
            let values = now.own.get(*key).into_iter().flatten();
            values
                .filter(|value| !value.is_empty())
                .for_each(|value| line(&mut text, &["own", key, value]));
        }
        now.evidence
            .iter()
            .for_each(|photo| line(&mut text, &["evidence", photo]));
        let steps: BTreeMap<RecordId, &Event> = steps.into_iter().map(|step| (step.id, step)).collect();
        for (id, step) in steps {
            let Some((kind, keys)) = shape.steps.iter().find(|(kind, _)| step.kind == *kind) else {
                continue;
            };
            let id = id.to_string();
            line(&mut text, &["step", &id, kind]);
            for (key, value) in step.fields.iter().filter(|(_, value)| !value.is_empty()) {
                let name = key.split('/').next().unwrap_or_default();
                if keys.contains(&name) {
                    line(&mut text, &["step", &id, key, value]);
                }
            }
        }
        Some(Self { number, text })
    }

    /// Its SHA-256 in hexadecimal digits, over the number too.
    pub fn digest(&self) -> String {
        let text = format!("bianfang/projection/{}\n{}", self.number, self.text);
        hex(text.as_bytes())
    }

    /// As an event carries it.
    pub fn fields(&self) -> Vec<(String, String)> {
        let mut fields = vec![
            (JUDGED.to_owned(), self.digest()),
            (NUMBER.to_owned(), self.number.to_string()),
        ];
        let mut rest = self.text.as_str();
        for at in 0.. {
            let mut end = rest.len().min(SCALAR_BYTES_MAX);
            while !rest.is_char_boundary(end) {
                end -= 1;
            }
            let (part, after) = rest.split_at(end);
            if part.is_empty() {
                break;
            }
            fields.push((format!("{PART}/{at:03}"), part.to_owned()));
            rest = after;
        }
        fields
    }

    /// As an event kept it; nothing where it kept none, or where the digest is of something else.
    pub fn kept(event: &Event) -> Option<Self> {
        let parts = event.fields.range(format!("{PART}/")..);
        let parts = parts.take_while(|(key, _)| key.starts_with(PART));
        let kept = Self {
            number: event.field(NUMBER).parse().ok()?,
            text: parts.map(|(_, part)| part.as_str()).collect(),
        };
        (kept.digest() == event.field(JUDGED)).then_some(kept)
    }

    /// What of it is no longer so, by the names of the fields: `evidence` for photos that were there. What came later is
    /// not what was judged. Nothing under a number that this release does not know, and nothing where nothing changed.
    pub fn changed<'a>(&self, now: &Now, steps: impl IntoIterator<Item = &'a Event>) -> Vec<&'static str> {
        let covered = |photo: &&String| self.lines().any(|line| line.strip_prefix("evidence\t") == Some(photo));
        let now = Now {
            own: now.own.clone(),
            evidence: now.evidence.iter().filter(covered).cloned().collect(),
        };
        let Some(today) = Self::of(self.number, &now, steps) else {
            return Vec::new();
        };
        if today.digest() == self.digest() {
            return Vec::new();
        }
        let of = |projection: &Self, prefix: &str| -> Vec<String> {
            let lines = projection.lines().filter(|line| line.starts_with(prefix));
            lines.map(str::to_owned).collect()
        };
        let shape = SHAPES.iter().find(|shape| shape.number == self.number);
        let own = shape.into_iter().flat_map(|shape| shape.own);
        let names = own.map(|key| (*key, format!("own\t{key}\t")));
        let names = names.chain([("evidence", "evidence\t".to_owned()), ("steps", "step\t".to_owned())]);
        names
            .filter(|(_, prefix)| of(self, prefix) != of(&today, prefix))
            .map(|(name, _)| name)
            .collect()
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }
}

/// One line of cells; what parts cells and lines is escaped, so that no two things have one text.
fn line(text: &mut String, cells: &[&str]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            text.push('\t');
        }
        if cell.chars().count() > VALUE_CHARS_MAX {
            // A value never begins like this: a backslash in one is doubled.
            let _ = write!(text, "\\#{}", hex(cell.as_bytes()));
            continue;
        }
        for one in cell.chars() {
            match one {
                '\\' => text.push_str("\\\\"),
                '\t' => text.push_str("\\t"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                other => text.push(other),
            }
        }
    }
    text.push('\n');
}

fn hex(bytes: &[u8]) -> String {
    crate::base::picture::BlobId::of(bytes).to_string()
}
