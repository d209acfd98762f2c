//! Figures with their goals, as a table for people and as JSON for machines.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// What a figure has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Only told.
    None,
    /// At most this.
    AtMost(f64),
    /// At least this.
    AtLeast(f64),
    /// This and nothing else.
    Exactly(f64),
}

#[derive(Debug, Clone)]
struct Row {
    part: String,
    name: String,
    figure: f64,
    unit: &'static str,
    goal: Goal,
}

/// All figures in the order in which they were measured.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<Row>,
}

impl Goal {
    /// At most so many.
    pub fn at_most(count: u64) -> Self {
        Self::AtMost(per(count, 1))
    }

    fn holds(self, figure: f64) -> bool {
        // As exact as it is shown.
        let shown = (figure * 100.0).round() / 100.0;
        match self {
            Self::None => true,
            Self::AtMost(most) => shown <= most,
            Self::AtLeast(least) => shown >= least,
            Self::Exactly(only) => (shown - only).abs() < 0.005,
        }
    }

    fn words(self) -> String {
        match self {
            Self::None => String::new(),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::Exactly(only) => format!("= {only}"),
        }
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        match self.goal {
            Goal::None => "",
            goal if goal.holds(self.figure) => "holds",
            Goal::AtMost(_) | Goal::AtLeast(_) | Goal::Exactly(_) => "MISSED",
        }
    }
}

impl Table {
    /// Adds a figure without a goal.
    pub fn tell(&mut self, part: &str, name: &str, figure: f64, unit: &'static str) {
        self.hold(part, name, figure, unit, Goal::None);
    }

    /// Adds a figure with a goal.
    pub fn hold(&mut self, part: &str, name: &str, figure: f64, unit: &'static str, goal: Goal) {
        self.rows.push(Row {
            part: part.to_owned(),
            name: name.to_owned(),
            figure,
            unit,
            goal,
        });
    }

    /// How many goals are missed.
    pub fn misses(&self) -> usize {
        self.rows
            .iter()
            .filter(|row| !row.goal.holds(row.figure))
            .count()
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut part = "";
        for row in &self.rows {
            if row.part != part {
                part = &row.part;
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{}{part}", if text.is_empty() { "" } else { "\n" });
            }
            let _ = writeln!(
                text,
                "  {:<54} {:>10.2} {:<4} {:>8}  {}",
                row.name,
                row.figure,
                row.unit,
                row.goal.words(),
                row.verdict()
            );
        }
        let _ = write!(text, "\n{} missed", self.misses());
        text
    }

    /// For a page: one table in Markdown per part.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        let mut part = "";
        for row in &self.rows {
            if row.part != part {
                part = &row.part;
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}| {part} | figure | goal | |\n|---|--:|---|---|");
            }
            let _ = writeln!(
                text,
                "| {} | {:.2} {} | {} | {} |",
                row.name,
                row.figure,
                row.unit,
                row.goal.words(),
                row.verdict()
            );
        }
        let _ = write!(text, "\n{} missed", self.misses());
        text
    }

    /// For machines: one object.
    pub fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| {
                let (at_most, at_least) = match row.goal {
                    Goal::None => (None, None),
                    Goal::AtMost(most) => (Some(most), None),
                    Goal::AtLeast(least) => (None, Some(least)),
                    Goal::Exactly(only) => (Some(only), Some(only)),
                };
                json!({
                    "part": row.part,
                    "name": row.name,
                    "figure": row.figure,
                    "unit": row.unit,
                    "atMost": at_most,
                    "atLeast": at_least,
                    "holds": row.goal.holds(row.figure),
                })
            })
            .collect();
        json!({ "missed": self.misses(), "figures": rows })
    }
}

/// How many of something come to one of something else.
#[expect(clippy::cast_precision_loss, reason = "some millions")]
pub(super) fn per(count: u64, of: u64) -> f64 {
    count as f64 / of.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_missed_on_its_wrong_side_only() {
        let mut table = Table::default();
        table.hold("p", "at its limit", 2.0, "", Goal::AtMost(2.0));
        table.hold("p", "rounds to it", 2.004, "", Goal::AtMost(2.0));
        table.hold("p", "beyond", 2.1, "", Goal::AtMost(2.0));
        table.hold("p", "short", 89.9, "%", Goal::AtLeast(90.0));
        table.hold("p", "one", 1.0, "", Goal::Exactly(1.0));
        table.hold("p", "none", 0.0, "", Goal::Exactly(1.0));
        table.hold("p", "two", 2.0, "", Goal::Exactly(1.0));
        assert_eq!(table.misses(), 4);
        assert_eq!(table.text().matches("MISSED").count(), 4);
        assert_eq!(table.markdown().matches("| MISSED |").count(), 4);
        assert_eq!(table.json()["missed"], 4);
    }
}
