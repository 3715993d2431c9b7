//! Text messages through Twilio: one form posted to its Messages resource, with basic authentication (Twilio Programmable Messaging,
//! API of 2010-04-01).

use crate::Problem;
use serde::Deserialize;
use std::time::Duration;

/// The gateway.
pub(crate) const TWILIO: &str = "https://api.twilio.com";
/// A gateway that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// An answer is a few hundred bytes; a longer one is not read.
const ANSWER_MAX: usize = 64 * 1024;

/// An account at the gateway.
pub(crate) struct Account {
    /// Account SID.
    pub(crate) account: String,
    /// Auth token.
    pub(crate) token: String,
    /// Number in E.164, or a sender name.
    pub(crate) from: String,
}

/// What the gateway says when it refuses.
#[derive(Deserialize)]
struct Refusal {
    code: Option<u32>,
    message: Option<String>,
}

/// Hands one message to the gateway at `base`.
///
/// # Errors
/// `sms.…`: what the gateway or the way to it refused, its own words as the detail.
pub(crate) async fn send(base: &str, account: &Account, to: &str, body: &str) -> Result<(), Problem> {
    let unreachable = |error: reqwest::Error| Problem::said("sms.unreachable", &error.without_url()).passing();
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .https_only(base == TWILIO)
        .build()
        .map_err(|error| Problem::said("no_tls", &error))?;
    let address = format!("{base}/2010-04-01/Accounts/{}/Messages.json", account.account);
    let form = [("To", to), ("From", account.from.as_str()), ("Body", body)];
    let asked = client.post(address).basic_auth(&account.account, Some(&account.token)).form(&form);
    let mut answer = asked.send().await.map_err(unreachable)?;
    if answer.status().is_success() {
        return Ok(());
    }
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_MAX {
            break;
        }
    }
    Err(said(status, serde_json::from_slice(&bytes).ok()))
}

/// By status, and for what is about the number by Twilio's own codes: 21211 is no number, 21408 a country that is switched off, 21608
/// a number that a trial account may not write to, 21610 one that refused, 21614 one that takes no messages.
fn said(status: u16, refusal: Option<Refusal>) -> Problem {
    let number = refusal.as_ref().and_then(|refusal| refusal.code);
    let (code, passing) = match (status, number) {
        (401 | 403, _) => ("sms.login", false),
        (_, Some(21211 | 21408 | 21608 | 21610 | 21614)) => ("sms.recipient", false),
        (429 | 500..=599, _) => ("sms.busy", true),
        _ => ("sms.refused", false),
    };
    let words = refusal.and_then(|refusal| refusal.message).unwrap_or_default();
    let words: String = words.chars().filter(|letter| !letter.is_control()).take(300).collect();
    let problem = Problem::new(code, format!("{status} {} {words}", number.unwrap_or_default()).trim().to_owned());
    if passing { problem.passing() } else { problem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        body::Bytes,
        http::{HeaderMap, StatusCode, Uri},
    };
    use std::sync::{Arc, Mutex};

    type Heard = Arc<Mutex<Vec<(String, String, String)>>>;

    /// A gateway of Twilio's protocol: it looks at the request by itself and answers what it was told.
    async fn gateway(status: u16, answer: &'static str) -> (String, Heard) {
        drop(rustls::crypto::ring::default_provider().install_default());
        let heard = Heard::default();
        let log = heard.clone();
        let app = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
            assert_eq!(header("content-type"), "application/x-www-form-urlencoded");
            let form = String::from_utf8(body.to_vec()).unwrap();
            log.lock().unwrap().push((uri.path().to_owned(), header("authorization"), form));
            async move { (StatusCode::from_u16(status).unwrap(), answer) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (base, heard)
    }

    fn account() -> Account {
        Account { account: "AC123".to_owned(), token: "s3cret".to_owned(), from: "+15017122661".to_owned() }
    }

    #[tokio::test]
    async fn a_message_is_posted_as_twilio_documents_it() {
        let (base, heard) = gateway(201, r#"{"sid":"SM1","status":"queued"}"#).await;
        send(&base, &account(), "+447700900142", "1234 5678 é & more").await.unwrap();
        let heard = heard.lock().unwrap().clone();
        let form = "To=%2B447700900142&From=%2B15017122661&Body=1234+5678+%C3%A9+%26+more";
        // base64 of "AC123:s3cret"
        let expected = ("/2010-04-01/Accounts/AC123/Messages.json", "Basic QUMxMjM6czNjcmV0", form);
        assert_eq!(heard.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect::<Vec<_>>(), [expected]);
    }

    #[tokio::test]
    async fn refusals_are_named_by_what_they_are_about() {
        let cases = [
            (401, r#"{"code":20003,"message":"Authenticate"}"#, "sms.login", false),
            (400, r#"{"code":21211,"message":"The 'To' number is not valid"}"#, "sms.recipient", false),
            (429, r#"{"code":20429,"message":"Too many requests"}"#, "sms.busy", true),
            (503, "<html>", "sms.busy", true),
            (400, r#"{"code":21606,"message":"The 'From' number is not yours"}"#, "sms.refused", false),
            (302, "", "sms.refused", false),
        ];
        for (status, answer, code, retry) in cases {
            let (base, _) = gateway(status, answer).await;
            let problem = send(&base, &account(), "+447700900142", "x").await.unwrap_err();
            assert_eq!((problem.code.as_str(), problem.retry), (code, retry), "{status} {answer}");
            assert!(!problem.to_string().contains("s3cret"));
        }
        let problem = send("http://127.0.0.1:9", &account(), "+447700900142", "x").await.unwrap_err();
        assert_eq!(problem.code, "sms.unreachable");
        assert!(!problem.to_string().contains("AC123"), "the address holds the account");
    }
}
