//! The ways in which ratings are written.

use super::page::Page;
use super::{Habits, Ratings};
use crate::generator::source::Source;

/// A rating out of ten.
pub(super) fn decimal(tenths: i32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What critics and the audience say.
pub(super) fn ratings(page: &mut Page, source: &Source, habits: &Habits) {
    let one = |name: &str, max: i32, default: bool, value: String| {
        let default = if default { " default=\"true\"" } else { "" };
        format!(
            "    <rating name=\"{name}\" max=\"{max}\"{default}>\n      <value>{value}</value>\n      <votes>417</votes>\n    </rating>"
        )
    };
    let mut lines = Vec::new();
    match habits.ratings {
        Ratings::Legacy | Ratings::Comma => {
            if let Some(tenths) = source.audience {
                let mut number = decimal(tenths);
                if habits.ratings == Ratings::Comma {
                    number = number.replace('.', ",");
                }
                page.line(&format!("  <rating>{number}</rating>"));
            }
            return;
        }
        Ratings::OfTen => {
            lines.extend(
                source
                    .audience
                    .map(|tenths| one("imdb", 10, true, decimal(tenths) + "00000")),
            );
            lines.extend(
                source
                    .critic
                    .map(|tenths| one("metacritic", 10, false, decimal(tenths))),
            );
        }
        Ratings::OfHundred => {
            lines.extend(
                source
                    .critic
                    .map(|tenths| one("tomatometerallcritics", 100, false, tenths.to_string())),
            );
            lines.extend(
                source
                    .audience
                    .map(|tenths| one("themoviedb", 100, true, tenths.to_string())),
            );
        }
        Ratings::OfMany => {
            // Second choices come first, so that whoever takes the first or the last is wrong.
            if let Some(tenths) = source.audience {
                lines.push(one(
                    "tomatometerallaudience",
                    10,
                    false,
                    decimal(99 - tenths),
                ));
                lines.push(one("imdb", 10, true, decimal(tenths)));
                lines.push(one("themoviedb", 10, false, decimal(99 - tenths)));
            }
            if let Some(tenths) = source.critic {
                lines.push(one(
                    "tomatometerallcritics",
                    10,
                    false,
                    decimal(99 - tenths),
                ));
                lines.push(one("metacritic", 100, false, tenths.to_string()));
            }
        }
    }
    if !lines.is_empty() {
        page.line("  <ratings>");
        for line in &lines {
            page.line(line);
        }
        page.line("  </ratings>");
    }
}
