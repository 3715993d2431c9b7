//! A folder of recordings, one file at a time: memory does not grow with their number, and a stop leaves no half table.

use crate::{
    output::Output,
    table::{self, Table},
};
use app::{
    Problem,
    checks::{Report, Setting, measure_file},
};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    sync::atomic::{AtomicBool, Ordering},
};

/// What a shell expects of a program that was told to stop.
const STOPPED: u8 = 130;
/// What is not read at all: a test recording is smaller.
const BYTES_MAX: u64 = 200 << 20;

/// One file, and what came of it: a report or a reason.
#[derive(Serialize, Deserialize)]
pub struct Line {
    /// Name within the folder.
    pub file: String,
    /// What was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// Why nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

impl Line {
    /// Was it read and found good enough to be measured?
    fn is_judged(&self) -> bool {
        self.report.as_ref().is_some_and(|report| !report.measures.is_empty())
    }
}

/// Measures every file of a folder. Code 0: all could be judged; 4: at least one could not; 130: stopped by Ctrl C.
pub async fn run(folder: PathBuf, setting: Setting, csv: Option<PathBuf>, output: Output) -> Result<ExitCode, Problem> {
    let stop = Arc::new(AtomicBool::new(false));
    let told = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            told.store(true, Ordering::Relaxed);
        }
    });
    let work = tokio::task::spawn_blocking(move || measure_all(&folder, &setting, csv.as_deref(), &output, &stop));
    work.await.map_err(|error| Problem::said("internal", &error))?
}

fn measure_all(
    folder: &Path,
    setting: &Setting,
    csv: Option<&Path>,
    output: &Output,
    stop: &AtomicBool,
) -> Result<ExitCode, Problem> {
    setting.check()?;
    let names = names(folder, csv)?;
    let mut table = csv.map(Table::begin).transpose()?;
    let mut failed = 0;
    for (at, name) in names.iter().enumerate() {
        if stop.load(Ordering::Relaxed) {
            output.progress(&format!("stopped after {at} of {} files; no table was written", names.len()));
            return Ok(ExitCode::from(STOPPED));
        }
        let line = measure(folder, name, setting);
        failed += usize::from(!line.is_judged());
        output.progress(&format!("{}/{} {}", at + 1, names.len(), table::summary(&line)));
        match &mut table {
            Some(table) => table.add(&line)?,
            None if output.is_json() => output.value(&line),
            None => output.text(&table::summary(&line)),
        }
    }
    if let Some(table) = table {
        table.finish()?;
    }
    output.progress(&format!("{} files, {failed} could not be judged", names.len()));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(4) })
}

/// The files of the folder by name: no folders, none that are hidden, not the table that is about to be written.
fn names(folder: &Path, table: Option<&Path>) -> Result<Vec<OsString>, Problem> {
    let failed = |error: std::io::Error| Problem::new("file_not_readable", format!("{}: {error}", folder.display()));
    let own = table.and_then(|path| path.canonicalize().ok());
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (name, path) = (entry.file_name(), entry.path());
        let hidden = name.as_encoded_bytes().starts_with(b".");
        let same = own.is_some() && path.canonicalize().ok() == own;
        // A link that leads nowhere is listed: its row says so.
        let folder = std::fs::metadata(&path).is_ok_and(|about| about.is_dir());
        if !hidden && !same && !folder {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn measure(folder: &Path, name: &OsString, setting: &Setting) -> Line {
    let file = name.to_string_lossy().into_owned();
    match read(&folder.join(name)).and_then(|bytes| measure_file(setting, &bytes)) {
        Ok(report) => Line { file, report: Some(report), problem: None },
        Err(problem) => Line { file, report: None, problem: Some(problem) },
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let failed = |error: std::io::Error| Problem::said("file_not_readable", &error);
    let about = std::fs::metadata(path).map_err(failed)?;
    if !about.is_file() {
        // Opening a pipe would wait for whoever writes into it.
        return Err(Problem::new("file_not_readable", "not a file".to_owned()));
    }
    if about.len() > BYTES_MAX {
        return Err(Problem::new("recording_too_large", format!("{} bytes", about.len())));
    }
    std::fs::read(path).map_err(failed)
}
