//! The browser's part: follows redirects, keeps cookies, fills in the forms for signing in and for consent.

use reqwest::{Client, Method, Response, header, redirect::Policy};
use std::collections::HashMap;
use url::Url;

/// A browser with a history of its own.
pub struct Browser {
    client: Client,
    cookies: HashMap<(String, String), String>,
}

impl Browser {
    pub fn new() -> Browser {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Browser { client, cookies: HashMap::new() }
    }

    /// Goes to an address, signs in under this name where it is asked for, and ends on the program's own page. Gives its address.
    pub async fn sign_in(&mut self, address: &str, login: &str) -> Url {
        let (mut at, mut form) = (Url::parse(address).unwrap(), None);
        for _ in 0..20 {
            let answer = self.go(&at, form.take()).await;
            if let Some(next) = answer.headers().get(header::LOCATION) {
                at = at.join(next.to_str().unwrap()).unwrap();
                continue;
            }
            let (status, page) = (answer.status(), answer.text().await.unwrap());
            if at.path() == "/cb" {
                assert!(status.is_success() && page.contains("Go back to Aidpost"), "{status} {page}");
                return at;
            }
            assert!(status.is_success(), "{at}: {status} {page}");
            let action = between(&page, "action=\"", "\"").expect("a form");
            at = at.join(&action).unwrap();
            let prompt = between(&page, "name=\"prompt\" value=\"", "\"").expect("what the form is for");
            form = Some(vec![("prompt", prompt), ("login", login.to_owned()), ("password", "anything".to_owned())]);
        }
        panic!("it goes round in circles at {at}");
    }

    async fn go(&mut self, at: &Url, form: Option<Vec<(&str, String)>>) -> Response {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let fits = |path: &str| at.path().starts_with(path);
        let cookies = self.cookies.iter().filter(|((_, path), _)| fits(path));
        let cookies: Vec<String> = cookies.map(|((name, _), value)| format!("{name}={value}")).collect();
        let mut asked = self.client.request(method, at.clone()).header(header::COOKIE, cookies.join("; "));
        if let Some(form) = form {
            asked = asked.form(&form);
        }
        let answer = asked.send().await.unwrap();
        for line in answer.headers().get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        answer
    }

    fn keep(&mut self, line: &str) {
        let (pair, rest) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let path = rest.split(';').find_map(|part| part.trim().strip_prefix("path=")).unwrap_or("/");
        let key = (name.to_owned(), path.to_owned());
        match value.is_empty() {
            true => drop(self.cookies.remove(&key)),
            false => drop(self.cookies.insert(key, value.to_owned())),
        }
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found.to_owned())
}
