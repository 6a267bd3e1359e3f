//! A developer's files: Claude Code's `settings.json`, the AWS CLI's `~/.aws/config`, and the shell environment.

pub mod aws_config;
pub mod settings;
pub mod shell;
