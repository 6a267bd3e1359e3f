//! A block with what override files say about it.

use super::files::FileId;
use crate::ast::{Attribute, Block, Body, Syntax};

/// The body of a block, and of its overrides, which come later. An argument of a later layer replaces the earlier one;
/// so do all nested blocks of one type.
///
/// Source: <https://developer.hashicorp.com/terraform/language/files/override>
#[derive(Debug, Clone)]
pub struct View<'b> {
    layers: Vec<(FileId, &'b Body)>,
}

impl<'b> View<'b> {
    /// A body that nothing overrides.
    pub fn single(file: FileId, body: &'b Body) -> Self {
        Self {
            layers: vec![(file, body)],
        }
    }

    /// A body and its overrides, in their order.
    pub fn layered(layers: impl IntoIterator<Item = (FileId, &'b Body)>) -> Self {
        Self {
            layers: layers.into_iter().collect(),
        }
    }

    /// The file of the block itself.
    pub fn file(&self) -> Option<FileId> {
        self.layers.first().map(|(file, _)| *file)
    }

    /// The body of the block itself.
    pub fn body(&self) -> Option<&'b Body> {
        self.layers.first().map(|(_, body)| *body)
    }

    /// Whether an override file says something about it.
    pub fn is_overridden(&self) -> bool {
        self.layers.len() > 1
    }

    /// Whether it is written in JSON, where arguments and blocks look alike.
    pub fn is_json(&self) -> bool {
        self.layers.iter().any(|(_, body)| body.syntax == Syntax::Json)
    }

    /// The arguments that count.
    pub fn attributes(&self) -> Vec<(FileId, &'b Attribute)> {
        let mut found: Vec<(FileId, &Attribute)> = Vec::new();
        for (file, body) in &self.layers {
            for attribute in body.attributes() {
                match found
                    .iter_mut()
                    .find(|(_, known)| known.name.text == attribute.name.text)
                {
                    Some(known) => *known = (*file, attribute),
                    None => found.push((*file, attribute)),
                }
            }
        }
        found
    }

    /// The argument of this name that counts.
    pub fn attribute(&self, name: &str) -> Option<(FileId, &'b Attribute)> {
        self.layers
            .iter()
            .rev()
            .find_map(|(file, body)| body.attribute(name).map(|attribute| (*file, attribute)))
    }

    /// The nested blocks that count.
    pub fn blocks(&self) -> Vec<(FileId, &'b Block)> {
        let mut found: Vec<(FileId, &Block)> = Vec::new();
        for (index, (file, body)) in self.layers.iter().enumerate() {
            if index > 0 {
                found.retain(|(_, known)| body.blocks().all(|block| !replaces(block, known)));
            }
            found.extend(body.blocks().map(|block| (*file, block)));
        }
        found
    }

    /// The nested blocks of this type that count.
    pub fn blocks_of(&self, kind: &str) -> Vec<(FileId, &'b Block)> {
        let mut blocks = self.blocks();
        blocks.retain(|(_, block)| block.kind.text == kind);
        blocks
    }
}

/// Whether a block of an override file takes the place of an earlier one: `dynamic "x"` stands for `x`.
fn replaces(new: &Block, old: &Block) -> bool {
    stands_for(new) == stands_for(old)
}

fn stands_for(block: &Block) -> &str {
    match block.labels.as_slice() {
        [label] if block.kind.text == "dynamic" => &label.text,
        _ => &block.kind.text,
    }
}
