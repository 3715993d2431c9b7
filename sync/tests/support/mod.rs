//! What the tests of this crate share.
#![allow(dead_code)]

pub mod mailbox;

use model::parcel::{Batch, Fate, Parcel, Receipt, Subscription};
use std::path::PathBuf;
use sync::server::{LocalServer, ServerOptions};
use uuid::Uuid;

pub const REALM: Uuid = Uuid::from_u128(0x5ea1);

/// Folders of test servers; in memory where the system offers that, so that MongoDB's syncs to disk cost nothing.
pub fn folder() -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a folder for the test's server")
}

/// A real MongoDB. A machine without one fails the test and says how to get it.
pub async fn mongod(options: ServerOptions) -> (LocalServer, tempfile::TempDir) {
    let dir = folder();
    match LocalServer::start_with(dir.path(), options).await {
        Ok(server) => (server, dir),
        Err(error) => panic!("these tests need a real MongoDB: {error}"),
    }
}

/// A device that numbers its batches.
pub struct Pusher {
    pub device: Uuid,
    number: u64,
}

impl Pusher {
    pub fn new() -> Pusher {
        Pusher::with_device(Uuid::new_v4())
    }

    pub fn with_device(device: Uuid) -> Pusher {
        Pusher { device, number: 0 }
    }

    pub fn parcel(&self, collection: &str, body: &[u8]) -> Parcel {
        mailbox::parcel(&(collection.to_owned(), Uuid::new_v4()), REALM, body.to_vec(), 0, self.device)
    }

    pub fn batch(&mut self, parcels: Vec<Parcel>) -> Batch {
        self.number += 1;
        let journal = mailbox::journal(self.device, REALM, self.number, &parcels);
        Batch { number: self.number, journal, parcels }
    }
}

/// The revisions of a receipt whose parcels were all stored.
pub fn stored(receipt: &Receipt) -> Vec<i64> {
    let rev = |fate: &Fate| match fate {
        Fate::Stored { rev } => *rev,
        fate => panic!("not stored: {fate:?}"),
    };
    receipt.fates.iter().map(rev).collect()
}

pub fn all_from(cursor: i64) -> Subscription {
    Subscription { scope: None, cursor }
}
