//! Reading a folder.

use std::io;
use std::path::{Path, PathBuf};

use super::files::{Entry, FileId, FileSystem, Files};
use super::{Declaration, Local, Module, SideFile};
use crate::ast::{Block, Body, Item};
use crate::parallel;
use crate::syntax::{SyntaxError, parse_file, parse_json, parse_json_variables};

/// What a file is for, by its name; in the order in which the files of a module are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// Configuration: `.tf`, `.tf.json`.
    Config,
    /// Configuration that overrides other configuration: `override.tf`, `*_override.tf`, and the same in JSON.
    Override,
    /// Tests: `.tftest.hcl`, `.tftest.json`.
    Test,
    /// Values of variables: `.tfvars`, `.tfvars.json`.
    Variables,
    /// Nothing of Terraform's.
    Other,
}

/// What a file of this name is for, and whether it is written in JSON.
///
/// Source: <https://developer.hashicorp.com/terraform/language/files>
pub fn file_kind(name: &str) -> (FileKind, bool) {
    let hidden = name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    if hidden {
        return (FileKind::Other, false);
    }
    let config = name
        .strip_suffix(".tf")
        .map(|stem| (stem, false))
        .or_else(|| name.strip_suffix(".tf.json").map(|stem| (stem, true)));
    if let Some((stem, json)) = config {
        let overrides = stem == "override" || stem.ends_with("_override");
        let kind = if overrides {
            FileKind::Override
        } else {
            FileKind::Config
        };
        return (kind, json);
    }
    if name.ends_with(".tftest.hcl") || name.ends_with(".tftest.json") {
        return (FileKind::Test, name.ends_with(".json"));
    }
    if name.ends_with(".tfvars") || name.ends_with(".tfvars.json") {
        return (FileKind::Variables, name.ends_with(".json"));
    }
    (FileKind::Other, false)
}

/// A file that could not be read.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub why: String,
    /// Line and column, from 1, of the first byte that is not UTF-8.
    pub position: Option<(usize, usize)>,
    /// Where it is not UTF-8: what it holds, the faulty bytes replaced, and where the first of them is in that.
    pub faulty: Option<(String, usize)>,
}

impl Unread {
    /// Of a file or folder that the system does not give.
    pub fn new(path: &Path, error: &io::Error) -> Self {
        Self {
            path: path.to_owned(),
            why: describe(error),
            position: None,
            faulty: None,
        }
    }
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn read_text(files: &dyn FileSystem, path: &Path) -> Result<String, Unread> {
    let bytes = files.read(path).map_err(|error| Unread::new(path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = bytes.get(..valid).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let text = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default());
        let why = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is UTF-16; Terraform reads UTF-8 alone".to_owned(),
            _ => format!(
                "it is not UTF-8: the byte 0x{:02x} has no meaning here",
                bytes.get(valid).copied().unwrap_or_default()
            ),
        };
        Unread {
            path: path.to_owned(),
            why,
            position: Some((line, text.chars().count() + 1)),
            faulty: Some((String::from_utf8_lossy(bytes).into_owned(), valid)),
        }
    })
}

/// The system's words without its number.
fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

impl Module {
    /// Reads the configuration in a folder. What cannot be read is noted and left out.
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub fn load(source: &dyn FileSystem, folder: &Path, files: &mut Files) -> io::Result<Self> {
        let mut module = Self {
            folder: folder.to_owned(),
            ..Self::default()
        };
        let wanted = wanted(source, folder)?;
        let read = parallel::map(&wanted, |(kind, json, path)| {
            read_text(source, path).map(|text| {
                let (body, errors) = parse(&text, *kind, *json);
                (text, body, errors)
            })
        });
        let mut indexed = false;
        for ((kind, _, path), read) in wanted.into_iter().zip(read) {
            let (text, body, errors) = match read {
                Ok(read) => read,
                Err(unread) => {
                    module.unread.push(unread);
                    continue;
                }
            };
            let file = files.add(path, text);
            module.errors.extend(errors.into_iter().map(|error| (file, error)));
            // What overrides something needs to find it.
            if kind != FileKind::Config && !indexed {
                module.index();
                indexed = true;
            }
            match kind {
                FileKind::Config => {
                    module.files.push(file);
                    module.add(file, body);
                }
                FileKind::Override => {
                    module.files.push(file);
                    module.add_overrides(file, body);
                }
                FileKind::Test => module.tests.push(SideFile { file, body }),
                FileKind::Variables => module.values.push(SideFile { file, body }),
                FileKind::Other => {}
            }
        }
        if !indexed {
            module.index();
        }
        Ok(module)
    }

