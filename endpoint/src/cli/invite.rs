//! `invite`: an invitation for one person, as link, code and QR.

use super::args::Invite;
use super::serve::BASE_URL;
use super::{Problem, Terminal, village};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::entropy;
use crate::join::{self, Alike, Invitee, NewInvitation};
use crate::store::people::{self, Member};
use crate::store::{Store, StoreError};
use bianfang::base::id::{MemberId, SpaceId};
use bianfang::register::enums;
use bianfang::sync::log::Role;
use qrcodegen::{QrCode, QrCodeEcc};
use rusqlite::Connection;

/// Where phones come when nobody said otherwise.
const DEFAULT_BASE_URL: &str = "http://localhost:8080";

pub(super) fn run(store: &Store, args: &Invite, terminal: Terminal) -> Result<(), Problem> {
    let space = village::known(store, &args.village)?;
    let role = role(&args.role).ok_or_else(|| {
        let names = Role::ALL
            .iter()
            .map(|role| format!("{} {}", role.name(), in_chinese(*role)));
        let names = names.collect::<Vec<_>>().join("、");
        Problem::new(
            "role_unknown",
            format!("没有权限 {}，应为：{names}", args.role),
            format!("there is no role {}; one of {names} is expected", args.role),
        )
    })?;
    let now_ms = Clock::system().now_ms();
    let (made, base_url, leaders) = store.write(|tx| {
        let desk = Desk::load_or_make(tx, now_ms)?;
        introduce(tx, &desk, args, now_ms)?;
        let member = whom(tx, space.id, args)?;
        let invitee = Invitee {
            member: member.as_ref().map(|one| one.id),
            name: args.name.trim().to_owned(),
            phone: match (args.phone.trim(), &member) {
                ("", Some(known)) => known.phone.clone(),
                (phone, _) => phone.to_owned(),
            },
            role,
        };
        let made = join::invite(tx, space.id, &invitee, desk.member(), now_ms)?;
        let base_url = base_url(tx, args.base_url.as_deref())?;
        let leaders = people::members(tx, space.id)?
            .into_iter()
            .filter(|(one, role)| *role == Role::Leader && one.id != made.member)
            .map(|(one, _)| one.name)
            .collect::<Vec<_>>();
        Ok::<_, Problem>((made, base_url, leaders))
    })?;
    print(&made, &base_url, terminal);
    if role == Role::Leader && !leaders.is_empty() {
        let names = leaders.join("、");
        terminal.note(
            &format!("注意：一个队只有一位班长，现在已有 {names}。"),
            &format!("Note: a team has one leader; {names} is one already."),
        );
    }
    Ok(())
}

/// A role by its name in either language.
fn role(written: &str) -> Option<Role> {
    let written = written.trim();
    if written == "队长" {
        return Some(Role::Leader);
    }
    let by_words = |role: &Role| in_chinese(*role).split(['（', '）']).any(|word| word == written);
    let named = Role::from_name(&written.to_lowercase());
    named.or_else(|| Role::ALL.into_iter().find(by_words).filter(|_| !written.is_empty()))
}

/// As the app calls it.
fn in_chinese(role: Role) -> &'static str {
    enums::choice(enums::Role::CHOICES, role.name()).map_or("", |choice| choice.label.zh)
}

/// How the desk is called on invitations, when the command says so.
fn introduce(tx: &Connection, desk: &Desk, args: &Invite, now_ms: i64) -> Result<(), Problem> {
    if args.from.is_none() && args.from_phone.is_none() {
        return Ok(());
    }
    let known = people::member(tx, desk.member())?.ok_or(StoreError::Value("member"))?;
    let member = Member {
        id: known.id,
        name: args.from.clone().unwrap_or(known.name),
        phone: args.from_phone.clone().unwrap_or(known.phone),
    };
    people::put_member(tx, &member, now_ms.div_euclid(1000))?;
    Ok(())
}

/// A known person, or nobody for a new one. A name that is there already has to be decided by a person.
fn whom(tx: &Connection, space: SpaceId, args: &Invite) -> Result<Option<Member>, Problem> {
    let (name, phone) = (args.name.trim(), args.phone.trim());
    if let Some(id) = &args.same_as {
        let id: Option<MemberId> = id.trim().parse().ok();
        let found = id.map(|id| people::member(tx, id)).transpose()?.flatten();
        return found
            .map(Some)
            .ok_or_else(|| Problem::new("member_unknown", "--same-as 的编号不对", "--same-as names nobody"));
    }
    if args.new {
        return Ok(None);
    }
    let alike = join::alike(tx, space, name, phone)?;
    let joined: Vec<&Alike> = alike.iter().filter(|one| one.role.is_some()).collect();
    if joined.is_empty() {
        // Invited before and not joined yet: the new invitation replaces that one. Somebody of this name and number in
        // another village or group is the same person.
        let invited = join::certainly(&alike, name, phone).cloned();
        return Ok(match invited {
            Some(invited) => Some(invited),
            None => people::same_elsewhere(tx, name, phone)?,
        });
    }
    let list: Vec<String> = joined
        .iter()
        .map(|one| format!("{} {} {}", one.member.id, one.member.name, one.member.phone))
        .collect();
    let list = list.join("\n  ");
    Err(Problem::new(
        "member_alike",
        format!(
            "村里已有同名或同号的队员：\n  {list}\n是同一个人（换手机、第二部手机）加 --same-as 编号；是另一个人加 --new。"
        ),
        format!(
            "there are members of this name or number:\n  {list}\nadd --same-as ID for the same person, --new for another"
        ),
    ))
}

fn base_url(tx: &Connection, given: Option<&str>) -> Result<String, Problem> {
    if let Some(url) = given {
        people::put_setting(tx, BASE_URL, url.as_bytes())?;
        return Ok(url.to_owned());
    }
    let kept = people::setting(tx, BASE_URL)?.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(kept.unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()))
}

fn print(made: &NewInvitation, base_url: &str, terminal: Terminal) {
    let (link, code) = (made.link(base_url), entropy::shown_code(&made.code));
    let until = made.expires_on();
    terminal.say(&format!("链接：{link}"), &format!("Link: {link}"));
    terminal.say(&format!("邀请码：{code}"), &format!("Code: {code}"));
    terminal.say(
        &format!("有效到 {until}，用一次就作废。"),
        &format!("Valid until {until}; it can be used once."),
    );
    if let Some(picture) = qr(&link) {
        super::print(&picture);
    }
    let here = ["http://localhost", "http://127."]
        .iter()
        .any(|start| base_url.starts_with(start));
    if base_url.starts_with("http://") && !here {
        terminal.note(
            "注意：http 网址手机上装不了、没信号打不开；请用 https。",
            "Note: at an http address phones can neither install the app nor work offline; use https.",
        );
    }
    if base_url == DEFAULT_BASE_URL {
        terminal.note(
            "链接里是本机网址，手机打不开；用 --base-url https://… 说明手机用的网址，以后会记住。",
            "The link names this computer, which phones cannot reach; say --base-url https://… once.",
        );
    }
}

/// The QR in half blocks: two rows of modules in one line of text, dark on light as scanners expect.
fn qr(link: &str) -> Option<String> {
    let code = QrCode::encode_text(link, QrCodeEcc::Medium).ok()?;
    let quiet = 2;
    let mut picture = String::new();
    for row in (-quiet..code.size() + quiet).step_by(2) {
        for column in -quiet..code.size() + quiet {
            let light = |row| !code.get_module(column, row);
            picture.push(match (light(row), light(row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        picture.push('\n');
    }
    Some(picture)
}
