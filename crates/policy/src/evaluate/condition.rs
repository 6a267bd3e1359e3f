//! Evaluation of one condition.

use super::compare;
use super::context::Known;
use super::keys::Keys;
use super::truth::{Open, Truth};
use super::variables::{Expanded, Syntax, expand};
use crate::operator::{Operator, Qualifier, Test};
use crate::wildcard::{Case, Token, Wild, matches};
use crate::{Condition, Version};

/// Whether a condition holds.
pub(super) fn holds(condition: &Condition, version: Version, keys: &Keys<'_>, open: &mut Open) -> Truth {
    let Some(operator) = Operator::parse(&condition.operator) else {
        // Only a document that was never parsed can have it; AWS would refuse it.
        open.push(&condition.operator);
        return Truth::Unknown;
    };
    let known = match keys.get(&condition.key) {
        // AWS takes a key without values as absent.
        Known::Values([]) => Known::Absent,
        known => known,
    };
    if operator.test == Test::Null {
        return null(condition, &known, open);
    }
    let variables = version == Version::V2012 && operator.takes_variables();
    match known {
        Known::Unknown => match whatever(condition, operator) {
            Some(truth) => truth.into(),
            None => doubtful(condition, open),
        },
        Known::Absent => absent(operator).into(),
        Known::Values(values) => {
            let mark = open.mark();
            let mut results = values
                .iter()
                .map(|value| any(condition, operator, value, variables, keys, open).negated_if(operator.negated));
            let truth = match operator.qualifier {
                Some(Qualifier::ForAllValues) => {
                    let all = results.fold(Truth::True, Truth::and);
                    match is_empty_text(values) {
                        true => all.or(doubtful(condition, open)),
                        false => all,
                    }
                }
                Some(Qualifier::ForAnyValue) => results.fold(Truth::False, Truth::or),
                None => {
                    let first = results.next().unwrap_or(Truth::Unknown);
                    if results.all(|result| result == first) {
                        first
                    } else {
                        // AWS demands a set qualifier here and documents no meaning without one.
                        doubtful(condition, open)
                    }
                }
            };
            open.settle(mark, truth)
        }
    }
}

/// What a condition on an absent key yields
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).
fn absent(operator: Operator) -> bool {
    operator.if_exists
        || match operator.qualifier {
            Some(Qualifier::ForAllValues) => true,
            Some(Qualifier::ForAnyValue) => false,
            None => operator.negated,
        }
}

/// What a condition yields whether the key is there or not, and whatever its value: `StringLikeIfExists` with `*`.
fn whatever(condition: &Condition, operator: Operator) -> Option<bool> {
    let any = |value: &String| !value.is_empty() && value.bytes().all(|b| b == b'*');
    let present = operator.test == Test::StringLike && condition.values.iter().any(any);
    let absent = absent(operator);
    (present && absent != operator.negated).then_some(absent)
}

fn doubtful(condition: &Condition, open: &mut Open) -> Truth {
    open.push(&condition.key);
    Truth::Unknown
}

/// AWS's page on condition operators counts a key that holds an empty string as one without values where it speaks of
/// `ForAllValues` and `Null`, and nowhere else.
fn is_empty_text(values: &[String]) -> bool {
    matches!(values, [value] if value.is_empty())
}

fn null(condition: &Condition, known: &Known<'_>, open: &mut Open) -> Truth {
    let asked = |state: &str| condition.values.iter().any(|value| value.eq_ignore_ascii_case(state));
    let absent = match known {
        _ if asked("true") && asked("false") => return Truth::True,
        Known::Unknown => return doubtful(condition, open),
        Known::Values(values) if is_empty_text(values) => return doubtful(condition, open),
        Known::Absent => "true",
        Known::Values(_) => "false",
    };
    asked(absent).into()
}

/// Whether one value of the request matches one of the policy's, before negation.
fn any(
    condition: &Condition,
    operator: Operator,
    value: &str,
    variables: bool,
    keys: &Keys<'_>,
    open: &mut Open,
) -> Truth {
    let mut truth = Truth::False;
    for policy in &condition.values {
        truth = truth.or(one(&condition.key, operator, value, policy, variables, keys, open));
        if truth == Truth::True {
            break;
        }
    }
    truth
}

fn one(
    key: &str,
    operator: Operator,
    value: &str,
    policy: &str,
    variables: bool,
    keys: &Keys<'_>,
    open: &mut Open,
) -> Truth {
    let expanded = |syntax| {
        if variables {
            expand(policy, 0, syntax, keys)
        } else {
            Expanded::Plain(policy)
        }
    };
    let exact = |tokens: &[Token]| matches(tokens, value, Case::Exact);
    let folded = |tokens: &[Token]| matches(tokens, value, Case::Ignored);
    match operator.test {
        Test::StringEquals => expanded(Syntax::Literal).test(open, |text| text == value, exact, exact),
        Test::StringEqualsIgnoreCase => {
            expanded(Syntax::Literal).test(open, |text| equal_ignoring_case(text, value), folded, folded)
        }
        Test::StringLike => {
            expanded(Syntax::Wild).test(open, |text| matches(&Wild(text), value, Case::Exact), exact, exact)
        }
        Test::Arn { .. } => arn(&expanded(Syntax::Wild), key, value, open),
        Test::Bool => expanded(Syntax::Literal).test(open, |text| compare::boolean(value, text), folded, folded),
        Test::Numeric(relation) => typed(compare::numeric(relation, value, policy), key, open),
        Test::Date(relation) => typed(compare::date(relation, value, policy), key, open),
        Test::BinaryEquals => typed(compare::binary(value, policy), key, open),
        Test::IpAddress => typed(compare::ip(value, policy), key, open),
        Test::Null => Truth::False,
    }
}

/// The outcome of a comparison of which a side may be unreadable: AWS does not say what becomes of that, and certainty
/// either way would be an allow somewhere, negated or in a `Deny`.
fn typed(outcome: Option<bool>, key: &str, open: &mut Open) -> Truth {
    outcome.map_or_else(
        || {
            open.push(key);
            Truth::Unknown
        },
        Truth::from,
    )
}

fn equal_ignoring_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || !(a.is_ascii() && b.is_ascii())
            && a.chars()
                .flat_map(char::to_lowercase)
                .eq(b.chars().flat_map(char::to_lowercase))
}

/// The six parts of an ARN are compared one by one; a wildcard does not reach beyond its part. What a pattern of fewer
/// parts means is documented nowhere.
fn arn(pattern: &Expanded<'_>, key: &str, value: &str, open: &mut Open) -> Truth {
    let is_colon = |token: &Token| *token == Token::Char(':');
    let colons = match pattern {
        Expanded::Plain(text) => text.bytes().filter(|b| *b == b':').count(),
        Expanded::Tokens(tokens) => tokens.iter().filter(|token| is_colon(token)).count(),
        // An unknown variable may hold colons.
        Expanded::NoValue(_) | Expanded::Open { .. } => 5,
    };
    if colons < 5 {
        open.push(key);
        return Truth::Unknown;
    }
    if value.bytes().filter(|b| *b == b':').count() < 5 {
        return Truth::False;
    }
    pattern.test(
        open,
        |text| {
            let mut parts = text.splitn(6, ':').zip(value.splitn(6, ':'));
            parts.all(|(pattern, part)| matches(&Wild(pattern), part, Case::Exact))
        },
        |tokens| {
            let mut parts = tokens.splitn(6, is_colon).zip(value.splitn(6, ':'));
            parts.all(|(pattern, part)| matches(pattern, part, Case::Exact))
        },
        |tokens| matches(tokens, value, Case::Exact),
    )
}
