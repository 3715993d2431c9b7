//! Shorthand for what a room asks of the vault.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;
use vault::Find;

/// Documents whose field has this value.
pub fn of<'a>(field: &'a str, value: impl Serialize) -> Asking<'a> {
    Asking(Find::default()).and(field, value)
}

/// A list that is being described.
pub struct Asking<'a>(Find<'a>);

impl<'a> Asking<'a> {
    /// And whose other field has this value; null asks for an absent one.
    pub fn and(mut self, field: &'a str, value: impl Serialize) -> Self {
        // Ids, texts, numbers and booleans: none of them can fail to become JSON.
        self.0.equal.push((field, serde_json::to_value(value).unwrap_or(Value::Null)));
        self
    }

    /// Only these.
    pub fn among(mut self, ids: Vec<Uuid>) -> Self {
        self.0.among = Some(ids);
        self
    }

    /// Lowest first.
    pub fn order(mut self, field: &'a str) -> Self {
        self.0.order = Some((field, false));
        self
    }

    /// Highest first.
    pub fn newest(mut self, field: &'a str) -> Self {
        self.0.order = Some((field, true));
        self
    }

    /// At most so many.
    pub fn limit(mut self, rows: u32) -> Self {
        self.0.limit = rows.into();
        self
    }

    /// Leaving out the first.
    pub fn offset(mut self, rows: u32) -> Self {
        self.0.offset = rows.into();
        self
    }
}

impl<'a> std::ops::Deref for Asking<'a> {
    type Target = Find<'a>;

    fn deref(&self) -> &Find<'a> {
        &self.0
    }
}
