//! A JSON tree that keeps every number as it was written: 2.50 stays 2.50. For exports that begin with what was imported.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::{Value, value::RawValue};
use std::fmt;

/// One JSON value.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// Members in their order.
    Object(Vec<(String, Node)>),
    /// Items.
    Array(Vec<Node>),
    /// Text, number, true, false or null, as written.
    Leaf(Box<RawValue>),
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Reader)
    }
}

impl Node {
    /// Reads JSON text; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim_start().as_bytes().first()? {
            b'{' => {
                let members: Members = serde_json::from_str(text).ok()?;
                let read = |(name, raw): (String, Box<RawValue>)| Some((name, Node::parse(raw.get())?));
                members.0.into_iter().map(read).collect::<Option<Vec<_>>>().map(Node::Object)
            }
            b'[' => {
                let items: Vec<Box<RawValue>> = serde_json::from_str(text).ok()?;
                items.iter().map(|raw| Node::parse(raw.get())).collect::<Option<Vec<_>>>().map(Node::Array)
            }
            _ => serde_json::from_str(text).ok().map(Node::Leaf),
        }
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        match self {
            Node::Object(members) => members.iter().find(|(other, _)| other == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Text, if it is text.
    pub fn text(&self) -> Option<String> {
        match self {
            Node::Leaf(raw) => serde_json::from_str(raw.get()).ok(),
            _ => None,
        }
    }

    /// Puts a member in its place, or at the end. Does nothing to what is no object.
    pub fn set(&mut self, name: &str, node: impl Into<Node>) {
        let Node::Object(members) = self else { return };
        let node = node.into();
        match members.iter_mut().find(|(other, _)| other == name) {
            Some((_, old)) => *old = node,
            None => members.push((name.to_owned(), node)),
        }
    }

    /// Takes members out, with the `_name` that may stand beside each.
    pub fn remove(&mut self, names: &[&str]) {
        if let Node::Object(members) = self {
            members.retain(|(name, _)| !names.contains(&name.strip_prefix('_').unwrap_or(name)));
        }
    }

    /// Every object of the tree, outermost first.
    pub fn each_object(&mut self, visit: &mut impl FnMut(&mut Node)) {
        if matches!(self, Node::Object(_)) {
            visit(self);
        }
        match self {
            Node::Object(members) => members.iter_mut().for_each(|(_, node)| node.each_object(visit)),
            Node::Array(items) => items.iter_mut().for_each(|node| node.each_object(visit)),
            Node::Leaf(_) => {}
        }
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => {
                Node::Object(members.into_iter().map(|(name, value)| (name, value.into())).collect())
            }
            Value::Array(items) => Node::Array(items.into_iter().map(Node::from).collect()),
            leaf => Node::Leaf(
                serde_json::value::to_raw_value(&leaf).expect("text, numbers, true, false and null are JSON"),
            ),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Object(members) => {
                let mut map = to.serialize_map(Some(members.len()))?;
                for (name, node) in members {
                    map.serialize_entry(name, node)?;
                }
                map.end()
            }
            Node::Array(items) => {
                let mut seq = to.serialize_seq(Some(items.len()))?;
                for item in items {
                    seq.serialize_element(item)?;
                }
                seq.end()
            }
            Node::Leaf(raw) => raw.serialize(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_order_survive_an_edit() {
        let mut node = Node::parse(r#"{"z":2.50,"a":[1e3,{"b":null}],"_a":[],"t":"x"}"#).expect("JSON");
        node.set("t", serde_json::json!("y"));
        node.remove(&["a"]);
        node.set("new", serde_json::json!({"n": 1}));
        assert_eq!(serde_json::to_string(&node).expect("JSON"), r#"{"z":2.50,"t":"y","new":{"n":1}}"#);
    }
}
