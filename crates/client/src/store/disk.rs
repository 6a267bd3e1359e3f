//! Reading and writing of single files.

use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::{Found, Unusable, Why};
use crate::error::{Error, Kind};

/// Largest file that is read: tokens have some kilobytes.
const LARGEST: u64 = 1024 * 1024;
/// Age from which a temporary file is one that nobody finishes any more: writing takes milliseconds.
const STALE: Duration = Duration::from_secs(3600);
/// How names of temporary files end.
const TEMPORARY: &str = ".tmp";
/// Who may do what with a file of ours: its owner may read and write it.
pub(crate) const PRIVATE: u32 = 0o600;

/// The text of a private file.
pub(crate) fn read(path: &Path) -> Found<Zeroizing<String>> {
    let unusable = |why| {
        Found::Unusable(Unusable {
            place: path.display().to_string(),
            why,
        })
    };
    match open(path) {
        Ok(Some((file, metadata))) => {
            if let Some(why) = reachable(&metadata) {
                return unusable(why);
            }
            match content(file, &metadata) {
                Ok(bytes) => match String::from_utf8(bytes) {
                    Ok(text) if text.is_empty() => unusable(Why::Empty),
                    Ok(text) => Found::There(Zeroizing::new(text)),
                    Err(_) => unusable(Why::Content),
                },
                Err(why) => unusable(why),
            }
        }
        Ok(None) => Found::Nothing,
        Err(why) => unusable(why),
    }
}

/// A file that others may own and read.
pub(crate) struct Shared {
    /// Its content.
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    /// What the system knows of it.
    pub(crate) metadata: Metadata,
}

/// A file that others may own and read. `None` when there is none.
pub(crate) fn read_shared(path: &Path) -> Result<Option<Shared>, Error> {
    let read = open(path).and_then(|opened| {
        let Some((file, metadata)) = opened else {
            return Ok(None);
        };
        let bytes = Zeroizing::new(content(file, &metadata)?);
        Ok(Some(Shared { bytes, metadata }))
    });
    read.map_err(|why| {
        let unusable = Unusable {
            place: path.display().to_string(),
            why,
        };
        Error::new(Kind::Storage, unusable.to_string())
    })
}

/// Who may do what with a file that is there, where the system says it in such a number.
pub(crate) fn mode(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path)
            .ok()
            .map(|metadata| metadata.permissions().mode() & 0o777)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Opens a file. A pipe is refused before it is opened, since opening it could wait for ever.
fn open(path: &Path) -> Result<Option<(File, Metadata)>, Why> {
    let absent = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
        _ => Err(Why::Unreadable(error.to_string())),
    };
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => return Err(Why::Folder),
        Ok(metadata) if !metadata.is_file() => return Err(Why::NoFile),
        Ok(_) => {}
        Err(error) => return absent(error),
    }
    // What is judged is the opened file, whatever the path leads to by now.
    let opened = patiently(&[SHARING_VIOLATION, LOCK_VIOLATION], || File::open(path))
        .and_then(|file| file.metadata().map(|metadata| (file, metadata)));
    opened.map(Some).or_else(absent)
}

fn content(file: File, metadata: &Metadata) -> Result<Vec<u8>, Why> {
    if metadata.len() > LARGEST {
        return Err(Why::TooLarge);
    }
    // With room for all, the text is nowhere else in memory.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1);
    file.take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| Why::Unreadable(error.to_string()))?;
    Ok(bytes)
}

/// Why others could have read or written a file. Windows keeps a user's folders from others by itself.
#[cfg(unix)]
fn reachable(metadata: &Metadata) -> Option<Why> {
    use std::os::unix::fs::MetadataExt;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Some(Why::Foreign { owner: metadata.uid() });
    }
    let mode = metadata.mode() & 0o777;
    (mode & 0o077 != 0).then_some(Why::Open { mode })
}

#[cfg(not(unix))]
fn reachable(_: &Metadata) -> Option<Why> {
    None
}

/// Writes a file that only its owner can read, and the folder around it if there is none.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Error> {
    write_as(path, content, PRIVATE, Keep::Always)
}

/// How long a file is worth something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It outlasts a failure of power.
    Always,
    /// Nobody misses it after one, so writing need not wait for the disk.
    WhileRunning,
}

