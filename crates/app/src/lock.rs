//! First start and unlock.

use crate::{
    App, Problem, Session,
    attempts::{Attempts, attempt},
    erasing, factor, names,
    oidc::{self, Outside, Person},
    patients::{self, required, tidy},
    problem::not_found,
    quick,
    session::{fields, off_thread},
    sessions, settings,
    views::*,
};
use model::{Clinic, Doctor, Role, User};
use serde_json::json;
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;
use vault::{Joining, NewPerson, Papers, Profile, Vault};

/// What the window should show.
pub async fn state(app: &Arc<App>, _: Nothing) -> Result<SessionView, Problem> {
    let this = app.clone();
    let (open, joining) = (app.session().ok(), app.joining());
    off_thread(move || {
        let erased = erasing::unfinished(&this)?;
        let me = open.map(|session| me(&session)).transpose()?;
        let joining = joining.map(|pending| joining_view(&pending)).transpose()?;
        let whole = vault::profiles(this.root())?.into_iter().filter(|profile| !profile.joining);
        let now = this.clock().now_ms();
        let profiles: Vec<ProfileView> = whole.map(|profile| profile_view(&this, profile, now)).collect();
        let stage = match (&me, &joining, profiles.is_empty()) {
            (Some(_), _, _) => Stage::Open,
            (None, Some(_), _) => Stage::Joining,
            (None, None, true) => Stage::Empty,
            (None, None, false) => Stage::Locked,
        };
        Ok(SessionView {
            stage,
            profiles,
            me,
            locked: this.locked(),
            joining,
            erased,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    })
    .await
}

fn profile_view(app: &App, profile: Profile, now_ms: u64) -> ProfileView {
    let pin = quick::may_be_used(app, &profile.folder, now_ms);
    let wait = Attempts::read(&profile.folder).wait_seconds(now_ms);
    ProfileView {
        pin,
        // A folder that cannot be read says so when it is opened.
        awaits_new_key: Vault::awaits_new_key(&profile.folder).unwrap_or(false),
        wait_seconds: u32::try_from(wait).unwrap_or(u32::MAX),
        id: profile.id,
        initials: profile.initials,
        role: profile.role,
        ended_at: profile.ended_ms.map(model::Time::from_ms),
        last_sync: profile.last_sync_ms.map(model::Time::from_ms),
        problem: profile.damaged.map(|_| "vault_damaged".to_owned()),
    }
}

/// Who is at work.
pub fn me(session: &Session) -> Result<MeView, Problem> {
    let vault = &session.vault;
    let user = vault.get::<User>(session.me.user)?;
    let clinic = vault.get::<Clinic>(session.me.realm)?;
    let name = user.as_ref().map(|row| row.value.name.clone()).unwrap_or_default();
    Ok(MeView {
        user: session.me.user,
        initials: names::initials(&name),
        name,
        role: session.me.role,
        clinical: session.me.clinical,
        realm_name: clinic.as_ref().map(|row| row.value.name.clone()).unwrap_or_default(),
        alone: clinic.is_some_and(|row| row.value.is_personal),
        device: session.device()?,
        chart: user.and_then(|row| row.value.patient_uuid).map(|id| id.uuid),
        read_only: vault.is_read_only()?,
        clinic_recovers: vault.recoverable()?.since_ms.is_some(),
    })
}

/// Makes a clinic with its first doctor.
pub async fn make_clinic(app: &Arc<App>, ask: MakeClinic) -> Result<Made, Problem> {
    let (clinic, name) = (required("clinic_name", &ask.clinic_name)?, required("name", &ask.name)?);
    let (session, papers) = found(app, &name, &ask.passphrase, false, &ask.language).await?;
    let this = session.clone();
    off_thread(move || {
        write_account(&this, &name, tidy(ask.email.as_deref()), None)?;
        let (realm, user) = (this.me.realm, this.me.user);
        this.write(|w| {
            w.put::<Clinic>(realm, realm, &fields(json!({ "name": clinic, "is_personal": false })))?;
            let id = w.new_id()?;
            w.put::<Doctor>(
                id,
                realm,
                &fields(json!({ "user_id": user, "specialization": tidy(ask.specialization.as_deref()) })),
            )
        })
    })
    .await?;
    made(&session, Some(papers)).await
}

/// Makes a record that a person keeps alone, with their chart.
pub async fn keep_own(app: &Arc<App>, ask: KeepOwn) -> Result<Made, Problem> {
    let name = required("name", &ask.name)?;
    let (session, papers) = found(app, &name, &ask.passphrase, true, &ask.language).await?;
    let this = session.clone();
    off_thread(move || {
        let values = fields(json!({ "name": name, "date_of_birth": ask.date_of_birth, "gender": ask.gender }));
        let chart = patients::create(&this, Some(this.me.user), &values)?;
        write_account(&this, &name, None, Some(chart))?;
        let realm = this.me.realm;
        this.write(|w| w.put::<Clinic>(realm, realm, &fields(json!({ "name": name, "is_personal": true }))))
    })
    .await?;
    made(&session, Some(papers)).await
}

async fn found(
    app: &Arc<App>,
    name: &str,
    passphrase: &str,
    alone: bool,
    language: &str,
) -> Result<(Arc<Session>, Papers), Problem> {
    check_passphrase(passphrase, &[name])?;
    let (this, now) = (app.clone(), app.clock().now_ms());
    let (initials, passphrase) = (names::initials(name), passphrase.to_owned());
    let (vault, papers) = off_thread(move || {
        let person = NewPerson { initials: &initials, passphrase: &passphrase, alone };
        Ok(Vault::found_with(this.root(), &person, now, &|folder| Box::new(this.safe(folder)))?)
    })
    .await?;
    let session = app.begin(vault).await?;
    settings::set(&session, settings::defaults(language))?;
    Ok((session, papers))
}

/// Is this passphrase good enough, with these names in mind?
pub(crate) fn check_passphrase(passphrase: &str, context: &[&str]) -> Result<(), Problem> {
    let judged = crypto::passphrase::judge(passphrase, context);
    match judged.ok {
        true => Ok(()),
        false => Err(Problem::new("weak_passphrase", judged.reason.map(|reason| reason.code().to_owned()))),
    }
}

/// The entry in the directory. Everyone writes their own.
fn write_account(session: &Session, name: &str, email: Option<String>, chart: Option<Uuid>) -> Result<(), Problem> {
    let values = fields(json!({
        "name": name, "email": email, "role": session.me.role, "patient_uuid": chart, "is_active": true, "is_verified": true,
        "email_verified": false, "phone_verified": false, "two_factor_enabled": false,
    }));
    session.write(|w| w.put::<User>(session.me.user, session.me.realm, &values))
}

/// What the window is told of a record that was made.
pub(crate) async fn made(session: &Arc<Session>, papers: Option<Papers>) -> Result<Made, Problem> {
    let this = session.clone();
    off_thread(move || Ok(Made { me: me(&this)?, papers: papers.map(papers_view).transpose()? })).await
}

pub(crate) fn papers_view(papers: Papers) -> Result<PapersView, Problem> {
    Ok(PapersView {
        root_kit_qr: papers.root_kit_text.as_deref().map(|text| share::qr::svg(text)).transpose()?,
        kit_qr: share::qr::svg(&papers.kit_text)?,
        kit: papers.kit_text.to_string(),
        kit_groups: papers.kit_groups.iter().map(|group| group.to_string()).collect(),
        root_kit: papers.root_kit_text.map(|text| text.to_string()),
        fingerprint: papers.fingerprint,
    })
}

/// Begins to join with an invitation.
pub async fn join(app: &Arc<App>, ask: JoinStart) -> Result<JoiningView, Problem> {
    let name = required("name", &ask.name)?;
    let (root, now) = (app.root().to_owned(), app.clock().now_ms());
    let pending = off_thread(move || {
        // An earlier attempt that was never answered holds nothing but keys that nobody knows.
        for profile in vault::profiles(&root)?.into_iter().filter(|profile| profile.joining) {
            std::fs::remove_dir_all(&profile.folder).map_err(|error| Problem::said("folder_not_writable", &error))?;
        }
        let (joining, _, _) = Joining::begin(&root, &ask.invitation, &names::initials(&name), &ask.passphrase, now)?;
        if joining.papers().is_some()
            && let Err(problem) = check_passphrase(&ask.passphrase, &[&name])
        {
            joining.forget()?;
            return Err(problem);
        }
        Ok(Pending::new(joining, name))
    })
    .await?;
    let pending = Arc::new(pending);
    let view = joining_view(&pending)?;
    app.set_joining(Some(pending));
    Ok(view)
}

/// An enrolment under way.
pub struct Pending {
    joining: Mutex<Joining>,
    name: String,
    /// A visit to a provider elsewhere that the invitation wishes for.
    pub(crate) outside: Outside,
    /// Who the person is there.
    person: Mutex<Option<Person>>,
}

impl Pending {
    fn new(joining: Joining, name: String) -> Self {
        Pending { joining: Mutex::new(joining), name, outside: Outside::default(), person: Mutex::default() }
    }

    pub(crate) fn joining(&self) -> MutexGuard<'_, Joining> {
        self.joining.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn signed_in(&self, person: Person) {
        *self.person.lock().unwrap_or_else(PoisonError::into_inner) = Some(person);
    }

    fn person(&self) -> Option<String> {
        let person = self.person.lock().unwrap_or_else(PoisonError::into_inner);
        person.as_ref().map(|one| one.name.as_ref().or(one.email.as_ref()).unwrap_or(&one.subject).clone())
    }
}

pub(crate) fn joining_view(pending: &Pending) -> Result<JoiningView, Problem> {
    let joining = pending.joining();
    let (request, check_words) = joining.request()?;
    let outside = oidc::joining::wish(joining.card()).map(|wish| JoiningOutside {
        provider: wish.name,
        issuer: wish.issuer,
        person: pending.person(),
    });
    Ok(JoiningView { request, check_words, own_device: joining.papers().is_none(), outside })
}

/// Ends joining with the answer that came back.
pub async fn join_finish(app: &Arc<App>, ask: JoinFinish) -> Result<Made, Problem> {
    let pending = app.joining().ok_or_else(not_found)?;
    let (this, at_work, now) = (pending.clone(), app.clone(), app.clock().now_ms());
    let (vault, papers) = off_thread(move || {
        let safe = |folder: &Path| -> Box<dyn vault::Safe> { Box::new(at_work.safe(folder)) };
        let (vault, papers) = this.joining().finish_with(&ask.answer, now, &safe)?;
        crate::syncing::adopt_credential(&vault)?;
        Ok((vault, papers))
    })
    .await?;
    app.set_joining(None);
    let session = app.begin(vault).await?;
    let this = session.clone();
    // Who comes back has an entry, which comes with the first synchronisation.
    let new_member = papers.is_some() && !pending.joining().is_return();
    off_thread(move || {
        if new_member {
            write_own_entry(&this, &pending.name)?;
        }
        oidc::accounts::adopt(&this)
    })
    .await?;
    made(&session, papers).await
}

/// A new member's own entry; a patient's names the chart that was opened to them.
fn write_own_entry(session: &Session, name: &str) -> Result<(), Problem> {
    let chart = if session.me.role == Role::Patient { session.vault.own_charts()?.first().copied() } else { None };
    write_account(session, name, None, chart)
}

/// Gives up joining.
pub async fn join_cancel(app: &Arc<App>, _: Nothing) -> Result<Nothing, Problem> {
    let Some(pending) = app.joining() else { return Ok(Nothing {}) };
    pending.outside.end();
    off_thread(move || Ok(pending.joining().forget()?)).await?;
    app.set_joining(None);
    Ok(Nothing {})
}

/// Opens a vault.
pub async fn unlock(app: &Arc<App>, ask: Unlock) -> Result<MeView, Problem> {
    let with_code = ask.code.is_some();
    let me = enter(app, ask.profile, move |app, folder, now| {
        let vault = attempt(folder, now, || Vault::open_with(folder, &ask.passphrase, now, &app.safe(folder)))?;
        if let Err(problem) = factor::at_unlock(&vault, ask.code.as_deref(), now) {
            vault.close()?;
            return Err(problem);
        }
        quick::lengthen(folder, now)?;
        sessions::heed(&vault)?;
        Ok(vault)
    })
    .await?;
    if with_code {
        app.session()?.proof.add_code();
    }
    Ok(me)
}

/// Opens the vault of a profile in one of the ways there are, one at a time.
pub(crate) async fn enter(
    app: &Arc<App>,
    profile: String,
    open: impl FnOnce(&App, &Path, u64) -> Result<Vault, Problem> + Send + 'static,
) -> Result<MeView, Problem> {
    if app.session().is_ok() {
        return Err(Problem::new("already_open", None));
    }
    let one_at_a_time = app.unlocking.lock().await;
    let (this, now) = (app.clone(), app.clock().now_ms());
    let vault = off_thread(move || {
        let mut known = vault::profiles(this.root())?.into_iter();
        let chosen = known.find(|one| one.id == profile).ok_or_else(not_found)?;
        open(&this, &chosen.folder, now)
    })
    .await?;
    drop(one_at_a_time);
    let session = app.begin(vault).await?;
    off_thread(move || me(&session)).await
}

/// How good is this passphrase?
pub async fn judge(_: &Arc<App>, ask: JudgePassphrase) -> Result<Judgement, Problem> {
    let context: Vec<&str> = ask.context.iter().map(String::as_str).collect();
    let judged = crypto::passphrase::judge(&ask.passphrase, &context);
    Ok(Judgement { ok: judged.ok, score: judged.score, reason: judged.reason.map(|reason| reason.code().to_owned()) })
}

/// Six words that make a passphrase.
pub async fn suggest(_: &Arc<App>, _: Nothing) -> Result<Suggestion, Problem> {
    Ok(Suggestion {
        passphrase: crypto::passphrase::suggest().map_err(|error| Problem::said("internal", &error))?.to_string(),
    })
}
