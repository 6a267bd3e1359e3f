//! How strongly the name in the invocation log is bound to a person.

use std::fmt;

use crate::deployment::model::{Access, Deployment, Trusted};

/// Who sets the name that the invocation log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// AWS or the identity provider: the client cannot change it.
    Bound,
    /// The client, within what the trust policy lets it choose.
    Claimed,
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bound => "bound",
            Self::Claimed => "claimed",
        })
    }
}

/// The strength for one kind of caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Whose calls.
    pub callers: String,
    /// How strong.
    pub strength: Strength,
    /// Why.
    pub reason: &'static str,
}

/// The strength for every role that invokes, and every kind of its callers.
pub fn of(d: &Deployment) -> Vec<Attribution> {
    let roles = match &d.access {
        Access::IdentityCenter(_) => {
            return vec![Attribution {
                callers: "Identity Center users".to_owned(),
                strength: Strength::Bound,
                reason: "Identity Center sets the session name to the user name; the client cannot choose it",
            }];
        }
        Access::Roles(roles) => roles,
    };
    let mut attributions = Vec::new();
    for (role, callers) in [("developers", &roles.developers), ("admins", &roles.admins)] {
        let (users, others): (Vec<_>, Vec<_>) = callers
            .iter()
            .partition(|caller| matches!(caller, Trusted::User { .. }));
        if !users.is_empty() {
            attributions.push(Attribution {
                callers: format!("{role}: {}", counted(users.len(), "IAM user", "IAM users")),
                strength: Strength::Bound,
                reason: "the trust policy demands the user's own name as session name, and none lets a role use it",
            });
        }
        if !others.is_empty() {
            attributions.push(Attribution {
                callers: format!(
                    "{role}: {}",
                    counted(others.len(), "role or role pattern", "roles or role patterns")
                ),
                strength: Strength::Claimed,
                reason: "the caller chooses the session name; only the names of IAM users of any of the roles are \
                         refused",
            });
        }
    }
    attributions
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
