//! Phase 3: cost allocation tags.

use std::collections::BTreeSet;

use super::step::{Account, Context, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Access, CostTags, Deployment};

pub fn steps(deployment: &Deployment, context: &Context) -> Vec<Step> {
    let Some(tags) = &deployment.cost_tags else {
        return Vec::new();
    };
    if context.tag_keys.is_empty() {
        return Vec::new();
    }
    let earlier: Vec<&str> = context.earlier_tag_keys().collect();
    let mut steps = vec![
        discovered(tags, &context.tag_keys),
        activated(tags, &context.tag_keys),
        backfill(tags),
    ];
    if !earlier.is_empty() {
        steps.push(self::earlier(tags, &earlier));
    }
    if let Access::IdentityCenter(center) = &deployment.access
        && let Some(tag) = &center.session_tag
    {
        steps.push(iam_principal(tags, tag));
    }
    steps
}

fn payer(tags: &CostTags) -> Account {
    Account::Payer(tags.payer_account_id.clone())
}

/// The tag keys as arguments of a command.
fn keys(keys: &BTreeSet<String>) -> String {
    keys.iter().map(|key| word(key)).collect::<Vec<_>>().join(" ")
}

/// Keys that profiles carried once: Terraform keeps them active until they are dropped on purpose.
fn earlier(tags: &CostTags, earlier: &[&str]) -> Step {
    let quoted: Vec<String> = earlier.iter().map(|key| format!("`{key}`")).collect();
    let mut lines: Vec<String> = earlier
        .iter()
        .map(|key| {
            let key = serde_json::Value::from(*key);
            let address = format!("module.cost_tags.aws_ce_cost_allocation_tag.this[{key}]");
            format!("terraform -chdir=terraform/billing state rm {}", word(&address))
        })
        .collect();
    lines.push("tfgen render --drop-removed".to_owned());
    lines.push("terraform -chdir=terraform/billing plan".to_owned());
    Step::new(
        "cost-tags-earlier",
        Phase::CostTags,
        format!("Keep or let go of earlier tag keys: {}", quoted.join(", ")),
        payer(tags),
        Owner::Human,
    )
    .action(
        "No profile in use carries them any more, but past costs are still reported by them. terraform/billing keeps \
         them active; to leave it so, do nothing.",
    )
    .action("To let go, take them out of Terraform's state, and then out of the rendered file:")
    .console("Billing and Cost Management › Cost allocation tags")
    .run(&lines)
    .note(
        "Without the first command the plan fails with \"Instance cannot be destroyed\": Terraform must not deactivate \
         a key of the whole organization.",
    )
    .note(
        "A key that terraform/billing was never applied with needs the second command alone; do that before the next \
         apply, which would fail on a key that AWS has not discovered.",
    )
    .note(
        "The key itself stays active. If nobody reports by it, deactivate it with `aws ce \
         update-cost-allocation-tags-status`.",
    )
}

fn discovered(tags: &CostTags, used: &BTreeSet<String>) -> Step {
    Step::new(
        "cost-tags-discovered",
        Phase::CostTags,
        "Wait until AWS has discovered the tag keys",
        payer(tags),
        Owner::Human,
    )
    .action("Let at least one developer use Claude Code, then wait until the command lists every key.")
    .console("Billing and Cost Management › Cost allocation tags")
    .run(&[format!(
        "aws ce list-cost-allocation-tags --region us-east-1 --tag-keys {}",
        keys(used)
    )])
    .note("A key appears up to 24 hours after the first tagged usage. Only the payer sees it.")
    .note("Each request to the Cost Explorer API is billed.")
}

fn activated(tags: &CostTags, used: &BTreeSet<String>) -> Step {
    Step::new(
        "cost-tags-activated",
        Phase::CostTags,
        "Activate the tags as cost allocation tags",
        payer(tags),
        Owner::Terraform(Root::Billing),
    )
    .action("Only when every key is discovered: apply terraform/billing with the payer's credentials.")
    .action("Wait again: an activated tag appears in Cost Explorer and in budgets up to 24 hours later.")
    .console("Billing and Cost Management › Cost allocation tags › Activate")
    .run(&[
        "terraform -chdir=terraform/billing apply".to_owned(),
        format!(
            "aws ce list-cost-allocation-tags --region us-east-1 --status Active --tag-keys {}",
            keys(used)
        ),
    ])
    .note("Tags are not applied to the past; the backfill of the next step does that.")
    .run(&[
        "# Only if it was applied before a key was discovered:",
        "terraform -chdir=terraform/billing state list",
        "terraform -chdir=terraform/billing untaint 'ADDRESS_FROM_THE_LIST'",
    ])
    .note(
        "Applied too early, the apply fails and leaves the tag's resource tainted; every later plan then fails with \
         \"Instance cannot be destroyed\". Wait until the key is discovered, untaint the resource and apply again.",
    )
    .note(
        "The activation holds for the whole organization. Terraform is kept from destroying it; removing the block \
         leaves the tags active.",
    )
}

fn backfill(tags: &CostTags) -> Step {
    Step::new(
        "cost-tags-backfill",
        Phase::CostTags,
        "Apply the tags to the past (optional)",
        payer(tags),
        Owner::Api,
    )
    .action("After the activation, start a backfill from the first day of a month, at most twelve months back.")
    .console("Billing and Cost Management › Cost allocation tags › Backfill tags")
    .run(&[
        "aws ce start-cost-allocation-tag-backfill --region us-east-1 --backfill-from YYYY-MM-01T00:00:00Z",
        "aws ce list-cost-allocation-tag-backfill-history --region us-east-1",
    ])
    .note(
        "One backfill a day. It covers what carried the tags then; usage without an application inference profile \
           stays untagged.",
    )
}

fn iam_principal(tags: &CostTags, tag: &str) -> Step {
    let key = format!("iamPrincipal/{tag}");
    Step::new(
        "cost-tags-iam-principal",
        Phase::CostTags,
        format!("Activate the session tag `{key}` as well (optional)"),
        payer(tags),
        Owner::Api,
    )
    .action(format!(
        "The session tag `{tag}` is a cost allocation tag of its own, beside the tag of the same name on the \
         profiles. It can be activated up to 24 hours after the first call of a tagged session."
    ))
    .console("Billing and Cost Management › Cost allocation tags")
    .run(&[format!(
        "aws ce update-cost-allocation-tags-status --region us-east-1 \
         --cost-allocation-tags-status TagKey={},Status=Active",
        word(&key)
    )])
    .note(
        "AWS documents that session tags reach the bill; that tags from Identity Center do so has not been confirmed \
         independently. The caller's ARN itself appears only in a new CUR 2.0 export with caller identity.",
    )
}
