//! What goes wrong in a story. Each returns whether it took place.

use super::Run;
use crate::disk::Loss;
use crate::forge::Forgery;
use crate::link::NetFault;
use crate::novelty::Novelty;
use crate::people::{self, Saved};
use crate::run::Ended;
use crate::story::PEOPLE;
use bianfang::client::api::{Reply, Request};
use bianfang::client::store::Table;
use bianfang::doc::{DocKind, Document};
use bianfang::sync::hub::Revoked;
use bianfang::sync::log::Role;

impl Run {
    /// The power of a phone is cut in the middle of a save or a synchronisation.
    pub(super) fn cut(&mut self, phone: usize, after: u64, loss: Loss) {
        self.world.phones[phone].disk.cut_after(after);
        if after.is_multiple_of(2) {
            let ended = self.world.phones[phone].sync();
            self.tell(&ended);
        } else {
            let household = (after as usize) % self.world.households.len();
            let value = self.words("断电时的门牌");
            self.edit(phone, household, "own", "address", &value, |_, _| {});
        }
        // What was acknowledged before the power went is there, whatever the disk loses.
        self.world.phones[phone].restart_after(loss);
    }

    /// Only what the endpoint has can come back, so it happens to a phone without unsent work.
    pub(super) fn evict(&mut self, phone: usize) -> bool {
        if self.is_off(phone) || self.clones.values().any(|of| *of == phone) || !self.has_handed_over(phone) {
            return false;
        }
        // Both copies of what came after the backup may be gone if it were put back now.
        self.backup = None;
        let role = if phone == 0 { Role::Leader } else { Role::Member };
        self.world.replace_phone(phone, role);
        true
    }

    /// What a phone has not handed over is carried by hand; then the phone may be lost.
    pub(super) fn rescue(&mut self, phone: usize, to: Option<usize>, everything: bool, dies: bool) -> bool {
        // The one that may be switched off goes to the desk: a colleague could not hand its work on any more.
        let to = to.filter(|to| phone + 1 < PEOPLE.len() && *to != phone);
        let made = self.world.phones[phone].ask(Request::MakeRescue { everything });
        let Some(Reply::MakeRescue { file }) = self.notice(phone, &made).cloned() else {
            return false;
        };
        let taken = match to {
            Some(to) => {
                let opened = self.world.phones[to].ask(Request::OpenRescue { text: file.text });
                matches!(self.notice(to, &opened), Some(Reply::OpenRescue { view }) if view.damaged == 0)
            }
            None => self.carried_to_the_desk(phone, &file.text),
        };
        let device = self.world.phones[phone].device();
        let is_known = self.world.endpoint.borrow_mut().knows(device);
        let copied = self.clones.values().any(|of| *of == phone);
        // What the endpoint had acknowledged and then lost is in no file of what it has not acknowledged: nobody can
        // bring back what the endpoint and the phone lost both.
        if !dies || !taken || !is_known || copied || self.is_off(phone) || self.restored {
            return true;
        }
        // A copy of the database from before would lose the phone that signed the file.
        self.backup = None;
        let role = if phone == 0 { Role::Leader } else { Role::Member };
        self.world.replace_phone(phone, role);
        true
    }

    /// The desk takes a file, and of a phone that was switched off it accepts it. True when nothing was refused.
    fn carried_to_the_desk(&mut self, phone: usize, text: &str) -> bool {
        let device = self.world.phones[phone].device();
        let door = match device.filter(|_| self.is_off(phone)) {
            Some(device) => Revoked::Accepted(device),
            None => Revoked::Refused,
        };
        let handed_in = self.world.endpoint.borrow_mut().import_rescue(text, door);
        self.tell(&handed_in);
        handed_in.refusals.is_empty()
    }

    /// Nobody can bring back what the endpoint and the phone lost both, so a story has the one fault or the other.
    pub(super) fn damage(&mut self, phone: usize, which: usize) -> bool {
        if self.restored || self.backup.is_some() {
            return false;
        }
        self.damaged = true;
        self.world.phones[phone].disk.damage(Table::Chunk, which);
        self.world.phones[phone].restart(false);
        true
    }

    /// Synchronises; everything on the phone is with the endpoint then.
    fn has_handed_over(&mut self, phone: usize) -> bool {
        self.world.phones[phone].disk.set_full(false);
        let ended = self.world.phones[phone].sync();
        let done = matches!(self.notice(phone, &ended), Some(Ok(_)));
        let phone = &self.world.phones[phone];
        done && phone.check_code().1 == 0 && phone.quarantined().is_empty()
    }

