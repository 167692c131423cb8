//! 结对 (S056, S181): with a household or a whole group, ended and taken back, on one phone and seen on the other.

use super::village::{Village, badges, heads, is_said, own};
use bianfang::base::id::DocId;
use bianfang::client::api::{Reply, Request};
use bianfang::client::view::{PairingView, SavedView};

/// What the screen of a pairing sends.
#[derive(Clone, Default)]
struct Form {
    household: String,
    group: String,
    member: String,
    from: String,
    to: String,
}

fn send(village: &Village, phone: usize, form: Form, changed: Option<&PairingView>) -> Result<SavedView, String> {
    let reply = village.world.phones[phone].must(Request::SavePairing {
        household: form.household,
        group: form.group,
        pairing: changed.map(|one| one.id.clone()).unwrap_or_default(),
        base: changed.map(|one| one.base.clone()).unwrap_or_default(),
        member: form.member,
        from: form.from,
        to: form.to,
    });
    match reply {
        Reply::SavePairing { saved } => Ok(saved),
        Reply::Failed { problem } => {
            assert!(is_said(&problem.words));
            Err(problem.code)
        }
        other => panic!("no answer to a pairing: {other:?}"),
    }
}

fn pairings(village: &Village, phone: usize, household: DocId) -> Vec<PairingView> {
    let id = household.to_string();
    match village.world.phones[phone].must(Request::Household { id }) {
        Reply::Household { view } => view.pairings,
        other => panic!("no household: {other:?}"),
    }
}

fn poor(village: &mut Village, order: u16, group: &str) -> DocId {
    let family = village.family(order, group, &[&format!("罗{order}")]);
    village.with(family, vec![own("attribute", "脱贫户")]);
    family
}

#[test]
fn a_household_is_paired_ended_and_paired_again() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组");
    village.arrive();
    assert_eq!(heads(&village.coverage("", "").unpaired), ["罗1"]);

    let mut form = Form {
        household: family.to_string(),
        member: village.wang.to_string(),
        from: "２０１９－０８－０１".into(),
        ..Form::default()
    };
    let saved = send(&village, 0, form.clone(), None).unwrap();
    assert_eq!((saved.document, saved.local, saved.differs), (family.to_string(), 1, 0));
    assert_eq!(
        badges(&village.list("", "paired", "").rows[0]),
        ["脱贫户", "我结对的", "只在本机 1"]
    );
    assert_eq!(heads(&village.coverage("", "").unpaired), [""; 0]);
    assert_eq!(send(&village, 0, form.clone(), None), Err("pairing_exists".to_owned()));

    village.arrive();
    let seen = pairings(&village, 1, family);
    let [one] = seen.as_slice() else {
        panic!("one pairing: {seen:?}")
    };
    assert_eq!(
        (one.name.as_str(), one.from.as_str(), one.to.as_str()),
        ("王芳", "2019-08-01", "")
    );
    form.from = one.from.clone();
    form.to = "2019-08-13".into();
    send(&village, 1, form.clone(), Some(one)).unwrap();
    village.arrive();
    assert_eq!(pairings(&village, 0, family)[0].to, "2019-08-13");
    assert_eq!(heads(&village.coverage("", "").unpaired), ["罗1"]);
    assert_eq!(village.list("", "paired", "").total, 0);

    form.to = String::new();
    let ended = pairings(&village, 0, family);
    send(&village, 0, form, Some(&ended[0])).unwrap();
    assert_eq!(village.list("", "paired", "").total, 1);
}

