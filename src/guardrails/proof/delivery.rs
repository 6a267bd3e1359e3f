//! Logs and notifications arrive; nobody else's do, and nobody else writes.

use policy::{Caller, Request};

use super::Theme;
use super::buckets::{erasers, tls};
use super::case::{Case, Source, Stack, request, with, without};
use super::people::{self, FOREIGN_ACCOUNT};
use crate::deployment::model::Deployment;
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::{ANALYST, LOG_BUCKET, LOG_DELIVERY, LOG_DELIVERY_TRUST, LOG_KEY, RESULTS_BUCKET};

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    if d.logging.is_some() {
        bucket(d, cases);
        role(d, cases);
        key(d, cases);
        tls(d, LOG_BUCKET, &d.names.log_bucket, cases);
    }
    if d.analytics.is_some() {
        tls(d, RESULTS_BUCKET, &d.names.results_bucket, cases);
    }
}

const BEDROCK: &str = "bedrock.amazonaws.com";

/// A service's request on behalf of an account and a resource of it.
pub fn on_behalf(request: Request, account: &str, arn: &str) -> Request {
    with(with(request, "aws:SourceAccount", account), "aws:SourceArn", arn)
}

/// A service's own request, of this deployment and of others: `(account, ARN, why it must not work)`.
pub fn foreign(d: &Deployment, service: &str, ours: &str, region: &str) -> [(String, String, &'static str); 3] {
    let arns = Arns::new(d);
    let theirs = arns.at(service, region, FOREIGN_ACCOUNT, "x");
    [
        (
            FOREIGN_ACCOUNT.to_owned(),
            theirs.clone(),
            "another account's configuration (confused deputy)",
        ),
        (
            FOREIGN_ACCOUNT.to_owned(),
            ours.to_owned(),
            "another account's configuration (confused deputy)",
        ),
        (
            d.account_id.clone(),
            theirs,
            "another account's configuration (confused deputy)",
        ),
    ]
}

fn bucket(d: &Deployment, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let stack = Stack::default().with_resource(LOG_BUCKET);
    let put = |caller: &Caller, object: &str| {
        let request = request(caller, "s3:PutObject", object, &d.region).resource_account(&d.account_id);
        with(request, "aws:SecureTransport", "true")
    };
    let bedrock = Caller::service(BEDROCK);
    let source = arns.here("bedrock", "model-invocation-logging");
    let record = arns.log_objects(&format!("{}/2026/11/21/00/log.json.gz", d.region));
    for (object, reason) in [
        (record.clone(), "records"),
        (
            arns.log_objects(&format!("{}/2026/11/21/00/data/a_input.json.gz", d.region)),
            "bodies above 100 KB",
        ),
        (
            arns.log_objects(&format!("{}/amazon-bedrock-logs-permission-check", d.region)),
            "the check when the configuration is saved",
        ),
    ] {
        let request = on_behalf(put(&bedrock, &object), &d.account_id, &source);
        cases.push(Case::allow(Theme::Delivery, "Bedrock", &stack, request, reason));
    }
    for (account, arn, reason) in foreign(d, "bedrock", &source, &d.region) {
        let request = on_behalf(put(&bedrock, &record), &account, &arn);
        cases.push(Case::deny(Theme::Delivery, "Bedrock", &stack, request, reason));
    }
    let elsewhere = arns.at("bedrock", "sa-east-1", &d.account_id, "model-invocation-logging");
    let request = on_behalf(put(&bedrock, &record), &d.account_id, &elsewhere);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &stack,
        request,
        "another region's configuration",
    ));
    let aside = arns.objects(&d.names.log_bucket, "elsewhere/log.json.gz");
    let request = on_behalf(put(&bedrock, &aside), &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &stack,
        request,
        "outside the log prefix",
    ));
    let delete = with(
        request_of(d, &bedrock, "s3:DeleteObject", &record),
        "aws:SecureTransport",
        "true",
    );
    let request = on_behalf(delete, &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &stack,
        request,
        "Bedrock writes, nothing else",
    ));
    let trail = Caller::service("cloudtrail.amazonaws.com");
    let request = on_behalf(put(&trail, &record), &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "CloudTrail",
        &stack,
        request,
        "another service",
    ));
    // The bucket's policy alone, for everybody: without an organization there is no SCP.
    let administrator = Stack::identity(&[Source::Administrator]).with_resource(LOG_BUCKET);
    let someone = people::someone_else(d);
    for action in ["s3:PutObject", "s3:ReplicateObject"] {
        let request = with(request_of(d, &someone, action, &record), "aws:SecureTransport", "true");
        let request = without(without(request, "aws:SourceAccount"), "aws:SourceArn");
        cases.push(Case::deny(
            Theme::Delivery,
            "anyone else",
            &administrator,
            request,
            "only Bedrock writes records",
        ));
    }
    erasers(d, &record, cases);
    if let Some(analyst) = people::analyst(d) {
        let stack = Stack::identity(&[Source::File(ANALYST)]).with_resource(LOG_BUCKET);
        let request = with(
            request_of(d, &analyst.caller, "s3:GetObject", &record),
            "aws:SecureTransport",
            "true",
        );
        cases.push(Case::allow(
            Theme::Delivery,
            analyst.label,
            &stack,
            request,
            "the bucket lets analysts read",
        ));
    }
}

pub fn request_of(d: &Deployment, caller: &Caller, action: &str, resource: &str) -> Request {
    request(caller, action, resource, &d.region).resource_account(&d.account_id)
}

