//! Deployments for the tests of onboarding and of the checklist.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployment::model::{
    Access, Alarms, AllowedModel, Analytics, Anomaly, Budgets, CostTags, Deploy, Deployment, Destinations, Developer,
    Geography, Guardrail, GuardrailTopic, IdentityCenter, IdentitySource, Logging, Organization, Price, ProfileScope,
    Roles, TagKeys, TeamBudget, Trusted,
};
use crate::deployment::names::Names;

/// The dedicated account of every fixture.
pub const ACCOUNT: &str = "123456789012";

/// Management account of every fixture that has an organization.
pub const MANAGEMENT: &str = "999999999999";

/// A model of the `us` geography with its prices per million tokens.
pub fn model(key: &str, base_id: &str, anthropic_id: &str, name: &str, input: f64, output: f64) -> AllowedModel {
    let family = key.split('-').next().unwrap().to_owned();
    AllowedModel {
        key: key.to_owned(),
        name: name.to_owned(),
        base_id: base_id.to_owned(),
        profile_id: format!("us.{base_id}"),
        anthropic_id: anthropic_id.to_owned(),
        max_output_tokens: Some(if family == "haiku" { 64_000 } else { 128_000 }),
        family,
        destinations: Destinations::Regions(BTreeSet::from(
            ["us-east-1", "us-east-2", "us-west-2"].map(str::to_owned),
        )),
        marketplace_product: None,
        min_claude_code: None,
        data_retention: None,
        prices: vec![Price {
            valid_from: "2026-01-01".to_owned(),
            up_to_input_tokens: None,
            input: Some(input),
            output: Some(output),
            cache_read: None,
            cache_write_5m: None,
            cache_write_1h: None,
        }],
    }
}

/// Opus 4.6.
pub fn opus() -> AllowedModel {
    model(
        "opus-4-6",
        "anthropic.claude-opus-4-6-v1",
        "claude-opus-4-6",
        "Claude Opus 4.6",
        5.5,
        27.5,
    )
}

/// Sonnet 4.6.
pub fn sonnet() -> AllowedModel {
    model(
        "sonnet-4-6",
        "anthropic.claude-sonnet-4-6",
        "claude-sonnet-4-6",
        "Claude Sonnet 4.6",
        3.3,
        16.5,
    )
}

/// Haiku 4.5.
pub fn haiku() -> AllowedModel {
    model(
        "haiku-4-5",
        "anthropic.claude-haiku-4-5-20251001-v1:0",
        "claude-haiku-4-5-20251001",
        "Claude Haiku 4.5",
        1.1,
        5.5,
    )
}

/// A developer of a team.
pub fn developer(id: &str, team: &str) -> Developer {
    Developer {
        id: id.to_owned(),
        formerly: None,
        email: format!("{id}@example.com"),
        team: Some(team.to_owned()),
        project: Some("platform".to_owned()),
        cost_center: Some("CC-1001".to_owned()),
    }
}

/// Identity Center with Entra ID, profiles per developer, three models, logging, analytics, budgets, cost tags and
/// an organization; no guardrail.
pub fn identity_center() -> Deployment {
    Deployment {
        name: "claude-code".to_owned(),
        account_id: ACCOUNT.to_owned(),
        region: "us-east-1".to_owned(),
        partition: "aws".to_owned(),
        names: Names::new("claude-code", ACCOUNT, "us-east-1"),
        geography: Geography::Us,
        models: vec![opus(), sonnet(), haiku()],
        price_lists: Vec::new(),
        default_model: "opus-4-6".to_owned(),
        developers: vec![developer("alice", "engineering"), developer("bob", "research")],
        profiles: ProfileScope::Developer,
        profiles_reason: None,
        access: Access::IdentityCenter(IdentityCenter {
            account_id: MANAGEMENT.to_owned(),
            source: IdentitySource::Entra,
            instance_arn: "arn:aws:sso:::instance/ssoins-1234567890abcdef".to_owned(),
            start_url: "https://d-1234567890.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            group: "Claude Code Developers".to_owned(),
            admin_group: Some("Claude Code Admins".to_owned()),
            analyst_group: None,
            session_duration: "PT8H".to_owned(),
            session_tag: None,
        }),
        organization: Some(Organization {
            management_account_id: MANAGEMENT.to_owned(),
            attach_scp_to: vec![ACCOUNT.to_owned()],
        }),
        deploy: Some(Deploy {
            principals: vec![format!("arn:aws:iam::{ACCOUNT}:role/terraform-*")],
            break_glass: Vec::new(),
        }),
        state: None,
        tag_keys: TagKeys {
            team: "Team".to_owned(),
            project: "Project".to_owned(),
            cost_center: "CostCenter".to_owned(),
            user: "User".to_owned(),
        },
        cost_tags: Some(CostTags {
            payer_account_id: MANAGEMENT.to_owned(),
        }),
        logging: Some(Logging {
            retention_days: 30,
            expiration_days: 365,
            prompts: false,
            kms_key_arn: None,
        }),
        analytics: Some(Analytics {
            scan_limit_bytes: 10_737_418_240,
            results_expiration_days: 30,
        }),
        budgets: Some(Budgets {
            monthly_usd: 5_000.0,
            emails: vec!["platform@example.com".to_owned()],
            https: Vec::new(),
            thresholds: vec![50, 80, 100],
            forecast_thresholds: vec![100],
            teams: BTreeMap::from([(
                "engineering".to_owned(),
                TeamBudget {
                    monthly_usd: 2_000.0,
                    tag_key: "Team".to_owned(),
                    tag_value: "engineering".to_owned(),
                },
            )]),
            alarms: Alarms {
                invocations_per_5m: 1_000,
                output_tokens_per_5m: 500_000,
                throttles_per_5m: 50,
            },
            anomaly: None,
        }),
        guardrail: None,
        catalog_as_of: "2026-11-21".to_owned(),
    }
}

