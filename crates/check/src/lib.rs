//! Rules over Terraform, policies, settings of Claude Code and AWS configuration.

pub mod policy;
