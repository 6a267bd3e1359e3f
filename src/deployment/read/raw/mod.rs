//! The deployment file as it is written. These types are the one source of what a file may hold: keys, types, choices
//! and what is required for the structural pass, the JSON Schema of `tfgen schema`, and the reference page.
//!
//! Every field is optional in Rust, because what is faulty is dropped before; `#[schemars(required)]` says what a file
//! needs. A field that is a struct is a block, a [`Labelled`] field of structs is a block with a label, a list of structs a block that
//! may be repeated.

mod access;
mod check;
mod forms;
mod model;
mod operation;

use schemars::JsonSchema;
use serde::Deserialize;

pub use access::{
    Backend, Deploy, Federation, IdentityCenter, IdentityPool, OpenIdProvider, Organization, Roles, Source, State,
};
pub use check::{Check, FailOn, RuleFamily};
pub use model::{Family, Model, ModelGeography, Price};
pub use operation::{Analytics, Budgets, CostTags, Filter, Guardrail, Logging, Percent, Pii, defaults};

use super::{Labelled, Spanned};

/// One rollout of Claude Code on Amazon Bedrock in one AWS account and region.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    title = "tfgen deployment file",
    rename = "Deployment",
    extend("oneOf" = forms::access_modes(), "dependentRequired" = forms::needs())
)]
pub struct File {
    /// Name of the deployment, the stem of every resource name. Lower-case letters, digits and single hyphens, a
    /// letter first. How long it may be depends on the parts that are switched on: with Identity Center at most 22
    /// characters, because the permission set `NAME-developer` may have 32.
    #[schemars(required, extend("pattern" = forms::NAME), example = &"claude-code")]
    pub name: Option<Spanned<String>>,
    /// The dedicated AWS account that holds logs, profiles, roles and budgets: twelve digits, in quotes.
    #[schemars(required, extend("pattern" = forms::ACCOUNT), example = &"123456789012")]
    pub account_id: Option<Spanned<String>>,
    /// The only region from which models are called, and the one in which they are logged. Commercial regions only.
    #[schemars(required, extend("pattern" = forms::REGION), example = &"us-east-1")]
    pub region: Option<Spanned<String>>,
    /// Which models developers may call.
    #[schemars(required)]
    pub models: Option<Spanned<Models>>,
    /// Where the list of developers is kept.
    pub developers: Option<Spanned<Developers>>,
    /// A developer. Blocks and the file of `developers` may be combined.
    #[schemars(extend("x-label" = "id", "propertyNames" = forms::label(forms::DEVELOPER)))]
    pub developer: Option<Labelled<Spanned<Developer>>>,
    /// What an application inference profile stands for.
    pub profiles: Option<Spanned<Profiles>>,
    /// Access through IAM Identity Center. Exactly one of `identity_center`, `roles` and `federation` is needed.
    pub identity_center: Option<Spanned<IdentityCenter>>,
    /// Access through roles in the account, where there is no Identity Center.
    pub roles: Option<Spanned<Roles>>,
    /// Access with the tokens of an OpenID provider, through `credential-process` on the developer's machine.
    pub federation: Option<Spanned<Federation>>,
    /// The organization that the account belongs to. Without the block no service control policy is attached.
    pub organization: Option<Spanned<Organization>>,
    /// Principals that the service control policy must not stop. Needed with `organization`.
    pub deploy: Option<Spanned<Deploy>>,
    /// Where Terraform keeps its state. Without the block each root keeps it in a local file.
    pub state: Option<Spanned<State>>,
    /// Activation of the tags of application inference profiles as cost allocation tags, in the payer account. Without
    /// the block profiles are tagged under the default keys, but nobody activates them.
    pub cost_tags: Option<Spanned<CostTags>>,
    /// Model invocation logging to S3 and CloudWatch. Without the block nothing is logged.
    pub logging: Option<Spanned<Logging>>,
    /// Athena over the invocation logs: cost per developer. Needs `logging`.
    pub analytics: Option<Spanned<Analytics>>,
    /// Budgets, alarms and their notifications. Needs `logging`, from which the alarms are fed.
    pub budgets: Option<Spanned<Budgets>>,
    /// A guardrail that developers cannot leave out. At least one of its policies is needed.
    pub guardrail: Option<Spanned<Guardrail>>,
    /// A model that overrides or adds to tfgen's catalogue until its next release. What is left out keeps the
    /// catalogue's value; a new model needs `id`, `anthropic_id`, `family` and a `geography` block.
    #[schemars(extend("x-label" = "key", "propertyNames" = forms::label(forms::MODEL)))]
    pub model: Option<Labelled<Spanned<Model>>>,
    /// Defaults of `tfgen check` for what lies beside and below this file. Options on its command line win.
    pub check: Option<Spanned<Check>>,
}

/// Which models developers may call.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Models {
    /// Geography of the cross-region inference profiles: where requests may be served.
    #[schemars(required, example = &"us")]
    pub geography: Option<Spanned<Geography>>,
    /// Keys of the models; `tfgen models` lists them.
    #[schemars(required, extend("minItems" = 1), example = ["opus-4-6", "sonnet-4-6", "haiku-4-5"])]
    pub allow: Option<Spanned<Vec<Spanned<String>>>>,
    /// The model that Claude Code starts with, one of `allow`. By default the first of them.
    #[schemars(example = &"opus-4-6")]
    pub default: Option<Spanned<String>>,
}

/// Geography of cross-region inference profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Geography {
    /// Regions of the United States, and Canada for sources there.
    Us,
    /// Regions of Europe.
    Eu,
    /// Regions of Australia, and New Zealand for sources there.
    Au,
    /// Regions of Japan.
    Jp,
    /// All commercial regions of AWS.
    Global,
}

/// Where the list of developers is kept.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Developers {
    /// CSV file, relative to the deployment file, with a header line. Columns: `email`, and optionally `id`, `team`,
    /// `project`, `cost_center`, `formerly`. Without `id` the id is the part of the address before the `@`. At most
    /// 20,000 rows.
    #[schemars(required, example = &"developers.csv")]
    pub file: Option<Spanned<String>>,
}

/// A developer.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Developer {
    /// E-mail address, also the value of the user tag.
    #[schemars(required, extend("format" = "email"), example = &"alice@example.com")]
    pub email: Option<Spanned<String>>,
    /// Team.
    #[schemars(example = &"engineering")]
    pub team: Option<Spanned<String>>,
    /// Project.
    #[schemars(example = &"claude-code")]
    pub project: Option<Spanned<String>>,
    /// Cost centre.
    #[schemars(example = &"CC-1001")]
    pub cost_center: Option<Spanned<String>>,
    /// The id under which the developer was known before a rename. It keeps the profiles from being replaced, so it
    /// stays for as long as the developer does.
    #[schemars(extend("pattern" = forms::DEVELOPER), example = &"asmith")]
    pub formerly: Option<Spanned<String>>,
}

/// What an application inference profile stands for.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profiles {
    /// For whom a profile of each allowed model is made. By default `developer` where that makes at most 300 profiles,
    /// otherwise `team` where every developer has a team, otherwise `none`; `tfgen render` says which, and why.
    #[schemars(required, example = &"developer")]
    pub per: Option<Spanned<Scope>>,
}

/// What an application inference profile stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// For each developer: cost on the bill by developer, team, project and cost centre.
    Developer,
    /// For each team: cost on the bill by team. Every developer needs a team.
    Team,
    /// No application inference profiles: cost by developer comes from the invocation logs alone.
    None,
}
