//! oidc-provider by panva, a certified OpenID provider, in a process of its own.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

pub struct Provider {
    process: Child,
    pub issuer: String,
}

impl Provider {
    pub fn start() -> Provider {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.unwrap_or_else(|| PathBuf::from(env::var_os("HOME").expect("a home folder")).join(".cache"));
        let home = cache.join("aidpost/provider");
        assert!(home.join("installed.json").exists(), "no OpenID provider to test with: run scripts/setup.sh test");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/provider/server.mjs");
        let mut node = Command::new("node");
        let node = node.arg(script).arg(home).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = node.spawn().expect("Node.js");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let port =
            lines.by_ref().find_map(|line| line.unwrap().parse::<u16>().ok()).expect("the provider says its port");
        std::thread::spawn(move || lines.for_each(drop));
        Provider { process, issuer: format!("http://127.0.0.1:{port}") }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
