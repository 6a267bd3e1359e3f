//! What the SCP denies to everybody in the account, and what it denies to everybody but the deploy principals.

use policy::{Caller, Request};

use super::Theme;
use super::case::{Case, Stack, request, with};
use super::forbidden::{administrators, uninvolved_region};
use super::invocation::OWN_PROFILE;
use super::operate::region_of;
use super::people;
use crate::deployment::model::{Access, Deployment, ProfileScope};
use crate::guardrails::arns::Arns;

/// Action, resource, and why it must be denied.
pub type Denied = (&'static str, String, &'static str);

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    let stack = Stack::administrator_under_scp();
    for (label, caller) in administrators(d) {
        for (action, resource, reason) in never(d) {
            let request = with_service_name(request(&caller, action, &resource, region_of(d, action)));
            cases.push(Case::deny(Theme::Account, label, &stack, request, reason));
        }
    }
    let someone = people::someone_else(d);
    let label = "anyone else";
    for (action, resource) in other_services(d) {
        let request = request(&someone, action, &resource, &d.region);
        cases.push(Case::deny(
            Theme::Account,
            label,
            &stack,
            request,
            "a service that the deployment does not use",
        ));
    }
    let elsewhere = uninvolved_region(d);
    for (action, resource) in other_regions(d) {
        let request = request(&someone, action, &resource, elsewhere);
        cases.push(Case::deny(
            Theme::Account,
            label,
            &stack,
            request,
            "outside the deployment's region",
        ));
    }
    if d.deploy.is_none() {
        return;
    }
    let user = Caller::user(&Arns::new(d).at("iam", "", &d.account_id, "user/someone-else"));
    let administrators = [
        (label, someone),
        ("an IAM user", user),
        ("root user", Caller::root(&d.account_id)),
    ];
    for (label, caller) in administrators {
        for (action, resource, reason) in protected(d) {
            let request = request(&caller, action, &resource, region_of(d, action));
            cases.push(Case::deny(Theme::Tampering, label, &stack, request, reason));
        }
        for (action, resource, reason) in takeover(d) {
            let request = request(&caller, action, &resource, region_of(d, action));
            cases.push(Case::deny(Theme::Takeover, label, &stack, request, reason));
        }
    }
}

/// States what a credential is for: a key for Bedrock, which only one of the requests asks for.
fn with_service_name(request: Request) -> Request {
    if request.action != "iam:CreateServiceSpecificCredential" {
        return request;
    }
    with(
        request,
        "iam:ServiceSpecificCredentialServiceName",
        "bedrock.amazonaws.com",
    )
}

/// What nobody may do, emergency roles included.
pub fn never(d: &Deployment) -> Vec<Denied> {
    let arns = Arns::new(d);
    let key = "Bedrock API keys hide who calls";
    let unlogged = "not in the invocation log";
    vec![
        ("bedrock:CallWithBearerToken", "*".to_owned(), key),
        ("bedrock-mantle:CallWithBearerToken", "*".to_owned(), key),
        (
            "iam:CreateServiceSpecificCredential",
            arns.at("iam", "", &d.account_id, "user/BedrockAPIKey-1"),
            key,
        ),
        (
            "bedrock-mantle:CreateInference",
            arns.at("bedrock-mantle", &d.region, &d.account_id, "project/default"),
            unlogged,
        ),
        (
            "bedrock:CreateModelInvocationJob",
            arns.here("bedrock", "model-invocation-job/a1b2c3d4e5f6"),
            unlogged,
        ),
        (
            "organizations:LeaveOrganization",
            "*".to_owned(),
            "outside the organization no SCP holds",
        ),
    ]
}

/// Services that no module needs: one for each way to compute, to store, and to reach Claude around Bedrock.
pub fn other_services(d: &Deployment) -> Vec<(&'static str, String)> {
    let arns = Arns::new(d);
    let any = || "*".to_owned();
    vec![
        ("ec2:RunInstances", any()),
        ("lambda:CreateFunction", arns.here("lambda", "function:f")),
        ("lambda:InvokeFunction", arns.here("lambda", "function:f")),
        ("dynamodb:PutItem", arns.here("dynamodb", "table/t")),
        ("cloudformation:CreateStack", any()),
        ("sagemaker:CreateEndpoint", any()),
        ("bedrock-agentcore:InvokeAgentRuntime", any()),
        ("aws-external-anthropic:CreateInference", any()),
        ("organizations:UpdatePolicy", any()),
    ]
}

