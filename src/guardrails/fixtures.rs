//! Deployments for the tests, built by hand.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployment::model::{
    Access, Alarms, AllowedModel, Analytics, Anomaly, Budgets, CostTags, Deploy, Deployment, Destinations, Developer,
    Federation, Geography, GroupTag, Guardrail, IdentityCenter, IdentityPool, IdentitySource, Logging, OpenIdProvider,
    Organization, ProfileScope, Roles, State, TagKeys, Trusted,
};
use crate::deployment::names::Names;

/// The dedicated account.
pub const ACCOUNT: &str = "123456789012";
/// The management account.
pub const MANAGEMENT: &str = "999999999999";

/// Base ids of Claude models, of their real lengths.
const MODELS: [&str; 17] = [
    "anthropic.claude-opus-4-6-v1",
    "anthropic.claude-sonnet-4-6",
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "anthropic.claude-opus-5-5",
    "anthropic.claude-sonnet-5-5",
    "anthropic.claude-haiku-5-5",
    "anthropic.claude-fable-5",
    "anthropic.claude-fable-5-1",
    "anthropic.claude-mythos-5",
    "anthropic.claude-opus-5",
    "anthropic.claude-sonnet-5",
    "anthropic.claude-opus-4-8",
    "anthropic.claude-opus-4-7",
    "anthropic.claude-opus-4-5-20251101-v1:0",
    "anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic.claude-opus-4-1-20250805-v1:0",
    "anthropic.claude-sonnet-4-20250514-v1:0",
];

/// The first `count` models through a geography's profiles.
pub fn models(geography: Geography, count: usize) -> Vec<AllowedModel> {
    MODELS
        .iter()
        .take(count)
        .map(|id| AllowedModel {
            key: (*id).to_owned(),
            name: (*id).to_owned(),
            base_id: (*id).to_owned(),
            profile_id: format!("{}.{id}", geography.as_str()),
            anthropic_id: id.trim_start_matches("anthropic.").to_owned(),
            family: "opus".to_owned(),
            destinations: destinations(geography),
            marketplace_product: Some(format!("prod-{}", id.len())),
            max_output_tokens: None,
            min_claude_code: None,
            data_retention: None,
            prices: Vec::new(),
        })
        .collect()
}

fn destinations(geography: Geography) -> Destinations {
    let regions: &[&str] = match geography {
        Geography::Us => &["us-east-1", "us-east-2", "us-west-2"],
        Geography::Eu => &[
            "eu-central-1",
            "eu-north-1",
            "eu-south-1",
            "eu-south-2",
            "eu-west-1",
            "eu-west-3",
        ],
        Geography::Au => &["ap-southeast-2", "ap-southeast-4"],
        Geography::Jp => &["ap-northeast-1", "ap-northeast-3"],
        Geography::Global => return Destinations::Global,
    };
    Destinations::Regions(regions.iter().map(|region| (*region).to_owned()).collect())
}

/// A region from which a geography's profiles are called.
pub fn home(geography: Geography) -> &'static str {
    match geography {
        Geography::Us | Geography::Global => "us-east-1",
        Geography::Eu => "eu-central-1",
        Geography::Au => "ap-southeast-2",
        Geography::Jp => "ap-northeast-1",
    }
}

