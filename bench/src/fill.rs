//! Puts the village into an endpoint: documents written by the real core, their changes appended to the feed.

use crate::village::{FIRST_MS, Fields, Household, Visit, Work};
use anyhow::{Context, Result};
use bianfang::base::host::Actors;
use bianfang::base::id::{ActorBytes, DeviceId, DocId, MemberId};
use bianfang::doc::{At, DocKind, Document, Edit, Hash, Header, Put};
use bianfang::sync::digest::Item;
use bianfang::sync::hub::running;
use bianfang::sync::log::{Log, NewChange};
use sha2::{Digest as _, Sha256};

/// The values of the document's own record.
pub fn own(fields: &Fields) -> impl Iterator<Item = Put> + '_ {
    fields.iter().map(|(key, value)| Put::Value {
        at: At::Own,
        key: key.clone(),
        value: value.clone(),
    })
}

/// A visit as one record.
pub fn create_visit(visit: &Visit) -> Put {
    Put::Create {
        at: At::table("visits", visit.id),
        fields: visit.fields.clone(),
        notes: vec![
            ("words".into(), visit.words.clone()),
            ("judgement".into(), String::new()),
        ],
    }
}

/// One save: the bytes of its change.
fn save(document: &mut Document, by: MemberId, at_ms: i64, puts: Vec<Put>, actor: ActorBytes) -> Result<Vec<u8>> {
    let edit = Edit {
        author: by,
        at_ms,
        base: document.heads(),
        puts,
    };
    let made = document.edit(&edit, actor)?;
    Ok(made.context("the edit changed nothing")?.bytes)
}

/// The actor of a visit: one start of the app a day.
fn actor(visit: &Visit) -> ActorBytes {
    let day = visit.at_ms.div_euclid(86_400_000);
    let digest = Sha256::digest([visit.by.as_bytes(), day.to_be_bytes().as_slice()].concat());
    let mut actor = [0; 16];
    actor[..12].copy_from_slice(&digest[..12]);
    actor[12..].copy_from_slice(&visit.id.as_bytes()[12..]);
    // The app counts its saves of the day; here a small number that the visit determines does as well.
    actor[12..15].fill(0);
    ActorBytes(actor)
}

/// The hash of a change.
pub fn hash(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes.get(8..).unwrap_or_default()).into())
}

/// The document of a household with the changes that made it: one by the import, then one a visit.
pub fn document(household: &Household, importer: MemberId, actors: &mut Actors) -> Result<(Document, Vec<Vec<u8>>)> {
    let mut document = Document::new(DocKind::Household, household.id);
    let persons = household.persons.iter().map(|person| Put::Create {
        at: At::table("persons", person.id),
        fields: person.fields.clone(),
        notes: vec![("notes".into(), String::new())],
    });
    let import = own(&household.fields).chain(persons).collect();
    let mut changes = vec![save(&mut document, importer, FIRST_MS, import, actors.fresh())?];
    let mut visits: Vec<&Visit> = household.visits.iter().collect();
    visits.sort_by_key(|visit| visit.at_ms);
    for visit in visits {
        changes.push(save(
            &mut document,
            visit.by,
            visit.at_ms,
            vec![create_visit(visit)],
            actor(visit),
        )?);
    }
    Ok((document, changes))
}

/// The two saves of one household's work: a field, then a visit.
pub fn work(document: &mut Document, work: &Work, by: MemberId, actors: &mut Actors) -> Result<Vec<Vec<u8>>> {
    let field = Put::Value {
        at: At::Own,
        key: work.key.clone(),
        value: work.value.clone(),
    };
    let at_ms = work.visit.at_ms;
    let actor = actors.fresh();
    Ok(vec![
        save(document, by, at_ms, vec![field], actor)?,
        save(document, by, at_ms + 60_000, vec![create_visit(&work.visit)], actor)?,
    ])
}

/// One save of some of the household's own fields.
pub fn write(document: &mut Document, fields: &Fields, by: MemberId, at_ms: i64, actor: ActorBytes) -> Result<Vec<u8>> {
    save(document, by, at_ms, own(fields).collect(), actor)
}

/// Appends changes to a feed as the hub does after admission.
pub fn append<L: Log>(log: &mut L, device: DeviceId, document: DocId, changes: Vec<Vec<u8>>, at_ms: i64) -> Result<()>
where
    L::Error: std::error::Error + Send + Sync + 'static,
{
    for bytes in changes {
        let header = Header::read(&bytes)?;
        let mut end = log.end()?;
        end.seq += 1;
        end.running = running(&end.running, document, header.hash);
        end.digest.add(&Item::of(document, header.hash));
        let change = NewChange {
            kind: DocKind::Household,
            document,
            header,
            bytes,
            device,
            received_s: at_ms.div_euclid(1000),
        };
        log.append(change, end)?;
    }
    Ok(())
}