#[test]
fn a_whole_group_is_paired_at_once() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组");
    poor(&mut village, 2, "1组");
    poor(&mut village, 3, "2组");
    village.arrive();
    let form = Form {
        group: "1组".into(),
        member: village.wang.to_string(),
        ..Form::default()
    };
    send(&village, 0, form.clone(), None).unwrap();
    assert_eq!(heads(&village.list("", "paired", "").rows), ["罗1", "罗2"]);
    assert_eq!(heads(&village.coverage("", "").unpaired), ["罗3"]);
    assert_eq!(send(&village, 0, form.clone(), None), Err("pairing_exists".to_owned()));
    village.arrive();
    let seen = pairings(&village, 1, family);
    assert_eq!((seen[0].by_group, seen[0].from.as_str()), (true, "2019-08-14"));
    let to = "2019-08-14".to_owned();
    send(&village, 1, Form { to, ..form }, Some(&seen[0])).unwrap();
    village.arrive();
    village.world.pass_ms(24 * 60 * 60 * 1000);
    assert_eq!(village.list("", "paired", "").total, 0);
}

#[test]
fn a_pairing_is_withdrawn_with_a_reason_stays_readable_and_is_restored_also_of_a_whole_group() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组");
    poor(&mut village, 2, "1组");
    village.arrive();
    let of_household = Form {
        household: family.to_string(),
        member: village.wang.to_string(),
        ..Form::default()
    };
    let of_group = Form {
        household: String::new(),
        group: "1组".into(),
        ..of_household.clone()
    };
    for (form, paired) in [(of_household, vec!["罗1"]), (of_group, vec!["罗1", "罗2"])] {
        send(&village, 0, form.clone(), None).unwrap();
        village.arrive();
        let seen = pairings(&village, 1, family).pop().unwrap();
        assert_eq!((seen.by_group, seen.void_reason.as_str()), (!form.group.is_empty(), ""));
        let (document, record) = (seen.document.clone(), format!("pairings/{}", seen.id));
        let withdraw = |base: &str, reason: &str| Request::Withdraw {
            document: document.clone(),
            record: record.clone(),
            base: base.to_owned(),
            reason: reason.into(),
        };
        let reply = village.world.phones[1].must(withdraw(&seen.base, " "));
        assert!(matches!(reply, Reply::Failed { problem } if problem.code == "void_reason"));
        village.world.phones[1].must(withdraw(&seen.base, "选错了人"));
        village.arrive();
        for phone in [0, 1] {
            let after = pairings(&village, phone, family).pop().unwrap();
            assert_eq!(
                (after.id.as_str(), after.void_reason.as_str()),
                (seen.id.as_str(), "选错了人")
            );
        }
        assert_eq!(village.list("", "paired", "").total, 0, "it counts nowhere");
        assert!(heads(&village.coverage("", "").unpaired).contains(&"罗1"));
        // What is withdrawn hinders nobody from pairing them rightly.
        let base = pairings(&village, 0, family).pop().unwrap().base;
        let (document, record) = (document.clone(), record.clone());
        village.world.phones[0].must(Request::Restore { document, record, base });
        village.arrive();
        assert_eq!(pairings(&village, 1, family).pop().unwrap().void_reason, "");
        assert_eq!(heads(&village.list("", "paired", "").rows), paired);
        let seen = pairings(&village, 0, family).pop().unwrap();
        village.world.phones[0].must(withdraw(&seen.base, "又选错了"));
        send(&village, 0, form.clone(), None).unwrap();
        assert_eq!(heads(&village.list("", "paired", "").rows), paired);
        let mut all = pairings(&village, 0, family).into_iter();
        let again = all.find(|one| one.by_group == seen.by_group && one.void_reason.is_empty());
        let again = again.unwrap();
        let to_end = Form {
            to: "2019-08-13".into(),
            from: "2019-01-01".into(),
            ..form
        };
        send(&village, 0, to_end, Some(&again)).unwrap();
        village.arrive();
    }
}

