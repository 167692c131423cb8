//! What is wrong with a form, where, and what to do about it.

use super::expr::{Fault, ParseError};
use crate::register::words::Sentence;

/// A mistake in a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub sheet: String,
    /// As the spreadsheet counts, from 1; 0 where it is about the whole sheet.
    pub row: u32,
    /// The heading of the column; empty where it is about the whole row.
    pub column: String,
    pub what: What,
}

/// Whether a form with it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It has to be mended.
    Mistake,
    /// It may stay; the person should know.
    Remark,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    NoSheet,
    NoColumn,
    NoQuestions,
    /// A column that no form has; it is not read.
    StrangeColumn,
    /// A column or setting of XLSForm that this app does not know.
    NotSupported,
    /// A word in the column `type` that is no type; what may have been meant.
    NoType(String, Option<&'static str>),
    /// A type of XLSForm that this app does not know.
    TypeNotSupported(String),
    NoName,
    BadName(String),
    /// The name stands in an earlier row too.
    NameAgain(String, u32),
    NoLabel,
    /// Only some of the languages of the form are filled in.
    NoLabelIn(String),
    NoList(String),
    ListNotNamed,
    ChoiceAgain(String, u32),
    /// A choice of several must not hold a space.
    ChoiceWithSpace(String),
    NoFile(String),
    /// An end without a beginning, or of another kind.
    NothingToEnd,
    NotEnded,
    Empty,
    Expression(ParseError),
    NoQuestion(String),
    /// Names that are calculated from each other, in a circle.
    Circle(Vec<String>),
    Parameter(String),
    NoParameter(&'static str),
    NotYesNo(String),
    BadFormId(String),
    BadVersion(String),
    Language(String),
    TooMany(usize),
    TooDeep,
    TooLong,
}

impl What {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.table().0
    }

    /// Whether a form with it can be used.
    pub fn weight(&self) -> Weight {
        match self {
            Self::StrangeColumn | Self::NoLabelIn(_) => Weight::Remark,
            _ => Weight::Mistake,
        }
    }

    /// What is wrong and what to do, for people.
    pub fn sentence(&self) -> Sentence {
        let (_, zh, en) = self.table();
        Sentence { zh, en }
    }

    fn table(&self) -> (&'static str, String, String) {
        let said = |code, zh: &str, en: &str| (code, zh.to_owned(), en.to_owned());
        match self {
            Self::NoSheet => said("form.no_sheet", "工作簿里没有这张表，请加上", "The workbook has no such sheet; add it"),
            Self::NoColumn => said("form.no_column", "缺这一列，请加上", "This column is missing; add it"),
            Self::NoQuestions => said("form.no_questions", "表里没有一道题", "The sheet holds no question"),
            Self::StrangeColumn => said(
                "form.strange_column",
                "这一列不是 XLSForm 的列，没有读取",
                "This is no column of XLSForm; it was not read",
            ),
            Self::NotSupported => said(
                "form.not_supported",
                "这一项遍访不支持，请删掉",
                "Bianfang does not support this; remove it",
            ),
            Self::NoType(word, meant) => {
                let (zh, en) = match meant {
                    Some(meant) => (format!("，是不是 {meant}？"), format!("; did you mean {meant}?")),
                    None => (String::from("，请改成 XLSForm 的题型"), String::from("; use a type of XLSForm")),
                };
                ("form.no_type", format!("没有“{word}”这种题型{zh}"), format!("There is no type “{word}”{en}"))
            }
            Self::TypeNotSupported(word) => (
                "form.type_not_supported",
                format!("题型 {word} 遍访不支持，请换一种"),
                format!("Bianfang does not support the type {word}; use another"),
            ),
            Self::NoName => said("form.no_name", "这一题没有名称（name），请填上", "This row has no name; fill it in"),
            Self::BadName(name) => (
                "form.bad_name",
                format!("名称“{name}”不能用：要以字母或汉字开头，只含字母、数字、_ - ."),
                format!("The name “{name}” cannot be used: begin with a letter; letters, digits, _ - . only"),
            ),
            Self::NameAgain(name, row) => (
                "form.name_again",
                format!("名称“{name}”在第{row}行已经用过，请换一个"),
                format!("The name “{name}” stands in row {row} already; choose another"),
            ),
            Self::NoLabel => said("form.no_label", "这一题没有题目文字（label）", "This question has no label"),
            Self::NoLabelIn(language) => (
                "form.no_label_in",
                format!("缺“{language}”的文字，会显示别的语言"),
                format!("The label in “{language}” is missing; another language will be shown"),
            ),
            Self::NoList(list) => (
                "form.no_list",
                format!("choices 表里没有选项组“{list}”"),
                format!("The sheet choices has no list “{list}”"),
            ),
            Self::ListNotNamed => said(
                "form.list_not_named",
                "没有写用哪一组选项，例如 select_one yes_no",
                "It does not say which list of choices: select_one yes_no, for example",
            ),
            Self::ChoiceAgain(value, row) => (
                "form.choice_again",
                format!("选项“{value}”在第{row}行已经有了"),
                format!("The choice “{value}” stands in row {row} already"),
            ),
            Self::ChoiceWithSpace(value) => (
                "form.choice_with_space",
                format!("选项值“{value}”里有空格，多选题分不开；请去掉空格"),
                format!("The choice “{value}” holds a space, by which several choices are told apart; remove it"),
            ),
            Self::NoFile(file) => (
                "form.no_file",
                format!("没有找到文件 {file}，请放进 --media 的文件夹"),
                format!("The file {file} was not found; put it into the folder given with --media"),
            ),
            Self::NothingToEnd => said(
                "form.nothing_to_end",
                "这里结束了一个没有开始的组，或者开始和结束不是一种",
                "This ends what was never begun, or what is of another kind",
            ),
            Self::NotEnded => said("form.not_ended", "这一组没有结束（end）", "This is never ended"),
            Self::Empty => said("form.empty", "这一组里一道题也没有", "There is nothing inside"),
            Self::Expression(error) => {
                let (zh, en) = fault_words(&error.fault);
                let at = error.at + 1;
                ("form.expression", format!("第{at}个字：{zh}"), format!("Character {at}: {en}"))
            }
            Self::NoQuestion(name) => (
                "form.no_question",
                format!("没有名称为“{name}”的题"),
                format!("There is no question “{name}”"),
            ),
            Self::Circle(names) => (
                "form.circle",
                format!("互相循环：{}，请断开一处", names.join(" → ")),
                format!("These follow from each other in a circle: {}; break it", names.join(" → ")),
            ),
            Self::Parameter(text) => (
                "form.parameter",
                format!("参数“{text}”不认识或不对"),
                format!("The parameter “{text}” is unknown or wrong"),
            ),
            Self::NoParameter(name) => (
                "form.no_parameter",
                format!("缺参数 {name}"),
                format!("The parameter {name} is missing"),
            ),
            Self::NotYesNo(text) => (
                "form.not_yes_no",
                format!("“{text}”既不是 yes/no，也不是算式"),
                format!("“{text}” is neither yes or no nor an expression"),
            ),
            Self::BadFormId(id) => (
                "form.bad_form_id",
                format!("form_id“{id}”不能用：只含字母、数字、_ - .，不超过64个字"),
                format!("The form_id “{id}” cannot be used: letters, digits, _ - . only, 64 at most"),
            ),
            Self::BadVersion(version) => (
                "form.bad_version",
                format!("version“{version}”不能用：不超过32个字，不含空格"),
                format!("The version “{version}” cannot be used: 32 characters at most, no spaces"),
            ),
            Self::Language(language) => (
                "form.language",
                format!("表里没有语言“{language}”"),
                format!("The form has no language “{language}”"),
            ),
            Self::TooMany(most) => (
                "form.too_many",
                format!("太多了，最多 {most} 行"),
                format!("Too many; {most} rows at most"),
            ),
            Self::TooDeep => said("form.too_deep", "组里套组太深", "Groups stand too deep in each other"),
            Self::TooLong => said("form.too_long", "文字太长", "The text is too long"),
        }
    }
}

