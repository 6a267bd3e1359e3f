//! What stands elsewhere already becomes a deployment file: variables of Terraform, and installations of ccwb.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{folder, refused, written};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/init")
        .join(name)
}

/// `--from-tfvars` with a fixture, and further flags.
fn import<'a>(file: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    ["--from-tfvars", file].iter().chain(flags).copied().collect()
}

#[test]
fn the_modules_variables_become_a_file_that_renders() {
    let folder = folder();
    let file = fixture("module.tfvars");
    let said = written(
        folder.path(),
        &import(file.to_str().unwrap(), &["--email-domain=example.com"]),
    );
    for part in [
        "developer \"alice\"",
        "developer \"bob\"",
        "team \"engineering\"",
        "PlatformAdmin",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(!said.contains("favourite_colour ="), "{said}");
}

#[test]
fn the_import_without_logging_or_profiles_renders_too() {
    let file = fixture("module.tfvars");
    for (flag, notice) in [
        ("--no-logging", "monthly_budget_amount: --no-logging"),
        (
            "--profiles=none",
            "team_budgets: there are no application inference profiles",
        ),
    ] {
        let folder = folder();
        let flags = import(file.to_str().unwrap(), &["--email-domain=example.com", flag]);
        let file = written(folder.path(), &flags);
        assert!(file.contains(notice), "{file}");
    }
}

#[test]
fn the_checklists_variables_and_what_they_lack_become_a_file_that_renders() {
    let file = fixture("checklist.tfvars");
    let file = file.to_str().unwrap();
    let said = refused(&import(file, &[]));
    for flag in ["--account-id", "--developers", "--start-url", "--identity-source"] {
        assert!(said.contains(&format!("\n  {flag} ")), "{flag} is not in\n{said}");
    }
    let folder = folder();
    let flags = import(
        file,
        &[
            "--account-id=123456789012",
            "--region=eu-central-1",
            "--developers=developers.csv",
            "--identity-account-id=999999999999",
            "--identity-source=okta",
            "--start-url=https://acme.awsapps.com/start",
            "--identity-region=eu-west-1",
            "--budget=1000",
        ],
    );
    let file = written(folder.path(), &flags);
    for part in [
        "arn:aws:sso:::instance/ssoins-1234567890abcdef",
        "geography = \"eu\"",
        "[\"platform@example.com\"]",
    ] {
        assert!(file.contains(part), "{part} is not in\n{file}");
    }
}

/// `--from-ccwb` with a fixture, and further flags.
fn installation<'a>(file: &'a str, flags: &[&'a str]) -> Vec<&'a str> {
    ["--from-ccwb", file, "--offline"]
        .iter()
        .chain(flags)
        .copied()
        .collect()
}

#[test]
fn an_installations_profile_becomes_a_file_that_renders() {
    let file = fixture("ccwb-okta.json");
    let file = file.to_str().unwrap();
    let said = refused(&installation(file, &[]));
    assert!(
        said.contains("\n  --developers ") && !said.contains("--issuer "),
        "{said}"
    );
    let folder = folder();
    let written = written(folder.path(), &installation(file, &["--developers=developers.csv"]));
    insta::assert_snapshot!(written);
    assert!(!written.contains("not-to-be-seen"));
}

#[test]
fn every_mode_of_an_installation_becomes_a_file_that_renders() {
    let (several, package) = (fixture("ccwb-profiles.json"), fixture("ccwb-config.json"));
    let portal = [
        "--ccwb-profile=portal",
        "--developers=developers.csv",
        "--identity-account-id=999999999999",
        "--identity-source=entra",
        "--identity-instance-arn=arn:aws:sso:::instance/ssoins-1234567890abcdef",
    ];
    let ambient = [
        "--ccwb-profile=Ambient Keys",
        "--account-id=123456789012",
        "--geography=global",
        "--allow=sonnet-4-6",
        "--developers=developers.csv",
        "--trusted=arn:aws:iam::123456789012:user/alice",
    ];
    let entra = ["--developers=developers.csv"];
    for (file, flags, block) in [
        (&several, &portal[..], "identity_center {"),
        (&several, &ambient[..], "roles {"),
        (&package, &entra[..], "federation {"),
    ] {
        let folder = folder();
        let written = written(folder.path(), &installation(file.to_str().unwrap(), flags));
        assert!(written.contains(block), "{written}");
    }
}

/// Why something is missing is often what became of another field.
#[test]
fn what_an_installation_lacks_is_told_with_what_became_of_the_rest() {
    let folder = folder();
    let file = folder.path().join("config.json");
    fs::write(
        &file,
        r#"{"name": "acme", "client_id": "x", "provider_type": "cognito", "provider_domain": "acme.auth.eu-west-1.amazoncognito.com"}"#,
    )
    .unwrap();
    let said = refused(&installation(file.to_str().unwrap(), &[]));
    assert!(said.contains("\n  --issuer "), "{said}");
    assert!(
        said.contains("what became of config.json:") && said.contains("`cognito_user_pool_id` is missing"),
        "{said}"
    );
}

#[test]
fn a_faulty_installation_is_shown_with_its_places() {
    let place = |name: &str| refused(&installation(fixture(name).to_str().unwrap(), &[]));
    assert!(place("ccwb-broken.json").contains("ccwb-broken.json:3"));
    assert!(place("ccwb-wrong-types.json").contains("ccwb-wrong-types.json:6"));
    let several = place("ccwb-profiles.json");
    assert!(
        several.contains("portal, Ambient Keys") && several.contains("--ccwb-profile"),
        "{several}"
    );
    let said = refused(&["--from-ccwb", "nowhere.json"]);
    assert!(said.starts_with("error: cannot read nowhere.json"), "{said}");
}

#[test]
fn faulty_variables_are_shown_with_their_places() {
    for (name, place) in [
        ("broken.tfvars", "broken.tfvars:5"),
        ("wrong-types.tfvars", "wrong-types.tfvars:1"),
    ] {
        let file = fixture(name);
        let said = refused(&import(file.to_str().unwrap(), &[]));
        assert!(said.contains(place), "{said}");
    }
    let said = refused(&["--from-tfvars", "nowhere.tfvars"]);
    assert!(said.starts_with("error: cannot read nowhere.tfvars"), "{said}");
}
