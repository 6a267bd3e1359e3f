//! The service control policy: a list of denials beside `FullAWSAccess`, for the dedicated account.
//!
//! An allow-list would be without effect until `FullAWSAccess` is detached on every level above, and would then break
//! whatever it forgot. A denial holds for everybody in the account, administrators included, except service-linked
//! roles and AWS services (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>).

use std::collections::BTreeSet;

use policy::{Actions, Document, Effect, Resources, Statement};

use super::arns::Arns;
use super::invocation::UNSPECIFIED_REGION;
use super::scp_services;
use crate::deployment::model::{Access, Deploy, Deployment, Destinations, ProfileScope};

const INVOKE: &str = "bedrock:InvokeModel*";

/// The service control policy. Without `deploy` it has no protective statements: with nobody exempt they would stop
/// Terraform as well.
pub fn document(d: &Deployment) -> Document {
    let mut statements = vec![other_services(d)];
    statements.extend(unused_services(d));
    statements.push(other_regions(d));
    statements.extend(invocation(d));
    statements.push(Statement::deny(
        "UnloggedPaths",
        [
            // Bedrock API keys: the log would name the key's user, or nobody that the deployment knows.
            "bedrock:CallWithBearerToken",
            // Batch jobs and the second endpoint are not in the invocation log.
            "bedrock:CreateModelInvocationJob",
            "bedrock-mantle:*",
            "organizations:LeaveOrganization",
        ],
        ["*"],
    ));
    statements.push(
        Statement::deny("ApiKeys", ["iam:CreateServiceSpecificCredential"], ["*"]).when(
            "StringEquals",
            "iam:ServiceSpecificCredentialServiceName",
            ["bedrock.amazonaws.com"],
        ),
    );
    if let Some(deploy) = &d.deploy {
        statements.extend(protection(d, deploy));
    }
    Document::new(statements)
}

fn other_services(d: &Deployment) -> Statement {
    let actions = scp_services::allowed(d).into_iter().map(str::to_owned).collect();
    let statement = Statement::new(
        "OtherServices",
        Effect::Deny,
        Actions::AllBut(actions),
        Some(everything()),
    );
    except_break_glass(d, statement)
}

/// Services of blocks that are absent. While the policy is attached, a block that is added needs them before the policy
/// knows it, and what a removed block left behind is deleted in them: Terraform must be able to do both.
fn unused_services(d: &Deployment) -> Option<Statement> {
    let unused = scp_services::unused(d);
    (!unused.is_empty()).then(|| {
        let statement = Statement::deny("UnusedServices", unused, ["*"]);
        except(d, statement, |deploy| deploy.exempt())
    })
}

fn other_regions(d: &Deployment) -> Statement {
    let actions = scp_services::everywhere(d);
    // Terraform's state may lie in another region.
    let resources = match &d.state {
        Some(state) if state.region != d.region => {
            let arns = Arns::new(d);
            Resources::AllBut(vec![arns.bucket(&state.bucket), arns.objects(&state.bucket, "*")])
        }
        _ => everything(),
    };
    let statement = Statement::new("OtherRegions", Effect::Deny, Actions::AllBut(actions), Some(resources)).when(
        "StringNotEquals",
        "aws:RequestedRegion",
        [d.region.as_str()],
    );
    except_break_glass(d, statement)
}

/// Which models, through which profiles, from where and to where.
fn invocation(d: &Deployment) -> [Statement; 3] {
    let arns = Arns::new(d);
    let mut regions = BTreeSet::from([d.region.as_str()]);
    for model in &d.models {
        match &model.destinations {
            Destinations::Regions(destinations) => regions.extend(destinations.iter().map(String::as_str)),
            Destinations::Global => {
                regions.insert(UNSPECIFIED_REGION);
            }
        }
    }
    // The profiles carry the only source region and their exact ids: nothing is logged in another source region, and
    // a pattern over the base id would let another geography's profile through.
    let mut approved: BTreeSet<String> = BTreeSet::new();
    for model in &d.models {
        approved.insert(arns.foundation_model("*", &model.base_id));
        approved.insert(arns.system_profile(model));
    }
    if d.profiles != ProfileScope::None {
        approved.insert(arns.application_profile("*"));
    }
    [
        Statement::deny("OtherDestinations", [INVOKE], ["*"]).when("StringNotEquals", "aws:RequestedRegion", regions),
        Statement::new(
            "OtherModels",
            Effect::Deny,
            Actions::Only(vec![INVOKE.to_owned()]),
            Some(Resources::AllBut(approved.into_iter().collect())),
        ),
        Statement::deny("BareModels", [INVOKE], [arns.foundation_model("*", "*")]).when(
            "Null",
            "bedrock:InferenceProfileArn",
            ["true"],
        ),
    ]
}

/// What only the deploy principals may touch.
fn protection(d: &Deployment, deploy: &Deploy) -> Vec<Statement> {
    let exempt = || deploy.exempt().into_iter().map(str::to_owned);
    let delivery = d
        .logging
        .as_ref()
        .map(|_| Arns::new(d).role(&d.names.log_delivery_role));
    let except =
        |statement: Statement, patterns: Vec<String>| statement.when("ArnNotLike", "aws:PrincipalArn", patterns);
    let (actions, resources) = protected_resources(d);
    let mut statements = vec![except(
        Statement::deny("ProtectSettings", protected_settings(d), ["*"]),
        exempt().collect(),
    )];
    if !actions.is_empty() {
        // The delivery role writes log events; its own policy allows it nothing else.
        let writers = exempt().chain(delivery.clone()).collect();
        statements.push(except(Statement::deny("ProtectResources", actions, resources), writers));
    }
    let mut changes = ROLE_CHANGES.to_vec();
    // Who becomes a deploy principal is exempt from everything above, so nobody else may create, change, assume or
    // pass one. A deploy principal may: roles are chained in pipelines.
    changes.extend(["iam:PassRole", "sts:AssumeRole"]);
    let roles: BTreeSet<String> = exempt().chain(delivery).collect();
    statements.push(except(
        Statement::deny("ProtectRoles", changes, roles),
        exempt().collect(),
    ));
    statements
}

