//! The program in a home folder that something is kept in already. The server stands for the quota service and for AWS: it shows
//! when each is asked and what the program makes of it, not that they take it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod center;
mod home;
mod machine;
mod paste;
mod quota;
mod refresh;
#[path = "../oidc/server.rs"]
#[allow(dead_code, reason = "not every test crate needs everything")]
mod server;
#[path = "../oidc/signer.rs"]
#[allow(dead_code, reason = "likewise")]
mod signer;
mod told;
