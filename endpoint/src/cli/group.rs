//! `group`: inspectors' groups, which are spaces of their own, and the villages that each covers.

use super::args::GroupCreate;
use super::{Problem, Terminal, publish};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::share;
use crate::store::{Store, area, space};
use crate::village::{self, NewVillage};

/// Makes a group, or gives one that is there another name and further villages.
pub(super) fn create(store: &Store, args: &GroupCreate, terminal: Terminal) -> Result<(), Problem> {
    let (code, name) = (args.code.trim(), args.name.trim());
    if code.is_empty() || name.is_empty() {
        return Err(Problem::new(
            "group_unnamed",
            "组的代号和名称不能空着。",
            "a group needs a code and a name",
        ));
    }
    let villages = publish::chosen(store, &args.villages)?;
    if let Some(group) = villages.iter().find(|one| one.is_group) {
        return Err(Problem::new(
            "group_covers_group",
            format!("{} 是一个组，不是村。", group.code),
            format!("{} is a group, not a village", group.code),
        ));
    }
    let now_ms = Clock::system().now_ms();
    let added = store.write(|tx| {
        if space::by_code(tx, code)?.is_some_and(|known| !known.is_group) {
            return Err(Problem::new(
                "group_code_taken",
                format!("{code} 是一个村的编码，请给组另取一个代号。"),
                format!("{code} is the code of a village; the group needs another one"),
            ));
        }
        let desk = Desk::load_or_make(tx, now_ms)?;
        let made = NewVillage {
            code: code.to_owned(),
            name: name.to_owned(),
            demonstration: false,
        };
        let group = village::make(tx, &desk, &made, now_ms)?;
        area::make_group(tx, group)?;
        village::covers(tx, &desk, group, &villages, now_ms)?;
        let mut added = 0;
        for one in &villages {
            added += usize::from(area::cover(tx, group, one.id, now_ms.div_euclid(1000))?);
            village::leaders_known(tx, &desk, (group, one.id), now_ms)?;
            // What its people wanted to be seen by the group before the group covered it.
            share::look_again(tx, one.id, now_ms)?;
        }
        share::look_again(tx, group, now_ms)?;
        Ok::<_, Problem>(added)
    })?;
    terminal.say(
        &format!("{name}（{code}）：新增{added}个村。邀请组员：bianfang invite --village {code} --role inspector …"),
        &format!("{name} ({code}): {added} villages added. Invite its people: bianfang invite --village {code} --role inspector …"),
    );
    Ok(())
}

/// Every group with what it covers.
pub(super) fn list(store: &Store, terminal: Terminal) -> Result<(), Problem> {
    let groups = store.read(|tx| {
        let mut groups = Vec::new();
        for one in space::list(tx)?.into_iter().filter(|one| one.is_group) {
            let villages = area::villages_of(tx, one.id)?.len();
            let findings = area::findings(tx, one.id, false)?.len();
            let shared = area::findings(tx, one.id, true)?.len();
            groups.push((one, villages, findings, shared));
        }
        Ok::<_, Problem>(groups)
    })?;
    if groups.is_empty() {
        terminal.note(
            "还没有组。用 group create 建立一个。",
            "No group yet. Make one with group create.",
        );
    }
    for (one, villages, findings, shared) in groups {
        let (code, name, members, devices) = (&one.code, &one.name, one.members, one.devices);
        terminal.say(
            &format!("{code}\t{name}\t{villages}个村\t{members}人\t{devices}部手机\t{findings}个问题（已交办到村{shared}个）"),
            &format!("{code}\t{name}\t{villages} villages\t{members} people\t{devices} phones\t{findings} findings ({shared} also in villages)"),
        );
    }
    Ok(())
}
