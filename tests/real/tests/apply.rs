//! The rendered roots, applied in their order by the real Terraform and provider on an emulation of AWS.
//!
//! moto proves plumbing: that every resource can be created, read back and left alone. What it does not prove stands in
//! docs/testing.md.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use real::moto::Moto;
use real::{paths, terraform, tfgen};
use serde_json::Value;

const ROOTS: [&str; 4] = ["workload", "identity", "organization", "billing"];

/// A rendered deployment in a folder of its own, pointed at the emulation by override files that render never writes.
struct World {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let moto = Moto::start().unwrap();
        let groups = ["Claude Code Developers", "Claude Code Admins", "Claude Code Analysts"];
        moto.seed(&groups, &["User", "Team", "Project", "CostCenter"]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        for name in ["acme.hcl", "developers.csv"] {
            fs::copy(
                paths::repository().join("examples").join(name),
                folder.path().join(name),
            )
            .unwrap();
        }
        Self { moto, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn edit(&self, name: &str, edit: impl Fn(&str) -> String) {
        let old = fs::read_to_string(self.path(name)).unwrap();
        let new = edit(&old);
        assert_ne!(old, new, "the edit of {name} changed nothing");
        fs::write(self.path(name), new).unwrap();
    }

    fn render(&self) {
        let output = tfgen::command()
            .unwrap()
            .arg("render")
            .arg(self.path("acme.hcl"))
            .arg("--out")
            .arg(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn root(&self, name: &str) -> PathBuf {
        self.folder.path().join("terraform").join(name)
    }

    fn prepare(&self, name: &str) {
        let root = self.root(name);
        fs::write(root.join("emulation_override.tf"), self.overrides(name)).unwrap();
        terraform::run(&root, &["init", "-lockfile=readonly", "-no-color", "-reconfigure"]).unwrap();
    }

    fn overrides(&self, root: &str) -> String {
        let services = [
            "athena",
            "bedrock",
            "budgets",
            "ce",
            "cloudwatch",
            "glue",
            "iam",
            "identitystore",
            "logs",
            "organizations",
            "s3",
            "sns",
            "ssoadmin",
            "sts",
        ];
        let endpoint = self.moto.endpoint();
        let endpoints: String = services
            .iter()
            .map(|service| format!("    {service} = {endpoint:?}\n"))
            .collect();
        // The workload's account is the one of plain credentials; the others are reached as moto does it, by a role.
        let role = match root {
            "workload" => String::new(),
            _ => "  assume_role {\n    role_arn = \"arn:aws:iam::999999999999:role/deploy\"\n  }\n".to_owned(),
        };
        format!(
            "terraform {{\n  backend \"local\" {{}}\n}}\n\nprovider \"aws\" {{\n  access_key = \"test\"\n  secret_key = \"test\"\n  skip_credentials_validation = true\n  skip_metadata_api_check = true\n  skip_region_validation = true\n  s3_use_path_style = true\n  max_retries = 1\n{role}  endpoints {{\n{endpoints}  }}\n}}\n"
        )
    }

    fn apply(&self, name: &str) {
        terraform::run(&self.root(name), &["apply", "-auto-approve", "-no-color"]).unwrap();
    }

    /// What a plan would do, as (action, address), without what stays as it is.
    fn plan(&self, name: &str) -> BTreeSet<(String, String)> {
        let root = self.root(name);
        terraform::run(&root, &["plan", "-no-color", "-out=test.tfplan"]).unwrap();
        let plan: Value =
            serde_json::from_str(&terraform::run(&root, &["show", "-json", "test.tfplan"]).unwrap()).unwrap();
        let changes = plan["resource_changes"].as_array().cloned().unwrap_or_default();
        changes
            .iter()
            .flat_map(|change| {
                let address = change["address"].as_str().unwrap_or_default().to_owned();
                let actions = change["change"]["actions"].as_array().cloned().unwrap_or_default();
                actions
                    .into_iter()
                    .map(move |action| (action.as_str().unwrap_or_default().to_owned(), address.clone()))
            })
            .filter(|(action, _)| action != "no-op" && action != "read")
            .collect()
    }
}

fn destroyed(changes: &BTreeSet<(String, String)>) -> Vec<&str> {
    changes
        .iter()
        .filter(|(action, _)| action == "delete")
        .map(|(_, address)| address.as_str())
        .collect()
}

#[test]
fn the_roots_apply_in_their_order_and_nothing_that_holds_data_is_ever_destroyed() {
    let world = World::new();
    world.render();
    for root in ROOTS {
        world.prepare(root);
        world.apply(root);
        assert_eq!(world.plan(root), BTreeSet::new(), "the second plan of {root}");
    }
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
    world.edit("acme.hcl", |text| without_block(text, "analytics"));
    world.render();
    terraform::run(&world.root("workload"), &["init", "-lockfile=readonly", "-no-color"]).unwrap();
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

    // A block without data disappears: its objects go, nothing else does.
    world.edit("acme.hcl", |text| without_block(text, "budgets"));
    world.edit("acme.hcl", |text| without_block(text, "cost_tags"));
    world.render();
    terraform::run(&world.root("workload"), &["init", "-lockfile=readonly", "-no-color"]).unwrap();
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
