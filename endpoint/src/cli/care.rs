//! `backup`, `restore`, `check`: looking after the data.

use super::args::{Backup, Restore};
use super::progress::Progress;
use super::{Problem, Terminal};
use crate::backup::{self, BackupError};
use crate::blob::folder_of_copy;
use crate::check;
use crate::clock::Clock;
use crate::store::{Store, StoreError};

impl From<BackupError> for Problem {
    fn from(error: BackupError) -> Self {
        let zh = match &error {
            BackupError::Store(_) => String::new(),
            BackupError::File { path, source } => format!("无法使用 {}：{source}", path.display()),
            BackupError::NotACopy(file) => format!("{} 不是本程序的备份，或已损坏", file.display()),
            BackupError::OtherVillage(code) => format!(
                "村 {code} 在这里是重新导入建的，和备份里的不是同一个，什么也没有改。\
                 要备份里的那个：恢复到一个空的数据文件夹；这里的不要了，加 --exactly。"
            ),
            BackupError::Source => {
                "数据库文件损坏，没有做成备份。先停止服务，再用 restore 最近的备份 --replace 换下它。".to_owned()
            }
            BackupError::InUse => "服务（或别的命令）还在用这个数据库，什么也没有改。先停止服务。".to_owned(),
            BackupError::Desk(_) => String::new(),
        };
        match error {
            BackupError::Store(error) => error.into(),
            BackupError::Desk(error) => error.into(),
            BackupError::OtherVillage(_) => Self::new(
                error.code(),
                zh,
                format!(
                    "{error}; nothing was changed. Restore into an empty folder, or with --exactly to drop what is here"
                ),
            ),
            other => Self::new(other.code(), zh, other.to_string()),
        }
    }
}

pub(super) fn backup(store: &Store, args: &Backup, terminal: Terminal) -> Result<(), Problem> {
    let copied = {
        let mut progress = Progress::new("备份", "Copying", terminal);
        backup::backup(store, &args.out, |done, of| progress.at(done, of))?
    };
    let out = args.out.display();
    terminal.say(&format!("已备份到 {out}"), &format!("Copied to {out}"));
    if copied.photos > 0 {
        let (photos, folder) = (copied.photos, folder_of_copy(&args.out));
        let folder = folder.display();
        terminal.say(
            &format!("{photos}张照片在 {folder}，和备份文件一起保存。"),
            &format!("{photos} photos are in {folder}; keep it beside the copy."),
        );
    }
    photos_missing(copied.missing, terminal);
    Ok(())
}

fn photos_missing(missing: usize, terminal: Terminal) {
    if missing > 0 {
        terminal.note(
            &format!("有{missing}张照片的文件找不到或已损坏；还留着它的手机会再传。"),
            &format!(
                "The files of {missing} photos are missing or damaged; phones that still have them hand them over."
            ),
        );
    }
}

pub(super) fn restore(args: &Restore, terminal: Terminal) -> Result<(), Problem> {
    let backend = args.data.backend()?;
    if args.replace {
        let aside = backup::replace(&backend, &args.file, Clock::system().now_s())?;
        let aside = aside.display();
        terminal.say(
            &format!("已恢复。原来的数据库留在 {aside}。手机下次同步时会把备份里没有的补回来。"),
            &format!("Restored. The database that was there is kept at {aside}. Phones hand over what the copy lacks."),
        );
        return Ok(());
    }
    let store = Store::open(&backend).inspect_err(|_| damaged(terminal))?;
    let restored =
        backup::restore(&store, &args.file, args.exactly, Clock::system().now_ms()).inspect_err(|error| {
            if error.code() == "store_damaged" {
                damaged(terminal);
            }
        })?;
    let (kept, unreadable) = (restored.kept, restored.unreadable);
    terminal.say(
        &format!("已恢复。保留了备份之后的{kept}条修改。手机下次同步时会把其余的补回来。"),
        &format!("Restored. {kept} changes made after the copy were kept. Phones hand over the rest."),
    );
    photos_missing(restored.photos_missing, terminal);
    if unreadable > 0 {
        terminal.note(
            &format!("有{unreadable}条修改已损坏，没有保留；写它们的手机会补回来。"),
            &format!("{unreadable} changes were damaged and not kept; the phones that made them hand them over."),
        );
    }
    Ok(())
}

pub(super) fn check(store: &Store, terminal: Terminal) -> Result<(), Problem> {
    let report = {
        let mut progress = Progress::new("检查", "Checking", terminal);
        check::check(store, |done, of| progress.at(done, of)).map_err(|error| match error {
            StoreError::Damaged(_) => unreadable(&error),
            other => other.into(),
        })?
    };
    let (spaces, documents, changes, photos) = (report.spaces, report.documents, report.changes, report.photos);
    terminal.say(
        &format!("检查了{spaces}个村、{documents}份文档、{changes}条修改、{photos}张照片。"),
        &format!("Checked {spaces} villages, {documents} documents, {changes} changes, {photos} photos."),
    );
    for fault in &report.faults {
        terminal.say(&format!("  {}", fault.sentence.zh), &format!("  {}", fault.sentence.en));
    }
    let count = report.faults.len();
    if count > 0 {
        return Err(Problem::new(
            "check_failed",
            format!("发现{count}处问题"),
            format!("{count} faults were found"),
        ));
    }
    terminal.say("没有问题。", "No faults.");
    Ok(())
}

/// The check itself could not go on.
fn unreadable(error: &StoreError) -> Problem {
    Problem::new(
        error.code(),
        "数据库文件损坏，读不下去。先停止服务，再用 restore 最近的备份 --replace 换下它；手机会把备份里没有的补回来。",
        format!("{error}; stop the server and restore the latest copy with --replace: phones hand over what it lacks"),
    )
}

fn damaged(terminal: Terminal) {
    terminal.note(
        "现有数据库已损坏，不能直接恢复。先停止服务，再加 --replace 用备份换下它。",
        "The present database is damaged. Stop the server, then put the copy in its place with --replace.",
    );
}
