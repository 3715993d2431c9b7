//! What the operator sets up once: collections, indexes, validators, and roles that may do no more than a device needs
//! (security page, 9.3).
//!
//! [`commands`] is the one definition. [`script`] prints it for `mongosh`, [`MongoRemote::set_up`] carries it out.

use super::{COUNTERS, MongoRemote, errors, files, hosted, probe};
use crate::address::Address;
use crate::error::{Result, SyncError};
use crate::remote::{KEY_COLLECTIONS, Remote, collections};
use errors::codes;
use model::parcel::BODY_MAX;
use model::{Class, Scope};
use mongodb::bson::{Bson, Document, doc};
use std::fmt::Write;
use uuid::Uuid;

/// What a device may do: see, add, and change what is mergeable. It removes nothing.
pub const DEVICE_ROLE: &str = "aidpost_device";
/// What whoever lets devices in may do: make and end database users. As powerful as the operator, because who grants roles
/// can take any; never the login that a device works with.
pub const ADMIN_ROLE: &str = "aidpost_admin";

/// What a link host may do: find hosted links and their files, count, and write down who asked. It is let near nothing else.
pub const HOST_ROLE: &str = "aidpost_host";
/// The name of the link host's database user.
pub const HOST_LOGIN: &str = "link-host";

/// A database user for one device or a link host, and a password that is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user's name.
    pub name: String,
    /// 64 hexadecimal digits from the system's generator.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({})", self.name)
    }
}

/// Everything to be made in the database, in order, as commands of the database itself.
pub fn commands(database: &str) -> Vec<Document> {
    let names = collections();
    let mut all: Vec<Document> = names.iter().map(|name| create(name, Some(envelope(name)))).collect();
    all.extend([COUNTERS, files::FILES, files::CHUNKS].map(|name| create(name, None)));
    all.extend(hosted::ALL.map(|name| create(name, Some(hosted::validator(name)))));
    all.extend(probe::indexed().map(probe::create_indexes));
    all.extend([
        role(DEVICE_ROLE, device_privileges(database)),
        role(HOST_ROLE, host_privileges(database)),
        role(ADMIN_ROLE, admin_privileges(database)),
    ]);
    all
}

/// The commands as a script for `mongosh`, which an operator can read before running it. Running it twice changes nothing. It ends these
/// logins too: those of devices that were removed.
pub fn script(database: &str, ended: &[String]) -> String {
    let mut text = String::from(
        "// Sets up a database for Aidpost. Run it once as an administrator: mongosh \"<address>\" --file setup.js\n\
         // 48: the collection is there; 85, 86: the index is there with other options; 51002: the role is there.\n\
         function make(command, change) {\n\
         \x20 try { db.runCommand(command).ok || fail(command); }\n\
         \x20 catch (error) {\n\
         \x20   if (![48, 85, 86, 51002].includes(error.code)) throw error;\n\
         \x20   if (change) db.runCommand(change);\n\
         \x20 }\n\
         }\n\
         function fail(command) { throw new Error(`refused: ${Object.keys(command)[0]}`); }\n",
    );
    let _ = writeln!(text, "db = db.getSiblingDB({});", json(&database));
    for command in commands(database) {
        let change = change_of(&command).map(|change| format!(", {}", json(&change))).unwrap_or_default();
        let _ = writeln!(text, "make({}{change});", json(&command));
    }
    text.push_str("// Then, for each device, a user of its own:\n");
    let _ = writeln!(
        text,
        "// db.createUser({{ user: \"d-…\", pwd: passwordPrompt(), roles: [\"{DEVICE_ROLE}\"], mechanisms: [\"SCRAM-SHA-256\"] }});"
    );
    text.push_str("// And one for a link host (aidpost serve --public …), if there is one:\n");
    let _ = writeln!(
        text,
        "// db.createUser({{ user: \"{HOST_LOGIN}\", pwd: passwordPrompt(), roles: [\"{HOST_ROLE}\"], mechanisms: [\"SCRAM-SHA-256\"] }});"
    );
    if !ended.is_empty() {
        text.push_str("// Logins of devices that were removed. 11: there is no such login.\n");
        let _ = writeln!(
            text,
            "for (const name of {}) {{ try {{ db.dropUser(name); }} catch (error) {{ if (error.code !== 11) throw error; }} }}",
            json(&ended)
        );
    }
    text
}

