//! Subscriptions of addresses whose confirmation expired.

use super::{Act, Fix, Later, Refusal};
use crate::aws::operations::budgets::LIST_SUBSCRIPTIONS_BY_TOPIC;
use crate::aws::operations::writes::SUBSCRIBE;
use crate::guardrails::arns::Arns;
use crate::verify::next::APPLY_WORKLOAD;
use crate::verify::{From, Probe, subscriptions};

/// Subscribes the addresses that are not: AWS deletes a subscription that is not confirmed within 48 hours.
pub const EMAILS: Fix = Fix {
    id: "budgets-emails",
    step: "budgets-emails",
    from: From::Workload,
    operations: &[&LIST_SUBSCRIPTIONS_BY_TOPIC, &SUBSCRIBE],
    plan: |probe, _| Box::pin(emails(probe)) as Later<Vec<Act>, Refusal>,
};

async fn emails(probe: Probe) -> Result<Vec<Act>, Refusal> {
    let Some(budgets) = probe.deployment().budgets.clone() else {
        return Ok(Vec::new());
    };
    let topic = Arns::new(probe.deployment()).topic();
    let Some(listed) = subscriptions(&probe).await? else {
        return Err(Refusal::Told(format!(
            "there is no topic {topic}: {APPLY_WORKLOAD} makes it"
        )));
    };
    let subscribed: Vec<&str> = listed
        .iter()
        .filter(|found| found.protocol == "email" && found.arn != "Deleted")
        .map(|found| found.endpoint.as_str())
        .collect();
    Ok(budgets
        .emails
        .into_iter()
        .filter(|address| !subscribed.iter().any(|found| found.eq_ignore_ascii_case(address)))
        .map(|address| {
            let topic = topic.clone();
            let words = format!("TopicArn={topic} Protocol=email Endpoint={address}");
            Act::new(&SUBSCRIBE, words, |probe| async move {
                let region = probe.region().to_owned();
                probe
                    .call(&SUBSCRIBE, |account| {
                        account
                            .sns(&region)
                            .subscribe()
                            .topic_arn(topic)
                            .protocol("email")
                            .endpoint(address)
                            .send()
                    })
                    .await
                    .map(drop)
            })
        })
        .collect())
}
