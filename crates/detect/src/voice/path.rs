//! The way through the candidates of all frames that costs least.

use super::pitch::{Frame, Settings};
use crate::units::Hertz;

/// Cheapest way through the candidates (Viterbi). Returns F0 (0 = unvoiced) and strength per frame.
pub(super) fn best(frames: &[Frame], settings: &Settings) -> (Vec<Hertz>, Vec<f64>) {
    let scale = 0.01 / settings.step;
    let (jump, change) = (settings.octave_jump * scale, settings.voiced_unvoiced * scale);
    let cost = |a: f64, b: f64| match (a > 0.0, b > 0.0) {
        (false, false) => 0.0,
        (true, true) => jump * (a - b).abs(),
        _ => change,
    };
    let states: Vec<Vec<State>> = frames.iter().map(|f| State::of(f, settings)).collect();
    let mut value: Vec<f64> = Vec::new();
    let mut from: Vec<Vec<usize>> = Vec::with_capacity(frames.len());
    for (t, now) in states.iter().enumerate() {
        let before = t.checked_sub(1).map(|p| &states[p]);
        let (next, back) = now.iter().map(|s| best_step(s, before, &value, cost)).unzip();
        value = next;
        from.push(back);
    }
    trace_back(&states, &value, &from)
}

/// Best predecessor of a state: (value so far with this state, index of the predecessor).
fn best_step(
    state: &State,
    before: Option<&Vec<State>>,
    value: &[f64],
    cost: impl Fn(f64, f64) -> f64,
) -> (f64, usize) {
    let Some(before) = before else {
        return (state.gain, 0);
    };
    let (mut best, mut index) = (f64::NEG_INFINITY, 0);
    for (j, (v, p)) in value.iter().zip(before).enumerate() {
        let total = v - cost(p.octaves, state.octaves);
        if total > best {
            (best, index) = (total, j);
        }
    }
    (best + state.gain, index)
}

fn trace_back(states: &[Vec<State>], value: &[f64], from: &[Vec<usize>]) -> (Vec<Hertz>, Vec<f64>) {
    let mut at = (0..value.len()).fold(0, |b, i| if value[i] > value[b] { i } else { b });
    let (mut f0, mut strength) = (vec![0.0; states.len()], vec![0.0; states.len()]);
    for t in (0..states.len()).rev() {
        let state = &states[t][at];
        (f0[t], strength[t]) = (state.frequency, state.strength);
        at = from[t][at];
    }
    (f0, strength)
}

/// A candidate as the path sees it.
#[derive(Debug, Clone, Copy)]
struct State {
    frequency: Hertz,
    strength: f64,
    /// log2 of the frequency in hertz; 0 marks unvoiced (no pitch lies at 1 Hz).
    octaves: f64,
    gain: f64,
}

impl State {
    /// The unvoiced state first, then the candidates not above the ceiling.
    fn of(frame: &Frame, settings: &Settings) -> Vec<Self> {
        let quiet = 2.0 - frame.intensity * (1.0 + settings.voicing) / settings.silence;
        let unvoiced = Self { frequency: 0.0, strength: 0.0, octaves: 0.0, gain: settings.voicing + quiet.max(0.0) };
        let voiced = frame.candidates.iter().filter(|c| c.frequency < settings.ceiling).map(|c| {
            let octaves = libm::log2(c.frequency);
            let gain = c.strength - settings.octave * (libm::log2(settings.ceiling) - octaves);
            Self { frequency: c.frequency, strength: c.strength, octaves, gain }
        });
        std::iter::once(unvoiced).chain(voiced).collect()
    }
}
