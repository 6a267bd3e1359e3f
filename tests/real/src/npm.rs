//! Node packages, pinned by their lock file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// Installs what the `package-lock.json` in `source` pins and returns the directory that holds `node_modules`.
///
/// The directory is named after the hash of the lock file, so that another lock file is another installation. It
/// appears all at once: packages go into a directory beside it, which is then renamed. A lock on a file makes test
/// processes that run at the same time install once. No script of a package runs.
///
/// # Errors
/// If `npm` is not there, or cannot install what the lock file names.
pub fn install(name: &str, source: &Path) -> Result<PathBuf> {
    let lock = fs::read(source.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", source.display()))?;
    let hash: String = Sha256::digest(&lock)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let root = target_dir().join("real").join("npm");
    fs::create_dir_all(&root).with_context(|| format!("cannot create {}", root.display()))?;
    let installed = root.join(format!("{name}-{hash}"));

    let guard = root.join(format!("{name}.lock"));
    let guard = File::create(&guard).with_context(|| format!("cannot create {}", guard.display()))?;
    guard.lock().context("cannot lock the installation")?;
    if installed.is_dir() {
        return Ok(installed);
    }
    let fresh = tempfile::Builder::new()
        .prefix(&format!("{name}-"))
        .tempdir_in(&root)
        .context("cannot create a directory for the installation")?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(source.join(file), fresh.path().join(file)).with_context(|| format!("cannot copy {file}"))?;
    }
    ci(fresh.path())?;
    fs::rename(fresh.path(), &installed).with_context(|| format!("cannot create {}", installed.display()))?;
    Ok(installed)
}

fn ci(directory: &Path) -> Result<()> {
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(directory)
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => bail!("npm ci failed: {}", String::from_utf8_lossy(&output.stderr)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("`npm` is not on PATH: these tests need Node.js 20 or later with npm")
        }
        Err(error) => Err(error).context("cannot start npm"),
    }
}

fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => PathBuf::from(directory),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
    }
}
