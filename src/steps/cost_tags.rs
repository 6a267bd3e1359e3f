//! Phase 3: cost allocation tags.

use super::step::{Account, Owner, Phase, Root, Step, word};
use crate::deployment::model::{Access, CostTags, Deployment, ProfileScope};

pub fn steps(deployment: &Deployment) -> Vec<Step> {
    let Some(tags) = &deployment.cost_tags else {
        return Vec::new();
    };
    let mut steps = vec![
        discovered(deployment, tags),
        activated(deployment, tags),
        backfill(tags),
    ];
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
fn keys(deployment: &Deployment) -> String {
    let keys = &deployment.tag_keys;
    [&keys.team, &keys.project, &keys.cost_center, &keys.user]
        .map(|key| word(key))
        .join(" ")
}

fn discovered(deployment: &Deployment, tags: &CostTags) -> Step {
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
        keys(deployment)
    )])
    .note("A key appears up to 24 hours after the first tagged usage. Only the payer sees it.")
    .note("Each request to the Cost Explorer API is billed.")
    .note_if(
        deployment.profiles == ProfileScope::None,
        "This deployment has no application inference profiles: the keys come from other resources, and the usage of \
         Claude itself carries no tag.",
    )
}

fn activated(deployment: &Deployment, tags: &CostTags) -> Step {
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
            keys(deployment)
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
