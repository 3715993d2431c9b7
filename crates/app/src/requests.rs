//! The list of everything a shell can ask. Adding a request is one line here and one function in its room.
//!
//! - `anytime`: async, works without an open vault
//! - `open`: works on the open vault, on a blocking thread
//! - `live`: async, needs the open vault
//! - `upload`: as `open`, with bytes beside the input · `download`: answers with bytes
//!
//! `Proven` behind a line: the person must have shown who they are in the last minutes ([`crate::step_up`]).

use crate::{
    App, Problem, access, appointments, backups, checks, codes, conflicts, contacts, deletion, devices, doctor, ending,
    erasing, factor, glass, homecoming, hosted, idle, intake, keys, kit, lock, look, notes, oidc, patients, people,
    photo, quick, realm, records, recovery, resets, retention, rotation, saved, scan, security, sending,
    session::off_thread, sessions, settings, shares, step_up, summary, syncing, transfer, views::*, vitals,
};
use serde_json::Value;
use std::{path::Path, sync::Arc};
use ts_rs::TS;

macro_rules! requests {
    (
        anytime { $($a_name:literal => $a_fn:path, $a_in:ty => $a_out:ty;)* }
        open { $($o_name:literal => $o_fn:path, $o_in:ty => $o_out:ty $(, $o_mark:ident)?;)* }
        live { $($l_name:literal => $l_fn:path, $l_in:ty => $l_out:ty $(, $l_mark:ident)?;)* }
        upload { $($u_name:literal => $u_fn:path, $u_in:ty => $u_out:ty $(, $u_mark:ident)?;)* }
        download { $($d_name:literal => $d_fn:path, $d_in:ty $(, $d_mark:ident)?;)* }
    ) => {
        /// Answers a request by its name. The lock check, the span, and the checks of a proof and of the chart are here, once.
        pub async fn answer(app: &Arc<App>, name: &str, input: Value) -> Result<Value, Problem> {
            let_pass(app, name, &input).await?;
            match name {
                $($a_name => write($a_fn(app, read::<$a_in>(input)?).await?),)*
                $($o_name => { let input = read::<$o_in>(input)?; app.blocking(move |session| write($o_fn(session, input)?)).await })*
                $($l_name => { let input = read::<$l_in>(input)?; let session = app.session()?; write($l_fn(app, &session, input).await?) })*
                _ => Err(unknown(name)),
            }
        }

        /// Answers a request that comes with bytes.
        pub async fn answer_upload(app: &Arc<App>, name: &str, input: Value, bytes: Vec<u8>) -> Result<Value, Problem> {
            let_pass(app, name, &input).await?;
            match name {
                $($u_name => { let input = read::<$u_in>(input)?; app.blocking(move |session| write($u_fn(session, input, bytes)?)).await })*
                _ => Err(unknown(name)),
            }
        }

        /// Answers a request with bytes.
        pub async fn answer_download(app: &Arc<App>, name: &str, input: Value) -> Result<Vec<u8>, Problem> {
            let_pass(app, name, &input).await?;
            match name {
                $($d_name => { let input = read::<$d_in>(input)?; app.blocking(move |session| $d_fn(session, input)).await })*
                _ => Err(unknown(name)),
            }
        }

        /// Every name, in the order of the list.
        pub const NAMES: &[&str] = &[$($a_name,)* $($o_name,)* $($l_name,)* $($u_name,)* $($d_name,)*];

        /// The names of those that ask for a fresh proof, and the mark at their line.
        const MARKED: &[(&str, Mark)] = &[
            $($(($o_name, Mark::$o_mark),)?)* $($(($l_name, Mark::$l_mark),)?)*
            $($(($u_name, Mark::$u_mark),)?)* $($(($d_name, Mark::$d_mark),)?)*
        ];

        /// Writes the TypeScript types of all requests into a folder.
        pub fn write_bindings(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
            let config = ts_rs::Config::new().with_out_dir(folder);
            $(export::<$a_in>(&config)?; export::<$a_out>(&config)?;)*
            $(export::<$o_in>(&config)?; export::<$o_out>(&config)?;)*
            $(export::<$l_in>(&config)?; export::<$l_out>(&config)?;)*
            $(export::<$u_in>(&config)?; export::<$u_out>(&config)?;)*
            $(export::<$d_in>(&config)?;)*
            Problem::export_all(&config)?;
            crate::Event::export_all(&config)?;
            let requests = [
                $(($a_name, <$a_in as TS>::name(&config), <$a_out as TS>::name(&config)),)*
                $(($o_name, <$o_in as TS>::name(&config), <$o_out as TS>::name(&config)),)*
                $(($l_name, <$l_in as TS>::name(&config), <$l_out as TS>::name(&config)),)*
            ];
            let uploads = [$(($u_name, <$u_in as TS>::name(&config), <$u_out as TS>::name(&config)),)*];
            let downloads = [$(($d_name, <$d_in as TS>::name(&config), "Uint8Array".to_owned()),)*];
            std::fs::write(folder.join("requests.ts"), typescript(&requests, &uploads, &downloads))?;
            Ok(())
        }
    };
}

