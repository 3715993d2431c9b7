//! The process is killed while it writes: every write that was acknowledged is there afterwards, and nothing is half there.
#![allow(clippy::unwrap_used)]

mod common;

use common::*;
use model::{MedicalRecord, mailbox::Mailbox};
use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};
use uuid::Uuid;
use vault::{Find, Vault};

const FOLDER: &str = "AIDPOST_CRASH_FOLDER";
const CHART: &str = "AIDPOST_CRASH_CHART";
const ROUNDS: usize = 12;

/// The child: writes until it is killed, and says so after each commit. Without its variables it has nothing to do.
#[test]
fn child_writes_until_it_is_killed() {
    let (Ok(folder), Ok(chart)) = (env::var(FOLDER), env::var(CHART)) else { return };
    let chart = Uuid::parse_str(&chart).unwrap();
    let vault = Vault::open(&PathBuf::from(folder), PASSPHRASE, now()).unwrap();
    let mut out = std::io::stdout();
    for n in 0.. {
        let (ids, _) = vault
            .write(now(), |w| {
                let (one, two) = (w.new_id()?, w.new_id()?);
                w.append(one, chart, &record(chart, &format!("first {n}")))?;
                w.append(two, chart, &record(chart, &format!("second {n}")))?;
                w.put::<model::Patient>(chart, chart, &map(serde_json::json!({"address": n.to_string()})))?;
                Ok([one, two])
            })
            .unwrap();
        writeln!(out, "kept {} {}", ids[0], ids[1]).unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_kill_loses_no_acknowledged_write() {
    let (_dir, vault) = clinic();
    let chart = open_chart(&vault, "Grace");
    let folder = vault.folder().to_owned();
    drop(vault);
    let mut kept: Vec<Uuid> = Vec::new();
    for round in 0..ROUNDS {
        kept.extend(killed_child(&folder, chart, round));
    }
    let vault = Vault::open(&folder, PASSPHRASE, now()).unwrap();
    assert!(kept.len() >= 2 * ROUNDS, "{} writes were acknowledged", kept.len());
    for id in &kept {
        assert!(vault.get::<MedicalRecord>(*id).unwrap().is_some());
    }
    let count = vault.count::<MedicalRecord>(&Find::default()).unwrap();
    assert!(count.is_multiple_of(2) && count >= kept.len() as u64, "a transaction is whole or not there");
    let founding = vault.counts().unwrap().to_send - count;
    assert!(founding > 0, "all {count} records wait to be sent, with the founding's objects and the front page");
    vault.state_check().unwrap();
    let mut remote = Remote::default();
    sync(&vault, &mut remote);
    assert_quiet(&vault);
    eprintln!("{ROUNDS} kills, {} acknowledged documents, {count} there", kept.len());
}

fn killed_child(folder: &std::path::Path, chart: Uuid, round: usize) -> Vec<Uuid> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_writes_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(CHART, chart.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut kept = Vec::new();
    while let Some(Ok(line)) = lines.next() {
        kept.extend(ids_in(&line));
        if kept.len() > 2 * (1 + round % 5) {
            break;
        }
    }
    // Somewhere in the middle of a later write.
    std::thread::sleep(Duration::from_micros(137 * round as u64));
    child.kill().unwrap();
    child.wait().unwrap();
    for line in lines.map_while(Result::ok) {
        kept.extend(ids_in(&line));
    }
    kept
}

/// The ids of a whole line; the last one may be cut.
fn ids_in(line: &str) -> Vec<Uuid> {
    let Some((_, ids)) = line.split_once("kept ") else { return Vec::new() };
    let ids: Vec<Uuid> = ids.split(' ').filter_map(|id| Uuid::parse_str(id).ok()).collect();
    if ids.len() == 2 { ids } else { Vec::new() }
}
