//! Access with the tokens of an OpenID provider.

/// A developer role that takes the tokens of an OpenID provider.
#[derive(Debug, Clone)]
pub struct Federation {
    /// Whose tokens.
    pub provider: OpenIdProvider,
    /// The issuer, letter for letter as the claim `iss` has it: `https://` and a host, perhaps with a path.
    pub issuer: String,
    /// The application that developers sign in with.
    pub client_id: String,
    /// Further applications whose tokens are taken; without `client_id`.
    pub audiences: Vec<String>,
    /// Domains of e-mail addresses that may sign in; empty means all that the provider signs in.
    pub email_domains: Vec<String>,
    /// Tag of the token whose value equals the value of the profile's own user tag (or team tag with profiles per team).
    pub session_tag: Option<String>,
    /// Tag of the token that says whose group may sign in.
    pub group: Option<GroupTag>,
    /// Longest session in seconds, 3,600 to 43,200; 3,600 with an identity pool.
    pub max_session_seconds: u32,
    /// The identity pool between the token and the role.
    pub identity_pool: Option<IdentityPool>,
    /// Whether somebody else manages the account's IAM OIDC provider for this issuer.
    pub is_reused: bool,
    /// Fingerprints of the issuer's certificate authority, where AWS does not know it.
    pub thumbprints: Vec<String>,
}

/// A tag of the token that carries one group.
#[derive(Debug, Clone)]
pub struct GroupTag {
    /// Key of the tag.
    pub tag: String,
    /// Values that may sign in, at least one.
    pub groups: Vec<String>,
}

/// An identity pool of Amazon Cognito: which claims become the session's tags.
#[derive(Debug, Clone)]
pub struct IdentityPool {
    /// Claim that becomes the session tag; there where that is.
    pub session_claim: Option<String>,
    /// Claim that becomes the group's tag; there where that is.
    pub group_claim: Option<String>,
}

/// What a trust policy names for any identity pool, and what its condition keys begin with.
///
/// Source: <https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html>
pub const POOL_PRINCIPAL: &str = "cognito-identity.amazonaws.com";

/// Name of every session that an identity pool gives in its enhanced flow.
pub const POOL_SESSION: &str = "CognitoIdentityCredentials";

/// An OpenID provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenIdProvider {
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// Auth0.
    Auth0,
    /// A user pool of Amazon Cognito.
    Cognito,
    /// Google.
    Google,
    /// Any other.
    Oidc,
}

impl OpenIdProvider {
    /// Name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Okta => "Okta",
            Self::Entra => "Microsoft Entra ID",
            Self::Auth0 => "Auth0",
            Self::Cognito => "the Cognito user pool",
            Self::Google => "Google",
            Self::Oidc => "the OpenID provider",
        }
    }
}

impl Federation {
    /// What AWS calls the provider in ARNs and condition keys: the issuer without `https://`, a slash at its end included.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif>
    pub fn provider_name(&self) -> &str {
        self.issuer.strip_prefix("https://").unwrap_or(&self.issuer)
    }

    /// The provider as trust policies, and the tag maps of identity pools, name it: the ARN of the account's IAM OIDC provider,
    /// or the name of one that AWS knows itself.
    ///
    /// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>; for the maps
    /// <https://github.com/hashicorp/terraform-provider-aws/issues/24834>.
    pub fn principal(&self, partition: &str, account_id: &str) -> String {
        let name = self.provider_name();
        if self.is_built_in() {
            return name.to_owned();
        }
        format!("arn:{partition}:iam::{account_id}:oidc-provider/{name}")
    }

    /// Whether AWS knows the provider itself, so that the account has no IAM OIDC provider for it: Google, and a user pool
    /// behind an identity pool.
    pub fn is_built_in(&self) -> bool {
        match self.provider {
            OpenIdProvider::Google => true,
            OpenIdProvider::Cognito => self.identity_pool.is_some(),
            OpenIdProvider::Okta | OpenIdProvider::Entra | OpenIdProvider::Auth0 | OpenIdProvider::Oidc => false,
        }
    }

    /// Whether the deployment makes the account's IAM OIDC provider.
    pub fn makes_provider(&self) -> bool {
        !self.is_built_in() && !self.is_reused
    }

    /// What the role's trust policy names.
    pub fn trusted(&self, partition: &str, account_id: &str) -> String {
        match self.identity_pool {
            Some(_) => POOL_PRINCIPAL.to_owned(),
            None => self.principal(partition, account_id),
        }
    }

    /// Tags that the identity pool makes, and the claims that they are made of.
    pub fn mapped_tags(&self) -> Vec<(&str, &str)> {
        let Some(pool) = &self.identity_pool else {
            return Vec::new();
        };
        let session = self.session_tag.as_deref().zip(pool.session_claim.as_deref());
        let group = self.group.as_ref().map(|group| group.tag.as_str());
        session
            .into_iter()
            .chain(group.zip(pool.group_claim.as_deref()))
            .collect()
    }

    /// Key under which AWS compares a claim of the token.
    pub fn key(&self, claim: &str) -> String {
        format!("{}:{claim}", self.provider_name())
    }

    /// All applications whose tokens are taken, that of the developers first.
    pub fn client_ids(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.client_id)
            .chain(&self.audiences)
            .map(String::as_str)
    }

    /// Keys of the tags that a token must carry.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let group = self.group.iter().map(|group| group.tag.as_str());
        self.session_tag.as_deref().into_iter().chain(group)
    }
}
