//! What the definition of a collection says; written as constants by `#[derive(Collection)]`.

use serde::{Deserialize, Serialize};

/// May the value leave this device, and how?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// Readable on the remote (only keys, certificates, roles in certificates and equality tokens are).
    Clear,
    /// Inside the document's one envelope.
    Sealed,
    /// Never leaves the device.
    Local,
}

/// How a field is joined when two devices changed it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The first value stays.
    Keep,
    /// The newest stamp shows; the displaced value goes to the history.
    Latest,
    /// A list of elements keyed by their own `id`, each merged by itself.
    Union,
    /// Never goes back: revoked, read, used, counts.
    Rise,
    /// The newest shows, the other is filed for a person to decide.
    Fork,
}

/// How a document may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Class {
    /// Keys and trust; signed, never changed. Sorted first: readers need them before anything else.
    #[serde(rename = "K")]
    Key,
    /// Signed by its author, never changed, only amended.
    #[serde(rename = "S")]
    Statement,
    /// Merged per field on the device.
    #[serde(rename = "M")]
    Mergeable,
}

impl Class {
    /// The one letter that stands for the class in a parcel.
    pub fn letter(self) -> &'static str {
        match self {
            Class::Key => "K",
            Class::Statement => "S",
            Class::Mergeable => "M",
        }
    }

    /// Reads the letter back.
    pub fn from_letter(letter: &str) -> Option<Self> {
        [Class::Key, Class::Statement, Class::Mergeable].into_iter().find(|class| class.letter() == letter)
    }
}

/// Whose key closes the envelope, and who pulls the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One patient's chart. The scope's id is the id of the `patients` document.
    Chart,
    /// The clinic's care team (notes that are not shared with the patient).
    Team,
    /// Every member of the clinic. The scope's id is the realm's id.
    Realm,
    /// One person alone. The scope's id is the user's id.
    User,
    /// This device only.
    Local,
}

/// The shape of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// One word of a closed list.
    Code,
    /// True or false.
    Bool,
    /// A whole number of at most 32 bits.
    Whole,
    /// A number with a fraction.
    Real,
    /// An instant, RFC 3339 in UTC.
    Time,
    /// A calendar day without a zone, perhaps partial.
    Date,
    /// The id of a document of the named collection's struct.
    Id(&'static str),
    /// An encrypted file, named by its blob id.
    Blob,
    /// A list of elements.
    List,
    /// A structure of its own.
    Part,
}

/// One field of a collection.
#[derive(Debug, PartialEq, Eq)]
pub struct FieldDef {
    /// Name, the same in the table, in the parcel and in TypeScript.
    pub name: &'static str,
    /// What it means, from the doc comment.
    pub doc: &'static str,
    /// May it leave this device unsealed?
    pub sense: Sense,
    /// How it is joined.
    pub merge: Merge,
    /// The shape of its value.
    pub kind: Kind,
    /// May it be absent?
    pub optional: bool,
    /// Fields of one group share one stamp and win or lose together.
    pub group: Option<&'static str>,
    /// The kind of equality token that may stand outside the seal (`email`, `phone`).
    pub blind: Option<&'static str>,
    /// Is its text found by the search?
    pub search: bool,
    /// The older systems' fields that live here: `S:detections.result`.
    pub from: &'static [&'static str],
}

impl FieldDef {
    /// The key under which this field's stamp is kept: its group's name, or its own.
    pub fn stamp_key(&self) -> &'static str {
        self.group.unwrap_or(self.name)
    }
}

/// One index: the fields in order.
#[derive(Debug, PartialEq, Eq)]
pub struct IndexDef {
    /// Names of fields.
    pub fields: &'static [&'static str],
    /// May two documents hold the same values?
    pub unique: bool,
}

/// The definition of one collection.
#[derive(Debug, PartialEq, Eq)]
pub struct CollectionDef {
    /// Name of the table and of the MongoDB collection.
    pub name: &'static str,
    /// What a document of it is.
    pub doc: &'static str,
    /// How its documents may change.
    pub class: Class,
    /// Whose key closes the envelope.
    pub key: Scope,
    /// Who pulls it.
    pub sync: Scope,
    /// All fields, in the order of the struct.
    pub fields: &'static [FieldDef],
    /// The fields of which a document is the only one, none for most collections: its id is derived from their values, so that
    /// two devices that make it apart make the same one.
    pub identity: &'static [&'static str],
    /// Local indexes.
    pub indexes: &'static [IndexDef],
}

impl CollectionDef {
    /// The field of this name, if there is one; the fields that every document has are found too.
    pub fn field(&self, name: &str) -> Option<&'static FieldDef> {
        self.fields.iter().chain(COMMON).find(|field| field.name == name)
    }
}

/// A struct that defines a collection.
pub trait Collection: Serialize + for<'de> Deserialize<'de> {
    /// Everything that the derive wrote down.
    const DEF: &'static CollectionDef;
}

/// Fields of every document. They are set by the services, never by a form.
pub const COMMON: &[FieldDef] = &[
    common("created_at", "When the document was made.", Merge::Keep, Kind::Time),
    common("updated_at", "When a field last changed.", Merge::Rise, Kind::Time),
    common("is_deleted", "Hidden from lists; its content and history stay until a purge.", Merge::Latest, Kind::Bool),
];

const fn common(name: &'static str, doc: &'static str, merge: Merge, kind: Kind) -> FieldDef {
    FieldDef {
        name,
        doc,
        sense: Sense::Sealed,
        merge,
        kind,
        optional: false,
        group: None,
        blind: None,
        search: false,
        from: &[],
    }
}
