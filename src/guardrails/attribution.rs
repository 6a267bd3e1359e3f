//! How strongly the names in the invocation log, of the caller and of the profile, are bound to a person.

use std::fmt;

use super::invocation::own_profile_tags;
use crate::deployment::model::{Access, Deployment, OpenIdProvider, ProfileScope, Trusted};

/// Who sets a name that the invocation log shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// AWS or the identity provider: the client cannot change it.
    Bound,
    /// The client, within what the trust policy lets it choose.
    Claimed,
    /// Nobody: all have the same name.
    Shared,
}

impl fmt::Display for Strength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bound => "bound",
            Self::Claimed => "claimed",
            Self::Shared => "shared",
        })
    }
}

/// The strength for one kind of caller, or of profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Whose calls, or whose profiles.
    pub callers: String,
    /// How strong.
    pub strength: Strength,
    /// Why.
    pub reason: &'static str,
}

/// The strength for every role that invokes and every kind of its callers, and for the profiles that they name.
pub fn of(d: &Deployment) -> Vec<Attribution> {
    let roles = match &d.access {
        Access::IdentityCenter(_) => {
            let mut attributions = vec![Attribution {
                callers: "Identity Center users".to_owned(),
                strength: Strength::Bound,
                reason: "Identity Center sets the session name to the user name; the client cannot choose it",
            }];
            attributions.extend(profiles(d));
            return attributions;
        }
        Access::Federation(federation) => {
            let callers = match federation.provider {
                OpenIdProvider::Oidc => "users of the OpenID provider".to_owned(),
                OpenIdProvider::Cognito => "users of the Cognito user pool".to_owned(),
                provider => format!("users of {}", provider.name()),
            };
            let direct = (
                Strength::Claimed,
                "the session name is set by the program that exchanges the token: `credential-process` takes \
                         the token's address, another program can take a colleague's, and AWS documents no \
                 condition that compares it with the token",
            );
            let pooled = (
                Strength::Shared,
                "an identity pool names every session `CognitoIdentityCredentials`: the name says nothing of who called",
            );
            let (strength, reason) = match federation.identity_pool {
                Some(_) => pooled,
                None => direct,
            };
            let mut attributions = vec![Attribution {
                callers,
                strength,
                reason,
            }];
            attributions.extend(profiles(d));
            return attributions;
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
                         refused, so a colleague's e-mail address can be claimed",
            });
        }
    }
    attributions.extend(profiles(d));
    attributions
}

/// The strength of the application inference profile that a call names.
fn profiles(d: &Deployment) -> Option<Attribution> {
    if d.profiles != ProfileScope::Developer {
        return None;
    }
    let (strength, reason) = match own_profile_tags(d) {
        Some(_) if has_pool(d) => (
            Strength::Bound,
            "the tag that the identity pool makes of the token's claim must equal the profile's user tag, so a colleague's \
             cannot be used, and no system profile either: its calls would carry no tag",
        ),
        None if has_pool(d) => (
            Strength::Claimed,
            "the client chooses it and can use a colleague's, and the bill's tags follow it; the session name, which all \
             share, shows nothing beside it",
        ),
        Some(_) if matches!(d.access, Access::Federation(_)) => (
            Strength::Bound,
            "the tag that the identity provider puts into the token must equal the profile's user tag, so a colleague's \
             cannot be used, and no system profile either: its calls would carry no tag",
        ),
        Some(_) => (
            Strength::Bound,
            "the session tag that Identity Center sets must equal the profile's user tag, so a colleague's cannot be used",
        ),
        None if d.analytics.is_none() => (
            Strength::Claimed,
            "the client chooses it and can use a colleague's, and the bill's tags follow it; the log shows \
             the session name beside it",
        ),
        None => (
            Strength::Claimed,
            "the client chooses it and can use a colleague's, and the bill's tags follow it; the queries go by the session \
             name and list who used whose",
        ),
    };
    Some(Attribution {
        callers: "application inference profiles".to_owned(),
        strength,
        reason,
    })
}

fn has_pool(d: &Deployment) -> bool {
    matches!(&d.access, Access::Federation(federation) if federation.identity_pool.is_some())
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
