//! Plays the story of a seed, heals the world, and has everything checked that must hold after every run.

mod acts;
mod faults;
mod findings;
mod forms;

use crate::link::NetFault;
use crate::people::Saved;
use crate::phone::Phone;
use crate::run::Ended;
use crate::story::{Act, FindingAct, HOUSEHOLDS, INSPECTOR, PEOPLE, story};
use crate::world::World;
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::error::ClientError;
use bianfang::client::store::Table;
use bianfang::sync::log::Role;
use bianfang::sync::memory::MemoryLog;
pub(crate) use findings::Stepped;
use std::collections::{BTreeMap, BTreeSet};

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

impl Report {
    /// The trace as hexadecimal digits, and after it what did not hold, if anything.
    pub fn line(&self) -> String {
        let trace: String = self.trace.iter().map(|byte| format!("{byte:02x}")).collect();
        [trace]
            .iter()
            .chain(&self.broken)
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A run and what the people in it were promised.
pub(crate) struct Run {
    pub world: World,
    pub report: Report,
    /// What a phone called saved.
    pub saved: Vec<Saved>,
    /// What a phone may have saved when its power went.
    pub perhaps: Vec<Saved>,
    /// Words of saved visits, as they were last corrected: all that were ever saved stay in the history.
    pub visits: Vec<(usize, DocId, String)>,
    /// Where each new visit and each change of status was saved: one record each, and its table.
    pub new_records: Vec<(usize, DocId, &'static str)>,
    /// Sentences added to free notes.
    pub sentences: Vec<(usize, DocId, String)>,
    /// Heads of families that were registered.
    pub registered: Vec<(usize, String)>,
    /// What a newer release wrote and this one does not know.
    pub unknown: Vec<Saved>,
    /// Versions of the form that were published.
    pub versions: u64,
    /// What stood in the register when the draft of a form was begun: by phone, household, form and record.
    pub drafts: BTreeMap<(usize, DocId, String, String), Vec<String>>,
    /// Problems that were written down.
    pub found: Vec<(usize, DocId)>,
    /// Steps of problems that phones called saved.
    pub steps: Vec<Stepped>,
    /// Every role that somebody ever had, by name.
    pub roles: BTreeMap<String, BTreeSet<&'static str>>,
    /// Somebody of another level takes part.
    pub inspected: bool,
    /// Phones whose key somebody else used: what they tell the endpoint of themselves is worth nothing.
    pub stolen: BTreeSet<usize>,
    /// Both halves of a cloned phone.
    pub clones: BTreeMap<usize, usize>,
    backup: Option<MemoryLog>,
    /// The copy was put back at least once.
    restored: bool,
    /// A phone's storage was spoiled.
    damaged: bool,
    count: u64,
}

/// Plays the story of a seed.
pub fn play(seed: u64) -> Report {
    play_story(seed, &story(seed))
}

/// Plays a story; a panic is one more thing that did not hold.
pub fn play_safely(seed: u64, acts: &[Act]) -> Report {
    std::panic::catch_unwind(|| play_story(seed, acts)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Report {
            broken: vec![format!("panic: {}", words.unwrap_or_default())],
            ..Report::default()
        }
    })
}

/// Plays a story in the world of a seed.
pub fn play_story(seed: u64, acts: &[Act]) -> Report {
    let mut run = Run {
        world: World::new(seed, HOUSEHOLDS, &PEOPLE),
        report: Report::default(),
        saved: Vec::new(),
        perhaps: Vec::new(),
        visits: Vec::new(),
        new_records: Vec::new(),
        sentences: Vec::new(),
        registered: Vec::new(),
        unknown: Vec::new(),
        versions: 0,
        drafts: BTreeMap::new(),
        found: Vec::new(),
        steps: Vec::new(),
        roles: BTreeMap::new(),
        inspected: false,
        stolen: BTreeSet::new(),
        clones: BTreeMap::new(),
        backup: None,
        restored: false,
        damaged: false,
        count: 0,
    };
    run.gather(acts);
    for act in acts {
        run.tell(act);
        if run.step(act) {
            *run.report.coverage.entry(act.kind()).or_default() += 1;
        }
        if !run.report.broken.is_empty() {
            break;
        }
    }
    // What was taken that must not be may make everything after it slow, or wrong for no other reason.
    if run.report.broken.is_empty() {
        run.check_claims();
        run.heal();
        run.check();
    }
    run.report.trace = run.world.trace().digest();
    run.report
}

impl Run {
    /// Who takes part, and in which role.
    fn gather(&mut self, acts: &[Act]) {
        let is_inspectors = |act: &Act| match act {
            Act::Finding { phone, what } => *phone == INSPECTOR.0 && !matches!(what, FindingAct::Rogue { .. }),
            _ => false,
        };
        if acts.iter().any(is_inspectors) {
            self.world.add_phone(INSPECTOR.1, Role::Inspector);
            self.inspected = true;
        }
        for (place, phone) in self.world.phones.iter().enumerate() {
            let role = self.role_of(place).name();
            self.roles.entry(phone.name.clone()).or_default().insert(role);
        }
    }

    /// The role in which somebody is invited.
    pub(crate) fn role_of(&self, place: usize) -> Role {
        match place {
            0 => Role::Leader,
            place if self.inspected && place == INSPECTOR.0 => Role::Inspector,
            _ => Role::Member,
        }
    }

    /// False when it could not take place.
    fn step(&mut self, act: &Act) -> bool {
        match act {
            Act::Sync { phone, fault } => self.sync(*phone, *fault),
            Act::Cut { phone, after, loss } => self.cut(*phone, *after, *loss),
            Act::Clock { phone, by_ms } => {
                let off = &self.world.phones[*phone].host.off_ms;
                off.set(off.get() + by_ms);
            }
            Act::Full { phone, full } => self.world.phones[*phone].disk.set_full(*full),
            Act::Tab { phone, household } => self.two_tabs(*phone, *household),
            Act::Wait { ms } => self.world.pass_ms(*ms),
            Act::Damage { phone, which } => return self.damage(*phone, *which),
            Act::Evict { phone } => return self.evict(*phone),
            Act::Clone { phone } => return self.clone_phone(*phone),
            Act::Rescue {
                phone,
                to,
                everything,
                dies,
            } => return self.rescue(*phone, *to, *everything, *dies),
            Act::Revoke { phone } => return self.revoke(*phone),
            Act::RevokeWhilePushing { phone, request_arrived } => {
                return self.revoke_while_pushing(*phone, *request_arrived);
            }
            Act::Hostile {
                phone,
                household,
                forgery,
            } => {
                self.stolen.insert(*phone);
                return self.attack(*phone, *household, *forgery);
            }
            Act::Newer {
                phone,
                household,
                novelty,
            } => {
                // Handed in for the phone, which then hears of it by itself, unless something is in the way.
                self.stolen.insert(*phone);
                return self.newer(*phone, *household, *novelty);
            }
            Act::Publish => return self.publish(),
            Act::Appoint { phone, role } => return self.appoint(*phone, role),
            Act::Backup => {
                self.backup = (!self.damaged).then(|| self.world.endpoint.borrow().log.clone());
                return self.backup.is_some();
            }
            Act::Restore => return self.restore(),
            work => return self.work(work),
        }
        true
    }

    /// Words that nobody else writes.
    fn words(&mut self, what: &str) -> String {
        self.count += 1;
        format!("{what}{}", self.count)
    }

    /// Adds to the trace, looks at the counters, and starts a phone again that was killed.
    fn notice<'a, T: std::fmt::Debug>(&mut self, phone: usize, ended: &'a Ended<T>) -> Option<&'a T> {
        self.tell(ended);
        match ended {
            Ended::Done(value) => {
                self.count_waiting(phone);
                Some(value)
            }
            Ended::Killed => {
                self.world.phones[phone].restart(false);
                None
            }
        }
    }

