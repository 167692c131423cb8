//! A visit from the first tap to the record, and what of it survives.

use crate::asking::{household, refusal, save_visit, saving, team, visit_form};
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{FindingDraft, VisitDraft};

fn tap(draft: &mut VisitDraft, dimension: &str, verdict: &str) {
    let check = draft
        .checks
        .iter_mut()
        .find(|check| check.dimension == dimension)
        .unwrap();
    check.verdict = verdict.into();
    check.basis = "checked".into();
}

#[test]
fn a_first_visit_starts_unchecked_and_stores_what_was_tapped() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let form = visit_form(phone, id, "");
    assert_eq!(
        (form.head.as_str(), form.draft.on.as_str(), form.draft.kind.as_str()),
        ("罗永1", "2019-08-14", "入户核查")
    );
    assert!(
        form.draft
            .checks
            .iter()
            .all(|check| check.verdict == "unchecked" && check.basis.is_empty())
    );
    let education = form.checks.iter().find(|check| check.dimension == "education").unwrap();
    assert_eq!(education.proposed.as_ref().unwrap().zh, "家里没有6至15周岁的孩子");
    assert!(form.categories.iter().all(|category| category.value != "信访"));
    assert_eq!(form.members.len(), 2);
    let mut draft = form.draft;
    draft.home = "at_home".into();
    draft.met = vec![form.persons[1].value.clone()];
    tap(&mut draft, "water", "basic");
    tap(&mut draft, "food", "met");
    draft.words = "天干时水不够".into();
    draft.next_on = form.next[0].value.clone();
    draft.findings = vec![
        FindingDraft {
            category: "饮水".into(),
            words: "天干缺水".into(),
            ..FindingDraft::default()
        },
        FindingDraft {
            category: String::new(),
            words: "  ".into(),
            ..FindingDraft::default()
        },
    ];
    let saved = save_visit(phone, draft);
    // The visit and the problem are two documents, so two changes wait.
    assert_eq!((saved.local, saved.differs), (2, 0));

    let view = household(phone, id);
    let [visit] = &view.visits[..] else { panic!("one visit") };
    assert_eq!(
        (
            visit.on.as_str(),
            visit.by.as_str(),
            visit.mine,
            visit.counts,
            visit.standing.as_ref().is_some_and(|one| one.state == "local")
        ),
        ("2019-08-14", "李国强", true, true, true)
    );
    assert_eq!(
        (visit.met.as_str(), visit.words.as_str(), visit.next_on.as_str()),
        ("周小怡", "天干时水不够", "2019-08-21")
    );
    let checked: Vec<_> = visit
        .checks
        .iter()
        .map(|one| (one.dimension.as_str(), one.verdict.as_str(), one.basis.as_str()))
        .collect();
    assert_eq!(checked, [("food", "met", "checked"), ("water", "basic", "checked")]);
    assert_eq!((visit.findings.len(), view.findings.len()), (1, 1));
    assert_eq!(
        (view.findings[0].words.as_str(), view.findings[0].category.zh.as_str()),
        ("天干缺水", "饮水")
    );
    assert_eq!(
        (view.findings[0].by.as_str(), view.findings[0].found_on.as_str()),
        ("李国强", "2019-08-14")
    );
    assert_eq!(
        (view.dimensions[5].verdict.as_str(), view.dimensions[5].by.as_str()),
        ("basic", "李国强")
    );
}

#[test]
fn the_next_visit_carries_over_what_the_last_one_found() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let mut draft = visit_form(phone, id, "").draft;
    draft.home = "at_home".into();
    tap(&mut draft, "water", "basic");
    save_visit(phone, draft);
    world.pass_ms(86_400_000);
    let form = visit_form(phone, id, "");
    let water = form
        .draft
        .checks
        .iter()
        .find(|check| check.dimension == "water")
        .unwrap();
    assert_eq!((water.verdict.as_str(), water.basis.as_str()), ("basic", "carried"));
    let row = form.checks.iter().find(|check| check.dimension == "water").unwrap();
    assert_eq!(
        (row.last_verdict.as_str(), row.last_on.as_str(), row.last_by.as_str()),
        ("basic", "2019-08-14", "李国强")
    );
    let mut draft = form.draft;
    draft.home = "at_home".into();
    save_visit(phone, draft);
    let view = household(phone, id);
    assert_eq!(
        (view.dimensions[5].basis.as_str(), view.dimensions[5].on.as_str()),
        ("carried", "2019-08-15")
    );
    // What nobody ever looked at is not invented by a visit that tapped nothing.
    assert_eq!(
        (view.dimensions[1].verdict.as_str(), view.dimensions[1].on.as_str()),
        ("unchecked", "")
    );
}

