//! Accounts elsewhere that are this person's: sealed for them alone, known by issuer and subject, never by an e-mail address.

use super::{flow::Proved, providers};
use crate::{
    Problem, Session,
    ask::of,
    problem::not_found,
    session::fields,
    views::{ById, Nothing, OutsideAccount},
};
use model::{Id, Map, OauthAccount, Time, User};
use serde_json::{Value, json};
use std::sync::Arc;
use vault::Row;

/// More links than anybody has.
const MOST: u32 = 200;

/// The links that stand, oldest first.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<Vec<OutsideAccount>, Problem> {
    let providers = providers::offered(session)?;
    let one = |row: Row<OauthAccount>| {
        let provider = providers.iter().find(|provider| provider.value.issuer == row.value.provider);
        OutsideAccount {
            id: row.id,
            name: provider.map(|provider| provider.value.name.clone()),
            provider: provider.map(|provider| provider.id),
            issuer: row.value.provider,
            since: row.created_at,
        }
    };
    Ok(linked(session)?.into_iter().map(one).collect())
}

/// Ends a link and wipes its tokens.
pub fn unlink(session: &Arc<Session>, ask: ById) -> Result<Vec<OutsideAccount>, Problem> {
    let link = linked(session)?.into_iter().find(|row| row.id == ask.id).ok_or_else(not_found)?;
    let mut values: Map = fields(json!({ "unlinked_at": session.now() }));
    for name in ["access_token", "refresh_token", "expires_at"] {
        values.insert(name.to_owned(), Value::Null);
    }
    session.write(|w| w.put::<OauthAccount>(link.id, session.me.user, &values))?;
    view(session, Nothing {})
}

/// Notes that this account is this person's.
pub(crate) fn link(session: &Session, proved: &Proved) -> Result<(), Problem> {
    if is_linked(session, proved)? {
        return Err(Problem::new("oidc.already_linked", None));
    }
    let lasts = proved.lasts.and_then(|lasts| i64::try_from(lasts.as_millis()).ok());
    let account = OauthAccount {
        user_id: Id::<User>::new(session.me.user),
        provider: proved.issuer.clone(),
        provider_user_id: proved.subject.clone(),
        access_token: Some(proved.access_token.clone()),
        refresh_token: proved.refresh_token.clone(),
        expires_at: lasts.map(|lasts| Time::from_ms(session.now().ms().saturating_add(lasts))),
        unlinked_at: None,
    };
    let id = session.vault.new_id(session.clock.now_ms())?;
    session.write(|w| w.put::<OauthAccount>(id, session.me.user, &fields(json!(account))))
}

/// Is it one of those that this person linked?
pub(crate) fn is_linked(session: &Session, proved: &Proved) -> Result<bool, Problem> {
    let same = |account: &OauthAccount| account.provider == proved.issuer && account.provider_user_id == proved.subject;
    Ok(linked(session)?.iter().any(|row| same(&row.value)))
}

fn linked(session: &Session) -> Result<Vec<Row<OauthAccount>>, Problem> {
    let asked = of("user_id", Id::<User>::new(session.me.user)).order("created_at");
    let rows = session.vault.list::<OauthAccount>(&asked.limit(MOST))?;
    Ok(rows.into_iter().filter(|row| row.value.unlinked_at.is_none()).collect())
}
