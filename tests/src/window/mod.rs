//! Hands for the real window: they press, type and look by the names that a person reads.

pub mod driver;
mod pictures;

use crate::trouble::{Result, Trouble};
use base64::Engine;
use driver::{Driver, Program};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const LOOK: &str = include_str!("look.js");
const STILL: &str = include_str!("still.js");
const REACH: &str = include_str!("reach.js");
/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(60);

/// A wide and a narrow window, in pixels.
pub const WIDE: (u32, u32) = (1440, 900);
/// The narrowest that is promised to work.
pub const NARROW: (u32, u32) = (1024, 768);

/// The application in its own world, open.
pub struct Window {
    hand: Mutex<Hand>,
    home: PathBuf,
    program: Program,
}

/// What drives the window of the process that runs now.
struct Hand {
    client: Client,
    _driver: Driver,
}

/// What is pressed or filled.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A button.
    Button,
    /// A link.
    Link,
    /// A tab.
    Tab,
    /// A field to type into.
    Field,
    /// A tick or a choice.
    Box,
    /// One of an open list.
    Option,
    /// A line of a list.
    Row,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Button => "button",
            Kind::Link => "link",
            Kind::Tab => "tab",
            Kind::Field => "field",
            Kind::Box => "box",
            Kind::Option => "option",
            Kind::Row => "row",
        }
    }
}

impl Hand {
    async fn of(program: &Program) -> Result<Hand> {
        let driver = Driver::of(program).await?;
        let builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.connect(&format!("http://127.0.0.1:{}", driver.port)).await?;
        Ok(Hand { client, _driver: driver })
    }
}

impl Window {
    /// Opens the application with everything it keeps under `home`.
    ///
    /// # Errors
    /// [`Trouble::NoDisplay`], [`Trouble::NotBuilt`], [`Trouble::Driver`], [`Trouble::Session`].
    pub async fn open(home: &Path) -> Result<Window> {
        Window::open_with(home, &[], &[]).await
    }

    /// The same with more in its environment, and words on its command line.
    ///
    /// # Errors
    /// As [`Window::open`].
    pub async fn open_with(home: &Path, more: &[(&str, &Path)], words: &[String]) -> Result<Window> {
        let program = Program::start(home, more, words)?;
        let hand = Mutex::new(Hand::of(&program).await?);
        let window = Window { hand, home: home.to_owned(), program };
        window.resize(WIDE).await?;
        Ok(window)
    }

