//! What people do and what goes wrong in a run, as a typed record: the same seed writes the same story.

mod papers;

use crate::disk::Loss;
use crate::forge::{FORGERIES, Forgery};
use crate::link::NetFault;
use crate::novelty::{NOVELTIES, Novelty};
use crate::random::Random;
pub use papers::{FindingAct, FormAct, INSPECTOR, STEPS};

/// Who takes part; the first leads.
pub const PEOPLE: [&str; 3] = ["李国强", "王芳", "张伟"];
/// Households at the beginning.
pub const HOUSEHOLDS: u64 = 4;
/// Steps of a story.
const ACTS: u64 = 40;
/// One story in so many is long and about a single household, so that documents grow until they are folded.
const LONG: u64 = 12;
const LONG_ACTS: u64 = 160;
/// Fewer decisions about families than this in a story.
const DECISIONS: u64 = 6;
const DAY_MS: i64 = 86_400_000;

/// One step of a run. Phones and households are named by their place in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Somebody changes a field of a household or of one of its people.
    Edit {
        phone: usize,
        household: usize,
        record: &'static str,
        key: &'static str,
        value: String,
    },
    /// Somebody has a form open while news arrives, and saves then.
    EditLate {
        phone: usize,
        household: usize,
        value: String,
    },
    /// Somebody adds a sentence to the free notes.
    Note { phone: usize, household: usize },
    /// Somebody saves a visit.
    Visit { phone: usize, household: usize },
    /// Somebody corrects the latest visit.
    Correct { phone: usize, household: usize },
    /// Somebody withdraws the latest visit.
    Withdraw { phone: usize, household: usize },
    /// Somebody settles a difference by one of its values.
    Settle {
        phone: usize,
        household: usize,
        which: usize,
    },
    /// Somebody writes down a family that no list has.
    Register { phone: usize },
    /// Somebody says that two families are one and the same, or that they are not.
    Decide {
        phone: usize,
        one: usize,
        other: usize,
        same: bool,
    },
    /// Somebody takes back what was decided about two families.
    Undecide { phone: usize, one: usize, other: usize },
    /// A person moves from one family to another, or comes back.
    Move { phone: usize, from: usize, to: usize },
    /// A whole family moves away, or comes back.
    MoveAway { phone: usize, household: usize },
    /// The person of a phone has a newer release beside it and writes something that this one does not know.
    Newer {
        phone: usize,
        household: usize,
        novelty: Novelty,
    },
    /// Somebody works on a form of a household.
    Form {
        phone: usize,
        household: usize,
        what: FormAct,
    },
    /// The desk publishes another version of a form.
    Publish,
    /// Somebody works on a problem.
    Finding { phone: usize, what: FindingAct },
    /// The desk gives somebody another role.
    Appoint { phone: usize, role: &'static str },
    /// Somebody synchronises, over a link with this fault.
    Sync { phone: usize, fault: NetFault },
    /// The power of a phone is cut after so many storage operations of a save or a synchronisation.
    Cut { phone: usize, after: u64, loss: Loss },
    /// A phone's clock jumps.
    Clock { phone: usize, by_ms: i64 },
    /// The phone's storage is full, or no longer.
    Full { phone: usize, full: bool },
    /// One stored value of a document is spoiled.
    Damage { phone: usize, which: usize },
    /// The system takes the storage of a phone that has handed everything over; its person joins again.
    Evict { phone: usize },
    /// A phone is copied onto another, key and all, and both go on.
    Clone { phone: usize },
    /// A rescue file is made and carried by hand, to a colleague's phone or, if there is none, to the desk. `dies`: the
    /// phone that made it is lost right after it was opened.
    Rescue {
        phone: usize,
        to: Option<usize>,
        everything: bool,
        dies: bool,
    },
    /// A second page takes the records over while a form is open in the first.
    Tab { phone: usize, household: usize },
    /// The desk switches a phone off for good.
    Revoke { phone: usize },
    /// It does so while the phone hands its work over.
    RevokeWhilePushing { phone: usize, request_arrived: bool },
    /// A phone in wrong hands signs and sends this.
    Hostile {
        phone: usize,
        household: usize,
        forgery: Forgery,
    },
    /// The endpoint's database is copied.
    Backup,
    /// The copy is put back.
    Restore,
    /// Time goes on.
    Wait { ms: i64 },
}

