//! From screen to camera, without any network: a receiver shows one still code with a key made for this once, a sender shows an
//! endless series of codes sealed to it. It is no SMART Health Link and does not use its scheme.
//!
//! ```text
//! content -> DEFLATE -> HPKE to the receiver's key -> CBOR byte string -> BC-UR fountain frames `UR:BYTES/7-42/…`
//! ```
//!
//! The frames are Blockchain Commons' Uniform Resources (BCR-2020-005; multipart by BCR-2024-001), so that any decoder of those can
//! put the sealed message together; what it says needs the key.
//!
//! ```
//! use share::transfer::{Receiver, ReceiverCode, Sender};
//!
//! # fn main() -> Result<(), share::Error> {
//! let mut receiver = Receiver::make()?;
//! let mut sender = Sender::new(&ReceiverCode::parse(&receiver.code().text())?, b"{\"resourceType\":\"Bundle\"}")?;
//! let content = loop {
//!     if let Some(content) = receiver.take(&sender.next_frame())?.content {
//!         break content;
//!     }
//! };
//! assert_eq!(content, b"{\"resourceType\":\"Bundle\"}");
//! # Ok(())
//! # }
//! ```

mod frames;
mod receive;
mod send;

pub use frames::{FRAME_TEXT_MAX, Gathered, Joiner, PARTS_MAX};
pub use receive::{Receiver, Taken};
pub use send::{FRAGMENT_BYTES, ReceiverCode, Sender};

/// The longest sealed message that is shown or taken, in bytes: about two minutes of looking.
pub const SEALED_MAX: usize = 100_000;
/// The most bytes that a message may unpack to.
pub const CONTENT_MAX: usize = 8 * 1024 * 1024;
