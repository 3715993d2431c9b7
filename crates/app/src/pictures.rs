//! Pictures that people file: opened with bounds, and drawn anew small. What a camera writes beside the pixels (place, time, device) does
//! not come along.

use crate::{Problem, problem::invalid};
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};
use std::io::Cursor;

/// The longest side of a picture that is opened, in pixels, and what opening it may take, in bytes.
const SIDE_MAX: u32 = 12_000;
const MEMORY_MAX: u64 = 512 * 1024 * 1024;
const QUALITY: u8 = 85;
/// The longest side of a thumbnail, in pixels: four times what a list shows, for screens with fine dots.
const THUMBNAIL: u32 = 160;

/// A thumbnail, JPEG; none of what is no picture, or cannot be opened as one.
pub fn thumbnail(bytes: &[u8]) -> Option<Vec<u8>> {
    let picture = open(bytes).ok()?;
    jpeg(&picture.thumbnail(THUMBNAIL, THUMBNAIL)).ok()
}

/// Writes a picture as JPEG.
pub(crate) fn jpeg(picture: &DynamicImage) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, QUALITY);
    picture.to_rgb8().write_with_encoder(encoder).map_err(|error| Problem::said("internal", &error))?;
    Ok(out)
}

/// Opens a PNG or JPEG the right way up.
pub(crate) fn open(bytes: &[u8]) -> Result<DynamicImage, Problem> {
    let broken = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => Problem::new("picture_too_large", None),
        other => Problem::said("not_a_picture", &other),
    };
    let format = image::guess_format(bytes).map_err(broken)?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(Problem::new("not_a_picture", None));
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) =
        (Some(SIDE_MAX), Some(SIDE_MAX), Some(MEMORY_MAX));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let turned = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if picture.width() == 0 || picture.height() == 0 {
        return Err(invalid("photo"));
    }
    picture.apply_orientation(turned);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_the_shape_and_is_small() {
        let mut png = Vec::new();
        DynamicImage::new_rgba8(3000, 1500).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let small = thumbnail(&png).unwrap();
        let opened = image::load_from_memory(&small).unwrap();
        assert_eq!((opened.width(), opened.height()), (THUMBNAIL, THUMBNAIL / 2));
        assert!(small.len() < 8_000);
    }

    #[test]
    fn what_is_no_picture_has_none() {
        for bytes in [&b""[..], b"%PDF-1.7", b"\x89PNG\r\n\x1a\nbroken"] {
            assert_eq!(thumbnail(bytes), None);
        }
    }
}
