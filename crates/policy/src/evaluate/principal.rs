//! Who is meant by `Principal` and `NotPrincipal`.

use super::Caller;
use super::context::Known;
use super::keys::Keys;
use super::truth::{Open, Truth};
use crate::{PrincipalPattern, Principals, arn};

/// In which way a statement means the caller. It decides which other policies can still stand in the way
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// As itself, or as anybody.
    pub(super) direct: Truth,
    /// Through its role.
    pub(super) role: Truth,
    /// Through its account, which leaves it to the account's identity policies.
    pub(super) account: Truth,
}

impl Reach {
    pub(super) const NONE: Self = Self {
        direct: Truth::False,
        role: Truth::False,
        account: Truth::False,
    };

    pub(super) const DIRECT: Self = Self {
        direct: Truth::True,
        ..Self::NONE
    };

    /// Whether the caller is meant at all.
    pub(super) fn any(self) -> Truth {
        self.direct.or(self.role).or(self.account)
    }
}

/// How a statement's principals reach the caller.
pub(super) fn reach(principals: &Principals, caller: &Caller, keys: &Keys<'_>, open: &mut Open) -> Reach {
    match principals {
        Principals::Only(patterns) => {
            let mark = open.mark();
            let mut reach = Reach::NONE;
            for pattern in patterns {
                one(pattern, caller, keys, open, &mut reach);
                if reach.direct == Truth::True {
                    break;
                }
            }
            open.settle(
                mark,
                if reach.direct == Truth::True {
                    Truth::True
                } else {
                    Truth::Unknown
                },
            );
            reach
        }
        Principals::AllBut(patterns) => Reach {
            direct: all_but(patterns, caller, open),
            ..Reach::NONE
        },
    }
}

fn one(pattern: &PrincipalPattern, caller: &Caller, keys: &Keys<'_>, open: &mut Open, reach: &mut Reach) {
    match (pattern, caller) {
        (PrincipalPattern::Anyone, _) => reach.direct = Truth::True,
        (PrincipalPattern::Aws(text), _) if text == "*" => {
            let truth = any_aws(caller, open);
            reach.direct = reach.direct.or(truth);
        }
        (PrincipalPattern::Aws(text), _) => aws(text, caller, keys, open, reach),
        (PrincipalPattern::Service(text), Caller::Service { name }) if text == name => reach.direct = Truth::True,
        (PrincipalPattern::Federated(text), Caller::Federated { provider }) if text == provider => {
            reach.direct = Truth::True;
        }
        // Which account a canonical user id belongs to cannot be seen.
        (PrincipalPattern::CanonicalUser(_), _) if caller.account().is_some() => {
            open.push("CanonicalUser");
            reach.account = reach.account.or(Truth::Unknown);
        }
        _ => {}
    }
}

/// `{"AWS": "*"}` is documented as everybody only for those who have an account or none at all
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous>).
fn any_aws(caller: &Caller, open: &mut Open) -> Truth {
    match caller {
        Caller::Service { .. } | Caller::Federated { .. } => {
            open.push("Principal");
            Truth::Unknown
        }
        _ => Truth::True,
    }
}

fn aws(text: &str, caller: &Caller, keys: &Keys<'_>, open: &mut Open, reach: &mut Reach) {
    if let Some(account) = arn::account_principal(text) {
        if caller.account() == Some(account) {
            match caller {
                Caller::Root { .. } => reach.direct = Truth::True,
                _ => reach.account = Truth::True,
            }
        }
        return;
    }
    match caller {
        Caller::User { arn } | Caller::FederatedUser { arn } if arn == text => reach.direct = Truth::True,
        Caller::RoleSession { session_arn, .. } if session_arn == text => reach.direct = Truth::True,
        Caller::RoleSession { role_arn, .. } if role_arn == text => reach.role = Truth::True,
        Caller::User { .. } | Caller::RoleSession { .. } if arn::is_unique_id(text) => {
            let truth = has_unique_id(text, keys, open);
            let way = match caller {
                Caller::User { .. } => &mut reach.direct,
                _ => &mut reach.role,
            };
            *way = (*way).or(truth);
        }
        _ => {}
    }
}

/// `aws:userid` is a user's unique id, or a role's with the session's name behind a colon.
fn has_unique_id(id: &str, keys: &Keys<'_>, open: &mut Open) -> Truth {
    match keys.get("aws:userid") {
        Known::Values(values) => values.iter().any(|v| v.split(':').next() == Some(id)).into(),
        Known::Absent => Truth::False,
        Known::Unknown => {
            open.push("aws:userid");
            Truth::Unknown
        }
    }
}

/// `NotPrincipal`. AWS checks the account, then the role or user, then the session, each against the list, and does
/// not say which services check which: a caller of whom some but not all are listed may or may not be meant
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html>).
fn all_but(patterns: &[PrincipalPattern], caller: &Caller, open: &mut Open) -> Truth {
    if patterns.contains(&PrincipalPattern::Anyone) {
        return Truth::False;
    }
    let listed = |wanted: &str| {
        patterns
            .iter()
            .any(|p| matches!(p, PrincipalPattern::Aws(text) if text == wanted))
    };
    if listed("*") {
        return any_aws(caller, open).negated_if(true);
    }
    let account = || {
        patterns.iter().any(|p| match p {
            PrincipalPattern::Aws(text) => arn::account_principal(text).is_some_and(|a| caller.account() == Some(a)),
            _ => false,
        })
    };
    let chain = match caller {
        Caller::User { arn } | Caller::FederatedUser { arn } => vec![account(), listed(arn)],
        Caller::RoleSession { role_arn, session_arn } => vec![account(), listed(role_arn), listed(session_arn)],
        Caller::Root { .. } => vec![account()],
        Caller::Service { name } => vec![patterns.contains(&PrincipalPattern::Service(name.clone()))],
        Caller::Federated { provider } => vec![patterns.contains(&PrincipalPattern::Federated(provider.clone()))],
        Caller::Anonymous => return Truth::True,
    };
    // Whose a canonical user id is cannot be seen, nor whose a unique id.
    let hidden = caller.account().is_some()
        && patterns.iter().any(|p| match p {
            PrincipalPattern::CanonicalUser(_) => true,
            PrincipalPattern::Aws(text) => arn::is_unique_id(text),
            _ => false,
        });
    if chain.iter().all(|listed| *listed) {
        Truth::False
    } else if chain.contains(&true) || hidden {
        open.push("NotPrincipal");
        Truth::Unknown
    } else {
        Truth::True
    }
}
