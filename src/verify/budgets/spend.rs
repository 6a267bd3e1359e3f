//! Whether the budgets are as they were rendered, and count what Cost Explorer shows.

use std::collections::BTreeSet;
use std::rc::Rc;

use aws_sdk_budgets::types::{HealthStatusValue, NotificationType, SubscriptionType};
use aws_sdk_costexplorer::operation::get_cost_and_usage::GetCostAndUsageOutput;
use aws_sdk_costexplorer::types::{
    DateInterval, Dimension, DimensionValues, Expression, Granularity, GroupDefinition, GroupDefinitionType,
    MonitorDimension, MonitorType,
};
use jiff::civil::Date;
use jiff::{ToSpan as _, tz::TimeZone};

use super::super::check::Check;
use super::super::probe::{Probe, Seen};
use super::{Budget, check};
use crate::aws::Trouble;
use crate::aws::operations::budgets::{
    DESCRIBE_BUDGET, DESCRIBE_NOTIFICATIONS_FOR_BUDGET, DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION,
};
use crate::aws::operations::cost_explorer::{GET_ANOMALY_MONITORS, GET_COST_AND_USAGE};
use crate::deployment::model::{Budgets, Deployment};
use crate::guardrails::arns::Arns;
use crate::verify::next::APPLY_WORKLOAD;

/// The billing entity under which Claude on Bedrock appears: its provider sells it through AWS Marketplace.
const MARKETPLACE: &str = "AWS Marketplace";
/// Part of the costs that a budget must show to count them: both figures are up to a day old, and not the same day.
const LEAST_SHARE: f64 = 0.5;
/// Costs in USD below which nothing can be compared.
const LEAST_COST: f64 = 0.01;

/// What Budgets says of a budget.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    limit: Option<f64>,
    actual: Option<f64>,
    /// Why AWS cannot compute it, if it says so.
    illness: Option<String>,
}

pub fn thresholds(deployment: &Deployment, budgets: &Budgets, budget: &Budget) -> Check {
    let topic = Arns::new(deployment).topic();
    let wanted: BTreeSet<(String, u32)> = budgets
        .thresholds
        .iter()
        .map(|at| (NotificationType::Actual.as_str().to_owned(), *at))
        .chain(
            budgets
                .forecast_thresholds
                .iter()
                .map(|at| (NotificationType::Forecasted.as_str().to_owned(), *at)),
        )
        .collect();
    let budget = budget.clone();
    check(
        format!("budgets-thresholds-{}", budget.key),
        "budgets-count",
        format!("The budget {} warns in time", budget.name),
    )
    .expects(format!(
        "a limit of {} USD, notifications at {}, to {topic}",
        budget.monthly_usd,
        shown(&wanted)
    ))
    .calls(&[
        &DESCRIBE_BUDGET,
        &DESCRIBE_NOTIFICATIONS_FOR_BUDGET,
        &DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION,
    ])
    .looks(move |probe| {
        let (budget, wanted, topic) = (budget.clone(), wanted.clone(), topic.clone());
        async move {
            let Some(found) = described(&probe, &budget.name).await? else {
                return Ok(absent(&budget));
            };
            if let Some(illness) = found.illness {
                return Ok(Seen::fail(format!("AWS cannot compute it: {illness}")).next(APPLY_WORKLOAD));
            }
            if found.limit != Some(budget.monthly_usd) {
                let limit = found.limit.map_or("none".to_owned(), |limit| format!("{limit} USD"));
                return Ok(Seen::fail(format!("the limit is {limit}")).next(APPLY_WORKLOAD));
            }
            let heard = notifications(&probe, &budget.name, &topic).await?;
            let missing: BTreeSet<_> = wanted.difference(&heard).cloned().collect();
            Ok(match missing.is_empty() {
                true => Seen::pass(format!(
                    "{} USD, notifications at {}",
                    budget.monthly_usd,
                    shown(&heard)
                )),
                false => {
                    Seen::fail(format!("no notification reaches the topic at {}", shown(&missing))).next(APPLY_WORKLOAD)
                }
            })
        }
    })
}

