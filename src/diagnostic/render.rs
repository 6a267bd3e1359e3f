//! Diagnostics for people.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Label, Severity, Source};

/// How diagnostics are written; the caller knows the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With ANSI colours.
    Coloured,
}

/// Diagnostics of one source that are shown with an excerpt; further ones take a line each.
const EXCERPTS_PER_SOURCE: usize = 20;

/// Two places of a source that are at most so many bytes apart share an excerpt.
const SHARED_EXCERPT: usize = 16 * 1024;

/// Writes diagnostics one after the other, in the order of their places: errors and warnings together.
///
/// The first twenty of each source come with an excerpt; the others are one line each, none is left out.
pub fn render(diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let mut sources: Vec<(*const Source, usize)> = Vec::new();
    let mut out = String::new();
    for diagnostic in diagnostics {
        let shown = diagnostic.primary.as_ref().map_or(0, |label| {
            let key = Arc::as_ptr(&label.source);
            if let Some((_, count)) = sources.iter_mut().find(|(known, _)| *known == key) {
                *count += 1;
                *count - 1
            } else {
                sources.push((key, 1));
                0
            }
        });
        if shown < EXCERPTS_PER_SOURCE {
            out.push_str(&renderer.render(&[group(diagnostic)]));
            out.push_str("\n\n");
        } else {
            out.push_str(&one_line(diagnostic));
            out.push('\n');
        }
    }
    while out.ends_with("\n\n") {
        out.pop();
    }
    out
}

fn one_line(diagnostic: &Diagnostic) -> String {
    let mut out = String::new();
    if let Some((name, line, column)) = diagnostic.position() {
        let _ = write!(out, "{name}:{line}:{column}: ");
    }
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let _ = write!(out, "{severity}: {}", diagnostic.message);
    if let Some(label) = diagnostic.primary.as_ref().filter(|label| !label.text.is_empty()) {
        let _ = write!(out, "; {}", label.text);
    }
    for label in &diagnostic.related {
        let (line, _) = label.source.position(label.span.start);
        let _ = write!(out, "; {}:{line}: {}", label.source.name, label.text);
    }
    for help in &diagnostic.help {
        let _ = write!(out, "; {help}");
    }
    out
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(diagnostic.message.as_str())
        .elements(Vec::<Element<'_>>::new());
    if let Some(primary) = &diagnostic.primary {
        let (near, far): (Vec<_>, Vec<_>) = diagnostic.related.iter().partition(|label| is_near(primary, label));
        let mut labels = vec![(AnnotationKind::Primary, primary)];
        labels.extend(near.into_iter().map(|label| (AnnotationKind::Context, label)));
        group = add_excerpt(group, &labels);
        for label in far {
            group = add_excerpt(group, &[(AnnotationKind::Context, label)]);
        }
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

fn is_near(primary: &Label, label: &Label) -> bool {
    Arc::ptr_eq(&primary.source, &label.source) && primary.span.start.abs_diff(label.span.start) <= SHARED_EXCERPT
}

/// Adds the lines that the labels are on. They are in one source, so only that part of it is handed over: the
/// renderer's work grows with the text that it gets.
fn add_excerpt<'a>(group: Group<'a>, labels: &[(AnnotationKind, &'a Label)]) -> Group<'a> {
    let Some((_, first)) = labels.first() else {
        return group;
    };
    let source = &first.source;
    let start = labels.iter().map(|(_, label)| label.span.start).min().unwrap_or(0);
    let end = labels.iter().map(|(_, label)| label.span.end).max().unwrap_or(0);
    let from = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = source.text[end..]
        .find(['\r', '\n'])
        .map_or(source.text.len(), |at| end + at);
    if to == 0 || to - from > 2 * SHARED_EXCERPT {
        // Nothing to show, or a line that no terminal could show.
        return labels.iter().fold(group, |group, (_, label)| {
            let (line, column) = source.position(label.span.start);
            let origin = Origin::path(source.name.as_str()).line(line).char_column(column);
            group.element(origin).element(Level::NOTE.message(label.text.as_str()))
        });
    }
    let text = &source.text[from..to];
    // The renderer would show carriage returns; the places must stay where they are.
    let text = match text.contains('\r') {
        true => Cow::Owned(text.replace('\r', " ")),
        false => Cow::Borrowed(text),
    };
    let (line, _) = source.position(from);
    let annotations = labels.iter().map(|(kind, label)| {
        let annotation = kind.span(label.span.start - from..label.span.end - from);
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(label.text.as_str())
        }
    });
    group.element(
        Snippet::source(text)
            .line_start(line)
            .path(source.name.as_str())
            .annotations(annotations),
    )
}
