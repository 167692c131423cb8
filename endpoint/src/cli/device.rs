//! `device`: lists and revokes telephones.

use super::{Problem, Terminal};
use crate::clock::Clock;
use crate::desk::{Desk, DeskError};
use crate::store::people;
use crate::store::{Store, StoreError, invitation, space};
use crate::village;
use bianfang::base::date::Date;
use bianfang::base::id::DeviceId;

fn day(seconds: i64) -> String {
    Date::in_china(seconds.saturating_mul(1000)).to_string()
}

pub(super) fn list(store: &Store, terminal: Terminal) -> Result<(), Problem> {
    let rows = store.read(|tx| {
        let mut rows = Vec::new();
        for device in people::devices(tx)? {
            let member = people::member(tx, device.member)?;
            let joined = invitation::spaces_of(tx, device.id)?.into_iter();
            let codes = joined.map(|id| Ok(space::get(tx, id)?.map(|one| one.code).unwrap_or_default()));
            let codes = codes.collect::<Result<Vec<String>, StoreError>>()?.join("、");
            rows.push((device, member, codes));
        }
        Ok::<_, StoreError>(rows)
    })?;
    if rows.is_empty() {
        terminal.note(
            "还没有手机加入。先用 invite 邀请。",
            "No telephone has joined yet. Invite somebody first: invite.",
        );
    }
    for (device, member, codes) in rows {
        let name = member.map(|one| one.name).unwrap_or_default();
        let seen = device.seen_s.map_or_else(|| "—".to_owned(), day);
        let (enrolled, label, id) = (day(device.enrolled_s), &device.label, device.id);
        let (zh, en) = match device.revoked_s {
            Some(revoked) => (format!("已停用 {}", day(revoked)), format!("revoked {}", day(revoked))),
            None => ("在用".to_owned(), "in use".to_owned()),
        };
        terminal.say(
            &format!("{id}\t{name}\t{label}\t加入 {enrolled}\t最近 {seen}\t{zh}\t{codes}"),
            &format!("{id}\t{name}\t{label}\tjoined {enrolled}\tlast seen {seen}\t{en}\t{codes}"),
        );
    }
    Ok(())
}

pub(super) fn revoke(store: &Store, id: &str, terminal: Terminal) -> Result<(), Problem> {
    let unknown = || {
        Problem::new(
            "device_unknown",
            format!("没有手机 {id}；编号见 device list。"),
            format!("there is no telephone {id}; see device list"),
        )
    };
    let device: DeviceId = id.trim().parse().map_err(|_| unknown())?;
    let now_ms = Clock::system().now_ms();
    let found = store.write(|tx| {
        let Some(known) = people::device(tx, device)?.filter(|known| known.token_hash.is_some()) else {
            return Ok::<_, DeskError>(false);
        };
        people::revoke(tx, device, now_ms.div_euclid(1000))?;
        let desk = Desk::load_or_make(tx, now_ms)?;
        for space in space::list(tx)? {
            if people::grant(tx, space.id, known.member)?.is_some() {
                village::revoked(tx, &desk, space.id, device, now_ms)?;
            }
        }
        Ok(true)
    })?;
    if !found {
        return Err(unknown());
    }
    terminal.say(
        "已停用。这部手机从现在起不能再收发。上面没同步的内容可以在手机上备份成文件，用 device accept 接收。",
        "Revoked. From now on this telephone neither sends nor receives. What it had not sent can come in its rescue file: device accept.",
    );
    Ok(())
}
