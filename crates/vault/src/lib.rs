//! The encrypted local database: rows, history, outbox, journal, blobs, search.

pub mod trust;
