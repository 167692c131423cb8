//! What is printed: the ledger, 公示 for the wall, 通报 for officials, whose words stay as they were.

use super::village::{Village, own};
use bianfang::base::id::DocId;
use bianfang::client::api::{FieldChange, Reply, Request};
use bianfang::client::view::{PaperView, Problem};
use bianfang::doc::DocKind;

/// Two problems of a family, one of them of a petition.
fn found() -> (Village, DocId, DocId) {
    let mut village = Village::new();
    let wang = village.wang;
    let family = village.family(1, "1组", &["罗永山"]);
    let house = village.finding(
        family,
        wang,
        "2019-08-01",
        "住房",
        "罗永山家厨房裂缝 200 毫米，电话 15400000001",
    );
    let petition = village.finding(family, wang, "2019-08-02", "信访", "反映土地");
    village.arrive();
    (village, house, petition)
}

fn paper(village: &Village, phone: usize, kind: &str, findings: &[DocId]) -> PaperView {
    let findings = findings.iter().map(DocId::to_string).collect();
    let kind = kind.to_owned();
    match village.world.phones[phone].must(Request::Paper { kind, findings }) {
        Reply::Paper { view } => view,
        other => panic!("no paper: {other:?}"),
    }
}

fn refused(reply: Reply) -> Problem {
    match reply {
        Reply::Failed { problem } => problem,
        other => panic!("it was done: {other:?}"),
    }
}

fn circulate(village: &Village, phone: usize, finding: DocId) -> Reply {
    village.world.phones[phone].must(Request::Circulate {
        findings: vec![finding.to_string()],
        text: "限期整改".into(),
    })
}

#[test]
fn the_wall_is_told_no_name_no_words_and_nothing_of_petitions() {
    let (village, house, petition) = found();
    let notice = paper(&village, 0, "notice", &[house, petition]);
    assert_eq!((notice.findings.len(), notice.left_out), (1, 1));
    let one = &notice.findings[0];
    assert_eq!((one.head.as_str(), one.category.zh.as_str()), ("罗**", "住房"));
    let said = format!("{notice:?}");
    for never in ["罗永山", "15400000001", "裂缝", "信访", "反映", "王芳", "4228991958"] {
        assert!(!said.contains(never), "{never}: {said}");
    }
    // For officials the ledger has words and names, and a petition stands there under another word.
    let ledger = paper(&village, 0, "ledger", &[house, petition]);
    assert_eq!(ledger.findings[0].head, "罗永山");
    assert_eq!((ledger.findings[0].days, ledger.findings[0].open), (Some(13), true));
    assert_eq!(ledger.findings[1].category.zh, "其他");
}

#[test]
fn what_was_circulated_stays_as_it_was() {
    let (village, house, _) = found();
    let before = paper(&village, 0, "circular", &[house]);
    assert_eq!(
        (before.findings[0].frozen_on.as_str(), before.may_circulate),
        ("", true)
    );
    assert!(matches!(circulate(&village, 0, house), Reply::Circulate { .. }));
    let frozen = paper(&village, 0, "circular", &[house]).findings.remove(0);
    assert_eq!(
        (frozen.frozen_on.as_str(), frozen.frozen_by.as_str()),
        ("2019-08-14", "王芳")
    );
    assert_eq!(
        (frozen.words.as_str(), frozen.asked.as_str()),
        (before.findings[0].words.as_str(), "限期整改")
    );
    assert_eq!(frozen.heads.len(), 64);

    let document = house.to_string();
    let record = "own".to_owned();
    let (base, phone) = match village.ask(Request::Record {
        document: document.clone(),
        record: record.clone(),
    }) {
        Reply::Record { view } => (view.base, &village.world.phones[0]),
        other => panic!("no record: {other:?}"),
    };
    let changes = vec![FieldChange {
        key: "words".into(),
        value: "没有裂缝".into(),
    }];
    let problem = refused(phone.must(Request::SaveRecord {
        document,
        record,
        base,
        changes,
    }));
    assert!(problem.words.zh.contains("已经通报"), "{problem:?}");
    // Somebody who did not know of it yet: the problem changes, the circular does not.
    village.arrive();
    village.write(DocKind::Finding, house, village.li, vec![own("words", "没有裂缝")]);
    village.arrive();
    for phone in [0, 1] {
        assert_eq!(
            paper(&village, phone, "finding", &[house]).findings[0].words,
            "没有裂缝"
        );
        let still = paper(&village, phone, "circular", &[house]).findings.remove(0);
        assert_eq!((still.words, still.heads), (frozen.words.clone(), frozen.heads.clone()));
    }
    let steps = &paper(&village, 1, "finding", &[house]).findings[0].steps;
    assert_eq!(
        (steps.len(), steps[0].step.zh.as_str(), steps[0].counts),
        (1, "通报", true)
    );
}

#[test]
fn a_circular_is_not_made_by_a_member() {
    let (village, house, _) = found();
    assert!(!paper(&village, 1, "circular", &[house]).may_circulate);
    let problem = refused(circulate(&village, 1, house));
    assert!(problem.words.zh.contains("班长、乡镇、督查、县办"), "{problem:?}");
    assert_eq!(paper(&village, 1, "circular", &[house]).findings[0].frozen_on, "");
}
