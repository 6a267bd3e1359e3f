//! `policy-oidc-trust`

use findings::{Confidence, Family, Rule, Severity};

use super::super::finding::PolicyFinding;
use super::super::model::{Condition, Statement, Text};
use super::super::{Input, UNKNOWN, actions};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-oidc-trust",
    family: Family::Policy,
    severity: Severity::Warning,
    confidence: Confidence::High,
    summary: "Trust of an OpenID provider without saying for whom.",
    page: r#"## What it finds

`sts:AssumeRoleWithWebIdentity` allowed to an OpenID provider without a condition on the token's audience, and for a provider
that many organizations share (GitHub, GitLab, HCP Terraform, CircleCI, Buildkite, EKS clusters, …) without a condition on
its subject or another claim that tells whose token it is. Also a subject whose wildcard takes in everybody: `repo:*`. For
an Amazon Cognito identity pool the audience is the pool, and a trust that does not compare `amr` is found: it tells those
who signed in from guests.

Where AWS itself demands the claim of a shared provider the finding is an error. A company's own provider needs no subject:
all its users are the company's.

## Why it matters

The issuer of a shared provider is the same for all its customers. Without the claim anybody's pipeline can assume the
role.

## Bad

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" }
    }
  }
}
```

## Good

```json trust
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringEquals": { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
      "StringLike": { "token.actions.githubusercontent.com:sub": "repo:acme/infra:*" }
    }
  }
}
```

## How to fix it

Compare `PROVIDER:aud` and `PROVIDER:sub`, where `PROVIDER` is the provider's URL without `https://`, path included, as in
its ARN.

## Source

[Controls for shared OpenID providers](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html),
[Keys of OpenID federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif)
"#,
};

/// Providers that many organizations share, and the claim that AWS demands in a trust policy of each
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html>, 2026-09).
const DEMANDED: [(&str, &str); 14] = [
    ("agent.buildkite.com", "sub"),
    ("api.pulumi.com/oidc", "aud"),
    ("app.terraform.io", "sub"),
    (IDENTITY_POOLS, "aud"),
    ("gitlab.com", "sub"),
    ("oidc-configuration.audit-log.githubusercontent.com", "sub"),
    ("oidc.codefresh.io", "sub"),
    ("oidc.vercel.com", "aud"),
    ("proidc.upbound.io", "sub"),
    ("scalr.io", "sub"),
    ("studio.datachain.ai/api", "sub"),
    ("token.actions.githubusercontent.com", "sub"),
    ("tokens.cloud.shisho.dev", "sub"),
    ("vstoken.actions.githubusercontent.com", "sub"),
];

/// Beginnings of further issuers whose tokens are for many: organizations of CircleCI and Bitbucket, the workloads of one
/// cluster.
const SHARED: [&str; 5] = [
    "api.bitbucket.org/",
    "container.googleapis.com/",
    "oidc.circleci.com/org/",
    "oidc.eks.",
    "token.actions.githubusercontent.com/",
];

/// The issuer of Amazon Cognito identity pools, whose tokens are for guests as well where a pool lets them in.
const IDENTITY_POOLS: &str = "cognito-identity.amazonaws.com";

/// Claims that say for whom a token is meant, not whose it is.
const AUDIENCES: [&str; 4] = ["aud", "azp", "oaud", "app_id"];

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in input.document.statements.iter().filter(|statement| statement.allows()) {
        let web_identity =
            |action: &Text| action.known() && actions::matches(&action.value, "sts:AssumeRoleWithWebIdentity");
        let Some(principals) = &statement.principals else {
            continue;
        };
        if principals.negated || statement.may_have_conditions() || !statement.actions().iter().any(web_identity) {
            continue;
        }
        for (of, principal) in &principals.list {
            if let Some(host) = issuer(principal).filter(|_| of == "Federated") {
                provider(statement, principal, &host, found);
            }
        }
    }
}

/// The issuer's URL without `https://`, if the principal is an OpenID provider.
fn issuer(principal: &Text) -> Option<String> {
    let text = principal.value.to_ascii_lowercase();
    match text.split_once(":oidc-provider/") {
        Some((_, host)) => Some(host.to_owned()),
        None => (!text.starts_with("arn:") && principal.known() && text.contains('.')).then_some(text),
    }
}

