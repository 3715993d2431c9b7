//! A person at a device: the requests, typed.

use app::{App, Problem, views::*};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use std::sync::Arc;

/// One person at one device.
pub struct Person {
    /// The program at work for them.
    pub app: Arc<App>,
}

impl Person {
    /// Sits down.
    pub fn new(app: Arc<App>) -> Self {
        Person { app }
    }

    /// Asks one request.
    pub async fn ask<T: DeserializeOwned>(&self, name: &str, input: impl Serialize) -> Result<T, Problem> {
        let input = serde_json::to_value(input).map_err(|error| Problem::said("invalid_request", &error))?;
        typed(app::answer(&self.app, name, input).await?)
    }

    async fn upload<T: DeserializeOwned>(
        &self,
        name: &str,
        input: impl Serialize,
        bytes: Vec<u8>,
    ) -> Result<T, Problem> {
        let input = serde_json::to_value(input).map_err(|error| Problem::said("invalid_request", &error))?;
        typed(app::answer_upload(&self.app, name, input, bytes).await?)
    }

    /// What the window would show.
    pub async fn state(&self) -> Result<SessionView, Problem> {
        self.ask("session.state", json!({})).await
    }

    /// Makes a clinic.
    pub async fn make_clinic(&self, clinic: &str, name: &str, passphrase: &str) -> Result<Made, Problem> {
        let ask = json!({ "clinic_name": clinic, "name": name, "email": null, "specialization": null, "passphrase": passphrase, "language": "en" });
        self.ask("session.make_clinic", ask).await
    }

    /// Opens a vault; the only one, if none is named.
    pub async fn unlock(&self, profile: Option<&str>, passphrase: &str) -> Result<MeView, Problem> {
        let profile = match profile {
            Some(profile) => profile.to_owned(),
            None => self.only_profile().await?,
        };
        self.ask("session.unlock", json!({ "profile": profile, "passphrase": passphrase })).await
    }

    /// Gives a code of the second factor, with the passphrase that opened the vault.
    pub async fn prove(&self, passphrase: &str, code: &str) -> Result<(), Problem> {
        let ask = json!({ "passphrase": passphrase, "code": code });
        self.ask::<Nothing>("session.step_up", ask).await.map(|_| ())
    }

    async fn only_profile(&self) -> Result<String, Problem> {
        let mut profiles = self.state().await?.profiles;
        match (profiles.pop(), profiles.is_empty()) {
            (Some(one), true) => Ok(one.id),
            (Some(_), false) => {
                Err(Problem::new("which_profile", "there are several vaults: name one with --profile".to_owned()))
            }
            (None, _) => Err(Problem::new("no_vault", "there is no vault here: make one first".to_owned())),
        }
    }

    /// Closes the vault.
    pub async fn close(&self) {
        self.app.end(app::views::LockReason::Asked).await;
    }

    /// Reads a file without filing it.
    pub async fn read_import(&self, name: &str, bytes: Vec<u8>, patient: Option<&str>) -> Result<IntakeView, Problem> {
        self.upload("intake.read", json!({ "file_name": name, "patient": patient }), bytes).await
    }

    /// Files everything of what was read.
    pub async fn file(&self, read: &IntakeView, patient: Option<&str>) -> Result<IntakeDone, Problem> {
        self.ask("intake.file", json!({ "ticket": read.ticket, "items": null, "patient": patient })).await
    }

