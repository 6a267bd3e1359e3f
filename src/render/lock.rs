//! One render at a time in a folder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// Held while a render reads and writes a folder; the system releases it however the process ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock is held for as long as the file is open")] Option<File>);

/// Waits until nobody else renders into `folder`; `waiting` is called once when that takes time.
///
/// The folder itself is locked where the system has locks for folders, otherwise a file among the temporary ones, so that
/// nothing is left behind in the tree. A file system without locks is no reason not to render.
///
/// # Errors
/// Those of `waiting`.
pub fn acquire(folder: &Path, waiting: impl FnOnce() -> io::Result<()>) -> io::Result<Lock> {
    let Ok(file) = open(folder) else {
        return Ok(Lock(None));
    };
    match file.try_lock() {
        Ok(()) => Ok(Lock(Some(file))),
        Err(TryLockError::WouldBlock) => {
            waiting()?;
            let held = file.lock().is_ok();
            Ok(Lock(held.then_some(file)))
        }
        Err(TryLockError::Error(_)) => Ok(Lock(None)),
    }
}

#[cfg(unix)]
fn open(folder: &Path) -> io::Result<File> {
    File::open(folder)
}

#[cfg(not(unix))]
fn open(folder: &Path) -> io::Result<File> {
    use sha2::{Digest as _, Sha256};
    let path = folder.canonicalize()?;
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    File::create(std::env::temp_dir().join(format!("tfgen-{name}.lock")))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_second_one_says_so_and_waits() {
        let folder = tempfile::tempdir().unwrap();
        let first = acquire(folder.path(), || panic!("nobody else is there")).unwrap();
        let (said, hear) = mpsc::channel();
        let path = folder.path().to_owned();
        let second = std::thread::spawn(move || {
            let lock = acquire(&path, || {
                said.send("waiting").unwrap();
                Ok(())
            });
            said.send("done").unwrap();
            lock.unwrap()
        });
        assert_eq!(hear.recv().unwrap(), "waiting");
        assert!(hear.try_recv().is_err(), "it did not wait");
        drop(first);
        assert_eq!(hear.recv().unwrap(), "done");
        drop(second.join().unwrap());
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            0,
            "something is left behind"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_nobodys() {
        let folder = tempfile::tempdir().unwrap();
        assert!(acquire(&folder.path().join("new"), || panic!("nobody else is there")).is_ok());
    }
}
