//! Bodies, blocks, comments and the blank lines between them.

use hcl::{Attribute, Block, Body, Structure};

use super::layout::Page;
use super::quoted;
use super::syntax::identifier;
use super::{File, Item, WriteError};

/// What the last written part of a body was, which decides whether a blank line comes before the next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Line,
    Comment,
    Block,
}

pub(super) fn write(file: &File) -> Result<String, WriteError> {
    let mut page = Page::default();
    for line in &file.header {
        comment(&mut page, line)?;
    }
    let mut last = Last::Nothing;
    let mut blank = !file.header.is_empty();
    for (index, item) in file.items.iter().enumerate() {
        if matches!(item, Item::Blank) {
            blank |= last != Last::Nothing;
            continue;
        }
        // A comment belongs to the item that follows it.
        let following = file
            .items
            .iter()
            .skip(index)
            .find(|item| !matches!(item, Item::Comment(_)));
        let around_block = last == Last::Block || (matches!(following, Some(Item::Block(_))) && last != Last::Comment);
        if blank || (around_block && last != Last::Nothing) {
            page.text.push('\n');
        }
        blank = false;
        last = match item {
            Item::Comment(text) => {
                for line in text.split('\n') {
                    comment(&mut page, line)?;
                }
                Last::Comment
            }
            Item::Attribute(attribute) => {
                self::attribute(&mut page, attribute, 0)?;
                Last::Line
            }
            Item::Block(block) => {
                self::block(&mut page, block, 0)?;
                Last::Block
            }
            Item::Blank => last,
        };
    }
    crate::format(&page.text).map_err(|error| WriteError::Internal(error.to_string()))
}

fn comment(page: &mut Page, line: &str) -> Result<(), WriteError> {
    if line.chars().any(|c| c.is_control() && c != '\t') {
        return Err(WriteError::Comment(line.to_owned()));
    }
    page.text.push('#');
    let line = line.trim_end();
    if !line.is_empty() {
        page.text.push(' ');
        page.text.push_str(line);
    }
    page.text.push('\n');
    Ok(())
}

fn body(page: &mut Page, body: &Body, depth: usize) -> Result<(), WriteError> {
    let mut last = Last::Nothing;
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                if last == Last::Block {
                    page.text.push('\n');
                }
                self::attribute(page, attribute, depth)?;
                last = Last::Line;
            }
            Structure::Block(block) => {
                if last != Last::Nothing {
                    page.text.push('\n');
                }
                self::block(page, block, depth)?;
                last = Last::Block;
            }
        }
    }
    Ok(())
}

fn attribute(page: &mut Page, attribute: &Attribute, depth: usize) -> Result<(), WriteError> {
    page.indent(depth);
    page.text.push_str(identifier(&attribute.key)?);
    page.text.push_str(" = ");
    page.argument(&attribute.expr, depth)?;
    page.text.push('\n');
    Ok(())
}

fn block(page: &mut Page, block: &Block, depth: usize) -> Result<(), WriteError> {
    page.indent(depth);
    page.text.push_str(identifier(&block.identifier)?);
    for label in &block.labels {
        page.text.push(' ');
        quoted::string(label.as_str(), &mut page.text);
    }
    if block.body.0.is_empty() {
        page.text.push_str(" {}\n");
        return Ok(());
    }
    page.text.push_str(" {\n");
    body(page, &block.body, depth + 1)?;
    page.indent(depth);
    page.text.push_str("}\n");
    Ok(())
}
