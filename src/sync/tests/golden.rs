//! Golden bytes: frames as a released phone sends them must decode for ever. Plain packing, because another version of a
//! compressor may pack the same body into other bytes.

use crate::base::id::*;
use crate::doc::{At, DocKind, Document, Edit, Hash, Put};
use crate::index::Row;
use crate::register::link::{APART, SAME};
use crate::sync::digest::Digest;
use crate::sync::enrol::{Enrol, Enrolled, Refused};
use crate::sync::pack::{BlockName, Manifest, PackedDoc, decode_block, encode_block};
use crate::sync::wire::*;
use sha2::Digest as _;

/// Two saves, the second made upon the first.
fn changes() -> Vec<Vec<u8>> {
    let mut document = Document::new(DocKind::Household, DocId([3; 16]));
    let mut save = |phone: &str| {
        let edit = Edit {
            author: MemberId([2; 16]),
            at_ms: 1_565_830_000_000,
            base: document.heads(),
            puts: vec![Put::Value {
                at: At::Own,
                key: "phone".into(),
                value: phone.into(),
            }],
        };
        document.edit(&edit, ActorBytes([9; 16])).unwrap().unwrap().bytes
    };
    vec![save("15400000002"), save("15400000001")]
}

fn request() -> SyncRequest {
    let part = DocChanges {
        kind: DocKind::Household,
        document: DocId([3; 16]),
        changes: changes(),
    };
    SyncRequest {
        cursor: Cursor { seq: 300, mark: [8; 8] },
        digest: Digest([7; 32]),
        presence: 12,
        ask: Ask::Want(vec![[1; 8], [2; 8]]),
        bundles: vec![Bundle {
            device: DeviceId([4; 16]),
            documents: vec![part],
            signature: [5; 64],
        }],
    }
}

fn response() -> SyncResponse {
    let arrival = |bytes| Arrival {
        bytes,
        device: DeviceId([4; 16]),
        received_s: 1_565_830_100,
    };
    SyncResponse {
        now_ms: 1_565_830_200_000,
        receipts: vec![Receipt {
            position: 0,
            count: 1,
            seq: 301,
        }],
        refusals: vec![Refusal {
            position: 1,
            code: RefusalCode::UnknownDependency,
            need: vec![Hash([6; 32])],
        }],
        arrivals: vec![DocArrivals {
            kind: DocKind::Household.into(),
            document: DocId([3; 16]),
            arrivals: changes().into_iter().map(arrival).collect(),
        }],
        cursor: Cursor { seq: 301, mark: [9; 8] },
        digest: Digest([1; 32]),
        more: true,
        reconcile: false,
        held: vec![(255, vec![[3; 8]])],
        presence: 13,
        teammates: vec![Presence {
            device: DeviceId([5; 16]),
            member: MemberId([6; 16]),
            seq: 299,
        }],
    }
}

fn manifest() -> Manifest {
    let block = BlockName {
        sha256: [2; 32],
        documents: 30,
        households: 29,
        bytes: 9000,
    };
    Manifest {
        cursor: Cursor { seq: 301, mark: [9; 8] },
        digest: Digest([1; 32]),
        blocks: vec![block],
    }
}

fn block() -> Vec<PackedDoc> {
    let document = Document::new(DocKind::Log, DocId([3; 16]));
    let saved = document.save_uncompressed();
    vec![PackedDoc {
        kind: DocKind::Log.into(),
        document: DocId([3; 16]),
        row: vec![1, 2, 3],
        saved,
        received: Vec::new(),
    }]
}

/// Two documents whose changes came at three times.
fn block_with_times() -> Vec<PackedDoc> {
    let mut document = Document::new(DocKind::Household, DocId([3; 16]));
    document.apply(changes()).unwrap();
    let household = PackedDoc {
        kind: DocKind::Household.into(),
        document: DocId([3; 16]),
        row: vec![4, 5],
        saved: document.save_uncompressed(),
        received: vec![1_565_830_100, 1_565_830_007],
    };
    let mut log = block();
    log[0].received = vec![1_565_830_100, 1_565_916_500];
    vec![household, log.remove(0)]
}

