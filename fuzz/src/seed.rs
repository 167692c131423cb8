//! Where each target begins: golden bytes of the formats, inputs made here, and every input that once broke something,
//! kept under a name that says what it broke (`fuzz/seeds/TARGET/`).

use crate::chunk;
use crate::input::put_part;
use crate::target::admission::{self, CHAINED, WHOLE};
use crate::target::document::{BODY, PART};
use crate::target::rescue::{self, BLOCKS, TEXT};
use crate::target::roster::{FILE, PARTS, WORKBOOK};
use crate::target::wire::MESSAGES;
use crate::village;
use bianfang::doc::{DocKind, Document};
use bianfang::index::Row;
use bianfang::sync::enrol::{Invite, Invited, Look, Looked};
use bianfang::sync::frame::{self, FrameKind};
use std::fs;
use std::path::{Path, PathBuf};

/// One input with its name.
pub type Seed = (String, Vec<u8>);

/// Every seed of a target, in the order of their names.
pub fn of(target: &str) -> Vec<Seed> {
    let mut seeds = kept(target);
    seeds.extend(match target {
        "admission" => handed_over(),
        "document" => stored(),
        "frame" => frames(),
        "inputs" => inputs(),
        "operations" => operations(),
        "rescue" => rescue_files(),
        "roster" => rosters(),
        "row" => rows(),
        "wire" => messages(),
        _ => Vec::new(),
    });
    seeds.sort();
    seeds
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What once broke something, and what was chosen by hand.
fn kept(target: &str) -> Vec<Seed> {
    let folder = top().join("fuzz/seeds").join(target);
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().into_string().ok()?, fs::read(entry.path()).ok()?))
        })
        .collect()
}

/// The bytes of a golden file.
fn golden(name: &str) -> Vec<u8> {
    let path = top().join(format!("tests/golden/{name}.hex"));
    let text: String = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .split_whitespace()
        .collect();
    let digits: Vec<char> = text.chars().collect();
    let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).expect("hexadecimal digits");
    digits.chunks(2).map(byte).collect()
}

const GOLDEN_FRAMES: [(&str, FrameKind); 6] = [
    ("sync-request", FrameKind::SyncRequest),
    ("sync-response", FrameKind::SyncResponse),
    ("manifest", FrameKind::Manifest),
    ("enrol", FrameKind::Enrol),
    ("enrolled", FrameKind::Enrolled),
    ("refused", FrameKind::Refused),
];

fn frames() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = GOLDEN_FRAMES
        .iter()
        .map(|(name, _)| (format!("golden-{name}"), golden(name)))
        .collect();
    let long = frame::seal(FrameKind::Block, &"走访 visits/checks ".repeat(60).into_bytes());
    seeds.push(("deflated-body".into(), long[9..].to_vec()));
    seeds.push(("deflated-frame".into(), long));
    seeds
}

fn messages() -> Vec<Seed> {
    let chosen = |kind: FrameKind, frame: &[u8]| {
        let place = MESSAGES
            .iter()
            .position(|known| *known == kind)
            .expect("a message of the target");
        [
            &[place as u8],
            frame::open(kind, frame).expect("a good frame").as_slice(),
        ]
        .concat()
    };
    let mut seeds: Vec<Seed> = GOLDEN_FRAMES
        .iter()
        .map(|(name, kind)| (format!("golden-{name}"), chosen(*kind, &golden(name))))
        .collect();
    let look = Look {
        token: "ABCD-EFGH".into(),
    };
    let looked = Looked {
        state: "open".into(),
        village: "大村".into(),
        name: "王芳".into(),
        role: "member".into(),
        inviter: "李强".into(),
        inviter_phone: String::new(),
        households: 300,
        bytes: 90_000,
        expires_on: "2024-05-08".into(),
    };
    let invite = Invite {
        name: "王芳".into(),
        role: "member".into(),
        phone: "15400000001".into(),
    };
    let invited = Invited {
        token: "t".repeat(40),
        code: "ABCD-EFGH".into(),
        link: "https://example.org/#t".into(),
        expires_on: "2024-05-08".into(),
    };
    for (name, kind, frame) in [
        ("look", FrameKind::Look, look.encode()),
        ("looked", FrameKind::Looked, looked.encode()),
        ("invite", FrameKind::Invite, invite.encode()),
        ("invited", FrameKind::Invited, invited.encode()),
    ] {
        seeds.push((name.into(), chosen(kind, &frame)));
    }
    seeds.push((
        "golden-block".into(),
        [&[MESSAGES.len() as u8], golden("block").as_slice()].concat(),
    ));
    seeds
}

