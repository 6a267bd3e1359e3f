//! What `terraform fmt` and `terraform console` make of sources. Neither needs a provider.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};

/// The cases of a fixture file stand between lines of this form.
const SEPARATOR: &str = "%%%%\n";

/// The cases of a file in `corpus/`.
///
/// # Errors
/// When there is no such file.
pub fn fixtures(name: &str) -> Result<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(text.split(SEPARATOR).map(str::to_owned).collect())
}

/// What Terraform writes for each source, or nothing where it rejects it; all in one run.
///
/// # Errors
/// When Terraform cannot be started, or fails without naming a file.
pub fn terraform_fmt(sources: &[String]) -> Result<Vec<Option<String>>> {
    let directory = tempfile::tempdir()?;
    let name = |index: usize| format!("case-{index:05}.tf");
    for (index, source) in sources.iter().enumerate() {
        fs::write(directory.path().join(name(index)), source)?;
    }
    let run = terraform(directory.path(), &["fmt", "-no-color", "-list=false", "-recursive"], "")?;
    let errors = String::from_utf8_lossy(&run.stderr);
    let rejected: BTreeSet<&str> = errors
        .split(" on ")
        .skip(1)
        .filter_map(|rest| rest.split_once(" line ").map(|(name, _)| name))
        .collect();
    ensure!(
        run.status.success() || !rejected.is_empty(),
        "terraform fmt failed: {errors}"
    );
    (0..sources.len())
        .map(|index| match rejected.contains(name(index).as_str()) {
            true => Ok(None),
            false => Ok(Some(fs::read_to_string(directory.path().join(name(index)))?)),
        })
        .collect()
}

/// Runs Terraform with this standard input and returns its output, whatever its exit status.
///
/// # Errors
/// When Terraform cannot be started: it is a prerequisite that the project does not install.
pub fn terraform(directory: &Path, arguments: &[&str], input: &str) -> Result<Output> {
    let mut child = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .env_remove("TF_CLI_CONFIG_FILE")
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("terraform could not be started; put Terraform 1.11 or newer on PATH (see README, Prerequisites)")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    child.wait_with_output().context("waiting for terraform")
}
