//! Findings of several spaces: brings each to where it asks to be and may, keeps the feeds of all its spaces alike, lets
//! them read its photos, and makes the people who appear in it known by name. Looks at what is stored, never at what was
//! just asked, so that it is right in whatever order things came, and done again it changes nothing.

use crate::blob::sweep::names_in;
use crate::desk::{Desk, DeskError};
use crate::store::{SqliteLog, StoreError, area, blob, people};
use crate::village;
use bianfang::base::id::{DocId, MemberId, SpaceId};
use bianfang::doc::{DocKind, Document, Header};
use bianfang::sync::hub;
use bianfang::sync::log::Log as _;
use bianfang::sync::share::asked;
use bianfang::sync::wire::{Bundle, DocChanges};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// After work was taken in a space: does for its findings what they ask for.
///
/// # Errors
/// The database's. A finding that cannot be opened is left as it is.
pub fn after<'a>(
    tx: &Connection,
    space: SpaceId,
    parts: impl Iterator<Item = &'a DocChanges>,
    now_ms: i64,
) -> Result<(), DeskError> {
    let findings: BTreeSet<DocId> = parts
        .filter(|part| part.kind == DocKind::Finding)
        .map(|part| part.document)
        .collect();
    if findings.is_empty() || !area::is_related(tx, space)? {
        return Ok(());
    }
    for document in findings {
        follow(tx, document, now_ms)?;
    }
    Ok(())
}

/// Looks at all findings of a space anew: after a village was added to a group.
///
/// # Errors
/// The database's.
pub fn look_again(tx: &Connection, space: SpaceId, now_ms: i64) -> Result<(), DeskError> {
    for document in area::findings(tx, space, false)? {
        follow(tx, document, now_ms)?;
    }
    Ok(())
}

