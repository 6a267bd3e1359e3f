//! Phase 3: cost allocation tags. The payer alone can see them.

use std::collections::BTreeMap;

use aws_sdk_costexplorer::types::{
    CostAllocationTag, CostAllocationTagBackfillRequest, CostAllocationTagBackfillStatus, CostAllocationTagStatus,
};
use jiff::{Timestamp, ToSpan as _};

use super::check::{Check, From};
use super::probe::{Probe, Seen};
use crate::aws::Trouble;
use crate::aws::operations::cost_explorer::{LIST_COST_ALLOCATION_TAG_BACKFILL_HISTORY, LIST_COST_ALLOCATION_TAGS};
use crate::deployment::model::{Access, Deployment};
use crate::steps::{Context, Phase, word};
use crate::verify::next::APPLY_BILLING;

/// Keys that one request may name.
const KEYS_PER_REQUEST: usize = 100;
/// The check of the session's tag, and its step.
const IAM_PRINCIPAL: &str = "cost-tags-iam-principal";

pub fn checks(deployment: &Deployment, context: &Context) -> Vec<Check> {
    if deployment.cost_tags.is_none() || context.tag_keys.is_empty() {
        return Vec::new();
    }
    let mut checks = vec![discovered(context), activated(context), backfill()];
    if let Access::IdentityCenter(center) = &deployment.access
        && let Some(tag) = &center.session_tag
    {
        checks.push(iam_principal(tag));
    }
    checks
}

fn check(id: &'static str, title: impl Into<String>) -> Check {
    Check::new(id, id, Phase::CostTags, From::Payer, title)
}

fn discovered(context: &Context) -> Check {
    let keys: Vec<String> = context.tag_keys.iter().cloned().collect();
    check("cost-tags-discovered", "AWS has discovered the tag keys")
        .expects(format!("the keys {} are known to the payer", keys.join(", ")))
        .calls(&[&LIST_COST_ALLOCATION_TAGS])
        .looks(move |probe| {
            let keys = keys.clone();
            async move {
                let tags = tags(&probe).await?;
                let missing: Vec<&str> = keys
                    .iter()
                    .map(String::as_str)
                    .filter(|key| !tags.contains_key(*key))
                    .collect();
                Ok(match missing.as_slice() {
                    [] => Seen::pass(format!("known: {}", keys.join(", "))),
                    missing => Seen::pending(format!("not discovered yet: {}", missing.join(", ")))
                        .next("use a tagged profile once (`tfgen onboard` configures one), then wait up to 24 hours"),
                })
            }
        })
}

fn activated(context: &Context) -> Check {
    let keys: Vec<String> = context.tag_keys.iter().cloned().collect();
    check("cost-tags-activated", "The tags are active as cost allocation tags")
        .expects(format!(
            "the keys {} are Active, and have been for 24 hours",
            keys.join(", ")
        ))
        .calls(&[&LIST_COST_ALLOCATION_TAGS])
        .after("cost-tags-discovered")
        .looks(move |probe| {
            let keys = keys.clone();
            async move { Ok(activation(&keys, &*tags(&probe).await?, probe.scene().now)) }
        })
}

fn activation(keys: &[String], tags: &BTreeMap<String, Tag>, now: Timestamp) -> Seen {
    let inactive: Vec<&str> = keys
        .iter()
        .map(String::as_str)
        .filter(|key| tags.get(*key).is_none_or(|tag| tag.is_active == Some(false)))
        .collect();
    let strange: Vec<&str> = keys
        .iter()
        .map(String::as_str)
        .filter(|key| tags.get(*key).is_some_and(|tag| tag.is_active.is_none()))
        .collect();
    if !inactive.is_empty() {
        let arguments: Vec<String> = inactive
            .iter()
            .map(|key| format!("TagKey={},Status=Active", word(key)))
            .collect();
        return Seen::fail(format!("not active: {}", inactive.join(", "))).next(format!(
            "{APPLY_BILLING}, or `aws ce update-cost-allocation-tags-status --cost-allocation-tags-status {}`",
            arguments.join(" ")
        ));
    }
    if !strange.is_empty() {
        return Seen::unknown(format!("AWS gives a status that is not known: {}", strange.join(", ")))
            .next("look into Billing and Cost Management › Cost allocation tags");
    }
    let fresh: Vec<String> = keys
        .iter()
        .filter_map(|key| {
            let updated = tags.get(key)?.updated?;
            (updated > now - 24.hours()).then(|| format!("{key} (since {updated})"))
        })
        .collect();
    match fresh.is_empty() {
        true => Seen::pass(format!("active: {}", keys.join(", "))),
        false => Seen::pending(format!(
            "active, but not yet for 24 hours, which is how long it may take until costs carry them: {}",
            fresh.join(", ")
        ))
        .next("look again when 24 hours are over"),
    }
}

