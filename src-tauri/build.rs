//! Tauri's build step. The package's root is the workspace's, so the capabilities are named by path.

fn main() {
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(&[
            "snapshot",
            "report",
            "ask",
            "command",
            "test_connection",
            "token_state",
            "set_token",
            "save_settings",
            "pick_folder",
            "export_settings",
        ]));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error=the window's configuration is wrong: {error:#}");
        std::process::exit(1);
    }
}
