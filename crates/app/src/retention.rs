//! Charts that the clinic must keep by law when their person has left: handed over to one custodian under a pseudonym, and destroyed by
//! them when the time is over (security design, 12.8).
//!
//! Removed and the days to think again over → a head administrator hands the chart over → its key is the custodian's alone, and other
//! programs drop what they have of it → the end → the custodian destroys it. Each step is one transaction here; the dropping follows from
//! what is signed and goes on after any interruption.

use crate::{
    Event, Problem, Session, deletion, erasing, names,
    problem::{invalid, not_allowed, not_found},
    session::fields_and_nulls,
    views::*,
};
use model::{Clinic, Map, Patient, Role, Time, User};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use vault::{Find, Kept, Row};

/// Who keeps charts here, which wait to be handed over, and which this person keeps.
pub fn view(session: &Arc<Session>, _: Nothing) -> Result<RetentionView, Problem> {
    let clinic = clinic(session)?;
    let custodian = clinic.as_ref().and_then(|clinic| clinic.custodian).map(|user| user.uuid);
    let may_name = may_name(session)?;
    Ok(RetentionView {
        custodian,
        custodian_name: custodian.and_then(|user| names::of_user(session, user)),
        years: clinic.and_then(|clinic| clinic.retention_years),
        may_name,
        choices: if may_name { choices(session)? } else { Vec::new() },
        waiting: if may_name {
            waiting(session)?.into_iter().map(|(chart, _, name)| WaitingChart { chart, name }).collect()
        } else {
            Vec::new()
        },
        kept: kept(session, custodian)?,
    })
}

fn clinic(session: &Session) -> Result<Option<Clinic>, Problem> {
    Ok(session.vault.get::<Clinic>(session.me.realm)?.map(|row| row.value))
}

fn may_name(session: &Session) -> Result<bool, Problem> {
    Ok(session.me.role == Role::SuperAdmin && !deletion::is_alone(session)?)
}

fn choices(session: &Session) -> Result<Vec<CustodianChoice>, Problem> {
    let staff = session.vault.members()?.into_iter().filter(|member| member.role != Role::Patient);
    let one = |user: Uuid| CustodianChoice { user, name: names::of_user(session, user).unwrap_or_default() };
    Ok(staff.map(|member| one(member.user)).collect())
}

/// Charts of people who asked for their account to end, whose days are over and who were removed: chart, person and name.
fn waiting(session: &Session) -> Result<Vec<(Uuid, Uuid, String)>, Problem> {
    let members: Vec<Uuid> = session.vault.members()?.into_iter().map(|member| member.user).collect();
    let handed: Vec<Uuid> = session.vault.kept_charts()?.into_iter().map(|kept| kept.chart).collect();
    let mut waiting = Vec::new();
    for row in session.vault.list::<User>(&Find::default())?.into_iter().filter(|row| !members.contains(&row.id)) {
        let Some(chart) = row.value.patient_uuid.map(|chart| chart.uuid) else { continue };
        if !handed.contains(&chart) && left(session, &row)? && session.vault.get::<Patient>(chart)?.is_some() {
            waiting.push((chart, row.id, row.value.name));
        }
    }
    Ok(waiting)
}

fn left(session: &Session, row: &Row<User>) -> Result<bool, Problem> {
    let wish = deletion::standing(session, row.id)?;
    Ok(wish.is_some_and(|wish| deletion::stage(&wish.value, session.now()) == DeletionStage::Due))
}

/// Those that this person keeps, what is due first.
fn kept(session: &Session, named: Option<Uuid>) -> Result<Vec<KeptChart>, Problem> {
    let own = session.vault.kept_charts()?.into_iter().filter(|kept| kept.custodian == session.me.user);
    let now = session.now().ms();
    let one = |kept: Kept| KeptChart {
        chart: kept.chart,
        pseudonym: pseudonym(kept.chart),
        until: Time::from_unsigned_ms(kept.until_ms),
        due: !kept.ended && is_due(&kept, now),
        ended: kept.ended,
        moves: !kept.ended && named.is_some_and(|user| user != session.me.user),
    };
    let mut list: Vec<KeptChart> = own.map(one).collect();
    list.sort_by_key(|kept| (kept.ended, kept.until));
    Ok(list)
}

fn is_due(kept: &Kept, now_ms: i64) -> bool {
    u64::try_from(now_ms).is_ok_and(|now| now >= kept.until_ms)
}

/// What stands in the place of a name: the same in every language, and made of the chart's own id.
fn pseudonym(chart: Uuid) -> String {
    format!("#{}", names::of_device(chart))
}