impl Act {
    /// One word or two for the kind, for the table of what a set of runs covered.
    pub fn kind(&self) -> &'static str {
        match self {
            Act::Edit { .. } => "edit",
            Act::EditLate { .. } => "edit while news arrives",
            Act::Note { .. } => "note",
            Act::Visit { .. } => "visit",
            Act::Correct { .. } => "correction",
            Act::Withdraw { .. } => "withdrawal",
            Act::Settle { .. } => "difference settled",
            Act::Register { .. } => "household registered",
            Act::Form { what, .. } => what.kind(),
            Act::Publish => "form published",
            Act::Finding { what, .. } => what.kind(),
            Act::Appoint { .. } => "role given",
            Act::Sync { fault, .. } => fault.kind(),
            Act::Decide { same: true, .. } => "families joined",
            Act::Decide { .. } => "families told apart",
            Act::Undecide { .. } => "decision about families undone",
            Act::Move { .. } => "person moved",
            Act::MoveAway { .. } => "family moved",
            Act::Newer { .. } => "fault: older release among newer ones",
            Act::Cut { loss, .. } => match loss {
                Loss::Nothing => "fault: killed between storage operations",
                Loss::Unflushed => "fault: power cut, unflushed writes lost",
                Loss::Torn(_) => "fault: power cut, unflushed writes torn",
            },
            Act::Clock { .. } => "fault: clock jump",
            Act::Full { .. } => "fault: storage full",
            Act::Damage { .. } => "fault: stored chunk spoiled",
            Act::Evict { .. } => "fault: storage evicted",
            Act::Clone { .. } => "fault: cloned phone",
            Act::Rescue { dies: true, .. } => "fault: phone lost after its rescue file was carried",
            Act::Rescue { .. } => "rescue file carried by hand",
            Act::Tab { .. } => "fault: second tab",
            Act::Revoke { .. } => "fault: phone switched off",
            Act::RevokeWhilePushing { .. } => "fault: phone switched off while it pushes",
            Act::Hostile { .. } => "fault: hostile change",
            Act::Backup => "backup",
            Act::Restore => "fault: endpoint rolled back",
            Act::Wait { .. } => "time",
        }
    }
}

/// The story of a seed.
pub fn story(seed: u64) -> Vec<Act> {
    let random = Random::new(seed ^ 0x5702_9a11);
    let (acts, households) = match seed % LONG {
        0 => (LONG_ACTS, 1),
        _ => (ACTS, HOUSEHOLDS),
    };
    let mut story: Vec<Act> = (0..acts).map(|_| act(&random, households)).collect();
    // Drawn by themselves and put in between: what else happens in the story of a seed stays what it was.
    let random = Random::new(seed ^ 0x7715_50f2);
    for _ in 0..random.below(DECISIONS) {
        let place = random.below(story.len() as u64) as usize;
        story.splice(place..place, decision(&random, households));
    }
    papers::strew(seed, households, story)
}

/// What somebody decides about two of the families.
fn decision(random: &Random, households: u64) -> Option<Act> {
    let phone = random.below(PEOPLE.len() as u64) as usize;
    let one = random.below(households);
    let other = (one + 1 + random.below(households.max(2) - 1)) % households;
    let what = random.below(6);
    let (one, other) = (one as usize, other as usize);
    (one != other).then_some(match what {
        0..=3 => Act::Decide {
            phone,
            one,
            other,
            same: what < 3,
        },
        _ => Act::Undecide { phone, one, other },
    })
}