    /// What the screens call still only on this phone is what is stored as waiting, no more and no less.
    fn count_waiting(&mut self, phone: usize) {
        let one = &self.world.phones[phone];
        let Ended::Done(Reply::Mine { view }) = one.ask(Request::Mine) else {
            return;
        };
        let stored = match one.disk.count(Table::Relay) {
            0 => one.disk.count(Table::Outbox) as u32,
            // How many wait in a bundle is in the bundle: a fresh start knows nothing but what is stored.
            _ => one.cloned_with_its_chance().check_code().1,
        };
        if view.strip.local != stored {
            let told = view.strip.local;
            self.broken(format!(
                "{}: {told} are said to wait, {stored} do",
                self.world.phones[phone].name
            ));
        }
    }

    fn sync(&mut self, phone: usize, fault: NetFault) {
        self.world.phones[phone].link.set(fault);
        let ended = self.world.phones[phone].sync();
        self.world.phones[phone].link.set(NetFault::None);
        self.notice(phone, &ended);
    }

    /// The desk has switched it off.
    pub fn is_off(&self, phone: usize) -> bool {
        let device = self.world.phones[phone].device();
        device.is_some_and(|device| self.world.endpoint.borrow().is_off(device))
    }

    /// A copy of the endpoint's database was put back.
    pub(crate) fn was_restored(&self) -> bool {
        self.restored
    }

