//! `config.json` of `credential-process`.

use client_config::{Access as Way, AzureClient, Endpoints, Oidc, Profile, ProviderType, Storage};

use crate::deployment::model::{Access, Deployment, OpenIdProvider};
use crate::guardrails::arns::Arns;

/// The text of the file; `None` where developers do not sign in with that program, or where the id of the deployment's identity
/// pool is not known.
pub fn config(deployment: &Deployment, identity_pool: Option<&str>) -> Option<String> {
    let Access::Federation(federation) = &deployment.access else {
        return None;
    };
    let (provider, issuer) = match federation.provider {
        OpenIdProvider::Okta => (ProviderType::Okta, None),
        OpenIdProvider::Entra => (ProviderType::Azure, None),
        OpenIdProvider::Auth0 => (ProviderType::Auth0, None),
        OpenIdProvider::Cognito => (ProviderType::Cognito, None),
        OpenIdProvider::Google => (ProviderType::Google, None),
        // By its own discovery document, whose issuer must be this one letter for letter.
        OpenIdProvider::Oidc => (ProviderType::Generic, Some(federation.issuer.clone())),
    };
    // The program adds Auth0's slash itself.
    let domain = federation.provider_name().trim_end_matches('/');
    // As existing installations have it: the domain is a host, and the server stands by itself.
    let (domain, okta_server) = match domain.split_once("/oauth2/") {
        Some((host, server)) if federation.provider == OpenIdProvider::Okta => (host, Some(server.to_owned())),
        _ => (domain, None),
    };
    let profile = Profile {
        name: deployment.names.cli_profile.clone(),
        region: deployment.region.clone(),
        access: Way::Oidc(Box::new(Oidc {
            provider,
            domain: domain.to_owned(),
            client_id: federation.client_id.clone(),
            client_secret: None,
            okta_server,
            user_pool: None,
            prompt: None,
            endpoints: Endpoints {
                issuer,
                ..Endpoints::default()
            },
            azure: AzureClient::Public,
            redirect_port: 8400,
            federation: match federation.identity_pool {
                Some(_) => client_config::Federation::Cognito {
                    identity_pool: identity_pool?.to_owned(),
                },
                None => client_config::Federation::Direct {
                    role_arn: Arns::new(deployment).role(&deployment.names.developer),
                    duration: federation.max_session_seconds,
                },
            },
        })),
        storage: Storage::default(),
        quota: None,
    };
    Some(client_config::to_text(&[profile]))
}
