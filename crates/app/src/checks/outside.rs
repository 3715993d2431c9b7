//! Recordings that belong to no chart: measured for a table, kept nowhere.

use super::analysis::{self, Given};
use crate::{Problem, problem::invalid};
use detect::{DeviceClass, Reference, Report, Task};

/// What is known of all the recordings of a table.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// What was asked, as reports name it.
    pub task: String,
    /// What recorded the voices, as an id of device classes; not known if absent.
    pub device: Option<String>,
    /// Age in years: norms of balance go by it.
    pub age: Option<u32>,
    /// Language spoken, BCP 47: syllable rates differ between languages.
    pub language: Option<String>,
    /// Syllables of the text that was read.
    pub syllables: Option<u32>,
}

impl Setting {
    /// Can it be meant?
    ///
    /// # Errors
    /// `invalid_input` for a device or a number of syllables, `invalid_request` for a task.
    pub fn check(&self) -> Result<(), Problem> {
        self.read().map(|_| ())
    }

    fn read(&self) -> Result<(Task, Given), Problem> {
        let given = Given::of(self.device.as_deref(), self.syllables)?;
        Ok((super::task_of(self.task.clone())?, given))
    }
}

/// Measures one recording against the norms; there is no person whose earlier recordings could count.
///
/// # Errors
/// Codes of what could not be read, and those of [`Setting::check`].
pub fn measure_file(setting: &Setting, bytes: &[u8]) -> Result<Report, Problem> {
    let (task, given) = setting.read()?;
    let reference = Reference { age_years: setting.age, language: setting.language.clone(), ..Reference::default() };
    analysis::judged(task, given, bytes, None, &reference)
}

/// A device class that may record a voice, by its id.
///
/// # Errors
/// `invalid_input`.
pub fn device_class(id: &str) -> Result<DeviceClass, Problem> {
    DeviceClass::OF_VOICE.into_iter().find(|class| class.id() == id).ok_or_else(|| invalid("device"))
}
