//! An operation of an AWS API, and what calling it takes.

use super::pace::Pace;

/// An operation of an AWS API.
#[derive(Debug, PartialEq)]
pub struct Operation {
    /// Service and operation of the API, as `sso-admin:ListInstances`.
    pub name: &'static str,
    /// IAM actions that the caller needs, those of services behind the operation included.
    pub grants: &'static [Grant],
    /// How often it may be called.
    pub pace: &'static Pace,
}

/// An IAM action on resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The action, as `sso:ListInstances`.
    pub action: &'static str,
    /// What it is needed on.
    pub on: On,
}

/// Resources of the deployment that a grant is limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum On {
    /// Everything: the action has no resource, or which one it will be is not known before the call.
    Anything,
    /// The bucket of invocation logs.
    LogBucket,
    /// The objects in it.
    LogObjects,
    /// The customer-managed key of logs, where there is one.
    LogKey,
    /// The log group of invocation logs.
    LogGroup,
    /// The bucket of query results, and of the tables of prices and profiles.
    ResultsBucket,
    /// The results in it.
    ResultsObjects,
    /// The bucket of Terraform's state.
    StateBucket,
    /// The Athena workgroup.
    Workgroup,
    /// The Glue catalogue, the database and its tables.
    Tables,
    /// The topic of alerts.
    Topic,
    /// The budgets of the deployment.
    Budgets,
    /// The inference profiles of the allowed models and the foundation models behind them.
    Models,
    /// The roles of developers, administrators and analysts, those that there are.
    Roles,
    /// The role of developers.
    DeveloperRole,
    /// The IAM users that a role trusts.
    Users,
    /// The account's provider for the issuer of tokens.
    OpenIdProvider,
    /// The identity pools of the region: an id is not known before the apply.
    IdentityPools,
}

impl Operation {
    /// An operation that needs the action of its own name.
    pub const fn new(name: &'static str, grants: &'static [Grant]) -> Self {
        Self {
            name,
            grants,
            pace: &Pace::ORDINARY,
        }
    }

    /// The same operation under a limit of its own or of a group.
    pub const fn paced(mut self, pace: &'static Pace) -> Self {
        self.pace = pace;
        self
    }
}

/// The IAM actions of the operation of this name, for people.
pub fn actions_of(operations: &[&Operation], name: &str) -> String {
    let actions: Vec<String> = operations
        .iter()
        .filter(|operation| operation.name == name)
        .flat_map(|operation| operation.grants)
        .map(|grant| format!("`{}`", grant.action))
        .collect();
    actions.join(", ")
}

/// A grant on everything.
pub const fn anywhere(action: &'static str) -> Grant {
    Grant {
        action,
        on: On::Anything,
    }
}

/// A grant on resources of the deployment.
pub const fn on(action: &'static str, on: On) -> Grant {
    Grant { action, on }
}