fn act(random: &Random, households: u64) -> Act {
    let phone = random.below(PEOPLE.len() as u64) as usize;
    let household = random.below(households) as usize;
    match random.below(122) {
        0..=24 => edit(random, phone, household),
        25..=28 => Act::EditLate {
            phone,
            household,
            value: number(random),
        },
        29..=30 => Act::Note { phone, household },
        31..=37 => Act::Visit { phone, household },
        38..=39 => Act::Correct { phone, household },
        40 => Act::Withdraw { phone, household },
        41..=44 => Act::Settle {
            phone,
            household,
            which: random.below(3) as usize,
        },
        45 => Act::Register { phone },
        46..=72 => Act::Sync {
            phone,
            fault: fault(random),
        },
        73..=82 => cut(random, phone),
        83..=86 => Act::Clock {
            phone,
            by_ms: (random.below(9) as i64 - 4) * 500 * DAY_MS,
        },
        87..=90 => Act::Full {
            phone,
            full: random.chance(40),
        },
        91 => Act::Evict { phone },
        92 => Act::Clone { phone },
        93 => Act::Tab { phone, household },
        // Two of three stay.
        94 => switched_off(random, PEOPLE.len() - 1),
        95..=97 => hostile(random, phone, household),
        98..=100 => Act::Backup,
        101..=103 => Act::Restore,
        104..=105 => Act::Damage {
            phone,
            which: random.below(100) as usize,
        },
        106..=108 => Act::Move {
            phone,
            from: household,
            to: random.below(households) as usize,
        },
        109 => Act::MoveAway { phone, household },
        110..=113 => Act::Newer {
            phone,
            household,
            novelty: *random.pick(&NOVELTIES).unwrap_or(&Novelty::Field),
        },
        114..=115 => Act::Rescue {
            phone,
            to: random.pick(&[None, Some(0), Some(1)]).copied().flatten(),
            everything: random.chance(20),
            dies: random.chance(50),
        },
        _ => Act::Wait {
            ms: random.below(DAY_MS as u64) as i64,
        },
    }
}

fn cut(random: &Random, phone: usize) -> Act {
    Act::Cut {
        phone,
        after: random.below(14),
        loss: match random.below(4) {
            0 | 1 => Loss::Nothing,
            2 => Loss::Unflushed,
            _ => Loss::Torn(random.below(20) as usize),
        },
    }
}

fn hostile(random: &Random, phone: usize, household: usize) -> Act {
    Act::Hostile {
        phone,
        household,
        forgery: *random.pick(&FORGERIES).unwrap_or(&Forgery::Orphan),
    }
}

fn switched_off(random: &Random, phone: usize) -> Act {
    match random.below(3) {
        0 => Act::Revoke { phone },
        turn => Act::RevokeWhilePushing {
            phone,
            request_arrived: turn == 1,
        },
    }
}

fn edit(random: &Random, phone: usize, household: usize) -> Act {
    let words = |list: &[&str]| (*random.pick(list).unwrap_or(&"")).to_owned();
    let (record, key) = *random
        .pick(&[
            ("own", "phone"),
            ("own", "address"),
            ("own", "tier"),
            ("own", "water"),
            ("person", "phone"),
            ("person", "school"),
        ])
        .unwrap_or(&("own", "phone"));
    let value = match key {
        "phone" => number(random),
        "tier" => words(&["稳定脱贫户", "巩固提升户", "重点帮扶户"]),
        "water" => words(&["达标", "基本达标", "不达标"]),
        _ => format!("门牌{}", random.below(10_000)),
    };
    Act::Edit {
        phone,
        household,
        record,
        key,
        value,
    }
}

fn number(random: &Random) -> String {
    format!("154{:08}", random.below(100_000_000))
}

fn fault(random: &Random) -> NetFault {
    let at = random.below(2000) as usize;
    match random.below(20) {
        0 => NetFault::Offline,
        1 => NetFault::LostRequest,
        2 | 3 => NetFault::LostResponse,
        4 => NetFault::CutResponse,
        5 => NetFault::CutRequest(at),
        6 => NetFault::Twice,
        7 => NetFault::Late,
        8 => NetFault::Portal,
        9 => NetFault::Garbled(at),
        10 => NetFault::ShortResponse(at),
        _ => NetFault::None,
    }
}
