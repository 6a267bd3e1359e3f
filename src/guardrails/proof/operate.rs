//! What people may do beside invoking: operate and look, never re-configure.

use policy::Caller;

use super::Theme;
use super::buckets::at_bucket;
use super::case::{Case, Stack, request, with, without};
use super::forbidden::uninvolved_region;
use super::invocation::{OWN_PROFILE, Tags, destinations, guarded, tagged, through};
use super::needed::{self, Requests};
use super::people::{self, Person};
use super::{protected, tampering};
use crate::deployment::model::{Deployment, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::guardrails::invocation::INVOKE;

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    let developer = people::developer(d);
    discover(d, &developer, cases);
    deny_all(d, &developer, cases);
    only_invoked(d, &developer, cases);
    subscribe_denied(d, &developer, cases);
    nothing_read(d, &developer, cases);
    if let Some(admin) = people::admin(d) {
        discover(d, &admin, cases);
        allow(
            d,
            &admin,
            &needed::operating(d),
            "administrators operate the rollout",
            cases,
        );
        allow(
            d,
            &admin,
            &needed::recorded_for_admins(d),
            "administrators read what is recorded",
            cases,
        );
        allow(
            d,
            &admin,
            &needed::recorded(d),
            "administrators read what is recorded",
            cases,
        );
        neighbours(d, &admin, &needed::recorded_for_admins(d), cases);
        neighbours(d, &admin, &needed::recorded(d), cases);
        only_invoked(d, &admin, cases);
        subscribe(d, &admin, cases);
        deny_all(d, &admin, cases);
        key(d, &admin, cases);
    }
    if let Some(analyst) = people::analyst(d) {
        allow(
            d,
            &analyst,
            &needed::recorded(d),
            "analysts read what is recorded",
            cases,
        );
        neighbours(d, &analyst, &needed::recorded(d), cases);
        deny_all(d, &analyst, cases);
        subscribe_denied(d, &analyst, cases);
        key(d, &analyst, cases);
        invokes_nothing(d, &analyst, cases);
    }
}

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
        let (stack, request) = at_bucket(d, &person.as_deployed(d), request);
        cases.push(Case::allow(Theme::Operation, person.label, &stack, request, reason));
    }
}

/// What lies beside the things that may be read: the same name in another region, a name that begins alike.
fn neighbours(d: &Deployment, person: &Person, requests: &Requests, cases: &mut Vec<Case>) {
    let elsewhere = uninvolved_region(d);
    for (action, resource) in requests {
        let parts: Vec<&str> = resource.splitn(6, ':').collect();
        let [arn, partition, service, region, account, name] = parts[..] else {
            continue;
        };
        let mut deny = |region: &str, name: &str, reason: &str| {
            let resource = format!("{arn}:{partition}:{service}:{region}:{account}:{name}");
            let region = if region.is_empty() { &d.region } else { region };
            let request = request(&person.caller, action, &resource, region);
            cases.push(Case::deny(
                Theme::Operation,
                person.label,
                &person.alone(),
                request,
                reason,
            ));
        };
        if !region.is_empty() {
            deny(elsewhere, name, "the same name in another region");
        }
        let reason = "a name that begins alike";
        match (service, name.split_once('/')) {
            ("s3", Some((bucket, key))) => deny(region, &format!("{bucket}-next/{key}"), reason),
            // Any profile, guardrail, table and stream of the deployment's is meant.
            ("bedrock", _) | ("glue", Some(("table", _))) => {}
            _ if name.contains(":log-stream:") => {}
            _ => deny(region, &format!("{name}-next"), reason),
        }
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
    neighbours(d, person, &requests, cases);
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
    for (action, resource, reason) in protected::requests(d) {
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
    let others: [(&str, String); 9] = [
        ("athena:GetWorkGroup", arns.here("athena", "workgroup/primary")),
        ("athena:StartQueryExecution", arns.here("athena", "workgroup/primary")),
        ("athena:CreateDataCatalog", "*".to_owned()),
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
    let writes: [(&str, String); 8] = [
        ("athena:DeleteDataCatalog", arns.data_catalog()),
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
    for model in &d.models {
        let system = arns.system_profile(model);
        deny(
            "bedrock:CreateInferenceProfile",
            &system,
            &d.region,
            "profiles carry the cost tags",
        );
    }
    deny(
        "s3:DeleteBucket",
        &arns.bucket(&d.names.results_bucket),
        &d.region,
        "configuration is Terraform's",
    );
    for object in ["results/a.csv", "tables/model_prices/rows.jsonl"] {
        let object = arns.objects(&d.names.results_bucket, object);
        deny("s3:DeleteObject", &object, &d.region, "configuration is Terraform's");
    }
    deny(
        "aws-marketplace:Unsubscribe",
        "*",
        "us-east-1",
        "ending a subscription stops everybody",
    );
}

/// Foundation models are there to be invoked, and for nothing else.
fn only_invoked(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    for model in &d.models {
        for (resource, region) in destinations(d, model) {
            let request = request(&person.caller, "bedrock:CreateModelInvocationJob", &resource, &region);
            let request = through(request, &arns.system_profile(model));
            let reason = "not in the invocation log";
            cases.push(Case::deny(
                Theme::Operation,
                person.label,
                &person.alone(),
                request,
                reason,
            ));
        }
    }
}

/// Developers see no logs and no costs.
fn nothing_read(d: &Deployment, person: &Person, cases: &mut Vec<Case>) {
    for (action, resource) in needed::recorded(d) {
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
        let elsewhere = key.replacen(&d.region, uninvolved_region(d), 1);
        for other in [elsewhere, format!("{key}-next")] {
            let request = with(used(&other), "kms:ViaService", &s3);
            cases.push(Case::deny(
                Theme::Operation,
                person.label,
                &stack,
                request,
                "another key",
            ));
        }
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
