//! A file that was understood as FHIR R4, before anything of it is mapped.

use super::{
    codes,
    draft::{ChartDraft, PatientIdentifier},
    entry::{Entry, Gathered},
    json::{Notes, list, word},
    link::Links,
    report::Problem,
    scan, take, version,
};
use crate::Refused;
use model::{Date, Gender, Time};
use serde_json::{Deserializer, Value, error::Category, value::RawValue};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Bounds that hold before anything is parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file, also after unpacking.
    pub bytes: usize,
    /// Arrays and objects within one another.
    pub depth: usize,
    /// Resources.
    pub resources: usize,
}

impl Default for Limits {
    /// 64 MB, 64 levels, 200,000 resources.
    fn default() -> Self {
        Limits { bytes: 64 * 1024 * 1024, depth: 64, resources: 200_000 }
    }
}

/// What kind of file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A patient summary: a document whose composition is of type LOINC 60591-5.
    PatientSummary,
    /// A bundle with the type it gives itself.
    Bundle(String),
    /// One resource by itself, with its type.
    Resource(String),
    /// Several resources or bundles, one after the other (NDJSON).
    Lines,
}

/// The head of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Its title.
    pub title: Option<String>,
    /// Names of its authors.
    pub authors: Vec<String>,
    /// Its date as written.
    pub date: Option<String>,
    /// Name of the organisation that keeps the original.
    pub custodian: Option<String>,
    /// The patient it is about: an index into [`Incoming::patients`].
    pub subject: Option<usize>,
}

/// A patient of the file, with what a person needs to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingPatient {
    /// Full name; digits and letters of every script as they came.
    pub name: Option<String>,
    /// Day of birth, perhaps partial.
    pub date_of_birth: Option<Date>,
    /// Administrative gender.
    pub gender: Option<Gender>,
    /// Numbers elsewhere.
    pub identifiers: Vec<PatientIdentifier>,
    /// How many resources of the file speak of this patient.
    pub resources: u32,
    pub(crate) place: usize,
}

/// A file that can be taken in.
pub struct Incoming {
    /// Its patients, in the order of the file.
    pub patients: Vec<IncomingPatient>,
    /// What kind of file it is.
    pub kind: Kind,
    /// The head of the document, if it is one.
    pub summary: Option<Summary>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) links: Links,
    pub(crate) owners: Vec<Owner>,
    pub(crate) problems: Vec<Problem>,
}

/// Whom a resource speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// The patient at this index.
    Patient(usize),
    /// Somebody who is not in the file.
    Stranger,
    /// Nobody in particular.
    Nobody,
}

/// Reads FHIR R4 JSON: a bundle, a single resource, or several of them line by line; plain or gzip.
///
/// # Errors
/// [`Refused`] when the file as a whole cannot be used. Faults of single elements are reported by [`Incoming::chart`].
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Incoming, Refused> {
    let text = scan::text(bytes, limits)?;
    let mut gathered = Gathered::default();
    for raw in Deserializer::from_str(&text).into_iter::<&RawValue>() {
        gathered.root(raw.map_err(|fault| broken(&fault))?, limits)?;
    }
    version::check(&gathered)?;
    Incoming::new(gathered)
}

fn broken(fault: &serde_json::Error) -> Refused {
    match fault.classify() {
        Category::Eof => Refused::Truncated,
        _ => Refused::NotJson { line: fault.line(), column: fault.column() },
    }
}

impl Incoming {
    fn new(gathered: Gathered) -> Result<Self, Refused> {
        let entries = gathered.entries;
        let places = patient_places(&entries);
        if places.is_empty() {
            return Err(Refused::NoPatient { resources: entries.len() });
        }
        let links = Links::new(&entries);
        let summary = head(&entries, &links, &places);
        let owners = owners(&entries, &links, &places, alias(&entries, &places));
        let counts = counts(&owners, places.len());
        let patients =
            places.iter().zip(counts).map(|(place, count)| label(&entries[*place].value, *place, count)).collect();
        let kind = kind(&gathered.roots, gathered.bundle, &entries);
        Ok(Incoming { patients, kind, summary, entries, links, owners, problems: gathered.problems })
    }

    /// The index of the only patient, or of the one that the document says it is about.
    ///
    /// # Errors
    /// [`Refused::SeveralPatients`]: offer [`Incoming::patients`] and pass the choice on.
    pub fn only(&self) -> Result<usize, Refused> {
        if self.patients.len() == 1 {
            return Ok(0);
        }
        let subject = self.summary.as_ref().and_then(|summary| summary.subject);
        subject.ok_or(Refused::SeveralPatients { count: self.patients.len() })
    }