fn shown(thresholds: &BTreeSet<(String, u32)>) -> String {
    let each: Vec<String> = thresholds
        .iter()
        .map(|(kind, at)| format!("{at} % {}", kind.to_lowercase()))
        .collect();
    each.join(", ")
}

fn absent(budget: &Budget) -> Seen {
    Seen::fail(format!("there is no budget {}", budget.name)).next(APPLY_WORKLOAD)
}

/// Thresholds in percent of which the topic hears.
async fn notifications(probe: &Probe, budget: &str, topic: &str) -> Result<BTreeSet<(String, u32)>, Trouble> {
    let account_id = probe.deployment().account_id.clone();
    let pages = probe
        .pages(
            &DESCRIBE_NOTIFICATIONS_FOR_BUDGET,
            |account, token| {
                account
                    .budgets()
                    .describe_notifications_for_budget()
                    .account_id(&account_id)
                    .budget_name(budget)
                    .set_next_token(token)
                    .send()
            },
            |page| page.next_token(),
        )
        .await?;
    let mut heard = BTreeSet::new();
    for notification in pages.iter().flat_map(|page| page.notifications()) {
        let pages = probe
            .pages(
                &DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION,
                |account, token| {
                    account
                        .budgets()
                        .describe_subscribers_for_notification()
                        .account_id(&account_id)
                        .budget_name(budget)
                        .notification(notification.clone())
                        .set_next_token(token)
                        .send()
                },
                |page| page.next_token(),
            )
            .await?;
        let reaches = pages
            .iter()
            .flat_map(|page| page.subscribers())
            .any(|found| *found.subscription_type() == SubscriptionType::Sns && found.address() == topic);
        let is_percentage = notification
            .threshold_type()
            .is_none_or(|kind| kind.as_str() == "PERCENTAGE");
        let at = notification.threshold();
        if reaches && is_percentage && at.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&at) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number in range"
            )]
            heard.insert((notification.notification_type().as_str().to_owned(), at as u32));
        }
    }
    Ok(heard)
}

pub fn counts(deployment: &Deployment) -> Check {
    let name = deployment.names.budget.clone();
    check(
        "budgets-count-account",
        "budgets-count",
        format!("The budget {name} counts Claude"),
    )
    .expects(format!(
        "at least half of what Cost Explorer shows for {MARKETPLACE} this month, and more than nothing"
    ))
    .calls(&[&DESCRIBE_BUDGET, &GET_COST_AND_USAGE])
    .after("budgets-thresholds-account")
    .looks(move |probe| {
        let name = name.clone();
        async move {
            let spent = or_none(this_month(&probe, None).await)?;
            let counted = described(&probe, &name).await?.and_then(|found| found.actual);
            Ok(compared(spent, counted, ""))
        }
    })
}

pub fn counts_team(deployment: &Deployment, budget: &Budget) -> Check {
    let after = if deployment.cost_tags.is_some() {
        " (a tag counts only from its activation on: phase 3)"
    } else {
        ""
    };
    let budget = budget.clone();
    check(
        format!("budgets-count-{}", budget.key),
        "budgets-count",
        format!("The budget {} counts its tag", budget.name),
    )
    .expects(format!(
        "at least half of what Cost Explorer shows this month for the tag, and more than nothing{after}"
    ))
    .calls(&[&DESCRIBE_BUDGET, &GET_COST_AND_USAGE])
    .after(format!("budgets-thresholds-{}", budget.key))
    .looks(move |probe| {
        let budget = budget.clone();
        async move {
            let spent = or_none(this_month(&probe, budget.tag.as_ref()).await)?;
            let counted = described(&probe, &budget.name).await?.and_then(|found| found.actual);
            Ok(compared(spent, counted, after))
        }
    })
}

/// Cost Explorer has nothing of an account that is new to it.
fn or_none(spent: Result<Option<f64>, Trouble>) -> Result<Option<f64>, Trouble> {
    match spent {
        Err(trouble) if trouble.is("DataUnavailableException") => Ok(None),
        other => other,
    }
}

