//! Packages of Debian, unpacked under the target directory: no root, and nothing of the machine changes.

mod program;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use crate::paths;

pub use program::Program;

/// What was unpacked, and in which versions: `name version`, one a line.
const VERSIONS: &str = "versions.txt";

/// A package, with what it needs and the machine has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    root: PathBuf,
    tried: PathBuf,
}

/// Unpacks a package, with those that it needs and that are not installed on this machine, under `target/real/debian/`.
///
/// Debian's mirrors keep the newest version alone, so none can be pinned: what is there is taken, after apt has verified its
/// signature and hash. `tests/real/debian/PACKAGE.txt` says which versions were tried ([`Unpacked::untried`]). The folder appears all
/// at once, and a lock on a file makes test processes that run at the same time unpack once.
///
/// # Errors
/// If there is no apt, or it cannot bring the package: what it said.
pub fn unpack(package: &str) -> Result<Unpacked> {
    unpack_into(&paths::installed().join("debian"), package)
}

fn unpack_into(folder: &Path, package: &str) -> Result<Unpacked> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let unpacked = Unpacked {
        root: folder.join(package),
        tried: paths::repository()
            .join("tests/real/debian")
            .join(format!("{package}.txt")),
    };
    let guard = folder.join(format!("{package}.lock"));
    let guard = File::create(&guard).with_context(|| format!("cannot create {}", guard.display()))?;
    guard.lock().context("cannot lock the unpacking")?;
    if unpacked.root.is_dir() {
        return Ok(unpacked);
    }
    let fresh = tempfile::Builder::new()
        .prefix(&format!("{package}-"))
        .tempdir_in(folder)
        .context("cannot create a folder for the packages")?;
    let archives = download(&fresh.path().join("apt"), package)?;
    let tree = fresh.path().join("tree");
    let mut versions = String::new();
    for archive in archives {
        let fields = [OsStr::new("-W"), OsStr::new("--showformat=${Package} ${Version}\\n")];
        versions += &done("dpkg-deb", fields.into_iter().chain([archive.as_os_str()]))?;
        done("dpkg-deb", [OsStr::new("-x"), archive.as_os_str(), tree.as_os_str()])?;
    }
    fs::write(tree.join(VERSIONS), versions).context("cannot record the versions")?;
    fs::rename(&tree, &unpacked.root).with_context(|| format!("cannot create {}", unpacked.root.display()))?;
    Ok(unpacked)
}

/// The archives of a package and of what it needs, which apt brings into a folder. Its lists are its own: those of the machine may be
/// missing, or name versions that the mirror has dropped.
fn download(folder: &Path, package: &str) -> Result<Vec<PathBuf>> {
    let (lists, cache) = (folder.join("lists"), folder.join("cache"));
    for part in [lists.join("partial"), cache.join("archives/partial")] {
        fs::create_dir_all(&part).with_context(|| format!("cannot create {}", part.display()))?;
    }
    let option = |name: &str, path: &Path| {
        let mut option = OsString::from(format!("-o{name}="));
        option.push(path);
        option
    };
    let options = [
        option("Dir::State::lists", &lists),
        option("Dir::Cache", &cache),
        // The machine's own locks are root's.
        OsString::from("-oDebug::NoLocking=true"),
        // As root, apt would download as a user who may not write here.
        OsString::from("-oAPT::Sandbox::User=root"),
        OsString::from("-qq"),
    ];
    let update = run(
        "apt-get",
        options.iter().map(OsString::as_os_str).chain([OsStr::new("update")]),
    )?;
    let words = [
        "--yes",
        "--no-install-recommends",
        "--reinstall",
        "--download-only",
        "install",
        package,
    ];
    let install = run(
        "apt-get",
        options
            .iter()
            .map(OsString::as_os_str)
            .chain(words.iter().map(OsStr::new)),
    )?;
    if !install.status.success() {
        // Where the lists did not come, apt says so here and goes on, and there it knows no package.
        bail!(
            "apt cannot bring the Debian package {package}:\n{}\n{}\nThe packages come from the mirror that apt is configured to use.",
            said(&update),
            said(&install)
        );
    }
    let mut archives = Vec::new();
    for entry in fs::read_dir(cache.join("archives")).context("cannot read what apt brought")? {
        let path = entry.context("cannot read what apt brought")?.path();
        if path.extension() == Some(OsStr::new("deb")) {
            archives.push(path);
        }
    }
    if archives.is_empty() {
        bail!(
            "apt brought nothing for the Debian package {package}:\n{}",
            said(&install)
        );
    }
    archives.sort();
    Ok(archives)
}

