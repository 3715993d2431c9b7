//! From resources to drafts: one file per kind, each a pure function from a resource's content to a model value.

mod absent;
mod allergy;
mod blood;
mod condition;
mod contact;
mod document;
mod dosage;
mod medication;
mod observation;
pub(crate) mod patient;

pub(crate) use allergy::allergy;
pub(crate) use condition::{Condition, condition};
pub(crate) use contact::contacts;
pub(crate) use document::{WRITTEN_ENTRY, described, record};
pub(crate) use medication::{described as medicine, medication};
pub(crate) use observation::measured;

use super::{
    codes, derive,
    draft::{Answers, ChartDraft},
    entry::Entry,
    incoming::{Incoming, Owner},
    json::{Notes, codings, list, word},
    link::Links,
    report::{Fate, Ignored, Report},
};
use absent::Statement;
use model::{Asked, Id, Origin, Patient, Time};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};
use uuid::Uuid;

/// What a mapping may look at besides its own resource.
pub(crate) struct Around<'i> {
    pub entries: &'i [Entry],
    pub links: &'i Links,
    /// Places of resources that were looked up: what they say was taken.
    pub used: RefCell<BTreeSet<usize>>,
}

impl<'i> Around<'i> {
    /// Of a file.
    pub fn new(entries: &'i [Entry], links: &'i Links) -> Self {
        Around { entries, links, used: RefCell::default() }
    }

    /// The content at an address of the file.
    pub fn at(&self, address: &str) -> Option<&'i Value> {
        self.use_place(self.links.at(address)?)
    }

    fn use_place(&self, place: usize) -> Option<&'i Value> {
        self.used.borrow_mut().insert(place);
        self.entries.get(place).map(|entry| &entry.value)
    }

    /// The content of what a reference names: in the file, or contained in the resource itself.
    pub fn find<'v>(&self, of: &'v Value, reference: &Value) -> Option<&'v Value>
    where
        'i: 'v,
    {
        match word(reference, "reference").and_then(|address| address.strip_prefix('#')) {
            Some(local) => list(of, "contained").iter().find(|inner| word(inner, "id") == Some(local)),
            None => self.use_place(self.links.find(reference)?),
        }
    }

    /// The name of whom a reference names, else the words that stand with it.
    pub fn name(&self, of: &Value, reference: &Value) -> Option<String> {
        let found = self.find(of, reference).and_then(|found| self.own_name(found));
        found.or_else(|| word(reference, "display").map(str::to_owned))
    }

    fn own_name(&self, found: &Value) -> Option<String> {
        match word(found, "resourceType")? {
            // One step only: a role whose practitioner is a role again could go round in circles.
            "PractitionerRole" => self.find(found, found.get("practitioner")?).and_then(patient::name),
            "Device" => list(found, "deviceName").iter().find_map(|name| word(name, "name")).map(str::to_owned),
            "Organization" => word(found, "name").map(str::to_owned),
            _ => patient::name(found),
        }
    }
}

/// The name of whom a reference of the file names.
pub(crate) fn name_of(reference: &Value, entries: &[Entry], links: &Links) -> Option<String> {
    Around::new(entries, links).name(&Value::Null, reference)
}

/// The state of one import.
pub(crate) struct Taking<'i> {
    incoming: &'i Incoming,
    around: Around<'i>,
    chart: Uuid,
    at: Time,
    source: &'i str,
    draft: ChartDraft,
    /// Ids given out, so that two resources with one identifier do not become one.
    given: BTreeSet<Uuid>,
    statements: BTreeMap<&'static str, Asked>,
    asked_at: Option<Time>,
    bodies: Vec<(Uuid, model::Observation)>,
    /// Height and weight without a date, by code.
    undated: BTreeMap<&'static str, f64>,
    blood: blood::Found,
}

/// Maps one patient of the file.
pub(crate) fn chart(incoming: &Incoming, index: usize, chart: Uuid, at: Time, source: &str) -> ChartDraft {
    let around = Around::new(&incoming.entries, &incoming.links);
    let mut taking = Taking {
        incoming,
        around,
        chart,
        at,
        source,
        draft: empty(),
        given: BTreeSet::new(),
        statements: BTreeMap::new(),
        asked_at: None,
        bodies: Vec::new(),
        undated: BTreeMap::new(),
        blood: blood::Found::default(),
    };
    taking.draft.report.add(incoming.problems.iter().cloned());
    let fates: Vec<Fate> = (0..incoming.entries.len()).map(|place| taking.take(place, index)).collect();
    taking.finish(&fates);
    taking.draft
}

