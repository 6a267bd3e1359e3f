//! Every field that profiles have, and what becomes of those that the deployment file has no place for.

use serde_json::Value;

use super::{Profile, Reader};
use crate::commands::init::draft::{Draft, Notice, NoticeKind};
use crate::deployment::text;

/// Fields that become something: [`super::map`] reads them.
const TAKEN: [&str; 33] = [
    "allowed_bedrock_regions",
    "analytics_enabled",
    "auth_type",
    "aws_region",
    "client_id",
    "cognito_user_pool_id",
    "cross_region_profile",
    "federated_role_arn",
    "federation_type",
    "idc_account_id",
    "idc_permission_set_name",
    "idc_start_url",
    "identity_pool_id",
    "identity_pool_name",
    "inference_profile_haiku_arn",
    "inference_profile_opus_arn",
    "inference_profile_sonnet_arn",
    "max_session_duration",
    "model_alias",
    "name",
    "oidc_authorization_endpoint",
    "oidc_issuer_url",
    "oidc_jwks_uri",
    "oidc_thumbprint",
    "oidc_token_endpoint",
    "okta_auth_server",
    "provider_domain",
    "provider_type",
    "selected_model",
    "selected_source_region",
    "sso_enabled",
    "sso_region",
    "stack_names",
];

/// Fields about the file itself.
const OWN: [&str; 3] = ["created_at", "schema_version", "updated_at"];

/// Fields whose values nobody should read in a terminal or in a file that is shared.
const SECRET: [&str; 2] = ["client_secret", "cowork_service_token"];

/// Fields that belong together and stay behind for the same reason.
struct Group {
    /// What it is about.
    name: &'static str,
    /// A field that is `true` where the installation uses the group; none where each field counts by itself.
    switch: Option<&'static str>,
    /// Why it stays behind.
    reason: &'static str,
    /// The fields, each with the value that is as good as none.
    fields: &'static [(&'static str, &'static str)],
}

const GROUPS: [Group; 8] = [
    Group {
        name: "limits of quotas",
        switch: Some("quota_monitoring_enabled"),
        reason: "the deployment file has no block for quotas in this version; `budgets` tells people of the whole account's cost \
                 and stops nobody",
        fields: &[
            ("quota_monitoring_enabled", "true"),
            ("monthly_token_limit", ""),
            ("warning_threshold_80", ""),
            ("warning_threshold_90", ""),
            ("daily_token_limit", ""),
            ("burst_buffer_percent", ""),
            ("daily_enforcement_mode", ""),
            ("monthly_enforcement_mode", ""),
            ("enable_finegrained_quotas", "false"),
            ("quota_policies_table", ""),
            ("user_quota_metrics_table", ""),
            ("quota_api_endpoint", ""),
            ("quota_fail_mode", ""),
            ("quota_check_interval", ""),
            ("quota_check_timeout", ""),
            ("enable_bypass_detection", "false"),
            ("quota_limit_type", ""),
            ("monthly_cost_limit_usd", "0.0"),
            ("daily_cost_limit_usd", "0.0"),
        ],
    },
    Group {
        name: "telemetry",
        switch: Some("monitoring_enabled"),
        reason: "the deployment file has no block for telemetry of the developers' machines in this version; `logging` is what \
                 Bedrock itself records",
        fields: &[
            ("monitoring_enabled", ""),
            ("monitoring_mode", ""),
            ("monitoring_config", "{}"),
            ("metrics_log_group", "/aws/claude-code/metrics"),
            ("data_retention_days", ""),
            ("firehose_buffer_interval", "900"),
            ("analytics_debug_mode", "false"),
            ("otel_collector_endpoint", ""),
            ("cost_attribution_tag_key", ""),
            ("project_attribution_enabled", "false"),
        ],
    },
    Group {
        name: "packages",
        switch: None,
        reason: "the deployment file has no block for packages in this version",
        fields: &[
            ("enable_codebuild", "false"),
            ("codebuild_region", ""),
            ("codebuild_prior_regions", "[]"),
            ("enable_distribution", "false"),
            ("distribution_type", ""),
            ("distribution_idp_provider", ""),
            ("distribution_idp_domain", ""),
            ("distribution_idp_client_id", ""),
            ("distribution_idp_client_secret_arn", ""),
            ("distribution_custom_domain", ""),
            ("distribution_hosted_zone_id", ""),
            ("distribution_idp_issuer", ""),
            ("distribution_idp_authorization_endpoint", ""),
            ("distribution_idp_token_endpoint", ""),
            ("distribution_idp_userinfo_endpoint", ""),
            ("extra_files", "[]"),
        ],
    },
    Group {
        name: "programs of the developers",
        switch: None,
        reason: "it belongs in the config.json of the developers' programs, not in the deployment file",
        fields: &[
            ("credential_storage", "session"),
            ("redirect_port", ""),
            ("oidc_prompt", ""),
            ("azure_auth_mode", "public"),
            ("client_secret", ""),
            ("client_certificate_path", ""),
            ("client_certificate_key_path", ""),
        ],
    },
    Group {
        name: "settings of Claude Code",
        switch: None,
        reason: "`tfgen onboard` writes settings.json, and the deployment file says nothing of these",
        fields: &[
            ("lock_default_model", "false"),
            ("include_coauthored_by", "true"),
            ("settings_target", "user"),
        ],
    },
    Group {
        name: "Claude Desktop",
        switch: Some("cowork_3p_enabled"),
        reason: "the deployment file is about Claude Code",
        fields: &[
            ("cowork_3p_enabled", ""),
            ("cowork_3p_extra_keys", "{}"),
            ("cowork_service_token", ""),
            ("cowork_credential_mode", "helper"),
            ("cowork_credential_helper_ttl_sec", "3500"),
            ("cowork_config_delivery", "static"),
            ("cowork_chat_tab_enabled", "true"),
            ("cowork_chat_advanced_file_analysis", "true"),
            ("cowork_inference_session_lifetime_sec", ""),
            ("bootstrap_endpoint", ""),
            ("config_delivery_mode", ""),
        ],
    },
    Group {
        name: "search on the web",
        switch: Some("web_search_enabled"),
        reason: "tfgen sets up no gateway for it",
        fields: &[
            ("web_search_enabled", ""),
            ("websearch_gateway_url", ""),
            ("websearch_region", ""),
            ("websearch_jwt_audience", ""),
            ("websearch_domain_denylist", "[]"),
            ("websearch_headers_helper_path", ""),
        ],
    },
    Group {
        name: "tags of resources",
        switch: None,
        reason: "tfgen sets default tags itself; a second value of Project would split the bill between two tags",
        fields: &[("tags", "{}")],
    },
];

