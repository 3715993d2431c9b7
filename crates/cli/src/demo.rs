//! The whole thread, played with two people and three devices. Nothing in it is simulated: the vaults, the codes, the
//! network on this computer and the MongoDB are real.

use crate::{output::Output, samples, steps::Person};
use app::{App, Options, Problem, SystemClock, views::*};
use serde::Serialize;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};
use sync::server::LocalServer;

const LOUIE: &str = "Louie Jast";
const LOUIES_PASSPHRASE: &str = "tulip harbour seven lanterns";
const DOCTOR: &str = "Dr Amina Rahman";
const DOCTORS_PASSPHRASE: &str = "quiet orchard morning ferry";

/// What was verified.
#[derive(Serialize)]
struct Summary {
    verified: Vec<String>,
    seconds: f64,
}

/// Tells each step in a sentence and gathers what was verified.
struct Story<'a> {
    output: &'a Output,
    verified: Vec<String>,
    begun: Instant,
}

impl Story<'_> {
    fn tell(&self, sentence: &str) {
        if !self.output.is_json() {
            self.output.text(&format!("{:>6.1} s  {sentence}", self.begun.elapsed().as_secs_f64()));
        }
    }

    /// A claim that the demo checked itself; a false one ends it.
    fn verify(&mut self, claim: &str, holds: bool) -> Result<(), Problem> {
        if !holds {
            return Err(Problem::new("demo_failed", format!("not so: {claim}")));
        }
        self.tell(&format!("✓ {claim}"));
        self.verified.push(claim.to_owned());
        Ok(())
    }
}

/// Plays the thread. With a folder, keeps two profiles and the database in it, and goes on serving until it is stopped.
pub async fn run(keep: Option<&Path>, output: &Output) -> Result<(), Problem> {
    let scratch = tempfile::tempdir().map_err(|error| Problem::said("folder_not_writable", &error))?;
    let folder = keep.unwrap_or(scratch.path()).to_owned();
    if keep.is_some() && folder.join("desk").exists() {
        return Err(Problem::new(
            "folder_in_use",
            format!("{} holds a demo already: name another folder", folder.display()),
        ));
    }
    let mut story = Story { output, verified: Vec::new(), begun: Instant::now() };
    let (mut thread, mut server) = play(&mut story, &folder).await?;
    thread.close().await;
    let summary = Summary { seconds: story.begun.elapsed().as_secs_f64(), verified: story.verified };
    match output.is_json() {
        true => output.value(&summary),
        false => output.text(&format!("\n{} things verified in {:.1} s.", summary.verified.len(), summary.seconds)),
    }
    if keep.is_some() {
        hold(output, &folder, &server).await?;
    }
    server.stop().await;
    Ok(())
}

/// The people and devices of the story.
struct Thread {
    louie: Person,
    doctor: Person,
    second: Person,
    chart: String,
}

impl Thread {
    async fn close(&mut self) {
        for person in [&self.louie, &self.doctor, &self.second] {
            person.close().await;
        }
    }
}

async fn play(story: &mut Story<'_>, folder: &Path) -> Result<(Thread, LocalServer), Problem> {
    let (louie, chart) = without_network(story, folder).await?;
    let doctor = share_with_doctor(story, folder, &louie, &chart).await?;
    story.tell("A MongoDB starts on this computer; until now nothing has left the devices.");
    let server =
        LocalServer::start(&folder.join("mongodb"), 0).await.map_err(|error| Problem::said("no_mongod", &error))?;
    let address = server.uri("");
    reconcile(story, "Louie's device", &louie, &address).await?;
    reconcile(story, "the doctor's device", &doctor, &address).await?;
    let second = second_device(story, folder, &louie, &address).await?;
    same_on_both(story, &louie, &second, &chart).await?;
    let mut thread = Thread { louie, doctor, second, chart };
    let server = pull_the_cable(story, &mut thread, server).await?;
    Ok((thread, server))
}

fn device(root: PathBuf) -> Person {
    Person::new(App::new(
        &root,
        Arc::new(SystemClock),
        Options { loopback_only: true, serve_links: true, idle_lock: false, window: false, keychain: false },
    ))
}

