//! The only function that joins two versions of a document.
//!
//! What shows after a merge depends on the two versions alone, never on who merges or in which order: it is commutative,
//! associative and idempotent, and property tests say so. The last version that both sides agreed on is used for one
//! thing only, to tell which displaced values one of the writers had never seen and a person should look at.
//!
//! The versions are cut into units, each named by its stamp key: a field, a group of fields, one element of a list, or a
//! list itself. Units never look at one another, and the states that a unit can have stand in a total order in which the
//! greater shows; that is why the laws hold, and why a merge takes time in proportion to the document. A field may
//! therefore never move into a group, or out of it, once it was released.

use crate::{
    Stamp,
    def::{COMMON, CollectionDef, FieldDef, Merge},
    version::{Version, canonical, element_id, element_key, sort_by_text},
};
use serde_json::Value;
use std::{borrow::Cow, cmp::Ordering, collections::BTreeMap};

/// What came of joining two versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The version that both sides now hold.
    pub version: Version,
    /// Every value that no longer shows; each goes to the document's history.
    pub displaced: Vec<Displaced>,
}

/// A value that lost its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Displaced {
    /// Stamp key: field, group, or `field/element`.
    pub key: String,
    /// What stood there: an object of the group's fields for a group; null for an element that one side had removed and
    /// the other edited later.
    pub value: Value,
    /// When that was written.
    pub stamp: Stamp,
    /// What shows instead.
    pub by: Stamp,
    /// Must a person decide? True where both sides changed a `fork` or one element of a list apart, or one deleted what
    /// the other edited.
    pub review: bool,
}

/// Joins two versions of one document. `base` is the last version that both sides agreed on (empty when there is none).
///
/// Lists come out in the order of their elements' ids (UUIDv7: the order in which they were made).
pub fn merge(def: &CollectionDef, base: &Version, mine: &Version, theirs: &Version) -> Merged {
    let mut out = Merged { version: Version::default(), displaced: Vec::new() };
    let mut edited = Edited::default();
    for (key, unit) in &units(def, [mine, theirs, base]) {
        edited.note(key, unit);
        join(def, key, unit, &mut out);
    }
    review_deletion([mine, theirs], base, &edited, &mut out.displaced);
    out
}

/// What moves as one, as mine, theirs and the base have it.
type Unit<'a> = [Side<'a>; 3];

/// One version's state of a unit.
#[derive(Default, PartialEq)]
struct Side<'a> {
    /// `None` for a value that came without one (an import, an older program): it takes part as the oldest.
    stamp: Option<Stamp>,
    content: Content<'a>,
}

/// What stands there; empty where nothing was ever written or an element was removed.
#[derive(Default, PartialEq)]
struct Content<'a> {
    /// The list itself is there, whatever is in it.
    is_list: bool,
    /// Values by field name: one for a field, several for a group.
    fields: BTreeMap<&'a str, &'a Value>,
    /// The element of a list; several only where a foreign program gave one id twice.
    elements: Vec<&'a Value>,
}

/// Cuts versions into units, in the order of their keys: a list comes before its elements.
fn units<'a>(def: &CollectionDef, versions: [&'a Version; 3]) -> BTreeMap<Cow<'a, str>, Unit<'a>> {
    let mut units: BTreeMap<Cow<'a, str>, Unit<'a>> = BTreeMap::new();
    for (at, version) in versions.into_iter().enumerate() {
        for (key, stamp) in &version.stamps {
            units.entry(key.into()).or_default()[at].stamp = Some(*stamp);
        }
        for (name, value) in &version.values {
            let field = def.field(name);
            let Some(items) = elements_of(field, value) else {
                let key = field.map_or(name.as_str(), |field| field.stamp_key());
                units.entry(key.to_owned().into()).or_default()[at].content.fields.insert(name, value);
                continue;
            };
            units.entry(name.into()).or_default()[at].content.is_list = true;
            for item in items {
                let key = element_key(name, &element_id(item));
                units.entry(key.into()).or_default()[at].content.elements.push(item);
            }
        }
    }
    units.values_mut().flatten().for_each(|side| sort_by_text(&mut side.content.elements));
    units
}

