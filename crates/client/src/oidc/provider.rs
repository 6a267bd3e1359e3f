//! From config.json to the addresses of a provider: one value that login, refresh and verification share.

mod known;

use client_config::{Oidc, ProviderType};

use super::address;
use super::discovery::{self, Document};
use super::pkce::Attempt;
use super::text::printable;
use crate::http::{Http, encode};
use crate::{Error, Kind};

/// A provider, with all that a login there needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Which one it is.
    pub kind: ProviderType,
    /// The application's id there.
    pub client_id: String,
    /// Issuer, exactly as its tokens name it.
    pub issuer: String,
    /// Where the browser is sent.
    pub authorization_endpoint: String,
    /// Where codes and refresh tokens become tokens.
    pub token_endpoint: String,
    /// Where it wants the application's secret.
    pub secret_in: SecretIn,
    /// Where a device asks for a code; none where the provider has no such flow for this kind of application, or was not asked.
    pub device_authorization_endpoint: Option<String>,
    /// Keys of its signatures.
    pub jwks_uri: String,
    /// Whether it says that the answers of its logins name it (RFC 9207).
    pub names_itself: bool,
    /// Scopes that are asked for.
    pub scopes: Vec<&'static str>,
    /// What the address of the login page says beyond OpenID Connect.
    pub authorization_parameters: Vec<(&'static str, String)>,
}

/// Where a request carries the application's secret (RFC 6749 §2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretIn {
    /// In its body, as all providers take it that are known.
    Body,
    /// In its header, as HTTP Basic has it.
    Header,
}

/// The addresses of a provider, and how it is spoken to there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Addresses {
    issuer: String,
    authorization: String,
    token: String,
    secret_in: SecretIn,
    device: Option<String>,
    jwks: String,
    names_itself: bool,
}

/// What a configuration settles by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Everything.
    All(Provider),
    /// Not the addresses, which this issuer's discovery document has.
    ByDiscovery {
        /// The issuer that is asked.
        issuer: String,
        /// Scopes that are asked for, as far as the provider knows them.
        scopes: Vec<&'static str>,
    },
}

/// Asks for the document of an issuer, which must speak of that issuer: exactly, but for the slash at its end, or whatever it says.
type Ask<'a> = &'a mut dyn FnMut(&str, Same) -> Result<Document, Error>;

/// How far the issuer of a document must be the one that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Same {
    Exactly,
    ButForTheSlash,
    Whatever,
}

impl Provider {
    /// What a configuration settles without a question to anybody.
    ///
    /// # Errors
    /// Those of [`Self::resolve`] that need no answer.
    pub fn settled(oidc: &Oidc) -> Result<Settled, Error> {
        let mut asked = None;
        let built = Self::build(oidc, &mut |issuer, _| {
            discovery::check(issuer)?;
            asked = Some(issuer.to_owned());
            Err(Error::new(Kind::Network, "nobody is asked"))
        });
        match (built, asked) {
            (Ok(provider), _) => Ok(Settled::All(provider)),
            (Err(_), Some(issuer)) => Ok(Settled::ByDiscovery {
                issuer,
                scopes: scopes(oidc.provider),
            }),
            (Err(error), None) => Err(error),
        }
    }

    /// The provider of a configuration. The network is asked only where the configuration does not settle the addresses: for a
    /// `generic` provider without all of its own, a tenant of Entra ID that is named by its domain, and a user pool without its
    /// hosted domain.
    ///
    /// # Errors
    /// When the configuration is not enough or contradicts itself, an address would give tokens away, or the discovery document
    /// cannot be had or is another issuer's.
    pub fn resolve(oidc: &Oidc, http: &Http) -> Result<Self, Error> {
        Self::build(oidc, &mut |issuer, same| discovered(http, issuer, same))
    }

