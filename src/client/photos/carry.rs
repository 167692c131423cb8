//! The way of photos to the endpoint and back: what is there already is never sent again, what is no longer what its name
//! says is never shown.

use super::entry::{Entry, State};
use super::{Pass, PhotoKind, Photos};
use crate::base::host::Host;
use crate::base::limits::{BLOB_BYTES_MAX, BLOB_SLICE_BYTES};
use crate::base::picture::BlobId;
use crate::client::error::ClientError;
use crate::client::link::LinkError;
use crate::client::store::Store;
use crate::sync::enrol::Refused;

/// Answers to one photo beyond one for each slice: places corrected, one beginning anew.
const TURNS_MORE_MAX: usize = 8;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlobMethod {
    /// How much is there?
    Head,
    /// Here is more.
    Put(Vec<u8>),
    /// Give more.
    Get,
}

/// One request about a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRequest {
    pub method: BlobMethod,
    /// Path with a leading slash.
    pub path: String,
    /// `DEVICE.TOKEN`.
    pub token: String,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlobResponse {
    pub status: u16,
    /// It is the endpoint that answers, not a captive portal.
    pub ours: bool,
    /// How much of the photo the endpoint has.
    pub have: u32,
    /// That is all of it, kept and compared.
    pub complete: bool,
    pub body: Vec<u8>,
}

/// One request, one response.
#[allow(async_fn_in_trait, reason = "used within one thread, on the phone and in tests")]
pub trait BlobLink {
    /// Sends and waits for the whole response.
    async fn send_blob(&self, request: BlobRequest) -> Result<BlobResponse, LinkError>;
}

impl<S: Store, L: BlobLink, H: Host> Photos<S, L, H> {
    /// Hands over what waits, small ones first, then the oldest; large ones only if the person wants. Returns how many
    /// the endpoint has now that it had not.
    ///
    /// # Errors
    /// No connection, or the endpoint takes no more for now. What it has, it has.
    pub async fn carry(&self, pass: &Pass, large: bool) -> Result<u32, ClientError> {
        let _one = self.carrying.lock().await;
        self.read_known().await?;
        let mut waiting: Vec<(BlobId, Entry)> = {
            let known = self.known.borrow();
            let all = known.iter().flatten();
            all.filter(|(_, entry)| entry.state == State::Waiting && (large || entry.kind != PhotoKind::Photo))
                .map(|(id, entry)| (*id, entry.clone()))
                .collect()
        };
        waiting.sort_by_key(|(id, entry)| (entry.kind == PhotoKind::Photo, entry.made_at_ms, *id));
        let mut carried = 0;
        for (id, entry) in waiting {
            let state = match self.carry_one(pass, id).await {
                Ok(()) => {
                    carried += 1;
                    State::Received(self.host.now_ms())
                }
                Err(ClientError::Refused(code, 0)) if is_for_good(&code) => State::Refused(code),
                Err(error) => return Err(error),
            };
            self.put(id, &Entry { state, ..entry }, None).await?;
        }
        Ok(carried)
    }

    async fn carry_one(&self, pass: &Pass, id: BlobId) -> Result<(), ClientError> {
        let Some(bytes) = self.here(id).await? else {
            // The storage spoiled it; its thumbnail and the record are there.
            return Err(ClientError::Refused("photo_lost".into(), 0));
        };
        let mut answer = self.ask(pass, id, BlobMethod::Head, "").await?;
        for _ in 0..bytes.len() / BLOB_SLICE_BYTES + TURNS_MORE_MAX {
            if answer.complete {
                return Ok(());
            }
            let at = (answer.have as usize).min(bytes.len());
            let slice = bytes[at..bytes.len().min(at + BLOB_SLICE_BYTES)].to_vec();
            let query = format!("?at={at}&of={}", bytes.len());
            answer = self.ask(pass, id, BlobMethod::Put(slice), &query).await?;
        }
        // It never came to an end: another time.
        Err(ClientError::Link(LinkError::Cut))
    }

    /// One request; a place that was corrected and bytes that were spoiled on the way are no errors.
    async fn ask(&self, pass: &Pass, id: BlobId, method: BlobMethod, query: &str) -> Result<BlobResponse, ClientError> {
        let request = BlobRequest {
            method,
            path: format!("{}/{id}{query}", pass.path),
            token: pass.token.clone(),
        };
        let is_head = request.method == BlobMethod::Head;
        let answer = self.link.send_blob(request).await?;
        if !answer.ours {
            return Err(ClientError::NotOurs);
        }
        if answer.status == 200 {
            return Ok(answer);
        }
        // The answer to HEAD has no body that could say more.
        let unsaid = |code: &str, wait_s| Refused {
            code: code.into(),
            wait_s,
        };
        let refused = match (Refused::decode(&answer.body), answer.status) {
            (Ok(refused), _) => refused,
            (Err(_), 401) if is_head => unsaid("unauthorized", 0),
            (Err(_), 403) if is_head => unsaid("device_revoked", 0),
            (Err(_), 404) if is_head => unsaid("not_found", 60),
            (Err(_), 429) => unsaid("too_many_requests", 60),
            (Err(_), _) => unsaid("endpoint_failed", 60),
        };
        match refused.code.as_str() {
            "photo_place" => Ok(answer),
            "photo_digest" => Ok(BlobResponse::default()),
            _ => Err(ClientError::Refused(refused.code, refused.wait_s)),
        }
    }

    /// The bytes of a photo, from here or from the endpoint; nothing when neither has it yet. What has come stays when the
    /// link breaks off.
    ///
    /// # Errors
    /// No connection, or the endpoint refuses.
    pub async fn fetch(&self, pass: &Pass, id: BlobId, kind: PhotoKind) -> Result<Option<Vec<u8>>, ClientError> {
        if let Some(bytes) = self.here(id).await? {
            return Ok(Some(bytes));
        }
        let _one = self.fetching.lock().await;
        self.read_known().await?;
        let bytes = loop {
            let at = self.coming.borrow().get(&id).map_or(0, Vec::len);
            let slice = match self.ask(pass, id, BlobMethod::Get, &format!("?at={at}")).await {
                Ok(answer) => answer.body,
                Err(ClientError::Refused(code, _)) if code == "not_found" => return Ok(None),
                Err(error) => return Err(error),
            };
            let last = slice.len() < BLOB_SLICE_BYTES;
            let mut coming = self.coming.borrow_mut();
            let come = coming.entry(id).or_default();
            come.extend_from_slice(&slice);
            if last || come.len() > BLOB_BYTES_MAX {
                break coming.remove(&id).unwrap_or_default();
            }
        };
        if BlobId::of(&bytes) != id {
            return Err(ClientError::Refused("photo_damaged".into(), 0));
        }
        let entry = Entry {
            kind,
            bytes: bytes.len() as u32,
            made_at_ms: self.host.now_ms(),
            state: State::Received(self.host.now_ms()),
        };
        if self.entry(id).is_none() {
            // No room to keep it: it is shown all the same.
            let _ = self.put(id, &entry, Some(&bytes)).await;
        }
        Ok(Some(bytes))
    }
}

/// Trying again would change nothing.
fn is_for_good(code: &str) -> bool {
    matches!(
        code,
        "photo_lost" | "photo_empty" | "photo_heic" | "photo_not_a_picture" | "photo_too_large"
    )
}
