//! First contact: what server is it, whose data does it hold, and is everything set up?

use super::{COUNTERS, MongoRemote, REALM, REV, errors, hosted, layout};
use crate::error::{Result, SyncError};
use crate::remote::{Life, PROTOCOL, ServerInfo, collections, life_gap};
use errors::codes;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use model::Scope;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::ReturnDocument;
use std::collections::BTreeSet;
use uuid::Uuid;

/// MongoDB 5.0.
const OLDEST_WIRE_VERSION: i32 = 13;
/// Number of the set of indexes below; raised when it changes.
const SET_UP: i32 = 2;
const AT_ONCE: usize = 8;

impl MongoRemote {
    /// Sees what is there and changes nothing. A database that was never set up has no realm and no lives.
    pub(super) async fn look(&self) -> Result<ServerInfo> {
        let (server_ms, replica_set) = self.hello().await?;
        let (realm, counter) = self.realm_and_counter().await?;
        let realm = realm.unwrap_or_default();
        let lives = lives(&realm);
        Ok(ServerInfo {
            server_ms,
            realm: uuid_of(&realm, "realm"),
            epoch: lives.last().map_or(Uuid::nil(), |life| life.epoch),
            lives,
            rev: counter.as_ref().map_or(0, |counter| number(counter, "rev")),
            min_reader: small(&realm, "minReader"),
            min_writer: small(&realm, "minWriter"),
            replica_set,
        })
    }

    async fn hello(&self) -> Result<(u64, String)> {
        let hello = self.bounded(self.db.run_command(doc! { "hello": 1 })).await?;
        if hello.get_i32("maxWireVersion").unwrap_or(0) < OLDEST_WIRE_VERSION {
            return Err(SyncError::ServerTooOld);
        }
        let sharded = hello.get_str("msg").is_ok_and(|msg| msg == "isdbgrid");
        let name = hello.get_str("setName").ok().or(sharded.then_some("sharded"));
        let Some(name) = name else { return Err(SyncError::Standalone) };
        let time = hello.get_datetime("localTime").map_err(|_| SyncError::NotMongo)?;
        Ok((u64::try_from(time.timestamp_millis()).unwrap_or(0), name.to_owned()))
    }

    async fn realm_and_counter(&self) -> Result<(Option<Document>, Option<Document>)> {
        let counters = self.counters();
        let find = counters.find(doc! { "_id": { "$in": [REALM, REV] } });
        let found: Vec<Document> = self.bounded(async { find.await?.try_collect().await }).await?;
        let by_id = |id: &str| found.iter().find(|one| one.get_str("_id").is_ok_and(|there| there == id)).cloned();
        Ok((by_id(REALM), by_id(REV)))
    }

    /// Looks, and sets up what is missing. Two devices may do so at once: whoever is second finds it done.
    pub(super) async fn first_contact(&self) -> Result<ServerInfo> {
        let info = self.look().await?;
        if info.realm.is_some_and(|there| self.realm.is_some_and(|ours| ours != there)) {
            return Err(SyncError::OtherRealm);
        }
        let (realm, counter) = self.realm_and_counter().await?;
        let set_up = realm.as_ref().map_or(0, |realm| small(realm, "setUp"));
        if realm.is_some() && counter.is_some() && set_up >= SET_UP {
            return Ok(info);
        }
        self.make_indexes(realm.is_some()).await?;
        if realm.is_none() {
            self.make_realm().await?;
        }
        if counter.is_none() {
            self.make_counter().await?;
        }
        self.mark_set_up().await?;
        self.look().await
    }

    async fn make_realm(&self) -> Result<()> {
        let life = doc! { "epoch": layout::uuid(Uuid::new_v4()), "restored": 0_i64, "start": 0_i64 };
        let realm = doc! {
            "_id": REALM,
            "realm": self.realm.map_or(Bson::Null, layout::uuid),
            "lives": [life],
            "minReader": PROTOCOL,
            "minWriter": PROTOCOL,
            "setUp": 0,
        };
        self.insert_once(realm).await
    }

    /// A counter that was lost starts again after the highest revision that is there.
    async fn make_counter(&self) -> Result<()> {
        let searches: Vec<_> = collections().into_iter().map(|name| self.highest(name).boxed()).collect();
        let highest: Vec<(&str, i64)> = stream::iter(searches).buffer_unordered(AT_ONCE).try_collect().await?;
        let rev = highest.iter().map(|(_, rev)| *rev).max().unwrap_or(0);
        let last: Document =
            highest.into_iter().filter(|(_, rev)| *rev > 0).map(|(name, rev)| (name.to_owned(), rev.into())).collect();
        self.insert_once(doc! { "_id": REV, "rev": rev, "last": last }).await
    }

    async fn highest(&self, name: &'static str) -> Result<(&'static str, i64)> {
        let collection = self.raw(name);
        let find = collection.find_one(doc! {}).sort(doc! { "_sync.rev": -1 }).projection(doc! { "_sync.rev": 1 });
        let found = self.bounded(find).await?;
        let rev = found.as_ref().and_then(|found| layout::whole(layout::sync(found)?, "rev"));
        Ok((name, rev.unwrap_or(0)))
    }

    async fn insert_once(&self, document: Document) -> Result<()> {
        let counters = self.counters();
        self.tolerating(codes::DUPLICATE_KEY, async { counters.insert_one(document).await }).await
    }

    async fn mark_set_up(&self) -> Result<()> {
        let counters = self.counters();
        let mark = async { counters.update_one(doc! { "_id": REALM }, doc! { "$set": { "setUp": SET_UP } }).await };
        // Where only the operator may, the operator's script has made everything.
        self.tolerating(codes::UNAUTHORIZED, mark).await
    }

