//! Grants: keys wrapped for a person, a team, a device or the kit. Anyone can make one that opens; what comes out is used
//! only after it was compared with something signed.

use super::body::{self, Body};
use super::certificate::{Certificate, UserKeys};
use super::clinic_recovery::ClinicKey;
use super::object::{GRANTS, KeyObject};
use super::{Error, Result};
use bson::doc;
use crypto::Key;
use crypto::grant::{AgreementPublic, Grant};
use crypto::root::UserRoot;
use crypto::scope::ScopeKey;
use uuid::Uuid;

const BODY_MAX: usize = 8 * 1024;
/// The most bytes of a wrapped or sealed key.
const SEALED_MAX: usize = 4 * 1024;

/// A grant as it is read.
pub(super) enum Granted {
    /// A scope's key for a person.
    Scope { scope: Uuid, v: u32, to: Uuid, grant: Grant },
    /// A scope's key for a team, sealed with the team's key of this short name.
    Team { scope: Uuid, v: u32, team: Uuid, kid: [u8; 4], sealed: Vec<u8> },
    /// A person's root and account secret for one of their devices.
    Root { user: Uuid, v: u32, device: Uuid, grant: Grant },
    /// A person's root for their kit on paper.
    Recovery { user: Uuid, v: u32, to: Uuid, grant: Grant },
}

/// Wraps a scope's key for a person, under their certificate.
pub(super) fn for_user(realm: Uuid, key: &ScopeKey, to: &Certificate) -> Result<KeyObject> {
    let keys = to.user_keys().ok_or(Error::Forbidden("scopes are shared with people"))?;
    let grant = key.grant_to(&keys.agree, realm.as_bytes(), to.id.as_bytes())?;
    let scope = Uuid::from_bytes(*key.scope());
    let home = if scope == to.subject { scope } else { realm };
    Granted::Scope { scope, v: key.version(), to: to.id, grant }.object(home)
}

/// Seals a scope's key for all members of a team.
pub(super) fn for_team(realm: Uuid, key: &ScopeKey, team: &ScopeKey) -> Result<KeyObject> {
    let sealed = key.seal_for_team(realm.as_bytes(), team)?;
    let (scope, v) = (Uuid::from_bytes(*key.scope()), key.version());
    Granted::Team { scope, v, team: Uuid::from_bytes(*team.scope()), kid: team.kid(), sealed }.object(realm)
}

/// Wraps a person's root and account secret for one of their devices.
pub(super) fn for_device(
    realm: Uuid,
    user: Uuid,
    root: &UserRoot,
    account: &Key,
    device: Uuid,
    to: &AgreementPublic,
) -> Result<KeyObject> {
    let grant = root.grant_to_device(to, realm.as_bytes(), user.as_bytes(), device.as_bytes(), account)?;
    Granted::Root { user, v: root.version(), device, grant }.object(user)
}

/// Wraps a person's root for the kit whose recovery key their certificate names.
pub(super) fn for_kit(realm: Uuid, user: Uuid, root: &UserRoot, keys: &UserKeys, to: Uuid) -> Result<KeyObject> {
    let grant = root.grant_for_recovery(&keys.recovery, realm.as_bytes(), user.as_bytes(), to.as_bytes())?;
    Granted::Recovery { user, v: root.version(), to, grant }.object(user)
}

/// Wraps a person's root for the clinic, where they agreed: at home in the realm, so that the clinic has it when it is needed.
pub(super) fn for_clinic(realm: Uuid, user: Uuid, root: &UserRoot, key: &ClinicKey) -> Result<KeyObject> {
    let grant = root.grant_for_recovery(&key.agree, realm.as_bytes(), user.as_bytes(), key.id.as_bytes())?;
    Granted::Recovery { user, v: root.version(), to: key.id, grant }.object(realm)
}

/// Wraps the earlier root of a person who is brought back for their new device: it opens what was shared with them before.
pub(super) fn for_return(
    realm: Uuid,
    user: Uuid,
    earlier: &UserRoot,
    device: Uuid,
    to: &AgreementPublic,
) -> Result<KeyObject> {
    let grant = earlier.grant_for_recovery(to, realm.as_bytes(), user.as_bytes(), device.as_bytes())?;
    Granted::Recovery { user, v: earlier.version(), to: device, grant }.object(user)
}

impl Granted {
    /// The stored form, at home in a scope.
    fn object(&self, home: Uuid) -> Result<KeyObject> {
        let (kind, subject, v, to) = match self {
            Granted::Scope { scope, v, to, .. } => ("scope", scope, v, to),
            Granted::Team { scope, v, team, .. } => ("team", scope, v, team),
            Granted::Root { user, v, device, .. } => ("root", user, v, device),
            Granted::Recovery { user, v, to, .. } => ("recovery", user, v, to),
        };
        let mut body = doc! {
            "k": kind, "at": body::id(home), "subject": body::id(*subject), "v": body::number((*v).into()),
            "to": body::id(*to),
        };
        match self {
            Granted::Team { kid, sealed, .. } => {
                body.insert("kid", body::bytes(kid));
                body.insert("ct", body::bytes(sealed));
            }
            Granted::Scope { grant, .. } | Granted::Root { grant, .. } | Granted::Recovery { grant, .. } => {
                body.insert("enc", body::bytes(&grant.enc));
                body.insert("ct", body::bytes(&grant.ct));
            }
        }
        Ok(KeyObject::plain(GRANTS, home, body::write(&body)?))
    }
}

/// The scope whose key an object of [`GRANTS`] brings.
pub(crate) fn scope_of(object: &KeyObject) -> Option<Uuid> {
    match read(object) {
        Ok(Granted::Scope { scope, .. } | Granted::Team { scope, .. }) => Some(scope),
        Ok(Granted::Root { .. } | Granted::Recovery { .. }) | Err(_) => None,
    }
}

/// Reads a grant and checks that its id and scope are its own, and its form the only one.
pub(super) fn read(object: &KeyObject) -> Result<Granted> {
    let body = Body::read(&object.bytes, BODY_MAX)?;
    let granted = read_body(body)?;
    match granted.object(body.id("at")?)? == *object {
        true => Ok(granted),
        false => Err(Error::Elsewhere),
    }
}

fn read_body(body: Body) -> Result<Granted> {
    let (subject, v, to, ct) = (body.id("subject")?, body.small("v")?, body.id("to")?, body.bytes("ct")?);
    if ct.len() > SEALED_MAX {
        return Err(Error::TooLarge("a wrapped key"));
    }
    let grant = || -> Result<Grant> { Ok(Grant { enc: body.bytes("enc")?.to_vec(), ct: ct.to_vec() }) };
    match body.text("k")? {
        "scope" => Ok(Granted::Scope { scope: subject, v, to, grant: grant()? }),
        "team" => Ok(Granted::Team { scope: subject, v, team: to, kid: body.fixed("kid")?, sealed: ct.to_vec() }),
        "root" => Ok(Granted::Root { user: subject, v, device: to, grant: grant()? }),
        "recovery" => Ok(Granted::Recovery { user: subject, v, to, grant: grant()? }),
        _ => Err(Error::Malformed("kind of grant")),
    }
}
