//! The access log as a file that whoever has it can check: every entry as its author signed it, linked into a chain, under the signature
//! of whoever saved it.
//!
//! ```text
//! hash_n = SHA-256(hash_(n-1) ‖ body_n ‖ signature_n), hash_0 = 32 zero bytes
//! seal   = Ed25519 of the saver over lp("mv1/sig", "access-export", realm) ‖ SHA-256(the member "log" as minified JSON)
//! ```
//!
//! A file has one form: what does not write back to the same bytes is refused, so no byte of it is free.

use crate::{Problem, Session, access, names, views::*};
use base64::{Engine, engine::general_purpose::STANDARD};
use crypto::{encode::sha256, sign, sign::Signed};
use model::{AccessLog, Collection, Map};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;
use vault::trust::{KeyObject, Trust, statement};

/// What the file says it is.
const FORMAT: &str = "aidpost-access-log/1";
/// What its seal is signed as.
const KIND: &str = "access-export";
/// No larger file is looked at, in bytes.
const FILE_MAX: usize = 64 * 1024 * 1024;
/// For whoever has the file and not the program.
const HOW: &str = "Each entry holds what its author signed (body, base64 BSON) and the Ed25519 signature over lp('mv1/sig', 'access', realm) \
    followed by SHA-256(body), where lp writes each part behind its length as two big-endian bytes. The hash of an entry is SHA-256(hash \
    of the entry before, body, signature), beginning with 32 zero bytes. The certificates lead from the signers to the root key of the \
    realm, whose id is made from it. The seal is the signature of whoever saved the file over lp('mv1/sig', 'access-export', realm) followed \
    by SHA-256 of the member log as minified JSON. 'aidpost access verify FILE' does all of this.";

/// The file. Its members stand in the order of their names, so that any JSON library writes it back as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    log: Log,
    seal: Seal,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Log {
    certificates: Vec<String>,
    chart: Uuid,
    entries: Vec<Entry>,
    format: String,
    how_to_check: String,
    made_at_ms: u64,
    realm: Uuid,
    /// Ed25519 public key of the realm's root.
    root: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    at_ms: u64,
    author: Uuid,
    /// As the program of whoever saved the file knew them.
    author_name: Option<String>,
    body: String,
    certificate: Uuid,
    hash: String,
    id: Uuid,
    signature: String,
    values: Map,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    certificate: Uuid,
    signature: String,
}

/// The access log of a chart as a file, oldest entry first. One that does not hold here is not saved as if it did: the problem
/// `access_log_broken`.
pub fn export(session: &Arc<Session>, ask: OfPatient) -> Result<Vec<u8>, Problem> {
    let held = access::held(session, &access::rows(session, ask.patient)?)?;
    let mut entries = Vec::with_capacity(held.len());
    let mut hash = [0; 32];
    for one in held {
        let (Ok(proven), Some(signed)) = (one.proven, one.signed) else {
            return Err(Problem::new("access_log_broken", None));
        };
        hash = link(&hash, &signed);
        entries.push(Entry {
            id: one.id,
            author: proven.author,
            author_name: names::of_user(session, proven.author),
            at_ms: proven.at_ms,
            values: proven.values,
            body: STANDARD.encode(&signed.body),
            certificate: proven.certificate,
            signature: STANDARD.encode(signed.signature),
            hash: STANDARD.encode(hash),
        });
    }
    let mut signers: Vec<Uuid> = entries.iter().map(|entry| entry.certificate).collect();
    signers.push(session.vault.own_certificate()?);
    let certificates = session.vault.certificates_of(&signers)?;
    let log = Log {
        format: FORMAT.to_owned(),
        how_to_check: HOW.to_owned(),
        realm: session.me.realm,
        root: STANDARD.encode(session.vault.realm_root()?),
        chart: ask.patient,
        made_at_ms: session.now().unsigned_ms(),
        certificates: certificates.iter().map(|bytes| STANDARD.encode(bytes)).collect(),
        entries,
    };
    let signed = session.vault.sign_report(KIND, minified(&log)?)?;
    let seal = Seal { certificate: Uuid::from_bytes(signed.certificate), signature: STANDARD.encode(signed.signature) };
    written(&File { log, seal })
}

fn link(before: &[u8; 32], signed: &Signed) -> [u8; 32] {
    sha256(&[before.as_slice(), &signed.body, &signed.signature].concat())
}