/// Costs of a month against what a budget counts of them, both in USD.
fn compared(spent: Option<f64>, counted: Option<f64>, hint: &str) -> Seen {
    let (Some(spent), Some(counted)) = (spent, counted) else {
        return Seen::pending(format!("there are no figures yet{hint}")).next("look again a day after the first use");
    };
    let observed = format!("Cost Explorer: {spent:.2} USD; the budget: {counted:.2} USD");
    if spent < LEAST_COST {
        Seen::pending(format!("{observed}: nothing was billed yet{hint}")).next("look again a day after the first use")
    } else if counted < LEAST_COST {
        Seen::fail(format!("{observed}: the budget counts nothing of it")).next(format!(
            "{APPLY_WORKLOAD}; if it stays so for a day, look at the budget's filter"
        ))
    } else if counted < spent * LEAST_SHARE {
        Seen::pending(format!("{observed}: the budget is behind")).next("look again in a day")
    } else {
        Seen::pass(observed)
    }
}

/// A budget, looked up once a round; `None` where there is none.
async fn described(probe: &Probe, name: &str) -> Result<Option<Found>, Trouble> {
    let own = name.to_owned();
    let found = probe
        .once(
            format!("budget {name}"),
            |probe| async move { describe(&probe, &own).await },
        )
        .await?;
    Ok(found.as_ref().clone())
}

async fn describe(probe: &Probe, name: &str) -> Result<Option<Found>, Trouble> {
    let account_id = probe.deployment().account_id.clone();
    let answer = probe
        .call(&DESCRIBE_BUDGET, |account| {
            account
                .budgets()
                .describe_budget()
                .account_id(&account_id)
                .budget_name(name)
                .show_filter_expression(true)
                .send()
        })
        .await;
    let answer = match answer {
        Err(trouble) if trouble.is("NotFoundException") => return Ok(None),
        answer => answer?,
    };
    let budget = answer.budget();
    Ok(Some(Found {
        limit: budget
            .and_then(|budget| budget.budget_limit())
            .and_then(|limit| limit.amount().parse().ok()),
        actual: budget
            .and_then(|budget| budget.calculated_spend())
            .and_then(|spend| spend.actual_spend())
            .and_then(|spend| spend.amount().parse().ok()),
        illness: budget
            .and_then(|budget| budget.health_status())
            .filter(|health| {
                health
                    .status()
                    .is_some_and(|status| *status != HealthStatusValue::Healthy)
            })
            .map(|health| {
                health
                    .status_reason()
                    .map_or("no reason is given", |reason| reason.as_str())
                    .to_owned()
            }),
    }))
}

/// Costs of this month in USD as Cost Explorer shows them: those through AWS Marketplace, or those that carry a tag.
/// AWS bills each request: there is one for the account, and one for all teams that are counted by the same key.
async fn this_month(probe: &Probe, tag: Option<&(String, String)>) -> Result<Option<f64>, Trouble> {
    let key = tag.map(|(key, _)| key.clone());
    let name = format!("costs of this month by {}", key.as_deref().unwrap_or("nothing"));
    let pages = probe
        .once(name, |probe| async move { costs(&probe, key).await })
        .await?;
    let results = pages.iter().flat_map(|page| page.results_by_time());
    let amounts: Vec<f64> = match tag {
        None => results
            .filter_map(|result| result.total()?.get("UnblendedCost")?.amount()?.parse().ok())
            .collect(),
        Some((key, value)) => {
            let wanted = format!("{key}${value}");
            results
                .flat_map(|result| result.groups())
                .filter(|group| group.keys().contains(&wanted))
                .filter_map(|group| group.metrics()?.get("UnblendedCost")?.amount()?.parse().ok())
                .collect()
        }
    };
    Ok((!amounts.is_empty()).then(|| amounts.iter().sum()))
}

