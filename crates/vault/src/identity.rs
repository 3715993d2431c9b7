//! Documents of which there is one for certain values: one review of an appointment, one bookmark of a patient. Their id is
//! derived from the values, so that two devices that make one apart make the same one, and the merge joins them.

use crate::{Error, Result, Vault, core::Core};
use model::{Collection, CollectionDef, Kind, Map};
use serde_json::Value;
use uuid::Uuid;

/// The id that such a document must have; `None` for documents of all other collections.
///
/// # Errors
/// [`Error::Shape`] when a value is missing or no id, [`Error::NoKey`] before the realm's key has come.
pub(crate) fn id_of(core: &Core, def: &CollectionDef, values: &Map) -> Result<Option<Uuid>> {
    if def.identity.is_empty() {
        return Ok(None);
    }
    let parts = def.identity.iter().map(|name| part(def, name, values)).collect::<Result<Vec<Uuid>>>()?;
    let key = core.keyring.index_key().ok_or(Error::NoKey)?;
    let bytes: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes().as_slice()).collect();
    let id = key.identity(core.trust.realm().as_bytes(), key.version(), def.name, &bytes)?;
    Ok(Some(Uuid::new_v8(id)))
}

impl Vault {
    /// The id of the only document of its collection with such values; `None` where there may be many.
    ///
    /// # Errors
    /// [`Error::Shape`] when a value is missing, [`Error::NoKey`], [`Error::Closed`].
    pub fn only_id<T: Collection>(&self, values: &Map) -> Result<Option<Uuid>> {
        self.with_core(|_, core| id_of(core, T::DEF, values))
    }
}

/// Refuses a document whose values say that it is another one.
///
/// # Errors
/// As [`id_of`], and [`Error::Shape`] for the wrong id.
pub(crate) fn require(core: &Core, def: &CollectionDef, id: Uuid, values: &Map) -> Result<()> {
    match id_of(core, def, values)? {
        Some(derived) if derived != id => {
            Err(Error::Shape { collection: def.name.into(), problem: "its id is not that of its values".into() })
        }
        Some(_) | None => Ok(()),
    }
}

/// Ids alone: text has several forms that look the same.
fn part(def: &CollectionDef, name: &str, values: &Map) -> Result<Uuid> {
    let is_id = def.field(name).is_some_and(|field| matches!(field.kind, Kind::Id(_)));
    let value = values.get(name).and_then(Value::as_str).and_then(|text| Uuid::try_parse(text).ok());
    match (is_id, value) {
        (true, Some(value)) => Ok(value),
        (true | false, _) => Err(Error::Shape { collection: def.name.into(), problem: format!("{name} is no id") }),
    }
}
