//! What a picture's bytes say about themselves, without decoding it.

use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, ImageReader, Limits};

use super::ImageError;

/// Longest side that is ever decoded.
const LONGEST_SIDE: u32 = 20_000;
/// Most pixels that are ever decoded: 300 MB as RGB.
pub(super) const MOST_PIXELS: u64 = 100_000_000;
/// Most bytes that a decoder may take.
const DECODER_MEMORY: u64 = 640 * 1024 * 1024;

/// The formats that are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
    WebP,
}

impl Format {
    /// By signature; a file's name is no evidence.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::WebP)
        } else {
            None
        }
    }

    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    fn of_crate(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::WebP => ImageFormat::WebP,
        }
    }

    /// Whether the picture's end is there. A copy that is still under way, or one that broke off, has none.
    fn has_end(self, bytes: &[u8]) -> bool {
        match self {
            // Programs append data of their own after the end, so the end is looked for, not asked for.
            Self::Jpeg => jpeg_scan(bytes)
                .is_some_and(|scan| scan.windows(2).any(|pair| pair == [0xFF, 0xD9])),
            Self::Png => bytes.windows(4).rev().any(|name| name == b"IEND"),
            Self::WebP => bytes
                .get(4..8)
                .and_then(|length| length.try_into().ok())
                .is_some_and(|length| {
                    u64::from(u32::from_le_bytes(length)) + 8 <= bytes.len() as u64
                }),
        }
    }
}

/// A JPEG from its first scan on: what comes before can hold a small picture with an end of its own.
fn jpeg_scan(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(2..)?;
    loop {
        match rest {
            [0xFF, 0xFF, ..] => rest = &rest[1..],
            [0xFF, 0xDA, scan @ ..] => return Some(scan),
            [0xFF, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest = rest.get(2 + length.max(2)..)?;
            }
            _ => return None,
        }
    }
}

/// Checks signature, end and dimensions.
pub(super) fn check(path: &Path, bytes: &[u8]) -> Result<Format, ImageError> {
    let wrong = |reason: String| ImageError::NotAPicture {
        path: path.to_owned(),
        reason,
    };
    if bytes.is_empty() {
        return Err(wrong("it is empty".into()));
    }
    let Some(format) = Format::of(bytes) else {
        return Err(wrong("it is neither JPEG nor PNG nor WebP".into()));
    };
    let dimensions = reader(bytes, format).into_dimensions();
    if !format.has_end(bytes) {
        return Err(ImageError::CutOff(path.to_owned()));
    }
    let (width, height) = dimensions.map_err(|error| wrong(error.to_string()))?;
    if width == 0 || height == 0 {
        return Err(wrong("it has no pixels".into()));
    }
    if !is_bearable(width, height, MOST_PIXELS) {
        return Err(ImageError::TooManyPixels {
            path: path.to_owned(),
            width,
            height,
        });
    }
    Ok(format)
}

/// A decoder within limits.
pub(super) fn reader(bytes: &[u8], format: Format) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format.of_crate());
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODER_MEMORY);
    reader.limits(limits);
    reader
}

/// Whether a picture of this size may be decoded where at most `most_pixels` may be.
pub(super) fn is_bearable(width: u32, height: u32, most_pixels: u64) -> bool {
    width <= LONGEST_SIDE
        && height <= LONGEST_SIDE
        && u64::from(width) * u64::from(height) <= most_pixels
}
