//! A deployment after decoding, validation and defaults: the one value from which everything else is computed.
//!
//! Nothing here is optional that has a default, and nothing is invalid: [`super::load`] reports every fault
//! before a `Deployment` exists.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;

mod federation;

pub use federation::{Federation, GroupTag, IdentityPool, OpenIdProvider, POOL_PRINCIPAL, POOL_SESSION};

/// One rollout of Claude Code in one AWS account and region.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Name of the deployment, the stem of every resource name.
    pub name: String,
    /// The dedicated account that holds logs, profiles, roles and budgets: twelve digits.
    pub account_id: String,
    /// The only region from which models are called, and the one in which they are logged.
    pub region: String,
    /// `aws`; follows from the region.
    pub partition: String,
    /// Every name that AWS will see.
    pub names: Names,
    /// Which profiles are used.
    pub geography: Geography,
    /// Models that may be called, in the order of the file.
    pub models: Vec<AllowedModel>,
    /// Prices of all known models, allowed or not, in all their geographies.
    pub price_lists: Vec<PriceList>,
    /// Key of the model that Claude Code starts with; one of `models`.
    pub default_model: String,
    /// Developers, sorted by id.
    pub developers: Vec<Developer>,
    /// What each application inference profile stands for.
    pub profiles: ProfileScope,
    /// Why `profiles` was chosen, when the file did not say.
    pub profiles_reason: Option<String>,
    /// How developers get credentials.
    pub access: Access,
    /// The organization, where its management account is known.
    pub organization: Option<Organization>,
    /// Principals that the SCP must not stop.
    pub deploy: Option<Deploy>,
    /// Where Terraform keeps its state; `None` means local files.
    pub state: Option<State>,
    /// Tag keys on every application inference profile.
    pub tag_keys: TagKeys,
    /// Activation of `tag_keys` as cost allocation tags; `None` when the block is absent.
    pub cost_tags: Option<CostTags>,
    /// Model invocation logging; `None` when the block is absent.
    pub logging: Option<Logging>,
    /// Athena over the logs; `None` when the block is absent.
    pub analytics: Option<Analytics>,
    /// Budgets and alarms; `None` when the block is absent.
    pub budgets: Option<Budgets>,
    /// Guardrail; `None` when the block is absent.
    pub guardrail: Option<Guardrail>,
    /// Date of the catalogue's facts that were used, `YYYY-MM-DD`.
    pub catalog_as_of: String,
}

/// Geography of cross-region inference profiles: the prefix of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Geography {
    /// `us.`
    Us,
    /// `eu.`
    Eu,
    /// `au.`
    Au,
    /// `jp.`
    Jp,
    /// `global.`
    Global,
}

impl Geography {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Us, Self::Eu, Self::Au, Self::Jp, Self::Global];

    /// The prefix of a profile id, without its dot.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Us => "us",
            Self::Eu => "eu",
            Self::Au => "au",
            Self::Jp => "jp",
            Self::Global => "global",
        }
    }
}

/// A model that developers may call, with the facts that hold for this deployment's region and geography.
#[derive(Debug, Clone)]
pub struct AllowedModel {
    /// Key in the deployment file, as `opus-4-6`.
    pub key: String,
    /// Name for people, as `Claude Opus 4.6`.
    pub name: String,
    /// Bedrock's base id, as `anthropic.claude-opus-4-6-v1`.
    pub base_id: String,
    /// System inference profile, as `us.anthropic.claude-opus-4-6-v1`.
    pub profile_id: String,
    /// Anthropic's own id, the key of `modelOverrides`, as `claude-opus-4-6`.
    pub anthropic_id: String,
    /// Alias family in Claude Code: `opus`, `sonnet`, `haiku`, `fable`, `mythos`.
    pub family: String,
    /// Where a request may be served when it is sent from the deployment's region.
    pub destinations: Destinations,
    /// AWS Marketplace product id, where known.
    pub marketplace_product: Option<String>,
    /// Largest number of output tokens, where known.
    pub max_output_tokens: Option<u32>,
    /// Least version of Claude Code that knows the model, where known.
    pub min_claude_code: Option<String>,
    /// Mode of data retention without which Bedrock refuses the model, where it needs one.
    pub data_retention: Option<String>,
    /// Prices for this geography, the factor already applied, oldest first.
    pub prices: Vec<Price>,
}

