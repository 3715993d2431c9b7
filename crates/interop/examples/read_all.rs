//! Reads every file under a folder and says what becomes of it: `read_all DIR`. Nothing is written.
#![allow(clippy::print_stdout, reason = "this program's only purpose is to print")]

use interop::fhir::{ChartDraft, Limits, read};
use model::Time;
use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
    time::Instant,
};
use uuid::Uuid;

#[derive(Default)]
struct Totals {
    files: u32,
    taken: u32,
    charts: u32,
    refused: BTreeMap<&'static str, u32>,
    types: BTreeMap<String, [u32; 4]>,
    problems: BTreeMap<&'static str, u32>,
    unbalanced: u32,
}

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let mut files = Vec::new();
    walk(Path::new(&folder), &mut files)?;
    files.sort();
    let mut totals = Totals::default();
    for file in files {
        one(&file, &mut totals)?;
    }
    print(&totals);
    Ok(())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { walk(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

fn one(file: &Path, totals: &mut Totals) -> io::Result<()> {
    let bytes = fs::read(file)?;
    let start = Instant::now();
    totals.files += 1;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match read(&bytes, &Limits::default()) {
        Ok(incoming) => {
            totals.taken += 1;
            let mut mapped = 0;
            for index in 0..incoming.patients.len() {
                if let Ok(draft) = incoming.chart(index, Uuid::from_u128(1), Time::from_ms(0), &name) {
                    mapped += count(&draft, totals);
                }
            }
            let (patients, problems) = (incoming.patients.len(), totals.problems.values().sum::<u32>());
            println!(
                "{name}: {:?}, {patients} patients, {mapped} mapped, {problems} problems so far, {:?}",
                incoming.kind,
                start.elapsed()
            );
        }
        Err(refused) => {
            *totals.refused.entry(refused.code()).or_default() += 1;
            println!("{name}: refused ({}): {refused}", refused.code());
        }
    }
    Ok(())
}

fn count(draft: &ChartDraft, totals: &mut Totals) -> u32 {
    totals.charts += 1;
    let mut mapped = 0;
    for (kind, tally) in &draft.report.types {
        let ignored: u32 = tally.ignored.values().sum();
        totals.unbalanced += u32::from(tally.total != tally.mapped + ignored + tally.kept_in_original);
        let sums = totals.types.entry(kind.clone()).or_default();
        for (sum, value) in sums.iter_mut().zip([tally.total, tally.mapped, ignored, tally.kept_in_original]) {
            *sum += value;
        }
        mapped += tally.mapped;
    }
    for problem in &draft.report.problems {
        *totals.problems.entry(problem.code).or_default() += 1;
        if env::var_os("PROBLEMS").is_some() {
            println!("    {} {}: {}", problem.resource, problem.element, problem.sentence);
        }
    }
    mapped
}

fn print(totals: &Totals) {
    println!(
        "\n{} files, {} taken ({} charts), refused {:?}",
        totals.files, totals.taken, totals.charts, totals.refused
    );
    println!("accounts that do not add up: {}; problems {:?}", totals.unbalanced, totals.problems);
    println!("{:<28}{:>8}{:>8}{:>8}{:>8}", "type", "total", "mapped", "ignored", "kept");
    for (kind, [total, mapped, ignored, kept]) in &totals.types {
        println!("{kind:<28}{total:>8}{mapped:>8}{ignored:>8}{kept:>8}");
    }
}
