//! Budgets and alarms.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::profiles::Profiles;
use super::roster::Roster;
use super::text::{is_email, is_usd};
use super::{Check, items, one_of};
use crate::deployment::model::{Alarms, Anomaly, Budgets, Developer, ProfileScope, TagKeys, TeamBudget};
use crate::deployment::names::Names;
use crate::deployment::read::raw::{Percent, defaults};
use crate::deployment::read::{Spanned, raw};

/// Most notifications of a budget. Source: `NotificationWithSubscribersList` in botocore's model of AWS Budgets.
const MOST_NOTIFICATIONS: usize = 10;
/// Longest name of a budget. Source: `BudgetName` there.
const LONGEST_BUDGET_NAME: usize = 100;

/// What budgets are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// Name of the deployment.
    pub name: Option<&'a str>,
    /// Developers.
    pub roster: &'a Roster,
    /// Scope of profiles.
    pub profiles: Option<&'a Profiles>,
    /// Keys of tags.
    pub tag_keys: Option<&'a TagKeys>,
}

/// Checks the block `budgets`.
pub fn check(check: &mut Check<'_>, file: &raw::File, parts: &Parts<'_>) -> Option<Budgets> {
    let block = file.budgets.as_ref()?;
    if check.absent(&file.logging, "logging") {
        let fault = check.error(
            &block.span,
            "`budgets` needs `logging`",
            "its alarms are fed from the log",
        );
        check.report(fault.help("add a block `logging {}`, or leave this one out"));
    }
    let emails = emails(check, block);
    let https = https(check, block);
    let stated = ["budgets.emails", "budgets.https"]
        .iter()
        .any(|path| check.faulty.contains(path));
    if items(&block.emails).is_empty() && items(&block.https).is_empty() && !stated {
        let fault = check
            .error(
                &block.span,
                "nobody would be notified",
                "expected `emails` or `https` in this block",
            )
            .help("emails = [\"platform@example.com\"]");
        check.report(fault);
    }
    let (thresholds, forecast_thresholds) = thresholds(check, block);
    let teams = teams(check, file, block, parts);
    let alarms = block.alarms.as_ref();
    let limit = |value: Option<&Spanned<u64>>, default: u64| value.map_or(default, |limit| limit.value);
    Some(Budgets {
        monthly_usd: usd(check, block.monthly_usd.as_ref()?),
        emails,
        https,
        thresholds,
        forecast_thresholds,
        teams,
        alarms: Alarms {
            invocations_per_5m: limit(
                alarms.and_then(|alarms| alarms.invocations_per_5m.as_ref()),
                defaults::INVOCATIONS_PER_5M,
            ),
            output_tokens_per_5m: limit(
                alarms.and_then(|alarms| alarms.output_tokens_per_5m.as_ref()),
                defaults::OUTPUT_TOKENS_PER_5M,
            ),
            throttles_per_5m: limit(
                alarms.and_then(|alarms| alarms.throttles_per_5m.as_ref()),
                defaults::THROTTLES_PER_5M,
            ),
        },
        anomaly: block.anomaly.as_ref().and_then(|anomaly| {
            Some(Anomaly {
                threshold_usd: usd(check, anomaly.threshold_usd.as_ref()?),
            })
        }),
    })
}

/// An amount as a bill has it; what is none is reported.
fn usd(check: &mut Check<'_>, amount: &Spanned<f64>) -> f64 {
    if !is_usd(amount.value) {
        let fault = check.error(
            &amount.span,
            match amount.value {
                huge if huge >= 1e15 => format!("{huge:e} is no amount in USD"),
                value => format!("{value} is no amount in USD"),
            },
            "expected dollars and whole cents, below 1,000,000,000,000",
        );
        check.report(fault);
    }
    amount.value
}

fn emails(check: &mut Check<'_>, block: &raw::Budgets) -> Vec<String> {
    let emails = check.distinct(items(&block.emails), "address");
    for email in &emails {
        if !is_email(&email.value) {
            let message = format!("\"{}\" is no e-mail address", email.value);
            let mut fault = check.error(&email.span, message, "expected an address as \"platform@example.com\"");
            if email.value.starts_with("https://") {
                fault = fault.help("HTTPS endpoints stand in `https`, by a name; their URLs are Terraform variables");
            }
            check.report(fault);
        }
    }
    emails.into_iter().map(|email| email.value.clone()).collect()
}

