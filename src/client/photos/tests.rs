//! Photos on a phone before an endpoint in memory and a link that fails.

use super::*;
use crate::client::link::LinkError;
use crate::client::memory::{MemoryDisk, MemoryStore};
use crate::sync::enrol::Refused;
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// An endpoint of photos in memory, behind a link that breaks off after so many bytes.
#[derive(Default)]
struct Far {
    parts: RefCell<BTreeMap<String, Vec<u8>>>,
    whole: RefCell<BTreeMap<String, Vec<u8>>>,
    /// Names in the order of their arrival.
    order: RefCell<Vec<String>>,
    sent: Cell<usize>,
    /// The link goes after so many more bytes, and is back for the next request.
    cut_after: Cell<Option<usize>>,
    /// Every answer is this.
    refuse: RefCell<Option<(&'static str, u64)>>,
    /// What comes down is spoiled.
    spoil: Cell<bool>,
    portal: Cell<bool>,
}

#[derive(Clone, Default)]
struct FarLink(Rc<Far>);

impl FarLink {
    /// What passes of so many bytes before the link goes.
    fn pass(&self, bytes: usize) -> (usize, bool) {
        match self.0.cut_after.get() {
            Some(left) if left < bytes => {
                self.0.cut_after.set(None);
                (left, true)
            }
            left => {
                self.0.cut_after.set(left.map(|left| left - bytes));
                (bytes, false)
            }
        }
    }
}

impl BlobLink for FarLink {
    async fn send_blob(&self, request: BlobRequest) -> Result<BlobResponse, LinkError> {
        let far = &self.0;
        let ours = !far.portal.get();
        if let Some((code, wait_s)) = *far.refuse.borrow() {
            let code = code.to_owned();
            let body = Refused { code, wait_s }.encode();
            let status = 429;
            return Ok(BlobResponse {
                status,
                ours,
                body,
                ..BlobResponse::default()
            });
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let number = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.parse::<usize>().unwrap())
        };
        let name = path.rsplit('/').next().unwrap().to_owned();
        let mut body = Vec::new();
        let mut status = 200;
        match request.method {
            BlobMethod::Head => {}
            BlobMethod::Put(bytes) => {
                let (passed, cut) = self.pass(bytes.len());
                far.sent.set(far.sent.get() + passed);
                let mut parts = far.parts.borrow_mut();
                let part = parts.entry(name.clone()).or_default();
                assert_eq!(number("at"), Some(part.len()));
                part.extend_from_slice(&bytes[..passed]);
                if cut {
                    return Err(LinkError::Cut);
                }
                if Some(part.len()) == number("of") {
                    let part = parts.remove(&name).unwrap();
                    if BlobId::of(&part).to_string() == name {
                        far.order.borrow_mut().push(name.clone());
                        far.whole.borrow_mut().insert(name.clone(), part);
                    } else {
                        status = 422;
                        body = Refused {
                            code: "photo_digest".into(),
                            wait_s: 0,
                        }
                        .encode();
                    }
                }
            }
            BlobMethod::Get => match far.whole.borrow().get(&name) {
                None => {
                    status = 404;
                    body = Refused {
                        code: "not_found".into(),
                        wait_s: 0,
                    }
                    .encode();
                }
                Some(bytes) => {
                    let at = number("at").unwrap();
                    let end = bytes.len().min(at + crate::base::limits::BLOB_SLICE_BYTES);
                    let (passed, cut) = self.pass(end - at);
                    if cut {
                        return Err(LinkError::Cut);
                    }
                    body = bytes[at..at + passed].to_vec();
                    if far.spoil.get() {
                        body[20] ^= 1;
                    }
                }
            },
        }
        let whole = far.whole.borrow().get(&name).map(Vec::len);
        let have = whole.unwrap_or_else(|| far.parts.borrow().get(&name).map_or(0, Vec::len));
        Ok(BlobResponse {
            status,
            ours,
            have: have as u32,
            complete: whole.is_some(),
            body,
        })
    }
}

#[derive(Clone)]
struct Clock(Rc<Cell<i64>>);

impl Host for Clock {
    fn now_ms(&self) -> i64 {
        self.0.get()
    }
    fn entropy(&self, out: &mut [u8]) {
        out.fill(0);
    }
}

struct World {
    disk: MemoryDisk,
    far: FarLink,
    now_ms: Rc<Cell<i64>>,
}

impl World {
    fn new() -> Self {
        Self {
            disk: MemoryDisk::default(),
            far: FarLink::default(),
            now_ms: Rc::new(Cell::new(1_565_830_000_000)),
        }
    }

    /// As after every start of the app.
    fn open(&self) -> Photos<MemoryStore, FarLink, Clock> {
        Photos::new(
            MemoryStore::on(&self.disk),
            self.far.clone(),
            Clock(self.now_ms.clone()),
        )
    }
}

fn pass() -> Pass {
    Pass {
        path: "/v1/blobs/SPACE".into(),
        token: "DEVICE.TOKEN".into(),
    }
}

