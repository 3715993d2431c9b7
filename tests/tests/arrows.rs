//! The shape of the house: which room may use which, and what no room may do.

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests lies in the root").to_owned()
}

fn packages() -> Vec<Package> {
    let mut command = MetadataCommand::new();
    let metadata =
        command.manifest_path(root().join("Cargo.toml")).no_deps().other_options(["--offline".to_owned()]).exec();
    metadata.expect("cargo metadata reads the workspace").packages
}

/// Who may use whom, by the names after `aidpost-`. A package that is not here does not belong to the house.
const ALLOWED: &[(&str, &[&str])] = &[
    ("model-derive", &[]),
    ("model", &["model-derive"]),
    ("crypto", &[]),
    ("vault", &["model", "crypto"]),
    ("sync", &["model"]),
    ("share", &["crypto"]),
    ("detect", &[]),
    ("interop", &["model"]),
    ("app", &["model", "crypto", "vault", "sync", "share", "detect", "interop"]),
    // `sync` for its feature `server` alone: the demo starts the MongoDB that it needs.
    ("cli", &["app", "sync"]),
    ("desktop", &["app"]),
    ("tests", &["model", "crypto", "vault", "sync", "share", "detect", "interop", "app", "cli"]),
];

fn short(name: &str) -> &str {
    name.strip_prefix("aidpost-").unwrap_or(name)
}

/// The arrows between our packages; a package's arrow to itself (features for its own tests) is none.
fn arrows() -> BTreeSet<(String, String)> {
    let packages = packages();
    let ours = |name: &str| packages.iter().any(|package| package.name.as_str() == name);
    let of = |package: &Package| {
        let from = short(&package.name).to_owned();
        let to: Vec<_> = package
            .dependencies
            .iter()
            .filter(|dependency| ours(&dependency.name))
            .map(|dependency| short(&dependency.name).to_owned())
            .collect();
        to.into_iter().filter(|to| *to != from).map(|to| (from.clone(), to)).collect::<Vec<_>>()
    };
    packages.iter().flat_map(of).collect()
}

#[test]
fn every_package_has_its_place() {
    let found: BTreeSet<String> = packages().iter().map(|package| short(&package.name).to_owned()).collect();
    let known: BTreeSet<String> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, known);
}

/// Also those of tests and build scripts: a test that reaches into another room ties the rooms together as well.
#[test]
fn rooms_use_only_the_rooms_they_may() {
    let allowed = |from: &str, to: &str| ALLOWED.iter().any(|(name, may)| *name == from && may.contains(&to));
    let forbidden: Vec<_> = arrows().into_iter().filter(|(from, to)| !allowed(from, to)).collect();
    assert_eq!(forbidden, vec![]);
}

/// Rooms are taken away from the bottom, one after another; what remains is a circle.
fn circle<'a>(mut arrows: BTreeSet<(&'a str, &'a str)>) -> BTreeSet<(&'a str, &'a str)> {
    loop {
        let busy: BTreeSet<&str> = arrows.iter().map(|(from, _)| *from).collect();
        let left: BTreeSet<_> = arrows.iter().copied().filter(|(_, to)| busy.contains(to)).collect();
        if left == arrows {
            return left;
        }
        arrows = left;
    }
}

#[test]
fn there_is_no_circle() {
    let arrows = arrows();
    assert_eq!(circle(arrows.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect()), BTreeSet::new());
    let allowed = ALLOWED.iter().flat_map(|(from, may)| may.iter().map(move |to| (*from, *to)));
    assert_eq!(circle(allowed.collect()), BTreeSet::new(), "the table above allows a circle");
    let round = BTreeSet::from([("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]);
    assert!(circle(round).contains(&("c", "a")), "a circle is found");
}

/// The desktop application carries no means to start a database server.
#[test]
fn only_tests_and_the_command_line_ask_for_a_server() {
    let asks = |package: &&Package| {
        let server = |dependency: &&cargo_metadata::Dependency| {
            dependency.name == "aidpost-sync" && dependency.features.iter().any(|feature| feature == "server")
        };
        package
            .dependencies
            .iter()
            .any(|dependency| server(&dependency) && dependency.kind != DependencyKind::Development)
    };
    let packages = packages();
    let asking: BTreeSet<&str> = packages.iter().filter(asks).map(|package| short(&package.name)).collect();
    assert!(asking.is_subset(&BTreeSet::from(["cli", "tests"])), "{asking:?}");
    for (file, code) in rust_sources().iter().filter(|(file, _)| file.starts_with("crates/cli/src")) {
        let uses = code
            .split("sync::")
            .skip(1)
            .zip(code.split("sync::"))
            .filter(|(_, before)| !before.ends_with([':', '_']) && !before.ends_with(char::is_alphanumeric));
        let others: Vec<_> = uses
            .map(|(after, _)| after)
            .filter(|after| !SERVER_OR_STD.iter().any(|may| after.starts_with(may)))
            .collect();
        assert_eq!(others, Vec::<&str>::new(), "{file}");
    }
}

/// The engine's server, or what `std::sync` and `tokio::sync` hold where they are imported as `sync`.
const SERVER_OR_STD: &[&str] = &["server", "Arc", "atomic", "Mutex", "mpsc", "oneshot", "watch"];

/// Files below a folder that end so, with paths from the root; what tools made is left out.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let (root, mut found, mut open) = (root(), Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !["target", "node_modules", "dist", "gen"].contains(&name) {
                open.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path.strip_prefix(&root).expect("below the root").to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file of ours with its code, without comments and texts.
fn rust_sources() -> BTreeMap<String, String> {
    let files = ["crates", "sync", "src-tauri", "tests"].into_iter().flat_map(|folder| files(folder, &[".rs"]));
    files.map(|file| (file.clone(), code_only(&read(&file)))).collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).expect("a source file is text")
}

/// Rust without its comments, and with every text literal empty.
fn code_only(source: &str) -> String {
    let (mut code, mut rest) = (String::new(), source);
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => text_length(rest),
            'r' | 'b' if !code.ends_with(|before: char| before.is_alphanumeric() || before == '_') => raw_length(rest),
            '\'' => char_length(rest),
            _ => 0,
        };
        let step = skipped.max(first.len_utf8());
        match (skipped, first) {
            (0, _) => code.push(first),
            (_, '/') => {}
            _ => code.push_str("\"\""),
        }
        rest = &rest[step..];
    }
    code
}

