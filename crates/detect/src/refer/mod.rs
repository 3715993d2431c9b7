//! What a measure is compared with: norms of other people, and the person's own enrolment.

mod baseline;
mod tables;

pub(crate) use baseline::matching;
pub use baseline::{Baseline, MIN_DAYS, MIN_SESSIONS, Session};

use serde::{Deserialize, Serialize};

/// Eyes open or closed while standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eyes {
    /// Open, on a mark 1.5 to 3 m away.
    Open,
    /// Closed.
    Closed,
}

impl Eyes {
    /// The other condition.
    pub fn other(self) -> Self {
        match self {
            Self::Open => Self::Closed,
            Self::Closed => Self::Open,
        }
    }
}

/// What the person stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The floor or plate itself.
    Firm,
    /// A foam block.
    Foam,
}

/// What recorded the signal. Baselines never cross from one class to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceClass {
    /// A telephone's own microphone.
    PhoneBuiltin,
    /// A headset on a telephone.
    PhoneHeadset,
    /// A computer's own microphone.
    ComputerBuiltin,
    /// A headset on a computer.
    ComputerHeadset,
    /// A microphone on a stand or table.
    StandMicrophone,
    /// A laboratory force plate.
    ForcePlate,
    /// A consumer balance board.
    BalanceBoard,
    /// Not stated.
    Unknown,
}

/// Age bands of the balance norms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgeBand {
    /// 18 to 59 years.
    Adult,
    /// 60 to 69 years.
    Sixties,
    /// 70 years and over.
    Seventies,
}

impl AgeBand {
    /// The band of an age; none below 18.
    pub fn of(years: u32) -> Option<Self> {
        match years {
            0..18 => None,
            18..60 => Some(Self::Adult),
            60..70 => Some(Self::Sixties),
            70.. => Some(Self::Seventies),
        }
    }
}

/// Sway measures that have a norm and a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwayMeasure {
    /// Area of the 95 % prediction ellipse.
    EllipseArea,
    /// Mean velocity.
    Velocity,
}

/// Vowel measures that have a norm and count in the phonation block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VowelMeasure {
    /// Jitter, five-point quotient.
    JitterPpq5,
    /// Shimmer, eleven-point quotient.
    ShimmerApq11,
    /// Harmonics-to-noise ratio.
    Hnr,
    /// Smoothed cepstral peak prominence.
    Cpps,
    /// Coefficient of variation of F0.
    F0Cv,
}

/// Anything scored: its id in reports, its scale, its sign and how much it varies from day to day.
pub trait Scored: Copy {
    /// Id of the measure in a report.
    fn id(self) -> &'static str;
    /// Scale on which mean and SD are meant.
    fn scale(self) -> Scale;
    /// +1 if larger values are worse, −1 if smaller ones are.
    fn worse(self) -> f64;
}

impl Scored for SwayMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::EllipseArea => "ellipse_area",
            Self::Velocity => "mean_velocity",
        }
    }
    fn scale(self) -> Scale {
        Scale::Ln
    }
    fn worse(self) -> f64 {
        1.0
    }
}

impl VowelMeasure {
    /// All, in the order of a report.
    pub const ALL: [Self; 5] = [Self::JitterPpq5, Self::ShimmerApq11, Self::Hnr, Self::Cpps, Self::F0Cv];

    /// Day-to-day SD before the person's own is known: SD·√(1 − ICC) with the ICC of Park & Stepp 2019; provisional.
    pub fn day_to_day(self) -> f64 {
        match self {
            Self::JitterPpq5 | Self::F0Cv => 0.35,
            Self::ShimmerApq11 => 0.30,
            Self::Hnr => 2.0,
            Self::Cpps => 1.0,
        }
    }
}

impl Scored for VowelMeasure {
    fn id(self) -> &'static str {
        match self {
            Self::JitterPpq5 => "jitter_ppq5",
            Self::ShimmerApq11 => "shimmer_apq11",
            Self::Hnr => "hnr",
            Self::Cpps => "cpps",
            Self::F0Cv => "f0_cv",
        }
    }
    fn scale(self) -> Scale {
        match self {
            Self::Hnr | Self::Cpps => Scale::Linear,
            Self::JitterPpq5 | Self::ShimmerApq11 | Self::F0Cv => Scale::Ln,
        }
    }
    fn worse(self) -> f64 {
        match self {
            Self::Hnr | Self::Cpps => -1.0,
            Self::JitterPpq5 | Self::ShimmerApq11 | Self::F0Cv => 1.0,
        }
    }
}

/// Scale of a mean and SD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The value itself.
    Linear,
    /// Its natural logarithm.
    Ln,
}

impl Scale {
    /// The value on this scale; `None` where it has none.
    pub fn apply(self, value: f64) -> Option<f64> {
        let on_scale = match self {
            Self::Linear => value,
            Self::Ln if value > 0.0 => libm::log(value),
            Self::Ln => return None,
        };
        on_scale.is_finite().then_some(on_scale)
    }
}

