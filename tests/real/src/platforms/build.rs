//! Builds the programs and gathers them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use super::{PROGRAMS, Platform, Toolchain};
use crate::paths;

/// Bytes of the largest program that is still small.
pub const LARGEST: u64 = 6_000_000;

/// The profile in `Cargo.toml` of the repository.
const PROFILE: &str = "shipped";

/// A program that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// For what.
    pub platform: Platform,
    /// Which one.
    pub program: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// Builds the programs for a platform as they are shipped.
///
/// # Errors
/// When one cannot be built, in cargo's words, or is larger than [`LARGEST`].
pub fn build(toolchain: &Toolchain, platform: Platform) -> Result<Vec<Built>> {
    let mut command = toolchain.cargo(platform, "build")?;
    command.args(["--profile", PROFILE, "--package", "client"]);
    for program in PROGRAMS {
        command.args(["--bin", program]);
    }
    let output = command.output().context("cannot start cargo-zigbuild")?;
    if !output.status.success() {
        bail!(
            "the programs cannot be built for {}:\n{}",
            platform.name,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let folder = paths::target().join(platform.target).join(PROFILE);
    let built = |program: &'static str| {
        let path = folder.join(platform.file(program));
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let size = u64::try_from(bytes.len())?;
        if size > LARGEST {
            bail!(
                "{} has {size} bytes, and {LARGEST} are the most that it may have; `cargo tree --package client --target {}` \
                 shows what is in it",
                path.display(),
                platform.target
            );
        }
        let mut sha256 = String::new();
        for byte in Sha256::digest(&bytes) {
            write!(sha256, "{byte:02x}")?;
        }
        Ok(Built {
            platform,
            program,
            path,
            size,
            sha256,
        })
    };
    PROGRAMS.into_iter().map(built).collect()
}

/// Copies programs into a folder under the names that installations know, with `SHA256SUMS` as `sha256sum --check` reads it.
///
/// # Errors
/// When a file cannot be written.
pub fn copy_all(all: &[Built], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut sums = String::new();
    for built in all {
        let name = built.platform.packaged(built.program);
        let to = folder.join(&name);
        fs::copy(&built.path, &to).with_context(|| format!("cannot write {}", to.display()))?;
        writeln!(sums, "{}  {name}", built.sha256)?;
    }
    let to = folder.join("SHA256SUMS");
    fs::write(&to, sums).with_context(|| format!("cannot write {}", to.display()))
}
