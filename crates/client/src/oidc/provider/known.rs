//! Addresses of the providers that are known, one function each.

use client_config::Oidc;

use super::{Addresses, SecretIn};
use crate::oidc::text::printable;
use crate::{Error, Kind};

/// Authorities of Microsoft Entra ID and the name by which their tokens call them, national clouds included.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>; older names lead to the same.
const AUTHORITIES: [(&str, &str); 8] = [
    ("login.microsoftonline.com", "login.microsoftonline.com"),
    ("login.microsoft.com", "login.microsoftonline.com"),
    ("login.windows.net", "login.microsoftonline.com"),
    ("sts.windows.net", "login.microsoftonline.com"),
    ("login.microsoftonline.us", "login.microsoftonline.us"),
    ("login.usgovcloudapi.net", "login.microsoftonline.us"),
    ("login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn"),
    ("login.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
];
/// Words that stand for all tenants, where a tenant is expected.
const MANY_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];

/// A user pool.
pub(super) enum Pool {
    /// With the domain of its login page.
    Hosted(Addresses),
    /// Without: its own document names it.
    Bare { issuer: String },
}

/// The organization's own authorization server, or another of its servers.
///
/// Source: <https://developer.okta.com/docs/concepts/auth-servers/> and <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/>
pub(super) fn okta(oidc: &Oidc) -> Result<Addresses, Error> {
    let (host, path) = split(&oidc.domain);
    let in_domain = match path {
        "" => None,
        path => Some(path.strip_prefix("oauth2/").ok_or_else(|| {
            wrong(
                "provider_domain",
                &oidc.domain,
                "expected a host such as acme.okta.com; a server stands in `okta_auth_server_id`",
            )
        })?),
    };
    let server = match (in_domain, oidc.okta_server.as_deref()) {
        (Some(one), Some(other)) if one != other => {
            return Err(wrong(
                "okta_auth_server_id",
                other,
                &format!("`provider_domain` names another server, `{}`", printable(one, 64)),
            ));
        }
        (Some(server), _) | (None, Some(server)) => Some(server),
        (None, None) => None,
    };
    let (issuer, base) = match server {
        None => (format!("https://{host}"), format!("https://{host}/oauth2/v1")),
        Some(server) => {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            if server.is_empty() || !server.bytes().all(fits) {
                return Err(wrong(
                    "okta_auth_server_id",
                    server,
                    "expected the id of a server, such as `default`",
                ));
            }
            let issuer = format!("https://{host}/oauth2/{server}");
            let base = format!("{issuer}/v1");
            (issuer, base)
        }
    };
    Ok(Addresses {
        issuer,
        authorization: format!("{base}/authorize"),
        token: format!("{base}/token"),
        secret_in: SecretIn::Body,
        device: Some(format!("{base}/device/authorize")),
        jwks: format!("{base}/keys"),
        names_itself: false,
    })
}

/// Its issuer ends with a slash. Source: <https://auth0.com/docs/secure/tokens/id-tokens/validate-id-tokens>
pub(super) fn auth0(oidc: &Oidc) -> Addresses {
    let base = format!("https://{}", oidc.domain);
    Addresses {
        issuer: format!("{base}/"),
        authorization: format!("{base}/authorize"),
        token: format!("{base}/oauth/token"),
        secret_in: SecretIn::Body,
        device: Some(format!("{base}/oauth/device/code")),
        jwks: format!("{base}/.well-known/jwks.json"),
        names_itself: false,
    }
}

/// A tenant of Microsoft Entra ID, with the endpoints of version 2.0. `issuer_of` asks an authority for its issuer, which is needed
/// where the tenant is named by its domain: tokens have its id.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc>
pub(super) fn azure(oidc: &Oidc, issuer_of: impl FnOnce(&str) -> Result<String, Error>) -> Result<Addresses, Error> {
    let (host, path) = split(&oidc.domain);
    let host = host.to_ascii_lowercase();
    let Some((_, authority)) = AUTHORITIES.iter().find(|(name, _)| *name == host) else {
        return Err(wrong(
            "provider_domain",
            &oidc.domain,
            "this is no authority of Microsoft Entra ID, such as login.microsoftonline.com/TENANT/v2.0; for another product of \
             Microsoft set `provider_type` to `generic` and `oidc_issuer_url` to its issuer",
        ));
    };
    let tenant = path.strip_suffix("/v2.0").unwrap_or(path);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if tenant.is_empty() || tenant == "v2.0" || !tenant.bytes().all(fits) {
        return Err(wrong(
            "provider_domain",
            &oidc.domain,
            "expected the authority and the tenant, such as login.microsoftonline.com/TENANT/v2.0",
        ));
    }
    let tenant = tenant.to_ascii_lowercase();
    if MANY_TENANTS.contains(&tenant.as_str()) {
        return Err(wrong(
            "provider_domain",
            &oidc.domain,
            &format!(
                "`{tenant}` stands for many tenants, and AWS takes the tokens of one issuer; write the id of your tenant there"
            ),
        ));
    }
    let base = format!("https://{authority}");
    let tenant = match is_guid(&tenant) {
        true => tenant,
        false => tenant_of(&base, &issuer_of(&format!("{base}/{tenant}/v2.0"))?)?,
    };
    let base = format!("{base}/{tenant}");
    Ok(Addresses {
        issuer: format!("{base}/v2.0"),
        authorization: format!("{base}/oauth2/v2.0/authorize"),
        token: format!("{base}/oauth2/v2.0/token"),
        secret_in: SecretIn::Body,
        device: Some(format!("{base}/oauth2/v2.0/devicecode")),
        jwks: format!("{base}/discovery/v2.0/keys"),
        names_itself: false,
    })
}

