//! From a file's bytes to text, whatever wrote them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{FILE_LIMIT, Fault, ReadError};

/// Reads a .nfo as text. A file over the limit is not read at all.
pub(super) fn read_text(path: &Path) -> Result<String, ReadError> {
    read_bytes(path, FILE_LIMIT)
        .map(|bytes| decode(&bytes))
        .map_err(|fault| ReadError::new(path, fault))
}

/// Reads a file of at most `limit` bytes.
pub(super) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Fault> {
    // Asked before opening: opening a pipe would wait for its other end.
    let metadata = std::fs::metadata(path).map_err(Fault::Unreadable)?;
    if !metadata.is_file() {
        return Err(Fault::NotAFile);
    }
    if metadata.len() > limit {
        return Err(Fault::TooLarge(metadata.len()));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(Fault::Unreadable)?;
    let length = bytes.len() as u64;
    if length > limit {
        return Err(Fault::TooLarge(length));
    }
    Ok(bytes)
}

/// A byte order mark decides; else what is valid UTF-8 is UTF-8; else what the XML declaration names; else
/// Windows-1252, in which every byte is a character.
pub(super) fn decode(bytes: &[u8]) -> String {
    let encoding = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding
    } else if bytes.starts_with(b"<\0") {
        UTF_16LE
    } else if bytes.starts_with(b"\0<") {
        UTF_16BE
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    } else {
        UTF_8
    };
    let (text, _, has_errors) = encoding.decode(bytes);
    if !has_errors || encoding != UTF_8 {
        return text.into_owned();
    }
    let (text, _) = declared(bytes)
        .unwrap_or(WINDOWS_1252)
        .decode_with_bom_removal(bytes);
    text.into_owned()
}

/// The encoding that `<?xml … encoding="…"?>` names, where it is one that the bytes can be in.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(200)];
    let head = String::from_utf8_lossy(head);
    let (_, rest) = head.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (label, _) = rest[1..].split_once(quote)?;
    Encoding::for_label(label.as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible() && *encoding != UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_out_whatever_wrote_it() {
        let utf16 = |big: bool| -> Vec<u8> {
            "<a>Amélie</a>"
                .encode_utf16()
                .flat_map(|unit| {
                    if big {
                        unit.to_be_bytes()
                    } else {
                        unit.to_le_bytes()
                    }
                })
                .collect()
        };
        let with = |mark: &[u8], rest: Vec<u8>| [mark.to_vec(), rest].concat();
        let cases: Vec<(&str, Vec<u8>, &str)> = vec![
            ("UTF-8", "<a>Amélie</a>".into(), "<a>Amélie</a>"),
            (
                "UTF-8 with BOM",
                "\u{feff}<a>Amélie</a>".into(),
                "<a>Amélie</a>",
            ),
            (
                "UTF-16LE with BOM",
                with(&[0xFF, 0xFE], utf16(false)),
                "<a>Amélie</a>",
            ),
            (
                "UTF-16BE with BOM",
                with(&[0xFE, 0xFF], utf16(true)),
                "<a>Amélie</a>",
            ),
            ("UTF-16LE without BOM", utf16(false), "<a>Amélie</a>"),
            ("UTF-16BE without BOM", utf16(true), "<a>Amélie</a>"),
            (
                "Windows-1252",
                b"<a>Am\xe9lie \x96 it\x92s</a>".to_vec(),
                "<a>Amélie – it’s</a>",
            ),
            (
                "declared Windows-1251",
                b"<?xml version='1.0' encoding='windows-1251'?><a>\xcc\xe8\xf0</a>".to_vec(),
                "<?xml version='1.0' encoding='windows-1251'?><a>Мир</a>",
            ),
            (
                "declared UTF-8, but is not",
                b"<?xml version='1.0' encoding='utf-8'?><a>\xe9</a>".to_vec(),
                "<?xml version='1.0' encoding='utf-8'?><a>é</a>",
            ),
            (
                "declared something, but is UTF-8",
                "<?xml version='1.0' encoding='windows-1251'?><a>é</a>".into(),
                "<?xml version='1.0' encoding='windows-1251'?><a>é</a>",
            ),
            (
                "BOM of UTF-8 before other bytes",
                b"\xef\xbb\xbf<a>\xe9</a>".to_vec(),
                "<a>é</a>",
            ),
        ];
        for (name, bytes, expected) in cases {
            let decoded = decode(&bytes);
            let decoded = decoded.strip_prefix("ï»¿").unwrap_or(&decoded);
            assert_eq!(decoded, expected, "{name}");
        }
    }
}
