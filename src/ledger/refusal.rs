//! Why an event does not count, with its words for people.

use super::condition::{Atom, Term};
use super::procedure::{Kind, Procedure, Required};
use super::signature::Lack;
use crate::register::words::Sentence;

/// Why an event does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such kind of event.
    Unknown,
    /// It was made under another procedure or another version.
    OtherVersion,
    /// Without the day or the person it cannot be judged.
    Incomplete,
    /// It claims to have seen itself.
    Circular,
    /// More events than one thing may have.
    TooMany,
    /// Not from the state in which the person saw the thing.
    NotNow(usize),
    /// Others do this step.
    NotYou,
    /// A field that must be there.
    Missing(usize),
    /// A field that cannot be read.
    Unreadable(usize),
    /// A signature in a field that is not whole.
    Signature(usize, Lack),
    /// It does not keep what was judged.
    Unbound,
    /// A rule of the procedure, by its place.
    Rule(usize),
}

impl Refusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "step_unknown",
            Self::OtherVersion => "step_other_version",
            Self::Incomplete => "step_incomplete",
            Self::Circular => "step_circular",
            Self::TooMany => "step_too_many",
            Self::NotNow(_) => "step_not_now",
            Self::NotYou => "step_not_you",
            Self::Missing(_) => "step_missing",
            Self::Unreadable(_) => "step_unreadable",
            Self::Signature(_, lack) => lack.code(),
            Self::Unbound => "step_unbound",
            Self::Rule(_) => "step_rule",
        }
    }

    /// The words for people.
    pub fn words(&self, procedure: &Procedure, kind: &str) -> Sentence {
        let Some(kind) = procedure.kind(kind) else {
            return Sentence::new(
                "这一步本机的版本还不认识，更新后再看",
                "This phone's version does not know this step; update it",
            );
        };
        let label = &kind.label;
        match self {
            Self::Unknown | Self::OtherVersion => Sentence::new(
                format!("“{}”是按另一版程序记的，本机还不认识", label.zh),
                format!("“{}” was made under another version of the procedure", label.en),
            ),
            Self::Incomplete => Sentence::new(
                format!("“{}”没有记下是谁、哪天做的", label.zh),
                format!("“{}” does not say who did it and when", label.en),
            ),
            Self::Circular => Sentence::new("这一步的先后不合情理", "The order of this step makes no sense"),
            Self::TooMany => Sentence::new("步骤太多，这一步没有计入", "Too many steps; this one was left out"),
            Self::NotNow(state) => {
                let state = &procedure.states[*state].label;
                Sentence::new(
                    format!("现在是“{}”，不能{}", state.zh, label.zh),
                    format!("It is “{}” now: not the time for “{}”", state.en, label.en),
                )
            }
            Self::NotYou => {
                let who = people(procedure, &kind.who);
                Sentence::new(
                    format!("“{}”由{}来做", label.zh, who.zh),
                    format!("“{}” is done by: {}", label.en, who.en),
                )
            }
            Self::Missing(field) => missing(kind, *field),
            Self::Unreadable(field) => {
                let field = &kind.fields[*field].label;
                Sentence::new(
                    format!("“{}”填得不对，请改一下", field.zh),
                    format!("“{}” cannot be read; please correct it", field.en),
                )
            }
            Self::Signature(field, lack) => {
                let (field, lack) = (&kind.fields[*field].label, lack.words());
                Sentence::new(
                    format!("“{}”：{}", field.zh, lack.zh),
                    format!("“{}” {}", field.en, lack.en),
                )
            }
            Self::Unbound => Sentence::new(
                format!("“{}”没有记下当时看到的内容", label.zh),
                format!("“{}” does not keep what was judged", label.en),
            ),
            Self::Rule(rule) => kind.refusals[*rule].words.clone(),
        }
    }
}

/// Where either of two fields is enough, both are named.
fn missing(kind: &Kind, at: usize) -> Sentence {
    let field = &kind.fields[at];
    let mut zh = format!("“{}”", field.label.zh);
    let mut en = format!("“{}”", field.label.en);
    if let Required::When(terms) = &field.required {
        for term in terms.iter().filter(|term| term.not) {
            if let Atom::Has(other) = &term.atom
                && let Some(other) = kind.fields.iter().find(|field| field.name == *other)
            {
                zh += &format!("或“{}”", other.label.zh);
                en += &format!(" or “{}”", other.label.en);
            }
        }
    }
    Sentence::new(format!("还缺{zh}"), format!("{en} is missing"))
}

/// People in words: 班长、乡镇.
pub fn people(procedure: &Procedure, who: &[Term]) -> Sentence {
    let said = who.iter().filter(|term| !term.not).filter_map(|term| match &term.atom {
        Atom::Role(role) => procedure.role(role).map(|role| role.label.clone()),
        Atom::Named(field) => procedure.field_label(field).cloned(),
        Atom::Level(steps) => step(procedure, steps).map(|label| {
            Sentence::new(
                format!("{}的一级或上级", label.zh),
                format!("whoever did “{}”, or above", label.en),
            )
        }),
        Atom::By(steps) | Atom::Side(steps) => step(procedure, steps).map(|label| {
            Sentence::new(
                format!("{}的一方", label.zh),
                format!("the side that did “{}”", label.en),
            )
        }),
        _ => None,
    });
    let said: Vec<Sentence> = said.collect();
    let zh: Vec<&str> = said.iter().map(|one| one.zh.as_str()).collect();
    let en: Vec<&str> = said.iter().map(|one| one.en.as_str()).collect();
    Sentence::new(zh.join("、"), en.join(", "))
}

fn step<'a>(procedure: &'a Procedure, steps: &[String]) -> Option<&'a Sentence> {
    steps
        .first()
        .and_then(|step| procedure.kind(step))
        .map(|kind| &kind.label)
}
