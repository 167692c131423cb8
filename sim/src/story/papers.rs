//! What people do with forms and with problems: drawn by itself and strewn into a story in its order, so that what else
//! happens in the story of a seed stays what it was.

use super::{Act, PEOPLE};
use crate::link::NetFault;
use crate::random::Random;

/// Somebody of another level, who takes part in some stories about problems: the place of the phone, and the name.
pub const INSPECTOR: (usize, &str) = (3, "督查员");
/// Every step of a problem.
pub const STEPS: [&str; 14] = [
    "fixed_on_spot",
    "assigned",
    "accepted",
    "progress",
    "extended",
    "escalated",
    "requested",
    "passed",
    "returned",
    "revisited",
    "signed_off",
    "recurred",
    "voided",
    "comment",
];
/// Roles that an altered phone claims.
const CLAIMED: [&str; 5] = ["member", "leader", "township", "inspector", "desk"];
/// What the desk does itself to a problem.
const OF_THE_DESK: [&str; 5] = ["assigned", "returned", "passed", "extended", "comment"];
/// Such stories are dear: of each so many the first have these acts, where one in some has acts of forms, and as many
/// have acts of problems.
const ROUND: u64 = 2_000;
const STREWN: u64 = 700;
const KINDS: u64 = 3;
const FORM_ACTS: u64 = 9;
const FINDING_ACTS: u64 = 15;

/// What somebody does with a form of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormAct {
    /// A new record, or the draft of one; `late`: news arrives while it is open.
    Fill { finish: bool, late: bool },
    /// Begins one, answers, and leaves it.
    Leave,
    /// Corrects the latest record, with the version that it was made with.
    Correct { late: bool },
    /// Withdraws the latest record.
    Withdraw,
    /// Counts for whom the forms are due.
    Count,
}

impl FormAct {
    pub(super) fn kind(self) -> &'static str {
        match self {
            FormAct::Fill { .. } => "form filled in",
            FormAct::Leave => "form left half done",
            FormAct::Correct { .. } => "form record corrected",
            FormAct::Withdraw => "form record withdrawn",
            FormAct::Count => "due forms counted",
        }
    }
}

/// What somebody does with a problem; `which` of those that the phone lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingAct {
    /// Writes one down, of a family or of the village.
    Find {
        household: Option<usize>,
        fixed: bool,
        severe: bool,
    },
    /// The first one who is offered a next step does it. `early`: the phone that is named synchronises before, `after`:
    /// the one that did it does so afterwards.
    Next { which: usize, early: bool, after: bool },
    /// A step, offered or not. `lacking`: without what it has to carry. `late`: news arrives while the page is open.
    Step {
        which: usize,
        event: &'static str,
        lacking: bool,
        late: bool,
    },
    /// Corrects what the problem is.
    Reword { which: usize },
    /// An altered phone does a step in a role that it claims, whatever the rules say; `blind`: on the first words alone.
    Rogue {
        which: usize,
        event: &'static str,
        role: &'static str,
        blind: bool,
    },
    /// The desk does a step.
    Desk { which: usize, event: &'static str },
}

impl FindingAct {
    pub(super) fn kind(self) -> &'static str {
        match self {
            FindingAct::Find { .. } => "problem written down",
            FindingAct::Next { .. } => "next step of a problem",
            FindingAct::Step { late: true, .. } => "step of a problem while news arrives",
            FindingAct::Step { .. } => "any step of a problem",
            FindingAct::Reword { .. } => "problem corrected",
            FindingAct::Rogue { .. } => "fault: step by an altered phone",
            FindingAct::Desk { .. } => "step of the desk",
        }
    }
}

/// What is added to the story of a seed.
pub(super) fn strew(seed: u64, households: u64, story: Vec<Act>) -> Vec<Act> {
    if seed % ROUND >= STREWN {
        return story;
    }
    let random = Random::new(seed ^ 0x90a1_77de);
    let added: Vec<Act> = match random.below(KINDS) {
        0 => forms(&random, households),
        1 => findings(&random, households),
        _ => return story,
    };
    let mut places: Vec<usize> = added
        .iter()
        .map(|_| random.below(story.len() as u64 + 1) as usize)
        .collect();
    places.sort_unstable();
    let mut all = Vec::with_capacity(story.len() + added.len());
    let mut added = places.into_iter().zip(added).peekable();
    for (at, act) in story.into_iter().enumerate() {
        while let Some((_, first)) = added.next_if(|(place, _)| *place <= at) {
            all.push(first);
        }
        all.push(act);
    }
    all.extend(added.map(|(_, act)| act));
    all
}

fn someone(random: &Random) -> usize {
    random.below(PEOPLE.len() as u64) as usize
}

fn forms(random: &Random, households: u64) -> Vec<Act> {
    let sync = |phone| Act::Sync {
        phone,
        fault: NetFault::None,
    };
    // All but one have the first version early.
    let mut acts = vec![Act::Publish, sync(0), sync(1)];
    for _ in 0..3 + random.below(FORM_ACTS - 2) {
        let what = match random.below(20) {
            0..=6 => FormAct::Fill {
                finish: random.chance(70),
                late: random.chance(20),
            },
            7..=9 => FormAct::Leave,
            10..=13 => FormAct::Correct {
                late: random.chance(30),
            },
            14..=15 => FormAct::Withdraw,
            16..=17 => FormAct::Count,
            _ => {
                acts.push(Act::Publish);
                continue;
            }
        };
        acts.push(Act::Form {
            phone: someone(random),
            household: random.below(households) as usize,
            what,
        });
    }
    acts
}

fn findings(random: &Random, households: u64) -> Vec<Act> {
    let people = PEOPLE.len() as u64 + u64::from(random.chance(30));
    let find = |phone: usize| Act::Finding {
        phone,
        what: FindingAct::Find {
            household: random.chance(75).then(|| random.below(households) as usize),
            fixed: random.chance(10),
            severe: random.chance(20),
        },
    };
    let finder = random.below(people) as usize;
    let mut acts = vec![find(finder)];
    acts.push(Act::Sync {
        phone: finder,
        fault: NetFault::None,
    });
    for _ in 0..4 + random.below(FINDING_ACTS - 3) {
        let phone = random.below(people) as usize;
        let which = random.below(2) as usize;
        let what = match random.below(40) {
            0..=21 => FindingAct::Next {
                which,
                early: random.chance(70),
                after: random.chance(70),
            },
            22..=29 => FindingAct::Step {
                which,
                event: random.pick(&STEPS).copied().unwrap_or("comment"),
                lacking: random.chance(15),
                late: random.chance(40),
            },
            30..=34 => FindingAct::Rogue {
                which,
                event: random.pick(&STEPS).copied().unwrap_or("comment"),
                role: random.pick(&CLAIMED).copied().unwrap_or("member"),
                blind: random.chance(30),
            },
            35 => FindingAct::Reword { which },
            36..=37 => FindingAct::Desk {
                which,
                event: random.pick(&OF_THE_DESK).copied().unwrap_or("comment"),
            },
            38 => {
                acts.push(Act::Appoint {
                    phone: 1,
                    role: random
                        .pick(&["doctor", "leader", "member"])
                        .copied()
                        .unwrap_or("member"),
                });
                continue;
            }
            _ => {
                acts.push(find(phone));
                continue;
            }
        };
        acts.push(Act::Finding { phone, what });
    }
    acts
}