fn https(check: &mut Check<'_>, block: &raw::Budgets) -> Vec<String> {
    let names = check.distinct(items(&block.https), "endpoint");
    for name in &names {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        let text = name.value.as_str();
        if text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(plain) && text.len() <= 64 {
            continue;
        }
        let fault = if text.contains("://") {
            check
                .error(&name.span, "a URL cannot stand here", "expected a name, as \"pagerduty\"")
                .help("the URL is a secret: it is passed in the Terraform variable `https_endpoints`, a map from this name")
        } else {
            let message = format!("\"{text}\" is no name of an endpoint");
            check.error(
                &name.span,
                message,
                "expected lower-case letters, digits, `-` and `_`, as \"pagerduty\"",
            )
        };
        check.report(fault);
    }
    names.into_iter().map(|name| name.value.clone()).collect()
}

fn thresholds(check: &mut Check<'_>, block: &Spanned<raw::Budgets>) -> (Vec<u32>, Vec<u32>) {
    let mut counted = 0;
    let mut last = block.span.clone();
    let mut lists: Vec<Vec<u32>> = Vec::new();
    let arguments: [(_, &[u32]); 2] = [
        (&block.thresholds, &defaults::THRESHOLDS),
        (&block.forecast_thresholds, &defaults::FORECAST_THRESHOLDS),
    ];
    for (list, default) in arguments {
        let mut found: Vec<&Spanned<Percent>> = Vec::new();
        for percent in list.iter().flat_map(|list| &list.value) {
            match found.iter().find(|earlier| earlier.value == percent.value) {
                Some(first) => {
                    let fault = check
                        .error(
                            &percent.span,
                            format!("{} percent is listed twice", percent.value.0),
                            "expected each threshold once",
                        )
                        .also(check.source, first.span.clone(), "first listed here");
                    check.report(fault);
                }
                None => found.push(percent),
            }
        }
        if let Some(list) = list {
            last = list.span.clone();
        }
        let mut values: Vec<u32> = match list {
            Some(_) => found.iter().map(|percent| percent.value.0).collect(),
            None => default.to_vec(),
        };
        values.sort_unstable();
        counted += values.len();
        lists.push(values);
    }
    let faulty = check.faulty.contains("budgets.thresholds") || check.faulty.contains("budgets.forecast_thresholds");
    if counted > MOST_NOTIFICATIONS {
        let fault = check
            .error(
                &last,
                format!("this makes {counted} notifications"),
                format!(
                    "expected at most {MOST_NOTIFICATIONS} of a budget, `thresholds` and `forecast_thresholds` together"
                ),
            )
            .help("each threshold is a notification; absent lists count with their defaults");
        check.report(fault);
    } else if counted == 0 && !faulty {
        let fault = check.error(&last, "no threshold is left", "expected at least one percentage");
        check.report(fault.help("a budget without thresholds notifies nobody"));
    }
    let forecast = lists.pop().unwrap_or_default();
    (lists.pop().unwrap_or_default(), forecast)
}

fn teams(
    check: &mut Check<'_>,
    file: &raw::File,
    block: &raw::Budgets,
    parts: &Parts<'_>,
) -> BTreeMap<String, TeamBudget> {
    let listed: Vec<_> = block.team.iter().flat_map(|teams| teams.iter()).collect();
    let mut found = BTreeMap::new();
    if let Some((first, _)) = listed.first() {
        counted_at_all(check, file, first, parts);
    }
    for (team, budget) in listed {
        let known = team_known(check, team, parts);
        if !known || !team_name(check, team, parts) {
            continue;
        }
        let center = budget.cost_center.as_ref();
        if let Some(center) = center
            && parts.roster.whole
        {
            counted_by_center(check, team, center, parts);
        }
        let (Some(limit), Some(keys)) = (&budget.monthly_usd, parts.tag_keys) else {
            continue;
        };
        let (tag_key, tag_value) = match center {
            Some(center) => (&keys.cost_center, &center.value),
            None => (&keys.team, &team.value),
        };
        found.insert(
            team.value.clone(),
            TeamBudget {
                monthly_usd: usd(check, limit),
                tag_key: tag_key.clone(),
                tag_value: tag_value.clone(),
            },
        );
    }
    found
}

/// A team's spend is counted by a tag: there must be profiles that carry it, and it must be activated.
fn counted_at_all(check: &mut Check<'_>, file: &raw::File, first: &Spanned<String>, parts: &Parts<'_>) {
    if let Some(profiles) = parts.profiles.filter(|profiles| profiles.scope == ProfileScope::None) {
        let mut fault = check.error(
            &first.span,
            "budgets of teams need application inference profiles",
            "there are none whose tags could be counted",
        );
        if let Some(span) = &profiles.span {
            fault = fault.also(check.source, span.clone(), "because of this");
        }
        if let Some(reason) = &profiles.reason {
            fault = fault.help(format!("profiles are per \"none\" by default: {reason}"));
        }
        check.report(fault.help("choose profiles per \"developer\" or \"team\", or leave budgets of teams out"));
    } else if check.absent(&file.cost_tags, "cost_tags") {
        let fault = check
            .error(
                &first.span,
                "budgets of teams need `cost_tags`",
                "a tag counts only after it was activated in the payer",
            )
            .help("add a block `cost_tags {}`");
        check.report(fault);
    }
}

