//! Smaller pictures: under Plex's limit, and tiny ones for the window's feed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, GenericImageView, RgbImage};

use super::inspect::{self, Format, MOST_PIXELS};

/// Largest thumbnail: twice the size at which the window draws it.
const THUMBNAIL: (u32, u32) = (56, 84);
/// Most pixels of a picture that is decoded for a thumbnail; it must not cost more than it shows.
const THUMBNAIL_PIXELS: u64 = 30_000_000;
/// Qualities tried at full size before the picture gets smaller.
const QUALITIES: [u8; 3] = [92, 85, 78];
/// Quality of a picture that got smaller.
const SMALLER_QUALITY: u8 = 88;

/// Encodes a picture anew in at most `limit` bytes: as a JPEG, first at falling quality, then at falling size; as a PNG of
/// falling size where something shines through (a logo on black would be worse than a small one). The same bytes give the
/// same result. The error says what is wrong with the picture.
pub(super) fn shrink(
    bytes: &[u8],
    format: Format,
    limit: usize,
) -> Result<(Vec<u8>, Format), String> {
    let full = decode(bytes, format, MOST_PIXELS)?;
    if is_transparent(&full) {
        return smaller(&full, limit, true, png).map(|encoded| (encoded, Format::Png));
    }
    let full = full.into_rgb8();
    for quality in QUALITIES {
        let encoded = encode(&full, quality)?;
        if encoded.len() <= limit {
            return Ok((encoded, Format::Jpeg));
        }
    }
    let jpeg = |picture: &DynamicImage| encode(&picture.to_rgb8(), SMALLER_QUALITY);
    smaller(&DynamicImage::ImageRgb8(full), limit, false, jpeg)
        .map(|encoded| (encoded, Format::Jpeg))
}

/// Encodes at falling size until it fits, beginning with the full one where that was not tried.
fn smaller(
    full: &DynamicImage,
    limit: usize,
    from_full: bool,
    encode: impl Fn(&DynamicImage) -> Result<Vec<u8>, String>,
) -> Result<Vec<u8>, String> {
    if from_full {
        let encoded = encode(full)?;
        if encoded.len() <= limit {
            return Ok(encoded);
        }
    }
    let (mut width, mut height) = (full.width(), full.height());
    while width > 64 && height > 64 {
        (width, height) = (width / 5 * 4, height / 5 * 4);
        let encoded = encode(&full.resize(width, height, FilterType::Triangle))?;
        if encoded.len() <= limit {
            return Ok(encoded);
        }
    }
    Err("it could not be made small enough".into())
}

/// Whether anything shines through: many pictures only could.
fn is_transparent(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.pixels().any(|(_, _, pixel)| pixel.0[3] < u8::MAX)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, String> {
    let mut encoded = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut encoded, image::ImageFormat::Png)
        .map_err(|error| error.to_string())?;
    Ok(encoded.into_inner())
}

/// A picture of at most 56×84 pixels as a `data:` URL with a JPEG; `None` where `bytes` are no picture that can be
/// decoded within limits. Costs some milliseconds for a poster of usual size.
pub fn thumbnail(bytes: &[u8]) -> Option<String> {
    let format = Format::of(bytes)?;
    let picture = without_transparency(decode(bytes, format, THUMBNAIL_PIXELS).ok()?);
    let picture = DynamicImage::ImageRgb8(picture);
    let (width, height) = THUMBNAIL;
    let small = if picture.width() > width || picture.height() > height {
        picture.thumbnail(width, height)
    } else {
        picture
    };
    let encoded = encode(&small.into_rgb8(), 75).ok()?;
    Some(format!(
        "data:image/jpeg;base64,{}",
        STANDARD.encode(encoded)
    ))
}

fn decode(bytes: &[u8], format: Format, most_pixels: u64) -> Result<DynamicImage, String> {
    let (width, height) = inspect::reader(bytes, format)
        .into_dimensions()
        .map_err(|error| error.to_string())?;
    if !inspect::is_bearable(width, height, most_pixels) {
        return Err(format!("{width}×{height} pixels are too many"));
    }
    inspect::reader(bytes, format)
        .decode()
        .map_err(|error| error.to_string())
}

/// JPEG knows no transparency: what shines through is shown on black, as Plex's own apps do.
fn without_transparency(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let on_black = |channel: u8| {
            u8::try_from(u16::from(channel) * u16::from(alpha) / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([on_black(red), on_black(green), on_black(blue)])
    })
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, String> {
    let mut encoded = Vec::new();
    JpegEncoder::new_with_quality(&mut encoded, quality)
        .encode_image(picture)
        .map_err(|error| error.to_string())?;
    Ok(encoded)
}
