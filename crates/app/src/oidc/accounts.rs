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
    let lasts = proved.lasts.and_then(|lasts| i64::try_from(lasts.as_millis()).ok());
    let account = OauthAccount {
        access_token: Some(proved.access_token.clone()),
        refresh_token: proved.refresh_token.clone(),
        expires_at: lasts.map(|lasts| Time::from_ms(session.now().ms().saturating_add(lasts))),
        ..bare(session, &proved.issuer, &proved.person.subject)
    };
    if is_linked(session, &account.provider, &account.provider_user_id)? {
        return Err(Problem::new("oidc.already_linked", None));
    }
    keep(session, &account)
}

/// Takes over the account that this person signed in to before they came in, if whoever let them in found it good. No token is kept.
pub(crate) fn adopt(session: &Session) -> Result<(), Problem> {
    let Some((issuer, subject)) = session.vault.outside_account()? else { return Ok(()) };
    match is_linked(session, &issuer, &subject)? {
        true => Ok(()),
        false => keep(session, &bare(session, &issuer, &subject)),
    }
}

fn bare(session: &Session, issuer: &str, subject: &str) -> OauthAccount {
    OauthAccount {
        user_id: Id::<User>::new(session.me.user),
        provider: issuer.to_owned(),
        provider_user_id: subject.to_owned(),
        access_token: None,
        refresh_token: None,
        expires_at: None,
        unlinked_at: None,
    }
}

fn keep(session: &Session, account: &OauthAccount) -> Result<(), Problem> {
    let id = session.vault.new_id(session.clock.now_ms())?;
    session.write(|w| w.put::<OauthAccount>(id, session.me.user, &fields(json!(account))))
}

/// Is it one of those that this person linked?
pub(crate) fn is_linked(session: &Session, issuer: &str, subject: &str) -> Result<bool, Problem> {
    let same = |account: &OauthAccount| account.provider == issuer && account.provider_user_id == subject;
    Ok(linked(session)?.iter().any(|row| same(&row.value)))
}

fn linked(session: &Session) -> Result<Vec<Row<OauthAccount>>, Problem> {
    let asked = of("user_id", Id::<User>::new(session.me.user)).order("created_at");
    let rows = session.vault.list::<OauthAccount>(&asked.limit(MOST))?;
    Ok(rows.into_iter().filter(|row| row.value.unlinked_at.is_none()).collect())
}
