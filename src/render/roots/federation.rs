//! The developers' role for the tokens of an OpenID provider.

use hcl::expr::Expression;

use super::{Call, Output};
use crate::deployment::model::{Access, Deployment, Federation, OpenIdProvider};
use crate::render::expr::{index, object, policy, reference, strings};
use crate::render::manifest;

/// The outputs about the role, and about the identity pool where there is one.
pub fn outputs(federation: &Federation) -> Vec<Output> {
    let mut outputs = vec![Output {
        name: "role_arns",
        description: "ARN of each role, by its part in the deployment.",
        value: object([("developer", reference("module.federation.role_arn"))]),
    }];
    if federation.identity_pool.is_some() {
        outputs.push(Output {
            name: "identity_pool_id",
            description: "Id of the identity pool, for `config.json` of credential-process.",
            value: reference("module.federation.identity_pool_id"),
        });
    }
    outputs
}

/// The call of the module.
pub fn call(deployment: &Deployment, federation: &Federation) -> Call {
    let mut arguments = vec![
        ("role_name", text(&deployment.names.developer)),
        ("role_description", text("Calls the allowed Claude models")),
        ("max_session_seconds", Expression::from(federation.max_session_seconds)),
        ("trust_policy_json", policy("developer-trust.json")),
        ("policy_json", policy("developer.json")),
    ];
    if deployment.guardrail.is_some() {
        let enforced = [("guardrail", reference("module.guardrail.enforcement_policy_arn"))];
        arguments.push(("managed_policy_arns", object(enforced)));
    }
    if federation.makes_provider() {
        let clients: Vec<&str> = federation.client_ids().collect();
        let mut provider = vec![("url", text(&federation.issuer)), ("client_ids", strings(&clients))];
        if !federation.thumbprints.is_empty() {
            provider.push(("thumbprints", strings(&federation.thumbprints)));
        }
        arguments.push(("oidc_provider", object(provider)));
    }
    if federation.identity_pool.is_some() {
        arguments.push(("identity_pool", pool(deployment, federation)));
    }
    Call::new(
        "federation",
        "The developers' role; whose tokens it takes stands in policies/developer-trust.json.",
        arguments,
    )
}

/// The identity pool: its name is the role's, for it gives sessions of that role alone.
fn pool(deployment: &Deployment, federation: &Federation) -> Expression {
    let clients: Vec<&str> = federation.client_ids().collect();
    let mut pool = vec![("name", text(&deployment.names.developer))];
    match federation.provider {
        OpenIdProvider::Google => pool.push(("google_client_id", text(&federation.client_id))),
        OpenIdProvider::Cognito => pool.push((
            "user_pool",
            object([
                ("name", text(federation.provider_name())),
                ("client_ids", strings(&clients)),
            ]),
        )),
        _ if federation.is_reused => {
            let arn = federation.principal(&deployment.partition, &deployment.account_id);
            pool.push(("oidc_provider_arn", text(&arn)));
        }
        _ => {}
    }
    let tags = federation.mapped_tags();
    if !tags.is_empty() {
        pool.push((
            "principal_tags",
            object(tags.into_iter().map(|(tag, claim)| (tag, text(claim)))),
        ));
    }
    object(pool)
}

fn text(value: &str) -> Expression {
    Expression::from(value)
}

/// The developer role under the address that it had with another access mode: its name stays, so it is kept.
pub fn moved_role(deployment: &Deployment, past: &manifest::Root) -> Vec<(Expression, Expression)> {
    let was_there = |module: &str| past.modules.iter().chain(&past.destroyed).any(|name| name == module);
    let in_access = |kind: &str, key: &str| index(&format!("module.access.{kind}.this"), text(key));
    let in_federation = |kind: &str| reference(&format!("module.federation.{kind}.developer"));
    let mut pairs: Vec<(Expression, Expression)> = ["aws_iam_role", "aws_iam_role_policy"]
        .map(|kind| (in_access(kind, "developer"), in_federation(kind)))
        .to_vec();
    const ATTACHMENT: &str = "aws_iam_role_policy_attachment";
    pairs.push((
        in_access(ATTACHMENT, "developer/guardrail"),
        index(&format!("module.federation.{ATTACHMENT}.developer"), text("guardrail")),
    ));
    match &deployment.access {
        Access::Federation(_) if was_there("access") => pairs,
        Access::Roles(_) if was_there("federation") => pairs.into_iter().map(|(from, to)| (to, from)).collect(),
        _ => Vec::new(),
    }
}
