//! Documents of the engine that people see.

use super::{codes::*, identity::*};
use crate::{Stamp, id::Id, when::Time};
use model_derive::Collection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Two versions that wait for a person; its id is made of document, key and the displaced stamp.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "conflicts", class = Mergeable, key = Chart, sync = Chart, index(resolved_at), index(document_id))]
pub struct Conflict {
    /// Of which collection.
    #[field(sealed, keep)]
    pub collection: String,
    /// Which document.
    #[field(sealed, keep)]
    pub document_id: uuid::Uuid,
    /// What happened.
    #[field(sealed, keep)]
    pub kind: ConflictKind,
    /// Field, group or list element.
    #[field(sealed, keep)]
    pub key: String,
    /// What both had agreed on.
    #[field(sealed, keep)]
    pub base: Option<serde_json::Value>,
    /// What shows.
    #[field(sealed, keep)]
    pub shown: Option<serde_json::Value>,
    /// What was displaced.
    #[field(sealed, keep)]
    pub displaced: Option<serde_json::Value>,
    /// When the shown value was written, and on which device.
    #[field(sealed, keep)]
    pub shown_stamp: Stamp,
    /// When the displaced value was written, and on which device.
    #[field(sealed, keep)]
    pub displaced_stamp: Stamp,
    /// When the two met.
    #[field(sealed, keep)]
    pub found_at: Time,
    /// When a person decided.
    #[field(sealed, latest, group = "decision")]
    pub resolved_at: Option<Time>,
    /// Who.
    #[field(sealed, latest, group = "decision")]
    pub resolved_by: Option<Id<User>>,
    /// The value decided on.
    #[field(sealed, latest, group = "decision")]
    pub resolution: Option<serde_json::Value>,
}

/// A signed change to an earlier statement; the statement itself is never touched.
#[derive(Clone, Debug, PartialEq, Collection, Serialize, Deserialize, TS)]
#[collection(name = "amendments", class = Statement, key = Chart, sync = Chart, index(document_id))]
pub struct Amendment {
    /// Of which collection the earlier statement is.
    #[field(sealed, keep)]
    pub collection: String,
    /// Which statement.
    #[field(sealed, keep)]
    pub document_id: uuid::Uuid,
    /// What it does.
    #[field(sealed, keep)]
    pub kind: AmendKind,
    /// The fields that change, with their new values.
    #[field(sealed, keep)]
    pub changes: serde_json::Value,
}