/// The commands hold text, whole numbers and truth values only, which JSON and the shell write alike.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("names are text")
}

fn create(name: &str, validator: Option<Document>) -> Document {
    let mut command = doc! { "create": name };
    if let Some(validator) = validator {
        command.extend(doc! { "validator": validator, "validationLevel": "strict", "validationAction": "error" });
    }
    command
}

/// What makes a thing that is there already into what it should be.
fn change_of(command: &Document) -> Option<Document> {
    let mut change = command.clone();
    if let Some(name) = change.remove("create") {
        change.get("validator")?;
        return Some(std::iter::once(("collMod".to_owned(), name)).chain(change).collect());
    }
    let name = change.remove("createRole")?;
    Some(std::iter::once(("updateRole".to_owned(), name)).chain(change).collect())
}

/// The shape of a parcel's document ([`layout::document`]). It stops mistakes, and a member who would fill the database with
/// other things; it does not stop the operator.
fn envelope(collection: &str) -> Document {
    let bytes = doc! { "bsonType": "binData" };
    let letters: Vec<&str> = [Class::Statement, Class::Mergeable, Class::Key].map(Class::letter).to_vec();
    let sync = doc! {
        "bsonType": "object",
        "required": ["rev", "scope", "stamp", "class", "by", "v"],
        "additionalProperties": false,
        "properties": {
            "rev": { "bsonType": "long", "minimum": 1 },
            "scope": bytes.clone(), "stamp": bytes.clone(), "by": bytes.clone(),
            "class": { "enum": letters },
            "v": { "bsonType": ["int", "long"], "minimum": 1 },
            "left": { "bsonType": "array", "maxItems": 500 },
        },
    };
    let schema = doc! {
        "bsonType": "object",
        "title": collection,
        "required": ["_id", "body", "_sync"],
        "additionalProperties": false,
        "properties": { "_id": bytes.clone(), "body": bytes.clone(), "_sync": sync, "tokens": { "bsonType": "object", "maxProperties": 8 } },
    };
    let body_fits = doc! { "$lte": [{ "$binarySize": "$body" }, i64::try_from(BODY_MAX).expect("a few MiB")] };
    doc! { "$jsonSchema": schema, "$expr": body_fits }
}

fn role(name: &str, privileges: Vec<Document>) -> Document {
    doc! { "createRole": name, "privileges": privileges, "roles": [] }
}

/// Statements, keys and files are added and never changed, so a stolen login cannot overwrite history.
fn device_privileges(database: &str) -> Vec<Document> {
    let on = |name: &str, actions: &[&str]| privilege(database, name, actions);
    let mut all: Vec<Document> = collections().into_iter().map(|name| on(name, actions(name))).collect();
    all.push(on(COUNTERS, &["find", "update", "changeStream"]));
    all.extend([files::FILES, files::CHUNKS].map(|name| on(name, &["find", "insert"])));
    all.extend(hosted::ALL.map(|name| on(name, hosted::device_actions(name))));
    all
}

fn host_privileges(database: &str) -> Vec<Document> {
    hosted::ALL.map(|name| privilege(database, name, hosted::host_actions(name))).to_vec()
}

fn privilege(database: &str, collection: &str, actions: &[&str]) -> Document {
    doc! { "resource": { "db": database, "collection": collection }, "actions": actions }
}

fn actions(collection: &str) -> &'static [&'static str] {
    match is_added_only(collection) {
        true => &["find", "insert"],
        false => &["find", "insert", "update"],
    }
}

