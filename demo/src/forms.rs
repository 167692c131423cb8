//! The forms of the made-up village: the templates that come with Bianfang, published as a county publishes its own. Those
//! that stand empty, because the documents name a set and do not list it, are left out.

use crate::trouble::Trouble;
use bianfang::base::date::Date;
use bianfang::base::id::SpaceId;
use bianfang::doc::hex;
use bianfang::form::{read, source};
use bianfang::indicator::campaign::Set;
use bianfang::ledger::tables;
use bianfang_endpoint::Store;
use bianfang_endpoint::desk::Desk;
use bianfang_endpoint::forms::publish::{self, Ready};
use bianfang_endpoint::forms::sheets;
use std::collections::BTreeMap;

macro_rules! templates {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../packs/", $name, ".md")))),*]
    };
}

/// By the names of their files.
const TEMPLATES: &[(&str, &str)] = templates! {
    "income"
    "t01-six-checks"
    "t02-housing"
    "t03-renovation-site"
    "t04-water"
    "t05-education"
    "t06-examination"
    "t06-follow-up"
    "t06-health"
    "t07-entitlements"
    "t08-industry-jobs"
    "t09-living-household"
    "t09-living-village"
    "t10-facilities"
    "t10-village-exit"
    "t11-care-home"
    "t11-clinic"
    "t11-school"
    "t11-water-test"
    "t11-waterworks"
    "t12-evidence"
    "t13-self-check"
    "t14-resettlement"
    "yard-meeting"
};

/// Sets of campaigns, in the order in which they are shown.
const CAMPAIGNS: &[&str] = &[
    include_str!("../../packs/campaigns/six-clearances.md"),
    include_str!("../../packs/campaigns/look-back.md"),
];
/// The year that the packs name; the village's own stands in its place.
const YEAR: &str = "2019-";

/// Tells one edition of the templates from another: a village made with others is made anew.
pub fn edition() -> String {
    let all: String = TEMPLATES
        .iter()
        .map(|(_, text)| text)
        .chain(CAMPAIGNS)
        .copied()
        .collect();
    hex(&source::digest(&all)[..4])
}

/// Asked on the page of every visit: published when the village has lived a while, so that it has visits of both kinds.
const AT_VISITS: &str = "t01-six-checks";

/// Publishes in a village what is asked at visits.
///
/// # Errors
/// As [`publish`].
pub fn publish_at_visits(store: &Store, space: SpaceId, now_ms: i64) -> Result<usize, Trouble> {
    publish_some(store, space, now_ms, |name| name == AT_VISITS)
}

/// Publishes all others in a village, and returns how many there are.
///
/// # Errors
/// The database's. Templates that are no forms are published by nobody: a test holds them against the check.
pub fn publish(store: &Store, space: SpaceId, now_ms: i64) -> Result<usize, Trouble> {
    publish_some(store, space, now_ms, |name| name != AT_VISITS)
}

fn publish_some(store: &Store, space: SpaceId, now_ms: i64, is_one: impl Fn(&str) -> bool) -> Result<usize, Trouble> {
    let some = TEMPLATES.iter().filter(|(name, _)| is_one(name));
    let ready: Vec<Ready> = some.filter_map(|(_, text)| ready(text)).collect();
    store.write(|tx| {
        let desk = Desk::load_or_make(tx, now_ms)?;
        for form in &ready {
            publish::publish(tx, &desk, space, form, now_ms)?;
        }
        let year = format!("{}-", Date::in_china(now_ms).year());
        for text in CAMPAIGNS {
            let sheets = tables::read(&text.replace(YEAR, &year));
            let (set, _) = Set::read(&sheets);
            let ready = Ready::campaign(&set, &sheets)?;
            publish::publish(tx, &desk, space, &ready, now_ms)?;
        }
        Ok::<_, Trouble>(())
    })?;
    Ok(ready.len())
}

fn ready(text: &str) -> Option<Ready> {
    let (sheets, none) = (sheets(text.as_bytes()).ok()?, BTreeMap::new());
    let form = read::read(&sheets, &none).form?;
    Ready::new(&form, &sheets, &none).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_with_questions_is_published() {
        let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../packs");
        let entries = std::fs::read_dir(packs).unwrap().flatten();
        let mut there: Vec<String> = entries
            .filter_map(|entry| Some(entry.file_name().to_str()?.strip_suffix(".md")?.to_owned()))
            .filter(|name| name != "README" && !name.starts_with("unlisted-"))
            .collect();
        there.sort();
        let named: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, there);
        for (name, text) in TEMPLATES {
            assert!(ready(text).is_some(), "{name}");
        }
    }
}
