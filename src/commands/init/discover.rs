//! What an issuer says of itself: whether it is the one that was meant, and whether developers will be able to sign in.

use std::io::Write;
use std::time::Duration;

use client::Kind;
use client::http::Http;
use client::oidc::discovery::{self, Document};

use super::draft::{Draft, Notice, NoticeKind};
use super::federation::OpenId;
use super::issuer::{Known, known, shown};

/// How long an issuer may take for its answer.
const DEADLINE: Duration = Duration::from_secs(10);
/// Where an issuer is named.
const FLAG: &str = "--issuer";

/// Asks issuers.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The way to them.
    pub http: Http,
    /// Nobody is asked.
    pub offline: bool,
}

impl Asker {
    /// Somebody who asks within a deadline, or not at all.
    pub fn new(offline: bool) -> Self {
        Self {
            http: Http::named(concat!("tfgen/", env!("CARGO_PKG_VERSION")), DEADLINE),
            offline,
        }
    }
}

/// Looks at the issuer of a draft and fills in what follows from it; says on `err` what was found. Does nothing where there is
/// none, or where it was looked at already.
///
/// # Errors
/// The outer one when `err` cannot be written to; the inner one says why this cannot be the issuer.
pub fn look(draft: &mut Draft, asker: &Asker, err: &mut dyn Write) -> std::io::Result<Result<(), String>> {
    let federation = &mut draft.federation;
    let Some(typed) = federation.issuer.clone() else {
        return Ok(Ok(()));
    };
    if federation.looked_at.as_ref() == Some(&typed) {
        return Ok(Ok(()));
    }
    let found = match found(&typed, federation.stated, asker) {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason)),
    };
    write!(err, "{}", found.said)?;
    federation.provider = Some(found.provider);
    federation.looked_at = Some(found.issuer.clone());
    federation.issuer = Some(found.issuer);
    // What was said of another one does not count any more.
    draft.notices.retain(|notice| notice.variable != FLAG);
    draft.notices.extend(found.notices);
    Ok(Ok(()))
}

/// What became of an address.
struct Found {
    provider: OpenId,
    issuer: String,
    notices: Vec<Notice>,
    /// For the person in front of the terminal.
    said: String,
}

fn found(typed: &str, stated: Option<OpenId>, asker: &Asker) -> Result<Found, String> {
    let Known { provider, issuer } = known(typed, stated, &asker.http, asker.offline)?;
    let mut notices = Vec::new();
    let mut note = |kind, text: String| {
        notices.push(Notice {
            variable: FLAG.to_owned(),
            kind,
            text,
        });
    };
    let asked = match asker.offline {
        true => Err("was not asked: `--offline` was given".to_owned()),
        false => match discovery::fetch(&asker.http, &issuer) {
            Ok(document) => Ok(document),
            Err(fault) if fault.kind == Kind::Network => Err(format!("could not be asked: {}", fault.message)),
            Err(fault) => return Err(format!("`{}` cannot be the issuer: {}", shown(typed), fault.message)),
        },
    };
    let (provider, issuer, said) = match asked {
        Ok(document) => {
            let issuer = same_issuer(&issuer, provider, &document)?;
            let provider = provider.or_else(|| by_endpoints(&document)).unwrap_or(OpenId::Oidc);
            for text in doubts(provider, &document) {
                note(NoticeKind::Advice, text.to_owned());
            }
            let said = format!("{issuer} is {}\n{}", provider.name(), told(&document));
            (provider, issuer, said)
        }
        Err(reason) => {
            let text = "its own document was not read when this file was written; compare the issuer with the claim `iss` of a \
                        token, a slash at its end included";
            note(NoticeKind::Advice, text.to_owned());
            let provider = provider.unwrap_or(OpenId::Oidc);
            let said = format!(
                "{issuer} {reason}\n  from its address alone it is {}\n",
                provider.name()
            );
            (provider, issuer, said)
        }
    };
    let said = match issuer.starts_with("https://") {
        true => said,
        false => {
            // No note in the file: it will not be written.
            format!("{said}  not for a rollout: AWS takes no issuer on this machine, nor any without https://\n")
        }
    };
    if issuer != typed {
        note(
            NoticeKind::Changed,
            format!(
                "`{typed}` became `{issuer}`: so the provider's tokens name it, and AWS compares letter for letter"
            ),
        );
    }
    Ok(Found {
        provider,
        issuer,
        notices,
        said,
    })
}

