//! The program under test, built once per test process.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, bail};

use crate::{cargo, paths};

/// The `tfgen` executable of this checkout, built if it is not up to date.
///
/// # Errors
/// When the build fails; the compiler's output is in the error.
pub fn binary() -> anyhow::Result<PathBuf> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| build().map_err(|error| format!("{error:#}")))
        .clone()
        .map_err(anyhow::Error::msg)
}

fn build() -> anyhow::Result<PathBuf> {
    let output = cargo::command()
        .args(["build", "--quiet", "--package", "tfgen", "--bin", "tfgen", "--locked"])
        .output()
        .context("cargo could not be started")?;
    if !output.status.success() {
        bail!(
            "`cargo build --bin tfgen` failed:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let binary = paths::target().join("debug/tfgen");
    if !binary.is_file() {
        bail!("cargo built tfgen, but {} is not there", binary.display());
    }
    Ok(binary)
}

/// A command that runs `tfgen` with an environment that holds nothing of the developer's own.
///
/// # Errors
/// As [`binary`].
pub fn command() -> anyhow::Result<Command> {
    let mut command = Command::new(binary()?);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("NO_COLOR", "1");
    Ok(command)
}
