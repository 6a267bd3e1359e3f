//! Action patterns of a policy against the reference.

use iam_reference::{Action, Service};

use super::UNKNOWN;

/// What an action pattern comes to.
#[derive(Debug)]
pub(crate) enum Matched {
    /// Every action of every service.
    Everything,
    /// These actions of a service.
    Some(&'static Service, Vec<&'static Action>),
    /// It is not known, or not in the reference.
    Unknown,
}

/// What an action pattern comes to.
pub(crate) fn matched(text: &str) -> Matched {
    if text == "*" || text == "*:*" {
        return Matched::Everything;
    }
    if text.contains(UNKNOWN) {
        return Matched::Unknown;
    }
    let Some((service, pattern)) = text
        .split_once(':')
        .and_then(|(prefix, pattern)| Some((iam_reference::service(prefix)?, pattern)))
    else {
        return Matched::Unknown;
    };
    let actions: Vec<&'static Action> = if is_one(pattern) {
        service.action(pattern).into_iter().collect()
    } else {
        let matches = |action: &&Action| policy::matches_ignoring_case(pattern, action.name);
        service.actions.iter().filter(matches).collect()
    };
    if actions.is_empty() {
        return Matched::Unknown;
    }
    Matched::Some(service, actions)
}

/// Whether a pattern names one action.
pub(crate) fn is_one(text: &str) -> bool {
    !text.contains(['*', '?', UNKNOWN])
}

/// Whether an action pattern matches this action, as far as it is known.
pub(crate) fn matches(text: &str, action: &str) -> bool {
    policy::matches_ignoring_case(text, action)
}
