//! `policy-action-resource`

use findings::{Confidence, Family, Rule, Severity};
use iam_reference::{Action, ResourceType, Service};
use policy::Kind;

use super::super::actions::{self, Matched};
use super::super::arn::{self, Arn};
use super::super::finding::PolicyFinding;
use super::super::model::{Statement, Text};
use super::super::pattern::Pattern;
use super::super::{Input, UNKNOWN, variables};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-action-resource",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    summary: "An action and resources that it does not act on.",
    page: r#"## What it finds

An action of which no resource of its statement is of a type that it acts on, by the IAM reference: `s3:ListBucket` acts on
buckets, not on objects; `bedrock:InvokeModel` on `application-inference-profile/…`, which `inference-profile/*` does not
match. A resource that none of the statement's actions acts on. Where nothing in the statement fits it is an error, if the
service is one of those for which the reference has proven complete. An action that acts on no type of resource needs `*`;
beside others that fit it is only worth knowing, since the reference has gaps there.

## Why it matters

AWS stores the statement. It grants or denies nothing for the action, and nobody says so until a call is refused or, worse,
is not.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListBucket"],
                               ^^^^^^^^^^^^^^^
    "Resource": "arn:aws:s3:::reports/*"
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
  }
}
```

## How to fix it

Add the resource that the action acts on, or give the action a statement of its own.

## Source

[Service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
"#,
};

/// Services whose types of resource the reference has in full: where it refutes a statement of these, it is right in all
/// policies that AWS itself writes and manages.
const COMPLETE: [&str; 8] = ["bedrock", "dynamodb", "iam", "lambda", "s3", "sns", "sqs", "sts"];

/// Actions that AWS's pages restrict to resources though the reference gives them none
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html>,
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html>).
const BESIDE_REFERENCE: [&str; 3] = [
    "logs:DescribeLogGroups",
    "ssmmessages:OpenDataChannel",
    "apigateway:SetWebACL",
];

/// What a pattern of actions acts on.
struct Acting<'d> {
    text: &'d Text,
    types: Vec<&'static ResourceType>,
    patterns: Vec<Pattern>,
    /// Whether one of the actions acts on no type of resource.
    untyped: bool,
    fits: bool,
}

/// A resource of the statement.
struct Target<'d> {
    text: &'d Text,
    pattern: Pattern,
    /// Whether it stands for all resources of a service, as AWS's examples have for actions without types.
    whole_service: bool,
    used: bool,
}

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        let Some(mut targets) = targets(statement, input.assumed) else {
            continue;
        };
        let Some((mut acting, all_known)) = acting(statement) else {
            continue;
        };
        for action in &mut acting {
            for target in &mut targets {
                let typed = action.patterns.iter().any(|of| of.overlaps(&target.pattern));
                let fits = typed || action.untyped && target.whole_service;
                action.fits |= fits;
                target.used |= fits;
            }
        }
        if all_known && acting.iter().all(|action| !action.fits) {
            found.extend(nothing_fits(&acting, &targets));
            continue;
        }
        for action in acting.iter().filter(|action| !action.fits) {
            let finding = unfit(action);
            found.push(if action.types.is_empty() {
                finding.severity(Severity::Info)
            } else {
                finding
            });
        }
        if all_known {
            unused(&targets, found);
        }
    }
}

/// The resources, unless one of them may be anything.
fn targets(statement: &Statement, kind: Kind) -> Option<Vec<Target<'_>>> {
    let resources = statement
        .resources
        .as_ref()
        .filter(|resources| !resources.negated && !resources.open)?;
    let mut targets = Vec::with_capacity(resources.list.len());
    for text in &resources.list {
        let mut widened = variables::widened(&text.value);
        // Services that store resource policies may have forms of their own.
        if widened.starts_with('*') || kind == Kind::Resource && !widened.starts_with("arn:") {
            return None;
        }
        let missing = 6_usize.saturating_sub(arn::count(&widened));
        if missing > 0 && text.value.contains(UNKNOWN) {
            return None;
        }
        widened.push_str(&":*".repeat(missing));
        targets.push(Target {
            text,
            whole_service: Arn::split(&widened).is_some_and(|arn| arn.resource == "*"),
            pattern: Pattern::arn(&widened),
            used: false,
        });
    }
    (!targets.is_empty()).then_some(targets)
}

/// What the statement's actions act on, and whether that is known of all; `None` if one of them is every action.
fn acting(statement: &Statement) -> Option<(Vec<Acting<'_>>, bool)> {
    let all = statement.actions.as_ref().filter(|actions| !actions.negated)?;
    let mut acting = Vec::with_capacity(all.list.len());
    let mut all_known = !all.open;
    for text in &all.list {
        if BESIDE_REFERENCE
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&text.value))
        {
            all_known = false;
            continue;
        }
        match actions::matched(&text.value) {
            Matched::Everything => return None,
            Matched::Unknown => all_known = false,
            Matched::Some(service, matched) => {
                let types = types(service, &matched);
                acting.push(Acting {
                    text,
                    patterns: types.iter().map(|of| Pattern::template(of.arn)).collect(),
                    types,
                    untyped: matched.iter().any(|action| action.resources.is_empty()),
                    fits: false,
                });
            }
        }
    }
    Some((acting, all_known && !all.list.is_empty()))
}

fn types(service: &'static Service, actions: &[&'static Action]) -> Vec<&'static ResourceType> {
    let mut types: Vec<&ResourceType> = actions.iter().flat_map(|action| service.resources_of(action)).collect();
    types.sort_by_key(|of| of.name);
    types.dedup_by_key(|of| of.name);
    types
}

fn nothing_fits(acting: &[Acting<'_>], targets: &[Target<'_>]) -> Option<PolicyFinding> {
    let (first, target) = (acting.first()?, targets.first()?);
    let certain = acting.iter().all(|action| {
        let prefix = action.text.value.split(':').next().unwrap_or_default();
        let complete = COMPLETE.iter().any(|known| known.eq_ignore_ascii_case(prefix));
        complete && !action.types.is_empty()
    });
    let message = match acting {
        [one] => format!("`{}` does not act on `{}`", one.text.value, target.text.value),
        _ => format!("none of these actions acts on `{}`", target.text.value),
    };
    let message = match targets.len() {
        1 => message,
        more => format!("{message} or the {} other resources here", more - 1),
    };
    let mut finding = PolicyFinding::new(&RULE, target.text, message);
    if certain {
        finding = finding.severity(Severity::Error);
    }
    for action in acting.iter().take(3) {
        finding = finding.help(acts_on(action));
    }
    Some(finding.also(&first.text.path, first.text.span.clone(), "this action"))
}

fn unfit(action: &Acting<'_>) -> PolicyFinding {
    let message = format!("`{}` acts on none of the resources of its statement", action.text.value);
    PolicyFinding::new(&RULE, action.text, message).help(acts_on(action))
}

fn acts_on(action: &Acting<'_>) -> String {
    let name = &action.text.value;
    if action.types.is_empty() {
        return format!("`{name}` acts on no type of resource: it needs `*`");
    }
    let shown: Vec<String> = action.types.iter().take(3).map(|of| format!("`{}`", of.arn)).collect();
    let more = match action.types.len().saturating_sub(shown.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("`{name}` acts on {}{more}", shown.join(", "))
}

/// Resources that no action acts on, apart from those that stand beside their own contents: a bucket beside its objects is
/// a habit that does no harm.
fn unused(targets: &[Target<'_>], found: &mut Vec<PolicyFinding>) {
    for target in targets.iter().filter(|target| !target.used) {
        let stem = target.text.value.trim_end_matches(['*', '/', ':']);
        let beside = targets.iter().any(|other| {
            let other_stem = other.text.value.trim_end_matches(['*', '/', ':']);
            other.used && (other.text.value.starts_with(stem) || target.text.value.starts_with(other_stem))
        });
        if beside || !target.text.known() {
            continue;
        }
        let message = format!("none of the statement's actions acts on `{}`", target.text.value);
        found.push(PolicyFinding::new(&RULE, target.text, message));
    }
}
