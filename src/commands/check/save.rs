//! A fixed file replaces the one that was read, whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use findings::fix::FixedFile;

/// Writes a file with its fixes. It keeps its permissions, and stays what a link points to.
///
/// # Errors
/// When it is not what was checked any more, is write-protected, or cannot be written to.
pub fn save(file: &FixedFile) -> anyhow::Result<()> {
    let name = Path::new(&file.source.name);
    let cannot = || format!("`{}` cannot be fixed", name.display());
    let path = fs::canonicalize(name).with_context(cannot)?;
    let metadata = fs::metadata(&path).with_context(cannot)?;
    if metadata.permissions().readonly() {
        bail!("`{}` cannot be fixed: it is write-protected", name.display());
    }
    if fs::read(&path).with_context(cannot)? != file.source.text.as_bytes() {
        bail!(
            "`{}` cannot be fixed: it has changed since it was read, or holds bytes that are no UTF-8",
            name.display()
        );
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new()
        .prefix(".tfgen-check-")
        .tempfile_in(folder)
        .with_context(cannot)?;
    temporary.write_all(file.text.as_bytes()).with_context(cannot)?;
    temporary
        .as_file()
        .set_permissions(metadata.permissions())
        .with_context(cannot)?;
    temporary.as_file().sync_all().with_context(cannot)?;
    temporary.persist(&path).with_context(cannot)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use findings::Source;

    use super::*;

    fn fixed(path: &Path, before: &str) -> FixedFile {
        FixedFile {
            source: Source::new(path.display().to_string(), before),
            text: "after\r\n".to_owned(),
        }
    }

    #[test]
    fn what_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.tf");
        fs::write(&path, "somebody else's").unwrap();
        assert!(save(&fixed(&path, "before")).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's");
        fs::write(&path, b"\xff").unwrap();
        assert!(save(&fixed(&path, "\u{fffd}")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.tf");
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.tf");
        symlink(&path, &link).unwrap();
        save(&fixed(&link, "before")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after\r\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            2,
            "nothing else is left behind"
        );
    }
}
