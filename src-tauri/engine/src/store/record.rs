//! How a record stands on disk: one version byte, then MessagePack with named fields, so that a record says what it
//! holds and an older one can still be read.
//!
//! Not here: which records there are (`records`, `queue`, `journal`).

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

#[cfg(test)]
thread_local! {
    /// How many records this thread has decoded: what costs must not grow with is counted, not timed.
    pub(super) static DECODED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// A type that is stored. Fields that are added later need `#[serde(default)]`; any other change of form raises
/// [`Record::VERSION`] and gives [`Record::from_older`] the old form.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// The version byte of records written today.
    const VERSION: u8 = 1;

    /// Reads a record of an older version; `None` where there is no such version.
    fn from_older(_version: u8, _body: &[u8]) -> Option<Result<Self, rmp_serde::decode::Error>> {
        None
    }
}

/// The bytes of `record`.
pub(crate) fn encode<R: Record>(table: &'static str, record: &R) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![R::VERSION];
    rmp_serde::encode::write_named(&mut bytes, record).map_err(|error| StoreError::Encode {
        table,
        reason: error.to_string(),
    })?;
    Ok(bytes)
}

/// The record that `bytes` hold.
pub(crate) fn decode<R: Record>(
    table: &'static str,
    key: &[u8],
    bytes: &[u8],
) -> Result<R, StoreError> {
    #[cfg(test)]
    DECODED.with(|decoded| decoded.set(decoded.get() + 1));
    let wrong = |reason: String| StoreError::Decode {
        table,
        key: hex(key),
        reason,
    };
    let Some((&version, body)) = bytes.split_first() else {
        return Err(wrong("it is empty".into()));
    };
    if version == R::VERSION {
        return rmp_serde::from_slice(body).map_err(|error| wrong(error.to_string()));
    }
    match R::from_older(version, body) {
        Some(record) => record.map_err(|error| wrong(error.to_string())),
        None => Err(wrong(format!(
            "its version is {version}, known is {}",
            R::VERSION
        ))),
    }
}

/// The newest version byte of any record.
const NEWEST: u8 = 1;

/// Whether `bytes` can be a record at all; says what is wrong.
pub(super) fn look(bytes: &[u8]) -> Result<(), String> {
    match bytes.split_first() {
        Some((1..=NEWEST, body)) => rmp_serde::from_slice::<serde::de::IgnoredAny>(body)
            .map(|_| ())
            .map_err(|error| error.to_string()),
        _ => Err("its version is unknown".into()),
    }
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
