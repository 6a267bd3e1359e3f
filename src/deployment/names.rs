//! Every name that AWS will see: one function of (name, account, region), so that roots agree without reading each other's state.

/// Names of a deployment's resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Permission set or role of developers.
    pub developer: String,
    /// Permission set or role of administrators.
    pub admin: String,
    /// Permission set or role of analysts.
    pub analyst: String,
    /// CLI profile and SSO session on a developer's machine.
    pub cli_profile: String,
    /// Bucket of invocation logs.
    pub log_bucket: String,
    /// Prefix of the log objects' keys, without slashes at its ends.
    pub log_prefix: String,
    /// Log group of invocation logs.
    pub log_group: String,
    /// Role through which Bedrock writes to the log group.
    pub log_delivery_role: String,
    /// Bucket of Athena results and of the generated price and profile tables.
    pub results_bucket: String,
    /// Glue database.
    pub database: String,
    /// Glue table of invocation logs.
    pub log_table: String,
    /// Glue table of prices.
    pub price_table: String,
    /// Glue table of application inference profiles.
    pub profile_table: String,
    /// Athena workgroup.
    pub workgroup: String,
    /// SNS topic of budgets and alarms.
    pub topic: String,
    /// Budget of the account.
    pub budget: String,
    /// Namespace of the metrics taken from the log.
    pub metric_namespace: String,
    /// Guardrail.
    pub guardrail: String,
    /// Managed policy that enforces the guardrail.
    pub guardrail_policy: String,
    /// Service control policy.
    pub scp: String,
    /// Cost anomaly monitor and subscription.
    pub anomaly: String,
}

impl Names {
    /// The names of the deployment `name` in `account_id` and `region`.
    pub fn new(name: &str, account_id: &str, region: &str) -> Self {
        let snake = name.replace('-', "_");
        Self {
            developer: format!("{name}-developer"),
            admin: format!("{name}-admin"),
            analyst: format!("{name}-analyst"),
            cli_profile: name.to_owned(),
            log_bucket: format!("{name}-logs-{account_id}-{region}"),
            log_prefix: "invocations".to_owned(),
            log_group: format!("/aws/bedrock/{name}"),
            log_delivery_role: format!("{name}-log-delivery"),
            results_bucket: format!("{name}-athena-{account_id}-{region}"),
            database: format!("{snake}_bedrock_logs"),
            log_table: "invocation_logs".to_owned(),
            price_table: "model_prices".to_owned(),
            profile_table: "inference_profiles".to_owned(),
            workgroup: format!("{snake}_bedrock_logs"),
            topic: format!("{name}-alerts"),
            budget: format!("{name}-monthly"),
            metric_namespace: format!("{name}/usage"),
            guardrail: name.to_owned(),
            guardrail_policy: format!("{name}-guardrail"),
            scp: format!("{name}-guardrails"),
            anomaly: format!("{name}-anomalies"),
        }
    }

    /// Name of a team's budget.
    pub fn team_budget(name: &str, team: &str) -> String {
        format!("{name}-team-{team}")
    }
}

/// Key of an application inference profile in Terraform's state, in the output `inference_profile_arns` and in the data
/// that render writes. `owner` is a developer's id or [`team_owner`].
///
/// The geography is part of it: a profile that is made from another system profile is another profile.
pub fn profile_key(owner: &str, geography: Geography, model_key: &str) -> String {
    format!("{owner}/{}.{model_key}", geography.as_str())
}

/// The owner of a team's profiles, which is no developer's id.
pub fn team_owner(team: &str) -> String {
    format!("team:{team}")
}
