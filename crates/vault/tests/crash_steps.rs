//! The process is killed while it removes a device, takes somebody out of a chart (which gives the chart a new key), hands a chart over to its custodian or destroys it, goes on under
//! new keys of its person, or locks.
//! Afterwards there is exactly one state: the one before or the one after, and the latter if it was acknowledged.
//!
//! The kills while the database gets a new key are beside that step, in `src/rekey/tests/mod.rs`.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, Role, mailbox::Mailbox};
use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};
use uuid::Uuid;
use vault::{Error, FileSafe, Find, Invitee, NewPerson, Vault};

const FOLDER: &str = "AIDPOST_CRASH_FOLDER";
const STEP: &str = "AIDPOST_CRASH_STEP";
const SUBJECT: &str = "AIDPOST_CRASH_SUBJECT";
const CHART: &str = "AIDPOST_CRASH_CHART";
const ROOT_KIT: &str = "AIDPOST_CRASH_ROOT_KIT";
const ROUNDS: u64 = 6;

/// The child: does its one step, and says when it begins and when it was acknowledged. Without its variables: nothing.
#[test]
fn child_does_one_step() {
    let (Ok(folder), Ok(step)) = (env::var(FOLDER), env::var(STEP)) else { return };
    let id = |name: &str| Uuid::parse_str(&env::var(name).unwrap()).unwrap();
    let (subject, chart) = (id(SUBJECT), id(CHART));
    let vault = Vault::open(&PathBuf::from(folder), PASSPHRASE, now()).unwrap();
    let say = |word: &str| {
        let mut out = std::io::stdout();
        writeln!(out, "step {word}").unwrap();
        out.flush().unwrap();
    };
    if step == "lock" {
        add_record(&vault, chart, "before the lock");
    }
    say("begins");
    match step.as_str() {
        "remove" => vault.remove_device(subject, &[], now()).unwrap(),
        "rotate" => vault.write(now(), |w| w.remove_from_chart(chart, subject)).map(|_| ()).unwrap(),
        "keys" => {
            vault.certify_own_keys(&env::var(ROOT_KIT).unwrap(), now()).unwrap();
            assert!(vault.finish_new_keys(&FileSafe::new(vault.folder())).unwrap());
        }
        "retain" => {
            let own = vault.me().unwrap().user;
            let page = map(serde_json::json!({ "name": "#0000-0001" }));
            let handed = vault.write(now(), |w| {
                w.put::<model::Patient>(chart, chart, &page)?;
                w.retain_chart(chart, subject, own, 0)
            });
            handed.map(drop).unwrap();
        }
        "end" => {
            vault.write(now(), |w| w.end_chart(chart)).map(drop).unwrap();
            vault.clear_closed(now()).unwrap();
        }
        "lock" => vault.close().unwrap(),
        other => panic!("no step {other}"),
    }
    say("done");
    // The parent kills it here, if it has not done so before.
    std::thread::sleep(Duration::from_secs(60));
}

/// Lets a child do its step in the folder and kills it `after` its beginning; was the step acknowledged?
fn killed(folder: &Path, step: &str, subject: Uuid, chart: Uuid, after: Duration) -> bool {
    killed_with(folder, step, (subject, chart), "", after)
}

fn killed_with(folder: &Path, step: &str, (subject, chart): (Uuid, Uuid), root_kit: &str, after: Duration) -> bool {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_does_one_step", "--nocapture"])
        .env(FOLDER, folder)
        .env(STEP, step)
        .env(SUBJECT, subject.to_string())
        .env(CHART, chart.to_string())
        .env(ROOT_KIT, root_kit)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let begins = lines.by_ref().map_while(Result::ok).any(|line| line.ends_with("step begins"));
    assert!(begins, "the child did not come to its step");
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    lines.map_while(Result::ok).any(|line| line.ends_with("step done"))
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("blobs")).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// Kills the step at rising moments, each time on a copy of the same vault, and looks at what is there afterwards. `is_done` says
/// in which of the two states a vault is; gives how many rounds ended in each.
fn kill_at_all_moments(
    from: &Path,
    step: &str,
    subject: Uuid,
    chart: Uuid,
    is_done: &dyn Fn(&Vault) -> bool,
) -> [u64; 2] {
    let mut ended = [0, 0];
    for round in 0..ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        copy_folder(from, dir.path());
        // The last round waits until the step is surely over.
        let after = if round + 1 == ROUNDS { 1_500_000 } else { round * round * 1_500 };
        let acknowledged = killed(dir.path(), step, subject, chart, Duration::from_micros(after));
        let vault = Vault::open(dir.path(), PASSPHRASE, now()).unwrap();
        vault.state_check().unwrap();
        let done = is_done(&vault);
        assert!(done || !acknowledged, "round {round}: an acknowledged {step} is gone");
        ended[usize::from(done)] += 1;
        // It goes on from there, and another start finds the same.
        add_record(&vault, chart, "afterwards");
        let mut remote = Remote::default();
        push(&vault, &mut remote);
        vault.close().unwrap();
        let vault = Vault::open(dir.path(), PASSPHRASE, now()).unwrap();
        assert_eq!(is_done(&vault), done, "round {round}");
        assert_eq!(vault.counts().unwrap().to_send, 0);
    }
    eprintln!("{step}: {ROUNDS} kills, {} before and {} after", ended[0], ended[1]);
    ended
}

