//! Invitations, from all sides.

use crate::support::*;
use bianfang::base::id::MemberId;
use bianfang::sync::enrol::{Enrol, Enrolled, Invite, Invited};
use bianfang::sync::log::Role;
use bianfang_endpoint::desk::Desk;
use bianfang_endpoint::entropy;
use bianfang_endpoint::judge::KeyPair;
use bianfang_endpoint::store::people;
use bianfang_endpoint::{Store, join, village};

#[test]
fn looking_uses_nothing_up_and_says_what_it_is_for() {
    let world = World::new();
    let invitation = world.invite("王芳", Role::Member);
    assert_eq!(
        invitation.link("https://bf.example.org/"),
        format!(
            "https://bf.example.org/#/join?i={}&c={}",
            invitation.token,
            entropy::shown_code(&invitation.code)
        )
    );
    for _ in 0..3 {
        let looked = world.look(&invitation.token);
        assert_eq!((looked.state.as_str(), looked.name.as_str()), ("open", "王芳"));
        assert_eq!((looked.village.as_str(), looked.role.as_str()), ("白果村", "member"));
        assert_eq!(looked.expires_on, invitation.expires_on());
        assert_eq!(looked.inviter, "县办");
    }
    let typed = entropy::shown_code(&invitation.code).to_lowercase();
    assert_eq!(world.look(&typed).name, "王芳");
    assert_eq!(world.look("no-such-token").state, "unknown");
}

#[test]
fn an_invitation_enrols_one_phone_and_repeats_its_answer_to_it_alone() {
    let world = World::new();
    let invitation = world.invite("王芳", Role::Member);
    let key = KeyPair::generate();
    let first = world.enrol(&key, &invitation.token).unwrap();
    assert_eq!(
        (first.name.as_str(), first.role.as_str(), first.code.as_str()),
        ("王芳", "member", CODE)
    );
    assert!(first.demonstration);
    let again = world.enrol(&key, &invitation.token).unwrap();
    assert_eq!(first, again);
    let other = world.enrol(&KeyPair::generate(), &invitation.token).unwrap_err();
    assert_eq!((other.status, other.code().as_str()), (410, "invitation_used"));
    // Who can send a new one is said by looking.
    assert_eq!(world.look(&invitation.token).state, "used");
}

#[test]
fn a_phone_from_before_a_restore_comes_back_as_who_it_was_and_as_nobody_else() {
    let world = World::new();
    let back = |token: &str, former: MemberId| {
        let frame = enrol_frame(&KeyPair::generate(), token);
        let enrol = Enrol {
            former,
            ..Enrol::decode(&frame).unwrap()
        }
        .encode();
        let join = || Enrolled::decode(&post(world.address, "/v1/enrol", None, &enrol).body).unwrap();
        let first = join();
        assert_eq!(first, join(), "a repeated request gets the same answer");
        first.member
    };
    let lost = MemberId([0x77; 16]);
    assert_eq!(back(&world.invite("王芳", Role::Member).token, lost), lost);
    let invitation = world.invite("李强", Role::Member);
    assert_eq!(back(&invitation.token, lost), invitation.member);
}

#[test]
fn an_old_or_replaced_invitation_says_so() {
    let world = World::new();
    let invitation = world.invite("王芳", Role::Member);
    world.pass(8 * DAY_MS);
    assert_eq!(world.look(&invitation.token).state, "expired");
    let refused = world.enrol(&KeyPair::generate(), &invitation.token).unwrap_err();
    assert_eq!((refused.status, refused.code().as_str()), (410, "invitation_expired"));
    let newer = world
        .running()
        .endpoint
        .store
        .write(|tx| {
            let invitee = join::Invitee {
                member: Some(invitation.member),
                name: "王芳".into(),
                phone: String::new(),
                role: Role::Member,
            };
            let desk = Desk::load_or_make(tx, world.now_ms())?;
            join::invite(tx, world.space, &invitee, desk.member(), world.now_ms())?;
            join::invite(tx, world.space, &invitee, desk.member(), world.now_ms())
        })
        .unwrap();
    assert_eq!(world.look(&invitation.token).state, "revoked");
    assert_eq!(world.look(&newer.token).state, "open");
    assert_eq!(newer.member, invitation.member);
}

#[test]
fn a_second_phone_of_the_same_person_joins() {
    let world = World::new();
    let mut first = world.phone("王芳", Role::Member);
    let now_ms = world.now_ms();
    let invitation = world
        .running()
        .endpoint
        .store
        .write(|tx| {
            let invitee = join::Invitee {
                member: Some(first.author()),
                name: "王芳".into(),
                phone: "15400000001".into(),
                role: Role::Member,
            };
            let desk = Desk::load_or_make(tx, now_ms)?;
            join::invite(tx, world.space, &invitee, desk.member(), now_ms)
        })
        .unwrap();
    let key = KeyPair::generate();
    let enrolled = world.enrol(&key, &invitation.token).unwrap();
    assert_eq!(enrolled.member, first.author());
    let mut second = Phone::new(world.address, key, enrolled);
    first.write(home(1), "phone", "1");
    second.write(home(1), "address", "2");
    first.sync();
    second.sync();
    first.sync();
    assert_eq!(first.digest, second.digest);
}

