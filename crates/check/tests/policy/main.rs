//! The rules over policies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod correct;
mod pages;
mod rules;
mod seeded;
mod support;
mod unknown;