/// Writes a file with these permissions, which count on Unix: readers see its old content or its new one.
pub(crate) fn write_as(path: &Path, content: &[u8], mode: u32, keep: Keep) -> Result<(), Error> {
    let failed = |error: std::io::Error| {
        let advice = match error.kind() {
            // Windows calls that denied.
            _ if path.is_dir() => "a folder of this name is in the way: move it away",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk",
            ErrorKind::PermissionDenied => "look who owns the folder, and whether you may write into it",
            ErrorKind::ReadOnlyFilesystem => "the home folder must be writable",
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                "a file is where one of its folders has to be: move it away"
            }
            _ => "look whether the folder exists and whether there is room on the disk",
        };
        Error::new(
            Kind::Storage,
            format!("{} could not be written: {error}", path.display()),
        )
        .advise(advice)
    };
    let folder = folder(path).map_err(failed)?;
    let written = (|| {
        let mut file = tempfile::Builder::new()
            .prefix(&prefix(path))
            .suffix(TEMPORARY)
            .tempfile_in(folder)?;
        permit(file.as_file(), mode)?;
        file.write_all(content)?;
        if keep == Keep::Always {
            // Without it a power failure could leave the new name with nothing behind it.
            file.as_file().sync_all()?;
        }
        // The standard library's renaming replaces files that somebody has open on Windows, which that of tempfile does not.
        let (file, temporary) = file.keep().map_err(|error| error.error)?;
        drop(file);
        replace(&temporary, path).inspect_err(|_| {
            // What cannot be removed either is found later.
            let _ = fs::remove_file(&temporary);
        })
    })();
    written.map_err(failed)?;
    for leftover in leftovers(path, false) {
        // The next writer tries again.
        let _ = fs::remove_file(leftover);
    }
    Ok(())
}

/// Gives a file the name of another, which is gone then.
fn replace(from: &Path, to: &Path) -> std::io::Result<()> {
    // Windows refuses while somebody reads the old file without leave to remove it, as scanners for viruses do, and on file systems
    // where nobody can give it.
    patiently(&[ACCESS_DENIED, SHARING_VIOLATION, LOCK_VIOLATION], || {
        fs::rename(from, to)
    })
}

/// Errors of Windows.
/// Source: <https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499->
const ACCESS_DENIED: i32 = 5;
const SHARING_VIOLATION: i32 = 32;
const LOCK_VIOLATION: i32 = 33;

/// Does something again, for a second, where these errors of Windows say that another program is at the file: it is done with a small
/// one in no time.
fn patiently<T>(passing: &[i32], act: impl Fn() -> std::io::Result<T>) -> std::io::Result<T> {
    let mut attempts = if cfg!(windows) { 100 } else { 1 };
    loop {
        attempts -= 1;
        match act() {
            Err(error) if attempts > 0 && error.raw_os_error().is_some_and(|code| passing.contains(&code)) => {
                std::thread::sleep(Duration::from_millis(10));
            }
            done => return done,
        }
    }
}

/// Removes a file. Whether there was one.
pub(crate) fn remove(path: &Path) -> Result<bool, Error> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(Error::new(
            Kind::Storage,
            format!("{} could not be removed: {error}", path.display()),
        )
        .advise("remove it yourself")),
    }
}

/// Temporary files of writers that were killed. All of them, or those alone that no writer can still be at.
pub(crate) fn leftovers(path: &Path, all: bool) -> Vec<PathBuf> {
    let Some(folder) = path.parent() else {
        return Vec::new();
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let now = SystemTime::now();
    let stale = |entry: &fs::DirEntry| {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        modified.is_ok_and(|then| now.duration_since(then).is_ok_and(|age| age > STALE))
    };
    let prefix = prefix(path);
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with(&prefix) && name.ends_with(TEMPORARY) && (all || stale(entry))
        })
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// How names of temporary files for a file begin. No profile's name has a comma, so none is taken for another's.
fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name},")
}

/// The folder of a file, which is made if it is not there, for nobody else to look into.
pub(crate) fn folder(path: &Path) -> std::io::Result<&Path> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.is_dir() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(folder)?;
    }
    Ok(folder)
}

#[cfg(unix)]
fn permit(file: &File, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // Temporary files are private already: nobody could read it before.
    match mode {
        PRIVATE => Ok(()),
        mode => file.set_permissions(fs::Permissions::from_mode(mode)),
    }
}

#[cfg(not(unix))]
fn permit(_: &File, _: u32) -> std::io::Result<()> {
    Ok(())
}
