//! Pictures on disk in, bytes for Plex out.

use std::io::Cursor;

use base64::Engine as _;

use ::image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// A picture that does not compress: each pixel by a generator with a fixed seed.
fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 1_u64;
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |_, _| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let [_, _, _, _, red, green, blue, _] = state.to_le_bytes();
        Rgb([red, green, blue])
    }))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn prepare_bytes(bytes: &[u8]) -> Result<Prepared, ImageError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("poster.jpg");
    std::fs::write(&path, bytes).unwrap();
    prepare(&path)
}

#[test]
fn a_picture_under_the_limit_goes_as_it_is() {
    let picture = noise(20, 30);
    for (format, mime) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let bytes = encoded(&picture, format);
        let prepared = prepare_bytes(&bytes).unwrap();
        assert_eq!(prepared.bytes, bytes);
        assert_eq!(prepared.mime, mime, "by signature, not by name");
        assert_eq!(prepared.sha1, hex(&Sha1::digest(&bytes)));
    }
    assert_eq!(
        hex(&Sha1::digest(b"abc")),
        "a9993e364706816aba3e25717850c26c9cd0d89d"
    );
}

#[test]
fn what_is_appended_to_a_picture_is_no_fault() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let mut bytes = encoded(&noise(20, 30), format);
        bytes.extend_from_slice(b"trailing data of a phone");
        assert!(prepare_bytes(&bytes).is_ok(), "{format:?}");
    }
}

#[test]
fn a_picture_over_the_limit_shrinks_the_same_way_each_time() {
    let bytes = encoded(&noise(2_000, 2_000), ImageFormat::Png);
    assert!(bytes.len() > PLEX_LIMIT);
    let prepared = prepare_bytes(&bytes).unwrap();
    assert!(prepared.bytes.len() <= PLEX_LIMIT);
    assert_eq!(prepared.mime, "image/jpeg");
    assert_eq!(prepared, prepare_bytes(&bytes).unwrap());
    let decoded = ::image::load_from_memory(&prepared.bytes).unwrap();
    assert_eq!(
        decoded.dimensions(),
        (2_000, 2_000),
        "quality falls before size"
    );
}

#[test]
fn size_falls_where_quality_is_not_enough_and_keeps_the_shape() {
    let bytes = encoded(&noise(300, 450), ImageFormat::Png);
    let (smaller, format) = resize::shrink(&bytes, inspect::Format::Png, 20_000).unwrap();
    assert_eq!(format, inspect::Format::Jpeg);
    assert!(smaller.len() <= 20_000);
    let (width, height) = ::image::load_from_memory(&smaller).unwrap().dimensions();
    assert!(
        width < 300 && (f64::from(height) / f64::from(width) - 1.5).abs() < 0.05,
        "{width}×{height}"
    );
    assert!(resize::shrink(&bytes, inspect::Format::Png, 10).is_err());
}

#[test]
fn what_shines_through_stays_so_where_it_shrinks_and_is_black_in_a_thumbnail() {
    let opaque = noise(300, 200).into_rgb8();
    let picture = |alpha: fn(u32) -> u8| {
        let picture = RgbaImage::from_fn(300, 200, |x, y| {
            let [red, green, blue] = opaque.get_pixel(x, y).0;
            Rgba([red, green, blue, alpha(x)])
        });
        DynamicImage::ImageRgba8(picture)
    };
    let logo = picture(|x| if x < 150 { 0 } else { 255 });
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let bytes = encoded(&logo, format);
        let known = inspect::Format::of(&bytes).unwrap();
        let (smaller, shrunk) = resize::shrink(&bytes, known, 60_000).unwrap();
        assert_eq!(shrunk, inspect::Format::Png);
        assert!(smaller.len() <= 60_000);
        let decoded = ::image::load_from_memory(&smaller).unwrap();
        let width = decoded.width();
        assert!(width < 300);
        assert_eq!(decoded.get_pixel(4, 4).0[3], 0);
        assert_eq!(decoded.get_pixel(width - 4, 4).0[3], 255);
    }
    let bytes = encoded(&picture(|_| 255), ImageFormat::Png);
    let (_, shrunk) = resize::shrink(&bytes, inspect::Format::Png, 60_000).unwrap();
    assert_eq!(
        shrunk,
        inspect::Format::Jpeg,
        "what could shine through, but does not"
    );

    let white = RgbaImage::from_fn(40, 40, |x, _| {
        Rgba([200, 200, 200, if x < 20 { 0 } else { 255 }])
    });
    let thumbnail =
        thumbnail(&encoded(&DynamicImage::ImageRgba8(white), ImageFormat::Png)).unwrap();
    let jpeg = base64::engine::general_purpose::STANDARD
        .decode(thumbnail.split_once(',').unwrap().1)
        .unwrap();
    let decoded = ::image::load_from_memory(&jpeg).unwrap().into_rgb8();
    assert!(decoded.get_pixel(4, 4).0[0] < 10);
    assert!(decoded.get_pixel(36, 4).0[0] > 190);
}

