//! Names for what a number is measured in. They are plain numbers; the name in a signature says the unit.

/// Cycles or samples per second.
pub type Hertz = f64;
/// Seconds.
pub type Seconds = f64;
/// Decibel; where a reference is needed the item says which.
pub type Decibel = f64;
/// Centimetres.
pub type Centimetre = f64;
