//! What a form asks of people, counted: every required answer and every photo costs a visit its time.

use bianfang::form::definition::{Form, Kind, Part, Question};
use bianfang::form::expr::{Expr, Function};

/// Required answers that a form may have before it is remarked upon.
pub const REQUIRED_MAX: usize = 12;

/// The figures of one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Questions that people see, notes not among them.
    pub questions: usize,
    /// Names of those that always have to be answered where they apply.
    pub required: Vec<String>,
    /// Names of those that have to be answered under a condition.
    pub sometimes: Vec<String>,
    /// Names of photos and signatures among these.
    pub photos: Vec<String>,
    /// Those of them beside which no requirement is noted.
    pub unfounded_photos: Vec<String>,
}

impl Summary {
    /// Counts a form.
    pub fn of(form: &Form) -> Self {
        let mut summary = Self {
            questions: 0,
            required: Vec::new(),
            sometimes: Vec::new(),
            photos: Vec::new(),
            unfounded_photos: Vec::new(),
        };
        form.walk(&mut |part, _| summary.count(part));
        summary
    }

    fn count(&mut self, part: &Part) {
        let Kind::Question(question) = &part.kind else { return };
        let silent = matches!(
            question,
            Question::Calculate | Question::Hidden | Question::Meta(_) | Question::Note
        );
        if silent {
            return;
        }
        self.questions += 1;
        let Some(required) = &part.required else { return };
        match required {
            Expr::Call(Function::True, _) => self.required.push(part.name.clone()),
            _ => self.sometimes.push(part.name.clone()),
        }
        if matches!(question, Question::Image | Question::Signature) {
            self.photos.push(part.name.clone());
            if !cites_a_row(&part.note) {
                self.unfounded_photos.push(part.name.clone());
            }
        }
    }
}

/// Whether a note names a row of the requirements: S and three digits.
fn cites_a_row(note: &str) -> bool {
    let bytes = note.as_bytes();
    bytes
        .windows(4)
        .any(|four| four[0] == b'S' && four[1..].iter().all(u8::is_ascii_digit))
}
