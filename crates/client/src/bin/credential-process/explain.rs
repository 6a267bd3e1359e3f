//! What the configuration comes to, for whoever helps from afar: no network, no login, no secret.

use client_config::{Access, FailMode, Federation, Profile, Storage};
use serde_json::{Value, json};

use crate::Known;
use crate::terminal::Terminal;

/// Variables of the environment that change what the program does.
const VARIABLES: [&str; 14] = [
    "AWS_CONFIG_FILE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
    "AWS_SHARED_CREDENTIALS_FILE",
    "BROWSER",
    "CCWB_PROFILE",
    "CLAUDE_HELPER_CONTEXT",
    "COGNITO_AUTH_DEBUG",
    "DISPLAY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "REDIRECT_PORT",
    "SSH_CONNECTION",
    "WAYLAND_DISPLAY",
];

/// Everything, as JSON.
pub fn explained(known: &Known, terminal: &Terminal) -> Value {
    let profile = &known.profile;
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "platform": format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        "profile": profile.name,
        "auth": access(profile),
        "quota": quota(profile),
        "storage": match profile.storage {
            Storage::Session => "session",
            Storage::Keyring => "keyring",
        },
        "environment": environment(terminal),
        "paths": {
            "config": known.file.display().to_string(),
            "unknown_fields": known.unknown,
            "session": known.files.session.display().to_string(),
            "id_token": known.files.id_token.display().to_string(),
            "refresh_token": known.files.refresh_token.display().to_string(),
            "lock": known.files.lock.display().to_string(),
            "aws_credentials": known.files.aws_credentials.display().to_string(),
        },
    })
}

fn access(profile: &Profile) -> Value {
    match &profile.access {
        Access::Ambient => json!({ "mode": "none", "reason": "the machine's own credentials are used" }),
        Access::IdentityCenter(center) => json!({
            "mode": "idc",
            "start_url": center.start_url,
            "region": center.region,
            "account_id": center.account_id,
            "permission_set": center.permission_set,
        }),
        Access::Oidc(oidc) => json!({
            "mode": "oidc",
            "provider": oidc.provider.word(),
            "domain": oidc.domain,
            "client_id": oidc.client_id,
            "has_client_secret": oidc.client_secret.is_some(),
            "redirect_port": oidc.redirect_port,
            "region": profile.region,
            "federation": match &oidc.federation {
                Federation::Direct { role_arn, duration } => json!({
                    "type": "direct", "role_arn": role_arn, "max_session_duration": duration
                }),
                Federation::Cognito { identity_pool } => json!({ "type": "cognito", "identity_pool_id": identity_pool }),
            },
        }),
    }
}

fn quota(profile: &Profile) -> Value {
    match &profile.quota {
        None => json!({ "enabled": false }),
        Some(quota) => json!({
            "enabled": true,
            "endpoint": quota.endpoint,
            "fail_mode": match quota.fail_mode {
                FailMode::Open => "open",
                FailMode::Closed => "closed",
            },
            "check_interval_minutes": quota.interval,
            "check_timeout_seconds": quota.timeout,
        }),
    }
}

/// Which variables are set. Their values may be anything: a proxy's has a password in it.
fn environment(terminal: &Terminal) -> Value {
    let set = |name: &&&str| terminal.environment().get(name).is_some();
    json!(VARIABLES.iter().filter(set).collect::<Vec<_>>())
}
