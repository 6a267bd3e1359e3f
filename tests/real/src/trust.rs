//! What AWS STS would make of a token: the rendered trust policy, asked with the context that AWS documents for a token's claims.
//!
//! Emulations of STS take any token for any role, so a test asks this first. The mapping of claims is read off AWS's page
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif> and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>), not taken from the product.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use policy::{Caller, Context, Decision, Kind, Named, PolicySet, Request, evaluate};
use serde_json::Value;

/// Who asks for which role, and what the account believes.
#[derive(Debug, Clone)]
pub struct Exchange<'a> {
    /// Text of the role's trust policy.
    pub trust_policy: &'a str,
    /// ARN of the role.
    pub role_arn: &'a str,
    /// The session name that the caller chose.
    pub session_name: &'a str,
    /// Applications of the account's IAM OIDC provider for the token's issuer; empty where the account has none.
    pub client_ids: &'a [String],
}

/// Why AWS STS would not give a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The account has no provider for the issuer, or the provider lacks the token's audience (`InvalidIdentityToken`).
    Provider,
    /// The trust policy lets the token in but not its tags, or not the token (`AccessDenied`).
    Trust {
        /// What it does not allow.
        action: &'static str,
        /// What decided.
        decision: String,
    },
}

/// Decides on a token whose signature and times are right; its session tags where there is a session.
///
/// # Errors
/// When the token has no issuer, or the trust policy is none.
pub fn decide(exchange: &Exchange<'_>, claims: &Value) -> anyhow::Result<Result<BTreeMap<String, String>, Refusal>> {
    let issuer = claims
        .get("iss")
        .and_then(Value::as_str)
        .context("the token has no issuer")?;
    let Some(name) = issuer
        .strip_prefix("https://")
        .or_else(|| issuer.strip_prefix("http://"))
    else {
        bail!("the issuer {issuer} is no URL");
    };
    let audiences = texts(claims.get("aud"));
    if !audiences.iter().any(|audience| exchange.client_ids.contains(audience)) {
        return Ok(Err(Refusal::Provider));
    }
    let account = exchange.role_arn.split(':').nth(4).context("the role is no ARN")?;
    let caller = Caller::federated(&format!("arn:aws:iam::{account}:oidc-provider/{name}"));
    let tags = tags(claims);
    let context = context(exchange, name, claims, &audiences, &tags);
    let refused = refused(
        exchange.trust_policy,
        exchange.role_arn,
        &caller,
        &context,
        !tags.is_empty(),
    )?;
    Ok(refused.map_or(Ok(tags), Err))
}

/// Decides on a session that an identity pool of Amazon Cognito wants for somebody whose login it believes, with the tags that it
/// makes of the token's claims; why there is none.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html> and
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html>
///
/// # Errors
/// When the trust policy is none.
pub fn decide_pool(
    trust_policy: &str,
    role_arn: &str,
    pool: &str,
    provider: &str,
    tags: &BTreeMap<String, String>,
) -> anyhow::Result<Option<Refusal>> {
    let mut context = Context::new();
    context.set("cognito-identity.amazonaws.com:aud", vec![pool.to_owned()]);
    context.set(
        "cognito-identity.amazonaws.com:amr",
        vec!["authenticated".to_owned(), provider.to_owned()],
    );
    add_tags(&mut context, trust_policy, tags);
    let caller = Caller::federated("cognito-identity.amazonaws.com");
    refused(trust_policy, role_arn, &caller, &context, !tags.is_empty())
}

/// What the trust policy does not allow, if anything: the session, or its tags.
fn refused(
    trust_policy: &str,
    role_arn: &str,
    caller: &Caller,
    context: &Context,
    is_tagged: bool,
) -> anyhow::Result<Option<Refusal>> {
    let parsed = policy::parse(trust_policy, Kind::Trust)
        .map_err(|faults| anyhow::anyhow!("AWS would refuse the trust policy: {faults:?}"))?;
    let set = PolicySet {
        resource: Some(Named::new("trust", parsed.document)),
        ..PolicySet::default()
    };
    let mut actions = vec!["sts:AssumeRoleWithWebIdentity"];
    if is_tagged {
        actions.push("sts:TagSession");
    }
    for action in actions {
        let request = Request::new(caller.clone(), action, role_arn).context(context.clone());
        let decision = evaluate(&set, &request);
        match decision {
            Decision::Allowed { .. } => {}
            // What the request does not settle would be a gap of this file.
            Decision::DependsOn { keys, .. } => bail!("the trust policy asks for {keys:?}"),
            decision => {
                return Ok(Some(Refusal::Trust {
                    action,
                    decision: decision.to_string(),
                }));
            }
        }
    }
    Ok(None)
}

/// The keys of AWS's table for any provider, and those of the session; what the token lacks is stated as lacking.
fn context(
    exchange: &Exchange<'_>,
    name: &str,
    claims: &Value,
    audiences: &[String],
    tags: &BTreeMap<String, String>,
) -> Context {
    let mut context = Context::new();
    let mut state = |key: &str, values: Vec<String>| match values.is_empty() {
        true => context.set_absent(key),
        false => context.set(key, values),
    };
    let own = |claim: &str| texts(claims.get(claim));
    let authorized = own("azp");
    let audience = match authorized.is_empty() {
        true => audiences.to_vec(),
        false => authorized,
    };
    state(&format!("{name}:aud"), audience);
    state(&format!("{name}:oaud"), audiences.to_vec());
    for claim in ["sub", "amr", "email"] {
        state(&format!("{name}:{claim}"), own(claim));
    }
    state("sts:RoleSessionName", vec![exchange.session_name.to_owned()]);
    state(
        "sts:TransitiveTagKeys",
        texts(claims.pointer("/https:~1~1aws.amazon.com~1tags/transitive_tag_keys")),
    );
    add_tags(&mut context, exchange.trust_policy, tags);
    context
}

/// The tags of a session. Of those that a policy asks for, the ones that it lacks must be stated, too.
fn add_tags(context: &mut Context, trust_policy: &str, tags: &BTreeMap<String, String>) {
    let mut state = |key: &str, values: Vec<String>| match values.is_empty() {
        true => context.set_absent(key),
        false => context.set(key, values),
    };
    state("aws:TagKeys", tags.keys().cloned().collect());
    for asked in asked_tags(trust_policy) {
        let value = tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(&asked));
        state(
            &format!("aws:RequestTag/{asked}"),
            value.map(|(_, value)| value.clone()).into_iter().collect(),
        );
    }
}

fn asked_tags(policy: &str) -> Vec<String> {
    policy
        .split("\"aws:RequestTag/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect()
}

/// Session tags of a token, in either form that AWS takes.
fn tags(claims: &Value) -> BTreeMap<String, String> {
    const FLAT: &str = "https://aws.amazon.com/tags/principal_tags/";
    let nested = claims
        .pointer("/https:~1~1aws.amazon.com~1tags/principal_tags")
        .and_then(Value::as_object);
    let nested = nested.into_iter().flatten().map(|(key, value)| (key.as_str(), value));
    let flat = claims
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.strip_prefix(FLAT)?, value)));
    nested
        .chain(flat)
        .filter_map(|(key, value)| Some((key.to_owned(), texts(Some(value)).into_iter().next()?)))
        .collect()
}

/// A claim that is one text or several.
fn texts(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}
