//! The block of `tfgen check`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::deployment::read::Spanned;

/// Defaults of `tfgen check` for what lies beside and below this file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// The least severity of findings that make `tfgen check` exit with 10.
    #[schemars(extend("default" = "warning"))]
    pub fail_on: Option<Spanned<FailOn>>,
    /// Whether `tfgen check` exits with 0 instead of 11 where nothing failed but something could not be checked.
    #[schemars(extend("default" = false))]
    pub allow_undetermined: Option<Spanned<bool>>,
    /// Ids of the only rules to run; `tfgen rules` lists them. By default all.
    #[schemars(example = ["syntax-error"])]
    pub rules: Option<Spanned<Vec<Spanned<String>>>>,
    /// The only families of rules to run. By default all.
    #[schemars(example = ["policy", "bedrock"])]
    pub families: Option<Spanned<Vec<Spanned<RuleFamily>>>>,
    /// Ids of rules not to run.
    #[schemars(example = ["suppression-unused"])]
    pub ignore: Option<Spanned<Vec<Spanned<String>>>>,
    /// Output of `terraform providers schema -json`, relative to the deployment file: for another version of the
    /// provider than the one that tfgen knows.
    #[schemars(example = &"provider-schema.json")]
    pub provider_schema: Option<Spanned<String>>,
    /// Files of values for variables, relative to the deployment file, as `-var-file` of Terraform takes them.
    #[schemars(example = ["production.tfvars"])]
    pub var_files: Option<Spanned<Vec<Spanned<String>>>>,
}

/// From which severity on a finding is a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailOn {
    /// Errors alone.
    Error,
    /// Errors and warnings.
    Warning,
    /// Every finding.
    Info,
    /// No finding.
    Never,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleFamily {
    /// What `terraform validate` decides.
    Language,
    /// What the provider refuses at plan, or AWS at apply.
    Apply,
    /// IAM policy documents.
    Policy,
    /// Claude Code on Amazon Bedrock.
    Bedrock,
    /// What is open that should not be.
    Security,
    /// The check itself.
    Check,
}
