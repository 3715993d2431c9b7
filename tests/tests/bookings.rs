//! Two desks book one doctor's time while apart. Real vaults over the server in memory: every device comes to the same verdict.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use aidpost_tests::realm::{Device, PATIENT, Realm};
use model::{
    Appointment, AppointmentState, AppointmentStatus, BusyTime, DOUBLE_BOOKED, Id, Notification, NotificationType,
    Patient, Time,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use sync::Line;
use sync::remote::memory::{MemoryRemote, MemoryServer};
use tempfile::TempDir;
use uuid::Uuid;
use vault::Find;

const FOUNDED_MS: u64 = 1_800_000_000_000;
/// Tomorrow at ten.
const TEN_MS: u64 = FOUNDED_MS + 86_400_000;
const HOUR_MS: u64 = 3_600_000;

struct Clinic {
    devices: Vec<Device>,
    remote: Arc<MemoryRemote>,
    now: Arc<AtomicU64>,
    /// The patient's own chart, and one of somebody without an account.
    charts: [Uuid; 2],
    _folder: TempDir,
}

impl Clinic {
    fn open() -> Clinic {
        let (realm, folder) = (Realm::found(FOUNDED_MS).unwrap(), tempfile::tempdir().unwrap());
        let devices = realm.settle(folder.path()).unwrap();
        let now = Arc::new(AtomicU64::new(FOUNDED_MS + 1_000));
        let clock = now.clone();
        let server = MemoryServer::new(Arc::new(move || clock.load(Ordering::Relaxed)));
        let remote = Arc::new(server.line(realm.id, 1));
        let (other, _) = devices[0]
            .vault
            .write(FOUNDED_MS + 1_000, |w| {
                let id = w.new_id()?;
                w.open_chart(id, None)?;
                let front = json!({ "name": "Amara Nwosu", "allergies": [], "is_archived": false });
                w.put::<Patient>(id, id, front.as_object().unwrap()).map(|()| id)
            })
            .unwrap();
        let clinic = Clinic { devices, remote, now, charts: [realm.chart, other], _folder: folder };
        clinic.meet();
        clinic
    }

    fn now(&self) -> u64 {
        self.now.fetch_add(1_000, Ordering::Relaxed) + 1_000
    }

    fn sync(&self, device: usize) {
        let now = self.now();
        let line = Line::new(self.devices[device].vault.clone(), self.remote.clone(), Arc::new(move || now))
            .on_polling_thread();
        let round = async {
            line.greet().await?;
            line.round().await
        };
        let mut round = std::pin::pin!(round);
        let outcome = loop {
            if let Poll::Ready(outcome) = round.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                break outcome;
            }
        };
        outcome.unwrap();
    }

    fn meet(&self) {
        for device in [0, 1, 2, 0, 1, 2, 0, 1, 2] {
            self.sync(device);
        }
    }

    /// Books the first doctor.
    fn book(&self, device: usize, chart: usize, start_ms: u64) -> Uuid {
        let (chart, doctor, now) = (self.charts[chart], self.devices[0].user, self.now());
        let start = Time::from_unsigned_ms(start_ms);
        let realm = self.devices[device].vault.me().unwrap().realm;
        let (id, _) = self.devices[device]
            .vault
            .write(now, |w| {
                let id = w.new_id()?;
                let booked = json!({
                    "patient_id": chart, "doctor_id": doctor, "appointment_date": start, "local_time": "2027-01-16T10:00",
                    "zone": "Europe/London", "duration_minutes": 30, "status": "confirmed", "state": "confirmed",
                });
                w.put::<Appointment>(id, chart, booked.as_object().unwrap())?;
                let busy = json!({ "doctor_id": doctor, "start": start, "duration_minutes": 30, "appointment_id": id, "is_free": false });
                w.put::<BusyTime>(id, realm, busy.as_object().unwrap()).map(|()| id)
            })
            .unwrap();
        id
    }

    fn change(&self, device: usize, id: Uuid, values: Value) {
        let (vault, now) = (&self.devices[device].vault, self.now());
        let scope = vault.get::<Appointment>(id).unwrap().unwrap().scope;
        vault.write(now, |w| w.put::<Appointment>(id, scope, values.as_object().unwrap())).unwrap();
    }

    fn state(&self, device: usize, id: Uuid) -> (AppointmentState, Option<String>) {
        let one = self.devices[device].vault.get::<Appointment>(id).unwrap().unwrap().value;
        assert_eq!(one.status == AppointmentStatus::Canceled, one.state == AppointmentState::Canceled);
        (one.state, one.cancel_reason)
    }

    /// On both doctors' devices, and on the patient's where the chart is theirs.
    fn everywhere(&self, id: Uuid) -> AppointmentState {
        let states: Vec<_> = [0, 1].map(|device| self.state(device, id)).into();
        assert_eq!(states[0], states[1], "the two desks differ");
        if let Some(there) = self.devices[PATIENT].vault.get::<Appointment>(id).unwrap() {
            assert_eq!(there.value.state, states[0].0, "the patient sees another state");
        }
        states[0].0
    }

    fn told(&self, device: usize) -> Vec<(NotificationType, String, Option<Uuid>)> {
        let rows = self.devices[device].vault.list::<Notification>(&Find::default()).unwrap();
        rows.into_iter().map(|row| (row.value.kind, row.value.message, row.value.about)).collect()
    }

    fn quiet(&self) {
        for device in &self.devices {
            assert_eq!(device.vault.quarantine().unwrap(), []);
            assert_eq!(device.vault.conflicts_open().unwrap().len(), 0);
            assert_eq!(model::mailbox::Mailbox::counts(&*device.vault).unwrap().to_send, 0);
        }
    }
}

