//! Sets up the components that the tests run against, once, under `target/real/`, and starts them.
//!
//! Nothing here is skipped when a component is missing: the test fails and says what to install.
#![cfg(target_os = "linux")]

pub mod cargo;
pub mod corpus;
pub mod debian;
pub mod fmt;
pub mod hosts;
pub mod http;
pub mod limit;
pub mod matrix;
pub mod moto;
pub mod npm;
pub mod oidc;
pub mod paths;
pub mod platforms;
pub mod proxy;
pub mod python;
pub mod secret_service;
pub mod terraform;
pub mod tfgen;
pub mod trust;
pub mod web_proxy;
pub mod wine;
