//! The rules about suppressions themselves.

use crate::{Confidence, Family, Rule, Severity};

/// A suppression says no reason.
pub static WITHOUT_REASON: Rule = Rule {
    id: "suppression-without-reason",
    family: Family::Check,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A suppression does not say why, and so suppresses nothing.",
    page: include_str!("pages/without-reason.md"),
};

/// A suppression names a rule that does not exist.
pub static UNKNOWN_RULE: Rule = Rule {
    id: "suppression-unknown-rule",
    family: Family::Check,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A suppression names a rule that does not exist.",
    page: include_str!("pages/unknown-rule.md"),
};

/// A suppression suppresses nothing.
pub static UNUSED: Rule = Rule {
    id: "suppression-unused",
    family: Family::Check,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A suppression suppresses nothing.",
    page: include_str!("pages/unused.md"),
};

/// A comment for tfgen that it does not understand.
pub static MALFORMED: Rule = Rule {
    id: "suppression-malformed",
    family: Family::Check,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A comment is meant to suppress something, but names no rule or is misspelt.",
    page: include_str!("pages/malformed.md"),
};

/// All of them.
pub static ALL: [&Rule; 4] = [&MALFORMED, &UNKNOWN_RULE, &UNUSED, &WITHOUT_REASON];