    /// Files a document.
    pub async fn add_record(
        &self,
        patient: &str,
        title: &str,
        kind: &str,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Filed, Problem> {
        let ask = json!({
            "patient": patient, "title": title, "document_type": kind, "date_of_record": null, "source_doctor": null,
            "notes": null, "file_name": name,
        });
        self.upload("records.add", ask, bytes).await
    }

    /// Shares documents of a chart.
    pub async fn share(
        &self,
        patient: &str,
        records: &[String],
        label: &str,
        minutes: u32,
        uses: u32,
        anywhere: bool,
    ) -> Result<ShareView, Problem> {
        let choices = match records.is_empty() {
            true => self.all_records(patient).await?,
            false => records.to_vec(),
        };
        let ask = json!({
            "patient": patient, "choices": choices, "kinds": ["allergies", "conditions", "medications", "vitals"], "label": label,
            "minutes": minutes, "max_uses": uses, "passcode": null, "direct": true, "anywhere": anywhere,
        });
        self.ask("shares.make", ask).await
    }

    async fn all_records(&self, patient: &str) -> Result<Vec<String>, Problem> {
        let choices: Vec<ShareChoice> = self.ask("shares.choices", json!({ "patient": patient })).await?;
        Ok(choices.into_iter().filter(|one| one.kind == "record").map(|one| one.id.to_string()).collect())
    }

    /// The QR code of a share as a PNG picture.
    pub async fn png(&self, share: &ShareView) -> Result<Vec<u8>, Problem> {
        app::answer_download(&self.app, "shares.png", json!({ "id": share.row.id })).await
    }

    /// Reads the link out of a picture.
    pub async fn read_picture(&self, bytes: Vec<u8>) -> Result<String, Problem> {
        Ok(self.upload::<IncomingLink>("receive.inspect_picture", json!({}), bytes).await?.text)
    }

    /// Opens a link without filing it.
    pub async fn open(
        &self,
        text: &str,
        recipient: &str,
        passcode: Option<String>,
        local: bool,
    ) -> Result<IntakeView, Problem> {
        let ask = json!({ "text": text, "recipient": recipient, "passcode": passcode, "allow_local": local });
        self.ask("receive.open", ask).await
    }

    /// Measures a recording.
    pub async fn analyse(&self, ask: impl Serialize, bytes: Vec<u8>) -> Result<CheckDraft, Problem> {
        self.upload("checks.analyse", ask, bytes).await
    }

    /// Enters a measured recording into the chart.
    pub async fn keep_check(&self, draft: &CheckDraft) -> Result<CheckView, Problem> {
        self.ask("checks.keep", json!({ "draft": draft.draft, "notes": null })).await
    }

    /// The script that sets the realm's database up.
    pub async fn database_script(&self) -> Result<DatabaseScript, Problem> {
        self.ask("realm.script", json!({})).await
    }

    /// The logins of removed devices that are still to be ended.
    pub async fn logins_to_end(&self) -> Result<Vec<EndedLogin>, Problem> {
        self.ask("realm.logins_to_end", json!({})).await
    }

    /// What an operator types into `mongosh` to end a login of a removed device.
    pub async fn drop_command(&self, login: &str) -> Result<String, Problem> {
        let known = self.logins_to_end().await?.into_iter().any(|one| one.login == login);
        let database = self.database_script().await?.database;
        match known {
            true => Ok(format!("db.getSiblingDB(\"{database}\").dropUser(\"{login}\")")),
            false => Err(Problem::new("not_found", login.to_owned())),
        }
    }

    /// Ends a login, and looks that it is gone.
    pub async fn drop_login(&self, login: &str, address: &str) -> Result<LoginGone, Problem> {
        self.ask("realm.drop_login", json!({ "login": login, "address": address })).await
    }

    /// Sets the realm's database up, with a login for each device.
    pub async fn set_up_realm(&self, address: &str) -> Result<Vec<LoginView>, Problem> {
        self.ask("realm.set_up", json!({ "address": address })).await
    }

    /// Makes the login of the link host.
    pub async fn host_login(&self, address: &str) -> Result<HostLogin, Problem> {
        self.ask("realm.host_login", json!({ "address": address })).await
    }

    /// Sets the remote.
    pub async fn set_remote(&self, address: &str) -> Result<SyncView, Problem> {
        self.ask("sync.set_remote", json!({ "address": address })).await
    }

    /// Reconciles.
    pub async fn sync_now(&self) -> Result<SyncView, Problem> {
        self.ask("sync.now", json!({})).await
    }

    /// Compares both sides.
    pub async fn verify(&self) -> Result<VerifyView, Problem> {
        self.ask("sync.verify", json!({})).await
    }

    /// Makes a backup in a folder.
    pub async fn back_up(&self, folder: &str) -> Result<BackupDone, Problem> {
        let made: BackupsView = self.ask("backups.make", json!({ "folder": folder })).await?;
        made.last.ok_or_else(|| Problem::new("internal", "the backup is not there".to_owned()))
    }

    /// Lists the backups in a folder; with `yes` makes a vault of the newest.
    pub async fn restore(&self, folder: &str, yes: bool) -> Result<serde_json::Value, Problem> {
        let name = if yes { "restore.begin" } else { "restore.look" };
        self.ask(name, json!({ "folder": folder })).await
    }

    /// Looks through the device.
    pub async fn look_through(&self) -> Result<ExaminationView, Problem> {
        self.ask("doctor.look", json!({})).await
    }
}

fn typed<T: DeserializeOwned>(value: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| Problem::said("internal", &error))
}
