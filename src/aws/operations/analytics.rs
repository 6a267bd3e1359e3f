//! Amazon Athena and the Glue catalogue.

use crate::aws::operation::{On, Operation, on};

/// Columns and projection of a table.
pub static GET_TABLE: Operation = Operation::new("glue:GetTable", &[on("glue:GetTable", On::Tables)]);

/// State and limits of a workgroup.
pub static GET_WORK_GROUP: Operation =
    Operation::new("athena:GetWorkGroup", &[on("athena:GetWorkGroup", On::Workgroup)]);

/// Starts a query: Athena reads the catalogue and the logs, and writes the result, with the caller's own rights.
///
/// Source: <https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html>
pub static START_QUERY_EXECUTION: Operation = Operation::new(
    "athena:StartQueryExecution",
    &[
        on("athena:StartQueryExecution", On::Workgroup),
        on("glue:GetDatabase", On::Tables),
        on("glue:GetTable", On::Tables),
        on("glue:GetPartitions", On::Tables),
        on("s3:GetBucketLocation", On::LogBucket),
        on("s3:ListBucket", On::LogBucket),
        on("s3:GetObject", On::LogObjects),
        on("kms:Decrypt", On::LogKey),
        // The results are encrypted with the same key.
        on("kms:GenerateDataKey", On::LogKey),
        on("s3:GetBucketLocation", On::ResultsBucket),
        on("s3:ListBucket", On::ResultsBucket),
        on("s3:ListBucketMultipartUploads", On::ResultsBucket),
        on("s3:GetObject", On::ResultsObjects),
        on("s3:PutObject", On::ResultsObjects),
        on("s3:AbortMultipartUpload", On::ResultsObjects),
        on("s3:ListMultipartUploadParts", On::ResultsObjects),
    ],
);

/// How far a query is.
pub static GET_QUERY_EXECUTION: Operation = Operation::new(
    "athena:GetQueryExecution",
    &[on("athena:GetQueryExecution", On::Workgroup)],
);

/// Rows of a query.
pub static GET_QUERY_RESULTS: Operation = Operation::new(
    "athena:GetQueryResults",
    &[
        on("athena:GetQueryResults", On::Workgroup),
        on("s3:GetObject", On::ResultsObjects),
    ],
);
