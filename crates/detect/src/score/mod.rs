//! Score model v1 (`aidpost-screen 1.0.0`): sums anyone can redo by hand.
//!
//! Voice: 2·A + B + C, positive from 4. A is articulation (syllable repetition), B timing (reading), C phonation (vowel).
//! C alone reaches at most 3: **a vowel by itself can never be positive.**
//! Balance: S against the norm, positive from 1.53; O against the own baseline, positive from 0.75.

mod noise;
#[cfg(test)]
mod tests;

use crate::dsp::stats::normal_cdf;
use crate::refer::{Eyes, Scored, SwayMeasure};
use crate::report::{Basis, Block, HealthyShare, Score, ShareKind};
use noise::Noise;

/// Voice: positive from here.
pub const VOICE_THRESHOLD: f64 = 4.0;
/// Balance, norm score S: positive from here (95th percentile of healthy reference people).
pub const NORM_THRESHOLD: f64 = 1.53;
/// Balance, own score O: positive from here.
pub const OWN_THRESHOLD: f64 = 0.75;
/// Highest confidence where a gate warned, and where a reference is provisional.
pub const WARN_CAP: f64 = 0.8;
/// See [`WARN_CAP`].
pub const PROVISIONAL_CAP: f64 = 0.9;

/// Repeat correlation of S, and the SD of a repeat around its expectation: 0.8285·√(1 − 0.8797²).
const NORM_REPEAT: (f64, f64) = (0.8797, 0.3940);
/// SD of O between repeats on one day.
const OWN_REPEAT: f64 = 0.555;
/// Simulated repeats behind a voice confidence, and their seed.
const DRAWS: u32 = 4096;
const SEED: u64 = 0x6169_6470_6f73_7431;

/// How far one measure lies from its reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// Positive is worse.
    pub z: f64,
    /// What it is against.
    pub basis: Basis,
    /// SD of z between repeats.
    pub repeat_sd: f64,
}

/// Deviations of a voice session by block. An empty block does not count.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Voice {
    /// A: syllable rate and regularity against the own baseline, or the rate alone against the norm.
    pub articulation: Vec<Deviation>,
    /// B: articulation rate and pause ratio against the own baseline.
    pub timing: Vec<Deviation>,
    /// C: jitter, shimmer, HNR, CPPS, F0 variation.
    pub phonation: Vec<Deviation>,
}

impl Voice {
    /// The score; `None` without any block.
    pub fn score(&self) -> Option<Score> {
        let blocks: Vec<Block> = [
            block("A", combined(&self.articulation), 2.0),
            block("B", combined(&self.timing), 1.0),
            block("C", second_largest(&self.phonation), 1.0),
        ]
        .into_iter()
        .flatten()
        .collect();
        let total = blocks.iter().map(|b| b.points).sum();
        (!blocks.is_empty()).then_some(Score { total, threshold: VOICE_THRESHOLD, blocks })
    }

    /// Probability that a repeat gives the same result: share of seeded draws that keep it.
    pub fn confidence(&self, repeats: u32) -> Option<f64> {
        let positive = self.score()?.is_positive();
        let shrink = 1.0 / f64::from(repeats.max(1)).sqrt();
        let mut noise = Noise::seeded(SEED);
        let kept =
            (0..DRAWS).filter(|_| self.moved(shrink, &mut noise).score().is_some_and(|s| s.is_positive() == positive));
        Some(kept.count() as f64 / f64::from(DRAWS))
    }

    /// Probability that a healthy speaker scores at least as high: A and B are standard normal deviations, C the second
    /// largest of k independent ones. `None` without a score.
    pub fn healthy_share(&self) -> Option<HealthyShare> {
        let total = self.score()?.total;
        let single =
            |deviations: &[Deviation], p: f64| if deviations.is_empty() { reach_none(p) } else { 1.0 - normal_cdf(p) };
        let chances = |reach: &dyn Fn(f64) -> f64| [0.0, 1.0, 2.0, 3.0].map(|p| below_next(reach, p));
        let (a, b, c) = (
            chances(&|p| single(&self.articulation, p)),
            chances(&|p| single(&self.timing, p)),
            chances(&|p| if self.phonation.len() < 2 { reach_none(p) } else { two_reach(p, self.phonation.len()) }),
        );
        let mut value = 0.0;
        for (i, a) in a.iter().enumerate() {
            for (j, b) in b.iter().enumerate() {
                let reached = c.iter().enumerate().filter(|(k, _)| (2 * i + j + k) as f64 >= total);
                value += a * b * reached.map(|(_, c)| c).sum::<f64>();
            }
        }
        // The chances of all outcomes add up to 1 but for rounding.
        Some(HealthyShare { value: value.min(1.0), n: None, kind: ShareKind::Model })
    }

    fn moved(&self, shrink: f64, noise: &mut Noise) -> Self {
        let mut block = |deviations: &[Deviation]| {
            let moved = |d: &Deviation| Deviation { z: d.z + d.repeat_sd * shrink * noise.next(), ..*d };
            deviations.iter().map(moved).collect()
        };
        Self { articulation: block(&self.articulation), timing: block(&self.timing), phonation: block(&self.phonation) }
    }
}

