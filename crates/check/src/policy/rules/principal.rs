//! `policy-principal`

use findings::{Confidence, Family, Rule, Severity};

use super::super::arn::is_region;
use super::super::finding::PolicyFinding;
use super::super::{Input, UNKNOWN};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-principal",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "A principal that AWS cannot resolve.",
    page: r#"## What it finds

An account id that has not twelve digits, an ARN with parts missing or with wildcards, an IAM group, an instance profile or a
policy, a service or a federated provider with wildcards, a service that is no host name (`lambda` instead of
`lambda.amazonaws.com`), a string other than `*` where an object with `AWS`, `Service` or `Federated` is expected. As a
warning, because AWS lists the names nowhere: a service that is not known and nearly is a known one.

## Why it matters

AWS resolves principals when the policy is stored and refuses the whole of it with `Invalid principal in policy`. Unlike
everywhere else, `*` within a principal's ARN is no wildcard.

## Bad

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "arn:aws:iam::123456789012:role/deploy-*" },
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "Action": "sts:AssumeRole"
  }
}
```

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Service": "bedrok.amazonaws.com" },
                              ^^^^^^^^^^^^^^^^^^^^^^
    "Action": "sts:AssumeRole"
  }
}
```

## Good

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "AWS": "123456789012" },
    "Action": "sts:AssumeRole",
    "Condition": {
      "ArnLike": { "aws:PrincipalArn": "arn:aws:iam::123456789012:role/deploy-*" }
    }
  }
}
```

## How to fix it

Name each principal in full, or name its account and compare `aws:PrincipalArn`, which takes wildcards. Instead of a group,
name a role that its members may take.

## Source

[Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
"#,
};

/// What names of services begin with, or have before their domain, that is no prefix of actions. The prefixes are known
/// beside these.
///
/// Source: the user guides of the services, as of 2026-10; there is no complete list.
const OTHERS: [&str; 75] = [
    "access-grants",
    "airflow-env",
    "alexa-appkit",
    "application-insights",
    "appstream2",
    "automation",
    "aws-artifact-account-sync",
    "bcm",
    "billingreports",
    "cassandra-streams",
    "cloudcontrolapi",
    "cloudhsmv2",
    "cloudwatch-crossaccount",
    "codecatalyst-runner",
    "config-conforms",
    "config-multiaccountsetup",
    "connectparticipant",
    "costalerts",
    "datazonecontrol",
    "deeplens",
    "delivery",
    "diode",
    "dms-fleet-advisor",
    "ec",
    "ec2-images",
    "ec2fastlaunch",
    "ec2fleet",
    "ec2scheduled",
    "ec2sqlha",
    "ecs-compute",
    "ecs-tasks",
    "edgelambda",
    "eks-connector",
    "eks-fargate",
    "eks-fargate-pods",
    "eks-nodegroup",
    "elastic-inference",
    "elasticloadbalancing-logs",
    "endpoints",
    "groupby",
    "integrations",
    "iotroborunner",
    "iotthingsgraph",
    "ipam",
    "kinesis-video",
    "lexv2",
    "macie",
    "managedservices",
    "marketplace",
    "metering-marketplace",
    "migrationhub",
    "migrationhub-refactor-spaces",
    "mobilehub",
    "monitoring",
    "neptune",
    "networkinsights",
    "nitro-enclaves",
    "opensearchservice",
    "partnercentral-selling",
    "pinpoint",
    "purchaseorders",
    "rds-export",
    "rds-preview",
    "rds-serverless",
    "securityhubv2",
    "service-role",
    "servicecatalog-appregistry",
    "spot",
    "spotfleet",
    "storage-lens",
    "transitgateway",
    "tts",
    "vmie",
    "vpc-endpoints",
    "vpc-flow-logs",
];

/// Where services have their names.
const DOMAINS: [&str; 2] = ["amazonaws.com", "amazonaws.com.cn"];

/// Services that are not known and nearly are known ones.
pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let principals = input
        .document
        .statements
        .iter()
        .filter_map(|statement| statement.principals.as_ref());
    for (of, text) in principals.flat_map(|principals| &principals.list) {
        let name = text.value.as_str();
        if of != "Service" || name.contains([UNKNOWN, '*', '?', '$']) {
            continue;
        }
        let Some(meant) = meant(name) else { continue };
        let message = format!("`{name}` is no service that is known as a principal");
        found.push(
            PolicyFinding::new(&RULE, text, message)
                .severity(Severity::Warning)
                .confidence(Confidence::Medium)
                .did_you_mean(&[meant]),
        );
    }
}

/// The name that was meant by one with a slip of the keyboard in its domain or in the service.
fn meant(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let Some((before, domain)) = DOMAINS
        .into_iter()
        .find_map(|domain| Some((lower.strip_suffix(domain)?.strip_suffix('.')?, domain)))
    else {
        let (at, _) = lower.rmatch_indices('.').nth(1)?;
        let (before, domain) = (lower.get(..at)?, lower.get(at + 1..)?);
        let slip = strsim::damerau_levenshtein(domain, "amazonaws.com") <= 2;
        return slip.then(|| format!("{before}.amazonaws.com"));
    };
    let mut labels: Vec<&str> = before.split('.').collect();
    // `logs.eu-west-1` is the service in one region.
    let service = labels.iter_mut().rev().find(|label| !is_region(label))?;
    let near = near(service)?;
    *service = near;
    Some(format!("{}.{domain}", labels.join(".")))
}

fn near(service: &str) -> Option<&'static str> {
    let known = || iam_reference::services().chain(OTHERS);
    if service.len() < 4 || known().any(|known| known == service) {
        return None;
    }
    let allowed = if service.len() >= 7 { 2 } else { 1 };
    known()
        .map(|known| (strsim::damerau_levenshtein(known, service), known))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_from_other_services() {
        for (name, wanted) in [
            ("bedrok.amazonaws.com", Some("bedrock.amazonaws.com")),
            ("ecs-task.amazonaws.com", Some("ecs-tasks.amazonaws.com")),
            ("delivery.log.eu-west-1.amazonaws.com", None),
            ("delivery.logss.amazonaws.com", Some("delivery.logs.amazonaws.com")),
            (
                "lamda.eu-west-1.amazonaws.com.cn",
                Some("lambda.eu-west-1.amazonaws.com.cn"),
            ),
            ("lambda.amazonaws.co", Some("lambda.amazonaws.com")),
            ("lambda.amazonsaws.com", Some("lambda.amazonaws.com")),
            ("pods.eks.amazonaws.com", None),
            ("streams.metrics.cloudwatch.amazonaws.com", None),
            ("new-in-2030.amazonaws.com", None),
            ("ec9.amazonaws.com", None),
            ("vpc-flow-logs.amazonaws.com", None),
            ("alexa-appkit.amazon.com", None),
            ("states.amazonaws.eu", None),
        ] {
            assert_eq!(meant(name).as_deref(), wanted, "{name}");
        }
    }
}
