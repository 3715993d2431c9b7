//! What the link host beside a database bears: openings a second, each counted by one atomic change and written down before it is
//! answered, in a real MongoDB that syncs to its disk; beside it the answers of links that are over. Then the tally is compared with
//! what was answered: a wrong one fails the bench.
//!
//! `make bench-host`; `AIDPOST_SECONDS` says how long each part takes, `AIDPOST_AT_ONCE` how many ask at the same time.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench says what it measured, and stops where it fails"
)]

use aidpost_tests::figures::{number, quantile};
use aidpost_tests::hosting::free;
use aidpost_tests::wire;
use app::SystemClock;
use app::host::{Host, HostOptions};
use model::Stamp;
use mongodb::bson::{Document, doc};
use share::link::{LinkKey, hosted_id, make_id};
use share::serve::Pace;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use sync::remote::hosted::{HostedFile, HostedLink};
use sync::remote::mongo::MongoRemote;
use sync::server::LocalServer;
use sync::{Address, Remote as _};
use uuid::Uuid;

const LINKS: usize = 50;
/// So many openings each of the links that run out allows.
const USES: u32 = 100;
const REALM: Uuid = Uuid::from_u128(1);
/// A chart of a few pages, encrypted.
const TEXT: usize = 20_000;
const BODY: &str = r#"{"recipient":"Dr Ann"}"#;

/// Puts a link up; the random part of its address.
async fn put(remote: &MongoRemote, max_uses: Option<u32>) -> String {
    let (id, key, file) = (make_id().unwrap(), LinkKey::make().unwrap(), Uuid::new_v4());
    let text = share::jwe::encrypt(&key, "application/fhir+json", &vec![b' '; TEXT], false).unwrap();
    let content_type = "application/fhir+json".to_owned();
    let hosted =
        HostedFile { id: file, content_type, length: text.len() as u64, updated: 1_800_000_000, can_change: false };
    let link = HostedLink {
        id: hosted_id(&id),
        realm: REALM,
        stamp: Stamp([1; 16]),
        is_revoked: false,
        is_paused: false,
        expires: None,
        max_uses,
        passcode_hash: None,
        wrong_max: 5,
        is_direct: false,
        audit_key: share::audit::public_key(&key),
        files: vec![hosted],
    };
    remote.put_hosted(&link, &[(file, text)], 1_800_000_000_000).await.unwrap();
    id
}

/// What came of one part.
struct Part {
    granted: u64,
    gone: u64,
    failed: u64,
    lasted: Duration,
    times: Vec<Duration>,
}

/// So many ask without a pause, from addresses of their own, for so long.
async fn ask(to: SocketAddr, ids: &Arc<Vec<String>>, at_once: u64, seconds: u64) -> Part {
    let (next, begun) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let end = begun + Duration::from_secs(seconds);
    let asking = (0..at_once).map(|n| {
        let (next, ids) = (next.clone(), ids.clone());
        tokio::spawn(async move {
            let (mut seen, host) = (Vec::new(), to.to_string());
            while Instant::now() < end {
                let at = usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                let (path, since) = (format!("/shl/{}", ids[at % ids.len()]), Instant::now());
                let from = wire::address(u16::try_from(n).unwrap());
                let status = wire::ask(to, from, "POST", &path, &host, BODY).await.map_or(0, |seen| seen.status);
                seen.push((status, since.elapsed()));
            }
            seen
        })
    });
    let mut all = Vec::new();
    for one in asking.collect::<Vec<_>>() {
        all.extend(one.await.unwrap());
    }
    let count = |status: u16| all.iter().filter(|(own, _)| *own == status).count() as u64;
    let (granted, gone) = (count(200), count(404));
    let mut times: Vec<Duration> = all.iter().map(|(_, lasted)| *lasted).collect();
    times.sort();
    Part { granted, gone, failed: all.len() as u64 - granted - gone, lasted: begun.elapsed(), times }
}

impl Part {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    fn tell(&self, name: &str) {
        let all = self.granted + self.gone + self.failed;
        println!(
            "{name}: {:.0} a second ({} opened, {} over, {} failed in {:.1?}); median {:.1?}, p99 {:.1?}",
            all as f64 / self.lasted.as_secs_f64(),
            self.granted,
            self.gone,
            self.failed,
            self.lasted,
            quantile(&self.times, 50),
            quantile(&self.times, 99)
        );
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let (seconds, at_once) = (number("AIDPOST_SECONDS", 10), number("AIDPOST_AT_ONCE", 128));
    let folder = tempfile::tempdir().unwrap();
    let server = LocalServer::start(&folder.path().join("database"), 0).await.unwrap();
    let remote = MongoRemote::connect(&Address::parse(&server.uri("clinic")).unwrap(), Some(REALM)).await.unwrap();
    remote.probe().await.unwrap();
    let (mut open, mut few) = (Vec::new(), Vec::new());
    for _ in 0..LINKS {
        open.push(put(&remote, None).await);
        few.push(put(&remote, Some(USES)).await);
    }
    let at = free().unwrap();
    let options = HostOptions {
        database: server.uri("clinic"),
        public: format!("http://{at}"),
        listen: at,
        tls: None,
        plain: false,
        behind_proxy: false,
        ticket_secret: None,
        pace: Pace { burst: 1_000_000, seconds_each: 1 },
    };
    let host = Host::open(options, Arc::new(SystemClock)).await.unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(host.serve(async move { drop(stopped.await) }));

    let (open, few) = (Arc::new(open), Arc::new(few));
    let parts = [("opened without end", &open), ("a hundred openings each, then over", &few)];
    let mut granted = 0;
    for (name, ids) in parts {
        let part = ask(at, ids, at_once, seconds).await;
        part.tell(name);
        let links: Vec<_> = ids.iter().map(|id| hosted_id(id)).collect();
        let counted: u64 =
            remote.hosted_counts(&links).await.unwrap().values().map(|counts| u64::from(counts.uses)).sum();
        println!("  tally: {counted} counted, {} answered with 200", part.granted);
        assert_eq!(counted, part.granted, "a wrong tally");
        assert_eq!(part.failed, 0);
        granted += part.granted;
        let entries = remote.database().collection::<Document>("hosted_accesses");
        let written = entries.count_documents(doc! { "outcome": "granted" }).await.unwrap();
        assert_eq!(written, granted, "an opening that was not written down");
    }
    stop.send(()).unwrap();
    served.await.unwrap();
}
