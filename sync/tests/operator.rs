//! What an operator runs by hand: the script of `aidpost realm setup`, in MongoDB's own shell, makes the same database as the program does.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use futures_util::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};
use std::path::PathBuf;
use std::process::Command;
use support::{REALM, mongod};
use sync::Address;
use sync::remote::mongo::{MongoRemote, setup};
use sync::server::ServerOptions;
use uuid::Uuid;

/// MongoDB's shell, as `scripts/setup.sh test` installs it.
fn mongosh() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").expect("a home folder")).join(".cache"));
    let home = cache.join("aidpost/mongosh");
    assert!(home.join("installed.json").exists(), "no mongosh to test with: run scripts/setup.sh test");
    home.join("node_modules/.bin/mongosh")
}

/// Runs a script in the shell, with settings of its own that tell nobody anything.
fn run(address: &str, script: &str) {
    let folder = support::folder();
    let file = folder.path().join("setup.js");
    std::fs::write(&file, script).unwrap();
    let mut shell = Command::new(mongosh());
    let shell =
        shell.env("HOME", folder.path()).env("DO_NOT_TRACK", "1").args([address, "--quiet", "--file"]).arg(&file);
    let done = shell.output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(done.status.success(), "{}\n{}", said(&done.stdout), said(&done.stderr));
}

/// Collections with their validators and indexes, and roles, without the ids that a server gives. As JSON: the shell writes whole
/// numbers in fewer bytes than the program does, and means the same.
async fn shape(database: &Database) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    let mut collections: Vec<_> = database.list_collections().await.unwrap().try_collect().await.unwrap();
    collections.retain(|one: &mongodb::results::CollectionSpecification| !one.name.starts_with("system."));
    collections.sort_by(|one, other| one.name.cmp(&other.name));
    for one in collections {
        let validator = one.options.validator.unwrap_or_default();
        let rows = database.collection::<Document>(&one.name);
        let mut indexes: Vec<_> = rows.list_indexes().await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        indexes.sort_by_key(|index| index.keys.to_string());
        let keys = indexes.iter().map(|index| {
            let unique = index.options.as_ref().and_then(|options| options.unique).unwrap_or(false);
            Bson::from(doc! { "keys": &index.keys, "unique": unique })
        });
        all.push(doc! { "name": one.name, "validator": validator, "indexes": keys.collect::<Vec<_>>() });
    }
    let roles = database.run_command(doc! { "rolesInfo": 1, "showPrivileges": true }).await.unwrap();
    for role in roles.get_array("roles").unwrap() {
        // A role names its database, which is another here.
        let text = role.to_string().replace(database.name(), "DATABASE");
        all.push(doc! { "role": text });
    }
    all.iter().map(|one| serde_json::to_value(one).unwrap()).collect()
}

/// The two are the same; of what differs, the names are told.
fn same(one: &[serde_json::Value], other: &[serde_json::Value]) {
    let differs = one.iter().zip(other).filter(|(one, other)| one != other).map(|(one, _)| one["name"].to_string());
    assert_eq!(differs.collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(one.len(), other.len());
}

#[tokio::test]
async fn the_script_makes_in_mongosh_what_the_program_makes() {
    let login = Some(("root".to_owned(), "operator".to_owned()));
    let (server, _dir) = mongod(ServerOptions { login, ..ServerOptions::default() }).await;
    let connect = async |name: &str| {
        MongoRemote::connect(&Address::parse(&server.uri(name)).unwrap(), Some(REALM)).await.unwrap()
    };
    let (by_program, by_hand) = (connect("programs").await, connect("byhand00").await);
    by_program.set_up().await.unwrap();
    let script = setup::script("byhand00", &[]);
    run(&server.uri("byhand00"), &script);
    let made = shape(by_hand.database()).await;
    assert!(made.len() > 30 && made.iter().any(|one| one.to_string().contains(setup::DEVICE_ROLE)), "{}", made.len());
    same(&made, &shape(by_program.database()).await);
    // The second time changes nothing.
    run(&server.uri("byhand00"), &script);
    same(&shape(by_hand.database()).await, &made);

    // The line for a device's own user, as it stands in the script's last comment.
    let name = setup::login_name(Uuid::from_u128(7));
    let user = format!(
        "db.createUser({{ user: '{name}', pwd: 'of-a-device', roles: ['{}'], mechanisms: ['SCRAM-SHA-256'] }});",
        setup::DEVICE_ROLE
    );
    run(&server.uri("byhand00"), &user);
    let uri = server.uri("byhand00").replace("root:operator@", &format!("{name}:of-a-device@"));
    let uri = uri.replace("authSource=admin", "authSource=byhand00");
    let device = MongoRemote::connect(&Address::parse(&uri).unwrap(), Some(REALM)).await.unwrap();
    assert!(device.database().run_command(doc! { "drop": "patients" }).await.is_err());
    device.database().run_command(doc! { "find": "patients", "limit": 1 }).await.unwrap();
}
