//! The database's side of a realm.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// What an operator runs to set a database up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct DatabaseScript {
    /// The name of the realm's database.
    pub database: String,
    /// For `mongosh`.
    pub script: String,
}

/// Sets the realm's database up.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetUpRealm {
    /// The address with an administrator's login.
    pub address: String,
}

/// The address that one device is to use, its login in it: shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LoginView {
    /// The device.
    pub device: Uuid,
    /// Name of its owner.
    pub owner: String,
    /// The connection string with the login, which is secret.
    pub address: String,
}

/// The address that the link host is to use, its login in it: shown once.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct HostLogin {
    /// The database user's name.
    pub user: String,
    /// The connection string with the login, which is secret.
    pub address: String,
}

/// Where the realm's link host is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LinkHostView {
    /// Its address, such as `https://links.example.org`; null while there is none.
    pub address: Option<String>,
    /// May whoever is at work change it?
    pub may_change: bool,
}

/// Says where the realm's link host is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetLinkHost {
    /// Its address; null or empty for none.
    pub address: Option<String>,
}

/// The login of a device that was removed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EndedLogin {
    /// Its name in the database.
    pub login: String,
    /// Eight letters that tell the device from others.
    pub device: String,
    /// Name of its owner.
    pub owner: String,
}

/// Ends a login.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DropLogin {
    /// Its name.
    pub login: String,
    /// The address with an administrator's login.
    pub address: String,
}

/// Says that the operator ended a login.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LoginEnded {
    /// Its name.
    pub login: String,
}

/// A login was ended, and is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LoginGone {
    /// Its name.
    pub login: String,
    /// Those of removed devices that are left.
    pub left: Vec<EndedLogin>,
}