    /// The storage of a phone was spoiled.
    pub(crate) fn was_damaged(&self) -> bool {
        self.damaged
    }

    /// The phone is a copy of another one, or was copied.
    pub(crate) fn is_cloned(&self, phone: usize) -> bool {
        self.clones.iter().any(|(one, other)| *one == phone || *other == phone)
    }

    fn restore(&mut self) -> bool {
        let Some(log) = self.backup.clone() else {
            return false;
        };
        self.restored = true;
        self.world.endpoint.borrow_mut().restore(log);
        self.publish_again();
        true
    }

    /// Power, space, signal and clocks come back; everybody synchronises.
    fn heal(&mut self) {
        for phone in 0..self.world.phones.len() {
            self.world.phones[phone].disk.set_full(false);
            self.world.phones[phone].link.set(NetFault::None);
            self.world.phones[phone].host.off_ms.set(0);
            self.world.phones[phone].restart(false);
        }
        for phone in 0..self.world.phones.len() {
            let refused = |code: &str| matches!(self.world.phones[phone].sync(), Ended::Done(Err(ClientError::Refused(told, _))) if told == code);
            if !self.clones.contains_key(&phone) && refused("unauthorized") {
                let role = self.role_of(phone);
                self.world.rejoin(phone, role);
            }
        }
        self.wrongly_shut();
        for _ in 0..3 {
            self.world.sync_all();
            self.try_again();
        }
    }

    /// No document of a story kills the app: phones lose their power, and pages are left, in the middle of everything.
    fn wrongly_shut(&mut self) {
        let phones = self.world.phones.iter();
        let codes = phones.flat_map(|phone| phone.quarantined().into_iter().map(|row| (phone.name.clone(), row)));
        let shut: Vec<_> = codes.filter(|(_, row)| row.contains("doc_open_died")).collect();
        for (name, row) in shut {
            self.broken(format!("{name}: shut, though the app never died over it: {row}"));
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

    /// Adds what happened to the trace.
    fn tell(&self, what: &impl std::fmt::Debug) {
        self.world.trace().note("event", &[format!("{what:?}").as_bytes()]);
    }

    /// Adds to what equal seeds must have in common.
    pub fn trace_of(&self, words: &str) {
        self.world.trace().note("seen", &[words.as_bytes()]);
    }

    /// Notes what did not hold.
    pub fn broken(&mut self, what: String) {
        self.report.broken.push(what);
    }

    /// Phones that may synchronise.
    pub fn working(&self) -> impl Iterator<Item = &Phone> {
        let on = |(place, phone)| (!self.is_off(place)).then_some(phone);
        self.world.phones.iter().enumerate().filter_map(on)
    }
}

/// The shortest story that still breaks: halves, quarters and so on are left out first, then single acts.
pub fn shrink(seed: u64) -> Vec<Act> {
    let mut acts = story(seed);
    let mut size = acts.len() / 2;
    while size > 0 {
        let mut place = 0;
        while place < acts.len() {
            let mut fewer = acts.clone();
            fewer.drain(place..(place + size).min(acts.len()));
            if play_safely(seed, &fewer).broken.is_empty() {
                place += size;
            } else {
                acts = fewer;
            }
        }
        size /= 2;
    }
    acts
}
