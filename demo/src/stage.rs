//! What page and phones share: the endpoint, the village, and for each person a port with or without signal.

use crate::gate::Gate;
use crate::kept::Kept;
use crate::team::{Person, TEAM};
use crate::trouble::Trouble;
use bianfang::base::id::{MemberId, SpaceId};
use bianfang_endpoint::join::{self, Invitee, JoinError};
use bianfang_endpoint::store::StoreError;
use bianfang_endpoint::store::space;
use bianfang_endpoint::{Endpoint, desk};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Everything that is shown.
#[derive(Debug)]
pub struct Stage {
    /// The endpoint that all three phones reach, each by its own port.
    pub endpoint: Arc<Endpoint>,
    /// The village.
    pub kept: Kept,
    /// The address of the page: the only one that may show the phones in frames.
    pub page: String,
    /// How a list of one's own comes into the village.
    pub import: String,
    /// The phones, in the order of the team.
    pub phones: Vec<Phone>,
}

/// One phone.
#[derive(Debug)]
pub struct Phone {
    /// Whose.
    pub person: &'static Person,
    /// The same in the village.
    pub member: MemberId,
    /// The address of its frame.
    pub origin: String,
    /// Where the feed ended when it last asked for everything; nothing before it asked at all.
    heard: AtomicU64,
    gate: OnceLock<Gate>,
}

impl Phone {
    /// Of one person, at an address. The gate comes when its routes exist.
    pub fn new(person: &'static Person, member: MemberId, origin: String) -> Self {
        Self {
            person,
            member,
            origin,
            heard: AtomicU64::new(0),
            gate: OnceLock::new(),
        }
    }

    /// Gives it its connection; the first one stays.
    pub fn connect(&self, gate: Gate) {
        // A second one is never made.
        let _ = self.gate.set(gate);
    }

    /// Whether it has signal.
    pub async fn has_signal(&self) -> bool {
        match self.gate.get() {
            Some(gate) => gate.is_open().await,
            None => false,
        }
    }

    /// Gives or takes the signal.
    ///
    /// # Errors
    /// When its port was taken by another program meanwhile.
    pub async fn set_signal(&self, on: bool) -> Result<(), Trouble> {
        let Some(gate) = self.gate.get() else { return Ok(()) };
        if on {
            gate.open().await.map_err(|source| Trouble::Port {
                address: self.origin.clone(),
                source,
            })
        } else {
            gate.close().await;
            Ok(())
        }
    }

    /// Notes that it asked for everything up to here.
    pub fn hears(&self, seq: u64) {
        self.heard.fetch_max(seq, Ordering::Relaxed);
    }
}

impl Stage {
    /// The village's space.
    pub fn space(&self) -> SpaceId {
        self.kept.space
    }

    /// Where the feed of the village ends, and how many households there are.
    ///
    /// # Errors
    /// The database's.
    pub fn figures(&self) -> Result<(u64, u64), StoreError> {
        let row = self.endpoint.store.read(|tx| space::get(tx, self.space()))?;
        Ok(row.map_or((0, 0), |row| (row.seq, row.households)))
    }

    /// A fresh invitation for the person of a phone: of the desk for the leader, of the leader for everybody else.
    ///
    /// # Errors
    /// The database's.
    pub fn invite(&self, phone: &Phone) -> Result<String, JoinError> {
        let now_ms = self.endpoint.clock.now_ms();
        let leader = self.kept.members.first().copied();
        self.endpoint.store.write(|tx| {
            let desk = desk::Desk::load_or_make(tx, now_ms)?.member();
            let inviter = leader.filter(|leader| *leader != phone.member).unwrap_or(desk);
            let invitee = Invitee {
                member: Some(phone.member),
                name: phone.person.name.to_owned(),
                phone: phone.person.phone.to_owned(),
                role: phone.person.role,
            };
            Ok(join::invite(tx, self.space(), &invitee, inviter, now_ms)?.token)
        })
    }

    /// How an invitation stands: open, used, expired, unknown, revoked.
    ///
    /// # Errors
    /// The database's.
    pub fn state_of(&self, token: &str) -> Result<String, JoinError> {
        let now_ms = self.endpoint.clock.now_ms();
        self.endpoint.store.read(|tx| Ok(join::look(tx, token, now_ms)?.state))
    }

    /// What the page shows.
    ///
    /// # Errors
    /// The database's.
    pub async fn view(&self) -> Result<Value, StoreError> {
        let (seq, households) = self.figures()?;
        let mut phones = Vec::new();
        for phone in &self.phones {
            let heard = phone.heard.load(Ordering::Relaxed);
            phones.push(json!({
                "name": phone.person.name,
                "zh": phone.person.words.0,
                "en": phone.person.words.1,
                "origin": phone.origin,
                "on": phone.has_signal().await,
                "joined": heard > 0,
                // Something came since it asked last.
                "behind": heard > 0 && heard < seq,
            }));
        }
        Ok(json!({
            "village": self.kept.village,
            "households": households,
            "show": self.kept.show,
            "import": self.import,
            "phones": phones,
        }))
    }
}

/// The team as it was kept, person by person.
pub fn people(kept: &Kept) -> impl Iterator<Item = (&'static Person, MemberId)> {
    TEAM.iter().zip(kept.members.iter().copied())
}
