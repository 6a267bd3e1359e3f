//! Whole checklists, and what must never stand in one.

mod removal;

use std::collections::{BTreeMap, BTreeSet};

use super::step::Phase;
use super::*;
use crate::deployment::model::{Access, IdentitySource, OpenIdProvider, ProfileScope, Trusted};
use crate::onboard::fixtures;
use crate::render::people::Formers;
use crate::render::profiles::Profiles;

/// What a first render knows.
fn fresh(deployment: &Deployment) -> Context {
    let center = match &deployment.access {
        Access::IdentityCenter(center) => Some(center.account_id.clone()),
        Access::Roles(_) | Access::Federation(_) => None,
    };
    let management = deployment.organization.as_ref();
    let accounts = [
        Some(deployment.account_id.clone()),
        center,
        management.map(|organization| organization.management_account_id.clone()),
        deployment.cost_tags.as_ref().map(|tags| tags.payer_account_id.clone()),
    ];
    let state = |(root, account): (Root, Option<String>)| {
        Some(RootState {
            root,
            account_id: account?,
            forgotten: Vec::new(),
            destroyed: Vec::new(),
            former_accounts: Vec::new(),
            adopted: Vec::new(),
            tag_keys: BTreeSet::new(),
        })
    };
    let profiles = Profiles::compute(
        deployment,
        &BTreeMap::new(),
        &BTreeMap::new(),
        &Formers::default(),
        false,
    )
    .unwrap();
    let tag_keys = profiles.tag_keys_in_use(&deployment.tag_keys);
    let mut roots: Vec<RootState> = Root::ALL.into_iter().zip(accounts).filter_map(state).collect();
    for billing in roots.iter_mut().filter(|state| state.root == Root::Billing) {
        billing.tag_keys.clone_from(&tag_keys);
    }
    Context {
        roots,
        retired_profiles: Vec::new(),
        tag_keys,
    }
}

fn plain(deployment: &Deployment) -> String {
    checklist(deployment, &fresh(deployment))
}

/// Every deployment whose checklist is tested for general properties, by name.
fn all() -> Vec<(&'static str, Deployment)> {
    let mut regional = fixtures::full();
    regional.region = "eu-south-2".to_owned();
    regional.state = Some(crate::deployment::model::State {
        bucket: "acme-terraform-state".to_owned(),
        region: "eu-south-2".to_owned(),
        key_prefix: "claude-code".to_owned(),
        kms_key_arn: None,
    });
    let mut team = fixtures::full();
    team.profiles = ProfileScope::Team;
    vec![
        ("entra", fixtures::identity_center()),
        ("okta", fixtures::with_source(IdentitySource::Okta)),
        ("google", fixtures::with_source(IdentitySource::Google)),
        ("directory", fixtures::with_source(IdentitySource::Directory)),
        ("other", fixtures::with_source(IdentitySource::Other)),
        ("full", fixtures::full()),
        ("bare", fixtures::bare()),
        ("roles", fixtures::roles()),
        ("federation", fixtures::federation()),
        ("regional", regional),
        ("team", team),
    ]
}

fn removed() -> Context {
    let forgotten = [
        "logging",
        "analytics",
        "cost-tags",
        "scp",
        "inference-profiles",
        "guardrail",
    ];
    let retired = [
        ("bob/us.opus-4-6", Retirement::DeveloperLeft),
        ("bob/us.haiku-4-5", Retirement::DeveloperLeft),
        ("alice/eu.opus-4-6", Retirement::Geography),
        ("team:R&D/us.opus-4-6", Retirement::Scope),
    ];
    Context {
        roots: vec![
            RootState {
                root: Root::Workload,
                account_id: fixtures::ACCOUNT.to_owned(),
                forgotten: forgotten.map(str::to_owned).to_vec(),
                destroyed: vec!["budgets".to_owned()],
                former_accounts: vec!["111111111111".to_owned()],
                adopted: Vec::new(),
                tag_keys: BTreeSet::new(),
            },
            RootState {
                root: Root::Billing,
                account_id: fixtures::MANAGEMENT.to_owned(),
                forgotten: Vec::new(),
                destroyed: Vec::new(),
                former_accounts: Vec::new(),
                adopted: Vec::new(),
                tag_keys: ["Abteilung", "Kosten stelle"].map(str::to_owned).into(),
            },
        ],
        retired_profiles: retired
            .map(|(key, reason)| RetiredProfile {
                key: key.to_owned(),
                reason,
            })
            .to_vec(),
        tag_keys: BTreeSet::new(),
    }
}

