//! What can be wrong with a file or a signal handed in.

use thiserror::Error;

/// Why a file could not be read or a signal not be measured. The text says what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum Error {
    /// More bytes than a test recording can have.
    #[error("the file has {bytes} bytes, more than the {limit} allowed: export a single test only")]
    TooLarge {
        /// Size found.
        bytes: usize,
        /// Size allowed.
        limit: usize,
    },
    /// No bytes, or no data rows or samples.
    #[error("the file holds no data: check that the recording was exported completely")]
    Empty,
    /// Not a RIFF WAVE file.
    #[error("this is not a WAV file ({reason}): export the recording as WAV")]
    NotWav {
        /// What the reader stumbled over.
        reason: String,
    },
    /// The file ends before the length its header states.
    #[error("the WAV file is cut off after {frames} of {stated} sample frames: copy it again from the recorder")]
    Truncated {
        /// Whole frames found.
        frames: usize,
        /// Frames the header promises.
        stated: usize,
    },
    /// A sample format other than 8, 16, 24 or 32-bit integer or 32-bit float.
    #[error("WAV samples of {bits} bits are not supported: export 16 or 24-bit PCM")]
    SampleFormat {
        /// Bits per sample.
        bits: u16,
    },
    /// A sampling rate outside 1 to 192 kHz.
    #[error("a sampling rate of {rate} Hz is not supported: record at 44100 or 48000 Hz")]
    SampleRate {
        /// Rate found.
        rate: u32,
    },
    /// No channels, or more than can be meant.
    #[error("{channels} channels are not supported: export one or two")]
    Channels {
        /// Channels found.
        channels: u16,
    },
    /// A table without a heading for a needed column.
    #[error("no column for {column} was found in the heading: name one {example}")]
    MissingColumn {
        /// What is missing.
        column: &'static str,
        /// A heading that would do.
        example: &'static str,
    },
    /// A named column that the heading does not have.
    #[error("the heading has no column {name:?}: choose one of the columns of the file")]
    UnknownColumn {
        /// The name asked for.
        name: String,
    },
    /// Two headings for the same thing.
    #[error("more than one column for {column} was found in the heading: keep one")]
    DuplicateColumn {
        /// What is there twice.
        column: &'static str,
    },
    /// A heading without a unit; guessing millimetres for centimetres would make sway ten times larger.
    #[error("the column {name:?} states no unit: add one, such as {example}")]
    MissingUnit {
        /// The heading.
        name: String,
        /// A heading that would do.
        example: &'static str,
    },
    /// A cell that is not a finite number.
    #[error("row {row}: the value for {column} is not a number: correct or remove the row")]
    NotANumber {
        /// Line in the file, from 1.
        row: usize,
        /// Which column.
        column: &'static str,
    },
    /// A row with too few cells.
    #[error("row {row} has only {cells} cells: correct or remove the row")]
    ShortRow {
        /// Line in the file, from 1.
        row: usize,
        /// Cells found.
        cells: usize,
    },
    /// A time not after the one before.
    #[error("row {row}: the time does not increase: sort the rows by time and remove repeats")]
    TimeNotIncreasing {
        /// Line in the file, from 1; for signals handed over directly, the sample, from 1.
        row: usize,
    },
    /// More rows than a trial can have.
    #[error("the table has more than {limit} rows: export a single trial only")]
    TooManyRows {
        /// Rows allowed.
        limit: usize,
    },
    /// A signal with NaN or infinite values.
    #[error("{count} samples are not finite numbers: record again")]
    NotFinite {
        /// How many.
        count: usize,
    },
    /// Time, sideways and forward columns of different length.
    #[error("the time, sideways and forward signals differ in length: export them from one trial")]
    LengthMismatch,
    /// Too few samples for any measure.
    #[error("only {samples} samples: record for longer")]
    TooShort {
        /// Samples found.
        samples: usize,
    },
}

impl Error {
    /// The stable word for this error; screens branch on it.
    pub fn code(&self) -> &'static str {
        match self {
            Error::TooLarge { .. } => "recording_too_large",
            Error::Empty => "recording_empty",
            Error::NotWav { .. } => "recording_not_wav",
            Error::Truncated { .. } => "recording_truncated",
            Error::SampleFormat { .. } => "recording_sample_format",
            Error::SampleRate { .. } => "recording_sample_rate",
            Error::Channels { .. } => "recording_channels",
            Error::MissingColumn { .. } => "recording_missing_column",
            Error::UnknownColumn { .. } => "recording_unknown_column",
            Error::DuplicateColumn { .. } => "recording_duplicate_column",
            Error::MissingUnit { .. } => "recording_missing_unit",
            Error::NotANumber { .. } => "recording_not_a_number",
            Error::ShortRow { .. } => "recording_short_row",
            Error::TimeNotIncreasing { .. } => "recording_time_not_increasing",
            Error::TooManyRows { .. } => "recording_too_many_rows",
            Error::NotFinite { .. } => "recording_not_finite",
            Error::LengthMismatch => "recording_length_mismatch",
            Error::TooShort { .. } => "recording_too_short",
        }
    }
}
