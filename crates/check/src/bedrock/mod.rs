//! Claude Code on Amazon Bedrock: mistakes in Terraform and in policies that neither Terraform nor AWS reports.

pub(crate) mod model;
pub(crate) mod policies;
pub(crate) mod terraform;

/// Looks at a module for one rule.
pub(crate) type Check = fn(&crate::look::Look<'_, '_>, &mut Vec<findings::Finding>);
