//! `security-metadata-v1`

use findings::{Confidence, Family, Finding, Rule, Severity};

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-metadata-v1",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Instance metadata, with the role's credentials, for any request.",
    page: r##"## What it finds

`http_tokens = "optional"` in the `metadata_options` of an `aws_instance`, `aws_launch_template` or
`aws_launch_configuration`.

## Why it matters

Version 1 of the metadata service answers a plain GET with the credentials of the instance's role. A web application that
can be made to fetch an address of the attacker's choice gives them away; version 2 asks for a token first.

## Bad

```hcl main.tf
resource "aws_launch_template" "runner" {
  name = "runner"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "optional" # <- here
  }
}
```

## Good

```hcl main.tf
resource "aws_launch_template" "runner" {
  name = "runner"

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
}
```

## How to fix it

Set `http_tokens = "required"`.

## Source

[Use IMDSv2](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html)
"##,
};

const KINDS: [&str; 3] = ["aws_instance", "aws_launch_template", "aws_launch_configuration"];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for instance in KINDS.iter().flat_map(|kind| look.resources(kind)) {
        for (file, options) in instance.view.blocks_of("metadata_options") {
            let Some(tokens) = options.body.attribute("http_tokens") else {
                continue;
            };
            if look.text(&tokens.value).as_deref() == Some("optional") {
                let message = "the metadata service gives the role's credentials away without a token";
                found.push(look.finding(&RULE, file, &tokens.value.span, message));
            }
        }
    }
}
