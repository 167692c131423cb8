//! Fields of a record that was made with a form: which form, whom it is about, and the answers by their places.

use super::{Field, Type, field};

pub(super) const FORM: Field = field("form", Type::Text(100), "表单", "Form").not_edited();
pub(super) const VERSION: Field = field("version", Type::Text(100), "版本", "Version").not_edited();
pub(super) const SOURCE: Field = field("source", Type::Text(40), "表单文件", "Form file").not_edited();
pub(super) const DONE: Field = field("done", Type::Int(0, 1), "已填完", "Finished")
    .unwatched("once somebody finished it, it is finished")
    .not_edited();
pub(super) const ANSWER: Field = field("answer/{path}", Type::Text(10_000), "答案", "Answer").not_edited();
pub(super) const MADE: Field = field("made/{path}", Type::Text(10_000), "算出的值", "Calculated")
    .unwatched("calculated or noted by a phone, said by nobody")
    .not_edited();
pub(super) const INSTANCE: Field = field("instance/{path}", Type::Int(0, 1), "一项", "One of several")
    .unwatched("who takes one out says so; its answers stay stored")
    .not_edited();
pub(super) const KEPT: Field = field("kept/{path}", Type::Int(0, 1), "沿用上次", "Carried over")
    .unwatched("a tap by anybody makes it checked")
    .not_edited();

/// A record made with a form. What its answers are called stands in the form.
pub(super) const RECORD: &[Field] = &[
    FORM,
    VERSION,
    SOURCE,
    field("about", Type::Text(40), "对象", "About").not_edited(),
    field("on", Type::Date(false), "日期", "Date")
        .unwatched("two people who finish one record on two days need not settle which")
        .not_edited(),
    DONE,
    ANSWER,
    MADE,
    INSTANCE,
    KEPT,
];
