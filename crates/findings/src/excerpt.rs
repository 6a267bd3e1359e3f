//! Messages for people with the lines that they are about.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::source::BYTE_ORDER_MARK;
use crate::text::{lines, one_line};
use crate::{Severity, Source};

/// How messages are written; the caller knows the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text only.
    Plain,
    /// With ANSI colours.
    Coloured,
}

/// A place in a text with a remark.
#[derive(Debug, Clone)]
pub struct Mark<'a> {
    /// The text.
    pub source: &'a Arc<Source>,
    /// Bytes of it.
    pub span: Range<usize>,
    /// Remark under the underlined place; often empty.
    pub text: &'a str,
}

/// A message about places in texts.
#[derive(Debug, Clone)]
pub struct Note<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// Id of the rule that says it.
    pub id: Option<&'a str>,
    /// What is wrong, in one line.
    pub title: &'a str,
    /// Where; absent where there is no text to point into.
    pub primary: Option<Mark<'a>>,
    /// Other places that take part.
    pub related: Vec<Mark<'a>>,
    /// What to do next, one line each.
    pub help: Vec<Cow<'a, str>>,
}

/// Messages about one source that are shown with an excerpt; further ones take a line each.
const EXCERPTS_PER_SOURCE: usize = 20;

/// Two places of a source that are at most so many bytes apart share an excerpt.
const SHARED_EXCERPT: usize = 16 * 1024;

/// Columns of excerpts where the caller does not know better.
pub const DEFAULT_WIDTH: usize = 140;

/// Writes messages one after the other.
///
/// The first twenty about each source come with an excerpt of at most `width` columns; the others are one line each, which is
/// said where they begin; none is left out. Places outside of their text are moved into it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_notes<'a>(
    notes: impl IntoIterator<Item = Note<'a>>,
    style: Style,
    width: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.term_width(width);
    let mut shown: HashMap<*const Source, usize> = HashMap::new();
    let mut separator = "";
    for mut note in notes {
        note.settle();
        let earlier = note.primary.as_ref().map_or(0, |mark| {
            let count = shown.entry(Arc::as_ptr(mark.source)).or_default();
            *count += 1;
            *count - 1
        });
        out.write_all(separator.as_bytes())?;
        if earlier < EXCERPTS_PER_SOURCE {
            out.write_all(renderer.render(&[group(&note)]).as_bytes())?;
            separator = "\n\n";
        } else {
            if earlier == EXCERPTS_PER_SOURCE {
                let name = note.primary.as_ref().map_or("", |mark| &mark.source.name);
                writeln!(
                    out,
                    "excerpts of {} end here, after {EXCERPTS_PER_SOURCE}: what follows takes a line each",
                    one_line(name)
                )?;
            }
            out.write_all(line(&note).as_bytes())?;
            separator = "\n";
        }
    }
    if !separator.is_empty() {
        out.write_all(b"\n")?;
    }
    Ok(())
}

impl Note<'_> {
    fn settle(&mut self) {
        for mark in self.primary.iter_mut().chain(&mut self.related) {
            mark.settle();
        }
    }
}

impl Mark<'_> {
    /// Moves the place to what can be shown: whole characters, no line break at its end, no more than an excerpt holds.
    fn settle(&mut self) {
        let span = self.source.settle(&self.span);
        let start = span.start;
        let marked = self.source.text.get(span).unwrap_or_default();
        let mut len = marked.trim_end_matches(['\r', '\n']).len();
        if len > SHARED_EXCERPT {
            len = marked.find(['\r', '\n']).unwrap_or(len);
        }
        self.span = start..start + len;
    }
}

