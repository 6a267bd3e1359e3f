//! What the tests share.

use check::policy::{Context, PolicyFinding, lint};
use findings::Severity;
use policy::Kind;

/// The kind of policy that a name in a test stands for.
pub fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "identity" => Kind::Identity,
        "resource" => Kind::Resource,
        "trust" => Kind::Trust,
        "scp" => Kind::ServiceControl,
        "boundary" => Kind::Boundary,
        "session" => Kind::Session,
        "any" => return None,
        other => panic!("unknown kind {other}"),
    })
}

/// Findings of a document.
pub fn found(of: &str, text: &str) -> Vec<PolicyFinding> {
    lint(text, kind(of), &Context::default())
}

/// Rule and severity of each finding, for messages.
pub fn shown(findings: &[PolicyFinding]) -> String {
    let line = |f: &PolicyFinding| format!("{:?} {} {}: {}\n", f.severity, f.rule.id, f.path, f.message);
    findings.iter().map(line).collect()
}

/// The errors among findings.
pub fn errors(findings: Vec<PolicyFinding>) -> Vec<PolicyFinding> {
    findings.into_iter().filter(|f| f.severity == Severity::Error).collect()
}

/// A document of one statement with these members.
pub fn one(members: &str) -> String {
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{{members}}}]}}")
}
