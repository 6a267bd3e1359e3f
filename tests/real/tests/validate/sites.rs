//! Places in a file, by what stands there.

use std::ops::Range;

use ::terraform::ast::{Attribute, Block, Body, Expression, ExpressionKind, Item};
use ::terraform::syntax::parse_file;

/// A file, and what stands in it.
pub struct Text<'t> {
    /// As written.
    pub source: &'t str,
    /// As read.
    pub body: Body,
}

impl<'t> Text<'t> {
    /// Reads a file.
    pub fn new(source: &'t str) -> Self {
        Self {
            source,
            body: parse_file(source).0,
        }
    }

    /// All blocks, with the blocks that they stand in, outermost first.
    pub fn blocks(&self) -> Vec<(Vec<&Block>, &Block)> {
        let mut found = Vec::new();
        nested(&self.body, &mut Vec::new(), &mut found);
        found
    }

    /// All arguments, with the blocks that they stand in.
    pub fn attributes(&self) -> Vec<(Vec<&Block>, &Attribute)> {
        let mut found = Vec::new();
        for (above, block) in self.blocks() {
            let mut path = above;
            path.push(block);
            found.extend(block.body.attributes().map(|attribute| (path.clone(), attribute)));
        }
        found
    }

    /// All expressions and their parts, references as a whole.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut found = Vec::new();
        for (_, attribute) in self.attributes() {
            if !matches!(attribute.name.text.as_str(), "type" | "source" | "version") {
                parts(&attribute.value, &mut found);
            }
        }
        found
    }

    /// The text of a range.
    pub fn of(&self, range: &Range<usize>) -> &'t str {
        &self.source[range.clone()]
    }
}

fn nested<'b>(body: &'b Body, above: &mut Vec<&'b Block>, found: &mut Vec<(Vec<&'b Block>, &'b Block)>) {
    for item in &body.items {
        if let Item::Block(block) = item {
            found.push((above.clone(), block));
            above.push(block);
            nested(&block.body, above, found);
            above.pop();
        }
    }
}

fn parts<'e>(expression: &'e Expression, found: &mut Vec<&'e Expression>) {
    found.push(expression);
    if expression.as_traversal().is_some() && !matches!(expression.kind, ExpressionKind::Variable(_)) {
        return;
    }
    for child in expression.children() {
        parts(child, found);
    }
}
