//! What the program writes to people outside of its window: the one place with sentences, in the language of the person's settings.
//!
//! A message names what the code is for and which device asked for it, so that nobody gives on a code that they did not ask for. It
//! holds no link, and nothing of a record.

use crate::{Problem, Session, names, settings, views::Nothing};
use model::OtpPurpose;
use std::sync::Arc;

/// A message; its subject is for mail alone.
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

/// The message with a code that is good for so many minutes.
pub(crate) fn code(session: &Arc<Session>, purpose: OtpPurpose, code: &str, minutes: u64) -> Result<Letter, Problem> {
    let (device, grouped) = (device_name(session)?, format!("{} {}", &code[..4], &code[4..]));
    Ok(match in_french(session)? {
        true => {
            let what = match purpose {
                OtpPurpose::Registration => "confirmer cette adresse ou ce numéro",
                OtpPurpose::PasswordReset => "retrouver l’accès à votre dossier",
                OtpPurpose::Deletion => "supprimer votre compte",
            };
            Letter {
                subject: "Votre code Aidpost".to_owned(),
                body: format!(
                    "{grouped} est votre code Aidpost pour {what}. Il est valable {minutes} minutes, une seule fois. \
                     Il a été demandé sur l’appareil {device}. Si ce n’est pas le vôtre, ne donnez ce code à personne et \
                     prévenez votre cabinet."
                ),
            }
        }
        false => {
            let what = match purpose {
                OtpPurpose::Registration => "confirm this address or number",
                OtpPurpose::PasswordReset => "get back into your record",
                OtpPurpose::Deletion => "delete your account",
            };
            Letter {
                subject: "Your Aidpost code".to_owned(),
                body: format!(
                    "{grouped} is your Aidpost code to {what}. It is good for {minutes} minutes and once. \
                     It was asked for on the device {device}. If that is not yours, give this code to nobody and tell your clinic."
                ),
            }
        }
    })
}

/// The message that only shows that messages arrive.
pub(crate) fn test(session: &Arc<Session>) -> Result<Letter, Problem> {
    let device = device_name(session)?;
    Ok(match in_french(session)? {
        true => Letter {
            subject: "Message d’essai d’Aidpost".to_owned(),
            body: format!("Les messages d’Aidpost arrivent. Cet essai a été demandé sur l’appareil {device}."),
        },
        false => Letter {
            subject: "A test message of Aidpost".to_owned(),
            body: format!("Messages of Aidpost arrive. This test was asked for on the device {device}."),
        },
    })
}

/// The page that the browser shows when it comes back from a provider: what came of it is told in the window.
pub(crate) fn returned(session: &Arc<Session>) -> Result<String, Problem> {
    Ok(returned_page(in_french(session)?))
}

/// The same for somebody who has no settings yet.
pub(crate) fn returned_page(french: bool) -> String {
    let (language, words) = match french {
        true => ("fr", "Revenez à Aidpost. Vous pouvez fermer cette page."),
        false => ("en", "Go back to Aidpost. You can close this page."),
    };
    format!(
        "<!doctype html><html lang=\"{language}\"><meta charset=\"utf-8\"><title>Aidpost</title><h1>Aidpost</h1><p>{words}</p></html>"
    )
}

/// The last eight characters of the device's id, the random ones: short enough to be compared by eye.
pub(crate) fn device_name(session: &Session) -> Result<String, Problem> {
    Ok(names::of_device(session.device()?))
}

fn in_french(session: &Arc<Session>) -> Result<bool, Problem> {
    Ok(settings::get(session, Nothing {})?.language == "fr")
}
