//! What a sign-in that came with a request is worth: checked in full by whoever lets the person in, with their own network.
//!
//! It is shown beside the comparison of the sixteen characters and never replaces it.

use super::{
    Outside,
    claims::{SKEW_S, Span, check_carried},
    flow, instant, joining, providers,
    web::Web,
};
use crate::{
    App, Problem, Session,
    problem::not_found,
    views::{CarriedView, ReadRequest, RequestOutside},
};
use std::sync::Arc;
use vault::{RequestSeen, trust::enrol::VALID_S};

impl Outside {
    /// Was the proof in the request with these letters found good on this device?
    pub(crate) fn is_checked(&self, check_words: &str) -> bool {
        self.lock().carried.as_deref() == Some(check_words)
    }
}

/// What a request says of a sign-in, and what its invitation wished for; `None` where neither speaks of one.
pub(crate) fn seen(session: &Session, seen: &RequestSeen) -> Result<Option<RequestOutside>, Problem> {
    let wish = joining::wish(&seen.card);
    let issuer = seen.outside.as_ref().map(|proof| proof.issuer.as_str());
    let Some(issuer) = issuer.or(wish.as_ref().map(|wish| wish.issuer.as_str())) else { return Ok(None) };
    let offered = providers::offered(session)?.into_iter().find(|row| row.value.issuer == issuer);
    let name = offered.map_or_else(|| issuer.to_owned(), |row| row.value.name);
    Ok(Some(RequestOutside { provider: name, given: seen.outside.is_some() }))
}

/// Checks the proof: the provider must be one of the clinic's, and the token its own, for this program, of the time since the invitation
/// was made, and made for the keys in this request.
pub async fn check(app: &Arc<App>, session: &Arc<Session>, ask: ReadRequest) -> Result<CarriedView, Problem> {
    let now_ms = session.clock.now_ms();
    let read = move |session: &Arc<Session>| {
        let seen = session.vault.read_request(&ask.request, now_ms)?;
        Ok((seen, providers::offered(session)?))
    };
    let (seen, offered) = app.blocking(read).await?;
    session.outside.lock().carried = None;
    let proof = seen.outside.ok_or_else(not_found)?;
    let Some(provider) = offered.into_iter().map(|row| row.value).find(|one| one.issuer == proof.issuer) else {
        return Ok(CarriedView::Refused { code: "oidc.not_offered".to_owned() });
    };
    let metadata = match flow::discover(&Web::new()?, &provider.issuer).await {
        Ok(metadata) => metadata,
        Err(problem) => return Ok(CarriedView::Unchecked { code: problem.code }),
    };
    let span = Span {
        since_s: i64::try_from(seen.invited_s).unwrap_or(i64::MAX),
        now: instant(&*session.clock)?,
        late_s: i64::from(VALID_S) + SKEW_S,
    };
    match check_carried(&metadata, &provider.client_id, &proof.token, &seen.outside_nonce, span) {
        Ok(person) if person.subject == proof.subject => {
            session.outside.lock().carried = Some(seen.check_words);
            let (subject, name, email) = (person.subject, person.name, person.email);
            Ok(CarriedView::Verified { subject, name, email, email_verified: person.email_verified })
        }
        Ok(_) => Ok(CarriedView::Refused { code: "oidc.other_subject".to_owned() }),
        Err(problem) => Ok(CarriedView::Refused { code: problem.code }),
    }
}
