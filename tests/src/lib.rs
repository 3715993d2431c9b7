//! What the tests across rooms need: worlds to play in, and hands to play with.
//!
//! - [`realm`]: three devices of a clinic, with real vaults
//! - [`desk`]: one person at work without a window
//! - [`hosting`]: a clinic with a link host beside its database · [`wire`]: HTTP by hand · [`seen`]: what it answers
//! - [`figures`]: what benches measure with
//! - [`inputs`]: real samples, and made files that are wrong in one way each
//! - [`traces`]: texts that a program left in files or in memory
//! - [`microphone`]: a microphone that hears what a test gives it
//! - [`window`]: the real window, pressed and read by names
//! - [`trouble`]: why a story did not go on

pub mod desk;
pub mod figures;
pub mod hosting;
pub mod inputs;
pub mod microphone;
pub mod realm;
pub mod seen;
pub mod traces;
pub mod trouble;
pub mod window;
pub mod wire;
