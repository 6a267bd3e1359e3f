//! The apply family: what the provider's own code refuses, which no schema tells.

use findings::{Confidence, Family, Rule, Severity};

/// A value that the provider refuses.
pub static PROVIDER_VALUE: Rule = Rule {
    id: "provider-value",
    family: Family::Apply,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A value that the provider refuses: no such word, too long, out of range, of another form.",
    page: include_str!("apply/provider-value.md"),
};

/// Arguments that the provider does not take together, or not one without the other.
pub static ARGUMENT_COMBINATION: Rule = Rule {
    id: "argument-combination",
    family: Family::Apply,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "Arguments that the provider does not take together, or not one without the other.",
    page: include_str!("apply/argument-combination.md"),
};

/// All rules of the family.
pub static ALL: &[&Rule] = &[&ARGUMENT_COMBINATION, &PROVIDER_VALUE];
