//! zig, cargo-zigbuild and Rust's targets, found or installed.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Platform;
use crate::{cargo, paths, python};

/// Variables of the caller that would change what comes out.
const SCRUBBED: [&str; 14] = [
    "AR",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CC",
    "CFLAGS",
    "CPPFLAGS",
    "CXX",
    "CXXFLAGS",
    "DEVELOPER_DIR",
    "LDFLAGS",
    "MACOSX_DEPLOYMENT_TARGET",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
    "SDKROOT",
];

/// What builds for other platforms.
#[derive(Debug, Clone)]
pub struct Toolchain {
    zigbuild: PathBuf,
    zig: PathBuf,
    cargo: OsString,
}

impl Toolchain {
    /// Finds or installs what is needed to build for these platforms: zig and cargo-zigbuild from PyPI, pinned by hash, under
    /// `target/real/`; the standard libraries by rustup.
    ///
    /// # Errors
    /// What could not be had, and in whose words.
    pub fn install(platforms: &[Platform]) -> Result<Self> {
        let folder = paths::repository().join("tests/real/platforms");
        let venv = python::venv(&folder.join("requirements.txt"))?;
        add_targets(platforms)?;
        Ok(Self {
            zigbuild: venv.join("bin/cargo-zigbuild"),
            zig: zig(&venv)?,
            cargo: cargo::program(),
        })
    }

    /// cargo for a platform: `subcommand` is one that builds, such as `build` or `test`. Paths of this machine stay out of what it
    /// builds, and its caches stay in the target directory.
    ///
    /// # Errors
    /// When this machine has no home folder.
    pub fn cargo(&self, platform: Platform, subcommand: &str) -> Result<Command> {
        let mut command = Command::new(&self.zigbuild);
        // `zigbuild` is its word for `build`.
        let subcommand = if subcommand == "build" { "zigbuild" } else { subcommand };
        command
            .arg(subcommand)
            .args(["--target", platform.target, "--locked"])
            .arg("--target-dir")
            .arg(paths::target())
            .current_dir(paths::repository());
        for variable in SCRUBBED {
            command.env_remove(variable);
        }
        cargo::as_if_by_hand(&mut command);
        let installed = paths::installed();
        command
            .env("CARGO", &self.cargo)
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags(platform)?)
            .env("CARGO_ZIGBUILD_ZIG_PATH", &self.zig)
            .env("CARGO_ZIGBUILD_CACHE_DIR", installed.join("zigbuild"))
            .env("ZIG_GLOBAL_CACHE_DIR", installed.join("zig"));
        if let Some(oldest) = platform.oldest_macos() {
            command.env("MACOSX_DEPLOYMENT_TARGET", oldest);
        }
        Ok(command)
    }

    /// The C compiler.
    pub fn zig(&self) -> Command {
        let mut command = Command::new(&self.zig);
        command.env("ZIG_GLOBAL_CACHE_DIR", paths::installed().join("zig"));
        command
    }
}

/// The compiler among the files of its package, whichever Python that is.
fn zig(venv: &Path) -> Result<PathBuf> {
    let libraries = venv.join("lib");
    let pythons = fs::read_dir(&libraries).with_context(|| format!("cannot read {}", libraries.display()))?;
    for python in pythons {
        let python = python.context("cannot read the virtual environment")?.path();
        let zig = python.join("site-packages/ziglang/zig");
        if zig.is_file() {
            return Ok(zig);
        }
    }
    bail!("the package ziglang in {} has no zig", venv.display());
}

/// Flags for rustc, separated as `CARGO_ENCODED_RUSTFLAGS` wants them: paths may have spaces in them.
fn rustflags(platform: Platform) -> Result<OsString> {
    let cargo_home = match std::env::var_os("CARGO_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(std::env::var_os("HOME").context("the variable HOME is not set")?).join(".cargo"),
    };
    let mut flags = Vec::new();
    for (from, to) in [(paths::repository(), "/tfgen"), (cargo_home, "/cargo")] {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(from);
        flag.push("=");
        flag.push(to);
        flags.push(flag);
    }
    if platform.target.contains("apple") {
        // Apple's own frameworks are on Apple's machines; the linker needs to know only what they export.
        let mut flag = OsString::from("-Clink-arg=-F");
        flag.push(paths::repository().join("tests/real/platforms/frameworks"));
        flags.push(flag);
        // The crate `libc` asks for two libraries that nothing here calls.
        flags.push("-Clink-arg=-Wl,-dead_strip_dylibs".into());
    }
    Ok(flags.join(OsStr::new("\u{1f}")))
}

/// Adds the standard libraries that the toolchain lacks.
fn add_targets(platforms: &[Platform]) -> Result<()> {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .context("cannot start rustc: Rust is needed, as rustup installs it")?;
    if !sysroot.status.success() {
        bail!(
            "rustc does not tell its folder:\n{}",
            String::from_utf8_lossy(&sysroot.stderr)
        );
    }
    let libraries = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim()).join("lib/rustlib");
    let missing: Vec<&str> = platforms
        .iter()
        .map(|platform| platform.target)
        .filter(|target| !libraries.join(target).join("lib").is_dir())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let added = Command::new("rustup")
        .args(["target", "add"])
        .args(&missing)
        .output()
        .with_context(|| {
            format!(
                "cannot start rustup, and the toolchain has not the standard libraries for {}",
                missing.join(", ")
            )
        })?;
    if !added.status.success() {
        bail!(
            "rustup cannot add {}:\n{}",
            missing.join(", "),
            String::from_utf8_lossy(&added.stderr)
        );
    }
    Ok(())
}
