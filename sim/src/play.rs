//! Plays the story of a seed, heals the world, and has everything checked that must hold after every run.

use crate::forge::Forgery;
use crate::link::NetFault;
use crate::people::{self, Saved};
use crate::phone::Phone;
use crate::run::Ended;
use crate::story::{Act, HOUSEHOLDS, PEOPLE, story};
use crate::world::World;
use bianfang::base::id::{DeviceId, DocId};
use bianfang::client::api::{Reply, Request};
use bianfang::client::error::ClientError;
use bianfang::client::store::Table;
use bianfang::sync::hub::Revoked;
use bianfang::sync::log::Role;
use bianfang::sync::memory::MemoryLog;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

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

/// A run and what the people in it were promised.
pub(crate) struct Run {
    pub world: World,
    pub report: Report,
    pub trace: Sha256,
    /// What a phone called saved.
    pub saved: Vec<Saved>,
    /// What a phone may have saved when its power went.
    pub perhaps: Vec<Saved>,
    /// Words of saved visits, as they were last corrected: all that were ever saved stay in the history.
    pub visits: Vec<(usize, DocId, String)>,
    /// Where each new visit was saved: one record each.
    pub new_visits: Vec<(usize, DocId)>,
    /// Sentences added to free notes.
    pub sentences: Vec<(usize, DocId, String)>,
    /// Heads of families that were registered.
    pub registered: Vec<(usize, String)>,
    /// Phones that were switched off, and what the endpoint held of them then.
    pub revoked: BTreeMap<usize, (DeviceId, usize)>,
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

/// Plays a story in the world of a seed.
pub fn play_story(seed: u64, acts: &[Act]) -> Report {
    let mut run = Run {
        world: World::new(seed, HOUSEHOLDS, &PEOPLE),
        report: Report::default(),
        trace: Sha256::new(),
        saved: Vec::new(),
        perhaps: Vec::new(),
        visits: Vec::new(),
        new_visits: Vec::new(),
        sentences: Vec::new(),
        registered: Vec::new(),
        revoked: BTreeMap::new(),
        clones: BTreeMap::new(),
        backup: None,
        restored: false,
        damaged: false,
        count: 0,
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
            Act::Edit { .. }
            | Act::EditLate { .. }
            | Act::Note { .. }
            | Act::Visit { .. }
            | Act::Correct { .. }
            | Act::Withdraw { .. }
            | Act::Settle { .. }
            | Act::Register { .. } => self.work(act),
            Act::Sync { phone, fault } => self.sync(*phone, *fault),
            Act::Cut { phone, after, lossy } => self.cut(*phone, *after, *lossy),
            Act::Clock { phone, by_ms } => {
                let off = &self.world.phones[*phone].host.off_ms;
                off.set(off.get() + by_ms);
            }
            Act::Full { phone, full } => self.world.phones[*phone].disk.set_full(*full),
            Act::Damage { phone, which } => self.damage(*phone, *which),
            Act::Evict { phone } => self.evict(*phone),
            Act::Clone { phone } => self.clone_phone(*phone),
            Act::Rescue {
                phone,
                to,
                everything,
                dies,
            } => self.rescue(*phone, *to, *everything, *dies),
            Act::Tab { phone } => self.world.phones[*phone].restart(false),
            Act::Revoke { phone } => self.revoke(*phone),
            Act::Hostile {
                phone,
                household,
                forgery,
            } => self.attack(*phone, *household, *forgery),
            Act::Backup => {
                self.backup = (!self.damaged).then(|| self.world.endpoint.borrow().log.clone());
            }
            Act::Restore => self.restore(),
            Act::Wait { ms } => self.world.pass_ms(*ms),
        }
    }

