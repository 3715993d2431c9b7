//! What must be true of every definition.

use model::{
    ALL, Allergy, AllowedMember, Attachment, Availability, BackupCode, ChronicCondition, Class, CollectionDef,
    EmergencyContact, FieldDef, HistoryEntry, Kind, LinkedRecord, Merge, PrescriptionLine, Scope, Sense, TimeOff,
    collections::KEY_COLLECTIONS, def::COMMON, definition,
};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

fn fields() -> impl Iterator<Item = (&'static CollectionDef, &'static FieldDef)> {
    ALL.iter().flat_map(|def| def.fields.iter().map(move |field| (*def, field)))
}

/// `collection.field` of those for which something is wrong.
fn wrong(is_wrong: impl Fn(&CollectionDef, &FieldDef) -> bool) -> Vec<String> {
    let found = fields().filter(|(def, field)| is_wrong(def, field));
    found.map(|(def, field)| format!("{}.{}", def.name, field.name)).collect()
}

const NONE: Vec<String> = Vec::new();

fn is_snake_case(name: &str) -> bool {
    let mut parts = name.split('_');
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && parts
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

#[test]
fn names_are_unique_and_in_snake_case() {
    let collections: BTreeSet<&str> = ALL.iter().map(|def| def.name).chain(KEY_COLLECTIONS.iter().copied()).collect();
    assert_eq!(collections.len(), ALL.len() + KEY_COLLECTIONS.len());
    assert_eq!(collections.into_iter().find(|name| !is_snake_case(name)), None);
    for def in ALL {
        let names: BTreeSet<&str> = def
            .fields
            .iter()
            .map(|field| field.name)
            .chain(["id"])
            .chain(COMMON.iter().map(|field| field.name))
            .collect();
        assert_eq!(
            names.len(),
            def.fields.len() + 1 + COMMON.len(),
            "{}: a name twice, or one that every document has",
            def.name
        );
    }
    assert_eq!(wrong(|_, field| !is_snake_case(field.name)), NONE);
}

#[test]
fn indexes_name_fields() {
    for def in ALL {
        for index in def.indexes {
            assert!(!index.fields.is_empty(), "{}", def.name);
            let missing: Vec<_> = index.fields.iter().filter(|name| def.field(name).is_none()).collect();
            assert_eq!(missing, Vec::<&&str>::new(), "{}", def.name);
            assert_eq!(
                index.fields.iter().collect::<BTreeSet<_>>().len(),
                index.fields.len(),
                "{}: a field twice",
                def.name
            );
        }
    }
}

/// The merge reads one policy for a group, and keeps its stamp under the group's name.
#[test]
fn groups_are_of_one_mind_and_share_no_name() {
    for def in ALL {
        let mut groups: BTreeMap<&str, Vec<&FieldDef>> = BTreeMap::new();
        for field in def.fields {
            groups.entry(field.stamp_key()).or_default().push(field);
        }
        for (key, members) in groups {
            let grouped = members.iter().filter(|field| field.group.is_some()).count();
            assert!(grouped == 0 || grouped == members.len(), "{}: {key} is a field and another's group", def.name);
            assert!(grouped != 1, "{}: {key} is a group of one", def.name);
            assert!(is_snake_case(key), "{}: {key}", def.name);
            let minds: BTreeSet<String> =
                members.iter().map(|field| format!("{:?} {:?}", field.merge, field.sense)).collect();
            assert_eq!(minds.len(), 1, "{}: {key}", def.name);
        }
    }
    let unfit =
        |field: &FieldDef| field.group.is_some() && matches!(field.merge, Merge::Union | Merge::Rise | Merge::Keep);
    assert_eq!(wrong(|_, field| unfit(field)), NONE, "only what the newest stamp decides can be decided together");
    let foreign = |def: &CollectionDef, field: &FieldDef| {
        field.group.is_some_and(|group| def.field(group).is_some_and(|named| named.group != field.group))
    };
    assert_eq!(wrong(foreign), NONE, "a group named as a field outside it");
}

#[test]
fn policies_fit_the_kind_of_value() {
    assert_eq!(wrong(|_, field| field.merge == Merge::Union && field.kind != Kind::List), NONE);
    // As a whole, one writer's list would displace the other's.
    let whole = |def: &CollectionDef, field: &FieldDef| {
        field.kind == Kind::List
            && field.merge != Merge::Union
            && field.merge != Merge::Keep
            && def.class == Class::Mergeable
    };
    assert_eq!(wrong(whole), NONE);
    let ordered = |kind: Kind| matches!(kind, Kind::Bool | Kind::Whole | Kind::Real | Kind::Time | Kind::Id(_));
    assert_eq!(
        wrong(|_, field| field.merge == Merge::Rise && !ordered(field.kind)),
        NONE,
        "what has no order cannot rise"
    );
}

/// Every list that merges element by element, with the TypeScript form of its elements.
fn union_elements() -> BTreeMap<&'static str, String> {
    fn shape<T: TS>() -> String {
        T::inline(&ts_rs::Config::default())
    }
    BTreeMap::from([
        ("patients.allergies", shape::<Allergy>()),
        ("patients.chronic_conditions", shape::<ChronicCondition>()),
        ("patients.medical_history", shape::<HistoryEntry>()),
        ("patients.emergency_contacts", shape::<EmergencyContact>()),
        ("patients.allowed_members", shape::<AllowedMember>()),
        ("doctors.availability", shape::<Availability>()),
        ("doctors.time_off", shape::<TimeOff>()),
        ("two_factor.backup_codes", shape::<BackupCode>()),
        ("medical_records.attachments", shape::<Attachment>()),
        ("teleconsultations.documents", shape::<LinkedRecord>()),
        ("teleconsultations.prescription", shape::<PrescriptionLine>()),
        ("conversations.shared_records", shape::<LinkedRecord>()),
    ])
}

