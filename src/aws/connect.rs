//! From credentials to an account: who they are is asked before anything else.

use std::fmt;
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::account::Account;
use super::evidence::Journal;
use super::operations::sts::GET_CALLER_IDENTITY;
use super::profiles::profiles;
use super::trouble::Trouble;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest wait for one attempt of a call.
const ATTEMPT: Duration = Duration::from_secs(10);
/// Longest wait for a call with all its attempts.
const OPERATION: Duration = Duration::from_secs(40);
/// Attempts of a call; AWS's own tools make three.
const ATTEMPTS: u32 = 4;

/// Where credentials come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Profile of `~/.aws/config`; without one the SDK's own order holds, `AWS_PROFILE` included.
    pub profile: Option<String>,
    /// Role to assume with them.
    pub role_arn: Option<String>,
}

/// Where the API is, and how it is called.
#[derive(Debug, Clone, Default)]
pub struct Endpoint {
    /// Region of regional services that no call names.
    pub region: String,
    /// Instead of AWS's own addresses; without it the SDK's own order holds, `AWS_ENDPOINT_URL` included.
    pub url: Option<String>,
    /// Whether calls are made no faster than AWS's limits.
    pub is_limited: bool,
}

/// Credentials that lead to no account.
#[derive(Debug)]
pub enum ConnectError {
    /// A variable of the environment that the SDK does not survive.
    Environment(String),
    /// There is no profile of this name.
    NoProfile {
        /// The name.
        name: String,
        /// The profile that may be meant.
        nearest: Option<String>,
    },
    /// AWS did not say whose they are.
    Trouble(Trouble),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "the environment variable {name} is set to nothing; unset it"),
            Self::NoProfile { name, nearest } => {
                write!(f, "~/.aws/config and ~/.aws/credentials have no profile `{name}`")?;
                match nearest {
                    Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
                    None => f.write_str(" (`aws configure list-profiles` names those that there are)"),
                }
            }
            Self::Trouble(trouble) => {
                write!(f, "AWS does not say whose account it is: {trouble}")?;
                match trouble.advice() {
                    Some(advice) => write!(f, "; {advice}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for ConnectError {}

/// Asks AWS whose credentials these are, and writes the question down.
///
/// # Errors
/// When there are no credentials, or AWS does not take them.
pub async fn connect(source: &Source, endpoint: &Endpoint, journal: &Journal) -> Result<Account, ConnectError> {
    let variables = std::env::vars_os().filter(|(_, value)| value.is_empty());
    if let Some(name) = variables
        .filter_map(|(name, _)| name.into_string().ok())
        .find(|name| name.starts_with("AWS_ENDPOINT_URL"))
    {
        return Err(ConnectError::Environment(name));
    }
    is_there(source).await?;
    let region = Region::new(endpoint.region.clone());
    let http_client = http_client();
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build();
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(region.clone())
        .http_client(http_client.clone())
        // Not the adaptive mode: after one throttled attempt it lets a service half a call a second, and a retry counts as
        // five, which no time of ours is long enough for. That no limit is exceeded is up to `Paces`.
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts.clone())
        // The SDK's own five seconds are over before a role is assumed that AWS throttles once.
        .identity_cache(IdentityCache::lazy().load_timeout(OPERATION).build());
    if let Ok(name) = AppName::new("tfgen") {
        loader = loader.app_name(name);
    }
    if let Some(profile) = &source.profile {
        // In the SDK's own order keys of the environment come before a profile, even one that is named.
        let settings = ProviderConfig::default()
            .with_region(Some(region))
            .with_http_client(http_client)
            .with_timeout_config(timeouts);
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&settings)
            .profile_name(profile)
            .build();
        loader = loader.profile_name(profile).credentials_provider(provider);
    }
    if let Some(url) = &endpoint.url {
        loader = loader.endpoint_url(url);
    }
    let mut config = loader.load().await;
    if let Some(role) = &source.role_arn {
        let provider = AssumeRoleProvider::builder(role)
            .session_name("tfgen")
            .configure(&config)
            .build()
            .await;
        config = config
            .to_builder()
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(provider))
            .build();
    }
    // Buckets of another address than AWS's have no names of their own in the DNS.
    let is_path_style = config.endpoint_url().is_some();
    let stranger = Account::new(
        String::new(),
        String::new(),
        config.clone(),
        is_path_style,
        endpoint.is_limited,
    );
    let answer = stranger
        .call(
            journal,
            &GET_CALLER_IDENTITY,
            stranger.sts(&endpoint.region).get_caller_identity().send(),
        )
        .await
        .map_err(ConnectError::Trouble)?;
    Ok(Account::new(
        answer.account().unwrap_or_default().to_owned(),
        answer.arn().unwrap_or_default().to_owned(),
        config,
        is_path_style,
        endpoint.is_limited,
    ))
}

/// Makes sure that the profile exists: of one that does not, the SDK says nothing of use. A configuration that cannot be
/// read is left to the SDK.
async fn is_there(source: &Source) -> Result<(), ConnectError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    // Keys of the environment come before the profile that it names.
    let of_environment = || variable("AWS_PROFILE").filter(|_| variable("AWS_ACCESS_KEY_ID").is_none());
    let is_option = source.profile.is_some();
    let Some(name) = source.profile.clone().or_else(of_environment) else {
        return Ok(());
    };
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let Ok(found) = profiles(&environment, std::env::home_dir().as_deref()).await else {
        return Ok(());
    };
    // Where a machine has no profiles, or no default one, the SDK goes on to a container's or an instance's credentials.
    let goes_on = !is_option && (found.is_empty() || name == "default");
    match found.get_profile(&name) {
        Some(_) => Ok(()),
        None if goes_on => Ok(()),
        None => Err(ConnectError::NoProfile {
            nearest: findings::nearest(&name, found.profiles()).map(str::to_owned),
            name,
        }),
    }
}

/// TLS by rustls with ring, the certificates of the system, and the proxies of the environment.
fn http_client() -> SharedHttpClient {
    // The builder's other ways do not look at `HTTPS_PROXY` unless TLS is by aws-lc.
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut builder = Connector::builder().proxy_config(ProxyConfig::from_env());
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build()
    })
}
