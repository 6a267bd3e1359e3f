//! The policy that makes the guardrail an obligation.

use policy::{Actions, Document, Effect, Resources, Statement};

use super::arns::Arns;
use super::invocation::INVOKE;
use crate::deployment::model::Deployment;

/// Stands in the document for the guardrail's ARN, which Terraform knows only at apply.
pub const PLACEHOLDER: &str = "${guardrail_arn}";

/// Denies every invocation that does not name this guardrail, in any of its versions
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html>).
///
/// The denial stands on the foundation models of the source region: each call is authorised there, through whatever
/// profile it comes, and that is the resource for which AWS documents the key.
pub fn document(d: &Deployment) -> Document {
    let models = Arns::new(d).foundation_model(&d.region, "*");
    Document::new(vec![
        Statement::new(
            "OnlyThroughTheGuardrail",
            Effect::Deny,
            Actions::Only(INVOKE.map(str::to_owned).to_vec()),
            Some(Resources::Only(vec![models])),
        )
        .when(
            "ArnNotLike",
            "bedrock:GuardrailIdentifier",
            [PLACEHOLDER.to_owned(), format!("{PLACEHOLDER}:*")],
        ),
    ])
}

/// The document as Terraform attaches it to a guardrail with this ARN.
pub fn with_arn(document: &Document, arn: &str) -> Document {
    filled(document, PLACEHOLDER, arn)
}

/// The document with a value of its conditions' placeholder.
pub fn filled(document: &Document, placeholder: &str, with: &str) -> Document {
    let mut document = document.clone();
    for statement in &mut document.statements {
        for condition in &mut statement.conditions {
            for value in &mut condition.values {
                *value = value.replace(placeholder, with);
            }
        }
    }
    document
}
