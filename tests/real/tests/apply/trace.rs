//! Which IAM actions the provider needed, from the calls that the emulation recorded.

use std::collections::BTreeSet;

/// What S3's operations on a bucket need: a query parameter, and the action's name after `Get` or `Put`.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>
const BUCKET: [(&str, &str); 15] = [
    ("accelerate", "AccelerateConfiguration"),
    ("acl", "BucketAcl"),
    ("cors", "BucketCORS"),
    ("encryption", "EncryptionConfiguration"),
    ("lifecycle", "LifecycleConfiguration"),
    ("location", "BucketLocation"),
    ("logging", "BucketLogging"),
    ("object-lock", "BucketObjectLockConfiguration"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("policy", "BucketPolicy"),
    ("publicAccessBlock", "BucketPublicAccessBlock"),
    ("replication", "ReplicationConfiguration"),
    ("requestPayment", "BucketRequestPayment"),
    ("tagging", "BucketTagging"),
    ("versioning", "BucketVersioning"),
];

/// IAM prefixes that are not the service's name in the SDKs.
const PREFIXES: [(&str, &str); 1] = [("sso-admin", "sso")];

/// The IAM actions of the recorded calls.
pub fn actions(calls: &str) -> BTreeSet<String> {
    calls.lines().filter_map(action).collect()
}

fn action(call: &str) -> Option<String> {
    let (service, operation) = call.split_once(':')?;
    match (service, operation) {
        ("s3", _) => return Some(format!("s3:{}", s3(operation))),
        // With checked credentials, which the emulation has none of, the provider asks STS for the account instead.
        ("iam", "GetUser") => return None,
        // Budgets has one action to read and one to write, and actions for tags.
        ("budgets", operation) if operation.starts_with("Describe") => return Some("budgets:ViewBudget".to_owned()),
        ("budgets", operation) if !operation.contains("Tag") => return Some("budgets:ModifyBudget".to_owned()),
        _ => {}
    }
    let prefix = PREFIXES
        .iter()
        .find(|(name, _)| *name == service)
        .map_or(service, |(_, prefix)| prefix);
    Some(format!("{prefix}:{operation}"))
}

fn s3(operation: &str) -> String {
    let mut words = operation.split(' ');
    let (method, kind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let query: Vec<&str> = words.collect();
    let parameter = |name: &str| query.contains(&name);
    if kind == "KEY" {
        let name = match method {
            "HEAD" => "GetObject",
            "GET" if parameter("tagging") => "GetObjectTagging",
            "GET" => "GetObject",
            "PUT" if parameter("tagging") => "PutObjectTagging",
            "PUT" => "PutObject",
            "DELETE" if parameter("versionId") => "DeleteObjectVersion",
            "DELETE" => "DeleteObject",
            other => panic!("what {other} of an object needs is not in the table"),
        };
        return name.to_owned();
    }
    let found = BUCKET.iter().find(|(name, _)| parameter(name));
    match (method, found) {
        ("HEAD", _) => "ListBucket".to_owned(),
        ("GET", Some((_, name))) => format!("Get{name}"),
        ("GET", None) if parameter("versions") => "ListBucketVersions".to_owned(),
        ("GET", None) if parameter("website") => "GetBucketWebsite".to_owned(),
        ("GET", None) => "ListBucket".to_owned(),
        ("PUT", Some((_, name))) => format!("Put{name}"),
        ("PUT", None) => "CreateBucket".to_owned(),
        // There is one action for a bucket's policy alone; taking other settings away needs what setting them needs.
        ("DELETE", Some(("policy", _))) => "DeleteBucketPolicy".to_owned(),
        ("DELETE", Some((_, name))) => format!("Put{name}"),
        ("DELETE", None) => "DeleteBucket".to_owned(),
        (other, _) => panic!("what {other} of a bucket needs is not in the table: {operation}"),
    }
}

#[test]
fn calls_are_read_as_the_actions_that_they_need() {
    let calls = "iam:CreateRole\niam:GetUser\nbudgets:DescribeBudget\nbudgets:CreateNotification\nbudgets:TagResource\nsso-admin:CreatePermissionSet\ns3:GET BUCKET cors\ns3:PUT BUCKET \ns3:DELETE KEY versionId\n";
    let found: Vec<String> = actions(calls).into_iter().collect();
    assert_eq!(
        found,
        [
            "budgets:ModifyBudget",
            "budgets:TagResource",
            "budgets:ViewBudget",
            "iam:CreateRole",
            "s3:CreateBucket",
            "s3:DeleteObjectVersion",
            "s3:GetBucketCORS",
            "sso:CreatePermissionSet"
        ]
    );
}