#[test]
fn elements_of_merged_lists_have_an_id() {
    let unions = wrong(|_, field| field.merge == Merge::Union);
    let known = union_elements();
    assert_eq!(unions.iter().map(String::as_str).collect::<BTreeSet<_>>(), known.keys().copied().collect());
    for (list, shape) in known {
        assert!(shape.lines().any(|line| line.trim_start_matches("{ ").starts_with("id: string,")), "{list}: {shape}");
    }
}

#[test]
fn nothing_but_key_material_is_clear() {
    // Keys and certificates have no definition of fields: they travel as signed objects.
    assert_eq!(wrong(|_, field| field.sense == Sense::Clear), NONE);
    assert_eq!(COMMON.iter().filter(|field| field.sense != Sense::Sealed).count(), 0);
    assert_eq!(ALL.iter().filter(|def| def.class == Class::Key).count(), 0);
    let tokens: BTreeSet<String> = wrong(|_, field| field.blind.is_some()).into_iter().collect();
    let allowed = ["patients.patient_number", "users.email", "users.mobile_number"].map(str::to_owned);
    assert_eq!(tokens, BTreeSet::from(allowed), "equality tokens: what stands outside the seal is decided, not added");
    assert_eq!(
        wrong(|_, field| field.blind.is_some() && (field.kind != Kind::Text || field.sense != Sense::Sealed)),
        NONE
    );
}

#[test]
fn what_never_leaves_the_device_says_so_everywhere() {
    for def in ALL {
        assert_eq!(def.key == Scope::Local, def.sync == Scope::Local, "{}", def.name);
    }
    assert_eq!(wrong(|def, field| (field.sense == Sense::Local) != (def.sync == Scope::Local)), NONE);
}

#[test]
fn everything_says_what_it_is() {
    let is_sentence =
        |text: &str| text.ends_with(['.', '?']) && text.matches('`').count().is_multiple_of(2) && text.len() > 3;
    assert_eq!(ALL.iter().find(|def| !is_sentence(def.doc)).map(|def| def.name), None);
    assert_eq!(wrong(|_, field| !is_sentence(field.doc)), NONE);
}

