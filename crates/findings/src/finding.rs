//! Findings and the report that holds them.

use std::ops::Range;
use std::sync::Arc;

use crate::text::clip;
use crate::{Confidence, Region, Rule, Severity, Source};

/// A place in a text.
#[derive(Debug, Clone)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Bytes of it.
    pub span: Range<usize>,
}

impl Place {
    /// A place in a text.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        Self {
            source: Arc::clone(source),
            span,
        }
    }

    /// Where it begins and ends.
    pub fn region(&self) -> Region {
        self.source.region(&self.span)
    }

    /// Order of files and places in them.
    fn order(&self) -> (&str, usize, usize) {
        (&self.source.name, self.span.start, self.span.end)
    }
}

/// Another place that takes part in a finding, with a remark.
#[derive(Debug, Clone)]
pub struct Related {
    /// The place.
    pub place: Place,
    /// What is to be said of it.
    pub text: String,
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Whose finding it is.
    pub rule: &'static Rule,
    /// How bad it is; the rule's, unless this case differs.
    pub severity: Severity,
    /// How sure it is; the rule's, unless this case differs.
    pub confidence: Confidence,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What to say under the underlined place; often empty, because the message says it.
    pub label: String,
    /// Other places that take part.
    pub related: Vec<Related>,
    /// What to do next, one line each.
    pub help: Vec<String>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding of a rule at a place.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            message: clip(message.into()),
            place,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// Sets what is said under the underlined place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = clip(text.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.related.push(Related {
            place,
            text: clip(text.into()),
        });
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(clip(text.into()));
        self
    }

    /// Adds "did you mean …" when up to three of `candidates` are near to `found`.
    #[must_use]
    pub fn nearest<'a>(self, found: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<String> = crate::nearest_few(found, candidates, 3)
            .into_iter()
            .map(|name| format!("`{name}`"))
            .collect();
        if names.is_empty() {
            return self;
        }
        self.help(format!("did you mean {}?", names.join(", ")))
    }

    /// Sets the change that mends it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Sets a fix that writes something else at the place of the finding.
    #[must_use]
    pub fn write_instead(self, text: impl Into<String>) -> Self {
        let replacement = text.into();
        let place = self.place.clone();
        self.fix(Fix {
            title: format!("write `{replacement}`"),
            edits: vec![Edit { place, replacement }],
        })
    }

    /// Makes this finding worse or less bad than its rule's findings are.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Makes this finding more or less sure than its rule's findings are.
    #[must_use]
    pub const fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }
}

/// A change that mends a finding without changing what was meant.
#[derive(Debug, Clone)]
pub struct Fix {
    /// What it does, in one line.
    pub title: String,
    /// Its edits; no two overlap.
    pub edits: Vec<Edit>,
}

/// A replacement of text.
#[derive(Debug, Clone)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub place: Place,
    /// By what.
    pub replacement: String,
}

/// Something that could not be checked.
#[derive(Debug, Clone)]
pub struct Undetermined {
    /// What was not checked, and why.
    pub message: String,
    /// Where, if it is in a text.
    pub place: Option<Place>,
    /// What would make it possible to check it.
    pub needs: String,
}

/// A finding that a comment suppresses.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The reason that the comment gives.
    pub reason: String,
}

/// What a run found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many files were looked at.
    pub files: usize,
    /// What was found, in the order of files and places.
    pub findings: Vec<Finding>,
    /// What was not checked.
    pub undetermined: Vec<Undetermined>,
    /// What was found and suppressed.
    pub suppressed: Vec<Suppressed>,
}

impl Report {
    /// Puts everything into the order of files and places, so that the same input gives the same output.
    pub fn sort(&mut self) {
        fn order(finding: &Finding) -> ((&str, usize, usize), &str, &str) {
            (finding.place.order(), finding.rule.id, &finding.message)
        }
        self.findings.sort_by(|a, b| order(a).cmp(&order(b)));
        self.suppressed
            .sort_by(|a, b| order(&a.finding).cmp(&order(&b.finding)));
        self.undetermined.sort_by(|a, b| {
            let key = |item: &Undetermined| {
                item.place
                    .as_ref()
                    .map(|place| (place.source.name.clone(), place.span.start, place.span.end))
            };
            key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
        });
    }

    /// How many findings are as bad as this, no worse and no better.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|found| found.severity == severity).count()
    }

    /// Severity of the worst finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|found| found.severity).max()
    }
}
