//! Virtual environments with pinned Python packages.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::paths;

/// Written last into a virtual environment: without it, the directory is what an interrupted set-up left behind.
const COMPLETE: &str = "tfgen-complete";

/// Returns the virtual environment that holds exactly the packages of `requirements`, creating it first if needed.
///
/// `requirements` is a pip requirements file in which every package carries its hashes. The environment lies under
/// `target/real/` and is named after the file's content and the version of `python3`, so it is made once and shared
/// by all tests; its programs are in `bin/`. Processes that ask for the same environment wait for the first one.
///
/// # Errors
///
/// When `requirements` cannot be read, when there is no `python3` with the modules `venv` and `ensurepip`, or when pip cannot
/// fetch a package with the pinned hash: the message holds what pip said.
pub fn venv(requirements: &Path) -> Result<PathBuf> {
    let content = fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let python = python_version()?;
    let mut hash = Sha256::new();
    hash.update(&content);
    hash.update(&python);
    let name: String = hash
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();

    let root = paths::installed();
    fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
    let directory = root.join(format!("venv-{name}"));

    // The lock file stays: removing it would let a waiting process lock a file that no longer has a name.
    let lock_path = root.join(format!("venv-{name}.lock"));
    let lock = File::create(&lock_path).with_context(|| format!("cannot create {}", lock_path.display()))?;
    lock.lock()
        .with_context(|| format!("cannot lock {}", lock_path.display()))?;

    if !directory.join(COMPLETE).is_file() {
        create(&directory, requirements)?;
        fs::write(directory.join(COMPLETE), &content)
            .with_context(|| format!("cannot write into {}", directory.display()))?;
    }
    Ok(directory)
}

/// Creates the environment at its final place: a virtual environment cannot be moved, its programs hold its path.
fn create(directory: &Path, requirements: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot remove the unfinished {}", directory.display()));
        }
        _ => {}
    }

    let output = run("python3", [OsStr::new("-m"), OsStr::new("venv"), directory.as_os_str()])?;
    if !output.status.success() {
        bail!(
            "python3 cannot create a virtual environment in {}:\n{}\nOn Debian and Ubuntu the package python3-venv is needed.",
            directory.display(),
            said(&output)
        );
    }

    let output = run(
        directory.join("bin/python"),
        [
            OsStr::new("-m"),
            OsStr::new("pip"),
            OsStr::new("install"),
            OsStr::new("--quiet"),
            OsStr::new("--require-hashes"),
            OsStr::new("--only-binary"),
            OsStr::new(":all:"),
            OsStr::new("--requirement"),
            requirements.as_os_str(),
        ],
    )?;
    if !output.status.success() {
        bail!(
            "pip cannot install {}:\n{}\nThe packages come from PyPI, or from the index that pip is configured to use.",
            requirements.display(),
            said(&output)
        );
    }
    Ok(())
}

/// What `python3 --version` prints.
fn python_version() -> Result<Vec<u8>> {
    let output = run("python3", ["--version"])?;
    if !output.status.success() {
        bail!("`python3 --version` failed:\n{}", said(&output));
    }
    Ok(output.stdout)
}

/// Runs a Python program without the settings that would let other packages in.
fn run(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Output> {
    let program = program.as_ref();
    Command::new(program)
        .args(arguments)
        .env_remove("PYTHONHOME")
        .env_remove("PYTHONPATH")
        .env_remove("PIP_TARGET")
        .env_remove("PIP_PREFIX")
        .env_remove("PIP_USER")
        .env("PIP_NO_INPUT", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .output()
        .with_context(|| {
            format!(
                "cannot start {}: the tests need Python 3.9 or newer with its venv module on PATH",
                program.display()
            )
        })
}

/// Both streams of a program that failed.
fn said(output: &Output) -> String {
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    text.trim().to_owned()
}