/// A row of the balance table, natural logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
struct StanceRow {
    band: AgeBand,
    eyes: Eyes,
    surface: Surface,
    measure: SwayMeasure,
    n: u32,
    mean: f64,
    sd: f64,
    sd_within: f64,
}

/// A row of the vowel table, on the measure's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
struct VowelRow {
    measure: VowelMeasure,
    n: u32,
    mean: f64,
    sd: f64,
}

/// Mean and SD of other people on the measure's scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Norm {
    /// Mean.
    pub mean: f64,
    /// SD of one measurement of one person.
    pub sd: f64,
    /// People behind it.
    pub n: u32,
    /// Where it comes from, as a key of the documentation.
    pub source: &'static str,
    /// Too small or too particular to decide anything.
    pub provisional: bool,
}

/// Norm of a sway measure (force plate, 60 s, public BDS set).
pub fn stance_norm(measure: SwayMeasure, band: AgeBand, eyes: Eyes, surface: Surface) -> Option<Norm> {
    let row = stance_rows(measure, eyes, surface).find(|r| r.band == band)?;
    Some(Norm { mean: row.mean, sd: row.sd, n: row.n, source: "bds-2016", provisional: false })
}

/// Day-to-day SD (ln) of a sway measure: 1.5 times the same-day scatter of the band; of the loosest band where the age is unknown.
pub fn stance_day_to_day(measure: SwayMeasure, band: Option<AgeBand>, eyes: Eyes, surface: Surface) -> f64 {
    let rows = stance_rows(measure, eyes, surface).filter(|r| band.is_none_or(|b| b == r.band));
    1.5 * rows.map(|r| r.sd_within).fold(0.0, f64::max)
}

fn stance_rows(measure: SwayMeasure, eyes: Eyes, surface: Surface) -> impl Iterator<Item = &'static StanceRow> {
    tables::STANCE.iter().filter(move |r| r.measure == measure && r.eyes == eyes && r.surface == surface)
}

/// Norm of a vowel measure (/a/, telephone headset, 16 people: provisional).
pub fn vowel_norm(measure: VowelMeasure) -> Option<Norm> {
    let row = tables::VOWEL.iter().find(|r| r.measure == measure)?;
    Some(Norm { mean: row.mean, sd: row.sd, n: row.n, source: "minsk-2020", provisional: true })
}

/// Share of healthy reference sessions with a norm score at least this high, (1 + k)/(1 + n), and n.
pub fn healthy_share_norm(score: f64) -> (f64, usize) {
    share_at_least(tables::NORM_SCORES, score)
}

/// Share of healthy reference people with an own-baseline score at least this high, (1 + k)/(1 + n), and n.
pub fn healthy_share_own(score: f64) -> (f64, usize) {
    share_at_least(tables::OWN_SCORES, score)
}

fn share_at_least(ascending: &[f64], score: f64) -> (f64, usize) {
    let n = ascending.len();
    let k = n - ascending.partition_point(|v| *v < score);
    ((1 + k) as f64 / (1 + n) as f64, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_condition_of_the_balance_table_is_there() {
        for band in [AgeBand::Adult, AgeBand::Sixties, AgeBand::Seventies] {
            for eyes in [Eyes::Open, Eyes::Closed] {
                for surface in [Surface::Firm, Surface::Foam] {
                    for measure in [SwayMeasure::EllipseArea, SwayMeasure::Velocity] {
                        let norm = stance_norm(measure, band, eyes, surface).unwrap();
                        assert!(norm.sd > 0.1 && norm.n >= 20);
                        assert!(
                            stance_day_to_day(measure, None, eyes, surface)
                                >= stance_day_to_day(measure, Some(band), eyes, surface)
                        );
                    }
                }
            }
        }
        let norm = stance_norm(SwayMeasure::EllipseArea, AgeBand::Adult, Eyes::Closed, Surface::Firm).unwrap();
        assert_eq!((norm.mean, norm.sd, norm.n), (0.81197, 0.72139, 58));
    }

    #[test]
    fn every_vowel_measure_has_a_norm() {
        assert!(VowelMeasure::ALL.iter().all(|m| vowel_norm(*m).is_some_and(|n| n.provisional && n.n == 16)));
    }

    #[test]
    fn healthy_shares_run_from_all_to_almost_none() {
        assert_eq!(healthy_share_norm(-10.0), (1.0, 339));
        assert_eq!(healthy_share_norm(10.0), (1.0 / 340.0, 339));
        // The threshold of the model leaves about one in twenty healthy people above it.
        let share = healthy_share_norm(1.53).0;
        assert!((0.03..0.07).contains(&share), "{share}");
        assert!((0.02..0.09).contains(&healthy_share_own(0.75).0));
    }
}
