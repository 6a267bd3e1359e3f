//! Which IAM actions the provider needed, read from its log.

use std::collections::BTreeSet;

/// Operations whose IAM action has another name, from the service authorization reference of each service.
const RENAMED: [(&str, &str); 12] = [
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:GetBucketAccelerateConfiguration", "s3:GetAccelerateConfiguration"),
    ("s3:GetBucketCors", "s3:GetBucketCORS"),
    ("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
    ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
    ("s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
];

/// IAM prefixes of the services as the SDK calls them.
const PREFIXES: [(&str, &str); 15] = [
    ("Athena", "athena"),
    ("Bedrock", "bedrock"),
    ("Budgets", "budgets"),
    ("CloudWatch", "cloudwatch"),
    ("CloudWatch Logs", "logs"),
    ("Cost Explorer", "ce"),
    ("Glue", "glue"),
    ("IAM", "iam"),
    ("identitystore", "identitystore"),
    ("Organizations", "organizations"),
    ("S3", "s3"),
    ("SNS", "sns"),
    ("SSO Admin", "sso"),
    ("STS", "sts"),
    ("Sts", "sts"),
];

/// The IAM actions of the requests in a log of the provider at level DEBUG.
pub fn actions(log: &str) -> BTreeSet<String> {
    log.lines()
        .filter(|line| line.contains("HTTP Request Sent"))
        .map(|line| {
            let service = field(line, "rpc.service").unwrap_or_else(|| panic!("no service in {line}"));
            let method = field(line, "rpc.method").unwrap_or_else(|| panic!("no method in {line}"));
            action(service, method)
        })
        .collect()
}

fn action(service: &str, method: &str) -> String {
    let (_, prefix) = PREFIXES
        .iter()
        .find(|(name, _)| *name == service)
        .unwrap_or_else(|| panic!("the IAM prefix of the service {service:?} is not in the table"));
    let name = format!("{prefix}:{method}");
    RENAMED
        .iter()
        .find(|(operation, _)| *operation == name)
        .map_or(name, |(_, action)| (*action).to_owned())
}

/// The value of a `key=value` or `key="quoted value"` field.
fn field<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!(" {key}="))?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split(' ').next(),
    }
}

#[test]
fn fields_are_read_quoted_or_not() {
    let line = r#"… HTTP Request Sent: rpc.method=GetBucketCors http.method=GET rpc.service="Cost Explorer" x=y"#;
    assert_eq!(field(line, "rpc.method"), Some("GetBucketCors"));
    assert_eq!(field(line, "rpc.service"), Some("Cost Explorer"));
    assert_eq!(action("S3", "GetBucketCors"), "s3:GetBucketCORS");
}
