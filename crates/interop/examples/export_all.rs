//! Takes in every bundle of a folder and writes both kinds of export into another: `export_all FROM TO`. For validators.

use interop::fhir::{Author, ChartView, Choice, Form, Limits, What, bundle, read};
use model::Time;
use std::{env, fs, io, path::Path};
use uuid::Uuid;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [from, to] = arguments.as_slice() else {
        return Err(io::Error::other("two folders are needed: where to read and where to write"));
    };
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_file() {
            export(&path, Path::new(to))?;
        }
    }
    Ok(())
}

fn export(file: &Path, to: &Path) -> io::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let Ok(incoming) = read(&fs::read(file)?, &Limits::default()) else { return Ok(()) };
    let (chart_id, at) = (Uuid::from_u128(1), Time::from_ms(1_773_400_000_000));
    let Ok(draft) = incoming.chart(0, chart_id, at, &name) else { return Ok(()) };
    let view = ChartView {
        chart_id,
        patient: &draft.patient,
        medications: &draft.medications,
        observations: &draft.observations,
        records: &[],
    };
    for (form, word) in [(Form::Collection, "collection"), (Form::Summary, "summary")] {
        let choice = Choice { form, what: What::Everything, answers: draft.answers };
        let text = bundle(&view, &choice, at, Author::Program { version: env!("CARGO_PKG_VERSION") });
        fs::write(to.join(format!("{name}.{word}.json")), text)?;
    }
    Ok(())
}
