//! The resources of a file, one by one, with the text they came as.

use super::{codes, incoming::Limits, report::Problem};
use crate::Refused;
use serde_json::{Value, value::RawValue};
use std::collections::BTreeMap;

/// One resource of the file.
pub(crate) struct Entry {
    pub full_url: Option<String>,
    pub kind: String,
    pub id: Option<String>,
    /// The text as it came.
    pub text: String,
    /// Its content, for the kinds that are mapped or looked up; `Null` for the others.
    pub value: Value,
}

impl Entry {
    /// How a report names it.
    pub fn label(&self, place: usize) -> String {
        match &self.id {
            Some(id) if id.len() <= 64 => format!("{}/{id}", self.kind),
            _ => format!("{} (number {} of the file)", self.kind, place + 1),
        }
    }
}

/// What one pass over the file gathers.
#[derive(Default)]
pub(crate) struct Gathered {
    pub entries: Vec<Entry>,
    /// Types of the outermost resources.
    pub roots: Vec<String>,
    /// Type of the outermost bundle.
    pub bundle: Option<String>,
    /// Version of FHIR as the file itself says it.
    pub declared: Option<String>,
    pub problems: Vec<Problem>,
}

type Members<'t> = BTreeMap<String, &'t RawValue>;

/// Bundles within bundles (a search for documents gives one), to this depth.
const BUNDLES_DEEP: usize = 4;

impl Gathered {
    /// Takes one outermost JSON value.
    pub fn root(&mut self, raw: &RawValue, limits: &Limits) -> Result<(), Refused> {
        let members: Members = serde_json::from_str(raw.get()).map_err(|_| Refused::NotFhir)?;
        let kind = text_of(&members, "resourceType").ok_or(Refused::NotFhir)?;
        self.declared = self.declared.take().or_else(|| text_of(&members, "fhirVersion"));
        self.roots.push(kind);
        self.resource(None, raw, &members, limits, 0)
    }

    fn resource(
        &mut self,
        url: Option<String>,
        raw: &RawValue,
        members: &Members,
        limits: &Limits,
        deep: usize,
    ) -> Result<(), Refused> {
        let Some(kind) = text_of(members, "resourceType") else {
            self.unreadable("resourceType", "An entry names no resource type. It is only in the original file.");
            return Ok(());
        };
        if kind == "Bundle" && deep < BUNDLES_DEEP {
            return self.bundle(members, limits, deep);
        }
        if self.entries.len() >= limits.resources {
            return Err(Refused::TooMany { limit: limits.resources });
        }
        let id = text_of(members, "id");
        let entry = Entry { full_url: url, id, text: raw.get().to_owned(), value: self.value(&kind, raw), kind };
        self.entries.push(entry);
        Ok(())
    }

    /// Content is only needed of what is mapped or looked up; claims and the like stay text.
    fn value(&mut self, kind: &str, raw: &RawValue) -> Value {
        if !codes::LOOKED_INTO.contains(&kind) {
            return Value::Null;
        }
        serde_json::from_str(raw.get()).unwrap_or_else(|_| {
            self.unreadable(
                kind,
                "A number or a character in it cannot be represented. It is only in the original file.",
            );
            Value::Null
        })
    }

    fn bundle(&mut self, members: &Members, limits: &Limits, deep: usize) -> Result<(), Refused> {
        let kind = text_of(members, "type").unwrap_or_else(|| "unknown".to_owned());
        if matches!(kind.as_str(), "history" | "subscription-notification") {
            return Err(Refused::UnfitBundle { kind });
        }
        self.bundle.get_or_insert(kind);
        let Some(list) = members.get("entry") else { return Ok(()) };
        let Ok(entries) = serde_json::from_str::<Vec<&RawValue>>(list.get()) else {
            self.unreadable("entry", "A list was expected here. Its content is only in the original file.");
            return Ok(());
        };
        for entry in entries {
            self.entry(entry, limits, deep)?;
        }
        Ok(())
    }

    fn entry(&mut self, raw: &RawValue, limits: &Limits, deep: usize) -> Result<(), Refused> {
        let Ok(entry) = serde_json::from_str::<Members>(raw.get()) else {
            self.unreadable("entry", "An entry is not an object. It is only in the original file.");
            return Ok(());
        };
        // Entries without a resource are requests to delete, or answers without a body: nothing to take.
        let Some(resource) = entry.get("resource") else { return Ok(()) };
        let Ok(members) = serde_json::from_str::<Members>(resource.get()) else {
            self.unreadable("entry.resource", "A resource is not an object. It is only in the original file.");
            return Ok(());
        };
        self.resource(text_of(&entry, "fullUrl"), resource, &members, limits, deep + 1)
    }

    fn unreadable(&mut self, element: &str, sentence: &str) {
        if self.problems.len() < super::report::MOST_PROBLEMS {
            let (resource, element) = ("Bundle".to_owned(), element.to_owned());
            self.problems.push(Problem { resource, element, code: "unreadable", sentence: sentence.to_owned() });
        }
    }
}

fn text_of(members: &Members, name: &str) -> Option<String> {
    members.get(name).and_then(|raw| serde_json::from_str::<String>(raw.get()).ok()).filter(|text| !text.is_empty())
}
