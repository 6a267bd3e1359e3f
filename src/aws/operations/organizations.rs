//! AWS Organizations.
//!
//! Rates: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>

use crate::aws::operation::{Operation, anywhere};
use crate::aws::pace::Pace;

static DESCRIBE: Pace = Pace {
    group: "organizations:DescribePolicy",
    per_second: 2,
};

static LIST: Pace = Pace {
    group: "organizations:ListPolicies",
    per_second: 5,
};

/// The organization; answers in every account of it.
pub static DESCRIBE_ORGANIZATION: Operation = Operation::new(
    "organizations:DescribeOrganization",
    &[anywhere("organizations:DescribeOrganization")],
);

/// State of an account.
pub static DESCRIBE_ACCOUNT: Operation = Operation::new(
    "organizations:DescribeAccount",
    &[anywhere("organizations:DescribeAccount")],
);

/// The root with the types of policies that are enabled on it.
pub static LIST_ROOTS: Operation = Operation::new("organizations:ListRoots", &[anywhere("organizations:ListRoots")]);

/// The unit above an account or unit.
pub static LIST_PARENTS: Operation =
    Operation::new("organizations:ListParents", &[anywhere("organizations:ListParents")]);

/// Policies that are attached to an account, a unit or the root.
pub static LIST_POLICIES_FOR_TARGET: Operation = Operation::new(
    "organizations:ListPoliciesForTarget",
    &[anywhere("organizations:ListPoliciesForTarget")],
)
.paced(&LIST);

/// The text of a policy.
pub static DESCRIBE_POLICY: Operation = Operation::new(
    "organizations:DescribePolicy",
    &[anywhere("organizations:DescribePolicy")],
)
.paced(&DESCRIBE);
