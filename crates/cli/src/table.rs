//! The table of a batch: CSV, written beside its place and put there whole.

use crate::batch::Line;
use app::{Problem, checks::Report};
use std::{
    io::{BufRead, BufReader, BufWriter, Seek, Write},
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// The columns before the measures.
const HEAD: [&str; 10] = [
    "file",
    "task",
    "status",
    "result",
    "reason",
    "quality",
    "quality_codes",
    "confidence [1]",
    "duration [s]",
    "model_version",
];
/// A spreadsheet takes a cell that begins so for a formula; the full-width forms too.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Rows wait in a file until all columns are known: what is in memory does not grow with their number.
pub struct Table {
    place: PathBuf,
    rows: BufWriter<NamedTempFile>,
    /// Measures in the order in which they were first met, with their units.
    columns: Vec<(String, Option<String>)>,
}

impl Table {
    /// Makes sure that there is a place to write to, before anything is measured.
    pub fn begin(place: &Path) -> Result<Self, Problem> {
        let rows = BufWriter::new(beside(place)?);
        Ok(Table { place: place.to_owned(), rows, columns: Vec::new() })
    }

    /// Takes one file in.
    pub fn add(&mut self, line: &Line) -> Result<(), Problem> {
        for measure in line.report.iter().flat_map(|report| &report.measures) {
            match self.columns.iter_mut().find(|(id, _)| *id == measure.id) {
                Some((_, unit)) => *unit = unit.take().or_else(|| measure.unit.clone()),
                None => self.columns.push((measure.id.clone(), measure.unit.clone())),
            }
        }
        let text = serde_json::to_string(line).map_err(|error| Problem::said("internal", &error))?;
        writeln!(self.rows, "{text}").map_err(failed)
    }

    /// Writes the table whole, in the place of one that was there.
    pub fn finish(self) -> Result<(), Problem> {
        let mut rows = self.rows.into_inner().map_err(|error| failed(error.into_error()))?;
        rows.rewind().map_err(failed)?;
        let mut out = BufWriter::new(beside(&self.place)?);
        let measures = self.columns.iter().map(|(id, unit)| {
            let unit = unit.as_deref().filter(|unit| !unit.is_empty()).unwrap_or("1");
            text(&format!("{id} [{unit}]"))
        });
        let head = HEAD.iter().map(|name| text(name)).chain(measures);
        write_row(&mut out, head)?;
        for row in BufReader::new(rows).lines() {
            let line: Line =
                serde_json::from_str(&row.map_err(failed)?).map_err(|error| Problem::said("internal", &error))?;
            write_row(&mut out, cells(&line, &self.columns))?;
        }
        let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.place).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

fn beside(place: &Path) -> Result<NamedTempFile, Problem> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    NamedTempFile::new_in(folder).map_err(failed)
}

fn failed(error: std::io::Error) -> Problem {
    Problem::said("file_not_writable", &error)
}

fn write_row(out: &mut impl Write, cells: impl Iterator<Item = String>) -> Result<(), Problem> {
    write!(out, "{}\r\n", cells.collect::<Vec<_>>().join(",")).map_err(failed)
}

fn cells(line: &Line, columns: &[(String, Option<String>)]) -> impl Iterator<Item = String> {
    let report = line.report.as_ref();
    let head = [
        text(&line.file),
        text(&report.map(|r| r.task.id().to_owned()).unwrap_or_default()),
        text(status(line)),
        text(report.map_or("", outcome)),
        text(&reason(line)),
        text(&report.map(|r| word(&r.quality.verdict)).unwrap_or_default()),
        text(&report.map(quality_codes).unwrap_or_default()),
        number(report.and_then(|r| r.confidence_score)),
        number(report.map(|r| r.input.duration_s)),
        text(report.map_or("", |r| r.model_version.as_str())),
    ];
    let value = move |id: &str| report?.measures.iter().find(|measure| measure.id == id)?.value;
    head.into_iter().chain(columns.iter().map(move |(id, _)| number(value(id))))
}

/// A text cell, always quoted; what a spreadsheet would compute is marked as text.
fn text(words: &str) -> String {
    let mark = if words.trim_start_matches(' ').starts_with(FORMULA) { "'" } else { "" };
    format!("\"{mark}{}\"", words.replace('"', "\"\""))
}

/// A number in its shortest form that reads back the same; nothing where there is none.
fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The word by which reports are written.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn status(line: &Line) -> &'static str {
    use app::model::CheckStatus::{Completed, InsufficientQuality, NoReference};
    match line.report.as_ref().map(app::checks::status) {
        None => "not_read",
        Some(Completed) => "completed",
        Some(InsufficientQuality) => "insufficient_quality",
        Some(NoReference) => "no_reference",
    }
}

/// Signs, or nothing unusual: never a diagnosis and never an all-clear.
fn outcome(report: &Report) -> &'static str {
    match app::checks::result(report) {
        Some(app::model::CheckResult::StrokeDetected) => "signs",
        Some(app::model::CheckResult::Normal) => "nothing_unusual",
        None => "",
    }
}

/// Why there is no result: what kept the file from being read, the gates that refused it, or the conditions of the norms.
fn reason(line: &Line) -> String {
    let Some(report) = &line.report else {
        return line.problem.as_ref().map(ToString::to_string).unwrap_or_default();
    };
    if report.result.is_some() {
        return String::new();
    }
    let refused: Vec<&str> = report.quality.reasons().map(|check| check.code.code()).collect();
    if report.measures.is_empty() {
        return refused.join(" ");
    }
    let mut conditions: Vec<&str> = report.measures.iter().filter_map(|m| m.norm_absent.as_deref()).collect();
    conditions.sort_unstable();
    conditions.dedup();
    conditions.join(" ")
}

fn quality_codes(report: &Report) -> String {
    let doubtful = report.quality.checks.iter().filter(|check| word(&check.verdict) != "accept");
    doubtful.map(|check| check.code.code()).collect::<Vec<_>>().join(" ")
}

/// One line for people: the file, how far it came, and why not further. Control characters of a name are not passed on.
pub fn summary(line: &Line) -> String {
    let parts = [line.file.as_str(), status(line), line.report.as_ref().map_or("", outcome), &reason(line)];
    let words: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    words.join("  ").replace(|c: char| c.is_control(), "\u{fffd}")
}
