//! Functions over days and times.

use super::{EvalError, Evaluation, Focus, Said};
use crate::form::expr::{Expr, Function};
use crate::form::moment::Moment;
use crate::form::value::{Plain, Value};

impl Evaluation<'_> {
    pub(super) fn dates(&self, function: Function, arguments: &[Expr], focus: &Focus) -> Said {
        use Function as F;
        let moment = |timed: bool| {
            self.one(&arguments[0], focus)
                .and_then(|value| as_moment(&value, timed))
        };
        let or_empty = |moment: Option<Value>| moment.unwrap_or(Value::Text(String::new()));
        Some(match function {
            F::Today => Ok(Value::Moment(Moment::day(self.around.now().date()))),
            F::Now => Ok(Value::Moment(self.around.now())),
            F::Date => {
                moment(false).map(|moment| or_empty(moment.map(|moment| Value::Moment(Moment::day(moment.date())))))
            }
            F::DateTime => moment(true).map(|moment| or_empty(moment.map(Value::Moment))),
            F::DecimalDateTime => {
                moment(true).map(|moment| or_empty(moment.map(|moment| Value::Number(moment.decimal()))))
            }
            F::DecimalTime => self.decimal_time(arguments, focus),
            F::FormatDate | F::FormatDateTime => moment(true).and_then(|moment| {
                let pattern = self.text(&arguments[1], focus)?;
                let chinese = self.around.chinese();
                let text = moment.map(|moment| moment.format(&pattern, chinese));
                Ok(Value::Text(text.unwrap_or_default()))
            }),
            _ => return None,
        })
    }

    /// A time alone counts too.
    fn decimal_time(&self, arguments: &[Expr], focus: &Focus) -> Result<Value, EvalError> {
        let value = self.one(&arguments[0], focus)?;
        let on_a_day = Plain::Text(format!("1970-01-01T{}", value.text()));
        let moment = match as_moment(&on_a_day, true) {
            Ok(Some(moment)) => Some(moment),
            _ => as_moment(&value, true)?,
        };
        Ok(moment.map_or(Value::Text(String::new()), |moment| Value::Number(moment.fraction())))
    }
}

/// A number counts days, a text is a day as forms write it; of nothing there is no day.
fn as_moment(value: &Plain, timed: bool) -> Result<Option<Moment>, EvalError> {
    let fault = || EvalError::NotDate(value.text().chars().take(40).collect());
    match value {
        value if value.is_empty() => Ok(None),
        Plain::Moment(moment) => Ok(Some(*moment)),
        Plain::Number(days) => Moment::from_days(*days, timed).map(Some).ok_or_else(fault),
        Plain::Text(text) => Moment::parse(text).map(Some).ok_or_else(fault),
        Plain::Bool(_) => Err(fault()),
    }
}
