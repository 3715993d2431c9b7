//! Proving who one is at a provider elsewhere (OAuth 2, OpenID Connect), in the system's browser.
//!
//! It proves an outside identity and opens no vault: a linked account stands in for the *code* of the second factor when somebody shows
//! again who is there, never for the passphrase. Like that code it is a check by an honest program.
//!
//! - [`providers`]: whom the clinic trusts with it · [`accounts`]: what a person linked
//! - [`joining`]: a sign-in before somebody asks to be let in · [`carried`]: what it is worth, on the side that lets them in
//! - `flow`: the protocol · `claims`: what a token says · `redirect`: where the browser comes back to · `web`: requests within bounds

pub mod accounts;
pub mod carried;
mod claims;
mod flow;
pub mod joining;
pub mod providers;
mod redirect;
mod web;

use crate::{
    App, Clock, Event, Problem, Session,
    problem::not_found,
    sending::letters,
    session::off_thread,
    step_up,
    views::{BeginOutside, ById, Nothing, OutsideBegun, OutsidePurpose},
};
use chrono::{DateTime, Utc};
pub(crate) use claims::Person;
use flow::{Proved, Visit, Wanted};
use model::Time;
use redirect::Redirect;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;
use web::Web;

/// So long the browser may take, and so long what it showed stands in for a code.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

type End = Option<Result<(), Problem>>;

/// The one visit that is under way, and the one that showed who is there; in memory only.
#[derive(Default)]
pub struct Outside(Mutex<State>);

#[derive(Default)]
struct State {
    running: Option<Running>,
    shown: Option<Shown>,
    /// The letters of the request whose proof was found good last.
    carried: Option<String>,
}

struct Running {
    visit: Uuid,
    end: watch::Receiver<End>,
    _stop: DropGuard,
}

#[derive(Clone, Copy)]
struct Shown {
    visit: Uuid,
    /// In milliseconds since 1970.
    at_ms: u64,
}

impl Outside {
    /// Gives everything up.
    pub fn end(&self) {
        *self.lock() = State::default();
    }

    /// Uses up what a visit showed.
    ///
    /// # Errors
    /// `oidc.over`: it showed nothing, was used, or is too long ago.
    pub(crate) fn spend(&self, visit: Uuid, now_ms: u64) -> Result<(), Problem> {
        let shown = self.lock().shown.take_if(|shown| shown.visit == visit);
        // A clock that was set back lengthens nothing.
        let age = shown.and_then(|shown| now_ms.checked_sub(shown.at_ms));
        match age.is_some_and(|age| u128::from(age) <= PATIENCE.as_millis()) {
            true => Ok(()),
            false => Err(Problem::new("oidc.over", None)),
        }
    }

    /// Begins a visit; another one that is under way is given up.
    fn start(&self, visit: Uuid, work: impl Future<Output = Result<(), Problem>> + Send + 'static) {
        let (sender, end) = watch::channel(None);
        let stop = CancellationToken::new();
        let running = Running { visit, end, _stop: stop.clone().drop_guard() };
        {
            let mut state = self.lock();
            (state.running, state.shown) = (Some(running), None);
        }
        tokio::spawn(async move {
            let outcome = tokio::select! {
                () = stop.cancelled() => Err(cancelled()),
                outcome = work => outcome,
            };
            sender.send_replace(Some(outcome));
        });
    }

    /// Waits until a visit has ended.
    async fn ended(&self, visit: Uuid) -> Result<(), Problem> {
        let mut end = {
            let state = self.lock();
            let running = state.running.as_ref().filter(|running| running.visit == visit);
            running.map(|running| running.end.clone()).ok_or_else(not_found)?
        };
        let outcome = end.wait_for(Option::is_some).await.map_err(|_| cancelled())?.clone();
        outcome.unwrap_or_else(|| Err(cancelled()))
    }

