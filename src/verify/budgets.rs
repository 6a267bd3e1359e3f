//! Phase 5: who hears of spending, and whether the budgets see it.

mod spend;
pub mod topic;

use super::check::{Check, From};
use crate::deployment::model::Deployment;
use crate::deployment::names::Names;
use crate::steps::Phase;

pub fn checks(deployment: &Deployment) -> Vec<Check> {
    let Some(budgets) = &deployment.budgets else {
        return Vec::new();
    };
    let mut checks = Vec::new();
    checks.extend(budgets.anomaly.as_ref().map(|_| spend::anomaly_monitor(deployment)));
    if !budgets.https.is_empty() {
        checks.push(topic::https(deployment, budgets));
    }
    checks.extend(budgets.emails.iter().map(|address| topic::email(deployment, address)));
    checks.push(topic::chat(deployment));
    let all = named(deployment);
    checks.extend(all.iter().map(|budget| spend::thresholds(deployment, budgets, budget)));
    checks.push(spend::counts(deployment));
    checks.extend(
        all.iter()
            .filter(|budget| budget.tag.is_some())
            .map(|budget| spend::counts_team(deployment, budget)),
    );
    checks
}

fn check(id: impl Into<String>, step: &str, title: impl Into<String>) -> Check {
    Check::new(id, step, Phase::Budgets, From::Workload, title)
}

/// A budget as it must be.
#[derive(Debug, Clone, PartialEq)]
struct Budget {
    /// Last part of the ids of its checks.
    key: String,
    name: String,
    monthly_usd: f64,
    /// Key and value of the tag that it counts; the budget of the account counts everything.
    tag: Option<(String, String)>,
}

/// The budget of the account, and those of the teams.
fn named(deployment: &Deployment) -> Vec<Budget> {
    let Some(budgets) = &deployment.budgets else {
        return Vec::new();
    };
    let account = Budget {
        key: "account".to_owned(),
        name: deployment.names.budget.clone(),
        monthly_usd: budgets.monthly_usd,
        tag: None,
    };
    let teams = budgets.teams.iter().map(|(team, budget)| Budget {
        key: format!("team-{}", kebab(team)),
        name: Names::team_budget(&deployment.name, team),
        monthly_usd: budget.monthly_usd,
        tag: Some((budget.tag_key.clone(), budget.tag_value.clone())),
    });
    std::iter::once(account).chain(teams).collect()
}

/// Text as part of an id: lower case letters, digits and hyphens.
fn kebab(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    plain.trim_matches('-').to_owned()
}
