//! Policies of the two buckets.

use policy::{Document, PrincipalPattern, Statement};

use super::arns::Arns;
use super::log_delivery::from_this_deployment;
use crate::deployment::model::Deployment;

/// Policy of the log bucket: Bedrock writes, for this account and region; nobody else does; only the deploy principals
/// delete; never without TLS
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html>).
pub fn logs(d: &Deployment) -> Document {
    let arns = Arns::new(d);
    let bucket = &d.names.log_bucket;
    let deliver = Statement::allow("DeliverLogs", ["s3:PutObject"], [arns.log_objects("*")])
        .principals([PrincipalPattern::Service("bedrock.amazonaws.com".to_owned())]);
    // The key is absent from requests of users and roles, and an absent key is not equal: they are denied.
    let foreign = Statement::deny(
        "OtherWriters",
        ["s3:PutObject", "s3:ReplicateObject"],
        [arns.objects(bucket, "*")],
    )
    .principals([PrincipalPattern::Anyone])
    .when("StringNotEquals", "aws:PrincipalServiceName", ["bedrock.amazonaws.com"]);
    let mut statements = vec![from_this_deployment(d, deliver), foreign];
    if let Some(deploy) = &d.deploy {
        // On every way to an object, also through an access point, whose ARN does not show the bucket.
        statements.push(
            Statement::deny(
                "Erasers",
                ["s3:Delete*", "s3:ReplicateDelete"],
                [arns.objects(bucket, "*")],
            )
            .principals([PrincipalPattern::Anyone])
            .when("ArnNotLike", "aws:PrincipalArn", deploy.exempt()),
        );
    }
    statements.push(tls_only(d, bucket));
    Document::new(statements)
}

/// Policy of the bucket of query results: never without TLS.
pub fn results(d: &Deployment) -> Document {
    Document::new(vec![tls_only(d, &d.names.results_bucket)])
}

fn tls_only(d: &Deployment, bucket: &str) -> Statement {
    let arns = Arns::new(d);
    Statement::deny("TlsOnly", ["s3:*"], [arns.bucket(bucket), arns.objects(bucket, "*")])
        .principals([PrincipalPattern::Anyone])
        .when("Bool", "aws:SecureTransport", ["false"])
}
