//! The role through which Bedrock writes to the log group.

use policy::{Document, PrincipalPattern, Statement};

use super::arns::Arns;
use crate::deployment::model::Deployment;

/// The stream that Bedrock creates and writes to.
pub const STREAM: &str = "aws/bedrock/modelinvocations";

/// Trust policy of the delivery role
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html>).
pub fn trust(d: &Deployment) -> Document {
    let mut statement = Statement::allow("Bedrock", ["sts:AssumeRole"], Vec::<String>::new())
        .principals([PrincipalPattern::Service("bedrock.amazonaws.com".to_owned())]);
    statement.resources = None;
    Document::new(vec![from_this_deployment(d, statement)])
}

/// What the delivery role may do: write that one stream.
pub fn permissions(d: &Deployment) -> Document {
    Document::new(vec![Statement::allow(
        "WriteLog",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        [Arns::new(d).log_stream(STREAM)],
    )])
}

/// Binds a statement for Bedrock to this account and region, so that nobody else's configuration can use it
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html>).
pub fn from_this_deployment(d: &Deployment, statement: Statement) -> Statement {
    statement
        .when("StringEquals", "aws:SourceAccount", [d.account_id.as_str()])
        .when("ArnLike", "aws:SourceArn", [Arns::new(d).bedrock_source()])
}
