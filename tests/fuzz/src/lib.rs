//! A small realm whose keys the fuzzer holds, so that hostile bodies come in under signatures and seals that are right: what
//! is tried is the reader behind them.

use crypto::Key;
use crypto::encode::{lp, sha256};
use crypto::grant::AgreementKey;
use crypto::sign::{self, Signer};
use data_encoding::BASE32_NOPAD;
use model::Role;
use std::sync::LazyLock;
use uuid::Uuid;
use vault::trust::certificate::{DeviceKeys, Issuer, Standing, UserKeys};
use vault::trust::object::{CERTS, JOURNAL, device_id};
use vault::trust::{KeyObject, Trust};

/// 2027-01-15 in milliseconds since 1970.
pub const NOW_MS: u64 = 1_800_000_000_000;

/// A realm with one person and one device.
pub struct Realm {
    root: Signer,
    device: Signer,
    device_certificate: Uuid,
    /// The realm's id.
    pub id: Uuid,
    /// What is known of it.
    pub trust: Trust,
}

/// The realm; the same in every round of a run.
pub static REALM: LazyLock<Realm> = LazyLock::new(Realm::make);

fn signer(seed: u8) -> Signer {
    Signer::from_seed(&Key::from_bytes([seed; 32]))
}

fn agreement(seed: u8) -> crypto::grant::AgreementPublic {
    AgreementKey::from_seed(&Key::from_bytes([seed; 32])).public()
}

impl Realm {
    fn make() -> Self {
        let (root, person, device) = (signer(1), signer(2), signer(3));
        let id = Uuid::from_bytes(sign::realm_id(&root.public()));
        let user = Uuid::from_bytes([9; 16]);
        let keys =
            UserKeys { sign: person.public(), agree: agreement(4), recovery: agreement(5), version: 1, since_ms: 0 };
        let standing = Standing { role: Role::SuperAdmin, clinical: true };
        let of_user =
            Issuer::root(id, &root).certify_user(user, 1, keys, standing, None, NOW_MS).expect("a certificate");
        let claim = sign::sign(&device, "device-claim", id.as_bytes(), [0; 16], user.as_bytes().to_vec()).signature;
        let keys = DeviceKeys { sign: device.public(), agree: agreement(6), claim };
        let issuer = Issuer { realm: id, signer: &person, certificate: of_user.id, not_before_s: 0 };
        let of_device = issuer.certify_device(1, keys, NOW_MS).expect("a certificate");
        let mut trust = Trust::new(root.public());
        assert_eq!(trust.learn_all(&[of_user, of_device.clone()]), []);
        assert!(trust.device(device_id(&device.public())).is_some());
        Realm { root, device, device_certificate: of_device.id, id, trust }
    }

    /// A body that the root signed as this kind of object of [`CERTS`] or another collection.
    pub fn by_root(&self, collection: &str, kind: &str, body: &[u8]) -> Option<KeyObject> {
        let signed = sign::sign(&self.root, kind, self.id.as_bytes(), self.id.into_bytes(), body.to_vec());
        let digest = sha256(&lp(&[b"mv1/id", collection.as_bytes(), &sha256(body)]));
        let id = uuid::Builder::from_custom_bytes(*digest.first_chunk()?).into_uuid();
        KeyObject::new(collection, id, self.id, signed.to_bytes()).ok()
    }

    /// A certificate's or revocation's body.
    pub fn certificate(&self, kind: &str, body: &[u8]) -> Option<KeyObject> {
        self.by_root(CERTS, kind, body)
    }

    /// A body that the device signed as an entry of its journal.
    pub fn entry(&self, body: &[u8]) -> Option<KeyObject> {
        let certificate = self.device_certificate.into_bytes();
        let signed = sign::sign(&self.device, "journal", self.id.as_bytes(), certificate, body.to_vec());
        let device = device_id(&self.device.public());
        KeyObject::new(JOURNAL, vault::trust::journal_id(device, 1), self.id, signed.to_bytes()).ok()
    }
}

/// A payload as text, with the check that fits.
pub fn framed(label: &str, payload: &[u8]) -> String {
    let whole = [payload, &sha256(payload)[..4]].concat();
    format!("{label}:{}", BASE32_NOPAD.encode(&whole))
}
