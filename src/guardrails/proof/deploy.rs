//! Terraform can do its work with the SCP attached: every action of every root, for every deploy principal.

use policy::Caller;

use super::Theme;
use super::buckets::{at_bucket, only_bedrock};
use super::case::{Case, Source, Stack, request};
use super::operate::region_of;
use super::{people, protected, tampering};
use crate::deployment::model::{Access, Deployment};
use crate::guardrails::arns::Arns;
use crate::guardrails::writes::{self, Managed, Root};

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    for managed in writes::managed(d) {
        let Some((account, scp)) = account_of(d, managed.root) else {
            continue;
        };
        let stack = Stack::identity(&[Source::Administrator]).with_scp(scp);
        for caller in deploy_principals(d, &account) {
            for (phase, actions) in [("apply", managed.apply), ("destroy", managed.destroy)] {
                for action in actions {
                    let resource = if knows_no_resource(action) {
                        "*"
                    } else {
                        &managed.resource
                    };
                    let request = request(&caller, action, resource, region(d, &managed, action));
                    let (stack, request) = at_bucket(d, &stack, request);
                    let reason = format!("{}: {} of {}", managed.root.as_str(), phase, managed.terraform);
                    cases.push(Case::allow(Theme::Deploy, "deploy principal", &stack, request, &reason));
                }
            }
        }
    }
    growing(d, cases);
    exempt(d, cases);
}

/// Services of blocks that the deployment does not have: what adds one, or cleans up after it, runs under this SCP.
fn growing(d: &Deployment, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let mut requests: Vec<(&str, String)> = Vec::new();
    if d.analytics.is_none() {
        let database = arns.here("glue", &format!("database/{}", d.names.database));
        requests.extend([
            ("athena:CreateWorkGroup", arns.workgroup()),
            ("athena:DeleteWorkGroup", arns.workgroup()),
            ("glue:CreateDatabase", database.clone()),
            ("glue:DeleteDatabase", database),
            ("lakeformation:PutDataLakeSettings", "*".to_owned()),
        ]);
    }
    if d.budgets.is_none() {
        requests.extend([
            ("sns:CreateTopic", arns.topic()),
            ("sns:DeleteTopic", arns.topic()),
            ("chatbot:DescribeSlackWorkspaces", "*".to_owned()),
        ]);
    }
    if let Access::Federation(federation) = &d.access
        && federation.identity_pool.is_none()
    {
        requests.extend([
            ("cognito-identity:CreateIdentityPool", "*".to_owned()),
            ("cognito-identity:DeleteIdentityPool", arns.identity_pool(people::POOL)),
        ]);
    }
    let stack = Stack::administrator_under_scp();
    let someone = people::someone_else(d);
    for (action, resource) in &requests {
        let ask = |caller: &Caller| request(caller, action, resource, &d.region);
        let reason = "a service that the deployment does not use";
        cases.push(Case::deny(Theme::Account, "anyone else", &stack, ask(&someone), reason));
        for pattern in d.deploy.iter().flat_map(|deploy| deploy.exempt()) {
            let reason = "a block can be added, and removed, while the SCP is attached";
            cases.extend(
                people::matching(pattern, &d.account_id)
                    .map(|caller| Case::allow(Theme::Deploy, "exempt role", &stack, ask(&caller), reason)),
            );
        }
    }
}

/// Every exempt role may change and assume what is protected: pipelines chain roles, and emergencies need them.
fn exempt(d: &Deployment, cases: &mut Vec<Case>) {
    let Some(deploy) = &d.deploy else {
        return;
    };
    let stack = Stack::administrator_under_scp();
    for pattern in deploy.exempt() {
        let Some(caller) = people::matching(pattern, &d.account_id) else {
            continue;
        };
        let label = if deploy.principals.iter().any(|principal| principal == pattern) {
            "deploy principal"
        } else {
            "break-glass role"
        };
        for (action, resource, _) in protected::requests(d).into_iter().chain(tampering::takeover(d)) {
            let request = request(&caller, action, &resource, region_of(d, action));
            let (stack, request) = at_bucket(d, &stack, request);
            let case = if only_bedrock(d, &request) {
                Case::deny(Theme::Deploy, label, &stack, request, "only Bedrock writes records")
            } else {
                Case::allow(Theme::Deploy, label, &stack, request, "exempt from the protection")
            };
            cases.push(case);
        }
    }
}

/// Exempt patterns that match no role of an account that the deployment works in, each with those accounts.
pub fn strangers(d: &Deployment) -> Vec<(&str, Vec<String>)> {
    let roots = [Root::Workload, Root::Identity, Root::Organization, Root::Billing];
    let mut accounts: Vec<String> = roots
        .into_iter()
        .filter_map(|root| account_of(d, root))
        .map(|(account, _)| account)
        .collect();
    accounts.sort();
    accounts.dedup();
    let exempt = d.deploy.iter().flat_map(|deploy| deploy.exempt());
    exempt
        .filter(|pattern| {
            accounts
                .iter()
                .all(|account| people::matching(pattern, account).is_none())
        })
        .map(|pattern| (pattern, accounts.clone()))
        .collect()
}

/// The account in which a root runs, and whether the SCP may apply there.
fn account_of(d: &Deployment, root: Root) -> Option<(String, bool)> {
    let management = d
        .organization
        .as_ref()
        .map(|organization| organization.management_account_id.as_str());
    match root {
        Root::Workload => Some((d.account_id.clone(), true)),
        Root::Identity => {
            let Access::IdentityCenter(center) = &d.access else {
                return None;
            };
            // A delegated administrator is an ordinary account: the SCP may be attached above it, too.
            let scp = match management {
                Some(management) => management != center.account_id,
                None => center.account_id == d.account_id,
            };
            Some((center.account_id.clone(), scp))
        }
        Root::Organization => management.map(|account| (account.to_owned(), false)),
        Root::Billing => d.cost_tags.as_ref().map(|tags| (tags.payer_account_id.clone(), false)),
    }
}

/// The roles that run Terraform in an account; one that matches no pattern where no pattern can match.
fn deploy_principals(d: &Deployment, account: &str) -> Vec<Caller> {
    let patterns = d.deploy.iter().flat_map(|deploy| &deploy.principals);
    let callers: Vec<Caller> = patterns
        .filter_map(|pattern| people::matching(pattern, account))
        .collect();
    if !callers.is_empty() {
        return callers;
    }
    let role = Arns::new(d).at("iam", "", account, "role/terraform");
    vec![Caller::role_session(&role, "terraform")]
}

/// Whether AWS asks for an action on `*` alone.
fn knows_no_resource(action: &str) -> bool {
    let known = action
        .split_once(':')
        .and_then(|(service, name)| iam_reference::service(service)?.action(name));
    known.is_some_and(|action| action.resources.is_empty())
}

fn region<'a>(d: &'a Deployment, managed: &'a Managed, action: &str) -> &'a str {
    match (managed.terraform, &d.state, &d.access) {
        ("backend s3", Some(state), _) if action.starts_with("s3:") => &state.region,
        ("backend s3", Some(_), _) => managed.resource.split(':').nth(3).unwrap_or(&d.region),
        (_, _, Access::IdentityCenter(center)) if managed.root == Root::Identity => &center.region,
        _ => region_of(d, action),
    }
}
