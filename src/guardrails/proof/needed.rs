//! The requests that administrators and analysts need for their work.

use super::invocation::OWN_PROFILE;
use super::people;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::guardrails::arns::Arns;

/// Actions and the resources that they act on.
pub type Requests = Vec<(&'static str, String)>;

/// What administrators do and see, beside what can be told apart by its name.
pub fn operating(d: &Deployment) -> Requests {
    let arns = Arns::new(d);
    let mut requests: Requests = [
        "bedrock:CreateFoundationModelAgreement",
        "bedrock:GetFoundationModelAvailability",
        "bedrock:GetModelInvocationLoggingConfiguration",
        "bedrock:GetUseCaseForModelAccess",
        "bedrock:ListFoundationModelAgreementOffers",
        "bedrock:ListFoundationModels",
        "bedrock:PutUseCaseForModelAccess",
        "budgets:ViewBudget",
        "ce:GetAnomalies",
        "ce:GetAnomalyMonitors",
        "ce:GetAnomalySubscriptions",
        "ce:GetCostAndUsage",
        "ce:GetCostForecast",
        "ce:GetDimensionValues",
        "ce:GetTags",
        "ce:ListCostAllocationTags",
        "aws-marketplace:ViewSubscriptions",
    ]
    .map(|action| (action, "*".to_owned()))
    .to_vec();
    for model in &d.models {
        requests.push((
            "bedrock:GetFoundationModel",
            arns.foundation_model(&d.region, &model.base_id),
        ));
    }
    if d.profiles != ProfileScope::None {
        requests.push(("bedrock:ListTagsForResource", arns.application_profile(OWN_PROFILE)));
    }
    requests.push(("bedrock:ListTagsForResource", "*".to_owned()));
    requests.push(("bedrock:ListGuardrails", "*".to_owned()));
    if d.logging.is_some() {
        for action in [
            "logs:DescribeLogGroups",
            "logs:DescribeQueries",
            "logs:GetQueryResults",
            "logs:StopQuery",
        ] {
            requests.push((action, "*".to_owned()));
        }
    }
    requests
}

/// What administrators read beside what analysts do.
pub fn recorded_for_admins(d: &Deployment) -> Requests {
    let arns = Arns::new(d);
    let mut requests = Requests::new();
    if d.guardrail.is_some() {
        requests.push(("bedrock:GetGuardrail", people::guardrail_arn(d)));
    }
    if d.logging.is_some() {
        for action in [
            "logs:DescribeLogStreams",
            "logs:DescribeMetricFilters",
            "logs:StartQuery",
        ] {
            requests.push((action, arns.log_group()));
        }
        for action in ["logs:FilterLogEvents", "logs:GetLogEvents"] {
            requests.push((action, arns.log_stream("aws/bedrock/modelinvocations")));
        }
    }
    if d.budgets.is_some() {
        for action in [
            "sns:GetTopicAttributes",
            "sns:ListSubscriptionsByTopic",
            "sns:Subscribe",
        ] {
            requests.push((action, arns.topic()));
        }
    }
    requests
}

/// What a query over the logs needs, from the first look to a stopped upload.
pub fn recorded(d: &Deployment) -> Requests {
    let arns = Arns::new(d);
    let names = &d.names;
    let mut requests: Requests = [
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:GetDashboard",
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListDashboards",
        "cloudwatch:ListMetrics",
    ]
    .map(|action| (action, "*".to_owned()))
    .to_vec();
    if d.logging.is_some() {
        let object = format!("{}/2026/11/21/00/log.json.gz", d.region);
        requests.push(("s3:GetObject", arns.log_objects(&object)));
        requests.push(("s3:ListBucket", arns.bucket(&names.log_bucket)));
        requests.push(("s3:GetBucketLocation", arns.bucket(&names.log_bucket)));
    }
    if d.analytics.is_none() {
        return requests;
    }
    for action in [
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
    ] {
        requests.push((action, arns.workgroup()));
    }
    for action in ["athena:ListDataCatalogs", "athena:ListWorkGroups"] {
        requests.push((action, "*".to_owned()));
    }
    for action in [
        "athena:GetDataCatalog",
        "athena:GetDatabase",
        "athena:GetTableMetadata",
        "athena:ListDatabases",
        "athena:ListTableMetadata",
    ] {
        requests.push((action, arns.data_catalog()));
    }
    let database = arns.here("glue", &format!("database/{}", names.database));
    let table = |table: &str| arns.here("glue", &format!("table/{}/{table}", names.database));
    for action in ["glue:GetDatabase", "glue:GetDatabases"] {
        requests.push((action, arns.here("glue", "catalog")));
        requests.push((action, database.clone()));
    }
    requests.push(("glue:GetDatabase", arns.here("glue", "database/default")));
    for name in [&names.log_table, &names.price_table, &names.profile_table] {
        for action in [
            "glue:GetTable",
            "glue:GetTables",
            "glue:GetPartition",
            "glue:GetPartitions",
        ] {
            requests.push((action, table(name)));
        }
    }
    let results = &names.results_bucket;
    for action in ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"] {
        requests.push((action, arns.bucket(results)));
    }
    for action in [
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
    ] {
        requests.push((action, arns.objects(results, "results/a.csv")));
    }
    requests.push(("s3:GetObject", arns.objects(results, "tables/model_prices/rows.jsonl")));
    requests
}