requests! {
    anytime {
        "session.state" => lock::state, Nothing => SessionView;
        "session.make_clinic" => lock::make_clinic, MakeClinic => Made;
        "session.keep_own" => lock::keep_own, KeepOwn => Made;
        "session.join" => lock::join, JoinStart => JoiningView;
        "session.join_sign_in" => oidc::joining::begin, SignInJoining => OutsideBegun;
        "session.join_signed_in" => oidc::joining::wait, ById => JoiningView;
        "session.join_sign_in_cancel" => oidc::joining::cancel, Nothing => JoiningView;
        "session.join_finish" => lock::join_finish, JoinFinish => Made;
        "session.join_cancel" => lock::join_cancel, Nothing => Nothing;
        "session.unlock" => lock::unlock, Unlock => MeView;
        "session.unlock_quick" => quick::unlock, UnlockQuick => MeView;
        "session.come_back" => homecoming::come_back, ComeBack => Made;
        "session.recover" => kit::recover, Recover => MeView;
        "scan.picture" => scan::picture, ScanPicture => Vec<String>;
        "session.put_away_certificate" => erasing::put_away, ByName => Nothing;
        "restore.look" => backups::look, InFolder => Vec<BackupFound>;
        "restore.begin" => backups::restore, InFolder => ByName;
        "restore.stop" => backups::stop_restore, Nothing => Nothing;
        "session.lock" => ending::lock, Nothing => Nothing;
        "session.drafts_kept" => ending::drafts_kept, Nothing => Nothing;
        "session.touch" => idle::touch, Nothing => Nothing;
        "look.get" => look::get, Nothing => LookView;
        "look.set" => look::set, LookView => LookView;
        "passphrase.judge" => lock::judge, JudgePassphrase => Judgement;
        "passphrase.suggest" => lock::suggest, Nothing => Suggestion;
    }
    open {
        "passphrase.change" => security::change_passphrase, ChangePassphrase => Nothing;
        "security.view" => security::view, Nothing => SecurityView;
        "security.database_card" => homecoming::card, Nothing => DatabaseCardView, Proven;
        "security.alarms" => security::alarms, Nothing => Vec<AlarmView>;
        "security.use_keychain" => security::use_keychain, Nothing => SecurityView;
        "security.wish_new_key" => security::wish_new_key, Nothing => SecurityView;
        "security.set_pin" => quick::set, SetPin => SecurityView, Proven;
        "security.remove_pin" => quick::remove, Nothing => SecurityView;
        "kit.check" => kit::check, CheckKit => SecurityView;
        "keys.view" => keys::view, Nothing => KeysView;
        "keys.begin" => keys::begin, NewKeys => PapersView, Proven;
        "keys.certify_own" => keys::certify_own, RootKit => KeysView, Proven;
        "recovery.view" => recovery::view, Nothing => RecoveryView;
        "recovery.set" => recovery::set, SetRecovery => RecoveryView, Proven;
        "recovery.offer" => recovery::offer, RootKit => RecoveryView, Proven;
        "kit.confirmed" => kit::confirmed, Nothing => Nothing;
        "sessions.list" => sessions::list, Nothing => Vec<OwnSession>;
        "sessions.end" => sessions::end, ById => Vec<OwnSession>;
        "sessions.end_others" => sessions::end_others, Nothing => Vec<OwnSession>;
        "deletion.view" => deletion::view, Nothing => DeletionView;
        "deletion.request" => deletion::request, Nothing => DeletionView, Proven;
        "deletion.confirm" => deletion::confirm, ConfirmDeletion => DeletionView, Proven;
        "deletion.withdraw" => deletion::withdraw, Nothing => DeletionView;
        "deletion.certificate" => erasing::certificate, WhatToErase => ErasureView, Proven;
        "retention.view" => retention::view, Nothing => RetentionView;
        "retention.set_custodian" => retention::set_custodian, SetCustodian => RetentionView, Proven;
        "retention.hand_over" => retention::hand_over, KeptChartId => RetentionView, Proven;
        "retention.destroy" => retention::destroy, KeptChartId => RetentionView, Proven;
        "retention.certificate" => retention::certificate, KeptChartId => ErasureView;
        "deletion.set_retention" => deletion::set_retention, SetRetention => DeletionView, Proven;
        "session.step_up" => step_up::prove, StepUp => Nothing;
        "factor.view" => factor::view, Nothing => FactorView;
        "factor.begin" => factor::begin, Nothing => FactorSetup, Proven;
        "factor.confirm" => factor::confirm, FactorConfirm => BackupCodes;
        "factor.new_backup_codes" => factor::new_backup_codes, Nothing => BackupCodes, Proven;
        "factor.off" => factor::off, Nothing => FactorView, Proven;
        "contacts.view" => contacts::view, Nothing => ContactsView;
        "contacts.set" => contacts::set, SetContacts => ContactsView;
        "codes.check" => codes::check, CheckCode => ContactsView;
        "mail.settings" => sending::view, Nothing => SendingView;
        "mail.set" => sending::set, SetSending => SendingView, Proven;
        "oidc.providers" => oidc::providers::view, Nothing => ProvidersView;
        "oidc.set_provider" => oidc::providers::set, SetProvider => ProvidersView, Proven;
        "oidc.remove_provider" => oidc::providers::remove, ById => ProvidersView, Proven;
        "oidc.accounts" => oidc::accounts::view, Nothing => Vec<OutsideAccount>;
        "oidc.unlink" => oidc::accounts::unlink, ById => Vec<OutsideAccount>, Proven;
        "oidc.cancel" => oidc::cancel, Nothing => Nothing;
        "realm.script" => realm::script, Nothing => DatabaseScript;
        "realm.logins_to_end" => realm::to_end, Nothing => Vec<EndedLogin>;
        "realm.login_ended" => realm::ended_elsewhere, LoginEnded => Vec<EndedLogin>;
        "people.list" => people::list, Nothing => PeopleView;
        "people.invite" => people::invite, Invite => InvitationView, Proven;
        "people.read_request" => people::read_request, ReadRequest => RequestView;
        "people.admit" => people::admit, Admit => AnswerView, Proven;
        "people.reset_choices" => resets::choices, Nothing => Vec<ResetChoice>;
        "people.check_reset" => resets::check, CheckCode => Nothing;
        "people.remove_device" => people::remove_device, ById => PeopleView, Proven;
        "people.change_role" => people::change_role, ChangeRole => PeopleView, Proven;
        "people.remove_person" => people::remove_person, ById => PeopleView, Proven;
        "people.key_requests" => keys::requests, Nothing => Vec<KeyRequestView>;
        "people.certify_keys" => keys::certify, CertifyKeys => PeopleView, Proven;
        "people.use_root" => keys::use_root, UseRoot => PeopleView, Proven;
        "people.returning" => recovery::returning, Nothing => Vec<ReturnView>;
        "people.invite_back" => recovery::invite, ById => InvitationView, Proven;
        "people.admit_again" => recovery::admit, AdmitAgain => AnswerView, Proven;
        "people.rotation" => rotation::state, Nothing => RotationView;
        "today.view" => summary::today, Nothing => TodayView;
        "today.read_notification" => summary::read_notification, ById => Nothing;
        "appointments.double_booked" => appointments::double_booked, Nothing => Vec<DoubleBookingView>;
        "appointments.move" => appointments::move_to, MoveAppointment => Nothing;
        "appointments.keep_both" => appointments::keep_both, KeepBoth => Nothing;
        "appointments.leave_canceled" => appointments::leave_canceled, ById => Nothing;
        "patients.find" => patients::find, FindPatients => PatientPage;
        "patients.similar" => patients::similar, SimilarPatients => Vec<PatientRow>;
        "patients.register" => patients::register, RegisterPatient => BannerView;
        "patients.change" => patients::change, ChangePatient => BannerView;
        "patients.remove_photo" => photo::remove, OfPatient => BannerView;
        "patients.banner" => patients::banner, OfPatient => BannerView;
        "patients.save" => saved::save, SavePatient => BannerView;
        "patients.pin" => patients::pin, PinChart => BannerView;
        "patients.asked_about_allergies" => patients::asked_about_allergies, AskedAboutAllergies => BannerView;
        "patients.add_allergy" => patients::add_allergy, AddAllergy => BannerView;
        "patients.add_condition" => patients::add_condition, AddCondition => BannerView;
        "patients.add_contact" => patients::add_contact, AddContact => BannerView;
        "patients.remove_entry" => patients::remove_entry, RemoveEntry => BannerView;
        "summary.view" => summary::view, OfPatient => SummaryView;
        "records.list" => records::list, ListRecords => RecordPage;
        "records.view" => records::view, ById => RecordRow;
        "records.want_file" => records::want_file, WantFile => RecordRow;
        "records.write_visit" => records::write_visit, WriteVisit => Filed;
        "records.archive" => records::archive, ArchiveRecord => RecordRow;
        "medications.list" => summary::medications, OfPatient => Vec<MedicationRow>;
        "medications.add" => summary::add_medication, AddMedication => MedicationRow;
        "medications.stop" => summary::stop_medication, StopMedication => MedicationRow;
        "vitals.view" => vitals::view, OfPatient => VitalsView;
        "vitals.add" => vitals::add, AddVitals => VitalsView;
        "vitals.withdraw" => vitals::withdraw, ById => Nothing;
        "notes.list" => notes::list, OfPatient => Vec<NoteRow>;
        "notes.save" => notes::save, SaveNote => NoteRow;
        "notes.draft" => notes::draft, OfPatient => DraftView;
        "notes.keep_draft" => notes::keep_draft, KeepDraft => DraftView;
        "checks.list" => checks::list, OfPatient => Vec<CheckRow>;
        "checks.view" => checks::view, ById => CheckView;
        "checks.picture" => checks::picture, ById => PictureView;
        "checks.keep" => checks::keep, KeepCheck => CheckView;
        "checks.discard" => checks::discard, DiscardCheck => Nothing;
        "checks.trends" => checks::trends, OfPatient => Vec<TrendView>;
        "checks.could_not_do" => checks::could_not_do, CouldNotDo => CheckView;
        "checks.review" => checks::review, ReviewCheck => CheckView;
        "checks.microphone" => checks::microphone, Nothing => MicrophoneView;
        "checks.start_recording" => checks::start_recording, StartRecording => Nothing;
        "checks.stop_recording" => checks::stop_recording, Nothing => CheckDraft;
        "shares.choices" => shares::choices, OfPatient => Vec<ShareChoice>;
        "shares.host" => hosted::view, Nothing => LinkHostView;
        "shares.set_host" => hosted::set, SetLinkHost => LinkHostView, Proven;
        "shares.view" => shares::view, ById => ShareView;
        "shares.revoke" => shares::revoke, ById => ShareRow;
        "shares.pause" => shares::pause, ById => ShareRow;
        "shares.resume" => shares::resume, ById => ShareRow;
        "access.glass" => glass::view, OfPatient => GlassView;
        "access.restrict" => glass::restrict, RestrictChart => GlassView, Proven;
        "access.break_glass" => glass::break_glass, BreakGlass => GlassView;
        "access.view" => access::view, OfPatient => AccessView;
        "access.verify" => access::verify, OfPatient => AccessProof;
        "receive.inspect" => intake::inspect, InspectLink => IncomingLink;
        "transfer.receive" => transfer::receive, ReceiveByCodes => ReceiverView;
        "transfer.take" => transfer::take, TakeFrames => TakenView;
        "transfer.forget" => transfer::forget, ById => Nothing;
        "transfer.read_receiver" => transfer::read_receiver, ReadReceiver => ReceiverSeen;
        "transfer.frames" => transfer::frames, NextFrames => Vec<FrameView>;
        "transfer.stop" => transfer::stop, ById => Nothing;
        "intake.choose" => intake::choose, ChooseIntake => IntakeView;
        "intake.file" => intake::file, FileIntake => IntakeDone;
        "intake.cancel" => intake::cancel, ById => Nothing;
        "intake.discard" => intake::discard, ById => Nothing;
        "sync.conflicts" => conflicts::list, Nothing => Vec<ConflictView>;
        "sync.resolve" => conflicts::resolve, ResolveConflict => Nothing;
        "sync.decided" => conflicts::decided, Nothing => Vec<DecidedView>;
        "sync.undo" => conflicts::undo, ById => Nothing;
        "sync.quarantine" => devices::quarantine, Nothing => Vec<QuarantineRow>;
        "sync.late_entries" => devices::late_entries, Nothing => Vec<LateEntryView>;
        "sync.readmit" => devices::readmit, Readmit => Vec<LateEntryView>, Proven;
        "sync.history" => devices::history, HistoryOf => Vec<HistoryRow>;
        "backups.view" => backups::view, Nothing => BackupsView;
        "backups.set" => backups::set, BackupPlan => BackupsView;
        "doctor.stop" => doctor::stop, Nothing => Nothing;
        "backups.stop" => backups::stop, Nothing => Nothing;
        "settings.get" => settings::get, Nothing => SettingsView;
        "settings.set" => settings::set, SettingsView => SettingsView;
    }
    live {
        "codes.send" => codes::send, SendCode => CodeSent;
        "people.check_outside" => oidc::carried::check, ReadRequest => CarriedView;
        "people.send_reset" => resets::send, ById => CodeSent, Proven;
        "deletion.erase" => erasing::erase, Erase => Nothing, Proven;
        "mail.test" => sending::test, TestSending => Nothing;
        "oidc.test_provider" => oidc::providers::test, TestProvider => Nothing;
        "oidc.begin" => oidc::begin, BeginOutside => OutsideBegun;
        "oidc.wait" => oidc::wait, ById => Nothing;
        "realm.drop_login" => realm::drop_login, DropLogin => LoginGone, Proven;
        "realm.set_up" => realm::set_up, SetUpRealm => Vec<LoginView>, Proven;
        "realm.host_login" => hosted::make_login, SetUpRealm => HostLogin, Proven;
        "shares.make" => shares::make, MakeShare => ShareView, Proven;
        "shares.extend" => shares::extend, ExtendShare => ShareRow;
        "transfer.send" => transfer::send, SendByCodes => SendingByCodes, Proven;
        "receive.open" => intake::open_link, OpenLink => IntakeView;
        "doctor.look" => doctor::look, Nothing => ExaminationView;
        "backups.make" => backups::make, MakeBackup => BackupsView;
        "sync.state" => syncing::state, Nothing => SyncView;
        "sync.now" => syncing::now, Nothing => SyncView;
        "sync.pause" => syncing::pause, Nothing => SyncView;
        "sync.resume" => syncing::resume, Nothing => SyncView;
        "sync.set_remote" => syncing::set_remote, SetRemote => SyncView;
        "sync.test_remote" => syncing::test_remote, SetRemote => RemoteTest;
        "sync.verify" => syncing::verify, Nothing => VerifyView;
    }
    upload {
        "patients.set_photo" => photo::set, OfPatient => BannerView;
        "records.add" => records::add, AddRecord => Filed;
        "checks.analyse" => checks::analyse, AnalyseFile => CheckDraft;
        "receive.inspect_picture" => intake::inspect_picture, Nothing => IncomingLink;
        "transfer.take_picture" => transfer::take_picture, ById => TakenView;
        "intake.read" => intake::read, ReadImport => IntakeView;
    }
    download {
        "patients.photo" => photo::read, OfPatient;
        "records.file" => records::download, ReadFile;
        "records.thumbnail" => records::thumbnail, ReadFile;
        "checks.spectrogram" => checks::spectrogram, ById;
        "shares.png" => shares::png, ById;
        "access.export" => access::export, OfPatient, Proven;
    }
}

