//! Parts that are not in use stand in the file as comments, ready to be used.

use hcl::Block;
use terraform::write::{File, Item, WriteError, to_string};

/// A comment with `text` and then `blocks`, commented out.
///
/// # Errors
/// When a value cannot be written in HCL.
pub fn comment(text: &str, blocks: impl IntoIterator<Item = Block>) -> Result<Item, WriteError> {
    let written = to_string(&File {
        header: Vec::new(),
        items: blocks.into_iter().map(Item::Block).collect(),
    })?;
    Ok(Item::Comment(format!("{text}\n{}", written.trim_end())))
}

/// The service control policy.
pub fn organization(management_account: &str) -> [Block; 2] {
    [
        Block::builder("organization")
            .add_attribute(("management_account_id", management_account))
            .build(),
        Block::builder("deploy")
            .add_attribute(("principals", vec!["arn:aws:iam::*:role/terraform-*"]))
            .add_attribute(("break_glass", vec!["arn:aws:iam::*:role/break-glass"]))
            .build(),
    ]
}

/// Terraform's state in S3.
pub fn state() -> Block {
    Block::builder("state")
        .add_attribute(("bucket", "acme-terraform-state"))
        .build()
}

/// What profiles stand for.
pub fn profiles() -> Block {
    Block::builder("profiles").add_attribute(("per", "developer")).build()
}

/// The log and what is made of it.
pub fn logging() -> [Block; 2] {
    [
        Block::builder("logging").add_attribute(("prompts", false)).build(),
        Block::builder("analytics").build(),
    ]
}

/// Budgets and alarms.
pub fn budgets() -> Block {
    Block::builder("budgets")
        .add_attribute(("monthly_usd", 5000))
        .add_attribute(("emails", vec!["platform@example.com"]))
        .build()
}

/// A guardrail.
pub fn guardrail() -> Block {
    Block::builder("guardrail")
        .add_attribute(("blocked_topics", vec!["Investment advice"]))
        .add_attribute(("content_filter", "HIGH"))
        .build()
}
