//! What comes in: received shares and imported files. Everything is looked at first and filed by a person's choice.

mod filing;
mod preview;

use crate::{App, Problem, Session, problem::not_found, session::off_thread, views::*};
use interop::fhir::{self, ChartDraft, Incoming, Limits};
use model::{Patient, Time};
use share::{
    Link,
    fetch::{self, AddressPolicy},
};
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use uuid::Uuid;

/// Files that were read and not yet filed; forgotten when the vault is closed.
#[derive(Default)]
pub struct Intakes(Mutex<BTreeMap<Uuid, Arc<Intake>>>);

/// At most so many are kept; the oldest goes first.
const KEPT: usize = 8;

/// One file that was read.
pub struct Intake {
    incoming: Arc<Incoming>,
    source: String,
    chosen: usize,
    /// The chart it is meant for; `None` for a new one.
    patient: Option<Uuid>,
    /// The id of the chart that ids are derived from: the chosen one's, or that of the chart to be.
    chart: Uuid,
    draft: ChartDraft,
    original: Arc<Original>,
    /// Set by whoever wants the filing to stop; shared by all forms of one ticket.
    stop: Arc<AtomicBool>,
}

/// The bytes as they came, filed beside what was read from them so that nothing is dropped.
struct Original {
    name: String,
    bytes: Vec<u8>,
}

impl Intakes {
    fn keep(&self, ticket: Uuid, intake: Intake) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(ticket, Arc::new(intake));
        while all.len() > KEPT {
            all.pop_first();
        }
    }

    fn get(&self, ticket: Uuid) -> Result<Arc<Intake>, Problem> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&ticket).cloned().ok_or_else(not_found)
    }

    /// Whatever is being filed stops at its next entry, and nothing of it stays.
    pub(crate) fn stop(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().for_each(|intake| intake.stop.store(true, Ordering::Relaxed));
    }

    fn forget(&self, ticket: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&ticket);
    }
}

/// Looks at a link without fetching anything.
pub fn inspect(session: &Arc<Session>, ask: InspectLink) -> Result<IncomingLink, Problem> {
    looked_at(session, &Link::parse(&ask.text)?)
}

/// Reads a link out of a picture.
pub fn inspect_picture(session: &Arc<Session>, _: Nothing, bytes: Vec<u8>) -> Result<IncomingLink, Problem> {
    looked_at(session, &share::qr::read_link(&bytes)?)
}

fn looked_at(session: &Session, link: &Link) -> Result<IncomingLink, Problem> {
    let preview = link.preview();
    let now = session.clock.now_ms() / 1000;
    Ok(IncomingLink {
        text: link.to_text().to_string(),
        label: preview.label,
        expires_at: preview.exp.map(|at| Time::from_unsigned_ms(at.saturating_mul(1000))),
        expired: link.expired(now),
        needs_passcode: preview.needs_passcode,
        long_term: preview.long_term,
        local_network: is_local(&preview.host),
        host: preview.host,
    })
}

/// Does the host's name itself say that it is on the local network? A name that only resolves there is caught when it is opened.
fn is_local(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        Err(_) => name == "localhost" || name.ends_with(".local"),
    }
}

/// Fetches and opens a link; the answer is a dry run, nothing is filed.
pub async fn open_link(_: &Arc<App>, session: &Arc<Session>, ask: OpenLink) -> Result<IntakeView, Problem> {
    let link = Link::parse(&ask.text)?;
    let recipient = crate::patients::required("recipient", &ask.recipient)?;
    let now = session.clock.now_ms() / 1000;
    let policy = AddressPolicy { allow_lan: ask.allow_local };
    let files = fetch::open(&link, &recipient, ask.passcode.as_deref(), policy, now).await?;
    let source = link.label().unwrap_or_else(|| link.preview().host);
    let fhir = files.into_iter().find(|file| file.content_type.contains("fhir+json"));
    let file = fhir.ok_or_else(|| Problem::new("nothing_readable_shared", None))?;
    let this = session.clone();
    off_thread(move || begin(&this, &source, "shared.json", None, file.bytes)).await
}