    fn build(oidc: &Oidc, ask: Ask<'_>) -> Result<Self, Error> {
        // A query in the domain would swallow the paths that are added to it.
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/%".contains(&byte);
        if !oidc.domain.bytes().all(fits) {
            return Err(Error::new(
                Kind::Config,
                format!("config.json: `provider_domain` is `{}`", printable(&oidc.domain, 100)),
            )
            .advise("expected a host, and for some providers a path, such as login.microsoftonline.com/TENANT/v2.0"));
        }
        let given = &oidc.endpoints;
        for (field, url) in [
            ("oidc_issuer_url", &given.issuer),
            ("oidc_authorization_endpoint", &given.authorization),
            ("oidc_token_endpoint", &given.token),
            ("oidc_jwks_uri", &given.jwks),
        ] {
            let Some(url) = url else { continue };
            address::check(url).map_err(|why| {
                Error::new(
                    Kind::Config,
                    format!("config.json: `{field}` is `{}`, which {why}", address::shown(url)),
                )
                .advise(format!("ask whoever gave you the package for the right `{field}`"))
            })?;
        }
        let mut scopes = scopes(oidc.provider);
        let addresses = match oidc.provider {
            ProviderType::Okta => known::okta(oidc)?,
            ProviderType::Auth0 => known::auth0(oidc),
            ProviderType::Azure => known::azure(oidc, |authority| {
                ask(authority, Same::Whatever).map(|document| document.issuer)
            })?,
            ProviderType::Google => known::google(oidc)?,
            ProviderType::Cognito => match known::cognito(oidc)? {
                known::Pool::Hosted(addresses) => addresses,
                known::Pool::Bare { issuer } => of_document(ask(&issuer, Same::Exactly)?),
            },
            ProviderType::Generic => generic(oidc, ask, &mut scopes)?,
        };
        for (name, url) in [
            ("issuer", Some(&addresses.issuer)),
            ("authorization endpoint", Some(&addresses.authorization)),
            ("token endpoint", Some(&addresses.token)),
            ("device authorization endpoint", addresses.device.as_ref()),
            ("address of the keys", Some(&addresses.jwks)),
        ] {
            let Some(url) = url else { continue };
            address::check(url).map_err(|why| {
                Error::new(
                    Kind::Config,
                    format!("the {name} of the provider is `{}`, which {why}", address::shown(url)),
                )
                .advise("correct `provider_domain` or the `oidc_…` fields in config.json")
            })?;
        }
        Ok(Self {
            kind: oidc.provider,
            client_id: oidc.client_id.clone(),
            issuer: addresses.issuer,
            authorization_endpoint: addresses.authorization,
            token_endpoint: addresses.token,
            secret_in: addresses.secret_in,
            device_authorization_endpoint: addresses.device,
            jwks_uri: addresses.jwks,
            names_itself: addresses.names_itself,
            scopes,
            authorization_parameters: parameters(oidc),
        })
    }

    /// Every name by which its tokens may call the issuer.
    ///
    /// Google leaves the scheme out in some. Source: <https://developers.google.com/identity/openid-connect/reference#discovery-document>
    pub fn issuers(&self) -> Vec<&str> {
        let mut all = vec![self.issuer.as_str()];
        if self.kind == ProviderType::Google {
            all.push("accounts.google.com");
        }
        all
    }

    /// The scopes as a request carries them.
    pub fn scope(&self) -> String {
        self.scopes.join(" ")
    }

    /// Address of the login page for one attempt. It holds the state and the nonce, so it is for this user alone.
    pub fn authorization_url(&self, attempt: &Attempt, redirect_uri: &str) -> String {
        let (scope, challenge) = (self.scope(), attempt.challenge());
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", &scope),
            ("state", attempt.state.expose()),
            ("nonce", attempt.nonce.expose()),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let more = &self.authorization_parameters;
        fields.extend(more.iter().map(|(name, value)| (*name, value.as_str())));
        // A policy of Azure AD B2C, for one, stands in the query of the endpoint itself.
        let separator = match self.authorization_endpoint.contains('?') {
            true => '&',
            false => '?',
        };
        format!("{}{separator}{}", self.authorization_endpoint, encode(&fields))
    }

    /// Where a device asks for a code (RFC 8628 §3.1). A `generic` provider whose addresses stand in config.json is asked for it,
    /// because config.json has no field for it.
    ///
    /// # Errors
    /// When the provider has no such flow, or does not answer.
    pub fn device_endpoint(&self, http: &Http) -> Result<String, Error> {
        if let Some(known) = &self.device_authorization_endpoint {
            return Ok(known.clone());
        }
        let found = match self.kind {
            ProviderType::Generic => discovered(http, &self.issuer, Same::Exactly)?.device_authorization_endpoint,
            _ => None,
        };
        found.ok_or_else(|| {
            Error::new(
                Kind::Login,
                "the provider has no login by device code for this kind of application",
            )
            .advise(
                "sign in with this machine's browser (`credential-process login`), or with another's (`credential-process login \
                 --paste`)",
            )
        })
    }
}

/// Scopes that are asked for. `offline_access` brings the refresh token where the provider knows it (OpenID Connect Core §11):
/// a user pool of Cognito always gives one and refuses unknown scopes, Google has a parameter instead.
fn scopes(kind: ProviderType) -> Vec<&'static str> {
    match kind {
        ProviderType::Okta | ProviderType::Auth0 | ProviderType::Azure | ProviderType::Generic => {
            vec!["openid", "profile", "email", "offline_access"]
        }
        // `profile` is refused where the application of the pool does not allow it.
        ProviderType::Cognito => vec!["openid", "email"],
        ProviderType::Google => vec!["openid", "email", "profile"],
    }
}

