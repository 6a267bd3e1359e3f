//! A rendered deployment in a folder of its own, and the emulation that it is applied to.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use real::moto::Moto;
use real::{paths, terraform, tfgen};
use serde_json::Value;

use crate::trace;

/// A rendered deployment in a folder of its own, pointed at the emulation by override files that render never writes.
pub struct World {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl World {
    /// The example.
    pub fn example() -> Self {
        let example = |name| fs::read_to_string(paths::repository().join("examples").join(name)).unwrap();
        Self::new(&example("acme.hcl"), &example("developers.csv"))
    }

    pub fn new(deployment: &str, roster: &str) -> Self {
        let moto = Moto::start().unwrap();
        let groups = ["Claude Code Developers", "Claude Code Admins", "Claude Code Analysts"];
        moto.seed(&groups, &["User", "Team", "Project", "CostCenter"]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tfgen.hcl"), deployment).unwrap();
        fs::write(folder.path().join("developers.csv"), roster).unwrap();
        Self { moto, folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn edit(&self, name: &str, edit: impl Fn(&str) -> String) {
        let old = fs::read_to_string(self.path(name)).unwrap();
        let new = edit(&old);
        assert_ne!(old, new, "the edit of {name} changed nothing");
        fs::write(self.path(name), new).unwrap();
    }

    pub fn render(&self) {
        let output = tfgen::command()
            .unwrap()
            .arg("render")
            .arg(self.path("tfgen.hcl"))
            .arg("--out")
            .arg(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub fn root(&self, name: &str) -> PathBuf {
        self.folder.path().join("terraform").join(name)
    }

    pub fn prepare(&self, name: &str) {
        terraform::prepare(&self.root(name), &self.moto.endpoint(), account_of(name)).unwrap();
    }

    /// Has Terraform look at the modules of a root again, which a render may have added or removed.
    pub fn modules(&self, name: &str) {
        terraform::run(&self.root(name), &["get", "-no-color"]).unwrap();
    }

    pub fn apply(&self, name: &str) {
        terraform::run(&self.root(name), &["apply", "-auto-approve", "-no-color"]).unwrap();
    }

    /// Each API operation that the provider called so far is among the actions that the proofs hold open
    /// for the principals that deploy.
    pub fn every_call_is_proven_to_stay_allowed(&self) {
        let called = trace::actions(&self.moto.calls().unwrap());
        assert!(called.len() > 20, "{called:?}");
        let output = tfgen::command()
            .unwrap()
            .args(["prove", "--format", "json"])
            .arg(self.path("tfgen.hcl"))
            .output()
            .unwrap();
        let table: Value = serde_json::from_slice(&output.stdout).unwrap();
        let proven: BTreeSet<&str> = table["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["principal"] == "deploy principal" && row["expected"] == "allow")
            .filter_map(|row| row["action"].as_str())
            .collect();
        let missing: Vec<_> = called
            .iter()
            .filter(|action| !proven.contains(action.as_str()))
            .collect();
        assert!(
            missing.is_empty(),
            "called, but not proven to stay allowed: {missing:#?}"
        );
    }

    /// What a plan would do, as (action, address), without what stays as it is.
    pub fn plan(&self, name: &str) -> BTreeSet<(String, String)> {
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

/// The account that a root is applied in, where it is not the dedicated one.
fn account_of(root: &str) -> Option<&'static str> {
    (root != "workload").then_some("999999999999")
}
