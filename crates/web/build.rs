//! Stops with a clear sentence when scripts and styles were not bundled.

fn main() {
    println!("cargo::rerun-if-changed=assets/dist");
    if !std::path::Path::new("assets/dist/main.css").exists() {
        println!("cargo::error=scripts and styles are not bundled yet: run scripts/setup.sh web");
    }
}
