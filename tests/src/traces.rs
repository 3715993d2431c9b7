//! Looks for texts that a program should not have left behind, in files and in the memory of processes.

use crate::trouble::{Result, Trouble};
use memchr::memmem::Finder;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// In bytes; what `/proc` counts in on the machines that the tests run on.
const PAGE: usize = 4096;
/// Of an entry of `pagemap`: the page is in memory, or was put out to the disk.
const THERE: u64 = 1 << 63 | 1 << 62;
/// So many pages are read at once.
const AT_ONCE: u64 = 256;

/// A text as programs keep it: in UTF-8, and in UTF-16 as a web view does.
pub struct Traces {
    finders: Vec<Finder<'static>>,
    longest: usize,
}

impl Traces {
    /// Looks for any of these texts.
    pub fn of(texts: &[&str]) -> Traces {
        let utf16 = |text: &&str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let needles: Vec<Vec<u8>> =
            texts.iter().map(|text| text.as_bytes().to_vec()).chain(texts.iter().map(utf16)).collect();
        let longest = needles.iter().map(Vec::len).max().unwrap_or_default();
        Traces { finders: needles.iter().map(|needle| Finder::new(needle).into_owned()).collect(), longest }
    }

    fn are_in(&self, bytes: &[u8]) -> bool {
        self.finders.iter().any(|finder| finder.find(bytes).is_some())
    }

    /// The files under a folder that hold one of the texts, in content or name.
    ///
    /// # Errors
    /// [`Trouble::Io`].
    pub fn in_files(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let (path, kind) = {
                let entry = entry?;
                (entry.path(), entry.file_type()?)
            };
            if kind.is_dir() {
                found.extend(self.in_files(&path)?);
            }
            let content = if kind.is_file() { fs::read(&path)? } else { Vec::new() };
            if self.are_in(&content) || self.are_in(path.to_string_lossy().as_bytes()) {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// The places in the memory of a process, by the names of their mappings, that hold one of the texts.
    ///
    /// # Errors
    /// [`Trouble::Io`] where the process may not be looked into.
    pub fn in_memory(&self, pid: u32) -> Result<Vec<String>> {
        let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
        let (memory, pages) = (File::open(format!("/proc/{pid}/mem"))?, File::open(format!("/proc/{pid}/pagemap"))?);
        let mut found = Vec::new();
        for line in maps.lines().filter(|line| !line.contains("[v")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (range, rights) =
                (words.first().copied().unwrap_or_default(), words.get(1).copied().unwrap_or_default());
            if rights.starts_with('r') && self.are_in_range(&memory, &pages, range)? {
                found.push(format!("{pid} {line}"));
            }
        }
        Ok(found)
    }

    fn are_in_range(&self, memory: &File, pages: &File, range: &str) -> Result<bool> {
        let bound = |text: &str| u64::from_str_radix(text, 16).map_err(|error| Trouble::Input(error.to_string()));
        let (from, to) = range.split_once('-').unwrap_or_default();
        let (first, last) = (bound(from)? / PAGE as u64, bound(to)? / PAGE as u64);
        // What is read, with the end of what was read before it: a text may lie across.
        let mut bytes: Vec<u8> = Vec::new();
        for page in (first..last).step_by(usize::try_from(AT_ONCE).unwrap_or(usize::MAX)) {
            let count = AT_ONCE.min(last - page);
            for at in there(pages, page, count)? {
                let mut content = [0; PAGE];
                // A page may have gone since.
                if memory.read_exact_at(&mut content, at * PAGE as u64).is_ok() {
                    bytes.extend_from_slice(&content);
                }
            }
            if self.are_in(&bytes) {
                return Ok(true);
            }
            bytes.drain(..bytes.len().saturating_sub(self.longest));
        }
        Ok(false)
    }
}

/// Which of so many pages hold anything: a web view reserves far more than it uses.
fn there(pages: &File, first: u64, count: u64) -> Result<Vec<u64>> {
    let mut entries = vec![0; usize::try_from(count * 8).unwrap_or_default()];
    let read = pages.read_at(&mut entries, first * 8)?;
    let entries = entries[..read].chunks_exact(8).map(|entry| u64::from_le_bytes(entry.try_into().unwrap_or_default()));
    Ok((first..).zip(entries).filter(|(_, entry)| entry & THERE != 0).map(|(page, _)| page).collect())
}