#[test]
fn entra_with_the_usual_blocks() {
    insta::assert_snapshot!(plain(&fixtures::identity_center()));
}

#[test]
fn everything_on() {
    insta::assert_snapshot!(plain(&fixtures::full()));
}

#[test]
fn nothing_on() {
    insta::assert_snapshot!(plain(&fixtures::bare()));
}

#[test]
fn roles_instead_of_identity_center() {
    insta::assert_snapshot!(plain(&fixtures::roles()));
}

#[test]
fn tokens_instead_of_identity_center() {
    insta::assert_snapshot!(plain(&fixtures::federation()));
}

#[test]
fn an_identity_pool_between_token_and_role() {
    insta::assert_snapshot!(plain(&fixtures::identity_pool()));
}

/// Only what differs between providers is shown.
#[test]
fn each_open_id_provider_has_its_own_steps() {
    let providers = [
        OpenIdProvider::Okta,
        OpenIdProvider::Entra,
        OpenIdProvider::Auth0,
        OpenIdProvider::Cognito,
        OpenIdProvider::Google,
        OpenIdProvider::Oidc,
    ];
    let mut text = String::new();
    for provider in providers {
        let mut deployment = fixtures::federation();
        if let Access::Federation(federation) = &mut deployment.access {
            federation.provider = provider;
        }
        let all = steps(&deployment, &fresh(&deployment));
        for step in all
            .iter()
            .filter(|step| ["attribution-application", "attribution-token-tags"].contains(&step.id.as_str()))
        {
            text.push_str(&format!("{}\n  {:?}\n", step.title, step.console));
            for action in &step.actions {
                text.push_str(&format!("  - {action}\n"));
            }
        }
    }
    insta::assert_snapshot!(text);
}

/// Only what differs between sources is shown.
#[test]
fn each_source_has_its_own_steps() {
    let shown: String = [
        IdentitySource::Entra,
        IdentitySource::Okta,
        IdentitySource::Google,
        IdentitySource::Directory,
        IdentitySource::Other,
    ]
    .into_iter()
    .map(|source| {
        let steps = steps(&fixtures::with_source(source), &fresh(&fixtures::with_source(source)));
        let own: Vec<String> = steps
            .iter()
            .filter(|step| {
                [
                    "attribution-identity-source",
                    "attribution-provisioning",
                    "attribution-group",
                ]
                .contains(&step.id.as_str())
            })
            .map(|step| format!("{step:#?}"))
            .collect();
        format!("=== {source:?}\n{}\n", own.join("\n"))
    })
    .collect();
    insta::assert_snapshot!(shown);
}

#[test]
fn a_region_to_opt_into_and_a_state_bucket_have_steps() {
    let (_, deployment) = all().into_iter().find(|(name, _)| *name == "regional").unwrap();
    let ids: Vec<String> = steps(&deployment, &fresh(&deployment))
        .into_iter()
        .filter(|step| step.phase == Phase::Foundation)
        .map(|step| step.id)
        .collect();
    assert_eq!(
        ids,
        [
            "foundation-account",
            "foundation-state",
            "foundation-region",
            "foundation-use-case",
            "foundation-model-access",
            "foundation-quotas",
            "foundation-scp",
            "foundation-guardrail"
        ]
    );
    assert!(plain(&deployment).contains("is an opt-in region: the form must be submitted again"));
}

#[test]
fn ids_are_unique_kebab_case_and_named_after_their_phase() {
    for (name, deployment) in all() {
        let mut seen = BTreeSet::new();
        for step in steps(&deployment, &removed()) {
            let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(step.id.chars().all(kebab), "{name}: {}", step.id);
            let phase = match step.phase {
                Phase::Foundation => "foundation-",
                Phase::Logging => "logging-",
                Phase::CostTags => "cost-tags-",
                Phase::Attribution => "attribution-",
                Phase::Budgets => "budgets-",
                Phase::Onboarding => "onboarding-",
            };
            assert!(step.id.starts_with(phase), "{name}: {}", step.id);
            assert!(seen.insert(step.id.clone()), "{name}: {} twice", step.id);
        }
    }
}

