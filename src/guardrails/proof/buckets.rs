//! The buckets' own policies: who deletes records, TLS, and their part in what must work.

use policy::{Caller, Request};

use super::Theme;
use super::case::{Case, Source, Stack, with};
use super::delivery::request_of;
use super::people;
use crate::deployment::model::Deployment;
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::{LOG_BUCKET, RESULTS_BUCKET};

/// Only deploy principals delete records: said by the bucket, which is asked on every way to an object, also where an
/// access point's ARN hides it from the SCP.
pub fn erasers(d: &Deployment, record: &str, cases: &mut Vec<Case>) {
    let Some(deploy) = &d.deploy else {
        return;
    };
    let arns = Arns::new(d);
    let administrator = Stack::identity(&[Source::Administrator]).with_resource(LOG_BUCKET);
    let delete =
        |caller: &Caller, action: &str| with(request_of(d, caller, action, record), "aws:SecureTransport", "true");
    const DELETE: [&str; 4] = [
        "s3:DeleteObject",
        "s3:DeleteObjectTagging",
        "s3:DeleteObjectVersion",
        "s3:ReplicateDelete",
    ];
    for (label, caller) in [
        ("anyone else", people::someone_else(d)),
        (
            "an IAM user",
            Caller::user(&arns.at("iam", "", &d.account_id, "user/someone-else")),
        ),
        ("root user", Caller::root(&d.account_id)),
    ] {
        for action in DELETE {
            let reason = "nobody removes a record, on whatever way he reaches it";
            let request = delete(&caller, action);
            cases.push(Case::deny(Theme::Delivery, label, &administrator, request, reason));
        }
    }
    for pattern in deploy.exempt() {
        let Some(caller) = people::matching(pattern, &d.account_id) else {
            continue;
        };
        let request = delete(&caller, "s3:DeleteObjectVersion");
        let reason = "the bucket can be emptied before it is destroyed";
        cases.push(Case::allow(
            Theme::Delivery,
            "exempt role",
            &administrator,
            request,
            reason,
        ));
    }
}

/// A request together with the policy of the bucket that it is about, if it is about one of the deployment's.
pub fn at_bucket(d: &Deployment, stack: &Stack, request: Request) -> (Stack, Request) {
    let arns = Arns::new(d);
    let of = |bucket: &str| {
        let bucket = arns.bucket(bucket);
        let rest = request.resource.strip_prefix(&bucket);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let file = if d.logging.is_some() && of(&d.names.log_bucket) {
        LOG_BUCKET
    } else if d.analytics.is_some() && of(&d.names.results_bucket) {
        RESULTS_BUCKET
    } else {
        return (stack.clone(), request);
    };
    let request = request.resource_account(&d.account_id);
    (
        stack.clone().with_resource(file),
        with(request, "aws:SecureTransport", "true"),
    )
}

/// Whether the log bucket's policy leaves an action to Bedrock alone, exempt roles included.
pub fn only_bedrock(d: &Deployment, request: &Request) -> bool {
    let objects = Arns::new(d).objects(&d.names.log_bucket, "");
    let writes = matches!(request.action.as_str(), "s3:PutObject" | "s3:ReplicateObject");
    d.logging.is_some() && writes && request.resource.starts_with(&objects)
}

/// Never without TLS.
pub fn tls(d: &Deployment, file: &'static str, bucket: &str, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let stack = Stack::identity(&[Source::Administrator]).with_resource(file);
    let someone = people::someone_else(d);
    for (action, resource) in [
        ("s3:ListBucket", arns.bucket(bucket)),
        ("s3:PutBucketTagging", arns.bucket(bucket)),
        ("s3:GetObject", arns.objects(bucket, "a")),
    ] {
        let plain = with(
            request_of(d, &someone, action, &resource),
            "aws:SecureTransport",
            "false",
        );
        cases.push(Case::deny(
            Theme::Delivery,
            "anyone else",
            &stack,
            plain,
            "never without TLS",
        ));
        let secured = with(
            request_of(d, &someone, action, &resource),
            "aws:SecureTransport",
            "true",
        );
        cases.push(Case::allow(
            Theme::Delivery,
            "anyone else",
            &stack,
            secured,
            "with TLS the bucket works",
        ));
    }
}
