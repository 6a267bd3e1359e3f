//! From a corporate login to temporary AWS credentials, for the program that each AWS SDK starts before its calls.
//!
//! Nothing here prints: what a run says is a value, which the program writes.

pub mod args;
pub mod bearer;
pub mod credentials;
mod error;
pub mod federation;
pub mod http;
pub mod lock;
pub mod login;
mod loopback;
pub mod oidc;
pub mod origin;
mod pace;
pub mod paths;
pub mod quota;
pub mod run;
mod secret;
mod sigv4;
pub mod store;
pub mod version;

pub use error::{Error, Kind};
pub use secret::Secret;
