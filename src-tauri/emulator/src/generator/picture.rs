//! Small pictures, each different: a source's are landscapes in the film's own colours, an agent's are plain stripes.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// How a picture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Jpeg,
    Png,
}

type Colour = [f32; 3];

/// A sky, a sun and three ranges of hills.
pub(super) fn landscape(dice: &mut ChaCha8Rng, size: (u32, u32), format: Format) -> Vec<u8> {
    let hue = dice.random_range(0.0..360.0_f32);
    let top = colour(hue, 0.55, 0.22);
    let bottom = colour(hue + dice.random_range(25.0..70.0), 0.65, 0.72);
    let sun = colour(hue + 180.0, 0.75, 0.78);
    let (sun_x, sun_y) = (
        dice.random_range(0.2..0.8_f32),
        dice.random_range(0.18..0.5_f32),
    );
    let radius = dice.random_range(0.08..0.2_f32);
    let hills: Vec<(f32, f32, f32, Colour)> = (0_u8..3)
        .map(|range| {
            let far = f32::from(range);
            (
                0.55 + far * 0.13,
                dice.random_range(1.5..5.0),
                dice.random_range(0.0..6.2),
                colour(hue + 15.0 * far, 0.5, 0.3 - far * 0.09),
            )
        })
        .collect();
    let ratio = as_f32(size.1) / as_f32(size.0);
    // Where each range begins, worked out once per column: unoptimised builds draw these too.
    let ridges: Vec<Vec<f32>> = hills
        .iter()
        .map(|&(level, waves, phase, _)| {
            let ridge = |x: f32| {
                level
                    + 0.05 * (x * waves * 2.0 + phase).sin()
                    + 0.02 * (x * waves * 7.0 + phase).sin()
            };
            (0..size.0.max(1))
                .map(|x| ridge(as_f32(x) / as_f32(size.0)))
                .collect()
        })
        .collect();
    paint(size, format, |column, x, y| {
        if let Some(range) = ridges.iter().rposition(|ridge| y > ridge[column]) {
            return hills[range].3;
        }
        let sky = mix(top, bottom, y);
        let distance = (x - sun_x).powi(2) + ((y - sun_y) * ratio).powi(2);
        if distance < radius * radius {
            sun
        } else if distance < radius * radius * 3.0 {
            mix(
                sun,
                sky,
                0.55 + 0.225 * (distance / (radius * radius) - 1.0),
            )
        } else {
            sky
        }
    })
}

/// Grey stripes on grey.
pub(super) fn stripes(dice: &mut ChaCha8Rng, size: (u32, u32)) -> Vec<u8> {
    let hue = dice.random_range(0.0..360.0_f32);
    let (first, second) = (
        colour(hue, 0.12, dice.random_range(0.3..0.6)),
        colour(hue, 0.16, 0.2),
    );
    let (count, slope) = (
        dice.random_range(3.0..14.0_f32),
        dice.random_range(-1.0..1.0_f32),
    );
    paint(size, Format::Jpeg, |_, x, y| {
        if ((x + y * slope) * count).rem_euclid(1.0) < 0.5 {
            first
        } else {
            second
        }
    })
}

/// `shade` gets the column's number, and how far right and down a point is, from 0 to 1.
fn paint(size: (u32, u32), format: Format, shade: impl Fn(usize, f32, f32) -> Colour) -> Vec<u8> {
    let (width, height) = (size.0.max(1), size.1.max(1));
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        let down = as_f32(y) / as_f32(height);
        for x in 0..width {
            pixels.extend(shade(x as usize, as_f32(x) / as_f32(width), down).map(byte));
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    match format {
        Format::Jpeg => JpegEncoder::new_with_quality(&mut bytes, 82).write_image(
            &pixels,
            width,
            height,
            ExtendedColorType::Rgb8,
        ),
        Format::Png => {
            PngEncoder::new(&mut bytes).write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        }
    }
    .expect("BUG: a small picture always encodes into memory");
    bytes.into_inner()
}

/// From hue in degrees, saturation and lightness.
fn colour(hue: f32, saturation: f32, lightness: f32) -> Colour {
    let spread = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset: f32| {
        let k = (offset + hue / 30.0).rem_euclid(12.0);
        lightness - spread * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

fn mix(from: Colour, to: Colour, share: f32) -> Colour {
    let share = share.clamp(0.0, 1.0);
    std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * share)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // clamped to a byte's range
fn byte(channel: f32) -> u8 {
    (channel.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[allow(clippy::cast_precision_loss)] // pictures are a few hundred pixels wide
fn as_f32(pixels: u32) -> f32 {
    pixels as f32
}
