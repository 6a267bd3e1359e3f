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

/// The strength for every kind of developer of this deployment.
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
    let (users, others): (Vec<_>, Vec<_>) = roles
        .developers
        .iter()
        .partition(|caller| matches!(caller, Trusted::User { .. }));
    let mut attributions = Vec::new();
    if !users.is_empty() {
        attributions.push(Attribution {
            callers: counted(users.len(), "IAM user"),
            strength: Strength::Bound,
            reason: "the trust policy demands the user's own name as session name, and lets no role use it",
        });
    }
    if !others.is_empty() {
        attributions.push(Attribution {
            callers: counted(others.len(), "role or role pattern"),
            strength: Strength::Claimed,
            reason: "the caller chooses the session name; only the names of trusted IAM users are refused",
        });
    }
    attributions
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 {
        format!("1 {what}")
    } else {
        format!("{n} {what}s")
    }
}
