//! A simulated phone: the real client on a simulated disk and link.

use crate::disk::{Loss, SimDisk};
use crate::endpoint::SimEndpoint;
use crate::link::{SimKeys, SimLink};
use crate::random::Random;
use crate::run::{Ended, run};
use bianfang::base::host::Host;
use bianfang::base::id::DeviceId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::error::ClientError;
use bianfang::client::{Client, Moved};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Time and entropy of one phone.
#[derive(Clone)]
pub struct SimHost {
    /// The world's clock.
    pub world_ms: Rc<Cell<i64>>,
    /// How far this phone's clock is off.
    pub off_ms: Rc<Cell<i64>>,
    pub random: Random,
}

impl Host for SimHost {
    fn now_ms(&self) -> i64 {
        self.world_ms.get() + self.off_ms.get()
    }
    fn entropy(&self, out: &mut [u8]) {
        self.random.fill(out);
    }
}

/// The client of a simulated phone.
pub type SimClient = Client<SimDisk, SimLink, SimKeys, SimHost>;

/// One phone.
pub struct Phone {
    pub name: String,
    pub disk: SimDisk,
    pub link: SimLink,
    pub keys: SimKeys,
    pub host: SimHost,
    pub client: SimClient,
}

impl Phone {
    /// A new phone on which nobody has joined.
    pub fn new(name: &str, endpoint: &Rc<RefCell<SimEndpoint>>, world_ms: &Rc<Cell<i64>>, random: Random) -> Self {
        let mut secret = [0; 32];
        random.fill(&mut secret);
        let host = SimHost {
            world_ms: world_ms.clone(),
            off_ms: Rc::default(),
            random,
        };
        Self::on(name, SimDisk::default(), SimLink::to(endpoint), SimKeys(secret), host)
    }

    /// A phone on a given disk.
    pub fn on(name: &str, disk: SimDisk, link: SimLink, keys: SimKeys, host: SimHost) -> Self {
        disk.note_in(&link.trace());
        let client = Client::new(disk.clone(), link.clone(), keys.clone(), host.clone(), "sim");
        Self {
            name: name.into(),
            disk,
            link,
            keys,
            host,
            client,
        }
    }

    /// A second phone with a copied disk and the same key: a clone.
    pub fn cloned(&self, label: u64) -> Self {
        let host = SimHost {
            random: self.host.random.fork(label),
            ..self.host.clone()
        };
        let name = format!("{}'", self.name);
        Self::on(&name, self.disk.copy(), self.link.clone(), self.keys.clone(), host)
    }

    /// A clone that draws the same random numbers too, as a copied virtual machine does: it reuses actors.
    pub fn cloned_with_its_chance(&self) -> Self {
        let host = SimHost {
            random: self.host.random.copy(),
            ..self.host.clone()
        };
        let name = format!("{}\"", self.name);
        Self::on(&name, self.disk.copy(), self.link.clone(), self.keys.clone(), host)
    }

    /// The app is started anew: nothing of the memory is left.
    pub fn restart(&mut self, lossy: bool) {
        self.restart_after(if lossy { Loss::Unflushed } else { Loss::Nothing });
    }

    /// The same, after the power took this.
    pub fn restart_after(&mut self, loss: Loss) {
        self.disk.power_on_after(loss);
        self.client = self.fresh_client();
    }

    /// The core trapped: its page starts another and says so.
    pub fn restart_after_death(&mut self) {
        self.restart(false);
        self.client = self.fresh_client().after_death();
    }

    /// A second page takes the records over. Returns the first, which is still open.
    pub fn take_over(&mut self) -> SimClient {
        self.disk = self.disk.take_over();
        let second = self.fresh_client();
        std::mem::replace(&mut self.client, second)
    }

    fn fresh_client(&self) -> SimClient {
        let (disk, link) = (self.disk.clone(), self.link.clone());
        Client::new(disk, link, self.keys.clone(), self.host.clone(), "sim")
    }

    /// Asks the core as the app does. `Killed` when the power was cut in the middle.
    pub fn ask(&self, request: Request) -> Ended<Reply> {
        run(self.client.handle(request))
    }

    /// Asks and expects an answer.
    pub fn must(&self, request: Request) -> Reply {
        match self.ask(request) {
            Ended::Done(reply) => reply,
            Ended::Killed => panic!("{} was killed", self.name),
        }
    }

    /// Synchronises.
    pub fn sync(&self) -> Ended<Result<Moved, ClientError>> {
        run(self.client.sync())
    }

    /// Joins with a token and loads the village.
    pub fn join(&self, token: &str) {
        let joined = self.must(Request::Join {
            token: token.into(),
            device_label: self.name.clone(),
        });
        assert!(
            matches!(joined, Reply::Join { .. }),
            "{} could not join: {joined:?}",
            self.name
        );
        loop {
            match self.must(Request::Load) {
                Reply::Load { loading: None } => break,
                Reply::Load { loading: Some(_) } => {}
                other => panic!("{} could not load: {other:?}", self.name),
            }
        }
    }

    /// The device under which it joined.
    pub fn device(&self) -> Option<DeviceId> {
        Some(crate::endpoint::device_of(&self.keys.public()))
    }

    /// Why things were set aside.
    pub fn quarantined(&self) -> Vec<String> {
        match self.must(Request::Mine) {
            Reply::Mine { view } => view.quarantined.into_iter().map(|row| format!("{row:?}")).collect(),
            _ => Vec::new(),
        }
    }

    /// 核对码 and changes still only here.
    pub fn check_code(&self) -> (String, u32) {
        match self.must(Request::Mine) {
            Reply::Mine { view } => (view.check_code, view.strip.local),
            other => panic!("{} has no 我的: {other:?}", self.name),
        }
    }
}
