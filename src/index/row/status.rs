//! What the events of a finding say, as its row keeps it.

use super::{RowStatus, TEXT_MAX, read_date, read_option, small, write_date, write_option};
use crate::base::codec::{DecodeError, Reader, Writer};
use crate::base::date::Date;
use crate::base::id::MemberId;
use crate::doc::Document;
use crate::ledger::procedure::After;
use crate::ledger::{self, Counts, Folded, Procedures};

/// The status by the events; nothing where there are none.
pub(super) fn of(
    document: &Document,
    finder: Option<MemberId>,
    procedure: &str,
    procedures: &Procedures,
) -> Option<RowStatus> {
    let events = document.steps_done();
    // Under a version that this release does not know nothing counts, and the finding stays open.
    let version = ledger::version_of(&events)?;
    let procedure = procedures.of(procedure, Some(version));
    let folded = Folded::new(&procedure, finder, &events);
    // On the earliest day nothing follows from days that went by.
    let standing = folded.standing(Date::MIN);
    let day = |text: &str| text.parse::<Date>().ok();
    let assigner = standing.facts.get("owner").map(|fact| folded.events[fact.event]);
    Some(RowStatus {
        version,
        state: procedure.states[standing.state].name.clone(),
        open: procedure.states[standing.state].counts == Counts::Open,
        since: standing.since,
        due: day(standing.fact("due")).or_else(|| match &procedure.states[standing.state].then {
            Some((After::Day(fact), _)) => day(standing.fact(fact)),
            _ => None,
        }),
        first_due: folded.original("due").and_then(|fact| day(&fact.value)),
        owner: standing.fact("owner").parse().ok(),
        lead_dept: standing.fact("lead_dept").to_owned(),
        assigner: assigner.and_then(|event| Some((event.author?, event.role.clone()))),
        disputed: standing.dispute.is_some(),
        changed: folded.changed_after_signing(&document.judged_now()),
    })
}

pub(super) fn write_status(writer: &mut Writer, status: &RowStatus) {
    writer.number(u64::from(status.version));
    writer.text(&status.state);
    writer.byte(u8::from(status.open));
    write_date(writer, status.since);
    write_date(writer, status.due);
    write_date(writer, status.first_due);
    write_option(writer, status.owner.as_ref(), |writer, id| writer.raw(id.as_bytes()));
    writer.text(&status.lead_dept);
    write_option(writer, status.assigner.as_ref(), |writer, (member, role)| {
        writer.raw(member.as_bytes());
        writer.text(role);
    });
    writer.byte(u8::from(status.disputed));
    writer.byte(u8::from(status.changed));
}

pub(super) fn read_status(reader: &mut Reader<'_>) -> Result<RowStatus, DecodeError> {
    Ok(RowStatus {
        version: small(reader.number()?)?,
        state: reader.text(TEXT_MAX)?.to_owned(),
        open: reader.byte()? != 0,
        since: read_date(reader)?,
        due: read_date(reader)?,
        first_due: read_date(reader)?,
        owner: read_option(reader, |reader| reader.array().map(MemberId))?,
        lead_dept: reader.text(TEXT_MAX)?.to_owned(),
        assigner: read_option(reader, |reader| {
            let member = MemberId(reader.array()?);
            Ok((member, reader.text(TEXT_MAX)?.to_owned()))
        })?,
        disputed: reader.byte()? != 0,
        changed: reader.byte()? != 0,
    })
}
