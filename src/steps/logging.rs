//! Phase 2: model invocation logging.

use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Deployment, Logging};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Some(logging) = &deployment.logging else {
        return Vec::new();
    };
    let mut steps = vec![singleton(deployment)];
    if let Some(key) = &logging.kms_key_arn {
        steps.push(kms_key(deployment, key));
    }
    if logging.prompts {
        steps.push(notice(deployment, logging));
    }
    steps.push(delivery(deployment));
    steps
}

fn workload(deployment: &Deployment) -> Account {
    Account::Workload(deployment.account_id.clone())
}

fn singleton(deployment: &Deployment) -> Step {
    Step::new(
        "logging-singleton",
        Phase::Logging,
        "Make sure that nobody else owns the logging configuration",
        workload(deployment),
        Owner::Human,
    )
    .action(format!(
        "Before the first apply: an account has one logging configuration per region. What the command prints for {} \
         would be replaced.",
        deployment.region
    ))
    .console("Amazon Bedrock › Settings › Model invocation logging")
    .run(&[format!(
        "aws bedrock get-model-invocation-logging-configuration --region {}",
        word(&deployment.region)
    )])
    .note("Calls from other regions are not logged; the SCP and the developer's policy deny them.")
}

fn kms_key(deployment: &Deployment, key: &str) -> Step {
    let (key, region) = (word(key), word(&deployment.region));
    Step::new(
        "logging-kms-key",
        Phase::Logging,
        "Let Bedrock and CloudWatch Logs use the key",
        Account::Of("the key"),
        Owner::Api,
    )
    .action("Before the first apply: add the statements of `policies/log-key.json` to the key's policy.")
    .action("Keep the statements that are there; `put-key-policy` replaces the whole document.")
    .console("Key Management Service › Customer managed keys › the key › Key policy › Edit")
    .run(&[
        format!(
            "aws kms get-key-policy --region {region} --key-id {key} --policy-name default --query Policy \
             --output text > key-policy.json"
        ),
        "# edit key-policy.json".to_owned(),
        format!(
            "aws kms put-key-policy --region {region} --key-id {key} --policy-name default \
             --policy file://key-policy.json"
        ),
    ])
    .note("Whoever reads the logs through Athena needs `kms:Decrypt` on the key as well.")
}

fn notice(deployment: &Deployment, logging: &Logging) -> Step {
    Step::new(
        "logging-notice",
        Phase::Logging,
        "Tell the developers that prompts are stored",
        workload(deployment),
        Owner::Human,
    )
    .action(format!(
        "`prompts = true`: prompts, code and answers stand in `{}` for {} days and in `{}` for {} days, readable for \
         everybody who may read these. Settle that with whoever is responsible for privacy.",
        deployment.names.log_bucket, logging.expiration_days, deployment.names.log_group, logging.retention_days
    ))
    .console("Amazon Bedrock › Settings › Model invocation logging (shows what is stored)")
    .run(&[format!(
        "aws bedrock get-model-invocation-logging-configuration --region {} --query \
         loggingConfig.textDataDeliveryEnabled",
        word(&deployment.region)
    )])
    .note("Telling people has neither a console nor a command; what is above shows what they must be told.")
}

fn delivery(deployment: &Deployment) -> Step {
    let (names, region, account) = (&deployment.names, word(&deployment.region), &deployment.account_id);
    let prefix = format!(
        "{}/AWSLogs/{account}/BedrockModelInvocationLogs/{region}/",
        names.log_prefix
    );
    Step::new(
        "logging-delivery",
        Phase::Logging,
        "See the first records arrive",
        workload(deployment),
        Owner::Terraform(Root::Workload),
    )
    .action("After the first calls, objects that end in `.json.gz` stand in the bucket and events in the log group.")
    .console("S3 › the log bucket; CloudWatch › Log groups › the log group")
    .run(&[
        format!(
            "aws s3api list-objects-v2 --region {region} --bucket {} --prefix {} --max-items 5",
            word(&names.log_bucket),
            word(&prefix)
        ),
        format!(
            "aws logs describe-log-streams --region {region} --log-group-name {} \
             --log-stream-name-prefix aws/bedrock/modelinvocations",
            word(&names.log_group)
        ),
    ])
    .note(
        "The object `amazon-bedrock-logs-permission-check` shows that the configuration was saved, not that anything \
         is delivered.",
    )
}
