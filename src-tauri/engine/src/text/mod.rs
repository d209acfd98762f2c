//! The one normalisation of strings and tags, used on both sides of every comparison: what a source says and what Plex
//! says go through the same functions, so that equal meaning is equal data.
//!
//! Not here: reading XML or JSON, and any decision about what to write.

mod fold;
mod scalar;
mod value;

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

#[cfg(test)]
pub(crate) use fold::FOLDED;
pub use fold::fold;
pub use scalar::{PartialDate, date, flag, moment, rating, tenths, year};
pub use value::{cast_value, tags_value, value};

/// A text of many lines: NFC, line breaks as `\n` (CR, CRLF, vertical tab, form feed, NEL and the Unicode separators
/// count as such), tabs as blanks, other control characters and byte-order marks dropped, trimmed at the ends. Joiners
/// and variation selectors stay, so that emoji stay whole.
pub fn clean(raw: &str) -> String {
    let mut kept = String::with_capacity(raw.len());
    let mut after_return = false;
    for character in raw.chars() {
        let follows_return = std::mem::replace(&mut after_return, character == '\r');
        match character {
            '\n' if follows_return => {}
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => kept.push('\n'),
            '\t' => kept.push(' '),
            '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => kept.push(other),
        }
    }
    // Dropping comes first: a mark may only now stand beside the letter it composes with.
    nfc(&kept).trim().to_owned()
}

/// NFC. Nearly every text is that already, and composing costs more than all else that is done to it.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// A text of one line: as [`clean`], and white space that holds a line break becomes one blank.
pub fn line(raw: &str) -> String {
    let cleaned = clean(raw);
    if !cleaned.contains('\n') {
        return cleaned;
    }
    let parts: Vec<&str> = cleaned
        .split('\n')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// A tag: as [`clean`], and every run of white space becomes one blank.
pub fn tag(raw: &str) -> String {
    let cleaned = clean(raw);
    let parts: Vec<&str> = cleaned.split_whitespace().collect();
    parts.join(" ")
}

/// Tags in their order, each as [`tag`] leaves it, without empty ones and without those that an earlier one equals when
/// case is folded.
pub fn tags<I>(raw: I) -> Vec<String>
where
    I: IntoIterator,
    I::Item: AsRef<str>,
{
    let mut seen = std::collections::BTreeSet::new();
    raw.into_iter()
        .map(|one| tag(one.as_ref()))
        .filter(|one| !one.is_empty() && seen.insert(fold(one)))
        .collect()
}

/// At most `most` characters of a text, cut where no visible character is torn: not before a combining mark, a joiner, a
/// variation selector or a skin tone, not after a joiner, not within a flag. Blanks before the cut go too.
pub fn limit(text: &str, most: usize) -> &str {
    let Some((mut cut, _)) = text.char_indices().nth(most) else {
        return text;
    };
    while cut > 0 && is_torn(&text[..cut], &text[cut..]) {
        cut = text[..cut]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
    }
    text[..cut].trim_end()
}

/// Whether the last character before and the first after a cut belong together.
fn is_torn(before: &str, after: &str) -> bool {
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else {
        return false;
    };
    let is_flag_part = |character: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&character);
    let flag_parts_before = before
        .chars()
        .rev()
        .take_while(|&c| is_flag_part(c))
        .count();
    last == '\u{200d}'
        || matches!(next,
            '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
        || is_combining_mark(next)
        || (is_flag_part(next) && flag_parts_before % 2 == 1)
}

#[cfg(test)]
mod tests;
