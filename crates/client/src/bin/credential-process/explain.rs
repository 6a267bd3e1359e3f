//! What the configuration comes to, for whoever helps from afar: no network, no login, no secret.

use client::oidc::provider::{Provider, Settled, prompt};
use client::quota::check;
use client::run::Session;
use client::version::{COMMIT, VERSION};
use client::{Error, login::callback};
use client_config::{Access, AzureClient, FailMode, Federation, Oidc, Profile, Storage};
use serde_json::{Value, json};

use crate::Known;
use crate::terminal::Terminal;

/// Variables of the environment that change what the program does.
const VARIABLES: [&str; 25] = [
    "ALL_PROXY",
    "AWS_CONFIG_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY",
    "AWS_ENDPOINT_URL_SSO",
    "AWS_ENDPOINT_URL_SSO_OIDC",
    "AWS_ENDPOINT_URL_STS",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AZURE_CLIENT_CERTIFICATE_KEY_PATH",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "BROWSER",
    "CCWB_PROFILE",
    "CLAUDE_CODE_MONITORING_TOKEN",
    "CLAUDE_HELPER_CONTEXT",
    "COGNITO_AUTH_DEBUG",
    "DISPLAY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "REDIRECT_PORT",
    "SSH_CONNECTION",
    "SSL_CERT_FILE",
    "WAYLAND_DISPLAY",
    "all_proxy",
    "https_proxy",
    "no_proxy",
];

/// What is left to say where the configuration cannot be read or the profile is none: why, and of which program.
pub fn refused(fault: &Error, terminal: &Terminal) -> Value {
    json!({
        "version": VERSION,
        "commit": COMMIT,
        "platform": platform(),
        "profile": null,
        "fault": fault.to_string(),
        "environment": environment(terminal),
    })
}

fn platform() -> String {
    format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH)
}

/// Everything, as JSON. `fault` is what a login would refuse.
pub fn explained(known: &Known, session: &Session<'_>, fault: Option<&Error>, terminal: &Terminal) -> Value {
    let profile = &known.profile;
    json!({
        "version": VERSION,
        "commit": COMMIT,
        "platform": platform(),
        "profile": profile.name,
        "fault": fault.map(ToString::to_string),
        "auth": access(profile, session),
        "quota": quota(profile),
        "storage": match profile.storage {
            Storage::Session => "session",
            Storage::Keyring => "keyring",
        },
        "kept": kept(known),
        "environment": environment(terminal),
        "paths": {
            "config": known.file.display().to_string(),
            "unknown_fields": known.unknown,
            "lock": known.files.lock.display().to_string(),
            "aws_credentials": known.files.aws_credentials.display().to_string(),
            "aws_config": known.paths.aws_config().display().to_string(),
        },
    })
}

fn access(profile: &Profile, session: &Session<'_>) -> Value {
    match &profile.access {
        Access::Ambient => json!({ "mode": "none", "reason": "the machine's own credentials are used" }),
        Access::IdentityCenter(center) => json!({
            "mode": "idc",
            "start_url": center.start_url,
            "region": center.region,
            "account_id": center.account_id,
            "permission_set": center.permission_set,
        }),
        Access::Oidc(oidc) => self::oidc(oidc, profile, session),
    }
}

fn oidc(oidc: &Oidc, profile: &Profile, session: &Session<'_>) -> Value {
    let port = session.port(oidc).ok();
    // Where the configuration is wrong, the fault says why.
    let (issuer, endpoints, scopes) = match Provider::settled(oidc) {
        Ok(Settled::All(provider)) => (
            json!(provider.issuer),
            json!({
                "authorization": provider.authorization_endpoint,
                "token": provider.token_endpoint,
                "device_authorization": provider.device_authorization_endpoint,
                "keys": provider.jwks_uri,
            }),
            provider.scope(),
        ),
        Ok(Settled::ByDiscovery { issuer, scopes }) => (json!(issuer), json!("by discovery"), scopes.join(" ")),
        Err(_) => (Value::Null, Value::Null, String::new()),
    };
    let client = match (&oidc.azure, &oidc.client_secret) {
        (AzureClient::Certificate { .. }, _) => "certificate",
        (AzureClient::Secret, _) => "secret of the keyring",
        (AzureClient::Public, Some(_)) => "secret of config.json",
        (AzureClient::Public, None) => "public",
    };
    json!({
        "mode": "oidc",
        "provider": oidc.provider.word(),
        "domain": oidc.domain,
        "issuer": issuer,
        "endpoints": endpoints,
        "client_id": oidc.client_id,
        "client": client,
        "scopes": scopes,
        "prompt": prompt(oidc),
        "redirect_port": port,
        "redirect_uri": port.map(callback::redirect_uri),
        "region": profile.region,
        "federation": match &oidc.federation {
            Federation::Direct { role_arn, duration } => json!({
                "type": "direct", "role_arn": role_arn, "region": profile.region, "max_session_duration": duration
            }),
            Federation::Cognito { identity_pool } => json!({
                "type": "cognito",
                "identity_pool_id": identity_pool,
                "region": identity_pool.split(':').next(),
                // Whatever else is said.
                "max_session_duration": 3600,
            }),
        },
    })
}

fn quota(profile: &Profile) -> Value {
    match &profile.quota {
        None => json!({ "enabled": false }),
        Some(quota) => json!({
            "enabled": true,
            // Where it is wrong the fault says how, without what may be a secret in it.
            "endpoint": check::address(quota).is_ok().then_some(&quota.endpoint),
            "asked": check::address(quota).ok(),
            "fail_mode": match quota.fail_mode {
                FailMode::Open => "open",
                FailMode::Closed => "closed",
            },
            "check_interval_minutes": quota.interval,
            "check_timeout_seconds": quota.timeout,
        }),
    }
}

/// Where what is kept is.
fn kept(known: &Known) -> Value {
    let files = &known.files;
    let place = |file: &std::path::Path| match known.profile.storage {
        Storage::Session => file.display().to_string(),
        Storage::Keyring => "the keyring".to_owned(),
    };
    match &known.profile.access {
        Access::Ambient => json!({}),
        Access::IdentityCenter(_) => json!({
            "credentials": place(&files.session),
            "login": known.paths.sso_cache().display().to_string(),
        }),
        Access::Oidc(_) => json!({
            "credentials": place(&files.session),
            "id_token": place(&files.id_token),
            "refresh_token": format!("the keyring where one can be reached, else {}", files.refresh_token.display()),
        }),
    }
}

/// Which variables are set. Their values may be anything: a proxy's has a password in it.
fn environment(terminal: &Terminal) -> Value {
    let set = |name: &&&str| terminal.environment().get(name).is_some();
    json!(VARIABLES.iter().filter(set).collect::<Vec<_>>())
}
