//! Access with the tokens of an OpenID provider, as far as it is known.

use client_config::ProviderType;

use super::draft::Missing;

/// What is known of the block `federation`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Federation {
    /// Whose tokens, where somebody said it.
    pub stated: Option<OpenId>,
    /// Whose tokens, as the issuer turned out to be.
    pub provider: Option<OpenId>,
    /// The issuer, as the claim `iss` has it.
    pub issuer: Option<String>,
    /// The application at the provider.
    pub client_id: Option<String>,
    /// Domains of the addresses that may sign in.
    pub email_domains: Vec<String>,
    /// Tag of the token that holds the developer's e-mail address.
    pub session_tag: Option<String>,
    /// Hours that a session may last.
    pub max_session_hours: Option<u32>,
    /// Whether an identity pool stands between token and role.
    pub identity_pool: bool,
    /// The account's IAM OIDC provider, where somebody else manages it.
    pub oidc_provider_arn: Option<String>,
    /// The issuer that was looked at already, so that nobody is asked twice.
    pub looked_at: Option<String>,
}

/// An OpenID provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OpenId {
    /// Okta
    Okta,
    /// Microsoft Entra ID
    Entra,
    /// Auth0
    Auth0,
    /// A user pool of Amazon Cognito
    Cognito,
    /// Google Workspace
    Google,
    /// Any other OpenID provider
    Oidc,
}

impl OpenId {
    /// As it is written in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::Auth0 => "auth0",
            Self::Cognito => "cognito",
            Self::Google => "google",
            Self::Oidc => "oidc",
        }
    }

    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Okta => "Okta",
            Self::Entra => "Microsoft Entra ID",
            Self::Auth0 => "Auth0",
            Self::Cognito => "a user pool of Amazon Cognito",
            Self::Google => "Google",
            Self::Oidc => "an OpenID provider",
        }
    }

    /// What `config.json` calls it.
    pub fn provider_type(self) -> ProviderType {
        match self {
            Self::Okta => ProviderType::Okta,
            Self::Entra => ProviderType::Azure,
            Self::Auth0 => ProviderType::Auth0,
            Self::Cognito => ProviderType::Cognito,
            Self::Google => ProviderType::Google,
            Self::Oidc => ProviderType::Generic,
        }
    }
}

impl From<ProviderType> for OpenId {
    fn from(provider: ProviderType) -> Self {
        match provider {
            ProviderType::Okta => Self::Okta,
            ProviderType::Azure => Self::Entra,
            ProviderType::Auth0 => Self::Auth0,
            ProviderType::Cognito => Self::Cognito,
            ProviderType::Google => Self::Google,
            ProviderType::Generic => Self::Oidc,
        }
    }
}

impl Federation {
    /// Forgets an issuer that is none, and whose tokens it was said to issue: another one may be another provider's.
    pub fn forget_issuer(&mut self) {
        self.issuer = None;
        self.stated = None;
        self.provider = None;
    }

    /// Everything that the block needs and does not have.
    pub fn missing(&self) -> Vec<Missing> {
        let needs = [
            (
                self.issuer.is_none(),
                "--issuer https://acme.okta.com/oauth2/default",
                "the issuer of the tokens, as their claim `iss` has it",
            ),
            (
                self.client_id.is_none(),
                "--client-id 0oa1b2c3d4e5f6g7h8i9",
                "the application at the provider, a public client with PKCE",
            ),
            (
                self.provider == Some(OpenId::Google) && self.email_domains.is_empty(),
                "--sign-in-domain example.com",
                "whose addresses may sign in: at Google everybody on earth has an account",
            ),
        ];
        needs
            .into_iter()
            .filter(|(absent, ..)| *absent)
            .map(|(_, flag, what)| Missing { flag, what })
            .collect()
    }
}
