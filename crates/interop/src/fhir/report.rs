//! What became of every resource of a file.

use std::collections::BTreeMap;

/// The account of one import. For every type: `total = mapped + ignored + kept_in_original`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// By resource type.
    pub types: BTreeMap<String, Tally>,
    /// Elements that were left out, in the order of the file; at most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
    /// Problems beyond that number.
    pub more_problems: u32,
}

/// Problems that are listed one by one; the rest is counted, so that a hostile file cannot fill the memory.
pub const MOST_PROBLEMS: usize = 1_000;

/// How many resources of one type there were, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// In the file.
    pub total: u32,
    /// Became part of the draft.
    pub mapped: u32,
    /// Deliberately not taken, by reason.
    pub ignored: BTreeMap<Ignored, u32>,
    /// Of a kind that has no place in the model yet: only in the original file.
    pub kept_in_original: u32,
}

/// Why a resource was deliberately not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ignored {
    /// Its author marked it as entered in error.
    EnteredInError,
    /// Its author found that it is not so.
    Refuted,
    /// It never took place: cancelled.
    Cancelled,
    /// No longer so, and the model has no place for what is over.
    Resolved,
    /// An order not to do something.
    DoNotPerform,
    /// It carries a modifier that is not understood, so that its meaning is not certain.
    Modifier,
    /// It speaks of another patient of the file.
    OtherPatient,
    /// It speaks of somebody who is not in the file.
    Stranger,
    /// The same resource a second time.
    Duplicate,
    /// It states that there is nothing to list; the statement itself was taken where the model has a place for it.
    AbsentStatement,
    /// It is computed from values that are here.
    Computed,
    /// It has no value, name or file to take; a problem says which element is missing.
    Unusable,
}

impl Ignored {
    /// Stable word for screens.
    pub fn code(self) -> &'static str {
        match self {
            Ignored::EnteredInError => "entered_in_error",
            Ignored::Refuted => "refuted",
            Ignored::Cancelled => "cancelled",
            Ignored::Resolved => "resolved",
            Ignored::DoNotPerform => "do_not_perform",
            Ignored::Modifier => "modifier",
            Ignored::OtherPatient => "other_patient",
            Ignored::Stranger => "stranger",
            Ignored::Duplicate => "duplicate",
            Ignored::AbsentStatement => "absent_statement",
            Ignored::Computed => "computed",
            Ignored::Unusable => "unusable",
        }
    }
}

/// An element that was left out or needs a person's eye.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `Condition/17`, or the type and its place in the file.
    pub resource: String,
    /// Path of the element: `onsetDateTime`.
    pub element: String,
    /// Stable word: `date`, `unit`, `kind`, `missing` …
    pub code: &'static str,
    /// What is wrong and what was done, without words of the file beyond codes and units.
    pub sentence: String,
}

/// What became of one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Mapped,
    Ignored(Ignored),
    Kept,
}

impl Report {
    pub(crate) fn count(&mut self, kind: &str, fate: Fate) {
        let tally = self.types.entry(kind.to_owned()).or_default();
        tally.total += 1;
        match fate {
            Fate::Mapped => tally.mapped += 1,
            Fate::Ignored(why) => *tally.ignored.entry(why).or_default() += 1,
            Fate::Kept => tally.kept_in_original += 1,
        }
    }

    pub(crate) fn add(&mut self, problems: impl IntoIterator<Item = Problem>) {
        for problem in problems {
            if self.problems.len() < MOST_PROBLEMS {
                self.problems.push(problem);
            } else {
                self.more_problems = self.more_problems.saturating_add(1);
            }
        }
    }

    /// The types of which something is only in the original file, with how many.
    pub fn only_in_original(&self) -> Vec<(&str, u32)> {
        let kept = self.types.iter().filter(|(_, tally)| tally.kept_in_original > 0);
        kept.map(|(kind, tally)| (kind.as_str(), tally.kept_in_original)).collect()
    }
}
