//! Kinds of mistakes, and the places of a file where each can be planted.

mod declarations;
mod expressions;
mod provider;
mod structure;

use std::ops::Range;

use ::terraform::ast::{Attribute, Expression};

use crate::sites::Text;

pub use provider::VALUES;

/// A replacement of a part of a file.
pub type Edit = (Range<usize>, String);

/// All places of a file where a kind of mistake can be planted.
pub type Plant = fn(&Text<'_>) -> Vec<Edit>;

/// The kinds of mistakes in structure, references, expressions and declarations.
pub fn kinds() -> impl Iterator<Item = &'static (&'static str, Plant)> {
    [
        structure::KINDS,
        provider::ADDITIONS,
        expressions::KINDS,
        declarations::KINDS,
    ]
    .into_iter()
    .flatten()
}

/// More text at a place.
pub fn after(at: usize, text: &str) -> Edit {
    (at..at, text.to_owned())
}

/// Another word: one letter is gone, or one more where only one is there.
pub fn misspelt(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 2 {
        return format!("{word}x");
    }
    letters.remove(letters.len() / 2);
    letters.into_iter().collect()
}

/// One more line in blocks of these kinds.
pub fn added(text: &Text<'_>, kinds: &[&str], line: &str) -> Vec<Edit> {
    let blocks = text
        .body
        .blocks()
        .filter(|block| kinds.contains(&block.kind.text.as_str()));
    blocks
        .map(|block| after(block.body.span.start, &format!("\n  {line}\n")))
        .collect()
}

/// Arguments of blocks of resources and modules, and what is below them.
pub fn settings<'t>(text: &'t Text<'_>) -> impl Iterator<Item = &'t Attribute> {
    text.attributes()
        .into_iter()
        .filter(|(above, it)| {
            let kind = above.first().map_or("", |block| block.kind.text.as_str());
            matches!(kind, "resource" | "data" | "module" | "output" | "locals")
                && !matches!(it.name.text.as_str(), "source" | "description")
        })
        .map(|(_, it)| it)
}

/// Other values for what is set in resources, modules, outputs and local values.
pub fn values(text: &Text<'_>, with: &str) -> Vec<Edit> {
    settings(text)
        .map(|it| (it.value.span.clone(), with.to_owned()))
        .collect()
}

/// Edits of such values.
pub fn of_values(text: &Text<'_>, edit: impl Fn(&Expression) -> Option<Edit>) -> Vec<Edit> {
    settings(text).filter_map(|it| edit(&it.value)).collect()
}

/// Other text for words.
pub fn literals(text: &Text<'_>, with: impl Fn(&str) -> String) -> Vec<Edit> {
    of_values(text, |value| {
        let word = value.as_string()?;
        let plain = !word.contains(['"', '\\', '\n', '$', '%']);
        plain.then(|| (value.span.clone(), with(word)))
    })
}
