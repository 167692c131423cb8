//! The data rules, each as a story that fails when the rule is broken.

use super::*;
use crate::base::id::{ActorBytes, DocId, MemberId, RecordId};

const WANG: MemberId = MemberId(*b"wang............");
const LI: MemberId = MemberId(*b"li..............");

fn home() -> Document {
    Document::new(DocKind::Household, DocId(*b"household-0037.."))
}

fn put(document: &mut Document, author: MemberId, base: &[Hash], puts: Vec<Put>) -> Option<Made> {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let mut actor = [3; 16];
    actor[..8].copy_from_slice(&NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_be_bytes());
    let edit = Edit {
        author,
        at_ms: 1_565_830_000_000,
        base: base.to_vec(),
        puts,
    };
    document.edit(&edit, ActorBytes(actor)).unwrap()
}

fn phone(number: &str) -> Vec<Put> {
    vec![Put::Value {
        at: At::Own,
        key: "phone".into(),
        value: number.into(),
    }]
}

fn copy(document: &Document) -> Document {
    Document::load(document.kind(), document.id(), &document.save()).unwrap()
}

#[test]
fn two_values_for_one_field_are_both_kept_and_shown_the_same_everywhere() {
    let mut a = home();
    let mut b = home();
    let base = a.heads();
    let from_a = put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let from_b = put(&mut b, LI, &base, phone("15400000003")).unwrap();
    a.apply([&from_b.bytes]).unwrap();
    b.apply([&from_a.bytes]).unwrap();
    assert_eq!(a.heads(), b.heads());
    assert_eq!(a.own(), b.own());
    assert!(a.own().differs("phone"));
    let authors = a.authors();
    let mut seen: Vec<_> = a
        .own()
        .live("phone")
        .iter()
        .map(|live| (live.value.to_text(), authors[&live.hash].author))
        .collect();
    seen.sort();
    assert_eq!(
        seen,
        [("15400000002".into(), Some(WANG)), ("15400000003".into(), Some(LI))]
    );
    // Settling by a write leaves one value.
    let heads = a.heads();
    put(&mut a, LI, &heads, phone("15400000002")).unwrap();
    assert!(!a.own().differs("phone"));
}

#[test]
fn the_same_value_written_twice_is_no_difference() {
    let (mut a, mut b) = (home(), home());
    let base = a.heads();
    let from_a = put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    put(&mut b, LI, &base, phone("15400000002")).unwrap();
    b.apply([&from_a.bytes]).unwrap();
    assert_eq!(b.own().live("phone").len(), 2);
    assert!(!b.own().differs("phone"));
}

#[test]
fn a_value_that_arrived_under_an_open_form_is_not_overwritten_unseen() {
    let (mut a, mut b) = (home(), home());
    let drawn = a.heads();
    let theirs = put(&mut b, LI, &drawn, phone("15400000003")).unwrap();
    a.apply([&theirs.bytes]).unwrap();
    put(&mut a, WANG, &drawn, phone("15400000002")).unwrap();
    assert!(a.own().differs("phone"));
}

#[test]
fn nothing_is_written_when_nothing_changed() {
    let mut a = home();
    let base = a.heads();
    put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let base = a.heads();
    assert_eq!(put(&mut a, WANG, &base, phone("15400000002")), None);
    assert_eq!(a.heads(), base);
}

#[test]
fn clearing_against_changing_is_a_difference() {
    let mut a = home();
    let base = a.heads();
    put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let mut b = copy(&a);
    let base = a.heads();
    let cleared = put(&mut a, WANG, &base, phone("")).unwrap();
    put(&mut b, LI, &base, phone("15400000003")).unwrap();
    b.apply([&cleared.bytes]).unwrap();
    assert!(b.own().differs("phone"));
}

#[test]
fn free_notes_merge_character_by_character() {
    let note = |text: &str| {
        vec![Put::Note {
            at: At::Own,
            key: "notes".into(),
            text: text.into(),
        }]
    };
    let mut a = home();
    let base = a.heads();
    put(&mut a, WANG, &base, note("灶房漏雨")).unwrap();
    let mut b = copy(&a);
    let base = a.heads();
    let first = put(&mut a, WANG, &base, note("灶房漏雨，已看过")).unwrap();
    put(&mut b, LI, &base, note("东边灶房漏雨")).unwrap();
    b.apply([&first.bytes]).unwrap();
    assert_eq!(b.own().note("notes"), "东边灶房漏雨，已看过");
}

#[test]
fn a_change_of_one_document_is_not_valid_in_another() {
    let mut a = home();
    let base = a.heads();
    let made = put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let mut other = Document::new(DocKind::Household, DocId(*b"household-0038.."));
    assert!(matches!(other.apply([&made.bytes]), Err(DocError::Missing(_))));
    assert!(matches!(
        Document::load(DocKind::Household, DocId(*b"household-0038.."), &a.save()),
        Err(DocError::OtherDocument)
    ));
}

