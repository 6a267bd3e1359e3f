//! The fields as they stand in the file.
//!
//! Source for names and defaults: the reader of ccwb 2.5 (`facts/ccwb.md` §1.4 in this project's notes).

use serde::Deserialize;

/// A profile as it stands in the file. Every field is optional here; which are needed follows from the others.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Raw {
    pub auth_type: Option<String>,
    pub sso_enabled: Option<bool>,
    pub aws_region: Option<String>,

    pub provider_type: Option<String>,
    pub provider_domain: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
    pub okta_auth_server_id: Option<String>,
    pub cognito_user_pool_id: Option<String>,
    pub oidc_prompt: Option<String>,
    pub oidc_issuer_url: Option<String>,
    pub oidc_authorization_endpoint: Option<String>,
    pub oidc_token_endpoint: Option<String>,
    pub oidc_jwks_uri: Option<String>,
    pub azure_auth_mode: Option<String>,
    pub client_certificate_path: Option<String>,
    pub client_certificate_key_path: Option<String>,
    pub redirect_port: Option<u16>,

    pub federation_type: Option<String>,
    pub federated_role_arn: Option<String>,
    pub identity_pool_id: Option<String>,
    pub identity_pool_name: Option<String>,
    pub max_session_duration: Option<u32>,

    pub idc_start_url: Option<String>,
    pub idc_region: Option<String>,
    pub idc_account_id: Option<String>,
    pub idc_permission_set_name: Option<String>,

    pub credential_storage: Option<String>,
    pub quota_api_endpoint: Option<String>,
    pub quota_fail_mode: Option<String>,
    pub quota_check_interval: Option<u32>,
    pub quota_check_timeout: Option<u32>,
}

/// Every name that the programs know, those included that other programs of the package read.
pub const KNOWN: &[&str] = &[
    "auth_type",
    "aws_region",
    "azure_auth_mode",
    "bootstrap_endpoint",
    "client_certificate_key_path",
    "client_certificate_path",
    "client_id",
    "client_secret",
    "cognito_user_pool_id",
    "config_delivery_mode",
    "cost_attribution_tag_key",
    "credential_storage",
    "cross_region_profile",
    "daily_enforcement_mode",
    "enable_finegrained_quotas",
    "federated_role_arn",
    "federation_type",
    "idc_account_id",
    "idc_permission_set_name",
    "idc_region",
    "idc_start_url",
    "identity_pool_id",
    "identity_pool_name",
    "max_session_duration",
    "monitoring_enabled",
    "monitoring_mode",
    "monthly_enforcement_mode",
    "oidc_authorization_endpoint",
    "oidc_issuer_url",
    "oidc_jwks_uri",
    "oidc_prompt",
    "oidc_thumbprint",
    "oidc_token_endpoint",
    "okta_auth_server",
    "okta_auth_server_id",
    "okta_client_id",
    "okta_domain",
    "otel_collector_endpoint",
    "project_attribution_enabled",
    "provider_domain",
    "provider_type",
    "quota_api_endpoint",
    "quota_check_interval",
    "quota_check_timeout",
    "quota_fail_mode",
    "redirect_port",
    "role_arn",
    "selected_model",
    "sso_enabled",
];

/// What each field is to be, in words that follow a colon.
const EXPECTED: &[(&str, &str)] = &[
    ("auth_type", "`oidc`, `idc` or `none`"),
    ("sso_enabled", "true or false"),
    ("aws_region", "a region of AWS, such as eu-west-1"),
    (
        "provider_type",
        "`okta`, `auth0`, `azure`, `cognito`, `google`, `generic` or `auto`",
    ),
    ("provider_domain", "the host of the provider, such as acme.okta.com"),
    ("client_id", "the id of the application at the provider"),
    ("client_secret", "the secret of the application, a text"),
    (
        "okta_auth_server_id",
        "the id of an authorization server of Okta, such as `default`",
    ),
    (
        "cognito_user_pool_id",
        "the id of a user pool, such as eu-west-1_AbCdEfGhI",
    ),
    ("oidc_prompt", "a text such as `login`, or an empty one"),
    ("oidc_issuer_url", "an address that begins with https://"),
    ("oidc_authorization_endpoint", "an address that begins with https://"),
    ("oidc_token_endpoint", "an address that begins with https://"),
    ("oidc_jwks_uri", "an address that begins with https://"),
    ("azure_auth_mode", "`public`, `secret` or `certificate`"),
    ("client_certificate_path", "the path of a certificate in PEM"),
    (
        "client_certificate_key_path",
        "the path of the certificate's key in PEM",
    ),
    ("redirect_port", "a port from 1 to 65535"),
    ("federation_type", "`direct` or `cognito`"),
    (
        "federated_role_arn",
        "the ARN of a role, such as arn:aws:iam::123456789012:role/developer",
    ),
    (
        "identity_pool_id",
        "the id of an identity pool, such as eu-west-1:00000000-0000-0000-0000-000000000000",
    ),
    (
        "identity_pool_name",
        "the id of an identity pool, such as eu-west-1:00000000-0000-0000-0000-000000000000",
    ),
    ("max_session_duration", "seconds, from 900 to 43200"),
    (
        "idc_start_url",
        "the address of the access portal, such as https://acme.awsapps.com/start",
    ),
    ("idc_region", "the region of IAM Identity Center, such as eu-west-1"),
    ("idc_account_id", "the twelve digits of an account, as a text"),
    ("idc_permission_set_name", "the name of a permission set"),
    ("credential_storage", "`session` or `keyring`"),
    ("quota_api_endpoint", "an address that begins with https://"),
    ("quota_fail_mode", "`open` or `closed`"),
    ("quota_check_interval", "minutes, a whole number from 0"),
    ("quota_check_timeout", "seconds, a whole number from 1"),
];

/// What a field is to be, in words that follow a colon.
pub fn expected(field: &str) -> Option<&'static str> {
    let known = EXPECTED.iter().find(|(name, _)| *name == field);
    known.map(|(_, expected)| *expected)
}
