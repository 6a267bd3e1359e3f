//! `tfgen verify` against an emulation of AWS: real HTTP, the real SDK, worlds made through the emulation's own API.
//!
//! For each check a world in which it passes, one in which it fails, and where they exist one pending, one unknown and one
//! skipped. What the emulation proves and what not stands in docs/testing.md.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod accounts;
mod attribution;
mod budgets;
mod cost_tags;
mod faults;
mod federation;
mod fix;
mod formats;
mod foundation;
mod interrupted;
mod logging;
mod next_steps;
mod onboarding;
mod permissions;
mod roles;
mod stage;
