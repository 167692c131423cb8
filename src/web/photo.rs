//! What the app's worker does with photos: requests and replies are translated, bytes travel beside them.

use super::host::WebHost;
use super::link::{FetchLink, LinkLimits};
use super::store::{self, IndexedDbStore};
use crate::base::picture::BlobId;
use crate::client::error::ClientError;
use crate::client::link::{LinkError, LinkRequest};
use crate::client::photos::api::{PhotoReply, PhotoRequest};
use crate::client::photos::{BlobLink, BlobMethod, BlobRequest, BlobResponse, Pass, PhotoKind, Photos};

/// Database and lock of the photos.
const NAME: &str = "bianfang-photos";

pub(super) type WebPhotos = Photos<IndexedDbStore, FetchLink, WebHost>;

pub(super) fn photos(slot: u32, take_over: bool) -> WebPhotos {
    let store = IndexedDbStore::new(&store::name_of(NAME, slot), take_over);
    Photos::new(store, FetchLink::new(LinkLimits::APP), WebHost)
}

impl BlobLink for FetchLink {
    async fn send_blob(&self, request: BlobRequest) -> Result<BlobResponse, LinkError> {
        let (method, body) = match request.method {
            BlobMethod::Head => ("HEAD", None),
            BlobMethod::Get => ("GET", None),
            BlobMethod::Put(bytes) => ("PUT", Some(bytes)),
        };
        let request = LinkRequest {
            body,
            path: request.path,
            token: Some(request.token),
        };
        let answer = self.ask(method, request).await?;
        Ok(BlobResponse {
            status: answer.response.status,
            ours: answer.response.ours,
            have: answer.offset.unwrap_or(0),
            complete: answer.complete,
            body: answer.response.body,
        })
    }
}

/// Answers a request about photos, with the bytes that stand beside the reply. `pass` is none on a phone that has joined
/// nowhere.
pub(super) async fn answer(
    photos: &WebPhotos,
    pass: Result<Pass, ClientError>,
    request: PhotoRequest,
    bytes: Option<Vec<u8>>,
) -> (PhotoReply, Option<Vec<u8>>) {
    match done(photos, pass, request, bytes).await {
        Ok(done) => done,
        Err(error) => {
            let problem = error.problem();
            (PhotoReply::Failed { problem }, None)
        }
    }
}

async fn done(
    photos: &WebPhotos,
    pass: Result<Pass, ClientError>,
    request: PhotoRequest,
    bytes: Option<Vec<u8>>,
) -> Result<(PhotoReply, Option<Vec<u8>>), ClientError> {
    let kind_of = |code: &str| PhotoKind::from_code(code).ok_or(ClientError::NotFound);
    Ok(match request {
        PhotoRequest::Keep { kind } => {
            let bytes = bytes.unwrap_or_default();
            let fresh = !photos.knows(BlobId::of(&bytes)).await?;
            let photo = photos.keep(&bytes, kind_of(&kind)?).await?.to_string();
            (PhotoReply::Keep { photo, fresh }, None)
        }
        PhotoRequest::Drop { photo } => {
            photos
                .take_back(photo.parse().map_err(|_| ClientError::NotFound)?)
                .await?;
            (PhotoReply::Drop, None)
        }
        PhotoRequest::Look { photo, kind, fetch } => {
            let id = photo.parse().map_err(|_| ClientError::NotFound)?;
            let found = match fetch {
                true => photos.fetch(&pass?, id, kind_of(&kind)?).await?,
                false => photos.here(id).await?,
            };
            (PhotoReply::Look { here: found.is_some() }, found)
        }
        PhotoRequest::Carry { large } => {
            let before = photos.meter().await?;
            let problem = photos.carry(&pass?, large).await.err().map(|error| error.problem());
            photos.tidy(false).await?;
            let meter = photos.meter().await?;
            let waited = |meter: &crate::client::photos::api::PhotoMeter| meter.waiting + meter.waiting_thumbs;
            let carried = waited(&before).saturating_sub(waited(&meter));
            let reply = PhotoReply::Carry {
                carried,
                meter,
                problem,
            };
            (reply, None)
        }
        PhotoRequest::Meter => {
            let meter = photos.meter().await?;
            (PhotoReply::Meter { meter }, None)
        }
    })
}
