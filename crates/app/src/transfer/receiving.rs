//! The receiver's side.

use super::picture;
use crate::{Problem, Session, intake, patients, problem::invalid, views::*};
use share::{Error, transfer::Receiver};
use std::sync::Arc;

/// Pixels for each of the 121 modules of the still code.
const SCALE: u32 = 6;
/// The most frames that are taken at once.
const FRAMES_MAX: usize = 2_000;
/// The longest name of a source, in characters.
const SOURCE_MAX: usize = 120;

/// A transfer to this screen.
pub(super) struct Incoming {
    receiver: Receiver,
    /// What is kept with what is filed.
    source: String,
    percent: u8,
}

/// Makes a key for one transfer, and the code to show.
pub fn receive(session: &Arc<Session>, ask: ReceiveByCodes) -> Result<ReceiverView, Problem> {
    let source = patients::required("source", &ask.source)?;
    if source.chars().count() > SOURCE_MAX {
        return Err(invalid("source"));
    }
    let receiver = Receiver::make()?;
    let (code, comparison) = (receiver.code().text(), receiver.code().comparison());
    let ticket = session.vault.new_id(session.clock.now_ms())?;
    session.transfers.incoming.put(ticket, Incoming { receiver, source, percent: 0 });
    Ok(ReceiverView { ticket, picture: picture(&code, SCALE)?, code, comparison })
}

/// Takes frames that were read elsewhere.
pub fn take(session: &Arc<Session>, ask: TakeFrames) -> Result<TakenView, Problem> {
    if ask.frames.is_empty() || ask.frames.len() > FRAMES_MAX {
        return Err(invalid("frames"));
    }
    let (percent, arrived) = session.transfers.incoming.with(ask.ticket, |incoming| incoming.take(&ask.frames))?;
    let Some((source, content)) = arrived else { return Ok(TakenView { percent, intake: None }) };
    let intake = intake::begin(session, &source, "codes.json", None, content)?;
    session.transfers.incoming.drop(ask.ticket);
    Ok(TakenView { percent, intake: Some(intake) })
}

/// Takes the frames in a picture.
pub fn take_picture(session: &Arc<Session>, ask: ById, bytes: Vec<u8>) -> Result<TakenView, Problem> {
    take(session, TakeFrames { ticket: ask.id, frames: share::qr::read_picture(&bytes)? })
}

/// Gives a transfer up; its key is gone.
pub fn forget(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    session.transfers.incoming.drop(ask.id);
    Ok(Nothing {})
}

/// Where something is from, and what it is.
type Arrived = (String, Vec<u8>);

impl Incoming {
    /// A frame that is none, damaged or of another transfer is passed over, and told of where no other came with it. What was gathered
    /// and cannot be opened is told of at once.
    fn take(&mut self, frames: &[String]) -> Result<(u8, Option<Arrived>), Problem> {
        let mut passed_over = None;
        let mut taken = 0;
        for frame in frames {
            match self.receiver.take(frame) {
                Ok(now) => {
                    (self.percent, taken) = (now.percent, taken + 1);
                    if let Some(content) = now.content {
                        return Ok((self.percent, Some((self.source.clone(), content))));
                    }
                }
                Err(error @ (Error::NotAFrame | Error::DamagedFrame | Error::OtherTransfer)) => {
                    passed_over = Some(error);
                }
                Err(error) => {
                    self.percent = 0;
                    return Err(error.into());
                }
            }
        }
        match passed_over {
            Some(error) if taken == 0 => Err(error.into()),
            _ => Ok((self.percent, None)),
        }
    }
}
