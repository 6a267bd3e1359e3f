//! The permissions that checks need: one read-only policy per account, taken from the operations that the checks declare.

use std::collections::{BTreeMap, BTreeSet};

use policy::document::{Document, Statement};

use super::check::{Check, From};
use super::probe::Accounts;
use crate::aws::On;
use crate::deployment::model::{Access, Deployment, Destinations, Trusted};
use crate::deployment::names::Names;
use crate::guardrails::arns::Arns;

/// The policy of each account, by its number: what the checks need there, and nothing else. An account whose number the
/// deployment does not have is `management`.
pub fn policies(checks: &[Check], deployment: &Deployment) -> BTreeMap<String, Document> {
    let accounts = Accounts::of(deployment);
    let mut grants: BTreeMap<String, BTreeSet<(On, &'static str)>> = BTreeMap::new();
    for check in checks.iter().filter(|check| check.from != From::Machine) {
        let own = check.operations.iter().map(|operation| (check.from, *operation));
        for (from, operation) in own.chain(check.elsewhere.iter().copied()) {
            let account = accounts.ids.get(&from).cloned();
            let entry = grants
                .entry(account.unwrap_or_else(|| "management".to_owned()))
                .or_default();
            entry.extend(operation.grants.iter().map(|grant| (grant.on, grant.action)));
        }
    }
    grants
        .into_iter()
        .map(|(account, grants)| (account, document(&grants, deployment)))
        .filter(|(_, document)| !document.statements.is_empty())
        .collect()
}

fn document(grants: &BTreeSet<(On, &'static str)>, deployment: &Deployment) -> Document {
    let mut actions: BTreeMap<On, Vec<&'static str>> = BTreeMap::new();
    for (on, action) in grants {
        actions.entry(*on).or_default().push(action);
    }
    let statements = actions
        .into_iter()
        .filter_map(|(on, actions)| {
            let resources = resources(on, deployment);
            (!resources.is_empty()).then(|| Statement::allow(sid(on), actions, resources))
        })
        .collect();
    Document::new(statements)
}

fn sid(on: On) -> &'static str {
    match on {
        On::Anything => "Look",
        On::LogBucket => "LookAtLogBucket",
        On::LogObjects => "ReadLogs",
        On::LogKey => "DecryptLogs",
        On::LogGroup => "LookAtLogGroup",
        On::OpenIdProvider => "LookAtOpenIdProvider",
        On::IdentityPools => "LookAtIdentityPools",
        On::ResultsBucket => "LookAtResultsBucket",
        On::ResultsObjects => "KeepResults",
        On::StateBucket => "LookAtStateBucket",
        On::Workgroup => "Query",
        On::Tables => "LookAtTables",
        On::Topic => "LookAtTopic",
        On::Budgets => "LookAtBudgets",
        On::Models => "CallModels",
        On::Roles => "LookAtRoles",
        On::DeveloperRole => "SimulateDevelopers",
        On::Users => "LookAtUsers",
    }
}

/// ARNs of the deployment's resources; empty where it has none of this kind.
fn resources(on: On, d: &Deployment) -> Vec<String> {
    let arns = Arns::new(d);
    let names = &d.names;
    match on {
        On::Anything => vec!["*".to_owned()],
        On::LogBucket => vec![arns.bucket(&names.log_bucket)],
        On::LogObjects => vec![arns.log_objects("*")],
        On::LogKey => d
            .logging
            .as_ref()
            .and_then(|logging| logging.kms_key_arn.clone())
            .into_iter()
            .collect(),
        On::LogGroup => vec![format!("{}:*", arns.log_group()), arns.log_group()],
        On::ResultsBucket => vec![arns.bucket(&names.results_bucket)],
        On::ResultsObjects => vec![arns.query_results()],
        On::StateBucket => d
            .state
            .as_ref()
            .map(|state| arns.bucket(&state.bucket))
            .into_iter()
            .collect(),
        On::Workgroup => vec![arns.workgroup()],
        On::Tables => vec![
            arns.here("glue", "catalog"),
            arns.here("glue", &format!("database/{}", names.database)),
            // Athena looks up the default database whatever the query names
            // (<https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html>).
            arns.here("glue", "database/default"),
            arns.here("glue", &format!("table/{}/*", names.database)),
        ],
        On::Topic => vec![arns.topic()],
        On::Budgets => {
            let teams = d.budgets.iter().flat_map(|budgets| budgets.teams.keys());
            std::iter::once(names.budget.clone())
                .chain(teams.map(|team| Names::team_budget(&d.name, team)))
                .map(|name| arns.budget(&name))
                .collect()
        }
        On::Models => models(d),
        On::Roles => roles(d),
        On::DeveloperRole => roles(d).into_iter().take(1).collect(),
        On::OpenIdProvider => match &d.access {
            Access::Federation(federation) if !federation.is_built_in() => {
                vec![federation.principal(&d.partition, &d.account_id)]
            }
            _ => Vec::new(),
        },
        On::IdentityPools => vec![arns.identity_pool("*")],
        On::Users => match &d.access {
            Access::IdentityCenter(_) | Access::Federation(_) => Vec::new(),
            Access::Roles(roles) => [&roles.developers, &roles.admins, &roles.analysts]
                .into_iter()
                .flatten()
                .filter_map(|trusted| match trusted {
                    Trusted::User { arn, .. } => Some(arn.clone()),
                    Trusted::Role { .. } => None,
                })
                .collect(),
        },
    }
}

/// A call of an inference profile needs the profile, and the model in every region that it may be served in.
fn models(d: &Deployment) -> Vec<String> {
    let arns = Arns::new(d);
    d.models
        .iter()
        .flat_map(|model| {
            let regions: Vec<&str> = match &model.destinations {
                Destinations::Regions(regions) => regions.iter().map(String::as_str).collect(),
                Destinations::Global => vec!["", d.region.as_str()],
            };
            let behind: Vec<String> = regions
                .into_iter()
                .map(|region| arns.foundation_model(region, &model.base_id))
                .collect();
            std::iter::once(arns.system_profile(model)).chain(behind)
        })
        .collect()
}

/// The roles that there are, the developers' first. Roles of Identity Center are there when a group is assigned, and have a
/// suffix that is not known before.
fn roles(d: &Deployment) -> Vec<String> {
    let arns = Arns::new(d);
    let names = &d.names;
    let present = |others: [(&String, bool); 2]| {
        let others = others
            .into_iter()
            .filter(|(_, is_there)| *is_there)
            .map(|(name, _)| name);
        std::iter::once(&names.developer)
            .chain(others)
            .cloned()
            .collect::<Vec<_>>()
    };
    match &d.access {
        Access::IdentityCenter(center) => present([
            (&names.admin, center.admin_group.is_some()),
            (&names.analyst, center.analyst_group.is_some()),
        ])
        .into_iter()
        .map(|name| arns.role(&format!("aws-reserved/sso.amazonaws.com/*AWSReservedSSO_{name}_*")))
        .collect(),
        Access::Roles(_) | Access::Federation(_) => d.people_roles().into_iter().map(|name| arns.role(name)).collect(),
    }
}
