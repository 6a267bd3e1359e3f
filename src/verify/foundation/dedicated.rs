//! Whether anything else runs in the account: the budget counts everything in it, and the SCP denies everything else.

use std::collections::BTreeMap;

use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{DateInterval, Granularity, GroupDefinition, GroupDefinitionType};
use jiff::{ToSpan as _, tz::TimeZone};

use super::super::check::Check;
use super::super::probe::{Probe, Seen};
use super::{check, strange};
use crate::aws::Trouble;
use crate::aws::operations::cost_explorer::GET_COST_AND_USAGE;
use crate::deployment::model::Deployment;

/// Days that are looked at.
const DAYS: i64 = 30;
const METRIC: &str = "UnblendedCost";

pub fn only_this(deployment: &Deployment) -> Check {
    check(
        "foundation-dedicated",
        "foundation-account",
        "Nothing else runs in the account",
    )
    .expects(format!(
        "the costs of the last {DAYS} days are of services that this deployment uses: {}",
        own(deployment).join(", ")
    ))
    .calls(&[&GET_COST_AND_USAGE])
    .looks(|probe| async move {
        match costs(&probe).await {
            Ok(costs) => Ok(judged(&costs, &own(probe.deployment()))),
            Err(trouble) if trouble.is("DataUnavailableException") => Ok(nothing_yet()),
            Err(trouble) => Err(trouble),
        }
    })
}

/// Services as Cost Explorer names them. Those that cost the same whatever runs in the account are its own, too.
fn own(deployment: &Deployment) -> Vec<&'static str> {
    let has_key = deployment
        .logging
        .as_ref()
        .is_some_and(|logging| logging.kms_key_arn.is_some())
        || deployment
            .state
            .as_ref()
            .is_some_and(|state| state.kms_key_arn.is_some());
    let (logging, analytics) = (deployment.logging.is_some(), deployment.analytics.is_some());
    let budgets = deployment.budgets.is_some();
    [
        (true, "Claude (Amazon Bedrock Edition)"),
        (true, "Amazon Bedrock"),
        (
            logging || analytics || deployment.state.is_some(),
            "Amazon Simple Storage Service",
        ),
        (logging || budgets, "AmazonCloudWatch"),
        (analytics, "Amazon Athena"),
        (analytics, "AWS Glue"),
        (budgets, "Amazon Simple Notification Service"),
        (budgets, "AWS Budgets"),
        (has_key, "AWS Key Management Service"),
        (true, "AWS Cost Explorer"),
        (true, "AWS Support"),
        (true, "Tax"),
    ]
    .into_iter()
    .filter_map(|(is_used, service)| is_used.then_some(service))
    .collect()
}

/// Claude appears under a name of each model's own, which follows no rule but this (see the facts of Cost Explorer:
/// `Claude Opus 5.5 (Amazon Bedrock Edition)`, `Claude 4.6 Sonnet (Amazon Bedrock Edition)`); support plans likewise.
fn is_own(service: &str, own: &[&str]) -> bool {
    own.contains(&service)
        || service.starts_with("Claude ") && service.ends_with("(Amazon Bedrock Edition)")
        || service.starts_with("AWS Support (")
}

/// What a service cost in USD.
#[derive(Debug, Default, PartialEq)]
struct Costs {
    /// Periods that AWS answered for.
    periods: usize,
    by_service: BTreeMap<String, f64>,
    /// Services whose cost is no number.
    unreadable: Vec<String>,
}

fn judged(costs: &Costs, own: &[&str]) -> Seen {
    if costs.periods == 0 || !costs.unreadable.is_empty() {
        return strange(match costs.unreadable.as_slice() {
            [] => "Cost Explorer answered without a period".to_owned(),
            services => format!("Cost Explorer gave no figure for {}", services.join(", ")),
        });
    }
    if costs.by_service.is_empty() {
        return nothing_yet();
    }
    let foreign: Vec<String> = costs
        .by_service
        .iter()
        .filter(|(service, _)| !is_own(service, own))
        .map(|(service, cost)| format!("{service} ({cost:.2} USD)"))
        .collect();
    if foreign.is_empty() {
        let services: Vec<&str> = costs.by_service.keys().map(String::as_str).collect();
        return Seen::pass(format!("only {}", services.join(", ")));
    }
    Seen::manual(format!("other services were used as well: {}", foreign.join(", "))).next(
        "move them to another account; or decide that they may stay (the budget counts them, the SCP denies most of \
         them), and `tfgen attest foundation-account --by NAME --note TEXT`",
    )
}