/// Whole part of z between 0 and 3.
fn points(z: f64) -> f64 {
    z.floor().clamp(0.0, 3.0)
}

fn block(id: &str, deviation: Option<(f64, Basis)>, weight: f64) -> Option<Block> {
    let (z, basis) = deviation?;
    Some(Block { id: id.to_owned(), z, points: weight * points(z), basis })
}

/// Sum of z over the root of their number: again a standard normal deviation. The weakest basis names it.
fn combined(deviations: &[Deviation]) -> Option<(f64, Basis)> {
    let basis = deviations.iter().map(|d| d.basis).max_by_key(|b| weakness(*b))?;
    let sum: f64 = deviations.iter().map(|d| d.z).sum();
    Some((sum / (deviations.len() as f64).sqrt(), basis))
}

/// The second largest: one odd measure alone says nothing.
fn second_largest(deviations: &[Deviation]) -> Option<(f64, Basis)> {
    let mut sorted = deviations.to_vec();
    sorted.sort_by(|a, b| b.z.total_cmp(&a.z));
    sorted.get(1).map(|d| (d.z, d.basis))
}

fn weakness(basis: Basis) -> u8 {
    match basis {
        Basis::Baseline => 0,
        Basis::Norm => 1,
        Basis::NormProvisional => 2,
    }
}

/// A block that is not there has no points.
fn reach_none(points: f64) -> f64 {
    if points <= 0.0 { 1.0 } else { 0.0 }
}

/// Chance of exactly `points` points, from the chance of reaching them.
fn below_next(reach: &dyn Fn(f64) -> f64, points: f64) -> f64 {
    let at = if points <= 0.0 { 1.0 } else { reach(points) };
    at - if points >= 3.0 { 0.0 } else { reach(points + 1.0) }
}

/// Probability that at least two of `k` standard normal values reach `points` (every total of 0 is reached).
fn two_reach(points: f64, k: usize) -> f64 {
    if points <= 0.0 {
        return 1.0;
    }
    let below = normal_cdf(points);
    let power = |n: usize| (0..n).fold(1.0, |p, _| p * below);
    1.0 - power(k) - k as f64 * power(k.saturating_sub(1)) * (1.0 - below)
}

/// Deviation of one sway measure in one condition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SwayDeviation {
    /// Which measure.
    pub measure: SwayMeasure,
    /// Eyes open or closed.
    pub eyes: Eyes,
    /// Positive is worse.
    pub z: f64,
}

/// S or O: mean over eyes open and closed of (z area + z velocity)/2, so that each of the four z adds a quarter.
/// `None` unless all four are there, once each.
pub fn balance(deviations: &[SwayDeviation], basis: Basis) -> Option<Score> {
    let pairs = [Eyes::Open, Eyes::Closed]
        .into_iter()
        .flat_map(|e| [SwayMeasure::EllipseArea, SwayMeasure::Velocity].map(|m| (e, m)));
    let one = |(eyes, measure)| {
        let d = deviations.iter().find(|d| d.eyes == eyes && d.measure == measure)?;
        let condition = if eyes == Eyes::Open { "eyes_open" } else { "eyes_closed" };
        Some(Block { id: format!("{}_{condition}", measure.id()), z: d.z, points: 0.25 * d.z, basis })
    };
    let blocks = pairs.map(one).collect::<Option<Vec<Block>>>()?;
    let total = blocks.iter().map(|b| b.points).sum();
    let threshold = if basis == Basis::Baseline { OWN_THRESHOLD } else { NORM_THRESHOLD };
    Some(Score { total, threshold, blocks })
}

/// Confidence of a balance result from the scores there are. With both: the larger of those that fired, else the smaller.
pub fn balance_confidence(norm: Option<&Score>, own: Option<&Score>) -> Option<f64> {
    let norm = norm.map(|s| (s.is_positive(), norm_confidence(s.total)));
    let own = own.map(|s| (s.is_positive(), own_confidence(s.total)));
    let both: Vec<(bool, f64)> = norm.into_iter().chain(own).collect();
    let fired = both.iter().filter(|(positive, _)| *positive).map(|(_, c)| *c).reduce(f64::max);
    fired.or_else(|| both.iter().map(|(_, c)| *c).reduce(f64::min))
}

/// Φ((0.8797·S − 1.53)/0.3940) for a positive, one minus it for a normal result.
fn norm_confidence(s: f64) -> f64 {
    let again = normal_cdf((NORM_REPEAT.0 * s - NORM_THRESHOLD) / NORM_REPEAT.1);
    if s >= NORM_THRESHOLD { again } else { 1.0 - again }
}

/// Φ(|O − 0.75|/(0.555·√2)).
fn own_confidence(o: f64) -> f64 {
    normal_cdf((o - OWN_THRESHOLD).abs() / (OWN_REPEAT * std::f64::consts::SQRT_2))
}
