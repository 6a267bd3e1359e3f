//! What people may do beside invoking: operate and look, never re-configure.

use policy::Caller;

use super::Theme;
use super::case::{Case, Stack, request, with, without};
use super::invocation::{OWN_PROFILE, Tags, destinations, guarded, tagged, through};
use super::people::{self, FOREIGN_ACCOUNT, Person};
use super::tampering;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::guardrails::invocation::INVOKE;

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    let developer = people::developer(d);
    discover(d, &developer, cases);
    deny_all(d, &developer, cases);
    subscribe_denied(d, &developer, cases);
    nothing_read(d, &developer, cases);
    if let Some(admin) = people::admin(d) {
        discover(d, &admin, cases);
        allow(
            d,
            &admin,
            &admin_actions(d),
            "administrators operate the rollout",
            cases,
        );
        allow(d, &admin, &reading(d), "administrators read what is recorded", cases);
        subscribe(d, &admin, cases);
        deny_all(d, &admin, cases);
        key(d, &admin, cases);
    }
    if let Some(analyst) = people::analyst(d) {
        allow(d, &analyst, &reading(d), "analysts read what is recorded", cases);
        deny_all(d, &analyst, cases);
        subscribe_denied(d, &analyst, cases);
        key(d, &analyst, cases);
        invokes_nothing(d, &analyst, cases);
    }
}

type Requests = Vec<(&'static str, String)>;

/// Global services answer in us-east-1.
pub fn region_of<'a>(d: &'a Deployment, action: &str) -> &'a str {
    match action.split(':').next() {
        Some("iam" | "organizations" | "budgets" | "ce" | "account" | "aws-marketplace" | "health" | "support") => {
            "us-east-1"
        }
        _ => &d.region,
    }
}

fn allow(d: &Deployment, person: &Person, requests: &Requests, reason: &str, cases: &mut Vec<Case>) {
    for (action, resource) in requests {
        let request = request(&person.caller, action, resource, region_of(d, action));
        cases.push(Case::allow(
            Theme::Operation,
            person.label,
            &person.as_deployed(d),
            request,
            reason,
        ));
    }
}

/// What Claude Code asks at its start.
fn discover(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let mut requests: Requests = vec![("bedrock:ListInferenceProfiles", "*".to_owned())];
    requests.extend(
        d.models
            .iter()
            .map(|model| ("bedrock:GetInferenceProfile", arns.system_profile(model))),
    );
    if d.profiles != ProfileScope::None {
        requests.push(("bedrock:GetInferenceProfile", arns.application_profile(OWN_PROFILE)));
    }
    if d.guardrail.is_some() {
        requests.push(("bedrock:ApplyGuardrail", people::guardrail_arn(d)));
    }
    allow(
        d,
        person,
        &requests,
        "Claude Code finds its profiles and applies the guardrail",
        cases,
    );
}