/// Destination regions of an inference profile.
///
/// Source: <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destinations {
    /// A closed list, the source region included; AWS never changes it for an existing profile id.
    Regions(BTreeSet<String>),
    /// All commercial regions. IAM sees a foundation model ARN without region and
    /// `aws:RequestedRegion = unspecified` (global-cross-region-inference page).
    Global,
}

/// Prices in USD per million tokens from a date on; `None` where AWS's figure is not known.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// First day on which the prices hold, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Prompts up to this number of input tokens pay these prices; `None` means any.
    pub up_to_input_tokens: Option<u64>,
    /// Input tokens that were neither read from nor written to the cache.
    pub input: Option<f64>,
    /// Output tokens.
    pub output: Option<f64>,
    /// Input tokens read from the cache.
    pub cache_read: Option<f64>,
    /// Input tokens written to the cache for five minutes.
    pub cache_write_5m: Option<f64>,
    /// Input tokens written to the cache for one hour.
    pub cache_write_1h: Option<f64>,
}

/// Prices of a model in a geography.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceList {
    /// Bedrock's base id.
    pub model_id: String,
    /// Key in the deployment file.
    pub model_key: String,
    /// Name for people.
    pub model_name: String,
    /// Prefix of the system inference profile's id.
    pub geography: String,
    /// Prices, the factor of the geography already applied, oldest first.
    pub prices: Vec<Price>,
}

/// A person who uses Claude Code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Developer {
    /// Stable id: the block's label or the column `id`; profiles are keyed by it.
    pub id: String,
    /// The id under which this developer was known before a rename.
    pub formerly: Option<String>,
    /// E-mail address, also the value of the user tag.
    pub email: String,
    /// Team, where stated.
    pub team: Option<String>,
    /// Project, where stated.
    pub project: Option<String>,
    /// Cost centre, where stated.
    pub cost_center: Option<String>,
}

/// What an application inference profile stands for: one per allowed model and …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileScope {
    /// … developer.
    Developer,
    /// … team.
    Team,
    /// No application inference profiles.
    None,
}

impl Deployment {
    /// Roles of the deployment that people take on, the developers' first; Identity Center makes its own.
    pub fn people_roles(&self) -> Vec<&str> {
        let names = &self.names;
        match &self.access {
            Access::IdentityCenter(_) => Vec::new(),
            Access::Federation(_) => vec![&names.developer],
            Access::Roles(roles) => [
                (&names.developer, &roles.developers),
                (&names.admin, &roles.admins),
                (&names.analyst, &roles.analysts),
            ]
            .into_iter()
            .filter(|(_, callers)| !callers.is_empty())
            .map(|(name, _)| name.as_str())
            .collect(),
        }
    }
}

/// How developers get credentials.
#[derive(Debug, Clone)]
pub enum Access {
    /// Permission sets of IAM Identity Center.
    IdentityCenter(IdentityCenter),
    /// Roles in the dedicated account.
    Roles(Roles),
    /// A developer role that takes the tokens of an OpenID provider.
    Federation(Federation),
}

