//! Whether a profile can bring credentials at all, as far as that shows without network, login and secrets: what a login would
//! refuse is refused before a browser opens.

use std::path::Path;

use client_config::{Access, AzureClient, Federation, Oidc};

use super::Session;
use crate::Error;
use crate::federation::cognito;
use crate::federation::endpoint::{Endpoint, Service};
use crate::oidc::client_auth::ClientAuth;
use crate::oidc::provider::Provider;
use crate::quota::check;
use crate::store::disk;

impl Session<'_> {
    /// Whether the profile, and the variables that change it, say enough for a login and nothing that cannot be.
    ///
    /// # Errors
    /// What the login would refuse, in its words.
    pub fn check(&self) -> Result<(), Error> {
        match &self.profile.access {
            Access::Oidc(oidc) => self.check_oidc(oidc)?,
            Access::IdentityCenter(center) => {
                for service in [Service::SsoOidc, Service::Sso] {
                    Endpoint::of(service, &center.region, self.environment)?;
                }
            }
            Access::Ambient => {}
        }
        if let Some(quota) = &self.profile.quota {
            check::address(quota)?;
        }
        Ok(())
    }

    /// What others can do to files that decide where tokens go, in words. Windows keeps a user's folders from others by itself.
    pub fn exposed(&self, config: &Path) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(mode) = disk::mode(config).filter(|mode| mode & 0o002 != 0) {
            all.push(format!(
                "{} can be written by everybody (mode {mode:04o}), and with it where your token goes: run `chmod 600` on it",
                config.display()
            ));
        }
        if let Access::Oidc(oidc) = &self.profile.access
            && let AzureClient::Certificate { key, .. } = &self.with_certificate(oidc).azure
            && let Some(mode) = disk::mode(key).filter(|mode| mode & 0o077 != 0)
        {
            all.push(format!(
                "{} can be read by others (mode {mode:04o}): run `chmod 600` on it",
                key.display()
            ));
        }
        all
    }

    fn check_oidc(&self, oidc: &Oidc) -> Result<(), Error> {
        Provider::settled(oidc)?;
        self.port(oidc)?;
        // Whether the keyring has the secret shows at the login: here nobody is asked to unlock it.
        if oidc.azure != AzureClient::Secret {
            ClientAuth::of(&self.with_certificate(oidc), None)?;
        }
        self.endpoint(oidc).map(drop)
    }

    /// Where the token becomes credentials.
    pub(super) fn endpoint(&self, oidc: &Oidc) -> Result<Endpoint, Error> {
        match &oidc.federation {
            Federation::Direct { .. } => Endpoint::of(Service::Sts, &self.profile.region, self.environment),
            Federation::Cognito { identity_pool } => cognito::endpoint(identity_pool, self.environment),
        }
    }
}
