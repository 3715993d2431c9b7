use super::*;
use crate::{FileSafe, Safe, backup, blobs, common::*};
use model::MedicalRecord;
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const FOLDER: &str = "AIDPOST_REKEY_FOLDER";
const KILLS: u32 = 24;

fn root_of(home: &Path) -> UserRoot {
    let slots = SlotsFile::read(home).unwrap();
    let account = FileSafe::new(home).get(&slots.name()).unwrap().unwrap();
    slots.open(PASSPHRASE, &account).unwrap()
}

fn key_of(home: &Path) -> Key {
    SlotsFile::read(home).unwrap().vault_key(&root_of(home)).unwrap()
}

fn opens(home: &Path, key: &Key) -> bool {
    db::open(&home.join(folder::DATABASE), key, Purpose::Write).is_ok()
}

fn copy_of(home: &Path) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join(folder::BLOBS)).unwrap();
    for path in fs::read_dir(home).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    dir
}

/// A closed vault with a chart of some pages.
fn filled() -> (tempfile::TempDir, PathBuf) {
    let (dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    for number in 0..60 {
        add_record(&ada, chart, &format!("record {number} {}", "of some length ".repeat(40)));
    }
    let home = ada.folder().to_owned();
    ada.close().unwrap();
    (dir, home)
}

#[test]
fn the_next_unlock_gives_the_new_key_and_the_old_one_opens_nothing_more() {
    let (_dir, home) = filled();
    let before = key_of(&home);
    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    vault.wish_new_key().unwrap();
    assert!(Vault::awaits_new_key(&home).unwrap());
    let wished = fs::read(home.join(folder::SLOTS)).unwrap();
    vault.wish_new_key().unwrap();
    assert_eq!(fs::read(home.join(folder::SLOTS)).unwrap(), wished, "a wish that stands stays as it is");
    vault.close().unwrap();

    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    assert!(!Vault::awaits_new_key(&home).unwrap());
    vault.state_check().unwrap();
    assert_eq!(vault.list::<MedicalRecord>(&crate::Find { limit: 100, ..Default::default() }).unwrap().len(), 60);
    vault.close().unwrap();
    assert!(!opens(&home, &before));
    assert!(opens(&home, &key_of(&home)));
    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    vault.state_check().unwrap();
}

#[test]
fn a_restored_record_gets_a_new_key_at_its_first_opening() {
    let (_dir, home) = filled();
    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    let shelf = tempfile::tempdir().unwrap();
    let made = vault.back_up(shelf.path(), now(), &mut |_, _| true).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = FileSafe::new(&home).get(&SlotsFile::read(&home).unwrap().name()).unwrap().unwrap();
    let restored = backup::restore(elsewhere.path(), &made, &|home| Box::new(FileSafe::new(home)), &mut |_, _| true);
    let restored = restored.unwrap();
    FileSafe::new(&restored).keep(&SlotsFile::read(&restored).unwrap().name(), &secret).unwrap();
    let old = key_of(&restored);
    let again = Vault::open(&restored, PASSPHRASE, now()).unwrap();
    again.state_check().unwrap();
    again.close().unwrap();
    assert!(!opens(&restored, &old));
    // The record from which it came goes on under its own.
    vault.state_check().unwrap();
    vault.close().unwrap();
    assert!(opens(&home, &old));
}

#[test]
fn what_was_put_back_is_not_vouched_for_by_a_new_key() {
    let (_dir, home) = filled();
    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    vault.wish_new_key().unwrap();
    vault.close().unwrap();
    let old = key_of(&home);
    let connection = db::open(&home.join(folder::DATABASE), &old, Purpose::Write).unwrap();
    let table = schema::table(<MedicalRecord as model::Collection>::DEF);
    assert_eq!(
        connection.execute(&format!("DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})"), []).unwrap(),
        1
    );
    connection.close().unwrap();
    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    assert!(Vault::awaits_new_key(&home).unwrap(), "the wish stands");
    assert!(matches!(vault.state_check(), Err(Error::Damaged(_))));
    vault.close().unwrap();
    assert!(opens(&home, &old), "and its person comes to what is there");
    assert!(Vault::open(&home, PASSPHRASE, now()).unwrap().is_read_only().unwrap());
}

/// The child: opens the vault, and says when the change begins and when it is over. Without its variable: nothing.
#[test]
fn child_changes_the_key() {
    let Ok(home) = env::var(FOLDER) else { return };
    let home = PathBuf::from(home);
    let root = root_of(&home);
    let say = |word: &str| {
        let mut out = std::io::stdout();
        writeln!(out, "key {word}").unwrap();
        out.flush().unwrap();
    };
    say("begins");
    settle(&home, &root).unwrap();
    say("changed");
    // The parent kills it here, if it has not done so before.
    std::thread::sleep(Duration::from_secs(60));
}

/// Lets a child change the key and kills it `after` the beginning; gives whether the change was over, and how long it took.
fn killed(home: &Path, after: Option<Duration>) -> (bool, Duration) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "rekey::tests::child_changes_the_key", "--nocapture"])
        .env(FOLDER, home)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::<_, std::io::Error>::ok);
    assert!(lines.by_ref().any(|line| line.ends_with("key begins")), "the child did not come to its step");
    let begun = Instant::now();
    let over = match after {
        Some(after) => {
            std::thread::sleep(after);
            child.kill().unwrap();
            lines.any(|line| line.ends_with("key changed"))
        }
        None => lines.any(|line| line.ends_with("key changed")),
    };
    let took = begun.elapsed();
    // It may be gone already.
    let _ = child.kill();
    child.wait().unwrap();
    (over, took)
}

#[test]
fn a_kill_leaves_a_file_that_opens_with_exactly_one_of_the_two_keys() {
    let (_dir, home) = filled();
    let vault = Vault::open(&home, PASSPHRASE, now()).unwrap();
    vault.wish_new_key().unwrap();
    vault.close().unwrap();
    let root = root_of(&home);
    let slots = SlotsFile::read(&home).unwrap();
    let (old, new) = (slots.vault_key(&root).unwrap(), slots.new_vault_key(&root).unwrap().unwrap());
    let (over, whole) = killed(copy_of(&home).path(), None);
    assert!(over);
    let mut opened = [0, 0];
    for round in 0..KILLS {
        let copy = copy_of(&home);
        let (over, _) = killed(copy.path(), Some(whole * round / (KILLS - 8)));
        let by = [opens(copy.path(), &old), opens(copy.path(), &new)];
        assert!(by[0] != by[1], "round {round}: opened by the old and the new: {by:?}");
        assert!(by[1] || !over, "round {round}: the change was over, and the old key opens it");
        opened[usize::from(by[1])] += 1;
        let given = settle(copy.path(), &root).unwrap();
        assert!(opens(copy.path(), &given) && !opens(copy.path(), &old), "round {round}");
        blobs::remove_unfinished(copy.path()).unwrap();
        let connection = db::open(&copy.path().join(folder::DATABASE), &given, Purpose::Write).unwrap();
        sum::check(&connection, &RowKey::from_vault_key(&given), &|| Ok(())).unwrap();
        assert!(!SlotsFile::read(copy.path()).unwrap().awaits_new_key());
    }
    eprintln!("{KILLS} kills while the key changes: {} before and {} after", opened[0], opened[1]);
    assert!(opened.iter().all(|count| *count > 0), "no kill fell on one side: {opened:?}");
}
