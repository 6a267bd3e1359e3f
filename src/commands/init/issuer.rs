//! From the address that somebody typed to the issuer that tokens name.

use client::http::Http;
use client::oidc::provider::Provider;
use client::{Error, Kind};
use client_config::{AzureClient, Endpoints, Federation as Credentials, Oidc, ProviderType};

use super::federation::OpenId;

/// What people copy along with the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// What an address tells by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The provider, where it was stated or the host tells it.
    pub provider: Option<OpenId>,
    /// The issuer: for a known provider as its tokens have it, for others as it was typed.
    pub issuer: String,
}

/// What an address tells without anybody being asked; `stated` is the provider, where somebody said it. Only a tenant of
/// Microsoft Entra ID that is named by its domain has to be asked for its id, over `http`.
///
/// # Errors
/// Why it cannot be an issuer, in words that follow nothing.
pub fn known(address: &str, stated: Option<OpenId>, http: &Http, offline: bool) -> Result<Known, String> {
    let wrong = |why: &str| Err(format!("`{}` cannot be the issuer: {why}", shown(address)));
    let url = address.strip_suffix(WELL_KNOWN).unwrap_or(address);
    let rest = match url.split_once("://") {
        Some(("https", rest)) => rest,
        // A provider on this machine, to be looked at: AWS would not take its tokens.
        Some(("http", rest)) if is_loopback(rest) => rest,
        _ => return wrong("expected https://…; AWS takes no other address"),
    };
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['?', '#']) {
        return wrong("it has a query, a fragment, or characters that no address has");
    }
    let provider = stated.or_else(|| ProviderType::of_host(rest).map(OpenId::from));
    let found = |issuer: String| Ok(Known { provider, issuer });
    let domain = rest.trim_end_matches('/');
    let (host, path) = domain.split_once('/').unwrap_or((domain, ""));
    match provider {
        None | Some(OpenId::Oidc) => return found(url.to_owned()),
        Some(OpenId::Cognito) if host.ends_with(".amazoncognito.com") => {
            return wrong(
                "this is the pool's login page; the issuer is https://cognito-idp.REGION.amazonaws.com/POOL, made of the \
                 region and the id of the pool",
            );
        }
        Some(OpenId::Cognito) => return found(format!("https://{domain}")),
        Some(OpenId::Okta) if !path.is_empty() && path.strip_prefix("oauth2/").is_none_or(|id| id.contains('/')) => {
            return wrong(
                "expected the organization's host, or with another server https://acme.okta.com/oauth2/SERVER",
            );
        }
        Some(OpenId::Entra) if offline && is_domain(path.split('/').next().unwrap_or(path)) => {
            return wrong("tokens have the tenant's id, not its domain; name the id, or leave `--offline` out");
        }
        Some(_) => {}
    }
    let oidc = Oidc {
        provider: provider.map_or(ProviderType::Generic, OpenId::provider_type),
        ..plain(domain.to_owned())
    };
    match resolve(&oidc, http) {
        Ok(issuer) => found(issuer),
        Err(fault) if fault.kind == Kind::Network => wrong(&format!(
            "tokens have the tenant's id, not its domain, and it could not be asked for: {}; name the id",
            fault.message
        )),
        Err(fault) => wrong(&fault.advice.unwrap_or(fault.message)),
    }
}

/// Whether an address without its scheme is of this machine.
fn is_loopback(rest: &str) -> bool {
    let host = rest.split(['/', ':']).next().unwrap_or(rest);
    host == "localhost" || host.starts_with("127.")
}

/// Whether a tenant of Microsoft Entra ID is named by its domain.
pub fn is_domain(tenant: &str) -> bool {
    tenant.contains('.') && tenant != "v2.0"
}

/// The issuer of a provider, as the programs of the developers know it.
///
/// # Errors
/// When the configuration is not enough, or the provider had to be asked and did not answer.
pub fn resolve(oidc: &Oidc, http: &Http) -> Result<String, Error> {
    Provider::resolve(oidc, http).map(|provider| provider.issuer)
}

