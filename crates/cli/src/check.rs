//! `aidpost check`: one recording against a chart, or a folder of recordings into a table.

use crate::{batch, file_name, output::Output, read, steps::Person};
use app::{Problem, checks::Setting};
use clap::{Args, ValueEnum};
use std::{path::PathBuf, process::ExitCode};

/// What `check` is told.
#[derive(Args)]
pub struct Check {
    /// What was recorded.
    kind: CheckKind,
    /// A recording of a voice (WAV, FLAC, MP3, OGG, M4A), or a CSV file of a stance: of a plate, or of an accelerometer. Of a
    /// folder, every file in it is measured, without a chart and without keeping anything.
    path: PathBuf,
    /// What was said: a held vowel, syllables, or a text.
    #[arg(long, value_enum, default_value_t = VoiceTask::Vowel)]
    task: VoiceTask,
    /// The stance was with the eyes closed.
    #[arg(long)]
    eyes_closed: bool,
    /// What recorded the voice: computer-headset, computer-builtin, phone-headset, phone-builtin, stand-microphone or unknown.
    #[arg(long)]
    device: Option<String>,
    /// Syllables of the text that was read.
    #[arg(long)]
    syllables: Option<u32>,
    /// The chart; only of a single recording.
    #[arg(long)]
    patient: Option<String>,
    /// Enter it into the chart.
    #[arg(long, requires = "patient")]
    yes: bool,
    /// Age of the people in a folder, years: norms of balance go by it.
    #[arg(long, conflicts_with = "patient")]
    age: Option<u32>,
    /// Language of the people in a folder, such as en: norms of syllables go by it.
    #[arg(long, conflicts_with = "patient")]
    language: Option<String>,
    /// Writes the table of a folder: one row per file, all measures with their units.
    #[arg(long, conflicts_with = "patient")]
    csv: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum CheckKind {
    Voice,
    Balance,
}

#[derive(Clone, Copy, ValueEnum)]
enum VoiceTask {
    Vowel,
    Syllables,
    Reading,
}

impl Check {
    /// Is it a folder of recordings? That needs no vault.
    pub fn is_folder(&self) -> bool {
        self.path.is_dir()
    }

    /// The name that reports have for what was asked.
    fn task(&self) -> &'static str {
        match (self.kind, self.task, self.eyes_closed) {
            (CheckKind::Voice, VoiceTask::Vowel, _) => "vowel",
            (CheckKind::Voice, VoiceTask::Syllables, _) => "ddk_pataka",
            (CheckKind::Voice, VoiceTask::Reading, _) => "reading",
            (CheckKind::Balance, _, false) => "stance_eyes_open",
            (CheckKind::Balance, _, true) => "stance_eyes_closed",
        }
    }

    /// Measures one recording; with `--yes` it is entered into the chart. Code 4: it could not be judged.
    pub async fn one(&self, person: &Person, output: &Output) -> Result<ExitCode, Problem> {
        let needed = || Problem::new("patient_needed", "name the chart with --patient".to_owned());
        let patient = self.patient.as_deref().ok_or_else(needed)?;
        let ask = serde_json::json!({
            "patient": patient, "task": self.task(), "file_name": file_name(&self.path), "device": self.device, "syllables": self.syllables,
        });
        let draft = person.analyse(ask, read(&self.path)?).await?;
        let judged = draft.view.quality_verdict != "reject";
        if self.yes {
            output.value(&person.keep_check(&draft).await?);
        } else {
            output.value(&draft.view);
        }
        Ok(if judged { ExitCode::SUCCESS } else { ExitCode::from(4) })
    }

    /// Measures every file of the folder.
    pub async fn folder(&self, output: &Output) -> Result<ExitCode, Problem> {
        if self.patient.is_some() {
            return Err(Problem::new("folder_has_no_chart", "a folder is measured without a chart".to_owned()));
        }
        let setting = Setting {
            task: self.task().to_owned(),
            device: self.device.clone(),
            age: self.age,
            language: self.language.clone(),
            syllables: self.syllables,
        };
        batch::run(self.path.clone(), setting, self.csv.clone(), output.clone()).await
    }
}
