//! Amazon S3 and CloudWatch: where the logs go, and the state.

use crate::aws::operation::{On, Operation, anywhere, on};

/// Objects of the bucket of logs.
pub static LIST_LOG_OBJECTS: Operation = Operation::new("s3:ListObjectsV2", &[on("s3:ListBucket", On::LogBucket)]);

/// Whether the bucket of the state keeps earlier versions.
pub static GET_BUCKET_VERSIONING: Operation = Operation::new(
    "s3:GetBucketVersioning",
    &[on("s3:GetBucketVersioning", On::StateBucket)],
);

/// Sums of a metric.
pub static GET_METRIC_STATISTICS: Operation = Operation::new(
    "cloudwatch:GetMetricStatistics",
    &[anywhere("cloudwatch:GetMetricStatistics")],
);

/// Streams of a log group, with the time of the last event.
pub static DESCRIBE_LOG_STREAMS: Operation = Operation::new(
    "logs:DescribeLogStreams",
    &[on("logs:DescribeLogStreams", On::LogGroup)],
);

/// The key that the bucket of logs is encrypted with.
pub static GET_BUCKET_ENCRYPTION: Operation = Operation::new(
    "s3:GetBucketEncryption",
    &[on("s3:GetEncryptionConfiguration", On::LogBucket)],
);

/// The key that the log group is encrypted with.
pub static DESCRIBE_LOG_GROUPS: Operation =
    Operation::new("logs:DescribeLogGroups", &[anywhere("logs:DescribeLogGroups")]);