/// A PNG's first chunk that promises more than there is.
fn png_promising(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encoded(&noise(1, 1), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let checksum = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn each_fault_has_its_own_sentence() {
    let jpeg = encoded(&noise(200, 300), ImageFormat::Jpeg);
    let png = encoded(&noise(20, 30), ImageFormat::Png);
    let webp = encoded(&noise(20, 30), ImageFormat::WebP);
    // A picture within the picture, as cameras put it before the scan: its end is not the picture's.
    let mut within = vec![
        0xFF, 0xD8, 0xFF, 0xE1, 0, 8, 0xFF, 0xD8, 0xFF, 0xDA, 0xFF, 0xD9,
    ];
    within.extend_from_slice(&jpeg[2..jpeg.len() / 2]);
    let cases: &[(&str, Vec<u8>, &str)] = &[
        ("empty", vec![], "it is empty"),
        (
            "text",
            b"<html>404</html>".to_vec(),
            "neither JPEG nor PNG nor WebP",
        ),
        (
            "GIF",
            b"GIF89a\x01\x00\x01\x00".to_vec(),
            "neither JPEG nor PNG nor WebP",
        ),
        ("half a JPEG", jpeg[..jpeg.len() / 2].to_vec(), "is cut off"),
        ("half a JPEG with a picture within", within, "is cut off"),
        ("half a PNG", png[..png.len() / 2].to_vec(), "is cut off"),
        ("half a WebP", webp[..webp.len() / 2].to_vec(), "is cut off"),
        (
            "a bomb of width",
            png_promising(60_000, 60_000),
            "has 60000×60000 pixels",
        ),
        (
            "a bomb of area",
            png_promising(19_000, 19_000),
            "has 19000×19000 pixels",
        ),
        (
            "no width",
            png_promising(0, 10),
            "not a picture that Plex takes",
        ),
    ];
    for (name, bytes, said) in cases {
        let error = prepare_bytes(bytes).unwrap_err();
        let sentence = error.to_string();
        assert!(
            sentence.contains("poster.jpg") && sentence.contains(said),
            "{name}: {sentence}"
        );
        assert!(!error.is_temporary(), "{name}");
    }
}

#[test]
fn files_that_are_no_pictures_of_any_size_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let missing = prepare(&folder.path().join("missing.jpg")).unwrap_err();
    assert!(missing.to_string().contains("could not be read") && !missing.is_temporary());
    let of_folder = prepare(folder.path()).unwrap_err();
    assert!(of_folder.to_string().contains("it is not a file"));
    let huge = folder.path().join("huge.jpg");
    std::fs::File::create(&huge)
        .unwrap()
        .set_len(FILE_LIMIT + 1)
        .unwrap();
    assert!(matches!(
        prepare(&huge),
        Err(ImageError::FileTooLarge { .. })
    ));
}

#[test]
fn a_thumbnail_is_small_and_keeps_the_shape() {
    for ((width, height), expected) in [
        ((400, 600), (56, 84)),
        ((600, 400), (56, 37)),
        ((20, 30), (20, 30)),
    ] {
        let url = thumbnail(&encoded(&noise(width, height), ImageFormat::Jpeg)).unwrap();
        let data = url.strip_prefix("data:image/jpeg;base64,").unwrap();
        let data = base64::engine::general_purpose::STANDARD
            .decode(data)
            .unwrap();
        assert_eq!(
            ::image::load_from_memory(&data).unwrap().dimensions(),
            expected
        );
    }
    assert_eq!(thumbnail(b"no picture"), None);
    assert_eq!(thumbnail(&png_promising(60_000, 60_000)), None);
    let jpeg = encoded(&noise(200, 300), ImageFormat::Jpeg);
    assert_eq!(thumbnail(&jpeg[..20]), None);
}

proptest::proptest! {
    #[test]
    fn no_bytes_bring_it_down(mut bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), kind in 0..3_usize) {
        let head: &[u8] = [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBPVP8 "][kind];
        bytes.splice(0..0, head.iter().copied());
        let _ = inspect::check(Path::new("x"), &bytes);
        let _ = thumbnail(&bytes);
    }
}
