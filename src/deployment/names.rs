//! Every name that AWS will see: one function of (name, account, region), so that roots agree without reading each other's state.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::model::Geography;

/// Keys of the tags that every root gives to all of its resources.
pub const DEFAULT_TAG_KEYS: [&str; 2] = ["ManagedBy", "Deployment"];

/// Longest name of an application inference profile.
pub const LONGEST_PROFILE_NAME: usize = 64;
/// Characters of a hash that keeps names apart.
const HASH: usize = 8;
/// Least room for an owner in the name of a profile: a letter, a hyphen and the hash.
const LEAST_ROOM: usize = HASH + 2;

/// By how many characters `name` is too long for the names of application inference profiles of `model_key`.
pub fn profile_name_excess(name: &str, model_key: &str) -> usize {
    (name.len() + model_key.len() + 2 + LEAST_ROOM).saturating_sub(LONGEST_PROFILE_NAME)
}

/// The owner in at most `room` characters of which none but the outer are letters and digits with single separators
/// between them.
fn profile_owner(owner: &str, room: usize) -> String {
    let mut plain = String::with_capacity(owner.len());
    let mut changed = false;
    for c in owner.chars() {
        let (mapped, same) = match c {
            '.' => ('_', true),
            ' ' | '-' => (c, true),
            c if c.is_ascii_alphanumeric() => (c, true),
            _ => ('-', false),
        };
        changed |= !same;
        let separates = |c: char| matches!(c, ' ' | '-' | '_');
        if separates(mapped) && (plain.is_empty() || plain.ends_with(separates)) {
            changed = true;
        } else {
            plain.push(mapped);
        }
    }
    let trimmed = plain.trim_end_matches([' ', '-', '_']);
    if !changed && trimmed.len() == plain.len() && plain.len() <= room && !plain.is_empty() {
        return plain;
    }
    let kept: String = trimmed.chars().take(room.saturating_sub(HASH + 1)).collect();
    let kept = kept.trim_end_matches([' ', '-', '_']);
    let hash = short_hash(owner);
    if kept.is_empty() {
        hash
    } else {
        format!("{kept}-{hash}")
    }
}

fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut hash = String::with_capacity(HASH);
    for byte in digest.iter().take(HASH / 2) {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

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

    /// Name of the application inference profile of a developer or team for a model: `NAME_OWNER_MODEL`.
    ///
    /// AWS takes letters and digits with single `-`, `_` or spaces between them, at most 64 characters. Dots, which are
    /// frequent in ids, become `_`; any other change, and a cut, adds eight hexadecimal digits of the owner's SHA-256.
    /// The name depends on its own owner alone, never on who else is listed: a profile that changes its name is
    /// replaced. For a developer that was renamed `owner` is the former id.
    ///
    /// Source: shape `InferenceProfileName` in botocore's model of Amazon Bedrock.
    pub fn profile(name: &str, owner: &str, model_key: &str) -> String {
        let room = LONGEST_PROFILE_NAME.saturating_sub(name.len() + model_key.len() + 2);
        format!("{name}_{}_{model_key}", profile_owner(owner, room))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// What AWS takes: `([0-9a-zA-Z][ _-]?)+`.
    fn is_profile_name(name: &str) -> bool {
        let mut separated = true;
        for c in name.chars() {
            let separates = matches!(c, ' ' | '_' | '-');
            if separates && separated || !separates && !c.is_ascii_alphanumeric() {
                return false;
            }
            separated = separates;
        }
        (1..=LONGEST_PROFILE_NAME).contains(&name.len())
    }

    #[test]
    fn an_ordinary_owner_stands_as_it_is() {
        assert_eq!(
            Names::profile("claude-code", "alice", "opus-4-6"),
            "claude-code_alice_opus-4-6"
        );
        assert_eq!(
            Names::profile("claude-code", "jane.doe", "opus-4-6"),
            "claude-code_jane_doe_opus-4-6"
        );
        assert_eq!(
            Names::profile("claude-code", "Data Science", "opus-4-6"),
            "claude-code_Data Science_opus-4-6"
        );
    }

    #[test]
    fn owners_that_would_collide_are_kept_apart() {
        let owners = [
            "jane.doe",
            "jane_doe",
            "jane-doe",
            "jane--doe",
            "jane._doe",
            "jane@doe",
            "jane:doe",
            "jane.doe.",
        ];
        let names: BTreeSet<String> = owners
            .iter()
            .map(|owner| Names::profile("n", owner, "opus-4-6"))
            .collect();
        assert_eq!(names.len(), owners.len(), "{names:?}");
        let long: BTreeSet<String> = ["a", "b"]
            .iter()
            .map(|end| Names::profile("n", &format!("{}{end}", "x".repeat(63)), "m"))
            .collect();
        assert_eq!(long.len(), 2, "{long:?}");
    }

    proptest! {
        #[test]
        fn every_name_is_one_that_aws_takes(owner in "[ -~]{1,256}", name in "[a-z]([a-z0-9]|-[a-z0-9]){0,14}", model in "[a-z][a-z0-9]{0,11}") {
            prop_assume!(profile_name_excess(&name, &model) == 0);
            let profile = Names::profile(&name, &owner, &model);
            prop_assert!(is_profile_name(&profile), "{profile}");
        }
    }
}
