//! AWS Account Management and Service Quotas.

use crate::aws::operation::{Operation, anywhere};

/// Whether a region is enabled.
pub static GET_REGION_OPT_STATUS: Operation =
    Operation::new("account:GetRegionOptStatus", &[anywhere("account:GetRegionOptStatus")]);

/// The state of the caller's own account.
pub static GET_ACCOUNT_INFORMATION: Operation = Operation::new(
    "account:GetAccountInformation",
    &[anywhere("account:GetAccountInformation")],
);

/// Quotas of a service, as they are applied to the account.
pub static LIST_SERVICE_QUOTAS: Operation = Operation::new(
    "servicequotas:ListServiceQuotas",
    &[anywhere("servicequotas:ListServiceQuotas")],
);
