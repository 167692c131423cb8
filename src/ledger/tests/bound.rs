//! Signatures bind what was judged: what each way of signing lacks is refused at once, what changes afterwards shows, what
//! comes later is no change of it.

use super::{FINDER, OWNER, SEVERE, Story, TOWN, revisit_and_sign_off, until_passed, with};
use crate::base::id::RecordId;
use crate::ledger::fold::Event;
use crate::ledger::projection::{Now, Projection};
use std::collections::{BTreeMap, BTreeSet};

const PHOTO: &str = "5a105e8b9d40e1329780d62ea2265d8a5a105e8b9d40e1329780d62ea2265d8a";

fn now(words: &[&str], photos: &[&str]) -> Now {
    let words: BTreeSet<String> = words.iter().map(|text| (*text).into()).collect();
    Now {
        own: BTreeMap::from([
            ("category".into(), BTreeSet::from(["住房".into()])),
            ("words".into(), words),
            ("household".into(), BTreeSet::from(["h1".into()])),
            ("found_on".into(), BTreeSet::from(["2017-04-25".into()])),
        ]),
        evidence: photos.iter().map(|photo| (*photo).into()).collect(),
    }
}

/// As `then`, over this thing.
fn over(story: &mut Story, now: &Now, on: &str, kind: &str) -> usize {
    let satisfied = with(&[("satisfied", "满意"), ("signature", "d")]);
    let fields = if kind == "revisited" {
        satisfied
    } else {
        SEVERE.to_vec()
    };
    story.then((FINDER, "inspector"), on, kind, &fields);
    let event = story.events.pop().unwrap();
    let judged = {
        let folded = story.folded();
        let judged = folded.judged(story.procedure.kind(kind).unwrap(), now).unwrap();
        judged.fields()
    };
    story.events.push(Event {
        fields: event.fields.into_iter().chain(judged).collect(),
        ..event
    });
    story.events.len() - 1
}

