//! The rendered roots, applied in their order by the real Terraform and provider on an emulation of AWS.
//!
//! moto proves plumbing: that every resource can be created, read back and left alone. What it does not prove stands in
//! docs/testing.md.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

mod trace;
mod world;

use std::collections::BTreeSet;
use std::fs;

use real::terraform;
use serde_json::Value;
use world::World;

const ROOTS: [&str; 4] = ["workload", "identity", "organization", "billing"];

fn destroyed(changes: &BTreeSet<(String, String)>) -> Vec<&str> {
    changes
        .iter()
        .filter(|(action, _)| action == "delete")
        .map(|(_, address)| address.as_str())
        .collect()
}

#[test]
fn the_roots_apply_in_their_order_and_nothing_that_holds_data_is_ever_destroyed() {
    let world = World::example();
    world.render();
    for root in ROOTS {
        world.prepare(root);
        world.apply(root);
        assert_eq!(world.plan(root), BTreeSet::new(), "the second plan of {root}");
    }
    world.every_call_is_proven_to_stay_allowed();
    let outputs: Value =
        serde_json::from_str(&terraform::run(&world.root("workload"), &["output", "-json"]).unwrap()).unwrap();
    assert_eq!(
        outputs["inference_profile_arns"]["value"]
            .as_object()
            .map(serde_json::Map::len),
        Some(75)
    );
    assert!(
        outputs["scp_policy_json"]["value"]
            .as_str()
            .is_some_and(|text| text.contains("\"Statement\""))
    );

    // A developer leaves, one is renamed, and a block that holds data disappears.
    let roster = fs::read_to_string(world.path("developers.csv")).unwrap();
    let mut lines: Vec<String> = roster.lines().map(str::to_owned).collect();
    let left = lines.pop().unwrap();
    let left = left.split(',').next().unwrap().to_owned();
    let renamed = lines[1].split(',').next().unwrap().to_owned();
    lines[0].push_str(",formerly");
    for (number, line) in lines.iter_mut().enumerate().skip(1) {
        if number == 1 {
            *line = line.replacen(&renamed, "renamed", 1);
            line.push_str(&format!(",{renamed}"));
        } else {
            line.push(',');
        }
    }
    fs::write(world.path("developers.csv"), lines.join("\n") + "\n").unwrap();
    world.edit("tfgen.hcl", |text| without_block(text, "analytics"));
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    assert_eq!(destroyed(&changes), Vec::<&str>::new(), "{changes:#?}");
    let forgotten: Vec<&str> = changes
        .iter()
        .filter(|(action, _)| action == "forget")
        .map(|(_, address)| address.as_str())
        .collect();
    assert!(
        forgotten.contains(&"module.analytics.aws_s3_bucket.results"),
        "{forgotten:#?}"
    );
    assert!(
        !changes
            .iter()
            .any(|(_, address)| address.contains(&format!("\"{left}/"))),
        "{left} left: {changes:#?}"
    );
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new(), "after the removal");
    for root in &ROOTS[1..] {
        let changes = world.plan(root);
        assert_eq!(destroyed(&changes), Vec::<&str>::new(), "{root}: {changes:#?}");
    }

    // The block comes back: what it left behind is taken over, not made a second time.
    world.edit("tfgen.hcl", |text| {
        format!("{text}\nanalytics {{\n  scan_limit_gb = 100\n}}\n")
    });
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    for taken in ["aws_s3_bucket.results", "aws_glue_catalog_", "aws_athena_workgroup."] {
        let address = format!("module.analytics.{taken}");
        assert!(
            !changes
                .iter()
                .any(|(action, made)| action == "create" && made.starts_with(&address)),
            "{taken}: {changes:#?}"
        );
    }
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new(), "after the return");

    // A tag key changes: the earlier one stays active, since Terraform refuses to destroy it.
    world.edit("tfgen.hcl", |text| text.replace("\"CostCenter\"", "\"Kostenstelle\""));
    world.render();
    let changes = world.plan("billing");
    let made = (
        "create".to_owned(),
        "module.cost_tags.aws_ce_cost_allocation_tag.this[\"Kostenstelle\"]".to_owned(),
    );
    assert_eq!(changes, BTreeSet::from([made]));

    // A block without data disappears: its objects go, nothing else does.
    world.edit("tfgen.hcl", |text| without_block(text, "budgets"));
    world.edit("tfgen.hcl", |text| without_block(text, "cost_tags"));
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    assert!(!destroyed(&changes).is_empty());
    assert!(
        destroyed(&changes)
            .iter()
            .all(|address| address.starts_with("module.budgets.")),
        "{changes:#?}"
    );
    let changes = world.plan("billing");
    assert_eq!(
        destroyed(&changes),
        Vec::<&str>::new(),
        "an inactive key would hit the whole organization: {changes:#?}"
    );
    assert!(changes.iter().any(|(action, _)| action == "forget"), "{changes:#?}");
    world.apply("billing");
    assert_eq!(world.plan("billing"), BTreeSet::new());
}

/// Everything that the example does not have: roles, a guardrail, no profiles, deployed beside an organization's SCP.
const ROLES: &str = r#"
name       = "claude-eu"
account_id = "123456789012"
region     = "eu-central-1"

models {
  geography = "eu"
  allow     = ["sonnet-4-6", "haiku-4-5"]
}

