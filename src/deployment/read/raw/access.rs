//! Blocks about accounts and access.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{defaults, forms};
use crate::deployment::read::Spanned;

/// Access through IAM Identity Center.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityCenter {
    /// Account from which permission sets are managed: the management account or Identity Center's delegated
    /// administrator.
    #[schemars(required, extend("pattern" = forms::ACCOUNT), example = &"999999999999")]
    pub account_id: Option<Spanned<String>>,
    /// Where its people come from; decides which steps the checklist shows.
    #[schemars(required, example = &"entra")]
    pub source: Option<Spanned<Source>>,
    /// ARN of the instance; `aws sso-admin list-instances` prints it.
    #[schemars(required, extend("pattern" = forms::INSTANCE), example = &"arn:aws:sso:::instance/ssoins-1234567890abcdef")]
    pub instance_arn: Option<Spanned<String>>,
    /// Access portal, to which developers sign in.
    #[schemars(required, extend("pattern" = forms::HTTPS), example = &"https://d-1234567890.awsapps.com/start")]
    pub start_url: Option<Spanned<String>>,
    /// Region of the instance; need not be the deployment's.
    #[schemars(required, extend("pattern" = forms::REGION), example = &"us-east-1")]
    pub region: Option<Spanned<String>>,
    /// Display name of the group of developers, as it is synced from the identity provider; upper and lower case
    /// count.
    #[schemars(extend("default" = defaults::GROUP))]
    pub group: Option<Spanned<String>>,
    /// Display name of the group of administrators. Without it the admin permission set is made and assigned to nobody.
    #[schemars(example = &"Claude Code Admins")]
    pub admin_group: Option<Spanned<String>>,
    /// Display name of the group of analysts. Without it the analyst permission set is made and assigned to nobody.
    #[schemars(example = &"Claude Code Analysts")]
    pub analyst_group: Option<Spanned<String>>,
    /// How long a session lasts: an ISO 8601 duration of 1 to 12 hours.
    #[schemars(extend("default" = defaults::SESSION_DURATION, "pattern" = forms::DURATION))]
    pub session_duration: Option<Spanned<String>>,
    /// Principal tag that Identity Center puts into each session (attributes for access control) and whose value is
    /// the developer's e-mail address, or the team where profiles are per team. With it a developer can use no profile
    /// but their own.
    #[schemars(example = &"email")]
    pub session_tag: Option<Spanned<String>>,
}

/// Where Identity Center's people come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
    /// Google Workspace.
    Google,
    /// Identity Center's own directory.
    Directory,
    /// Another provider with SAML and SCIM.
    Other,
}

/// Access through roles in the account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    /// Who may assume the developer role. ARNs of IAM users, whose name AWS binds to the session, or of roles (`*` and
    /// `?` allowed in their path and name), whose callers choose the session's name themselves.
    #[schemars(required, extend("minItems" = 1), example = ["arn:aws:iam::123456789012:user/alice"])]
    pub trusted: Option<Spanned<Vec<Spanned<String>>>>,
    /// Who may assume the admin role. Without it there is none.
    #[schemars(example = ["arn:aws:iam::123456789012:role/platform-admin"])]
    pub admins: Option<Spanned<Vec<Spanned<String>>>>,
    /// Who may assume the analyst role. Without it there is none.
    #[schemars(example = ["arn:aws:iam::123456789012:role/finance"])]
    pub analysts: Option<Spanned<Vec<Spanned<String>>>>,
    /// How long a session may last at most, in hours.
    #[schemars(range(min = 1, max = 12), extend("default" = defaults::SESSION_HOURS))]
    pub max_session_hours: Option<Spanned<u32>>,
}

