//! IAM Identity Center: a login by a code that is typed in at the access portal, and credentials of a permission set.
//!
//! The login is shared with the AWS CLI: see [`cache`] and [`logins`].

pub mod cache;
mod device;
pub mod logins;
mod logout;
mod refusal;
mod role;
mod session;

use client_config::IdentityCenter;
use jiff::Timestamp;

use super::endpoint::{Endpoint, Service};
use crate::http::Http;
use crate::paths::Environment;
use crate::{Error, Secret};

pub use device::{Device, Poll};
pub use session::Session;

/// A login of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Takes credentials.
    pub access_token: Secret,
    /// Until when.
    pub expires: Timestamp,
    /// Brings the next one, together with the registration for which it was given.
    pub renewal: Option<Renewal>,
}

/// What brings the next token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// The token for it.
    pub refresh_token: Secret,
    /// The program that it was given to.
    pub registration: Registration,
}

/// A program that IAM Identity Center knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Until when it is known.
    pub expires: Timestamp,
}

/// Asks one instance of IAM Identity Center.
#[derive(Debug)]
pub struct Client<'a> {
    http: &'a Http,
    settings: &'a IdentityCenter,
    logins: Endpoint,
    portal: Endpoint,
}

impl<'a> Client<'a> {
    /// For this instance.
    ///
    /// # Errors
    /// When its region is none, or a variable holds an address that would give tokens away.
    pub fn new(http: &'a Http, settings: &'a IdentityCenter, environment: &Environment) -> Result<Self, Error> {
        Ok(Self {
            http,
            settings,
            logins: Endpoint::of(Service::SsoOidc, &settings.region, environment)?,
            portal: Endpoint::of(Service::Sso, &settings.region, environment)?,
        })
    }
}