#[test]
fn only_whoever_holds_the_key_enrols() {
    let world = World::new();
    let invitation = world.invite("王芳", Role::Member);
    let (key, other) = (KeyPair::generate(), KeyPair::generate());
    let public_key = key.public_key();
    let forged = Enrol {
        token: invitation.token.clone(),
        public_key,
        label: String::new(),
        former: MemberId([0; 16]),
        signature: other.sign(&Enrol::message(&invitation.token, &public_key)),
    };
    let reply = post(world.address, "/v1/enrol", None, &forged.encode());
    assert_eq!((reply.status, reply.code().as_str()), (400, "enrol_bad_signature"));
    assert_eq!(world.look(&invitation.token).state, "open");
    let phone = world.phone("李强", Role::Member);
    let taken = world.enrol(&phone.key, &invitation.token).unwrap_err();
    assert_eq!((taken.status, taken.code().as_str()), (409, "enrol_key_taken"));
}

#[test]
fn the_leader_invites_members_and_nobody_else_does() {
    let world = World::new();
    let (leader, member) = (world.phone("王芳", Role::Leader), world.phone("李强", Role::Member));
    let path = format!("/v1/invite/{}", world.space);
    let invite = |role: &str| Invite {
        name: "赵敏".into(),
        role: role.into(),
        phone: "15400000003".into(),
    };
    let reply = post(world.address, &path, Some(&leader.token()), &invite("member").encode());
    assert_eq!(reply.status, 200);
    let invited = Invited::decode(&reply.body).unwrap();
    assert_eq!(
        invited.link,
        format!("http://{}/#/join?i={}&c={}", world.address, invited.token, invited.code)
    );
    let looked = world.look(&invited.code);
    assert_eq!((looked.name.as_str(), looked.inviter.as_str()), ("赵敏", "王芳"));
    assert_eq!(looked.inviter_phone, "15400000001");
    for (token, role, code) in [
        (&member.token(), "member", "not_allowed"),
        (&leader.token(), "desk", "not_allowed"),
        (&leader.token(), "king", "invite_bad_name"),
    ] {
        let reply = post(world.address, &path, Some(token), &invite(role).encode());
        assert_eq!(reply.code(), code);
    }
    let reply = post(world.address, &path, None, &invite("member").encode());
    assert_eq!((reply.status, reply.code().as_str()), (401, "unauthorized"));
}

#[test]
fn guessing_is_slowed_down() {
    let world = World::new();
    let invitation = world.invite("王芳", Role::Member);
    let key = KeyPair::generate();
    let mut waits = 0;
    for number in 0..40 {
        let guess = format!("ABCDE-FG{:03}", number % 1000).replace(['0', '1'], "2");
        let reply = post(world.address, "/v1/enrol", None, &enrol_frame(&key, &guess));
        match reply.status {
            404 => assert_eq!(reply.code(), "invitation_unknown"),
            429 => {
                assert_eq!(reply.code(), "too_many_requests");
                assert!(reply.headers["retry-after"].parse::<u64>().unwrap() > 0);
                waits += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(waits >= 20, "{waits}");
    world.pass(60 * 60 * 1000);
    world.enrol(&key, &invitation.token).unwrap();
}

#[test]
fn a_revoked_phone_is_told_so_by_a_command_beside_the_server() {
    let world = World::new();
    let mut phone = world.phone("王芳", Role::Member);
    phone.sync();
    // Another process.
    let store = Store::open(&world.backend()).unwrap();
    store
        .write(|tx| {
            assert!(people::revoke(tx, phone.me.device, 5)?);
            let desk = Desk::load_or_make(tx, NOW_MS)?;
            village::revoked(tx, &desk, world.space, phone.me.device, NOW_MS)
        })
        .unwrap();
    phone.write(home(1), "phone", "1");
    let reply = phone.send(&phone.request(bianfang::sync::wire::Ask::Feed));
    assert_eq!((reply.status, reply.code().as_str()), (403, "device_revoked"));
    let invitation = world.invite("王芳", Role::Member);
    let refused = world.enrol(&phone.key, &invitation.token).unwrap_err();
    assert_eq!(refused.code(), "device_revoked");
    let mut other = world.phone("李强", Role::Member);
    other.sync();
    let village = &other.documents[&bianfang::doc::village_id(world.space)];
    let devices = village.records("devices");
    let revoked = devices
        .values()
        .find(|one| one.text("device") == phone.me.device.to_string());
    assert_eq!(revoked.unwrap().text("to"), "2019-08-15");
}
