//! IAM.

use crate::aws::operation::{On, Operation, anywhere, on};

/// What a role may do, service control policies included.
pub static SIMULATE_PRINCIPAL_POLICY: Operation = Operation::new(
    "iam:SimulatePrincipalPolicy",
    &[on("iam:SimulatePrincipalPolicy", On::DeveloperRole)],
);

/// Roles of the account.
pub static LIST_ROLES: Operation = Operation::new("iam:ListRoles", &[anywhere("iam:ListRoles")]);

/// A role and whom it trusts.
pub static GET_ROLE: Operation = Operation::new("iam:GetRole", &[on("iam:GetRole", On::Roles)]);

/// Names of a role's inline policies.
pub static LIST_ROLE_POLICIES: Operation =
    Operation::new("iam:ListRolePolicies", &[on("iam:ListRolePolicies", On::Roles)]);

/// An inline policy of a role.
pub static GET_ROLE_POLICY: Operation = Operation::new("iam:GetRolePolicy", &[on("iam:GetRolePolicy", On::Roles)]);

/// Managed policies of a role.
pub static LIST_ATTACHED_ROLE_POLICIES: Operation = Operation::new(
    "iam:ListAttachedRolePolicies",
    &[on("iam:ListAttachedRolePolicies", On::Roles)],
);

/// An OpenID provider of the account.
pub static GET_OPEN_ID_CONNECT_PROVIDER: Operation = Operation::new(
    "iam:GetOpenIDConnectProvider",
    &[on("iam:GetOpenIDConnectProvider", On::OpenIdProvider)],
);

/// A user.
pub static GET_USER: Operation = Operation::new("iam:GetUser", &[on("iam:GetUser", On::Users)]);

/// A user's second factors.
pub static LIST_MFA_DEVICES: Operation = Operation::new("iam:ListMFADevices", &[on("iam:ListMFADevices", On::Users)]);

/// Long-term API keys of a service.
pub static LIST_SERVICE_SPECIFIC_CREDENTIALS: Operation = Operation::new(
    "iam:ListServiceSpecificCredentials",
    &[anywhere("iam:ListServiceSpecificCredentials")],
);
