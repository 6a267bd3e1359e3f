//! Modules and the modules that they call.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::Module;
use super::files::{FileSystem, Files, normal};

/// Most modules of one tree; a tree that has more generates itself.
const MOST: usize = 10_000;

/// A module of a tree; an index into [`Tree::modules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleId(usize);

/// Where a module call leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To a module that was read.
    Module(ModuleId),
    /// To a folder that does not exist.
    Missing(PathBuf),
    /// To a package that would have to be fetched.
    Remote(String),
    /// To a module that calls it: Terraform would never end.
    Recursive(PathBuf),
    /// The source is not written as a plain string.
    Unknown,
}

/// A module call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub target: Target,
}

/// Root modules and all that they call.
#[derive(Debug, Default)]
pub struct Tree {
    /// The modules, each folder once.
    modules: Vec<Module>,
    /// The calls of each module.
    calls: Vec<Vec<Call>>,
    by_folder: BTreeMap<PathBuf, ModuleId>,
}

impl Tree {
    /// Reads a folder and the modules that it calls through local paths, or that `terraform init` has installed. What
    /// was read before is not read again.
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub fn add(&mut self, source: &dyn FileSystem, folder: &Path, files: &mut Files) -> io::Result<ModuleId> {
        let installed = installed(source, folder);
        self.visit(source, folder, "", &installed, files, &mut Vec::new())
    }

    /// The modules that no other module calls.
    pub fn roots(&self) -> Vec<ModuleId> {
        let called: BTreeSet<ModuleId> = self
            .calls
            .iter()
            .flatten()
            .filter_map(|call| match call.target {
                Target::Module(id) => Some(id),
                _ => None,
            })
            .collect();
        (0..self.modules.len())
            .map(ModuleId)
            .filter(|id| !called.contains(id))
            .collect()
    }

    /// A module.
    pub fn module(&self, id: ModuleId) -> Option<&Module> {
        self.modules.get(id.0)
    }

    /// All modules, each folder once, in the order in which they were read.
    pub fn modules(&self) -> impl Iterator<Item = (ModuleId, &Module)> {
        self.modules
            .iter()
            .enumerate()
            .map(|(index, module)| (ModuleId(index), module))
    }

    /// The calls of a module, in order.
    pub fn calls(&self, id: ModuleId) -> &[Call] {
        self.calls.get(id.0).map_or(&[], Vec::as_slice)
    }

    /// Where a module's call of this name leads.
    pub fn target(&self, id: ModuleId, name: &str) -> Option<&Target> {
        self.calls(id)
            .iter()
            .find(|call| call.name == name)
            .map(|call| &call.target)
    }

    /// `address` is the path of calls from the root, as `network.subnets`, which `modules.json` knows modules by.
    fn visit(
        &mut self,
        source: &dyn FileSystem,
        folder: &Path,
        address: &str,
        installed: &BTreeMap<String, PathBuf>,
        files: &mut Files,
        above: &mut Vec<PathBuf>,
    ) -> io::Result<ModuleId> {
        let canonical = source.canonical(folder)?;
        if let Some(known) = self.by_folder.get(&canonical) {
            return Ok(*known);
        }
        let module = Module::load(source, folder, files)?;
        let id = ModuleId(self.modules.len());
        self.by_folder.insert(canonical.clone(), id);
        let sources: Vec<(String, Option<String>)> = module
            .of_kind("module")
            .filter_map(|call| {
                let name = call.label(0)?.to_owned();
                let (_, attribute) = call.view().attribute("source")?;
                Some((name, attribute.value.as_string().map(str::to_owned)))
            })
            .collect();
        self.modules.push(module);
        self.calls.push(Vec::new());
        above.push(canonical);
        let mut calls = Vec::new();
        for (name, written) in sources {
            let address = if address.is_empty() {
                name.clone()
            } else {
                format!("{address}.{name}")
            };
            let target = match written {
                None => Target::Unknown,
                Some(written) => {
                    let place = if is_local(&written) {
                        Some(normal(&folder.join(&written)))
                    } else {
                        installed.get(&address).cloned()
                    };
                    match place {
                        None => Target::Remote(written),
                        Some(place) => self.follow(source, place, &address, installed, files, above),
                    }
                }
            };
            calls.push(Call { name, target });
        }
        above.pop();
        if let Some(slot) = self.calls.get_mut(id.0) {
            *slot = calls;
        }
        Ok(id)
    }

    fn follow(
        &mut self,
        source: &dyn FileSystem,
        place: PathBuf,
        address: &str,
        installed: &BTreeMap<String, PathBuf>,
        files: &mut Files,
        above: &mut Vec<PathBuf>,
    ) -> Target {
        let Ok(canonical) = source.canonical(&place) else {
            return Target::Missing(place);
        };
        if above.contains(&canonical) {
            return Target::Recursive(place);
        }
        if self.modules.len() >= MOST {
            return Target::Unknown;
        }
        match self.visit(source, &place, address, installed, files, above) {
            // What could not be read may be all that there is.
            Ok(id)
                if self
                    .module(id)
                    .is_some_and(|module| module.is_empty() && !module.unread.is_empty()) =>
            {
                Target::Unknown
            }
            Ok(id) => Target::Module(id),
            Err(_) => Target::Missing(place),
        }
    }
}

/// Whether a source is a path, which starts with `./` or `../`.
///
/// Source: <https://developer.hashicorp.com/terraform/language/modules/sources#local-paths>
fn is_local(source: &str) -> bool {
    ["./", "../", ".\\", "..\\"]
        .iter()
        .any(|start| source.starts_with(start))
}

/// The folders of modules that `terraform init` has installed, by the path of calls.
fn installed(source: &dyn FileSystem, folder: &Path) -> BTreeMap<String, PathBuf> {
    let record = folder.join(".terraform/modules/modules.json");
    let Ok(bytes) = source.read(&record) else {
        return BTreeMap::new();
    };
    let Ok(record) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        return BTreeMap::new();
    };
    let modules = record.get("Modules").and_then(serde_json::Value::as_array);
    modules
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let key = entry.get("Key")?.as_str()?;
            let place = entry.get("Dir")?.as_str()?;
            Some((key.to_owned(), normal(&folder.join(place))))
        })
        .collect()
}
