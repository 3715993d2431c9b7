//! The whole of trust between several devices, without a vault.

mod enrolment;
mod every_bit;
mod journals;
mod order;
mod removals;
mod scopes;
mod statements;
mod tamper;
mod world;