#[test]
fn a_record_is_created_once() {
    let mut a = home();
    let base = a.heads();
    let create = || {
        vec![Put::Create {
            at: At::table("visits", RecordId([5; 16])),
            fields: vec![],
            notes: vec![],
        }]
    };
    put(&mut a, WANG, &base, create()).unwrap();
    let edit = Edit {
        author: WANG,
        at_ms: 0,
        base: a.heads(),
        puts: create(),
    };
    assert!(matches!(a.edit(&edit, ActorBytes([9; 16])), Err(EditError::Exists(_))));
    assert_eq!(a.records("visits").len(), 1);
}

#[test]
fn all_orders_of_arrival_give_the_same_document() {
    let genesis = home();
    let base = genesis.heads();
    let made: Vec<Made> = (0..4u8)
        .map(|turn| {
            let mut one = home();
            let at = At::table("visits", RecordId([turn; 16]));
            let create = Put::Create {
                at,
                fields: vec![("on".into(), "2019-08-15".into())],
                notes: vec![("words".into(), format!("第{turn}次"))],
            };
            let mut puts = phone(&format!("1540000000{turn}"));
            puts.push(create);
            put(&mut one, WANG, &base, puts).unwrap()
        })
        .collect();
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]];
    let results: Vec<_> = orders
        .iter()
        .map(|order| {
            let mut document = home();
            for &turn in order {
                document.apply([&made[turn].bytes]).unwrap();
                document.apply([&made[turn].bytes]).unwrap();
            }
            (document.heads(), document.own(), document.records("visits"))
        })
        .collect();
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(results[0].2.len(), 4);
    assert_eq!(results[0].2[&RecordId([2; 16])].note("words"), "第2次");
}

#[test]
fn a_saved_document_tells_its_heads_and_what_stands_behind_them_in_one_order_everywhere() {
    let mut a = home();
    let mut b = home();
    assert_eq!(saved_heads(&a.save_uncompressed()), Some(a.heads()));
    assert!(a.behind(&a.heads()).is_empty());
    let base = a.heads();
    let from_a = put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let from_b = put(&mut b, LI, &base, phone("15400000003")).unwrap();
    a.apply([&from_b.bytes]).unwrap();
    b.apply([&from_a.bytes]).unwrap();
    for saved in [a.save_uncompressed(), b.save()] {
        let mut heads = saved_heads(&saved).unwrap();
        heads.sort_unstable();
        assert_eq!(heads, a.heads());
        // Cut short it tells nothing, or the same.
        let told = (0..saved.len()).filter_map(|length| saved_heads(&saved[..length]));
        told.for_each(|mut told| {
            told.sort_unstable();
            assert_eq!(told, heads);
        });
    }
    let then = a.heads();
    let behind = a.behind(&then);
    assert_eq!((behind.len(), &behind), (2, &b.behind(&then)));
    assert_eq!(a.behind(&[from_b.hash]).len(), 1);
    put(&mut a, WANG, &then, phone("15400000004")).unwrap();
    assert_eq!(a.behind(&then), behind);
    assert_eq!(a.behind(&a.heads()).len(), 3);
    assert!(b.behind(&a.heads()).is_empty());
    assert_eq!(saved_heads(&from_a.bytes), None);
    assert_eq!(saved_heads(b"bfb1"), None);
}

#[test]
fn an_actor_used_twice_for_different_changes_is_refused_and_the_document_stays() {
    let (mut a, mut b) = (home(), home());
    let base = a.heads();
    let edit = |number: &str| Edit {
        author: WANG,
        at_ms: 0,
        base: base.clone(),
        puts: phone(number),
    };
    let first = a.edit(&edit("15400000002"), ActorBytes([7; 16])).unwrap().unwrap();
    let second = b.edit(&edit("15400000003"), ActorBytes([7; 16])).unwrap().unwrap();
    let before = (a.heads(), a.save());
    assert!(a.apply([&second.bytes]).is_err());
    assert_eq!((a.heads(), a.save()), before);
    assert!(a.has(first.hash));
}

#[test]
fn history_says_who_when_and_from_what_to_what() {
    let mut a = home();
    let base = a.heads();
    put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let base = a.heads();
    put(&mut a, LI, &base, phone("15400000003")).unwrap();
    let history = a.history(None);
    let told: Vec<_> = history
        .iter()
        .map(|step| {
            (
                step.change.author,
                step.from.clone(),
                step.to.clone(),
                step.change.time_s,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                Some(LI),
                vec!["15400000002".into()],
                Some("15400000003".into()),
                1_565_830_000
            ),
            (Some(WANG), vec![], Some("15400000002".into()), 1_565_830_000),
        ]
    );
}