fn enrol() -> Enrol {
    Enrol {
        token: "ABCD2345".into(),
        public_key: [4; 65],
        label: "红米".into(),
        former: MemberId([7; 16]),
        signature: [5; 64],
    }
}

fn enrolled() -> Enrolled {
    Enrolled {
        space: SpaceId([1; 16]),
        member: MemberId([2; 16]),
        device: DeviceId([4; 16]),
        name: "王芳".into(),
        role: "member".into(),
        village: "测试村".into(),
        code: "422822104299".into(),
        token: "secret".into(),
        space_key: [7; 32],
        demonstration: true,
    }
}

pub(super) fn golden(name: &str, made: &[u8]) -> Vec<u8> {
    let path = format!("{}/tests/golden/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BIANFANG_MAKE_GOLDEN").is_some() {
        let lines: Vec<String> = made
            .chunks(40)
            .map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            .collect();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    stored(name)
}

fn stored(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/golden/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let text: String = std::fs::read_to_string(path).unwrap().split_whitespace().collect();
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn frames_of_the_first_release_decode() {
    assert_eq!(
        SyncRequest::decode(&golden("sync-request", &request().encode())),
        Ok(request())
    );
    assert_eq!(
        SyncResponse::decode(&golden("sync-response", &response().encode())),
        Ok(response())
    );
    assert_eq!(
        Manifest::decode(&golden("manifest", &manifest().encode())),
        Ok(manifest())
    );
    assert_eq!(Enrol::decode(&golden("enrol", &enrol().encode())), Ok(enrol()));
    assert_eq!(
        Enrolled::decode(&golden("enrolled", &enrolled().encode())),
        Ok(enrolled())
    );
    let refused = Refused {
        code: "device_revoked".into(),
        wait_s: 30,
    };
    assert_eq!(Refused::decode(&golden("refused", &refused.encode())), Ok(refused));
    let blocks = block_with_times();
    let bytes = golden("block-2", &encode_block(&blocks));
    let name = sha2::Sha256::digest(&bytes).into();
    assert_eq!(decode_block(&name, &bytes), Ok(blocks));
    // A block of a release that told no times opens for ever.
    let bytes = stored("block");
    let name = sha2::Sha256::digest(&bytes).into();
    assert_eq!(decode_block(&name, &bytes), Ok(block()));
}

#[test]
fn a_refusal_for_a_reason_of_a_newer_release_does_not_spoil_the_frame() {
    let codes = RefusalCode::ALL
        .into_iter()
        .chain([0, 100, 255].map(RefusalCode::Other));
    let refusal = |(position, code)| Refusal {
        position,
        code,
        need: Vec::new(),
    };
    let answer = SyncResponse {
        refusals: (1..).zip(codes).map(refusal).collect(),
        ..response()
    };
    assert_eq!(SyncResponse::decode(&answer.encode()), Ok(answer));
}

#[test]
fn a_document_of_the_first_release_opens() {
    let mut document = Document::new(DocKind::Household, DocId([3; 16]));
    document.apply(changes()).unwrap();
    let bytes = golden("household", &document.save());
    let opened = Document::load(DocKind::Household, DocId([3; 16]), &bytes).unwrap();
    assert_eq!(opened.own().text("phone"), "15400000001");
    assert_eq!(opened.heads(), document.heads());
}

/// A phone number about which two differ: settled, taken back, and asked about; and an address that was settled.
fn disputed() -> Document {
    let mut document = Document::new(DocKind::Household, DocId([3; 16]));
    let mut last = 0;
    let mut write = |document: &mut Document, base: &[Hash], puts: Vec<Put>| {
        last += 1;
        let edit = Edit {
            author: MemberId([last; 16]),
            at_ms: 1_565_830_000_000,
            base: base.to_vec(),
            puts,
        };
        document.edit(&edit, ActorBytes([last; 16])).unwrap().unwrap();
    };
    let value = |key: &str, value: &str| Put::Value {
        at: At::Own,
        key: key.into(),
        value: value.into(),
    };
    let base = document.heads();
    for (phone, address) in [("15400000001", "三组12号"), ("15400000002", "三组21号")] {
        write(
            &mut document,
            &base,
            vec![value("phone", phone), value("address", address)],
        );
    }
    for (key, agreed) in [("phone", "15400000002"), ("address", "三组12号")] {
        let settling = document.own().settling(&At::Own, key).unwrap();
        let base = document.heads();
        write(&mut document, &base, vec![value(key, agreed), settling]);
    }
    let (_, names) = document.own().settled("phone").unwrap();
    let base = document.heads();
    for puts in document.unsettling(&At::Own, "phone", &names) {
        write(&mut document, &base, puts);
    }
    let asking = document.own().asking(&At::Own, "phone").unwrap();
    let base = document.heads();
    write(&mut document, &base, vec![asking]);
    document
}

/// A household that was joined with another one and told apart from a third, with a person who was typed twice.
fn joined() -> Document {
    let mut document = Document::new(DocKind::Household, DocId([3; 16]));
    let link = |id: u8, what: &str, other: u8| Put::Create {
        at: At::table("links", RecordId([id; 16])),
        fields: vec![
            ("what".into(), what.into()),
            ("household".into(), DocId([other; 16]).to_string().as_str().into()),
        ],
        notes: Vec::new(),
    };
    let mut twin = link(9, SAME, 3);
    if let Put::Create { fields, .. } = &mut twin {
        let person = |id: u8| RecordId([id; 16]).to_string().as_str().into();
        fields.truncate(1);
        fields.extend([("person".into(), person(10)), ("other".into(), person(11))]);
    }
    let edit = Edit {
        author: MemberId([6; 16]),
        at_ms: 1_565_837_000_000,
        base: document.heads(),
        puts: vec![link(1, SAME, 4), link(2, APART, 5), twin],
    };
    document.edit(&edit, ActorBytes([8; 16])).unwrap().unwrap();
    document
}

#[test]
fn what_people_said_about_differing_values_is_read_for_ever() {
    let made = disputed();
    let bytes = golden("disputed", &made.save());
    let opened = Document::load(DocKind::Household, DocId([3; 16]), &bytes).unwrap();
    assert_eq!(opened.heads(), made.heads());
    let own = opened.own();
    assert!(own.differs("phone") && own.asked("phone").is_some());
    assert_eq!(own.all_settled().collect::<Vec<_>>(), ["address"]);
    let first: Vec<Option<Hash>> = own
        .live("phone")
        .iter()
        .map(|live| opened.named(&own.first_name("phone", live)))
        .collect();
    let writers: Vec<Option<MemberId>> = first
        .iter()
        .map(|hash| opened.authors()[&hash.unwrap()].author)
        .collect();
    assert_eq!(writers.len(), 2);
    assert!([1, 2].iter().all(|who| writers.contains(&Some(MemberId([*who; 16])))));
}

#[test]
fn what_was_joined_and_told_apart_reads_the_same_for_ever() {
    let made = joined();
    let bytes = golden("joined", &made.save());
    let opened = Document::load(DocKind::Household, DocId([3; 16]), &bytes).unwrap();
    assert_eq!(opened.heads(), made.heads());
    let links = opened.links();
    let said: Vec<(DocId, bool)> = links.iter().map(|link| (link.other, link.same)).collect();
    assert_eq!(
        said,
        [4, 5, 3]
            .map(|id| DocId([id; 16]))
            .into_iter()
            .zip([true, false, true])
            .collect::<Vec<_>>()
    );
    assert_eq!(links[2].persons, Some((RecordId([10; 16]), RecordId([11; 16]))));
    let row = Row::of(&opened, &[7; 32]);
    assert_eq!(Row::decode(&golden("row", &Row::of(&made, &[7; 32]).encode())), Ok(row));
}

#[test]
fn every_cut_and_every_flipped_byte_of_a_frame_is_an_error_or_another_frame_and_never_a_panic() {
    let bytes = response().encode();
    for length in 0..bytes.len() {
        assert!(SyncResponse::decode(&bytes[..length]).is_err(), "cut at {length}");
    }
    for place in 0..bytes.len() {
        let mut other = bytes.clone();
        other[place] ^= 0x11;
        if let Ok(read) = SyncResponse::decode(&other) {
            assert_ne!(read, response(), "flipped {place}");
        }
    }
}