#[test]
fn ids_name_collections() {
    let structs = [
        "User",
        "Patient",
        "Token",
        "Appointment",
        "ShareToken",
        "DoctorNote",
        "AiCharacter",
        "Conversation",
        "any document",
    ];
    assert_eq!(wrong(|_, field| matches!(field.kind, Kind::Id(of) if !structs.contains(&of))), NONE);
}

#[test]
fn the_search_reads_texts() {
    assert_eq!(wrong(|_, field| field.search && field.kind != Kind::Text), NONE);
    for found in [
        "users.name",
        "patients.name",
        "medical_records.title",
        "medical_records.description",
        "doctor_notes.note_text",
    ] {
        assert!(wrong(|_, field| field.search).iter().any(|name| name == found), "{found}");
    }
}

/// Statements that nothing but a new statement follows, and withdrawal: none of their fields changes.
const FIXED_STATEMENTS: &[&str] = &["access_logs", "doctor_notes", "conversation_turns", "amendments"];

/// The fields of the other statements that change after the statement was made: a review, a revocation, a receipt.
const AMENDABLE: &[(&str, &[&str])] = &[
    (
        "medical_records",
        &[
            "source_doctor",
            "document_type",
            "title",
            "date_of_record",
            "description",
            "notes",
            "attachments",
            "is_archived",
            "is_hidden",
        ],
    ),
    ("medications", &["name", "code", "dosage", "status", "started_on", "ended_on", "reason"]),
    (
        "share_tokens",
        &["files", "content_at", "expires_at", "is_revoked", "revoked_at", "is_paused", "max_access_count"],
    ),
    ("detections", &["reviewed_by", "reviewed_at", "review"]),
    ("observations", &["value", "unit", "is_withdrawn"]),
    ("messages", &["read_at"]),
    ("teleconsultations", &["video_link", "documents", "prescription", "ended_at"]),
    ("payments", &["transaction_id", "status", "receipt"]),
    ("reviews", &["rating", "comment"]),
];

/// An amendment cannot touch a field that keeps its first value, so what must change may not be `keep`, and what was
/// signed once and for all must be.
#[test]
fn statements_let_change_what_may_change_and_nothing_else() {
    for def in ALL.iter().filter(|def| def.class == Class::Statement) {
        let open: Vec<&str> =
            def.fields.iter().filter(|field| field.merge != Merge::Keep).map(|field| field.name).collect();
        let said = AMENDABLE.iter().find(|(name, _)| *name == def.name).map(|(_, fields)| fields.to_vec());
        assert_eq!(
            said.is_none(),
            FIXED_STATEMENTS.contains(&def.name),
            "{}: decide whether it may be amended",
            def.name
        );
        assert_eq!(open, said.unwrap_or_default(), "{}", def.name);
    }
}

/// Every collection of the model, and those that came with the vault and the screens.
#[test]
fn every_collection_of_the_model_is_defined() {
    let wanted = [
        "users",
        "patients",
        "doctors",
        "otp_verifications",
        "password_resets",
        "two_factor",
        "oauth_accounts",
        "tokens",
        "account_deletion_requests",
        "medical_records",
        "share_tokens",
        "access_logs",
        "saved_patients",
        "doctor_notes",
        "detections",
        "observations",
        "appointments",
        "busy_times",
        "notifications",
        "messages",
        "teleconsultations",
        "payments",
        "reviews",
        "ai_characters",
        "conversations",
        "conversation_turns",
        "logs",
        "profiling",
        "conflicts",
        "clinics",
        "sending_settings",
        "identity_providers",
        "medications",
        "amendments",
    ];
    assert_eq!(wanted.iter().find(|name| definition(name).is_none()), None);
    let defined: BTreeSet<&str> = ALL.iter().map(|def| def.name).collect();
    assert_eq!(defined, BTreeSet::from(wanted), "a new collection belongs into this list and into the table of scopes");
}

use Class::{Mergeable as M, Statement as S};

