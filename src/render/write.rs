//! Comparing a tree with what is on disk, and writing it so that a crash or an edit by hand loses nothing.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::manifest::{self, Manifest};
use super::tree::{self, File, Kind, Tree};
use crate::steps;

/// Prefix and suffix of files that are not in place yet; leftovers of a killed render are recognised by them.
const TEMPORARY: (&str, &str) = (".tfgen-", ".tmp");

/// What a render would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// Files that do not exist yet.
    pub create: Vec<String>,
    /// Files of an earlier render whose content changes.
    pub update: Vec<String>,
    /// Files of an earlier render that are no longer part of the tree.
    pub delete: Vec<String>,
    /// Files that are somebody else's, or were edited by hand.
    pub conflicts: Vec<Conflict>,
    /// Files that stay as they are.
    pub unchanged: usize,
    /// Whether an earlier render did not finish.
    pub interrupted: bool,
    /// Whether the manifest itself changes, as after an update of tfgen.
    pub manifest_changes: bool,
}

/// A file that render will not touch without `--force`.
#[derive(Debug)]
pub struct Conflict {
    /// Its path.
    pub path: String,
    /// Why it is left alone.
    pub reason: &'static str,
    /// From what is on disk to what would be written; empty where the file cannot be shown as text.
    pub diff: String,
}

impl Plan {
    /// Whether the folder already holds exactly what would be written.
    pub fn is_clean(&self) -> bool {
        self.create.is_empty()
            && self.update.is_empty()
            && self.delete.is_empty()
            && self.conflicts.is_empty()
            && !self.interrupted
            && !self.manifest_changes
    }
}

/// Compares `tree` with the folder `out`, whose last render was `previous`.
///
/// # Errors
/// When a file or folder cannot be read.
pub fn plan(out: &Path, tree: &Tree, previous: Option<&Manifest>, next: &Manifest) -> anyhow::Result<Plan> {
    let mut plan = Plan {
        interrupted: previous.is_some_and(|manifest| !manifest.pending.is_empty()),
        manifest_changes: previous != Some(next),
        ..Plan::default()
    };
    for (path, file) in tree {
        let known = |text: &str| previous.is_some_and(|manifest| is_ours(manifest, path, file.kind, text));
        match on_disk(out, path)? {
            OnDisk::Missing => plan.create.push(path.clone()),
            OnDisk::Text(_) if file.kind == Kind::Seed => plan.unchanged += 1,
            OnDisk::Text(text) if tree::normalised(file.kind, &text) == tree::normalised(file.kind, &file.content) => {
                plan.unchanged += 1;
            }
            OnDisk::Text(text) if known(&text) => plan.update.push(path.clone()),
            OnDisk::Text(text) => plan.conflicts.push(Conflict {
                path: path.clone(),
                reason: if previous.is_some_and(|manifest| manifest.files.contains_key(path)) {
                    "was edited by hand"
                } else {
                    "exists and is not a file of tfgen"
                },
                // A tick is carried over, so it is no difference.
                diff: match file.kind {
                    Kind::Checklist => diff(path, &text, &steps::carry_ticks(&text, &file.content)),
                    Kind::Generated | Kind::Seed => diff(path, &text, &file.content),
                },
            }),
            OnDisk::Other(reason) => {
                plan.conflicts.push(Conflict {
                    path: path.clone(),
                    reason,
                    diff: String::new(),
                });
            }
        }
    }
    for path in gone(tree, previous) {
        let kind = kind_of(&path);
        match on_disk(out, &path)? {
            OnDisk::Missing => {}
            OnDisk::Text(text) if previous.is_some_and(|manifest| is_ours(manifest, &path, kind, &text)) => {
                plan.delete.push(path);
            }
            // Terraform has updated it since: it is the reader's now.
            OnDisk::Text(_) if kind == Kind::Seed => {}
            OnDisk::Text(text) => plan.conflicts.push(Conflict {
                reason: "is no longer part of the deployment, but was edited by hand",
                diff: diff(&path, &text, ""),
                path,
            }),
            OnDisk::Other(reason) => plan.conflicts.push(Conflict {
                path,
                reason,
                diff: String::new(),
            }),
        }
    }
    Ok(plan)
}

/// Writes what `plan` says, conflicts included: the caller has made sure that they may be overwritten.
///
/// The manifest is written twice: first with the hashes of both states, so that the files of an interrupted render are
/// recognised as tfgen's own, and finally without the old ones.
///
/// # Errors
/// When a file cannot be written; what was written until then is complete, and the next render goes on.
pub fn apply(out: &Path, tree: &Tree, plan: &Plan, previous: Option<&Manifest>, next: &Manifest) -> anyhow::Result<()> {
    remove_leftovers(out, tree)?;
    if plan.is_clean() {
        return Ok(());
    }
    let mut journal = previous.cloned().unwrap_or_else(|| next.without_files());
    // What an interrupted render wrote stays recognisable through the next interruption.
    for (path, hash) in &next.files {
        journal.pending.entry(path.clone()).or_default().insert(hash.clone());
    }
    // The state that Terraform will see from now on must not be forgotten by a crash between the two manifests.
    journal.roots = next.roots.clone();
    write_atomically(&out.join(manifest::PATH), &journal.to_text()?)?;

    let conflicts = plan.conflicts.iter().map(|conflict| &conflict.path);
    for path in plan.create.iter().chain(&plan.update).chain(conflicts.clone()) {
        if let Some(file) = tree.get(path) {
            write_file(out, path, file)?;
        }
    }
    for path in plan
        .delete
        .iter()
        .chain(conflicts.filter(|path| !tree.contains_key(*path)))
    {
        delete(out, path)?;
    }
    write_atomically(&out.join(manifest::PATH), &next.to_text()?)
}

