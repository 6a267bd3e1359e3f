//! What a provider accepts: its resource types, their arguments and blocks, its functions.
//!
//! A schema comes from the output of `terraform providers schema -json` ([`ProviderSchema::from_json`]), or is one of the
//! two that are embedded: hashicorp/aws ([`ProviderSchema::aws`]) and Terraform's own ([`ProviderSchema::builtin`]).

mod compact;
mod error;
mod json;
mod model;
mod provider;
pub mod validators;

pub use error::SchemaError;
pub use model::{
    AttributeNesting, AttributeSchema, BlockNesting, BlockSchema, FunctionSchema, NestedAttributes, NestedBlock,
    Parameter,
};
pub use provider::{AWS_SOURCE, AWS_VERSION, BUILTIN_SOURCE, Kind, ProviderSchema};
