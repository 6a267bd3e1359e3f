//! Embeds the module library: every file of `terraform/modules` that belongs to a module's source.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const ENDINGS: [&str; 4] = [".tf", ".tftest.hcl", ".tftpl", ".md"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let library = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("terraform/modules");
    println!("cargo::rerun-if-changed={}", library.display());
    let mut files = Vec::new();
    collect(&library, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let relative = file.strip_prefix(&library)?.to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({relative:?}, include_str!({:?})),", file.to_string_lossy())?;
    }
    code.push(']');
    fs::write(PathBuf::from(std::env::var("OUT_DIR")?).join("modules.rs"), code)?;
    Ok(())
}

/// Files below `folder`; hidden ones (`.terraform`, lock files of tests) are no source.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            files.push(entry.path());
        }
    }
    Ok(())
}
