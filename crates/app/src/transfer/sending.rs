//! The sender's side.

use super::picture;
use crate::{
    App, Problem, Session, patients,
    problem::invalid,
    session::off_thread,
    shares::{self, Contents},
    views::*,
};
use model::{AccessLog, AccessOutcome, AccessPlace, Id};
use share::transfer::{ReceiverCode, Sender};
use std::sync::Arc;

/// Pixels for each module of a frame.
const SCALE: u32 = 6;
/// The most frames that are drawn at once.
const FRAMES_MAX: u32 = 30;

/// Reads the code of a receiver.
pub fn read_receiver(_: &Arc<Session>, ask: ReadReceiver) -> Result<ReceiverSeen, Problem> {
    let code = ReceiverCode::parse(&ask.text)?;
    Ok(ReceiverSeen { comparison: code.comparison(), code: code.text() })
}

/// Seals the records for the receiver. From then on they can be seen, so the access log has its entry before the first frame.
pub async fn send(_: &Arc<App>, session: &Arc<Session>, ask: SendByCodes) -> Result<SendingByCodes, Problem> {
    // Nothing leaves a record that does not agree with itself.
    crate::soundness::check(session).await?;
    let this = session.clone();
    off_thread(move || begin(&this, &ask)).await
}

fn begin(session: &Arc<Session>, ask: &SendByCodes) -> Result<SendingByCodes, Problem> {
    shares::may_share(session, ask.patient, &ask.choices, &ask.kinds)?;
    let recipient = patients::required("recipient", &ask.recipient)?;
    if recipient.chars().count() > share::text::SHOWN_MAX {
        return Err(invalid("recipient"));
    }
    let receiver = ReceiverCode::parse(&ask.receiver)?;
    let contents = Contents::chosen(ask.patient, &ask.choices, &ask.kinds);
    let sender = Sender::new(&receiver, &shares::gather(session, &contents, session.now())?)?;
    let shown = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (parts, bytes) = (shown(sender.parts()), shown(sender.sealed_bytes()));
    let ticket = session.vault.new_id(session.clock.now_ms())?;
    let log = entry(session, ask, recipient);
    session.write(|w| {
        let id = w.new_id()?;
        w.append(id, ask.patient, &log)
    })?;
    session.transfers.outgoing.put(ticket, sender);
    Ok(SendingByCodes { ticket, parts, bytes })
}

fn entry(session: &Session, ask: &SendByCodes, recipient: String) -> AccessLog {
    AccessLog {
        share_token_id: None,
        doctor_id: None,
        recipient: Some(recipient),
        patient_id: Id::new(ask.patient),
        accessed_records: ask.choices.clone(),
        accessed_at: session.now(),
        ip_address: None,
        user_agent: None,
        place: AccessPlace::OfflineScan,
        outcome: AccessOutcome::Granted,
        reason: None,
        until: None,
    }
}

/// The next frames; there is no last one.
pub fn frames(session: &Arc<Session>, ask: NextFrames) -> Result<Vec<FrameView>, Problem> {
    if !(1..=FRAMES_MAX).contains(&ask.count) {
        return Err(invalid("count"));
    }
    session.transfers.outgoing.with(ask.ticket, |sender| (0..ask.count).map(|_| next(sender)).collect())
}

fn next(sender: &mut Sender) -> Result<FrameView, Problem> {
    let text = sender.next_frame();
    let number = u32::try_from(sender.given()).unwrap_or(u32::MAX);
    Ok(FrameView { number, picture: picture(&text, SCALE)?, text })
}

/// Ends the showing; what was sealed is gone.
pub fn stop(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    session.transfers.outgoing.drop(ask.id);
    Ok(Nothing {})
}
