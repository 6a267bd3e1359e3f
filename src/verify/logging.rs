//! Phase 2: what is logged of each call, and whether it arrives.

use aws_sdk_bedrock::types::LoggingConfig;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::Statistic;
use jiff::{Timestamp, ToSpan as _, Unit};

use super::check::{Check, From};
use super::probe::{Probe, Seen};
use crate::aws::Trouble;
use crate::aws::operations::bedrock::GET_MODEL_INVOCATION_LOGGING_CONFIGURATION;
use crate::aws::operations::storage::{
    DESCRIBE_LOG_GROUPS, DESCRIBE_LOG_STREAMS, GET_BUCKET_ENCRYPTION, GET_METRIC_STATISTICS, LIST_LOG_OBJECTS,
};
use crate::deployment::model::{Deployment, Logging};
use crate::guardrails::arns::Arns;
use crate::steps::Phase;
use crate::verify::next::APPLY_WORKLOAD;

/// Days in which records are looked for.
const DAYS: i64 = 7;
/// The stream that Bedrock writes to.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html>
const STREAM: &str = "aws/bedrock/modelinvocations";
const FIRST_CALL: &str = "let a developer make a call (`tfgen onboard` configures one); records come within minutes";

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    let Some(logging) = &deployment.logging else {
        return Vec::new();
    };
    let mut checks = vec![configuration(deployment, logging)];
    if let Some(key) = &logging.kms_key_arn {
        checks.push(kms_key(deployment, key));
    }
    checks.extend([objects(deployment), events(deployment), failures()]);
    checks
}

fn check(id: &'static str, step: &str, title: &str) -> Check {
    Check::new(id, step, Phase::Logging, From::Workload, title)
}

/// What the configuration must say, as pairs of name and value.
fn wanted(deployment: &Deployment, logging: &Logging) -> Vec<(&'static str, String)> {
    let names = &deployment.names;
    vec![
        ("bucket", names.log_bucket.clone()),
        ("prefix", names.log_prefix.clone()),
        ("log group", names.log_group.clone()),
        ("role", Arns::new(deployment).role(&names.log_delivery_role)),
        ("text", logging.prompts.to_string()),
        ("images", logging.prompts.to_string()),
        ("embeddings", logging.prompts.to_string()),
        ("video", logging.prompts.to_string()),
    ]
}

/// What the configuration says, under the same names.
fn found(config: &LoggingConfig) -> Vec<(&'static str, String)> {
    let (s3, logs) = (config.s3_config(), config.cloud_watch_config());
    let text = |value: Option<&str>| value.unwrap_or("none").to_owned();
    // AWS's default is to deliver.
    let flag = |value: Option<bool>| value.unwrap_or(true).to_string();
    vec![
        ("bucket", text(s3.map(|s3| s3.bucket_name()))),
        ("prefix", text(s3.and_then(|s3| s3.key_prefix()))),
        ("log group", text(logs.map(|logs| logs.log_group_name()))),
        ("role", text(logs.map(|logs| logs.role_arn()))),
        ("text", flag(config.text_data_delivery_enabled())),
        ("images", flag(config.image_data_delivery_enabled())),
        ("embeddings", flag(config.embedding_data_delivery_enabled())),
        ("video", flag(config.video_data_delivery_enabled())),
    ]
}

fn shown(values: &[(&str, String)]) -> String {
    let values: Vec<String> = values.iter().map(|(name, value)| format!("{name} {value}")).collect();
    values.join(", ")
}

