//! `form` and `campaign` `publish`, `list`, `withdraw`: what is published in villages.

use super::args::{FormPublish, FormWithdraw, Villages};
use super::progress::Progress;
use super::{Problem, Terminal, form, village};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::forms::publish::{self, Kind, Line, Outcome, PublishError, Ready};
use crate::store::Store;
use crate::store::space::{self, SpaceRow};

impl From<PublishError> for Problem {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Desk(error) => error.into(),
            other => {
                let said = other.sentence();
                Self::new(other.code(), said.zh, said.en)
            }
        }
    }
}

/// The villages that a command names, each once.
pub(super) fn chosen(store: &Store, villages: &Villages) -> Result<Vec<SpaceRow>, Problem> {
    let mut chosen: Vec<SpaceRow> = Vec::new();
    if villages.all {
        chosen = store.read(|tx| space::list(tx))?;
        chosen.retain(|one| !one.is_group);
    }
    for code in &villages.village {
        let found = village::known(store, code)?;
        if chosen.iter().all(|one| one.id != found.id) {
            chosen.push(found);
        }
    }
    if chosen.is_empty() {
        return Err(Problem::new(
            "village_none",
            "还没有村。先用 village import 导入名册。",
            "No village yet. Import a roster first: village import.",
        ));
    }
    Ok(chosen)
}

pub(super) fn publish(args: &FormPublish, terminal: Terminal) -> Result<(), Problem> {
    // The form first: a mistake in it is told even where no data are.
    let (sheets, files) = form::parts(&args.form)?;
    let reading = bianfang::form::read::read(&sheets, &files);
    let ready = Ready::new(form::mended(&reading, terminal)?, &sheets, &files)?;
    put(&super::opened(&args.data)?, &ready, &args.villages, terminal)
}

/// Publishes what was checked in the villages.
pub(super) fn put(store: &Store, ready: &Ready, villages: &Villages, terminal: Terminal) -> Result<(), Problem> {
    let villages = chosen(store, villages)?;
    let (id, version, title) = (&ready.id, &ready.version, &ready.title);
    let kb = ready.source().len().div_ceil(1024);
    terminal.say(
        &format!("{title}（{id}，版本 {version}，{kb} kB）"),
        &format!("{title} ({id}, version {version}, {kb} kB)"),
    );
    each(&villages, ("发布", "Publishing"), terminal, |space| {
        let now_ms = Clock::system().now_ms();
        let outcome = store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?;
            publish::publish(tx, &desk, space, ready, now_ms)
        })?;
        Ok(match outcome {
            Outcome::Published => (
                "已发布，手机下次同步就有",
                "published; phones get it at their next sync",
            ),
            Outcome::Again => (
                "重新启用，手机下次同步就有",
                "in use again; phones get it at their next sync",
            ),
            Outcome::Already => (
                "同样的内容已经发布过，没有改动",
                "the same is published already; nothing was written",
            ),
            Outcome::Superseded => (
                "同样的内容已经发布过，之后又发布了新版本，没有改动；要改回来请换一个版本号再发布",
                "the same was published, and a newer version after it; nothing was written. To go back, publish it under \
                 another version",
            ),
        })
    })
}

pub(super) fn withdraw(kind: Kind, args: &FormWithdraw, terminal: Terminal) -> Result<(), Problem> {
    let store = super::opened(&args.data)?;
    let villages = chosen(&store, &args.villages)?;
    let id = args.form.trim();
    let listed = |one: &SpaceRow| store.read(|tx| publish::list(tx, one.id, kind)).unwrap_or_default();
    let there: Vec<Line> = villages.iter().flat_map(listed).collect();
    if !there.is_empty() && there.iter().all(|line| line.id != id) {
        let mut ids: Vec<&str> = there.iter().map(|line| line.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = ids.join("、");
        return Err(Problem::new(
            "form_unknown",
            format!("没有发布过 {id}。已发布：{ids}"),
            format!("{id} was never published; there are: {ids}"),
        ));
    }
    each(&villages, ("停用", "Withdrawing"), terminal, |space| {
        let now_ms = Clock::system().now_ms();
        let count = store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?;
            publish::withdraw(tx, &desk, space, (kind, id), now_ms)
        })?;
        Ok(match count {
            0 => ("没有在用的，没有改动", "not in use; nothing was written"),
            _ => ("已停用，已填的都在", "withdrawn; its records stay"),
        })
    })
}

/// Does it in one village after another: a village that fails does not keep the others from theirs.
pub(super) fn each(
    villages: &[SpaceRow],
    (zh, en): (&'static str, &'static str),
    terminal: Terminal,
    work: impl Fn(bianfang::base::id::SpaceId) -> Result<(&'static str, &'static str), PublishError>,
) -> Result<(), Problem> {
    let mut progress = Progress::new(zh, en, terminal);
    let mut failed: Vec<Problem> = Vec::new();
    for (done, one) in villages.iter().enumerate() {
        let (code, name) = (&one.code, &one.name);
        match work(one.id) {
            Ok((zh, en)) => terminal.say(&format!("{code}\t{name}\t{zh}"), &format!("{code}\t{name}\t{en}")),
            Err(error) => {
                let problem = Problem::from(error);
                terminal.note(&format!("{code} {name}："), &format!("{code} {name}:"));
                problem.print(terminal);
                failed.push(problem);
            }
        }
        progress.at(done + 1, villages.len());
    }
    let (count, all) = (failed.len(), villages.len());
    match failed.pop() {
        None => Ok(()),
        Some(only) if all == 1 => Err(only),
        Some(_) => Err(Problem::new(
            "villages_failed",
            format!("{all}个村里有{count}个没有做成，原因见上；其余的已做好。改好以后可以再做一遍。"),
            format!("{count} of {all} villages failed, see above; the others are done. Mend it and do it again."),
        )),
    }
}

pub(super) fn list(kind: Kind, store: &Store, code: Option<&str>, terminal: Terminal) -> Result<(), Problem> {
    let villages = match code {
        Some(code) => vec![village::known(store, code)?],
        None => store.read(|tx| space::list(tx))?,
    };
    let mut any = false;
    for one in villages {
        let (code, name) = (&one.code, &one.name);
        let lines = store.read(|tx| publish::list(tx, one.id, kind))?;
        for line in lines {
            any = true;
            let Line {
                id,
                version,
                title,
                on,
                to,
                ..
            } = &line;
            let (zh, en) = match (line.current, to.is_empty()) {
                (true, _) => ("在用".to_owned(), "in use".to_owned()),
                (false, true) => ("已有新版本".to_owned(), "superseded".to_owned()),
                (false, false) => (format!("已停用 {to}"), format!("withdrawn {to}")),
            };
            terminal.say(
                &format!("{code}\t{name}\t{id}\t{version}\t{title}\t发布 {on}\t{zh}"),
                &format!("{code}\t{name}\t{id}\t{version}\t{title}\tpublished {on}\t{en}"),
            );
        }
    }
    if !any {
        match kind {
            Kind::Form => terminal.note(
                "还没有发布过表单。用 form publish 发布。",
                "No form is published yet: form publish.",
            ),
            Kind::Campaign => terminal.note(
                "还没有发布过专项行动。用 campaign publish 发布。",
                "No campaign is published yet: campaign publish.",
            ),
        }
    }
    Ok(())
}
