//! `village`: lists what there is, and sets what the county decides for villages.

use super::args::VillageSet;
use super::{Problem, Terminal, publish};
use crate::clock::Clock;
use crate::desk::{Desk, DeskEdit};
use crate::store::{Store, space};
use bianfang::doc::{At, DocKind, Put, village_id};
use bianfang::register::enums::REGION;

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

/// Writes what the county decides into the documents of villages; what stands there already is not written again.
pub(super) fn set(store: &Store, args: &VillageSet, terminal: Terminal) -> Result<(), Problem> {
    let mut decided: Vec<(&str, &str)> = Vec::new();
    if let Some(region) = args.region.as_deref().map(str::trim) {
        if !region.is_empty() && REGION.iter().all(|known| known.value != region) {
            return Err(Problem::new(
                "region_unknown",
                format!("没有“{region}”这类地区：请写 wet（丰水区）或 dry（缺水区）"),
                format!("there is no region “{region}”: write wet or dry"),
            ));
        }
        decided.push(("region", region));
    }
    if let Some(blocks) = args.sweep_blocks.as_deref().map(str::trim) {
        let value = match blocks {
            "yes" => "是",
            "no" => "否",
            other => {
                return Err(Problem::new(
                    "answer_unknown",
                    format!("--sweep-blocks 只能写 yes 或 no，不能写“{other}”"),
                    format!("--sweep-blocks takes yes or no, not “{other}”"),
                ));
            }
        };
        decided.push(("sweep_blocks_parent", value));
    }
    let put = |(key, value): &(&str, &str)| Put::Value {
        at: At::Own,
        key: (*key).to_owned(),
        value: (*value).into(),
    };
    let villages = publish::chosen(store, &args.villages)?;
    publish::each(&villages, ("设置", "Setting"), terminal, |space| {
        let now_ms = Clock::system().now_ms();
        let made = store.write(|tx| {
            let desk = Desk::load_or_make(tx, now_ms)?;
            let edit = DeskEdit {
                kind: DocKind::Village,
                document: village_id(space),
                author: desk.member(),
                puts: decided.iter().map(put).collect(),
            };
            desk.join(tx, space, now_ms)?;
            desk.write(tx, space, vec![edit], now_ms)
        })?;
        Ok(match made {
            0 => ("没有改动", "nothing to change"),
            _ => ("已设好，手机下次同步就有", "set; phones get it at their next sync"),
        })
    })
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
