//! Getting back in with the kit on paper, and quick unlock by PIN: offline, and nothing of it opens for anybody else.

#![allow(clippy::unwrap_used)]

use crypto::Key;
use model::{Map, Patient};
use std::{collections::BTreeMap, fs, path::Path, sync::Mutex};
use vault::{Error, FileSafe, Find, NewPerson, Papers, Result, Safe, Vault};

const NOW: u64 = 1_800_000_000_000;
const HOUR: u64 = 3_600_000;
const OLD: &str = "velvet tundra cactus orbit";
const NEW: &str = "gravel lantern mosaic ferry";

/// A keychain for one test.
#[derive(Default)]
struct Keychain(Mutex<BTreeMap<String, Key>>);

impl Safe for Keychain {
    fn keep(&self, name: &str, secret: &Key) -> Result<()> {
        self.0.lock().unwrap().insert(name.to_owned(), secret.duplicate());
        Ok(())
    }

    fn get(&self, name: &str) -> Result<Option<Key>> {
        Ok(self.0.lock().unwrap().get(name).map(Key::duplicate))
    }

    fn forget(&self, name: &str) -> Result<()> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
}

fn found(root: &Path) -> (Vault, Papers) {
    let person = NewPerson { initials: "LJ", passphrase: OLD, alone: true };
    let (vault, papers) = Vault::found(root, &person, NOW).unwrap();
    let added = vault.write(NOW, |w| {
        let id = w.new_id()?;
        w.open_chart(id, None)?;
        let front = [("name".to_owned(), "Lea Jensen".into()), ("is_archived".to_owned(), false.into())];
        w.put::<Patient>(id, id, &Map::from_iter(front))
    });
    added.unwrap();
    (vault, papers)
}

fn patients(vault: &Vault) -> usize {
    vault.list::<Patient>(&Find::default()).unwrap().len()
}

#[test]
fn the_kit_opens_a_record_whose_passphrase_is_forgotten_and_stays_good() {
    let root = tempfile::tempdir().unwrap();
    let (vault, papers) = found(root.path());
    let (folder, safe) = (vault.folder().to_owned(), FileSafe::new(vault.folder()));
    vault.check_kit(&papers.kit_text).unwrap();
    vault.close().unwrap();
    // The device's part of the key may be lost too: the kit brings it.
    safe.forget("").unwrap();

    let back = Vault::recover(&folder, &papers.kit_text, NEW, NOW + HOUR, &safe).unwrap();
    assert_eq!(patients(&back), 1);
    assert!(back.alerts().unwrap().iter().any(|alert| alert.code == "kit-used"));
    back.check_kit(&papers.kit_text).unwrap();
    back.close().unwrap();

    assert!(matches!(Vault::open(&folder, OLD, NOW), Err(Error::WrongPassphrase)));
    let opened = Vault::open(&folder, NEW, NOW + 2 * HOUR).unwrap();
    assert_eq!(patients(&opened), 1);
    opened.close().unwrap();
    Vault::recover(&folder, &papers.kit_text, OLD, NOW + 3 * HOUR, &safe).unwrap().close().unwrap();
}

#[test]
fn a_wrong_kit_changes_nothing() {
    let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (vault, papers) = found(root.path());
    let (other, others_papers) = found(elsewhere.path());
    let (folder, safe) = (vault.folder().to_owned(), FileSafe::new(vault.folder()));
    vault.close().unwrap();
    other.close().unwrap();
    let before = fs::read(folder.join("vault.slots")).unwrap();
    let tried = |kit: &str, passphrase: &str| Vault::recover(&folder, kit, passphrase, NOW, &safe).err().unwrap();

    assert!(matches!(tried(&others_papers.kit_text, NEW), Error::WrongKit));
    assert!(matches!(tried("KIT1:ABC", NEW), Error::KitUnreadable));
    assert!(matches!(tried(&papers.kit_text[..60], NEW), Error::KitUnreadable));
    assert!(matches!(tried(&papers.kit_text, "short"), Error::WeakPassphrase(_)));
    // A kit of the right person with another secret, as after it was replaced.
    let user = *crypto::kit::Kit::parse(&papers.kit_text).unwrap().user();
    let replaced = crypto::kit::Kit::make(user).unwrap().text();
    assert!(matches!(tried(&replaced, NEW), Error::WrongKit));

    assert_eq!(fs::read(folder.join("vault.slots")).unwrap(), before);
    Vault::open(&folder, OLD, NOW).unwrap();
}

#[test]
fn a_record_of_an_older_program_gets_its_way_back_at_the_next_unlock() {
    let root = tempfile::tempdir().unwrap();
    let (vault, papers) = found(root.path());
    let (folder, safe) = (vault.folder().to_owned(), FileSafe::new(vault.folder()));
    vault.close().unwrap();
    let path = folder.join("vault.slots");
    let mut slots: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    slots.as_object_mut().unwrap().remove("kit").unwrap();
    fs::write(&path, serde_json::to_vec(&slots).unwrap()).unwrap();

    assert!(matches!(Vault::recover(&folder, &papers.kit_text, NEW, NOW, &safe), Err(Error::NoKit)));
    Vault::open(&folder, OLD, NOW).unwrap().close().unwrap();
    Vault::recover(&folder, &papers.kit_text, NEW, NOW, &safe).unwrap();
}

#[test]
fn a_pin_opens_for_a_working_day_on_this_start_of_the_computer() {
    let (root, keychain) = (tempfile::tempdir().unwrap(), Keychain::default());
    let (vault, _) = found(root.path());
    let folder = vault.folder().to_owned();
    assert!(matches!(vault.set_quick("12345", &keychain, "boot", NOW), Err(Error::WeakPassphrase(_))));
    assert!(matches!(vault.set_quick("12345a", &keychain, "boot", NOW), Err(Error::WeakPassphrase(_))));
    vault.set_quick("271828", &keychain, "boot", NOW).unwrap();
    vault.close().unwrap();
    let open = |pin: &str, boot: &str, now: u64| Vault::open_quick(&folder, pin, &keychain, boot, now);

    assert!(matches!(open("271829", "boot", NOW), Err(Error::WrongPassphrase)));
    let opened = open("271828", "boot", NOW + 11 * HOUR).unwrap();
    assert_eq!(patients(&opened), 1);
    opened.close().unwrap();
    assert!(matches!(open("271828", "another boot", NOW), Err(Error::NoQuick)));
    assert!(matches!(open("271828", "boot", NOW + 12 * HOUR), Err(Error::NoQuick)));
    assert!(matches!(open("271828", "boot", NOW - HOUR), Err(Error::NoQuick)), "the clock was set back");

    // The passphrase makes it good again.
    Vault::open(&folder, OLD, NOW + 20 * HOUR).unwrap().close().unwrap();
    Vault::lengthen_quick(&folder, "boot", NOW + 20 * HOUR).unwrap();
    open("271828", "boot", NOW + 30 * HOUR).unwrap().close().unwrap();

    // Without the keychain, the folder is of no use, whatever the PIN.
    let stolen = Vault::open_quick(&folder, "271828", &Keychain::default(), "boot", NOW + 21 * HOUR);
    assert!(matches!(stolen, Err(Error::NoQuick)));

    Vault::remove_quick(&folder, &keychain).unwrap();
    assert!(matches!(open("271828", "boot", NOW + 21 * HOUR), Err(Error::NoQuick)));
    assert!(keychain.0.lock().unwrap().is_empty());
    Vault::open(&folder, OLD, NOW + 21 * HOUR).unwrap();
}