fn photo(seed: u8, bytes: usize) -> Vec<u8> {
    let mut photo = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01".to_vec();
    photo.resize(bytes, seed);
    photo
}

/// Nothing here ever waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("something waited"),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> String {
    result.unwrap_err().code()
}

#[test]
fn twenty_photos_over_a_link_cut_every_100_kb_cost_hardly_more_than_their_bytes() {
    let world = World::new();
    let photos = world.open();
    let pictures: Vec<Vec<u8>> = (0..20).map(|seed| photo(seed, 200_000)).collect();
    let ids: Vec<BlobId> = pictures
        .iter()
        .map(|bytes| ready(photos.keep(bytes, PhotoKind::Photo)).unwrap())
        .collect();
    let mut tries = 0;
    loop {
        world.far.0.cut_after.set(Some(100_000));
        // The app may die at every cut.
        match ready(world.open().carry(&pass(), true)) {
            Ok(_) => break,
            Err(ClientError::Link(LinkError::Cut)) => tries += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(tries, 39);
    let bytes: usize = pictures.iter().map(Vec::len).sum();
    assert_eq!(world.far.0.sent.get(), bytes, "nothing is sent twice");
    for (id, bytes) in ids.iter().zip(&pictures) {
        assert_eq!(&world.far.0.whole.borrow()[&id.to_string()], bytes);
    }
    assert_eq!(ready(world.open().meter()).unwrap().waiting, 0);
}

#[test]
fn small_ones_go_first_and_large_ones_only_when_wanted() {
    let world = World::new();
    let photos = world.open();
    let keep = |seed, bytes, kind| ready(photos.keep(&photo(seed, bytes), kind)).unwrap();
    let old = keep(1, 90_000, PhotoKind::Photo);
    world.now_ms.set(world.now_ms.get() + 1);
    let new = keep(2, 90_001, PhotoKind::Photo);
    let thumb = keep(3, 5_000, PhotoKind::Thumb);
    let signature = keep(4, 4_000, PhotoKind::Signature);
    assert_eq!(ready(photos.carry(&pass(), false)), Ok(2));
    let meter = ready(photos.meter()).unwrap();
    assert_eq!((meter.photos, meter.waiting, meter.waiting_thumbs), (3, 2, 0));
    assert_eq!(meter.waiting_bytes, 180_001.0);
    assert_eq!(ready(photos.carry(&pass(), true)), Ok(2));
    let order = world.far.0.order.borrow().clone();
    let mut small = order[..2].to_vec();
    small.sort();
    let mut wanted = [thumb.to_string(), signature.to_string()];
    wanted.sort();
    assert_eq!(small, wanted);
    assert_eq!(order[2..], [old.to_string(), new.to_string()]);
}

#[test]
fn a_photo_leaves_the_phone_thirty_days_after_its_receipt_and_its_thumbnail_and_a_signature_never() {
    let world = World::new();
    let photos = world.open();
    let keep = |seed, kind| ready(photos.keep(&photo(seed, 10_000), kind)).unwrap();
    let (full, thumb) = (keep(1, PhotoKind::Photo), keep(2, PhotoKind::Thumb));
    let signature = keep(4, PhotoKind::Signature);
    ready(photos.carry(&pass(), true)).unwrap();
    let late = keep(3, PhotoKind::Photo);
    world.now_ms.set(world.now_ms.get() + KEPT_MS);
    ready(photos.tidy(false)).unwrap();
    assert!(
        ready(photos.here(full)).unwrap().is_some(),
        "on the last day it is here"
    );
    world.now_ms.set(world.now_ms.get() + 1);
    ready(world.open().tidy(false)).unwrap();
    let photos = world.open();
    assert_eq!(ready(photos.here(full)), Ok(None));
    assert!(ready(photos.here(thumb)).unwrap().is_some());
    ready(photos.tidy(true)).unwrap();
    assert!(ready(photos.here(signature)).unwrap().is_some());
    assert!(
        ready(photos.here(late)).unwrap().is_some(),
        "what only this phone has stays"
    );
    // It comes back when somebody looks.
    assert_eq!(
        ready(photos.fetch(&pass(), full, PhotoKind::Photo)),
        Ok(Some(photo(1, 10_000)))
    );
    assert!(ready(photos.here(full)).unwrap().is_some());
}

#[test]
fn short_space_takes_from_what_the_endpoint_has_and_then_says_so() {
    let world = World::new();
    let photos = world.open();
    let full = ready(photos.keep(&photo(1, 50_000), PhotoKind::Photo)).unwrap();
    ready(photos.carry(&pass(), true)).unwrap();
    world.disk.limit(Some(60_000));
    let second = ready(photos.keep(&photo(2, 50_000), PhotoKind::Photo)).unwrap();
    assert_eq!(ready(photos.here(full)), Ok(None));
    assert_eq!(
        code(ready(photos.keep(&photo(3, 50_000), PhotoKind::Photo))),
        "photo_no_room"
    );
    assert!(ready(photos.here(second)).unwrap().is_some());
    // One that is fetched on a full phone is shown, and not kept.
    assert_eq!(
        ready(photos.fetch(&pass(), full, PhotoKind::Photo)),
        Ok(Some(photo(1, 50_000)))
    );
    assert_eq!(ready(photos.here(full)), Ok(None));
}

#[test]
fn what_is_no_photo_is_refused_with_its_reason() {
    let photos = World::new().open();
    let refused = |bytes: &[u8]| code(ready(photos.keep(bytes, PhotoKind::Photo)));
    assert_eq!(refused(b""), "photo_empty");
    assert_eq!(refused(b"hello, no picture"), "photo_not_a_picture");
    assert_eq!(refused(b"\0\0\0\x18ftypheic\0\0\0\0"), "photo_heic");
    assert_eq!(refused(&photo(1, BLOB_BYTES_MAX + 1)), "photo_too_large");
    assert_eq!(ready(photos.meter()), Ok(PhotoMeter::default()));
}

#[test]
fn refusals_for_good_stop_nobody_else_and_waits_stop_the_round() {
    let world = World::new();
    let photos = world.open();
    let bad = ready(photos.keep(&photo(1, 9_000), PhotoKind::Thumb)).unwrap();
    let good = ready(photos.keep(&photo(2, 9_000), PhotoKind::Photo)).unwrap();
    world.far.0.refuse.replace(Some(("photo_device_quota", 3_600)));
    assert_eq!(code(ready(photos.carry(&pass(), true))), "photo_device_quota");
    assert_eq!(ready(photos.meter()).unwrap().waiting, 1);
    world.far.0.refuse.replace(None);
    // The storage spoiled one: it can never go, the other does.
    let mut spoil = Batch::default();
    spoil.put(Table::Chunk, bad.as_bytes(), b"spoiled");
    ready(MemoryStore::on(&world.disk).commit(spoil, Durability::Strict)).unwrap();
    assert_eq!(ready(photos.carry(&pass(), true)), Ok(1));
    assert!(world.far.0.whole.borrow().contains_key(&good.to_string()));
    assert_eq!(ready(world.open().meter()).unwrap().refused, 1);
    world.far.0.portal.set(true);
    ready(photos.keep(&photo(3, 9_000), PhotoKind::Photo)).unwrap();
    assert_eq!(ready(photos.carry(&pass(), true)), Err(ClientError::NotOurs));
}

#[test]
fn a_fetch_goes_on_where_it_was_cut_and_shows_nothing_that_was_spoiled() {
    let (giver, taker) = (World::new(), World::new());
    let picture = photo(7, 150_000);
    let photos = giver.open();
    let id = ready(photos.keep(&picture, PhotoKind::Photo)).unwrap();
    let taker = World {
        far: giver.far.clone(),
        ..taker
    };
    let theirs = taker.open();
    assert_eq!(
        ready(theirs.fetch(&pass(), id, PhotoKind::Photo)),
        Ok(None),
        "not there yet"
    );
    ready(photos.carry(&pass(), true)).unwrap();
    giver.far.0.cut_after.set(Some(70_000));
    assert_eq!(code(ready(theirs.fetch(&pass(), id, PhotoKind::Photo))), "link_cut");
    giver.far.0.spoil.set(true);
    assert_eq!(
        code(ready(theirs.fetch(&pass(), id, PhotoKind::Photo))),
        "photo_damaged"
    );
    giver.far.0.spoil.set(false);
    assert_eq!(
        ready(theirs.fetch(&pass(), id, PhotoKind::Photo)),
        Ok(Some(picture.clone()))
    );
    // From here on without a link.
    assert_eq!(ready(taker.open().here(id)), Ok(Some(picture)));
    // Nothing of a village stays when it is left.
    ready(theirs.clear()).unwrap();
    assert_eq!(ready(taker.open().here(id)), Ok(None));
    assert_eq!(ready(taker.open().meter()), Ok(PhotoMeter::default()));
}

#[test]
fn a_photo_that_was_taken_back_before_it_was_sent_never_goes_up() {
    let world = World::new();
    let photos = world.open();
    let keep = |seed| ready(photos.keep(&photo(seed, 9_000), PhotoKind::Photo)).unwrap();
    let (sent, wrong) = (keep(1), keep(2));
    assert_eq!(ready(photos.knows(wrong)), Ok(true));
    ready(photos.take_back(wrong)).unwrap();
    assert_eq!(ready(world.open().knows(wrong)), Ok(false));
    assert_eq!(ready(photos.carry(&pass(), true)), Ok(1));
    ready(photos.take_back(sent)).unwrap();
    assert_eq!(
        ready(world.open().here(sent)),
        Ok(Some(photo(1, 9_000))),
        "what is sent may be named"
    );
    assert_eq!(*world.far.0.order.borrow(), [sent.to_string()]);
}