#[test]
fn a_projection_reads_the_same_for_ever() {
    let mut progress = Story::finding().event((OWNER, "member"), "2017-05-01", "progress", &[]);
    let values = [
        ("percent", "90"),
        ("text", "已搬到\t临时住处\n选择\\重建"),
        (&format!("after/{PHOTO}"), "1"),
        ("of/severity", "严重"),
        ("note", "no part of it"),
    ];
    progress.fields = values.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let mut passed = Story::finding().event((TOWN, "township"), "2017-05-02", "passed", &[]);
    passed.id = RecordId([2; 16]);
    passed.fields = [("mode", "实地".to_owned()), ("text", "长".repeat(1_001))]
        .map(|(key, value)| (key.to_owned(), value))
        .into();
    let comment = Story::finding().event((TOWN, "township"), "2017-05-02", "comment", &[("text", "x")]);
    let steps = [passed, comment, progress];
    let judged = Projection::of(1, &now(&["厨房裂缝", "厨房与主屋裂缝200毫米"], &[PHOTO]), &steps).unwrap();
    let text = format!("{}\n{}", judged.digest(), judged.text);
    let path = format!("{}/tests/golden/projection-1.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BIANFANG_MAKE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap());
    assert_eq!(
        Projection::of(2, &Now::default(), []),
        None,
        "a number of a later release"
    );
}

#[test]
fn what_an_event_keeps_is_cut_into_scalars_and_put_together_again() {
    let mut story = Story::finding();
    let step = |at: u8| Event {
        id: RecordId([at; 16]),
        ..story.event(
            (OWNER, "member"),
            "2017-05-01",
            "progress",
            &[("text", &"做了很多".repeat(200))],
        )
    };
    let steps: Vec<Event> = (1..9).map(step).collect();
    let judged = Projection::of(1, &now(&["裂缝"], &[]), &steps).unwrap();
    assert!(judged.text.len() > 16_000);
    let event = story.then((TOWN, "township"), "2017-05-01", "comment", &[]);
    event.fields = judged.fields().into_iter().collect();
    assert!(event.fields.values().all(|part| part.len() <= 4_096));
    assert_eq!(Projection::kept(event), Some(judged));
    // A text under a digest that is not its own was not judged.
    event.fields.insert("judged/part/001".into(), "x".into());
    assert_eq!(Projection::kept(event), None);
}

#[test]
fn what_was_signed_and_changes_afterwards_shows_and_what_came_later_is_no_change() {
    let mut story = until_passed();
    let signed = now(&["裂缝200毫米"], &[PHOTO]);
    let revisit = over(&mut story, &signed, "2017-05-25", "revisited");
    let sign_off = over(&mut story, &signed, "2017-05-25", "signed_off");
    assert_eq!(story.state("2017-05-25"), "signed_off");
    let shown = |story: &Story, event: usize, now: &Now| {
        let folded = story.folded();
        let place = folded.events.iter().position(|one| one.id == story.events[event].id);
        folded.changed(place.unwrap(), now)
    };
    let stands = |story: &Story, now: &Now| story.folded().changed_after_signing(now);
    assert!(!stands(&story, &signed));
    let more = now(&["裂缝200毫米"], &[PHOTO, "c7"]);
    assert_eq!(shown(&story, revisit, &more), [""; 0], "a photo that came later");
    // Two people wrote different words at once: what was signed is no longer all that is there.
    let both = now(&["裂缝200毫米", "裂缝2厘米"], &[PHOTO]);
    for at in [revisit, sign_off] {
        assert_eq!(shown(&story, at, &both), ["words"]);
    }
    assert!(stands(&story, &both));
    assert_eq!(shown(&story, revisit, &now(&["裂缝200毫米"], &[])), ["evidence"]);
    // Changed between the two: the family signed something else than what was signed off.
    let mut between = until_passed();
    let revisit = over(&mut between, &signed, "2017-05-25", "revisited");
    let sign_off = over(&mut between, &both, "2017-05-25", "signed_off");
    assert_eq!(shown(&between, revisit, &both), ["words"]);
    assert_eq!(shown(&between, sign_off, &both), [""; 0]);
    // A step that nobody of those who signed had seen is nothing that they judged.
    let late = between.event((OWNER, "member"), "2017-05-24", "progress", &[("text", "又做了")]);
    let seen = between.events[..4].iter().map(|event| event.id).collect();
    between.events.push(Event { seen, ..late });
    assert_eq!(shown(&between, sign_off, &both), [""; 0]);
}

#[test]
fn a_signature_that_no_longer_stands_is_not_shown_as_changed() {
    let mut story = until_passed();
    let signed = now(&["裂缝"], &[]);
    over(&mut story, &signed, "2017-05-25", "revisited");
    over(&mut story, &signed, "2017-05-25", "signed_off");
    let after = now(&["裂缝又开了"], &[]);
    assert!(story.folded().changed_after_signing(&after));
    story.then((OWNER, "member"), "2017-08-01", "recurred", &[("text", "又裂了")]);
    assert_eq!(story.state("2017-08-01"), "rectifying");
    assert!(!story.folded().changed_after_signing(&after));
}

#[test]
fn a_sign_off_that_does_not_keep_what_was_judged_counts_nothing() {
    let mut story = until_passed();
    revisit_and_sign_off(&mut story, "2017-05-25");
    let last = story.events.last_mut().unwrap();
    last.fields.retain(|key, _| !key.starts_with("judged"));
    let folded = story.folded();
    let refusal = folded.verdicts.last().unwrap().clone().unwrap_err();
    assert_eq!(refusal.code(), "step_unbound");
    assert_eq!(
        refusal.words(&story.procedure, "signed_off").zh,
        "“销号”没有记下当时看到的内容"
    );
    assert_eq!(story.state("2017-05-25"), "awaiting_sign_off");
}

#[test]
fn a_wrong_signature_is_refused_at_once_with_what_it_lacks() {
    let story = until_passed();
    let of_family = [("satisfied", "满意"), ("signature", "d"), ("of/household", "h1")];
    let refused = |fields: &[(&str, &str)], own: &[(&str, &str)]| {
        let mut event = story.event((FINDER, "inspector"), "2017-05-25", "revisited", &with(fields));
        event
            .fields
            .extend(own.iter().map(|(key, value)| ((*key).into(), (*value).into())));
        let would = story.folded().would(&event);
        would.map_or_else(
            |refusal| refusal.words(&story.procedure, "revisited").zh,
            |_| String::new(),
        )
    };
    assert_eq!(refused(&of_family, &[]), "这一户的问题，请这户人签字");
    let head = ("signature/role", "户主");
    assert_eq!(refused(&of_family, &[head]), "");
    assert_eq!(refused(&of_family[..2], &[head]), "没有农户的问题，由村两委签字");
    assert_eq!(
        refused(
            &of_family,
            &[head, ("signature", "画押"), ("signature/witness", "李组长")]
        ),
        "“签字”：画押要有见证人签字"
    );
    assert_eq!(
        refused(&of_family, &[head, ("signature", "拒签")]),
        "“签字”：拒签要写明原因"
    );
    let refusing = [head, ("signature", "拒签"), ("signature/reason", "说灶房还漏")];
    assert_eq!(refused(&of_family, &refusing), "");
    assert_eq!(
        refused(&of_family, &[head, ("signature", "按手印")]),
        "“签字”：这里不能这样签，请换一种方式"
    );
    assert_eq!(
        refused(&of_family, &[head, ("signature/strokes", "")]),
        "“签字”：还没有签"
    );
    // A house is not applied for by refusing to.
    let house = Story::new(include_str!("../../../packs/procedures/renovation.md"));
    let fields = [
        ("only_home", "是"),
        ("unsafe", "是"),
        ("poor", "是"),
        ("persons", "4"),
        ("signature", "d"),
    ];
    let mut apply = house.event((FINDER, "leader"), "2019-03-01", "apply", &fields);
    assert_eq!(
        house.folded().would(&apply).map_err(|refusal| refusal.code()),
        Ok(house.procedure.state("applied"))
    );
    apply
        .fields
        .extend(refusing.map(|(key, value)| (key.into(), value.into())));
    assert_eq!(house.folded().would(&apply).unwrap_err().code(), "signature_way");
}