    /// Maps everything that the file says about the patient at `index` to documents of the chart `chart_id`.
    ///
    /// `source_name` (a file's or a sender's name) and `taken_in_at` go into each document's origin.
    ///
    /// # Errors
    /// [`Refused::NoSuchPatient`] when the index is out of range.
    pub fn chart(
        &self,
        index: usize,
        chart_id: Uuid,
        taken_in_at: Time,
        source_name: &str,
    ) -> Result<ChartDraft, Refused> {
        if index >= self.patients.len() {
            return Err(Refused::NoSuchPatient { index, count: self.patients.len() });
        }
        Ok(take::chart(self, index, chart_id, taken_in_at, source_name))
    }
}

/// Patients by place; the same id a second time is the same patient.
fn patient_places(entries: &[Entry]) -> Vec<usize> {
    let mut seen = HashSet::new();
    let mut places = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let is_patient = entry.kind == "Patient" && entry.value.is_object();
        if is_patient && entry.id.as_ref().is_none_or(|id| seen.insert(id)) {
            places.push(place);
        }
    }
    places
}

fn label(patient: &Value, place: usize, resources: u32) -> IncomingPatient {
    let mut notes = Notes::new("Patient");
    IncomingPatient {
        name: take::patient::name(patient),
        date_of_birth: notes.day(patient, "birthDate"),
        gender: word(patient, "gender").and_then(codes::gender),
        identifiers: take::patient::identifiers(patient),
        resources,
        place,
    }
}

/// How many resources each patient has.
fn counts(owners: &[Owner], patients: usize) -> Vec<u32> {
    let mut counts = vec![0; patients];
    for owner in owners {
        if let Owner::Patient(index) = owner {
            counts[*index] += 1;
        }
    }
    counts
}

/// A document often calls its subject by an address that no entry has. With one patient in the file it can mean nobody else.
fn alias<'e>(entries: &'e [Entry], places: &[usize]) -> Option<&'e str> {
    let composition = entries.iter().find(|entry| entry.kind == "Composition")?;
    let address = word(composition.value.get("subject")?, "reference")?;
    (places.len() == 1).then_some(address)
}

fn owners(entries: &[Entry], links: &Links, places: &[usize], alias: Option<&str>) -> Vec<Owner> {
    let indices: HashMap<usize, usize> = places.iter().enumerate().map(|(index, place)| (*place, index)).collect();
    let own = |place: usize| indices.get(&place).copied();
    let owner = |(place, entry): (usize, &Entry)| {
        if entry.kind == "Patient" {
            // A repeated patient belongs to the one it repeats.
            let first = entry.id.as_ref().and_then(|id| links.at(&format!("Patient/{id}")));
            return own(place).or_else(|| own(first?)).map_or(Owner::Stranger, Owner::Patient);
        }
        let Some(reference) =
            ["subject", "patient", "beneficiary", "for"].iter().find_map(|name| entry.value.get(*name))
        else {
            return Owner::Nobody;
        };
        let named = links.find(reference).and_then(own);
        let meant = || (alias.is_some() && word(reference, "reference") == alias).then_some(0);
        named.or_else(meant).map_or(Owner::Stranger, Owner::Patient)
    };
    entries.iter().enumerate().map(owner).collect()
}

fn kind(roots: &[String], bundle: Option<String>, entries: &[Entry]) -> Kind {
    if let [root] = roots {
        let of_type = |concept: &Value| super::json::has_code(concept, codes::LOINC, codes::SUMMARY_TYPE);
        let is_summary = |entry: &Entry| entry.kind == "Composition" && entry.value.get("type").is_some_and(of_type);
        return match bundle {
            Some(_) if entries.iter().any(is_summary) => Kind::PatientSummary,
            Some(kind) => Kind::Bundle(kind),
            None => Kind::Resource(root.clone()),
        };
    }
    Kind::Lines
}

fn head(entries: &[Entry], links: &Links, places: &[usize]) -> Option<Summary> {
    let composition = &entries.iter().find(|entry| entry.kind == "Composition")?.value;
    let name = |reference: &Value| take::name_of(reference, entries, links);
    let subject = composition.get("subject").and_then(|subject| links.find(subject));
    Some(Summary {
        title: word(composition, "title").map(str::to_owned),
        authors: list(composition, "author").iter().filter_map(name).collect(),
        date: word(composition, "date").map(str::to_owned),
        custodian: composition.get("custodian").and_then(name),
        subject: subject.and_then(|place| places.iter().position(|patient| *patient == place)),
    })
}
