//! The engine: outbox to MongoDB to vault. Moves sealed parcels and has no key.