/// Class, and whose key closes the envelope: the table of collections and scopes of the security design.
const TABLE: &[(&str, Class, Scope)] = &[
    ("users", M, Scope::Realm),
    ("patients", M, Scope::Chart),
    ("saved_patients", M, Scope::User),
    ("medical_records", S, Scope::Chart),
    ("detections", S, Scope::Chart),
    ("doctor_notes", S, Scope::Chart),
    ("teleconsultations", S, Scope::Chart),
    ("appointments", M, Scope::Chart),
    ("notifications", M, Scope::User),
    ("doctors", M, Scope::Realm),
    ("messages", S, Scope::Chart),
    ("share_tokens", S, Scope::Chart),
    ("access_logs", S, Scope::Chart),
    ("account_deletion_requests", S, Scope::User),
    ("oauth_accounts", M, Scope::User),
    ("two_factor", M, Scope::User),
    ("tokens", M, Scope::User),
    ("otp_verifications", M, Scope::Local),
    ("payments", S, Scope::User),
    ("reviews", S, Scope::Realm),
    ("logs", M, Scope::Realm),
    ("profiling", M, Scope::Realm),
    ("busy_times", M, Scope::Realm),
    ("conflicts", M, Scope::Chart),
];

/// Where a definition is not as the table says, with the reason.
const OTHERWISE: &[(&str, Class, Scope, &str)] = &[
    (
        "account_deletion_requests",
        M,
        Scope::Realm,
        "its author confirms and withdraws it in the days of grace, and readers take it from nobody else; an administrator must read it",
    ),
    (
        "payments",
        S,
        Scope::Chart,
        "staff who hold the chart must read what was paid; the clinic pulls it, the chart's key opens it",
    ),
];

/// Collections that the table does not speak of, with the reason for their class and scope.
const NOT_IN_THE_TABLE: &[(&str, Class, Scope, &str)] = &[
    ("clinics", M, Scope::Realm, "the clinic's name and country are for all its members"),
    ("sending_settings", M, Scope::Realm, "every member's device sends the codes that prove their own address"),
    ("identity_providers", M, Scope::Realm, "kept by admins; every member's device goes to them"),
    ("password_resets", M, Scope::User, "as tokens: about one account"),
    ("medications", S, Scope::Chart, "as prescriptions"),
    ("observations", S, Scope::Chart, "as detections"),
    ("ai_characters", M, Scope::Realm, "kept by admins for all members"),
    ("conversations", M, Scope::User, "one person's own"),
    ("conversation_turns", S, Scope::User, "one person's own, appended and never rewritten"),
    ("amendments", S, Scope::Chart, "as the statement that they amend"),
];

#[test]
fn classes_and_scopes_are_those_of_the_security_design() {
    let otherwise = OTHERWISE.iter().chain(NOT_IN_THE_TABLE);
    let mut expected: BTreeMap<&str, (Class, Scope)> =
        TABLE.iter().map(|(name, class, scope)| (*name, (*class, *scope))).collect();
    for (name, class, scope, reason) in otherwise {
        assert!(!reason.is_empty());
        let before = expected.insert(name, (*class, *scope));
        assert_ne!(before, Some((*class, *scope)), "{name} is as the table says: no reason is needed");
    }
    let found: Vec<_> = ALL.iter().map(|def| (def.name, Some((def.class, def.key)))).collect();
    let wanted: Vec<_> = ALL.iter().map(|def| (def.name, expected.get(def.name).copied())).collect();
    assert_eq!(found, wanted);
}

/// Whoever pulls a document need not hold its key, but whoever holds the key must be among those who pull it.
#[test]
fn whoever_may_read_a_document_pulls_it() {
    let wide = |scope: Scope| match scope {
        Scope::Local => 0,
        Scope::User => 1,
        Scope::Team | Scope::Chart => 2,
        Scope::Realm => 3,
    };
    assert_eq!(ALL.iter().find(|def| wide(def.sync) < wide(def.key)).map(|def| def.name), None);
}
