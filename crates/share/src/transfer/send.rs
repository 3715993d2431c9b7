//! The sender's side: a message sealed to one key, as an endless series of frames.

use crypto::transfer::{OVERHEAD, TransferPublic};
use minicbor::bytes::ByteVec;

use super::{CONTENT_MAX, SEALED_MAX};
use crate::deflate;
use crate::error::{Error, Result};

/// The most bytes of the message in one frame. With its head and check a frame has about 1,050 letters: a QR code of 89 to 97
/// modules, which a camera of a million pixels reads from a screen without effort.
pub const FRAGMENT_BYTES: usize = 500;

/// The code that a receiver shows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReceiverCode(pub(super) TransferPublic);

impl ReceiverCode {
    /// Reads the text of the code.
    ///
    /// # Errors
    /// [`Error::NotAReceiver`] for anything else, [`Error::DamagedReceiver`] where the check does not fit.
    pub fn parse(text: &str) -> Result<Self> {
        if !crypto::transfer::looks_like_code(text) {
            return Err(Error::NotAReceiver);
        }
        TransferPublic::parse(text).map(Self).map_err(|_| Error::DamagedReceiver)
    }

    /// The text of the code.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.code()
    }

    /// Eight characters to compare on both screens.
    #[must_use]
    pub fn comparison(&self) -> String {
        self.0.comparison()
    }
}

/// A message on its way to one receiver.
pub struct Sender {
    frames: ur::Encoder<'static>,
    sealed: usize,
}

impl Sender {
    /// Packs and seals the content.
    ///
    /// # Errors
    /// [`Error::TransferTooLarge`] above [`SEALED_MAX`] packed, or [`CONTENT_MAX`] unpacked; [`Error::Randomness`].
    pub fn new(to: &ReceiverCode, content: &[u8]) -> Result<Self> {
        let packed = deflate::pack(content);
        if content.len() > CONTENT_MAX || packed.len() + OVERHEAD > SEALED_MAX {
            return Err(Error::TransferTooLarge { limit: SEALED_MAX });
        }
        let sealed = to.0.seal(&packed).map_err(|_| Error::Randomness)?;
        // A `bytes` resource is one CBOR byte string (BCR-2020-006).
        let message = minicbor::to_vec(ByteVec::from(sealed)).expect("bytes in memory are always CBOR");
        let frames = ur::Encoder::bytes(&message, FRAGMENT_BYTES).expect("neither the message nor a fragment is empty");
        Ok(Self { frames, sealed: message.len() })
    }

    /// How many frames are needed at the least.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.frames.fragment_count()
    }

    /// The length of the sealed message, in bytes.
    #[must_use]
    pub fn sealed_bytes(&self) -> usize {
        self.sealed
    }

    /// How many frames were given out.
    #[must_use]
    pub fn given(&self) -> usize {
        self.frames.current_index()
    }

    /// The next frame. The first [`Self::parts`] are the message in order; after them come mixtures, each as good as another, without
    /// end. In capitals, which QR codes carry most densely.
    pub fn next_frame(&mut self) -> String {
        self.frames.next_part().expect("numbers and bytes in memory are always CBOR").to_ascii_uppercase()
    }
}