/// Nothing is no proof that nothing else runs: costs come late.
fn nothing_yet() -> Seen {
    Seen::pending(format!("there are no costs of the last {DAYS} days"))
        .next("look again a day after the first call of a model; costs appear within 24 hours")
}

async fn costs(probe: &Probe) -> Result<Costs, Trouble> {
    let today = probe.scene().now.to_zoned(TimeZone::UTC).date();
    // The end is not part of the period, and today is.
    let period = DateInterval::builder()
        .start(today.saturating_sub(DAYS.days()).to_string())
        .end(today.saturating_add(1.day()).to_string())
        .build()
        .ok();
    let by_service = GroupDefinition::builder()
        .r#type(GroupDefinitionType::Dimension)
        .key("SERVICE")
        .build();
    let pages = probe
        .pages(
            &GET_COST_AND_USAGE,
            |account, token| {
                account
                    .cost_explorer()
                    .get_cost_and_usage()
                    .set_time_period(period.clone())
                    .granularity(Granularity::Monthly)
                    .metrics(METRIC)
                    .group_by(by_service.clone())
                    .set_next_page_token(token)
                    .send()
            },
            |page| page.next_page_token(),
        )
        .await?;
    Ok(summed(&pages))
}

fn summed(pages: &[GetCostAndUsageOutput]) -> Costs {
    let mut costs = Costs::default();
    for period in pages.iter().flat_map(GetCostAndUsageOutput::results_by_time) {
        costs.periods += 1;
        for group in period.groups() {
            let service = group.keys().join(", ");
            let amount = group
                .metrics()
                .and_then(|metrics| metrics.get(METRIC))
                .and_then(|cost| cost.amount());
            match amount.and_then(|amount| amount.parse::<f64>().ok()) {
                Some(amount) => *costs.by_service.entry(service).or_default() += amount,
                None => costs.unreadable.push(service),
            }
        }
    }
    costs
}

#[cfg(test)]
mod tests {
    use aws_sdk_costexplorer::types::{Group, MetricValue, ResultByTime};

    use super::*;
    use crate::verify::status::Status;

    const OWN: &[&str] = &["Amazon Bedrock", "Amazon Simple Storage Service"];

    fn month(costs: &[(&str, Option<&str>)]) -> ResultByTime {
        let group = |(service, amount): &(&str, Option<&str>)| {
            let value = MetricValue::builder()
                .set_amount(amount.map(str::to_owned))
                .unit("USD")
                .build();
            Group::builder().keys(*service).metrics(METRIC, value).build()
        };
        ResultByTime::builder()
            .set_groups(Some(costs.iter().map(group).collect()))
            .build()
    }

    fn seen(months: Vec<ResultByTime>) -> Seen {
        let page = GetCostAndUsageOutput::builder()
            .set_results_by_time(Some(months))
            .build();
        judged(&summed(&[page]), OWN)
    }

    #[test]
    fn claude_and_what_the_deployment_uses_is_its_own() {
        let months = vec![
            month(&[
                ("Claude 4.6 Sonnet (Amazon Bedrock Edition)", Some("12.5")),
                ("AWS Support (Business)", Some("100")),
            ]),
            month(&[
                ("Amazon Simple Storage Service", Some("0.0000001")),
                ("Claude Opus 5.5 (Amazon Bedrock Edition)", Some("1")),
            ]),
        ];
        assert_eq!(seen(months).status, Status::Pass);
    }

    #[test]
    fn other_services_are_listed_with_what_they_cost() {
        let months = vec![
            month(&[("Amazon Elastic Compute Cloud - Compute", Some("7.1"))]),
            month(&[
                ("Amazon Elastic Compute Cloud - Compute", Some("1")),
                ("Jurassic (Amazon Bedrock Edition)", Some("0")),
            ]),
        ];
        let seen = seen(months);
        assert_eq!(seen.status, Status::Manual);
        assert!(
            seen.observed
                .contains("Compute (8.10 USD), Jurassic (Amazon Bedrock Edition) (0.00 USD)"),
            "{seen:?}"
        );
    }

    #[test]
    fn nothing_is_not_enough_to_pass() {
        assert_eq!(seen(vec![month(&[])]).status, Status::Pending);
        assert_eq!(seen(Vec::new()).status, Status::Unknown);
        assert_eq!(seen(vec![month(&[("Amazon Bedrock", None)])]).status, Status::Unknown);
    }
}
