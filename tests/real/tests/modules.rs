//! `terraform test` of every module of the library, by the real Terraform with the real provider's schema, mocked.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::bail;
use real::{paths, terraform};

#[test]
fn every_module_passes_its_tests() {
    let library = paths::repository().join("terraform/modules");
    let mut modules: Vec<PathBuf> = fs::read_dir(library)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    modules.sort();
    assert!(!modules.is_empty(), "terraform/modules holds no module");
    let queue = Mutex::new(modules);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(module) = queue.lock().unwrap().pop() else {
                        break;
                    };
                    if let Err(error) = check(&module) {
                        let failure = format!("{}: {error:#}", module.display());
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n---\n"));
}

/// Formats and tests a copy, which validates it: `get` writes beside the files.
fn check(module: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    copy(module, folder.path())?;
    let mut runs = 0;
    for entry in fs::read_dir(folder.path().join("tests"))? {
        let text = fs::read_to_string(entry?.path())?;
        runs += text.lines().filter(|line| line.starts_with("run \"")).count();
    }
    terraform::run(folder.path(), &["fmt", "-check", "-recursive", "-diff"])?;
    terraform::run(folder.path(), &["get", "-no-color"])?;
    let printed = terraform::run(folder.path(), &["test", "-no-color"])?;
    // Terraform leaves out, without an error, what it does not take for a test.
    if runs == 0 || !printed.contains(&format!("{runs} passed, 0 failed")) {
        bail!("not all of {runs} runs passed:\n{printed}");
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        // What a developer's own `terraform init` left.
        if name.to_string_lossy().starts_with(".terraform") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
