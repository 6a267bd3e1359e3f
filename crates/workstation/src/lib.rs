//! A developer's files: Claude Code's `settings.json` and the AWS CLI's `~/.aws/config`.