/// A deployment with Identity Center, an organization, deploy principals, and every block.
pub fn full(geography: Geography, count: usize) -> Deployment {
    let region = home(geography);
    let models = models(geography, count);
    Deployment {
        name: "claude-code".to_owned(),
        account_id: ACCOUNT.to_owned(),
        region: region.to_owned(),
        partition: "aws".to_owned(),
        names: Names::new("claude-code", ACCOUNT, region),
        geography,
        price_lists: Vec::new(),
        default_model: models[0].key.clone(),
        models,
        developers: vec![Developer {
            id: "alice".to_owned(),
            formerly: None,
            email: "alice@example.com".to_owned(),
            team: Some("engineering".to_owned()),
            project: None,
            cost_center: None,
        }],
        profiles: ProfileScope::Developer,
        profiles_reason: None,
        access: identity_center(Some("Email")),
        organization: Some(Organization {
            management_account_id: MANAGEMENT.to_owned(),
            attach_scp_to: vec![ACCOUNT.to_owned()],
        }),
        deploy: Some(Deploy {
            principals: vec!["arn:aws:iam::*:role/terraform-*".to_owned()],
            break_glass: vec!["arn:aws:iam::*:role/AWSControlTowerExecution".to_owned()],
        }),
        state: Some(State {
            bucket: "acme-terraform-state".to_owned(),
            region: "us-west-1".to_owned(),
            key_prefix: "claude-code".to_owned(),
            kms_key_arn: Some("arn:aws:kms:us-west-1:777777777777:key/aaaa".to_owned()),
        }),
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
            kms_key_arn: Some(format!("arn:aws:kms:{region}:{ACCOUNT}:key/bbbb")),
        }),
        analytics: Some(Analytics {
            scan_limit_bytes: 10_000_000_000,
            results_expiration_days: 30,
        }),
        budgets: Some(Budgets {
            monthly_usd: 5000.0,
            emails: vec!["platform@example.com".to_owned()],
            https: Vec::new(),
            thresholds: vec![50, 80, 100],
            forecast_thresholds: vec![100],
            teams: BTreeMap::new(),
            alarms: Alarms {
                invocations_per_5m: 1000,
                output_tokens_per_5m: 1_000_000,
                throttles_per_5m: 10,
            },
            anomaly: Some(Anomaly { threshold_usd: 100.0 }),
        }),
        guardrail: Some(Guardrail {
            blocked_words: vec!["secret".to_owned()],
            ..Guardrail::default()
        }),
        catalog_as_of: "2026-11-21".to_owned(),
    }
}

/// Identity Center in a delegated administrator's account.
pub fn identity_center(session_tag: Option<&str>) -> Access {
    Access::IdentityCenter(IdentityCenter {
        account_id: "888888888888".to_owned(),
        source: IdentitySource::Entra,
        instance_arn: "arn:aws:sso:::instance/ssoins-1234567890abcdef".to_owned(),
        start_url: "https://d-1234567890.awsapps.com/start".to_owned(),
        region: "eu-west-2".to_owned(),
        group: "Claude Code Developers".to_owned(),
        admin_group: Some("Claude Code Admins".to_owned()),
        analyst_group: None,
        session_duration: "PT8H".to_owned(),
        session_tag: session_tag.map(str::to_owned),
    })
}

/// Roles for users, roles and role patterns of this and other accounts.
pub fn roles() -> Access {
    let user = |name: &str| Trusted::User {
        arn: format!("arn:aws:iam::{ACCOUNT}:user/people/{name}"),
        name: name.to_owned(),
    };
    let role = |arn: &str, account: &str| Trusted::Role {
        arn: format!("arn:aws:iam::{account}:role/{arn}"),
        account_id: account.to_owned(),
    };
    Access::Roles(Roles {
        developers: vec![
            user("alice"),
            user("bob"),
            role("workstation", "222222222222"),
            role("dev-*", "333333333333"),
        ],
        admins: vec![user("carol"), role("platform-admin", "222222222222")],
        analysts: vec![role("finance-*", "333333333333")],
        max_session_seconds: 28_800,
    })
}

/// Tokens of a provider, with all that can be demanded of them.
pub fn federation() -> Federation {
    Federation {
        provider: OpenIdProvider::Okta,
        issuer: "https://acme.okta.com/oauth2/default".to_owned(),
        client_id: "0oa1b2c3d4e5f6g7h8i9".to_owned(),
        audiences: vec!["0oa9i8h7g6f5e4d3c2b1".to_owned()],
        email_domains: vec!["example.com".to_owned(), "example.org".to_owned()],
        session_tag: Some("Email".to_owned()),
        group: Some(GroupTag {
            tag: "Group".to_owned(),
            groups: vec!["developers".to_owned(), "contractors".to_owned()],
        }),
        max_session_seconds: 28_800,
        identity_pool: None,
        is_reused: false,
        thumbprints: Vec::new(),
    }
}

