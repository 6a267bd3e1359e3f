//! Trust policies of the roles that people assume.

use std::collections::BTreeSet;

use policy::{Document, PrincipalPattern, Statement};

use crate::deployment::model::{Roles, Trusted};

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
