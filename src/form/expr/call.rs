//! The functions that expressions may call: their names, and how many values each takes.

use super::parse::Fault;

macro_rules! functions {
    ($($variant:ident $name:literal $least:literal ..= $most:expr;)*) => {
        /// A function of the ODK dialect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the names are those of the dialect")]
        pub enum Function { $($variant),* }

        /// Each with its name, and the fewest and most values it takes.
        const TABLE: &[(Function, &str, usize, usize)] = &[$((Function::$variant, $name, $least, $most)),*];
    };
}

/// As many values as people write.
const ANY: usize = 200;

functions! {
    If "if" 3..=3;
    Coalesce "coalesce" 1..=ANY;
    Once "once" 1..=1;
    Selected "selected" 2..=2;
    SelectedAt "selected-at" 2..=2;
    CountSelected "count-selected" 1..=1;
    ChoiceName "jr:choice-name" 2..=2;
    IndexedRepeat "indexed-repeat" 3..=11;
    Count "count" 1..=1;
    CountNonEmpty "count-non-empty" 1..=1;
    Sum "sum" 1..=1;
    Max "max" 1..=ANY;
    Min "min" 1..=ANY;
    Position "position" 0..=1;
    Last "last" 0..=0;
    Regex "regex" 2..=2;
    Contains "contains" 2..=2;
    StartsWith "starts-with" 2..=2;
    EndsWith "ends-with" 2..=2;
    Substr "substr" 2..=3;
    Substring "substring" 2..=3;
    SubstringBefore "substring-before" 2..=2;
    SubstringAfter "substring-after" 2..=2;
    Translate "translate" 3..=3;
    StringLength "string-length" 0..=1;
    NormalizeSpace "normalize-space" 0..=1;
    Concat "concat" 0..=ANY;
    Join "join" 1..=ANY;
    BooleanFromString "boolean-from-string" 1..=1;
    Text "string" 0..=1;
    Number "number" 0..=1;
    Boolean "boolean" 1..=1;
    Not "not" 1..=1;
    True "true" 0..=0;
    False "false" 0..=0;
    Digest "digest" 2..=3;
    Base64Decode "base64-decode" 1..=1;
    Round "round" 1..=2;
    Int "int" 1..=1;
    Floor "floor" 1..=1;
    Ceiling "ceiling" 1..=1;
    Abs "abs" 1..=1;
    Pow "pow" 2..=2;
    Log "log" 1..=1;
    Log10 "log10" 1..=1;
    Exp "exp" 1..=1;
    Exp10 "exp10" 1..=1;
    Sqrt "sqrt" 1..=1;
    Sin "sin" 1..=1;
    Cos "cos" 1..=1;
    Tan "tan" 1..=1;
    Asin "asin" 1..=1;
    Acos "acos" 1..=1;
    Atan "atan" 1..=1;
    Atan2 "atan2" 2..=2;
    Pi "pi" 0..=0;
    Today "today" 0..=0;
    Now "now" 0..=0;
    Date "date" 1..=1;
    DateTime "date-time" 1..=1;
    DecimalDateTime "decimal-date-time" 1..=1;
    DecimalTime "decimal-time" 1..=1;
    FormatDate "format-date" 2..=2;
    FormatDateTime "format-date-time" 2..=2;
    Area "area" 1..=1;
    Distance "distance" 1..=2;
    Random "random" 0..=0;
    Randomize "randomize" 1..=2;
    Uuid "uuid" 0..=1;
    Checklist "checklist" 3..=ANY;
    WeightedChecklist "weighted-checklist" 4..=ANY;
    Version "version" 0..=0;
    PullData "pulldata" 4..=4;
    Current "current" 0..=0;
    Instance "instance" 1..=1;
    NameOf "name" 0..=1;
}

/// The function that is written so but for capitals and hyphens: `IF`, `count_selected`.
fn meant(name: &str) -> Option<&'static str> {
    let plain = |name: &str| {
        let letters = name.chars().filter(|one| one.is_alphanumeric());
        letters.collect::<String>().to_lowercase()
    };
    TABLE.iter().map(|row| row.1).find(|known| plain(known) == plain(name))
}

impl Function {
    /// The name as written.
    pub fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.1)
    }

    /// The function of this name, called with so many values.
    pub(super) fn named(name: &str, arguments: usize) -> Result<Self, Fault> {
        let name = match name {
            "choice-name" => "jr:choice-name",
            "is-selected" => "selected",
            "enclosed-area" => "area",
            name => name,
        };
        let row = TABLE.iter().find(|row| row.1 == name);
        let &(function, name, least, most) = row.ok_or_else(|| Fault::Function(name.to_owned(), meant(name)))?;
        let fits = (least..=most).contains(&arguments) && function.takes(arguments);
        match fits {
            true => Ok(function),
            false => Err(Fault::Arguments(name, least, most)),
        }
    }

    /// Some take their values in pairs.
    fn takes(self, arguments: usize) -> bool {
        match self {
            Self::IndexedRepeat => arguments % 2 == 1,
            Self::WeightedChecklist => arguments.is_multiple_of(2),
            _ => true,
        }
    }
}
