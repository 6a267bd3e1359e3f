//! What the SCP leaves possible: what an account needs beside the deployment, and what the region denial must spare.

use super::Theme;
use super::case::{Case, Stack, request, with};
use super::forbidden::uninvolved_region;
use super::invocation::{OWN_PROFILE, destinations, through};
use super::operate::region_of;
use super::people;
use crate::deployment::model::{Access, Deployment, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::guardrails::invocation::INVOKE;

/// One action of each service that stays open, and whether it must also work outside the deployment's region.
const OPEN: &[(&str, bool, &str)] = &[
    ("access-analyzer:ListAnalyzers", true, "auditors look at the account"),
    ("account:GetAccountInformation", true, "the account's own page"),
    (
        "aws-marketplace:Subscribe",
        true,
        "the first call of a model subscribes the account",
    ),
    ("aws-marketplace:Unsubscribe", true, "a model that is no longer wanted"),
    (
        "aws-marketplace:ViewSubscriptions",
        true,
        "the first call of a model subscribes the account",
    ),
    ("bcm-data-exports:ListExports", true, "cost data"),
    ("bedrock:GetFoundationModelAvailability", false, "checks of the rollout"),
    (
        "bedrock:GetInferenceProfile",
        true,
        "Bedrock resolves profiles in destination regions",
    ),
    (
        "bedrock:CountTokens",
        true,
        "Bedrock authorises it in destination regions",
    ),
    (
        "bedrock:ApplyGuardrail",
        true,
        "Bedrock applies guardrails in destination regions",
    ),
    ("billing:GetBillingData", true, "cost data"),
    ("budgets:ViewBudget", true, "cost data"),
    ("ce:GetCostAndUsage", true, "cost data"),
    ("cloudtrail:LookupEvents", true, "the history of global services"),
    ("cloudtrail:DescribeTrails", false, "auditors look at the account"),
    ("cloudwatch:GetMetricData", false, "metrics"),
    (
        "config:DescribeConfigurationRecorders",
        false,
        "auditors look at the account",
    ),
    ("cur:DescribeReportDefinitions", true, "cost data"),
    ("ec2:DescribeRegions", true, "consoles and tools ask for the regions"),
    ("freetier:GetFreeTierUsage", true, "cost data"),
    ("health:DescribeEvents", true, "AWS's own notices"),
    ("iam:ListRoles", true, "identity is global"),
    (
        "identitystore:ListGroups",
        true,
        "Identity Center may live in another region",
    ),
    ("invoicing:ListInvoiceSummaries", true, "cost data"),
    ("kms:DescribeKey", true, "keys of state and replicas in other regions"),
    ("logs:DescribeLogGroups", false, "logs"),
    ("notifications:ListNotificationHubs", true, "AWS's own notices"),
    ("organizations:DescribeOrganization", true, "checks of the rollout"),
    ("organizations:ListParents", true, "checks of the rollout"),
    (
        "payments:ListPaymentPreferences",
        true,
        "Marketplace needs a means of payment",
    ),
    ("pricing:GetProducts", true, "cost data"),
    ("resource-groups:ListGroups", false, "finding resources by tag"),
    ("s3:GetAccountPublicAccessBlock", true, "an account-wide setting"),
    ("s3:ListAllMyBuckets", true, "the list of buckets is global"),
    ("s3:PutAccountPublicAccessBlock", true, "an account-wide setting"),
    ("s3:ListBucket", false, "buckets"),
    ("servicequotas:ListServiceQuotas", true, "quotas of global services"),
    (
        "signin:ListTrustedIdentityPropagationApplicationsForConsole",
        true,
        "signing in to the console",
    ),
    (
        "sso-directory:DescribeDirectory",
        true,
        "Identity Center may live in another region",
    ),
    ("sso:ListInstances", true, "Identity Center may live in another region"),
    ("sts:GetCallerIdentity", true, "identity is global"),
    ("support:DescribeCases", true, "AWS's support"),
    ("tag:GetResources", true, "finding resources by tag"),
    ("tax:ListTaxRegistrations", true, "Marketplace needs tax data"),
];

/// With the module `analytics`.
const ANALYTICS: &[(&str, bool, &str)] = &[
    ("athena:GetWorkGroup", false, "queries over the logs"),
    ("glue:GetTable", false, "queries over the logs"),
    ("lakeformation:GetDataLakeSettings", false, "grants on the tables"),
];

/// With the module `budgets`.
const BUDGETS: &[(&str, bool, &str)] = &[
    ("chatbot:DescribeSlackWorkspaces", true, "alerts in a chat"),
    ("sns:GetTopicAttributes", false, "alerts"),
];

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    let someone = people::someone_else(d);
    let stack = Stack::administrator_under_scp();
    let mut allow = |label: &str, caller: &policy::Caller, action: &str, resource: &str, region: &str, reason: &str| {
        let request = request(caller, action, resource, region);
        cases.push(Case::allow(Theme::Open, label, &stack, request, reason));
    };
    let elsewhere = uninvolved_region(d);
    let analytics = d.analytics.iter().flat_map(|_| ANALYTICS);
    let budgets = d.budgets.iter().flat_map(|_| BUDGETS);
    for (action, everywhere, reason) in OPEN.iter().chain(analytics).chain(budgets) {
        allow("anyone else", &someone, action, "*", region_of(d, action), reason);
        if *everywhere {
            allow("anyone else", &someone, action, "*", elsewhere, reason);
        }
    }
    let arns = Arns::new(d);
    let reason = "roles that are not protected can be managed and assumed";
    for action in ["iam:CreateRole", "iam:PassRole", "sts:AssumeRole"] {
        allow(
            "anyone else",
            &someone,
            action,
            &arns.role("an-application"),
            region_of(d, action),
            reason,
        );
    }
    if let Access::Roles(_) = d.access {
        let role = arns.role(&d.names.developer);
        allow(
            "anyone else",
            &someone,
            "sts:AssumeRole",
            &role,
            &d.region,
            "people assume their role",
        );
    }
    // Keys for other services, as CodeCommit's, are no matter of this deployment.
    let request = with(
        request(&someone, "iam:CreateServiceSpecificCredential", "*", "us-east-1"),
        "iam:ServiceSpecificCredentialServiceName",
        "codecommit.amazonaws.com",
    );
    let reason = "keys for other services";
    cases.push(Case::allow(Theme::Open, "anyone else", &stack, request, reason));
    destinations_open(d, cases);
    break_glass(d, cases);
}

