//! From a corporate login to temporary credentials of AWS: AWS STS, an identity pool of Amazon Cognito, or IAM Identity Center.
//!
//! All of it is unsigned HTTPS. Waiting is the caller's: where AWS asks to come back later, the pause goes to a function that is
//! handed in, and device codes are asked about once per call.

pub mod cognito;
pub mod endpoint;
mod fault;
pub mod identity_center;
#[cfg(test)]
mod made;
mod retry;
pub mod session_name;
pub mod sts;

pub use retry::Sleep;
