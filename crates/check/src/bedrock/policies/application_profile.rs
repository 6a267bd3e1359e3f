//! `bedrock-application-profile`

use super::{Side, side};
use crate::look::{Look, Written, texts};
use crate::policy::{Input, PolicyFinding};
use findings::{Confidence, Family, Finding, Rule, Severity};

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-application-profile",
    family: Family::Bedrock,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An application inference profile with the ARN of a system profile.",
    page: r##"## What it finds

A resource `…:inference-profile/…` where an application inference profile is meant: what follows is no id of a system
profile (`us.anthropic.…`), or the statement's Sid speaks of application profiles and none of the policy's ARNs is one.

## Why it matters

The ARNs of application profiles read `application-inference-profile/…`. `inference-profile/*` does not match them, so
every call through one is denied, although the policy looks right.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ApplicationProfiles",
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": "arn:aws:bedrock:us-east-1:123456789012:inference-profile/*"
                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    },
    {
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": "arn:aws:bedrock:*::foundation-model/anthropic.claude-opus-4-6-v1"
    }
  ]
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ApplicationProfiles",
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/*"
    },
    {
      "Effect": "Allow",
      "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      "Resource": "arn:aws:bedrock:*::foundation-model/anthropic.claude-opus-4-6-v1"
    }
  ]
}
```

## How to fix it

Write `application-inference-profile/…`.

## Source

[Resource types defined by Amazon Bedrock](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html#amazonbedrock-resources-for-iam-policies)
"##,
};

const ALL_SYSTEM_PROFILES: &str = "`inference-profile/*` does not match application inference profiles: their ARNs read `application-inference-profile/…`";

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let resources = || {
        input
            .document
            .statements
            .iter()
            .filter_map(|statement| statement.resources.as_ref())
    };
    let any_application = resources()
        .flat_map(|values| &values.list)
        .any(|text| matches!(side(&text.value), Side::Application | Side::Unknown));
    let open = input.document.open || resources().any(|values| values.open);
    for statement in &input.document.statements {
        let says_so = statement.sid.as_ref().is_some_and(|sid| {
            let sid = sid.value.to_ascii_lowercase();
            sid.contains("application") || sid.contains("aip")
        });
        for resource in statement.resources.iter().flat_map(|values| &values.list) {
            let Side::Profile(id) = side(&resource.value) else {
                continue;
            };
            // Ids of application profiles are letters and digits at random; those of system profiles have dots.
            let random = id.len() >= 8 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            let message = if random && id.bytes().any(|b| b.is_ascii_digit()) {
                "this is the id of an application inference profile, whose ARN reads `application-inference-profile/…`"
            } else if id == "*" && says_so && !any_application && !open {
                ALL_SYSTEM_PROFILES
            } else {
                continue;
            };
            let finding = PolicyFinding::new(&RULE, resource, message);
            let meant = resource
                .value
                .replacen(":inference-profile/", ":application-inference-profile/", 1);
            found.push(if resource.known() {
                finding.write_instead(meant)
            } else {
                finding.help("write `application-inference-profile/…`")
            });
        }
    }
}

/// `inference-profile/*` in Terraform that makes application profiles and has their kind of ARN nowhere.
pub(crate) fn check_terraform(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    let opened: Vec<&Written<'_>> = look
        .texts
        .iter()
        .filter(|text| !matches!(text.argument, "description" | "error_message"))
        .filter(|text| {
            text.literals()
                .iter()
                .any(|(literal, _)| literal.ends_with(":inference-profile/*"))
        })
        .collect();
    if opened.is_empty() {
        return;
    }
    let modules = || look.environment.tree.modules().map(|(_, module)| module);
    let made = modules().any(|module| {
        let mut resources = module.of_kind("resource");
        resources.any(|resource| resource.label(0) == Some("aws_bedrock_inference_profile"))
    });
    let known = || {
        modules().flat_map(texts).any(|text| {
            let literals = text.literals();
            literals
                .iter()
                .any(|(literal, _)| literal.contains("application-inference-profile"))
        })
    };
    if !made || known() {
        return;
    }
    for text in opened {
        found.push(
            look.finding(&RULE, text.file, &text.span, ALL_SYSTEM_PROFILES)
                .severity(Severity::Warning)
                .confidence(Confidence::Medium)
                .help("this configuration makes application inference profiles, and allows nobody to call them"),
        );
    }
}
