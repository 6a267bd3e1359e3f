//! `tfgen`: from one deployment file to proven Terraform for Claude Code on Amazon Bedrock.

mod commands;
mod deployment;
mod guardrails;

fn main() {}
