//! Which villages of a roster are imported, and under which codes: what the command says, else what the file says, else
//! the village of that name which is known already.

use super::super::Problem;
use super::super::args::Import as Args;
use crate::roster::{Roster, VillageRoster};
use crate::store::space::SpaceRow;

/// Digits of the code that the bureau of statistics gives a village.
const CODE_DIGITS: usize = 12;

/// A village of the file with the code under which it is imported.
pub(super) type Chosen<'a> = (&'a VillageRoster, String);

/// The villages that are imported, with their codes.
pub(super) fn chosen<'a>(roster: &'a Roster, args: &Args, known: &[SpaceRow]) -> Result<Vec<Chosen<'a>>, Problem> {
    let mut named: Vec<(Option<&str>, &str)> = Vec::new();
    for given in &args.village {
        let (name, code) = match given.split_once(['=', '＝']) {
            Some((name, code)) => (Some(name.trim()), code.trim()),
            None => (None, given.trim()),
        };
        check_code(code)?;
        named.push((name, code));
    }
    if named.is_empty() {
        return all(roster, args, known);
    }
    let mut chosen: Vec<Chosen<'a>> = Vec::new();
    for (name, code) in named {
        let village = match name.or(args.name.as_deref().filter(|_| roster.villages.len() > 1)) {
            Some(name) => by_name(roster, name)?,
            None => by_code(roster, code)?,
        };
        chosen.push((village, code.to_owned()));
    }
    Ok(chosen)
}

/// Every village of the file.
fn all<'a>(roster: &'a Roster, args: &Args, known: &[SpaceRow]) -> Result<Vec<Chosen<'a>>, Problem> {
    let mut chosen = Vec::new();
    let mut nameless: Vec<String> = Vec::new();
    for village in &roster.villages {
        let name = village.name.as_deref().or(args.name.as_deref());
        let code = village.code.clone().or_else(|| known_by(name?, known));
        match code {
            Some(code) => chosen.push((village, code)),
            None => nameless.push(name.unwrap_or("—").to_owned()),
        }
    }
    if nameless.is_empty() {
        return Ok(chosen);
    }
    let names = nameless.join("、");
    let options = match roster.villages.as_slice() {
        [_] => "--village CODE".to_owned(),
        _ => nameless
            .iter()
            .map(|name| format!("--village {name}=CODE"))
            .collect::<Vec<_>>()
            .join(" "),
    };
    Err(Problem::new(
        "village_code_missing",
        format!(
            "名册里看不出村编码（{names}）。请在命令后面加 {}，编码是12位的统计用区划代码。",
            options.replace("CODE", "村编码")
        ),
        format!("the roster does not say the village's code ({names}); add {options}, 12 digits"),
    ))
}

/// The code of the only known village of this name.
fn known_by(name: &str, known: &[SpaceRow]) -> Option<String> {
    let mut same = known.iter().filter(|one| one.name == name && !one.code.is_empty());
    let first = same.next()?;
    same.next().is_none().then(|| first.code.clone())
}

fn by_code<'a>(roster: &'a Roster, code: &str) -> Result<&'a VillageRoster, Problem> {
    let named = roster.villages.iter().find(|one| one.code.as_deref() == Some(code));
    let only = match roster.villages.as_slice() {
        [one] if one.code.is_none() => Some(one),
        _ => None,
    };
    named.or(only).ok_or_else(|| {
        let there = listed(roster);
        Problem::new(
            "village_not_in_file",
            format!(
                "名册里没有村编码 {code}，有：{there}。要按 {code} 导入，写成 --village 名册里的村名或编码={code}。"
            ),
            format!(
                "the roster has no village {code}; it has: {there}; say --village NAME={code} to import one as that"
            ),
        )
    })
}

fn by_name<'a>(roster: &'a Roster, name: &str) -> Result<&'a VillageRoster, Problem> {
    // A merged village is known by another code than the one that its household numbers still have.
    let is_meant = |one: &&VillageRoster| {
        [&one.name, &one.code]
            .into_iter()
            .any(|known| known.as_deref() == Some(name))
    };
    let mut same = roster.villages.iter().filter(is_meant);
    match (same.next(), same.next()) {
        (Some(one), None) => Ok(one),
        _ => {
            let there = listed(roster);
            Err(Problem::new(
                "village_not_in_file",
                format!("名册里没有（或不止一个）叫 {name} 的村，有：{there}"),
                format!("the roster has no village {name}, or several; it has: {there}"),
            ))
        }
    }
}

fn listed(roster: &Roster) -> String {
    let one = |village: &VillageRoster| {
        let code = village.code.as_deref().unwrap_or("—");
        format!("{code} {}", village.name.as_deref().unwrap_or("—"))
    };
    roster.villages.iter().map(one).collect::<Vec<_>>().join("，")
}

/// A code is typed on every later command and read to others on the telephone.
fn check_code(code: &str) -> Result<(), Problem> {
    if code.len() == CODE_DIGITS && code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(Problem::new(
        "village_code",
        format!("村编码应为12位数字：{code}"),
        format!("a village's code has 12 digits: {code}"),
    ))
}