/// The role that writes to the log group: Bedrock assumes it, for this deployment, and writes one stream.
fn role(d: &Deployment, cases: &mut Vec<Case>) {
    let arns = Arns::new(d);
    let role = arns.role(&d.names.log_delivery_role);
    let source = arns.here("bedrock", "model-invocation-logging");
    let trust = Stack::default().with_resource(LOG_DELIVERY_TRUST);
    let bedrock = Caller::service(BEDROCK);
    let assume = |caller: &Caller| request_of(d, caller, "sts:AssumeRole", &role);
    let request = on_behalf(assume(&bedrock), &d.account_id, &source);
    cases.push(Case::allow(
        Theme::Delivery,
        "Bedrock",
        &trust,
        request,
        "Bedrock writes the log group",
    ));
    for (account, arn, reason) in foreign(d, "bedrock", &source, &d.region) {
        let request = on_behalf(assume(&bedrock), &account, &arn);
        cases.push(Case::deny(Theme::Delivery, "Bedrock", &trust, request, reason));
    }
    let elsewhere = arns.at("bedrock", "sa-east-1", &d.account_id, "model-invocation-logging");
    let request = on_behalf(assume(&bedrock), &d.account_id, &elsewhere);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &trust,
        request,
        "another region's configuration",
    ));
    let request = on_behalf(request_of(d, &bedrock, "sts:TagSession", &role), &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &trust,
        request,
        "nothing about the session is claimed",
    ));
    let request = on_behalf(assume(&Caller::service("lambda.amazonaws.com")), &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "Lambda",
        &trust,
        request,
        "another service",
    ));
    let administrator = Stack::identity(&[Source::Administrator]).with_resource(LOG_DELIVERY_TRUST);
    let request = on_behalf(assume(&people::someone_else(d)), &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "anyone else",
        &administrator,
        request,
        "the role is Bedrock's",
    ));

    let session = Caller::role_session(&role, "bedrock");
    let own = Stack::identity(&[Source::File(LOG_DELIVERY)]).with_scp(true);
    let alone = Stack::identity(&[Source::File(LOG_DELIVERY)]);
    let stream = arns.log_stream("aws/bedrock/modelinvocations");
    for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
        let request = request_of(d, &session, action, &stream);
        cases.push(Case::allow(
            Theme::Delivery,
            "delivery role",
            &own,
            request,
            "records reach the log group",
        ));
        for (resource, reason) in [
            (arns.log_stream("another"), "another stream"),
            (format!("{stream}-next"), "another stream"),
            (stream.replacen(&d.region, "sa-east-1", 1), "another region"),
            (
                arns.here("logs", "log-group:/aws/another:log-stream:aws/bedrock/modelinvocations"),
                "another group",
            ),
        ] {
            let request = request_of(d, &session, action, &resource);
            cases.push(Case::deny(Theme::Delivery, "delivery role", &alone, request, reason));
        }
    }
    let request = request_of(d, &session, "logs:DeleteLogStream", &stream);
    cases.push(Case::deny(
        Theme::Delivery,
        "delivery role",
        &alone,
        request,
        "it writes, nothing else",
    ));
}

fn key(d: &Deployment, cases: &mut Vec<Case>) {
    let Some(key) = d.logging.as_ref().and_then(|logging| logging.kms_key_arn.as_deref()) else {
        return;
    };
    let arns = Arns::new(d);
    let stack = Stack::default().with_resource(LOG_KEY);
    let source = arns.here("bedrock", "model-invocation-logging");
    let bedrock = Caller::service(BEDROCK);
    let data_key = || request_of(d, &bedrock, "kms:GenerateDataKey", key);
    let request = on_behalf(data_key(), &d.account_id, &source);
    cases.push(Case::allow(
        Theme::Delivery,
        "Bedrock",
        &stack,
        request,
        "log objects are encrypted",
    ));
    for (account, arn, reason) in foreign(d, "bedrock", &source, &d.region) {
        let request = on_behalf(data_key(), &account, &arn);
        cases.push(Case::deny(Theme::Delivery, "Bedrock", &stack, request, reason));
    }
    let elsewhere = arns.at("bedrock", "sa-east-1", &d.account_id, "model-invocation-logging");
    let request = on_behalf(data_key(), &d.account_id, &elsewhere);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &stack,
        request,
        "another region's configuration",
    ));
    let request = on_behalf(request_of(d, &bedrock, "kms:Decrypt", key), &d.account_id, &source);
    cases.push(Case::deny(
        Theme::Delivery,
        "Bedrock",
        &stack,
        request,
        "Bedrock reads no logs",
    ));

    let context = "kms:EncryptionContext:aws:logs:arn";
    let logs = Caller::service(&format!("logs.{}.amazonaws.com", d.region));
    for action in [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
    ] {
        let ours = with(request_of(d, &logs, action, key), context, &arns.log_group());
        cases.push(Case::allow(
            Theme::Delivery,
            "CloudWatch Logs",
            &stack,
            ours,
            "the log group is encrypted",
        ));
        let other = arns.here("logs", "log-group:/aws/another");
        let theirs = with(request_of(d, &logs, action, key), context, &other);
        cases.push(Case::deny(
            Theme::Delivery,
            "CloudWatch Logs",
            &stack,
            theirs,
            "another log group",
        ));
    }
    let request = with(
        request_of(d, &logs, "kms:ScheduleKeyDeletion", key),
        context,
        &arns.log_group(),
    );
    cases.push(Case::deny(
        Theme::Delivery,
        "CloudWatch Logs",
        &stack,
        request,
        "it encrypts, nothing else",
    ));
    let another = Caller::service("logs.sa-east-1.amazonaws.com");
    let request = with(request_of(d, &another, "kms:Decrypt", key), context, &arns.log_group());
    cases.push(Case::deny(
        Theme::Delivery,
        "CloudWatch Logs",
        &stack,
        request,
        "another region's service",
    ));
}
