//! The form in which two spellings of one path are equal.

use sha1::{Digest, Sha1};

use crate::model::PathHash;
use crate::text;

/// A path in the form in which it is compared: NFC, `/` between folders, no empty folder names, none at the end, drive
/// letters in upper case, Windows' `\\?\` left out, case folded where the server's file system ignores case.
pub fn normalise_path(path: &str, case_insensitive: bool) -> String {
    let joined = segments(path).join("/");
    let path = if joined.is_empty() && path.starts_with(['/', '\\']) {
        "/".to_owned()
    } else {
        joined
    };
    if case_insensitive {
        text::fold(&path)
    } else {
        path
    }
}

/// What the path index is keyed by: the first 16 bytes of the SHA-1 of [`normalise_path`].
pub fn path_hash(path: &str, case_insensitive: bool) -> PathHash {
    let digest = Sha1::digest(normalise_path(path, case_insensitive).as_bytes());
    let mut hash = [0; 16];
    hash.copy_from_slice(&digest[..16]);
    PathHash(hash)
}

/// The folder names of a path and its file name. A rooted path begins with an empty name.
pub(super) fn segments(path: &str) -> Vec<String> {
    let composed = text::nfc(path).replace('\\', "/");
    let (rooted, rest) = match composed.strip_prefix("//?/") {
        Some(rest) => match rest.strip_prefix("UNC/") {
            Some(share) => (true, share),
            None => (false, rest),
        },
        None => (composed.starts_with('/'), composed.as_str()),
    };
    let mut segments: Vec<String> = rooted.then(String::new).into_iter().collect();
    segments.extend(
        rest.split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned),
    );
    if let Some(first) = segments.first_mut()
        && is_drive(first)
    {
        first.make_ascii_uppercase();
    }
    segments
}

/// Whether a path's first name is a Windows drive.
pub(super) fn is_drive(segment: &str) -> bool {
    matches!(segment.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}
