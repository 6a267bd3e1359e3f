//! What the SCP leaves open: the services that the account needs, and which of them outside the deployment's region.

use crate::deployment::model::{Access, Deployment};

/// Where an action pattern stays possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In the deployment's region alone.
    Home,
    /// Everywhere: the service is global, or its only endpoint may be another region's.
    Everywhere,
}

use Reach::{Everywhere, Home};

/// For every deployment: Bedrock, identity, storage and logs, money, the organization, support and audit.
const ALWAYS: &[(&str, Reach)] = &[
    ("bedrock:*", Home),
    // Subscribe and Unsubscribe.
    ("aws-marketplace:*ubscribe", Everywhere),
    ("aws-marketplace:ViewSubscriptions", Everywhere),
    ("iam:*", Everywhere),
    ("sts:*", Everywhere),
    ("kms:*", Everywhere),
    ("s3:*", Home),
    ("logs:*", Home),
    ("cloudwatch:*", Home),
    ("ce:*", Everywhere),
    ("budgets:*", Everywhere),
    ("cur:*", Everywhere),
    ("bcm-data-exports:*", Everywhere),
    ("billing:*", Everywhere),
    ("payments:*", Everywhere),
    ("tax:*", Everywhere),
    ("invoicing:*", Everywhere),
    ("freetier:*", Everywhere),
    ("pricing:*", Everywhere),
    ("account:*", Everywhere),
    ("organizations:Describe*", Everywhere),
    ("organizations:List*", Everywhere),
    ("sso:*", Everywhere),
    ("sso-directory:*", Everywhere),
    ("identitystore:*", Everywhere),
    ("signin:*", Everywhere),
    ("tag:*", Everywhere),
    ("resource-groups:*", Home),
    ("servicequotas:*", Everywhere),
    ("support:*", Everywhere),
    ("health:*", Everywhere),
    ("notifications:*", Everywhere),
    ("cloudtrail:*", Home),
    ("access-analyzer:*", Everywhere),
    ("config:*", Home),
    ("ec2:DescribeRegions", Everywhere),
];

/// With the module `analytics`.
const ANALYTICS: &[(&str, Reach)] = &[("athena:*", Home), ("glue:*", Home), ("lakeformation:*", Home)];

/// With the module `budgets`: the topic, and the chat application that may subscribe to it.
const BUDGETS: &[(&str, Reach)] = &[("sns:*", Home), ("chatbot:*", Everywhere)];

/// Single actions of regional services that stay open in every region: S3's account-wide ones, the event history of
/// global services, and what Bedrock itself authorises in destination regions. Invocation has its own statements.
const SINGLE: &[&str] = &[
    "s3:ListAllMyBuckets",
    "s3:*AccountPublicAccessBlock",
    "cloudtrail:LookupEvents",
    "bedrock:InvokeModel*",
    "bedrock:ApplyGuardrail",
    "bedrock:GetInferenceProfile",
    "bedrock:CountTokens",
];

/// With an identity pool in the module `federation`.
const IDENTITY_POOL: &[(&str, Reach)] = &[("cognito-identity:*", Home)];

/// The services of each block that may be left out, and whether the deployment has it.
fn blocks(d: &Deployment) -> Vec<(&'static [(&'static str, Reach)], bool)> {
    let mut blocks = vec![(ANALYTICS, d.analytics.is_some()), (BUDGETS, d.budgets.is_some())];
    // Not for every deployment, since the document has little room: only one with tokens can have a pool.
    if let Access::Federation(federation) = &d.access {
        blocks.push((IDENTITY_POOL, federation.identity_pool.is_some()));
    }
    blocks
}

fn emitted(d: &Deployment) -> impl Iterator<Item = &'static (&'static str, Reach)> {
    let blocks = blocks(d).into_iter().filter(|(_, is_there)| *is_there);
    ALWAYS.iter().chain(blocks.flat_map(|(services, _)| services))
}

/// Action patterns that are possible at all, be it for the deploy principals alone.
pub fn allowed(d: &Deployment) -> Vec<&'static str> {
    let unused = unused(d);
    emitted(d).map(|(pattern, _)| *pattern).chain(unused).collect()
}

/// Action patterns of blocks that the deployment does not have: open to the deploy principals alone, where there are any.
pub fn unused(d: &Deployment) -> Vec<&'static str> {
    if d.deploy.is_none() {
        return Vec::new();
    }
    let blocks = blocks(d).into_iter().filter(|(_, is_there)| !is_there);
    blocks
        .flat_map(|(services, _)| services)
        .map(|(pattern, _)| *pattern)
        .collect()
}

/// Action patterns that are possible outside the deployment's region. What [`allowed`] names action by action is named
/// by its service here: everything else of it is denied everywhere.
pub fn everywhere(d: &Deployment) -> Vec<String> {
    let mut patterns: Vec<String> = emitted(d)
        .filter(|(_, reach)| *reach == Everywhere)
        .map(|(pattern, _)| pattern.split(':').next().unwrap_or(pattern))
        .map(|service| format!("{service}:*"))
        .collect();
    patterns.dedup();
    patterns.extend(SINGLE.iter().map(|action| (*action).to_owned()));
    patterns
}