    pub(super) fn clone_phone(&mut self, phone: usize) -> bool {
        if !self.clones.is_empty() || self.is_off(phone) {
            return false;
        }
        let twin = self.world.phones[phone].cloned(0xc10e);
        self.clones.insert(self.world.phones.len(), phone);
        self.world.phones.push(twin);
        let twin = self.world.phones.len() - 1;
        let value = self.words("副本的门牌");
        self.edit(twin, 0, "own", "address", &value, |_, _| {});
        true
    }

    /// A form is open in one page when another takes the records over: whatever the first still wants to write or send, it
    /// may not, and must not call saved.
    pub(super) fn two_tabs(&mut self, phone: usize, household: usize) {
        let id = self.world.households[household];
        let opened = people::open(&self.world.phones[phone], id, "own");
        let Some(Some(form)) = self.notice(phone, &opened) else {
            return;
        };
        let value = self.words("旧页面的门牌");
        let one = &mut self.world.phones[phone];
        let first = one.take_over();
        let second = std::mem::replace(&mut one.client, first);
        let (saved, synced) = (people::save(one, form, "address", &value), one.sync());
        one.client = second;
        self.tell(&(&saved, &synced));
        if matches!(saved, Ended::Done(true)) || matches!(synced, Ended::Done(Ok(_))) {
            self.broken("a page that had lost the records wrote on".into());
        }
    }

    pub(super) fn revoke(&mut self, phone: usize) -> bool {
        let device = self.world.phones[phone].device();
        !self.is_off(phone) && device.is_some_and(|device| self.world.endpoint.borrow_mut().revoke(device))
    }

    /// The desk switches the phone off while the request that carries its work, or the answer to it, is on the way.
    pub(super) fn revoke_while_pushing(&mut self, phone: usize, request_arrived: bool) -> bool {
        if self.is_off(phone) {
            return false;
        }
        let value = self.words("停用时的门牌");
        self.edit(phone, 0, "own", "address", &value, |_, _| {});
        self.sync(phone, NetFault::SwitchedOff { request_arrived });
        self.is_off(phone)
    }

    /// A signed request with one wrong thing in it changes nothing.
    pub(super) fn attack(&mut self, phone: usize, household: usize, forgery: Forgery) -> bool {
        let Some(device) = self.world.phones[phone].device() else {
            return false;
        };
        let mut endpoint = self.world.endpoint.borrow_mut();
        // Once it was rolled back, an endpoint takes what teammates wrote from whoever still holds it.
        if matches!(forgery, Forgery::OtherAuthor | Forgery::TakenActor) && endpoint.is_rolled_back() {
            return false;
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
        self.tell(&refused);
        if !refused || after != before {
            self.broken(format!("a hostile change was taken: {forgery:?}"));
        }
        true
    }

    /// What a newer release on the same phone wrote is handed over, and arrives here as a change that this release does
    /// not understand altogether.
    pub(super) fn newer(&mut self, phone: usize, household: usize, novelty: Novelty) -> bool {
        let Some(device) = self.world.phones[phone].device() else {
            return false;
        };
        self.count += 1;
        let id = self.world.households[household];
        let written = novelty.write(self.count);
        let live = |document: &Document| -> Vec<String> {
            let record = document.record(&written.at).unwrap_or_default();
            record
                .live(&written.key)
                .iter()
                .map(|live| live.value.to_text())
                .collect()
        };
        let mut endpoint = self.world.endpoint.borrow_mut();
        let seen = live(&endpoint.open(DocKind::Household, id));
        let keys = self.world.phones[phone].keys.clone();
        let taken = endpoint.hand_in((device, &keys), (DocKind::Household, id), None, written.puts.clone());
        drop(endpoint);
        if !taken {
            return false;
        }
        let ended = self.world.phones[phone].sync();
        let arrived = matches!(self.notice(phone, &ended), Some(Ok(_)));
        let saved = Saved {
            phone,
            household: id,
            record: written.at.to_string(),
            key: written.key,
            value: written.value,
            seen,
        };
        // What the endpoint alone held is gone when its copy is put back.
        match novelty {
            _ if !arrived => self.perhaps.push(saved),
            Novelty::Term => self.saved.push(saved),
            _ => self.unknown.push(saved),
        }
        true
    }
}