/// Is nothing in this collection ever changed?
pub fn is_added_only(collection: &str) -> bool {
    let statements = model::ALL.iter().filter(|def| def.class == Class::Statement && def.sync != Scope::Local);
    KEY_COLLECTIONS.contains(&collection) || statements.into_iter().any(|def| def.name == collection)
}

fn admin_privileges(database: &str) -> Vec<Document> {
    let actions = ["createUser", "dropUser", "grantRole", "revokeRole", "changePassword", "viewUser"];
    vec![doc! { "resource": { "db": database, "collection": "" }, "actions": actions.as_slice() }]
}

impl MongoRemote {
    /// Makes everything as an administrator, for this connection's realm. Doing it again changes nothing but roles and
    /// validators of an older version.
    ///
    /// # Errors
    /// [`crate::SyncError::Forbidden`] if this login may not; those of [`crate::Remote::probe`].
    pub async fn set_up(&self) -> Result<()> {
        for command in commands(self.db.name()) {
            self.make(command).await?;
        }
        self.first_contact().await.map(|_| ())
    }

    async fn make(&self, command: Document) -> Result<()> {
        let change = change_of(&command);
        let made = async {
            match self.db.run_command(command).await {
                Err(error) if errors::command_code(&error).is_some_and(|code| codes::THERE.contains(&code)) => {
                    Ok(false)
                }
                made => made.map(|_| true),
            }
        };
        match (self.bounded(made).await?, change) {
            (false, Some(change)) => self.bounded(self.db.run_command(change)).await.map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Makes a database user for one device, or gives the one that is there a new password.
    ///
    /// # Errors
    /// [`crate::SyncError::Forbidden`] if this login may not.
    pub async fn make_login(&self, name: &str) -> Result<Login> {
        self.make_user(name, DEVICE_ROLE).await
    }

    /// The same for the link host: [`HOST_LOGIN`].
    ///
    /// # Errors
    /// As [`MongoRemote::make_login`].
    pub async fn make_host_login(&self) -> Result<Login> {
        self.make_user(HOST_LOGIN, HOST_ROLE).await
    }

    async fn make_user(&self, name: &str, role: &str) -> Result<Login> {
        let password = [Uuid::new_v4(), Uuid::new_v4()].map(|part| part.simple().to_string()).concat();
        let user = doc! { "pwd": &password, "roles": [role], "mechanisms": ["SCRAM-SHA-256"] };
        let with = |verb: &str| -> Document {
            std::iter::once((verb.to_owned(), Bson::from(name))).chain(user.clone()).collect()
        };
        let made = async {
            match self.db.run_command(with("createUser")).await {
                Err(error) if errors::command_code(&error) == Some(codes::USER_EXISTS) => {
                    self.db.run_command(with("updateUser")).await
                }
                made => made,
            }
        };
        self.bounded(made).await?;
        Ok(Login { name: name.to_owned(), password })
    }

    /// Ends a database user: the device that has this login is shut out at once.
    ///
    /// # Errors
    /// [`crate::SyncError::Forbidden`] if this login may not.
    pub async fn end_login(&self, name: &str) -> Result<()> {
        self.tolerating(codes::USER_NOT_FOUND, self.db.run_command(doc! { "dropUser": name })).await
    }

    /// Ends a database user, looks that it is gone, and that whoever has no login is turned away. False where the database asks nobody for
    /// one, so that ending one protects nothing. `address` is that of this connection.
    ///
    /// # Errors
    /// [`SyncError::Forbidden`] if this login may not; [`SyncError::Answer`] when it is there all the same; those of a connection.
    pub async fn shut_out(&self, address: &Address, name: &str) -> Result<bool> {
        self.end_login(name).await?;
        let left = self.bounded(self.db.run_command(doc! { "usersInfo": name })).await?;
        if !left.get_array("users").is_ok_and(|users| users.is_empty()) {
            return Err(SyncError::Answer("the login is still there"));
        }
        let stranger = MongoRemote::connect(&address.without_login()?, self.realm).await?;
        match stranger.probe().await {
            Err(SyncError::Login | SyncError::Forbidden) => Ok(true),
            Ok(_) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The name of a device's database user.
pub fn login_name(device: Uuid) -> String {
    format!("d-{}", device.simple())
}

/// Keeps the layout and its validator together: a document as it is written must please it.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::layout;
    use super::*;

    #[test]
    fn statements_keys_and_files_are_added_only_and_nothing_is_ever_removed() {
        assert!(["doctor_notes", "detections", "journal", "certs"].map(is_added_only).iter().all(|only| *only));
        assert!(!is_added_only("patients"));
        let granted: Vec<String> = device_privileges("clinic")
            .iter()
            .flat_map(|privilege| privilege.get_array("actions").unwrap())
            .map(|action| action.as_str().unwrap().to_owned())
            .collect();
        let known = ["find", "insert", "update", "changeStream"];
        assert!(granted.iter().all(|action| known.contains(&action.as_str())), "{granted:?}");
    }

    #[test]
    fn a_host_is_let_near_hosted_links_alone_and_takes_nothing_away() {
        let all = host_privileges("clinic");
        let of = |name: &str| {
            let one = all
                .iter()
                .find(|one| one.get_document("resource").unwrap().get_str("collection").unwrap() == name)
                .unwrap();
            one.get_array("actions")
                .unwrap()
                .iter()
                .map(|action| action.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(all.len(), hosted::ALL.len());
        assert!(
            all.iter()
                .all(|one| hosted::ALL.contains(&one.get_document("resource").unwrap().get_str("collection").unwrap()))
        );
        assert_eq!((of("hosted_links"), of("hosted_files")), (vec!["find".to_owned()], vec!["find".to_owned()]));
        assert_eq!(
            (of("hosted_counts"), of("hosted_accesses")),
            (vec!["find".to_owned(), "update".to_owned()], vec!["insert".to_owned()])
        );
    }

    #[test]
    fn the_script_names_the_database_and_every_collection() {
        let ended = vec!["d-0190".to_owned()];
        assert!(script("clinic", &ended).contains(r#"of ["d-0190"]) { try { db.dropUser(name)"#));
        let script = script("clinic \"north\"", &[]);
        assert!(!script.contains("db.dropUser"));
        assert!(script.contains(r#"getSiblingDB("clinic \"north\"")"#), "{script}");
        for name in collections() {
            assert!(script.contains(&format!(r#"{{"create":"{name}""#)), "{name}");
        }
    }

    #[test]
    fn a_change_leaves_the_name_first() {
        let change = change_of(&create("users", Some(envelope("users")))).unwrap();
        assert_eq!(change.keys().next().map(String::as_str), Some("collMod"));
        assert_eq!(change_of(&create("counters", None)), None);
        let change = change_of(&role(DEVICE_ROLE, Vec::new())).unwrap();
        assert_eq!(change.keys().next().map(String::as_str), Some("updateRole"));
    }

    #[test]
    fn the_layout_is_what_the_validator_knows() {
        let parcel = model::Parcel {
            collection: "users".to_owned(),
            id: Uuid::from_u128(1),
            scope: Uuid::from_u128(2),
            class: Class::Mergeable,
            stamp: model::Stamp::ZERO,
            by: Uuid::from_u128(3),
            schema: 1,
            body: vec![1],
            tokens: [("email".to_owned(), vec![2])].into(),
            rev: 3,
        };
        let document = layout::document(&parcel, 3);
        let schema = envelope("users");
        let schema = schema.get_document("$jsonSchema").unwrap();
        let names = |schema: &Document| schema.get_document("properties").unwrap().keys().cloned().collect::<Vec<_>>();
        assert!(document.keys().all(|key| names(schema).contains(key)));
        let sync = schema.get_document("properties").unwrap().get_document("_sync").unwrap();
        assert!(document.get_document("_sync").unwrap().keys().all(|key| names(sync).contains(key)));
    }
}
