//! Logins at OpenID providers, as far as they need neither a browser nor AWS.

mod address;
mod claims;
mod discovery;
pub mod jwks;
pub mod jwt;
pub mod pkce;
pub mod provider;
mod text;

pub use claims::{Claims, Tags};
