//! The policy language from outside: one binary, a module for each part.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod canonical;
mod conditions;
mod layers;
mod parse;
mod principals;
mod print;
mod properties;
mod resources;
mod support;
