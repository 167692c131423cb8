//! The screens: each file reads the records in hand into the view of one screen, or writes what one screen saves.

mod compare;
mod coverage;
mod differences;
mod dispatch;
mod drafts;
mod duplicates;
mod events;
mod evidence;
mod filled;
mod finding;
mod findings;
mod forms;
mod history;
mod household;
mod households;
mod lens;
mod pages;
mod pairing;
mod papers;
mod record;
mod register;
mod reveal;
mod roster;
mod row;
mod say;
mod seen;
mod settle;
mod slots;
mod strip;
mod survey;
mod team;
mod today;
mod twins;
mod visit;
mod withdraw;

pub(super) use forms::Opened;

use super::api::{Reply, Request};
use super::error::ClientError;
use super::phone::Book;
use super::store::Store;
use super::view::{NewInvitation, TodayView, Words};
use crate::base::host::Host;
use crate::register::enums::Role;
use crate::sync::enrol::Invited;
use households::Asked;
use pairing::Decided;
use qrcodegen::{QrCode, QrCodeEcc};

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Answers a request that needs nothing but the records in hand.
    pub(super) async fn screen(&mut self, request: Request) -> Result<Reply, ClientError> {
        self.enrolled()?;
        match request {
            Request::Today => Box::pin(self.today_page()).await,
            Request::Paper { kind, findings } => Ok(Reply::Paper {
                view: self.paper(&kind, &findings).await?,
            }),
            Request::Differences { offset, limit } => Ok(Reply::Differences {
                view: self.differences(offset, limit).await?,
            }),
            Request::Households { .. }
            | Request::Findings { .. }
            | Request::Coverage { .. }
            | Request::Dispatch { .. }
            | Request::LookAlike { .. } => self.list(request),
            Request::Quality { .. }
            | Request::OpenHit { .. }
            | Request::Campaigns
            | Request::Campaign { .. }
            | Request::FourLists { .. } => Box::pin(self.surveyed(request)).await,
            Request::SavePairing {
                household,
                group,
                pairing,
                base,
                member,
                from,
                to,
            } => Ok(Reply::SavePairing {
                saved: self
                    .save_pairing(&Decided {
                        household: &household,
                        group: &group,
                        pairing: &pairing,
                        base: &base,
                        member: &member,
                        from: &from,
                        to: &to,
                    })
                    .await?,
            }),
            page => self.page(page).await,
        }
    }

    /// 今日, with what is counted for it.
    async fn today_page(&mut self) -> Result<Reply, ClientError> {
        let drafts = self.draft_rows().await?;
        let form_drafts = self.form_draft_rows().await?;
        let counting = self.count_few().await?;
        let forms = self.due_rows().await?;
        let campaigns = self.campaign_words().await?;
        Ok(Reply::Today {
            view: TodayView {
                form_drafts,
                forms,
                counting,
                campaigns,
                ..self.today_view(drafts)?
            },
        })
    }

    /// The screens that list households, problems or people.
    fn list(&self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Households {
                query,
                chip,
                group,
                offset,
                limit,
            } => Reply::Households {
                view: self.households(&Asked {
                    query: &query,
                    chip: &chip,
                    group: &group,
                    offset,
                    limit,
                })?,
            },
            Request::Findings { chip, asked } => Reply::Findings {
                view: self.findings(&chip, &asked)?,
            },
            Request::Coverage { from, to } => Reply::Coverage {
                view: self.coverage(&from, &to)?,
            },
            Request::Dispatch { period } => Reply::Dispatch {
                view: self.dispatch(&period)?,
            },
            Request::LookAlike {
                head,
                group,
                id_no,
                number,
            } => Reply::LookAlike {
                alike: self.look_alike(&head, &group, &id_no, &number)?,
            },
            _ => return Err(ClientError::NotFound),
        })
    }
}

/// A role in words.
pub(super) fn role_words(code: &str) -> Words {
    Role::from_code(code).map_or_else(
        || Words {
            zh: code.into(),
            en: code.into(),
        },
        |role| role.words().into(),
    )
}

/// An invitation as link, code and QR.
pub(super) fn invitation(made: Invited) -> NewInvitation {
    let (qr_path, qr_size) = qr(&made.link);
    NewInvitation {
        link: made.link,
        code: made.code,
        qr_path,
        qr_size,
        expires_on: made.expires_on,
    }
}

/// A QR as one SVG path over a square of modules; empty when the text does not fit.
fn qr(text: &str) -> (String, u32) {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return (String::new(), 0);
    };
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                path.push_str(&format!("M{x} {y}h1v1h-1z"));
            }
        }
    }
    (path, code.size() as u32)
}
