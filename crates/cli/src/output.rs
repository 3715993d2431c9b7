//! What goes to standard output and standard error. Nothing else prints.

use app::Problem;
use serde::Serialize;
use std::{io::Write, process::ExitCode};

/// Where answers go.
#[derive(Clone)]
pub struct Output {
    json: bool,
}

impl Output {
    /// Plain, or as JSON.
    pub fn new(json: bool) -> Self {
        Output { json }
    }

    /// Is JSON asked for?
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// An answer: one line of JSON, or indented for people.
    pub fn value<T: Serialize>(&self, value: &T) {
        let written = if self.json { serde_json::to_string(value) } else { serde_json::to_string_pretty(value) };
        match written {
            Ok(text) => self.text(&text),
            Err(error) => tracing::error!(%error, "the answer could not be written"),
        }
    }

    /// A sentence.
    pub fn text(&self, words: &str) {
        // A closed pipe (`| head`) is the reader's wish, not a failure.
        let _ = writeln!(std::io::stdout(), "{words}");
    }

    /// How far a long work is; not part of its answer.
    pub fn progress(&self, words: &str) {
        let _ = writeln!(std::io::stderr(), "{words}");
    }

    /// What went wrong.
    pub fn fail(&self, problem: &Problem) -> ExitCode {
        let words = match serde_json::to_string(problem) {
            Ok(text) if self.json => text,
            _ => format!("aidpost: {problem}"),
        };
        let _ = writeln!(std::io::stderr(), "{words}");
        ExitCode::FAILURE
    }
}
