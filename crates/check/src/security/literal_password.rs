//! `security-literal-password`

use findings::{Confidence, Family, Finding, Rule, Severity};
use terraform::ast::{Expression, ExpressionKind};

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-literal-password",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A password that stands in the configuration.",
    page: r##"## What it finds

A literal text as the password of a database, the value of a secret, or of an `aws_ssm_parameter` of type `SecureString`,
unless `ignore_changes` names the argument: then it is a first value that somebody replaces.

## Why it matters

Whoever reads the repository, its history or the state has the password, and it cannot be changed without a commit.

## Bad

```hcl main.tf
resource "aws_secretsmanager_secret_version" "webhook" {
  secret_id     = "claude-code/webhook"
  secret_string = "s3cr3t-of-the-webhook" # <- here
}
```

## Good

```hcl main.tf
variable "webhook_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "aws_secretsmanager_secret_version" "webhook" {
  secret_id                = "claude-code/webhook"
  secret_string_wo         = var.webhook_secret
  secret_string_wo_version = 1
}
```

## How to fix it

Let AWS make the password (`manage_master_user_password`), or pass it in as an ephemeral variable to a write-only argument (`…_wo`), which is not stored.

## Source

[Sensitive data in state](https://developer.hashicorp.com/terraform/language/state/sensitive-data)
"##,
};

/// Resource types, and the argument of each that holds a secret.
const SECRETS: [(&str, &str); 9] = [
    ("aws_db_instance", "password"),
    ("aws_docdb_cluster", "master_password"),
    ("aws_elasticache_replication_group", "auth_token"),
    ("aws_memorydb_user", "passwords"),
    ("aws_neptune_cluster", "master_password"),
    ("aws_rds_cluster", "master_password"),
    ("aws_redshift_cluster", "master_password"),
    ("aws_secretsmanager_secret_version", "secret_string"),
    ("aws_ssm_parameter", "value"),
];

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for (kind, argument) in SECRETS {
        for resource in look.resources(kind) {
            let Some((file, secret)) = resource.view.attribute(argument) else {
                continue;
            };
            let kind_of = resource
                .view
                .attribute("type")
                .and_then(|(_, kind)| look.text(&kind.value));
            if kind == "aws_ssm_parameter" && kind_of.as_deref() != Some("SecureString") {
                continue;
            }
            let literal = secret.value.as_string().is_some_and(|text| !text.is_empty());
            let replaced = resource
                .view
                .blocks_of("lifecycle")
                .iter()
                .filter_map(|(_, lifecycle)| lifecycle.body.attribute("ignore_changes"))
                .any(|ignored| names(&ignored.value, argument));
            if literal && !replaced {
                let message = format!("`{argument}` stands in the configuration, and in its history");
                found.push(look.finding(&RULE, file, &secret.value.span, message));
            }
        }
    }
}

/// Whether `ignore_changes` names an argument, or is `all`.
fn names(ignored: &Expression, argument: &str) -> bool {
    let is = |expression: &Expression, name: &str| {
        expression.as_string() == Some(name)
            || expression
                .as_traversal()
                .is_some_and(|traversal| traversal.root == name && traversal.steps.is_empty())
    };
    match &ignored.kind {
        ExpressionKind::Tuple(elements) => elements.iter().any(|element| is(element, argument)),
        _ => is(ignored, "all"),
    }
}