/// Length of a text that begins with a quote.
fn text_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let is_end = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        is_end
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// Length of a raw text (`r"…"`, `r#"…"#`, `br"…"`); 0 for anything else.
fn raw_length(text: &str) -> usize {
    let Some(after) = text.strip_prefix("br").or_else(|| text.strip_prefix('r')) else { return 0 };
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after[hashes..].starts_with('"') {
        return 0;
    }
    let begin = text.len() - after.len() + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    text[begin..].find(&end).map_or(text.len(), |at| begin + at + end.len())
}

/// Length of a character such as `'"'`; 0 for a lifetime.
fn char_length(text: &str) -> usize {
    let mut letters = text.char_indices().skip(1);
    match (letters.next(), letters.next(), letters.next()) {
        (Some((_, '\\')), _, Some((at, _))) => text[at..].find('\'').map_or(0, |end| at + end + 1),
        (Some(_), Some((at, '\'')), _) => at + 1,
        _ => 0,
    }
}

#[test]
fn comments_and_texts_are_no_code() {
    let source = "a /* b */ \"c \\\" d\" r#\"e \" f\"# '\"' 'g: &'h str, '\\'' // i\nj";
    assert_eq!(code_only(source), "a  \"\" \"\" \"\" 'g: &'h str, \"\" \nj");
}

/// Places of a word that stands alone in the code.
fn places(word: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let stands_alone =
        |code: &str, at: usize| !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part);
    let sources = rust_sources();
    let files = sources.iter().filter(|(_, code)| code.match_indices(word).any(|(at, _)| stands_alone(code, at)));
    files.map(|(file, _)| file.clone()).collect()
}

#[test]
fn no_room_is_unsafe() {
    assert_eq!(places("unsafe"), Vec::<String>::new());
    // The lint that refuses it holds for every package, and nobody lifts it.
    let manifests =
        files("crates", &["Cargo.toml"]).into_iter().chain(["sync", "tests"].map(|room| format!("{room}/Cargo.toml")));
    for manifest in manifests.chain(["Cargo.toml".to_owned()]) {
        assert!(read(&manifest).contains("[lints]\nworkspace = true"), "{manifest}");
    }
    assert!(read("Cargo.toml").contains("unsafe_code = \"deny\""));
    let lifted: Vec<_> =
        places("unsafe_code").into_iter().filter(|file| rust_sources()[file].contains("allow(unsafe_code)")).collect();
    assert_eq!(lifted, Vec::<String>::new());
}

const CLOCKS: &[&str] =
    &["SystemTime::now", "Instant::now", "OffsetDateTime::now_utc", "OffsetDateTime::now_local", "Uuid::now_v7"];

/// Who may read a clock, and why. Everybody else is told the time.
const CLOCK_READERS: &[(&str, &str)] = &[
    ("crates/app/src/clock.rs", "the one clock of the application"),
    ("crates/cli/src/demo.rs", "says how long each step of the demo took"),
    ("sync/src/", "pauses, time-outs and retries against a remote; no time that is stored"),
    ("tests/", "waits for programs and screens"),
];

#[test]
fn only_the_clock_reads_the_time() {
    let is_measuring = |file: &str| ["/tests/", "/benches/", "/examples/"].iter().any(|part| file.contains(part));
    let readers: BTreeSet<String> =
        CLOCKS.iter().flat_map(|clock| places(clock)).filter(|file| !is_measuring(file)).collect();
    let unexpected: Vec<_> =
        readers.iter().filter(|file| !CLOCK_READERS.iter().any(|(may, _)| file.starts_with(may))).collect();
    assert_eq!(unexpected, Vec::<&String>::new());
    assert!(readers.contains("crates/app/src/clock.rs"), "the clock itself is found");
}

/// The page reaches the system through one file, so that a browser can take its place.
#[test]
fn one_file_of_the_page_knows_the_desktop() {
    let sources = files("ui/src", &[".ts", ".tsx", ".js", ".jsx", ".mts"]);
    let knowing: Vec<_> = sources.into_iter().filter(|file| read(file).contains("@tauri-apps")).collect();
    assert_eq!(knowing, ["ui/src/host/tauri.ts"]);
}