/// Louie's record from real input, a document added, her voice and her balance checked: all without a network.
async fn without_network(story: &mut Story<'_>, folder: &Path) -> Result<(Person, String), Problem> {
    let louie = device(folder.join("desk"));
    let keep = json!({ "name": LOUIE, "date_of_birth": "1950-03-01", "gender": "female", "passphrase": LOUIES_PASSPHRASE, "language": "en" });
    let made: Made = louie.ask("session.keep_own", keep).await?;
    let chart = made.me.chart.map(|id| id.to_string()).unwrap_or_default();
    story.tell("Louie makes an encrypted record of her own, and gets a recovery kit to print.");
    let read = louie.read_import("record.json", samples::bundle()?, Some(&chart)).await?;
    let in_file: u32 = read.types.iter().map(|one| one.total).sum();
    story.tell(&format!(
        "A dry run of her FHIR file: {in_file} resources, {} would be filed, nothing is stored yet.",
        read.items.len()
    ));
    let begun = Instant::now();
    let done = louie.file(&read, Some(&chart)).await?;
    story.tell(&format!(
        "{} entries are filed and signed in {:.2} s; the file itself is kept beside them.",
        done.filed,
        begun.elapsed().as_secs_f64()
    ));
    let accounted: u32 = read.types.iter().map(|one| one.mapped + one.ignored + one.kept).sum();
    story.verify("every resource of the file is accounted for", accounted == in_file)?;
    louie.add_record(&chart, "Blood count", "LAB_REPORT", "lab-report.pdf", samples::LAB_REPORT.to_vec()).await?;
    story.tell("She adds a laboratory report.");
    check(story, &louie, &chart, "vowel", "vowel.wav", samples::vowel()?).await?;
    check(story, &louie, &chart, "stance_eyes_open", "open.csv", samples::eyes_open()?).await?;
    check(story, &louie, &chart, "stance_eyes_closed", "closed.csv", samples::eyes_closed()?).await?;
    Ok((louie, chart))
}

async fn check(
    story: &mut Story<'_>,
    louie: &Person,
    chart: &str,
    task: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(), Problem> {
    let draft = louie.analyse(json!({ "patient": chart, "task": task, "file_name": name }), bytes).await?;
    let kept = louie.keep_check(&draft).await?;
    let measured = kept.measures.iter().filter(|one| one.value.is_some()).count();
    story.tell(&format!(
        "A check ({task}) measures {measured} values and enters the chart, signed: {}.",
        words(&kept.row)
    ));
    story.verify(&format!("the check ({task}) was measured and kept"), measured > 0 && kept.quality_verdict != "reject")
}

/// Careful words: never the stored code.
fn words(row: &CheckRow) -> &'static str {
    use app::model::{CheckResult, CheckStatus};
    match (row.status, row.result) {
        (CheckStatus::Completed, Some(CheckResult::StrokeDetected)) => "signs that need urgent help",
        (CheckStatus::Completed, _) => "nothing unusual was measured, which does not rule out a stroke",
        (CheckStatus::NoReference, _) => "there is nothing yet to compare it with, so there is no result",
        (CheckStatus::InsufficientQuality, _) => "the recording could not be judged, so there is no result",
    }
}

/// The doctor opens Louie's QR code and files what she shared.
async fn share_with_doctor(
    story: &mut Story<'_>,
    folder: &Path,
    louie: &Person,
    chart: &str,
) -> Result<Person, Problem> {
    let share = louie.share(chart, &[], "Records for the clinic", 15, 2, false).await?;
    let picture = louie.png(&share).await?;
    story.tell(&format!(
        "Louie shares her record as a QR code ({} bytes of PNG), good for 15 minutes and two openings.",
        picture.len()
    ));
    let doctor = device(folder.join("desk"));
    doctor.make_clinic("Harbour Clinic", DOCTOR, DOCTORS_PASSPHRASE).await?;
    let text = doctor.read_picture(picture).await?;
    story.verify("the doctor's Aidpost reads the link from the picture", text == share.link)?;
    let seen = doctor.open(&text, DOCTOR, None, true).await?;
    let done = doctor.file(&seen, None).await?;
    story.tell(&format!("The doctor opens it, sees {} entries, and files them into a new chart.", seen.items.len()));
    let filed: BannerView = doctor.ask("patients.banner", json!({ "patient": done.patient })).await?;
    let own: BannerView = louie.ask("patients.banner", json!({ "patient": chart })).await?;
    let names = |view: &BannerView| view.allergies.iter().map(|one| one.substance.clone()).collect::<Vec<_>>();
    story.verify(
        "the doctor's chart shows Louie's name and allergies",
        filed.name == own.name && names(&filed) == names(&own),
    )?;
    let access: AccessView = louie.ask("access.view", json!({ "patient": chart })).await?;
    let logged = access.accesses.iter().any(|row| row.recipient.as_deref() == Some(DOCTOR));
    story.verify("Louie's access list says who opened it and when", logged && access.accesses.len() == 1)?;
    Ok(doctor)
}

async fn reconcile(story: &mut Story<'_>, whose: &str, person: &Person, address: &str) -> Result<(), Problem> {
    person.set_remote(address).await?;
    let state = person.sync_now().await?;
    story.verify(&format!("{whose} has sent everything"), state.to_send == 0 && state.files_to_send == 0)?;
    let verified = person.verify().await?;
    let equal: u32 = verified.rows.iter().map(|row| row.equal).sum();
    story.verify(&format!("{whose} and the database hold the same {equal} documents"), verified.same && equal > 0)
}