fn line(note: &Note<'_>) -> String {
    let mut out = String::new();
    if let Some(mark) = &note.primary {
        let (line, column) = mark.source.position(mark.span.start);
        out.push_str(&format!("{}:{line}:{column}: ", one_line(&mark.source.name)));
    }
    out.push_str(note.severity.as_str());
    if let Some(id) = note.id {
        out.push_str(&format!("[{id}]"));
    }
    out.push_str(&format!(": {}", one_line(note.title)));
    if let Some(mark) = note.primary.as_ref().filter(|mark| !mark.text.is_empty()) {
        out.push_str(&format!("; {}", one_line(mark.text)));
    }
    for mark in &note.related {
        let (line, _) = mark.source.position(mark.span.start);
        out.push_str(&format!(
            "; {}:{line}: {}",
            one_line(&mark.source.name),
            one_line(mark.text)
        ));
    }
    for help in &note.help {
        out.push_str(&format!("; {}", one_line(help)));
    }
    out
}

fn group<'a>(note: &'a Note<'_>) -> Group<'a> {
    let level = match note.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let mut title = level.primary_title(lines(note.title));
    if let Some(id) = note.id {
        title = title.id(id);
    }
    let mut group = title.elements(Vec::<Element<'_>>::new());
    if let Some(primary) = &note.primary {
        let (near, far): (Vec<_>, Vec<_>) = note.related.iter().partition(|mark| is_near(primary, mark));
        let mut marks = vec![(AnnotationKind::Primary, primary)];
        marks.extend(near.into_iter().map(|mark| (AnnotationKind::Context, mark)));
        group = add_excerpt(group, &marks);
        for mark in far {
            group = add_excerpt(group, &[(AnnotationKind::Context, mark)]);
        }
    }
    for help in &note.help {
        group = group.element(Level::HELP.message(lines(help)));
    }
    group
}

fn is_near(primary: &Mark<'_>, mark: &Mark<'_>) -> bool {
    Arc::ptr_eq(primary.source, mark.source) && primary.span.start.abs_diff(mark.span.start) <= SHARED_EXCERPT
}

/// Adds the lines that the marks are on. They are in one source, so only that part of it is handed over: the
/// renderer's work grows with the text that it gets.
fn add_excerpt<'a>(group: Group<'a>, marks: &[(AnnotationKind, &'a Mark<'_>)]) -> Group<'a> {
    let Some((_, first)) = marks.first() else {
        return group;
    };
    let source: &'a Source = first.source;
    let start = marks.iter().map(|(_, mark)| mark.span.start).min().unwrap_or(0);
    let end = marks.iter().map(|(_, mark)| mark.span.end).max().unwrap_or(0);
    let before = source.text.get(..start).unwrap_or_default();
    let mut from = before.rfind('\n').map_or(0, |at| at + 1);
    // A byte order mark has no column.
    if from == 0 && source.text.starts_with(BYTE_ORDER_MARK) {
        from = BYTE_ORDER_MARK.len_utf8();
    }
    let after = source.text.get(end..).unwrap_or_default();
    let to = after.find(['\r', '\n']).map_or(source.text.len(), |at| end + at);
    if to == 0 || to.saturating_sub(from) > 3 * SHARED_EXCERPT {
        // Nothing to show, or a line that no terminal could show.
        return marks.iter().fold(group, |group, (_, mark)| {
            let (line, column) = source.position(mark.span.start);
            let origin = Origin::path(one_line(&source.name)).line(line).char_column(column);
            let group = group.element(origin);
            match mark.text {
                "" => group,
                text => group.element(Level::NOTE.message(lines(text))),
            }
        });
    }
    let text = source.text.get(from..to).unwrap_or_default();
    // The renderer would show carriage returns; the places must stay where they are.
    let mut text = match text.contains('\r') {
        true => Cow::Owned(text.replace('\r', " ")),
        false => Cow::Borrowed(text),
    };
    // It does not see the empty line at the end, where something may be missing.
    if text.ends_with('\n') {
        text.to_mut().push(' ');
    }
    let (line, _) = source.position(from);
    let annotations = marks.iter().map(|(kind, mark)| {
        let span = mark.span.start.saturating_sub(from)..mark.span.end.saturating_sub(from);
        let annotation = kind.span(span);
        if mark.text.is_empty() {
            annotation
        } else {
            annotation.label(lines(mark.text))
        }
    });
    group.element(
        Snippet::source(text)
            .line_start(line)
            .path(one_line(&source.name))
            .annotations(annotations),
    )
}
