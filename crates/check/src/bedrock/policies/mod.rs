//! Rules over policies, one a file.

mod allow_list;
mod application_profile;
mod both_sides;
mod confused_deputy;
mod global_model;
mod not_resource;

use findings::Rule;

use crate::policy::{Check, Statement, UNKNOWN};

/// The rules, and what looks for each.
pub(crate) static ALL: [(&Rule, Check); 6] = [
    (&allow_list::RULE, allow_list::check),
    (&application_profile::RULE, application_profile::check),
    (&both_sides::RULE, both_sides::check),
    (&confused_deputy::RULE, confused_deputy::check),
    (&global_model::RULE, global_model::check),
    (&not_resource::RULE, not_resource::check),
];

/// What a module's texts say about policies that are put together elsewhere.
pub(crate) fn check_terraform(look: &crate::look::Look<'_, '_>, found: &mut Vec<findings::Finding>) {
    application_profile::check_terraform(look, found);
}

/// What a resource is to a call of a model.
#[derive(Debug, PartialEq, Eq)]
enum Side<'a> {
    /// A system profile: what follows `inference-profile/`.
    Profile(&'a str),
    /// An application inference profile.
    Application,
    /// A foundation model in a region.
    Model { region: &'a str, id: &'a str },
    /// A pattern that may be each of them.
    Everything,
    /// It is not known.
    Unknown,
    /// None of them.
    Other,
}

fn side(resource: &str) -> Side<'_> {
    let mut parts = resource.splitn(6, ':');
    let (service, region, last) = match (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) {
        (Some(_), Some(_), Some(service), Some(region), Some(_), Some(last)) => (service, region, last),
        _ if resource.contains(UNKNOWN) => return Side::Unknown,
        _ if resource.contains('*') => return Side::Everything,
        _ => return Side::Other,
    };
    if service.contains(UNKNOWN) {
        return Side::Unknown;
    }
    if service.contains(['*', '?']) {
        return Side::Everything;
    }
    if service != "bedrock" {
        return Side::Other;
    }
    let (kind, id) = last.split_once('/').unwrap_or((last, ""));
    match kind {
        "inference-profile" => Side::Profile(id),
        "application-inference-profile" => Side::Application,
        "foundation-model" => Side::Model { region, id },
        kind if kind.contains(UNKNOWN) => Side::Unknown,
        kind if kind.contains(['*', '?']) => Side::Everything,
        _ => Side::Other,
    }
}

/// Whether a statement is about calls of models.
fn invokes(statement: &Statement) -> bool {
    statement.actions().iter().any(|action| {
        policy::matches_ignoring_case(&action.value, "bedrock:InvokeModel")
            || policy::matches_ignoring_case(&action.value, "bedrock:InvokeModelWithResponseStream")
    })
}

/// Whether a statement may allow more than is seen.
fn unclear(statement: &Statement) -> bool {
    let seen = statement
        .actions
        .as_ref()
        .is_some_and(|actions| !actions.negated && actions.known());
    statement.effect != Some(policy::Effect::Deny) && (statement.open || !seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_told_apart() {
        for (resource, wanted) in [
            (
                "arn:aws:bedrock:us-east-1:1:inference-profile/us.x",
                Side::Profile("us.x"),
            ),
            (
                "arn:aws:bedrock:us-east-1:1:application-inference-profile/a",
                Side::Application,
            ),
            (
                "arn:aws:bedrock:::foundation-model/x",
                Side::Model { region: "", id: "x" },
            ),
            ("arn:aws:bedrock:*:*:*", Side::Everything),
            ("*", Side::Everything),
            ("arn:aws:bedrock:*", Side::Everything),
            ("arn:aws:s3:::bucket", Side::Other),
            ("\u{fffc}", Side::Unknown),
            ("arn:aws:bedrock:\u{fffc}:\u{fffc}:\u{fffc}", Side::Unknown),
        ] {
            assert_eq!(side(resource), wanted, "{resource}");
        }
    }
}