/// Louie's second device joins by invitation; the letters are compared by a person.
async fn second_device(story: &mut Story<'_>, folder: &Path, louie: &Person, address: &str) -> Result<Person, Problem> {
    let second = device(folder.join("second"));
    let invite = json!({ "own_device": true, "role": null, "clinical": false, "chart": null });
    let invitation: InvitationView = louie.ask("people.invite", invite).await?;
    let begin = json!({ "invitation": invitation.text, "name": LOUIE, "passphrase": LOUIES_PASSPHRASE });
    let joining: JoiningView = second.ask("session.join", begin).await?;
    story.tell(&format!("Louie invites a second device; both screens show {}.", joining.check_words));
    let wrong = json!({ "request": joining.request, "typed_check": "AAAA AAAA AAAA AAAA" });
    let refused = louie.ask::<AnswerView>("people.admit", wrong).await.is_err();
    story.verify("a device whose letters differ is not let in", refused)?;
    let admit = json!({ "request": joining.request, "typed_check": joining.check_words });
    let answer: AnswerView = louie.ask("people.admit", admit).await?;
    let _: Made = second.ask("session.join_finish", json!({ "answer": answer.answer })).await?;
    louie.sync_now().await?;
    reconcile(story, "the second device", &second, address).await?;
    Ok(second)
}

/// What one device shows of the chart, without what differs by device.
async fn shown(person: &Person, chart: &str) -> Result<serde_json::Value, Problem> {
    let of = json!({ "patient": chart });
    let banner: BannerView = person.ask("patients.banner", &of).await?;
    let listed =
        json!({ "patient": chart, "text": "", "document_type": null, "offset": 0, "limit": 200, "archived": false });
    let records: RecordPage = person.ask("records.list", listed).await?;
    let checks: Vec<CheckRow> = person.ask("checks.list", &of).await?;
    let vitals: VitalsView = person.ask("vitals.view", &of).await?;
    let medications: Vec<MedicationRow> = person.ask("medications.list", &of).await?;
    let access: AccessView = person.ask("access.view", &of).await?;
    let all = json!([banner, records, checks, vitals, medications, access]);
    Ok(all)
}

async fn same_on_both(story: &mut Story<'_>, louie: &Person, second: &Person, chart: &str) -> Result<(), Problem> {
    let (one, other) = (shown(louie, chart).await?, shown(second, chart).await?);
    story.verify("the second device shows the same chart, entry by entry", one == other)?;
    let listed = json!({ "patient": chart, "text": "Blood count", "document_type": null, "offset": 0, "limit": 1, "archived": false });
    let page: RecordPage = second.ask("records.list", listed).await?;
    let record =
        page.rows.first().ok_or_else(|| Problem::new("demo_failed", "the report did not arrive".to_owned()))?;
    let file = record.files.first().ok_or_else(|| Problem::new("demo_failed", "the file did not arrive".to_owned()))?;
    let bytes =
        app::answer_download(&second.app, "records.file", json!({ "record": record.id, "file": file.id })).await?;
    story.verify("the laboratory report opens there, byte for byte", bytes == samples::LAB_REPORT)
}

/// The database goes away; work goes on; it comes back.
async fn pull_the_cable(
    story: &mut Story<'_>,
    thread: &mut Thread,
    mut server: LocalServer,
) -> Result<LocalServer, Problem> {
    server.stop().await;
    story.tell("The database is switched off.");
    let entry = json!({ "code": "8867-4", "value": 72.0, "unit": "/min" });
    let add = json!({ "patient": thread.chart, "observed_at": null, "entries": [entry] });
    let _: VitalsView = thread.second.ask("vitals.add", add).await?;
    let refused = thread.second.sync_now().await;
    let state: SyncView = thread.second.ask("sync.state", json!({})).await?;
    story.verify("the second device goes on working and says what waits", refused.is_err() && state.to_send > 0)?;
    server.restart().await.map_err(|error| Problem::said("no_mongod", &error))?;
    thread.second.sync_now().await?;
    thread.louie.sync_now().await?;
    let (one, other) = (shown(&thread.louie, &thread.chart).await?, shown(&thread.second, &thread.chart).await?);
    story.verify("after it is back, both devices show the same again", one == other)?;
    Ok(server)
}

async fn hold(output: &Output, folder: &Path, server: &LocalServer) -> Result<(), Problem> {
    let said = format!(
        "The profiles are in {}.\n  {LOUIE}: {LOUIES_PASSPHRASE}\n  {DOCTOR}: {DOCTORS_PASSPHRASE}\n\
         MongoDB listens on port {}. Stop with Ctrl C.",
        folder.join("desk").display(),
        server.port()
    );
    output.text(&said);
    let ready = folder.join("ready");
    std::fs::write(&ready, &said).map_err(|error| Problem::said("folder_not_writable", &error))?;
    tokio::signal::ctrl_c().await.map_err(|error| Problem::said("internal", &error))
}
