//! Verdicts that were established with an independent simulator on a reference policy for home us-east-1 and `us.`
//! profiles: what it denies and what it leaves to the deploy role must be so here, too.

use policy::{Context, Named, PolicySet, Request, Statement, evaluate};

use crate::deployment::model::{Deploy, Deployment, Geography};
use crate::guardrails::documents::SCP;
use crate::guardrails::proof::people;
use crate::guardrails::{documents, fixtures};

const EXEMPT: &str = "arn:aws:iam::123456789012:role/tfgen-deploy";

fn deployment() -> Deployment {
    Deployment {
        deploy: Some(Deploy {
            principals: vec![EXEMPT.to_owned()],
            break_glass: vec!["arn:aws:iam::123456789012:role/OrganizationAccountAccessRole".to_owned()],
        }),
        ..fixtures::full(Geography::Us, 3)
    }
}

/// Whether the SCP allows an action to an administrator (exempt or not) in the home region.
fn allows(d: &Deployment, exempt: bool, action: &str, resource: &str) -> bool {
    let everything = || policy::Document::new(vec![Statement::allow("All", ["*"], ["*"])]);
    let set = PolicySet {
        scp_levels: vec![vec![
            Named::new("FullAWSAccess", everything()),
            Named::new(SCP, documents(d)[SCP].document.clone()),
        ]],
        identity: vec![Named::new("administrator", everything())],
        ..PolicySet::default()
    };
    let caller = if exempt {
        people::matching(EXEMPT, &d.account_id).unwrap()
    } else {
        people::someone_else(d)
    };
    let context = Context::new()
        .with("aws:RequestedRegion", "us-east-1")
        .with("iam:ServiceSpecificCredentialServiceName", "bedrock.amazonaws.com");
    evaluate(&set, &Request::new(caller, action, resource).context(context)).is_allowed()
}

#[test]
fn what_the_reference_protects_is_protected() {
    let d = deployment();
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/bedrock/claude-code";
    let bucket = "arn:aws:s3:::claude-code-logs-123456789012-us-east-1";
    let role = "arn:aws:iam::123456789012:role/claude-code-log-delivery";
    let settings = [
        "bedrock:DeleteModelInvocationLoggingConfiguration",
        "bedrock:PutModelInvocationLoggingConfiguration",
    ];
    let logs = [
        "logs:DeleteLogGroup",
        "logs:DeleteLogStream",
        "logs:PutRetentionPolicy",
        "logs:DeleteRetentionPolicy",
        "logs:DeleteMetricFilter",
        "logs:DisassociateKmsKey",
        "logs:DeleteSubscriptionFilter",
        "logs:PutSubscriptionFilter",
    ];
    let s3 = [
        "s3:DeleteBucket",
        "s3:DeleteBucketPolicy",
        "s3:PutBucketPolicy",
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:PutLifecycleConfiguration",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketOwnershipControls",
        "s3:PutReplicationConfiguration",
        "s3:PutObjectAcl",
        "s3:PutBucketAcl",
        "s3:BypassGovernanceRetention",
    ];
    let iam = [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
    ];
    let on = |resource: &'static str, actions: &[&'static str]| {
        actions.iter().map(|action| (*action, resource)).collect::<Vec<_>>()
    };
    let mut all = on("*", &settings);
    all.extend(on(group, &logs));
    all.extend(on(bucket, &s3));
    for resource in [
        role,
        EXEMPT,
        "arn:aws:iam::123456789012:role/OrganizationAccountAccessRole",
    ] {
        all.extend(on(resource, &iam));
    }
    for (action, resource) in all {
        assert!(!allows(&d, false, action, resource), "{action} on {resource} is open");
        assert!(
            allows(&d, true, action, resource),
            "{action} on {resource} is denied to the deploy role"
        );
    }
}

#[test]
fn what_the_reference_denies_to_everybody_is_denied_to_everybody() {
    let d = deployment();
    for action in [
        "bedrock:CallWithBearerToken",
        "bedrock-mantle:CallWithBearerToken",
        "iam:CreateServiceSpecificCredential",
        "organizations:LeaveOrganization",
        "ec2:RunInstances",
        "dynamodb:PutItem",
    ] {
        for exempt in [true, false] {
            assert!(!allows(&d, exempt, action, "*"), "{action}");
        }
    }
}

#[test]
fn the_query_results_are_not_protected_with_the_logs() {
    let d = deployment();
    for action in ["s3:PutObject", "s3:DeleteObject"] {
        let object = "arn:aws:s3:::claude-code-athena-123456789012-us-east-1/a.csv";
        assert!(allows(&d, false, action, object), "{action}");
    }
}
