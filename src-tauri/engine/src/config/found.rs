//! Mistakes as they are found: of many only the earliest are put into words, the others are counted.

use std::ops::Range;

use super::mistake::{Mistake, Severity};
use super::text::Text;

/// Most mistakes of one file that are told.
pub(super) const TOLD: usize = 50;

/// Where a mistake is, in bytes of the text.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// What is wrong.
    pub(super) caret: Range<usize>,
    /// What of its line may be shown; `None` where that cannot be told.
    pub(super) about: Option<Range<usize>>,
}

impl From<Range<usize>> for Place {
    fn from(span: Range<usize>) -> Self {
        Self {
            about: Some(span.clone()),
            caret: span,
        }
    }
}

#[derive(Debug)]
struct Told {
    place: Place,
    severity: Severity,
    message: String,
}

/// The mistakes of one file.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The earliest, in the order of their places.
    told: Vec<Told>,
    untold: usize,
    /// Where the first of the others begins, and how bad the worst of them is.
    next: Option<(usize, Severity)>,
}

impl Found {
    /// Takes a mistake. `message` is asked only where it is told, because a file may have a hundred thousand.
    pub(super) fn add<M: Into<String>>(
        &mut self,
        place: Place,
        severity: Severity,
        message: impl FnOnce() -> M,
    ) {
        let key = (place.caret.start, severity);
        let at = self
            .told
            .partition_point(|told| (told.place.caret.start, told.severity) <= key);
        if at == TOLD {
            return self.count(key);
        }
        let message = message().into();
        self.told.insert(
            at,
            Told {
                place,
                severity,
                message,
            },
        );
        if self.told.len() > TOLD
            && let Some(last) = self.told.pop()
        {
            self.count((last.place.caret.start, last.severity));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    fn count(&mut self, (start, severity): (usize, Severity)) {
        self.untold += 1;
        self.next = Some(self.next.map_or((start, severity), |(first, worst)| {
            (first.min(start), worst.min(severity))
        }));
    }

    /// The mistakes with their lines, in order; how many others there are comes last.
    pub(super) fn into_mistakes(self, text: &Text<'_>) -> Vec<Mistake> {
        let told = self.told.into_iter();
        let mut mistakes: Vec<Mistake> = told
            .map(|told| text.mistake(&told.place, told.severity, told.message))
            .collect();
        if let Some((start, severity)) = self.next {
            let place = Place {
                caret: start..start,
                about: None,
            };
            let message = format!("And {} more from here on.", self.untold);
            mistakes.push(text.mistake(&place, severity, message));
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_told_is_put_into_words() {
        let whole = "x".repeat(100_000);
        let text = Text::new(&whole);
        let (mut found, mut worded) = (Found::default(), 0);
        let add = |found: &mut Found, at: usize, worded: &mut usize| {
            found.add((at..at + 1).into(), Severity::Warning, || {
                *worded += 1;
                at.to_string()
            });
        };
        // Two tables that stand one after the other, the later of which is read first.
        for at in (50_000..100_000).chain(0..50_000) {
            add(&mut found, at, &mut worded);
        }
        assert_eq!(worded, 2 * TOLD);
        let mistakes = found.into_mistakes(&text);
        let columns: Vec<usize> = mistakes.iter().map(|mistake| mistake.column).collect();
        assert_eq!(columns, (1..=TOLD + 1).collect::<Vec<_>>());
        assert_eq!(mistakes[TOLD].message, "And 99950 more from here on.");
        assert_eq!(mistakes[TOLD].severity, Severity::Warning);
    }
}
