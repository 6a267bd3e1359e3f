//! An identity pool of Amazon Cognito in its enhanced flow: the pool itself chooses the role.
//!
//! Credentials of this flow last an hour, whatever `max_session_duration` says; their own end is what counts.

mod refusal;

use client_config::{Oidc, ProviderType};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::endpoint::{Endpoint, Service};
use super::fault::{Failed, Fault};
use super::retry::{self, Sleep};
use crate::credentials::Credentials;
use crate::http::{Answer, Http};
use crate::oidc::Claims;
use crate::paths::Environment;
use crate::{Error, Kind, Secret};

/// What is asked of Amazon Cognito.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// Id of the identity pool, `REGION:UUID`.
    pub pool: &'a str,
    /// Name of the provider in the pool, see [`login_key`].
    pub login: &'a str,
    /// The id_token.
    pub token: &'a Secret,
    /// What it says.
    pub claims: &'a Claims,
}

/// The name of the provider in the pool: the domain of config.json; for a user pool the token's issuer without its scheme, whose
/// letters count. With an authorization server of Okta it is the issuer as well, since its path belongs to the provider's name.
pub fn login_key(oidc: &Oidc, claims: &Claims) -> String {
    match oidc.provider {
        ProviderType::Cognito => {}
        ProviderType::Okta if oidc.okta_server.is_some() => {}
        _ => return oidc.domain.clone(),
    }
    let issuer = claims.issuer.as_str();
    issuer.strip_prefix("https://").unwrap_or(issuer).to_owned()
}

/// Where the pool is: its id begins with its region.
///
/// # Errors
/// When it does not, or a variable holds an address that would give tokens away.
pub fn endpoint(pool: &str, environment: &Environment) -> Result<Endpoint, Error> {
    let odd = || {
        let shown = pool.escape_debug();
        Error::new(Kind::Config, format!("`{shown}` is no id of an identity pool"))
            .advise("set `identity_pool_id` in config.json, such as us-east-1:00000000-0000-0000-0000-000000000000")
    };
    let (region, id) = pool.split_once(':').ok_or_else(odd)?;
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return Err(odd());
    }
    Endpoint::of(Service::CognitoIdentity, region, environment)
}

/// Takes a token for credentials.
///
/// # Errors
/// When Cognito does not take the token, with what to compare, or there is no answer.
pub fn credentials(
    http: &Http,
    endpoint: &Endpoint,
    request: &Request<'_>,
    sleep: Sleep<'_>,
) -> Result<Credentials, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Identity {
        identity_id: String,
    }
    let logins = json!({ request.login: request.token.expose() });
    let ask = |operation: &str, body: &serde_json::Value| {
        retry::repeat(sleep, refusal::passes, || {
            once(http, endpoint, request, operation, body)
        })
        .map_err(|failed| match failed {
            Failed::Refused(fault) => refusal::explain(&fault, operation, request),
            Failed::Other(error) => error,
        })
    };
    let answer = ask("GetId", &json!({ "IdentityPoolId": request.pool, "Logins": logins }))?;
    let identity: Identity = answer.json("Amazon Cognito")?;
    let body = json!({ "IdentityId": identity.identity_id, "Logins": logins });
    let answer = ask("GetCredentialsForIdentity", &body)?;
    read(&answer)
}

fn once(
    http: &Http,
    endpoint: &Endpoint,
    request: &Request<'_>,
    operation: &str,
    body: &serde_json::Value,
) -> Result<Answer, Failed> {
    let target = format!("AWSCognitoIdentityService.{operation}");
    let answer = http
        .json(&endpoint.at("/"), Some(&target), body)
        .map_err(Failed::Other)?;
    match Fault::of_json(&answer, request.token) {
        Some(fault) => Err(Failed::Refused(fault)),
        None => Ok(answer),
    }
}

fn read(answer: &Answer) -> Result<Credentials, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Raw {
        credentials: Keys,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Keys {
        access_key_id: String,
        secret_key: Secret,
        session_token: Secret,
        /// Seconds since 1970, with a fraction.
        expiration: f64,
    }
    let keys = answer.json::<Raw>("Amazon Cognito")?.credentials;
    // The cast saturates, and what is out of range is refused.
    let end = Timestamp::from_second(keys.expiration as i64).map_err(|_| {
        Error::new(Kind::Network, "Amazon Cognito gave credentials whose end is no time").advise("try again")
    })?;
    Ok(Credentials {
        access_key_id: keys.access_key_id,
        secret: keys.secret_key,
        session_token: keys.session_token,
        expiration: Some(end),
    })
}

#[cfg(test)]
mod tests;
