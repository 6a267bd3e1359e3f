//! Logins at OpenID providers, as far as they need neither a browser nor AWS.
//!
//! A [`provider::Provider`] is made of config.json, a [`pkce::Attempt`] goes into its login page, a [`token::Client`] turns what
//! comes back into tokens, and a [`jwks::KeyStore`] says whether the id_token is what it says it is.

pub(crate) mod address;
mod claims;
pub mod client_auth;
pub mod discovery;
pub mod jwks;
pub mod jwt;
pub mod pkce;
pub mod provider;
pub(crate) mod text;
pub mod token;

pub use claims::{Claims, Tags};