#[test]
fn a_cut_document_is_unreadable_not_a_panic() {
    let mut a = home();
    let base = a.heads();
    put(&mut a, WANG, &base, phone("15400000002")).unwrap();
    let bytes = a.save();
    for length in 0..bytes.len() {
        assert!(Document::load(DocKind::Household, a.id(), &bytes[..length]).is_err());
    }
}

/// 修改记录 by comparing the whole document before and after each change: slow, and beyond doubt.
fn history_by_comparing(document: &Document) -> Vec<(Hash, At, String, Vec<Scalar>, Scalar)> {
    let mut told = Vec::new();
    let places = || {
        let tables = document.kind().tables().iter();
        let records = tables.flat_map(|table| document.record_ids(table).into_iter().map(|id| At::table(table, id)));
        std::iter::once(At::Own).chain(records)
    };
    for change in document.changes().iter().rev() {
        for at in places() {
            let read = |heads: &[Hash]| document.record_at(&at, heads).unwrap_or_default();
            let (old, new) = (read(&change.deps), read(&[change.hash]));
            for (key, live) in &new.fields {
                if let Some(own) = live.iter().find(|live| live.hash == change.hash) {
                    let from = old.live(key).iter().map(|live| live.value.clone()).collect();
                    told.push((change.hash, at.clone(), key.clone(), from, own.value.clone()));
                }
            }
            for (key, text) in new.notes.iter().filter(|(key, text)| old.note(key) != text.as_str()) {
                let from = old.note(key);
                let from = if from.is_empty() { vec![] } else { vec![from.into()] };
                told.push((change.hash, at.clone(), key.clone(), from, text.as_str().into()));
            }
        }
    }
    told.sort();
    told
}

#[test]
fn history_is_what_comparing_before_and_after_each_change_tells() {
    let (mut a, mut b) = (home(), home());
    let person = RecordId(*b"person-1........");
    let at = At::table("persons", person);
    let base = a.heads();
    let create = Put::Create {
        at: at.clone(),
        fields: vec![("name".into(), "周小怡".into()), ("order".into(), 2.into())],
        notes: vec![("notes".into(), String::new())],
    };
    put(&mut a, WANG, &base, vec![create]);
    b.merge(&a).unwrap();
    let value = |at: &At, key: &str, value: String| Put::Value {
        at: at.clone(),
        key: key.into(),
        value: value.into(),
    };
    let note = |text: &str| Put::Note {
        at: at.clone(),
        key: "notes".into(),
        text: text.into(),
    };
    let mut stale = a.heads();
    for turn in 0..24u32 {
        let (document, author) = if turn % 3 == 0 { (&mut b, LI) } else { (&mut a, WANG) };
        // Every fifth edit is made on what was seen long ago.
        let base = if turn % 5 == 4 { stale.clone() } else { document.heads() };
        let base: Vec<Hash> = if base.iter().all(|hash| document.has(*hash)) {
            base
        } else {
            document.heads()
        };
        let puts = match turn % 4 {
            0 => vec![value(&At::Own, "phone", format!("1540000{turn:04}"))],
            1 => vec![
                value(&at, "health/残疾", (turn % 2).to_string()),
                note(&format!("第{turn}次")),
            ],
            2 => vec![
                value(&At::Own, "phone", String::new()),
                value(&at, "name", format!("周{turn}")),
            ],
            _ => vec![
                value(&At::Own, "phone", "15400000001".into()),
                value(&At::Own, "phone", "15400000002".into()),
            ],
        };
        put(document, author, &base, puts);
        if turn % 7 == 6 {
            stale = a.heads();
            a.merge(&b).unwrap();
            b.merge(&a).unwrap();
        }
    }
    a.merge(&b).unwrap();
    assert!(a.changes().len() > 20);
    let mut told: Vec<_> = a
        .history(None)
        .into_iter()
        .map(|step| (step.change.hash, step.at, step.key, step.from, step.to.unwrap()))
        .collect();
    told.sort();
    assert_eq!(told, history_by_comparing(&a));
    assert!(
        told.iter().any(|(_, _, _, from, _)| from.len() > 1),
        "some edit settled two values"
    );
    let only: Vec<_> = a.history(Some(&at)).into_iter().map(|step| step.at).collect();
    assert!(!only.is_empty() && only.iter().all(|one| *one == at));
    assert_eq!(
        a.history(None)
            .iter()
            .filter(|step| step.created)
            .map(|step| step.key.as_str())
            .collect::<Vec<_>>(),
        ["name", "order"]
    );
}