fn handed_over() -> Vec<Seed> {
    let honest = admission::honest();
    let input = |head: [u8; 2], marks: u8, changes: &[&Vec<u8>]| {
        let mut out = head.to_vec();
        for change in changes {
            out.push(marks);
            let whole = marks & WHOLE != 0;
            put_part(&mut out, if whole { change } else { chunk::body(change) });
        }
        out
    };
    let two: Vec<&Vec<u8>> = honest[0].iter().collect();
    let beside: Vec<&Vec<u8>> = honest[..2].iter().flatten().collect();
    vec![
        ("two-upon-each-other".into(), input([0, 0], CHAINED, &two)),
        ("one-beside-them".into(), input([0, 0], 0, &beside)),
        ("whole-chunks".into(), input([0, 0], WHOLE, &two)),
        ("twice".into(), input([0, 0], 0, &[two[0], two[0]])),
        ("a-new-finding".into(), input([0, 1], 0, &[&honest[2][0]])),
        ("of-another-kind".into(), input([0, 2], 0, &[&honest[2][0]])),
        ("by-somebody-else".into(), input([2, 0], 0, &two)),
    ]
}

fn stored() -> Vec<Seed> {
    let family = village::family();
    let changes: Vec<Vec<u8>> = family.changes_since(&[]).into_iter().map(|(_, bytes)| bytes).collect();
    let (saved, plain) = (family.save(), family.save_uncompressed());
    let input = |parts: &[(u8, u8, &[u8])]| {
        let mut out = Vec::new();
        for (place, depth, part) in parts {
            out.extend([*place, *depth]);
            put_part(&mut out, part);
        }
        out
    };
    let bodies: Vec<(u8, u8, &[u8])> = changes.iter().map(|change| (1, BODY, chunk::body(change))).collect();
    let beside: Vec<(u8, u8, &[u8])> = [(0, PART, saved.as_slice())]
        .into_iter()
        .chain(bodies.clone())
        .collect();
    vec![
        ("snapshot".into(), input(&[(0, PART, &saved)])),
        ("snapshot-body".into(), input(&[(0, BODY, chunk::body(&plain))])),
        ("golden-household".into(), input(&[(0, PART, &golden("household"))])),
        ("bodies-of-changes".into(), input(&bodies)),
        ("snapshot-and-changes".into(), input(&beside)),
    ]
}

fn rows() -> Vec<Seed> {
    let documents = [
        ("household", village::family()),
        ("finding", village::finding()),
        ("empty-household", Document::new(DocKind::Household, village::FAMILY)),
        ("place", Document::new(DocKind::Place, village::FAMILY)),
    ];
    documents
        .map(|(name, document)| (name.to_owned(), Row::of(&document, &[5; 32]).encode()))
        .into()
}

fn inputs() -> Vec<Seed> {
    let written = [
        "21000",
        "２１０００元",
        "1,234.50",
        "-2。1万元",
        "¥300",
        "3499.9999999999995",
        "2019-08-05",
        "2019年8月5日",
        "2019/8/5 12:30:00",
        "20190805",
        "43692",
        "201908",
        "11010519491231002X",
        "422899195803129990",
        "11010519491231002x43B1",
        "4.22822E+17",
        "阿依古丽．买买提 ",
        "张　三",
        "John J. Smith",
        "=HYPERLINK(\"x\")",
        "3组 wf\n王芳",
    ];
    written
        .iter()
        .enumerate()
        .map(|(at, text)| (format!("written-{at:02}"), text.as_bytes().to_vec()))
        .collect()
}

