//! What is sent to AWS and to the quota service, and what is made of a whole exchange. The server shows our side alone:
//! it cannot say whether AWS takes what is sent.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod cognito;
mod identity_center;
mod quota;
#[path = "../oidc/server.rs"]
mod server;
mod sts;

use std::cell::RefCell;
use std::time::Duration;

use client::Secret;
use client::oidc::Claims;
use client::paths::Environment;
use jiff::Timestamp;
use server::Server;

/// Stands for a token; nothing here looks into it.
const TOKEN: &str = "eyJh.eyJp+/=.c2ln";

fn now() -> Timestamp {
    "2026-11-26T08:00:00Z".parse().unwrap()
}

/// All services of AWS are the server.
fn environment(server: &Server) -> Environment {
    [("AWS_ENDPOINT_URL", server.base.as_str())].into_iter().collect()
}

fn token() -> Secret {
    Secret::new(TOKEN)
}

fn claims() -> Claims {
    Claims {
        issuer: "https://id.example".to_owned(),
        subject: "s".to_owned(),
        audience: vec!["client".to_owned()],
        authorized_party: None,
        expires: now(),
        issued: now(),
        not_before: None,
        nonce: None,
        email: None,
        preferred_username: None,
        name: None,
        groups: Vec::new(),
        tags: client::oidc::Tags::default(),
        raw: serde_json::Map::new(),
    }
}

/// Counts pauses instead of making them.
#[derive(Default)]
struct Pauses(RefCell<Vec<Duration>>);

impl Pauses {
    fn sleep(&self) -> impl Fn(Duration) {
        |pause| self.0.borrow_mut().push(pause)
    }

    fn count(&self) -> usize {
        self.0.borrow().len()
    }
}
