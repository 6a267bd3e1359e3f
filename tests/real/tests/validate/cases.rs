//! Configurations: written by hand for single mistakes, and whole ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use real::paths;

/// A module in a folder of its own.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name: letters, digits and hyphens.
    pub name: String,
    /// Its files, by path.
    pub files: BTreeMap<String, String>,
    /// The kind of mistake that was planted.
    pub kind: String,
    /// What was changed where.
    pub change: String,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate")
}

/// The cases of `cases/valid.txt`, `cases/erroneous.txt` and `cases/fixes.txt`, which holds what `--fix` makes of a case
/// behind it and is read by the tests of `check` as well: `=== name` starts one, `--- path` a further file of it.
pub fn hand_written() -> Result<Vec<Case>> {
    written(&["valid.txt", "erroneous.txt", "fixes.txt"])
}

/// The cases of `cases/roots.txt`, whose verdict is that of a root module.
pub fn roots() -> Result<Vec<Case>> {
    written(&["roots.txt"])
}

fn written(files: &[&str]) -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in files {
        let path = here().join("cases").join(file);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for part in text.split("=== ").skip(1) {
            let (name, rest) = part.split_once('\n').unwrap_or((part, ""));
            let mut files = BTreeMap::new();
            for (index, piece) in rest.split("--- ").enumerate() {
                let (path, content) = match index {
                    0 => ("main.tf", piece),
                    _ => piece.split_once('\n').unwrap_or((piece, "")),
                };
                files.insert(path.to_owned(), content.to_owned());
            }
            cases.push(Case {
                name: name.to_owned(),
                files,
                kind: String::new(),
                change: "as written".to_owned(),
            });
        }
    }
    Ok(cases)
}

/// Names of hand-written cases on which we are known to differ: the first word of each line of `cases/known.txt`.
pub fn known_differences() -> Result<Vec<String>> {
    let text = fs::read_to_string(here().join("cases/known.txt")).context("cases/known.txt")?;
    let words = text.lines().filter_map(|line| line.split_once(':'));
    Ok(words.map(|(name, _)| name.to_owned()).collect())
}
/// Whole valid configurations: those of `configurations/`, the modules of this repository, and its roots; those in the
/// folder that `TFGEN_CONFIGURATIONS` names instead, where it names one.
pub fn configurations() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    if let Some(others) = std::env::var_os("TFGEN_CONFIGURATIONS") {
        for folder in folders(Path::new(&others))? {
            cases.push(case("other", &folder)?);
        }
        return Ok(cases);
    }
    for folder in folders(&here().join("configurations"))? {
        cases.push(case("own", &folder)?);
    }
    cases.extend(modules()?);
    let modules = module_folder();
    for root in ["workload", "organization", "identity", "billing"] {
        let mut case = case("root", &paths::repository().join("terraform").join(root))?;
        for text in case.files.values_mut() {
            *text = text.replace("\"../modules/", "\"./modules/");
        }
        for folder in folders(&modules)? {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let used = case
                .files
                .values()
                .any(|text| text.contains(&format!("\"./modules/{name}\"")));
            if used {
                let mut files = BTreeMap::new();
                read(&folder, &format!("modules/{name}/"), &mut files)?;
                case.files.extend(files);
            }
        }
        cases.push(case);
    }
    Ok(cases)
}
/// The modules of this repository.
pub fn modules() -> Result<Vec<Case>> {
    let folders = folders(&module_folder())?;
    folders.iter().map(|folder| case("module", folder)).collect()
}

fn module_folder() -> PathBuf {
    paths::repository().join("terraform/modules")
}

fn folders(parent: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(parent).with_context(|| parent.display().to_string())?;
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}
fn case(kind: &str, folder: &Path) -> Result<Case> {
    let mut files = BTreeMap::new();
    read(folder, "", &mut files)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Ok(Case {
        name: format!("{kind}-{name}"),
        files,
        kind: String::new(),
        change: "as written".to_owned(),
    })
}

/// Everything but tests, which a called module does not have.
fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if name != "tests" && !name.starts_with('.') {
                read(&path, &format!("{prefix}{name}/"), files)?;
            }
        } else if !name.starts_with('.')
            && let Ok(text) = fs::read_to_string(&path)
        {
            files.insert(format!("{prefix}{name}"), text);
        }
    }
    Ok(())
}
