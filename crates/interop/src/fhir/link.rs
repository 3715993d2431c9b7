//! Following references inside one file.

use super::{
    entry::Entry,
    json::{list, word},
};
use serde_json::Value;
use std::collections::HashMap;

/// Where each resource of the file can be found.
pub(crate) struct Links {
    places: HashMap<String, usize>,
}

impl Links {
    pub fn new(entries: &[Entry]) -> Self {
        let mut places = HashMap::new();
        for (place, entry) in entries.iter().enumerate() {
            for name in names(entry) {
                places.entry(name).or_insert(place);
            }
        }
        Links { places }
    }

    /// The resource that a `Reference` names, by address or by the identifier it carries.
    pub fn find(&self, reference: &Value) -> Option<usize> {
        let address = word(reference, "reference").and_then(|address| self.at(address));
        address.or_else(|| {
            let identifier = reference.get("identifier")?;
            let kind = word(reference, "type").unwrap_or("Patient");
            self.places.get(&by_identifier(kind, identifier)?).copied()
        })
    }

    /// The resource at an address: as it stands, without its version, or by its last two parts.
    pub fn at(&self, address: &str) -> Option<usize> {
        let address = address.split("/_history/").next().unwrap_or(address);
        if let Some(place) = self.places.get(address) {
            return Some(*place);
        }
        let mut parts = address.rsplitn(3, '/');
        let (id, kind) = (parts.next()?, parts.next()?);
        self.places.get(&format!("{kind}/{id}")).copied()
    }
}

fn names(entry: &Entry) -> Vec<String> {
    let mut names: Vec<String> =
        entry.full_url.iter().map(|url| url.split("/_history/").next().unwrap_or(url).to_owned()).collect();
    if let Some(id) = &entry.id {
        names.push(format!("{}/{id}", entry.kind));
        names.push(format!("urn:uuid:{id}"));
    }
    names.extend(
        list(&entry.value, "identifier").iter().filter_map(|identifier| by_identifier(&entry.kind, identifier)),
    );
    names
}

/// The form that conditional references have: `Practitioner?identifier=system|value`.
fn by_identifier(kind: &str, identifier: &Value) -> Option<String> {
    let value = word(identifier, "value")?;
    Some(format!("{kind}?identifier={}|{value}", word(identifier, "system").unwrap_or("")))
}
