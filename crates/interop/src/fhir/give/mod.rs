//! From a chart to a bundle for others. What it cannot see it cannot give away: a [`ChartView`] holds no account, no doctor's
//! note, no key and no password, and nothing that was withdrawn or deleted is written.

mod clinical;
mod documents;
mod front;
mod sheet;
mod summary;
mod vitals;

use super::{codes, derive, draft::Answers, node::Node};
use model::{MedicalRecord, Medication, Observation, Patient, Time};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A chart as it is given to others.
#[derive(Clone, Copy, Debug)]
pub struct ChartView<'c> {
    /// Id of the `patients` document.
    pub chart_id: Uuid,
    /// The front page.
    pub patient: &'c Patient,
    /// Medicines.
    pub medications: &'c [(Uuid, Medication)],
    /// Vital signs.
    pub observations: &'c [(Uuid, Observation)],
    /// Documents with their files.
    pub records: &'c [RecordView<'c>],
}

/// A document and the plain bytes of its files.
#[derive(Clone, Debug)]
pub struct RecordView<'c> {
    /// Its id.
    pub id: Uuid,
    /// The record.
    pub record: &'c MedicalRecord,
    /// When it was filed.
    pub created_at: Option<Time>,
    /// Its files, opened.
    pub files: Vec<FileView<'c>>,
}

/// A file, opened.
#[derive(Clone, Copy)]
pub struct FileView<'c> {
    /// Name.
    pub name: &'c str,
    /// Media type.
    pub media_type: &'c str,
    /// Content.
    pub bytes: &'c [u8],
}

impl std::fmt::Debug for FileView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileView({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// The shape of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A `collection`: the patient and what was chosen, documents with their files inside.
    Collection,
    /// A patient summary (IPS): a `document` with its sections. Records with files are not part of it; give them as a collection.
    Summary,
}

/// What is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// All that the view holds.
    Everything,
    /// These documents and elements of lists; in a collection nothing else but who the patient is.
    These(BTreeSet<Uuid>),
}

/// What is given, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The shape.
    pub form: Form,
    /// The content.
    pub what: What,
    /// What the clinician answered about lists that are empty. Used by summaries only.
    pub answers: Answers,
}

/// Who made a summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author<'c> {
    /// The program alone, with its version.
    Program {
        /// Version of the program.
        version: &'c str,
    },
    /// A person who looked at it.
    Person {
        /// Their name.
        name: &'c str,
    },
}

/// Writes the chosen part of a chart as a FHIR R4 bundle, JSON. The same arguments give the same text.
///
/// What was imported starts from the text that it came as, with what changed here written over it; references to things
/// that are not in the bundle become names. Records marked as deleted and withdrawn values are never written.
pub fn bundle(chart: &ChartView<'_>, choice: &Choice, at: Time, author: Author<'_>) -> String {
    let giving = Giving { chart, choice, at };
    let bundle = match choice.form {
        Form::Collection => giving.collection(),
        Form::Summary => summary::document(&giving, author),
    };
    serde_json::to_string(&bundle).expect("a tree with text keys is JSON")
}

/// One export.
pub(crate) struct Giving<'g> {
    chart: &'g ChartView<'g>,
    choice: &'g Choice,
    at: Time,
}

/// A resource with the id that it has in the bundle.
pub(crate) struct Given {
    id: Uuid,
    node: Node,
}

impl Giving<'_> {
    fn everything(&self) -> bool {
        self.choice.what == What::Everything
    }

    fn chosen(&self, id: Uuid) -> bool {
        match &self.choice.what {
            What::Everything => true,
            What::These(ids) => ids.contains(&id),
        }
    }

    fn derived(&self, kind: &str, key: &str) -> Uuid {
        derive::id(self.chart.chart_id, kind, key)
    }

    fn subject(&self) -> Value {
        json!({ "reference": urn(self.chart.chart_id) })
    }

    fn collection(&self) -> Node {
        let mut given = vec![front::patient(self)];
        given.extend(clinical::problems(self));
        given.extend(clinical::history(self));
        given.extend(clinical::allergies(self));
        given.extend(self.everything().then(|| clinical::allergy_statement(self)).flatten());
        given.extend(clinical::medications(self));
        given.extend(vitals::observations(self));
        given.extend(self.everything().then(|| vitals::blood_group(self)).flatten());
        given.extend(documents::records(self));
        let mut bundle =
            Node::from(json!({"resourceType": "Bundle", "type": "collection", "timestamp": self.at.to_string()}));
        bundle.set("entry", entries(given));
        bundle
    }
}

fn entries(given: Vec<Given>) -> Node {
    let entry = |given: Given| {
        Node::Object(vec![("fullUrl".to_owned(), json!(urn(given.id)).into()), ("resource".to_owned(), given.node)])
    };
    Node::Array(given.into_iter().map(entry).collect())
}

fn urn(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}

/// A `CodeableConcept` of one coding.
fn one_code(system: &str, code: &str, display: Option<&str>) -> Value {
    let mut coding = json!({"system": system, "code": code});
    if let Some(display) = display {
        coding["display"] = json!(display);
    }
    json!({ "coding": [coding] })
}

/// A `CodeableConcept` from words and the model's `system|code`.
fn worded(words: &str, code: Option<&str>) -> Value {
    let mut concept = json!({});
    if let Some((system, code)) = code.and_then(|code| code.rsplit_once('|')) {
        concept["coding"] = json!([{"system": system, "code": code}]);
    }
    concept["text"] = json!(words);
    concept
}

/// An extension of the project's own.
fn own_extension(name: &str, value: &str, content: &str) -> Value {
    let mut extension = json!({ "url": codes::ns(&format!("StructureDefinition/{name}")) });
    extension[value] = json!(content);
    extension
}