fn provider(statement: &Statement, principal: &Text, host: &str, found: &mut Vec<PolicyFinding>) {
    let claims: Vec<(&Condition, String)> = statement
        .conditions()
        .iter()
        .filter(|condition| condition.demands() && !is_anything(condition))
        .filter_map(|condition| Some((condition, claim(condition, host)?)))
        .collect();
    let has = |wanted: &[&str]| claims.iter().any(|(_, claim)| wanted.contains(&claim.as_str()));
    let audience = has(&AUDIENCES);
    let subject = claims.iter().any(|(_, claim)| !AUDIENCES.contains(&claim.as_str()));
    let demanded = DEMANDED
        .iter()
        .find(|(known, _)| *known == host)
        .map(|(_, claim)| *claim);
    let needs_subject = demanded == Some("sub") || SHARED.iter().any(|start| host.starts_with(start));
    let refused = match demanded {
        Some("sub") => !subject,
        Some(_) => !audience && !subject,
        None => false,
    };
    let mut missing = Vec::new();
    if !audience {
        missing.push("aud");
    }
    if needs_subject && !subject {
        missing.push("sub");
    }
    if host == IDENTITY_POOLS && !subject {
        missing.push("amr");
    }
    if missing.is_empty() {
        wide_subjects(&claims, host, found);
        return;
    }
    let keys: Vec<String> = missing.iter().map(|claim| format!("`{host}:{claim}`")).collect();
    let who = if needs_subject && !subject {
        "anybody's tokens of this provider are trusted"
    } else if audience {
        "guests of the identity pool are trusted like those who sign in"
    } else {
        "tokens of this provider are trusted whatever they are for"
    };
    let message = format!("{who}: no condition compares {}", keys.join(" and "));
    let mut finding = PolicyFinding::new(&RULE, principal, message);
    if refused {
        finding = finding
            .severity(Severity::Error)
            .help("AWS refuses the policy of a new role: it demands the claim for this provider");
    } else if host.starts_with("oidc.eks.") || !needs_subject {
        finding = finding.confidence(Confidence::Medium);
    }
    let others = statement.conditions().iter().filter(|condition| {
        let key = condition.key.value.to_ascii_lowercase();
        [":aud", ":sub"].iter().any(|end| key.ends_with(end)) && claim(condition, host).is_none()
    });
    for other in others {
        finding = finding.also(
            &other.key.path,
            other.key.span.clone(),
            "this key belongs to another provider",
        );
    }
    found.push(finding);
}

/// The claim that a condition compares, if its key is of this issuer.
fn claim(condition: &Condition, host: &str) -> Option<String> {
    let key = condition.key.value.to_ascii_lowercase();
    let (of, claim) = key.rsplit_once(':')?;
    // What is not known of either may make them the same.
    (of == host || of.contains(UNKNOWN) || host.contains(UNKNOWN)).then(|| claim.to_owned())
}

fn is_anything(condition: &Condition) -> bool {
    let anything = |value: &Text| value.known() && !value.value.is_empty() && value.value.chars().all(|c| c == '*');
    !condition.open && condition.values.iter().any(anything)
}

/// A subject of GitHub that leaves the owner of the repository open.
fn wide_subjects(claims: &[(&Condition, String)], host: &str, found: &mut Vec<PolicyFinding>) {
    if !host.starts_with("token.actions.githubusercontent.com") {
        return;
    }
    let others = claims
        .iter()
        .any(|(_, claim)| claim != "sub" && !AUDIENCES.contains(&claim.as_str()));
    for (condition, _) in claims.iter().filter(|(_, claim)| claim == "sub" && !others) {
        for value in condition.values.iter().filter(|value| value.known()) {
            let owner = value
                .value
                .strip_prefix("repo:")
                .map(|rest| rest.split('/').next().unwrap_or(rest));
            if owner.is_some_and(|owner| owner.contains(['*', '?'])) {
                let message = format!("`{}` takes in repositories of every owner", value.value);
                found.push(PolicyFinding::new(&RULE, value, message));
            }
        }
    }
}
