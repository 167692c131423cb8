//! Forms that the county published: where they are offered, filling them in, the records they made.

mod counting;
mod drafts;
mod due;
mod offered;
mod open;
mod save;
mod steps;
pub(super) mod subject;
pub(super) mod words;

pub(super) use drafts::DraftOf;
pub(in crate::client) use open::Opened;
pub(super) use open::{by_question, troubles};
pub(super) use save::{VISIT_SOURCE, answered, fits_a_change};
pub(super) use words::{RECORDS, VISITS};

use super::say::both;
use crate::base::host::Host;
use crate::base::id::RecordId;
use crate::client::api::{Reply, Request};
use crate::client::error::ClientError;
use crate::client::phone::Book;
use crate::client::store::Store;
use crate::doc::At;
use due::Asked;

/// Where a record stands that was made with a form.
fn at(record: RecordId) -> At {
    At::table(RECORDS, record)
}

impl<S: Store, H: Host> Book<'_, S, H> {
    /// Answers what concerns forms.
    pub(super) async fn filled_in(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Forms { document, about } => Reply::Forms {
                view: self.forms(&document, &about).await?,
            },
            Request::OpenForm {
                document,
                about,
                form,
                record,
            } => Reply::Form {
                view: Box::new(self.open_form(&document, &about, &form, &record).await?),
            },
            Request::FormRecord { document, record } => Reply::Form {
                view: Box::new(self.form_record(&document, &record).await?),
            },
            Request::DropFormDraft {
                document,
                about,
                form,
                record,
            } => {
                self.drop_form_draft(&document, &about, &form, &record).await?;
                Reply::DropForm
            }
            Request::DueForms {
                form,
                list,
                group,
                query,
                offset,
                limit,
            } => Reply::DueForms {
                view: self
                    .due_forms(&Asked {
                        form: &form,
                        list: &list,
                        group: &group,
                        query: &query,
                        offset: offset as usize,
                        limit: limit as usize,
                    })
                    .await?,
            },
            Request::CountDue => Reply::CountDue {
                counting: self.count_more().await?,
            },
            open => {
                let opened = self.core.filling.take().ok_or_else(closed)?;
                let mut opened = opened;
                opened.fill.set_now(self.host.now_ms());
                let reply = self.on_open(&mut opened, open).await;
                if opened.stays {
                    self.core.filling = Some(opened);
                }
                reply?
            }
        })
    }

    /// What is done with the form that is open.
    async fn on_open(&mut self, opened: &mut Opened, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Answer { place, value } => Reply::Answered {
                view: self.answer(opened, &place, &value).await?,
            },
            Request::AddInstance { place } => {
                opened.fill.add_instance(&place).ok_or_else(no_more)?;
                self.keep_opened(opened).await?;
                Reply::Form {
                    view: Box::new(self.form_view(opened).await?),
                }
            }
            Request::RemoveInstance { place } => {
                opened.fill.remove_instance(&place).ok_or(ClientError::NotFound)?;
                self.keep_opened(opened).await?;
                Reply::Form {
                    view: Box::new(self.form_view(opened).await?),
                }
            }
            Request::FormLanguage { language } => {
                opened.speak(&language, self.host);
                Reply::Form {
                    view: Box::new(self.form_view(opened).await?),
                }
            }
            Request::FormChoices {
                place,
                query,
                offset,
                limit,
            } => {
                let some = opened.fill.choices(&place, &query, offset as usize, limit as usize);
                let (choices, total) = some.ok_or(ClientError::NotFound)?;
                Reply::FormChoices { choices, total }
            }
            // What a visit asks is saved with the visit.
            Request::SaveForm { .. } if opened.of.at_visit => return Err(ClientError::NotFound),
            Request::SaveForm { finish, problems } => {
                let (saved, troubles) = self.save_form(opened, finish, &problems).await?;
                opened.stays = saved.is_none();
                Reply::SavedForm { saved, troubles }
            }
            Request::DropForm => {
                self.drop_filled(&opened.of).await?;
                opened.stays = false;
                Reply::DropForm
            }
            _ => return Err(ClientError::NotFound),
        })
    }
}

/// The app was killed meanwhile, or another form was opened: the draft is there.
fn closed() -> ClientError {
    let words = both(
        "这张表单没有打开，请重新打开，填过的都在",
        "This form is not open any more; open it again, what was filled in is kept",
    );
    ClientError::Field("form_closed".into(), words)
}

fn no_more() -> ClientError {
    let words = both("不能再添加了", "No more can be added");
    ClientError::Field("form_no_more".into(), words)
}
