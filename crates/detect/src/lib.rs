//! Voice and balance: samples in, measures, quality and score out; pure.
pub mod units;
mod dsp;
pub mod voice;
