//! The regular expression of a path rule: read, checked and applied to paths in their normal form.
//!
//! It lies here and not in `matching`, because settings must be able to say what is wrong with a pattern, and where. Not
//! here: which rule fits first (`matching`).

use std::fmt;

use regex::{Regex, RegexBuilder};
use regex_syntax::ast::{ErrorKind, Span};
use unicode_normalization::UnicodeNormalization;

/// Longest pattern, in characters. Far more than any folder tree needs.
const LONGEST: usize = 2_000;
/// Most memory that a compiled pattern may take, in bytes.
const SIZE: usize = 1 << 20;
/// Deepest groups within groups.
const DEEPEST: u32 = 50;

/// A path rule's pattern and what becomes of a path that it fits.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    regex: Regex,
    to: Vec<Piece>,
    separator: char,
}

/// A piece of the right side.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Group(usize),
}

/// What is wrong with a pattern, or with the right side that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    at: Option<usize>,
    side: &'static str,
    what: String,
}

impl Fault {
    /// Where, counted in characters from 1; `None` where the whole is meant.
    pub(crate) fn at(&self) -> Option<usize> {
        self.at
    }

    /// Whether it is the right side's.
    pub(crate) fn is_right(&self) -> bool {
        self.side == RIGHT
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, side, what } = self;
        match at {
            Some(at) => write!(formatter, "at character {at} of the {side}, {what}"),
            None => write!(formatter, "the {side} {what}"),
        }
    }
}

const LEFT: &str = "pattern";
const RIGHT: &str = "right side";

impl Pattern {
    /// Reads both sides.
    ///
    /// A pattern is held against paths in their normal form, which has `/` between folders, composed letters and drives
    /// in upper case. So that people can write separators as their paths show them, `\\` in a pattern means `/`, and two
    /// at its beginning (a share) mean one.
    pub(crate) fn new(from: &str, to: &str) -> Result<Self, Fault> {
        let from: String = from.nfc().collect();
        if from.is_empty() {
            return Err(whole("needs at least one character."));
        }
        if from.chars().count() > LONGEST {
            return Err(whole(&format!("is longer than {LONGEST} characters.")));
        }
        let written = Written::of(&from);
        regex_syntax::ParserBuilder::new()
            .nest_limit(DEEPEST)
            .build()
            .parse(&written.pattern)
            .map_err(|error| written.fault(&error))?;
        let regex = RegexBuilder::new(&format!(r"\A(?:{})\z", written.pattern))
            .case_insensitive(written.is_windows)
            .dot_matches_new_line(true)
            .nest_limit(DEEPEST + 1)
            .size_limit(SIZE)
            .dfa_size_limit(SIZE)
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => whole(
                    "stands for too many paths to be held in memory. Leave out large counts such as {1000}.",
                ),
                _ => whole("cannot be read. Leave out comments and the flag x."),
            })?;
        let to: String = to.nfc().collect();
        let pieces = pieces(&to, &regex)?;
        let separator = if to.contains('\\') || (is_drive(&to) && !to.contains('/')) {
            '\\'
        } else {
            '/'
        };
        Ok(Self {
            regex,
            to: pieces,
            separator,
        })
    }

    /// What becomes of a path in its normal form; `None` where the pattern does not fit all of it.
    pub(crate) fn apply(&self, path: &str) -> Option<String> {
        let groups = self.regex.captures(path)?;
        let mut made = String::new();
        for piece in &self.to {
            match piece {
                Piece::Text(text) => made.push_str(text),
                // A group that took no part stands for nothing.
                Piece::Group(number) => made.extend(
                    groups
                        .get(*number)
                        .map_or("", |group| group.as_str())
                        .chars()
                        .map(|c| if c == '/' { self.separator } else { c }),
                ),
            }
        }
        Some(made)
    }
}

fn whole(what: &str) -> Fault {
    Fault {
        at: None,
        side: LEFT,
        what: what.to_owned(),
    }
}

fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// A pattern with `/` as its only separator, and where each of its characters stood before.
struct Written {
    pattern: String,
    /// Per character of `pattern`, and one behind the last.
    places: Vec<usize>,
    is_windows: bool,
}

impl Written {
    fn of(from: &str) -> Self {
        let mut pattern = String::new();
        let mut places = Vec::new();
        let mut backslashes = false;
        let mut characters = from.chars().enumerate().peekable();
        while let Some((place, mut character)) = characters.next() {
            let mut escaped = None;
            if character == '\\' {
                escaped = characters.next().map(|(_, next)| next);
                if escaped == Some('\\') {
                    (character, escaped) = ('/', None);
                    backslashes = true;
                }
            }
            if character == '/' && pattern.ends_with('/') && begins(&pattern) {
                continue;
            }
            for character in std::iter::once(character).chain(escaped) {
                pattern.push(character);
                places.push(place);
            }
        }
        places.push(from.chars().count());
        // What has a drive or was written with backslashes names a Windows path.
        let is_windows = backslashes || names_drive(&pattern);
        Self {
            pattern,
            places,
            is_windows,
        }
    }