/// Does for one finding what it asks for.
fn follow(tx: &Connection, document: DocId, now_ms: i64) -> Result<(), DeskError> {
    let mut spaces = area::spaces_of(tx, document)?;
    let Some(first) = spaces.first() else { return Ok(()) };
    let open = match Desk::open(tx, *first, DocKind::Finding, document) {
        Ok(open) => open,
        Err(DeskError::Document(error)) => {
            tracing::error!(code = error.code(), %document, "a finding was not looked at");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let mut looked = 0;
    // A space that it came to may know people who asked for more; there are only so many spaces.
    while let Some(space) = spaces.get(looked).copied() {
        looked += 1;
        for to in wanted(tx, space, &open)? {
            if !spaces.contains(&to) {
                spaces.push(to);
            }
        }
    }
    if spaces.len() < 2 {
        return Ok(());
    }
    rolled_back_together(tx, &spaces)?;
    let others = spaces.split_off(1);
    let mut home = SqliteLog::new(tx, spaces[0]);
    // Twice, so that what the last one brings reaches the first ones too.
    for other in others.iter().chain(&others) {
        hub::meet(&mut home, &mut SqliteLog::new(tx, *other), document)?;
    }
    let all: Vec<SpaceId> = spaces.into_iter().chain(others).collect();
    share_photos(tx, &all, &open)?;
    introduce(tx, &all, &open, now_ms)
}

/// A database is brought back as a whole: where one space of a finding noticed it, work of people of another may have come
/// from a teammate, and they themselves have to be able to go on with it.
fn rolled_back_together(tx: &Connection, spaces: &[SpaceId]) -> Result<(), StoreError> {
    let mut noticed = false;
    for space in spaces {
        noticed = noticed || SqliteLog::new(tx, *space).rolled_back()?;
    }
    for space in spaces.iter().filter(|_| noticed) {
        SqliteLog::new(tx, *space).note_rollback()?;
    }
    Ok(())
}

/// The spaces to which people of a space may bring a finding, and did.
fn wanted(tx: &Connection, space: SpaceId, document: &Document) -> Result<Vec<SpaceId>, StoreError> {
    if !area::is_related(tx, space)? {
        return Ok(Vec::new());
    }
    let asked = asked(document, |member| people::grant(tx, space, member))?;
    let mut wanted = Vec::new();
    if let Some(village) = asked.down
        && area::covers(tx, space, village)?
    {
        wanted.push(village);
    }
    for group in asked.up {
        if area::covers(tx, group, space)? {
            wanted.push(group);
        }
    }
    Ok(wanted)
}

/// Every space of a finding may read the photos that it names, as soon as one of them holds them.
fn share_photos(tx: &Connection, spaces: &[SpaceId], document: &Document) -> Result<(), StoreError> {
    for name in names_in(document) {
        share_photo(tx, spaces, name)?;
    }
    Ok(())
}

fn share_photo(tx: &Connection, spaces: &[SpaceId], name: bianfang::base::picture::BlobId) -> Result<(), StoreError> {
    let mut held = None;
    for space in spaces {
        held = held.or(blob::get(tx, *space, name)?);
    }
    let Some(held) = held else { return Ok(()) };
    for space in spaces {
        blob::add(tx, &blob::BlobRow { space: *space, ..held })?;
    }
    Ok(())
}

/// A photo was handed over in a space: the other spaces of the findings that name it may read it too.
///
/// # Errors
/// The database's.
pub fn photo_came(tx: &Connection, space: SpaceId, name: bianfang::base::picture::BlobId) -> Result<(), DeskError> {
    for document in area::findings(tx, space, true)? {
        match Desk::open(tx, space, DocKind::Finding, document) {
            Ok(open) if names_in(&open).contains(&name) => share_photo(tx, &area::spaces_of(tx, document)?, name)?,
            Ok(_) | Err(DeskError::Document(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Who wrote in a finding, or is named in it, is known by name in all its spaces.
fn introduce(tx: &Connection, spaces: &[SpaceId], document: &Document, now_ms: i64) -> Result<(), DeskError> {
    let mut people: BTreeSet<MemberId> = document.changes().iter().filter_map(|change| change.author).collect();
    let steps = document.steps_done();
    let named = steps.iter().flat_map(|step| step.fields.values());
    people.extend(named.filter_map(|value| value.parse::<MemberId>().ok()));
    let mut known = Vec::new();
    for member in people {
        for space in spaces {
            let role = people::grant(tx, *space, member)?;
            if let (Some(role), Some(person)) = (role, people::member(tx, member)?) {
                known.push((person, role, *space));
                break;
            }
        }
    }
    let desk = Desk::load_or_make(tx, now_ms)?;
    for space in spaces {
        village::know(tx, &desk, *space, &known, now_ms)?;
    }
    Ok(())
}

/// After a restored backup a phone may bring a finding to the endpoint that knows it in another space only, because it
/// learnt of it there first. Who shows a stored change of it had it before, and so had this space.
///
/// # Errors
/// The database's.
pub fn adopt(tx: &Connection, space: SpaceId, bundles: &[Bundle]) -> Result<(), StoreError> {
    let mut log = SqliteLog::new(tx, space);
    if bundles.is_empty() || !area::is_related(tx, space)? || !log.rolled_back()? {
        return Ok(());
    }
    for part in bundles.iter().flat_map(|bundle| &bundle.documents) {
        let strange = part.kind == DocKind::Finding && log.document(part.document)?.is_some_and(|facts| !facts.here);
        if !strange {
            continue;
        }
        let mut shown = false;
        for header in part.changes.iter().filter_map(|bytes| Header::read(bytes).ok()) {
            shown = shown || area::is_stored(tx, part.document, header.hash)?;
        }
        for other in area::spaces_of(tx, part.document)? {
            if shown && (area::covers(tx, other, space)? || area::covers(tx, space, other)?) {
                hub::meet(&mut SqliteLog::new(tx, other), &mut log, part.document)?;
            }
        }
    }
    Ok(())
}