/// Every action that changes a role: what it may do, who may become it, or that it exists.
const ROLE_CHANGES: &[&str] = &[
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole*",
    "iam:DetachRolePolicy",
    "iam:PutRole*",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole*",
];

/// Actions that know no resource, or whose resource cannot be named before it exists.
fn protected_settings(d: &Deployment) -> Vec<&'static str> {
    let mut actions = vec![
        // A SAML provider that a deploy role trusts, pointed at another identity provider, hands the role over.
        "iam:CreateSAMLProvider",
        "iam:UpdateSAMLProvider",
        "bedrock:CreateInferenceProfile",
        "bedrock:DeleteInferenceProfile",
        "bedrock:PutAccountDataRetention",
        "bedrock:DeleteEnforcedGuardrailConfiguration",
        "bedrock:PutEnforcedGuardrailConfiguration",
    ];
    if d.logging.is_some() {
        actions.extend([
            "bedrock:DeleteModelInvocationLoggingConfiguration",
            "bedrock:PutModelInvocationLoggingConfiguration",
            "logs:DeleteAccountPolicy",
            "logs:PutAccountPolicy",
        ]);
    }
    if d.budgets.as_ref().is_some_and(|budgets| budgets.anomaly.is_some()) {
        actions.extend(["ce:DeleteAnomaly*", "ce:UpdateAnomaly*"]);
    }
    actions
}

/// Actions and the resources that they must not touch; an action meets only resources of its own service.
fn protected_resources(d: &Deployment) -> (Vec<&'static str>, Vec<String>) {
    let arns = Arns::new(d);
    let mut actions = Vec::new();
    let mut resources = Vec::new();
    if d.logging.is_some() {
        let bucket = &d.names.log_bucket;
        actions.extend([
            "logs:AssociateKmsKey",
            "logs:Delete*",
            "logs:DisassociateKmsKey",
            // PutLogEvents included: nobody adds lines to the record.
            "logs:Put*",
            "s3:BypassGovernanceRetention",
            "s3:Delete*",
            "s3:Put*",
            "s3:Replicate*",
            "s3:Update*",
        ]);
        resources.extend([arns.log_group(), format!("{}:*", arns.log_group())]);
        resources.extend([arns.bucket(bucket), arns.objects(bucket, "*")]);
    }
    if d.profiles != ProfileScope::None || d.guardrail.is_some() {
        actions.extend(["bedrock:TagResource", "bedrock:UntagResource"]);
    }
    if d.profiles != ProfileScope::None {
        resources.push(arns.application_profile("*"));
    }
    if d.guardrail.is_some() {
        actions.extend([
            "bedrock:CreateGuardrailVersion",
            "bedrock:DeleteGuardrail",
            "bedrock:UpdateGuardrail",
            "iam:CreatePolicyVersion",
            "iam:DeletePolicy*",
            "iam:SetDefaultPolicyVersion",
        ]);
        resources.extend([arns.guardrail("*"), arns.managed_policy(&d.names.guardrail_policy)]);
    }
    if let Access::Roles(access) = &d.access {
        // People assume these, so only changes are denied: the trust policy pins the name in the log.
        actions.extend(ROLE_CHANGES);
        let roles = [
            (&d.names.developer, &access.developers),
            (&d.names.admin, &access.admins),
            (&d.names.analyst, &access.analysts),
        ];
        let emitted = roles.into_iter().filter(|(_, callers)| !callers.is_empty());
        resources.extend(emitted.map(|(name, _)| arns.role(name)));
    }
    if d.budgets.is_some() {
        actions.extend([
            "budgets:ModifyBudget",
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:PutAlarmMuteRule",
            "cloudwatch:PutMetricAlarm",
            "sns:AddPermission",
            "sns:DeleteTopic",
            "sns:RemovePermission",
            "sns:SetTopicAttributes",
        ]);
        resources.extend([
            arns.budget(&format!("{}-*", d.name)),
            arns.here("cloudwatch", &format!("alarm:{}-*", d.name)),
            arns.topic(),
        ]);
    }
    (actions, resources)
}

/// Emergency roles, and the organization's own such as Control Tower's, are stopped neither by service nor by region.
fn except_break_glass(d: &Deployment, statement: Statement) -> Statement {
    except(d, statement, |deploy| {
        deploy.break_glass.iter().map(String::as_str).collect()
    })
}

/// The statement without effect on the roles that match one of these patterns.
fn except<'a>(
    d: &'a Deployment,
    statement: Statement,
    patterns: impl Fn(&'a Deploy) -> BTreeSet<&'a str>,
) -> Statement {
    let patterns: BTreeSet<&str> = d.deploy.iter().flat_map(patterns).collect();
    if patterns.is_empty() {
        return statement;
    }
    statement.when("ArnNotLike", "aws:PrincipalArn", patterns)
}

fn everything() -> Resources {
    Resources::Only(vec!["*".to_owned()])
}
