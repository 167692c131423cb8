//! What stands in the way, in words for people.

use super::{AnswerFault, Trouble};
use crate::form::eval::EvalError;
use crate::register::words::Sentence;

impl Trouble {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Answer(fault) => fault.code(),
            Self::Constraint => "answer.constraint",
            Self::Required => "answer.required",
            Self::Incomplete => "answer.incomplete",
            Self::Expression(error) => error.code(),
        }
    }

    /// What is wrong and what to do. The form's own words come before these.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Answer(fault) => fault.sentence(),
            Self::Constraint => Sentence::new(
                "不符合这一题的条件，请核对",
                "The form does not allow this answer; check it",
            ),
            Self::Required => Sentence::new("这一题必答", "This has to be answered"),
            Self::Incomplete => Sentence::new(
                "还没排完，请把每一项都排上",
                "Put all of them in order; some are missing",
            ),
            Self::Expression(error) => error.sentence(),
        }
    }
}

impl AnswerFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotWhole => "answer.not_whole",
            Self::NotNumber => "answer.not_number",
            Self::OutOfRange => "answer.out_of_range",
            Self::NotDate => "answer.not_date",
            Self::NotTime => "answer.not_time",
            Self::NotDateTime => "answer.not_date_time",
            Self::NotPlace => "answer.not_place",
            Self::NoChoice(_) => "answer.no_choice",
            Self::Twice(_) => "answer.twice",
            Self::TooLong => "answer.too_long",
        }
    }

    /// What is wrong and what to do.
    pub fn sentence(&self) -> Sentence {
        let (zh, en) = match self {
            Self::NotWhole => ("要填整数，例如 3", "A whole number is asked for, such as 3"),
            Self::NotNumber => ("要填数，例如 82.5", "A number is asked for, such as 82.5"),
            Self::OutOfRange => (
                "不在可选的范围里，或不在刻度上",
                "It is outside the range, or between its steps",
            ),
            Self::NotDate => ("要填日期，例如 2019-08-15", "A date is asked for, such as 2019-08-15"),
            Self::NotTime => ("要填时间，例如 09:30", "A time is asked for, such as 09:30"),
            Self::NotDateTime => (
                "要填日期和时间，例如 2019-08-15T09:30",
                "A date with a time is asked for, such as 2019-08-15T09:30",
            ),
            Self::NotPlace => (
                "要填位置：纬度、经度，例如 30.2 109.4",
                "A place is asked for, latitude and longitude, such as 30.2 109.4",
            ),
            Self::NoChoice(value) => {
                return Sentence::new(
                    format!("“{value}”不在可选的里面"),
                    format!("“{value}” is not among the choices"),
                );
            }
            Self::Twice(value) => {
                return Sentence::new(format!("“{value}”选了两次"), format!("“{value}” is chosen twice"));
            }
            Self::TooLong => ("太长，请写短一些", "It is too long; shorten it"),
        };
        Sentence::new(zh, en)
    }
}

impl EvalError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooMuch => "eval.too_much",
            Self::NotNodes(_) => "eval.not_nodes",
            Self::NoQuestion(_) => "eval.no_question",
            Self::NoList(_) => "eval.no_list",
            Self::NotDate(_) => "eval.not_date",
            Self::Pattern(_) => "eval.pattern",
            Self::Digest(_) => "eval.digest",
            Self::NotPlace(_) => "eval.not_place",
            Self::Base64 => "eval.base64",
            Self::NotHere(_) => "eval.not_here",
        }
    }

    /// What is wrong with the form, for whoever writes it.
    pub fn sentence(&self) -> Sentence {
        let zh = match self {
            Self::TooMuch => String::from("算式太费时，没有算完；请写简单一些"),
            Self::NotNodes(function) => format!("{} 里要写一道题或一个组", function.name()),
            Self::NoQuestion(name) => format!("没有名称为“{name}”的题"),
            Self::NoList(name) => format!("没有选项组或文件“{name}”"),
            Self::NotDate(text) => format!("“{text}”不是日期"),
            Self::Pattern(text) => format!("regex 的写法不对或太长：{text}"),
            Self::Digest(text) => format!("没有“{text}”这种摘要"),
            Self::NotPlace(text) => format!("“{text}”不是位置"),
            Self::Base64 => String::from("不是 base64"),
            Self::NotHere(function) => format!("{} 不能用在这里", function.name()),
        };
        Sentence::new(zh, self.to_string())
    }
}