    fn fault(&self, error: &regex_syntax::Error) -> Fault {
        let (span, what) = match error {
            regex_syntax::Error::Parse(error) => {
                (error.span(), self.words(error.kind(), error.span()))
            }
            regex_syntax::Error::Translate(error) => {
                (error.span(), sentence(&error.kind().to_string()))
            }
            _ => return whole("cannot be read."),
        };
        let before = self.pattern.get(..span.start.offset).unwrap_or_default();
        let place = self.places.get(before.chars().count()).copied();
        Fault {
            at: place.map(|place| place + 1),
            side: LEFT,
            what,
        }
    }

    fn words(&self, kind: &ErrorKind, span: &Span) -> String {
        let text = self
            .pattern
            .get(span.start.offset..span.end.offset)
            .unwrap_or_default();
        match kind {
            ErrorKind::GroupUnclosed => {
                "a bracket is opened and never closed. Add “)”, or write “\\(” where a folder's name has a bracket.".to_owned()
            }
            ErrorKind::GroupUnopened => {
                "a bracket is closed that was never opened. Take it away, or write “\\)” where a folder's name has a bracket.".to_owned()
            }
            ErrorKind::ClassUnclosed => {
                "a square bracket is opened and never closed. Add “]”, or write “\\[” where a folder's name has one.".to_owned()
            }
            ErrorKind::EscapeUnrecognized
            | ErrorKind::EscapeHexEmpty
            | ErrorKind::EscapeHexInvalid
            | ErrorKind::EscapeHexInvalidDigit
            | ErrorKind::UnicodeClassInvalid => format!(
                "“{text}” has no meaning. Between folders write “/” or “\\\\”, never a single “\\”."
            ),
            ErrorKind::EscapeUnexpectedEof => {
                "a single “\\” ends the pattern. Between folders write “/” or “\\\\”.".to_owned()
            }
            ErrorKind::RepetitionMissing => {
                "there is nothing before it that could be repeated. Write “.*” for any characters.".to_owned()
            }
            ErrorKind::GroupNameDuplicate { .. } => {
                format!("the name “{text}” is given to a second group. Choose another.")
            }
            ErrorKind::GroupNameInvalid | ErrorKind::GroupNameEmpty => {
                "a group's name must begin with a letter and go on with letters, digits or “_”.".to_owned()
            }
            ErrorKind::UnsupportedLookAround => {
                "looking ahead or behind is not possible. Say what the path has instead.".to_owned()
            }
            ErrorKind::UnsupportedBackreference => {
                "a group cannot be asked for again on the left side.".to_owned()
            }
            ErrorKind::ClassRangeInvalid => {
                format!("“{text}” ends before it begins. Turn it round.")
            }
            ErrorKind::NestLimitExceeded(_) => "brackets are nested too deeply.".to_owned(),
            other => sentence(&other.to_string()),
        }
    }
}

/// Whether nothing but what groups and anchors consist of stands before the last character.
fn begins(pattern: &str) -> bool {
    let before = pattern
        .trim_end_matches('/')
        .replace("(?:", "")
        .replace("(?i)", "");
    before
        .chars()
        .all(|character| matches!(character, '^' | '('))
}

/// Whether a drive stands somewhere in it (`D:/`, `[A-Z]:/`), which the colon of a group (`(?:/`, `(?i:/`) is not.
fn names_drive(pattern: &str) -> bool {
    pattern.match_indices(":/").any(|(at, _)| {
        let mut before = pattern[..at].chars().rev();
        match before.next() {
            Some(']') => true,
            Some(letter) if letter.is_ascii_alphabetic() => before.next().is_none_or(|character| {
                !character.is_alphanumeric() && !matches!(character, '?' | '-')
            }),
            _ => false,
        }
    })
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// Takes the right side apart, and checks that its groups exist.
fn pieces(to: &str, regex: &Regex) -> Result<Vec<Piece>, Fault> {
    let characters: Vec<char> = to.chars().collect();
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut place = 0;
    while let Some(&character) = characters.get(place) {
        let rest = &characters[place + 1..];
        let (name, length) = match (character, rest.first()) {
            ('$', Some('$')) => {
                text.push('$');
                place += 2;
                continue;
            }
            ('$', Some('{')) => match rest.iter().position(|c| *c == '}') {
                Some(end) => (rest[1..end].iter().collect::<String>(), end + 2),
                None => {
                    return Err(Fault {
                        at: Some(place + 1),
                        side: RIGHT,
                        what: "“${” is never closed. Add “}”, or write “$$” for a dollar sign."
                            .to_owned(),
                    });
                }
            },
            ('$', Some(digit)) if digit.is_ascii_digit() => {
                let digits: String = rest.iter().take_while(|c| c.is_ascii_digit()).collect();
                let length = digits.len() + 1;
                (digits, length)
            }
            // A dollar sign that asks for nothing is itself, as in the shares `C$` and `D$`.
            _ => {
                text.push(character);
                place += 1;
                continue;
            }
        };
        let number = match name.parse::<usize>() {
            Ok(number) => (number < regex.captures_len()).then_some(number),
            Err(_) => regex
                .capture_names()
                .position(|known| known == Some(name.as_str())),
        };
        let Some(number) = number else {
            return Err(Fault {
                at: Some(place + 1),
                side: RIGHT,
                what: format!(
                    "group “{name}” is asked for, which the pattern does not have. Put brackets around that part of it."
                ),
            });
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Group(number));
        place += length;
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}
