//! The table that people read: row, measured, budget, met or missed and by how much, the peers of the same run.

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Bytes,
    Ms,
    Times,
    Rounds,
}

impl Unit {
    /// The figure with its unit.
    pub fn words(self, value: f64) -> String {
        match self {
            Unit::Bytes if value >= 10_000_000.0 => format!("{:.1} MB", value / 1_000_000.0),
            Unit::Bytes if value >= 10_000.0 => format!("{:.1} kB", value / 1000.0),
            Unit::Bytes => format!("{value:.0} B"),
            Unit::Ms if value >= 10_000.0 => format!("{:.1} s", value / 1000.0),
            Unit::Ms if value < 10.0 => format!("{value:.1} ms"),
            Unit::Ms => format!("{value:.0} ms"),
            Unit::Times => format!("{value:.2} ×"),
            Unit::Rounds => format!("{value:.0}"),
        }
    }
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub unit: Unit,
    /// Nothing where it could not be measured; then the note says why.
    pub measured: Option<f64>,
    pub budget: Option<f64>,
    /// Peers or remarks.
    pub note: String,
}

impl Row {
    /// A figure with its budget.
    pub fn new(name: &str, unit: Unit, measured: f64, budget: impl Into<Option<f64>>) -> Self {
        Self {
            name: name.into(),
            unit,
            measured: Some(measured),
            budget: budget.into(),
            note: String::new(),
        }
    }

    /// What could not be measured, and why.
    pub fn absent(name: &str, why: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            unit: Unit::Times,
            measured: None,
            budget: None,
            note: why.into(),
        }
    }

    /// With a remark or a peer's figure.
    pub fn note(mut self, note: impl AsRef<str>) -> Self {
        if !self.note.is_empty() && !note.as_ref().is_empty() {
            self.note += "; ";
        }
        self.note += note.as_ref();
        self
    }

    /// Met or missed, and by how much of the budget.
    fn verdict(&self) -> String {
        match (self.measured, self.budget) {
            (Some(measured), Some(budget)) if measured <= budget => "met".into(),
            (Some(measured), Some(budget)) => format!("MISSED by {:.0} %", (measured / budget - 1.0) * 100.0),
            _ => String::new(),
        }
    }

    fn cells(&self) -> [String; 5] {
        [
            self.name.clone(),
            self.measured
                .map_or("not measured".into(), |value| self.unit.words(value)),
            self.budget
                .map_or(String::new(), |value| format!("≤ {}", self.unit.words(value))),
            self.verdict(),
            self.note.clone(),
        ]
    }
}

/// The lines of a table with a head.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let head = ["row", "measured", "budget", "", "in the same run"].map(str::to_owned);
    let cells: Vec<[String; 5]> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..4).map(width).collect();
    cells
        .iter()
        .map(|row| {
            let pad = |column: usize| {
                let missing = widths[column] - row[column].chars().count();
                format!("{}{}", row[column], " ".repeat(missing))
            };
            let line = format!("{}  {}  {}  {}  {}", pad(0), pad(1), pad(2), pad(3), row[4]);
            line.trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_say_whether_the_budget_was_kept() {
        let rows = [
            Row::new("idle", Unit::Bytes, 126.0, 300.0)
                .note("Yjs 456 B")
                .note("PouchDB 5.6 kB"),
            Row::new("day", Unit::Bytes, 11_000.0, 10_000.0),
            Row::absent("memory", "no browser"),
        ];
        let expected = [
            "row     measured      budget     ",
            "idle    126 B         ≤ 300 B    met             Yjs 456 B; PouchDB 5.6 kB",
            "day     11.0 kB       ≤ 10.0 kB  MISSED by 10 %",
            "memory  not measured                             no browser",
        ];
        let lines = lines(&rows);
        assert!(lines[0].starts_with(expected[0]), "{}", lines[0]);
        assert_eq!(lines[1..], expected[1..]);
    }
}
