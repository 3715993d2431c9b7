//! `aidpost`: the headless shell. The same requests as the window, from the command line.
//!
//! Exit codes: 0 done · 1 failed, the sentence is on standard error · 2 the words on the command line are off · 3 both sides
//! differ (`sync verify`) · 4 a recording could not be judged (`check`) · 5 something is wrong with this device (`doctor`) ·
//! 130 stopped by Ctrl C (`check` of a folder).

mod batch;
mod check;
mod demo;
mod output;
mod samples;
mod serve;
mod steps;
mod table;

use app::{App, Options, Problem, SystemClock};
use clap::{Parser, Subcommand};
use output::Output;
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};
use steps::Person;

/// Offline-first clinical records, from the command line.
#[derive(Parser)]
#[command(name = "aidpost", version)]
struct Arguments {
    /// Folder of the vaults.
    #[arg(long, env = "AIDPOST_HOME", global = true)]
    home: Option<PathBuf>,
    /// Which vault, where there are several (see `profiles`).
    #[arg(long, global = true)]
    profile: Option<String>,
    /// A code of the second factor, where it is on: of the app, or a backup code. Good once.
    #[arg(long, env = "AIDPOST_CODE", hide_env_values = true, global = true)]
    code: Option<String>,
    /// Answers as JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Plays the whole thread with two people and three devices in a temporary folder.
    Demo {
        /// Keep the folder, and make two filled profiles in it to click through in the window.
        #[arg(long)]
        keep: Option<PathBuf>,
    },
    /// Lists the vaults in the folder.
    Profiles,
    /// Makes a clinic with its first doctor. The passphrase comes from AIDPOST_PASSPHRASE or standard input.
    MakeClinic {
        /// Name of the clinic.
        clinic: String,
        /// Name of the doctor.
        name: String,
    },
    /// Reads a FHIR R4 file into a chart; without --yes it only says what would happen.
    Import {
        /// The file.
        file: PathBuf,
        /// The chart; a new one if absent.
        #[arg(long)]
        patient: Option<String>,
        /// File it.
        #[arg(long)]
        yes: bool,
    },
    /// Shares all documents of a chart, or the named ones, and prints the link.
    Share {
        /// The chart.
        patient: String,
        /// Documents; all if none is named.
        records: Vec<String>,
        /// What the recipient sees first.
        #[arg(long, default_value = "Shared records")]
        label: String,
        /// How long.
        #[arg(long, default_value_t = 15)]
        minutes: u32,
        /// How many openings.
        #[arg(long, default_value_t = 3)]
        uses: u32,
        /// Served by the realm's link host, so that it works from anywhere.
        #[arg(long)]
        anywhere: bool,
        /// Also writes the QR code as a PNG picture.
        #[arg(long)]
        png: Option<PathBuf>,
    },
    /// Opens a link, or a picture of one, and files it; without --yes it only says what is in it.
    Open {
        /// `shlink:/…`, or the path of a PNG or JPEG picture.
        link: String,
        /// Who is asking; the owner sees it.
        #[arg(long)]
        recipient: String,
        /// Passcode.
        #[arg(long)]
        passcode: Option<String>,
        /// The yes to a host on the local network.
        #[arg(long)]
        local: bool,
        /// Into which chart; a new one if absent.
        #[arg(long)]
        patient: Option<String>,
        /// File it.
        #[arg(long)]
        yes: bool,
    },
    /// Measures a recording, with --yes into a chart; or every recording of a folder, into a table.
    Check(Box<check::Check>),
    /// Reconciles with the remote.
    Sync {
        /// Sets the remote first.
        #[arg(long)]
        remote: Option<String>,
        #[command(subcommand)]
        what: Option<SyncCommand>,
    },
    /// Makes a backup in a folder on this or another disk, opens it in a scratch place and counts it.
    Backup {
        /// The folder.
        folder: PathBuf,
    },
    /// Lists the backups in a folder; with --yes makes a vault of the newest, beside those that are here. No passphrase is asked.
    Restore {
        /// The folder of the backups, or of one.
        folder: PathBuf,
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
    /// Looks through this device: the vault, its files, what waits, the remote, the clock, the backups. Mends what is safe to mend.
    Doctor,
    /// The database's side of the realm.
    Realm {
        #[command(subcommand)]
        what: RealmCommand,
    },
    /// The access log of a chart.
    Access {
        #[command(subcommand)]
        what: AccessCommand,
    },
    /// Serves links until it is stopped: with --public as a link host beside a database, without a vault and without a key; else the
    /// live shares of a vault on the local network.
    Serve(Box<serve::Serve>),
    /// Asks any request by its name, with JSON input.
    Ask {
        /// Name, such as `patients.find`.
        name: String,
        /// Input.
        #[arg(default_value = "{}")]
        input: String,
    },
    /// Writes the TypeScript types of all requests into a folder.
    #[command(hide = true)]
    Bindings {
        /// The folder.
        folder: PathBuf,
    },
    /// Prints the data dictionary.
    #[command(hide = true)]
    Dictionary,
}

#[derive(Subcommand)]
enum SyncCommand {
    /// Compares both sides by name.
    Verify,
}

#[derive(Subcommand)]
enum AccessCommand {
    /// Checks a saved access log by itself: no vault, no passphrase. The realm that it prints is to be compared with what the clinic says.
    Verify {
        /// The file.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum RealmCommand {
    /// Prints the script that sets the database up with roles that may do no more than a device needs; with --apply, does it,
    /// and prints for each device an address with a login of its own. An administrator's address comes from
    /// AIDPOST_ADMIN_ADDRESS or standard input.
    Setup {
        /// Do it.
        #[arg(long)]
        apply: bool,
    },
    /// Makes the database user of the link host, with an administrator's address from AIDPOST_ADMIN_ADDRESS or standard input, and
    /// prints the address that `serve --public` is to use. Again: a new password, and the old one ends.
    HostLogin,
    /// Names the logins of removed devices. With one of them, prints the command that ends it; with --apply, ends it with an
    /// administrator's address from AIDPOST_ADMIN_ADDRESS or standard input, and looks that it is gone.
    Drop {
        /// The login, such as d-0190….
        login: Option<String>,
        /// Do it.
        #[arg(long, requires = "login")]
        apply: bool,
    },
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("AIDPOST_LOG").unwrap_or_else(|_| "error".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    app::hardening::forbid_dumps();
    let arguments = Arguments::parse();
    let output = Output::new(arguments.json);
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::warn!("another cryptography provider was installed before ours");
    }
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return output.fail(&Problem::said("internal", &error)),
    };
    match runtime.block_on(run(arguments, &output)) {
        Ok(code) => code,
        Err(problem) => output.fail(&problem),
    }
}

async fn run(arguments: Arguments, output: &Output) -> Result<ExitCode, Problem> {
    match &arguments.command {
        Command::Check(check) if check.is_folder() => return check.folder(output).await,
        Command::Serve(serve) if serve.is_host() => return serve.host(output).await.map(|()| ExitCode::SUCCESS),
        Command::Demo { keep } => return demo::run(keep.as_deref(), output).await.map(|()| ExitCode::SUCCESS),
        Command::Bindings { folder } => {
            app::requests::write_bindings(folder).map_err(|error| Problem::new("internal", error.to_string()))?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Access { what: AccessCommand::Verify { file } } => {
            output.value(&app::access::check(&read(file)?)?);
            return Ok(ExitCode::SUCCESS);
        }
        Command::Dictionary => {
            output.text(&app::dictionary());
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let home = home(arguments.home.as_deref())?;
    let person = Person::new(App::new(
        &home,
        Arc::new(SystemClock),
        Options { keychain: app::keychain::is_wanted(), ..Options::default() },
    ));
    if let Command::MakeClinic { clinic, name } = &arguments.command {
        let papers = person.make_clinic(clinic, name, &passphrase()?).await?;
        output.value(&papers);
        person.close().await;
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Profiles = arguments.command {
        output.value(&person.state().await?.profiles);
        return Ok(ExitCode::SUCCESS);
    }
    if let Command::Restore { folder, yes } = &arguments.command {
        output.value(&person.restore(&whole(folder)?, *yes).await?);
        return Ok(ExitCode::SUCCESS);
    }
    let passphrase = passphrase()?;
    person.unlock(arguments.profile.as_deref(), &passphrase).await?;
    let done = match &arguments.code {
        Some(code) => person.prove(&passphrase, code).await,
        None => Ok(()),
    };
    let done = match done {
        Ok(()) => opened(&person, arguments.command, output).await.map_err(say_where_the_code_goes),
        Err(problem) => Err(problem),
    };
    person.close().await;
    done
}

/// The passphrase was just given, so that only the second factor can be missing.
fn say_where_the_code_goes(problem: Problem) -> Problem {
    match problem.code.as_str() {
        "step_up_needed" => Problem::new(
            "code_needed",
            "the second factor is on: give its code with --code or in AIDPOST_CODE".to_owned(),
        ),
        _ => problem,
    }
}

async fn opened(person: &Person, command: Command, output: &Output) -> Result<ExitCode, Problem> {
    match command {
        Command::Import { file, patient, yes } => {
            let read = person.read_import(&file_name(&file), read(&file)?, patient.as_deref()).await?;
            if yes { output.value(&person.file(&read, patient.as_deref()).await?) } else { output.value(&read) }
        }
        Command::Share { patient, records, label, minutes, uses, anywhere, png } => {
            let share = person.share(&patient, &records, &label, minutes, uses, anywhere).await?;
            if let Some(path) = png {
                write(&path, &person.png(&share).await?)?;
            }
            output.value(&share);
        }
        Command::Open { link, recipient, passcode, local, patient, yes } => {
            let text =
                if link.contains("shlink:/") { link } else { person.read_picture(read(Path::new(&link))?).await? };
            let seen = person.open(&text, &recipient, passcode, local).await?;
            if yes { output.value(&person.file(&seen, patient.as_deref()).await?) } else { output.value(&seen) }
        }
        Command::Check(check) => return check.one(person, output).await,
        Command::Sync { remote, what } => {
            if let Some(remote) = remote {
                person.set_remote(&remote).await?;
            }
            let state = person.sync_now().await?;
            let Some(SyncCommand::Verify) = what else {
                output.value(&state);
                return Ok(ExitCode::SUCCESS);
            };
            let verified = person.verify().await?;
            output.value(&verified);
            return Ok(if verified.same { ExitCode::SUCCESS } else { ExitCode::from(3) });
        }
        Command::Backup { folder } => output.value(&person.back_up(&whole(&folder)?).await?),
        Command::Doctor => {
            let look = person.look_through().await?;
            output.value(&look);
            return Ok(if look.sound { ExitCode::SUCCESS } else { ExitCode::from(5) });
        }
        Command::Realm { what: RealmCommand::Setup { apply: false } } => {
            output.text(&person.database_script().await?.script);
        }
        Command::Realm { what: RealmCommand::Setup { apply: true } } => {
            output.value(&person.set_up_realm(&secret("AIDPOST_ADMIN_ADDRESS")?).await?);
        }
        Command::Realm { what: RealmCommand::Drop { login: None, .. } } => {
            output.value(&person.logins_to_end().await?);
        }
        Command::Realm { what: RealmCommand::Drop { login: Some(login), apply: false } } => {
            output.text(&person.drop_command(&login).await?);
        }
        Command::Realm { what: RealmCommand::Drop { login: Some(login), apply: true } } => {
            output.value(&person.drop_login(&login, &secret("AIDPOST_ADMIN_ADDRESS")?).await?);
        }
        Command::Realm { what: RealmCommand::HostLogin } => {
            output.value(&person.host_login(&secret("AIDPOST_ADMIN_ADDRESS")?).await?);
        }
        Command::Serve(_) => {
            output.text("Serving the live shares of this vault. Stop with Ctrl C.");
            tokio::signal::ctrl_c().await.map_err(|error| Problem::said("internal", &error))?;
        }
        Command::Ask { name, input } => {
            let input = serde_json::from_str(&input).map_err(|error| Problem::said("invalid_request", &error))?;
            output.value(&app::answer(&person.app, &name, input).await?);
        }
        Command::Demo { .. }
        | Command::Profiles
        | Command::MakeClinic { .. }
        | Command::Restore { .. }
        | Command::Bindings { .. }
        | Command::Access { .. }
        | Command::Dictionary => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn home(given: Option<&Path>) -> Result<PathBuf, Problem> {
    if let Some(home) = given {
        return Ok(home.to_owned());
    }
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let folder = data.or_else(home).ok_or_else(|| Problem::new("no_home", "set --home or AIDPOST_HOME".to_owned()))?;
    Ok(folder.join("aidpost"))
}

/// From the environment, or one line of standard input: never from the command line, where other users could read it.
fn passphrase() -> Result<String, Problem> {
    secret("AIDPOST_PASSPHRASE")
}

fn secret(variable: &str) -> Result<String, Problem> {
    if let Ok(text) = std::env::var(variable) {
        return Ok(text);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| Problem::said("internal", &error))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The whole path: the program behind the requests may stand elsewhere.
fn whole(path: &Path) -> Result<String, Problem> {
    let path = path.canonicalize().map_err(|_| Problem::new("folder_not_found", path.display().to_string()))?;
    Ok(path.to_string_lossy().into_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(path).map_err(|error| Problem::new("file_not_readable", format!("{}: {error}", path.display())))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Problem> {
    std::fs::write(path, bytes)
        .map_err(|error| Problem::new("file_not_writable", format!("{}: {error}", path.display())))
}
