//! What the grammar refuses, as findings of the rules that own it.

use std::ops::Range;

use policy::Kind;
use policy::parse::{ErrorCode, PolicyError};

use findings::{Rule, Severity};

use super::finding::{Part, PolicyFinding};
use super::model::Document;
use super::rules::{condition_key, grammar, json, kind as of_kind, operator, principal, resource_arn, sid};
use super::{Context, read};

/// Names of elements, for those that are written in another case.
const ELEMENTS: [&str; 16] = [
    "Version",
    "Id",
    "Statement",
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
    "AWS",
    "Service",
    "Federated",
    "CanonicalUser",
];

/// The findings, without those that turn on what is not known.
pub(crate) fn findings(
    errors: &[PolicyError],
    text: &str,
    kind: Option<Kind>,
    document: Option<&Document>,
    context: &Context,
) -> Vec<PolicyFinding> {
    errors
        .iter()
        .filter_map(|error| {
            let span = error.position.as_ref().map_or(0..0, |position| position.range.clone());
            if is_open(error, &span, text, document, context)
                || !holds_without_kind(error, kind)
                || is_misspelt(error, errors)
            {
                return None;
            }
            let rule = rule(error)?;
            let written = text.get(span.clone()).unwrap_or_default().trim_matches('"');
            let found = PolicyFinding::at(rule, &error.path, part(error), span, &error.message);
            Some(mended(found, error, written, kind))
        })
        .collect()
}

fn rule(error: &PolicyError) -> Option<&'static Rule> {
    Some(match error.code {
        ErrorCode::Syntax | ErrorCode::InvalidCharacter | ErrorCode::DuplicateKey => &json::RULE,
        ErrorCode::MissingElement if error.message.starts_with("`Principal`") => &of_kind::RULE,
        ErrorCode::InvalidAction if error.message.contains("trust policy") => &of_kind::RULE,
        ErrorCode::ElementNotAllowed => &of_kind::RULE,
        ErrorCode::InvalidValue if in_condition(error) => &condition_key::RULE,
        ErrorCode::UnknownElement
        | ErrorCode::WrongType
        | ErrorCode::MissingElement
        | ErrorCode::ConflictingElements
        | ErrorCode::EmptyList
        | ErrorCode::InvalidValue
        | ErrorCode::InvalidAction => &grammar::RULE,
        ErrorCode::InvalidSid => &sid::RULE,
        ErrorCode::InvalidPrincipal => &principal::RULE,
        ErrorCode::InvalidResource => &resource_arn::RULE,
        ErrorCode::InvalidOperator => &operator::RULE,
        // The rule looks for itself: it points at both.
        ErrorCode::DuplicateSid => return None,
    })
}

fn in_condition(error: &PolicyError) -> bool {
    error.path.contains(".Condition")
}

fn part(error: &PolicyError) -> Part {
    match error.code {
        ErrorCode::DuplicateKey
        | ErrorCode::UnknownElement
        | ErrorCode::ConflictingElements
        | ErrorCode::ElementNotAllowed
        | ErrorCode::InvalidOperator => Part::Name,
        ErrorCode::InvalidValue if in_condition(error) => Part::Name,
        _ => Part::Value,
    }
}

/// Whether an error turns on what is not known.
fn is_open(
    error: &PolicyError,
    span: &Range<usize>,
    text: &str,
    document: Option<&Document>,
    context: &Context,
) -> bool {
    match error.code {
        // A template need not be JSON before it is filled in.
        ErrorCode::Syntax => context.template && text.contains("${"),
        // What is missing may be among the members that are not known.
        ErrorCode::MissingElement => document.is_some_and(|document| {
            document.open && document.span == *span
                || document
                    .statements
                    .iter()
                    .any(|statement| statement.open && statement.span == *span)
        }),
        _ => read::has_unknown(text.get(span.clone()).unwrap_or_default(), context.template),
    }
}

/// Whether what is missing is there under a name in another case, which is reported by itself.
fn is_misspelt(missing: &PolicyError, errors: &[PolicyError]) -> bool {
    missing.code == ErrorCode::MissingElement
        && errors.iter().any(|other| {
            let name = other
                .path
                .strip_prefix(missing.path.as_str())
                .and_then(|rest| rest.strip_prefix('.'));
            let known = name.and_then(|name| ELEMENTS.iter().find(|known| known.eq_ignore_ascii_case(name)));
            other.code == ErrorCode::UnknownElement
                && known.is_some_and(|known| missing.message.contains(&format!("`{known}`")))
        })
}

/// Without a kind only what holds of every kind that the document could be is said.
fn holds_without_kind(error: &PolicyError, kind: Option<Kind>) -> bool {
    kind.is_some() || error.path != "$.Id"
}

fn mended(found: PolicyFinding, error: &PolicyError, written: &str, kind: Option<Kind>) -> PolicyFinding {
    match error.code {
        ErrorCode::InvalidCharacter if kind.is_none() => found.severity(Severity::Warning),
        ErrorCode::UnknownElement => match ELEMENTS.iter().find(|name| name.eq_ignore_ascii_case(written)) {
            Some(name) => found.write_instead(*name),
            None => {
                let near = findings::nearest_few(written, ELEMENTS, 3);
                found.did_you_mean(&near.into_iter().map(str::to_owned).collect::<Vec<_>>())
            }
        },
        ErrorCode::InvalidValue => {
            let meant = ["Allow", "Deny"]
                .into_iter()
                .find(|name| name.eq_ignore_ascii_case(written));
            match meant.filter(|_| error.path.ends_with(".Effect")) {
                Some(name) => found.write_instead(name),
                None => found,
            }
        }
        ErrorCode::InvalidSid => sid::mended(found, written),
        ErrorCode::InvalidOperator => operator::mended(found, written),
        _ => found,
    }
}
