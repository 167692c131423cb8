//! What is wrong with a procedure, where, and what to do about it.

use crate::register::words::Sentence;

/// A mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub sheet: String,
    /// As the spreadsheet counts, from 1; 0 where it is about the whole sheet.
    pub row: u32,
    /// The heading of the column; empty where it is about the whole row.
    pub column: String,
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    NoSheet,
    NoColumn,
    StrangeColumn,
    NoRow,
    TooMany(usize),
    Empty,
    BadName(String),
    /// Each event holds something under this name already.
    Reserved(String),
    Twice(String),
    NoNumber(String),
    NoDate(String),
    NotOneOf(String, &'static str),
    NoState(String),
    NoEvent(String),
    NoList(String),
    BadTerm(String),
    /// A condition over the register that cannot be read, and at which of its characters.
    BadCondition(String, usize),
    /// A condition speaks of something that is no field, parameter or thing.
    NoKey(String),
    /// An event that no row of `moves` lets happen.
    NoMove(String),
    /// A state that no event leads to.
    Unreached(String),
    /// An open state that no event leads away from.
    NoWayOut(String),
    /// Time must lead to a later state.
    Backwards(String),
}

impl What {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSheet => "procedure.no_sheet",
            Self::NoColumn => "procedure.no_column",
            Self::StrangeColumn => "procedure.strange_column",
            Self::NoRow => "procedure.no_row",
            Self::TooMany(_) => "procedure.too_many",
            Self::Empty => "procedure.empty",
            Self::BadName(_) => "procedure.bad_name",
            Self::Reserved(_) => "procedure.reserved",
            Self::Twice(_) => "procedure.twice",
            Self::NoNumber(_) => "procedure.no_number",
            Self::NoDate(_) => "procedure.no_date",
            Self::NotOneOf(..) => "procedure.not_one_of",
            Self::NoState(_) => "procedure.no_state",
            Self::NoEvent(_) => "procedure.no_event",
            Self::NoList(_) => "procedure.no_list",
            Self::BadTerm(_) => "procedure.bad_term",
            Self::BadCondition(..) => "procedure.bad_condition",
            Self::NoKey(_) => "procedure.no_key",
            Self::NoMove(_) => "procedure.no_move",
            Self::Unreached(_) => "procedure.unreached",
            Self::NoWayOut(_) => "procedure.no_way_out",
            Self::Backwards(_) => "procedure.backwards",
        }
    }

    /// What is wrong and what to do.
    pub fn sentence(&self) -> Sentence {
        let (zh, en) = match self {
            Self::NoSheet => (
                "缺这个表，请补上（没有内容也要有表头）".to_owned(),
                "the sheet is missing; add it, with its headings at least".to_owned(),
            ),
            Self::NoColumn => ("缺这一列，请补上".into(), "the column is missing; add it".into()),
            Self::StrangeColumn => (
                "没有这种列，请改对列名或删去（备注用 note）".into(),
                "no such column; correct its heading or remove it (remarks go into note)".into(),
            ),
            Self::NoRow => (
                "没有填内容，请填一行".into(),
                "nothing is filled in; fill in one row".into(),
            ),
            Self::TooMany(most) => (
                format!("超过{most}行，请拆开"),
                format!("more than {most} rows; split it"),
            ),
            Self::Empty => ("没有填，请填上".into(), "nothing is filled in; fill it in".into()),
            Self::BadName(name) => (
                format!("“{name}”只能用小写字母、数字和下划线"),
                format!("“{name}”: only small letters, digits and _ may be used"),
            ),
            Self::Twice(name) => (
                format!("“{name}”写了两次，请留一个"),
                format!("“{name}” stands here twice; keep one"),
            ),
            Self::NoNumber(text) => (
                format!("“{text}”不是数，请填整数、参数名，或留存（keep）的日期项"),
                format!("“{text}” is no number; write one, or the name of a parameter or of a kept date"),
            ),
            Self::NoDate(text) => (
                format!("“{text}”不是日期，或截止早于开始；写成 2019-09-30"),
                format!("“{text}” is no date, or the end lies before the start; write 2019-09-30"),
            ),
            Self::NotOneOf(text, known) => (
                format!("“{text}”不认识，只能是 {known}"),
                format!("“{text}” is not known; it has to be one of {known}"),
            ),
            _ => return self.meant(),
        };
        Sentence { zh, en }
    }

    /// Of names and ways, which only show when the cells can be read.
    fn meant(&self) -> Sentence {
        let (zh, en) = match self {
            Self::NoState(name) => (
                format!("states 表里没有“{name}”，请改对或补上"),
                format!("the sheet states has no “{name}”; correct it or add it there"),
            ),
            Self::NoEvent(name) => (
                format!("events 表里没有“{name}”，请改对或补上"),
                format!("the sheet events has no “{name}”; correct it or add it there"),
            ),
            Self::NoList(name) => (
                format!("choices 表里没有“{name}”的选项，请补上"),
                format!("the sheet choices has no list “{name}”; add it"),
            ),
            Self::BadTerm(term) => (
                format!(
                    "看不懂“{term}”；可写 键、!键、键=甲,乙、is:键、level:步骤、done:步骤、days:步骤<天数、over:数>数"
                ),
                format!(
                    "“{term}” is not understood; write key, !key, key=a,b, is:key, level:step, done:step, days:step<n or \
                     over:n>n"
                ),
            ),
            Self::BadCondition(text, at) => (
                format!("条件“{text}”第{}个字起看不懂，写法同表单的条件", at + 1),
                format!(
                    "the condition “{text}” is not understood from its character {} on",
                    at + 1
                ),
            ),
            Self::NoKey(name) => (
                format!("没有叫“{name}”的填写项、参数或 about 项，请改对或补上"),
                format!("“{name}” is no field, parameter or row of about; correct it or add it"),
            ),
            Self::Reserved(name) => (
                format!("“{name}”是每一步都有的，请换个名字"),
                format!("“{name}” is what every step has; use another name"),
            ),
            Self::NoMove(name) => (
                format!("moves 表里没有“{name}”，这一步永远做不了，请补上"),
                format!("the sheet moves never lets “{name}” happen; add a row"),
            ),
            Self::Unreached(name) => (
                format!("没有哪一步会到“{name}”，请在 moves 补上或删去"),
                format!("no event leads to “{name}”; add a row to moves or remove it"),
            ),
            Self::NoWayOut(name) => (
                format!("“{name}”是未办结状态，却没有下一步，请在 moves 补上"),
                format!("“{name}” counts as open and no event leads on; add a row to moves"),
            ),
            Self::Backwards(name) => (
                format!("“{name}”到期后只能变成排在后面的状态"),
                format!("“{name}” can only become a state further below after its days"),
            ),
            _ => (String::new(), String::new()),
        };
        Sentence { zh, en }
    }
}
