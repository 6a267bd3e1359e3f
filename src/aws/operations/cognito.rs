//! Identity pools of Amazon Cognito.

use crate::aws::operation::{On, Operation, anywhere, on};

/// The pools of a region.
pub static LIST_IDENTITY_POOLS: Operation = Operation::new(
    "cognito-identity:ListIdentityPools",
    &[anywhere("cognito-identity:ListIdentityPools")],
);

/// A pool.
pub static DESCRIBE_IDENTITY_POOL: Operation = Operation::new(
    "cognito-identity:DescribeIdentityPool",
    &[on("cognito-identity:DescribeIdentityPool", On::IdentityPools)],
);

/// The roles that a pool gives sessions of.
pub static GET_IDENTITY_POOL_ROLES: Operation = Operation::new(
    "cognito-identity:GetIdentityPoolRoles",
    &[on("cognito-identity:GetIdentityPoolRoles", On::IdentityPools)],
);

/// The tags that a pool makes of a provider's claims.
pub static GET_PRINCIPAL_TAG_ATTRIBUTE_MAP: Operation = Operation::new(
    "cognito-identity:GetPrincipalTagAttributeMap",
    &[on("cognito-identity:GetPrincipalTagAttributeMap", On::IdentityPools)],
);