#[test]
fn every_step_says_where_by_whom_what_and_what_proves_it() {
    for (name, deployment) in all() {
        for step in steps(&deployment, &removed()) {
            assert!(!step.actions.is_empty(), "{name}: {} says nothing", step.id);
        }
        let text = checklist(&deployment, &removed());
        let boxes = text.matches("- [ ] <!-- step: ").count();
        assert_eq!(text.matches("  - Account: ").count(), boxes, "{name}");
        assert_eq!(text.matches("  - Done by: ").count(), boxes, "{name}");
        assert_eq!(text.matches("  - Proof: `tfgen verify-phase ").count(), boxes, "{name}");
        assert_eq!(text.matches("`--update-checklist` ticks").count(), 1);
    }
}

/// Both ways, or one line that says why there is none.
#[test]
fn every_step_has_a_console_path_and_a_command_or_says_that_there_is_none() {
    let mut adopted = removed();
    adopted.roots[0].adopted = ["logging", "analytics", "inference-profiles"]
        .map(str::to_owned)
        .to_vec();
    adopted.tag_keys = ["Team".to_owned()].into();
    for (name, deployment) in all() {
        for context in [fresh(&deployment), adopted.clone()] {
            for step in steps(&deployment, &context) {
                assert!(step.console.is_some(), "{name}: {} has no console path", step.id);
                let command = step.snippets.iter().any(|snippet| snippet.language == "bash");
                assert!(
                    command != step.no_command.is_some(),
                    "{name}: {} has neither command nor reason, or both",
                    step.id
                );
            }
        }
    }
}

fn one(deployment: &Deployment, context: &Context, id: &str) -> String {
    let text = checklist(deployment, context);
    let mark = format!("<!-- step: {id} -->");
    let step = text.split("\n- [ ] ").find(|step| step.starts_with(&mark));
    step.unwrap_or_else(|| panic!("no step {id}")).to_owned()
}

/// AWS never discovers a key that no profile carries.
#[test]
fn only_keys_in_use_are_waited_for() {
    let mut deployment = fixtures::identity_center();
    deployment.profiles = ProfileScope::Team;
    for developer in &mut deployment.developers {
        developer.project = None;
    }
    let text = plain(&deployment);
    assert!(text.contains("--tag-keys CostCenter Team\n"), "{text}");
    assert!(!text.contains("--tag-keys CostCenter Project"));
}

/// Steps speak only of what the deployment has.
#[test]
fn nothing_is_said_of_blocks_that_are_absent() {
    let bare = fixtures::bare();
    assert!(!one(&bare, &fresh(&bare), "foundation-account").contains("budget"));
    let mut unlogged = fixtures::identity_center();
    unlogged.logging = None;
    assert!(!one(&unlogged, &fresh(&unlogged), "onboarding-first-call").contains("modelid"));
    let logged = fixtures::identity_center();
    assert!(one(&logged, &fresh(&logged), "onboarding-first-call").contains("modelid"));
}

#[test]
fn every_trusted_user_is_counted() {
    let mut deployment = fixtures::roles();
    if let Access::Roles(roles) = &mut deployment.access {
        roles
            .developers
            .retain(|trusted| matches!(trusted, Trusted::Role { .. }));
        roles.admins = vec![Trusted::User {
            arn: format!("arn:aws:iam::{}:user/carol", fixtures::ACCOUNT),
            name: "carol".to_owned(),
        }];
    }
    let step = one(&deployment, &fresh(&deployment), "attribution-iam-users");
    assert!(step.contains("Have the 1 trusted IAM user**"), "{step}");
    assert!(step.contains("role/claude-code-admin"), "{step}");
    assert!(plain(&deployment).contains("attribution-claimed"));
}

#[test]
fn a_model_that_needs_data_retention_has_its_step() {
    let mut deployment = fixtures::identity_center();
    assert!(!plain(&deployment).contains("foundation-data-retention"));
    deployment.models[0].data_retention = Some("aws_review".to_owned());
    let step = one(&deployment, &fresh(&deployment), "foundation-data-retention");
    assert!(
        step.contains("put-account-data-retention --region us-east-1 --mode aws_review"),
        "{step}"
    );
    assert!(step.contains("Claude Opus 4.6 answers only"), "{step}");
}

#[test]
fn urls_stand_in_the_state_and_the_checklist_says_so() {
    let deployment = fixtures::full();
    let step = one(&deployment, &fresh(&deployment), "budgets-https");
    assert!(step.contains("in its state"), "{step}");
    assert!(!step.contains("stand in no file"), "{step}");
}

