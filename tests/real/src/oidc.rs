//! A certified OpenID provider and a headless browser (`tests/real/oidc/`).

mod browser;
mod provider;

pub use browser::{Browser, Page};
pub use provider::{CLIENT_ID, Endpoint, Fault, Knobs, Provider, Request, Shape};

use std::path::PathBuf;

use anyhow::Result;

use crate::{npm, paths};

/// Where the scripts are.
fn scripts() -> PathBuf {
    paths::repository().join("tests/real/oidc")
}

/// The installation of their packages, from which they run.
fn packages() -> Result<PathBuf> {
    npm::install("oidc", &scripts())
}