developer "alice" {
  email = "alice@example.com"
  team  = "engineering"
}

profiles {
  per = "none"
}

roles {
  trusted  = ["arn:aws:iam::123456789012:user/alice", "arn:aws:iam::555555555555:role/engineers/*"]
  admins   = ["arn:aws:iam::123456789012:role/platform"]
  analysts = ["arn:aws:iam::555555555555:user/finance"]
}

organization {
  management_account_id = "999999999999"
  attach_scp_to         = ["123456789012"]
}

deploy {
  principals = ["arn:aws:iam::*:role/terraform-*"]
}

logging {
  prompts = true
}

analytics {}

budgets {
  monthly_usd = 100
  emails      = ["platform@example.com"]

  anomaly {
    threshold_usd = 50
  }
}

guardrail {
  blocked_words  = ["confidential"]
  blocked_pii    = ["AWS_SECRET_KEY"]
  content_filter = "HIGH"

  topic "Investment advice" {
    definition = "Recommendations about buying or selling financial products."
  }
}
"#;

#[test]
fn roles_a_guardrail_and_a_deployment_without_profiles_apply_too() {
    let world = World::new(ROLES, "");
    world.render();
    for root in ["workload", "organization"] {
        world.prepare(root);
        world.apply(root);
        assert_eq!(world.plan(root), BTreeSet::new(), "the second plan of {root}");
    }
    world.every_call_is_proven_to_stay_allowed();

    // The roles and what is not data go; the logs stay.
    world.edit("tfgen.hcl", |text| without_block(text, "guardrail"));
    world.edit("tfgen.hcl", |text| without_block(text, "logging"));
    world.edit("tfgen.hcl", |text| without_block(text, "analytics"));
    world.edit("tfgen.hcl", |text| without_block(text, "budgets"));
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    let gone = destroyed(&changes);
    assert!(!gone.is_empty());
    for address in &gone {
        let expected = [
            "guardrail.",
            "budgets.",
            "cost_anomaly.",
            "access.aws_iam_role_policy_attachment.",
        ]
        .iter()
        .any(|start| address.starts_with(&format!("module.{start}")));
        assert!(expected, "{address} would be destroyed: {changes:#?}");
    }
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new());
}

/// Roles for IAM users become a role for tokens, and the other way round: the role itself stays.
#[test]
fn tokens_of_a_provider_apply_and_the_developers_role_outlives_the_access_mode() {
    let federation = fs::read_to_string(real::paths::repository().join("examples/federation.hcl")).unwrap();
    let roster = "id,email\nalice,alice@example.com\n";
    let world = World::new(&federation, roster);
    world.render();
    world.prepare("workload");
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new(), "the second plan");
    world.every_call_is_proven_to_stay_allowed();

    world.edit("tfgen.hcl", |text| {
        without_block(text, "federation") + "\nroles {\n  trusted = [\"arn:aws:iam::123456789012:user/alice\"]\n}\n"
    });
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    assert_eq!(
        besides_queries(&changes),
        ["module.federation.aws_iam_openid_connect_provider.this[\"issuer\"]"],
        "{changes:#?}"
    );
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new());

    world.edit("tfgen.hcl", |text| {
        let block = federation.split("\nfederation {").nth(1).unwrap();
        let block = block.split("\n}\n").next().unwrap();
        without_block(text, "roles") + "\nfederation {" + block + "\n}\n"
    });
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    assert_eq!(besides_queries(&changes), Vec::<&str>::new(), "{changes:#?}");
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new());

    world.edit("tfgen.hcl", |text| {
        text.replace(
            "  max_session_hours = 8\n",
            "\n  identity_pool {\n    group_tag_claim = \"department\"\n  }\n",
        )
    });
    world.render();
    world.modules("workload");
    let changes = world.plan("workload");
    assert_eq!(besides_queries(&changes), Vec::<&str>::new(), "{changes:#?}");
    assert!(
        changes
            .iter()
            .any(|(_, address)| address.contains("aws_cognito_identity_pool_roles_attachment")),
        "{changes:#?}"
    );
    world.apply("workload");
    assert_eq!(world.plan("workload"), BTreeSet::new());
    world.every_call_is_proven_to_stay_allowed();
}

/// What is destroyed but for the named queries: AWS replaces one whose text changes, and who is charged changes with the access mode.
fn besides_queries(changes: &BTreeSet<(String, String)>) -> Vec<&str> {
    let all = destroyed(changes).into_iter();
    all.filter(|address| !address.starts_with("module.analytics.aws_athena_named_query."))
        .collect()
}

/// The deployment file without a top-level block.
fn without_block(text: &str, name: &str) -> String {
    let mut kept = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with(&format!("{name} {{")) {
            inside = !line.trim_end().ends_with('}');
            continue;
        }
        if inside {
            inside = line != "}";
            continue;
        }
        kept.push(line);
    }
    kept.join("\n") + "\n"
}

#[test]
fn a_block_is_taken_out_whole() {
    let text = "a = 1\n\nbudgets {\n  team \"x\" {\n  }\n}\n\nlogging {}\n";
    assert_eq!(without_block(text, "budgets"), "a = 1\n\n\nlogging {}\n");
    assert_eq!(
        without_block(text, "logging"),
        "a = 1\n\nbudgets {\n  team \"x\" {\n  }\n}\n\n"
    );
}
