//! The database's side of a realm: what its operator sets up, and a login for each device.

use crate::{
    App, Problem, Session, names,
    problem::not_allowed,
    syncing,
    views::{DatabaseScript, LoginView, Nothing, SetUpRealm},
};
use model::Role;
use std::sync::Arc;
use sync::remote::mongo::{MongoRemote, setup};

/// The script that an operator can read, and run with `mongosh`.
pub fn script(session: &Arc<Session>, _: Nothing) -> Result<DatabaseScript, Problem> {
    let database = syncing::own_database(session.me.realm);
    Ok(DatabaseScript { script: setup::script(&database), database })
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