fn configuration(deployment: &Deployment, logging: &Logging) -> Check {
    let wanted = wanted(deployment, logging);
    check(
        "logging-configuration",
        "logging-singleton",
        "Calls are logged to this deployment's bucket and log group",
    )
    .expects(shown(&wanted))
    .calls(&[&GET_MODEL_INVOCATION_LOGGING_CONFIGURATION])
    .looks(move |probe| {
        let wanted = wanted.clone();
        async move {
            let region = probe.region().to_owned();
            let answer = probe
                .call(&GET_MODEL_INVOCATION_LOGGING_CONFIGURATION, |account| {
                    account
                        .bedrock(&region)
                        .get_model_invocation_logging_configuration()
                        .send()
                })
                .await?;
            let Some(config) = answer.logging_config() else {
                return Ok(Seen::fail(format!("nothing is logged in {region}")).next(APPLY_WORKLOAD));
            };
            let found = found(config);
            let other: Vec<(&str, String)> = found
                .iter()
                .filter(|pair| !wanted.contains(pair))
                .map(|(name, value)| (*name, value.clone()))
                .collect();
            Ok(match other.is_empty() {
                true => Seen::pass(shown(&found)),
                false => Seen::fail(format!("otherwise: {}", shown(&other))).next(format!(
                    "{APPLY_WORKLOAD}; if another stack writes the configuration too, the two replace each other's: keep one"
                )),
            })
        }
    })
}

