//! QR codes: drawn for a screen or a printer, and read from a picture.

mod picture;

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use qrcode::{Color, EcLevel, QrCode, render::svg};

pub use picture::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, read_picture};

use crate::error::{Error, Result};
use crate::link::{Link, looks_like_link};

/// The white border, in modules (ISO/IEC 18004: four).
const QUIET_ZONE: usize = 4;
/// The largest scale of a PNG, in pixels per module.
const SCALE_MAX: u32 = 32;

/// The text as a QR code in SVG, error correction level M, with its white border. For a screen, and for print at any size.
///
/// # Errors
/// [`Error::CodeTooLong`].
pub fn svg(text: &str) -> Result<String> {
    Ok(code(text, EcLevel::M)?.render::<svg::Color>().quiet_zone(true).module_dimensions(8, 8).build())
}

/// The text as a QR code in a black and white PNG, error correction level M, with its white border; `scale` is in pixels per
/// module, 1 to 32.
///
/// # Errors
/// [`Error::CodeTooLong`].
pub fn png(text: &str, scale: u32) -> Result<Vec<u8>> {
    Ok(drawn(&code(text, EcLevel::M)?, scale))
}

/// The text as [`png`] draws it, with error correction level L: for a screen, where nothing is torn or stained and larger modules are
/// worth more than repair.
///
/// # Errors
/// [`Error::CodeTooLong`].
pub fn screen_png(text: &str, scale: u32) -> Result<Vec<u8>> {
    Ok(drawn(&code(text, EcLevel::L)?, scale))
}

fn drawn(code: &QrCode, scale: u32) -> Vec<u8> {
    let (side, pixels) = pixels(code, scale.clamp(1, SCALE_MAX) as usize);
    let mut out = Vec::new();
    PngEncoder::new(&mut out)
        .write_image(&pixels, side, side, ExtendedColorType::L8)
        .expect("the buffer has the size it claims and memory can be written");
    out
}

fn code(text: &str, level: EcLevel) -> Result<QrCode> {
    QrCode::with_error_correction_level(text, level).map_err(|_| Error::CodeTooLong)
}

/// The code in grey values, with the length of its side.
fn pixels(code: &QrCode, scale: usize) -> (u32, Vec<u8>) {
    let modules = code.width();
    let side = (modules + 2 * QUIET_ZONE) * scale;
    let mut grey = vec![u8::MAX; side * side];
    for (i, _) in code.to_colors().iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        let (left, top) = ((i % modules + QUIET_ZONE) * scale, (i / modules + QUIET_ZONE) * scale);
        for y in top..top + scale {
            grey[y * side + left..][..scale].fill(0);
        }
    }
    (u32::try_from(side).expect("185 modules of 32 pixels fit into 32 bits"), grey)
}

/// The one SMART Health Link in a picture.
///
/// # Errors
/// Those of [`read_picture`]; [`Error::TwoCodes`] with more than one link, or several codes and no link; [`Error::ForeignCode`],
/// [`Error::HealthCard`]; those of [`Link::parse`].
pub fn read_link(picture: &[u8]) -> Result<Link> {
    let texts = read_picture(picture)?;
    let links: Vec<&String> = texts.iter().filter(|text| looks_like_link(text)).collect();
    match (&links[..], &texts[..]) {
        ([one], _) => Link::parse(one),
        ([], [one]) => Err(foreign(one)),
        ([], _) => Err(Error::TwoCodes(texts.len())),
        (several, _) => Err(Error::TwoCodes(several.len())),
    }
}

fn foreign(text: &str) -> Error {
    match crate::card::part(text) {
        Some(Ok(card)) => card.as_error(),
        Some(Err(damaged)) => damaged,
        None => Error::ForeignCode,
    }
}