/// The id of the tenant in an issuer of this authority.
fn tenant_of(base: &str, issuer: &str) -> Result<String, Error> {
    let tenant = issuer
        .strip_prefix(base)
        .and_then(|rest| rest.strip_prefix('/'))
        .and_then(|rest| rest.strip_suffix("/v2.0"))
        .filter(|tenant| is_guid(tenant));
    tenant.map(str::to_owned).ok_or_else(|| {
        Error::new(
            Kind::Config,
            format!(
                "{base} says that the issuer of the tenant is `{}`, which names no tenant's id",
                printable(issuer, 200)
            ),
        )
        .advise("write the id of the tenant in `provider_domain` of config.json instead of its domain")
    })
}

/// A user pool. Its login page stands at a domain of its own, its issuer at Cognito's.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html>
pub(super) fn cognito(oidc: &Oidc) -> Result<Pool, Error> {
    let (host, path) = split(&oidc.domain);
    let is_issuer = host.starts_with("cognito-idp.");
    let in_domain = Some(path).filter(|path| is_issuer && !path.is_empty());
    let pool = match (in_domain, oidc.user_pool.as_deref()) {
        (Some(one), Some(other)) if one != other => {
            return Err(wrong(
                "cognito_user_pool_id",
                other,
                &format!("`provider_domain` names another pool, `{}`", printable(one, 64)),
            ));
        }
        (Some(pool), _) | (None, Some(pool)) => pool,
        (None, None) => {
            return Err(
                Error::new(Kind::Config, "config.json: `cognito_user_pool_id` is missing")
                    .advise("write the id of the user pool there; the issuer of its tokens is made of it"),
            );
        }
    };
    let issuer = issuer_of_pool(pool).ok_or_else(|| {
        wrong(
            "cognito_user_pool_id",
            pool,
            "expected an id such as eu-west-1_AbCdEfGhI",
        )
    })?;
    if is_issuer {
        if !issuer.starts_with(&format!("https://{host}/")) {
            return Err(wrong(
                "provider_domain",
                &oidc.domain,
                &format!("the user pool `{pool}` is of another region"),
            ));
        }
        return Ok(Pool::Bare { issuer });
    }
    let base = format!("https://{}", oidc.domain);
    Ok(Pool::Hosted(Addresses {
        jwks: format!("{issuer}/.well-known/jwks.json"),
        names_itself: false,
        issuer,
        authorization: format!("{base}/oauth2/authorize"),
        token: format!("{base}/oauth2/token"),
        secret_in: SecretIn::Body,
        device: None,
    }))
}

/// The issuer of a pool, whose id begins with its region. China's regions have a domain of their own.
fn issuer_of_pool(pool: &str) -> Option<String> {
    let (region, name) = pool.split_once('_')?;
    let is_region = region.contains('-') && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_region || name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let zone = match region.starts_with("cn-") {
        true => "amazonaws.com.cn",
        false => "amazonaws.com",
    };
    Some(format!("https://cognito-idp.{region}.{zone}/{pool}"))
}

/// Its endpoints stand at hosts of their own. The flow for devices takes applications for televisions alone, and those cannot use
/// the loopback. Source: <https://accounts.google.com/.well-known/openid-configuration> and
/// <https://developers.google.com/identity/protocols/oauth2/limited-input-device>
pub(super) fn google(oidc: &Oidc) -> Result<Addresses, Error> {
    if !oidc.domain.eq_ignore_ascii_case("accounts.google.com") {
        return Err(wrong(
            "provider_domain",
            &oidc.domain,
            "Google's is accounts.google.com",
        ));
    }
    Ok(Addresses {
        issuer: "https://accounts.google.com".to_owned(),
        authorization: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
        token: "https://oauth2.googleapis.com/token".to_owned(),
        secret_in: SecretIn::Body,
        device: None,
        jwks: "https://www.googleapis.com/oauth2/v3/certs".to_owned(),
        names_itself: false,
    })
}

/// The host of a domain, and what follows without the slash between them.
fn split(domain: &str) -> (&str, &str) {
    domain.split_once('/').unwrap_or((domain, ""))
}

/// `8-4-4-4-12` hexadecimal digits.
fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn wrong(field: &str, value: &str, why: &str) -> Error {
    Error::new(
        Kind::Config,
        format!("config.json: `{field}` is `{}`", printable(value, 100)),
    )
    .advise(why)
}
