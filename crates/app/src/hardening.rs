//! What a process that holds keys asks of the system: no core image of it is written, and no program of the same account looks into
//! its memory.

/// Leaves dumps and debuggers on, for tests that look for secrets in the memory of the program.
pub const ALLOW: &str = "AIDPOST_ALLOW_DUMPS";

/// Forbids core images of this process and of those that it starts, and, on Linux, reading its memory to all but the superuser. Elsewhere
/// the system's own settings hold; see the threat model. To be called before anything secret is there.
pub fn forbid_dumps() {
    if std::env::var_os(ALLOW).is_some_and(|value| value == "1") {
        tracing::warn!("{ALLOW} is set: the memory of this process can be read and dumped");
        return;
    }
    if let Err(error) = forbid() {
        tracing::warn!(%error, "the system did not forbid an image of this process");
    }
}

#[cfg(unix)]
fn forbid() -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(not(unix))]
fn forbid() -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn no_image_of_this_process_is_written() {
        super::forbid().unwrap();
        assert!(matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable)));
        let core = getrlimit(Resource::Core);
        assert_eq!((core.current, core.maximum), (Some(0), Some(0)));
    }
}
