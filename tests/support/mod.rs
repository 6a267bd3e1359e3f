//! What the end-to-end tests share.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `tfgen` with an environment that holds nothing of the developer's own.
pub fn tfgen() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tfgen"));
    command.env_clear().env("NO_COLOR", "1");
    // Windows programs do not start without it.
    if let Some(root) = std::env::var_os("SystemRoot") {
        command.env("SystemRoot", root);
    }
    command
}

/// Standard output and standard error of a finished command.
pub fn text(output: &Output) -> (String, String) {
    (
        String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n"),
        String::from_utf8_lossy(&output.stderr).replace("\r\n", "\n"),
    )
}

/// The example deployment in a folder of its own.
pub fn example(folder: &Path) -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for name in ["acme.hcl", "developers.csv"] {
        fs::copy(examples.join(name), folder.join(name)).unwrap();
    }
    folder.join("acme.hcl")
}

/// All files below a folder, by relative path.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    collect(folder, folder, &mut found);
    found
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// Runs `tfgen render FILE --out OUT`.
pub fn render(file: &Path, out: &Path, flags: &[&str]) -> Output {
    tfgen()
        .arg("render")
        .arg(file)
        .arg("--out")
        .arg(out)
        .args(flags)
        .output()
        .unwrap()
}

/// Renders, and returns what is there then.
pub fn rendered(file: &Path, out: &Path) -> BTreeMap<String, Vec<u8>> {
    let output = render(file, out, &[]);
    assert!(output.status.success(), "{}", text(&output).1);
    files(out)
}

/// Changes a text file and says so when nothing changed.
pub fn edit(path: &Path, edit: impl Fn(&str) -> String) {
    let old = fs::read_to_string(path).unwrap();
    let new = edit(&old);
    assert_ne!(old, new, "{}", path.display());
    fs::write(path, new).unwrap();
}

/// Takes the block `analytics` out of the example.
pub fn without_analytics(file: &Path) {
    edit(file, |text| text.replace("analytics {\n  scan_limit_gb = 100\n}\n", ""));
}
