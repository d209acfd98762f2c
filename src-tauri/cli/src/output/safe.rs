//! Text that anybody may have written, so that a terminal shows it and does nothing else.
//!
//! Everything that is printed goes through here (see `out`, `err` and `json`).

use std::fmt::Write as _;

/// Stands where something was that a terminal would act on.
const INSTEAD: char = '\u{fffd}';

/// What a terminal acts on: control characters, and those that turn the direction of what follows them, by which a line
/// can be made to read as another one.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// One line: also without line breaks, which could pass for lines of ours.
pub(crate) fn plain(text: &str) -> String {
    let shown = |character| match character {
        '\n' | '\r' | '\t' => ' ',
        character if acts(character) => INSTEAD,
        character => character,
    };
    text.chars().map(shown).collect()
}

/// The same with its line breaks.
pub(crate) fn lines(text: &str) -> String {
    let shown = |character| match character {
        '\n' => '\n',
        character if acts(character) => INSTEAD,
        character => character,
    };
    text.chars().map(shown).collect()
}

/// JSON that means the same: what a terminal acts on can only be part of a string there, and is escaped.
pub(crate) fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if acts(character) {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2Jb\u{9b}31m\u{7f}\u{202e}c\u{2066}d\r\ne\u{7}";

    #[test]
    fn nothing_is_left_for_a_terminal_to_act_on() {
        assert_eq!(plain(HOSTILE), "a�[2Jb�31m��c�d  e�");
        assert_eq!(lines(HOSTILE), "a�[2Jb�31m��c�d�\ne�");
        // Letters of all kinds, emoji of several characters and marks stay.
        let fine = "Ærø שלום 👩‍🚀 e\u{301}";
        assert_eq!(plain(fine), fine);
    }

    #[test]
    fn json_means_the_same_without_it() {
        let written = serde_json::to_string(HOSTILE).expect("text");
        let escaped = json(&written);
        assert!(!escaped.chars().any(acts), "{escaped}");
        let read: String = serde_json::from_str(&escaped).expect("still JSON");
        assert_eq!(read, HOSTILE);
    }
}
