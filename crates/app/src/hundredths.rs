//! How far long work of bytes has come, for the window, and whether it is to go on.

use crate::Event;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells how far a work of several rounds is, each time a hundredth more is done, and whether to go on.
pub(crate) struct Hundredths<'a, F: Fn(Event)> {
    task: &'static str,
    rounds: u64,
    stop: &'a AtomicBool,
    tell: F,
    told: Option<u64>,
}

impl<'a, F: Fn(Event)> Hundredths<'a, F> {
    pub(crate) fn new(task: &'static str, rounds: u64, stop: &'a AtomicBool, tell: F) -> Self {
        Hundredths { task, rounds, stop, tell, told: None }
    }

    pub(crate) fn at(&mut self, round: u64, done: u64, total: u64) -> bool {
        let hundredths = (round * 100 + done.min(total) * 100 / total.max(1)) / self.rounds;
        if self.told != Some(hundredths) {
            self.told = Some(hundredths);
            let done = u32::try_from(hundredths).unwrap_or(100);
            (self.tell)(Event::Progress { task: self.task.to_owned(), done, total: 100 });
        }
        !self.stop.load(Ordering::SeqCst)
    }
}
