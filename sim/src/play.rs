//! Writes a story from a seed, plays it, heals the world and checks what must hold after every run.

use crate::link::NetFault;
use crate::phone::Phone;
use crate::random::Random;
use crate::run::Ended;
use crate::story::Act;
use crate::world::World;
use bianfang::base::id::DocId;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::view::HouseholdsView;
use bianfang::doc::DocKind;
use bianfang::sync::memory::MemoryLog;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

const PEOPLE: [&str; 3] = ["李国强", "王芳", "张伟"];
const HOUSEHOLDS: u64 = 4;
const ACTS: u64 = 36;
/// An idle exchange, bodies of both ways.
const IDLE_BYTES_MAX: u64 = 300;

/// What a run did and found.
#[derive(Debug, Default)]
pub struct Report {
    /// Hash over everything that was seen: equal for equal seeds.
    pub trace: [u8; 32],
    /// How often each kind of act took place.
    pub coverage: BTreeMap<&'static str, u64>,
    /// What did not hold, in words; empty when all is well.
    pub broken: Vec<String>,
}

/// The story of a seed.
pub fn story(seed: u64) -> Vec<Act> {
    let random = Random::new(seed ^ 0x5702_9a11);
    (0..ACTS).map(|_| act(&random)).collect()
}

fn act(random: &Random) -> Act {
    let phone = random.below(PEOPLE.len() as u64) as usize;
    let household = random.below(HOUSEHOLDS) as usize;
    match random.below(100) {
        0..=29 => {
            let key = *random.pick(&["phone", "address", "tier", "water"]).unwrap_or(&"phone");
            let value = match key {
                "phone" => format!("154000{:05}", random.below(100_000)),
                "tier" => (*random.pick(&["稳定脱贫户", "巩固提升户", "重点帮扶户"]).unwrap_or(&"")).to_owned(),
                "water" => (*random.pick(&["达标", "基本达标", "不达标"]).unwrap_or(&"")).to_owned(),
                _ => format!("门牌{}", random.below(1000)),
            };
            Act::Edit {
                phone,
                household,
                key,
                value,
            }
        }
        30..=39 => Act::Visit { phone, household },
        40..=64 => Act::Sync {
            phone,
            fault: fault(random),
        },
        65..=74 => Act::Cut {
            phone,
            after: random.below(12),
            lossy: random.chance(50),
        },
        75..=79 => Act::Clock {
            phone,
            by_ms: random.below(6) as i64 * 200 * 86_400_000 - 500 * 86_400_000,
        },
        80..=84 => Act::Full {
            phone,
            full: random.chance(60),
        },
        85..=87 => Act::Backup,
        88..=89 => Act::Restore,
        _ => Act::Wait {
            ms: random.below(86_400_000) as i64,
        },
    }
}

fn fault(random: &Random) -> NetFault {
    let at = random.below(2000) as usize;
    match random.below(14) {
        0 => NetFault::Offline,
        1 => NetFault::LostRequest,
        2 | 3 => NetFault::LostResponse,
        4 => NetFault::CutResponse(at),
        5 => NetFault::Twice,
        6 => NetFault::Portal,
        7 => NetFault::Garbled(at),
        _ => NetFault::None,
    }
}

/// Something the phone called saved.
struct Saved {
    household: DocId,
    key: &'static str,
    value: String,
}

struct Run {
    world: World,
    report: Report,
    trace: Sha256,
    saved: Vec<Saved>,
    visits: BTreeSet<(DocId, String)>,
    backup: Option<MemoryLog>,
}

/// Plays the story of a seed.
pub fn play(seed: u64) -> Report {
    play_story(seed, &story(seed))
}

/// Plays a story in the world of a seed.
pub fn play_story(seed: u64, acts: &[Act]) -> Report {
    let world = World::new(seed, HOUSEHOLDS, &PEOPLE);
    let mut run = Run {
        world,
        report: Report::default(),
        trace: Sha256::new(),
        saved: Vec::new(),
        visits: BTreeSet::new(),
        backup: None,
    };
    for act in acts {
        *run.report.coverage.entry(act.kind()).or_default() += 1;
        run.trace.update(format!("{act:?}"));
        run.step(act);
    }
    run.heal();
    run.check();
    run.report.trace = run.trace.finalize().into();
    run.report
}

