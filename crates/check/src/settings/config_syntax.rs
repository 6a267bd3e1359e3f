//! `aws-config-syntax`

use std::collections::BTreeMap;
use std::ops::Range;

use super::{AwsConfig, Fault, Header};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "aws-config-syntax",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An AWS configuration that the AWS CLI refuses to read.",
    page: r##"## What it finds

A line that is neither a section nor `name = value`, a setting above the first section, a section without `]`, and a section or
a setting of it that stands twice. As a warning: `name: value`, which the AWS CLI takes and other SDKs pass over, and
`[default]` beside `[profile default]`, of which only the second counts.

## Why it matters

One such line is enough: the AWS CLI stops with "Unable to parse config file", for every profile. Other SDKs, with them the
one in Claude Code, pass over the line or merge the sections, so the two disagree.

## Bad

```ini .aws/config
[profile claude-code]
region us-east-1 # <- here

[profile claude-code] # <- here
sso_session = company

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
```

## Good

```ini .aws/config
[profile claude-code]
region = us-east-1
sso_session = company

[sso-session company]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
```

## How to fix it

Write `name = value` on a line of its own, and all settings of a profile below one header.

## Source

[Shared config and credentials files](https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html)
"##,
};

pub(super) fn check(config: &AwsConfig, found: &mut Vec<Finding>) {
    for (fault, span) in &config.faults {
        let (message, severity, help) = match fault {
            Fault::Open => (
                "this header has no `]`: the AWS CLI refuses the whole file",
                Severity::Error,
                "close it with `]`",
            ),
            Fault::Above => (
                "this line stands above the first section: the AWS CLI refuses the whole file",
                Severity::Error,
                "put it below `[default]` or `[profile NAME]`",
            ),
            Fault::NoEquals => (
                "this line is no section and has no `=`: the AWS CLI refuses the whole file",
                Severity::Error,
                "write `name = value`, or make it a comment with `#`",
            ),
            Fault::Colon => (
                "this line has `:` instead of `=`: the AWS CLI takes it, other SDKs pass over it",
                Severity::Warning,
                "write `name = value`",
            ),
        };
        found.push(config.finding(&RULE, span, message).severity(severity).help(help));
    }
    let mut sections: BTreeMap<String, &Range<usize>> = BTreeMap::new();
    for section in &config.sections {
        let name = match &section.header {
            Header::Profile(name) => format!("profile {name}"),
            Header::Session(name) => format!("sso-session {name}"),
            Header::Other(text) => text.clone(),
        };
        let shown = config.written(&section.span);
        let Some(first) = sections.insert(name, &section.span) else {
            continue;
        };
        let also = config.place(first);
        // Written in two ways they are two sections for the AWS CLI.
        let finding = if config.written(first) == shown {
            let message = format!("`{shown}` stands here twice: the AWS CLI refuses the whole file");
            config.finding(&RULE, &section.span, message)
        } else {
            let message = format!("`{shown}` is the same profile or session as one above: the AWS CLI takes only one");
            config
                .finding(&RULE, &section.span, message)
                .severity(Severity::Warning)
        };
        found.push(
            finding
                .also(also, "the first")
                .help("put the settings of both below one header"),
        );
    }
    for section in &config.sections {
        let mut settings: BTreeMap<&str, &Range<usize>> = BTreeMap::new();
        for setting in &section.settings {
            if let Some(first) = settings.insert(&setting.key, &setting.span) {
                let message = format!(
                    "`{}` stands here twice: the AWS CLI refuses the whole file",
                    setting.key
                );
                let also = config.place(first);
                found.push(
                    config
                        .finding(&RULE, &setting.span, message)
                        .also(also, "the first")
                        .help("keep one of them"),
                );
            }
        }
    }
}
