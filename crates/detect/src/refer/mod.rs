//! What a measure is compared with: norms of other people, and the person's own enrolment.

mod baseline;
mod scored;
mod tables;

pub(crate) use baseline::matching;
pub use baseline::{Baseline, MIN_DAYS, MIN_SESSIONS, Session};
pub use scored::{
    DdkMeasure, ReadingMeasure, RombergMeasure, Scale, Scored, SwayMeasure, TrunkMeasure, VowelMeasure, followed,
};

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

impl DeviceClass {
    /// What may record a voice, in the order in which it is offered.
    pub const OF_VOICE: [Self; 6] = [
        Self::ComputerHeadset,
        Self::ComputerBuiltin,
        Self::PhoneHeadset,
        Self::PhoneBuiltin,
        Self::StandMicrophone,
        Self::Unknown,
    ];

    /// Its id in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::PhoneBuiltin => "phone-builtin",
            Self::PhoneHeadset => "phone-headset",
            Self::ComputerBuiltin => "computer-builtin",
            Self::ComputerHeadset => "computer-headset",
            Self::StandMicrophone => "stand-microphone",
            Self::ForcePlate => "force-plate",
            Self::BalanceBoard => "balance-board",
            Self::TrunkAccelerometer => "trunk-accelerometer",
            Self::Unknown => "unknown",
        }
    }
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
    /// An accelerometer, such as a telephone's, in a belt at the small of the back.
    TrunkAccelerometer,
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

/// A row of the table of Romberg quotients, natural logarithms.
#[derive(Debug, Clone, Copy, PartialEq)]
struct RombergRow {
    band: AgeBand,
    surface: Surface,
    measure: RombergMeasure,
    n: u32,
    mean: f64,
    sd: f64,
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

/// Norm of a Romberg quotient (force plate, 60 s, public BDS set).
pub fn romberg_norm(measure: RombergMeasure, band: AgeBand, surface: Surface) -> Option<Norm> {
    let fits = |r: &&RombergRow| r.measure == measure && r.band == band && r.surface == surface;
    let row = tables::ROMBERG.iter().find(fits)?;
    Some(Norm { mean: row.mean, sd: row.sd, n: row.n, source: "bds-2016", provisional: false })
}

/// Norm of the syllable rate: adults up to 59 years from 141 English speakers in five studies (Icht & Ben-David 2014,
/// J. Commun. Disord. 48:27–37), from 60 years 88 Hebrew speakers (Ben-David & Icht 2017, Int. J. Lang. Commun. Disord. 52:290–302).
pub fn ddk_norm(band: AgeBand) -> Norm {
    match band {
        AgeBand::Adult => Norm { mean: 6.2, sd: 0.8, n: 141, source: "icht-bendavid-2014", provisional: false },
        AgeBand::Sixties | AgeBand::Seventies => {
            Norm { mean: 5.07, sd: 1.16, n: 88, source: "bendavid-icht-2017", provisional: false }
        }
    }
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
    fn a_device_class_has_one_id() {
        for class in DeviceClass::OF_VOICE.into_iter().chain([DeviceClass::ForcePlate, DeviceClass::BalanceBoard]) {
            assert_eq!(serde_json::to_string(&class).unwrap(), format!("\"{}\"", class.id()));
        }
        assert_eq!(serde_json::to_string(&DeviceClass::TrunkAccelerometer).unwrap(), "\"trunk-accelerometer\"");
    }

    #[test]
    fn every_condition_of_the_balance_table_is_there() {
        for band in [AgeBand::Adult, AgeBand::Sixties, AgeBand::Seventies] {
            for eyes in [Eyes::Open, Eyes::Closed] {
                for surface in [Surface::Firm, Surface::Foam] {
                    for measure in SwayMeasure::ALL {
                        let norm = stance_norm(measure, band, eyes, surface).unwrap();
                        assert!(norm.sd > 0.1 && norm.n >= 20, "{measure:?}");
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
    fn quotients_and_syllable_rates_have_their_norms() {
        for surface in [Surface::Firm, Surface::Foam] {
            for measure in [RombergMeasure::Area, RombergMeasure::Velocity] {
                assert!(romberg_norm(measure, AgeBand::Seventies, surface).is_some_and(|n| n.sd > 0.05 && n.n > 15));
            }
        }
        assert_eq!((ddk_norm(AgeBand::Adult).mean, ddk_norm(AgeBand::Sixties).mean), (6.2, 5.07));
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
