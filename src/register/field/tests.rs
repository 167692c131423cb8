//! The table against itself, and readings of what people type.

use super::*;
use std::collections::BTreeSet;

fn today() -> Date {
    Date::new(2019, 8, 15).unwrap()
}

fn reading(kind: RecordKind, pattern: &str, written: &str) -> Reading {
    named(kind, pattern).read(written, today())
}

#[test]
fn keys_are_unambiguous_and_read_back() {
    for kind in RecordKind::ALL {
        let mut seen = BTreeSet::new();
        for field in kind.fields().iter().chain(COMMON) {
            assert!(seen.insert(field.pattern), "{kind:?} {}", field.pattern);
            let key = field.key("x1");
            let found = find(*kind, &key).expect(&key);
            assert_eq!(found.field.pattern, field.pattern, "{kind:?} {key}");
            assert_eq!(found.part, if field.variable().is_some() { "x1" } else { "" });
            assert!(field.pattern.is_ascii() && field.pattern.split('/').all(|part| !part.is_empty()));
            assert!(!field.label.zh.is_empty() && !field.label.en.is_empty());
        }
    }
    assert!(find(RecordKind::Person, "unheard/of").is_none());
    assert!(find(RecordKind::Person, "health/").is_none());
    assert!(find(RecordKind::Person, "job/X").is_none());
    assert_eq!(named(RecordKind::Person, "job/{row}/place").prefix(), "job");
    assert_eq!(named(RecordKind::Person, "name").prefix(), "name");
    assert_eq!(
        find(RecordKind::Visit, "check/water/basis").map(|f| (f.field.label.zh, f.part)),
        Some(("核查方式", "water"))
    );
}

#[test]
fn sets_have_a_variable_and_plain_fields_none() {
    for kind in RecordKind::ALL {
        for field in kind.fields() {
            assert!(!field.kind.is_set() || field.variable().is_some(), "{}", field.pattern);
            assert!(
                field
                    .also
                    .is_none_or(|set| find(*kind, &named(*kind, set).key("1")).is_some())
            );
            let number = matches!(field.kind, Type::Fen(..) | Type::Area(_));
            assert!(!number || !field.unit.is_none(), "{}", field.pattern);
        }
    }
}

#[test]
fn cautious_orders_name_values_of_the_list() {
    for kind in RecordKind::ALL {
        for field in kind.fields() {
            match field.caution {
                Caution::Worst(order) => {
                    let values: BTreeSet<&str> = field.kind.choices().iter().map(|choice| choice.value).collect();
                    assert_eq!(
                        order.iter().copied().collect::<BTreeSet<_>>(),
                        values,
                        "{}",
                        field.pattern
                    );
                }
                Caution::Lowest | Caution::Highest => assert!(matches!(field.kind, Type::Int(..) | Type::Fen(..))),
                Caution::Earliest | Caution::Latest => assert!(matches!(field.kind, Type::Date(_))),
                Caution::Undeclared => {}
            }
        }
    }
}

/// The named list of what is not watched; everything else is. A new entry needs a reason in the table and a line here.
#[test]
fn everything_is_watched_but_a_named_list() {
    let mut unwatched = BTreeSet::new();
    for kind in RecordKind::ALL {
        for field in kind.fields().iter().chain(COMMON) {
            if let Watch::Unwatched(reason) = field.watch {
                assert!(reason.len() > 10);
                if !matches!(field.kind, Type::Note) {
                    unwatched.insert(field.pattern);
                }
            }
        }
    }
    assert_eq!(
        unwatched.into_iter().collect::<Vec<_>>(),
        [
            "done",
            "instance/{path}",
            "kept/{path}",
            "made/{path}",
            "on",
            "order",
            "void/on",
            "void/reason"
        ]
    );
}

#[test]
fn what_the_law_calls_sensitive_is_marked() {
    for (kind, pattern) in [
        (RecordKind::Person, "id_no"),
        (RecordKind::Person, "health/{value}"),
        (RecordKind::Person, "disease/{value}"),
        (RecordKind::Person, "disability_kind"),
        (RecordKind::Person, "disability_card"),
        (RecordKind::Person, "job/{row}/wage_fen"),
    ] {
        assert!(named(kind, pattern).sensitive, "{pattern}");
    }
    assert!(
        crate::register::enums::choice(crate::register::enums::CLASS, "攀比户")
            .unwrap()
            .sensitive
    );
}