    fn client(&self) -> Client {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner).client.clone()
    }

    /// The program behind the window.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Locks by the button, and goes on in the window of the process that is there afterwards.
    ///
    /// # Errors
    /// [`Trouble::NotSeen`]; [`Trouble::Driver`] when no new process comes.
    pub async fn lock(&self) -> Result<()> {
        let before = self.program.processes()?;
        let button = self.find(Kind::Button, "Lock").await?;
        // The window goes while it is pressed: whether it did is seen by what comes.
        drop(button.click().await);
        self.comes_back(&before).await
    }

    /// Waits until another process has taken the place of those `before`, and goes on in its window.
    ///
    /// # Errors
    /// [`Trouble::Driver`] when none comes, [`Trouble::Session`].
    pub async fn comes_back(&self, before: &[u32]) -> Result<()> {
        self.program.is_anew(before).await?;
        let hand = Hand::of(&self.program).await?;
        *self.hand.lock().unwrap_or_else(PoisonError::into_inner) = hand;
        self.settle().await
    }

    /// Ends the session and the program.
    ///
    /// # Errors
    /// [`Trouble::Command`]; the program is killed all the same.
    pub async fn end(self) -> Result<()> {
        Ok(self.client().close().await?)
    }

    /// Where the application keeps its vaults.
    pub fn vaults(&self) -> PathBuf {
        self.home.join("vaults")
    }

    /// Makes the window so large, in pixels, and waits until its page is: a press in between would land beside its button.
    ///
    /// # Errors
    /// [`Trouble::Command`]; [`Trouble::NotSeen`] when the page stays as it was.
    pub async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        self.client().set_window_size(width, height).await?;
        let deadline = Instant::now() + PATIENCE;
        while self.run("return [innerWidth, innerHeight]", Vec::new()).await? != json!([width, height]) {
            if Instant::now() > deadline {
                return Err(self.missing(&format!("a page of {width} by {height}")).await);
            }
            tokio::time::sleep(GLANCE).await;
        }
        self.settle().await
    }

    /// Runs a script in the page.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client().execute(script, arguments).await?)
    }

    /// Runs a script that calls its last argument when it is done.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client().execute_async(script, arguments).await?)
    }

    /// Waits until nothing moves and what was decided is drawn.
    async fn settle(&self) -> Result<()> {
        self.client().execute_async(STILL, Vec::new()).await?;
        Ok(())
    }

    /// The words that are to be seen.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn words(&self) -> Result<String> {
        let words = self.run("return document.body.innerText", Vec::new()).await?;
        Ok(words.as_str().unwrap_or_default().to_owned())
    }

    async fn look(&self, kind: Kind, name: &str) -> Result<Option<Element>> {
        let found = self.run(LOOK, vec![json!(kind.word()), json!(name)]).await?;
        let id = found.as_object().and_then(|reference| reference.values().next()).and_then(Value::as_str);
        Ok(id.map(|id| Element::from_element_id(self.client(), id.to_owned().into())))
    }

    async fn find(&self, kind: Kind, name: &str) -> Result<Element> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            self.settle().await?;
            if let Some(element) = self.look(kind, name).await? {
                return Ok(element);
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(self.missing(&format!("the {} “{name}”", kind.word())).await)
    }

    async fn missing(&self, what: &str) -> Trouble {
        let picture = self.picture("failed").await;
        let mut page = self.words().await.unwrap_or_default();
        if let Err(error) = picture {
            page.push_str(&format!("\n(no picture: {error})"));
        }
        Trouble::NotSeen { what: what.to_owned(), page }
    }

    /// Is such a thing there now?
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn has(&self, kind: Kind, name: &str) -> Result<bool> {
        Ok(self.look(kind, name).await?.is_some())
    }

    /// Presses what has this name, once nothing moves and nothing lies over it any more.
    ///
    /// # Errors
    /// [`Trouble::NotSeen`], [`Trouble::Command`].
    pub async fn press(&self, kind: Kind, name: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let element = self.find(kind, name).await?;
            let refused = match self.reach(&element).await {
                Ok(None) => match element.click().await {
                    Ok(()) => return self.settle().await,
                    // It was drawn anew between the look and the press.
                    Err(error) => error.to_string(),
                },
                Ok(Some(reason)) => reason,
                Err(error) => error.to_string(),
            };
            if Instant::now() > deadline {
                return Err(self.missing(&format!("the {} “{name}” to press: {refused}", kind.word())).await);
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Why this cannot be pressed now, if it cannot.
    async fn reach(&self, element: &Element) -> Result<Option<String>> {
        let reason = self.run(REACH, vec![serde_json::to_value(element)?]).await?;
        Ok(reason.as_str().map(str::to_owned))
    }

    /// Presses a button.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub async fn button(&self, name: &str) -> Result<()> {
        self.press(Kind::Button, name).await
    }

    /// Follows a link.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub async fn link(&self, name: &str) -> Result<()> {
        self.press(Kind::Link, name).await
    }

    /// Opens a tab.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub async fn tab(&self, name: &str) -> Result<()> {
        self.press(Kind::Tab, name).await
    }

    /// Ticks a box or takes a choice; their own squares are hidden behind drawn ones, so their labels are pressed.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub async fn tick(&self, name: &str) -> Result<()> {
        let element = self.find(Kind::Box, name).await?;
        self.run("arguments[0].click()", vec![serde_json::to_value(element)?]).await?;
        Ok(())
    }

    /// Takes one of a field's list.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub async fn choose(&self, field: &str, option: &str) -> Result<()> {
        self.press(Kind::Field, field).await?;
        self.press(Kind::Option, option).await
    }

    /// Types into a field, in place of what is there, and sees that it was typed there.
    ///
    /// # Errors
    /// As [`Window::press`].
    pub async fn fill(&self, field: &str, text: &str) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (now, failed) = match self.type_once(field, text).await {
                Ok(now) => (now, None),
                // The field was drawn anew while it was typed into.
                Err(error @ Trouble::Command(_)) => (String::new(), Some(error)),
                Err(error) => return Err(error),
            };
            if failed.is_none() && now == text {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(
                    failed.unwrap_or(self.missing(&format!("“{text}” in the field “{field}”, not “{now}”")).await)
                );
            }
        }
    }

    async fn type_once(&self, field: &str, text: &str) -> Result<String> {
        self.press(Kind::Field, field).await?;
        let element = self.find(Kind::Field, field).await?;
        let place = serde_json::to_value(&element)?;
        self.run("arguments[0].focus(); arguments[0].select()", vec![place.clone()]).await?;
        let delete = char::from(Key::Delete).to_string();
        element.send_keys(if text.is_empty() { &delete } else { text }).await?;
        let now = self.run("return arguments[0].value", vec![place]).await?;
        Ok(now.as_str().unwrap_or_default().to_owned())
    }

    /// Presses keys where the focus is.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn keys(&self, keys: &str) -> Result<()> {
        Ok(self.client().active_element().await?.send_keys(keys).await?)
    }

    /// Chooses a file, as the system's dialog would.
    ///
    /// # Errors
    /// [`Trouble::Command`] when there is no place for a file.
    pub async fn give_file(&self, path: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let places = loop {
            let places = self.client().find_all(Locator::Css("input[type=file]")).await?;
            if !places.is_empty() || Instant::now() > deadline {
                break places;
            }
            tokio::time::sleep(GLANCE).await;
        };
        let Some(place) = places.last() else { return Err(self.missing("a place for a file").await) };
        Ok(place.send_keys(&path.to_string_lossy()).await?)
    }

    /// Waits until the window shows these words.
    ///
    /// # Errors
    /// [`Trouble::NotSeen`].
    pub async fn sees(&self, text: &str) -> Result<()> {
        self.sees_within(text, PATIENCE).await
    }

    /// Waits so long for words.
    ///
    /// # Errors
    /// [`Trouble::NotSeen`].
    pub async fn sees_within(&self, text: &str, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if self.shows(text).await? {
                return Ok(());
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(self.missing(&format!("“{text}”")).await)
    }

    /// Does the window show these words now? Line ends and letter case do not count: headings are drawn in capitals.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn shows(&self, text: &str) -> Result<bool> {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        Ok(flat(&self.words().await?).contains(&flat(text)))
    }

    /// Waits until something that fits a selector is there, and gives its text.
    ///
    /// # Errors
    /// [`Trouble::NotSeen`].
    pub async fn part(&self, selector: &str) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let found = self
                .run("return document.querySelector(arguments[0])?.innerText ?? null", vec![json!(selector)])
                .await?;
            if let Some(text) = found.as_str() {
                return Ok(text.to_owned());
            }
            tokio::time::sleep(GLANCE).await;
        }
        Err(self.missing(selector).await)
    }

    /// Puts a picture on the page's clipboard and pastes it, as Ctrl V does.
    ///
    /// # Errors
    /// [`Trouble::Command`].
    pub async fn paste_picture(&self, png: &[u8]) -> Result<()> {
        let script = "const bytes = Uint8Array.from(atob(arguments[0]), (letter) => letter.charCodeAt(0));\
            const data = new DataTransfer();\
            data.items.add(new File([bytes], 'code.png', { type: 'image/png' }));\
            window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));";
        self.run(script, vec![json!(base64::engine::general_purpose::STANDARD.encode(png))]).await?;
        Ok(())
    }
}
