//! Balance: from the path of the centre of pressure to measures of sway.
//!
//! Axes: ML (medio-lateral) to the right, AP (antero-posterior) forward; centimetres and seconds.

pub mod accel;
pub mod clean;
pub mod cop;
pub mod diffusion;
pub mod spectral;

use crate::units::{Centimetre, Hertz, Seconds};

/// A trial as delivered: stamps and positions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// Time stamps, ascending.
    pub t: Vec<Seconds>,
    /// Sideways position.
    pub ml: Vec<Centimetre>,
    /// Forward position.
    pub ap: Vec<Centimetre>,
}

/// A trial on an even time base, its mean removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Cop {
    /// Samples per second.
    pub rate: Hertz,
    /// Sideways deviation from the mean.
    pub ml: Vec<Centimetre>,
    /// Forward deviation from the mean.
    pub ap: Vec<Centimetre>,
}

impl Cop {
    /// First to last sample.
    pub fn duration(&self) -> Seconds {
        self.ml.len().saturating_sub(1) as f64 / self.rate
    }
}
