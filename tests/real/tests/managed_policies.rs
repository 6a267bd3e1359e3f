//! The policies that AWS itself writes and manages, as moto carries them, under the rules over policies.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use check::policy::{Context, lint};
use findings::Severity;
use policy::Kind;
use serde_json::Value;

fn managed_policies() -> BTreeMap<String, Value> {
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("moto/requirements.txt");
    let output = Command::new(real::python::venv(&requirements).unwrap().join("bin/python"))
        .args([
            "-c",
            "import moto.iam.aws_managed_policies as m; print(m.aws_managed_policies_data)",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// AWS's own policies may be longer than those of customers; in everything else they are what IAM accepts.
#[test]
fn policies_of_aws_are_free_of_errors() {
    let policies = managed_policies();
    assert!(policies.len() >= 1_500, "only {}", policies.len());
    let mut errors = Vec::new();
    for (name, policy) in &policies {
        let text = serde_json::to_string(&policy["Document"]).unwrap();
        for finding in lint(&text, Some(Kind::Identity), &Context::default()) {
            if finding.severity == Severity::Error && finding.rule.id != "policy-size" {
                errors.push(format!("{name} {}: {}", finding.path, finding.message));
            }
        }
    }
    assert!(
        errors.is_empty(),
        "{} of {}:\n{}",
        errors.len(),
        policies.len(),
        errors.join("\n")
    );
}
