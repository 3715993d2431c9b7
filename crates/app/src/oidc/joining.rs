//! Signing in elsewhere before one asks to be let in: what an invitation may wish for.
//!
//! The proof goes into the request, and is checked again by whoever lets the person in ([`super::carried`]). It stands in for nothing:
//! the sixteen characters are compared all the same.

use super::{
    PATIENCE, begun, cancelled,
    flow::{self, Visit, Wanted},
    instant, providers,
    redirect::Redirect,
    web::Web,
};
use crate::{
    App, Problem, Session,
    lock::{Pending, joining_view},
    problem::not_found,
    sending::letters::returned_page,
    session::off_thread,
    views::{ById, JoiningView, Nothing, OutsideBegun, SignInJoining},
};
use crypto::Zeroizing;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;
use vault::trust::enrol::OutsideProof;

/// What the inviter's program writes into an invitation.
#[derive(Default, Serialize, Deserialize)]
struct Card {
    outside: Option<Wish>,
}

/// A provider at which the clinic would like the person to sign in. Whoever joins cannot know yet whether the clinic trusts it; whoever
/// lets them in looks it up in the clinic's own settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) name: String,
}

/// The card of an invitation that wishes for a sign-in at this provider; an empty one without a wish.
pub(crate) fn card(session: &Session, provider: Option<Uuid>) -> Result<Vec<u8>, Problem> {
    let Some(provider) = provider else { return Ok(Vec::new()) };
    let provider = providers::need(session, provider)?;
    let wish = Wish { issuer: provider.issuer, client_id: provider.client_id, name: provider.name };
    serde_json::to_vec(&Card { outside: Some(wish) }).map_err(|error| Problem::said("internal", &error))
}

/// The wish on a card. A card that says something else wishes for nothing: a wish is no condition.
pub(crate) fn wish(card: &[u8]) -> Option<Wish> {
    serde_json::from_slice::<Card>(card).ok().and_then(|card| card.outside)
}

/// Begins a visit at the provider that the invitation names.
pub async fn begin(app: &Arc<App>, ask: SignInJoining) -> Result<OutsideBegun, Problem> {
    let pending = app.joining().ok_or_else(not_found)?;
    let (wish, nonce) = {
        let joining = pending.joining();
        (wish(joining.card()).ok_or_else(not_found)?, joining.outside_nonce()?)
    };
    let web = Web::new()?;
    let metadata = flow::discover(&web, &wish.issuer).await?;
    let redirect = Redirect::listen(returned_page(ask.language == "fr")).await?;
    let (flow, address) = Visit::new(metadata, &wish.client_id, &redirect.address, Wanted::Proof(nonce))?;
    let random = crypto::random::bytes().map_err(|error| Problem::said("internal", &error))?;
    let (visit, now) = (uuid::Builder::from_random_bytes(random).into_uuid(), app.clock().now().ms());
    let (this, at) = (pending.clone(), app.clone());
    pending.outside.start(visit, async move { run(&at, &this, &web, flow, redirect, visit).await });
    Ok(begun(visit, String::from(address), now, |event| app.ring(event)))
}

async fn run(
    app: &Arc<App>,
    pending: &Arc<Pending>,
    web: &Web,
    flow: Visit,
    redirect: Redirect,
    visit: Uuid,
) -> Result<(), Problem> {
    let answer = redirect.answer(PATIENCE).await?;
    let proved = flow.finish(web, answer, instant(&**app.clock())?).await?;
    let this = pending.clone();
    off_thread(move || {
        // Held before it is looked at: whoever gives the visit up is shown the request as it is then.
        let mut joining = this.joining();
        if !this.outside.is_running(visit) {
            return Err(cancelled());
        }
        let token = Zeroizing::new(proved.id_token);
        let proof = OutsideProof { issuer: proved.issuer, subject: proved.person.subject.clone(), token };
        joining.carry(proof)?;
        this.signed_in(proved.person);
        Ok(())
    })
    .await
}

/// Waits until the visit has ended; gives the request as it is then, with other letters.
///
/// # Errors
/// `oidc.…`: what came of it.
pub async fn wait(app: &Arc<App>, ask: ById) -> Result<JoiningView, Problem> {
    let pending = app.joining().ok_or_else(not_found)?;
    pending.outside.ended(ask.id).await?;
    off_thread(move || joining_view(&pending)).await
}

/// Gives the visit up; gives the request as it is then.
pub async fn cancel(app: &Arc<App>, _: Nothing) -> Result<JoiningView, Problem> {
    let pending = app.joining().ok_or_else(not_found)?;
    pending.outside.end();
    off_thread(move || joining_view(&pending)).await
}