/// The issuer that the document names, if it is the one that was meant (OpenID Connect Discovery 1.0 §4.3).
fn same_issuer(asked: &str, provider: Option<OpenId>, document: &Document) -> Result<String, String> {
    let said = &document.issuer;
    if said == asked {
        return Ok(said.clone());
    }
    // The path of the document is the same with a slash and without it, so only the document tells which is right.
    let is_open = matches!(provider, None | Some(OpenId::Oidc));
    if is_open && said.trim_end_matches('/') == asked.trim_end_matches('/') {
        return Ok(said.clone());
    }
    let said = shown(said);
    Err(match said.contains('{') {
        true => format!(
            "`{asked}` cannot be the issuer: its document is for many tenants (`{said}`), and AWS takes the tokens of one; name \
             your tenant in the address"
        ),
        false => format!(
            "`{asked}` cannot be the issuer: its document is that of another one, `{said}`; if that is the one that you mean, \
             give it to `{FLAG}`"
        ),
    })
}

/// The provider that has these endpoints, where it stands at a domain of the customer's own.
///
/// Sources: <https://developer.okta.com/docs/reference/api/oidc/> and <https://auth0.com/docs/api/authentication>
fn by_endpoints(document: &Document) -> Option<OpenId> {
    let (issuer, token) = (document.issuer.as_str(), document.token_endpoint.as_str());
    let is_okta = |server: &str| {
        token.strip_prefix(server) == Some("/v1/token")
            && document.authorization_endpoint.strip_prefix(server) == Some("/v1/authorize")
    };
    if is_okta(&format!("{issuer}/oauth2")) || issuer.contains("/oauth2/") && is_okta(issuer) {
        return Some(OpenId::Okta);
    }
    let is_auth0 = issuer.ends_with('/')
        && token.strip_prefix(issuer) == Some("oauth/token")
        && document.authorization_endpoint.strip_prefix(issuer) == Some("authorize");
    is_auth0.then_some(OpenId::Auth0)
}

fn admits(list: Option<&Vec<String>>, word: &str) -> Option<bool> {
    list.map(|list| list.iter().any(|item| item == word))
}

/// What may not work.
fn doubts(provider: OpenId, document: &Document) -> Vec<&'static str> {
    let mut all = Vec::new();
    match admits(document.code_challenge_methods_supported.as_ref(), "S256") {
        Some(false) => all.push(
            "the provider says that it does not know PKCE with S256, and `credential-process` signs in with nothing else",
        ),
        // Microsoft Entra ID and Cognito know it and do not say so.
        None if provider == OpenId::Oidc => all.push(
            "the provider does not say whether it knows PKCE with S256, and `credential-process` signs in with nothing else",
        ),
        Some(true) | None => {}
    }
    // Google and Cognito have refresh tokens without this scope.
    let is_needed = !matches!(provider, OpenId::Google | OpenId::Cognito);
    if is_needed && admits(document.scopes_supported.as_ref(), "offline_access") == Some(false) {
        all.push(
            "the provider does not offer the scope `offline_access`, so there are no refresh tokens: developers sign in with the \
             browser whenever a session ends",
        );
    }
    all
}