#[test]
fn nobody_home_stores_three_fields_and_does_not_count() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let mut draft = visit_form(phone, id, "").draft;
    tap(&mut draft, "water", "met");
    draft.words = "写到一半".into();
    draft.findings.push(FindingDraft {
        category: "饮水".into(),
        words: "写到一半".into(),
        ..FindingDraft::default()
    });
    draft.home = "nobody_home".into();
    save_visit(phone, draft);
    let view = household(phone, id);
    let visit = &view.visits[0];
    assert!(!visit.counts && visit.checks.is_empty() && visit.words.is_empty() && visit.findings.is_empty());
    assert_eq!(visit.home_words.zh, "家里没人");
    assert!(view.row.visited_on.is_empty() && view.findings.is_empty());
}

#[test]
fn a_draft_outlives_the_tab_and_ends_with_the_visit() {
    let mut world = team();
    let id = world.households[0];
    let mut draft = visit_form(&world.phones[0], &id, "").draft;
    draft.home = "at_home".into();
    draft.words = "墙上有裂缝".into();
    for draft in [draft.clone(), draft] {
        assert_eq!(world.phones[0].must(Request::KeepDraft { draft }), Reply::KeepDraft);
    }
    world.phones[0].restart(false);
    assert!(household(&world.phones[0], &id).draft);
    match world.phones[0].must(Request::Today) {
        Reply::Today { view } => assert_eq!((view.drafts.len(), view.drafts[0].head.as_str()), (1, "罗永1")),
        other => panic!("{other:?}"),
    }
    let form = visit_form(&world.phones[0], &id, "");
    assert!(form.resumed && form.draft.words == "墙上有裂缝" && form.news.is_empty());
    // A correction of another visit does not touch the draft of this one.
    save_visit(&world.phones[0], form.draft);
    let view = household(&world.phones[0], &id);
    assert!(!view.draft);
    let mut correction = visit_form(&world.phones[0], &id, &view.visits[0].id).draft;
    correction.words = "改到一半".into();
    world.phones[0].must(Request::KeepDraft { draft: correction });
    assert!(!visit_form(&world.phones[0], &id, "").resumed);
    assert!(visit_form(&world.phones[0], &id, &view.visits[0].id).resumed);
    let drop = Request::DropDraft {
        household: id.to_string(),
        visit: view.visits[0].id.clone(),
    };
    assert_eq!(world.phones[0].must(drop), Reply::DropDraft);
    assert!(!visit_form(&world.phones[0], &id, &view.visits[0].id).resumed);
}

#[test]
fn what_others_changed_meanwhile_is_told_when_the_draft_is_resumed() {
    let world = team();
    let id = world.households[0];
    let mut draft = visit_form(&world.phones[0], &id, "").draft;
    draft.home = "at_home".into();
    world.phones[0].must(Request::KeepDraft { draft });
    let mut theirs = visit_form(&world.phones[1], &id, "").draft;
    theirs.home = "at_home".into();
    save_visit(&world.phones[1], theirs);
    world.sync_all();
    let form = visit_form(&world.phones[0], &id, "");
    assert_eq!(form.news.len(), 1);
    assert_eq!(
        (form.news[0].author.as_str(), form.news[0].record.zh.as_str()),
        ("王芳", "走访 8月14日")
    );
    assert_eq!(form.news[0].during, "visit");
    save_visit(&world.phones[0], form.draft);
    assert_eq!(household(&world.phones[0], &id).visits.len(), 2);
}

#[test]
fn a_correction_writes_only_what_changed_and_keeps_its_author() {
    let world = team();
    let id = world.households[0];
    let mut draft = visit_form(&world.phones[0], &id, "").draft;
    draft.home = "at_home".into();
    tap(&mut draft, "water", "met");
    draft.words = "水够吃".into();
    save_visit(&world.phones[0], draft);
    world.sync_all();
    let visit = household(&world.phones[1], &id).visits[0].id.clone();
    // Two people correct different parts of it at the same time.
    let mut one = visit_form(&world.phones[1], &id, &visit).draft;
    tap(&mut one, "water", "basic");
    save_visit(&world.phones[1], one);
    let mut other = visit_form(&world.phones[2], &id, &visit).draft;
    other.words = "水够吃，天干时差点".into();
    save_visit(&world.phones[2], other);
    world.sync_all();
    for phone in &world.phones {
        let view = household(phone, &id);
        assert_eq!(view.visits.len(), 1);
        let visit = &view.visits[0];
        assert_eq!(
            (visit.by.as_str(), visit.words.as_str()),
            ("李国强", "水够吃，天干时差点")
        );
        let water = visit.checks.iter().find(|check| check.dimension == "water").unwrap();
        assert_eq!((water.verdict.as_str(), water.differs), ("basic", false));
        assert!(view.differs.is_empty());
    }
}

#[test]
fn a_visit_without_an_answer_at_the_door_or_with_an_unreadable_day_is_not_saved() {
    let world = team();
    let (phone, id) = (&world.phones[0], &world.households[0]);
    let mut draft = visit_form(phone, id, "").draft;
    assert_eq!(refusal(phone.must(saving(draft.clone()))), "visit_home");
    draft.home = "at_home".into();
    draft.on = "前天".into();
    assert_eq!(refusal(phone.must(saving(draft))), "visit_on");
    assert!(household(phone, id).visits.is_empty());
}