impl Unpacked {
    /// A file of the packages, by its path on a machine where they are installed.
    ///
    /// # Errors
    /// If they have no such file.
    pub fn file(&self, path: &str) -> Result<PathBuf> {
        let file = self.root.join(path.trim_start_matches('/'));
        if !file.exists() {
            bail!("the packages in {} have no {path}", self.root.display());
        }
        Ok(file)
    }

    /// The folders with shared libraries, for `LD_LIBRARY_PATH`.
    ///
    /// # Errors
    /// If a folder cannot be read.
    pub fn libraries(&self) -> Result<OsString> {
        let mut found = Vec::new();
        find_libraries(&self.root, &mut found)?;
        found.sort();
        std::env::join_paths(found).context("the path of the target directory has a colon in it")
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The packages whose versions are not those that were tried: what to look at when a program of theirs fails.
    ///
    /// # Errors
    /// If the versions cannot be read.
    pub fn untried(&self) -> Result<Vec<String>> {
        let here = self.root.join(VERSIONS);
        let here = fs::read_to_string(&here).with_context(|| format!("cannot read {}", here.display()))?;
        let tried = fs::read_to_string(&self.tried).with_context(|| format!("cannot read {}", self.tried.display()))?;
        Ok(differences(&here, &tried))
    }
}

/// Packages of one list whose version is another one in the other list. One that is in one list alone is no difference: which are
/// unpacked depends on what the machine has.
fn differences(here: &str, tried: &str) -> Vec<String> {
    let tried: BTreeMap<&str, &str> = tried.lines().filter_map(|line| line.split_once(' ')).collect();
    let others = here.lines().filter_map(|line| {
        let (package, version) = line.split_once(' ')?;
        let known = tried.get(package).filter(|known| **known != version)?;
        Some(format!("{package} {version} (tried: {known})"))
    });
    others.collect()
}

/// The folders below one that hold shared libraries.
fn find_libraries(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut holds = false;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            find_libraries(&entry.path(), found)?;
        } else {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            holds |= name.ends_with(".so") || name.contains(".so.");
        }
    }
    if holds {
        found.push(folder.to_owned());
    }
    Ok(())
}

/// What a program prints that must succeed.
fn done<'a>(program: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<String> {
    let output = run(program, arguments)?;
    if !output.status.success() {
        bail!("{program} failed:\n{}", said(&output));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn run<'a>(program: &str, arguments: impl IntoIterator<Item = &'a OsStr>) -> Result<Output> {
    let output = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("LC_ALL", "C.UTF-8")
        .output();
    match output {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("`{program}` is not on PATH: only Debian and its kin can set this component up by themselves")
        }
        output => output.with_context(|| format!("cannot start {program}")),
    }
}

/// Both streams of a program that failed.
fn said(output: &Output) -> String {
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    text.trim().to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a panic is a test's report")]
mod tests {
    use super::*;

    #[test]
    fn two_processes_unpack_once_and_the_program_runs() {
        let folder = tempfile::tempdir().unwrap();
        let unpack = || unpack_into(folder.path(), "hello").unwrap();
        let (first, second) = std::thread::scope(|scope| {
            let other = scope.spawn(unpack);
            (unpack(), other.join().unwrap())
        });
        assert_eq!(first, second);
        let output = Command::new(first.file("/usr/bin/hello").unwrap()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout), "Hello, world!\n");
        let versions = fs::read_to_string(first.root().join(VERSIONS)).unwrap();
        assert!(versions.starts_with("hello "), "{versions}");
        assert!(first.file("/usr/bin/goodbye").is_err());
        let mut left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["hello", "hello.lock"]);
    }

    #[test]
    fn a_package_that_does_not_exist_is_a_failure_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let error = unpack_into(folder.path(), "tfgen-no-such-package").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("Unable to locate package tfgen-no-such-package"),
            "{error}"
        );
        assert!(!folder.path().join("tfgen-no-such-package").exists());
    }

    #[test]
    fn other_versions_than_those_that_were_tried_are_named() {
        let tried = "a 1\nb 2\nc 3\n";
        assert_eq!(differences("a 1\nb 2.1\nd 4\n", tried), ["b 2.1 (tried: 2)"]);
    }
}
