//! The picture of a patient. It is kept small and square, and drawn anew from its pixels: what a camera writes beside them (place,
//! time, device) does not come along.

use crate::{
    Problem, Session, patients,
    problem::{invalid, not_found},
    session::fields,
    views::{BannerView, OfPatient},
};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder, imageops::FilterType,
};
use model::Patient;
use serde_json::{Value, json};
use std::{io::Cursor, sync::Arc};

/// The largest file that is looked at, in bytes.
const FILE_MAX: usize = 20 * 1024 * 1024;
/// The longest side of a picture that is opened, in pixels, and what opening it may take, in bytes.
const SIDE_MAX: u32 = 12_000;
const MEMORY_MAX: u64 = 512 * 1024 * 1024;
/// Width and height of what is kept: four times what the banner shows, for screens with fine dots.
const SIDE: u32 = 256;
const QUALITY: u8 = 85;

/// Puts a picture on the front page, in place of the one that is there.
pub fn set(session: &Arc<Session>, ask: OfPatient, bytes: Vec<u8>) -> Result<BannerView, Problem> {
    session.need::<Patient>(ask.patient)?;
    let small = small_square(&bytes)?;
    session.write(|w| {
        let photo = w.keep_file(ask.patient, &mut small.as_slice(), small.len() as u64, FILE_MAX as u64)?;
        w.put::<Patient>(ask.patient, ask.patient, &fields(json!({ "photo": photo })))
    })?;
    patients::banner(session, ask)
}

/// Takes the picture off the front page.
pub fn remove(session: &Arc<Session>, ask: OfPatient) -> Result<BannerView, Problem> {
    patients::put(session, ask.patient, &[("photo".to_owned(), Value::Null)].into_iter().collect())
}

/// The picture, JPEG.
pub fn read(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<u8>, Problem> {
    let photo = session.need::<Patient>(ask.patient)?.value.photo.ok_or_else(not_found)?;
    let mut bytes = Vec::new();
    session.vault.read_file(&photo, &mut bytes)?;
    Ok(bytes)
}

fn small_square(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    if bytes.len() > FILE_MAX {
        return Err(Problem::new("picture_too_large", format!("{} bytes", bytes.len())));
    }
    let picture = open(bytes)?;
    let side = picture.width().min(picture.height());
    // The upper third is kept of a picture that stands upright: that is where a face is.
    let (x, y) = ((picture.width() - side) / 2, (picture.height() - side) / 3);
    let square = picture.crop_imm(x, y, side, side).resize_exact(SIDE, SIDE, FilterType::Triangle).into_rgb8();
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, QUALITY);
    square.write_with_encoder(encoder).map_err(|error| Problem::said("internal", &error))?;
    Ok(out)
}

/// Opens it the right way up.
fn open(bytes: &[u8]) -> Result<DynamicImage, Problem> {
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

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut out = Vec::new();
        DynamicImage::new_rgba8(width, height).write_to(&mut Cursor::new(&mut out), ImageFormat::Png).unwrap();
        out
    }

    #[test]
    fn any_shape_becomes_a_small_square() {
        for (width, height) in [(1, 1), (3000, 200), (200, 3000), (256, 256)] {
            let small = image::load_from_memory(&small_square(&png(width, height)).unwrap()).unwrap();
            assert_eq!((small.width(), small.height()), (SIDE, SIDE));
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bytes in [&b""[..], b"%PDF-1.7", &png(4, 4)[..20]] {
            assert_eq!(small_square(bytes).unwrap_err().code, "not_a_picture");
        }
    }

    #[test]
    fn a_picture_that_says_it_is_huge_is_not_opened() {
        let mut huge = png(1, 1);
        huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        // The header's checksum is wrong now as well; either way nothing is allocated for it.
        assert!(small_square(&huge).is_err());
    }
}
