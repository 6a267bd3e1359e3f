//! Modules: the folders that configuration stands in, what they declare, and how they call each other.

mod files;
mod load;
mod tree;
mod view;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use files::{Disk, Entry, FileId, FileSystem, Files, LARGEST, Memory, SourceFile, normal};
pub use load::{FileKind, Unread, file_kind, read_body, read_text};
pub use tree::{Call, ModuleId, Target, Tree};
pub use view::View;

use crate::ast::{Attribute, Block, Body};
use crate::syntax::SyntaxError;

/// A block at the top of a file, and what override files say about it.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// Its file.
    pub file: FileId,
    /// The block.
    pub block: Block,
    /// Blocks of override files, in their order.
    pub overrides: Vec<(FileId, Block)>,
}

impl Declaration {
    /// What it says in the end.
    pub fn view(&self) -> View<'_> {
        let overrides = self.overrides.iter().map(|(file, block)| (*file, &block.body));
        View::layered(std::iter::once((self.file, &self.block.body)).chain(overrides))
    }

    /// The text of a label.
    pub fn label(&self, index: usize) -> Option<&str> {
        self.block.labels.get(index).map(|label| label.text.as_str())
    }
}

/// A local value.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its file.
    pub file: FileId,
    /// Name and value.
    pub attribute: Attribute,
}

/// A file beside the configuration: of tests, or of values of variables.
#[derive(Debug, Clone)]
pub struct SideFile {
    /// The file.
    pub file: FileId,
    /// What stands in it.
    pub body: Body,
}

/// A folder of configuration.
#[derive(Debug, Clone, Default)]
pub struct Module {
    /// The folder, as it was found from the path that was given.
    pub folder: PathBuf,
    /// Its files, in the order in which Terraform reads them.
    pub files: Vec<FileId>,
    /// Blocks at the top of its files, in order; locals are apart.
    pub declarations: Vec<Declaration>,
    /// Local values, in order, of all `locals` blocks.
    pub locals: Vec<Local>,
    /// Arguments at the top of a file, where Terraform has none.
    pub stray: Vec<(FileId, Attribute)>,
    /// Blocks of override files that override nothing.
    pub orphans: Vec<(FileId, Block)>,
    /// Files of tests, in the folder and in its folder `tests`.
    pub tests: Vec<SideFile>,
    /// Files of values of variables, in the folder.
    pub values: Vec<SideFile>,
    /// Places that are no valid syntax.
    pub errors: Vec<(FileId, SyntaxError)>,
    /// Files that could not be read.
    pub unread: Vec<Unread>,
    /// The first declaration of each kind and labels.
    index: BTreeMap<(String, String, String), usize>,
    /// The first local value of each name.
    local_index: BTreeMap<String, usize>,
}

impl Module {
    /// The declarations of a kind, in order.
    pub fn of_kind<'m>(&'m self, kind: &'m str) -> impl Iterator<Item = &'m Declaration> {
        self.declarations
            .iter()
            .filter(move |declaration| declaration.block.kind.text == kind)
    }

    /// The first declaration of a kind with this label: a variable, an output, a module call.
    pub fn named(&self, kind: &str, name: &str) -> Option<&Declaration> {
        self.labelled(kind, name, "")
    }

    /// The first declaration of a kind with these labels: `resource`, `data` or `ephemeral`, type and name.
    pub fn labelled(&self, kind: &str, first: &str, second: &str) -> Option<&Declaration> {
        let key = (kind.to_owned(), first.to_owned(), second.to_owned());
        self.declarations.get(*self.index.get(&key)?)
    }

    /// The local value of this name.
    pub fn local(&self, name: &str) -> Option<&Local> {
        self.locals.get(*self.local_index.get(name)?)
    }

    /// Whether it has no configuration at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}
