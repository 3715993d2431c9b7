//! A person's slot: their root behind a passphrase and the account secret, as an object of class K.

use super::body::{self, Body};
use super::keyring::is_root_of;
use super::object::{KeyObject, SLOTS};
use super::store::Trust;
use super::{Error, Result};
use bson::doc;
use crypto::Key;
use crypto::root::UserRoot;
use crypto::slot::{self, Cost, Kind, Slot};
use uuid::Uuid;

const SLOT_MAX: usize = 4096;

/// Closes a slot. Slots are pulled by their own user only.
///
/// # Errors
/// [`Error::Crypto`] for a passphrase that is not accepted.
pub fn close(cost: Cost, user: Uuid, root: &UserRoot, account: &Key, passphrase: &str) -> Result<KeyObject> {
    let slot = slot::close_at(cost, root, user.as_bytes(), passphrase, account)?;
    write(user, &slot)
}

fn write(user: Uuid, slot: &Slot) -> Result<KeyObject> {
    let bytes = body::write(&doc! {
        "id": body::bytes(&slot.id), "kind": slot.kind.name(), "user": body::bytes(&slot.user),
        "v": body::number(slot.v.into()), "salt": body::bytes(&slot.salt), "m": body::number(slot.m.into()),
        "t": body::number(slot.t.into()), "p": body::number(slot.p.into()), "body": body::bytes(&slot.body),
    })?;
    Ok(KeyObject { collection: SLOTS, id: Uuid::from_bytes(slot.id), scope: user, bytes })
}

/// Reads a slot. Nothing about it is known before it has been opened.
///
/// # Errors
/// [`Error::Malformed`]; [`Error::Elsewhere`] under another id or scope.
pub fn read(object: &KeyObject) -> Result<Slot> {
    let body = Body::read(&object.bytes, SLOT_MAX)?;
    let slot = Slot {
        id: body.fixed("id")?,
        kind: match body.text("kind")? {
            "pass" => Kind::Pass,
            _ => return Err(Error::Malformed("kind of slot")),
        },
        user: body.fixed("user")?,
        v: body.small("v")?,
        salt: body.fixed("salt")?,
        m: body.small("m")?,
        t: body.small("t")?,
        p: body.small("p")?,
        body: body.bytes("body")?.to_vec(),
    };
    match *object == write(object.scope, &slot)? && slot.user == *object.scope.as_bytes() {
        true => Ok(slot),
        false => Err(Error::Elsewhere),
    }
}

/// Opens a slot and accepts the root only if the person's certificate is for it.
///
/// # Errors
/// [`Error::Passphrase`] when it does not open; [`Error::ForeignKey`] for another or older root; [`Error::Unknown`]
/// without the certificate.
pub fn open(trust: &Trust, object: &KeyObject, passphrase: &str, account: &Key) -> Result<UserRoot> {
    let slot = read(object)?;
    let root = slot::open(&slot, passphrase, account).map_err(|error| match error {
        crypto::Error::Unopenable => Error::Passphrase,
        other => Error::Crypto(other),
    })?;
    let own = trust.user(object.scope).ok_or(Error::Unknown("the person's certificate"))?;
    match own.user_keys().is_some_and(|keys| is_root_of(&root, keys)) {
        true => Ok(root),
        false => Err(Error::ForeignKey),
    }
}
