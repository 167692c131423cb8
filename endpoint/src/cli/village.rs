//! `village`: lists what there is.

use super::{Problem, Terminal};
use crate::store::{Store, space};

pub(super) fn list(store: &Store, terminal: Terminal) -> Result<(), Problem> {
    let mut spaces = store.read(|tx| space::list(tx))?;
    spaces.retain(|one| !one.is_group);
    if spaces.is_empty() {
        terminal.note(
            "还没有村。先用 village import 导入名册。",
            "No village yet. Import a roster first: village import.",
        );
    }
    for one in spaces {
        let (code, name, households) = (&one.code, &one.name, one.households);
        let (members, devices, changes) = (one.members, one.devices, one.seq);
        terminal.say(
            &format!("{code}\t{name}\t{households}户\t{members}人\t{devices}部手机\t{changes}条修改"),
            &format!("{code}\t{name}\t{households} households\t{members} people\t{devices} phones\t{changes} changes"),
        );
    }
    Ok(())
}

/// The village with this code.
pub(super) fn known(store: &Store, code: &str) -> Result<space::SpaceRow, Problem> {
    let spaces = store.read(|tx| space::list(tx))?;
    if let Some(found) = spaces.iter().find(|one| one.code == code) {
        return Ok(found.clone());
    }
    let there: Vec<String> = spaces.iter().map(|one| format!("{} {}", one.code, one.name)).collect();
    let there = there.join("，");
    Err(Problem::new(
        "village_unknown",
        format!("没有村编码 {code}。已有：{there}"),
        format!("there is no village {code}; there are: {there}"),
    ))
}
