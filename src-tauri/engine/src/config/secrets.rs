//! What nobody should see in what is printed: tokens, and the name and password of an address.

use super::names::plain;

/// What is in the name of a key whose value nobody should see.
const SECRET: [&str; 5] = ["token", "password", "passwd", "secret", "apikey"];

/// Most characters of a value that a sentence repeats.
const REPEATED: usize = 200;

/// Whether a key's value is nobody's business.
pub(super) fn is_secret(key: &str) -> bool {
    let key = plain(key);
    SECRET.iter().any(|word| key.contains(word))
}

/// Whether a line seems to hold something that nobody should see. Lines that are comments are never shown.
pub(super) fn holds_secret(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with('#');
    !is_comment && (is_secret(line) || credentials(line).is_some())
}

/// A value as it may be printed: without the `user:password` before an `@`, and without characters that a terminal would
/// obey.
pub fn masked(value: &str) -> String {
    let seen = |text: &str| text.replace(char::is_control, " ");
    match credentials(value) {
        Some((start, end)) => format!("{}…{}", seen(&value[..start]), seen(&value[end..])),
        None => seen(value),
    }
}

/// A value as a sentence repeats it: masked, and not longer than a sentence can bear.
pub(super) fn repeated(value: &str) -> String {
    let mut masked = masked(value);
    if let Some((end, _)) = masked.char_indices().nth(REPEATED) {
        masked.truncate(end);
        masked.push('…');
    }
    masked
}

/// Where `user:password` stands. What has more than one `@` or `:` loses rather too much than too little.
fn credentials(value: &str) -> Option<(usize, usize)> {
    let end = value.rfind('@')?;
    let before = &value[..end];
    let host = before.find("//").or_else(|| before.find("\\\\"));
    let word = || before.rfind(['/', '\\', ' ', '"', '\'']);
    let start = host.map_or_else(|| word().map_or(0, |at| at + 1), |at| at + 2);
    before[start..].contains(':').then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_password_of_an_address_are_masked() {
        for (value, shown) in [
            ("smb://me:s3cr3t@nas/films", "smb://…@nas/films"),
            ("smb://me:s3@cr3t@nas", "smb://…@nas"),
            ("smb://me:s3/cr3t@nas", "smb://…@nas"),
            ("//me:s3cr3t@nas/films", "//…@nas/films"),
            (r"\\me:s3cr3t@nas\films", r"\\…@nas\films"),
            ("me:s3cr3t@nas:/films", "…@nas:/films"),
            ("a smb://me:s3cr3t@nas b", "a smb://…@nas b"),
        ] {
            assert_eq!(masked(value), shown, "{value}");
        }
    }

    #[test]
    fn paths_with_an_at_sign_stay_as_they_are() {
        for value in [
            "/films/@eaDir",
            r"D:\films\@eaDir",
            "/a:b/c@d",
            "smb://nas/me@home",
        ] {
            assert_eq!(masked(value), value);
        }
    }

    #[test]
    fn nothing_that_is_printed_commands_a_terminal() {
        assert_eq!(masked("a\u{1b}[2Jb\nc"), "a [2Jb c");
        assert_eq!(repeated(&"ä".repeat(1000)).chars().count(), REPEATED + 1);
    }
}
