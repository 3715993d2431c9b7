//! Encrypted files on disk: one file of sealed segments each, under a key that only the owning record has.

use crate::{Error, Result, folder, store};
use crypto::{
    Key, Zeroizing,
    file::{self, FileFacts, FileOpener, FileSealer},
    seal::SEGMENT,
};
use model::{BlobRef, Map, parcel::BlobTicket};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// What the database knows about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BlobState {
    /// Here, not on the remote.
    Kept,
    /// Here and on the remote.
    Sent,
    /// On the remote, not here, and to be fetched.
    Wanted,
    /// On the remote, not here, and left there until somebody opens it.
    Away,
}

impl BlobState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            BlobState::Kept => "kept",
            BlobState::Sent => "sent",
            BlobState::Wanted => "wanted",
            BlobState::Away => "away",
        }
    }
}

/// The path of a file.
pub(crate) fn path(folder: &Path, blob: Uuid) -> PathBuf {
    folder.join(folder::BLOBS).join(blob.to_string())
}

/// The path of a file whose transaction has not ended.
fn unfinished(folder: &Path, blob: Uuid) -> PathBuf {
    path(folder, blob).with_extension("new")
}

/// Gives new files their names, just before the commit that makes them known.
pub(crate) fn settle(folder: &Path, blobs: &[Uuid]) -> Result<()> {
    if blobs.is_empty() {
        return Ok(());
    }
    blobs.iter().try_for_each(|blob| fs::rename(unfinished(folder, *blob), path(folder, *blob)))?;
    folder::sync_folder(&folder.join(folder::BLOBS))
}

/// Removes the files of a transaction that was rolled back. One that cannot be removed only takes up room.
pub(crate) fn discard(folder: &Path, blobs: &[Uuid]) {
    for path in blobs.iter().flat_map(|blob| [unfinished(folder, *blob), path(folder, *blob)]) {
        let _ = fs::remove_file(path);
    }
}

/// Seals what is read into a new file on disk, and describes it for the record that will own it.
pub(crate) fn keep(folder: &Path, realm: Uuid, blob: Uuid, reader: &mut dyn Read, length: u64) -> Result<BlobRef> {
    let key = Key::make()?;
    let mut sealer = FileSealer::new(&key, realm.as_bytes(), blob.as_bytes(), length)?;
    let mut target = create(&unfinished(folder, blob))?;
    let mut seal = |piece: &[u8]| write_all(&mut target, &sealer.write(piece)?);
    let mut failure = None;
    let sealed = std::iter::from_fn(|| {
        let piece = next_piece(reader).and_then(|piece| seal(&piece).map(|()| piece));
        piece.map_err(|error| failure = Some(error)).ok().filter(|piece| !piece.is_empty())
    });
    let plain = file::digest(sealed.map(Plain));
    if let Some(error) = failure {
        return Err(error);
    }
    let (rest, facts) = sealer.finish()?;
    write_all(&mut target, &rest)?;
    target.sync_all()?;
    describe(blob, &key, &facts, &plain)
}

/// A piece of plain text on its way through the digest; wiped behind it.
struct Plain(Zeroizing<Vec<u8>>);

impl AsRef<[u8]> for Plain {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The next piece of a file; an empty one at its end.
fn next_piece(reader: &mut dyn Read) -> Result<Zeroizing<Vec<u8>>> {
    // The whole capacity at once: a buffer that grew would leave plain text behind in the old place.
    let mut piece = Zeroizing::new(Vec::with_capacity(SEGMENT));
    reader.take(SEGMENT as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

fn describe(blob: Uuid, key: &Key, facts: &FileFacts, plain: &[u8; 32]) -> Result<BlobRef> {
    let short = |length: u64| u32::try_from(length).map_err(|_| Error::TooLarge { limit: u32::MAX.into() });
    Ok(BlobRef {
        blob,
        key: data_encoding::BASE64URL_NOPAD.encode(key.expose()),
        length: short(facts.plain_len)?,
        cipher_length: short(facts.sealed_len)?,
        cipher_sha256: data_encoding::HEXLOWER.encode(&facts.digest),
        sha256: data_encoding::HEXLOWER.encode(plain),
    })
}

fn create(path: &Path) -> Result<File> {
    Ok(folder::private(OpenOptions::new().write(true).create_new(true)).open(path)?)
}

fn write_all(target: &mut File, segments: &[Vec<u8>]) -> Result<()> {
    segments.iter().try_for_each(|segment| Ok(target.write_all(segment)?))
}

/// Opens a file that is whole, segment by segment.
pub(crate) fn read(folder: &Path, realm: Uuid, file: &BlobRef, out: &mut dyn Write) -> Result<()> {
    let facts = facts_of(file)?;
    let secret =
        Zeroizing::new(data_encoding::BASE64URL_NOPAD.decode(file.key.as_bytes()).map_err(|_| bad_reference())?);
    let key = Key::from_slice(&secret)?;
    let mut source = open_whole(&path(folder, file.blob), facts.sealed_len)?;
    let first = next_segment(&mut source)?;
    let opener = FileOpener::new(&key, realm.as_bytes(), file.blob.as_bytes(), facts, &first)?;
    out.write_all(&opener.open_segment(0, &first)?)?;
    for index in 1..opener.segments() {
        out.write_all(&opener.open_segment(index, &next_segment(&mut source)?)?)?;
    }
    Ok(())
}

fn open_whole(path: &Path, length: u64) -> Result<File> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::FileNotHere),
        Err(error) => return Err(error.into()),
    };
    match file.metadata()?.len() == length {
        true => Ok(file),
        false => Err(Error::FileNotHere),
    }
}

