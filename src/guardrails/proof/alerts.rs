//! Budgets, alarms and anomalies reach the topic; nobody else's do.

use policy::Caller;

use super::Theme;
use super::case::{Case, Stack};
use super::delivery::{foreign, on_behalf, request_of};
use crate::deployment::model::Deployment;
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::ALERTS_TOPIC;

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    if d.budgets.is_none() {
        return;
    }
    let arns = Arns::new(d);
    let stack = Stack::default().with_resource(ALERTS_TOPIC);
    let publish = |service: &str| request_of(d, &Caller::service(service), "sns:Publish", &arns.topic());
    let anomaly = d.budgets.as_ref().is_some_and(|budgets| budgets.anomaly.is_some());
    let account = d.account_id.as_str();
    let publishers = [
        (
            "budgets.amazonaws.com",
            "budgets",
            "",
            arns.budget(&d.names.budget),
            true,
        ),
        (
            "cloudwatch.amazonaws.com",
            "cloudwatch",
            d.region.as_str(),
            arns.here("cloudwatch", &format!("alarm:{}-throttles", d.name)),
            true,
        ),
        (
            "costalerts.amazonaws.com",
            "ce",
            "",
            arns.at("ce", "", account, "anomalysubscription/1"),
            anomaly,
        ),
    ];
    for (service, prefix, region, ours, used) in publishers {
        let request = on_behalf(publish(service), account, &ours);
        if !used {
            let reason = "the deployment does not use it";
            cases.push(Case::deny(Theme::Delivery, service, &stack, request, reason));
            continue;
        }
        cases.push(Case::allow(
            Theme::Delivery,
            service,
            &stack,
            request,
            "alerts reach the topic",
        ));
        for (account, arn, reason) in foreign(d, prefix, &ours, region) {
            let request = on_behalf(publish(service), &account, &arn);
            cases.push(Case::deny(Theme::Delivery, service, &stack, request, reason));
        }
        let request = on_behalf(publish("events.amazonaws.com"), account, &ours);
        cases.push(Case::deny(
            Theme::Delivery,
            "events.amazonaws.com",
            &stack,
            request,
            "another service",
        ));
        let subscribe = request_of(d, &Caller::service(service), "sns:Subscribe", &arns.topic());
        let request = on_behalf(subscribe, account, &ours);
        cases.push(Case::deny(
            Theme::Delivery,
            service,
            &stack,
            request,
            "it publishes, nothing else",
        ));
    }
}