impl Taking<'_> {
    fn take(&mut self, place: usize, index: usize) -> Fate {
        let entry = &self.incoming.entries[place];
        if self.incoming.patients[index].place == place {
            return self.front_page(place);
        }
        let mut notes = Notes::new(entry.label(place));
        let fate = match self.incoming.owners[place] {
            _ if entry.value.is_null() => Fate::Kept,
            Owner::Patient(owner) if owner != index => Fate::Ignored(Ignored::OtherPatient),
            Owner::Patient(_) if entry.kind == "Patient" => Fate::Ignored(Ignored::Duplicate),
            Owner::Stranger => {
                notes.say(
                    "subject",
                    "stranger",
                    "It speaks of somebody who is not in the file. It is only in the original file.",
                );
                Fate::Ignored(Ignored::Stranger)
            }
            Owner::Nobody if self.incoming.patients.len() > 1 && is_personal(&entry.kind) => {
                notes.say(
                    "subject",
                    "missing",
                    "It does not say which of the patients it is about. It is only in the original file.",
                );
                Fate::Ignored(Ignored::Stranger)
            }
            _ => self.map(entry, &mut notes),
        };
        self.draft.report.add(notes.problems);
        fate
    }

    fn map(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        if is_personal(&entry.kind) && !list(&entry.value, "modifierExtension").is_empty() {
            notes.say(
                "modifierExtension",
                "modifier",
                "It carries a modifier that is not understood. It is only in the original file.",
            );
            return Fate::Ignored(Ignored::Modifier);
        }
        match entry.kind.as_str() {
            "Condition" => self.condition(entry, notes),
            "AllergyIntolerance" => self.allergy(entry, notes),
            "MedicationRequest" | "MedicationStatement" => self.medication(entry, notes),
            "Observation" => self.observation(entry, notes),
            "DocumentReference" | "DiagnosticReport" | "Media" => self.record(entry, notes),
            "RelatedPerson" => self.related_person(entry, notes),
            "Composition" => self.composition(entry),
            _ => Fate::Kept,
        }
    }

    fn front_page(&mut self, place: usize) -> Fate {
        let entry = &self.incoming.entries[place];
        let mut notes = Notes::new(entry.label(place));
        let origin = self.origin(entry, true);
        let mine = patient::front_page(&entry.value, origin, &mut notes);
        let others = std::mem::replace(&mut self.draft.patient, mine);
        self.draft.patient.emergency_contacts = contacts(&entry.value, self.chart, &mut notes);
        // Lists that resources before the Patient have begun.
        for contact in others.emergency_contacts {
            contact::add(&mut self.draft.patient.emergency_contacts, contact);
        }
        self.draft.patient.allergies = others.allergies;
        self.draft.patient.chronic_conditions = others.chronic_conditions;
        self.draft.patient.medical_history = others.medical_history;
        self.draft.patient_identifiers = patient::identifiers(&entry.value);
        self.draft.photo = document::photo(&entry.value, self.chart, &mut notes);
        self.asked_at = self.asked_at.or_else(|| patient::allergies_asked_at(&entry.value));
        self.draft.report.add(notes.problems);
        Fate::Mapped
    }

    fn condition(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        if let Some(statement) = entry.value.get("code").and_then(absent::statement) {
            return self.statement(statement, "problems");
        }
        let taken = condition(&entry.value, notes);
        match taken {
            Ok(Condition::Chronic(mut chronic)) => {
                chronic.id = self.id(entry);
                chronic.origin = Some(self.origin(entry, false));
                self.draft.patient.chronic_conditions.push(chronic);
            }
            Ok(Condition::History(mut history)) => {
                history.id = self.id(entry);
                history.origin = Some(self.origin(entry, false));
                self.draft.patient.medical_history.push(history);
            }
            Err(why) => return Fate::Ignored(why),
        }
        Fate::Mapped
    }

    fn allergy(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        if let Some(statement) = entry.value.get("code").and_then(absent::statement) {
            if statement != Statement::Partly {
                self.asked_at = self.asked_at.or_else(|| Time::parse(word(&entry.value, "recordedDate")?));
            }
            return self.statement(statement, "allergies");
        }
        match allergy(&entry.value, notes) {
            Ok(mut allergy) => {
                allergy.id = self.id(entry);
                allergy.origin = Some(self.origin(entry, false));
                self.draft.patient.allergies.push(allergy);
                Fate::Mapped
            }
            Err(why) => Fate::Ignored(why),
        }
    }

    fn statement(&mut self, statement: Statement, about: &'static str) -> Fate {
        if let Statement::Whole(asked) = statement {
            self.statements.entry(about).or_insert(asked);
        }
        Fate::Ignored(Ignored::AbsentStatement)
    }

    fn medication(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        let concept = medication::concept_of(&entry.value, &self.around);
        if let Some(statement) = concept.and_then(absent::statement) {
            return self.statement(statement, "medications");
        }
        match medication(&entry.value, &self.around, notes) {
            Ok(mut medication) => {
                medication.patient_id = Id::new(self.chart);
                medication.origin = Some(self.origin(entry, false));
                let id = self.id(entry);
                self.draft.medications.push((id, medication));
                Fate::Mapped
            }
            Err(why) => Fate::Ignored(why),
        }
    }

    fn observation(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        if let Some(fate) = self.blood.look(&entry.value, notes) {
            return fate;
        }
        let values = match measured(&entry.value, notes) {
            Ok(None) => return Fate::Kept,
            Ok(Some(values)) => values,
            Err(why) => return Fate::Ignored(why),
        };
        let resource = self.id(entry);
        let origin = self.origin(entry, false);
        let panel = (values.len() > 1).then_some(resource);
        for value in values {
            let Some(at) = value.at else {
                self.undated.insert(value.code, value.value);
                continue;
            };
            let id = panel.map_or(resource, |panel| self.component_id(panel, &value));
            self.bodies.push((id, value.of(at, Id::new(self.chart), panel, origin.clone())));
        }
        Fate::Mapped
    }

    /// The id of one number of a panel, and the one that it had here once.
    fn component_id(&mut self, panel: Uuid, value: &observation::Measured) -> Uuid {
        let of = |panel: Uuid| derive::id(self.chart, "component", &format!("{panel}#{}", value.code));
        let (id, own) = (of(panel), self.draft.own_ids.get(&panel).copied().map(of));
        if let Some(own) = value.own.or(own) {
            self.draft.own_ids.insert(id, own);
        }
        id
    }

    fn record(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        let id = self.id_unclaimed(entry);
        match record(&entry.value, id, &self.around, notes) {
            Ok(None) => Fate::Kept,
            Ok(Some(mut draft)) => {
                draft.record.patient_id = Id::new(self.chart);
                draft.record.origin = Some(self.origin(entry, true));
                let id = self.id(entry);
                self.draft.records.push((id, draft));
                Fate::Mapped
            }
            Err(why) => Fate::Ignored(why),
        }
    }

    fn related_person(&mut self, entry: &Entry, notes: &mut Notes) -> Fate {
        if !contact::is_contact(&entry.value) {
            return Fate::Kept;
        }
        if contact::is_full(&self.draft.patient.emergency_contacts, notes) {
            return Fate::Ignored(Ignored::Unusable);
        }
        let Some(contact) = contact::contact(&entry.value, self.chart, notes) else {
            return Fate::Ignored(Ignored::Unusable);
        };
        contact::add(&mut self.draft.patient.emergency_contacts, contact);
        Fate::Mapped
    }

    fn composition(&mut self, entry: &Entry) -> Fate {
        for section in list(&entry.value, "section") {
            let Some((about, asked)) = absent::section(section) else { continue };
            self.statements.entry(about).or_insert(asked);
        }
        Fate::Mapped
    }

    /// What can only be said once everything has been seen.
    fn finish(&mut self, fates: &[Fate]) {
        let used = self.around.used.take();
        for (place, fate) in fates.iter().enumerate() {
            let fate = if *fate == Fate::Kept && used.contains(&place) { &Fate::Mapped } else { fate };
            self.draft.report.count(&self.incoming.entries[place].kind, *fate);
        }
        self.vital_signs();
        self.answers();
        let (group, problem) = std::mem::take(&mut self.blood).settle();
        self.draft.patient.blood_group = group;
        self.draft.report.add(problem);
    }

    fn vital_signs(&mut self) {
        let bodies = std::mem::take(&mut self.bodies);
        let has = |code: &str| self.undated.contains_key(code) || bodies.iter().any(|(_, value)| value.code == code);
        let computed = has(codes::HEIGHT) && has(codes::WEIGHT);
        for (id, value) in bodies {
            if computed && value.code == codes::BMI {
                self.draft.report.was_computed("Observation");
            } else {
                self.draft.observations.push((id, value));
            }
        }
        self.draft.patient.bmi = observation::newest_body(&self.draft.observations, &self.undated);
    }

    fn answers(&mut self) {
        let listed = !self.draft.patient.allergies.is_empty();
        let stated = self.statements.get("allergies").copied();
        if listed && stated == Some(Asked::NoneKnown) {
            let mut notes = Notes::new("AllergyIntolerance");
            notes.say(
                "code",
                "contradiction",
                "The file lists allergies and also says that there are none. The list was taken.",
            );
            self.draft.report.add(notes.problems);
        }
        let patient = &mut self.draft.patient;
        patient.allergies_asked = if listed { Some(Asked::Some) } else { stated };
        patient.allergies_asked_at = patient.allergies_asked.and(self.asked_at);
        let of = |about: &str| self.statements.get(about).copied();
        self.draft.answers = Answers { problems: of("problems"), medications: of("medications") };
    }

    fn origin(&self, entry: &Entry, has_files: bool) -> Origin {
        let resource = if has_files { document::without_data(&entry.text) } else { entry.text.clone() };
        Origin {
            source: self.source.to_owned(),
            taken_in_at: self.at,
            identifier: Some(key(entry)),
            resource: Some(resource),
        }
    }

    fn id_unclaimed(&self, entry: &Entry) -> Uuid {
        let id = derive::id(self.chart, &entry.kind, &key(entry));
        if !self.given.contains(&id) {
            return id;
        }
        derive::id(self.chart, &entry.kind, &derive::sha256(entry.text.as_bytes()))
    }

    /// The id of what becomes of a resource, and the id that it had here once, if this program exported it.
    fn id(&mut self, entry: &Entry) -> Uuid {
        let id = self.id_unclaimed(entry);
        self.given.insert(id);
        if let Some(own) = own_id(&entry.value) {
            self.draft.own_ids.insert(id, own);
        }
        id
    }
}

