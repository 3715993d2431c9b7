//! The headless shell.
