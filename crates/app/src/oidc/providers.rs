//! The clinic's providers: kept sealed for all its members, changed by its administrators.

use super::{
    flow,
    web::{Web, need_safe},
};
use crate::{
    App, Problem, Session,
    patients::required,
    problem::{invalid, not_allowed, not_found},
    session::fields,
    views::*,
};
use model::{IdentityProvider, Role};
use openidconnect::url::Url;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use vault::{Find, Row};

/// Longest name, issuer and client that is kept.
const LONGEST: usize = 500;
/// So many a clinic may have, those that were withdrawn included.
const MOST: u64 = 200;

/// All that are offered.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<ProvidersView, Problem> {
    let one = |row: Row<IdentityProvider>| ProviderView {
        id: row.id,
        name: row.value.name,
        issuer: row.value.issuer,
        client_id: row.value.client_id,
    };
    let mut providers: Vec<ProviderView> = offered(session)?.into_iter().map(one).collect();
    providers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ProvidersView { providers, may_change: may_change(session) })
}

/// Adds one, or changes it.
pub fn set(session: &Arc<Session>, ask: SetProvider) -> Result<ProvidersView, Problem> {
    need_admin(session)?;
    let (name, client_id) = (short("name", &ask.name)?, short("client_id", &ask.client_id)?);
    let (issuer, offered) = (issuer(&ask.issuer)?, offered(session)?);
    if offered.iter().any(|row| row.value.issuer == issuer && Some(row.id) != ask.id) {
        return Err(Problem::new("already_taken", None));
    }
    let kept = ask.id.map(|id| offered.iter().find(|row| row.id == id).ok_or_else(not_found)).transpose()?;
    let id = match kept {
        Some(kept) if kept.value.issuer != issuer => return Err(Problem::new("cannot_be_changed", None)),
        Some(kept) => kept.id,
        None => session.vault.new_id(session.clock.now_ms())?,
    };
    let values = fields(json!({ "issuer": issuer, "name": name, "client_id": client_id }));
    session.write(|w| w.put::<IdentityProvider>(id, session.me.realm, &values))?;
    view(session, Nothing {})
}

/// Withdraws one. Links to it stay, and stand in for nothing any more.
pub fn remove(session: &Arc<Session>, ask: ById) -> Result<ProvidersView, Problem> {
    need_admin(session)?;
    need(session, ask.id)?;
    let values = fields(json!({ "removed_at": session.now() }));
    session.write(|w| w.put::<IdentityProvider>(ask.id, session.me.realm, &values))?;
    view(session, Nothing {})
}

/// Fetches the discovery document and the keys, and says what is wrong with them.
pub async fn test(_: &Arc<App>, session: &Arc<Session>, ask: TestProvider) -> Result<Nothing, Problem> {
    need_admin(session)?;
    flow::discover(&Web::new()?, &issuer(&ask.issuer)?).await?;
    Ok(Nothing {})
}

/// One that is offered.
pub(crate) fn need(session: &Session, id: Uuid) -> Result<IdentityProvider, Problem> {
    let row = session.need::<IdentityProvider>(id)?;
    Some(row.value).filter(|provider| provider.removed_at.is_none()).ok_or_else(not_found)
}

pub(crate) fn offered(session: &Session) -> Result<Vec<Row<IdentityProvider>>, Problem> {
    let all = session.vault.list::<IdentityProvider>(&Find { limit: MOST, ..Find::default() })?;
    Ok(all.into_iter().filter(|row| row.value.removed_at.is_none()).collect())
}

fn may_change(session: &Session) -> bool {
    matches!(session.me.role, Role::Admin | Role::SuperAdmin)
}

fn need_admin(session: &Session) -> Result<(), Problem> {
    match may_change(session) {
        true => Ok(()),
        false => Err(not_allowed()),
    }
}

/// An issuer identifier is an address without a question and a fragment (OpenID Connect Core 1.0, 1.2); it is compared letter by letter.
fn issuer(text: &str) -> Result<String, Problem> {
    let text = short("issuer", text)?;
    let address = Url::parse(&text).map_err(|_| invalid("issuer"))?;
    let bare = address.query().is_none() && address.fragment().is_none() && address.username().is_empty();
    if !bare || address.password().is_some() || address.host_str().is_none() {
        return Err(invalid("issuer"));
    }
    need_safe(&address)?;
    Ok(text)
}

fn short(field: &str, text: &str) -> Result<String, Problem> {
    let text = required(field, text)?;
    match text.len() <= LONGEST && !text.contains(char::is_control) {
        true => Ok(text),
        false => Err(invalid(field)),
    }
}
