//! `policy-arn`

use findings::{Confidence, Family, Rule, Severity};
use policy::Kind;

use super::super::arn::{self, Arn};
use super::super::finding::PolicyFinding;
use super::super::model::{Statement, Text};
use super::super::pattern::Pattern;
use super::super::{Input, variables};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-arn",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A resource that is no ARN of AWS.",
    page: r#"## What it finds

A resource that is neither `*` nor an ARN; an ARN with parts missing, with a partition, region or account that cannot be, or
with a wildcard for the service; an ARN of IAM with a region. In statements for all actions also an ARN in a form that no
resource of its service has. The same mistakes in principals.

An ARN that lacks parts and ends in `*` is a warning: AWS fills the missing parts with wildcards.

## Why it matters

IAM refuses some of these at apply (`Resource vendor must be fully qualified`, `cannot contain region information`). The
rest it stores, and they match nothing: one colon too few in `arn:aws:s3::bucket`, and the statement is void.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3::reports"
                ^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:ListBucket",
    "Resource": "arn:aws:s3:::reports"
  }
}
```

## How to fix it

`arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`. Region and account stay empty where the service's form has none (`s3`,
`iam`), but the colons remain.

## Source

[ARNs](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html),
[Resource](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        for resource in statement.resources.iter().flat_map(|resources| &resources.list) {
            if resource.value.starts_with("arn:") {
                found.extend(resource_fault(input, statement, resource));
            }
        }
        for (of, principal) in statement.principals.iter().flat_map(|principals| &principals.list) {
            if of != "AWS" && of != "Federated" || !principal.value.starts_with("arn:") {
                continue;
            }
            if let Some(fault) = Arn::split(&principal.value).and_then(|arn| arn.fault()) {
                found.push(finding(principal, &fault));
            }
        }
    }
}

fn finding(at: &Text, fault: &str) -> PolicyFinding {
    PolicyFinding::new(&RULE, at, format!("`{}` is no ARN of AWS: {fault}", at.value))
}

fn resource_fault(input: &Input<'_>, statement: &Statement, resource: &Text) -> Option<PolicyFinding> {
    let text = &resource.value;
    let Some(arn) = Arn::split(text) else {
        // What is not known may hold colons. For sessions the grammar says it.
        if !resource.known() || input.assumed == Kind::Session {
            return None;
        }
        let parts = arn::count(text);
        let fault = format!("it has {parts} parts separated by colons, an ARN has six");
        if !text.ends_with('*') {
            return Some(finding(resource, &fault));
        }
        let message = format!("`{text}` is incomplete: {fault}");
        return Some(
            PolicyFinding::new(&RULE, resource, message)
                .severity(Severity::Warning)
                .confidence(Confidence::Medium)
                .help("AWS takes it with `*` for the missing parts: write them"),
        );
    };
    if let Some(fault) = arn.fault() {
        return Some(finding(resource, &fault));
    }
    let iam_stores_it = !matches!(input.assumed, Kind::Resource | Kind::ServiceControl) && input.kind.is_some();
    if arn.service.contains(['*', '?']) && resource.known() {
        let found = finding(resource, "its service has a wildcard");
        return Some(if iam_stores_it {
            found
        } else {
            found.severity(Severity::Warning)
        });
    }
    if arn.service == "iam" && arn::is_plain(arn.region) && !arn.region.is_empty() {
        return Some(finding(resource, "resources of IAM have no region"));
    }
    shape(statement, resource, &arn)
}

/// Whether any resource of its service has this form; for statements that name their actions `policy-action-resource`
/// asks more.
fn shape(statement: &Statement, resource: &Text, arn: &Arn<'_>) -> Option<PolicyFinding> {
    let names_actions = statement
        .actions
        .as_ref()
        .is_some_and(|actions| !actions.negated && !actions.list.iter().any(|action| action.value == "*"));
    if names_actions || !arn::is_plain(arn.service) {
        return None;
    }
    let service = iam_reference::service(arn.service)?;
    let own = service.resource_types.iter().filter(|of| {
        let parts = Arn::split(of.arn);
        parts.is_some_and(|parts| parts.service == arn.service)
    });
    let mut own = own.peekable();
    own.peek()?;
    let written = Pattern::arn(&variables::widened(&resource.value));
    if own.any(|of| Pattern::template(of.arn).overlaps(&written)) {
        return None;
    }
    let message = format!("no resource of {} has an ARN like `{}`", service.name, resource.value);
    Some(
        PolicyFinding::new(&RULE, resource, message)
            .severity(Severity::Warning)
            .confidence(Confidence::Medium),
    )
}
