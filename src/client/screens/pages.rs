//! The screens about one household: reading it, writing it, forms begun and not saved.

use super::events::NewEvent;
use super::finding::AskedStep;
use super::history::Asked;
use super::register::NewHousehold;
use super::seen::document_id;
use super::settle::Settling;
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
            // On the heap, as below.
            request @ (Request::VisitForm { .. } | Request::SaveVisit { .. }) => {
                Box::pin(self.visit_page(request)).await
            }
            // On the heap: what one request needs is not kept on the stack of all the others.
            request @ (Request::Finding { .. }
            | Request::DoStep { .. }
            | Request::FindingForm { .. }
            | Request::SaveFinding { .. }
            | Request::Matters { .. }
            | Request::BeginMatter { .. }
            | Request::Circulate { .. }) => Box::pin(self.finding_page(request)).await,
            Request::HouseholdOn { id, on } => Ok(Reply::HouseholdOn {
                view: Box::new(self.household_on(&id, &on).await?),
            }),
            Request::History {
                document,
                record,
                field,
                offset,
                limit,
            } => {
                let asked = Asked {
                    document: &document,
                    record: &record,
                    field: &field,
                    offset,
                    limit,
                };
                Ok(Reply::History {
                    view: self.history(&asked).await?,
                })
            }
            Request::Evidence { document } => Ok(Reply::Evidence {
                view: self.evidence(&document).await?,
            }),
            Request::AddEvidence { document, photos } => Ok(Reply::AddEvidence {
                saved: self.add_evidence(&document, &photos).await?,
            }),
            other => Box::pin(self.write(other)).await,
        }
    }

    /// Answers what concerns one visit.
    async fn visit_page(&mut self, request: Request) -> Result<Reply, ClientError> {
        match request {
            Request::VisitForm { household, visit } => Ok(Reply::VisitForm {
                form: Box::new(self.visit_form(&household, &visit).await?),
            }),
            Request::SaveVisit {
                draft,
                finish,
                problems,
            } => {
                let (saved, troubles) = self.save_visit(draft, finish, &problems).await?;
                Ok(Reply::SaveVisit { saved, troubles })
            }
            _ => Err(ClientError::NotFound),
        }
    }

    /// Answers what concerns one problem, or a matter of a household.
    async fn finding_page(&mut self, request: Request) -> Result<Reply, ClientError> {
        match request {
            Request::Finding { id, seen } => Ok(Reply::Finding {
                view: Box::new(self.finding(document_id(&id)?, &seen).await?),
            }),
            Request::DoStep {
                id,
                base,
                event,
                fields,
                photos,
            } => {
                let asked = AskedStep {
                    document: document_id(&id)?,
                    base: &base,
                    event: &event,
                    fields: &fields,
                    photos: &photos,
                };
                self.step_done(&asked).await
            }
            Request::FindingForm { household } => Ok(Reply::FindingForm {
                view: Box::new(self.finding_form(&household)?),
            }),
            Request::SaveFinding { finding } => Ok(Reply::SaveFinding {
                saved: self.save_finding(&finding).await?,
            }),
            Request::Matters { household } => self.matters(&household).await,
            Request::BeginMatter {
                household,
                procedure,
                person,
            } => Ok(Reply::BeginMatter {
                saved: self.begin_matter(&household, &procedure, &person).await?,
            }),
            Request::Circulate { findings, text } => Ok(Reply::Circulate {
                saved: self.circulate(&findings, &text).await?,
            }),
            _ => Err(ClientError::NotFound),
        }
    }

    /// Editors and what they save.
    async fn write(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Record { document, record } => Reply::Record {
                view: self.record(&document, &record).await?,
            },
            Request::Preview {
                document,
                record,
                changes,
            } => Reply::Preview {
                fields: self.preview(&document, &record, &changes).await?,
            },
            Request::SaveRecord {
                document,
                record,
                base,
                changes,
            } => Reply::SaveRecord {
                saved: self.save_record(&document, &record, &base, &changes).await?,
            },
            Request::Withdraw {
                document,
                record,
                base,
                reason,
            } => Reply::Withdraw {
                saved: self.withdraw(&document, &record, &base, &reason).await?,
            },
            Request::Restore { document, record, base } => Reply::Restore {
                saved: self.restore(&document, &record, &base).await?,
            },
            Request::RevealId { document, person } => Reply::RevealId {
                id_no: self.reveal_id(&document, &person).await?,
            },
            other => return self.decide(other).await,
        })
    }

    /// What people decide about values that differ.
    async fn decide(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Settle {
                document,
                record,
                base,
                key,
                how,
                value,
            } => {
                let wanted = Settling {
                    document: &document,
                    record: &record,
                    base: &base,
                    key: &key,
                    how: &how,
                    value: &value,
                };
                let (saved, settled) = self.settle(&wanted).await?;
                Reply::Settle { saved, settled }
            }
            Request::Unsettle {
                document,
                record,
                base,
                key,
            } => Reply::Unsettle {
                saved: self.unsettle(&document, &record, &base, &key).await?,
            },
            other => return self.twins(other).await,
        })
    }

    /// Two records that look like one.
    async fn twins(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::Compare { one, other } => Reply::Compare {
                view: self.compare(&one, &other).await?,
            },
            Request::Decide { one, other, same, seen } => Reply::Decide {
                saved: self.decide_twins(&one, &other, same, &seen).await?,
            },
            Request::Undecide {
                one,
                other,
                seen,
                reason,
            } => Reply::Undecide {
                saved: self.undecide_twins(&one, &other, &seen, &reason).await?,
            },
            other => return self.family(other).await,
        })
    }

    /// Who belongs to a family, and families that are new.
    async fn family(&mut self, request: Request) -> Result<Reply, ClientError> {
        Ok(match request {
            Request::SaveStatusEvent {
                document,
                base,
                subject,
                kind,
                on,
                note,
                changes,
            } => {
                let new = NewEvent {
                    document: &document,
                    base: &base,
                    subject: &subject,
                    kind: &kind,
                    on: &on,
                    note: &note,
                    changes: &changes,
                };
                Reply::SaveStatusEvent {
                    saved: self.save_status_event(&new).await?,
                }
            }
            Request::RegisterHousehold {
                head,
                group,
                id_no,
                phone,
                number,
            } => {
                let new = NewHousehold {
                    head: &head,
                    group: &group,
                    id_no: &id_no,
                    phone: &phone,
                    number: &number,
                };
                Reply::RegisterHousehold {
                    saved: self.register_household(&new).await?,
                }
            }
            other => return self.unsaved(other).await,
        })
    }

    /// Forms begun and not saved.
    async fn unsaved(&mut self, request: Request) -> Result<Reply, ClientError> {
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
            // Kept apart, or every screen would carry on its stack what the largest of these needs.
            other => return Box::pin(self.filled_in(other)).await,
        })
    }
}