/// IAM Identity Center.
#[derive(Debug, Clone)]
pub struct IdentityCenter {
    /// Management account or delegated administrator: where permission sets are managed.
    pub account_id: String,
    /// Identity provider behind it; decides which steps the checklist shows.
    pub source: IdentitySource,
    /// `arn:aws:sso:::instance/ssoins-…`
    pub instance_arn: String,
    /// Access portal.
    pub start_url: String,
    /// Region of the instance; need not be the deployment's.
    pub region: String,
    /// Display name of the synced group of developers.
    pub group: String,
    /// Display name of the group of administrators, where there is one.
    pub admin_group: Option<String>,
    /// Display name of the group of analysts, where there is one.
    pub analyst_group: Option<String>,
    /// ISO 8601 duration of a session, as `PT8H`.
    pub session_duration: String,
    /// Principal tag that Identity Center puts into each session (attributes for access control) and whose value
    /// equals the value of the profile's own user tag (or team tag with profiles per team).
    pub session_tag: Option<String>,
}

/// Where Identity Center's people come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentitySource {
    /// Microsoft Entra ID.
    Entra,
    /// Okta.
    Okta,
    /// Google Workspace.
    Google,
    /// Identity Center's own directory.
    Directory,
    /// Another SAML and SCIM provider.
    Other,
}

/// Roles that developers, administrators and analysts assume themselves.
#[derive(Debug, Clone)]
pub struct Roles {
    /// Who may assume the developer role.
    pub developers: Vec<Trusted>,
    /// Who may assume the admin role; empty means the role is not emitted.
    pub admins: Vec<Trusted>,
    /// Who may assume the analyst role; empty means the role is not emitted.
    pub analysts: Vec<Trusted>,
    /// Longest session in seconds, 3,600 to 43,200.
    pub max_session_seconds: u32,
}

impl Roles {
    /// Every IAM user of the three lists: ARN and name, some perhaps twice.
    pub fn users(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.developers.iter().chain(&self.admins).chain(&self.analysts);
        all.filter_map(|caller| match caller {
            Trusted::User { arn, name } => Some((arn.as_str(), name.as_str())),
            Trusted::Role { .. } => None,
        })
    }

    /// ARNs of those that belong to this account.
    pub fn users_of(&self, account_id: &str) -> impl Iterator<Item = &str> {
        let own = format!("::{account_id}:user/");
        self.users().map(|(arn, _)| arn).filter(move |arn| arn.contains(&own))
    }
}

/// A caller that a role trusts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trusted {
    /// An IAM user: its session name is pinned to the user name, so the log's identity is *bound*.
    User {
        /// ARN of the user.
        arn: String,
        /// Last segment of the ARN, which `${aws:username}` yields.
        name: String,
    },
    /// A role (`*` and `?` allowed after `role/`): its session name is chosen by the caller, so the identity is *claimed*.
    Role {
        /// ARN or ARN pattern of the role; the account is literal.
        arn: String,
        /// Account of the role.
        account_id: String,
    },
}

/// The organization that the dedicated account belongs to.
#[derive(Debug, Clone)]
pub struct Organization {
    /// Management account, also the payer.
    pub management_account_id: String,
    /// Accounts, OUs or roots that the SCP is attached to.
    pub attach_scp_to: Vec<String>,
}

/// Principals that the SCP's protective statements exempt.
#[derive(Debug, Clone)]
pub struct Deploy {
    /// ARN patterns of the roles that run Terraform in the dedicated account.
    pub principals: Vec<String>,
    /// ARN patterns of emergency roles.
    pub break_glass: Vec<String>,
}

impl Deploy {
    /// All exempt patterns, sorted and without duplicates.
    pub fn exempt(&self) -> BTreeSet<&str> {
        self.principals
            .iter()
            .chain(&self.break_glass)
            .map(String::as_str)
            .collect()
    }
}

/// S3 backend of Terraform's state, one key per root.
#[derive(Debug, Clone)]
pub struct State {
    /// Bucket.
    pub bucket: String,
    /// Region of the bucket.
    pub region: String,
    /// Prefix of the keys, without trailing slash.
    pub key_prefix: String,
    /// Customer-managed key, where used.
    pub kms_key_arn: Option<String>,
}