fn empty() -> ChartDraft {
    ChartDraft {
        patient: patient::blank(),
        patient_identifiers: Vec::new(),
        photo: None,
        medications: Vec::new(),
        observations: Vec::new(),
        records: Vec::new(),
        answers: Answers::default(),
        own_ids: BTreeMap::new(),
        report: Report::default(),
    }
}

/// Kinds that mean nothing without knowing whom they are about.
fn is_personal(kind: &str) -> bool {
    matches!(
        kind,
        "Condition"
            | "AllergyIntolerance"
            | "MedicationRequest"
            | "MedicationStatement"
            | "Observation"
            | "DocumentReference"
            | "DiagnosticReport"
            | "Media"
            | "RelatedPerson"
    )
}

/// What a resource is recognised by: a sender's identifier, else its id there, else its address, else its very text.
fn key(entry: &Entry) -> String {
    let foreign = |identifier: &&Value| !word(identifier, "system").is_some_and(codes::is_own);
    let pair = |identifier: &Value| Some(format!("{}|{}", word(identifier, "system")?, word(identifier, "value")?));
    let identifiers = list(&entry.value, "identifier");
    let identifier = identifiers.iter().filter(foreign).find_map(pair).or_else(|| identifiers.iter().find_map(pair));
    let by_id = || entry.id.as_ref().map(|id| format!("{}/{id}", entry.kind));
    let by_url = || entry.full_url.clone();
    identifier.or_else(by_id).or_else(by_url).unwrap_or_else(|| derive::sha256(entry.text.as_bytes()))
}

/// The id under which an earlier export of this program wrote the document.
fn own_id(of: &Value) -> Option<Uuid> {
    let own = |identifier: &&Value| word(identifier, "system").is_some_and(codes::is_own);
    list(of, "identifier").iter().filter(own).find_map(|identifier| Uuid::try_parse(word(identifier, "value")?).ok())
}

/// The status code of a concept like `clinicalStatus`; plain text is read too, as older versions had it.
fn status<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    let value = of.get(name)?;
    value.as_str().or_else(|| codings(value).next().map(|(_, code)| code))
}

impl Report {
    /// Moves one mapped resource to "computed".
    fn was_computed(&mut self, kind: &str) {
        if let Some(tally) = self.types.get_mut(kind) {
            tally.mapped = tally.mapped.saturating_sub(1);
            *tally.ignored.entry(Ignored::Computed).or_default() += 1;
        }
    }
}

/// A front page that says nothing.
pub(crate) fn blank_patient() -> Patient {
    patient::blank()
}
