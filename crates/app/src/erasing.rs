//! The end of a record on this computer: a signed certificate first, then the keys, then the rest.

use crate::{
    App, Problem, Session, deletion,
    problem::{not_allowed, not_found},
    session::off_thread,
    views::*,
};
use model::{Clinic, Time, User};
use std::{fs, path::PathBuf, sync::Arc};
use vault::trust::erasure::{self, Erasure, Kept};

/// Certificates of records that are no more lie beside the others, hidden, until they are put away.
const LEFT: &str = ".erased-";
/// Days of a year, in milliseconds: the end of what must be kept is told by the day, and never too early.
const YEAR_MS: i64 = 366 * 24 * 60 * 60 * 1000;

/// The certificate of what ending this record would destroy, to be seen and saved before.
pub fn certificate(session: &Arc<Session>, ask: WhatToErase) -> Result<ErasureView, Problem> {
    if ask.whole_account && !deletion::is_over(session)? {
        return Err(not_allowed());
    }
    let text = certify(session, ask.whole_account)?;
    Ok(ErasureView { id: session.device()?.to_string(), text })
}

fn certify(session: &Session, whole_account: bool) -> Result<String, Problem> {
    let wish = deletion::standing(session, session.me.user)?.filter(|_| whole_account);
    let alone = deletion::is_alone(session)?;
    let erasure = Erasure {
        realm: session.me.realm,
        user: session.me.user,
        device: session.device()?,
        at: session.now(),
        requested_at: wish.map(|wish| wish.value.requested_at),
        chart: None,
        destroyed: words(&["keys_on_this_device", "database_on_this_device", "files_on_this_device"]),
        kept: kept(session, alone)?,
        out_of_reach: words(&[
            "copies_made_by_earlier_readers",
            "backups_made_by_others",
            "other_devices_until_they_are_cleared",
        ]),
    };
    Ok(session.vault.certify_erasure(&erasure)?)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn kept(session: &Session, alone: bool) -> Result<Vec<Kept>, Problem> {
    let mut kept = Vec::new();
    let own = session.vault.get::<User>(session.me.user)?.and_then(|row| row.value.patient_uuid).map(|id| id.uuid);
    let handed_over = session.vault.kept_charts()?.into_iter().find(|kept| Some(kept.chart) == own);
    if let Some(chart) = handed_over {
        let until = (!chart.ended).then(|| Time::from_unsigned_ms(chart.until_ms));
        let what = if chart.ended { "nothing_of_the_chart" } else { "chart_with_the_custodian_of_the_clinic" };
        kept.push(Kept { what: what.to_owned(), until });
    } else if !alone {
        let clinic = session.vault.get::<Clinic>(session.me.realm)?;
        let years = clinic.and_then(|clinic| clinic.value.retention_years);
        let until = years.map(|years| kept_until(session.now(), years));
        kept.push(Kept { what: "entries_in_charts_of_the_clinic".to_owned(), until });
    }
    if crate::syncing::remote_setting(session)?.is_some() {
        kept.push(Kept { what: "encrypted_copies_in_the_database".to_owned(), until: None });
    }
    Ok(kept)
}

/// The end of so many years from now.
pub(crate) fn kept_until(now: Time, years: u32) -> Time {
    Time::from_ms(now.ms() + i64::from(years) * YEAR_MS)
}

/// The custodian's certificate of a chart that was kept, and is destroyed.
pub(crate) fn of_chart(session: &Session, kept: &vault::Kept) -> Result<ErasureView, Problem> {
    let mut stays = Vec::new();
    if crate::syncing::remote_setting(session)?.is_some() {
        stays.push(Kept { what: "encrypted_copies_in_the_database".to_owned(), until: None });
    }
    let erasure = Erasure {
        realm: session.me.realm,
        user: session.me.user,
        device: session.device()?,
        at: session.now(),
        requested_at: None,
        chart: Some(kept.chart),
        destroyed: words(&["keys_of_the_chart", "entries_of_the_chart", "files_of_the_chart"]),
        kept: stays,
        out_of_reach: words(&["copies_made_by_earlier_readers", "backups_made_by_others"]),
    };
    Ok(ErasureView { id: kept.chart.to_string(), text: session.vault.certify_erasure(&erasure)? })
}

/// Ends the record: of the whole account when its time has come, or on this computer alone at any time.
///
/// # Errors
/// `not_allowed` before the time has come; `certificate_needed` without the certificate that was shown.
pub async fn erase(app: &Arc<App>, session: &Arc<Session>, ask: Erase) -> Result<Nothing, Problem> {
    let this = session.clone();
    off_thread(move || may_erase(&this, &ask)).await?;
    end(app, session.clone()).await?;
    Ok(Nothing {})
}

/// It must be the certificate of this person, on this device: whoever ends a record has seen what it says.
fn may_erase(session: &Session, ask: &Erase) -> Result<(), Problem> {
    let said = erasure::verify(&ask.certificate).map_err(|_| Problem::new("certificate_needed", None))?;
    let own = said.user == session.me.user && said.device == session.device()? && said.chart.is_none();
    let whole = said.requested_at.is_some();
    match own && whole == ask.whole_account {
        false => Err(Problem::new("certificate_needed", None)),
        true if whole && !deletion::is_over(session)? => Err(not_allowed()),
        true => Ok(()),
    }
}

/// The device of a member who was removed clears itself; its certificate stays for the person.
pub(crate) async fn by_itself(app: &Arc<App>, session: Arc<Session>) -> Result<(), Problem> {
    let (this, root) = (session.clone(), app.root().to_owned());
    off_thread(move || {
        let path = root.join(format!("{LEFT}{}.json", this.device()?));
        let text = certify(&this, true)?;
        fs::write(path, text).map_err(|error| Problem::said("folder_not_writable", &error))
    })
    .await?;
    end(app, session).await
}

async fn end(app: &Arc<App>, session: Arc<Session>) -> Result<(), Problem> {
    let folder = session.vault.folder().to_owned();
    drop(session);
    app.end_quietly(LockReason::Asked).await;
    let this = app.clone();
    let erased = off_thread(move || Ok(vault::erase(&folder, &this.safe(&folder))?)).await;
    app.tell_locked();
    if !erased?.keychain {
        tracing::warn!("the keychain keeps a key that opens nothing any more");
    }
    Ok(())
}

/// Ends what was begun before the program was, and gives the certificates that wait for their person.
pub(crate) fn unfinished(app: &App) -> Result<Vec<ErasureView>, Problem> {
    vault::finish_erasures(app.root(), &|folder| Box::new(app.safe(folder)))?;
    let Ok(entries) = fs::read_dir(app.root()) else { return Ok(Vec::new()) };
    let id = |name: String| Some(name.strip_prefix(LEFT)?.strip_suffix(".json")?.to_owned());
    let ids = entries.flatten().filter_map(|entry| id(entry.file_name().to_string_lossy().into_owned()));
    let read = |id: String| Some(ErasureView { text: fs::read_to_string(left(app, &id)).ok()?, id });
    Ok(ids.filter_map(read).collect())
}

fn left(app: &App, id: &str) -> PathBuf {
    app.root().join(format!("{LEFT}{id}.json"))
}

/// The person has the certificate.
pub async fn put_away(app: &Arc<App>, ask: ByName) -> Result<Nothing, Problem> {
    let known = unfinished(app)?.into_iter().find(|one| one.id == ask.name).ok_or_else(not_found)?;
    fs::remove_file(left(app, &known.id)).map_err(|error| Problem::said("folder_not_writable", &error))?;
    Ok(Nothing {})
}