    /// What people do on the screens.
    fn work(&mut self, act: &Act) {
        match act {
            Act::Edit {
                phone,
                household,
                record,
                key,
                value,
            } => self.edit(*phone, *household, record, key, value, |_, _| {}),
            Act::EditLate {
                phone,
                household,
                value,
            } => self.edit(*phone, *household, "own", "phone", value, |run, phone| {
                run.sync(phone, NetFault::None);
            }),
            Act::Note { phone, household } => self.note(*phone, *household),
            Act::Visit { phone, household } => self.visit(*phone, *household, ""),
            Act::Correct { phone, household } => {
                let visit = self.latest_visit(*phone, *household);
                if let Some(visit) = visit {
                    self.visit(*phone, *household, &visit.id);
                }
            }
            Act::Withdraw { phone, household } => {
                if let Some(visit) = self.latest_visit(*phone, *household) {
                    let id = self.world.households[*household];
                    let ended = people::withdraw(&self.world.phones[*phone], id, &visit);
                    self.notice(*phone, &ended);
                }
            }
            Act::Settle {
                phone,
                household,
                which,
            } => self.settle(*phone, *household, *which),
            Act::Register { phone } => {
                let name = self.words("户主");
                let ended = people::register(&self.world.phones[*phone], &name);
                if self.notice(*phone, &ended) == Some(&true) {
                    self.registered.push((*phone, name));
                }
            }
            _ => {}
        }
    }

    /// Words that nobody else writes.
    fn words(&mut self, what: &str) -> String {
        self.count += 1;
        format!("{what}{}", self.count)
    }

