//! Signatures of a step in words and as drawings, and what of what was signed is no longer so.

use super::choice_words;
use crate::client::screens::say::{both, joined, same};
use crate::client::view::{SignatureView, Words};
use crate::ledger::Event;
use crate::ledger::procedure::Field;
use crate::ledger::signature::{SIGNERS, outline, part};
use crate::register::field::RecordKind;

/// A signature; one that was refused says so.
pub(super) fn view(field: &Field, event: &Event) -> SignatureView {
    let of = |key: &str| part(event, &field.name, key);
    let signer = SIGNERS.iter().find(|signer| signer.zh == of("role"));
    SignatureView {
        label: super::sentence(field.label.clone()),
        way: choice_words(field, event.field(&field.name)),
        name: of("name").to_owned(),
        role: signer.map_or_else(|| same(of("role")), |signer| both(signer.zh, signer.en)),
        relation: of("relation").to_owned(),
        reason: of("reason").to_owned(),
        drawing: outline(of("strokes")),
        picture: of("picture").to_owned(),
        witness: of("witness").to_owned(),
        witness_drawing: outline(of("witness_strokes")),
        witness_picture: of("witness_picture").to_owned(),
    }
}

/// 签后改动 with what changed; nothing where nothing did.
pub(super) fn changed(fields: &[&str]) -> Words {
    if fields.is_empty() {
        return Words::default();
    }
    let named = fields.iter().map(|key| match *key {
        "evidence" => both("照片", "photos"),
        "steps" => both("整改情况", "what was done"),
        "household" => both("农户", "household"),
        key => RecordKind::Finding
            .fields()
            .iter()
            .find(|field| field.pattern == key)
            .map_or_else(|| same(key), |field| both(field.label.zh, field.label.en)),
    });
    joined(
        [both("签后改动", "Changed after signing"), joined(named, "、", ", ")],
        "：",
        ": ",
    )
}