fn minified(log: &Log) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(log).map_err(|error| Problem::said("internal", &error))
}

fn written(file: &File) -> Result<Vec<u8>, Problem> {
    let mut bytes = serde_json::to_vec_pretty(file).map_err(|error| Problem::said("internal", &error))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What a file that holds says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckedExport {
    /// The realm, by the id that names its root key for ever: to be compared with what the clinic says it is.
    pub realm: Uuid,
    /// The chart.
    pub chart: Uuid,
    /// When it was saved, milliseconds since 1970.
    pub made_at_ms: u64,
    /// By whom.
    pub saved_by: Uuid,
    /// How many entries hold, all of them.
    pub entries: usize,
}

/// Checks a file alone, without any vault.
///
/// # Errors
/// `access_file_malformed`, or `access_file_altered` with what does not hold.
pub fn check(bytes: &[u8]) -> Result<CheckedExport, Problem> {
    let malformed = || Problem::new("access_file_malformed", None);
    if bytes.len() > FILE_MAX {
        return Err(malformed());
    }
    let file: File = serde_json::from_slice(bytes).map_err(|_| malformed())?;
    if file.log.format != FORMAT {
        return Err(malformed());
    }
    if written(&file)? != bytes {
        return Err(altered("form"));
    }
    let trust = trusted(&file.log)?;
    let saved_by = check_seal(&trust, &file)?;
    let mut hash = [0; 32];
    for (at, entry) in file.log.entries.iter().enumerate() {
        hash = check_entry(&trust, &file.log, entry, &hash).ok_or_else(|| altered(&format!("entry {}", at + 1)))?;
    }
    let Log { realm, chart, made_at_ms, entries, .. } = file.log;
    Ok(CheckedExport { realm, chart, made_at_ms, saved_by, entries: entries.len() })
}

fn altered(what: &str) -> Problem {
    Problem::new("access_file_altered", what.to_owned())
}

/// The certificates in the file, each verified up to the root.
fn trusted(log: &Log) -> Result<Trust, Problem> {
    let root = STANDARD.decode(&log.root).ok().and_then(|root| root.try_into().ok()).ok_or_else(|| altered("root"))?;
    let mut trust = Trust::new(root);
    if trust.realm() != log.realm {
        return Err(altered("root"));
    }
    let object = |text: &String| {
        let bytes = STANDARD.decode(text).ok()?;
        KeyObject::certificate(log.realm, &bytes).ok()
    };
    let objects: Option<Vec<KeyObject>> = log.certificates.iter().map(object).collect();
    let objects = objects.ok_or_else(|| altered("certificates"))?;
    match trust.learn_all(&objects).is_empty() && trust.waiting() == 0 {
        true => Ok(trust),
        false => Err(altered("certificates")),
    }
}

fn check_seal(trust: &Trust, file: &File) -> Result<Uuid, Problem> {
    let wrong = || altered("seal");
    let signature = fixed(&file.seal.signature).ok_or_else(wrong)?;
    let (certificate, body) = (file.seal.certificate, minified(&file.log)?);
    let signed = Signed { kind: KIND.to_owned(), body, certificate: certificate.into_bytes(), signature };
    let signer = trust.certificate(certificate).ok_or_else(wrong)?;
    let keys = signer.user_keys().ok_or_else(wrong)?;
    sign::verify(&signed, trust.realm().as_bytes(), &keys.sign).map_err(|_| wrong())?;
    Ok(signer.subject)
}

/// The hash of the entry, if it holds: its signature, its place in the chain, and that what can be read is what was signed.
fn check_entry(trust: &Trust, log: &Log, entry: &Entry, before: &[u8; 32]) -> Option<[u8; 32]> {
    let signed = Signed {
        kind: statement::kind_of(AccessLog::DEF.name)?.to_owned(),
        body: STANDARD.decode(&entry.body).ok()?,
        certificate: entry.certificate.into_bytes(),
        signature: fixed(&entry.signature)?,
    };
    let proven = statement::verify_signed(trust, &signed).ok()?;
    let hash = link(before, &signed);
    let readable = (entry.id, entry.author, entry.at_ms, &entry.values, log.chart);
    let agrees = readable == (proven.id, proven.author, proven.at_ms, &proven.values, proven.scope);
    (agrees && entry.hash == STANDARD.encode(hash)).then_some(hash)
}

fn fixed<const N: usize>(text: &str) -> Option<[u8; N]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