/// As [`identity_center`], with another source of people.
pub fn with_source(source: IdentitySource) -> Deployment {
    let mut deployment = identity_center();
    if let Access::IdentityCenter(center) = &mut deployment.access {
        center.source = source;
    }
    deployment
}

/// Roles: the IAM user `alice` is pinned, everybody in the role `engineers` is believed.
pub fn roles() -> Deployment {
    let mut deployment = identity_center();
    deployment.access = Access::Roles(Roles {
        developers: vec![
            Trusted::User {
                arn: format!("arn:aws:iam::{ACCOUNT}:user/people/alice"),
                name: "alice".to_owned(),
            },
            Trusted::Role {
                arn: "arn:aws:iam::111111111111:role/engineers".to_owned(),
                account_id: "111111111111".to_owned(),
            },
        ],
        admins: Vec::new(),
        analysts: Vec::new(),
        max_session_seconds: 28_800,
    });
    deployment
}

/// Tokens of a provider, whose tag binds profiles.
pub fn federation() -> Deployment {
    Deployment {
        access: Access::Federation(crate::guardrails::fixtures::federation()),
        ..identity_center()
    }
}

/// An identity pool between the tokens and the role.
pub fn identity_pool() -> Deployment {
    let (_, pooled) = crate::guardrails::fixtures::federated()
        .into_iter()
        .find(|(name, _)| *name == "an identity pool")
        .expect("a fixture of this name");
    Deployment {
        access: pooled.access,
        ..identity_center()
    }
}

/// Only what every deployment has: Identity Center, no optional block, no application inference profiles.
pub fn bare() -> Deployment {
    Deployment {
        profiles: ProfileScope::None,
        organization: None,
        deploy: None,
        cost_tags: None,
        logging: None,
        analytics: None,
        budgets: None,
        ..identity_center()
    }
}

/// Every optional block and every optional part of a block.
pub fn full() -> Deployment {
    let mut deployment = identity_center();
    deployment.guardrail = Some(Guardrail {
        topics: vec![GuardrailTopic {
            name: "Legal advice".to_owned(),
            definition: "Requests for legal advice.".to_owned(),
        }],
        ..Guardrail::default()
    });
    if let Access::IdentityCenter(center) = &mut deployment.access {
        center.session_tag = Some("User".to_owned());
        center.analyst_group = Some("Claude Code Analysts".to_owned());
    }
    if let Some(logging) = &mut deployment.logging {
        logging.prompts = true;
        logging.kms_key_arn = Some(format!(
            "arn:aws:kms:us-east-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
        ));
    }
    if let Some(budgets) = &mut deployment.budgets {
        budgets.https = vec!["pagerduty".to_owned()];
        budgets.anomaly = Some(Anomaly { threshold_usd: 100.0 });
    }
    deployment
}

/// ARNs of all application inference profiles of a deployment, as `terraform output -json` prints them.
pub fn outputs(deployment: &Deployment) -> String {
    let mut arns = BTreeMap::new();
    for developer in &deployment.developers {
        let owner = match deployment.profiles {
            ProfileScope::Developer => developer.id.clone(),
            ProfileScope::Team => crate::deployment::names::team_owner(developer.team.as_deref().unwrap()),
            ProfileScope::None => continue,
        };
        for model in &deployment.models {
            let key = crate::deployment::names::profile_key(&owner, deployment.geography, &model.key);
            let id: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
            let (region, account) = (&deployment.region, &deployment.account_id);
            arns.insert(
                key,
                format!("arn:aws:bedrock:{region}:{account}:application-inference-profile/{id}"),
            );
        }
    }
    let mut outputs = serde_json::json!({
        "inference_profile_arns": {"sensitive": false, "type": ["map", "string"], "value": arns},
        "scp_policy_json": {"sensitive": false, "type": "string", "value": "{}"},
    });
    if deployment.guardrail.is_some() {
        outputs["guardrail_id"] = serde_json::json!({"sensitive": false, "type": "string", "value": "gr1234567890"});
        outputs["guardrail_version"] = serde_json::json!({"sensitive": false, "type": "string", "value": "1"});
    }
    if let Access::Federation(federation) = &deployment.access
        && federation.identity_pool.is_some()
    {
        let id = "us-east-1:01234567-89ab-cdef-0123-456789abcdef";
        outputs["identity_pool_id"] = serde_json::json!({"sensitive": false, "type": "string", "value": id});
    }
    outputs.to_string()
}