/// Keys of the tags that carry cost attribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagKeys {
    /// Team, `Team` by default.
    pub team: String,
    /// Project, `Project` by default.
    pub project: String,
    /// Cost centre, `CostCenter` by default.
    pub cost_center: String,
    /// Developer's e-mail address, `User` by default.
    pub user: String,
}

/// Activation of cost allocation tags in the payer.
#[derive(Debug, Clone)]
pub struct CostTags {
    /// Management account of the organization, or the account itself when it stands alone.
    pub payer_account_id: String,
}

/// Model invocation logging.
#[derive(Debug, Clone)]
pub struct Logging {
    /// Retention of the log group in days: one of CloudWatch's values.
    pub retention_days: u32,
    /// Days after which log objects in S3 are deleted.
    pub expiration_days: u32,
    /// Whether prompts and answers are stored, not only counts and identities.
    pub prompts: bool,
    /// Customer-managed key for bucket and log group; its key policy is a manual step.
    pub kms_key_arn: Option<String>,
}

/// Athena over the logs.
#[derive(Debug, Clone)]
pub struct Analytics {
    /// Bytes after which a query is cancelled.
    pub scan_limit_bytes: u64,
    /// Days after which query results are deleted.
    pub results_expiration_days: u32,
}

/// Budgets and alarms.
#[derive(Debug, Clone)]
pub struct Budgets {
    /// Monthly limit of the account in USD, above 0.
    pub monthly_usd: f64,
    /// Addresses that subscribe to the topic.
    pub emails: Vec<String>,
    /// Names of HTTPS endpoints; their URLs are secrets and come through the Terraform variable `https_endpoints`.
    pub https: Vec<String>,
    /// Thresholds of actual spend in percent, ascending.
    pub thresholds: Vec<u32>,
    /// Thresholds of forecast spend in percent, ascending.
    pub forecast_thresholds: Vec<u32>,
    /// Budgets of teams, by team.
    pub teams: BTreeMap<String, TeamBudget>,
    /// Alarm limits.
    pub alarms: Alarms,
    /// Cost anomaly monitor, only on request: an account has one.
    pub anomaly: Option<Anomaly>,
}

/// Budget of a team, counted by a tag of its application inference profiles.
#[derive(Debug, Clone)]
pub struct TeamBudget {
    /// Monthly limit in USD, above 0.
    pub monthly_usd: f64,
    /// Key of the tag that is counted: the team's or the cost centre's.
    pub tag_key: String,
    /// Value of the tag.
    pub tag_value: String,
}

/// Limits above which an alarm goes to the topic.
#[derive(Debug, Clone)]
pub struct Alarms {
    /// Invocations in five minutes.
    pub invocations_per_5m: u64,
    /// Output tokens in five minutes.
    pub output_tokens_per_5m: u64,
    /// Throttled invocations in five minutes.
    pub throttles_per_5m: u64,
}

/// Cost Anomaly Detection.
#[derive(Debug, Clone)]
pub struct Anomaly {
    /// Impact in USD from which an anomaly is reported.
    pub threshold_usd: f64,
}

/// A guardrail, enforced on every invocation by developers.
#[derive(Debug, Clone, Default)]
pub struct Guardrail {
    /// Topics that are denied.
    pub topics: Vec<GuardrailTopic>,
    /// Words and phrases that are blocked.
    pub blocked_words: Vec<String>,
    /// Kinds of personal data that are blocked, as `AWS_ACCESS_KEY`.
    pub blocked_pii: Vec<String>,
    /// Strength of the content filters, `LOW`, `MEDIUM` or `HIGH`; `None` means no content filters.
    pub content_filter: Option<String>,
}

/// A topic that a guardrail denies.
#[derive(Debug, Clone)]
pub struct GuardrailTopic {
    /// Name: letters, digits, `-`, `_`, `!`, `?`, `.` and spaces, at most 100 characters.
    pub name: String,
    /// What belongs to the topic, 1 to 200 characters.
    pub definition: String,
}
