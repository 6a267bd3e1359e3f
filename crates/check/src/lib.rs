//! Rules over Terraform, policies, settings of Claude Code and AWS configuration.

mod language;
mod sink;
