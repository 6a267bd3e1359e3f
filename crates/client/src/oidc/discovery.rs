//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::address;
use crate::http::Http;
use crate::{Error, Kind};

/// The part of the document that logins need, and what tells whether they will work.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Document {
    /// Issuer, as its tokens name it.
    pub issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where codes become tokens.
    pub token_endpoint: String,
    /// Keys of signatures.
    pub jwks_uri: String,
    /// Where a device asks for a code (RFC 8628 §4).
    pub device_authorization_endpoint: Option<String>,
    /// Scopes that the provider admits to.
    pub scopes_supported: Option<Vec<String>>,
    /// Ways in which applications prove themselves that it admits to.
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
    /// Ways of PKCE that it admits to (RFC 8414 §2); `S256` is the one that is used.
    pub code_challenge_methods_supported: Option<Vec<String>>,
    /// Whether the answer of a login names its issuer (RFC 9207 §3).
    pub authorization_response_iss_parameter_supported: Option<bool>,
}

/// Whether an issuer may be asked.
pub(super) fn check(issuer: &str) -> Result<(), Error> {
    address::check(issuer)
        .map_err(|why| Error::new(Kind::Config, format!("the issuer `{}` {why}", address::shown(issuer))))
}

/// The document of an issuer. Whether it speaks of the issuer that was meant is for the caller to judge.
///
/// # Errors
/// When there is none, or one of its addresses would give tokens away.
pub fn fetch(http: &Http, issuer: &str) -> Result<Document, Error> {
    check(issuer)?;
    // Discovery 1.0 §4.1 takes the slash at the end away before the path is added.
    let base = issuer.trim_end_matches('/');
    let url = format!("{base}/.well-known/openid-configuration");
    let answer = http.get(&url, &[("Accept", "application/json")])?;
    if answer.status != 200 {
        let kind = match answer.status {
            429 | 500.. => Kind::Network,
            _ => Kind::Config,
        };
        return Err(
            Error::new(kind, format!("{url} answered with HTTP status {}", answer.status))
                .advise("look whether `oidc_issuer_url` in config.json is the issuer of the provider"),
        );
    }
    let document: Document = answer.json(&url)?;
    let addresses = [
        ("authorization_endpoint", Some(&document.authorization_endpoint)),
        ("token_endpoint", Some(&document.token_endpoint)),
        ("jwks_uri", Some(&document.jwks_uri)),
        (
            "device_authorization_endpoint",
            document.device_authorization_endpoint.as_ref(),
        ),
    ];
    for (name, value) in addresses {
        let Some(value) = value else { continue };
        address::check(value).map_err(|why| {
            Error::new(
                Kind::Config,
                format!("{url}: `{name}` is `{}`, which {why}", address::shown(value)),
            )
            .advise("tokens are not sent there; the provider has to correct its document")
        })?;
    }
    Ok(document)
}
