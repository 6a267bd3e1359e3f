//! Whether a statement applies to a request, its principals aside.

use super::Request;
use super::condition;
use super::keys::Keys;
use super::truth::{Open, Truth};
use super::variables::{Expanded, Syntax, expand};
use crate::wildcard::{Case, Wild, matches, matches_in_segments};
use crate::{Actions, Resources, Statement, Version, arn};

/// What of a document matters for reading its statements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) version: Version,
    /// Whether an ARN with parts missing stands for one with `*` in their place. AWS documents it for identity
    /// policies and leaves it open for others
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>).
    pub(super) completes_arns: bool,
}

/// Whether action, resource and conditions apply. The cheapest and most selective comes first.
pub(super) fn applies(
    statement: &Statement,
    reading: Reading,
    request: &Request,
    keys: &Keys<'_>,
    open: &mut Open,
) -> Truth {
    if !action(&statement.actions, &request.action) {
        return Truth::False;
    }
    let mark = open.mark();
    let mut truth = match &statement.resources {
        None => Truth::True,
        Some(resources) => resource(resources, reading, &request.resource, keys, open),
    };
    for each in &statement.conditions {
        if truth == Truth::False {
            break;
        }
        truth = truth.and(condition::holds(each, reading.version, keys, open));
    }
    open.settle(mark, truth)
}

/// Neither service prefix nor action name has case
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html>).
fn action(actions: &Actions, action: &str) -> bool {
    let any = |patterns: &[String]| {
        patterns
            .iter()
            .any(|p| p == "*" || matches(&Wild(p), action, Case::Ignored))
    };
    match actions {
        Actions::Only(patterns) => any(patterns),
        Actions::AllBut(patterns) => !any(patterns),
    }
}

fn resource(resources: &Resources, reading: Reading, resource: &str, keys: &Keys<'_>, open: &mut Open) -> Truth {
    let (patterns, negated) = match resources {
        Resources::Only(patterns) => (patterns, false),
        Resources::AllBut(patterns) => (patterns, true),
    };
    let mark = open.mark();
    let mut truth = Truth::False;
    for pattern in patterns {
        truth = truth.or(matches_resource(pattern, negated, reading, resource, keys, open));
        if truth == Truth::True {
            break;
        }
    }
    open.settle(mark, truth).negated_if(negated)
}

fn matches_resource(
    pattern: &str,
    negated: bool,
    reading: Reading,
    resource: &str,
    keys: &Keys<'_>,
    open: &mut Open,
) -> Truth {
    if pattern == "*" {
        return Truth::True;
    }
    if pattern.starts_with("arn:") {
        let missing = arn::missing_parts(pattern);
        if missing > 0 {
            let whole = format!("{pattern}{}", ":*".repeat(missing));
            return match matches_whole(&whole, negated, reading, resource, keys, open) {
                Truth::True if !reading.completes_arns => {
                    open.push("Resource");
                    Truth::Unknown
                }
                truth => truth,
            };
        }
    }
    matches_whole(pattern, negated, reading, resource, keys, open)
}

fn matches_whole(
    pattern: &str,
    negated: bool,
    reading: Reading,
    resource: &str,
    keys: &Keys<'_>,
    open: &mut Open,
) -> Truth {
    let expanded = if reading.version == Version::V2012 && pattern.contains("${") {
        let from = arn::resource_start(pattern).unwrap_or(0);
        if pattern[..from].contains("${") {
            return early_variable(pattern, resource, keys, open);
        }
        expand(pattern, from, Syntax::Wild, keys)
    } else {
        Expanded::Plain(pattern)
    };
    match expanded {
        // That it matches nothing is clear in `Resource`. In `NotResource` AWS's pages allow two readings: that the
        // statement covers the resource, or that it is void
        // (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value>).
        Expanded::NoValue(variable) if negated => {
            open.push(variable);
            Truth::Unknown
        }
        // It may turn out to have none.
        Expanded::Open { keys, .. } if negated => {
            keys.iter().for_each(|key| open.push(key));
            Truth::Unknown
        }
        expanded => expanded.test(
            open,
            |text| matches_in_segments(&Wild(text), resource),
            |tokens| matches_in_segments(tokens, resource),
            |tokens| matches(tokens, resource, Case::Exact),
        ),
    }
}

/// AWS takes variables in the resource's part of an ARN only, and does not say what one before it comes to
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement>).
fn early_variable(pattern: &str, resource: &str, keys: &Keys<'_>, open: &mut Open) -> Truth {
    let could_match = match expand(pattern, 0, Syntax::Wild, keys) {
        Expanded::Tokens(tokens) | Expanded::Open { tokens, .. } => matches(tokens.as_slice(), resource, Case::Exact),
        Expanded::Plain(_) | Expanded::NoValue(_) => false,
    };
    if could_match {
        open.push("Resource");
        return Truth::Unknown;
    }
    matches_in_segments(&Wild(pattern), resource).into()
}
