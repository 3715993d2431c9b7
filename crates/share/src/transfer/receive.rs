//! The receiver's side: a key for this once, and the frames that a camera sees.

use crypto::transfer::TransferKey;
use minicbor::Decoder as Cbor;
use zeroize::Zeroizing;

use super::{CONTENT_MAX, Joiner, ReceiverCode};
use crate::deflate;
use crate::error::{Error, Result};

/// Waits for one message.
pub struct Receiver {
    key: TransferKey,
    joiner: Joiner,
}

/// What became of a frame.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// How much of the message is there, in percent.
    pub percent: u8,
    /// The content, once all is there.
    pub content: Option<Vec<u8>>,
}

impl Receiver {
    /// Makes a key for one message.
    ///
    /// # Errors
    /// [`Error::Randomness`].
    pub fn make() -> Result<Self> {
        Ok(Self { key: TransferKey::make().map_err(|_| Error::Randomness)?, joiner: Joiner::default() })
    }

    /// The code to show.
    #[must_use]
    pub fn code(&self) -> ReceiverCode {
        ReceiverCode(self.key.public())
    }

    /// Takes one frame, in any order and any number of times.
    ///
    /// # Errors
    /// Those of [`Joiner::take`]; [`Error::TransferNotForUs`] for a message that was sealed to another key or altered,
    /// [`Error::TransferDamaged`] for one that is none of ours inside, [`Error::Bomb`]. After each the next message can come.
    pub fn take(&mut self, frame: &str) -> Result<Taken> {
        let gathered = self.joiner.take(frame)?;
        let content = gathered.message.map(|message| self.open(&message)).transpose()?;
        Ok(Taken { percent: gathered.percent, content })
    }

    fn open(&self, message: &[u8]) -> Result<Vec<u8>> {
        let mut cbor = Cbor::new(message);
        let sealed = cbor.bytes().map_err(|_| Error::TransferDamaged)?;
        if cbor.position() != message.len() {
            return Err(Error::TransferDamaged);
        }
        let packed: Zeroizing<Vec<u8>> = self.key.open(sealed).map_err(|_| Error::TransferNotForUs)?;
        deflate::unpack(&packed, CONTENT_MAX, Error::TransferDamaged)
    }
}
