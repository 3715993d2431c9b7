//! A host in memory, and the town it stands in.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use share::link::{Flags, Link, LinkKey, make_id};
use share::serve::{Answer, Asked, Bounds, FileStatus, Host, HostedFile, Options, Pace, TicketKey, Tls, router, run};
use share::tally::{Decision, LinkState, Passcode, check_passcode, decide, hash_passcode};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

pub const NOW: u64 = 1_800_000_000;
pub const BUNDLE: &[u8] = br#"{"resourceType":"Bundle","type":"collection"}"#;

pub struct Shared {
    pub state: LinkState,
    pub direct: bool,
    pub files: Vec<HostedFile>,
}

/// Links in a map; counting under its lock.
pub struct Memory {
    pub links: Mutex<HashMap<String, Shared>>,
    pub seen: Mutex<Vec<Asked>>,
    pub clock: AtomicU64,
    pub busy: Mutex<Option<u32>>,
    hashing: Semaphore,
}

impl Memory {
    fn new() -> Self {
        Memory {
            links: Mutex::default(),
            seen: Mutex::default(),
            clock: AtomicU64::new(NOW),
            busy: Mutex::default(),
            hashing: Semaphore::new(8),
        }
    }

    fn decide(&self, id: &str, direct: bool, passcode: Passcode) -> Answer<Vec<HostedFile>> {
        let mut links = self.links.lock().unwrap();
        let Some(shared) = links.get_mut(id).filter(|shared| shared.direct == direct) else {
            return Answer::Gone;
        };
        match decide(&mut shared.state, self.now(), passcode) {
            Decision::Serve => Answer::Give(shared.files.clone()),
            Decision::WrongPasscode { remaining } => Answer::WrongPasscode { remaining },
            Decision::Gone(_) => Answer::Gone,
        }
    }

    /// The hash to compare with, if the link lives and has one.
    fn hash(&self, id: &str) -> Option<String> {
        let links = self.links.lock().unwrap();
        let shared = links.get(id).filter(|shared| shared.state.dead(self.now()).is_none())?;
        shared.state.passcode_hash.clone()
    }
}

impl Host for Memory {
    fn now(&self) -> u64 {
        self.clock.load(Ordering::SeqCst)
    }

    async fn manifest(&self, id: &str, asked: &Asked) -> Answer<Vec<HostedFile>> {
        if let Some(retry_after) = *self.busy.lock().unwrap() {
            return Answer::TooOften { retry_after };
        }
        self.seen.lock().unwrap().push(asked.clone());
        let _place = self.hashing.acquire().await.unwrap();
        let Some(hash) = self.hash(id) else {
            return self.decide(id, false, Passcode::Missing);
        };
        let given = asked.passcode.clone();
        let passcode =
            tokio::task::spawn_blocking(move || check_passcode(&hash, given.as_ref().map(|p| p.as_str())).unwrap())
                .await
                .unwrap();
        self.decide(id, false, passcode)
    }

    async fn direct(&self, id: &str, asked: &Asked) -> Answer<HostedFile> {
        self.seen.lock().unwrap().push(asked.clone());
        match self.decide(id, true, Passcode::Missing) {
            Answer::Give(mut files) => Answer::Give(files.remove(0)),
            _ => Answer::Gone,
        }
    }

    async fn file(&self, id: &str, file: &str) -> Answer<HostedFile> {
        let links = self.links.lock().unwrap();
        let found = links.get(id).filter(|shared| shared.state.standing == Default::default());
        match found.and_then(|shared| shared.files.iter().find(|own| own.id == file)) {
            Some(file) => Answer::Give(file.clone()),
            None => Answer::Gone,
        }
    }
}

/// A running host.
pub struct Town {
    pub host: Arc<Memory>,
    pub at: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
}

impl Town {
    /// A host that lets everybody ask as often as they like.
    pub async fn found() -> Self {
        Self::found_at(Pace { burst: 1_000_000, seconds_each: 1 }).await
    }

    pub async fn found_at(pace: Pace) -> Self {
        let host = Arc::new(Memory::new());
        Self::serve(host, TcpListener::bind("127.0.0.1:0").await.unwrap(), pace)
    }

    /// A host with TLS.
    pub async fn found_with(tls: Tls) -> Self {
        let host = Arc::new(Memory::new());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bounds = Bounds { tls: Some(tls), each_address: Some(4), ..Bounds::default() };
        Self::serve_within(host, listener, Pace { burst: 1_000_000, seconds_each: 1 }, bounds)
    }

    fn serve(host: Arc<Memory>, listener: TcpListener, pace: Pace) -> Self {
        Self::serve_within(host, listener, pace, Bounds::default())
    }

    fn serve_within(host: Arc<Memory>, listener: TcpListener, pace: Pace, bounds: Bounds) -> Self {
        let at = listener.local_addr().unwrap();
        let options = Options {
            allowed_hosts: vec![at.to_string(), format!("localhost:{}", at.port())],
            https: bounds.tls.is_some(),
            behind_proxy: false,
            ticket_key: TicketKey::make().unwrap(),
            pace,
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let routes = router(Arc::clone(&host), options);
        let served = tokio::spawn(run(listener, routes, bounds, async move {
            let _ = stopped.await;
        }));
        Self { host, at, stop: Some(stop), served }
    }

    /// The same place again, from what was stored as a host stores it: as text.
    pub async fn restart(self) -> Self {
        let (host, at) = (Arc::clone(&self.host), self.at);
        self.close().await;
        for shared in host.links.lock().unwrap().values_mut() {
            shared.state = serde_json::from_str(&serde_json::to_string(&shared.state).unwrap()).unwrap();
        }
        let listener = TcpListener::bind(at).await.unwrap();
        Self::serve(host, listener, Pace { burst: 1_000_000, seconds_each: 1 })
    }

    /// Puts a link up; its files hold [`BUNDLE`], or `contents`.
    pub fn share(&self, flags: Flags, state: LinkState, contents: &[&[u8]]) -> Link {
        let id = make_id().unwrap();
        let link =
            Link::make(&format!("http://{}/shl/{id}", self.at), LinkKey::make().unwrap(), None, flags.clone(), None)
                .unwrap();
        let files = contents.iter().enumerate().map(|(i, content)| HostedFile {
            id: format!("file-{i}"),
            content_type: "application/fhir+json".into(),
            jwe: share::jwe::encrypt(link.key(), "application/fhir+json", content, true).unwrap(),
            last_updated: Some(NOW),
            status: Some(FileStatus::Finalized),
        });
        let shared = Shared { state, direct: flags.direct, files: files.collect() };
        self.host.links.lock().unwrap().insert(id, shared);
        link
    }

    pub fn state(&self, link: &Link) -> LinkState {
        self.host.links.lock().unwrap()[id(link)].state.clone()
    }

    pub fn change(&self, link: &Link, change: impl FnOnce(&mut Shared)) {
        change(self.host.links.lock().unwrap().get_mut(id(link)).unwrap());
    }

    pub fn pass(&self, seconds: u64) {
        self.host.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub async fn close(mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        self.served.await.unwrap();
    }
}

pub fn id(link: &Link) -> &str {
    link.url().rsplit('/').next().unwrap()
}

pub fn with_passcode(passcode: &str, wrong_left: u32) -> LinkState {
    LinkState { passcode_hash: Some(hash_passcode(passcode).unwrap()), wrong_left, ..LinkState::default() }
}
