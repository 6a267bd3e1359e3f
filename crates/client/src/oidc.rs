//! Logins at OpenID providers, as far as they need neither a browser nor AWS.

mod address;
mod discovery;
pub mod pkce;
pub mod provider;
mod text;
