//! IAM Identity Center: permission sets and assignments (`sso:` in IAM), users and groups.

use crate::aws::operation::{Operation, anywhere};
use crate::aws::pace::Pace;

/// All operations of the service together.
///
/// Source: <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
static SSO_ADMIN: Pace = Pace {
    group: "sso-admin",
    per_second: 20,
};

/// Instances of Identity Center in a region.
pub static LIST_INSTANCES: Operation =
    Operation::new("sso-admin:ListInstances", &[anywhere("sso:ListInstances")]).paced(&SSO_ADMIN);

/// An instance, and whether it has permission sets.
pub static DESCRIBE_INSTANCE: Operation =
    Operation::new("sso-admin:DescribeInstance", &[anywhere("sso:DescribeInstance")]).paced(&SSO_ADMIN);

/// Permission sets of an instance.
pub static LIST_PERMISSION_SETS: Operation =
    Operation::new("sso-admin:ListPermissionSets", &[anywhere("sso:ListPermissionSets")]).paced(&SSO_ADMIN);

/// Name of a permission set.
pub static DESCRIBE_PERMISSION_SET: Operation = Operation::new(
    "sso-admin:DescribePermissionSet",
    &[anywhere("sso:DescribePermissionSet")],
)
.paced(&SSO_ADMIN);

/// The inline policy of a permission set.
pub static GET_INLINE_POLICY_FOR_PERMISSION_SET: Operation = Operation::new(
    "sso-admin:GetInlinePolicyForPermissionSet",
    &[anywhere("sso:GetInlinePolicyForPermissionSet")],
)
.paced(&SSO_ADMIN);

/// Managed policies of AWS in a permission set.
pub static LIST_MANAGED_POLICIES_IN_PERMISSION_SET: Operation = Operation::new(
    "sso-admin:ListManagedPoliciesInPermissionSet",
    &[anywhere("sso:ListManagedPoliciesInPermissionSet")],
)
.paced(&SSO_ADMIN);

/// Managed policies of the account that a permission set names.
pub static LIST_CUSTOMER_MANAGED_POLICY_REFERENCES_IN_PERMISSION_SET: Operation = Operation::new(
    "sso-admin:ListCustomerManagedPolicyReferencesInPermissionSet",
    &[anywhere("sso:ListCustomerManagedPolicyReferencesInPermissionSet")],
)
.paced(&SSO_ADMIN);

/// Who has a permission set in an account.
pub static LIST_ACCOUNT_ASSIGNMENTS: Operation = Operation::new(
    "sso-admin:ListAccountAssignments",
    &[anywhere("sso:ListAccountAssignments")],
)
.paced(&SSO_ADMIN);

/// Permission sets that an account has, in their latest form or an earlier one.
pub static LIST_PERMISSION_SETS_PROVISIONED_TO_ACCOUNT: Operation = Operation::new(
    "sso-admin:ListPermissionSetsProvisionedToAccount",
    &[anywhere("sso:ListPermissionSetsProvisionedToAccount")],
)
.paced(&SSO_ADMIN);

/// Attributes that become session tags.
pub static DESCRIBE_INSTANCE_ACCESS_CONTROL_ATTRIBUTE_CONFIGURATION: Operation = Operation::new(
    "sso-admin:DescribeInstanceAccessControlAttributeConfiguration",
    &[anywhere("sso:DescribeInstanceAccessControlAttributeConfiguration")],
)
.paced(&SSO_ADMIN);

/// Users of the identity store.
pub static LIST_USERS: Operation = Operation::new("identitystore:ListUsers", &[anywhere("identitystore:ListUsers")]);

/// The id of a group.
pub static GET_GROUP_ID: Operation =
    Operation::new("identitystore:GetGroupId", &[anywhere("identitystore:GetGroupId")]);

/// A group, with whoever provisioned it.
pub static DESCRIBE_GROUP: Operation = Operation::new(
    "identitystore:DescribeGroup",
    &[anywhere("identitystore:DescribeGroup")],
);

/// Members of a group.
pub static LIST_GROUP_MEMBERSHIPS: Operation = Operation::new(
    "identitystore:ListGroupMemberships",
    &[anywhere("identitystore:ListGroupMemberships")],
);