/// Deployments whose people come with tokens.
pub fn federated() -> Vec<(&'static str, Deployment)> {
    let with = |federation: Federation| Deployment {
        access: Access::Federation(federation),
        ..full(Geography::Us, 3)
    };
    let untagged = || Federation {
        session_tag: None,
        group: None,
        ..federation()
    };
    let google = Federation {
        provider: OpenIdProvider::Google,
        issuer: "https://accounts.google.com".to_owned(),
        ..untagged()
    };
    let auth0 = Federation {
        provider: OpenIdProvider::Auth0,
        issuer: "https://acme.auth0.com/".to_owned(),
        is_reused: true,
        email_domains: Vec::new(),
        group: None,
        ..federation()
    };
    let invented = Federation {
        provider: OpenIdProvider::Oidc,
        issuer: "https://elsewhere.example".to_owned(),
        client_id: "another-application".to_owned(),
        email_domains: ["example.com", "notexample.com", "elsewhere.example"]
            .map(str::to_owned)
            .to_vec(),
        group: Some(GroupTag {
            tag: "Group".to_owned(),
            groups: vec!["everyone-else".to_owned()],
        }),
        ..federation()
    };
    let pooled = |provider: OpenIdProvider, issuer: &str| Federation {
        provider,
        issuer: issuer.to_owned(),
        max_session_seconds: 3_600,
        identity_pool: Some(IdentityPool {
            session_claim: Some("email".to_owned()),
            group_claim: Some("department".to_owned()),
        }),
        ..federation()
    };
    let user_pool = Federation {
        session_tag: None,
        group: None,
        email_domains: Vec::new(),
        identity_pool: Some(IdentityPool {
            session_claim: None,
            group_claim: None,
        }),
        ..pooled(
            OpenIdProvider::Cognito,
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI",
        )
    };
    let tenant = "https://login.microsoftonline.com/11112222-3333-4444-5555-666677778888/v2.0";
    let bare = Federation {
        email_domains: Vec::new(),
        audiences: Vec::new(),
        ..untagged()
    };
    let per_team = Deployment {
        profiles: ProfileScope::Team,
        ..with(federation())
    };
    vec![
        ("tokens", with(federation())),
        ("tokens per team", per_team),
        ("tokens without tags", with(untagged())),
        ("Google's tokens", with(google)),
        ("tokens of a provider of somebody else's", with(auth0)),
        ("tokens of what a proof would invent", with(invented)),
        ("an identity pool", with(pooled(OpenIdProvider::Entra, tenant))),
        (
            "an identity pool of Google's",
            with(pooled(OpenIdProvider::Google, "https://accounts.google.com")),
        ),
        ("an identity pool without tags", with(user_pool)),
        (
            "tokens alone",
            Deployment {
                access: Access::Federation(bare),
                ..self::bare(Geography::Us, 1)
            },
        ),
    ]
}

/// A deployment of the required parts alone: roles for one IAM user, no organization, no blocks.
pub fn bare(geography: Geography, count: usize) -> Deployment {
    Deployment {
        profiles: ProfileScope::None,
        access: Access::Roles(Roles {
            developers: vec![Trusted::User {
                arn: format!("arn:aws:iam::{ACCOUNT}:user/alice"),
                name: "alice".to_owned(),
            }],
            admins: Vec::new(),
            analysts: Vec::new(),
            max_session_seconds: 3600,
        }),
        organization: None,
        deploy: None,
        state: None,
        cost_tags: None,
        logging: None,
        analytics: None,
        budgets: None,
        guardrail: None,
        ..full(geography, count)
    }
}

