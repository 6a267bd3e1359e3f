//! Who may assume the people's roles, and under which session name: that is the name in the invocation log.

use std::collections::BTreeSet;

use policy::{Caller, Request};

use super::Theme;
use super::case::{Case, Source, Stack, request, with};
use super::people::{self, FOREIGN_ACCOUNT};
use crate::deployment::model::{Access, Deployment, Trusted};
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::{ADMIN_TRUST, ANALYST_TRUST, DEVELOPER_TRUST};

pub fn cases(d: &Deployment, cases: &mut Vec<Case>) {
    let roles = match &d.access {
        Access::IdentityCenter(_) => return,
        Access::Roles(roles) => roles,
        Access::Federation(federation) => return super::tokens::cases(d, federation, cases),
    };
    for (file, role, callers) in [
        (DEVELOPER_TRUST, &d.names.developer, &roles.developers),
        (ADMIN_TRUST, &d.names.admin, &roles.admins),
        (ANALYST_TRUST, &d.names.analyst, &roles.analysts),
    ] {
        if callers.is_empty() {
            continue;
        }
        let role = Role {
            d,
            file,
            arn: Arns::new(d).role(role),
            // In the log a session has its name, whichever of the roles it is of.
            users: roles.users().map(|(_, name)| name).collect(),
        };
        for caller in callers {
            match caller {
                Trusted::User { arn, name } => role.user(arn, name, cases),
                Trusted::Role { arn, account_id } => role.role(arn, account_id, cases),
            }
        }
        role.strangers(callers, cases);
    }
}

struct Role<'a> {
    d: &'a Deployment,
    file: &'static str,
    arn: String,
    /// Names of the IAM users of every role.
    users: BTreeSet<&'a str>,
}

impl Role<'_> {
    /// Whoever asks may do so as far as their own account is concerned; the trust policy decides.
    fn stack(&self, caller: &Caller) -> Stack {
        let member = self.d.organization.is_some() && caller.account() == Some(&self.d.account_id);
        Stack::identity(&[Source::Administrator])
            .with_scp(member)
            .with_resource(self.file)
    }

    fn request(&self, caller: &Caller, action: &str, session: &str) -> Request {
        with(
            request(caller, action, &self.arn, &self.d.region),
            "sts:RoleSessionName",
            session,
        )
    }

    fn allow(&self, label: &str, caller: &Caller, session: &str, reason: &str, cases: &mut Vec<Case>) {
        let request = self.request(caller, "sts:AssumeRole", session);
        cases.push(Case::allow(Theme::Trust, label, &self.stack(caller), request, reason));
    }

    fn deny(&self, label: &str, caller: &Caller, session: &str, reason: &str, cases: &mut Vec<Case>) {
        let request = self.request(caller, "sts:AssumeRole", session);
        cases.push(Case::deny(Theme::Trust, label, &self.stack(caller), request, reason));
    }

    fn deny_tags(&self, label: &str, caller: &Caller, session: &str, cases: &mut Vec<Case>) {
        for action in ["sts:TagSession", "sts:SetSourceIdentity"] {
            let request = self.request(caller, action, session);
            let reason = "nothing about the session is claimed";
            cases.push(Case::deny(Theme::Trust, label, &self.stack(caller), request, reason));
        }
    }

    fn user(&self, arn: &str, name: &str, cases: &mut Vec<Case>) {
        let caller = Caller::user(arn);
        let label = "trusted IAM user";
        self.allow(
            label,
            &caller,
            name,
            "bound: the session carries the user's name",
            cases,
        );
        self.deny(
            label,
            &caller,
            "somebody-else",
            "bound: no other name is accepted",
            cases,
        );
        self.deny_tags(label, &caller, name, cases);
    }

    fn role(&self, pattern: &str, account: &str, cases: &mut Vec<Case>) {
        let caller = Caller::role_session(&people::example(pattern, account), "pipeline");
        let label = "trusted role";
        self.allow(
            label,
            &caller,
            "chosen",
            "claimed: the caller chooses the session name",
            cases,
        );
        self.deny_tags(label, &caller, "chosen", cases);
        for name in &self.users {
            self.deny(label, &caller, name, "the name belongs to an IAM user", cases);
            self.deny(
                label,
                &caller,
                &swap_case(name),
                "the name belongs to an IAM user",
                cases,
            );
        }
        // The account is named for its roles' sake; its users stay outside, whatever they are called.
        let path = pattern.split_once(":role/").map_or("x", |(_, path)| path);
        let user = format!(
            "arn:{}:iam::{account}:user/{}",
            self.d.partition,
            path.replace('*', "x")
        );
        let user = Caller::user(&user);
        self.deny("an IAM user", &user, "chosen", "a trusted role admits no user", cases);
        let other = format!("arn:{}:iam::{account}:role/unrelated-to-this", self.d.partition);
        let other = Caller::role_session(&other, "chosen");
        self.deny("another role", &other, "chosen", "not one of the trusted roles", cases);
        self.deny(
            "root user",
            &Caller::root(account),
            "chosen",
            "not one of the trusted roles",
            cases,
        );
    }

    fn strangers(&self, callers: &[Trusted], cases: &mut Vec<Case>) {
        let arns = Arns::new(self.d);
        let name = callers.iter().find_map(|caller| match caller {
            Trusted::User { name, .. } => Some(name.as_str()),
            Trusted::Role { .. } => None,
        });
        let name = name.unwrap_or("chosen");
        for account in [self.d.account_id.as_str(), FOREIGN_ACCOUNT] {
            let user = Caller::user(&arns.at("iam", "", account, "user/somebody-else"));
            self.deny("an IAM user", &user, "somebody-else", "not trusted", cases);
            self.deny("an IAM user", &user, name, "not trusted", cases);
            let role = Caller::role_session(&arns.at("iam", "", account, "role/someone-else"), "somebody");
            self.deny("another role", &role, name, "not trusted", cases);
        }
        self.deny(
            "Lambda",
            &Caller::service("lambda.amazonaws.com"),
            name,
            "not trusted",
            cases,
        );
    }
}

fn swap_case(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_ascii_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect()
}