fn kms_key(deployment: &Deployment, key: &str) -> Check {
    let (bucket, group) = (deployment.names.log_bucket.clone(), deployment.names.log_group.clone());
    let key = key.to_owned();
    check(
        "logging-kms-key",
        "logging-kms-key",
        "Bedrock and CloudWatch Logs use the key",
    )
    .expects(format!(
        "bucket and log group are encrypted with {key}, and records arrive in both"
    ))
    .calls(&[&GET_BUCKET_ENCRYPTION, &DESCRIBE_LOG_GROUPS])
    .after("logging-delivery-objects")
    .after("logging-delivery-events")
    .looks(move |probe| {
        let (bucket, group, key) = (bucket.clone(), group.clone(), key.clone());
        async move {
            let region = probe.region().to_owned();
            let encryption = probe
                .call(&GET_BUCKET_ENCRYPTION, |account| {
                    account.s3(&region).get_bucket_encryption().bucket(&bucket).send()
                })
                .await;
            let encryption = match encryption {
                Err(trouble) if trouble.is("ServerSideEncryptionConfigurationNotFoundError") => None,
                encryption => Some(encryption?),
            };
            let of_bucket = encryption
                .as_ref()
                .and_then(|encryption| encryption.server_side_encryption_configuration())
                .and_then(|configuration| configuration.rules().first())
                .and_then(|rule| rule.apply_server_side_encryption_by_default())
                .and_then(|default| default.kms_master_key_id())
                .map(str::to_owned);
            let pages = probe
                .pages(
                    &DESCRIBE_LOG_GROUPS,
                    |account, token| {
                        account
                            .logs(&region)
                            .describe_log_groups()
                            .log_group_name_prefix(&group)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            let of_group = pages
                .iter()
                .flat_map(|page| page.log_groups())
                .find(|found| found.log_group_name() == Some(&group))
                .and_then(|found| found.kms_key_id())
                .map(str::to_owned);
            let named = |found: &Option<String>| found.clone().unwrap_or_else(|| "no key of yours".to_owned());
            let observed = format!("bucket: {}; log group: {}", named(&of_bucket), named(&of_group));
            let is_right = of_bucket.as_ref() == Some(&key) && of_group.as_ref() == Some(&key);
            Ok(match is_right {
                true => Seen::pass(format!("{observed}; records arrive in both")),
                false => Seen::fail(observed).next(APPLY_WORKLOAD),
            })
        }
    })
}

fn objects(deployment: &Deployment) -> Check {
    let names = &deployment.names;
    let bucket = names.log_bucket.clone();
    let prefix = format!(
        "{}/AWSLogs/{}/BedrockModelInvocationLogs/{}/",
        names.log_prefix, deployment.account_id, deployment.region
    );
    check(
        "logging-delivery-objects",
        "logging-delivery",
        "Records arrive in the bucket",
    )
    .expects(format!(
        "an object that ends in .json.gz under s3://{bucket}/{prefix} within {DAYS} days"
    ))
    .calls(&[&LIST_LOG_OBJECTS])
    .after("logging-configuration")
    .looks(move |probe| {
        let (bucket, prefix) = (bucket.clone(), prefix.clone());
        async move {
            Ok(match newest(&probe, &bucket, &prefix).await {
                Ok(Some(key)) => Seen::pass(format!("s3://{bucket}/{key}")),
                Ok(None) => Seen::pending(format!("no record in {DAYS} days")).next(FIRST_CALL),
                Err(trouble) if trouble.is("NoSuchBucket") => {
                    Seen::fail(format!("there is no bucket {bucket}")).next(APPLY_WORKLOAD)
                }
                Err(trouble) => return Err(trouble),
            })
        }
    })
}

/// The first record of the latest hour that has one. Hours are found without listing what is in them: a busy day has tens
/// of thousands of objects.
async fn newest(probe: &Probe, bucket: &str, prefix: &str) -> Result<Option<String>, Trouble> {
    let region = probe.region().to_owned();
    for back in 0..DAYS {
        let day = (probe.scene().now - (back * 24).hours())
            .strftime("%Y/%m/%d/")
            .to_string();
        let day = format!("{prefix}{day}");
        let pages = probe
            .pages(
                &LIST_LOG_OBJECTS,
                |account, token| {
                    account
                        .s3(&region)
                        .list_objects_v2()
                        .bucket(bucket)
                        .prefix(&day)
                        .delimiter("/")
                        .set_continuation_token(token)
                        .send()
                },
                |page| page.next_continuation_token(),
            )
            .await?;
        let mut hours: Vec<&str> = pages
            .iter()
            .flat_map(|page| page.common_prefixes())
            .filter_map(|hour| hour.prefix())
            .collect();
        hours.sort_unstable();
        for hour in hours.iter().rev() {
            // Bodies that were too long for a record are in a folder below.
            let pages = probe
                .pages(
                    &LIST_LOG_OBJECTS,
                    |account, token| {
                        account
                            .s3(&region)
                            .list_objects_v2()
                            .bucket(bucket)
                            .prefix(*hour)
                            .delimiter("/")
                            .set_continuation_token(token)
                            .send()
                    },
                    |page| page.next_continuation_token(),
                )
                .await?;
            let mut keys = pages
                .iter()
                .flat_map(|page| page.contents())
                .filter_map(|object| object.key());
            if let Some(key) = keys.find(|key| key.ends_with(".json.gz")) {
                return Ok(Some(key.to_owned()));
            }
        }
    }
    Ok(None)
}

fn events(deployment: &Deployment) -> Check {
    let group = deployment.names.log_group.clone();
    check(
        "logging-delivery-events",
        "logging-delivery",
        "Records arrive in the log group",
    )
    .expects(format!(
        "the stream {STREAM} of {group} has events of the last {DAYS} days"
    ))
    .calls(&[&DESCRIBE_LOG_STREAMS])
    .after("logging-configuration")
    .looks(move |probe| {
        let group = group.clone();
        async move {
            let region = probe.region().to_owned();
            let pages = probe
                .pages(
                    &DESCRIBE_LOG_STREAMS,
                    |account, token| {
                        account
                            .logs(&region)
                            .describe_log_streams()
                            .log_group_name(&group)
                            .log_stream_name_prefix(STREAM)
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await;
            let pages = match pages {
                Err(trouble) if trouble.is("ResourceNotFoundException") => {
                    return Ok(Seen::fail(format!("there is no log group {group}")).next(APPLY_WORKLOAD));
                }
                pages => pages?,
            };
            let last = pages
                .iter()
                .flat_map(|page| page.log_streams())
                .filter_map(|stream| stream.last_event_timestamp())
                .max()
                .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
            Ok(match last {
                Some(last) if last >= probe.scene().now - (DAYS * 24).hours() => {
                    Seen::pass(format!("the last event is of {last}"))
                }
                Some(last) => Seen::pending(format!("the last event is of {last}")).next(FIRST_CALL),
                None => Seen::pending("no event yet").next(FIRST_CALL),
            })
        }
    })
}

/// Deliveries that Bedrock counts, as (destination, metric of successes, metric of failures).
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html>
const DELIVERIES: [(&str, &str, &str); 2] = [
    (
        "S3",
        "ModelInvocationLogsS3DeliverySuccess",
        "ModelInvocationLogsS3DeliveryFailure",
    ),
    (
        "CloudWatch Logs",
        "ModelInvocationLogsCloudWatchDeliverySuccess",
        "ModelInvocationLogsCloudWatchDeliveryFailure",
    ),
];

fn failures() -> Check {
    check("logging-delivery-failures", "logging-delivery", "No delivery fails")
        .expects("in the last 24 hours deliveries to S3 and to CloudWatch Logs, and none that failed")
        .calls(&[&GET_METRIC_STATISTICS])
        .after("logging-configuration")
        .looks(|probe| async move {
            let mut counts = Vec::new();
            for (destination, success, failure) in DELIVERIES {
                counts.push((destination, sum(&probe, success).await?, sum(&probe, failure).await?));
            }
            Ok(deliveries(&counts))
        })
}

/// Deliveries of a day: destination, how many succeeded, how many failed; `None` where AWS has no figure.
fn deliveries(counts: &[(&str, Option<f64>, Option<f64>)]) -> Seen {
    let observed: Vec<String> = counts
        .iter()
        .map(|(destination, succeeded, failed)| {
            format!(
                "{destination}: {} delivered, {} failed",
                succeeded.unwrap_or_default(),
                failed.unwrap_or_default()
            )
        })
        .collect();
    let observed = observed.join("; ");
    let failed = counts
        .iter()
        .any(|(_, _, failed)| failed.is_some_and(|failed| failed > 0.0));
    let delivered = counts
        .iter()
        .all(|(_, succeeded, _)| succeeded.is_some_and(|count| count > 0.0));
    if failed {
        Seen::fail(observed).next(format!(
            "{APPLY_WORKLOAD}; if nothing changes, look at the bucket's policy, at the role of the log group, and at the policy of \
             the logs' key"
        ))
    } else if delivered {
        Seen::pass(observed)
    } else {
        Seen::pending(observed).next(FIRST_CALL)
    }
}

/// Sum of a metric of Bedrock over the last 24 hours.
async fn sum(probe: &Probe, metric: &str) -> Result<Option<f64>, Trouble> {
    let region = probe.region().to_owned();
    let now = probe.scene().now;
    // Periods are whole minutes.
    let end = now.round(Unit::Minute).unwrap_or(now);
    let start = end - 24.hours();
    let answer = probe
        .call(&GET_METRIC_STATISTICS, |account| {
            account
                .cloudwatch(&region)
                .get_metric_statistics()
                .namespace("AWS/Bedrock")
                .metric_name(metric)
                .start_time(DateTime::from_secs(start.as_second()))
                .end_time(DateTime::from_secs(end.as_second()))
                .period(3600)
                .statistics(Statistic::Sum)
                .send()
        })
        .await?;
    let points = answer.datapoints();
    Ok((!points.is_empty()).then(|| points.iter().filter_map(|point| point.sum()).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn deliveries_pass_only_where_both_destinations_were_reached_and_nothing_failed() {
        for (s3, logs, status) in [
            ((Some(3.0), None), (Some(3.0), Some(0.0)), Status::Pass),
            ((Some(3.0), Some(1.0)), (Some(3.0), None), Status::Fail),
            ((Some(3.0), None), (None, None), Status::Pending),
            ((None, None), (None, None), Status::Pending),
            ((None, Some(2.0)), (None, None), Status::Fail),
        ] {
            let seen = deliveries(&[("S3", s3.0, s3.1), ("CloudWatch Logs", logs.0, logs.1)]);
            assert_eq!(seen.status, status, "{seen:?}");
        }
    }
}
