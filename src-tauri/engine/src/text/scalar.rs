//! Dates, years and ratings, read as leniently as sources write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A date as far as a source knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartialDate {
    /// `YYYY-MM-DD`.
    Day(String),
    /// Only the year is known (`YYYY`, `YYYY-MM`, or zeros for month or day).
    YearOnly(i32),
}

/// Reads `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-MM` and `YYYY`, each with a time behind it or not. `None` for what is no date,
/// and for the placeholders of the year 1 and 1601 that some programs write.
pub fn date(raw: &str) -> Option<PartialDate> {
    let raw = raw.trim();
    let raw = raw.split(['T', ' ']).next().unwrap_or(raw);
    let parts: Vec<&str> = match raw.len() {
        8 if raw.bytes().all(|byte| byte.is_ascii_digit()) => {
            vec![&raw[..4], &raw[4..6], &raw[6..]]
        }
        _ => raw.split(['-', '/', '.']).collect(),
    };
    let year = year(parts.first()?)?;
    let small = |at: usize| -> Option<Option<i8>> {
        parts.get(at).map_or(Some(None), |part| {
            let number = digits(part)?.parse().ok()?;
            Some(Some(number))
        })
    };
    match (small(1)?, small(2)?, parts.len()) {
        (None | Some(0), _, 1..=3) | (Some(1..=12), None | Some(0), _) => {
            Some(PartialDate::YearOnly(year))
        }
        (Some(month), Some(day), 3) => Date::new(i16::try_from(year).ok()?, month, day)
            .ok()
            .map(|date| PartialDate::Day(date.to_string())),
        _ => None,
    }
}

/// A moment in epoch seconds: a number of them, a time with its offset (`2019-01-01T12:00:00+01:00`), or a date with or
/// without a time. Writers that name no offset mean their own clock, which nobody knows here: it is taken for UTC, so that
/// one file says the same everywhere. `None` for what is no moment since 1970.
pub fn moment(raw: &str) -> Option<i64> {
    let raw = raw.trim();
    if raw.len() > 8 && raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.parse().ok().filter(|seconds| *seconds > 0);
    }
    let seconds = if let Ok(exact) = raw.parse::<jiff::Timestamp>() {
        exact.as_second()
    } else {
        let local = raw.parse::<DateTime>().ok().or_else(|| match date(raw)? {
            PartialDate::Day(day) => Some(
                day.parse::<Date>()
                    .ok()?
                    .to_datetime(jiff::civil::Time::midnight()),
            ),
            PartialDate::YearOnly(_) => None,
        })?;
        local.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second()
    };
    (seconds > 0).then_some(seconds)
}

/// Yes or no, as `true`, `1`, `yes` and their opposites say it.
pub fn flag(raw: &str) -> Option<bool> {
    match raw.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// A year of four digits that a film can have: 1800 to 2200.
pub fn year(raw: &str) -> Option<i32> {
    let raw = raw.trim();
    let year = digits(raw).filter(|_| raw.len() == 4)?.parse().ok()?;
    (1800..=2200).contains(&year).then_some(year)
}

/// A rating from 0 to 10 in tenths, rounded. `None` for what is no such rating, and for 0: every format in use writes 0
/// for *not rated*.
pub fn tenths(rating: f64) -> Option<u8> {
    if !(0.0..=10.0).contains(&rating) {
        return None;
    }
    // A half that stands in the text may lie just below itself in binary (6.35 → 63.499…).
    let rounded = (rating * 10.0 + 1e-9).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 100, checked above"
    )]
    let whole = rounded as u8;
    (whole > 0).then_some(whole)
}

/// A rating as text out of `max` (10 for most, 100 for percent, 5 for stars), in tenths of ten. Takes a decimal comma,
/// a percent sign and a trailing `/10`.
pub fn rating(raw: &str, max: f64) -> Option<u8> {
    let raw = raw.trim().trim_end_matches('%').trim_end();
    let (number, max) = match raw.split_once('/') {
        Some((number, of)) => (number.trim_end(), of.trim().parse().ok()?),
        None => (raw, max),
    };
    let number: f64 = number.replace(',', ".").parse().ok()?;
    if !(max.is_finite() && max > 0.0) {
        return None;
    }
    tenths(number / max * 10.0)
}

fn digits(part: &str) -> Option<&str> {
    (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())).then_some(part)
}
