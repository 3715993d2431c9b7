//! The database's side of a realm: what its operator sets up, and a login for each device.

use crate::{
    App, Problem, Session, names,
    problem::{not_allowed, not_found},
    syncing,
    views::*,
};
use model::Role;
use std::{collections::BTreeSet, sync::Arc};
use sync::{
    Address,
    remote::mongo::{MongoRemote, setup},
};

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
    if !matches!(session.me.role, Role::Admin | Role::SuperAdmin) || !has_logins(session)? {
        return Ok(Vec::new());
    }
    left(session)
}

/// Does the database ask for logins, as far as this device can tell: has it got one itself?
fn has_logins(session: &Session) -> Result<bool, Problem> {
    let Some(address) = syncing::remote_setting(session)? else { return Ok(false) };
    Ok(syncing::realm_address(session.me.realm, &address)?.has_login())
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

/// Ends the login of a removed device with an administrator's address, and looks that it is gone, and that whoever has none is turned
/// away. The address is used once and not kept.
///
/// # Errors
/// `not_found` for any other login; `remote.open` where the database asks nobody for one; those of a connection.
pub async fn drop_login(_: &Arc<App>, session: &Arc<Session>, ask: DropLogin) -> Result<LoginGone, Problem> {
    if !matches!(session.me.role, Role::Admin | Role::SuperAdmin) {
        return Err(not_allowed());
    }
    need_removed(session, &ask.login)?;
    let (address, remote) = connect(session, &ask.address).await?;
    if !remote.shut_out(&address, &ask.login).await? {
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
    let (address, remote) = connect(session, &ask.address).await?;
    remote.set_up().await?;
    let mut logins = Vec::new();
    for device in session.vault.devices()? {
        let login = remote.make_login(&setup::login_name(device.device)).await?;
        logins.push(LoginView {
            device: device.device,
            owner: names::of_user(session, device.user).unwrap_or_default(),
            address: address.with_login(&login.name, &login.password)?.secret().to_owned(),
        });
    }
    Ok(logins)
}

/// A connection with an address that is used once.
pub(crate) async fn connect(session: &Session, address: &str) -> Result<(Address, MongoRemote), Problem> {
    let address = syncing::realm_address(session.me.realm, address)?;
    let remote = MongoRemote::connect(&address, Some(session.me.realm)).await?;
    Ok((address, remote))
}