#[test]
fn the_earlier_booking_stands_and_both_sides_of_the_later_are_told_once() {
    let clinic = Clinic::open();
    let earlier = clinic.book(0, 1, TEN_MS);
    let later = clinic.book(1, 0, TEN_MS + HOUR_MS / 4);
    let beside = clinic.book(1, 0, TEN_MS + HOUR_MS / 2);
    clinic.meet();
    assert_eq!(clinic.everywhere(earlier), AppointmentState::Confirmed);
    assert_eq!(clinic.state(0, later), (AppointmentState::Canceled, Some(DOUBLE_BOOKED.to_owned())));
    assert_eq!(clinic.everywhere(later), AppointmentState::Canceled);
    // It begins when the earlier one ends; the one in between, which it overlaps, had been put out.
    assert_eq!(clinic.everywhere(beside), AppointmentState::Confirmed);
    let notice = (NotificationType::AppointmentCancellation, DOUBLE_BOOKED.to_owned(), Some(later));
    assert_eq!(clinic.told(0), std::slice::from_ref(&notice), "the doctor");
    assert_eq!(clinic.told(PATIENT), [notice], "the patient");
    assert_eq!(clinic.told(1), [], "whoever it does not concern");
    for device in &clinic.devices {
        let busy = device.vault.list::<BusyTime>(&Find::default()).unwrap();
        let mut free: Vec<_> = busy.iter().filter(|row| row.value.is_free).map(|row| row.id).collect();
        free.sort_unstable();
        assert_eq!((busy.len(), free), (3, vec![later]));
    }
    // What it was before is in its history, on the desk that had booked it.
    let history = clinic.devices[1].vault.history("appointments", later).unwrap();
    assert!(history.iter().any(|entry| entry.kind == vault::EntryKind::Written && entry.value["state"] == "confirmed"));
    clinic.quiet();
    clinic.meet();
    assert_eq!(clinic.told(0).len(), 1);
}

#[test]
fn who_is_here_already_and_what_a_clinician_let_stand_is_not_called_off() {
    let clinic = Clinic::open();
    let earlier = clinic.book(0, 1, TEN_MS);
    let here = clinic.book(1, 0, TEN_MS);
    clinic.change(1, here, json!({ "state": "arrived" }));
    clinic.meet();
    assert_eq!(
        (clinic.everywhere(earlier), clinic.everywhere(here)),
        (AppointmentState::Confirmed, AppointmentState::Arrived)
    );

    let third = clinic.book(1, 0, TEN_MS);
    clinic.meet();
    assert_eq!(clinic.everywhere(third), AppointmentState::Canceled);
    let stands = json!({ "state": "confirmed", "status": "confirmed", "cancel_reason": null, "overlap_reason": "Mother and child come together" });
    clinic.change(1, third, stands);
    clinic.meet();
    assert_eq!(clinic.everywhere(third), AppointmentState::Confirmed);
    for device in 0..3 {
        let kept = clinic.devices[device].vault.get::<Appointment>(third).unwrap().unwrap().value;
        assert_eq!(kept.overlap_reason.as_deref(), Some("Mother and child come together"));
    }
    clinic.quiet();
}

#[test]
fn three_who_booked_apart_come_to_one_verdict_whoever_meets_first() {
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let clinic = Clinic::open();
        let booked = [clinic.book(0, 1, TEN_MS), clinic.book(1, 0, TEN_MS), clinic.book(PATIENT, 0, TEN_MS)];
        for device in order.into_iter().chain(order) {
            clinic.sync(device);
        }
        clinic.meet();
        let states = booked.map(|id| clinic.everywhere(id));
        assert_eq!(
            states,
            [AppointmentState::Confirmed, AppointmentState::Canceled, AppointmentState::Canceled],
            "{order:?}"
        );
        clinic.quiet();
    }
}

#[test]
fn what_is_over_is_left_as_it_was() {
    let clinic = Clinic::open();
    let ids = [clinic.book(0, 1, FOUNDED_MS - HOUR_MS), clinic.book(1, 0, FOUNDED_MS - HOUR_MS)];
    clinic.meet();
    assert_eq!(ids.map(|id| clinic.everywhere(id)), [AppointmentState::Confirmed; 2]);
    let doctor = clinic.devices[0].vault.get::<Appointment>(ids[0]).unwrap().unwrap().value.doctor_id;
    assert_eq!(doctor, Id::new(clinic.devices[0].user));
}