/// What the address of the login page says beyond OpenID Connect.
fn parameters(oidc: &Oidc) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    match oidc.provider {
        ProviderType::Azure => all.push(("response_mode", "query".to_owned())),
        // Without it there is no refresh token.
        // Source: <https://developers.google.com/identity/protocols/oauth2/native-app>
        ProviderType::Google => all.push(("access_type", "offline".to_owned())),
        _ => {}
    }
    all.extend(prompt(oidc).map(|prompt| ("prompt", prompt.to_owned())));
    all
}

/// What the login page is told about asking (`prompt`), if anything.
pub fn prompt(oidc: &Oidc) -> Option<&str> {
    let prompt = match (oidc.prompt.as_deref(), oidc.provider) {
        (Some(given), _) => given,
        // People have several accounts there, and the wrong one is found silently.
        (None, ProviderType::Azure) => "select_account",
        (None, _) => "",
    };
    Some(prompt).filter(|prompt| !prompt.is_empty())
}

/// A provider that nobody here knows: what the file says wins, its own document fills in the rest.
fn generic(oidc: &Oidc, ask: Ask<'_>, scopes: &mut Vec<&'static str>) -> Result<Addresses, Error> {
    let given = &oidc.endpoints;
    if let (Some(issuer), Some(authorization), Some(token), Some(jwks)) =
        (&given.issuer, &given.authorization, &given.token, &given.jwks)
    {
        return Ok(Addresses {
            issuer: issuer.clone(),
            authorization: authorization.clone(),
            token: token.clone(),
            secret_in: SecretIn::Body,
            device: None,
            jwks: jwks.clone(),
            names_itself: false,
        });
    }
    let document = match &given.issuer {
        Some(issuer) => ask(issuer, Same::Exactly)?,
        None => ask(&format!("https://{}", oidc.domain), Same::ButForTheSlash)?,
    };
    let has_offline = |supported: &Vec<String>| supported.iter().any(|scope| scope == "offline_access");
    if document
        .scopes_supported
        .as_ref()
        .is_some_and(|supported| !has_offline(supported))
    {
        scopes.retain(|scope| *scope != "offline_access");
    }
    let found = of_document(document);
    Ok(Addresses {
        names_itself: found.names_itself && given.authorization.is_none(),
        issuer: found.issuer,
        authorization: given.authorization.clone().unwrap_or(found.authorization),
        token: given.token.clone().unwrap_or(found.token),
        secret_in: found.secret_in,
        device: found.device,
        jwks: given.jwks.clone().unwrap_or(found.jwks),
    })
}

/// The document of an issuer, which must speak of that issuer (Discovery 1.0 §4.3). Where the issuer was made of a domain, which
/// has no slash at its end, the document settles whether there is one.
fn discovered(http: &Http, issuer: &str, same: Same) -> Result<Document, Error> {
    let document = discovery::fetch(http, issuer)?;
    let is_same = match same {
        Same::Exactly => document.issuer == issuer,
        Same::ButForTheSlash => document.issuer.trim_end_matches('/') == issuer,
        Same::Whatever => true,
    };
    if is_same {
        return Ok(document);
    }
    let said = printable(&document.issuer, 200);
    let advice = match said.contains('{') {
        true => {
            "this issuer is a pattern for many tenants, and AWS takes the tokens of one; name the tenant in config.json"
        }
        false => {
            "set `oidc_issuer_url` in config.json to the issuer of the provider, exactly as its document and its tokens have it"
        }
    };
    Err(Error::new(
        Kind::Config,
        format!("the discovery document of {issuer} is that of another issuer: `{said}`"),
    )
    .advise(advice))
}

fn of_document(document: Document) -> Addresses {
    let has = |method: &str| {
        let methods = document.token_endpoint_auth_methods_supported.as_ref();
        methods.is_some_and(|methods| methods.iter().any(|known| known == method))
    };
    Addresses {
        // Nothing said would mean the header by Discovery 1.0 §3, and yet the body is what has always been sent and taken.
        secret_in: match has("client_secret_basic") && !has("client_secret_post") {
            true => SecretIn::Header,
            false => SecretIn::Body,
        },
        issuer: document.issuer,
        authorization: document.authorization_endpoint,
        token: document.token_endpoint,
        device: document.device_authorization_endpoint,
        jwks: document.jwks_uri,
        names_itself: document.authorization_response_iss_parameter_supported == Some(true),
    }
}

#[cfg(test)]
mod tests;
