//! `terraform validate`, after init, and checkov on the same configurations, beside `tfgen check`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use real::{python, terraform};

use crate::process::{Figure, median};
use crate::{Result, check, configuration, repository, row, tfgen};

/// Roots of the example.
const ROOTS: [&str; 4] = ["workload", "identity", "organization", "billing"];

/// Status of checkov where a check of its own fails: it is about style and security, so something always does.
const CHECKOV: [i32; 2] = [0, 1];

pub fn figures() -> Result<()> {
    let venv = python::venv(&repository().join("benches/checkov/requirements.txt"))?;
    let checkov = venv.join("bin/checkov");
    let folder = tempfile::tempdir()?;

    let example = folder.path().join("example");
    for part in check::EXAMPLE {
        copy(&repository().join(part), &example.join(part))?;
    }
    let mut sum: Option<Figure> = None;
    for root in ROOTS {
        let figure = validate(&example.join("terraform").join(root), 5)?;
        row(&format!("`terraform validate`, terraform/{root}"), &figure);
        sum = Some(match sum {
            None => figure,
            Some(sum) => Figure {
                time: sum.time + figure.time,
                fastest: sum.fastest + figure.fastest,
                peak_kib: sum.peak_kib.max(figure.peak_kib),
            },
        });
    }
    if let Some(sum) = sum {
        row(
            "`terraform validate`, all roots of the example, one after the other",
            &sum,
        );
    }
    row("checkov, the example", &scan(&checkov, &example, 3)?);
    let own = tfgen(&["check", &example.display().to_string()]);
    row("`tfgen check`, the example", &median(21, &own, &[0], || Ok(()))?);

    for (resources, runs) in [(1_000, 3), (10_000, 1)] {
        let tree = folder.path().join(format!("{resources}"));
        fs::create_dir(&tree)?;
        let told = configuration::tree(&tree, resources)?.told();
        let own = tfgen(&["check", &tree.display().to_string()]);
        row(&format!("`tfgen check`, {told}"), &median(7, &own, &[0], || Ok(()))?);
        row(&format!("checkov, {told}"), &scan(&checkov, &tree, runs)?);
        row(&format!("`terraform validate`, {told}"), &validate(&tree, runs)?);
    }
    Ok(())
}

/// `terraform validate` in a root that is initialised first, which does not count.
fn validate(root: &Path, runs: usize) -> Result<Figure> {
    terraform::run(root, &["init", "-backend=false", "-input=false"])?;
    let mut command = terraform::command(root)?;
    command.arg("validate");
    median(runs, &command, &[0], || Ok(()))
}

fn scan(checkov: &Path, folder: &Path, runs: usize) -> Result<Figure> {
    let mut command = Command::new(checkov);
    command
        .args(["--compact", "--quiet", "--skip-download", "--framework", "terraform"])
        .arg("--directory")
        .arg(folder)
        .current_dir(folder);
    median(runs, &command, &CHECKOV, || Ok(()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        // What somebody's own `terraform init` left in the checkout stays there.
        if entry.file_name() == ".terraform" {
            continue;
        }
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}
