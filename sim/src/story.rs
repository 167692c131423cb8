//! What people do and what goes wrong in a run, as a typed record: the same seed writes the same story.

use crate::forge::{FORGERIES, Forgery};
use crate::link::NetFault;
use crate::random::Random;

/// Who takes part; the first leads.
pub const PEOPLE: [&str; 3] = ["李国强", "王芳", "张伟"];
/// Households at the beginning.
pub const HOUSEHOLDS: u64 = 4;
/// Steps of a story.
const ACTS: u64 = 40;
/// One story in so many is long and about a single household, so that documents grow until they are folded.
const LONG: u64 = 12;
const LONG_ACTS: u64 = 160;
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
    /// Somebody synchronises, over a link with this fault.
    Sync { phone: usize, fault: NetFault },
    /// The power of a phone is cut after so many storage operations of a save or a synchronisation.
    Cut { phone: usize, after: u64, lossy: bool },
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
    /// A second page takes the records over.
    Tab { phone: usize },
    /// The desk switches a phone off for good.
    Revoke { phone: usize },
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
            Act::Sync { fault, .. } => fault.kind(),
            Act::Cut { lossy: true, .. } => "fault: power cut, unflushed writes lost",
            Act::Cut { .. } => "fault: killed between storage operations",
            Act::Clock { .. } => "fault: clock jump",
            Act::Full { .. } => "fault: storage full",
            Act::Damage { .. } => "fault: stored chunk spoiled",
            Act::Evict { .. } => "fault: storage evicted",
            Act::Clone { .. } => "fault: cloned phone",
            Act::Rescue { dies: true, .. } => "fault: phone lost after its rescue file was carried",
            Act::Rescue { .. } => "rescue file carried by hand",
            Act::Tab { .. } => "fault: second tab",
            Act::Revoke { .. } => "fault: phone switched off",
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
    (0..acts).map(|_| act(&random, households)).collect()
}

fn act(random: &Random, households: u64) -> Act {
    let phone = random.below(PEOPLE.len() as u64) as usize;
    let household = random.below(households) as usize;
    match random.below(114) {
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
        73..=82 => Act::Cut {
            phone,
            after: random.below(14),
            lossy: random.chance(50),
        },
        83..=86 => Act::Clock {
            phone,
            by_ms: random.below(6) as i64 * 200 * DAY_MS - 500 * DAY_MS,
        },
        87..=90 => Act::Full {
            phone,
            full: random.chance(60),
        },
        91 => Act::Evict { phone },
        92 => Act::Clone { phone },
        93 => Act::Tab { phone },
        // Two of three stay.
        94 => Act::Revoke {
            phone: PEOPLE.len() - 1,
        },
        95..=97 => Act::Hostile {
            phone,
            household,
            forgery: *random.pick(&FORGERIES).unwrap_or(&Forgery::Orphan),
        },
        98..=100 => Act::Backup,
        101..=103 => Act::Restore,
        104..=105 => Act::Damage {
            phone,
            which: random.below(100) as usize,
        },
        112..=113 => Act::Rescue {
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
    match random.below(18) {
        0 => NetFault::Offline,
        1 => NetFault::LostRequest,
        2 | 3 => NetFault::LostResponse,
        4 => NetFault::CutResponse(at),
        5 => NetFault::CutRequest(at),
        6 => NetFault::Twice,
        7 => NetFault::Late,
        8 => NetFault::Portal,
        9 => NetFault::Garbled(at),
        _ => NetFault::None,
    }
}
