//! Blocks about cost, logs, alarms and content.

use schemars::JsonSchema;
use serde::Deserialize;

use super::forms;
use crate::deployment::read::{Labelled, Spanned};

/// Values that hold when an argument is absent.
pub mod defaults {
    /// `identity_center.group`
    pub const GROUP: &str = "Claude Code Developers";
    /// `identity_center.session_duration`
    pub const SESSION_DURATION: &str = "PT8H";
    /// `roles.max_session_hours`
    pub const SESSION_HOURS: u32 = 8;
    /// `cost_tags.team`
    pub const TAG_TEAM: &str = "Team";
    /// `cost_tags.project`
    pub const TAG_PROJECT: &str = "Project";
    /// `cost_tags.cost_center`
    pub const TAG_COST_CENTER: &str = "CostCenter";
    /// `cost_tags.user`
    pub const TAG_USER: &str = "User";
    /// `logging.retention_days`
    pub const RETENTION_DAYS: u32 = 30;
    /// `logging.expiration_days`
    pub const EXPIRATION_DAYS: u32 = 365;
    /// `analytics.scan_limit_gb`
    pub const SCAN_LIMIT_GB: u32 = 100;
    /// `analytics.results_expiration_days`
    pub const RESULTS_EXPIRATION_DAYS: u32 = 30;
    /// `budgets.thresholds`
    pub const THRESHOLDS: [u32; 3] = [50, 80, 100];
    /// `budgets.forecast_thresholds`
    pub const FORECAST_THRESHOLDS: [u32; 1] = [100];
    /// `budgets.alarms.invocations_per_5m`
    pub const INVOCATIONS_PER_5M: u64 = 2_000;
    /// `budgets.alarms.output_tokens_per_5m`
    pub const OUTPUT_TOKENS_PER_5M: u64 = 1_000_000;
    /// `budgets.alarms.throttles_per_5m`
    pub const THROTTLES_PER_5M: u64 = 50;
}

/// Keys of the tags of application inference profiles, and their activation as cost allocation tags.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CostTags {
    /// Account that pays the bill: only there can a tag be activated. By default the management account of
    /// `organization`, without that block the deployment's own account. Where Identity Center is managed from another
    /// account, the account belongs to an organization, and one of the two has to be stated.
    #[schemars(extend("pattern" = forms::ACCOUNT), example = &"999999999999")]
    pub payer_account_id: Option<Spanned<String>>,
    /// Key of the team's tag.
    #[schemars(extend("default" = defaults::TAG_TEAM))]
    pub team: Option<Spanned<String>>,
    /// Key of the project's tag.
    #[schemars(extend("default" = defaults::TAG_PROJECT))]
    pub project: Option<Spanned<String>>,
    /// Key of the cost centre's tag.
    #[schemars(extend("default" = defaults::TAG_COST_CENTER))]
    pub cost_center: Option<Spanned<String>>,
    /// Key of the tag that holds the developer's e-mail address.
    #[schemars(extend("default" = defaults::TAG_USER))]
    pub user: Option<Spanned<String>>,
}

/// Model invocation logging. AWS has one configuration per account and region, so a deployment owns it alone.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Logging {
    /// How long CloudWatch keeps log events, in days: one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400,
    /// 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653.
    #[schemars(range(min = 1, max = 3653), extend("default" = defaults::RETENTION_DAYS, "enum" = forms::retention()))]
    pub retention_days: Option<Spanned<u32>>,
    /// After how many days log objects in S3 are deleted.
    #[schemars(range(min = 1, max = 36_500), extend("default" = defaults::EXPIRATION_DAYS))]
    pub expiration_days: Option<Spanned<u32>>,
    /// Whether prompts and answers are stored, in clear. Without them the log still holds who called which model when,
    /// and very likely how many tokens it took; AWS does not say so in writing.
    #[schemars(extend("default" = false))]
    pub prompts: Option<Spanned<bool>>,
    /// KMS key of the deployment's account and region that encrypts bucket and log group. Its key policy is a step of
    /// the checklist. By default keys that AWS owns.
    #[schemars(extend("pattern" = forms::KEY), example = &"arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    pub kms_key_arn: Option<Spanned<String>>,
}

/// Athena over the invocation logs.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Analytics {
    /// A query that reads more is cancelled, in gigabytes of 1,000,000,000 bytes.
    #[schemars(range(min = 1, max = 1_000_000), extend("default" = defaults::SCAN_LIMIT_GB))]
    pub scan_limit_gb: Option<Spanned<u32>>,
    /// After how many days query results are deleted.
    #[schemars(range(min = 1, max = 36_500), extend("default" = defaults::RESULTS_EXPIRATION_DAYS))]
    pub results_expiration_days: Option<Spanned<u32>>,
}

