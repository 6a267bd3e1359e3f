//! Amazon Bedrock.

use crate::aws::operation::{On, Operation, anywhere, on};

/// System and application inference profiles.
pub static LIST_INFERENCE_PROFILES: Operation = Operation::new(
    "bedrock:ListInferenceProfiles",
    &[anywhere("bedrock:ListInferenceProfiles")],
);

/// One inference profile: its state and its destinations.
pub static GET_INFERENCE_PROFILE: Operation = Operation::new(
    "bedrock:GetInferenceProfile",
    &[anywhere("bedrock:GetInferenceProfile")],
);

/// Tags of an application inference profile.
pub static LIST_TAGS_FOR_RESOURCE: Operation = Operation::new(
    "bedrock:ListTagsForResource",
    &[anywhere("bedrock:ListTagsForResource")],
);

/// Whether the account may use a model.
pub static GET_FOUNDATION_MODEL_AVAILABILITY: Operation = Operation::new(
    "bedrock:GetFoundationModelAvailability",
    &[anywhere("bedrock:GetFoundationModelAvailability")],
);

/// The use-case form, as it was submitted in the caller's account.
pub static GET_USE_CASE_FOR_MODEL_ACCESS: Operation = Operation::new(
    "bedrock:GetUseCaseForModelAccess",
    &[anywhere("bedrock:GetUseCaseForModelAccess")],
);

/// Whether prompts may be retained outside the account.
pub static GET_ACCOUNT_DATA_RETENTION: Operation = Operation::new(
    "bedrock:GetAccountDataRetention",
    &[anywhere("bedrock:GetAccountDataRetention")],
);

/// Guardrails of the account.
pub static LIST_GUARDRAILS: Operation = Operation::new("bedrock:ListGuardrails", &[anywhere("bedrock:ListGuardrails")]);

/// What of each call is logged, and where.
pub static GET_MODEL_INVOCATION_LOGGING_CONFIGURATION: Operation = Operation::new(
    "bedrock:GetModelInvocationLoggingConfiguration",
    &[anywhere("bedrock:GetModelInvocationLoggingConfiguration")],
);

/// A call of a model. It costs a few tokens, and is made on request only.
pub static INVOKE_MODEL: Operation =
    Operation::new("bedrock-runtime:InvokeModel", &[on("bedrock:InvokeModel", On::Models)]);
