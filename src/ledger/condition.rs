//! The small language of the tables: terms of which all, or for `who` any, have to hold.

/// One term, with or without a `!` in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub not: bool,
    pub atom: Atom,
}

/// What a term says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Atom {
    /// The person acts in this role.
    Role(String),
    /// Something is filled in: a field of the event, something about the thing, or a parameter.
    Has(String),
    /// It is one of these.
    Is(String, Vec<String>),
    /// The date of one lies before that of the other; `on` is the day of the event.
    Before(String, String),
    /// The person is the one whom this field names.
    Named(String),
    /// The person did the last of these steps.
    By(Vec<String>),
    /// Somebody on the side of the person did the last of these steps.
    Side(Vec<String>),
    /// The person stands no lower than whoever did the last of these steps.
    Level(Vec<String>),
    /// Such a step was done.
    Done(Vec<String>),
    /// Fewer days since the last of these steps than a number or parameter.
    Fewer(Vec<String>, String),
    /// More days since then.
    More(Vec<String>, String),
    /// A date lies more days after the day of the event than a number or parameter.
    Ahead(String, String),
    /// More days before it.
    Ago(String, String),
    /// One number is above another; either may be a field, a fact, a parameter, a scale or written as it is.
    Over(String, String),
    /// A text holds a row of digits as long as that of a telephone or a card.
    Digits(String),
}

/// Terms of a cell; the one that is not understood, where there is one.
///
/// # Errors
/// That term as it is written.
pub fn terms(cell: &str, roles: &[String]) -> Result<Vec<Term>, String> {
    let words = cell.split_whitespace();
    words
        .map(|word| term(word, roles).ok_or_else(|| word.to_owned()))
        .collect()
}

fn term(word: &str, roles: &[String]) -> Option<Term> {
    let (not, word) = word.strip_prefix('!').map_or((false, word), |rest| (true, rest));
    let list = |text: &str| -> Option<Vec<String>> {
        let all: Vec<String> = text.split(',').map(str::to_owned).collect();
        all.iter().all(|one| !one.is_empty()).then_some(all)
    };
    let atom = match word.split_once(':') {
        Some(("is", field)) => Atom::Named(name(field)?),
        Some(("by", steps)) => Atom::By(list(steps)?),
        Some(("side", steps)) => Atom::Side(list(steps)?),
        Some(("level", steps)) => Atom::Level(list(steps)?),
        Some(("done", steps)) => Atom::Done(list(steps)?),
        Some(("days", rest)) => match (rest.split_once('<'), rest.split_once('>')) {
            (Some((steps, days)), None) => Atom::Fewer(list(steps)?, name(days)?),
            (None, Some((steps, days))) => Atom::More(list(steps)?, name(days)?),
            _ => return None,
        },
        Some(("digits", field)) => Atom::Digits(name(field)?),
        Some((word @ ("ahead" | "ago" | "over"), rest)) => {
            let (one, other) = rest.split_once('>')?;
            let (one, other) = (name(one)?, name(other)?);
            match word {
                "ahead" => Atom::Ahead(one, other),
                "ago" => Atom::Ago(one, other),
                _ => Atom::Over(one, other),
            }
        }
        Some(_) => return None,
        None => match (word.split_once('='), word.split_once('<')) {
            (Some((key, values)), _) => Atom::Is(name(key)?, list(values)?),
            (None, Some((one, other))) => Atom::Before(name(one)?, name(other)?),
            (None, None) if roles.iter().any(|role| role == word) => Atom::Role(word.to_owned()),
            (None, None) => Atom::Has(name(word)?),
        },
    };
    Some(Term { not, atom })
}

fn name(text: &str) -> Option<String> {
    // Below a signature stands what it says, as in `signature/role`.
    let fits = |one: char| one.is_ascii_alphanumeric() || one == '_' || one == '/';
    (!text.is_empty() && text.chars().all(fits)).then(|| text.to_owned())
}

impl Atom {
    /// The fields, parameters and things that it speaks of.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Atom::Has(key) | Atom::Is(key, _) | Atom::Named(key) | Atom::Digits(key) => vec![key],
            Atom::Before(one, other) | Atom::Ahead(one, other) | Atom::Ago(one, other) | Atom::Over(one, other) => {
                vec![one, other]
            }
            Atom::Fewer(_, days) | Atom::More(_, days) => vec![days],
            _ => Vec::new(),
        }
    }
    /// The steps that it speaks of.
    pub fn steps(&self) -> &[String] {
        match self {
            Atom::By(steps)
            | Atom::Side(steps)
            | Atom::Level(steps)
            | Atom::Done(steps)
            | Atom::Fewer(steps, _)
            | Atom::More(steps, _) => steps,
            _ => &[],
        }
    }
    /// It may speak of plain numbers.
    pub fn counts(&self) -> bool {
        matches!(
            self,
            Atom::Fewer(..) | Atom::More(..) | Atom::Ahead(..) | Atom::Ago(..) | Atom::Over(..)
        )
    }
}
