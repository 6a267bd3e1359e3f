//! A profile as the programs use it: what is needed is there, and what is there makes sense together.

use std::path::PathBuf;

/// What a developer's programs are told about one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name in the file, in `~/.aws/config` and on the command line.
    pub name: String,
    /// Region of AWS STS and of the identity pool.
    pub region: String,
    /// How a person becomes a session of AWS.
    pub access: Access,
    /// Where credentials are kept.
    pub storage: Storage,
    /// Whom to ask before credentials are taken; nobody without it.
    pub quota: Option<Quota>,
}

/// How a person becomes a session of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// A login at an OpenID provider, whose token AWS takes for credentials.
    Oidc(Box<Oidc>),
    /// A login at IAM Identity Center.
    IdentityCenter(IdentityCenter),
    /// Whatever credentials the machine has already.
    Ambient,
}

/// A login at an OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oidc {
    /// Whose URLs are used.
    pub provider: ProviderType,
    /// Host, or host and path, without a scheme and a slash at its end.
    pub domain: String,
    /// The application's id at the provider.
    pub client_id: String,
    /// The secret of an installed application: known to everybody who has the package, so it is none.
    pub client_secret: Option<String>,
    /// The authorization server of Okta; its organization's own without it.
    pub okta_server: Option<String>,
    /// User pool of Cognito, which names the issuer.
    pub user_pool: Option<String>,
    /// Value of `prompt`; `Some("")` leaves the parameter out, `None` is the provider's own default.
    pub prompt: Option<String>,
    /// What a provider that nobody here knows says of itself.
    pub endpoints: Endpoints,
    /// What the application proves itself with at Microsoft Entra ID.
    pub azure: AzureClient,
    /// Port of the loopback to which the provider leads the browser back.
    pub redirect_port: u16,
    /// How the token becomes credentials.
    pub federation: Federation,
}

/// Providers whose URLs are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProviderType {
    /// Okta.
    Okta,
    /// Auth0.
    Auth0,
    /// Microsoft Entra ID.
    Azure,
    /// A user pool of Amazon Cognito.
    Cognito,
    /// Google.
    Google,
    /// Any other, by its own discovery document or the URLs of the file.
    Generic,
}

impl ProviderType {
    /// All of them, in the order in which they are named.
    pub const ALL: [Self; 6] = [
        Self::Okta,
        Self::Auth0,
        Self::Azure,
        Self::Cognito,
        Self::Google,
        Self::Generic,
    ];

    /// The word for it in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Auth0 => "auth0",
            Self::Azure => "azure",
            Self::Cognito => "cognito",
            Self::Google => "google",
            Self::Generic => "generic",
        }
    }

    /// The provider that a host belongs to, if it is one of a known provider's own.
    ///
    /// Sources: the providers' documentation of their domains, national clouds of Microsoft and Okta included.
    pub fn of_host(domain: &str) -> Option<Self> {
        let host = domain.split(['/', ':']).next().unwrap_or_default().to_ascii_lowercase();
        let below = |zones: &[&str]| {
            zones.iter().any(|zone| {
                host.strip_suffix(zone)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
        };
        if below(&[
            "okta.com",
            "oktapreview.com",
            "okta-emea.com",
            "okta-gov.com",
            "okta.mil",
        ]) {
            Some(Self::Okta)
        } else if below(&["auth0.com"]) {
            Some(Self::Auth0)
        } else if below(&[
            "microsoftonline.com",
            "microsoftonline.us",
            "windows.net",
            "partner.microsoftonline.cn",
        ]) {
            Some(Self::Azure)
        } else if below(&["amazoncognito.com"]) || host.starts_with("cognito-idp.") && below(&["amazonaws.com"]) {
            Some(Self::Cognito)
        } else if host == "accounts.google.com" {
            Some(Self::Google)
        } else {
            None
        }
    }
}

/// The addresses of a provider that nobody here knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Issuer, exactly as the token names it.
    pub issuer: Option<String>,
    /// Where the browser is sent.
    pub authorization: Option<String>,
    /// Where codes become tokens.
    pub token: Option<String>,
    /// Keys of signatures.
    pub jwks: Option<String>,
}

/// What an application proves itself with at Microsoft Entra ID.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AzureClient {
    /// Nothing: a public client with PKCE.
    #[default]
    Public,
    /// A secret of the keyring.
    Secret,
    /// A certificate and its key.
    Certificate {
        /// PEM of the certificate.
        certificate: PathBuf,
        /// PEM of the key.
        key: PathBuf,
    },
}

/// How a token becomes credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Federation {
    /// `sts:AssumeRoleWithWebIdentity`.
    Direct {
        /// The role.
        role_arn: String,
        /// Seconds that a session lasts.
        duration: u32,
    },
    /// An identity pool of Cognito, in its enhanced flow.
    Cognito {
        /// Id of the pool.
        identity_pool: String,
    },
}

/// A login at IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCenter {
    /// Access portal.
    pub start_url: String,
    /// Region of the instance.
    pub region: String,
    /// Account of the role.
    pub account_id: String,
    /// Permission set, which is what the portal calls the role.
    pub permission_set: String,
}

/// Where credentials are kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Storage {
    /// A file that only its owner can read.
    #[default]
    Session,
    /// The system's store of secrets.
    Keyring,
}

/// Whom to ask before credentials are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Address without a slash at its end; `/check` is asked.
    pub endpoint: String,
    /// What an answer that does not come means.
    pub fail_mode: FailMode,
    /// Minutes after which credentials that are kept are asked about again; 0 asks every time.
    pub interval: u32,
    /// Seconds that an answer may take.
    pub timeout: u32,
}

/// What an answer that does not come means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FailMode {
    /// Credentials are given, and the user is told.
    #[default]
    Open,
    /// None are given.
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_tell_the_provider_and_nothing_else_does() {
        for (domain, provider) in [
            ("acme.okta.com", Some(ProviderType::Okta)),
            ("acme.okta-gov.com", Some(ProviderType::Okta)),
            ("acme.eu.auth0.com", Some(ProviderType::Auth0)),
            ("login.microsoftonline.com/0000/v2.0", Some(ProviderType::Azure)),
            ("login.microsoftonline.us/0000", Some(ProviderType::Azure)),
            ("acme.auth.us-east-1.amazoncognito.com", Some(ProviderType::Cognito)),
            ("cognito-idp.us-east-1.amazonaws.com", Some(ProviderType::Cognito)),
            ("ACCOUNTS.google.com", Some(ProviderType::Google)),
            ("accounts.google.com.evil.example", None),
            ("evilokta.com", None),
            ("okta.com.evil.example", None),
            ("notcognito-idp.us-east-1.amazonaws.com", None),
            ("id.acme.example/okta.com", None),
            ("", None),
        ] {
            assert_eq!(ProviderType::of_host(domain), provider, "{domain}");
        }
    }
}
