//! The answer of an evaluation.

use std::fmt;

/// Where a document stands in a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Service control policies of one level: 0 is the organization's root, the last the account.
    ServiceControl {
        /// Index into [`super::PolicySet::scp_levels`].
        level: usize,
    },
    /// The resource's policy, or a role's trust policy.
    Resource,
    /// Identity policies.
    Identity,
    /// The permission boundary.
    Boundary,
    /// Session policies.
    Session,
}

/// A statement of a document of the evaluated set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatementRef {
    /// Where its document stands.
    pub layer: Layer,
    /// Name of the document, as the caller gave it.
    pub document: String,
    /// `Sid`, where the statement has one.
    pub sid: Option<String>,
    /// Position in the document, from 0.
    pub index: usize,
}

/// The verdict on a request, with what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Allowed: every layer that must allow does, and no statement denies.
    Allowed {
        /// The first statement that allows in each layer that was needed.
        by: Vec<StatementRef>,
    },
    /// Denied by a `Deny` statement.
    ExplicitDeny {
        /// The first statement that denies.
        by: StatementRef,
    },
    /// Denied because a layer that must allow does not. A `Deny` statement whose condition is unknown may apply as
    /// well; that would change the reason, not the verdict.
    ImplicitDeny {
        /// The first layer that does not allow.
        layer: Layer,
    },
    /// The request does not settle it.
    DependsOn {
        /// The condition keys that are unknown and in play, as written in the policies; sorted, unique. Where AWS
        /// documents no meaning it is what the meaning turns on: the key, or the element (`Principal`,
        /// `NotPrincipal`, `CanonicalUser`, `Resource`).
        keys: Vec<String>,
        /// The statements whose effect is open.
        statements: Vec<StatementRef>,
    },
}

impl Decision {
    /// Whether the request is certainly allowed.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    /// Whether the request is certainly denied, explicitly or implicitly.
    pub fn is_denied(&self) -> bool {
        matches!(self, Self::ExplicitDeny { .. } | Self::ImplicitDeny { .. })
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceControl { level } => write!(f, "service control policies of level {level}"),
            Self::Resource => f.write_str("resource policy"),
            Self::Identity => f.write_str("identity policies"),
            Self::Boundary => f.write_str("permission boundary"),
            Self::Session => f.write_str("session policies"),
        }
    }
}

impl fmt::Display for StatementRef {
    /// `document: Sid`, or `document: statement 3` (counted from 1) without a Sid.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sid {
            Some(sid) => write!(f, "{}: {sid}", self.document),
            None => write!(f, "{}: statement {}", self.document, self.index + 1),
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed { by } => {
                f.write_str("allowed by ")?;
                list(f, by)
            }
            Self::ExplicitDeny { by } => write!(f, "denied by {by}"),
            Self::ImplicitDeny { layer } => write!(f, "not allowed by the {layer}"),
            Self::DependsOn { keys, .. } => {
                f.write_str("depends on ")?;
                list(f, keys)
            }
        }
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: &[T]) -> fmt::Result {
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