fn backfill() -> Check {
    check("cost-tags-backfill", "The tags were applied to the past")
        .expects("a backfill has succeeded, or none is wanted")
        .calls(&[&LIST_COST_ALLOCATION_TAG_BACKFILL_HISTORY])
        .after("cost-tags-activated")
        .optional()
        .looks(|probe| async move {
            let pages = probe
                .pages(
                    &LIST_COST_ALLOCATION_TAG_BACKFILL_HISTORY,
                    |account, token| {
                        account
                            .cost_explorer()
                            .list_cost_allocation_tag_backfill_history()
                            .set_next_token(token)
                            .send()
                    },
                    |page| page.next_token(),
                )
                .await?;
            let latest = pages
                .iter()
                .flat_map(|page| page.backfill_requests())
                .max_by_key(|request| request.requested_at().unwrap_or_default().to_owned());
            Ok(latest.map_or_else(
                || {
                    Seen::manual("no backfill was ever requested")
                        .next("`tfgen fix cost-tags-backfill --since YYYY-MM-01`, or leave it")
                },
                backfilled,
            ))
        })
}

fn backfilled(request: &CostAllocationTagBackfillRequest) -> Seen {
    let from = request.backfill_from().unwrap_or("an unknown day");
    let when = request.requested_at().unwrap_or("at an unknown time");
    let what = format!("the last one, from {from}, was requested {when}");
    match request.backfill_status() {
        Some(CostAllocationTagBackfillStatus::Succeeded) => Seen::pass(format!("{what}, and succeeded")),
        Some(CostAllocationTagBackfillStatus::Processing) => {
            Seen::pending(format!("{what}, and is under way")).next("look again in a day")
        }
        Some(CostAllocationTagBackfillStatus::Failed) => Seen::fail(format!("{what}, and failed"))
            .next("request it again, which AWS takes once a day: `tfgen fix cost-tags-backfill --since YYYY-MM-01`"),
        other => Seen::unknown(format!(
            "{what}, and its status is {}",
            other.map_or("not given", CostAllocationTagBackfillStatus::as_str)
        ))
        .next("`aws ce list-cost-allocation-tag-backfill-history --region us-east-1`"),
    }
}

/// The tag that a session carries is a key of its own, which nobody is charged by unless it is activated.
fn iam_principal(tag: &str) -> Check {
    let key = format!("iamPrincipal/{tag}");
    check(IAM_PRINCIPAL, format!("The session tag `{key}` is active as well"))
        .expects(format!("the key {key} is Active"))
        .calls(&[&LIST_COST_ALLOCATION_TAGS])
        .optional()
        .looks(move |probe| {
            let key = key.clone();
            async move {
                Ok(match tags(&probe).await?.get(&key) {
                    Some(tag) if tag.is_active == Some(true) => Seen::pass(format!("{key} is Active")),
                    Some(tag) if tag.is_active.is_none() => Seen::unknown(format!("the status of {key} is not known")),
                    Some(_) => Seen::manual(format!("{key} is known and not active"))
                        .next(format!("`tfgen fix {}`, or leave it", IAM_PRINCIPAL)),
                    None => Seen::pending(format!("{key} is not discovered"))
                        .next("let a developer make a call, then wait up to 24 hours"),
                })
            }
        })
}

/// A key as the payer has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// Whether costs are charged by it; `None` where AWS says what nobody here knows.
    pub is_active: Option<bool>,
    updated: Option<Timestamp>,
}

/// The keys that the deployment cares for, as far as the payer knows them. AWS bills each request, so all checks share one.
///
/// # Errors
/// When AWS does not list them.
pub async fn tags(probe: &Probe) -> Result<std::rc::Rc<BTreeMap<String, Tag>>, Trouble> {
    probe
        .once("cost-allocation-tags", |probe| async move {
            let mut keys: Vec<String> = probe.scene().context.tag_keys.iter().cloned().collect();
            if let Access::IdentityCenter(center) = &probe.deployment().access
                && let Some(tag) = &center.session_tag
            {
                keys.push(format!("iamPrincipal/{tag}"));
            }
            let mut found = BTreeMap::new();
            for keys in keys.chunks(KEYS_PER_REQUEST) {
                let pages = probe
                    .pages(
                        &LIST_COST_ALLOCATION_TAGS,
                        |account, token| {
                            account
                                .cost_explorer()
                                .list_cost_allocation_tags()
                                .set_tag_keys(Some(keys.to_vec()))
                                .set_next_token(token)
                                .send()
                        },
                        |page| page.next_token(),
                    )
                    .await?;
                found.extend(pages.iter().flat_map(|page| page.cost_allocation_tags()).map(entry));
            }
            Ok(found)
        })
        .await
}

fn entry(tag: &CostAllocationTag) -> (String, Tag) {
    let is_active = match tag.status() {
        CostAllocationTagStatus::Active => Some(true),
        CostAllocationTagStatus::Inactive => Some(false),
        _ => None,
    };
    let updated = tag.last_updated_date().and_then(|date| date.parse().ok());
    (tag.tag_key().to_owned(), Tag { is_active, updated })
}
