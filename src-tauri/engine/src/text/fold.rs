//! Case folding for comparison.

use unicode_normalization::UnicodeNormalization;

#[cfg(test)]
thread_local! {
    /// How many texts this thread has folded: what costs must not grow with is counted, not timed.
    pub(crate) static FOLDED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// A form in which texts that differ only by case are equal: `STRASSE`, `Straße` and `strasse` are one. It never leaves
/// the program. The dotless ı stays itself, as Unicode's folding has it outside Turkish.
pub fn fold(text: &str) -> String {
    #[cfg(test)]
    FOLDED.with(|folded| folded.set(folded.get() + 1));
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Through the upper case, because letters such as ß, ſ and ς meet their kin only there; the lower case before it is
    // for the capital ẞ. Character by character, because the string's own lower-casing looks at neighbours (final sigma).
    text.chars()
        .flat_map(char::to_lowercase)
        .flat_map(|character| {
            let is_dotless = character == 'ı';
            let upper = if is_dotless {
                None
            } else {
                Some(character.to_uppercase())
            };
            let folded = upper.into_iter().flatten().flat_map(char::to_lowercase);
            is_dotless.then_some(character).into_iter().chain(folded)
        })
        .nfc()
        .collect()
}
