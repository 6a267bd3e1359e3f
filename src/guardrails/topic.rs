//! Policy of the topic of budgets and alarms.

use policy::{Document, PrincipalPattern, Statement};

use super::arns::Arns;
use crate::deployment::model::Deployment;

/// Who may publish: Budgets, CloudWatch, and Cost Anomaly Detection where it is used, each for this account
/// (<https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html>,
/// <https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html>).
pub fn document(d: &Deployment) -> Document {
    let arns = Arns::new(d);
    let account = d.account_id.as_str();
    let publish = |sid: &str, service: &str, source: String| {
        Statement::allow(sid, ["sns:Publish"], [arns.topic()])
            .principals([PrincipalPattern::Service(service.to_owned())])
            .when("StringEquals", "aws:SourceAccount", [account])
            .when("ArnLike", "aws:SourceArn", [source])
    };
    let mut statements = vec![
        publish("Budgets", "budgets.amazonaws.com", arns.at("budgets", "", account, "*")),
        publish("Alarms", "cloudwatch.amazonaws.com", arns.here("cloudwatch", "alarm:*")),
    ];
    if d.budgets.as_ref().is_some_and(|budgets| budgets.anomaly.is_some()) {
        let subscriptions = arns.at("ce", "", account, "anomalysubscription/*");
        statements.push(publish("Anomalies", "costalerts.amazonaws.com", subscriptions));
    }
    Document::new(statements)
}