/// What the document says, for people.
fn told(document: &Document) -> String {
    let word = |known| match known {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not stated",
    };
    let device = document.device_authorization_endpoint.as_deref();
    let device = device.unwrap_or("none, so nobody can sign in by device code");
    let rows = [
        ("authorization", document.authorization_endpoint.as_str()),
        ("token", document.token_endpoint.as_str()),
        ("device", device),
        ("keys", document.jwks_uri.as_str()),
        (
            "PKCE with S256",
            word(admits(document.code_challenge_methods_supported.as_ref(), "S256")),
        ),
        (
            "offline_access",
            word(admits(document.scopes_supported.as_ref(), "offline_access")),
        ),
    ];
    rows.iter()
        .map(|(name, value)| format!("  {name:<14}  {value}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(issuer: &str, authorization: &str, token: &str) -> Document {
        let text = format!(
            r#"{{"issuer": "{issuer}", "authorization_endpoint": "{authorization}", "token_endpoint": "{token}", "jwks_uri": "https://x.example/keys"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_document_of_another_issuer_is_refused() {
        let of = |issuer: &str| document(issuer, "https://x.example/a", "https://x.example/t");
        let meant = "https://id.example/x";
        assert_eq!(same_issuer(meant, None, &of(meant)).unwrap(), meant);
        // The document settles the slash where the table does not.
        assert_eq!(
            same_issuer(meant, None, &of("https://id.example/x/")).unwrap(),
            "https://id.example/x/"
        );
        let okta = same_issuer(meant, Some(OpenId::Okta), &of("https://id.example/x/"));
        assert!(okta.unwrap_err().contains("that of another one"));
        let other = same_issuer(meant, None, &of("https://evil.example\\u001b[2J")).unwrap_err();
        assert!(other.contains("`https://evil.example\\u{1b}[2J`"), "{other}");
        let many = same_issuer(meant, None, &of("https://login.example/{tenantid}/v2.0")).unwrap_err();
        assert!(many.contains("name your tenant"), "{many}");
    }

    #[test]
    fn endpoints_tell_a_provider_at_a_domain_of_the_customers_own() {
        for (issuer, authorization, token, expected) in [
            (
                "https://id.acme.example",
                "https://id.acme.example/oauth2/v1/authorize",
                "https://id.acme.example/oauth2/v1/token",
                Some(OpenId::Okta),
            ),
            (
                "https://id.acme.example/oauth2/default",
                "https://id.acme.example/oauth2/default/v1/authorize",
                "https://id.acme.example/oauth2/default/v1/token",
                Some(OpenId::Okta),
            ),
            (
                "https://id.acme.example/",
                "https://id.acme.example/authorize",
                "https://id.acme.example/oauth/token",
                Some(OpenId::Auth0),
            ),
            (
                "https://id.acme.example",
                "https://id.acme.example/authorize",
                "https://id.acme.example/oauth/token",
                None,
            ),
            (
                "https://id.acme.example/realms/x",
                "https://id.acme.example/realms/x/protocol/openid-connect/auth",
                "https://id.acme.example/realms/x/protocol/openid-connect/token",
                None,
            ),
        ] {
            assert_eq!(
                by_endpoints(&document(issuer, authorization, token)),
                expected,
                "{issuer}"
            );
        }
    }

    #[test]
    fn what_may_not_work_is_told() {
        let mut one = document("https://x.example", "https://x.example/a", "https://x.example/t");
        assert_eq!(doubts(OpenId::Oidc, &one).len(), 1);
        assert!(doubts(OpenId::Entra, &one).is_empty());
        one.code_challenge_methods_supported = Some(vec!["plain".to_owned()]);
        one.scopes_supported = Some(vec!["openid".to_owned()]);
        assert_eq!(doubts(OpenId::Oidc, &one).len(), 2);
        assert_eq!(doubts(OpenId::Google, &one).len(), 1);
        one.code_challenge_methods_supported = Some(vec!["S256".to_owned()]);
        one.scopes_supported = Some(vec!["offline_access".to_owned()]);
        assert!(doubts(OpenId::Oidc, &one).is_empty());
    }
}