impl Run {
    fn step(&mut self, act: &Act) {
        match act {
            Act::Edit {
                phone,
                household,
                key,
                value,
            } => self.edit(*phone, *household, key, value),
            Act::Visit { phone, household } => self.visit(*phone, *household),
            Act::Sync { phone, fault } => {
                self.world.phones[*phone].link.set(*fault);
                let ended = self.world.phones[*phone].sync();
                self.trace.update(format!("{ended:?}"));
                self.world.phones[*phone].link.set(NetFault::None);
                self.restart_if_killed(*phone, ended == Ended::Killed, false);
            }
            Act::Cut { phone, after, lossy } => self.cut(*phone, *after, *lossy),
            Act::Clock { phone, by_ms } => {
                let off = &self.world.phones[*phone].host.off_ms;
                off.set(off.get() + by_ms);
            }
            Act::Full { phone, full } => self.world.phones[*phone].disk.set_full(*full),
            Act::Backup => self.backup = Some(self.world.endpoint.borrow().log.clone()),
            Act::Restore => {
                if let Some(log) = self.backup.clone() {
                    self.world.endpoint.borrow_mut().log = log;
                }
            }
            Act::Wait { ms } => self.world.pass_ms(*ms),
        }
    }

    /// The power of a phone is cut in the middle of a save or a synchronisation.
    fn cut(&mut self, phone: usize, after: u64, lossy: bool) {
        self.world.phones[phone].disk.cut_after(after);
        let killed = if after.is_multiple_of(2) {
            self.world.phones[phone].sync() == Ended::Killed
        } else {
            let household = (after as usize) % self.world.households.len();
            self.edit(phone, household, "address", &format!("断电{after}"));
            true
        };
        self.restart_if_killed(phone, killed, lossy);
        self.world.phones[phone].disk.power_on(lossy && killed);
    }

    fn restart_if_killed(&mut self, phone: usize, killed: bool, lossy: bool) {
        if killed {
            self.world.phones[phone].restart(lossy);
        }
    }

    fn edit(&mut self, phone: usize, household: usize, key: &'static str, value: &str) {
        let id = self.world.households[household];
        let saved = save_field(&self.world.phones[phone], id, key, value);
        self.trace.update(format!("{saved:?}"));
        match saved {
            Ended::Done(true) => self.saved.push(Saved {
                household: id,
                key,
                value: value.into(),
            }),
            Ended::Done(false) => {}
            Ended::Killed => self.restart_if_killed(phone, true, false),
        }
    }

    fn visit(&mut self, phone: usize, household: usize) {
        let id = self.world.households[household];
        let person = &self.world.phones[phone];
        let Ended::Done(Reply::VisitForm { form }) = person.ask(Request::VisitForm {
            household: id.to_string(),
            visit: String::new(),
        }) else {
            return;
        };
        let mut draft = form.draft.clone();
        draft.home = "at_home".into();
        let words = format!("第{}次记的话", self.saved.len() + self.visits.len());
        draft.words = words.clone();
        if let Ended::Done(Reply::SaveVisit { .. }) = person.ask(Request::SaveVisit { draft }) {
            self.visits.insert((id, words));
        }
    }

    /// Power, space, signal and clocks come back; everybody synchronises.
    fn heal(&mut self) {
        for phone in 0..self.world.phones.len() {
            self.world.phones[phone].disk.set_full(false);
            self.world.phones[phone].link.set(NetFault::None);
            self.world.phones[phone].restart(false);
        }
        for _ in 0..3 {
            self.world.sync_all();
            self.try_again();
        }
    }

    /// What was set aside because the phone died over it is opened once more, as the person does it.
    fn try_again(&mut self) {
        for phone in &self.world.phones {
            if let Reply::Mine { view } = phone.must(Request::Mine) {
                for row in view.quarantined {
                    phone.must(Request::TryAgain { id: row.id });
                }
            }
        }
    }

    fn broken(&mut self, what: String) {
        self.report.broken.push(what);
    }

    fn check(&mut self) {
        self.check_nothing_is_missing();
        self.check_all_are_equal();
        self.check_idle();
    }

