//! `policy-oidc-trust`

use findings::{Confidence, Family, Rule, Severity};
use policy::Effect;
use policy::operator::{Operator, Test};

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
an Amazon Cognito identity pool the audience is the pool, and a trust is found that holds for guests as well: `amr` tells
those who signed in from them.

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

/// Issuers of Amazon Cognito identity pools, whose tokens are for guests as well where a pool lets them in.
const IDENTITY_POOLS: &str = "cognito-identity.amazonaws.com";
const IDENTITY_POOLS_OF_GOVERNMENTS: &str = "cognito-identity-us-gov.amazonaws.com";
/// The only value of `amr` in a guest's token.
const GUEST: &str = "unauthenticated";

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
                provider(input, statement, principal, &host, found);
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

fn provider(input: &Input<'_>, statement: &Statement, principal: &Text, host: &str, found: &mut Vec<PolicyFinding>) {
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
    let is_pool = [IDENTITY_POOLS, IDENTITY_POOLS_OF_GOVERNMENTS].contains(&host);
    if is_pool && !tells_guests_apart(statement, host) && !denies_guests(input, host) {
        missing.push("amr");
    }
    if missing.is_empty() {
        wide_subjects(&claims, host, found);
        return;
    }
    if missing == ["amr"] {
        let message = format!(
            "guests of the identity pool are trusted like those who sign in: no condition on `{host}:amr` keeps `{GUEST}` out"
        );
        found.push(PolicyFinding::new(&RULE, principal, message).confidence(Confidence::Medium));
        return;
    }
    let keys: Vec<String> = missing.iter().map(|claim| format!("`{host}:{claim}`")).collect();
    let who = if needs_subject && !subject {
        "anybody's tokens of this provider are trusted"
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

/// Whether the conditions of an `Allow` hold for no guest, or for guests alone as in their own role: `amr` has one of the two values,
/// or the identity is a certain one. What is not known may do so.
fn tells_guests_apart(statement: &Statement, host: &str) -> bool {
    statement.conditions().iter().any(|condition| {
        let Some(operator) = condition.parsed else {
            return !condition.operator.known();
        };
        let is_open = condition.open || condition.values.iter().any(|value| !value.known());
        match claim(condition, host).as_deref() {
            // Each value of a guest's is the word itself.
            Some("amr") if operator.negated => condition.values.iter().any(|value| names_guests(operator, value)),
            Some("amr") if condition.demands() => {
                let named = condition
                    .values
                    .iter()
                    .filter(|value| names_guests(operator, value))
                    .count();
                let are_meant = condition.values.iter().all(|value| value.value == GUEST);
                is_open || named == 0 || are_meant
            }
            // Guests have identities too, of which nobody knows the next one.
            Some("sub") if condition.demands() => {
                let is_pattern = |value: &Text| operator.test == Test::StringLike && value.value.contains(['*', '?']);
                is_open || !condition.values.iter().any(is_pattern)
            }
            _ => false,
        }
    })
}

/// Whether another statement denies every guest, whatever else they come with.
fn denies_guests(input: &Input<'_>, host: &str) -> bool {
    let is_denial = |statement: &&Statement| {
        let of_all = statement.principals.as_ref().is_some_and(|principals| {
            let takes_in = |principal: &Text| principal.value == "*" || issuer(principal).as_deref() == Some(host);
            !principals.negated
                && (principals.anyone.is_some() || principals.list.iter().any(|(_, principal)| takes_in(principal)))
        });
        let web_identity =
            |action: &Text| action.known() && actions::matches(&action.value, "sts:AssumeRoleWithWebIdentity");
        statement.effect == Some(Effect::Deny) && of_all && statement.actions().iter().any(web_identity)
    };
    input.document.statements.iter().filter(is_denial).any(|statement| {
        // Another condition beside it leaves guests who do not meet that one.
        let [condition] = statement.conditions() else {
            return false;
        };
        claim(condition, host).as_deref() == Some("amr")
            && condition.parsed.is_some_and(|operator| {
                !operator.negated && condition.values.iter().any(|value| names_guests(operator, value))
            })
    })
}

/// Whether a value of `amr` takes in that of guests.
fn names_guests(operator: Operator, value: &Text) -> bool {
    match operator.test {
        Test::StringLike => policy::matches_ignoring_case(&value.value, GUEST),
        Test::StringEqualsIgnoreCase => value.value.eq_ignore_ascii_case(GUEST),
        _ => value.value == GUEST,
    }
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
