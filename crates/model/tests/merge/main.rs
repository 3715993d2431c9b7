//! The laws of the merge, with versions as devices make them and with versions that nobody would.

mod devices;
mod laws;
mod made;
mod reviews;
