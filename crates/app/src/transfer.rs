//! Records from screen to camera, without a network: a code here, an endless series of codes there. What is under way lives in memory
//! alone, and what arrives waits for a person as an opened link does.

mod receiving;
mod sending;

use crate::{Problem, problem::not_found};
use base64::{Engine, engine::general_purpose::STANDARD};
pub use receiving::{forget, receive, take, take_picture};
pub use sending::{frames, read_receiver, send, stop};
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// What is under way: at most one transfer in, and one out. A new one takes the place of the one before.
#[derive(Default)]
pub struct Transfers {
    incoming: Place<receiving::Incoming>,
    outgoing: Place<share::transfer::Sender>,
}

/// Room for one thing with a name.
struct Place<T>(Mutex<Option<(Uuid, T)>>);

impl<T> Default for Place<T> {
    fn default() -> Self {
        Place(Mutex::new(None))
    }
}

impl<T> Place<T> {
    fn put(&self, ticket: Uuid, one: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((ticket, one));
    }

    fn with<R>(&self, ticket: Uuid, work: impl FnOnce(&mut T) -> Result<R, Problem>) -> Result<R, Problem> {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((id, one)) if *id == ticket => work(one),
            _ => Err(not_found()),
        }
    }

    fn drop(&self, ticket: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take_if(|(id, _)| *id == ticket);
    }
}

/// A text as a QR code for the screen.
fn picture(text: &str, scale: u32) -> Result<String, Problem> {
    Ok(STANDARD.encode(share::qr::screen_png(text, scale)?))
}