/// Writes of allowed services, for another region.
fn other_regions(d: &Deployment) -> Vec<(&'static str, String)> {
    let arns = Arns::new(d);
    vec![
        ("bedrock:CreateGuardrail", "*".to_owned()),
        ("bedrock:CreateModelCustomizationJob", "*".to_owned()),
        ("cloudwatch:PutMetricData", "*".to_owned()),
        ("config:PutConfigurationRecorder", "*".to_owned()),
        ("logs:CreateLogGroup", "*".to_owned()),
        ("s3:CreateBucket", arns.bucket("elsewhere")),
        ("s3:PutObject", arns.objects("elsewhere", "a")),
    ]
}

/// What only the deploy principals may do.
pub fn protected(d: &Deployment) -> Vec<Denied> {
    let arns = Arns::new(d);
    let mut denied = Vec::new();
    let mut add = |reason: &'static str, resource: &str, actions: &[&'static str]| {
        denied.extend(actions.iter().map(|action| (*action, resource.to_owned(), reason)));
    };
    add(
        "the account's own settings of Bedrock",
        "*",
        &[
            "bedrock:DeleteEnforcedGuardrailConfiguration",
            "bedrock:PutAccountDataRetention",
            "bedrock:PutEnforcedGuardrailConfiguration",
        ],
    );
    // Without application profiles as well: one that somebody makes is billed under tags of his choice.
    let profile = arns.application_profile(OWN_PROFILE);
    add(
        "profiles carry the cost tags",
        &profile,
        &["bedrock:CreateInferenceProfile", "bedrock:DeleteInferenceProfile"],
    );
    if d.profiles != ProfileScope::None {
        add(
            "profiles carry the cost tags",
            &profile,
            &["bedrock:TagResource", "bedrock:UntagResource"],
        );
    }
    if d.logging.is_some() {
        let switch = [
            "bedrock:DeleteModelInvocationLoggingConfiguration",
            "bedrock:PutModelInvocationLoggingConfiguration",
        ];
        add("nobody switches logging off", "*", &switch);
        add(
            "an account policy could mask or divert the log",
            "*",
            &["logs:DeleteAccountPolicy", "logs:PutAccountPolicy"],
        );
        add("the log group stays as it is", &arns.log_group(), LOG_GROUP);
        add(
            "the log group stays as it is",
            &format!("{}:*", arns.log_group()),
            &["logs:DeleteLogGroup"],
        );
        let stream = arns.log_stream("aws/bedrock/modelinvocations");
        add(
            "nobody forges or removes a record",
            &stream,
            &["logs:DeleteLogStream", "logs:PutLogEvents"],
        );
        add(
            "the log bucket stays as it is",
            &arns.bucket(&d.names.log_bucket),
            BUCKET,
        );
        let object = arns.log_objects("us-east-1/2026/11/21/00/log.json.gz");
        add("nobody forges or removes a record", &object, OBJECT);
    }
    if d.guardrail.is_some() {
        add(
            "the guardrail stays as it is",
            &people::guardrail_arn(d),
            &[
                "bedrock:CreateGuardrailVersion",
                "bedrock:DeleteGuardrail",
                "bedrock:TagResource",
                "bedrock:UntagResource",
                "bedrock:UpdateGuardrail",
            ],
        );
        add(
            "the guardrail stays an obligation",
            &arns.managed_policy(&d.names.guardrail_policy),
            &[
                "iam:CreatePolicyVersion",
                "iam:DeletePolicy",
                "iam:DeletePolicyVersion",
                "iam:SetDefaultPolicyVersion",
            ],
        );
    }
    let Some(budgets) = &d.budgets else {
        return denied;
    };
    add(
        "budgets stay as they are",
        &arns.budget(&d.names.budget),
        &["budgets:ModifyBudget"],
    );
    let alarm = arns.here("cloudwatch", &format!("alarm:{}-throttles", d.name));
    add(
        "alarms stay as they are",
        &alarm,
        &[
            "cloudwatch:DeleteAlarms",
            "cloudwatch:DisableAlarmActions",
            "cloudwatch:PutAlarmMuteRule",
            "cloudwatch:PutMetricAlarm",
        ],
    );
    add(
        "alerts reach their readers",
        &arns.topic(),
        &[
            "sns:AddPermission",
            "sns:DeleteTopic",
            "sns:RemovePermission",
            "sns:SetTopicAttributes",
        ],
    );
    if budgets.anomaly.is_some() {
        let at = |kind: &str| arns.at("ce", "", &d.account_id, &format!("{kind}/12345678"));
        add(
            "anomalies are reported",
            &at("anomalymonitor"),
            &["ce:DeleteAnomalyMonitor", "ce:UpdateAnomalyMonitor"],
        );
        add(
            "anomalies are reported",
            &at("anomalysubscription"),
            &["ce:DeleteAnomalySubscription", "ce:UpdateAnomalySubscription"],
        );
    }
    denied
}