#[test]
fn a_group_pairing_changed_while_it_was_withdrawn_is_shown_until_somebody_decides() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组");
    village.arrive();
    let form = Form {
        group: "1组".into(),
        member: village.wang.to_string(),
        from: "2019-01-01".into(),
        ..Form::default()
    };
    send(&village, 0, form.clone(), None).unwrap();
    village.arrive();
    let seen = [
        pairings(&village, 0, family).remove(0),
        pairings(&village, 1, family).remove(0),
    ];
    village.world.phones[1].must(Request::Withdraw {
        document: seen[1].document.clone(),
        record: format!("pairings/{}", seen[1].id),
        base: seen[1].base.clone(),
        reason: "选错了组".into(),
    });
    send(
        &village,
        0,
        Form {
            to: "2019-12-31".into(),
            ..form
        },
        Some(&seen[0]),
    )
    .unwrap();
    village.arrive();
    village.arrive();
    for phone in [0, 1] {
        let Reply::Differences { view } =
            village.world.phones[phone].must(Request::Differences { offset: 0, limit: 10 })
        else {
            panic!("no list of what is to be settled");
        };
        assert_eq!((view.open, view.of.len()), (1, 1));
        let contested = &view.of[0].contested[0];
        assert_eq!((contested.reason.as_str(), contested.rows.len()), ("选错了组", 1));
        assert_eq!(contested.document, seen[0].document);
    }
}

#[test]
fn an_end_is_set_on_what_the_person_saw() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组");
    village.arrive();
    let form = Form {
        household: family.to_string(),
        member: village.wang.to_string(),
        from: "2019-01-01".into(),
        ..Form::default()
    };
    send(&village, 0, form.clone(), None).unwrap();
    village.arrive();
    let on_two_phones = [pairings(&village, 0, family), pairings(&village, 1, family)];
    let with_end = |to: &str| Form {
        to: to.into(),
        ..form.clone()
    };
    send(&village, 1, with_end("2019-07-31"), Some(&on_two_phones[1][0])).unwrap();
    village.arrive();
    // The page of 王芳 was drawn before the other end arrived: both ends stay, to be settled.
    let saved = send(&village, 0, with_end("2019-08-10"), Some(&on_two_phones[0][0])).unwrap();
    assert_eq!(saved.differs, 1);
    assert_eq!(village.list("", "differs", "").total, 1);
}

#[test]
fn what_cannot_be_a_pairing_is_refused_in_words() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组").to_string();
    village.arrive();
    let (member, stranger) = (village.wang.to_string(), DocId([9; 16]).to_string());
    let good = Form {
        household: family,
        member,
        ..Form::default()
    };
    let with = |change: &dyn Fn(&mut Form)| {
        let mut form = good.clone();
        change(&mut form);
        send(&village, 0, form, None)
    };
    assert_eq!(with(&|form| form.member.clear()), Err("pairing_member".into()));
    assert_eq!(
        with(&|form| form.member = stranger.clone()),
        Err("pairing_member".into())
    );
    assert_eq!(with(&|form| form.household = stranger.clone()), Err("not_found".into()));
    assert_eq!(with(&|form| form.household.clear()), Err("pairing_group".into()));
    assert_eq!(with(&|form| form.from = "去年".into()), Err("pairing_dates".into()));
    let ends_first = |form: &mut Form| {
        form.from = "2019-08-02".into();
        form.to = "2019-08-01".into();
    };
    assert_eq!(with(&ends_first), Err("pairing_dates".into()));
    assert_eq!(
        village.list("", "local", "").rows[0].badges.len(),
        1,
        "nothing was written"
    );
}

#[test]
fn a_helper_whom_the_roster_named_is_the_member_of_that_name() {
    let mut village = Village::new();
    let family = poor(&mut village, 1, "1组");
    let unknown = poor(&mut village, 2, "1组");
    village.pair_by_name(family, "王 芳");
    village.pair_by_name(unknown, "向阳");
    village.arrive();
    assert_eq!(heads(&village.list("", "paired", "").rows), ["罗1"]);
    assert_eq!(village.list("", "unpaired", "").total, 0);
    assert_eq!(village.today().pace_required, 6);
    let view = village.coverage("", "");
    let paired: Vec<_> = view
        .by_visitor
        .iter()
        .map(|row| (row.name.as_str(), row.paired))
        .collect();
    assert!(paired.contains(&("王芳", 1)) && paired.contains(&("李国强", 0)));
}