#[test]
fn applies_stand_in_their_order_with_their_accounts() {
    let text = plain(&fixtures::identity_center());
    let order: Vec<&str> = text.lines().filter(|line| line.contains("<!-- step: apply-")).collect();
    assert_eq!(
        order,
        [
            "1. [ ] <!-- step: apply-workload --> **terraform/workload**: dedicated account 123456789012",
            "2. [ ] <!-- step: apply-identity --> **terraform/identity**: Identity Center's account 999999999999",
            "3. [ ] <!-- step: apply-organization --> **terraform/organization**: management account 999999999999",
            "4. [ ] <!-- step: apply-billing --> **terraform/billing**: payer account 999999999999",
        ]
    );
    let roles = plain(&fixtures::roles());
    assert!(!roles.contains("apply-identity"));
    let bare = plain(&fixtures::bare());
    assert!(!bare.contains("apply-organization") && !bare.contains("apply-billing"));
}

#[test]
fn a_block_that_is_absent_has_no_steps() {
    let text = plain(&fixtures::bare());
    for absent in [
        "Phase 2",
        "Phase 3",
        "Phase 5",
        "athena",
        "foundation-guardrail",
        "kms",
        "aws sns",
    ] {
        assert!(!text.contains(absent), "{absent}");
    }
}

#[test]
fn ticks_survive_a_new_rendering() {
    let before = plain(&fixtures::identity_center());
    let ticked = before
        .replace("[ ] <!-- step: foundation-account", "[x] <!-- step: foundation-account")
        .replace("[ ] <!-- step: apply-workload", "[X] <!-- step: apply-workload");
    assert_eq!(without_ticks(&ticked), before);
    let after = carry_ticks(&ticked, &plain(&fixtures::full()));
    let carried: Vec<&str> = after.lines().filter(|line| line.contains("[x]")).collect();
    assert_eq!(carried.len(), 2, "{carried:?}");
    assert_eq!(without_ticks(&after), plain(&fixtures::full()));
}

#[test]
fn the_account_of_a_pinned_user_matters() {
    let mut deployment = fixtures::roles();
    assert!(!plain(&deployment).contains("A user of another account"));
    if let Access::Roles(roles) = &mut deployment.access {
        roles.developers.push(Trusted::User {
            arn: "arn:aws:iam::222222222222:user/bob".to_owned(),
            name: "bob".to_owned(),
        });
    }
    assert!(plain(&deployment).contains("A user of another account"));
}

/// Facts §8: 3, 13–23, 29, 30. Each line is what the seed says or a variant of it.
#[test]
fn mistakes_of_the_seed_are_absent() {
    for (name, deployment) in all() {
        let text = checklist(&deployment, &removed());
        let lower = text.to_lowercase();
        for mistake in [
            "claude_code_bedrock_profile_arn",
            "not used by claude code",
            "enable amazon bedrock",
            "request model access",
            "cannot be automated",
            "takes ~24",
            "should match your bedrock",
            "saml metadata url",
            "within minutes",
            "slack webhook",
            "pointing to your",
            "enable_sso",
            "budget_alert_emails",
            "detach fullawsaccess",
            "claude-code-bedrock-logs",
        ] {
            assert!(!lower.contains(mistake), "{name}: {mistake}");
        }
    }
}

/// The corrections themselves.
#[test]
fn the_corrections_are_there() {
    let text = plain(&fixtures::full());
    for fact in [
        "put-use-case-for-model-access",
        "so the policy `FullAWSAccess` stays attached",
        "The first call of a model subscribes the account",
        "up to 24 hours after the first tagged usage",
        "Tags are not applied to the past",
        "start-cost-allocation-tag-backfill",
        "untaint",
        "Its region need not be the one in which models are called",
        "Federation Metadata XML",
        "A group that is not assigned is never synchronised",
        "about 40 minutes",
        "workgroup `claude_code_bedrock_logs`",
        "After 48 hours an unconfirmed subscription is deleted",
        "Amazon Q Developer in chat applications",
        "TF_VAR_https_endpoints",
        "policies/log-key.json",
        "Claude Code would use that key instead",
        "payer account 999999999999",
    ] {
        assert!(text.contains(fact), "{fact}");
    }
    assert!(plain(&fixtures::bare()).contains("--content file://scp.min.json"));
}
