//! The commit that the programs are built from, for `--version`.
//!
//! `TFGEN_COMMIT` says it, and is what builds without git and its history set. Without the variable, git is asked when a release is
//! built. Other builds have none: to know the commit they would have to be made anew after each, for nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Says the commit.
const VARIABLE: &str = "TFGEN_COMMIT";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    // Any file: without one that is named, each file of the package would count.
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let given = std::env::var(VARIABLE).ok().filter(|commit| is_name(commit));
    let commit = match given {
        None if std::env::var("PROFILE")? == "release" => of_git(&folder),
        given => given,
    };
    if let Some(commit) = commit {
        println!("cargo::rustc-env=CLIENT_COMMIT={commit}");
    }
    Ok(())
}

/// Whether a text can be printed on the line of a version.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The commit that is checked out, where this file belongs to it.
fn of_git(folder: &Path) -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(folder).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    // The sources may lie unpacked in the folder of another project.
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    for name in ["HEAD", "logs/HEAD"] {
        let file = folder.join(git(&["rev-parse", "--git-path", name])?);
        if file.exists() {
            println!("cargo::rerun-if-changed={}", file.display());
        }
    }
    git(&["rev-parse", "--short=12", "HEAD"]).filter(|commit| is_name(commit))
}
