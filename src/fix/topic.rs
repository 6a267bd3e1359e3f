//! Subscriptions of addresses whose confirmation expired.

use super::{Act, Fix, Later, Refusal};
use crate::aws::Trouble;
use crate::aws::operations::budgets::LIST_SUBSCRIPTIONS_BY_TOPIC;
use crate::aws::operations::writes::SUBSCRIBE;
use crate::guardrails::arns::Arns;
use crate::verify::{From, Probe};

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
    let subscribed = match subscribed(&probe, &topic).await {
        Err(trouble) if trouble.is("NotFound") || trouble.is("NotFoundException") => {
            return Err(Refusal::Told(format!(
                "there is no topic {topic}: terraform -chdir=terraform/workload apply makes it"
            )));
        }
        subscribed => subscribed?,
    };
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

/// Addresses that are subscribed, confirmed or not.
async fn subscribed(probe: &Probe, topic: &str) -> Result<Vec<String>, Trouble> {
    let region = probe.region().to_owned();
    let pages = probe
        .pages(
            &LIST_SUBSCRIPTIONS_BY_TOPIC,
            |account, token| {
                account
                    .sns(&region)
                    .list_subscriptions_by_topic()
                    .topic_arn(topic)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    Ok(pages
        .iter()
        .flat_map(|page| page.subscriptions())
        .filter(|found| found.protocol() == Some("email"))
        .filter(|found| found.subscription_arn().is_some_and(|arn| arn != "Deleted"))
        .filter_map(|found| found.endpoint().map(str::to_owned))
        .collect())
}
