//! Finding and reading QR codes in a picture from outside: size bounded before anything is decoded.

use std::io::Cursor;

use image::imageops::{FilterType, fast_blur, resize, rotate90};
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits};
use rqrr::PreparedImage;

use crate::error::{Error, Result};

/// The largest picture file that is looked at, in bytes.
pub const PICTURE_BYTES_MAX: usize = 25_000_000;
/// The largest picture that is decoded, in pixels.
pub const PICTURE_PIXELS_MAX: u64 = 50_000_000;
/// What decoding one picture may allocate: 50 megapixels of four 8-bit channels, and some working room.
const ALLOCATION_MAX: u64 = 4 * PICTURE_PIXELS_MAX + 64 * 1024 * 1024;
/// Sides, in pixels, to which a picture is brought for another look. A phone's photo has more pixels than a code needs, and
/// averaging them takes noise and compression away.
const SIDES: [u32; 3] = [2400, 1200, 600];
/// Pictures smaller than this are also looked at in double size.
const SMALL: u32 = 400;
/// How much a picture is softened for one more look, in pixels: it takes the ringing away that JPEG leaves at edges.
const SOFT: f32 = 1.0;
/// The most codes that are read from one picture.
const CODES_MAX: usize = 16;

/// The texts of all QR codes that can be read in a PNG or JPEG picture, each once, in the order of finding.
///
/// # Errors
/// [`Error::PictureTooLarge`], [`Error::NotAPicture`], [`Error::NoCode`], [`Error::UnreadableCode`].
pub fn read_picture(bytes: &[u8]) -> Result<Vec<String>> {
    let grey = grey(decode(bytes)?);
    let mut looked_like_code = false;
    for view in views(&grey) {
        let found = codes(&view());
        if !found.texts.is_empty() {
            return Ok(found.texts);
        }
        looked_like_code |= found.grids > 0;
    }
    Err(if looked_like_code { Error::UnreadableCode } else { Error::NoCode })
}

fn decode(bytes: &[u8]) -> Result<DynamicImage> {
    if bytes.len() > PICTURE_BYTES_MAX {
        return Err(Error::PictureTooLarge);
    }
    let format = image::guess_format(bytes).map_err(|_| Error::NotAPicture)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(Error::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(ALLOCATION_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|e| refused(&e))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS_MAX {
        return Err(Error::PictureTooLarge);
    }
    DynamicImage::from_decoder(decoder).map_err(|e| refused(&e))
}

fn refused(error: &ImageError) -> Error {
    if matches!(error, ImageError::Limits(_)) { Error::PictureTooLarge } else { Error::NotAPicture }
}

/// Grey values; what is transparent is seen on white.
fn grey(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let mut with_alpha = picture.into_luma_alpha8();
    for pixel in with_alpha.pixels_mut() {
        let [value, alpha] = pixel.0.map(u16::from);
        let on_white = (value * alpha + 255 * (255 - alpha)) / 255;
        pixel.0 = [u8::try_from(on_white).unwrap_or(u8::MAX), u8::MAX];
    }
    DynamicImage::from(with_alpha).into_luma8()
}

type View<'a> = Box<dyn Fn() -> GrayImage + 'a>;

/// The picture in the sizes at which it is looked at, then with light and dark exchanged (codes on a dark screen).
fn views(grey: &GrayImage) -> Vec<View<'_>> {
    let longest = grey.width().max(grey.height());
    let mut views: Vec<View<'_>> = Vec::new();
    if longest <= SIDES[0] {
        views.push(Box::new(|| grey.clone()));
    }
    for side in SIDES.into_iter().filter(move |side| *side < longest) {
        views.push(Box::new(move || scaled(grey, side)));
    }
    if longest < SMALL {
        views.push(Box::new(move || scaled(grey, longest * 2)));
    }
    // Now and then the finder misses a code that it sees from another side, or when it is less sharp.
    views.push(Box::new(move || rotate90(&scaled(grey, longest.min(SIDES[1])))));
    views.push(Box::new(move || fast_blur(&scaled(grey, longest.min(SIDES[1])), SOFT)));
    views.push(Box::new(move || inverted(scaled(grey, longest.min(SIDES[1])))));
    views
}

/// The picture with its longest side brought to `side` pixels.
fn scaled(grey: &GrayImage, side: u32) -> GrayImage {
    let (width, height) = grey.dimensions();
    let longest = u64::from(width.max(height).max(1));
    let to = |length: u32| u32::try_from((u64::from(length) * u64::from(side) / longest).max(1)).unwrap_or(side);
    resize(grey, to(width), to(height), FilterType::Triangle)
}

fn inverted(mut grey: GrayImage) -> GrayImage {
    image::imageops::invert(&mut grey);
    grey
}

struct Found {
    grids: usize,
    texts: Vec<String>,
}

fn codes(grey: &GrayImage) -> Found {
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let pixels = grey.as_raw();
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let grids = prepared.detect_grids();
    let mut texts: Vec<String> = Vec::new();
    for text in grids.iter().take(CODES_MAX).filter_map(|grid| grid.decode().ok().map(|(_, text)| text)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    Found { grids: grids.len(), texts }
}
