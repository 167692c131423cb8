//! `village import-rescue` and `device accept`: what was carried to the desk in a file.

use super::{Problem, Terminal};
use crate::clock::Clock;
use crate::rescue::{self, Found, SignedBy, TakeError};
use crate::store::Store;
use bianfang::base::date::Date;
use bianfang::base::limits::RESCUE_FILE_BYTES_MAX;
use bianfang::sync::hub::HandedIn;
use bianfang::sync::rescue::RescueError;
use std::io::{BufRead as _, Read as _};
use std::path::Path;

/// Things missing from a damaged file that are printed; the rest is counted.
const LOST_MAX: usize = 100;

impl From<TakeError> for Problem {
    fn from(error: TakeError) -> Self {
        let (code, zh, en) = match error {
            TakeError::Store(error) => return error.into(),
            TakeError::Desk(error) => return error.into(),
            TakeError::Audit { .. } => (
                "audit_unwritable",
                format!("记不下这次接收，什么也没有收：{error}"),
                format!("this could not be noted, so nothing was taken: {error}"),
            ),
            TakeError::File(error) => {
                let (zh, en) = match error {
                    RescueError::NotOurs => ("这不是遍访手机的备份文件。", "this is no rescue file of a telephone"),
                    RescueError::Newer => (
                        "这份备份是新版本做的，请先更新本程序。",
                        "the file was made by a newer release; update this program first",
                    ),
                    RescueError::OtherVillage => (
                        "这份备份不是这里任何一个村的，打不开，什么也没有收。",
                        "the file belongs to no village here; nothing was taken",
                    ),
                    RescueError::Damaged => (
                        "这份备份坏了，一段也读不出来。请对方重新备份，再传一次。",
                        "no part of the file can be read; ask for a new one",
                    ),
                    RescueError::TooLarge => ("文件太大，不是手机的备份。", "too large to be a rescue file"),
                };
                (error.code(), zh.to_owned(), en.to_owned())
            }
        };
        Self::new(code, zh, en)
    }
}

/// Takes the file of phones that are in use.
pub(super) fn import(store: &Store, file: &Path, terminal: Terminal) -> Result<(), Problem> {
    let found = rescue::look(store, &read(file)?)?;
    describe(&found, terminal);
    let taken = rescue::import(store, &found, &Clock::system())?;
    say(&taken, terminal);
    if found
        .signers
        .iter()
        .any(|signer| signer.is_revoked() && signer.known < signer.changes)
    {
        terminal.note(
            "其中有已停用的手机，没有收。看清是谁的以后，用 device accept 接收。",
            "Some of it comes from a revoked telephone and was not taken; look whose it is and use device accept.",
        );
    }
    finished(&found, &taken)
}

/// Accepts what a phone that was switched off had not handed over.
pub(super) fn accept(store: &Store, file: &Path, yes: bool, terminal: Terminal) -> Result<(), Problem> {
    let found = rescue::look(store, &read(file)?)?;
    describe(&found, terminal);
    let revoked: Vec<&SignedBy> = found.signers.iter().filter(|signer| signer.is_revoked()).collect();
    if revoked.is_empty() {
        return Err(Problem::new(
            "rescue_not_revoked",
            "里面没有已停用手机的内容。用 village import-rescue 导入。",
            "nothing in it comes from a revoked telephone; use village import-rescue",
        ));
    }
    if let Some(forged) = revoked.iter().find(|signer| !signer.genuine) {
        let id = forged.id;
        return Err(Problem::new(
            "rescue_forged",
            format!("签名不是手机 {id} 的，什么也没有收。"),
            format!("the signature is not that of telephone {id}; nothing was taken"),
        ));
    }
    if !yes && !agreed(terminal) {
        return Err(Problem::new(
            "not_confirmed",
            "没有确认，什么也没有收。",
            "not confirmed; nothing was taken",
        ));
    }
    let mut all = HandedIn::default();
    for signer in revoked {
        let taken = rescue::accept(store, &found, signer, &Clock::system())?;
        all.taken += taken.taken;
        all.known += taken.known;
        all.refusals.extend(taken.refusals);
    }
    say(&all, terminal);
    terminal.note(
        "手机仍然停用。这次接收记在数据文件夹的 audit.log。",
        "The telephone stays revoked. What was accepted is noted in audit.log in the folder of the data.",
    );
    finished(&found, &all)
}

