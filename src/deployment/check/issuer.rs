//! Issuers of OpenID providers. AWS compares the issuer of a token letter for letter with the URL of the IAM OIDC provider,
//! so a slash or another form of the same tenant locks everybody out.

use super::Check;
use crate::deployment::model::OpenIdProvider;
use crate::deployment::read::Spanned;

/// Longest URL of an IAM OIDC provider.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html>
const LONGEST: usize = 255;

/// The tenant of personal Microsoft accounts.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference> (`iss`, `tid`)
const CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// What is wrong with an issuer: what was expected, and what helps.
struct Fault(&'static str, Option<String>);

/// Whether the issuer has the form that the provider's tokens have; reports it where not.
pub fn check(check: &mut Check<'_>, provider: OpenIdProvider, issuer: &Spanned<String>) -> bool {
    let text = issuer.value.as_str();
    let fault = match general(text) {
        Some(fault) => Some(fault),
        None => {
            let rest = text.strip_prefix("https://").unwrap_or(text);
            let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            special(provider, host, path)
        }
    };
    let Some(Fault(expected, help)) = fault else {
        return true;
    };
    let mut fault = check.error(
        &issuer.span,
        format!("\"{}\" is no issuer of {}", text.escape_debug(), provider.name()),
        expected,
    );
    if let Some(help) = help {
        fault = fault.help(help);
    }
    check.report(fault.help("the document at ISSUER/.well-known/openid-configuration names it as `issuer`"));
    false
}

/// Zones that no public name is in.
///
/// Sources: <https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml>, and ICANN's reservation of
/// `internal`; `svc` is Kubernetes'.
const INTERNAL: [&str; 5] = [".home.arpa", ".internal", ".local", ".localhost", ".svc"];

fn general(text: &str) -> Option<Fault> {
    let Some(rest) = text.strip_prefix("https://") else {
        return Some(Fault("expected a URL that begins with https://", None));
    };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    if text.len() > LONGEST {
        return Some(Fault("expected at most 255 characters", None));
    }
    if path.contains("/.well-known/") {
        return Some(Fault("expected the URL before `/.well-known/`", None));
    }
    if host.contains(':') || host.contains('@') {
        return Some(Fault(
            "expected a host without port and user",
            Some("AWS takes no port in the URL of a provider".to_owned()),
        ));
    }
    let label = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let is_address = host
        .split('.')
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !host.contains('.') || !host.split('.').all(label) || is_address {
        return Some(Fault("expected a public host in lower case", None));
    }
    if INTERNAL.iter().any(|zone| host.ends_with(zone)) {
        return Some(Fault(
            "expected a public host",
            Some("AWS reads the provider's keys from the internet, which does not know this name".to_owned()),
        ));
    }
    // `*`, `?` and `$` would mean something else in a policy.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~' | '%');
    if !path.chars().all(plain) {
        return Some(Fault("expected a path without query, fragment and spaces", None));
    }
    None
}

fn special(provider: OpenIdProvider, host: &str, path: &str) -> Option<Fault> {
    let slash =
        "the tokens of this provider have no slash at the end of `iss`; AWS would not find the provider".to_owned();
    let closed = path.ends_with('/');
    // The forms of others tell them by their hosts already.
    if matches!(provider, OpenIdProvider::Okta | OpenIdProvider::Auth0)
        && known(host) != Some(provider)
        && let Some(fault) = of_somebody_known(host)
    {
        return Some(fault);
    }
    match provider {
        OpenIdProvider::Okta => okta(host, path, slash),
        OpenIdProvider::Entra => entra(host, path, slash),
        OpenIdProvider::Auth0 if path != "/" => Some(Fault(
            "expected the tenant's host and a slash, as \"https://acme.auth0.com/\"",
            path.is_empty().then(|| {
                "the tokens of Auth0 have the slash at the end of `iss`; without it AWS would not find the provider"
                    .to_owned()
            }),
        )),
        OpenIdProvider::Auth0 => None,
        OpenIdProvider::Cognito => {
            let region = host
                .strip_prefix("cognito-idp.")
                .and_then(|rest| rest.strip_suffix(".amazonaws.com"));
            let pool = path.strip_prefix('/').and_then(|pool| pool.split_once('_'));
            let is_sound = region.is_some_and(|region| {
                pool.is_some_and(|(of, id)| {
                    of == region && !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric())
                })
            });
            (!is_sound).then(|| {
                let login = host.ends_with(".amazoncognito.com");
                let help = "this is the pool's login page; its issuer is made of region and pool id".to_owned();
                Fault(
                    "expected a URL as \"https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI\"",
                    if login { Some(help) } else { closed.then_some(slash) },
                )
            })
        }
        OpenIdProvider::Google => (host != "accounts.google.com" || !path.is_empty()).then(|| {
            Fault(
                "expected \"https://accounts.google.com\"",
                (host == "accounts.google.com").then_some(slash),
            )
        }),
        OpenIdProvider::Oidc => of_somebody_known(host),
    }
}

