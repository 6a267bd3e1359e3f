//! Statements for reading what the deployment records: shared by administrators and analysts.

use policy::Statement;

use super::arns::Arns;
use crate::deployment::model::Deployment;

/// Athena over the logs, complete enough that a query of the workgroup runs, shows its results and can be stopped
/// (<https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html>,
/// <https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena.html>).
pub fn analytics(d: &Deployment) -> Vec<Statement> {
    if d.analytics.is_none() {
        return Vec::new();
    }
    let arns = Arns::new(d);
    let results = &d.names.results_bucket;
    let mut statements = vec![
        Statement::allow(
            "Query",
            [
                "athena:BatchGetNamedQuery",
                "athena:BatchGetQueryExecution",
                "athena:GetNamedQuery",
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream",
                "athena:GetQueryRuntimeStatistics",
                "athena:GetWorkGroup",
                "athena:ListNamedQueries",
                "athena:ListQueryExecutions",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
            ],
            [arns.workgroup()],
        ),
        // Neither knows a resource type that could be named; the console starts with both.
        Statement::allow(
            "ListWorkgroups",
            ["athena:ListDataCatalogs", "athena:ListWorkGroups"],
            ["*"],
        ),
        // The console's lists of databases and tables; which of them are shown is asked of Glue. The five actions that
        // there are would not fit beside many models.
        Statement::allow("Browse", ["athena:Get*", "athena:List*"], [arns.data_catalog()]),
        Statement::allow(
            "ReadCatalog",
            [
                "glue:GetDatabase",
                "glue:GetDatabases",
                "glue:GetPartition",
                "glue:GetPartitions",
                "glue:GetTable",
                "glue:GetTables",
            ],
            [
                arns.here("glue", "catalog"),
                arns.here("glue", &format!("database/{}", d.names.database)),
                // Athena looks up the default database whatever the query names
                // (<https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html>).
                arns.here("glue", "database/default"),
                arns.here("glue", &format!("table/{}/*", d.names.database)),
            ],
        ),
        Statement::allow(
            "FindResults",
            ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            [arns.bucket(results)],
        ),
        Statement::allow(
            "ReadResultsAndTables",
            ["s3:GetObject"],
            [arns.query_results(), arns.objects(results, "tables/*")],
        ),
        // Not the tables: who reports costs does not set the prices.
        Statement::allow(
            "WriteResults",
            ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
            [arns.query_results()],
        ),
    ];
    if let Some(key) = d.logging.as_ref().and_then(|logging| logging.kms_key_arn.as_deref()) {
        statements.push(
            Statement::allow("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], [key]).when(
                "StringEquals",
                "kms:ViaService",
                [format!("s3.{}.amazonaws.com", d.region)],
            ),
        );
    }
    statements
}

/// The objects of the log bucket, for Athena.
pub fn log_objects(d: &Deployment) -> Vec<Statement> {
    if d.logging.is_none() {
        return Vec::new();
    }
    let arns = Arns::new(d);
    vec![
        Statement::allow(
            "FindLogs",
            ["s3:GetBucketLocation", "s3:ListBucket"],
            [arns.bucket(&d.names.log_bucket)],
        ),
        Statement::allow("ReadLogs", ["s3:GetObject"], [arns.log_objects("*")]),
    ]
}

/// CloudWatch's metrics, alarms and dashboards: read only. Most of these actions know no resource.
pub fn metrics() -> Statement {
    Statement::allow(
        "ReadMetrics",
        [
            "cloudwatch:DescribeAlarm*",
            "cloudwatch:GetDashboard",
            "cloudwatch:GetMetricData",
            "cloudwatch:GetMetricStatistics",
            "cloudwatch:ListDashboards",
            "cloudwatch:ListMetrics",
        ],
        ["*"],
    )
}