/// Budgets, alarms and their notifications.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// Monthly limit of the account in USD.
    #[schemars(required, extend("exclusiveMinimum" = 0), example = 5000)]
    pub monthly_usd: Option<Spanned<f64>>,
    /// Addresses that are notified. Each has to confirm a mail from AWS within two days.
    #[schemars(example = ["platform@example.com"])]
    pub emails: Option<Spanned<Vec<Spanned<String>>>>,
    /// Names of HTTPS endpoints that are notified. Their URLs are secrets: they come through the Terraform variable
    /// `https_endpoints`, a map from these names.
    #[schemars(example = ["pagerduty"])]
    pub https: Option<Spanned<Vec<Spanned<String>>>>,
    /// Notifications about actual spend, in percent of the limit, 1 to 1,000. A budget has at most ten notifications, those about
    /// the forecast included.
    #[schemars(extend("default" = defaults::THRESHOLDS))]
    pub thresholds: Option<Spanned<Vec<Spanned<Percent>>>>,
    /// Notifications about forecast spend, in percent of the limit, 1 to 1,000.
    #[schemars(extend("default" = defaults::FORECAST_THRESHOLDS))]
    pub forecast_thresholds: Option<Spanned<Vec<Spanned<Percent>>>>,
    /// Monthly budget of a team, counted by a tag of its application inference profiles. Needs `cost_tags`.
    #[schemars(extend("x-label" = "team"))]
    pub team: Option<Labelled<Spanned<TeamBudget>>>,
    /// Limits above which an alarm is sent.
    pub alarms: Option<Spanned<Alarms>>,
    /// Cost anomaly detection. An account has one monitor for services, so ask for it only where there is none.
    pub anomaly: Option<Spanned<Anomaly>>,
}

/// Percent of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub struct Percent(pub u32);

impl JsonSchema for Percent {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Percent".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "minimum": 1, "maximum": 1000})
    }
}

/// Monthly budget of a team.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamBudget {
    /// Monthly limit in USD.
    #[schemars(required, extend("exclusiveMinimum" = 0), example = 2000)]
    pub monthly_usd: Option<Spanned<f64>>,
    /// Cost centre by whose tag the team's spend is counted. By default it is counted by the team's tag.
    #[schemars(example = &"CC-1001")]
    pub cost_center: Option<Spanned<String>>,
}

/// Limits above which an alarm is sent, each for five minutes of the whole account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarms {
    /// Model invocations.
    #[schemars(range(min = 1), extend("default" = defaults::INVOCATIONS_PER_5M))]
    pub invocations_per_5m: Option<Spanned<u64>>,
    /// Output tokens.
    #[schemars(range(min = 1), extend("default" = defaults::OUTPUT_TOKENS_PER_5M))]
    pub output_tokens_per_5m: Option<Spanned<u64>>,
    /// Throttled invocations.
    #[schemars(range(min = 1), extend("default" = defaults::THROTTLES_PER_5M))]
    pub throttles_per_5m: Option<Spanned<u64>>,
}

/// Cost anomaly detection.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anomaly {
    /// Impact in USD from which an anomaly is reported.
    #[schemars(required, extend("exclusiveMinimum" = 0), example = 100)]
    pub threshold_usd: Option<Spanned<f64>>,
}

/// A guardrail that developers cannot leave out.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1))]
pub struct Guardrail {
    /// A topic that is denied.
    #[schemars(extend("x-label" = "name", "propertyNames" = forms::topic()))]
    pub topic: Option<Labelled<Spanned<Topic>>>,
    /// Topics that are denied and whose name says it all: the text is name and definition.
    #[schemars(example = ["Investment advice"])]
    pub blocked_topics: Option<Spanned<Vec<Spanned<String>>>>,
    /// Words and phrases that are blocked, each of at most 100 characters.
    #[schemars(example = ["project-nightfall"])]
    pub blocked_words: Option<Spanned<Vec<Spanned<String>>>>,
    /// Kinds of personal data and secrets that are blocked.
    #[schemars(example = ["AWS_SECRET_KEY", "CREDIT_DEBIT_CARD_NUMBER"])]
    pub blocked_pii: Option<Spanned<Vec<Spanned<Pii>>>>,
    /// Strength of the filters for hate, insults, sexual content, violence and misconduct. By default there are none.
    #[schemars(example = &"HIGH")]
    pub content_filter: Option<Spanned<Filter>>,
}

/// A topic that is denied.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// What belongs to the topic, in at most 200 characters.
    #[schemars(required, example = &"Advice on buying or selling securities.")]
    pub definition: Option<Spanned<String>>,
}

/// Strength of content filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Filter {
    /// Only what is certainly harmful.
    Low,
    /// What is probably harmful.
    Medium,
    /// What may be harmful.
    High,
}

/// A kind of personal data that a guardrail of Amazon Bedrock knows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Pii(pub String);

/// The kinds that the API takes: enumeration `GuardrailPiiEntityType` of botocore's model of Amazon Bedrock.
const PII: [&str; 31] = [
    "ADDRESS",
    "AGE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CA_HEALTH_NUMBER",
    "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_EXPIRY",
    "CREDIT_DEBIT_CARD_NUMBER",
    "DRIVER_ID",
    "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS",
    "LICENSE_PLATE",
    "MAC_ADDRESS",
    "NAME",
    "PASSWORD",
    "PHONE",
    "PIN",
    "SWIFT_CODE",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
    "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
    "URL",
    "USERNAME",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
];

impl JsonSchema for Pii {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pii".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "enum": PII})
    }
}