fn fault_words(fault: &Fault) -> (String, String) {
    let said = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match fault {
        Fault::Empty => said("算式是空的", "the expression is empty"),
        Fault::Unexpected(sign) => (format!("这里不能有“{sign}”"), format!("“{sign}” cannot stand here")),
        Fault::FullWidth(sign) => (
            format!("“{sign}”是中文符号，请改成英文符号"),
            format!("“{sign}” is a sign of Chinese typing; use the English one"),
        ),
        Fault::OpenText => said("引号没有配对", "the closing quote is missing"),
        Fault::OpenName => said("${ 后面缺 }", "the } after ${ is missing"),
        Fault::Number => said("不是数", "not a number"),
        Fault::Name(name) => (format!("“{name}”不是名称"), format!("“{name}” is no name")),
        Fault::Incomplete => said("算式没有写完", "the expression is not finished"),
        Fault::Misplaced => said("这里不能这样写", "this cannot stand here"),
        Fault::Unclosed => said("括号没有配对", "a bracket is not closed"),
        Fault::Function(name) => (format!("没有函数 {name}"), format!("there is no function {name}")),
        Fault::Arguments(name, least, most) => match least == most {
            true => (format!("{name} 要 {least} 个值"), format!("{name} takes {least} values")),
            false => (
                format!("{name} 要 {least} 到 {most} 个值"),
                format!("{name} takes {least} to {most} values"),
            ),
        },
        Fault::Axis(name) => (format!("没有方向 {name}::"), format!("there is no axis {name}::")),
        Fault::Attribute => said("表单里没有 @ 属性", "forms have no attributes"),
        Fault::TooLong => said("算式太长", "the expression is too long"),
        Fault::TooDeep => said("括号套得太深", "brackets stand too deep in each other"),
    }
}
