//! Phase 4: who is seen in the log.

mod analytics;
mod assignments;
mod caller;
mod center;
mod document;
mod federation;
mod groups;
mod identity_pool;
mod login;
mod people;
mod permission_sets;
mod query;
mod roles;

use std::rc::Rc;

use super::check::{Check, From};
use crate::deployment::model::{Access, Deployment, IdentityCenter};
use crate::guardrails::documents::{ADMIN, ANALYST, DEVELOPER};
use crate::steps::Phase;

pub use analytics::{TABLE, WORKGROUP};
pub use query::{Caller, OPERATIONS as QUERY, Outcome, callers};

/// The check that the others of Identity Center need.
const INSTANCE: &str = "attribution-identity-center";

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    let mut checks = match &deployment.access {
        Access::IdentityCenter(center) => of_center(deployment, center),
        Access::Roles(of) => roles::checks(deployment, of),
        Access::Federation(federation) => federation::checks(deployment, federation),
    };
    checks.extend(login::checks(deployment));
    if let (Some(analytics), Some(logging)) = (&deployment.analytics, &deployment.logging) {
        checks.extend(analytics::checks(deployment, analytics, logging));
        checks.push(query::check(deployment));
    }
    checks
}

fn of_center(deployment: &Deployment, center: &IdentityCenter) -> Vec<Check> {
    let center = Rc::new(center.clone());
    let parts = parts(deployment, &center);
    let mut checks = vec![center::instance(deployment, &center)];
    checks.extend(people::provisioning(&center));
    checks.extend(parts.iter().filter_map(|part| groups::group(&center, part)));
    checks.extend(people::members(deployment, &center));
    checks.extend(center::session_tag(deployment, &center));
    checks.extend(
        parts
            .iter()
            .map(|part| permission_sets::policy(deployment, &center, part)),
    );
    checks.extend(parts.iter().filter_map(|part| assignments::assignment(&center, part)));
    checks.push(assignments::provisioned(&center, &parts));
    checks.push(assignments::roles(deployment, &parts));
    checks
}

fn check(id: impl Into<String>, step: &str, from: From, title: impl Into<String>) -> Check {
    Check::new(id, step, Phase::Attribution, from, title)
}

/// What people are in a deployment with Identity Center.
#[derive(Debug, Clone)]
struct Part {
    /// Last part of the ids of its checks.
    key: &'static str,
    /// Permission set.
    set: String,
    /// File name of its policy.
    document: &'static str,
    /// Group that it is assigned to, where the deployment names one.
    group: Option<String>,
    /// Whether the deployment's guardrail is enforced on it.
    is_guarded: bool,
    /// Under which the id of its group is remembered.
    group_key: &'static str,
    /// Under which the members of its group are remembered.
    members_key: &'static str,
}

fn parts(deployment: &Deployment, center: &IdentityCenter) -> Vec<Part> {
    let names = &deployment.names;
    let is_guarded = deployment.guardrail.is_some();
    vec![
        Part {
            key: "developer",
            set: names.developer.clone(),
            document: DEVELOPER,
            group: Some(center.group.clone()),
            is_guarded,
            group_key: "identity-group-developer",
            members_key: "identity-members-developer",
        },
        Part {
            key: "admin",
            set: names.admin.clone(),
            document: ADMIN,
            group: center.admin_group.clone(),
            is_guarded,
            group_key: "identity-group-admin",
            members_key: "identity-members-admin",
        },
        Part {
            key: "analyst",
            set: names.analyst.clone(),
            document: ANALYST,
            group: center.analyst_group.clone(),
            is_guarded: false,
            group_key: "identity-group-analyst",
            members_key: "identity-members-analyst",
        },
    ]
}

/// The name under which a developer is seen, where `arn` is a developer's session.
pub fn developer<'a>(arn: &'a str, deployment: &Deployment) -> Option<&'a str> {
    match caller::who(arn, deployment) {
        caller::Who::Developer(name) => Some(name),
        caller::Who::Admin(_) | caller::Who::Other(_) => None,
    }
}

/// The first few of many, and how many more there are.
pub fn few<T: AsRef<str>>(items: &[T]) -> String {
    const SHOWN: usize = 10;
    let first: Vec<&str> = items.iter().take(SHOWN).map(AsRef::as_ref).collect();
    match items.len().checked_sub(SHOWN) {
        None | Some(0) => first.join(", "),
        Some(more) => format!("{} and {more} more", first.join(", ")),
    }
}