/// Every deployment that the proofs are tested with, by name.
pub fn all() -> Vec<(String, Deployment)> {
    let mut list = Vec::new();
    for geography in [
        Geography::Us,
        Geography::Eu,
        Geography::Au,
        Geography::Jp,
        Geography::Global,
    ] {
        let name = |what: &str| format!("{what}, {}", geography.as_str());
        list.push((name("full, one model"), full(geography, 1)));
        list.push((name("bare, two models"), bare(geography, 2)));
    }
    list.push(("17 models".to_owned(), full(Geography::Eu, 17)));
    list.push(("17 models, global".to_owned(), full(Geography::Global, 17)));
    list.extend(variants());
    list
}

/// Deployments with single blocks on and off.
pub fn variants() -> Vec<(String, Deployment)> {
    let base = || full(Geography::Us, 3);
    let mut list: Vec<(&str, Deployment)> = vec![
        (
            "roles",
            Deployment {
                access: roles(),
                ..base()
            },
        ),
        (
            "no tag",
            Deployment {
                access: identity_center(None),
                ..base()
            },
        ),
        (
            "per team",
            Deployment {
                profiles: ProfileScope::Team,
                ..base()
            },
        ),
        (
            "no profiles",
            Deployment {
                profiles: ProfileScope::None,
                ..base()
            },
        ),
        (
            "no organization",
            Deployment {
                organization: None,
                ..base()
            },
        ),
        (
            "no deploy",
            Deployment {
                organization: None,
                deploy: None,
                ..base()
            },
        ),
        ("local state", Deployment { state: None, ..base() }),
        (
            "no logging",
            Deployment {
                logging: None,
                ..base()
            },
        ),
        (
            "no analytics",
            Deployment {
                analytics: None,
                ..base()
            },
        ),
        (
            "no budgets",
            Deployment {
                budgets: None,
                ..base()
            },
        ),
        (
            "no guardrail",
            Deployment {
                guardrail: None,
                ..base()
            },
        ),
        (
            "only logging",
            Deployment {
                logging: base().logging,
                ..bare(Geography::Us, 3)
            },
        ),
    ];
    let mut mixed = base();
    // From ca-west-1 some models have a destination less.
    mixed.models[1].destinations =
        Destinations::Regions(BTreeSet::from(["us-east-1".to_owned(), "us-east-2".to_owned()]));
    mixed.models[2].marketplace_product = None;
    list.push(("mixed destinations", mixed));
    let mut same_account = base();
    if let Access::IdentityCenter(center) = &mut same_account.access {
        center.account_id = ACCOUNT.to_owned();
    }
    list.push(("delegated to the account", same_account));
    let mut no_break_glass = base();
    if let Some(deploy) = &mut no_break_glass.deploy {
        deploy.break_glass.clear();
    }
    list.push(("no break glass", no_break_glass));
    // Roles of other accounts, of the management account too, are exempt where they are; here they are nobody.
    let mut unit = base();
    if let (Some(organization), Some(deploy)) = (&mut unit.organization, &mut unit.deploy) {
        organization.attach_scp_to = vec!["ou-ab12-11111111".to_owned()];
        deploy.principals = vec![
            format!("arn:aws:iam::{ACCOUNT}:role/tf"),
            "arn:aws:iam::111122223333:role/tf".to_owned(),
        ];
        deploy.break_glass = vec![format!("arn:aws:iam::{MANAGEMENT}:role/break-glass")];
    }
    list.push(("a unit with roles of several accounts", unit));
    let mut no_key = base();
    if let Some(logging) = &mut no_key.logging {
        logging.kms_key_arn = None;
    }
    list.push(("no key", no_key));
    list.extend(federated());
    list.into_iter().map(|(name, d)| (name.to_owned(), d)).collect()
}