fn operations() -> Vec<Seed> {
    // Step, phone; for a save the number of puts, and for each what, who, key and the text.
    let save = |phone: u8, what: u8, key: u8, text: &str| {
        [&[1, phone, 0, what, (text.len() as u8) << 5, key], text.as_bytes()].concat()
    };
    let person = |phone: u8| vec![1, phone, 0, 0, 0x20, 0, b'x'];
    let all_receive: Vec<u8> = (0..3).flat_map(|phone| [4, phone, 0]).collect();
    let join = |parts: &[&[u8]]| parts.concat();
    vec![
        (
            "two-write-the-same".into(),
            join(&[
                &save(0, 4, 1, "one"),
                &save(1, 4, 1, "two"),
                &all_receive,
                &[0, 2],
                &save(2, 4, 1, "both"),
            ]),
        ),
        (
            "a-person-is-named-elsewhere".into(),
            join(&[
                &person(0),
                &[0, 0, 7, 1, 0, 0, 1],
                &[1, 1, 0, 4, 0x68, 0, b'a', b'b', b'c'],
                &[6, 1],
                &all_receive,
            ]),
        ),
        (
            "notes-meet".into(),
            join(&[&save(0, 2, 0, "abc"), &save(1, 2, 0, "xyz"), &[7, 0, 1], &[7, 1, 0]]),
        ),
    ]
}

fn rescue_files() -> Vec<Seed> {
    let path = top().join("tests/golden/rescue.txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut blocks = vec![BLOCKS];
    rescue::blocks(&text)
        .iter()
        .for_each(|block| put_part(&mut blocks, block));
    vec![
        ("golden-text".into(), [&[TEXT], text.as_bytes()].concat()),
        ("golden-blocks".into(), blocks),
    ]
}

fn rosters() -> Vec<Seed> {
    let file = |path: &str, bytes_max: usize| {
        let path = top().join(path);
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        [&[FILE], &bytes[..bytes.len().min(bytes_max)]].concat()
    };
    let csv = "户编号,户主姓名,姓名,与户主关系,身份证号,组别,结对帮扶责任人,联系电话\n\
               1,王芳,王芳,户主,11010519491231002X,3组,李强,15400000001\n,,李强,配偶,,,,\n";
    let columns = ["姓名", "与户主关系", "身份证号", "出生日期"];
    let cell = |place: String, text: &str| format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let titles: String = columns
        .iter()
        .zip('A'..)
        .map(|(title, column)| cell(format!("{column}1"), title))
        .collect();
    let sheet = format!(
        "<worksheet><sheetData><row r=\"1\">{titles}</row><row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c>{}\
         <c r=\"C2\"><v>422899195803129990</v></c><c r=\"D2\" s=\"1\"><v>21256</v></c></row></sheetData>\
         <mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells></worksheet>",
        cell("B2".into(), "户主")
    );
    let mut workbook = vec![WORKBOOK];
    put_part(&mut workbook, sheet.as_bytes());
    let mut whole = vec![WORKBOOK];
    put_part(&mut whole, sheet.as_bytes());
    PARTS[1..]
        .iter()
        .for_each(|(_, usual)| put_part(&mut whole, usual.as_bytes()));
    vec![
        ("text-table".into(), [&[FILE], csv.as_bytes()].concat()),
        ("workbook-of-parts".into(), workbook),
        ("workbook-of-all-parts".into(), whole),
        (
            "styled-xlsx".into(),
            file("endpoint/tests/roster/styled.xlsx", usize::MAX),
        ),
        ("calc-xls".into(), file("endpoint/tests/roster/calc.xls", usize::MAX)),
        (
            "gb18030-csv".into(),
            file("tests/data/roster-430225203298.gb18030.csv", 3_000),
        ),
        ("utf8-csv".into(), file("tests/data/roster-430581100298.csv", 3_000)),
    ]
}