    /// Adds to the trace, and starts a phone again that was killed.
    fn notice<'a, T: std::fmt::Debug>(&mut self, phone: usize, ended: &'a Ended<T>) -> Option<&'a T> {
        self.trace.update(format!("{ended:?}"));
        match ended {
            Ended::Done(value) => Some(value),
            Ended::Killed => {
                self.world.phones[phone].restart(false);
                None
            }
        }
    }

    /// Opens a form, lets something happen meanwhile, and saves.
    fn edit(
        &mut self,
        phone: usize,
        household: usize,
        record: &str,
        key: &str,
        value: &str,
        meanwhile: impl FnOnce(&mut Self, usize),
    ) {
        let id = self.world.households[household];
        let record = match record {
            "person" => format!("persons/{}", bianfang::base::id::RecordId([3; 16])),
            other => other.to_owned(),
        };
        let opened = people::open(&self.world.phones[phone], id, &record);
        let Some(Some(form)) = self.notice(phone, &opened) else {
            return;
        };
        meanwhile(self, phone);
        let ended = people::save(&self.world.phones[phone], form, key, value);
        let saved = Saved {
            phone,
            household: id,
            record,
            key: key.into(),
            value: value.into(),
            seen: people::values_of(form, key),
        };
        let killed = ended == Ended::Killed;
        match self.notice(phone, &ended) {
            Some(true) => self.saved.push(saved),
            _ if killed => self.perhaps.push(saved),
            _ => {}
        }
    }

    fn note(&mut self, phone: usize, household: usize) {
        let id = self.world.households[household];
        let opened = people::open(&self.world.phones[phone], id, "own");
        let Some(Some(form)) = self.notice(phone, &opened) else {
            return;
        };
        let sentence = self.words("记一句");
        let before = people::values_of(form, "notes").concat();
        let ended = people::save(
            &self.world.phones[phone],
            form,
            "notes",
            &format!("{before}{sentence}。"),
        );
        if self.notice(phone, &ended) == Some(&true) {
            self.sentences.push((phone, id, sentence));
        }
    }

    fn latest_visit(&self, phone: usize, household: usize) -> Option<bianfang::client::view::VisitView> {
        let view = people::household(&self.world.phones[phone], self.world.households[household])?;
        view.visits.into_iter().find(|visit| visit.void_reason.is_empty())
    }

    fn visit(&mut self, phone: usize, household: usize, visit: &str) {
        let id = self.world.households[household];
        let words = self.words("他说的话");
        let ended = people::visit(&self.world.phones[phone], id, visit, &words);
        if self.notice(phone, &ended) == Some(&true) {
            self.visits.push((phone, id, words));
            if visit.is_empty() {
                self.new_visits.push((phone, id));
            }
        }
    }

    fn settle(&mut self, phone: usize, household: usize, which: usize) {
        let id = self.world.households[household];
        let Some(view) = people::household(&self.world.phones[phone], id) else {
            return;
        };
        let Some(differs) = view.differs.first() else { return };
        let ended = people::settle(&self.world.phones[phone], differs, which);
        let values = people::shown(&differs.field);
        let write = |value: String| Saved {
            phone,
            household: id,
            record: differs.record.clone(),
            key: differs.field.key.clone(),
            value,
            seen: values.clone(),
        };
        match &ended {
            Ended::Done(Some(chosen)) => self.saved.push(write(chosen.clone())),
            Ended::Done(None) => {}
            Ended::Killed => self.perhaps.push(write(String::new())),
        }
        self.notice(phone, &ended);
    }

    fn sync(&mut self, phone: usize, fault: NetFault) {
        self.world.phones[phone].link.set(fault);
        let ended = self.world.phones[phone].sync();
        self.world.phones[phone].link.set(NetFault::None);
        self.notice(phone, &ended);
    }

    /// The power of a phone is cut in the middle of a save or a synchronisation.
    fn cut(&mut self, phone: usize, after: u64, lossy: bool) {
        self.world.phones[phone].disk.cut_after(after);
        if after.is_multiple_of(2) {
            let ended = self.world.phones[phone].sync();
            self.trace.update(format!("{ended:?}"));
        } else {
            let household = (after as usize) % self.world.households.len();
            let value = self.words("断电时的门牌");
            self.edit(phone, household, "own", "address", &value, |_, _| {});
        }
        // What was acknowledged before the power went is there, whatever the disk loses.
        self.world.phones[phone].restart(lossy);
    }

    /// Only what the endpoint has can come back, so it happens to a phone without unsent work.
    fn evict(&mut self, phone: usize) {
        if self.is_off(phone) || self.clones.values().any(|of| *of == phone) {
            return;
        }
        if !self.has_handed_over(phone) {
            return;
        }
        // Both copies of what came after the backup may be gone if it were put back now.
        self.backup = None;
        let role = if phone == 0 { Role::Leader } else { Role::Member };
        self.world.replace_phone(phone, role);
    }

    /// What a phone has not handed over is carried by hand; then the phone may be lost.
    fn rescue(&mut self, phone: usize, to: Option<usize>, everything: bool, dies: bool) {
        // The one that may be switched off goes to the desk: a colleague could not hand its work on any more.
        let to = to.filter(|to| phone + 1 < PEOPLE.len() && *to != phone);
        let made = self.world.phones[phone].ask(Request::MakeRescue { everything });
        let Some(Reply::MakeRescue { file }) = self.notice(phone, &made).cloned() else {
            return;
        };
        let taken = match to {
            Some(to) => {
                let opened = self.world.phones[to].ask(Request::OpenRescue { text: file.text });
                matches!(self.notice(to, &opened), Some(Reply::OpenRescue { view }) if view.damaged == 0)
            }
            None => self.carried_to_the_desk(phone, &file.text),
        };
        let is_known = self
            .world
            .endpoint
            .borrow_mut()
            .knows(self.world.phones[phone].device());
        let copied = self.clones.values().any(|of| *of == phone);
        if !dies || !taken || !is_known || copied || self.is_off(phone) {
            return;
        }
        // A copy of the database from before would lose the phone that signed the file.
        self.backup = None;
        let role = if phone == 0 { Role::Leader } else { Role::Member };
        self.world.replace_phone(phone, role);
    }

    /// The desk takes a file, and of a phone that was switched off it accepts it. True when nothing was refused.
    fn carried_to_the_desk(&mut self, phone: usize, text: &str) -> bool {
        let device = self.world.phones[phone].device();
        let door = match device.filter(|_| self.is_off(phone)) {
            Some(device) => Revoked::Accepted(device),
            None => Revoked::Refused,
        };
        let handed_in = self.world.endpoint.borrow_mut().import_rescue(text, door);
        self.trace.update(format!("{handed_in:?}"));
        for (device, held) in self.revoked.values_mut() {
            *held = self.world.endpoint.borrow().changes_of(*device).len().max(*held);
        }
        handed_in.refusals.is_empty()
    }

    /// Nobody can bring back what the endpoint and the phone lost both, so a story has the one fault or the other.
    fn damage(&mut self, phone: usize, which: usize) {
        if self.restored || self.backup.is_some() {
            return;
        }
        self.damaged = true;
        self.world.phones[phone].disk.damage(Table::Chunk, which);
        self.world.phones[phone].restart(false);
    }

    /// Synchronises; everything on the phone is with the endpoint then.
    fn has_handed_over(&mut self, phone: usize) -> bool {
        self.world.phones[phone].disk.set_full(false);
        let ended = self.world.phones[phone].sync();
        let done = matches!(self.notice(phone, &ended), Some(Ok(_)));
        let phone = &self.world.phones[phone];
        done && phone.check_code().1 == 0 && phone.quarantined().is_empty()
    }

    fn clone_phone(&mut self, phone: usize) {
        if self.clones.is_empty() && !self.is_off(phone) {
            let twin = self.world.phones[phone].cloned(0xc10e);
            self.clones.insert(self.world.phones.len(), phone);
            self.world.phones.push(twin);
            let twin = self.world.phones.len() - 1;
            let value = self.words("副本的门牌");
            self.edit(twin, 0, "own", "address", &value, |_, _| {});
        }
    }

    /// The desk has switched it off.
    pub fn is_off(&self, phone: usize) -> bool {
        let one = self.clones.get(&phone).unwrap_or(&phone);
        self.revoked.contains_key(one)
    }

    fn revoke(&mut self, phone: usize) {
        if !self.is_off(phone) {
            let Some(device) = self.world.phones[phone].device() else {
                return;
            };
            let mut endpoint = self.world.endpoint.borrow_mut();
            if !endpoint.revoke(device) {
                return;
            }
            let held = endpoint.changes_of(device).len();
            drop(endpoint);
            self.revoked.insert(phone, (device, held));
        }
    }

    /// A signed request with one wrong thing in it changes nothing.
    fn attack(&mut self, phone: usize, household: usize, forgery: Forgery) {
        let Some(device) = self.world.phones[phone].device() else {
            return;
        };
        let mut endpoint = self.world.endpoint.borrow_mut();
        // Once it was rolled back, an endpoint takes what teammates wrote from whoever still holds it.
        if matches!(forgery, Forgery::OtherAuthor | Forgery::TakenActor) && endpoint.is_rolled_back() {
            return;
        }
        let before = endpoint.log.rows().len();
        let refused = endpoint.attack(
            device,
            &self.world.phones[phone].keys,
            self.world.households[household],
            forgery,
        );
        let after = endpoint.log.rows().len();
        drop(endpoint);
        self.trace.update(format!("{refused:?}"));
        if !refused || after != before {
            self.broken(format!("a hostile change was taken: {forgery:?}"));
        }
    }

    fn restore(&mut self) {
        if let Some(log) = self.backup.clone() {
            self.restored = true;
            self.world.endpoint.borrow_mut().restore(log);
            for (device, held) in self.revoked.values_mut() {
                *held = self.world.endpoint.borrow().changes_of(*device).len().max(*held);
            }
        }
    }

    /// Power, space, signal and clocks come back; everybody synchronises.
    fn heal(&mut self) {
        for phone in 0..self.world.phones.len() {
            self.world.phones[phone].disk.set_full(false);
            self.world.phones[phone].link.set(NetFault::None);
            self.world.phones[phone].restart(false);
        }
        for phone in 0..self.world.phones.len() {
            let refused = |code: &str| matches!(self.world.phones[phone].sync(), Ended::Done(Err(ClientError::Refused(told, _))) if told == code);
            if !self.clones.contains_key(&phone) && refused("unauthorized") {
                self.world
                    .rejoin(phone, if phone == 0 { Role::Leader } else { Role::Member });
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

    /// Adds to what equal seeds must have in common.
    pub fn trace_of(&mut self, words: &str) {
        self.trace.update(words);
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
            if play_story(seed, &fewer).broken.is_empty() {
                place += size;
            } else {
                acts = fewer;
            }
        }
        size /= 2;
    }
    acts
}
