//! The deployment's policy documents, and what must be proven of them.

mod admin;
mod analyst;
pub mod arns;
pub mod attribution;
mod buckets;
mod developer;
pub mod documents;
mod guardrail;
mod invocation;
mod key;
mod log_delivery;
pub mod proof;
mod reading;
mod scp;
mod scp_services;
mod size;

mod topic;
pub mod trust;
mod writes;

#[cfg(test)]
pub mod fixtures;
#[cfg(test)]
mod tests;

pub use documents::{Documents, documents};
pub use invocation::{UNSPECIFIED_REGION, may_name_system_profiles, own_profile_tags};
pub use proof::{Row, prove};
pub use size::{TooLarge, check, sizes};