/// What Cost Explorer says of this month: through AWS Marketplace in all, or by the values of a tag's key.
async fn costs(probe: &Probe, key: Option<String>) -> Result<Vec<GetCostAndUsageOutput>, Trouble> {
    let today = probe.scene().now.to_zoned(TimeZone::UTC).date();
    let Ok(period) = month(today) else {
        return Ok(Vec::new());
    };
    let filter = key.is_none().then(marketplace);
    probe
        .pages(
            &GET_COST_AND_USAGE,
            |account, token| {
                let grouped = key.as_ref().map(|key| {
                    GroupDefinition::builder()
                        .r#type(GroupDefinitionType::Tag)
                        .key(key)
                        .build()
                });
                account
                    .cost_explorer()
                    .get_cost_and_usage()
                    .time_period(period.clone())
                    .granularity(Granularity::Monthly)
                    .metrics("UnblendedCost")
                    .set_filter(filter.clone())
                    .set_group_by(grouped.map(|group| vec![group]))
                    .set_next_page_token(token)
                    .send()
            },
            |page| page.next_page_token(),
        )
        .await
}

/// From the first of the month to tomorrow: the end is not part of the period, and it must be after the start.
fn month(today: Date) -> Result<DateInterval, Box<dyn std::error::Error>> {
    Ok(DateInterval::builder()
        .start(today.first_of_month().to_string())
        .end(today.checked_add(1.day())?.to_string())
        .build()?)
}

fn marketplace() -> Expression {
    let values = DimensionValues::builder()
        .key(Dimension::BillingEntity)
        .values(MARKETPLACE)
        .build();
    Expression::builder().dimensions(values).build()
}

/// An account has one monitor by service. Source: <https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html>
pub fn anomaly_monitor(deployment: &Deployment) -> Check {
    let wanted = deployment.names.anomaly.clone();
    check(
        "budgets-anomaly-monitor",
        "budgets-anomaly-monitor",
        "The only anomaly monitor by service is this deployment's",
    )
    .expects(format!("a monitor {wanted}, and no other one by service"))
    .calls(&[&GET_ANOMALY_MONITORS])
    .looks(move |probe| {
        let wanted = wanted.clone();
        async move {
            let pages = probe
                .pages(
                    &GET_ANOMALY_MONITORS,
                    |account, token| {
                        account
                            .cost_explorer()
                            .get_anomaly_monitors()
                            .set_next_page_token(token)
                            .send()
                    },
                    |page| page.next_page_token(),
                )
                .await?;
            let by_service: Rc<[&str]> = pages
                .iter()
                .flat_map(|page| page.anomaly_monitors())
                .filter(|monitor| *monitor.monitor_type() == MonitorType::Dimensional)
                .filter(|monitor| monitor.monitor_dimension() == Some(&MonitorDimension::Service))
                .map(|monitor| monitor.monitor_name())
                .collect();
            Ok(match by_service.first() {
                Some(name) if *name == wanted => Seen::pass(format!("{wanted} is there")),
                Some(other) => Seen::fail(format!("the account has the monitor `{other}`")).next(
                    "delete it (aws ce delete-anomaly-monitor --monitor-arn ARN), or leave `anomaly` out of the deployment \
                     file",
                ),
                None => Seen::pending("the account has no monitor by service: the apply makes it").next(APPLY_WORKLOAD),
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    #[test]
    fn a_budget_that_counts_nothing_of_real_costs_fails() {
        for (spent, counted, status) in [
            (Some(120.0), Some(118.0), Status::Pass),
            (Some(120.0), Some(0.0), Status::Fail),
            (Some(120.0), Some(40.0), Status::Pending),
            (Some(0.0), Some(0.0), Status::Pending),
            (None, Some(0.0), Status::Pending),
            (Some(120.0), None, Status::Pending),
        ] {
            assert_eq!(compared(spent, counted, "").status, status, "{spent:?} {counted:?}");
        }
    }

    #[test]
    fn the_period_is_never_empty() {
        let first = month(jiff::civil::date(2026, 12, 1)).unwrap();
        assert_eq!((first.start(), first.end()), ("2026-12-01", "2026-12-02"));
        let last = month(jiff::civil::date(2026, 12, 31)).unwrap();
        assert_eq!((last.start(), last.end()), ("2026-12-01", "2027-01-01"));
    }
}
