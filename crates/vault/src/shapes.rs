//! Do values make a document of their collection? Asked of everything before it is stored, wherever it came from.

use crate::{blobs, read::place_of};
use model::*;
use serde_json::Value;

/// Gives another macro the struct of every collection: the one place where they stand in a row.
macro_rules! each_collection {
    ($with:ident) => {
        $with!(
            Clinic,
            User,
            Patient,
            Doctor,
            OtpVerification,
            PasswordReset,
            TwoFactor,
            OauthAccount,
            Token,
            AccountDeletionRequest,
            SendingSettings,
            IdentityProvider,
            MedicalRecord,
            Medication,
            ShareToken,
            AccessLog,
            SavedPatient,
            DoctorNote,
            Detection,
            Observation,
            Appointment,
            BusyTime,
            Notification,
            Message,
            Teleconsultation,
            Payment,
            Review,
            AiCharacter,
            Conversation,
            ConversationTurn,
            Log,
            Profiling,
            Conflict,
            Amendment,
        );
    };
}
#[cfg(test)]
pub(crate) use each_collection;

macro_rules! shapes {
    ($($name:ident),+ $(,)?) => {
        /// Reads the values as the struct that defines the collection.
        ///
        /// # Errors
        /// What does not read, without quoting a value.
        pub(crate) fn check(collection: &str, values: &Map) -> Result<(), String> {
            $(if collection == $name::DEF.name { return read::<$name>(values); })+
            Err("no such collection".to_owned())
        }

        #[cfg(test)]
        const CHECKED: &[&CollectionDef] = &[$($name::DEF),+];
    };
}

each_collection!(shapes);

fn read<T: Collection>(values: &Map) -> Result<(), String> {
    for name in ["created_at", "updated_at"] {
        let time = values.get(name).and_then(Value::as_str).and_then(Time::parse);
        time.ok_or_else(|| format!("{name} is no instant"))?;
    }
    if !values.get("is_deleted").is_none_or(Value::is_boolean) {
        return Err("is_deleted is neither true nor false".to_owned());
    }
    T::deserialize(values).map_err(|error| problem_of::<T>(values, &error))?;
    match blobs::named_in(values).iter().all(blobs::is_sound) {
        true => Ok(()),
        false => Err("a file's lengths and digests do not belong together".to_owned()),
    }
}

/// Names the first field that does not fit. The parser's own words could quote a value, so only names are given.
fn problem_of<T: Collection>(values: &Map, error: &serde_json::Error) -> String {
    let said = error.to_string();
    let missing = T::DEF
        .fields
        .iter()
        .find(|field| !field.optional && !values.contains_key(field.name) && said.contains(field.name));
    match missing {
        Some(field) => format!("{} is missing", field.name),
        None => wrong_field::<T>(values).map_or_else(|| place_of(error), |name| format!("{name} has another form")),
    }
}

/// A field is at fault if the document reads once a value that certainly fits stands in its place, or fails in it alone.
fn wrong_field<T: Collection>(values: &Map) -> Option<&'static str> {
    let fails = |field: &&FieldDef| {
        let value = values.get(field.name);
        match field.kind {
            Kind::Text | Kind::Code => value.is_some_and(|value| !value.is_string() && !value.is_null()),
            Kind::Bool => value.is_some_and(|value| !value.is_boolean() && !value.is_null()),
            Kind::Whole | Kind::Real => value.is_some_and(|value| !value.is_number() && !value.is_null()),
            Kind::Time => value.and_then(Value::as_str).is_some_and(|text| Time::parse(text).is_none()),
            Kind::Date => value.and_then(Value::as_str).is_some_and(|text| Date::parse(text).is_none()),
            Kind::Id(_) => value.and_then(Value::as_str).is_some_and(|text| uuid::Uuid::try_parse(text).is_err()),
            Kind::List => value.is_some_and(|value| !value.is_array()),
            Kind::Blob | Kind::Part => false,
        }
    };
    T::DEF.fields.iter().find(fails).map(|field| field.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_is_checked() {
        let names = |defs: &[&CollectionDef]| defs.iter().map(|def| def.name).collect::<Vec<_>>();
        assert_eq!(names(CHECKED), names(ALL));
    }

    #[test]
    fn what_is_wrong_is_named_without_its_value() {
        let mut values = Map::new();
        assert_eq!(check("patients", &values), Err("created_at is no instant".into()));
        values.insert("created_at".into(), "2026-01-01T00:00:00.000Z".into());
        values.insert("updated_at".into(), "2026-01-01T00:00:00.000Z".into());
        values.insert("name".into(), 7.into());
        assert_eq!(check("patients", &values), Err("name has another form".into()));
    }
}
