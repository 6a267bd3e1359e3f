//! Whether a person may go on: what the quota service says, and how it is told.
//!
//! When it is asked again is decided by [`crate::store::quota_state::is_due`].

mod answer;
pub mod banner;
pub mod check;
mod meter;
pub mod page;
pub mod show;
mod sign;

pub use answer::{Amount, Answer, Policy, Usage};
pub use meter::{Meter, Unit};
