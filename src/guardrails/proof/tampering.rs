//! What the SCP denies to everybody in the account, and what it denies to everybody but the deploy principals.

use policy::{Caller, Request};

use super::Theme;
use super::case::{Case, Stack, request, with};
use super::forbidden::{administrators, uninvolved_region};
use super::operate::region_of;
use super::{people, protected};
use crate::deployment::model::{Access, Deployment};
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
        for (action, resource, reason) in protected::requests(d) {
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
    let doubtful = "AWS does not say that these calls are logged";
    let capacity = "capacity is paid by the hour, whoever calls it";
    let mut never = vec![
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
    ];
    let mut any = |actions: &[&'static str], reason| {
        never.extend(actions.iter().map(|action| (*action, "*".to_owned(), reason)));
    };
    any(
        &[
            "bedrock:CreateAdvancedPromptOptimizationJob",
            "bedrock:CreateEvaluationJob",
            "bedrock:CreateModelCustomizationJob",
            "bedrock:CreateModelEvaluationJob",
            "bedrock:InvokeBlueprintOptimizationAsync",
            "bedrock:InvokeDataAutomation",
            "bedrock:InvokeDataAutomationAsync",
            "bedrock:OptimizePrompt",
        ],
        doubtful,
    );
    any(
        &[
            "bedrock:CreateMarketplaceModelEndpoint",
            "bedrock:CreateProvisionedModelThroughput",
        ],
        capacity,
    );
    any(&["account:CloseAccount"], "the account stays, and its records");
    any(&["account:DisableRegion"], "the region stays, and its records");
    never
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
        (
            "s3-object-lambda:DeleteObject",
            arns.here("s3-object-lambda", "accesspoint/way-in"),
        ),
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
    for name in d.people_roles() {
        add("the trust policy says who it is in the log", &arns.role(name), ROLE);
    }
    if let Access::IdentityCenter(_) = d.access {
        let role = arns.role(&format!("AWSReservedSSO_{}_0123456789abcdef", d.names.developer));
        add("a role of that name would pass for Identity Center's", &role, ROLE);
        add("a role of that name would pass for Identity Center's", &role, BECOME);
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