fn team_known(check: &mut Check<'_>, team: &Spanned<String>, parts: &Parts<'_>) -> bool {
    let teams: BTreeSet<&str> = parts
        .roster
        .developers
        .iter()
        .filter_map(|person| person.team.as_deref())
        .collect();
    if !parts.roster.whole || teams.contains(team.value.as_str()) {
        return true;
    }
    let expected = match teams.len() {
        0 => "no developer has a team".to_owned(),
        1..=20 => format!("expected {}", one_of(teams.iter().copied())),
        many => format!("expected one of the {many} teams of the developers"),
    };
    let fault = check
        .error(
            &team.span,
            format!("no developer is in team \"{}\"", team.value),
            expected,
        )
        .nearest(&team.value, teams);
    check.report(fault);
    false
}

fn team_name(check: &mut Check<'_>, team: &Spanned<String>, parts: &Parts<'_>) -> bool {
    let Some(name) = parts.name else {
        return true;
    };
    let budget = Names::team_budget(name, &team.value);
    let (message, expected) = if let Some(c) = team.value.chars().find(|c| matches!(c, ':' | '\\')) {
        (
            format!("the name of a budget cannot contain `{c}`"),
            "expected a team without it: it is a part of the budget's name".to_owned(),
        )
    } else if budget.len() > LONGEST_BUDGET_NAME {
        (
            format!(
                "the budget of team \"{}\" would have a name of {} characters",
                team.value,
                budget.len()
            ),
            format!("AWS allows {LONGEST_BUDGET_NAME}: `{budget}`"),
        )
    } else {
        return true;
    };
    let fault = check.error(&team.span, message, expected);
    check.report(fault);
    false
}

fn counted_by_center(check: &mut Check<'_>, team: &Spanned<String>, center: &Spanned<String>, parts: &Parts<'_>) {
    let members: Vec<_> = parts
        .roster
        .developers
        .iter()
        .filter(|person| person.team.as_deref() == Some(&team.value))
        .collect();
    let centers: BTreeSet<Option<&str>> = members.iter().map(|person| person.cost_center.as_deref()).collect();
    let per_team = parts
        .profiles
        .is_some_and(|profiles| profiles.scope == ProfileScope::Team);
    let wanted = Some(center.value.as_str());
    if !centers.contains(&wanted) {
        let named: Vec<&str> = centers.iter().copied().flatten().collect();
        let expected = match named.is_empty() {
            true => "its developers have no cost centre".to_owned(),
            false => format!("its developers have {}", named.join(", ")),
        };
        let message = format!(
            "nobody in team \"{}\" has the cost centre \"{}\"",
            team.value, center.value
        );
        let fault = check
            .error(&center.span, message, expected)
            .nearest(&center.value, named);
        check.report(fault);
    } else if per_team && centers.len() > 1 {
        let message = format!("team \"{}\" has several cost centres, but one profile", team.value);
        let fault = check.error(
            &center.span,
            message,
            "the profile of a team carries a cost centre only where all of its developers share it",
        );
        check.report(fault.help("leave `cost_center` out to count by the team's tag"));
    } else if !per_team {
        // A team's own profile carries a cost centre only where all of its members share it.
        counts_others(check, team, center, parts);
    }
}

/// A cost centre need not be a team's alone, and a team need not have one alone: then the budget is about something else.
fn counts_others(check: &mut Check<'_>, team: &Spanned<String>, center: &Spanned<String>, parts: &Parts<'_>) {
    let in_team = |person: &&Developer| person.team.as_deref() == Some(team.value.as_str());
    let in_center = |person: &&Developer| person.cost_center.as_deref() == Some(center.value.as_str());
    let people = || parts.roster.developers.iter();
    let others: Vec<&str> = people()
        .filter(|person| in_center(person) && !in_team(person))
        .map(|person| person.id.as_str())
        .collect();
    let missed: Vec<&str> = people()
        .filter(|person| in_team(person) && !in_center(person))
        .map(|person| person.id.as_str())
        .collect();
    let mut remarks = Vec::new();
    if !others.is_empty() {
        remarks.push(format!("counts people who are not in the team: {}", some(&others)));
    }
    if !missed.is_empty() {
        remarks.push(format!("misses people of the team: {}", some(&missed)));
    }
    if remarks.is_empty() {
        return;
    }
    let message = format!(
        "the budget of team \"{}\" counts by the cost centre, not by the team",
        team.value
    );
    let warning = check.warning(&center.span, message, remarks.join("; "));
    check.report(warning.help("leave `cost_center` out to count by the team's tag"));
}

/// The first names of a list.
fn some(names: &[&str]) -> String {
    let shown = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(5) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