/// Whether profiles have a field of this name.
pub(super) fn is_known(name: &str) -> bool {
    let grouped = || GROUPS.iter().flat_map(|group| group.fields.iter());
    TAKEN.contains(&name) || OWN.contains(&name) || grouped().any(|(field, _)| *field == name)
}

/// Notes what stays behind: group by group, and each field that nobody knows.
pub(super) fn left_behind(reader: &Reader<'_>, draft: &mut Draft) {
    let profile = reader.profile;
    for group in &GROUPS {
        let is_used = match group.switch {
            // A package says nothing of switches: what is in it is used.
            Some(switch) => profile
                .fields
                .get(switch)
                .is_none_or(|field| field.value == Value::Bool(true)),
            None => true,
        };
        let values: Vec<String> = match is_used {
            true => group
                .fields
                .iter()
                .filter_map(|(name, none)| written(profile, name, none))
                .collect(),
            false => Vec::new(),
        };
        if !values.is_empty() {
            draft.notices.push(Notice {
                variable: group.name.to_owned(),
                kind: NoticeKind::Dropped,
                text: format!("{}; the installation has {}", group.reason, values.join(", ")),
            });
        }
    }
    for name in profile.fields.keys().filter(|name| !is_known(name)) {
        draft.notices.push(Notice {
            variable: name.escape_debug().to_string(),
            kind: NoticeKind::Dropped,
            text: "tfgen does not know this field".to_owned(),
        });
    }
}

/// A field as it stands in the file, unless its value is as good as none. Secrets are named without their values.
fn written(profile: &Profile, name: &str, none: &str) -> Option<String> {
    let value = &profile.fields.get(name)?.value;
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.is_empty() || text == none || none == "0.0" && value.as_f64() == Some(0.0) {
        return None;
    }
    if SECRET.contains(&name) {
        return Some(format!("{name} (its value is not repeated here)"));
    }
    let text: String = text.chars().take(200).map(text::shown).collect();
    Some(format!("{name} = {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_has_one_fate() {
        let mut all: Vec<&str> = TAKEN.iter().chain(&OWN).copied().collect();
        all.extend(
            GROUPS
                .iter()
                .flat_map(|group| group.fields.iter().map(|(name, _)| *name)),
        );
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        for secret in SECRET {
            assert!(is_known(secret));
        }
    }
}
