//! A text that knows its lines, and what of a line is shown below a mistake.
//!
//! A line may hold what nobody should see, under a name that nobody foresaw. So it is never shown as it is: only what a
//! mistake is about, and before it the name of a setting that there is.

use std::ops::Range;

use super::found::Place;
use super::keys;
use super::mistake::{Mistake, Severity};
use super::secrets::holds_secret;
use crate::model::Field;

/// Most characters that are shown of what a mistake is about, and how many of them before the caret.
const SHOWN: usize = 110;
const BEFORE: usize = 70;
/// Longest indent or brackets around it that are shown, in bytes.
const MARGIN: usize = 40;

/// A text that knows its lines.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) whole: &'a str,
    /// Where each line begins.
    starts: Vec<usize>,
    /// Where something seems to be secret, no value is shown: it may go on in other lines.
    has_secret: bool,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            whole: text,
            starts: std::iter::once(0).chain(ends).collect(),
            has_secret: text.lines().any(holds_secret),
        }
    }

    /// The line of a place, counted from 0.
    pub(super) fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at) - 1
    }

    /// Where a line is, counted from 0, without its end.
    fn bounds(&self, line: usize) -> Range<usize> {
        let start = self.starts[line];
        let next = self.starts.get(line + 1);
        let end = next.map_or(self.whole.len(), |next| next - 1);
        start..start + self.whole[start..end].trim_end_matches('\r').len()
    }

    /// The part of a span that lies in a line.
    fn within(&self, span: &Range<usize>, line: &Range<usize>) -> Range<usize> {
        let start = self.whole.floor_char_boundary(span.start);
        let end = self.whole.ceil_char_boundary(span.end);
        let start = start.clamp(line.start, line.end);
        start..end.clamp(start, line.end)
    }

    /// A mistake at a place.
    pub(super) fn mistake(&self, place: &Place, severity: Severity, message: String) -> Mistake {
        let number = self.line(place.caret.start);
        let line = self.bounds(number);
        let caret = self.within(&place.caret, &line);
        let excerpt = place.about.as_ref().map(|about| {
            let about = self.within(about, &line);
            let (shown, at, width) = self.excerpt(&line, &caret, &about);
            let margin = (number + 1).to_string();
            let blank = " ".repeat(margin.len());
            let (indent, carets) = (" ".repeat(at), "^".repeat(width));
            format!("  {margin} | {shown}\n  {blank} | {indent}{carets}")
        });
        Mistake {
            line: number + 1,
            column: self.whole[line.start..caret.start].chars().count() + 1,
            severity,
            message,
            excerpt: excerpt.unwrap_or_default(),
        }
    }

    /// What is shown of a line, and the column and width of what is wrong in it.
    fn excerpt(
        &self,
        line: &Range<usize>,
        caret: &Range<usize>,
        about: &Range<usize>,
    ) -> (String, usize, usize) {
        let equals = self.equals(line);
        let is_value = equals.is_some_and(|equals| about.start > equals);
        let mut shown = String::new();
        let mut before = line.start;
        if let Some(equals) = equals
            && is_value
        {
            match self.name(line) {
                Some(name) => shown.extend([&self.whole[name.clone()], " ="]),
                None => shown.push('…'),
            }
            before = equals + 1;
        }
        let before = &self.whole[before..about.start];
        shown.push_str(if is_between(before, !is_value) {
            before
        } else {
            " … "
        });
        let mut at = shown.chars().count();
        let mut about = about.clone();
        let body = &self.whole[about.clone()];
        if self.has_secret && (is_value || body.contains('@')) {
            shown.push('…');
            return (shown, at, 1);
        }
        if is_value && !body.starts_with(['"', '\'']) {
            // Tables within a line have names of their own.
            about.end = about.start + body.find('=').unwrap_or(body.len());
        }
        let caret = self.within(caret, &about);
        let lead = self.whole[about.start..caret.start].char_indices().rev();
        let lead = lead.take(BEFORE).last();
        let from = lead.map_or(caret.start, |(at, _)| about.start + at);
        if from > about.start {
            shown.push('…');
            at += 1;
        }
        let mut body = self.whole[from..about.end].chars();
        let seen = body.by_ref().take(SHOWN);
        shown.extend(seen.map(|c| if c.is_control() { ' ' } else { c }));
        let lead = self.whole[from..caret.start].chars().count();
        let width = self.whole[caret].chars().take(SHOWN - lead).count();
        let after = &self.whole[about.end..line.end];
        if body.next().is_some() {
            shown.push('…');
        } else if after.trim_start().starts_with('=') {
            shown.push_str(" = …");
        } else if is_between(after, false) {
            shown.push_str(after.trim_end());
        } else {
            shown.push_str(" …");
        }
        (shown, at + lead, width.max(1))
    }

    /// Where the first `=` of a line is.
    fn equals(&self, line: &Range<usize>) -> Option<usize> {
        let at = self.whole[line.clone()].find('=')?;
        Some(line.start + at)
    }

    /// The name with which a line begins, where there is such a setting, with the brackets before it.
    fn name(&self, line: &Range<usize>) -> Option<Range<usize>> {
        let text = &self.whole[line.clone()];
        let indent = text.len() - text.trim_start().len();
        let opened = text[indent..].trim_start_matches(['[', ' ']);
        let start = text.len() - opened.len();
        let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = opened.find(|c| !is_bare(c)).unwrap_or(opened.len());
        let is_known = start - indent <= MARGIN && opened[..length].split('.').all(is_setting);
        is_known.then(|| line.start + indent..line.start + start + length)
    }

    /// What may be shown of a place where the text is no TOML, so that nobody knows what its words are: the name of a
    /// setting that there is, and what stands between its `=` and the place.
    pub(super) fn unread(&self, caret: Range<usize>) -> Place {
        let line = self.bounds(self.line(caret.start));
        // The parser often names a place between two characters; the one behind it is shown, too.
        let within = self.within(&(caret.start..caret.end.max(caret.start + 1)), &line);
        let about = self.name(&line).map(|name| {
            let Some(equals) = self.equals(&line).filter(|at| *at < within.start) else {
                return name;
            };
            let value = &self.whole[equals + 1..line.end];
            let indent = value.len() - value.trim_start().len();
            let start = equals + 1 + indent;
            let value = &value[indent..];
            if value.starts_with(['{', '[']) {
                return name;
            }
            let end = value.find(['=', '#']).unwrap_or(value.len());
            start..(start + end).min(within.end).max(start)
        });
        Place { caret, about }
    }
}

fn is_setting(name: &str) -> bool {
    let mut keys = keys::FILE
        .iter()
        .chain(keys::SECTION_KEYS)
        .chain(keys::RULE_KEYS);
    keys.any(|key| key.name == name) || Field::from_code(name).is_some()
}

/// Whether a text between what is shown says nothing itself; with `names`, it may hold names of tables.
fn is_between(text: &str, names: bool) -> bool {
    let is_name = |c: char| names && (c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    text.len() <= MARGIN
        && text
            .chars()
            .all(|c| matches!(c, ' ' | '[' | ']' | '{' | '}') || is_name(c))
}
