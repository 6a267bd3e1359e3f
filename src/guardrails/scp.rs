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
            // Batch jobs and the second endpoint are not in the invocation log; of jobs that evaluate, customise and
            // optimise, and of what else calls models by itself, AWS does not say that they are.
            "bedrock:Create*Job",
            "bedrock:InvokeBlueprint*",
            "bedrock:InvokeDataAutomation*",
            "bedrock:OptimizePrompt",
            // Capacity is paid by the hour, whoever calls it.
            "bedrock:CreateMarketplaceModelEndpoint",
            "bedrock:CreateProvisionedModelThroughput",
            "bedrock-mantle:*",
            // Ends the account, the region or the SCP itself.
            "account:CloseAccount",
            "account:DisableRegion",
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
    let Protected { actions, resources } = protected_resources(d);
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
    let mut roles: BTreeSet<String> = exempt().chain(delivery).collect();
    if let Access::IdentityCenter(_) = d.access {
        // By such a name the queries know a session of Identity Center, which makes its roles through a service-linked
        // one.
        roles.insert(Arns::new(d).role("*AWSReservedSSO_*"));
    }
    statements.push(except(
        Statement::deny("ProtectRoles", changes, roles),
        exempt().collect(),
    ));
    statements
}

/// Every action that changes a role: what it may do, who may become it, or that it exists. Here and below, patterns are
/// as short as they may be without meeting an action that reads: AWS counts every character.
const ROLE_CHANGES: &[&str] = &[
    "iam:*tachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole*",
    "iam:PutRole*",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:Update*",
];

/// Every action that changes an OpenID provider: whose tokens are believed.
const PROVIDER_CHANGES: &[&str] = &["iam:*ClientID*", "iam:*eOpenID*", "iam:*gOpenID*"];

/// Every action that changes an identity pool itself. Those that change its role and its map of tags know no resource.
const POOL_CHANGES: &[&str] = &["cognito-identity:Delete*", "cognito-identity:Update*"];

/// Actions that give out, or make usable, credentials of an IAM user, and `iam:Update*` beside them.
const USER_CREDENTIALS: &[&str] = &[
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:DeactivateMFADevice",
    "iam:Upload*",
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
        "bedrock:*EnforcedGuardrailConfiguration",
    ];
    if d.logging.is_some() {
        actions.extend([
            "bedrock:DeleteModelInvocationLoggingConfiguration",
            "bedrock:PutModelInvocationLoggingConfiguration",
            "logs:*AccountPolicy",
            "logs:*PipelineRule",
            // No condition tells which bucket an access point is for, and through one an object has another ARN.
            "s3:Create*AccessPoint*",
        ]);
    }
    if matches!(&d.access, Access::Federation(federation) if federation.identity_pool.is_some()) {
        // The role that a pool gives, and the claims that it takes for who somebody is.
        actions.push("cognito-identity:Set*");
    }
    if d.budgets.as_ref().is_some_and(|budgets| budgets.anomaly.is_some()) {
        actions.extend(["ce:DeleteAnomaly*", "ce:UpdateAnomaly*"]);
    }
    actions
}

/// Actions, and the resources that they must not touch; an action meets only resources of its own service.
#[derive(Default)]
struct Protected {
    actions: BTreeSet<&'static str>,
    resources: Vec<String>,
}

