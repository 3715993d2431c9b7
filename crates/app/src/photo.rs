//! The picture of a patient. It is kept small and square, and drawn anew from its pixels: what a camera writes beside them (place,
//! time, device) does not come along.

use crate::{
    Problem, Session, patients, pictures,
    problem::not_found,
    session::fields,
    views::{BannerView, OfPatient},
};
use image::imageops::FilterType;
use model::Patient;
use serde_json::{Value, json};
use std::sync::Arc;

/// The largest file that is looked at, in bytes.
const FILE_MAX: usize = 20 * 1024 * 1024;
/// Width and height of what is kept: four times what the banner shows, for screens with fine dots.
const SIDE: u32 = 256;

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
    session.read_file(&photo)
}

fn small_square(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    if bytes.len() > FILE_MAX {
        return Err(Problem::new("picture_too_large", format!("{} bytes", bytes.len())));
    }
    let picture = pictures::open(bytes)?;
    let side = picture.width().min(picture.height());
    // The upper third is kept of a picture that stands upright: that is where a face is.
    let (x, y) = ((picture.width() - side) / 2, (picture.height() - side) / 3);
    pictures::jpeg(&picture.crop_imm(x, y, side, side).resize_exact(SIDE, SIDE, FilterType::Triangle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, ImageFormat};
    use std::io::Cursor;

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
