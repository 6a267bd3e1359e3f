//! `bedrock-state-lock`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::value::Value;

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "bedrock-state-lock",
    family: Family::Bedrock,
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "A lock table in DynamoDB that the S3 backend no longer needs.",
    page: r##"## What it finds

A backend `s3` with `dynamodb_table`, without `use_lockfile`.

## Why it matters

Since Terraform 1.10 the S3 backend locks with an object beside the state; the table is deprecated since 1.11. It is one
more resource that has to be there before everything else, and one more service that guardrails must leave open.

## Bad

```hcl main.tf
terraform {
  backend "s3" {
    bucket         = "state"
    key            = "claude-code"
    region         = "us-east-1"
    dynamodb_table = "locks" # <- here
  }
}
```

## Good

```hcl main.tf
terraform {
  backend "s3" {
    bucket       = "state"
    key          = "claude-code"
    region       = "us-east-1"
    use_lockfile = true
  }
}
```

## How to fix it

Set `use_lockfile = true`; both together for one release, where older versions of Terraform are still in use.

## Source

[S3 backend: state locking](https://developer.hashicorp.com/terraform/language/backend/s3#state-locking)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for terraform in look.environment.module.of_kind("terraform") {
        let view = terraform.view();
        for (file, backend) in view.blocks_of("backend") {
            if backend.labels.first().is_none_or(|label| label.text != "s3") {
                continue;
            }
            let by_file = backend
                .body
                .attribute("use_lockfile")
                .is_some_and(|lock| look.value(&lock.value) == Value::Bool(true));
            if let Some(table) = backend.body.attribute("dynamodb_table").filter(|_| !by_file) {
                let message = "the S3 backend locks without a table since Terraform 1.10";
                found.push(
                    look.finding(&RULE, file, &table.span, message)
                        .help("write `use_lockfile = true`"),
                );
            }
        }
    }
}