/// What a line of the list asks for besides an open vault.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    /// The person has shown who they are in the last minutes.
    Proven,
}

/// The proof that the line asks for, and the chart that it is about: is that open to whoever is at work?
async fn let_pass(app: &Arc<App>, name: &str, input: &Value) -> Result<(), Problem> {
    let proven = MARKED.contains(&(name, Mark::Proven));
    let Ok(session) = app.session() else {
        // Those that need an open vault say so themselves.
        return Ok(());
    };
    let (name, input) = (name.to_owned(), input.clone());
    off_thread(move || {
        if proven {
            step_up::need(&session)?;
        }
        glass::gate(&session, &name, &input)
    })
    .await
}

fn read<T: serde::de::DeserializeOwned>(input: Value) -> Result<T, Problem> {
    serde_json::from_value(input).map_err(|error| Problem::said("invalid_request", &error))
}

fn write<T: serde::Serialize>(output: T) -> Result<Value, Problem> {
    serde_json::to_value(output).map_err(|error| Problem::said("internal", &error))
}

fn unknown(name: &str) -> Problem {
    Problem::new("unknown_request", name.chars().take(60).collect::<String>())
}

/// Writes a type and what it is made of; of a list, its elements.
fn export<T: TS + 'static>(config: &ts_rs::Config) -> Result<(), ts_rs::ExportError> {
    struct Parts<'a>(&'a ts_rs::Config, Result<(), ts_rs::ExportError>);
    impl ts_rs::TypeVisitor for Parts<'_> {
        fn visit<P: TS + 'static + ?Sized>(&mut self) {
            if self.1.is_ok() && P::output_path().is_some() {
                self.1 = P::export_all(self.0);
            }
        }
    }
    if T::output_path().is_some() {
        return T::export_all(config);
    }
    let mut parts = Parts(config, Ok(()));
    T::visit_generics(&mut parts);
    parts.1
}

type Row = (&'static str, String, String);

/// The maps from a request's name to its types.
fn typescript(requests: &[Row], uploads: &[Row], downloads: &[Row]) -> String {
    let mut imports: Vec<&str> = [requests, uploads, downloads]
        .into_iter()
        .flatten()
        .flat_map(|(_, input, output)| [input.as_str(), output.as_str()])
        .map(|name| name.trim_start_matches("Array<").trim_end_matches('>'))
        .filter(|name| !matches!(*name, "Uint8Array" | "string"))
        .collect();
    imports.sort_unstable();
    imports.dedup();
    let mut out = String::from("// Written by `make bindings`; do not edit.\n");
    for name in imports {
        out.push_str(&format!("import type {{ {name} }} from \"./{name}\";\n"));
    }
    for (title, rows) in [("Requests", requests), ("Uploads", uploads), ("Downloads", downloads)] {
        out.push_str(&format!("\nexport interface {title} {{\n"));
        for (name, input, output) in rows {
            out.push_str(&format!("  \"{name}\": {{ in: {input}; out: {output} }};\n"));
        }
        out.push_str("}\n");
    }
    out
}
