//! None of the mistakes of `docs/mistakes.md` is in what tfgen writes.
//!
//! Looked at is everything that a user gets of four deployments that differ where the mistakes were made: the rendered
//! tree and what `tfgen onboard` prints. The page names these tests and those elsewhere; `page` keeps it true.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod claims;
mod deployments;
mod models;
mod page;
mod policies;
mod terraform;

#[path = "../support/mod.rs"]
mod support;