    /// Every value and visit that a phone called saved is in the endpoint's history.
    fn check_nothing_is_missing(&mut self) {
        let mut histories: BTreeMap<DocId, (BTreeSet<(String, String)>, BTreeSet<String>)> = BTreeMap::new();
        for id in self.world.households.clone() {
            let document = self.world.endpoint.borrow_mut().open(DocKind::Household, id);
            let written = document
                .history(None)
                .into_iter()
                .filter_map(|step| Some((step.key, step.to?.to_text())))
                .collect();
            let words = document
                .records("visits")
                .values()
                .map(|record| record.note("words").to_owned())
                .collect();
            histories.insert(id, (written, words));
        }
        let lost: Vec<String> = self
            .saved
            .iter()
            .filter(|saved| {
                !histories[&saved.household]
                    .0
                    .contains(&(saved.key.to_owned(), saved.value.clone()))
            })
            .map(|saved| format!("saved and lost: {} = {}", saved.key, saved.value))
            .chain(
                self.visits
                    .iter()
                    .filter(|(id, words)| !histories[id].1.contains(words))
                    .map(|(_, words)| format!("visit saved and lost: {words}")),
            )
            .collect();
        lost.into_iter().for_each(|what| self.broken(what));
    }

    /// Same code, same rows, nothing waiting, nothing set aside.
    fn check_all_are_equal(&mut self) {
        let endpoint = self.world.endpoint.borrow_mut().digest().check_code();
        let mut lists = Vec::new();
        let mut found = Vec::new();
        for phone in &self.world.phones {
            let (code, local) = phone.check_code();
            if code != endpoint || local > 0 {
                found.push(format!(
                    "{}: code {code}, endpoint {endpoint}, {local} waiting",
                    phone.name
                ));
            }
            if let Reply::Mine { view } = phone.must(Request::Mine)
                && !view.quarantined.is_empty()
            {
                found.push(format!("{}: set aside {:?}", phone.name, view.quarantined));
            }
            lists.push(rows(phone));
        }
        if lists.windows(2).any(|pair| pair[0] != pair[1]) {
            found.push(format!("lists differ: {lists:?}"));
        }
        self.trace.update(format!("{endpoint}{:?}", lists.first()));
        found.into_iter().for_each(|what| self.broken(what));
    }

    /// Once more moves no data and stays within the idle budget.
    fn check_idle(&mut self) {
        let mut found = Vec::new();
        for phone in &self.world.phones {
            match phone.sync() {
                Ended::Done(Ok(moved)) => {
                    let bytes = moved.bytes_up + moved.bytes_down;
                    if moved.sent + moved.received > 0 || moved.round_trips != 1 || bytes > IDLE_BYTES_MAX {
                        found.push(format!("{}: idle exchange moved {moved:?}", phone.name));
                    }
                }
                other => found.push(format!("{}: idle exchange failed: {other:?}", phone.name)),
            }
        }
        found.into_iter().for_each(|what| self.broken(what));
    }
}

/// What must be the same on every phone of a list row.
fn rows(phone: &Phone) -> Vec<(String, String, String, u32, String, Vec<String>)> {
    let request = Request::Households {
        query: String::new(),
        chip: "all".into(),
        group: String::new(),
        offset: 0,
        limit: 1000,
    };
    let Reply::Households {
        view: HouseholdsView { rows, .. },
    } = phone.must(request)
    else {
        return Vec::new();
    };
    rows.into_iter()
        .map(|row| {
            let differs = row
                .badges
                .into_iter()
                .filter(|badge| badge.kind == "differs")
                .map(|badge| badge.words.zh)
                .collect();
            (row.id, row.head, row.group, row.people, row.visited_on, differs)
        })
        .collect()
}

/// Opens a household, changes one field, saves. True when the phone called it saved.
fn save_field(phone: &Phone, id: DocId, key: &str, value: &str) -> Ended<bool> {
    let opened = phone.ask(Request::Record {
        document: id.to_string(),
        record: "own".into(),
    });
    let Ended::Done(opened) = opened else {
        return Ended::Killed;
    };
    let Reply::Record { view } = opened else {
        return Ended::Done(false);
    };
    let save = Request::SaveRecord {
        document: view.document,
        record: view.record,
        base: view.base,
        changes: vec![FieldChange {
            key: key.into(),
            value: value.into(),
        }],
    };
    match phone.ask(save) {
        Ended::Done(Reply::SaveRecord { .. }) => Ended::Done(true),
        Ended::Done(_) => Ended::Done(false),
        Ended::Killed => Ended::Killed,
    }
}

/// The shortest story that still breaks, by leaving out acts one after the other.
pub fn shrink(seed: u64) -> Vec<Act> {
    let mut acts = story(seed);
    let mut place = 0;
    while place < acts.len() {
        let mut fewer = acts.clone();
        fewer.remove(place);
        if play_story(seed, &fewer).broken.is_empty() {
            place += 1;
        } else {
            acts = fewer;
        }
    }
    acts
}