    /// Is it the visit that is under way?
    fn is_running(&self, visit: Uuid) -> bool {
        self.lock().running.as_ref().is_some_and(|running| running.visit == visit)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a visit and asks for the browser; another one that is under way is given up.
pub async fn begin(app: &Arc<App>, session: &Arc<Session>, ask: BeginOutside) -> Result<OutsideBegun, Problem> {
    let (provider, page) = app.blocking(move |session| prepare(session, ask)).await?;
    let web = Web::new()?;
    let metadata = flow::discover(&web, &provider.issuer).await?;
    let redirect = Redirect::listen(page).await?;
    let now = session.now().ms();
    let wanted = match ask.purpose {
        OutsidePurpose::Link => Wanted::Account,
        OutsidePurpose::StepUp => Wanted::Fresh(now / 1000),
    };
    let (flow, address) = Visit::new(metadata, &provider.client_id, &redirect.address, wanted)?;
    let visit = session.vault.new_id(session.clock.now_ms())?;
    let this = session.clone();
    session.outside.start(visit, async move { run(&this, &web, flow, redirect, visit, ask.purpose).await });
    Ok(begun(visit, String::from(address), now, |event| session.ring(event)))
}

/// Asks for the browser.
fn begun(visit: Uuid, address: String, now_ms: i64, ring: impl Fn(Event)) -> OutsideBegun {
    ring(Event::Browse { address: address.clone() });
    let patience = i64::try_from(PATIENCE.as_millis()).unwrap_or(0);
    OutsideBegun { visit, address, ends_at: Time::from_ms(now_ms + patience) }
}

/// A new link is a new way to show who one is: it asks for what there is so far.
fn prepare(session: &Arc<Session>, ask: BeginOutside) -> Result<(model::IdentityProvider, String), Problem> {
    if ask.purpose == OutsidePurpose::Link {
        step_up::need(session)?;
    }
    Ok((providers::need(session, ask.provider)?, letters::returned(session)?))
}

async fn run(
    session: &Arc<Session>,
    web: &Web,
    flow: Visit,
    redirect: Redirect,
    visit: Uuid,
    purpose: OutsidePurpose,
) -> Result<(), Problem> {
    let answer = redirect.answer(PATIENCE).await?;
    let proved = flow.finish(web, answer, instant(&*session.clock)?).await?;
    let this = session.clone();
    off_thread(move || match purpose {
        OutsidePurpose::Link => accounts::link(&this, &proved),
        OutsidePurpose::StepUp => show(&this, visit, &proved),
    })
    .await
}

/// Now, as the protocol's library counts it.
fn instant(clock: &dyn Clock) -> Result<DateTime<Utc>, Problem> {
    let now = DateTime::<Utc>::from_timestamp_millis(clock.now().ms());
    now.ok_or_else(|| Problem::new("internal", "the clock".to_owned()))
}

fn show(session: &Session, visit: Uuid, proved: &Proved) -> Result<(), Problem> {
    if !accounts::is_linked(session, &proved.issuer, &proved.person.subject)? {
        return Err(Problem::new("oidc.other_account", None));
    }
    let mut state = session.outside.lock();
    // Only the visit that is still under way: one that was given up shows nothing.
    if state.running.as_ref().is_none_or(|running| running.visit != visit) {
        return Err(cancelled());
    }
    state.shown = Some(Shown { visit, at_ms: session.clock.now_ms() });
    Ok(())
}

/// Waits until a visit has ended.
///
/// # Errors
/// `oidc.…`: what came of it.
pub async fn wait(_: &Arc<App>, session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    session.outside.ended(ask.id).await.map(|()| Nothing {})
}

/// Gives the visit up that is under way.
pub fn cancel(session: &Arc<Session>, _: Nothing) -> Result<Nothing, Problem> {
    session.outside.end();
    Ok(Nothing {})
}

fn cancelled() -> Problem {
    Problem::new("oidc.cancelled", None)
}
