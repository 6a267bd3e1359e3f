//! What a path stands for: folders of configuration, and files of other kinds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use terraform::module::{Disk, FileKind, FileSystem, Unread, file_kind};

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
    /// Folders that cannot be read.
    pub unread: Vec<Unread>,
    /// Whether a folder was named, so that everything counts.
    pub whole: bool,
}

/// Folders that hold what others have written or Terraform has fetched.
const PASSED_OVER: [&str; 3] = ["node_modules", "target", "vendor"];

impl Found {
    /// Adds what a path that was named stands for.
    ///
    /// # Errors
    /// When there is nothing at the path, or nothing is to be known of it.
    pub fn add(&mut self, path: &Path) -> Result<(), Error> {
        let metadata = std::fs::metadata(path).map_err(|error| Error::at(path, error))?;
        if metadata.is_dir() {
            self.whole = true;
            self.folder(&Disk, path);
            return Ok(());
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
    fn folder(&mut self, files: &dyn FileSystem, folder: &Path) {
        let entries = match files.list(folder) {
            Ok(entries) => entries,
            Err(error) => return self.unread.push(Unread::new(folder, &error)),
        };
        for entry in entries {
            let path = folder.join(&entry.name);
            if entry.is_folder {
                let hidden = entry.name.starts_with('.') && !matches!(entry.name.as_str(), ".claude" | ".aws");
                let linked = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
                if !hidden && !linked && !PASSED_OVER.contains(&entry.name.as_str()) {
                    self.folder(files, &path);
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

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// The disk, but for a folder that is closed: to the user who runs the tests none may be.
    struct Closed(PathBuf);

    impl FileSystem for Closed {
        fn list(&self, folder: &Path) -> io::Result<Vec<terraform::module::Entry>> {
            if folder == self.0 {
                return Err(io::Error::from_raw_os_error(13));
            }
            Disk.list(folder)
        }

        fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
            Disk.read(file)
        }

        fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
            Disk.canonical(path)
        }

        fn is_everything(&self) -> bool {
            true
        }
    }

    #[test]
    fn a_folder_that_cannot_be_read_does_not_keep_the_others_from_it() {
        let root = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            std::fs::create_dir(root.path().join(name)).unwrap();
            std::fs::write(root.path().join(name).join("main.tf"), "").unwrap();
        }
        let mut found = Found::default();
        found.folder(&Closed(root.path().join("b")), root.path());
        assert_eq!(found.folders, [root.path().join("a"), root.path().join("c")].into());
        let [unread] = &found.unread[..] else {
            panic!("{:?}", found.unread);
        };
        assert_eq!(unread.path, root.path().join("b"));
        assert_eq!(unread.why, "Permission denied");
    }
}