fn elements_of<'a>(field: Option<&FieldDef>, value: &'a Value) -> Option<&'a Vec<Value>> {
    field.filter(|field| field.merge == Merge::Union).and(value.as_array())
}

/// How the states of a unit are ordered.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// By the field's policy.
    Field(Merge),
    /// An element of a list: as `fork`.
    Element,
    /// A list itself has no value of its own, only the time it was first written and whether it is there at all.
    List,
}

fn rule(def: &CollectionDef, key: &str) -> Rule {
    let is_union = |name: &str| def.field(name).is_some_and(|field| field.merge == Merge::Union);
    if is_union(key) {
        return Rule::List;
    }
    if key.split_once('/').is_some_and(|(list, _)| is_union(list)) {
        return Rule::Element;
    }
    let field = def.fields.iter().chain(COMMON).find(|field| field.stamp_key() == key);
    Rule::Field(field.map_or(Merge::Latest, |field| field.merge))
}

fn join(def: &CollectionDef, key: &str, unit: &Unit<'_>, out: &mut Merged) {
    let [mine, theirs, base] = unit;
    let rule = rule(def, key);
    let (winner, loser) = match (mine.is_absent(), theirs.is_absent()) {
        (true, true) => return,
        (false, true) => (mine, None),
        (true, false) => (theirs, None),
        (false, false) if precedence(rule, mine, theirs) == Ordering::Less => (theirs, Some(mine)),
        (false, false) => (mine, Some(theirs)),
    };
    let stamp = match rule {
        Rule::List => [mine.stamp, theirs.stamp].into_iter().flatten().min(),
        Rule::Field(_) | Rule::Element => winner.stamp,
    };
    show(key, stamp, &winner.content, &mut out.version);
    if let Some(loser) = loser.filter(|loser| loser.content != winner.content) {
        let apart = mine != base && theirs != base;
        let review = apart && matches!(rule, Rule::Element | Rule::Field(Merge::Fork));
        let (by, lost_at) = (stamp.unwrap_or(Stamp::ZERO), loser.stamp.unwrap_or(Stamp::ZERO));
        let lost = loser.content.values(def, key, rule == Rule::Element && review);
        out.displaced.extend(lost.into_iter().map(|value| Displaced {
            key: key.to_owned(),
            value,
            stamp: lost_at,
            by,
            review,
        }));
    }
}

fn show(key: &str, stamp: Option<Stamp>, content: &Content<'_>, version: &mut Version) {
    if let Some(stamp) = stamp {
        version.stamps.insert(key.to_owned(), stamp);
    }
    if content.is_list {
        version.values.insert(key.to_owned(), Value::Array(Vec::new()));
    }
    for (name, value) in &content.fields {
        version.values.insert((*name).to_owned(), (*value).clone());
    }
    // The list itself came before its elements, and where one side has elements it is a list.
    let list = key.split_once('/').and_then(|(list, _)| version.values.get_mut(list)).and_then(Value::as_array_mut);
    if let Some(list) = list {
        list.extend(content.elements.iter().map(|item| (*item).clone()));
    }
}

impl Side<'_> {
    fn is_absent(&self) -> bool {
        self.stamp.is_none() && self.content == Content::default()
    }
}

impl Content<'_> {
    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.elements.is_empty()
    }

    /// Is anything recorded? Null is not.
    fn says_something(&self) -> bool {
        !self.elements.is_empty() || self.fields.values().any(|value| !value.is_null())
    }

    /// The values for the history. A removal is worth a null only where a person must look at it.
    fn values(&self, def: &CollectionDef, key: &str, removal: bool) -> Vec<Value> {
        if self.is_empty() && removal {
            return vec![Value::Null];
        }
        let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).clone()));
        if !self.fields.is_empty() && def.fields.iter().any(|field| field.group == Some(key)) {
            return vec![Value::Object(fields.collect())];
        }
        fields.map(|(_, value)| value).chain(self.elements.iter().map(|item| (*item).clone())).collect()
    }

    /// The same text for the same content on every device, another for any other.
    fn text(&self) -> String {
        let fields = self.fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).clone())).collect();
        let elements = self.elements.iter().map(|item| (*item).clone()).collect();
        canonical(&Value::Array(vec![Value::Object(fields), Value::Array(elements)]))
    }

    fn single(&self) -> Option<&Value> {
        self.fields.values().next().copied().filter(|_| self.fields.len() == 1)
    }
}

