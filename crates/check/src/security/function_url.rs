//! `security-function-url`

use findings::{Confidence, Family, Finding, Rule, Severity};

use crate::look::Look;

/// The rule.
pub static RULE: Rule = Rule {
    id: "security-function-url",
    family: Family::Security,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "A function that anybody on the internet may call.",
    page: r##"## What it finds

An `aws_lambda_function_url` with `authorization_type = "NONE"`.

## Why it matters

The address is not secret: it shows up in logs, browsers and proxies. Whoever has it calls the function
with your account's money and the function's permissions.

## Bad

```hcl main.tf
resource "aws_lambda_function_url" "usage" {
  function_name      = "usage"
  authorization_type = "NONE" # <- here
}
```

## Good

```hcl main.tf
resource "aws_lambda_function_url" "usage" {
  function_name      = "usage"
  authorization_type = "AWS_IAM"
}
```

## How to fix it

Use `AWS_IAM`, or put CloudFront or API Gateway with an authorizer before it. Where the function itself checks who calls, say so in a suppression.

## Source

[Control access to Lambda function URLs](https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html)
"##,
};

pub(crate) fn check(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    for url in look.resources("aws_lambda_function_url") {
        let Some((file, kind)) = url.view.attribute("authorization_type") else {
            continue;
        };
        if look.text(&kind.value).as_deref() == Some("NONE") {
            let message = "anybody on the internet may call this function";
            found.push(look.finding(&RULE, file, &kind.value.span, message));
        }
    }
}
