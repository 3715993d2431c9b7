//! Frames put together again, in any order, with what hostile ones may cost bounded.

use minicbor::Decoder as Cbor;
use ur::ur::Kind;

use super::SEALED_MAX;
use crate::error::{Error, Result};

/// The longest text of a frame: what the largest QR code carries in letters (ISO/IEC 18004, 40-L).
pub const FRAME_TEXT_MAX: usize = 4_296;
/// The most parts that a message may be in.
pub const PARTS_MAX: usize = 512;
/// The longest message: a sealed one behind the head of a CBOR byte string.
const MESSAGE_MAX: usize = SEALED_MAX + 5;
/// Distinct frames after which a message that is not together yet is given up: three times the parts, and some. Of mixtures alone,
/// BC-UR's fountain codes need twice the parts in the mean (measured at 43 parts: 87 frames, and 151 at the most of 1,400 transfers).
const fn patience(parts: usize) -> usize {
    3 * parts + 64
}
/// Frames of one other message, without one of this between them, after which that one is meant.
const OTHERS: u8 = 3;

/// What all frames of a message say of it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Head {
    parts: usize,
    length: usize,
    checksum: u32,
    fragment: usize,
}

/// How far a message is.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Gathered {
    /// In percent; 100 when it is whole.
    pub percent: u8,
    /// The message, once it is whole.
    pub message: Option<Vec<u8>>,
}

/// Puts the frames of one message together.
#[derive(Default)]
pub struct Joiner {
    head: Option<Head>,
    decoder: ur::Decoder,
    /// Numbers of the frames that were taken.
    seen: std::collections::BTreeSet<u32>,
    other: Option<(Head, u8)>,
}

impl Joiner {
    /// Takes one frame. A message that is whole is given once; the next frame begins anew.
    ///
    /// # Errors
    /// [`Error::NotAFrame`], [`Error::DamagedFrame`]; [`Error::OtherTransfer`] for frames of another message, until three came one
    /// after the other: then that message is gathered; [`Error::TransferDamaged`] where what was gathered does not fit together, after which
    /// it begins anew.
    pub fn take(&mut self, frame: &str) -> Result<Gathered> {
        match read(frame)? {
            // A stray one in the picture does not end what is under way.
            Frame::Whole(message) => Ok(Gathered { percent: 100, message: Some(message) }),
            Frame::Part { number, head } => {
                self.meant(head)?;
                self.add(frame, number, head)
            }
        }
    }

    /// Is this the message that is gathered, or shall it be?
    fn meant(&mut self, head: Head) -> Result<()> {
        match self.head {
            None => self.head = Some(head),
            Some(current) if current == head => self.other = None,
            Some(_) => {
                let times = self.other.filter(|(other, _)| *other == head).map_or(0, |(_, times)| times) + 1;
                if times < OTHERS {
                    self.other = Some((head, times));
                    return Err(Error::OtherTransfer);
                }
                *self = Self { head: Some(head), ..Self::default() };
            }
        }
        Ok(())
    }

    fn add(&mut self, frame: &str, number: u32, head: Head) -> Result<Gathered> {
        if !self.seen.contains(&number) {
            self.decoder.receive(frame.trim()).map_err(|_| Error::DamagedFrame)?;
            self.seen.insert(number);
        }
        if self.decoder.complete() {
            let message = std::mem::take(self).decoder.message().ok().flatten().ok_or(Error::TransferDamaged)?;
            return Ok(Gathered { percent: 100, message: Some(message) });
        }
        if self.seen.len() > patience(head.parts) {
            *self = Self::default();
            return Err(Error::TransferDamaged);
        }
        Ok(Gathered { percent: self.percent(head.parts), message: None })
    }

    /// Parts that are there count fully. Whoever begins to look after the first round sees mixtures alone, which give nothing for
    /// long and then all at once: of those, one and three quarters are expected for each part (the estimate of BC-UR's own decoders).
    fn percent(&self, parts: usize) -> u8 {
        let there = self.decoder.resolved_fragment_count().unwrap_or(0) * 100 / parts;
        let expected = self.seen.len() * 400 / (parts * 7);
        u8::try_from(there.max(expected).min(99)).unwrap_or(99)
    }
}

/// What one frame is.
enum Frame {
    /// A message that fits into one.
    Whole(Vec<u8>),
    Part {
        number: u32,
        head: Head,
    },
}

/// Reads a frame and looks at every number in it before the decoder, which allocates by them, sees it.
fn read(frame: &str) -> Result<Frame> {
    let frame = frame.trim();
    if frame.len() > FRAME_TEXT_MAX || !frame.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("ur:bytes/")) {
        return Err(Error::NotAFrame);
    }
    let (kind, payload) = ur::ur::decode(frame).map_err(|_| Error::DamagedFrame)?;
    match kind {
        Kind::SinglePart => Ok(Frame::Whole(payload)),
        Kind::MultiPart => part(&payload).ok_or(Error::DamagedFrame),
    }
}

fn part(payload: &[u8]) -> Option<Frame> {
    let mut cbor = Cbor::new(payload);
    (cbor.array().ok()? == Some(5)).then_some(())?;
    let number = cbor.u32().ok()?;
    let mut length = || usize::try_from(cbor.u32().ok()?).ok();
    let (parts, length) = (length()?, length()?);
    let checksum = cbor.u32().ok()?;
    let fragment = cbor.bytes().ok()?.len();
    let sound = number > 0
        && (1..=PARTS_MAX).contains(&parts)
        && (1..=MESSAGE_MAX).contains(&length)
        && fragment > 0
        && length.div_ceil(fragment) == parts;
    sound.then_some(Frame::Part { number, head: Head { parts, length, checksum, fragment } })
}