/// Which of two states shows: the greater one.
fn precedence(rule: Rule, a: &Side<'_>, b: &Side<'_>) -> Ordering {
    match rule {
        Rule::Field(Merge::Keep) => first(a, b),
        Rule::Field(Merge::Rise) => rank(&a.content, &b.content).then_with(|| newer(a, b)),
        Rule::Field(Merge::Latest | Merge::Union | Merge::Fork) | Rule::Element => newer(a, b),
        Rule::List => (a.content.is_list.cmp(&b.content.is_list)).then_with(|| by_text(&a.content, &b.content)),
    }
}

/// Newer stamp first; equal stamps (a cloned device) are told apart by the value itself, the same everywhere.
fn newer(a: &Side<'_>, b: &Side<'_>) -> Ordering {
    a.stamp.cmp(&b.stamp).then_with(|| by_text(&a.content, &b.content))
}

/// The first value that says something: a field that was left open may still be filled, once.
fn first(a: &Side<'_>, b: &Side<'_>) -> Ordering {
    a.content.says_something().cmp(&b.content.says_something()).then_with(|| newer(b, a))
}

fn by_text(a: &Content<'_>, b: &Content<'_>) -> Ordering {
    // Most of a document is the same on both sides; only what differs is worth its text.
    if a == b { Ordering::Equal } else { a.text().cmp(&b.text()) }
}

/// The order in which a `rise` field goes up: nothing, false, true; numbers by size; texts (instants) by their bytes. It
/// is total over values of every kind, or three devices could show three different ones.
fn rank(a: &Content<'_>, b: &Content<'_>) -> Ordering {
    let (x, y) = (a.single(), b.single());
    let number = |value: Option<&Value>| value.and_then(Value::as_f64).unwrap_or_default();
    let bytes = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    (level(a).cmp(&level(b)))
        .then_with(|| number(x).total_cmp(&number(y)))
        .then_with(|| bytes(x).cmp(&bytes(y)))
        .then_with(|| by_text(a, b))
}

fn level(content: &Content<'_>) -> u8 {
    match content.single() {
        None if content.is_empty() => 0,
        Some(Value::Null) => 1,
        Some(Value::Bool(false)) => 2,
        Some(Value::Bool(true)) => 3,
        Some(Value::Number(_)) => 4,
        Some(Value::String(_)) => 5,
        Some(Value::Array(_) | Value::Object(_)) | None => 6,
    }
}

/// Did a side change anything since the base that the other does not have?
#[derive(Default)]
struct Edited {
    by_me: bool,
    by_them: bool,
}

impl Edited {
    fn note(&mut self, key: &str, [mine, theirs, base]: &Unit<'_>) {
        if ["created_at", "updated_at", DELETED].contains(&key) || mine == theirs {
            return;
        }
        self.by_me |= mine != base;
        self.by_them |= theirs != base;
    }
}

/// One side deleted what the other edited: nothing revives and nothing is dropped, a person looks.
fn review_deletion([mine, theirs]: [&Version; 2], base: &Version, edited: &Edited, displaced: &mut Vec<Displaced>) {
    let life = |version: &Version| (version.stamps.get(DELETED).copied(), version.values.get(DELETED).cloned());
    for (deleter, editor, edited) in [(mine, theirs, edited.by_them), (theirs, mine, edited.by_me)] {
        let deleted = deleter.is_deleted() && !editor.is_deleted() && life(deleter) != life(base);
        if !deleted || !edited {
            continue;
        }
        match displaced.iter_mut().find(|one| one.key == DELETED) {
            Some(lost) => lost.review = true,
            // The editor's version says nothing about life.
            None => {
                let [stamp, by] = [editor, deleter].map(|version| life(version).0.unwrap_or(Stamp::ZERO));
                displaced.push(Displaced {
                    key: DELETED.to_owned(),
                    value: Value::Bool(false),
                    stamp,
                    by,
                    review: true,
                });
            }
        }
    }
}

const DELETED: &str = "is_deleted";