fn admin_actions(d: &Deployment) -> Requests {
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
    if d.guardrail.is_some() {
        requests.push(("bedrock:GetGuardrail", people::guardrail_arn(d)));
    }
    if d.logging.is_some() {
        for action in [
            "logs:DescribeLogGroups",
            "logs:DescribeQueries",
            "logs:GetQueryResults",
            "logs:StopQuery",
        ] {
            requests.push((action, "*".to_owned()));
        }
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
fn reading(d: &Deployment) -> Requests {
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
    requests
}

/// Opening a model: only when Bedrock asks for it, and only these products where all are known.
fn subscribe(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let marketplace = |caller: &Caller, product: &str, via: Option<&str>| {
        let request = request(caller, "aws-marketplace:Subscribe", "*", "us-east-1");
        let request = with(request, "aws-marketplace:ProductId", product);
        match via {
            Some(service) => with(request, "aws:CalledViaLast", service),
            None => without(request, "aws:CalledViaLast"),
        }
    };
    let bedrock = Some("bedrock.amazonaws.com");
    let stack = person.as_deployed(d);
    for model in &d.models {
        let product = model.marketplace_product.as_deref().unwrap_or("prod-unknown");
        let request = marketplace(&person.caller, product, bedrock);
        let reason = "the first call of a model subscribes the account";
        cases.push(Case::allow(Theme::Operation, person.label, &stack, request, reason));
    }
    let product = d.models.iter().find_map(|model| model.marketplace_product.as_deref());
    for via in [None, Some("cloudformation.amazonaws.com")] {
        let request = marketplace(&person.caller, product.unwrap_or("prod-unknown"), via);
        let reason = "products are subscribed through Bedrock alone";
        cases.push(Case::deny(
            Theme::Operation,
            person.label,
            &person.alone(),
            request,
            reason,
        ));
    }
    if d.models.iter().all(|model| model.marketplace_product.is_some()) {
        let request = marketplace(&person.caller, "prod-somethingelse", bedrock);
        let reason = "a product that is none of the allowed models";
        cases.push(Case::deny(
            Theme::Operation,
            person.label,
            &person.alone(),
            request,
            reason,
        ));
    }
}

fn subscribe_denied(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let product = d.models.iter().find_map(|model| model.marketplace_product.as_deref());
    let request = request(&person.caller, "aws-marketplace:Subscribe", "*", "us-east-1");
    let request = with(request, "aws-marketplace:ProductId", product.unwrap_or("prod-unknown"));
    let request = with(request, "aws:CalledViaLast", "bedrock.amazonaws.com");
    let reason = "administrators open models";
    cases.push(Case::deny(
        Theme::Operation,
        person.label,
        &person.alone(),
        request,
        reason,
    ));
}

/// Configuration, other services, other people's resources.
fn deny_all(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let mut deny = |action: &str, resource: &str, region: &str, reason: &str| {
        let request = request(&person.caller, action, resource, region);
        cases.push(Case::deny(
            Theme::Operation,
            person.label,
            &person.alone(),
            request,
            reason,
        ));
    };
    for (action, resource, reason) in tampering::protected(d) {
        deny(action, &resource, region_of(d, action), reason);
    }
    for (action, resource, reason) in tampering::never(d) {
        deny(action, &resource, region_of(d, action), reason);
    }
    for (action, resource, reason) in tampering::takeover(d) {
        deny(action, &resource, region_of(d, action), reason);
    }
    for (action, resource) in tampering::other_services(d) {
        deny(action, &resource, &d.region, "another service");
    }
    let arns = Arns::new(d);
    let others: [(&str, String); 12] = [
        ("athena:GetWorkGroup", arns.here("athena", "workgroup/primary")),
        ("athena:StartQueryExecution", arns.here("athena", "workgroup/primary")),
        ("athena:CreateDataCatalog", "*".to_owned()),
        (
            "bedrock:ApplyGuardrail",
            arns.at("bedrock", &d.region, FOREIGN_ACCOUNT, "guardrail/gr1234567890"),
        ),
        (
            "bedrock:GetGuardrail",
            arns.at("bedrock", &d.region, FOREIGN_ACCOUNT, "guardrail/gr1234567890"),
        ),
        (
            "bedrock:GetInferenceProfile",
            arns.at(
                "bedrock",
                &d.region,
                FOREIGN_ACCOUNT,
                "application-inference-profile/a1b2c3d4e5f6",
            ),
        ),
        ("glue:GetTable", arns.here("glue", "table/payroll/salaries")),
        ("glue:GetDatabase", arns.here("glue", "database/payroll")),
        (
            "logs:GetLogEvents",
            arns.here("logs", "log-group:/aws/lambda/payroll:log-stream:a"),
        ),
        ("s3:ListBucket", arns.bucket("payroll")),
        ("s3:GetObject", arns.objects("payroll", "salaries.csv")),
        ("sns:Subscribe", arns.here("sns", "payroll")),
    ];
    for (action, resource) in others {
        deny(action, &resource, &d.region, "not the deployment's");
    }
    let writes: [(&str, String); 7] = [
        ("athena:DeleteWorkGroup", arns.workgroup()),
        ("bedrock:CreateGuardrail", "*".to_owned()),
        ("budgets:ModifyBudget", arns.budget("another")),
        ("ce:CreateAnomalyMonitor", "*".to_owned()),
        ("cloudwatch:PutDashboard", "*".to_owned()),
        (
            "glue:DeleteTable",
            arns.here("glue", &format!("table/{}/{}", d.names.database, d.names.log_table)),
        ),
        ("logs:CreateLogGroup", "*".to_owned()),
    ];
    for (action, resource) in writes {
        deny(action, &resource, region_of(d, action), "configuration is Terraform's");
    }
    deny(
        "s3:DeleteBucket",
        &arns.bucket(&d.names.results_bucket),
        &d.region,
        "configuration is Terraform's",
    );
    deny(
        "s3:DeleteObject",
        &arns.objects(&d.names.results_bucket, "a.csv"),
        &d.region,
        "configuration is Terraform's",
    );
    deny(
        "aws-marketplace:Unsubscribe",
        "*",
        "us-east-1",
        "ending a subscription stops everybody",
    );
}

/// Developers see no logs and no costs.
fn nothing_read(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    for (action, resource) in reading(d) {
        let request = request(&person.caller, action, &resource, region_of(d, action));
        let reason = "developers read no logs";
        cases.push(Case::deny(
            Theme::Operation,
            person.label,
            &person.alone(),
            request,
            reason,
        ));
    }
}

/// The key opens log objects and results, through S3 and nothing else.
fn key(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let Some(key) = d.logging.as_ref().and_then(|logging| logging.kms_key_arn.as_deref()) else {
        return;
    };
    let s3 = format!("s3.{}.amazonaws.com", d.region);
    for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
        let used = |key: &str| request(&person.caller, action, key, &d.region);
        if d.analytics.is_some() {
            let request = with(used(key), "kms:ViaService", &s3);
            let reason = "logs and results are encrypted with the deployment's key";
            cases.push(Case::allow(
                Theme::Operation,
                person.label,
                &person.as_deployed(d),
                request,
                reason,
            ));
        }
        let reason = "the key is used through S3 alone";
        let stack = person.alone();
        let request = without(used(key), "kms:ViaService");
        cases.push(Case::deny(Theme::Operation, person.label, &stack, request, reason));
        let other = Arns::new(d).here("kms", "key/00000000-0000-0000-0000-000000000000");
        let request = with(used(&other), "kms:ViaService", &s3);
        cases.push(Case::deny(
            Theme::Operation,
            person.label,
            &stack,
            request,
            "another key",
        ));
    }
    let request = with(
        request(&person.caller, "kms:ScheduleKeyDeletion", key, &d.region),
        "kms:ViaService",
        &s3,
    );
    cases.push(Case::deny(
        Theme::Operation,
        person.label,
        &person.alone(),
        request,
        "configuration is Terraform's",
    ));
}

/// What developers may invoke, an analyst may not.
fn invokes_nothing(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let stack: Stack = person.alone();
    let mut deny = |resource: &str, region: &str, profile: &str| {
        let request = guarded(
            d,
            through(request(&person.caller, INVOKE[1], resource, region), profile),
        );
        let request = tagged(d, request, Tags::Own);
        cases.push(Case::deny(
            Theme::Limits,
            person.label,
            &stack,
            request,
            "analysts invoke nothing",
        ));
    };
    for model in &d.models {
        let system = arns.system_profile(model);
        deny(&system, &d.region, &system);
        for (resource, region) in destinations(d, model) {
            deny(&resource, &region, &system);
        }
    }
    let own = arns.application_profile(OWN_PROFILE);
    deny(&own, &d.region, &own);
}