/// The ways to become a deploy principal, to pose as the delivery role, or to change who may assume a person's role.
pub fn takeover(d: &Deployment) -> Vec<Denied> {
    let arns = Arns::new(d);
    let mut denied: Vec<Denied> = Vec::new();
    let mut add = |reason: &'static str, role: &str, actions: &[&'static str]| {
        denied.extend(actions.iter().map(|action| (*action, role.to_owned(), reason)));
    };
    // A pattern that names another account exempts nobody here, whatever else the policy is attached to.
    let exempt = d.deploy.iter().flat_map(|deploy| deploy.exempt());
    let here = exempt.filter(|pattern| people::matching(pattern, &d.account_id).is_some());
    for role in here.map(|pattern| people::example(pattern, &d.account_id)) {
        add("an exempt role is not for everybody", &role, ROLE);
        add("an exempt role is not for everybody", &role, BECOME);
    }
    if d.logging.is_some() {
        let role = arns.role(&d.names.log_delivery_role);
        add("the delivery role is Bedrock's", &role, ROLE);
        add("the delivery role is Bedrock's", &role, BECOME);
    }
    if let Access::Roles(roles) = &d.access {
        let groups = [
            (&d.names.developer, &roles.developers),
            (&d.names.admin, &roles.admins),
            (&d.names.analyst, &roles.analysts),
        ];
        for (name, _) in groups.into_iter().filter(|(_, callers)| !callers.is_empty()) {
            add("the trust policy pins the name in the log", &arns.role(name), ROLE);
        }
    }
    let provider = arns.at("iam", "", &d.account_id, "saml-provider/pipeline");
    let saml = ["iam:CreateSAMLProvider", "iam:UpdateSAMLProvider"];
    add("a deploy role may trust the provider", &provider, &saml);
    denied
}

const ROLE: &[&str] = &[
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
];

const BECOME: &[&str] = &["iam:PassRole", "sts:AssumeRole"];

const LOG_GROUP: &[&str] = &[
    "logs:AssociateKmsKey",
    "logs:DeleteDataProtectionPolicy",
    "logs:DeleteIndexPolicy",
    "logs:DeleteLogGroup",
    "logs:DeleteMetricFilter",
    "logs:DeleteRetentionPolicy",
    "logs:DeleteSubscriptionFilter",
    "logs:DeleteTransformer",
    "logs:DisassociateKmsKey",
    "logs:PutDataProtectionPolicy",
    "logs:PutLogGroupDeletionProtection",
    "logs:PutMetricFilter",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "logs:PutTransformer",
];

const BUCKET: &[&str] = &[
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketLogging",
    "s3:PutBucketNotification",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
];

const OBJECT: &[&str] = &[
    "s3:BypassGovernanceRetention",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:ReplicateDelete",
    "s3:ReplicateObject",
    "s3:UpdateObjectEncryption",
];
