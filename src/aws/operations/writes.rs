//! Operations that change something. `tfgen fix` alone calls them.

use crate::aws::operation::{On, Operation, anywhere, on};

/// Opts the account into a region.
pub static ENABLE_REGION: Operation = Operation::new("account:EnableRegion", &[anywhere("account:EnableRegion")]);

/// Submits Anthropic's use-case form.
pub static PUT_USE_CASE_FOR_MODEL_ACCESS: Operation = Operation::new(
    "bedrock:PutUseCaseForModelAccess",
    &[anywhere("bedrock:PutUseCaseForModelAccess")],
);

/// Offers of a model's provider; reads only, and is of use to nobody else.
pub static LIST_FOUNDATION_MODEL_AGREEMENT_OFFERS: Operation = Operation::new(
    "bedrock:ListFoundationModelAgreementOffers",
    &[anywhere("bedrock:ListFoundationModelAgreementOffers")],
);

/// Accepts an offer: Bedrock subscribes the account in AWS Marketplace with the caller's own rights.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html>
pub static CREATE_FOUNDATION_MODEL_AGREEMENT: Operation = Operation::new(
    "bedrock:CreateFoundationModelAgreement",
    &[
        anywhere("bedrock:CreateFoundationModelAgreement"),
        anywhere("aws-marketplace:Subscribe"),
        anywhere("aws-marketplace:ViewSubscriptions"),
    ],
);

/// Enables a type of policies on the root of the organization.
pub static ENABLE_POLICY_TYPE: Operation = Operation::new(
    "organizations:EnablePolicyType",
    &[anywhere("organizations:EnablePolicyType")],
);

/// Policies of the organization.
pub static LIST_POLICIES: Operation =
    Operation::new("organizations:ListPolicies", &[anywhere("organizations:ListPolicies")]);

/// Makes a policy.
pub static CREATE_POLICY: Operation =
    Operation::new("organizations:CreatePolicy", &[anywhere("organizations:CreatePolicy")]);

/// Changes the text of a policy.
pub static UPDATE_POLICY: Operation =
    Operation::new("organizations:UpdatePolicy", &[anywhere("organizations:UpdatePolicy")]);

/// Attaches a policy.
pub static ATTACH_POLICY: Operation =
    Operation::new("organizations:AttachPolicy", &[anywhere("organizations:AttachPolicy")]);

/// Activates cost allocation tags.
pub static UPDATE_COST_ALLOCATION_TAGS_STATUS: Operation = Operation::new(
    "ce:UpdateCostAllocationTagsStatus",
    &[anywhere("ce:UpdateCostAllocationTagsStatus")],
);

/// Applies the active tags to the past.
pub static START_COST_ALLOCATION_TAG_BACKFILL: Operation = Operation::new(
    "ce:StartCostAllocationTagBackfill",
    &[anywhere("ce:StartCostAllocationTagBackfill")],
);

/// Gives an account the latest form of a permission set.
pub static PROVISION_PERMISSION_SET: Operation = Operation::new(
    "sso-admin:ProvisionPermissionSet",
    &[anywhere("sso:ProvisionPermissionSet")],
);

/// Subscribes to the topic of alerts.
pub static SUBSCRIBE: Operation = Operation::new("sns:Subscribe", &[on("sns:Subscribe", On::Topic)]);