/// A configuration that says nothing but where the provider is.
pub fn plain(domain: String) -> Oidc {
    Oidc {
        provider: ProviderType::Generic,
        domain,
        client_id: String::new(),
        client_secret: None,
        okta_server: None,
        user_pool: None,
        prompt: None,
        endpoints: Endpoints::default(),
        azure: AzureClient::Public,
        redirect_port: 0,
        federation: Credentials::Cognito {
            identity_pool: String::new(),
        },
    }
}

/// What somebody else wrote, on one line and of bounded length.
pub fn shown(text: &str) -> String {
    let line: String = text.chars().take(200).collect();
    line.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const TENANT: &str = "11112222-3333-4444-5555-666677778888";

    fn offline(address: &str) -> Result<Known, String> {
        known(address, None, &Http::new(Duration::from_secs(1)), true)
    }

    #[test]
    fn the_issuer_is_as_the_tokens_have_it() {
        let tenant = format!("https://login.microsoftonline.com/{TENANT}/v2.0");
        let pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI";
        for (address, provider, issuer) in [
            ("https://acme.okta.com", OpenId::Okta, "https://acme.okta.com"),
            ("https://acme.okta.com/", OpenId::Okta, "https://acme.okta.com"),
            (
                "https://acme.okta.com/oauth2/default/",
                OpenId::Okta,
                "https://acme.okta.com/oauth2/default",
            ),
            (
                "https://acme.okta.com/oauth2/aus1/.well-known/openid-configuration",
                OpenId::Okta,
                "https://acme.okta.com/oauth2/aus1",
            ),
            ("https://acme.eu.auth0.com", OpenId::Auth0, "https://acme.eu.auth0.com/"),
            (
                "https://acme.eu.auth0.com/",
                OpenId::Auth0,
                "https://acme.eu.auth0.com/",
            ),
            (&tenant, OpenId::Entra, &tenant),
            (
                &format!("https://login.microsoftonline.com/{TENANT}"),
                OpenId::Entra,
                &tenant,
            ),
            (&format!("https://sts.windows.net/{TENANT}/"), OpenId::Entra, &tenant),
            (
                "https://accounts.google.com/",
                OpenId::Google,
                "https://accounts.google.com",
            ),
            (&format!("{pool}/"), OpenId::Cognito, pool),
        ] {
            let expected = Known {
                provider: Some(provider),
                issuer: issuer.to_owned(),
            };
            assert_eq!(offline(address), Ok(expected), "{address}");
        }
        // Nobody here knows whether this one's has a slash: its own document says it.
        for address in ["https://id.example/realms/x", "https://id.example/realms/x/"] {
            let expected = Known {
                provider: None,
                issuer: address.to_owned(),
            };
            assert_eq!(offline(address), Ok(expected));
        }
    }

    #[test]
    fn what_cannot_be_an_issuer_is_told_why() {
        for (address, why) in [
            ("acme.okta.com", "expected https://"),
            ("https://id.example/x?p=policy", "a query"),
            ("https://id.example/\u{202e}", "characters that no address has"),
            ("https://acme.okta.com/app/x", "https://acme.okta.com/oauth2/SERVER"),
            (
                "https://acme.okta.com/oauth2/default/v1/authorize",
                "https://acme.okta.com/oauth2/SERVER",
            ),
            ("https://acme.auth.eu-west-1.amazoncognito.com", "the pool's login page"),
            (
                "https://login.microsoftonline.com/common/v2.0",
                "stands for many tenants",
            ),
            (
                "https://login.microsoftonline.com/organizations",
                "stands for many tenants",
            ),
            (
                "https://login.microsoftonline.com",
                "expected the authority and the tenant",
            ),
            (
                "https://login.microsoftonline.com/acme.onmicrosoft.com/v2.0",
                "the tenant's id",
            ),
        ] {
            let said = offline(address).unwrap_err();
            assert!(said.contains(why), "{said}");
            assert!(!said.contains("config.json"), "{said}");
        }
    }
}
