//! A resource being written: the text it was imported as, or a fresh one.

use super::{Given, Giving, urn};
use crate::fhir::{codes, entry::Entry, json::Notes, link::Links, node::Node, take::Around};
use model::Origin;
use serde_json::{Value, json};
use uuid::Uuid;

/// The tree, and what the original said before anything was written over it.
pub(crate) struct Sheet {
    node: Node,
    original: Option<Value>,
}

impl Sheet {
    /// Begins with the stored original, if there is one of the right kind; else with nothing.
    pub fn start(giving: &Giving, origin: Option<&Origin>, kind: &str) -> Self {
        let text = origin.and_then(|origin| origin.resource.as_deref());
        let original: Option<Value> = text.and_then(|text| serde_json::from_str(text).ok());
        let original = original.filter(|original| original.get("resourceType").and_then(Value::as_str) == Some(kind));
        let copied = original.as_ref().and_then(|_| Node::parse(text?));
        match copied {
            Some(mut node) => {
                // An imported narrative may be stale or hostile; those of exports are made here.
                node.remove(&["text"]);
                name_outsiders(&mut node, original.as_ref(), giving);
                Sheet { node, original }
            }
            None => Sheet { node: json!({ "resourceType": kind }).into(), original: None },
        }
    }

    /// Is there no original?
    pub fn is_fresh(&self) -> bool {
        self.original.is_none()
    }

    /// What the import makes of the original: the measure of what was changed since.
    pub fn before<T>(&self, map: impl FnOnce(&Value, &Around, &mut Notes) -> Option<T>) -> Option<T> {
        let (entries, links): (Vec<Entry>, _) = (Vec::new(), Links::new(&[]));
        map(self.original.as_ref()?, &Around::new(&entries, &links), &mut Notes::new(""))
    }

    pub fn get(&self, name: &str) -> Option<&Node> {
        self.node.get(name)
    }

    pub fn set(&mut self, name: &str, value: Value) {
        self.node.set(name, value);
    }

    pub fn remove(&mut self, names: &[&str]) {
        self.node.remove(names);
    }

    /// Sets a member, or takes it out.
    pub fn put(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.node.set(name, value),
            None => self.node.remove(&[name]),
        }
    }

    /// Replaces the elements of a list that `is_old` picks by new ones, and keeps the others.
    pub fn replace_in(&mut self, list: &str, is_old: impl Fn(&Node) -> bool, new: Vec<Value>) {
        let kept = match self.node.get(list) {
            Some(Node::Array(items)) => items.iter().filter(|item| !is_old(item)).cloned().collect(),
            _ => Vec::new(),
        };
        let items: Vec<Node> = kept.into_iter().chain(new.into_iter().map(Node::from)).collect();
        if items.is_empty() {
            self.node.remove(&[list]);
        } else {
            self.node.set(list, Node::Array(items));
        }
    }

    /// Replaces the extension with this address.
    pub fn extend(&mut self, url: &str, extension: Option<Value>) {
        let is_old = |node: &Node| node.get("url").and_then(Node::text).as_deref() == Some(url);
        self.replace_in("extension", is_old, extension.into_iter().collect());
    }

    /// Finishes: id, own identifier, the patient, and no contained resource that nothing points to.
    pub fn give(mut self, id: Uuid, system: &str, subject: Option<(&str, Value)>) -> Given {
        self.set("id", json!(id.to_string()));
        let system = codes::ns(system);
        let is_own = |node: &Node| node.get("system").and_then(Node::text).as_deref() == Some(&system);
        self.replace_in("identifier", is_own, vec![json!({"system": system, "value": id.to_string()})]);
        if let Some((name, reference)) = subject {
            self.set(name, reference);
        }
        let mut points_inside = false;
        self.node.each_object(&mut |node| {
            points_inside |= node.get("reference").and_then(Node::text).is_some_and(|address| address.starts_with('#'));
        });
        if !points_inside {
            self.node.remove(&["contained"]);
        }
        Given { id, node: self.node }
    }
}

/// Addresses of the sender's system mean nothing elsewhere: they become names. The patient is the one thing that is in the bundle.
fn name_outsiders(node: &mut Node, original: Option<&Value>, giving: &Giving) {
    let subject = ["subject", "patient"].iter().find_map(|name| original?.get(*name)?.get("reference")?.as_str());
    let patient = urn(giving.chart.chart_id);
    node.each_object(&mut |object| {
        let Some(address) = object.get("reference").and_then(Node::text) else { return };
        if address.starts_with('#') {
            return;
        }
        if subject == Some(address.as_str()) {
            object.set("reference", json!(patient));
            return;
        }
        object.remove(&["reference"]);
        if object.get("display").is_none() && object.get("identifier").is_none() {
            object.set("identifier", json!({ "value": address }));
        }
    });
}
