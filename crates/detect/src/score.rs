//! Score model v1 (`aidpost-screen 1.0.0`): sums anyone can redo by hand.
//!
//! Voice: 2·A + B + C, positive from 4. A is articulation (syllable repetition), B timing (reading), C phonation (vowel).
//! C alone reaches at most 3: **a vowel by itself can never be positive.**
//! Balance: S against the norm, positive from 1.53; O against the own baseline, positive from 0.75.

use crate::dsp::stats::normal_cdf;
use crate::refer::{Eyes, Scored, SwayMeasure};
use crate::report::{Basis, Block, HealthyShare, Score, ShareKind};
use std::f64::consts::PI;

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
        let mut noise = Noise { state: SEED };
        let kept =
            (0..DRAWS).filter(|_| self.moved(shrink, &mut noise).score().is_some_and(|s| s.is_positive() == positive));
        Some(kept.count() as f64 / f64::from(DRAWS))
    }

    /// Probability that a healthy speaker scores at least as high, from the phonation block alone: the chance that the
    /// second largest of k independent standard normal deviations reaches the points. `None` where other blocks count.
    pub fn healthy_share(&self) -> Option<HealthyShare> {
        let score = self.score()?;
        let alone = self.articulation.is_empty() && self.timing.is_empty();
        alone.then(|| HealthyShare {
            value: two_reach(score.total, self.phonation.len()),
            n: None,
            kind: ShareKind::Model,
        })
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

/// Standard normal numbers, the same on every machine and in every run (SplitMix64 and Box–Muller).
struct Noise {
    state: u64,
}

impl Noise {
    fn next(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        (-2.0 * libm::log(u)).sqrt() * libm::cos(2.0 * PI * v)
    }

    /// Between 0 and 1, both excluded.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0) + (0.5 / 9_007_199_254_740_992.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviations(zs: &[f64], basis: Basis) -> Vec<Deviation> {
        zs.iter().map(|z| Deviation { z: *z, basis, repeat_sd: 0.5 }).collect()
    }

    fn four(z: f64) -> Vec<SwayDeviation> {
        let all = [
            (SwayMeasure::EllipseArea, Eyes::Open),
            (SwayMeasure::Velocity, Eyes::Open),
            (SwayMeasure::EllipseArea, Eyes::Closed),
            (SwayMeasure::Velocity, Eyes::Closed),
        ];
        all.map(|(measure, eyes)| SwayDeviation { measure, eyes, z }).to_vec()
    }

    #[test]
    fn a_vowel_alone_can_never_be_positive() {
        let voice = Voice { phonation: deviations(&[50.0; 5], Basis::Norm), ..Voice::default() };
        let score = voice.score().unwrap();
        assert_eq!(score.total, 3.0);
        assert!(!score.is_positive());
        assert_eq!(voice.confidence(1), Some(1.0));
    }

    #[test]
    fn phonation_counts_its_second_largest() {
        let voice = |zs: &[f64]| Voice { phonation: deviations(zs, Basis::Norm), ..Voice::default() };
        assert_eq!(voice(&[9.0, 1.2, 0.3]).score().unwrap().total, 1.0);
        assert_eq!(voice(&[9.0]).score(), None);
        assert_eq!(voice(&[-2.0, -1.0]).score().unwrap().total, 0.0);
    }

    #[test]
    fn slow_syllables_alone_decide_and_timing_alone_does_not() {
        let a = Voice { articulation: deviations(&[2.1], Basis::Norm), ..Voice::default() };
        assert_eq!((a.score().unwrap().total, a.score().unwrap().is_positive()), (4.0, true));
        let both = Voice { articulation: deviations(&[1.5, 1.4], Basis::Baseline), ..Voice::default() };
        assert!((both.score().unwrap().blocks[0].z - 2.9 / 2f64.sqrt()).abs() < 1e-12);
        let b = Voice { timing: deviations(&[9.0, 9.0], Basis::Baseline), ..Voice::default() };
        assert!(!b.score().unwrap().is_positive());
        assert_eq!(Voice::default().score(), None);
    }

    #[test]
    fn confidence_falls_near_the_threshold_and_repeats_exactly() {
        let voice = |z| Voice { articulation: deviations(&[z], Basis::Norm), ..Voice::default() };
        let (near, far) = (voice(2.05).confidence(1).unwrap(), voice(3.5).confidence(1).unwrap());
        assert!((0.5..0.6).contains(&near) && far > 0.99, "{near} {far}");
        assert_eq!(voice(2.05).confidence(1), Some(near));
        assert!(voice(2.5).confidence(4) > voice(2.5).confidence(1));
    }

    #[test]
    fn the_healthy_share_of_a_vowel_is_the_chance_of_two_high_measures() {
        let voice = Voice { phonation: deviations(&[1.5, 1.5, 0.0, 0.0, 0.0], Basis::Norm), ..Voice::default() };
        // 1 − Φ(1)^5 − 5·Φ(1)^4·(1 − Φ(1)), Φ(1) = 0.8413447.
        assert!((voice.healthy_share().unwrap().value - 0.180_945_075).abs() < 1e-9);
        let none = Voice { phonation: deviations(&[0.0; 5], Basis::Norm), ..Voice::default() };
        assert_eq!(none.healthy_share().unwrap().value, 1.0);
    }

    #[test]
    fn the_balance_score_is_the_mean_of_four_and_its_parts_add_up() {
        let score = balance(&four(1.6), Basis::Norm).unwrap();
        assert!(score.is_positive() && (score.total - 1.6).abs() < 1e-12);
        assert!((score.blocks.iter().map(|b| b.points).sum::<f64>() - score.total).abs() < 1e-12);
        assert!(!balance(&four(1.5), Basis::Norm).unwrap().is_positive());
        assert!(balance(&four(0.8), Basis::Baseline).unwrap().is_positive());
        assert_eq!(balance(&four(1.0)[..3], Basis::Norm), None);
    }

    #[test]
    fn balance_confidence_follows_its_formula() {
        let s = balance(&four(0.0), Basis::Norm).unwrap();
        assert!((balance_confidence(Some(&s), None).unwrap() - normal_cdf(1.53 / 0.394)).abs() < 1e-12);
        let o = balance(&four(2.0), Basis::Baseline).unwrap();
        let fired = normal_cdf(1.25 / (0.555 * 2f64.sqrt()));
        assert!((balance_confidence(Some(&s), Some(&o)).unwrap() - fired).abs() < 1e-12);
        let quiet = balance(&four(0.0), Basis::Baseline).unwrap();
        assert!(balance_confidence(Some(&s), Some(&quiet)).unwrap() < 0.9);
        assert_eq!(balance_confidence(None, None), None);
    }
}
