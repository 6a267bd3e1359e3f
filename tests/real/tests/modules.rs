//! Each module's own tests, run by the real `terraform test` with the provider mocked.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::bail;
use real::{paths, terraform};

#[test]
fn every_module_passes_its_own_tests() {
    let library = paths::repository().join("terraform/modules");
    let mut modules: Vec<PathBuf> = fs::read_dir(&library)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    modules.sort();
    assert!(modules.len() >= 10, "{modules:?}");
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
                        failures
                            .lock()
                            .unwrap()
                            .push(format!("{}: {error:#}", module.display()));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n---\n"));
}

/// Formats, validates and tests a copy of a module, so that nothing is left in the sources.
fn check(module: &Path) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    copy(module, folder.path())?;
    terraform::run(folder.path(), &["fmt", "-check", "-recursive", "-diff"])?;
    terraform::run(folder.path(), &["init", "-backend=false", "-no-color"])?;
    terraform::run(folder.path(), &["validate", "-no-color"])?;
    let printed = terraform::run(folder.path(), &["test", "-no-color"])?;
    // Terraform calls a module without tests a success.
    if !printed.contains(" passed, 0 failed") || printed.contains("Success! 0 passed") {
        bail!("no test passed:\n{printed}");
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
