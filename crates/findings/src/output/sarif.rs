//! SARIF 2.1.0, for code scanning.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; what GitHub reads of it:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

use std::collections::BTreeMap;
use std::io::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{details, sentence};
use crate::{Confidence, Finding, Fix, Place, Report, Rule, Severity, Undetermined};

/// What stays as it is in a path: RFC 3986's unreserved characters and the separator.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Writes a report as SARIF; `version` is that of the program.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(report: &Report, version: &str, out: &mut dyn Write) -> io::Result<()> {
    let everything = || {
        let suppressed = report.suppressed.iter().map(|item| &item.finding);
        report.findings.iter().chain(suppressed)
    };
    let mut rules: Vec<&Rule> = everything().map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| (rule.family, rule.id));
    rules.dedup();
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let has_suppressions = !report.suppressed.is_empty();
    let mut results: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let mut result = result(finding, &index);
            // A run that tells of suppressions tells of every result whether it has one.
            if has_suppressions {
                insert(&mut result, "suppressions", json!([]));
            }
            result
        })
        .collect();
    results.extend(report.suppressed.iter().map(|item| {
        let mut result = result(&item.finding, &index);
        let suppression = json!([{ "kind": "inSource", "status": "accepted", "justification": item.reason }]);
        insert(&mut result, "suppressions", suppression);
        result
    }));
    let mut files: Vec<&str> = everything().map(|finding| finding.place.source.name.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    let artifacts: Vec<Value> = files
        .iter()
        .map(|name| json!({ "location": { "uri": uri(name) } }))
        .collect();
    let notifications: Vec<Value> = report.undetermined.iter().map(notification).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "tfgen",
                "version": version,
                "semanticVersion": version,
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "columnKind": "unicodeCodePoints",
            "artifacts": artifacts,
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(key.to_owned(), value);
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn descriptor(rule: &Rule) -> Value {
    let (precision, severity) = (
        match rule.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "very-high",
        },
        match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "recommendation",
        },
    );
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.summary },
        "help": {
            "text": format!("{}\n`tfgen explain {}` shows the rule's page.", rule.summary, rule.id),
            "markdown": rule.page,
        },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": {
            "tags": [rule.family.as_str()],
            "precision": precision,
            "problem.severity": severity,
        },
    })
}

fn result(finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let mut message = vec![sentence(finding)];
    message.extend(details(finding));
    let mut result = json!({
        "ruleId": finding.rule.id,
        "ruleIndex": index.get(finding.rule.id),
        "level": level(finding.severity),
        "message": { "text": message.join("\n") },
        "locations": [location(&finding.place)],
    });
    if !finding.related.is_empty() {
        let related = finding.related.iter().enumerate().map(|(id, related)| {
            let mut location = location(&related.place);
            insert(&mut location, "id", json!(id));
            if !related.text.is_empty() {
                insert(&mut location, "message", json!({ "text": related.text }));
            }
            location
        });
        insert(&mut result, "relatedLocations", related.collect());
    }
    if let Some(fix) = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty()) {
        insert(&mut result, "fixes", json!([change(fix)]));
    }
    result
}

fn change(fix: &Fix) -> Value {
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for edit in &fix.edits {
        let replacement = json!({
            "deletedRegion": region(&edit.place),
            "insertedContent": { "text": edit.replacement },
        });
        files.entry(&edit.place.source.name).or_default().push(replacement);
    }
    let changes: Vec<Value> = files
        .into_iter()
        .map(|(name, replacements)| json!({ "artifactLocation": { "uri": uri(name) }, "replacements": replacements }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

fn location(place: &Place) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.source.name) },
        "region": region(place),
    }})
}

/// SARIF's end column is the one behind the last character, as ours.
fn region(place: &Place) -> Value {
    let region = place.region();
    json!({
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    })
}

fn notification(item: &Undetermined) -> Value {
    let text = match item.needs.is_empty() {
        true => item.message.clone(),
        false => format!("{}; to determine it: {}", item.message, item.needs),
    };
    let mut notification = json!({
        "level": "note",
        "message": { "text": text },
    });
    if let Some(place) = &item.place {
        insert(&mut notification, "locations", json!([location(place)]));
    }
    notification
}

/// A path as a URI reference: relative where it is relative, `file:` where it is absolute.
fn uri(name: &str) -> String {
    let name = name.strip_prefix("./").unwrap_or(name);
    if name.starts_with('/') {
        return format!("file://{}", utf8_percent_encode(name, PATH));
    }
    match name.split_at_checked(2) {
        // A drive of Windows.
        Some((drive, rest)) if drive.ends_with(':') && rest.starts_with('/') => {
            format!("file:///{drive}{}", utf8_percent_encode(rest, PATH))
        }
        _ => utf8_percent_encode(name, PATH).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("./modules/a b/main.tf"), "modules/a%20b/main.tf");
        assert_eq!(uri("/srv/ä.tf"), "file:///srv/%C3%A4.tf");
        assert_eq!(uri("C:/tf/main.tf"), "file:///C:/tf/main.tf");
        assert_eq!(uri("a:b#c?.tf"), "a%3Ab%23c%3F.tf");
        assert_eq!(uri("../x/100%.tf"), "../x/100%25.tf");
    }
}
