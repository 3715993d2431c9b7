//! Charts that the clinic must keep when their person has left.

use model::Time;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

/// Who keeps such charts, and which there are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RetentionView {
    /// The clinic's custodian; null while nobody is named.
    pub custodian: Option<Uuid>,
    /// Their name.
    pub custodian_name: Option<String>,
    /// Years for which charts must be kept; null while nobody has said so.
    pub years: Option<u32>,
    /// May whoever is at work name the custodian and hand charts over?
    pub may_name: bool,
    /// Who can be named; empty for those who may not.
    pub choices: Vec<CustodianChoice>,
    /// Charts of people who left that still lie with the care team; empty for those who may not hand them over.
    pub waiting: Vec<WaitingChart>,
    /// Charts that whoever is at work keeps, or kept.
    pub kept: Vec<KeptChart>,
}

/// Somebody who can be named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CustodianChoice {
    /// The account.
    pub user: Uuid,
    /// Name.
    pub name: String,
}

/// The chart of somebody who left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WaitingChart {
    /// The chart.
    pub chart: Uuid,
    /// Name of the person, until it is handed over.
    pub name: String,
}

/// A chart that is kept by one alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct KeptChart {
    /// The chart.
    pub chart: Uuid,
    /// What stands in the place of a name.
    pub pseudonym: String,
    /// Until when it must be kept.
    pub until: Time,
    /// Is that time over, so that it is to be destroyed?
    pub due: bool,
    /// Was it destroyed?
    pub ended: bool,
    /// Is another custodian named, to whom it can be handed on?
    pub moves: bool,
}

/// Names the custodian.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetCustodian {
    /// Whom; null for nobody.
    pub user: Option<Uuid>,
}

/// Names a chart that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeptChartId {
    /// The chart.
    pub chart: Uuid,
}
