//! The screens about one household: reading it, writing it, forms begun and not saved.

use crate::base::host::Host;
use crate::client::api::{Reply, Request};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Answers what concerns one household.
    pub(super) async fn page(&mut self, request: Request) -> Result<Reply, ClientError> {
        match request {
            Request::Household { id } => Ok(Reply::Household {
                view: Box::new(self.household(&id).await?),
            }),
            Request::VisitForm { household, visit } => Ok(Reply::VisitForm {
                form: Box::new(self.visit_form(&household, &visit).await?),
            }),
            Request::SaveVisit { draft } => Ok(Reply::SaveVisit {
                saved: self.save_visit(draft).await?,
            }),
            Request::History {
                document,
                record,
                offset,
                limit,
            } => Ok(Reply::History {
                view: self.history(&document, &record, offset, limit).await?,
            }),
            other => self.form(other).await,
        }
    }

    /// Forms begun and not saved.
    async fn form(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::KeepDraft { draft } => {
                self.keep_draft(draft).await?;
                Reply::KeepDraft
            }
            Request::DropDraft { household, visit } => {
                self.drop_draft(&household, &visit).await?;
                Reply::DropDraft
            }
            Request::KeepForm { form, text } => {
                self.keep_form(&form, &text).await?;
                Reply::KeepForm
            }
            Request::KeptForm { form } => Reply::KeptForm {
                text: self.kept_form(&form).await?,
            },
            _ => return Err(ClientError::NotFound),
        })
    }
}