/// One blocked destination fails the whole request, so the region denial must spare them all.
fn destinations_open(d: &Deployment, cases: &mut Vec<Case>) {
    let someone = people::someone_else(d);
    let stack = Stack::administrator_under_scp();
    let arns = Arns::new(d);
    let mut allow = |request, reason: &str| {
        cases.push(Case::allow(Theme::Open, "anyone else", &stack, request, reason));
    };
    for model in &d.models {
        let profile = arns.system_profile(model);
        allow(
            request(&someone, INVOKE[0], &profile, &d.region),
            "an allowed model's profile",
        );
        for (resource, region) in destinations(d, model) {
            let request = through(request(&someone, INVOKE[0], &resource, &region), &profile);
            allow(request, "a blocked destination fails the whole request");
        }
    }
    if d.profiles != ProfileScope::None {
        let profile = arns.application_profile(OWN_PROFILE);
        allow(
            request(&someone, INVOKE[0], &profile, &d.region),
            "an application profile",
        );
    }
}

/// Emergency roles, and the organization's own, are stopped neither by service nor by region.
fn break_glass(d: &Deployment, cases: &mut Vec<Case>) {
    let stack = Stack::administrator_under_scp();
    let patterns = d.deploy.iter().flat_map(|deploy| &deploy.break_glass);
    for caller in patterns.filter_map(|pattern| people::matching(pattern, &d.account_id)) {
        for (action, region) in [
            ("cloudformation:CreateStack", d.region.as_str()),
            ("lambda:CreateFunction", d.region.as_str()),
            ("s3:CreateBucket", uninvolved_region(d)),
            ("config:PutConfigurationRecorder", uninvolved_region(d)),
        ] {
            let request = request(&caller, action, "*", region);
            let reason = "an emergency, or the organization's own automation";
            cases.push(Case::allow(Theme::Open, "break-glass role", &stack, request, reason));
        }
    }
}