    /// Makes all collections and indexes. Where the realm exists already and this user may not, the operator has done it.
    async fn make_indexes(&self, lenient: bool) -> Result<()> {
        let all: Vec<_> = indexed().map(|name| self.make_index(name).boxed()).collect();
        let mut made = stream::iter(all).buffer_unordered(AT_ONCE);
        while let Some(done) = made.next().await {
            match done {
                Err(SyncError::Forbidden) if lenient => return Ok(()),
                done => done?,
            }
        }
        // A transaction cannot make the collection of counters while others watch it.
        self.make_collection(COUNTERS).await
    }

    async fn make_index(&self, name: &'static str) -> Result<()> {
        // An operator may have made it with options of their own.
        self.tolerating(codes::INDEX_OPTIONS_CONFLICT, self.db.run_command(create_indexes(name))).await
    }

    async fn make_collection(&self, name: &str) -> Result<()> {
        self.tolerating(codes::NAMESPACE_EXISTS, async { self.db.create_collection(name).await }).await
    }

    /// Begins a new life: both documents change in one transaction, and only if the life is still the one that was seen.
    pub(super) async fn begin_life(&self, seen: &ServerInfo, floor: i64) -> Result<ServerInfo> {
        let mut session = self.session().await?;
        let outcome = self.bounded(self.change_life(&mut session, seen, floor)).await;
        if outcome.is_err() {
            // The error that counts is the first one.
            let _ = session.abort_transaction().await;
        }
        outcome?;
        self.look().await
    }

    async fn change_life(
        &self,
        session: &mut mongodb::ClientSession,
        seen: &ServerInfo,
        floor: i64,
    ) -> mongodb::error::Result<()> {
        session.start_transaction().await?;
        let counters = self.counters();
        let raise = doc! { "$set": { "rev": { "$add": [{ "$max": ["$rev", floor] }, life_gap()] } } };
        let raised =
            counters.find_one_and_update(doc! { "_id": REV }, vec![raise]).return_document(ReturnDocument::After);
        let start = raised.session(&mut *session).await?.map_or(0, |counter| number(&counter, "rev"));
        let life = doc! { "epoch": layout::uuid(Uuid::new_v4()), "restored": seen.rev, "start": start };
        let same = doc! { "_id": REALM, "lives": { "$size": i64::try_from(seen.lives.len()).unwrap_or(i64::MAX) } };
        let changed = counters.update_one(same, doc! { "$push": { "lives": life } }).session(&mut *session).await?;
        if changed.matched_count == 0 {
            return session.abort_transaction().await;
        }
        session.commit_transaction().await
    }
}

/// Names of all collections that have indexes beside `_id`.
pub(super) fn indexed() -> impl Iterator<Item = &'static str> {
    let hosted = hosted::ALL.into_iter().filter(|name| hosted::indexes(name).is_some());
    collections().into_iter().chain([super::files::CHUNKS]).chain(hosted)
}

/// The command that makes a collection's indexes: `(_sync.rev)`, `(_sync.scope, _sync.rev)`, and a unique one for each token
/// that may stand outside the seal; of files, `(files_id, n)`.
pub(super) fn create_indexes(collection: &str) -> Document {
    doc! { "createIndexes": collection, "indexes": indexes(collection) }
}

fn indexes(collection: &str) -> Vec<Document> {
    if let Some(hosted) = hosted::indexes(collection) {
        return hosted;
    }
    if collection == super::files::CHUNKS {
        return vec![doc! { "key": { "files_id": 1, "n": 1 }, "name": "files_id_1_n_1", "unique": true }];
    }
    let token = |name: &str| {
        let path = format!("tokens.{name}");
        let only = doc! { &path: { "$exists": true } };
        doc! { "key": { &path: 1 }, "name": format!("{path}_1"), "unique": true, "partialFilterExpression": only }
    };
    let plain = [
        doc! { "key": { "_sync.rev": 1 }, "name": "_sync.rev_1" },
        doc! { "key": { "_sync.scope": 1, "_sync.rev": 1 }, "name": "_sync.scope_1__sync.rev_1" },
    ];
    plain.into_iter().chain(tokens(collection).into_iter().map(token)).collect()
}

fn tokens(collection: &str) -> BTreeSet<&'static str> {
    let defs = model::ALL.iter().filter(|def| def.name == collection && def.sync != Scope::Local);
    // A token goes by its field's name or by its kind.
    let names = |field: &'static model::FieldDef| field.blind.map(|kind| [field.name, kind]);
    defs.flat_map(|def| def.fields).filter_map(names).flatten().collect()
}

fn lives(realm: &Document) -> Vec<Life> {
    let Ok(lives) = realm.get_array("lives") else { return Vec::new() };
    let one = |life: &Document| {
        Some(Life { epoch: uuid_of(life, "epoch")?, restored: number(life, "restored"), start: number(life, "start") })
    };
    lives.iter().filter_map(|life| one(life.as_document()?)).collect()
}

fn uuid_of(document: &Document, key: &str) -> Option<Uuid> {
    match document.get(key) {
        Some(Bson::Binary(binary)) if binary.subtype == BinarySubtype::Uuid => Uuid::from_slice(&binary.bytes).ok(),
        _ => None,
    }
}

fn number(document: &Document, key: &str) -> i64 {
    match document.get(key) {
        Some(Bson::Int64(number)) => *number,
        Some(Bson::Int32(number)) => i64::from(*number),
        _ => 0,
    }
}

fn small(document: &Document, key: &str) -> i32 {
    i32::try_from(number(document, key)).unwrap_or(i32::MAX)
}