    fn add(&mut self, file: FileId, body: Body) {
        for item in body.items {
            match item {
                Item::Attribute(attribute) => self.stray.push((file, attribute)),
                Item::Block(block) if block.kind.text == "locals" && block.labels.is_empty() => {
                    self.add_locals(file, block);
                }
                Item::Block(block) => self.declarations.push(Declaration {
                    file,
                    block,
                    overrides: Vec::new(),
                }),
            }
        }
    }

    fn add_locals(&mut self, file: FileId, block: Block) {
        let mut rest = block.clone();
        rest.body.items.clear();
        for item in block.body.items {
            match item {
                Item::Attribute(attribute) => self.locals.push(Local { file, attribute }),
                nested @ Item::Block(_) => rest.body.items.push(nested),
            }
        }
        // Only a block that holds what it must not hold is of interest.
        if !rest.body.items.is_empty() {
            self.declarations.push(Declaration {
                file,
                block: rest,
                overrides: Vec::new(),
            });
        }
    }

    fn index(&mut self) {
        for (at, declaration) in self.declarations.iter().enumerate() {
            self.index.entry(key(&declaration.block)).or_insert(at);
        }
        for (at, local) in self.locals.iter().enumerate() {
            self.local_index.entry(local.attribute.name.text.clone()).or_insert(at);
        }
    }

    fn add_overrides(&mut self, file: FileId, body: Body) {
        for item in body.items {
            match item {
                Item::Attribute(attribute) => self.stray.push((file, attribute)),
                Item::Block(block) if block.kind.text == "locals" => {
                    for attribute in block.body.attributes() {
                        match self.local_index.get(&attribute.name.text) {
                            Some(at) => {
                                if let Some(local) = self.locals.get_mut(*at) {
                                    *local = Local {
                                        file,
                                        attribute: attribute.clone(),
                                    };
                                }
                            }
                            None => self.orphans.push((file, block.clone())),
                        }
                    }
                }
                // Settings of Terraform add up, whatever file they stand in.
                Item::Block(block) if block.kind.text == "terraform" => self.declarations.push(Declaration {
                    file,
                    block,
                    overrides: Vec::new(),
                }),
                Item::Block(block) => {
                    let base = self.index.get(&key(&block)).copied();
                    match base.and_then(|at| self.declarations.get_mut(at)) {
                        Some(declaration) => declaration.overrides.push((file, block)),
                        None => self.orphans.push((file, block)),
                    }
                }
            }
        }
    }
}

/// Reads a file of values of variables.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub fn read_body(
    source: &dyn FileSystem,
    path: &Path,
    json: bool,
    files: &mut Files,
) -> Result<(FileId, Body, Vec<SyntaxError>), Unread> {
    let text = read_text(source, path)?;
    let (body, errors) = parse(&text, FileKind::Variables, json);
    Ok((files.add(path.to_owned(), text), body, errors))
}

/// Reads a text in either syntax.
fn parse(text: &str, kind: FileKind, json: bool) -> (Body, Vec<SyntaxError>) {
    match (kind, json) {
        (_, false) => parse_file(text),
        (FileKind::Variables, true) => parse_json_variables(text),
        (_, true) => parse_json(text),
    }
}

/// The files of a module with what they are for and whether they are written in JSON: configuration, what overrides it,
/// tests, values, each by name.
fn wanted(source: &dyn FileSystem, folder: &Path) -> io::Result<Vec<(FileKind, bool, PathBuf)>> {
    let entries = source.list(folder)?;
    let in_folder = |folder: &Path, entries: &[Entry]| -> Vec<(FileKind, bool, PathBuf)> {
        let files = entries.iter().filter(|entry| !entry.is_folder);
        let kinds = files.map(|entry| (file_kind(&entry.name), folder.join(&entry.name)));
        kinds.map(|((kind, json), path)| (kind, json, path)).collect()
    };
    let mut wanted = in_folder(folder, &entries);
    wanted.retain(|(kind, ..)| *kind != FileKind::Other);
    let tests = folder.join("tests");
    if entries.iter().any(|entry| entry.is_folder && entry.name == "tests")
        && let Ok(entries) = source.list(&tests)
    {
        let there = in_folder(&tests, &entries);
        wanted.extend(there.into_iter().filter(|(kind, ..)| *kind == FileKind::Test));
    }
    wanted.sort_by_key(|(kind, ..)| *kind);
    Ok(wanted)
}

/// Kind and labels; for a provider configuration its name and alias.
fn key(block: &Block) -> (String, String, String) {
    let label = |index: usize| {
        block
            .labels
            .get(index)
            .map_or(String::new(), |label| label.text.clone())
    };
    let second = if block.kind.text == "provider" {
        let alias = block.body.attribute("alias");
        alias
            .and_then(|alias| alias.value.as_string())
            .unwrap_or_default()
            .to_owned()
    } else {
        label(1)
    };
    (block.kind.text.clone(), label(0), second)
}
