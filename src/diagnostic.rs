//! Faults of a file that a person wrote, as values: what, where, what was expected, what next.

mod render;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

pub use render::{Style, render};

/// A text that diagnostics point into.
#[derive(Debug)]
pub struct Source {
    /// Name as the user knows it: the path that was given.
    pub name: String,
    /// Content, without a byte order mark.
    pub text: String,
    /// Byte at which each line starts; a roster of 20,000 faulty rows asks for as many positions.
    line_starts: OnceLock<Vec<usize>>,
}

impl Source {
    /// A source that diagnostics can share.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
        })
    }

    /// Line and column of a byte offset, both from 1; columns count characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let offset = floor_boundary(&self.text, offset);
        let starts = self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= offset);
        let start = line
            .checked_sub(1)
            .and_then(|index| starts.get(index))
            .copied()
            .unwrap_or(0);
        (line, self.text[start..offset].chars().count() + 1)
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be made of the file.
    Error,
    /// Probably not what was meant.
    Warning,
}

/// A place in a source with a remark.
#[derive(Debug, Clone)]
pub struct Label {
    /// The text that the place is in.
    pub source: Arc<Source>,
    /// Bytes of the place, never beyond the line on which it starts.
    pub span: Range<usize>,
    /// Remark under the underline: for the primary label, what was expected.
    pub text: String,
}

impl Label {
    fn new(source: &Arc<Source>, span: Range<usize>, text: impl Into<String>) -> Self {
        let start = floor_boundary(&source.text, span.start);
        let end = floor_boundary(&source.text, span.end).max(start);
        // A diagnostic about something long, like a heredoc, underlines its first line.
        let first_line = source.text[start..end].split(['\n', '\r']).next().unwrap_or("");
        Self {
            source: Arc::clone(source),
            span: start..start + first_line.len(),
            text: clip(text.into()),
        }
    }
}

/// One fault.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where, with what was expected; absent where there is no text to point into.
    pub primary: Option<Label>,
    /// Other places that take part.
    pub related: Vec<Label>,
    /// What to do next, one line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Severity::Error, message)
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, message)
    }

    fn new(severity: Severity, message: impl Into<String>) -> Self {
        Self {
            severity,
            message: clip(message.into()),
            primary: None,
            related: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Sets the place and what was expected there.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>, expected: impl Into<String>) -> Self {
        self.primary = Some(Label::new(source, span, expected));
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn also(mut self, source: &Arc<Source>, span: Range<usize>, text: impl Into<String>) -> Self {
        self.related.push(Label::new(source, span, text));
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(clip(text.into()));
        self
    }

    /// Adds "did you mean …" when one of `candidates` is near to `found`.
    #[must_use]
    pub fn nearest<'a>(self, found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(found, candidates) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Source name, line and column of the place; lines and columns count from 1, columns in characters.
    pub fn position(&self) -> Option<(&str, usize, usize)> {
        let label = self.primary.as_ref()?;
        let (line, column) = label.source.position(label.span.start);
        Some((&label.source.name, line, column))
    }
}

/// The candidate that `found` was probably meant to be: at most a third of its letters differ, or one contains the other.
pub fn nearest<'a>(found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    let allowed = (found.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let lower = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&found, &lower);
        let contained = found.len() >= 4 && lower.len() >= 4 && (lower.contains(&found) || found.contains(&lower));
        let near = distance <= allowed || contained;
        if near && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Messages repeat what stands in the file; nobody reads a megabyte of it.
fn clip(mut text: String) -> String {
    const LONGEST: usize = 1_000;
    const KEPT: usize = 400;
    if text.len() > LONGEST {
        let end = floor_boundary(&text, text.len() - KEPT);
        text.replace_range(floor_boundary(&text, KEPT)..end, " … ");
    }
    text
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
