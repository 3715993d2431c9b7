//! Reads tauri.conf.json and the capabilities beside this file.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["ask", "ask_bytes", "bytes"]);
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(commands);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the desktop shell cannot be built: {error:#}");
    }
}
