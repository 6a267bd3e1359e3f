//! Wine of Debian, unpacked without root, with a Windows of its own under the target directory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::debian::{self, Unpacked};
use crate::{paths, platforms};

/// Written last into the folder: without it, the set-up was interrupted.
const COMPLETE: &str = "complete";

/// Wine, ready to run programs for Windows on x64.
#[derive(Debug)]
pub struct Wine {
    packages: Unpacked,
    folder: PathBuf,
    /// Its Windows: the registry, and a link to the files.
    prefix: PathBuf,
}

impl Wine {
    /// Unpacks Wine and makes its Windows, once.
    ///
    /// # Errors
    /// When a package cannot be had, or Wine makes no Windows.
    pub fn install() -> Result<Self> {
        let folder = paths::installed().join("wine");
        let wine = Self {
            packages: debian::unpack("wine")?,
            prefix: folder.join("prefix"),
            folder,
        };
        let guard = paths::installed().join("wine.lock");
        let guard = File::create(&guard).with_context(|| format!("cannot create {}", guard.display()))?;
        guard.lock().context("cannot lock the set-up of Wine")?;
        if !wine.folder.join(COMPLETE).is_file() {
            wine.set_up()?;
        }
        Ok(wine)
    }

    /// The same Windows with a registry of its own in a new folder, for what must not reach other programs.
    ///
    /// # Errors
    /// When the folder cannot be filled.
    pub fn with_own_registry(self, prefix: &Path) -> Result<Self> {
        let link = |to: PathBuf, name: &str| std::os::unix::fs::symlink(to, prefix.join(name));
        let copied = || -> std::io::Result<()> {
            for name in ["system.reg", "user.reg", "userdef.reg", ".update-timestamp"] {
                fs::copy(self.prefix.join(name), prefix.join(name))?;
            }
            fs::create_dir(prefix.join("dosdevices"))?;
            link(self.prefix.join("drive_c"), "drive_c")?;
            link("../drive_c".into(), "dosdevices/c:")?;
            link("/".into(), "dosdevices/z:")
        };
        copied().with_context(|| format!("cannot make a registry in {}", prefix.display()))?;
        Ok(Self {
            prefix: prefix.to_owned(),
            ..self
        })
    }

    /// A program for Windows that sees no display, no setting of this machine and the environment that is given alone.
    ///
    /// # Errors
    /// When the packages are not as they were.
    pub fn command(&self, program: &Path) -> Result<Command> {
        let mut command = Command::new(self.loader());
        command.arg(program).env_clear();
        let libraries = self.packages.file("/usr/lib/x86_64-linux-gnu")?;
        command
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            // Neither .NET nor a browser engine nor entries in menus.
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=")
            .env("WINEDLLPATH", libraries.join("wine"))
            .env("LD_LIBRARY_PATH", libraries)
            // Names of files beyond ASCII.
            .env("LC_ALL", "C.UTF-8")
            .env("HOME", &self.folder);
        Ok(command)
    }

    fn loader(&self) -> PathBuf {
        self.folder.join("usr/lib/wine/wine64")
    }

    fn set_up(&self) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).context("cannot remove an unfinished Wine")?;
        }
        // Debian starts the server by a script with absolute paths; Wine finds one beside its loader.
        let programs = self.folder.join("usr/lib/wine");
        fs::create_dir_all(&programs).context("cannot create a folder for Wine")?;
        for (from, to) in [("wine64", "wine64"), ("wineserver64", "wineserver")] {
            let from = self.packages.file(&format!("/usr/lib/wine/{from}"))?;
            fs::copy(&from, programs.join(to)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        for (from, to) in [
            ("/usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu"),
            ("/usr/share", "usr/share"),
        ] {
            std::os::unix::fs::symlink(self.packages.file(from)?, self.folder.join(to))
                .context("cannot link to Wine's files")?;
        }
        let system = self.prefix.join("drive_c/windows/system32");
        fs::create_dir_all(&system).context("cannot create Wine's Windows")?;
        // Debian's package leads to this library by an absolute path.
        let zlib = self.packages.file("/usr/x86_64-w64-mingw32/lib/zlib1.dll")?;
        fs::copy(&zlib, system.join("zlib1.dll")).with_context(|| format!("cannot copy {}", zlib.display()))?;
        random_numbers(&system.join("bcryptprimitives.dll"))?;
        let output = self
            .command(Path::new("wineboot.exe"))?
            .arg("--init")
            .output()
            .context("cannot start Wine")?;
        if !output.status.success() || !system.join("kernel32.dll").is_file() {
            bail!(
                "Wine makes no Windows in {}:\n{}\nPackages of other versions than those that were tried: {:?}",
                self.prefix.display(),
                String::from_utf8_lossy(&output.stderr),
                self.packages.untried()?
            );
        }
        // The registry is in its files only once the server of this Windows has ended.
        let ended = Command::new(self.folder.join("usr/lib/wine/wineserver"))
            .arg("--wait")
            .env("WINEPREFIX", &self.prefix)
            .env("LD_LIBRARY_PATH", self.packages.file("/usr/lib/x86_64-linux-gnu")?)
            .status()
            .context("cannot wait for Wine's server")?;
        if !ended.success() || !self.prefix.join("user.reg").is_file() {
            bail!("Wine keeps no registry in {} ({ended})", self.prefix.display());
        }
        fs::write(self.folder.join(COMPLETE), "").context("cannot finish Wine's folder")
    }
}

/// The library that this Wine lacks: see its source.
fn random_numbers(to: &Path) -> Result<()> {
    let platform = platforms::Platform::of_name("windows").context("there is no Windows among the platforms")?;
    let toolchain = platforms::Toolchain::install(&[platform])?;
    let source = paths::repository().join("tests/real/platforms/bcryptprimitives.c");
    let output = toolchain
        .zig()
        .args([
            "cc",
            "-target",
            "x86_64-windows-gnu",
            "-O2",
            "-s",
            "-shared",
            "-nostdlib",
            "-fno-builtin",
            "-o",
        ])
        .arg(to)
        .arg(&source)
        .arg("-ladvapi32")
        .output()
        .context("cannot start zig")?;
    if !output.status.success() {
        bail!(
            "zig cannot compile {}:\n{}",
            source.display(),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}