/// Reads a file; the answer is a dry run, nothing is stored.
pub fn read(session: &Arc<Session>, ask: ReadImport, bytes: Vec<u8>) -> Result<IntakeView, Problem> {
    let name = crate::records::file_name(&ask.file_name);
    begin(session, &name.clone(), &name, ask.patient, bytes)
}

/// Reads what came in, whichever way, and keeps it until it is filed or thrown away.
pub(crate) fn begin(
    session: &Arc<Session>,
    source: &str,
    name: &str,
    patient: Option<Uuid>,
    bytes: Vec<u8>,
) -> Result<IntakeView, Problem> {
    let incoming = Arc::new(fhir::read(&bytes, &Limits::default())?);
    let chosen = incoming.only().unwrap_or(0);
    let original = Arc::new(Original { name: name.to_owned(), bytes });
    let ticket = session.vault.new_id(session.clock.now_ms())?;
    let intake = prepare(session, incoming, source, chosen, patient, original, Arc::default())?;
    session.intakes.keep(ticket, intake);
    preview::view(session, ticket, &*session.intakes.get(ticket)?)
}

fn prepare(
    session: &Session,
    incoming: Arc<Incoming>,
    source: &str,
    chosen: usize,
    patient: Option<Uuid>,
    original: Arc<Original>,
    stop: Arc<AtomicBool>,
) -> Result<Intake, Problem> {
    if let Some(patient) = patient {
        session.need::<Patient>(patient)?;
    }
    let chart = match patient {
        Some(patient) => patient,
        None => session.vault.new_id(session.clock.now_ms())?,
    };
    let draft = incoming.chart(chosen, chart, session.now(), source)?;
    Ok(Intake { incoming, source: source.to_owned(), chosen, patient, chart, draft, original, stop })
}

/// Chooses another patient of the file, or another chart.
pub fn choose(session: &Arc<Session>, ask: ChooseIntake) -> Result<IntakeView, Problem> {
    let now = session.intakes.get(ask.ticket)?;
    let index = usize::try_from(ask.index).unwrap_or(usize::MAX);
    session.intakes.keep(ask.ticket, again(session, &now, index, ask.patient)?);
    preview::view(session, ask.ticket, &*session.intakes.get(ask.ticket)?)
}

/// The same file for another of its patients, or for another chart.
fn again(session: &Session, intake: &Intake, chosen: usize, patient: Option<Uuid>) -> Result<Intake, Problem> {
    let (incoming, original, stop) = (intake.incoming.clone(), intake.original.clone(), intake.stop.clone());
    prepare(session, incoming, &intake.source, chosen, patient, original, stop)
}

/// Files what was chosen, all or nothing.
pub fn file(session: &Arc<Session>, ask: FileIntake) -> Result<IntakeDone, Problem> {
    let intake = session.intakes.get(ask.ticket)?;
    intake.stop.store(false, Ordering::Relaxed);
    let done = if ask.patient == intake.patient {
        filing::file(session, &intake, ask.items.as_deref())?
    } else {
        // The chart was chosen at the last moment: ids are derived from it, so the draft is made anew.
        let chosen: Vec<usize> = preview::places(&intake, ask.items.as_deref());
        let other = again(session, &intake, intake.chosen, ask.patient)?;
        let items = ask.items.is_some().then(|| preview::at_places(&other, &chosen));
        filing::file(session, &other, items.as_deref())?
    };
    session.intakes.forget(ask.ticket);
    Ok(done)
}

/// Stops a filing that is under way: nothing of it stays, and the dry run is still there. Later than its last entry it has no effect.
pub fn cancel(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    session.intakes.get(ask.id)?.stop.store(true, Ordering::Relaxed);
    Ok(Nothing {})
}

/// Throws a read file away.
pub fn discard(session: &Arc<Session>, ask: ById) -> Result<Nothing, Problem> {
    session.intakes.forget(ask.id);
    Ok(Nothing {})
}