impl Protected {
    fn add(&mut self, actions: &[&'static str], resources: impl IntoIterator<Item = String>) {
        self.actions.extend(actions);
        self.resources.extend(resources);
    }
}

/// Changes to a bucket or its objects, in whatever way.
const S3_WRITES: &[&str] = &[
    "s3:AbortMultipartUpload",
    "s3:BypassGovernanceRetention",
    "s3:Delete*",
    "s3:Put*",
    "s3:Replicate*",
    "s3:Update*",
];

fn protected_resources(d: &Deployment) -> Protected {
    let mut protected = Protected::default();
    records(d, &mut protected);
    people(d, &mut protected);
    spending(d, &mut protected);
    protected
}

/// Logs, what reads them, and Terraform's knowledge of all.
fn records(d: &Deployment, protected: &mut Protected) {
    let arns = Arns::new(d);
    let (log_bucket, results) = (&d.names.log_bucket, &d.names.results_bucket);
    if let Some(logging) = &d.logging {
        protected.add(
            &[
                "logs:*ssociateKmsKey",
                "logs:Delete*",
                "logs:ProcessWithPipeline",
                // PutLogEvents included: nobody adds lines to the record.
                "logs:Put*",
            ],
            // The group and its streams; logging is one per account and region, so no other deployment's begins like it.
            [format!("{}*", arns.log_group())],
        );
        protected.add(
            S3_WRITES,
            // The bucket and its objects: its name ends with account and region, so no other begins like it.
            [arns.bucket(&format!("{log_bucket}*")), arns.access_points()],
        );
        if let Some(key) = &logging.kms_key_arn {
            // Whoever ends the key ends every record at once.
            protected.add(
                &[
                    "kms:*Grant",
                    "kms:Delete*",
                    "kms:Disable*",
                    "kms:PutKeyPolicy",
                    "kms:ScheduleKeyDeletion",
                ],
                [key.clone()],
            );
        }
    }
    if d.analytics.is_some() {
        // Not the results, which are everybody's own.
        protected.add(S3_WRITES, [arns.bucket(results), arns.objects(results, "tables/*")]);
        protected.add(
            &[
                "athena:Delete*",
                "athena:Update*",
                "glue:*Delete*",
                "glue:RenameTable",
                "glue:Update*",
            ],
            // Deleting the database is authorised on every table in it.
            [arns.workgroup(), arns.table("*")],
        );
    }
    if let Some(state) = &d.state {
        protected.add(
            S3_WRITES,
            [arns.objects(&state.bucket, &format!("{}/workload.tfstate*", state.key_prefix))],
        );
    }
}

/// What people call models through, and as whom.
fn people(d: &Deployment, protected: &mut Protected) {
    let arns = Arns::new(d);
    const TAGS: &[&str] = &["bedrock:*agResource"];
    if d.profiles != ProfileScope::None {
        protected.add(TAGS, [arns.application_profile("*")]);
    }
    if d.guardrail.is_some() {
        protected.add(TAGS, []);
        protected.add(
            &[
                "bedrock:CreateGuardrailVersion",
                "bedrock:DeleteGuardrail",
                "bedrock:UpdateGuardrail",
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy*",
                "iam:SetDefaultPolicyVersion",
            ],
            [arns.guardrail("*"), arns.managed_policy(&d.names.guardrail_policy)],
        );
    }
    let roles = d.people_roles();
    if !roles.is_empty() {
        // People take these on, so only changes are denied: the trust policy says who it is in the log.
        protected.add(ROLE_CHANGES, roles.into_iter().map(|name| arns.role(name)));
    }
    if let Access::Federation(federation) = &d.access {
        if federation.makes_provider() {
            protected.add(PROVIDER_CHANGES, [federation.principal(&d.partition, &d.account_id)]);
        }
        if federation.identity_pool.is_some() {
            // The id is known only after the first apply; in this account a pool is the deployment's.
            protected.add(POOL_CHANGES, [arns.identity_pool("*")]);
        }
    }
    if let Access::Roles(access) = &d.access {
        // A user's keys are the user, in the log as well. All of the account's users rather than those that are trusted:
        // the document must not grow with them.
        if access.users_of(&d.account_id).next().is_some() {
            protected.add(USER_CREDENTIALS, [arns.at("iam", "", &d.account_id, "user/*")]);
        }
    }
}

/// Budgets, alarms, and their way to people.
fn spending(d: &Deployment, protected: &mut Protected) {
    if d.budgets.is_none() {
        return;
    }
    let arns = Arns::new(d);
    protected.add(
        &[
            "budgets:ModifyBudget",
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:Put*Alarm*",
            "cloudwatch:SetAlarmState",
            "sns:*Permission",
            "sns:DeleteTopic",
            "sns:Put*",
            "sns:Set*",
            "sns:Unsubscribe",
        ],
        [
            arns.budget(&format!("{}-*", d.name)),
            arns.here("cloudwatch", &format!("alarm:{}-*", d.name)),
            arns.topic(),
        ],
    );
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
