//! Phase 2.

use serde_json::json;

use crate::stage::Stage;

#[test]
fn records_arrive_and_are_seen() {
    let stage = Stage::example();
    let run = stage.verify("2", &[]);
    run.is(
        "logging-configuration",
        "pass",
        "bucket claude-code-logs-123456789012-us-east-1",
    );
    run.is("logging-delivery-objects", "pass", ".json.gz");
    run.is("logging-delivery-events", "pass", "the last event is of 20");
    run.is("logging-delivery-failures", "pass", "S3: 42 delivered, 0 failed");
    assert_eq!(run.status, 0, "{}", run.stdout);

    stage.knobs(json!({ "metrics": { "AWS/Bedrock/ModelInvocationLogsS3DeliveryFailure": 3 } }));
    let run = stage.verify("2", &[]);
    run.is("logging-delivery-failures", "fail", "3 failed");
    assert_eq!(run.status, 10);

    // Text is delivered although the file says that it is not: prompts lie in clear.
    stage.boto3(
        "b = client('bedrock')\n\
         c = b.get_model_invocation_logging_configuration()['loggingConfig']\n\
         b.put_model_invocation_logging_configuration(loggingConfig={**c, 'textDataDeliveryEnabled': True})",
    );
    stage.verify("2", &[]).is("logging-configuration", "fail", "text true");
}

#[test]
fn another_stack_that_took_the_configuration_is_found() {
    let stage = Stage::example();
    stage.boto3(
        "client('s3').create_bucket(Bucket='somebody-elses')\n\
         b = client('bedrock')\n\
         c = b.get_model_invocation_logging_configuration()['loggingConfig']\n\
         c['s3Config'] = {'bucketName': 'somebody-elses', 'keyPrefix': 'x'}\n\
         b.put_model_invocation_logging_configuration(loggingConfig=c)",
    );
    let run = stage.verify("2", &[]);
    run.is("logging-configuration", "fail", "bucket somebody-elses");
    run.is(
        "logging-delivery-objects",
        "skipped",
        "needs logging-configuration, which is fail",
    );
    assert_eq!(run.status, 10);
}

#[test]
fn before_the_first_call_delivery_is_pending() {
    let stage = Stage::without(&["delivery"]);
    let run = stage.verify("2", &[]);
    run.is("logging-configuration", "pass", "bucket");
    run.is("logging-delivery-objects", "pending", "no record");
    run.is("logging-delivery-events", "pending", "no event");
    run.is("logging-delivery-failures", "pending", "0 delivered");
    assert_eq!(run.status, 11);

    // What Bedrock writes when the configuration is saved, and bodies that stand apart, are no records.
    stage.boto3(
        "s3 = client('s3')\n\
         from datetime import datetime, timezone\n\
         hour = datetime.now(timezone.utc).strftime('%Y/%m/%d/%H')\n\
         start = 'invocations/AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/'\n\
         for key in ('amazon-bedrock-logs-permission-check', hour + '/data/x_input.json.gz'):\n\
        \x20   s3.put_object(Bucket='claude-code-logs-123456789012-us-east-1', Key=start + key, Body=b'x')",
    );
    stage
        .verify("2", &[])
        .is("logging-delivery-objects", "pending", "no record");
}

#[test]
fn before_the_apply_nothing_is_logged() {
    let stage = Stage::without(&["logging"]);
    let run = stage.verify("2", &[]);
    run.is("logging-configuration", "fail", "nothing is logged in us-east-1");
    run.is("logging-delivery-events", "skipped", "logging-configuration");
    assert_eq!(run.status, 10);
}

#[test]
fn a_bucket_or_group_that_is_gone_fails() {
    let stage = Stage::without(&["delivery"]);
    stage.boto3(
        "name = 'claude-code-logs-123456789012-us-east-1'\n\
         for o in client('s3').list_object_versions(Bucket=name).get('Versions', []): client('s3').delete_object(Bucket=name, Key=o['Key'], VersionId=o['VersionId'])\n\
         client('s3').delete_bucket(Bucket='claude-code-logs-123456789012-us-east-1')\n\
         client('logs').delete_log_group(logGroupName='/aws/bedrock/claude-code')",
    );
    let run = stage.verify("2", &[]);
    run.is("logging-delivery-objects", "fail", "there is no bucket");
    run.is("logging-delivery-events", "fail", "there is no log group");
}

#[test]
fn denied_calls_are_unknown() {
    let stage = Stage::example();
    stage.denied(
        &[
            "s3:ListObjectsV2",
            "logs:DescribeLogStreams",
            "cloudwatch:GetMetricStatistics",
        ],
        || {
            let run = stage.verify("2", &[]);
            for id in [
                "logging-delivery-objects",
                "logging-delivery-events",
                "logging-delivery-failures",
            ] {
                run.is(id, "unknown", "access denied");
            }
            assert_eq!(run.status, 11);
        },
    );
    stage.denied(&["bedrock:GetModelInvocationLoggingConfiguration"], || {
        let run = stage.verify("2", &[]);
        run.is("logging-configuration", "unknown", "access denied");
        run.is("logging-delivery-objects", "skipped", "unknown");
    });
}

#[test]
fn a_key_of_the_customers_is_seen_in_both_places() {
    const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let stage = Stage::example();
    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("logging {", &format!("logging {{\n  kms_key_arn = \"{KEY}\"")),
    )
    .unwrap();
    let run = stage.verify("2", &[]);
    run.is("logging-kms-key", "fail", "log group: no key of yours");
    stage.boto3(&format!(
        "client('s3').put_bucket_encryption(Bucket='claude-code-logs-123456789012-us-east-1', \
         ServerSideEncryptionConfiguration={{'Rules': [{{'ApplyServerSideEncryptionByDefault': \
         {{'SSEAlgorithm': 'aws:kms', 'KMSMasterKeyID': '{KEY}'}}}}]}})\n\
         logs, name = client('logs'), '/aws/bedrock/claude-code'\n\
         logs.delete_log_group(logGroupName=name)\n\
         logs.create_log_group(logGroupName=name, kmsKeyId='{KEY}')\n\
         stream = dict(logGroupName=name, logStreamName='aws/bedrock/modelinvocations')\n\
         logs.create_log_stream(**stream)\n\
         import time\n\
         logs.put_log_events(**stream, logEvents=[{{'timestamp': int(time.time() * 1000), 'message': '{{}}'}}])"
    ));
    stage.verify("2", &[]).is("logging-kms-key", "pass", KEY);
    stage.denied(&["s3:GetBucketEncryption"], || {
        stage.verify("2", &[]).is("logging-kms-key", "unknown", "access denied");
    });
}
