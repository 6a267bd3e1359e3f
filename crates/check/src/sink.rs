//! Where rules put what they find.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use findings::{Finding, Place, Rule, Severity, Source, Undetermined};
use terraform::ast::Span;
use terraform::module::{FileId, Files};

/// The texts of a run, by file.
#[derive(Debug, Default)]
pub(crate) struct Sources(BTreeMap<FileId, Arc<Source>>);

impl Sources {
    /// The texts of all files that were read.
    pub fn new(files: &Files) -> Self {
        let sources = files
            .iter()
            .map(|(id, file)| (id, Source::new(display(&file.path), file.text.as_ref())));
        Self(sources.collect())
    }

    /// A place in a file.
    pub fn place(&self, file: FileId, span: &Span) -> Place {
        match self.0.get(&file) {
            Some(source) => Place::new(source, span.clone()),
            None => Place::new(&Source::new("", ""), 0..0),
        }
    }

    /// All texts.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Arc<Source>)> {
        self.0.iter().map(|(id, source)| (*id, source))
    }
}

/// A path as findings show it.
pub(crate) fn display(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}

/// What was found so far. The same finding at the same place counts once, however many ways lead to it.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub findings: Vec<Finding>,
    pub undetermined: Vec<Undetermined>,
    seen: BTreeSet<(&'static str, String, usize, usize, String)>,
    noted: BTreeSet<String>,
}

impl Sink {
    /// Adds a finding.
    pub fn push(&mut self, mut finding: Finding) {
        // Changes are written in native syntax.
        if finding.place.source.name.ends_with(".tf.json") {
            finding.fix = None;
        }
        let key = (
            finding.rule.id,
            finding.place.source.name.clone(),
            finding.place.span.start,
            finding.place.span.end,
            finding.message.clone(),
        );
        if self.seen.insert(key) {
            self.findings.push(finding);
        }
    }

    /// Adds everything that another one holds.
    pub fn add(&mut self, other: Self) {
        for finding in other.findings {
            self.push(finding);
        }
        for note in other.undetermined {
            self.note(note.message, note.place, note.needs);
        }
    }

    /// Adds what is found once values of variables are known, and was not found before at its place; nothing in the
    /// blocks that a plan does not make. `terraform validate` has none of these findings, so that they are warnings
    /// unless values were asked for.
    pub fn add_planned(&mut self, planned: Self, sources: &Sources, not_made: &[(FileId, Span)], warn: bool) {
        let not_made: Vec<Place> = not_made.iter().map(|(file, span)| sources.place(*file, span)).collect();
        let place = |finding: &Finding| {
            let Place { source, span } = &finding.place;
            (finding.rule.id, source.name.clone(), span.start, span.end)
        };
        let before: BTreeSet<_> = self.findings.iter().map(place).collect();
        for mut finding in planned.findings {
            let Place { source, span } = &finding.place;
            let is_within = |outer: &Place| {
                outer.source.name == source.name && outer.span.start <= span.start && span.end <= outer.span.end
            };
            if before.contains(&place(&finding)) || not_made.iter().any(is_within) {
                continue;
            }
            if warn {
                finding.severity = finding.severity.min(Severity::Warning);
            }
            self.push(finding);
        }
    }

    /// Notes that something was not checked, once.
    pub fn note(&mut self, message: impl Into<String>, place: Option<Place>, needs: impl Into<String>) {
        let message = message.into();
        if self.noted.insert(message.clone()) {
            self.undetermined.push(Undetermined {
                message,
                place,
                needs: needs.into(),
            });
        }
    }
}

/// A finding of a rule at a span of a file.
pub(crate) fn finding(
    sources: &Sources,
    rule: &'static Rule,
    file: FileId,
    span: &Span,
    message: impl Into<String>,
) -> Finding {
    Finding::new(rule, sources.place(file, span), message)
}