/// Access with the tokens of an OpenID provider.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Federation {
    /// Whose tokens; decides the form of the issuer and which steps the checklist shows.
    #[schemars(required, example = &"okta")]
    pub provider: Option<Spanned<OpenIdProvider>>,
    /// The issuer, letter for letter as the claim `iss` of its tokens has it.
    #[schemars(required, extend("pattern" = forms::HTTPS, "maxLength" = 255), example = &"https://acme.okta.com/oauth2/default")]
    pub issuer: Option<Spanned<String>>,
    /// Id of the application at the provider.
    #[schemars(required, extend("maxLength" = 255), example = &"0oa1b2c3d4e5f6g7h8i9")]
    pub client_id: Option<Spanned<String>>,
    /// Ids of further applications of the provider whose tokens are taken as well.
    #[schemars(example = ["0oa9i8h7g6f5e4d3c2b1"])]
    pub audiences: Option<Spanned<Vec<Spanned<String>>>>,
    /// Domains of the e-mail addresses that may sign in, without `@`. Needed with `google`, where everybody on earth has an
    /// account.
    #[schemars(example = ["example.com"])]
    pub email_domains: Option<Spanned<Vec<Spanned<String>>>>,
    /// Key of a tag in the token's claim `https://aws.amazon.com/tags` (with `identity_pool` one that the pool sets) whose value
    /// is the developer's e-mail address, or the team where profiles are per team. With it nobody signs in whose token lacks
    /// it, and a developer can invoke nothing but their own application profiles.
    #[schemars(example = &"Email")]
    pub session_tag: Option<Spanned<String>>,
    /// Key of a tag in the token's claim `https://aws.amazon.com/tags` (with `identity_pool` one that the pool sets) whose value
    /// is one group. Needed with `groups`.
    #[schemars(example = &"Group")]
    pub group_tag: Option<Spanned<String>>,
    /// The values of `group_tag` that may sign in; upper and lower case count.
    #[schemars(example = ["claude-code-developers"])]
    pub groups: Option<Spanned<Vec<Spanned<String>>>>,
    /// How long a session may last at most, in hours. Sessions of an identity pool last one hour.
    #[schemars(range(min = 1, max = 12), extend("default" = defaults::SESSION_HOURS))]
    pub max_session_hours: Option<Spanned<u32>>,
    /// An identity pool of Amazon Cognito between the token and the role. It makes session tags of any claims, so it is for
    /// providers whose tokens cannot carry AWS's own claim (Microsoft Entra ID, Google); but every session of it has the same
    /// name in the log.
    pub identity_pool: Option<Spanned<IdentityPool>>,
    /// ARN of the account's IAM OIDC provider for this issuer, where somebody else manages it: AWS allows one for each
    /// issuer. Without it the deployment makes one.
    #[schemars(example = &"arn:aws:iam::123456789012:oidc-provider/acme.okta.com/oauth2/default")]
    pub oidc_provider_arn: Option<Spanned<String>>,
    /// SHA-1 fingerprints of the certificate authority of an issuer that AWS's own list of authorities does not have.
    #[schemars(extend("maxItems" = 5), example = ["990f4193972f2becf12ddeda5237f9c952f20d9e"])]
    pub thumbprints: Option<Spanned<Vec<Spanned<String>>>>,
}

/// An identity pool of Amazon Cognito, which the deployment makes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityPool {
    /// Claim of the token that becomes the session tag `session_tag`: one text, the developer's e-mail address or the team.
    /// By default `email` where profiles are per developer.
    #[schemars(extend("maxLength" = 256), example = &"email")]
    pub session_tag_claim: Option<Spanned<String>>,
    /// Claim of the token that becomes the session tag `group_tag`: one text, not a list. Needed with `group_tag`.
    #[schemars(extend("maxLength" = 256), example = &"department")]
    pub group_tag_claim: Option<Spanned<String>>,
}

/// An OpenID provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenIdProvider {
    /// Okta: its organization's own authorization server, or another.
    Okta,
    /// Microsoft Entra ID, with tokens of version 2.0.
    Entra,
    /// Auth0.
    Auth0,
    /// A user pool of Amazon Cognito.
    Cognito,
    /// Google Workspace.
    Google,
    /// Any other.
    Oidc,
}

/// The organization that the account belongs to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Management account, also the payer.
    #[schemars(required, extend("pattern" = forms::ACCOUNT), example = &"999999999999")]
    pub management_account_id: Option<Spanned<String>>,
    /// What the service control policy is attached to: accounts, organizational units (`ou-…`) or roots (`r-…`). By
    /// default the deployment's account alone. On a unit or root it hits every account in it.
    #[schemars(example = ["123456789012"])]
    pub attach_scp_to: Option<Spanned<Vec<Spanned<String>>>>,
}

/// Principals that the service control policy must not stop.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deploy {
    /// ARN patterns of the roles that run Terraform in the deployment's account; `*` for the account is allowed.
    #[schemars(required, extend("minItems" = 1), example = ["arn:aws:iam::*:role/terraform-*"])]
    pub principals: Option<Spanned<Vec<Spanned<String>>>>,
    /// ARN patterns of emergency roles.
    #[schemars(example = ["arn:aws:iam::*:role/break-glass"])]
    pub break_glass: Option<Spanned<Vec<Spanned<String>>>>,
}

/// Where Terraform keeps its state.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Kind of the backend.
    #[schemars(extend("default" = "s3"))]
    pub backend: Option<Spanned<Backend>>,
    /// Bucket; tfgen does not create it.
    #[schemars(required, example = &"acme-terraform-state")]
    pub bucket: Option<Spanned<String>>,
    /// Region of the bucket. By default the deployment's.
    #[schemars(extend("pattern" = forms::REGION), example = &"us-east-1")]
    pub region: Option<Spanned<String>>,
    /// Prefix of the keys, one key per root below it. By default the deployment's name.
    #[schemars(example = &"claude-code")]
    pub key_prefix: Option<Spanned<String>>,
    /// KMS key that the state is encrypted with. By default the bucket's encryption.
    #[schemars(extend("pattern" = forms::KEY), example = &"arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    pub kms_key_arn: Option<Spanned<String>>,
}

/// Kind of the backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// S3 with a lock file, which needs no DynamoDB table.
    S3,
}
