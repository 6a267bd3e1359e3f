//! Cost allocation tags: what terraform/billing does not activate, and the past.

use jiff::civil::Date;
use jiff::{ToSpan as _, tz::TimeZone};

use aws_sdk_costexplorer::types::{
    CostAllocationTagBackfillStatus, CostAllocationTagStatus, CostAllocationTagStatusEntry,
};

use super::{Act, Fix, Later, Refusal, Wishes};
use crate::aws::operations::cost_explorer::{LIST_COST_ALLOCATION_TAG_BACKFILL_HISTORY, LIST_COST_ALLOCATION_TAGS};
use crate::aws::operations::writes::{START_COST_ALLOCATION_TAG_BACKFILL, UPDATE_COST_ALLOCATION_TAGS_STATUS};
use crate::aws::{Kind, Trouble};
use crate::deployment::model::Access;
use crate::verify::next::APPLY_BILLING;
use crate::verify::{From, Probe, tags};

/// Months that a backfill reaches back at most.
///
/// Source: <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-allocation-backfill.html>
const MONTHS: i32 = 12;

/// Applies the active tags to the past.
pub const BACKFILL: Fix = Fix {
    id: "cost-tags-backfill",
    step: "cost-tags-backfill",
    from: From::Payer,
    operations: &[
        &LIST_COST_ALLOCATION_TAGS,
        &LIST_COST_ALLOCATION_TAG_BACKFILL_HISTORY,
        &START_COST_ALLOCATION_TAG_BACKFILL,
    ],
    plan: |probe, wishes| Box::pin(backfill(probe, wishes)) as Later<Vec<Act>, Refusal>,
};

/// Activates the key of the session tag.
pub const IAM_PRINCIPAL: Fix = Fix {
    id: "cost-tags-iam-principal",
    step: "cost-tags-iam-principal",
    from: From::Payer,
    operations: &[&LIST_COST_ALLOCATION_TAGS, &UPDATE_COST_ALLOCATION_TAGS_STATUS],
    plan: |probe, _| Box::pin(iam_principal(probe)) as Later<Vec<Act>, Refusal>,
};

async fn backfill(probe: Probe, wishes: Wishes) -> Result<Vec<Act>, Refusal> {
    let keys: Vec<String> = probe.scene().context.tag_keys.iter().cloned().collect();
    let known = tags(&probe).await?;
    let inactive: Vec<&str> = keys
        .iter()
        .map(String::as_str)
        .filter(|key| known.get(*key).is_none_or(|tag| tag.is_active != Some(true)))
        .collect();
    if !inactive.is_empty() {
        return Err(Refusal::Told(format!(
            "a backfill applies the tags that are active, and {} not: {APPLY_BILLING} first",
            match inactive.as_slice() {
                [one] => format!("{one} is"),
                several => format!("{} are", several.join(", ")),
            }
        )));
    }
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
    let today = probe.scene().now.to_zoned(TimeZone::UTC).date();
    let since = since(wishes.since, today)?;
    let from = format!("{since}T00:00:00Z");
    let is_done = pages.iter().flat_map(|page| page.backfill_requests()).any(|request| {
        let runs = request
            .backfill_status()
            .is_some_and(|status| *status != CostAllocationTagBackfillStatus::Failed);
        runs && request.backfill_from().is_some_and(|earlier| earlier <= from.as_str())
    });
    if is_done {
        return Ok(Vec::new());
    }
    let words = format!("BackfillFrom={from}");
    Ok(vec![Act::new(
        &START_COST_ALLOCATION_TAG_BACKFILL,
        words,
        |probe| async move {
            probe
                .call(&START_COST_ALLOCATION_TAG_BACKFILL, |account| {
                    account
                        .cost_explorer()
                        .start_cost_allocation_tag_backfill()
                        .backfill_from(from)
                        .send()
                })
                .await
                .map(drop)
        },
    )])
}

/// The first day of the backfill: the first of a month, at most twelve months ago; the first of this month where nobody
/// said otherwise.
fn since(wish: Option<Date>, today: Date) -> Result<Date, Refusal> {
    let told = |message: String| Refusal::Told(message);
    let Some(wish) = wish else {
        return Ok(today.first_of_month());
    };
    let earliest = today
        .first_of_month()
        .checked_sub(MONTHS.months())
        .map_err(|_| told("today is no day of our calendar".to_owned()))?;
    if wish.day() != 1 {
        return Err(told(format!(
            "--since {wish}: a backfill starts on the first day of a month"
        )));
    }
    if wish < earliest || wish > today {
        return Err(told(format!(
            "--since {wish}: a backfill starts between {earliest} and {today}, at most twelve months ago"
        )));
    }
    Ok(wish)
}

async fn iam_principal(probe: Probe) -> Result<Vec<Act>, Refusal> {
    let Access::IdentityCenter(center) = &probe.deployment().access else {
        return Ok(Vec::new());
    };
    let Some(tag) = &center.session_tag else {
        return Ok(Vec::new());
    };
    let key = format!("iamPrincipal/{tag}");
    match tags(&probe).await?.get(&key).map(|tag| tag.is_active) {
        Some(Some(true)) => Ok(Vec::new()),
        None => Err(Refusal::Told(format!(
            "AWS has not discovered {key} yet: let a developer make a call, and wait up to 24 hours"
        ))),
        Some(None) => Err(Refusal::Told(format!(
            "AWS gives a status of {key} that is not known: look into Billing and Cost Management › Cost allocation tags"
        ))),
        Some(Some(false)) => {
            let words = format!("TagKey={key} Status=Active");
            Ok(vec![Act::new(&UPDATE_COST_ALLOCATION_TAGS_STATUS, words, |probe| {
                activate(probe, key)
            })])
        }
    }
}

/// AWS answers 200 with a list of what it refused.
async fn activate(probe: Probe, key: String) -> Result<(), Trouble> {
    let entry = CostAllocationTagStatusEntry::builder()
        .tag_key(&key)
        .status(CostAllocationTagStatus::Active)
        .build()
        .map_err(|error| Trouble {
            operation: UPDATE_COST_ALLOCATION_TAGS_STATUS.name,
            kind: Kind::Refused,
            code: None,
            message: error.to_string(),
        })?;
    let answer = probe
        .call(&UPDATE_COST_ALLOCATION_TAGS_STATUS, |account| {
            account
                .cost_explorer()
                .update_cost_allocation_tags_status()
                .cost_allocation_tags_status(entry)
                .send()
        })
        .await?;
    match answer.errors().first() {
        None => Ok(()),
        Some(refused) => Err(Trouble {
            operation: UPDATE_COST_ALLOCATION_TAGS_STATUS.name,
            kind: Kind::Refused,
            code: refused.code().map(str::to_owned),
            message: format!("{key}: {}", refused.message().unwrap_or("no reason is given")),
        }),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_backfill_starts_on_the_first_of_a_month_of_the_last_year() {
        let today = date(2026, 11, 26);
        assert_eq!(since(None, today).unwrap(), date(2026, 11, 1));
        assert_eq!(since(Some(date(2025, 11, 1)), today).unwrap(), date(2025, 11, 1));
        for wrong in [date(2026, 6, 2), date(2025, 10, 1), date(2026, 12, 1)] {
            assert!(since(Some(wrong), today).is_err(), "{wrong}");
        }
    }
}