fn read(file: &Path) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    // One byte more than may be, so that a file that is too large is known as such without being held.
    let read =
        std::fs::File::open(file).and_then(|open| open.take(RESCUE_FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(error) => Err(super::import::unreadable(file, &error)),
    }
}

fn describe(found: &Found, terminal: Terminal) {
    let village = format!("{} {}", found.space.code, found.space.name);
    let made = found.opened.contents.as_ref();
    let (by, on) = made.map_or_else(Default::default, |made| {
        (made.name.clone(), Date::in_china(made.made_ms).to_string())
    });
    terminal.say(
        &format!("备份：{village}，{by}，{on}"),
        &format!("Rescue file: {village}, {by}, {on}"),
    );
    for signer in &found.signers {
        let SignedBy {
            id,
            name,
            documents,
            changes,
            known,
            ..
        } = signer;
        let days = signer
            .days
            .map_or_else(String::new, |(first, last)| format!("{first} – {last}"));
        let label = signer.device.as_ref().map_or("", |device| device.label.as_str());
        let (zh, en) = match &signer.device {
            None => ("不认识的手机", "unknown telephone"),
            Some(device) if device.revoked_s.is_some() => ("已停用", "revoked"),
            Some(_) => ("在用", "in use"),
        };
        terminal.say(
            &format!("  {id}\t{name}\t{label}\t{zh}\t{documents}份记录\t{changes}条修改，已有{known}条\t{days}"),
            &format!("  {id}\t{name}\t{label}\t{en}\t{documents} records\t{changes} changes, {known} known\t{days}"),
        );
    }
    for lost in found.opened.lost.iter().take(LOST_MAX) {
        let (label, changes) = (&lost.label, lost.changes);
        terminal.say(
            &format!("  坏了，读不出：{label} {changes}条修改"),
            &format!("  damaged and missing: {label}, {changes} changes"),
        );
    }
    if found.opened.damaged > 0 {
        let (damaged, blocks) = (found.opened.damaged, found.opened.blocks);
        terminal.say(
            &format!("  文件损坏：{blocks}段里有{damaged}段读不出来，其余照收。请对方把备份再传一次。"),
            &format!("  The file is damaged: {damaged} of {blocks} parts cannot be read. Ask for it once more."),
        );
    }
}

fn say(taken: &HandedIn, terminal: Terminal) {
    let (fresh, known, refused) = (taken.taken, taken.known, taken.refusals.len());
    terminal.say(
        &format!("新收{fresh}条修改，原来就有{known}条，没有收{refused}条。"),
        &format!("{fresh} changes taken, {known} were here already, {refused} refused."),
    );
    let mut reasons: Vec<&str> = taken.refusals.iter().map(|refusal| refusal.code.code()).collect();
    reasons.sort_unstable();
    for group in reasons.chunk_by(|one, other| one == other) {
        let (code, count) = (group[0], group.len());
        terminal.note(
            &format!("  没有收：{code} {count}条"),
            &format!("  refused: {code} {count}"),
        );
    }
}

/// 0 only when all that the file ever held is here.
fn finished(found: &Found, taken: &HandedIn) -> Result<(), Problem> {
    if taken.refusals.is_empty() && found.opened.damaged == 0 {
        return Ok(());
    }
    Err(Problem::new(
        "rescue_incomplete",
        "文件里的内容没有全部收下，原因见上。",
        "not everything in the file was taken; see above",
    ))
}

fn agreed(terminal: Terminal) -> bool {
    terminal.note(
        "接收这些内容吗？输入 yes 回车确认：",
        "Accept this? Type yes and press return:",
    );
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.is_ok() && ["yes", "y", "是"].contains(&line.trim())
}