/// Hashes of all files of a tree.
pub fn hashes(tree: &Tree) -> std::collections::BTreeMap<String, String> {
    tree.iter()
        .map(|(path, file)| (path.clone(), tree::hash(file.kind, &file.content)))
        .collect()
}

fn is_ours(manifest: &Manifest, path: &str, kind: Kind, text: &str) -> bool {
    let hash = tree::hash(kind, text);
    manifest.files.get(path) == Some(&hash) || manifest.pending.get(path).is_some_and(|hashes| hashes.contains(&hash))
}

fn gone(tree: &Tree, previous: Option<&Manifest>) -> BTreeSet<String> {
    previous
        .into_iter()
        .flat_map(|manifest| manifest.files.keys().chain(manifest.pending.keys()))
        .filter(|path| !tree.contains_key(*path))
        .cloned()
        .collect()
}

/// Kind of a file that is no longer in the tree, by its name.
fn kind_of(path: &str) -> Kind {
    match path.rsplit('/').next() {
        Some("MANUAL_STEPS.md") => Kind::Checklist,
        Some(".terraform.lock.hcl") => Kind::Seed,
        _ => Kind::Generated,
    }
}

enum OnDisk {
    Missing,
    Text(String),
    Other(&'static str),
}

fn on_disk(out: &Path, path: &str) -> anyhow::Result<OnDisk> {
    let full = out.join(path);
    match fs::symlink_metadata(&full) {
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(OnDisk::Missing);
        }
        Err(error) => return Err(error).with_context(|| format!("{} cannot be examined", full.display())),
        Ok(metadata) if metadata.is_dir() => return Ok(OnDisk::Other("is a folder")),
        Ok(metadata) if metadata.is_symlink() => return Ok(OnDisk::Other("is a symbolic link")),
        Ok(_) => {}
    }
    let bytes = fs::read(&full).with_context(|| format!("{} cannot be read", full.display()))?;
    Ok(String::from_utf8(bytes).map_or(OnDisk::Other("is not a text file"), OnDisk::Text))
}

fn write_file(out: &Path, path: &str, file: &File) -> anyhow::Result<()> {
    let full = out.join(path);
    let content = match (file.kind, on_disk(out, path)?) {
        (_, OnDisk::Other(reason)) => bail!("{} {reason}; move it away and render again", full.display()),
        (Kind::Checklist, OnDisk::Text(old)) => steps::carry_ticks(&old, &file.content),
        (_, _) => file.content.clone(),
    };
    write_atomically(&full, &content)
}

/// Writes a file so that it appears whole or not at all.
///
/// # Errors
/// When it cannot be written; what was there is untouched then.
pub fn write_atomically(path: &Path, content: &str) -> anyhow::Result<()> {
    let cannot = || format!("{} cannot be written", path.display());
    let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        // A temporary file is private by default; these are as public as the umask lets them be.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(&folder).with_context(cannot)?;
    temporary.write_all(content.as_bytes()).with_context(cannot)?;
    temporary.as_file().sync_all().with_context(cannot)?;
    temporary.persist(path).with_context(cannot)?;
    Ok(())
}

fn delete(out: &Path, path: &str) -> anyhow::Result<()> {
    let full = out.join(path);
    fs::remove_file(&full).with_context(|| format!("{} cannot be removed", full.display()))?;
    let mut folder = full.parent();
    // Folders that are empty now go too; one that is not empty ends the walk.
    while let Some(empty) = folder.filter(|folder| *folder != out) {
        if fs::remove_dir(empty).is_err() {
            break;
        }
        folder = empty.parent();
    }
    Ok(())
}

/// Removes the temporary files that a killed render left in the tree's folders.
fn remove_leftovers(out: &Path, tree: &Tree) -> anyhow::Result<()> {
    let folders: BTreeSet<PathBuf> = tree
        .keys()
        .map(String::as_str)
        .chain([manifest::PATH])
        .filter_map(|path| out.join(path).parent().map(Path::to_path_buf))
        .collect();
    for folder in folders {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
                fs::remove_file(entry.path())
                    .with_context(|| format!("{} cannot be removed", entry.path().display()))?;
            }
        }
    }
    Ok(())
}

fn diff(path: &str, old: &str, new: &str) -> String {
    let old = old.replace("\r\n", "\n");
    similar::TextDiff::from_lines(old.as_str(), new)
        .unified_diff()
        .context_radius(2)
        .header(&format!("{path} (on disk)"), &format!("{path} (rendered)"))
        .to_string()
}
