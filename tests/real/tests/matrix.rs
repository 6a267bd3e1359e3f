//! Every root of a pairwise matrix of deployments is formatted, valid and plannable by the real Terraform and provider.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context as _, bail};
use real::{matrix, terraform, tfgen};

/// Answers for the data sources of the identity root; everything else is made up by Terraform's mock.
const PLAN_TEST: &str = r#"
mock_provider "aws" {
  mock_data "aws_ssoadmin_instances" {
    defaults = {
      arns               = ["arn:aws:sso:::instance/ssoins-1234567890abcdef"]
      identity_store_ids = ["d-1234567890"]
    }
  }

  mock_data "aws_identitystore_group" {
    defaults = {
      group_id = "01234567-89ab-cdef-0123-456789abcdef"
    }
  }
}

variables {
  https_endpoints = { pagerduty = "https://events.example.com/integration/abc/enqueue" }
}

run "plan" {
  command = plan
}
"#;

#[test]
fn every_pair_of_choices_renders_to_roots_that_terraform_formats_validates_and_plans() {
    let cases = matrix::pairwise();
    assert!(cases.len() >= 15, "only {} cases", cases.len());
    let folder = tempfile::tempdir().unwrap();
    let queue = Mutex::new(cases.iter().enumerate().rev().collect::<Vec<_>>());
    let failures = Mutex::new(Vec::new());
    let plans = Mutex::new(0_usize);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some((number, case)) = queue.lock().unwrap().pop() else {
                        break;
                    };
                    let out = folder.path().join(format!("case-{number}"));
                    match check(case, &out) {
                        Ok(roots) => *plans.lock().unwrap() += roots,
                        Err(error) => {
                            let file = matrix::deployment(case).0;
                            failures
                                .lock()
                                .unwrap()
                                .push(format!("case {number} {case:?}: {error:#}\n{file}"));
                        }
                    }
                    // Providers are links, but plans of 1,500 profiles are not small.
                    let _ = fs::remove_dir_all(&out);
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} of {} failed\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n---\n")
    );
    assert!(*plans.lock().unwrap() >= 2 * cases.len() - cases.len() / 2);
}

#[test]
fn the_example_renders_to_roots_that_terraform_formats_validates_and_plans() {
    let folder = tempfile::tempdir().unwrap();
    let example = real::paths::repository().join("examples/acme.hcl");
    render(&example, folder.path()).unwrap();
    let roots = check_roots(folder.path()).unwrap();
    assert_eq!(roots, 4);
}

#[test]
fn the_example_with_an_open_id_provider_is_clean_and_plans() {
    let folder = tempfile::tempdir().unwrap();
    let example = real::paths::repository().join("examples/federation.hcl");
    render(&example, folder.path()).unwrap();
    assert_eq!(check_roots(folder.path()).unwrap(), 2);
    let output = tfgen::command()
        .unwrap()
        .arg("check")
        .arg(folder.path())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{printed}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn check(case: &[usize], out: &Path) -> anyhow::Result<usize> {
    fs::create_dir_all(out)?;
    let (file, roster) = matrix::deployment(case);
    fs::write(out.join("tfgen.hcl"), file)?;
    fs::write(out.join("developers.csv"), roster)?;
    render(&out.join("tfgen.hcl"), out)?;
    check_roots(out)
}

fn render(file: &Path, out: &Path) -> anyhow::Result<()> {
    let output = tfgen::command()?
        .arg("render")
        .arg(file)
        .arg("--out")
        .arg(out)
        .output()?;
    if !output.status.success() {
        bail!(
            "render ended with {}:\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// Formats, validates and plans each root of a rendered tree; returns their number.
fn check_roots(out: &Path) -> anyhow::Result<usize> {
    terraform::run(out, &["fmt", "-check", "-recursive", "-diff", "terraform"])?;
    let roots: Vec<PathBuf> = ["workload", "identity", "organization", "billing"]
        .iter()
        .map(|name| out.join("terraform").join(name))
        .filter(|root| root.is_dir())
        .collect();
    for root in &roots {
        // `test` validates what it plans; that the lock file is right, the tests show that apply.
        terraform::run(root, &["get", "-no-color"])?;
        // A variable that the root does not declare would be refused.
        let declares = root.join("variables.tf").is_file();
        let test = if declares {
            PLAN_TEST.to_owned()
        } else {
            without_variables(PLAN_TEST)
        };
        fs::create_dir_all(root.join("tests"))?;
        fs::write(root.join("tests/plan.tftest.hcl"), test)?;
        let printed = terraform::run(root, &["test", "-no-color"])?;
        if !printed.contains("1 passed, 0 failed") {
            bail!("{} was not planned:\n{printed}", root.display());
        }
        fs::remove_dir_all(root.join("tests")).context("the plan test cannot be removed")?;
    }
    Ok(roots.len())
}

fn without_variables(test: &str) -> String {
    let start = test.find("variables {").unwrap_or(test.len());
    let end = test[start..].find("\n}\n").map_or(start, |end| start + end + 3);
    format!("{}{}", &test[..start], &test[end..])
}
