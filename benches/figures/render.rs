//! `tfgen render` and `tfgen prove`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::process::median;
use crate::{Result, repository, row, tfgen};

pub fn figures() -> Result<()> {
    row(
        "`tfgen --version`",
        &median(101, &tfgen(&["--version"]), &[0], || Ok(()))?,
    );
    let folder = tempfile::tempdir()?;
    for (count, per, profiles) in [(10, "developer", 30), (2_000, "developer", 6_000), (20_000, "team", 6)] {
        let case = folder.path().join(format!("{count}"));
        fs::create_dir(&case)?;
        deployment(&case, count, per)?;
        let (file, out) = (case.join("tfgen.hcl"), case.join("out"));
        let (file, folder) = (file.display().to_string(), out.display().to_string());
        let arguments = ["render", &file, "--out", &folder];
        let fresh = || if out.exists() { fs::remove_dir_all(&out) } else { Ok(()) };
        row(
            &format!(
                "`tfgen render`, {count} developers × 3 models, per {per} ({profiles} profiles), into an empty folder"
            ),
            &median(7, &tfgen(&arguments), &[0], fresh)?,
        );
        let again = ["render", &file, "--out", &folder, "--check"];
        row(
            "the same again with `--check`",
            &median(7, &tfgen(&again), &[0], || Ok(()))?,
        );
    }
    let example = repository().join("examples/acme.hcl").display().to_string();
    let prove = ["prove", &example, "--format", "json"];
    let rows = serde_json::from_slice::<serde_json::Value>(&tfgen(&prove).output()?.stdout)?["rows"]
        .as_array()
        .map_or(0, Vec::len);
    row(
        &format!("`tfgen prove` of the example, {rows} rows, JSON"),
        &median(21, &tfgen(&prove), &[0], || Ok(()))?,
    );
    Ok(())
}

fn deployment(folder: &Path, developers: usize, per: &str) -> Result<()> {
    let example = fs::read_to_string(repository().join("examples/acme.hcl"))?;
    fs::write(
        folder.join("tfgen.hcl"),
        format!("{example}\nprofiles {{\n  per = {per:?}\n}}\n"),
    )?;
    let mut roster = String::from("id,email,team,project,cost_center\n");
    for number in 0..developers {
        let (team, center) = if number % 2 == 0 {
            ("engineering", "CC-1001")
        } else {
            ("data-science", "CC-1002")
        };
        writeln!(
            roster,
            "developer-{number},developer.{number}@example.com,{team},claude-code,{center}"
        )?;
    }
    fs::write(folder.join("developers.csv"), roster)?;
    Ok(())
}
