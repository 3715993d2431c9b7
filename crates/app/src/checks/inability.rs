//! A task that could not be done: kept as an attempt, and a sign by itself where it is new.

use super::{detection, enter, task_of, view};
use crate::{Problem, Session, problem::invalid, views::*};
use detect::{DeviceClass, Inability, could_not_do as report};
use model::Patient;
use std::sync::Arc;

/// Keeps the attempt. No arithmetic is done: what is new is positive by protocol, what was so before has no result.
pub fn could_not_do(session: &Arc<Session>, ask: CouldNotDo) -> Result<CheckView, Problem> {
    let row = session.need::<Patient>(ask.patient)?;
    let task = task_of(ask.task)?;
    let named = |reason: &Inability| reason.code() == ask.reason && reason.fits(task);
    let reason = Inability::ALL.into_iter().find(named).ok_or_else(|| invalid("reason"))?;
    let report = report(task, reason, ask.is_new, DeviceClass::Unknown);
    let id = enter(session, detection(session, ask.patient, &report, row.value.user_id, ask.notes), None)?;
    view(session, ById { id })
}
