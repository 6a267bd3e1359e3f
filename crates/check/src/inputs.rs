//! What a path stands for: folders of configuration, and files of other kinds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use terraform::module::{Disk, FileKind, FileSystem as _, file_kind};

use crate::Error;

/// What is to be looked at.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Folders with configuration.
    pub folders: BTreeSet<PathBuf>,
    /// Files that were named themselves: findings in other files do not count.
    pub named: BTreeSet<PathBuf>,
    /// Files in JSON that may be policies or settings.
    pub json: BTreeSet<PathBuf>,
    /// Files of AWS configuration.
    pub aws_config: BTreeSet<PathBuf>,
    /// Whether a folder was named, so that everything counts.
    pub whole: bool,
}

/// Folders that hold what others have written or Terraform has fetched.
const PASSED_OVER: [&str; 3] = ["node_modules", "target", "vendor"];

impl Found {
    /// Adds what a path that was named stands for.
    ///
    /// # Errors
    /// When there is nothing at the path, or it cannot be read.
    pub fn add(&mut self, path: &Path) -> Result<(), Error> {
        let metadata = std::fs::metadata(path).map_err(|error| Error::at(path, error))?;
        if metadata.is_dir() {
            self.whole = true;
            return self.folder(path);
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        match file_kind(&name).0 {
            FileKind::Config | FileKind::Override | FileKind::Test | FileKind::Variables => {
                let folder = parent(path);
                let in_tests = matches!(file_kind(&name).0, FileKind::Test) && folder.ends_with("tests");
                self.folders.insert(if in_tests { parent(&folder) } else { folder });
                self.named.insert(path.to_owned());
            }
            FileKind::Other if is_aws_config(path) || !name.ends_with(".json") => {
                self.aws_config.insert(path.to_owned());
                self.named.insert(path.to_owned());
            }
            FileKind::Other => {
                self.json.insert(path.to_owned());
                self.named.insert(path.to_owned());
            }
        }
        Ok(())
    }

    /// Everything below a folder. Links to folders are not followed: they would go round in circles.
    fn folder(&mut self, folder: &Path) -> Result<(), Error> {
        let entries = Disk.list(folder).map_err(|error| Error::at(folder, error))?;
        for entry in entries {
            let path = folder.join(&entry.name);
            if entry.is_folder {
                let hidden = entry.name.starts_with('.') && !matches!(entry.name.as_str(), ".claude" | ".aws");
                let linked = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
                if !hidden && !linked && !PASSED_OVER.contains(&entry.name.as_str()) {
                    self.folder(&path)?;
                }
                continue;
            }
            match file_kind(&entry.name).0 {
                FileKind::Config | FileKind::Override => {
                    self.folders.insert(folder.to_owned());
                }
                FileKind::Test | FileKind::Variables => {}
                FileKind::Other if is_aws_config(&path) => {
                    self.aws_config.insert(path);
                }
                FileKind::Other if entry.name.ends_with(".json") => {
                    self.json.insert(path);
                }
                FileKind::Other => {}
            }
        }
        Ok(())
    }
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn is_aws_config(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "config")
        && path
            .parent()
            .and_then(Path::file_name)
            .is_some_and(|folder| folder == ".aws")
}