#[test]
fn indicators_take_the_more_cautious_value() {
    let grade = named(RecordKind::Household, "housing_grade");
    let (c, d) = (Scalar::from("C"), Scalar::from("D"));
    assert_eq!(grade.cautious(&[&c, &d]), Some(&d));
    assert_eq!(grade.cautious(&[&d, &c]), Some(&d));
    assert_eq!(grade.cautious(&[&c]), Some(&c));
    assert_eq!(grade.cautious(&[&c, &c]), Some(&c));
    assert_eq!(grade.cautious(&[]), None);
    let (odd, cleared) = (Scalar::from("不详"), Scalar::CLEARED);
    assert_eq!(grade.cautious(&[&odd, &c, &cleared]), Some(&c));
    let phone = named(RecordKind::Household, "phone");
    let (one, two) = (Scalar::from("15400000002"), Scalar::from("15400000003"));
    assert_eq!(phone.cautious(&[&one, &two]), None);
    assert_eq!(phone.cautious(&[&one, &one]), Some(&one));
    let wage = named(RecordKind::Person, "job/{row}/wage_fen");
    let (low, high) = (Scalar::Int(300_000), Scalar::Int(350_000));
    assert_eq!(wage.cautious(&[&high, &low]), Some(&low));
}

#[test]
fn of_two_dates_the_one_counts_that_ends_earlier_or_begins_later() {
    let (early, late, odd) = (
        Scalar::from("2019-08-01"),
        Scalar::from("2019-08-03"),
        Scalar::from("八月"),
    );
    let cautious = |kind, pattern: &str| named(kind, pattern).cautious(&[&odd, &late, &early]);
    assert_eq!(cautious(RecordKind::StatusEvent, "on"), Some(&early));
    assert_eq!(cautious(RecordKind::Pairing, "to"), Some(&early));
    assert_eq!(cautious(RecordKind::Pairing, "from"), Some(&late));
    let died = Scalar::from("死亡");
    assert_eq!(
        named(RecordKind::StatusEvent, "kind").cautious(&[&"迁出".into(), &died]),
        Some(&died)
    );
}

#[test]
fn readings_store_what_fits() {
    use RecordKind::{Household, Person, Visit};
    for (kind, pattern, written, value) in [
        (Household, "phone", "154 0000-0001", Scalar::from("15400000001")),
        (Household, "phone", "+86 15400000001", Scalar::from("15400000001")),
        (Household, "phone", "15400000001.0", Scalar::from("15400000001")),
        (Household, "phone", "０７１８-1234567", Scalar::from("07181234567")),
        (Household, "housing_grade", "D级", Scalar::from("D")),
        (Household, "house_area", "１２０。５ ㎡", Scalar::Int(12_050)),
        (Household, "land_farm", "3.2亩", Scalar::Int(320)),
        (Household, "road_m", "1500米", Scalar::Int(1500)),
        (Household, "identified_on", "2014年12月1日", Scalar::from("2014-12-01")),
        (Household, "notes", " 一行\r\n二行 ", Scalar::from("一行\n二行")),
        (Person, "name", " 张　三 ", Scalar::from("张三")),
        (
            Person,
            "id_no",
            "42289919580312999０",
            Scalar::from("422899195803129990"),
        ),
        (Person, "relation", "妻子", Scalar::from("配偶")),
        (Person, "health/{value}", "慢性病", Scalar::from("长期慢性病")),
        (Person, "job/{row}/wage_fen", "0.35万", Scalar::Int(350_000)),
        (Person, "job/{row}/months", "6个月", Scalar::Int(6)),
        (Person, "job/{row}/from", "2019年2月", Scalar::from("2019-02")),
        (Visit, "next_on", "2019-9-1", Scalar::from("2019-09-01")),
        (Visit, "next_on", "　", Scalar::CLEARED),
    ] {
        assert_eq!(
            reading(kind, pattern, written),
            Reading { value, fault: None },
            "{pattern} {written}"
        );
    }
}

