//! A finding in a document's text.

use std::ops::Range;
use std::sync::Arc;

use findings::{Confidence, Edit, Finding, Fix, Place, Rule, Severity, Source};

use super::model::Text;

/// Which part of an object's member is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Its name.
    Name,
    /// Its value; also the members of lists, and the document itself.
    Value,
}

/// One thing that a rule found in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFinding {
    /// Whose finding it is.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// What is wrong, in one line.
    pub message: String,
    /// Where, as a JSON path: `$.Statement[0].Action[1]`.
    pub path: String,
    /// Whether the name or the value at that path is meant.
    pub part: Part,
    /// Where, in bytes of the text; of a string or a name the quotes are part.
    pub span: Range<usize>,
    /// Other places that take part.
    pub related: Vec<PolicyRelated>,
    /// What to do next, one line each.
    pub help: Vec<String>,
    /// A change that mends it.
    pub fix: Option<PolicyFix>,
}

/// Another place that takes part in a finding, with a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRelated {
    /// Where, as a JSON path.
    pub path: String,
    /// Whether the name or the value is meant.
    pub part: Part,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// What is to be said of it.
    pub text: String,
}

/// A change that mends a finding without changing what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFix {
    /// What it does, in one line.
    pub title: String,
    /// Its edits.
    pub edits: Vec<PolicyEdit>,
}

/// Another content for a string or a member's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyEdit {
    /// Where, as a JSON path.
    pub path: String,
    /// Whether the name or the value is replaced.
    pub part: Part,
    /// The string in the text, quotes included.
    pub span: Range<usize>,
    /// What the string is to say: without quotes, nothing escaped. It has no character that JSON escapes.
    pub content: String,
}

impl PolicyFinding {
    /// A finding of a rule at a string or a name.
    pub(crate) fn new(rule: &'static Rule, at: &Text, message: impl Into<String>) -> Self {
        Self::at(rule, &at.path, at.part, at.span.clone(), message)
    }

    /// A finding of a rule at any place.
    pub(crate) fn at(
        rule: &'static Rule,
        path: &str,
        part: Part,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            message: message.into(),
            path: path.to_owned(),
            part,
            span,
            related: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    pub(crate) fn did_you_mean(self, names: &[String]) -> Self {
        if names.is_empty() {
            return self;
        }
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        self.help(format!("did you mean {}?", names.join(", ")))
    }

    pub(crate) fn also(mut self, path: &str, span: Range<usize>, text: impl Into<String>) -> Self {
        self.related.push(PolicyRelated {
            path: path.to_owned(),
            part: Part::Value,
            span,
            text: text.into(),
        });
        self
    }

    /// Offers to write something else at the place of the finding.
    pub(crate) fn write_instead(mut self, content: impl Into<String>) -> Self {
        let content = content.into();
        self.fix = Some(PolicyFix {
            title: format!("write `{content}`"),
            edits: vec![PolicyEdit {
                path: self.path.clone(),
                part: self.part,
                span: self.span.clone(),
                content,
            }],
        });
        self
    }

    /// The finding in a source that is the document's text itself.
    pub fn in_source(self, source: &Arc<Source>) -> Finding {
        let place = |span: Range<usize>| Place::new(source, span);
        let mut finding = Finding::new(self.rule, place(self.span), self.message)
            .severity(self.severity)
            .confidence(self.confidence);
        for related in self.related {
            finding = finding.also(place(related.span), related.text);
        }
        for line in self.help {
            finding = finding.help(line);
        }
        if let Some(fix) = self.fix {
            let edit = |edit: PolicyEdit| Edit {
                place: place(edit.span),
                replacement: format!("\"{}\"", edit.content),
            };
            finding = finding.fix(Fix {
                title: fix.title,
                edits: fix.edits.into_iter().map(edit).collect(),
            });
        }
        finding
    }
}
