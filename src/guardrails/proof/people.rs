//! The callers of the proof table.

use policy::Caller;

use super::case::{Source, Stack};
use crate::deployment::model::{Access, Deployment};
use crate::guardrails::arns::Arns;
use crate::guardrails::documents::{ADMIN, ANALYST, DEVELOPER};

/// An account that has nothing to do with the deployment.
pub const FOREIGN_ACCOUNT: &str = "444455556666";

/// Id of the identity pool, where there is one.
pub const POOL: &str = "us-east-1:01234567-89ab-cdef-0123-456789abcdef";

/// Somebody who works with the deployment.
pub struct Person {
    /// In words.
    pub label: &'static str,
    /// As AWS sees them.
    pub caller: Caller,
    /// Their own policy.
    pub file: &'static str,
}

impl Person {
    /// Their own policy, without the SCP: what it denies is denied before the SCP is attached, too.
    pub fn alone(&self) -> Stack {
        Stack::identity(&[Source::File(self.file)])
    }

    /// Everything that applies to them: their policy, the guardrail's, and the SCP where an organization is known.
    pub fn as_deployed(&self, d: &Deployment) -> Stack {
        let mut sources = vec![Source::File(self.file)];
        if d.guardrail.is_some() {
            sources.push(Source::Enforcement);
        }
        Stack::identity(&sources).with_scp(d.organization.is_some())
    }
}

/// A developer.
pub fn developer(d: &Deployment) -> Person {
    let name = d
        .developers
        .first()
        .map_or("developer@example.com", |developer| developer.email.as_str());
    person(d, "developer", &d.names.developer, name, DEVELOPER)
}

/// An administrator of the rollout, where there is one.
pub fn admin(d: &Deployment) -> Option<Person> {
    let emitted = match &d.access {
        Access::IdentityCenter(_) => true,
        Access::Roles(roles) => !roles.admins.is_empty(),
        Access::Federation(_) => false,
    };
    emitted.then(|| person(d, "admin", &d.names.admin, "admin@example.com", ADMIN))
}

/// An analyst, where there is one.
pub fn analyst(d: &Deployment) -> Option<Person> {
    let emitted = match &d.access {
        Access::IdentityCenter(_) => true,
        Access::Roles(roles) => !roles.analysts.is_empty(),
        Access::Federation(_) => false,
    };
    emitted.then(|| person(d, "analyst", &d.names.analyst, "analyst@example.com", ANALYST))
}

fn person(d: &Deployment, label: &'static str, role: &str, session: &str, file: &'static str) -> Person {
    let arns = Arns::new(d);
    let role = match d.access {
        Access::IdentityCenter(_) => arns.role(&format!(
            "aws-reserved/sso.amazonaws.com/AWSReservedSSO_{role}_0123456789abcdef"
        )),
        Access::Roles(_) | Access::Federation(_) => arns.role(role),
    };
    Person {
        label,
        caller: Caller::role_session(&role, session),
        file,
    }
}

/// Somebody in the account with every permission that the account can give, who is no deploy principal.
pub fn someone_else(d: &Deployment) -> Caller {
    Caller::role_session(&Arns::new(d).role("someone-else"), "somebody")
}

/// A role that matches an exempt pattern; where the pattern leaves the account open, of this account.
pub fn example(pattern: &str, account: &str) -> String {
    let mut parts: Vec<&str> = pattern.splitn(6, ':').collect();
    if let Some(part) = parts.get_mut(4).filter(|part| part.contains(['*', '?'])) {
        *part = account;
    }
    parts.join(":").replace('*', "example").replace('?', "x")
}

/// A caller that matches an exempt pattern, in this account; `None` if the pattern names another account.
pub fn matching(pattern: &str, account: &str) -> Option<Caller> {
    let caller = Caller::role_session(&example(pattern, account), "terraform");
    (caller.account() == Some(account)).then_some(caller)
}

/// ARN of a guardrail as AWS makes them.
pub fn guardrail_arn(d: &Deployment) -> String {
    Arns::new(d).guardrail("gr1234567890")
}

/// An emergency role of the dedicated account, where one is exempt.
pub fn break_glass(d: &Deployment) -> Option<Caller> {
    let deploy = d.deploy.as_ref()?;
    deploy
        .break_glass
        .iter()
        .find_map(|pattern| matching(pattern, &d.account_id))
}
