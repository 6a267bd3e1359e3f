//! Policies in files of their own: their names make nothing an error that their content contradicts.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::path::Path;

use check::{Input, Options};
use findings::Severity;

const IDENTITY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::acme-reports/*"},
    {"Sid": "Tag", "Effect": "Allow", "Action": "iam:TagRole", "Resource": "arn:aws:iam::123456789012:role/app-*"}
  ]
}"#;

/// A service control policy: as an identity policy it would be none that does anything.
const SCP: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Namespace",
      "Effect": "Deny",
      "Action": "s3:CreateBucket",
      "NotResource": "arn:aws:s3:::acme-*"
    },
    {
      "Effect": "Deny",
      "Action": ["iam:CreateSAMLProvider", "iam:CreateOpenIDConnectProvider"],
      "Resource": "*",
      "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}
    }
  ]
}"#;

const RCP: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "EnforceOrgIdentities",
      "Effect": "Deny",
      "Principal": "*",
      "Action": ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:AssumeRole"],
      "Resource": "*",
      "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "<my-org-id>"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}
      }
    },
    {
      "Effect": "Deny",
      "Principal": "*",
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Resource": "*",
      "Condition": {
        "StringNotEqualsIfExists": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}
      }
    }
  ]
}"#;

const TRUST: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": "sts:AssumeRole"
  }
}"#;

const RESOURCE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:role/reader"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::acme-reports/*"
  }
}"#;

fn errors(name: &str, text: &str) -> Vec<String> {
    let input = Input::Text {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let report = check::run(&[input], &Options::default()).unwrap();
    assert_eq!(report.files, 1, "{name} was not looked at");
    let errors = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    errors
        .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
        .collect()
}

#[test]
fn a_word_of_a_name_makes_no_errors() {
    for (text, names) in [
        (
            IDENTITY,
            &[
                "bucket-sse-enabled-remediation-role",
                "bucket-reader-role",
                "read-bucket",
                "developer-bucket-access",
                "queue-consumer",
                "topic-publisher",
                "resource-tagging",
                "trust-store",
                "role-trust",
                "session-tags",
                "kms-boundary",
                "identity",
            ][..],
        ),
        (
            SCP,
            &[
                "enforce-s3-bucket-namespace",
                "Deny-built-in-web-identity-providers",
                "Cognito-Deny-identity-pool-x",
                "STS-protect-IAMRA-session-tags",
                "scp",
            ],
        ),
        (
            RCP,
            &[
                "identity_perimeter_rcp",
                "deny-identity-outside",
                "identity-perimeter-rcp",
                "session-tags",
                "kms-boundary",
                "scp-and-rcp",
                "scp",
                "bucket-rcp",
                "trust",
            ],
        ),
        (
            TRUST,
            &[
                "trust",
                "trust-cognito-identity-pool",
                "trust-eks-pod-identity",
                "identity",
                "session",
                "boundary-role",
                "bucket-reader-role",
                "queue",
                "topic",
                "resource",
            ],
        ),
        (
            RESOURCE,
            &[
                "bucket",
                "trust-store",
                "identity-store-bucket",
                "session-recordings",
                "boundary",
                "scp-artifacts",
            ],
        ),
    ] {
        for name in names {
            let name = format!("{name}.json");
            assert_eq!(errors(&name, text), Vec::<String>::new(), "{name}\n{text}");
        }
    }
}

#[test]
fn a_kind_that_is_but_a_word_makes_warnings_of_what_it_alone_refuses() {
    // AWS takes such an ARN in an identity policy, and in no session policy.
    let text = IDENTITY.replace("arn:aws:s3:::acme-reports/*", "arn:aws:iam::*");
    let said = |name: &str| {
        let input = Input::Text {
            name: name.to_owned(),
            text: text.clone(),
        };
        let found = check::run(&[input], &Options::default()).unwrap().findings;
        found
            .into_iter()
            .map(|finding| (finding.severity, finding.message))
            .filter(|(_, message)| message.contains("session policy"))
            .collect::<Vec<_>>()
    };
    let wanted = "`arn:aws:iam::*` lacks parts of an ARN, which a session policy needs in full";
    assert_eq!(said("session-tags.json"), [(Severity::Warning, wanted.to_owned())]);
    assert_eq!(said("tags.json"), []);
    // What is wrong as any kind stays an error.
    let wrong = IDENTITY.replace("\"Allow\"", "\"Permit\"");
    assert_eq!(errors("session-tags.json", &wrong).len(), 2);
}

#[test]
fn what_name_and_content_agree_upon_is_judged_as_that() {
    let with_resource = TRUST.replace(
        "\"sts:AssumeRole\"",
        "\"sts:AssumeRole\", \"Resource\": \"arn:aws:iam::123456789012:role/x\"",
    );
    assert_eq!(
        errors("developer-trust.json", &with_resource),
        ["policy-kind: a trust policy cannot have `Resource`: its resource is the role"]
    );
    let one_of_two = RCP.replacen("\"Principal\": \"*\",", "", 1);
    let found = errors("scp.json", &one_of_two);
    assert_eq!(found, ["policy-kind: a service control policy cannot have `Principal`"]);
    let no_principal = TRUST.replace("\"Principal\": {\"Service\": \"lambda.amazonaws.com\"},", "");
    let found = errors("developer-trust.json", &no_principal);
    assert!(found.iter().any(|found| found.contains("`Principal`")), "{found:?}");
}

/// The kinds of these are in their names, among other words.
#[test]
fn correct_policies_have_no_errors_by_their_names() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy/correct");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(errors(name, &text), Vec::<String>::new(), "{name}");
        seen += 1;
    }
    assert!(seen >= 40, "{seen}");
}

#[test]
fn an_unused_document_of_terraform_is_no_scp_by_its_name_alone() {
    let document = |statement: &str| {
        format!("data \"aws_iam_policy_document\" \"data_scp_and_rcp\" {{\n  statement {{\n{statement}\n  }}\n}}\n")
    };
    let rcp = document(
        "effect = \"Deny\"\nactions = [\"s3:*\"]\nresources = [\"*\"]\nprincipals {\ntype = \"*\"\nidentifiers = \
         [\"*\"]\n}\n",
    );
    assert_eq!(errors("main.tf", &rcp), Vec::<String>::new());
}
