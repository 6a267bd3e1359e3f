//! Evaluation of a request against a set of policies.

mod caller;
mod compare;
mod condition;
mod context;
mod decide;
mod decimal;
mod decision;
mod keys;
mod principal;
mod statement;
mod truth;
mod variables;

pub use caller::Caller;
pub use compare::compare;
pub use context::{Context, Known};
pub use decide::evaluate;
pub use decision::{Decision, Layer, StatementRef};

use crate::{Document, arn};

/// A document with the name by which a decision refers to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T> {
    /// Name, such as a file name or a policy's ARN.
    pub name: String,
    /// The thing itself.
    pub value: T,
}

impl<T> Named<T> {
    /// Names a thing.
    pub fn new(name: impl Into<String>, value: T) -> Self {
        Self {
            name: name.into(),
            value,
        }
    }
}

/// Every policy that takes part in a decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PolicySet {
    /// Service control policies, level by level from the organization's root to the account; each level must allow.
    /// Empty where none apply: no organization, or the management account. They are passed over for service
    /// principals, anonymous callers and service-linked roles.
    pub scp_levels: Vec<Vec<Named<Document>>>,
    /// Identity policies of the user or role (of a user also those of its groups).
    pub identity: Vec<Named<Document>>,
    /// The resource's policy; the trust policy where the resource is a role; `None` where the resource has none.
    pub resource: Option<Named<Document>>,
    /// Permission boundary of the user or role.
    pub boundary: Option<Named<Document>>,
    /// Session policies; together they allow what any of them allows. Empty where the session was made without.
    pub session: Vec<Named<Document>>,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who makes it.
    pub principal: Caller,
    /// `service:Operation`.
    pub action: String,
    /// ARN of the resource, or `*` for an action that knows no resource.
    pub resource: String,
    /// Account that owns the resource, where the ARN does not say (an S3 bucket's does not). Where neither says, a
    /// resource without policy counts as the caller's own, and one with a policy may turn out to depend on
    /// `aws:ResourceAccount`.
    pub resource_account: Option<String>,
    /// Condition keys. Those that follow from the caller are filled in unless stated here.
    pub context: Context,
}

impl Request {
    /// A request of which no condition key is stated.
    pub fn new(principal: Caller, action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            principal,
            action: action.into(),
            resource: resource.into(),
            resource_account: None,
            context: Context::new(),
        }
    }

    /// Sets the context.
    #[must_use]
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Sets the account that owns the resource.
    #[must_use]
    pub fn resource_account(mut self, account_id: impl Into<String>) -> Self {
        self.resource_account = Some(account_id.into());
        self
    }

    /// The account that owns the resource: the stated one, or the one in its ARN.
    pub fn owner(&self) -> Option<&str> {
        let in_arn = || arn::account(&self.resource).filter(|account| arn::is_account_id(account));
        self.resource_account.as_deref().or_else(in_arn)
    }
}
