//! Where configuration comes from: files on disk or in memory, and what was read of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest file that is read, in bytes: what the parser takes.
pub const LARGEST: u64 = crate::syntax::MAX_SIZE as u64;

/// Files and folders, wherever they are. Several threads look at once.
pub trait FileSystem: Sync {
    /// Names of the files and folders in a folder, sorted.
    ///
    /// # Errors
    /// When it is no folder, or cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;

    /// The content of a file.
    ///
    /// # Errors
    /// When it is no regular file, larger than [`LARGEST`], or cannot be read.
    fn read(&self, file: &Path) -> io::Result<Vec<u8>>;

    /// The one path of a file or folder, so that two ways to it are seen to be one.
    ///
    /// # Errors
    /// When it does not exist, or its links go round in circles.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;

    /// Whether what is not here is nowhere: a few files in memory are not all that Terraform will find.
    fn is_everything(&self) -> bool;
}

/// A name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Whether it is a folder, links followed.
    pub is_folder: bool,
}

/// The files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl FileSystem for Disk {
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            // A link that leads nowhere or in a circle is a name without a folder behind it.
            let is_folder = std::fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
            // A name that is not Unicode is no name of a configuration file.
            if let Ok(name) = entry.file_name().into_string() {
                entries.push(Entry { name, is_folder });
            }
        }
        entries.sort();
        Ok(entries)
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        let metadata = std::fs::metadata(file)?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        if metadata.len() > LARGEST {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it has {} bytes, and at most {LARGEST} are read", metadata.len()),
            ));
        }
        std::fs::read(file)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }

    fn is_everything(&self) -> bool {
        true
    }
}

/// Files that exist in memory alone, by path; paths are taken as they are.
#[derive(Debug, Clone, Default)]
pub struct Memory(pub BTreeMap<PathBuf, Vec<u8>>);

impl FileSystem for Memory {
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let folder = normal(folder);
        let mut entries = BTreeSet::new();
        for path in self.0.keys() {
            let Ok(rest) = path.strip_prefix(&folder) else { continue };
            let mut parts = rest.components();
            if let Some(first) = parts.next() {
                entries.insert(Entry {
                    name: first.as_os_str().to_string_lossy().into_owned(),
                    is_folder: parts.next().is_some(),
                });
            }
        }
        if entries.is_empty() {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        }
        Ok(entries.into_iter().collect())
    }

    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        self.0
            .get(&normal(file))
            .cloned()
            .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(normal(path))
    }

    fn is_everything(&self) -> bool {
        false
    }
}

/// A path without `.` and `..`.
pub fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !normal.pop() {
                    normal.push("..");
                }
            }
            other => normal.push(other),
        }
    }
    normal
}

/// A file of a run; an index into [`Files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A file that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its path, as it was found from the path that was given.
    pub path: PathBuf,
    /// Its text.
    pub text: Arc<str>,
}

/// All files of a run.
#[derive(Debug, Default)]
pub struct Files(Vec<SourceFile>);

impl Files {
    /// Adds a file.
    pub fn add(&mut self, path: PathBuf, text: impl Into<Arc<str>>) -> FileId {
        self.0.push(SourceFile {
            path,
            text: text.into(),
        });
        FileId(self.0.len() - 1)
    }

    /// A file that was added.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.0.get(id.0)
    }

    /// All files, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.0.iter().enumerate().map(|(index, file)| (FileId(index), file))
    }
}
