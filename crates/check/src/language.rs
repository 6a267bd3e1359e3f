//! What the language itself decides.

use std::sync::Arc;

use findings::{Confidence, Family, Finding, Place, Rule, Severity, Source};
use terraform::syntax;

/// The text is no Terraform.
pub static SYNTAX_ERROR: Rule = Rule {
    id: "syntax-error",
    family: Family::Language,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "The file is not valid Terraform syntax.",
    page: include_str!("language/syntax-error.md"),
};

/// Syntax errors of a file.
pub fn check(source: &Arc<Source>) -> Vec<Finding> {
    match syntax::parse(&source.text, &syntax::lex(&source.text)) {
        Ok(_) => Vec::new(),
        Err(error) => vec![Finding::new(
            &SYNTAX_ERROR,
            Place::new(source, error.span),
            error.message,
        )],
    }
}