#[test]
fn a_kill_leaves_a_removal_done_or_not_done() {
    let (_dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    let (_s, second) = bring_in(&ada, Invitee::OwnDevice, "AL");
    let subject = second.me().unwrap().device;
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    let removed = |vault: &Vault| vault.with_trust(|trust| trust.is_removed(subject)).unwrap();
    let [_, done] = kill_at_all_moments(&folder, "remove", subject, chart, &removed);
    assert!(done >= 1);
}

#[test]
fn a_kill_leaves_a_chart_with_its_old_key_or_with_its_new_one() {
    let (_dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    let (_c, carl) = bring_in(&ada, Invitee::Member { role: Role::Patient, clinical: false, chart: None }, "CA");
    let subject = carl.me().unwrap().user;
    ada.write(now(), |w| w.grant_chart(chart, subject, vault::trust::Rights::READ)).unwrap();
    let folder = ada.folder().to_owned();
    let before = ada.with_trust(|trust| trust.versions(chart).len()).unwrap();
    ada.close().unwrap();
    let rotated = |vault: &Vault| {
        let (versions, shared) = vault
            .with_trust(|trust| (trust.versions(chart).len(), trust.members(chart).iter().any(|one| one.0 == subject)))
            .unwrap();
        assert_eq!(versions, if shared { before } else { before + 1 }, "key and members belong together");
        !shared
    };
    let [_, done] = kill_at_all_moments(&folder, "rotate", subject, chart, &rotated);
    assert!(done >= 1);
}

/// A clinic with the chart of a patient who was removed.
fn left() -> (tempfile::TempDir, Vault, Uuid, Uuid) {
    let (dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    let invitee = Invitee::Member { role: Role::Patient, clinical: false, chart: Some(chart) };
    let (_home, grace) = bring_in(&ada, invitee, "GH");
    let person = grace.me().unwrap().user;
    ada.remove_user(person, now()).unwrap();
    (dir, ada, chart, person)
}

#[test]
fn a_kill_leaves_a_chart_with_the_team_or_with_its_custodian() {
    let (_dir, ada, chart, person) = left();
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    let handed = |vault: &Vault| {
        let (kept, team) = vault
            .with_trust(|trust| {
                let members = trust.newest(chart).map(|version| version.members.len());
                (trust.retention_of(chart).is_some(), members)
            })
            .unwrap();
        assert_eq!(name_of(vault, chart), if kept { "#0000-0001" } else { "Grace" }, "name and key belong together");
        assert_eq!(team, Some(if kept { 1 } else { 2 }));
        kept
    };
    let [_, done] = kill_at_all_moments(&folder, "retain", person, chart, &handed);
    assert!(done >= 1);
}

#[test]
fn a_kill_while_a_chart_is_destroyed_is_gone_on_with() {
    let (_dir, ada, chart, person) = left();
    add_record(&ada, chart, "to be destroyed");
    let own = ada.me().unwrap().user;
    ada.write(now(), |w| w.retain_chart(chart, person, own, 0)).unwrap();
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    let mut ended = [0, 0];
    for round in 0..ROUNDS {
        let dir = tempfile::tempdir().unwrap();
        copy_folder(&folder, dir.path());
        let after = if round + 1 == ROUNDS { 1_500_000 } else { round * round * 1_500 };
        let acknowledged = killed(dir.path(), "end", person, chart, Duration::from_micros(after));
        let vault = Vault::open(dir.path(), PASSPHRASE, now()).unwrap();
        vault.state_check().unwrap();
        let over = vault.kept_charts().unwrap()[0].ended;
        assert!(over || !acknowledged, "round {round}: an acknowledged end is gone");
        ended[usize::from(over)] += 1;
        let records = |vault: &Vault| vault.list::<MedicalRecord>(&Find::default()).unwrap().len();
        let expected = usize::from(!over);
        vault.clear_closed(now()).unwrap();
        assert_eq!(records(&vault), expected, "round {round}: it ends all or nothing");
        vault.state_check().unwrap();
        vault.close().unwrap();
        let vault = Vault::open(dir.path(), PASSPHRASE, now()).unwrap();
        assert_eq!(records(&vault), expected);
        assert!(
            vault.clear_closed(now()).unwrap() == vault::Cleared::default(),
            "round {round}: nothing is left to do"
        );
    }
    eprintln!("end: {ROUNDS} kills, {} before and {} after", ended[0], ended[1]);
    assert!(ended[1] >= 1);
}

#[test]
fn a_kill_while_locking_loses_nothing() {
    let (_dir, ada) = clinic();
    let chart = open_chart(&ada, "Grace");
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    // Written and acknowledged before the lock began: there in every round.
    let kept = |vault: &Vault| {
        let records = vault.list::<MedicalRecord>(&Find::default()).unwrap();
        records.iter().any(|row| row.value.title == "before the lock")
    };
    assert_eq!(kill_at_all_moments(&folder, "lock", Uuid::nil(), chart, &kept), [0, ROUNDS]);
}

/// The database, the file beside it and the account secret change one after the other: wherever it stops, either passphrase or the
/// other opens the vault, and opening it finishes the change.
#[test]
fn a_kill_leaves_the_old_keys_or_the_new_ones() {
    const NEW: &str = "gravel lantern mosaic ferry thimble";
    const KILLS: u64 = 12;
    let dir = tempfile::tempdir().unwrap();
    let person = NewPerson { initials: "AL", passphrase: PASSPHRASE, alone: true };
    let (ada, papers) = Vault::found(dir.path(), &person, now()).unwrap();
    let (root_kit, old_kit) = (papers.root_kit_text.unwrap(), papers.kit_text);
    let chart = open_chart(&ada, "Grace");
    let kit = ada.ask_new_keys(NEW, now()).unwrap().kit_text;
    let folder = ada.folder().to_owned();
    ada.close().unwrap();
    let mut ended = [0, 0];
    for round in 0..KILLS {
        let dir = tempfile::tempdir().unwrap();
        copy_folder(&folder, dir.path());
        let after = if round + 1 == KILLS { 1_500_000 } else { round * 2_500 };
        let moment = Duration::from_micros(after);
        let acknowledged = killed_with(dir.path(), "keys", (Uuid::nil(), chart), &root_kit, moment);
        let open = |passphrase: &str| Vault::open(dir.path(), passphrase, now());
        let vault = match open(PASSPHRASE) {
            Err(Error::WrongPassphrase) => open(NEW).unwrap(),
            opened => opened.unwrap(),
        };
        vault.state_check().unwrap();
        let done = vault.own_keys().unwrap().version == 2;
        assert!(done || !acknowledged, "round {round}: acknowledged and gone");
        ended[usize::from(done)] += 1;
        add_record(&vault, chart, "afterwards");
        if !done {
            vault.certify_own_keys(&root_kit, now()).unwrap();
            assert!(vault.finish_new_keys(&FileSafe::new(dir.path())).unwrap());
        }
        assert!(!vault.has_unfinished_keys().unwrap(), "round {round}");
        vault.check_kit(&kit).unwrap();
        assert!(matches!(vault.check_kit(&old_kit), Err(Error::WrongKit)));
        vault.close().unwrap();
        assert!(matches!(open(PASSPHRASE), Err(Error::WrongPassphrase)), "round {round}");
        open(NEW).unwrap().close().unwrap();
    }
    eprintln!("keys: {KILLS} kills, {} before and {} after", ended[0], ended[1]);
    assert!(ended[1] >= 1);
}
