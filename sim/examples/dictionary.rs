//! Makes the preset dictionary of frames from typical changes, the most typical last: `… > src/sync/dictionary-1.bin`.
//! The dictionary is part of the wire format: once released, a better one gets another number.

use bianfang::base::id::{ActorBytes, DocId, MemberId, RecordId};
use bianfang::doc::{At, DocKind, Document, Edit, Put, Scalar};
use bianfang_sim::random::Random;
use std::io::Write;

fn id(random: &Random) -> [u8; 16] {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes
}

fn create(random: &Random, table: &str, fields: &[(&str, &str)], notes: &[(&str, &str)]) -> Put {
    let scalar = |text: &str| {
        text.parse()
            .map_or_else(|_| Scalar::from(text), |number: i64| Scalar::Int(number))
    };
    Put::Create {
        at: At::table(table, RecordId(id(random))),
        fields: fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), scalar(value)))
            .collect(),
        notes: notes
            .iter()
            .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

fn own(key: &str, value: &str) -> Put {
    Put::Value {
        at: At::Own,
        key: key.into(),
        value: value.into(),
    }
}

/// The change as it travels, made on a document that has an earlier change.
fn travelling(random: &Random, kind: DocKind, before: Vec<Put>, puts: Vec<Put>) -> Vec<u8> {
    let mut document = Document::new(kind, DocId(id(random)));
    let mut last = Vec::new();
    for puts in [before, puts].into_iter().filter(|puts| !puts.is_empty()) {
        let edit = Edit {
            author: MemberId(id(random)),
            at_ms: 1_565_830_000_000,
            base: document.heads(),
            puts,
        };
        if let Ok(Some(made)) = document.edit(&edit, ActorBytes(id(random))) {
            last = made.bytes[8..].to_vec();
        }
    }
    last
}

/// A visit with its six checks.
fn visit(random: &Random, kind: &str, verdict: &str, basis: &str) -> Put {
    let (met, with) = (
        format!("met/{}", RecordId(id(random))),
        format!("with/{}", MemberId(id(random))),
    );
    let mut fields = vec![
        ("on", "2019-08-15"),
        ("kind", kind),
        ("home", "at_home"),
        (met.as_str(), "1"),
    ];
    fields.push((with.as_str(), "1"));
    let keys: Vec<String> = ["food", "clothing", "education", "medical", "housing", "water"]
        .iter()
        .flat_map(|dimension| [format!("check/{dimension}"), format!("check/{dimension}/basis")])
        .collect();
    for (place, key) in keys.iter().enumerate() {
        fields.push((key, if place % 2 == 0 { verdict } else { basis }));
    }
    fields.push(("next_on", "2019-09-15"));
    create(
        random,
        "visits",
        &fields,
        &[("words", "家里都好，"), ("judgement", "情况稳定，")],
    )
}

fn main() -> std::io::Result<()> {
    let random = Random::new(1);
    let household = |puts: Vec<Put>| travelling(&random, DocKind::Household, vec![own("number", "42")], puts);
    let samples = [
        travelling(
            &random,
            DocKind::Place,
            vec![],
            vec![create(
                &random,
                "pairings",
                &[("member", "01"), ("group", "3组"), ("from", "2019-01-01")],
                &[],
            )],
        ),
        household(vec![create(
            &random,
            "persons",
            &[
                ("name", "罗"),
                ("relation", "之子"),
                ("id_kind", "居民身份证"),
                ("id_no", "4228"),
                ("sex", "男"),
                ("birth", "1985-09-06"),
                ("health/健康", "1"),
                ("labour", "普通劳动力"),
                ("education", "初中"),
                ("insured/2019", "居民"),
                ("school_stage", "小学"),
            ],
            &[("notes", "")],
        )]),
        household(vec![create(
            &random,
            "events",
            &[
                ("subject", "01D"),
                ("kind", "迁出"),
                ("on", "2019-08-01"),
                ("remark", ""),
            ],
            &[],
        )]),
        travelling(
            &random,
            DocKind::Finding,
            vec![],
            vec![
                own("category", "住房"),
                own("words", "灶房墙开裂"),
                own("severity", "一般"),
                own("source", "走访"),
                own("found_on", "2019-08-15"),
                own("household", &DocId(id(&random)).to_string()),
                own("visit", &RecordId(id(&random)).to_string()),
            ],
        ),
        household(vec![create(
            &random,
            "visits",
            &[("on", "2019-08-15"), ("kind", "入户核查"), ("home", "nobody_home")],
            &[],
        )]),
        household(vec![
            own("housing_grade", "C"),
            own("water", "基本达标"),
            own("tier", "巩固提升户"),
        ]),
        household(vec![own("phone", "15400000002")]),
        household(vec![visit(&random, "入户核查", "basic", "carried")]),
        household(vec![
            own("phone", "15400000003"),
            visit(&random, "结对走访", "met", "checked"),
        ]),
    ];
    std::io::stdout().write_all(&samples.concat())
}