/// Names the clinic's custodian. Charts that were handed over stay with whoever has them until they are handed on.
pub fn set_custodian(session: &Arc<Session>, ask: SetCustodian) -> Result<RetentionView, Problem> {
    if !may_name(session)? {
        return Err(not_allowed());
    }
    let choices = choices(session)?;
    if ask.user.is_some_and(|user| choices.iter().all(|one| one.user != user)) {
        return Err(invalid("custodian"));
    }
    let (realm, values) = (session.me.realm, fields_and_nulls(json!({ "custodian": ask.user })));
    session.write(|w| w.put::<Clinic>(realm, realm, &values))?;
    view(session, Nothing {})
}

/// Hands the chart of somebody who left over to the custodian, or one that this person keeps on to the next. In one transaction the
/// pseudonym takes the name's place, the chart gets a key that the custodian alone holds, and until when it is kept is signed.
pub fn hand_over(session: &Arc<Session>, ask: KeptChartId) -> Result<RetentionView, Problem> {
    let clinic = clinic(session)?.ok_or_else(not_found)?;
    let custodian = clinic.custodian.ok_or_else(|| Problem::new("custodian_needed", None))?.uuid;
    match session.vault.kept_charts()?.into_iter().find(|kept| kept.chart == ask.chart && !kept.ended) {
        Some(kept) => hand_on(session, &kept, custodian)?,
        None => hand_first(session, ask.chart, custodian, clinic.retention_years)?,
    }
    clear(session)?;
    view(session, Nothing {})
}

fn hand_on(session: &Session, kept: &Kept, custodian: Uuid) -> Result<(), Problem> {
    if kept.custodian != session.me.user || custodian == session.me.user {
        return Err(not_allowed());
    }
    session.write(|w| w.retain_chart(kept.chart, kept.person, custodian, kept.until_ms))
}

fn hand_first(session: &Session, chart: Uuid, custodian: Uuid, years: Option<u32>) -> Result<(), Problem> {
    if !may_name(session)? {
        return Err(not_allowed());
    }
    let years = years.ok_or_else(|| Problem::new("retention_needed", None))?;
    let (_, person, _) = waiting(session)?.into_iter().find(|one| one.0 == chart).ok_or_else(not_found)?;
    let until = erasing::kept_until(session.now(), years);
    let (patient, entry) = (without_identity(chart), without_account(chart));
    session.write(|w| {
        w.put::<Patient>(chart, chart, &patient)?;
        w.put::<User>(person, session.me.realm, &entry)?;
        w.retain_chart(chart, person, custodian, u64::try_from(until.ms()).unwrap_or(0))
    })
}

/// Of the front page: name, contacts and what shows or sounds like the person. Day of birth, sex and number belong to the record.
fn without_identity(chart: Uuid) -> Map {
    fields_and_nulls(json!({
        "name": pseudonym(chart), "address": null, "phone": null, "email": null, "photo": null, "voice_sample": null,
        "emergency_contacts": [],
    }))
}

fn without_account(chart: Uuid) -> Map {
    fields_and_nulls(json!({
        "name": pseudonym(chart), "email": null, "mobile_number": null, "confirmed_email": null, "confirmed_number": null,
        "is_active": false,
    }))
}

/// Destroys a chart whose time is over: signed, and then dropped here and on every other device.
pub fn destroy(session: &Arc<Session>, ask: KeptChartId) -> Result<RetentionView, Problem> {
    let kept = own(session, ask.chart)?;
    if kept.ended || !is_due(&kept, session.now().ms()) {
        return Err(not_allowed());
    }
    session.write(|w| w.end_chart(ask.chart))?;
    clear(session)?;
    view(session, Nothing {})
}

/// The certificate of a chart that was destroyed. It can be made again at any time: that the chart is over stays signed in the realm.
pub fn certificate(session: &Arc<Session>, ask: KeptChartId) -> Result<ErasureView, Problem> {
    let kept = own(session, ask.chart)?;
    match kept.ended {
        true => erasing::of_chart(session, &kept),
        false => Err(not_allowed()),
    }
}

fn own(session: &Session, chart: Uuid) -> Result<Kept, Problem> {
    let own = |kept: &Kept| kept.chart == chart && kept.custodian == session.me.user;
    session.vault.kept_charts()?.into_iter().find(own).ok_or_else(not_found)
}

/// Refuses to let somebody go who keeps charts: nobody could read or destroy them any more.
pub(crate) fn refuse_custodian(session: &Session, user: Uuid) -> Result<(), Problem> {
    match session.vault.kept_charts()?.iter().any(|kept| kept.custodian == user && !kept.ended) {
        true => Err(Problem::new("keeps_charts", None)),
        false => Ok(()),
    }
}

/// Drops what is left of charts that are closed to this person.
pub(crate) fn clear(session: &Session) -> Result<(), Problem> {
    let cleared = session.vault.clear_closed(session.clock.now_ms())?;
    if cleared.asks_again {
        session.engine.wake();
    }
    if !cleared.gone.is_empty() {
        let collections = vec!["patients".to_owned(), "users".to_owned()];
        session.ring(Event::Changed { collections, ids: cleared.gone, from_remote: true });
    }
    Ok(())
}
