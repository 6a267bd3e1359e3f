//! `config.json`: what the developer's programs are told about their deployment.
//!
//! One type for the packager that writes the file and for the programs that read it, in the two forms that installations have:
//! profiles under `profiles`, and profiles at the top level. What is wrong with a file is said with the profile and the field.

mod error;
mod file;
mod form;
mod profile;
mod raw;
mod reader;
mod twice;
mod write;

pub use error::{Error, Place};
pub use file::{Config, FILE_NAME, Unknown};
pub use form::is_pool;
pub use profile::{
    Access, AzureClient, Endpoints, FailMode, Federation, IdentityCenter, Oidc, Profile, ProviderType, Quota, Storage,
};
pub use raw::KNOWN as FIELDS;
pub use write::to_text;
