//! Trust policies of the roles that people assume.

use std::collections::BTreeSet;

use policy::{Document, PrincipalPattern, Statement};

use super::guardrail;
use crate::deployment::model::{Deployment, Federation, POOL_PRINCIPAL, ProfileScope, Roles, Trusted};

/// Stands in the document for the id of the identity pool, which Terraform knows only at apply.
pub const POOL_PLACEHOLDER: &str = "${identity_pool_id}";

/// Who may assume a role, and under which session name: that name is who the invocation log says it was.
///
/// No statement allows `sts:TagSession`, so no caller can claim a tag.
pub fn document(roles: &Roles, callers: &[Trusted]) -> Document {
    let mut users = BTreeSet::new();
    // Of the users of every role: in the log a session has its name, whichever role it is of.
    let names: BTreeSet<String> = roles.users().map(|(_, name)| name.to_owned()).collect();
    let mut exact = BTreeSet::new();
    let mut accounts = BTreeSet::new();
    let mut patterns = BTreeSet::new();
    for caller in callers {
        match caller {
            Trusted::User { arn, .. } => {
                users.insert(arn.clone());
            }
            Trusted::Role { arn, account_id } if arn.contains(['*', '?']) => {
                accounts.insert(account_id.clone());
                patterns.insert(arn.clone());
            }
            Trusted::Role { arn, .. } => {
                exact.insert(arn.clone());
            }
        }
    }
    let mut statements = Vec::new();
    if !users.is_empty() {
        statements.push(assume("Users", users).when("StringEquals", "sts:RoleSessionName", ["${aws:username}"]));
    }
    // A role's caller chooses the session name, but not one that belongs to a user.
    let unclaimed = |statement: Statement| {
        if names.is_empty() {
            return statement;
        }
        statement.when("StringNotEqualsIgnoreCase", "sts:RoleSessionName", names.clone())
    };
    if !exact.is_empty() {
        statements.push(unclaimed(assume("Roles", exact)));
    }
    if !patterns.is_empty() {
        // A principal element knows no pattern: the account is trusted, and the condition names the roles. It is
        // never met by a user, whose ARN has no `:role/`.
        let statement = assume("RolePatterns", accounts).when("ArnLike", "aws:PrincipalArn", patterns);
        statements.push(unclaimed(statement));
    }
    Document::new(statements)
}

fn assume(sid: &str, principals: impl IntoIterator<Item = String>) -> Statement {
    let mut statement = Statement::allow(sid, ["sts:AssumeRole"], Vec::<String>::new())
        .principals(principals.into_iter().map(PrincipalPattern::Aws));
    statement.resources = None;
    statement
}

/// Whose tokens the developer role takes: those for its applications, with what the deployment demands of them; behind an identity
/// pool those of that pool, of somebody who signed in. Which applications those may be of the pool itself looks at.
///
/// Only keys that AWS sets for every provider are compared: audience, e-mail address and the session's tags. On another
/// claim a condition would never be met. Tags come from the token alone, for the operation has no argument for them, so
/// whoever asks cannot claim one.
///
/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>,
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools-security-best-practices.html>
pub fn federation(d: &Deployment, federation: &Federation) -> Document {
    let mut actions = vec!["sts:AssumeRoleWithWebIdentity"];
    if federation.tags().next().is_some() {
        // Without it AWS refuses every token that carries tags.
        actions.push("sts:TagSession");
    }
    let trusted = federation.trusted(&d.partition, &d.account_id);
    let mut statement =
        Statement::allow("Tokens", actions, Vec::<String>::new()).principals([PrincipalPattern::Federated(trusted)]);
    statement.resources = None;
    statement = match federation.identity_pool {
        Some(_) => statement
            .when("StringEquals", &pool_key("aud"), [POOL_PLACEHOLDER])
            // Whoever did not sign in has the value `unauthenticated`.
            .when("ForAnyValue:StringEquals", &pool_key("amr"), ["authenticated"]),
        None => statement.when("StringEquals", &federation.key("aud"), federation.client_ids()),
    };
    let address = address_key(d, federation);
    if let Some(tag) = federation.session_tag.as_deref().map(request_tag)
        && address.as_ref() != Some(&tag)
    {
        statement = statement.when("Null", &tag, ["false"]);
    }
    if let Some(key) = address {
        let domains = federation.email_domains.iter().map(|domain| format!("*@{domain}"));
        statement = statement.when("StringLike", &key, domains);
    }
    if let Some(group) = &federation.group {
        statement = statement.when("StringEquals", &request_tag(&group.tag), group.groups.clone());
    }
    Document::new(vec![statement])
}

/// The key that shows the e-mail address, where its domain is demanded: the session tag if that carries the address, so that
/// what is let in is what binds the profile; otherwise the claim.
pub fn address_key(d: &Deployment, federation: &Federation) -> Option<String> {
    if federation.email_domains.is_empty() {
        return None;
    }
    Some(match &federation.session_tag {
        Some(tag) if d.profiles == ProfileScope::Developer => request_tag(tag),
        _ => federation.key("email"),
    })
}

/// The document as Terraform attaches it once the identity pool has this id.
pub fn with_pool(document: &Document, id: &str) -> Document {
    guardrail::filled(document, POOL_PLACEHOLDER, id)
}

/// Key under which AWS compares a claim of an identity pool's token.
pub fn pool_key(claim: &str) -> String {
    format!("{POOL_PRINCIPAL}:{claim}")
}

/// Key of a tag that the request for a session brings.
pub fn request_tag(key: &str) -> String {
    format!("aws:RequestTag/{key}")
}
