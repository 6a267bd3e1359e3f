//! The file appears whole or not at all, and replaces nothing unasked.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;

use crate::commands::UsageError;

/// Fails when `path` exists and may not be replaced: before any question is asked.
///
/// # Errors
/// [`UsageError`] when something stands there.
pub fn refuse_existing(path: &Path, force: bool) -> Result<(), UsageError> {
    if force || fs::symlink_metadata(path).is_err() {
        return Ok(());
    }
    Err(exists(path))
}

fn exists(path: &Path) -> UsageError {
    UsageError(format!(
        "{} exists and is left as it is; name another file, or replace it with --force",
        path.display()
    ))
}

/// Writes `text` to `path` in one step.
///
/// # Errors
/// When the folder cannot be written to, or `path` exists and `force` was not given.
pub fn save(path: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tfgen-init-");
    // Readable like any other source file, within the user's umask.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let place = || format!("cannot write {}", path.display());
    let mut file = builder.tempfile_in(folder).with_context(place)?;
    file.write_all(text.as_bytes()).with_context(place)?;
    file.as_file().sync_all().with_context(place)?;
    let result = if force {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    match result {
        Ok(_) => Ok(()),
        Err(fault) if fault.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path).into()),
        Err(fault) => Err(fault.error).with_context(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_exists_is_replaced_only_by_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tfgen.hcl");
        save(&path, "one", false).unwrap();
        assert!(refuse_existing(&path, false).is_err());
        assert!(save(&path, "two", false).unwrap_err().is::<UsageError>());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        refuse_existing(&path, true).unwrap();
        save(&path, "two", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        let left: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "nothing else is left behind");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent").join("tfgen.hcl");
        let fault = format!("{:#}", save(&path, "", false).unwrap_err());
        assert!(
            fault.starts_with("cannot write ") && fault.contains("absent"),
            "{fault}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_not_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tfgen.hcl");
        save(&path, "", false).unwrap();
        assert_ne!(fs::metadata(&path).unwrap().permissions().mode() & 0o400, 0);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o111, 0);
    }
}