#[test]
fn what_does_not_fit_is_kept_as_text_with_the_reason() {
    use RecordKind::{Household, Person};
    for (kind, pattern, written, kept, code, severity, rule) in [
        (Household, "phone", "12345", "12345", "phone.shape", "W", "DQ14"),
        (
            Household,
            "phone",
            "12400000001",
            "12400000001",
            "phone.shape",
            "W",
            "DQ14",
        ),
        (Household, "housing_grade", "E", "E", "field.choice", "W", ""),
        (Household, "house_area", "不详", "不详", "number.shape", "E", ""),
        (Household, "house_area", "9999", "999900", "field.range", "W", ""),
        (
            Household,
            "exited_on",
            "2020-01-01",
            "2020-01-01",
            "date.future",
            "W",
            "",
        ),
        (Household, "exited_on", "去年", "去年", "date.shape", "E", ""),
        (Household, "more_phone/{value}", "a/b", "a/b", "field.key", "E", ""),
        (
            Person,
            "id_no",
            "422899195803129991",
            "422899195803129991",
            "id.checksum",
            "W",
            "DQ01",
        ),
        (
            Person,
            "id_no",
            "4228991958031299",
            "4228991958031299",
            "id.length",
            "E",
            "DQ01",
        ),
        (
            Person,
            "id_no",
            "440524188001010014",
            "440524188001010014",
            "id.odd_age",
            "W",
            "DQ01",
        ),
        (Person, "job/{row}/months", "13", "13", "field.range", "W", ""),
    ] {
        let reading = reading(kind, pattern, written);
        let fault = reading.fault.expect(written);
        assert_eq!(
            (
                reading.value.to_string().as_str(),
                fault.code(),
                fault.severity.code(),
                fault.rule()
            ),
            (kept, code, severity, rule)
        );
        assert!(!fault.sentence().zh.is_empty() && !fault.sentence().en.is_empty());
    }
}

#[test]
fn values_are_shown_in_words() {
    use RecordKind::{Household, Person, Visit};
    let shown = |kind, pattern: &str, value: Scalar| named(kind, pattern).shown(&value, Language::Zh);
    assert_eq!(
        shown(Person, "id_no", "422899195803129990".into()),
        "422899********9990"
    );
    assert_eq!(shown(Visit, "check/{dimension}", "met".into()), "达标");
    assert_eq!(shown(Household, "housing_grade", "E".into()), "E");
    assert_eq!(shown(Person, "job/{row}/wage_fen", Scalar::Int(350_000)), "3500 元");
    assert_eq!(shown(Household, "land_farm", Scalar::Int(320)), "3.2 亩");
    assert_eq!(named(Visit, "home").shown(&"at_home".into(), Language::En), "At home");
}

#[test]
fn stored_values_are_judged_again() {
    let fault = |kind, pattern: &str, value: Scalar| named(kind, pattern).fault(&value, today()).map(|f| f.code());
    assert_eq!(fault(RecordKind::Household, "house_area", Scalar::Int(12_050)), None);
    assert_eq!(
        fault(RecordKind::Household, "house_area", Scalar::Int(999_900)),
        Some("field.range")
    );
    assert_eq!(
        fault(RecordKind::Household, "house_area", "不详".into()),
        Some("number.shape")
    );
    assert_eq!(fault(RecordKind::Household, "house_area", Scalar::CLEARED), None);
    assert_eq!(
        fault(RecordKind::Household, "housing_grade", "E".into()),
        Some("field.choice")
    );
    assert_eq!(
        fault(RecordKind::Person, "job/{row}/wage_fen", Scalar::Int(350_000)),
        None
    );
    assert_eq!(
        fault(RecordKind::Person, "job/{row}/wage_fen", Scalar::Int(-1)),
        Some("field.range")
    );
    assert_eq!(
        fault(RecordKind::Person, "id_no", "422899195803129991".into()),
        Some("id.checksum")
    );
}
