//! What is printed: the ledger, 公示 for the wall.

use super::village::Village;
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::PaperView;

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
