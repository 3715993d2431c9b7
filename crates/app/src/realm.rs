//! The database's side of a realm: what its operator sets up, and a login for each device.

use crate::{
    App, Problem, Session, names,
    problem::{not_allowed, not_found},
    syncing,
    views::*,
};
use model::Role;
use std::{collections::BTreeSet, sync::Arc};
use sync::remote::mongo::{MongoRemote, setup};

/// Under this name the device remembers which logins were ended.
const ENDED: &str = "realm.ended_logins";

/// The script that an operator can read, and run with `mongosh`. It ends the logins of removed devices too.
pub fn script(session: &Arc<Session>, _: Nothing) -> Result<DatabaseScript, Problem> {
    let database = syncing::own_database(session.me.realm);
    let ended: Vec<String> = of_removed(session)?.into_iter().map(|one| one.login).collect();
    Ok(DatabaseScript { script: setup::script(&database, &ended), database })
}

/// The logins of removed devices that nobody has said are ended: an operator ends them, no device may.
pub fn to_end(session: &Arc<Session>, _: Nothing) -> Result<Vec<EndedLogin>, Problem> {
    let may = matches!(session.me.role, Role::Admin | Role::SuperAdmin);
    if !may || syncing::remote_setting(session)?.is_none() {
        return Ok(Vec::new());
    }
    left(session)
}

fn left(session: &Session) -> Result<Vec<EndedLogin>, Problem> {
    let done = ended(session)?;
    Ok(of_removed(session)?.into_iter().filter(|one| !done.contains(&one.login)).collect())
}

fn of_removed(session: &Session) -> Result<Vec<EndedLogin>, Problem> {
    let one = |device: vault::Device| EndedLogin {
        login: setup::login_name(device.device),
        device: names::of_device(device.device),
        owner: names::of_user(session, device.user).unwrap_or_default(),
    };
    Ok(session.vault.removed_devices()?.into_iter().map(one).collect())
}

fn ended(session: &Session) -> Result<BTreeSet<String>, Problem> {
    let stored = session.vault.setting(ENDED)?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

fn remember(session: &Session, login: &str) -> Result<(), Problem> {
    let mut all = ended(session)?;
    all.insert(login.to_owned());
    let text = serde_json::to_string(&all).map_err(|error| Problem::said("internal", &error))?;
    Ok(session.vault.set_setting(ENDED, Some(&text))?)
}

/// Whoever looks after the database has ended it by other means.
pub fn ended_elsewhere(session: &Arc<Session>, ask: LoginEnded) -> Result<Vec<EndedLogin>, Problem> {
    need_removed(session, &ask.login)?;
    remember(session, &ask.login)?;
    to_end(session, Nothing {})
}

/// Only those of removed devices: the login of a device that works is ended by removing the device first.
fn need_removed(session: &Session, login: &str) -> Result<(), Problem> {
    match of_removed(session)?.iter().any(|one| one.login == login) {
        true => Ok(()),
        false => Err(not_found()),
    }
}

/// Ends the login of a removed device with an administrator's address, and looks whether it is turned away from then on. The address is
/// used once and not kept.
///
/// # Errors
/// `not_found` for any other login; `remote.open` where the database asks nobody for one; those of a connection.
pub async fn drop_login(_: &Arc<App>, session: &Arc<Session>, ask: DropLogin) -> Result<LoginGone, Problem> {
    if !matches!(session.me.role, Role::Admin | Role::SuperAdmin) {
        return Err(not_allowed());
    }
    need_removed(session, &ask.login)?;
    let refused = |error: sync::SyncError| Problem::new(error.code(), error.to_string());
    let address = syncing::realm_address(session.me.realm, &ask.address)?;
    let remote = MongoRemote::connect(&address, Some(session.me.realm)).await.map_err(refused)?;
    if !remote.shut_out(&address, &ask.login).await.map_err(refused)? {
        return Err(Problem::new("remote.open", None));
    }
    remember(session, &ask.login)?;
    Ok(LoginGone { left: left(session)?, login: ask.login })
}

/// Sets the database up with an administrator's address, and gives each device of the realm a login of its own. A device that
/// had one gets a new password. The address is used once and not kept.
pub async fn set_up(_: &Arc<App>, session: &Arc<Session>, ask: SetUpRealm) -> Result<Vec<LoginView>, Problem> {
    if session.me.role != Role::SuperAdmin {
        return Err(not_allowed());
    }
    let refused = |error: sync::SyncError| Problem::new(error.code(), error.to_string());
    let address = syncing::realm_address(session.me.realm, &ask.address)?;
    let remote = MongoRemote::connect(&address, Some(session.me.realm)).await.map_err(refused)?;
    remote.set_up().await.map_err(refused)?;
    let mut logins = Vec::new();
    for device in session.vault.devices()? {
        let login = remote.make_login(&setup::login_name(device.device)).await.map_err(refused)?;
        logins.push(LoginView {
            device: device.device,
            owner: names::of_user(session, device.user).unwrap_or_default(),
            address: address.with_login(&login.name, &login.password).map_err(refused)?.secret().to_owned(),
        });
    }
    Ok(logins)
}
