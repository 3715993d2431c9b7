//! What the link host bears: a thousand requests a second for ten seconds, from many addresses, while two hundred slow peers sit beside;
//! then the tally is compared with what was answered.
//!
//! `cargo bench -p aidpost-tests --bench links --profile dev`; `AIDPOST_RATE` and `AIDPOST_SECONDS` say another load.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench says what it measured, and stops where it fails"
)]

use aidpost_tests::{
    desk::Desk,
    figures::{number, quantile},
    wire::{self, address, dawdle},
};
use serde_json::{Value, json};
use share::link::Link;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const LINKS: usize = 20;
const USES: usize = 50;
/// So many addresses ask, all of this computer: no pair of link and address goes beyond its pace.
const ADDRESSES: usize = 100;
const SLOW: usize = 200;
const BODY: &str = r#"{"recipient":"Dr Ann"}"#;

async fn make(desk: &Desk) -> Vec<(Value, Link)> {
    let form = json!({ "name": "Maria Okafor", "date_of_birth": "1950-03-01", "gender": "female", "phone": null, "email": null, "address": null, "preferred_language": null, "blood_group": null });
    let patient = desk.ask("patients.register", form).await.unwrap()["id"].clone();
    let mut links = Vec::new();
    for _ in 0..LINKS {
        let share = json!({ "patient": patient, "choices": [], "kinds": ["allergies"], "label": "For the desk", "minutes": 600, "max_uses": USES, "passcode": null, "direct": false });
        let view = desk.ask("shares.make", share).await.unwrap();
        links.push((view["row"]["id"].clone(), Link::parse(view["link"].as_str().unwrap()).unwrap()));
    }
    links
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (rate, seconds) = (number("AIDPOST_RATE", 1_000), number("AIDPOST_SECONDS", 10));
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::make_clinic(&folder.path().join("vaults")).await.unwrap();
    let links = make(&desk).await;
    let to: SocketAddr = links[0].1.url().split('/').nth(2).unwrap().parse().unwrap();
    let slow: Vec<_> = (0..SLOW).map(|_| tokio::spawn(dawdle(to))).collect();

    let begun = Instant::now();
    let mut asked = Vec::new();
    for n in 0..rate * seconds {
        // Open loop: a request comes when it comes, however long the ones before take.
        tokio::time::sleep_until((begun + Duration::from_micros(n * 1_000_000 / rate)).into()).await;
        let at = usize::try_from(n).unwrap();
        let path = format!("/{}", links[at % LINKS].1.url().splitn(4, '/').nth(3).unwrap());
        let from = address(u16::try_from(at / LINKS % ADDRESSES).unwrap());
        asked.push(tokio::spawn(async move {
            let since = Instant::now();
            let answer = wire::ask(to, from, "POST", &path, &to.to_string(), BODY).await;
            (answer.map(|seen| seen.status), since.elapsed())
        }));
    }
    let mut statuses: BTreeMap<Option<u16>, Vec<Duration>> = BTreeMap::new();
    for one in asked {
        let (status, lasted) = one.await.unwrap();
        statuses.entry(status).or_default().push(lasted);
    }
    let lasted = begun.elapsed();
    slow.into_iter().for_each(|one| one.abort());

    println!("offered {rate}/s for {seconds} s with {SLOW} slow peers; all answered after {lasted:.1?}");
    for (status, times) in &mut statuses {
        times.sort();
        let [half, most, last] = [50, 99, 100].map(|percent| quantile(times, percent));
        println!("{status:?}: {} answers; median {half:.1?}, p99 {most:.1?}, longest {last:.1?}", times.len());
    }
    let mut uses = 0;
    for (id, _) in &links {
        let row = desk.ask("shares.view", json!({ "id": id })).await.unwrap()["row"].clone();
        let own = row["uses"].as_u64().unwrap();
        assert!(own <= USES as u64, "more openings than allowed: {own}");
        uses += own;
    }
    let granted = statuses.get(&Some(200)).map_or(0, Vec::len) as u64;
    println!("tally: {uses} openings counted, {granted} answered with 200, at most {} allowed", LINKS * USES);
    assert!(granted <= uses, "an opening was not counted");
    desk.leave().await;
}
