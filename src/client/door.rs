//! The one door: a request in, its reply out. Every failure becomes a sentence; nothing panics on what people type.

use super::api::{Reply, Request};
use super::error::ClientError;
use super::link::{Keys, Link};
use super::phone::Client;
use super::store::{Store, StoreError};
use super::view::{InvitationView, StartView, SyncView};
use crate::base::host::Host;

impl<S: Store, L: Link, K: Keys, H: Host> Client<S, L, K, H> {
    /// Does what the app asks. A failure changed nothing and says so in words.
    pub async fn handle(&self, request: Request) -> Reply {
        let place = request.name();
        let reply = match self.answer(request).await {
            Ok(reply) => reply,
            Err(error) => {
                self.note(&error.code(), place).await;
                Reply::Failed {
                    problem: error.problem(),
                }
            }
        };
        if let Some(code) = self.store.trouble() {
            self.note(code, place).await;
        }
        reply
    }

    async fn note(&self, code: &str, place: &str) {
        let at_ms = self.host.now_ms();
        let mut core = self.core.lock().await;
        core.errors.note(&self.store, at_ms, code, place).await;
    }

    async fn answer(&self, request: Request) -> Result<Reply, ClientError> {
        match request {
            Request::Start { .. } => self.start().await,
            Request::Invitation { token } => self.invitation(&token).await,
            Request::Join { token, device_label } => {
                self.join(&token, &device_label).await?;
                Ok(Reply::Join {
                    view: self.book().await?.start_view(),
                })
            }
            Request::Load => Ok(Reply::Load {
                loading: self.load_next().await?,
            }),
            Request::SyncNow => self.sync_now().await,
            Request::Invite { name, role, phone } => {
                let made = self.invite(&name, &role, &phone).await?;
                Ok(Reply::Invite {
                    invitation: super::screens::invitation(made),
                })
            }
            Request::Export { what, period, language } => Ok(Reply::Export {
                file: self.export(&what, &period, &language).await?,
            }),
            Request::Rescue
            | Request::MakeRescue { .. }
            | Request::ExportAside { .. }
            | Request::RescueKept
            | Request::OpenRescue { .. }
            | Request::Leave => self.rescue(request).await,
            Request::ErrorLog => {
                let book = self.book().await?;
                let device = book
                    .enrolled()
                    .map(|enrolled| enrolled.device.to_string())
                    .unwrap_or_default();
                let device = device.get(..6).unwrap_or_default();
                Ok(Reply::ErrorLog {
                    text: book.core.errors.text(&self.version, device),
                })
            }
            Request::NoteError { code, place } => {
                self.note(&code, &place).await;
                Ok(Reply::NoteError)
            }
            Request::TryAgain { id } => {
                let key: Option<Vec<u8>> = (0..id.len())
                    .step_by(2)
                    .map(|at| u8::from_str_radix(id.get(at..at + 2)?, 16).ok())
                    .collect();
                self.book().await?.try_again(&key.ok_or(ClientError::NotFound)?).await?;
                Ok(Reply::TryAgain)
            }
            Request::Mine => Ok(Reply::Mine {
                view: self.book().await?.mine(&self.version)?,
            }),
            screen => self.book().await?.screen(screen).await,
        }
    }

    async fn start(&self) -> Result<Reply, ClientError> {
        let view = match self.book().await {
            Ok(book) => book.start_view(),
            Err(ClientError::Store(StoreError::Elsewhere)) => StartView::Elsewhere,
            Err(error) => return Err(error),
        };
        Ok(Reply::Start { view })
    }

    async fn invitation(&self, token: &str) -> Result<Reply, ClientError> {
        let looked = self.look(token).await?;
        Ok(Reply::Invitation {
            view: InvitationView {
                state: looked.state,
                village: looked.village,
                name: looked.name,
                role_words: super::screens::role_words(&looked.role),
                role: looked.role,
                inviter: looked.inviter,
                inviter_phone: looked.inviter_phone,
                households: looked.households as u32,
                bytes: looked.bytes as u32,
                expires_on: looked.expires_on,
            },
        })
    }

    async fn sync_now(&self) -> Result<Reply, ClientError> {
        let moved = self.sync().await?;
        let strip = self.book().await?.strip();
        Ok(Reply::SyncNow {
            view: SyncView {
                sent: moved.sent,
                received: moved.received,
                refused: moved.refused,
                bytes_up: moved.bytes_up as u32,
                bytes_down: moved.bytes_down as u32,
                round_trips: moved.round_trips,
                strip,
            },
        })
    }
}
