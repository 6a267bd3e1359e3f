//! Statements for the policy of a customer-managed key that encrypts the logs.

use policy::{Document, PrincipalPattern, Statement};

use super::arns::Arns;
use super::log_delivery::from_this_deployment;
use crate::deployment::model::Deployment;

/// What must be added to the key's policy: Bedrock encrypts log objects, CloudWatch Logs encrypts the log group
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html>,
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html>). Readers get `kms:Decrypt`
/// from their own policies, so the key's policy must let IAM decide for the account, as the default one does.
pub fn document(d: &Deployment) -> Document {
    let arns = Arns::new(d);
    let bedrock = Statement::allow("EncryptLogObjects", ["kms:GenerateDataKey"], ["*"])
        .principals([PrincipalPattern::Service("bedrock.amazonaws.com".to_owned())]);
    let logs = Statement::allow(
        "EncryptLogGroup",
        [
            "kms:Decrypt",
            "kms:Describe*",
            "kms:Encrypt",
            "kms:GenerateDataKey*",
            "kms:ReEncrypt*",
        ],
        ["*"],
    )
    .principals([PrincipalPattern::Service(format!("logs.{}.amazonaws.com", d.region))])
    .when("ArnEquals", "kms:EncryptionContext:aws:logs:arn", [arns.log_group()]);
    Document::new(vec![from_this_deployment(d, bedrock), logs])
}