/// Hosts whose provider has demands of its own, which nobody gets around by calling it another one.
fn of_somebody_known(host: &str) -> Option<Fault> {
    if host == "token.actions.githubusercontent.com" {
        return Some(Fault(
            "expected an issuer at which people sign in",
            Some("the tokens of GitHub Actions are those of workflows".to_owned()),
        ));
    }
    if host == "cognito-identity.amazonaws.com" || host.starts_with("oidc.eks.") {
        return Some(Fault(
            "expected an issuer at which people sign in",
            Some("the tokens of this one are made for sessions and workloads of AWS".to_owned()),
        ));
    }
    let word = match known(host)? {
        OpenIdProvider::Okta => "okta",
        OpenIdProvider::Entra => "entra",
        OpenIdProvider::Auth0 => "auth0",
        OpenIdProvider::Cognito => "cognito",
        OpenIdProvider::Google => "google",
        OpenIdProvider::Oidc => return None,
    };
    Some(Fault(
        "expected the provider that this host belongs to",
        Some(format!(
            "write `provider = \"{word}\"`: what its tokens need is checked then"
        )),
    ))
}

/// The provider that a host certainly belongs to.
fn known(host: &str) -> Option<OpenIdProvider> {
    let below = |zones: &[&str]| {
        zones.iter().any(|zone| {
            host.strip_suffix(zone)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    };
    match host {
        "accounts.google.com" => Some(OpenIdProvider::Google),
        "login.microsoftonline.com" | "sts.windows.net" => Some(OpenIdProvider::Entra),
        _ if below(&["okta.com", "oktapreview.com", "okta-emea.com"]) => Some(OpenIdProvider::Okta),
        _ if below(&["auth0.com"]) => Some(OpenIdProvider::Auth0),
        _ if host.starts_with("cognito-idp.") && below(&["amazonaws.com"]) => Some(OpenIdProvider::Cognito),
        _ => None,
    }
}

/// Source: <https://developer.okta.com/docs/concepts/auth-servers/>
fn okta(host: &str, path: &str, slash: String) -> Option<Fault> {
    const EXPECTED: &str = "expected the organization's own server, as \"https://acme.okta.com\", or another, as \"https://acme.okta.com/oauth2/default\"";
    if host
        .split_once('.')
        .is_some_and(|(organization, rest)| organization.ends_with("-admin") && rest.contains("okta"))
    {
        return Some(Fault(
            EXPECTED,
            Some("this is the address of the console for administrators; leave `-admin` out".to_owned()),
        ));
    }
    let server = path.strip_prefix("/oauth2/");
    let is_id = |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if path.is_empty() || server.is_some_and(is_id) {
        return None;
    }
    Some(Fault(EXPECTED, path.ends_with('/').then_some(slash)))
}

/// Source: <https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference> (`iss`)
fn entra(host: &str, path: &str, slash: String) -> Option<Fault> {
    const EXPECTED: &str = "expected the tenant's id and version 2.0, as \"https://login.microsoftonline.com/11112222-3333-4444-5555-666677778888/v2.0\"";
    if host == "sts.windows.net" {
        return Some(Fault(
            EXPECTED,
            Some(
                "this is the issuer of tokens of version 1.0; `credential-process` gets those of version 2.0"
                    .to_owned(),
            ),
        ));
    }
    let tenant = path.strip_prefix('/').and_then(|path| path.strip_suffix("/v2.0"));
    if tenant == Some(CONSUMERS) {
        return Some(Fault(
            EXPECTED,
            Some("this is the tenant of all personal Microsoft accounts".to_owned()),
        ));
    }
    if host == "login.microsoftonline.com" && tenant.is_some_and(is_guid) {
        return None;
    }
    let tenant = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let help = match tenant {
        "common" | "organizations" | "consumers" => {
            Some(format!("`{tenant}` stands for every tenant, and AWS takes one issuer"))
        }
        tenant if tenant.contains('.') => {
            Some("the tokens have the tenant's id, whatever name it was asked for by".to_owned())
        }
        _ => path.ends_with('/').then_some(slash),
    };
    Some(Fault(EXPECTED, help))
}

/// Whether a text is `8-4-4-4-12` hexadecimal digits in lower case.
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12]
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte) || byte == b'-')
}