fn next_segment(source: &mut File) -> Result<Vec<u8>> {
    let mut segment = Vec::with_capacity(SEGMENT);
    source.take(SEGMENT as u64).read_to_end(&mut segment)?;
    Ok(segment)
}

fn facts_of(file: &BlobRef) -> Result<FileFacts> {
    let digest = data_encoding::HEXLOWER.decode(file.cipher_sha256.as_bytes()).map_err(|_| bad_reference())?;
    let digest = digest.try_into().map_err(|_| bad_reference())?;
    Ok(FileFacts { plain_len: file.length.into(), sealed_len: file.cipher_length.into(), digest })
}

/// Could this be the description of a file? The key and the digests have their lengths, and the lengths belong together.
pub(crate) fn is_sound(file: &BlobRef) -> bool {
    facts_of(file).is_ok_and(|facts| facts.segments().is_ok())
}

fn bad_reference() -> Error {
    Error::Refused("file-reference")
}

/// The files that a document's values name, wherever in them they stand.
pub(crate) fn named_in(values: &Map) -> Vec<BlobRef> {
    let mut found = Vec::new();
    values.values().for_each(|value| find(value, &mut found));
    found
}

fn find(value: &Value, found: &mut Vec<BlobRef>) {
    match value {
        Value::Object(parts) if parts.contains_key("blob") && parts.contains_key("cipher_sha256") => {
            found.extend(serde_json::from_value(value.clone()).ok());
        }
        Value::Object(parts) => parts.values().for_each(|part| find(part, found)),
        Value::Array(items) => items.iter().for_each(|item| find(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Notes a file in the database, unless it is known.
pub(crate) fn note(connection: &Connection, scope: Uuid, file: &BlobRef, state: BlobState) -> Result<()> {
    let facts = facts_of(file)?;
    let segments = facts.segments().map_err(|_| bad_reference())?;
    let sql =
        "INSERT OR IGNORE INTO blobs (id, scope, length, sha256, segments, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let (id, scope) = (file.blob.to_string(), scope.to_string());
    let row = (id, scope, file.cipher_length, &facts.digest[..], segments, state.word());
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

const TICKET: &str = "id, scope, length, sha256, segments";

fn ticket(row: &Row<'_>) -> rusqlite::Result<(BlobTicket, Vec<u8>)> {
    let length: i64 = row.get(2)?;
    let length = u64::try_from(length).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(2, length))?;
    let (id, scope) = (store::uuid(row, 0)?, store::uuid(row, 1)?);
    Ok((BlobTicket { id, scope, length, sha256: [0; 32], segments: row.get(4)? }, row.get(3)?))
}

fn with_digest((ticket, digest): (BlobTicket, Vec<u8>)) -> Result<BlobTicket> {
    let sha256 = digest.try_into().map_err(|_| Error::Damaged("a file's digest".into()))?;
    Ok(BlobTicket { sha256, ..ticket })
}

/// The files in a state, in the order in which they were noted.
pub(crate) fn in_state(connection: &Connection, state: BlobState) -> Result<Vec<BlobTicket>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {TICKET} FROM blobs WHERE state = ?1 ORDER BY rowid"))?;
    let found = statement.query_map([state.word()], ticket)?;
    found.map(|found| found.map_err(Error::from).and_then(with_digest)).collect()
}

/// The next files to fetch: first those that somebody waits for, then the small ones, so that thumbnails are here before what they stand for.
pub(crate) fn to_fetch(connection: &Connection, most: usize) -> Result<Vec<BlobTicket>> {
    let sql = format!("SELECT {TICKET} FROM blobs WHERE state = ?1 ORDER BY asked DESC, length, rowid LIMIT ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let found = statement.query_map((BlobState::Wanted.word(), most), ticket)?;
    found.map(|found| found.map_err(Error::from).and_then(with_digest)).collect()
}

fn known(connection: &Connection, blob: Uuid) -> Result<BlobTicket> {
    let mut statement = connection.prepare_cached(&format!("SELECT {TICKET} FROM blobs WHERE id = ?1"))?;
    let found = statement.query_row([blob.to_string()], ticket).optional()?;
    found.map(with_digest).unwrap_or(Err(Error::FileNotHere))
}

pub(crate) fn set_state(connection: &Connection, blob: Uuid, state: BlobState) -> Result<()> {
    let mut statement = connection.prepare_cached("UPDATE blobs SET state = ?2 WHERE id = ?1")?;
    match statement.execute((blob.to_string(), state.word()))? {
        0 => Err(Error::FileNotHere),
        _ => Ok(()),
    }
}

/// One sealed segment of a file.
pub(crate) fn segment(connection: &Connection, folder: &Path, blob: Uuid, index: u32) -> Result<Vec<u8>> {
    let ticket = known(connection, blob)?;
    let mut file = open_whole(&path(folder, blob), ticket.length)?;
    if index >= ticket.segments {
        return Err(Error::FileNotHere);
    }
    file.seek(SeekFrom::Start(u64::from(index) * SEGMENT as u64))?;
    next_segment(&mut file)
}

/// The number of whole segments of a file that are here, from the first on.
pub(crate) fn segments_here(connection: &Connection, folder: &Path, blob: Uuid) -> Result<u32> {
    let ticket = known(connection, blob)?;
    let here = match fs::metadata(path(folder, blob)) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(error) => return Err(error.into()),
    };
    let full = u32::try_from(here / SEGMENT as u64).unwrap_or(u32::MAX);
    Ok(if here >= ticket.length { ticket.segments } else { full.min(ticket.segments) })
}

/// Are all bytes of a file here? `false` for one that is not known.
pub(crate) fn is_here(connection: &Connection, folder: &Path, blob: Uuid) -> Result<bool> {
    match known(connection, blob) {
        Ok(ticket) => Ok(segments_here(connection, folder, blob)? >= ticket.segments),
        Err(Error::FileNotHere) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Stores the next segment; the last one checks the whole. A half-written segment of an earlier run is overwritten.
pub(crate) fn keep_segment(connection: &Connection, folder: &Path, blob: Uuid, index: u32, bytes: &[u8]) -> Result<()> {
    let ticket = known(connection, blob)?;
    let here = segments_here(connection, folder, blob)?;
    if index < here {
        return Ok(());
    }
    let start = u64::from(index) * SEGMENT as u64;
    let expected = ticket.length.saturating_sub(start).min(SEGMENT as u64);
    if index != here || bytes.len() as u64 != expected {
        return Err(Error::Refused("file-segment"));
    }
    let path = path(folder, blob);
    let mut file = folder::private(OpenOptions::new().write(true).create(true).truncate(false)).open(&path)?;
    file.set_len(start)?;
    file.seek(SeekFrom::Start(start))?;
    file.write_all(bytes)?;
    file.sync_all()?;
    match index + 1 == ticket.segments {
        true => finish(connection, &path, &ticket),
        false => Ok(()),
    }
}

fn finish(connection: &Connection, path: &Path, ticket: &BlobTicket) -> Result<()> {
    if digest_of(path)? != ticket.sha256 {
        fs::remove_file(path)?;
        return Err(Error::Refused("file-digest"));
    }
    path.parent().map_or(Ok(()), folder::sync_folder)?;
    set_state(connection, ticket.id, BlobState::Sent)
}

/// The digest of a file on disk, a segment at a time.
pub(crate) fn digest_of(path: &Path) -> Result<[u8; 32]> {
    let (mut source, mut failure) = (File::open(path)?, None);
    let segments = std::iter::from_fn(|| {
        let segment = next_segment(&mut source).map_err(|error| failure = Some(error)).ok();
        segment.filter(|segment| !segment.is_empty())
    });
    let digest = file::digest(segments);
    failure.map_or(Ok(digest), Err)
}

/// Removes files of transactions that never ended.
pub(crate) fn remove_unfinished(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder.join(folder::BLOBS))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "new") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
