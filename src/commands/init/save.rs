//! The file appears whole or not at all, and replaces nothing unasked.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;

use crate::commands::UsageError;
use crate::deployment::FILE_NAME;

/// Fails when `path` exists and may not be replaced: before any question is asked.
///
/// # Errors
/// [`UsageError`] when something stands there.
pub fn refuse_existing(path: &Path, force: bool) -> Result<(), UsageError> {
    // A path that ends in a slash names a folder, whether there is one or not.
    let folder = path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/");
    if folder || path.file_name().is_none() {
        return Err(UsageError(format!(
            "{} is a folder; name the file to write, as {}",
            path.display(),
            path.join(FILE_NAME).display()
        )));
    }
    let Ok(found) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    if found.is_symlink() && !path.exists() {
        return Err(UsageError(format!(
            "{} is a symbolic link to something that does not exist; remove it, or name another file",
            path.display()
        )));
    }
    if force { Ok(()) } else { Err(exists(path)) }
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
    fn a_folder_is_no_file_even_by_force() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("new/")] {
            for force in [false, true] {
                let fault = refuse_existing(&path, force).unwrap_err().to_string();
                assert!(fault.contains("is a folder; name the file to write"), "{fault}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tfgen.hcl");
        std::os::unix::fs::symlink("nowhere", &path).unwrap();
        for force in [false, true] {
            let fault = refuse_existing(&path, force).unwrap_err().to_string();
            assert!(
                fault.contains("a symbolic link to something that does not exist"),
                "{fault}"
            );
        }
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
