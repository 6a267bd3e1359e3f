//! Faults of a file that a person wrote, as values: what, where, what was expected, what next.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use findings::{DEFAULT_WIDTH, Mark, Note, clip, write_notes};

pub use findings::{Severity, Source, Style, nearest};

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
        // A diagnostic about something long, like a heredoc, underlines its first line.
        let span = source.settle(&span);
        let marked = source.text.get(span.clone()).unwrap_or_default();
        let first_line = marked.split(['\n', '\r']).next().unwrap_or_default();
        Self {
            source: Arc::clone(source),
            span: span.start..span.start + first_line.len(),
            text: clip(text.into()),
        }
    }

    fn mark(&self) -> Mark<'_> {
        Mark {
            source: &self.source,
            span: self.span.clone(),
            text: &self.text,
        }
    }
}

/// One fault.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// How bad it is: with an error, nothing can be made of the file.
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
    #[cfg(test)]
    pub fn position(&self) -> Option<(&str, usize, usize)> {
        let label = self.primary.as_ref()?;
        let (line, column) = label.source.position(label.span.start);
        Some((&label.source.name, line, column))
    }

    fn note(&self) -> Note<'_> {
        Note {
            severity: self.severity,
            id: None,
            title: &self.message,
            primary: self.primary.as_ref().map(Label::mark),
            related: self.related.iter().map(Label::mark).collect(),
            help: self.help.iter().map(|help| Cow::Borrowed(help.as_str())).collect(),
        }
    }
}

/// Diagnostics one after the other, in the order of their places: errors and warnings together. Each of the first
/// twenty of a source comes with an excerpt.
pub fn render(diagnostics: &[Diagnostic], style: Style) -> String {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_notes(diagnostics.iter().map(Diagnostic::note), style, DEFAULT_WIDTH, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
