//! Reads codes from pictures, also before a record is open: a kit on its sheet, an invitation on another screen.

use crate::{App, Problem, problem::invalid, session::off_thread, views::*};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::Arc;

/// No picture is larger, in bytes of its base64 form; what decoding may take is bounded by the reader.
const PICTURE_MAX: usize = 34 * 1024 * 1024;

/// The texts of all codes on a picture. The picture goes nowhere.
pub async fn picture(_: &Arc<App>, ask: ScanPicture) -> Result<Vec<String>, Problem> {
    if ask.picture.len() > PICTURE_MAX {
        return Err(share::Error::PictureTooLarge.into());
    }
    off_thread(move || {
        let bytes = STANDARD.decode(&ask.picture).map_err(|_| invalid("picture"))?;
        Ok(share::qr::read_picture(&bytes)?)
    })
    .await
}
