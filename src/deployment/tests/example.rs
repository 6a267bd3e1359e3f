//! Files that are right.

use std::path::{Path, PathBuf};

use super::{LEAST, load, today};
use crate::deployment::model::{Access, Destinations, ProfileScope, Trusted};
use crate::deployment::{find, load as load_file};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme.hcl")
}

#[test]
fn the_example_is_sound() {
    let loaded = load_file(&example(), today()).unwrap_or_else(|failure| panic!("{failure}"));
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let deployment = loaded.deployment;
    assert_eq!(deployment.developers.len(), 25);
    assert!(deployment.developers.is_sorted_by_key(|developer| developer.id.clone()));
    assert_eq!(deployment.models.len(), 3);
    assert_eq!(deployment.models[0].profile_id, "us.anthropic.claude-opus-4-6-v1");
    assert_eq!(deployment.models[0].prices[0].input, Some(5.5));
    assert_eq!(deployment.profiles, ProfileScope::Developer);
    assert_eq!(
        deployment.profiles_reason.as_deref(),
        Some("25 developers × 3 models make 75 profiles, at most 300")
    );
    let Destinations::Regions(regions) = &deployment.models[0].destinations else {
        panic!("us is not global")
    };
    assert_eq!(
        regions.iter().map(String::as_str).collect::<Vec<_>>(),
        ["us-east-1", "us-east-2", "us-west-2"]
    );
    let budgets = deployment.budgets.unwrap();
    assert_eq!(budgets.teams.len(), 2);
    assert_eq!(budgets.teams["engineering"].tag_key, "CostCenter");
    assert_eq!(budgets.teams["engineering"].tag_value, "CC-1001");
    assert_eq!(deployment.cost_tags.unwrap().payer_account_id, "999999999999");
    assert!(deployment.guardrail.is_none());
}

#[test]
fn the_least_file_is_sound() {
    let deployment = load(LEAST).unwrap_or_else(|failure| panic!("{failure}")).deployment;
    assert_eq!(deployment.default_model, "opus-4-6");
    assert_eq!(deployment.profiles, ProfileScope::None);
    assert_eq!(deployment.profiles_reason.as_deref(), Some("no developers are listed"));
    let Access::Roles(roles) = deployment.access else {
        panic!("roles were asked for")
    };
    assert_eq!(roles.max_session_seconds, 28_800);
    assert_eq!(
        roles.developers,
        [Trusted::User {
            arn: "arn:aws:iam::123456789012:user/alice".to_owned(),
            name: "alice".to_owned()
        }]
    );
}

#[test]
fn line_ends_null_and_text_of_several_lines_do_not_matter() {
    let text = format!(
        "{LEAST}\nlogging {{\n  kms_key_arn = null\n}}\nguardrail {{\n  topic \"x\" {{\n    definition = <<-EOT\n      first\n      second\n    EOT\n  }}\n  content_filter = \"${{\"HIGH\"}}\"\n}}\n"
    );
    let unix = load(&text).unwrap_or_else(|failure| panic!("{failure}")).deployment;
    let windows = load(&text.replace('\n', "\r\n"))
        .unwrap_or_else(|failure| panic!("{failure}"))
        .deployment;
    let guardrail = unix.guardrail.unwrap();
    assert_eq!(guardrail.topics[0].definition, "first\nsecond\n");
    assert_eq!(guardrail.content_filter.as_deref(), Some("HIGH"));
    assert_eq!(
        windows.guardrail.unwrap().topics[0].definition.replace('\r', ""),
        "first\nsecond\n"
    );
    assert_eq!(unix.logging.unwrap().kms_key_arn, None);
}

#[test]
fn a_model_block_overrides_and_adds() {
    let text = LEAST.replace("\"haiku-4-5\"", "\"opus-9\"")
        + r#"
model "opus-4-6" {
  name = "Our Opus"
  price {
    valid_from = "2026-06-01"
    input      = 4
  }
}
model "opus-9" {
  id           = "anthropic.claude-opus-9"
  anthropic_id = "claude-opus-9"
  family       = "opus"
  geography "us" {
    profile_id   = "us.anthropic.claude-opus-9"
    destinations = { us-east-1 = ["us-east-1", "us-west-2"] }
  }
}
"#;
    let models = load(&text)
        .unwrap_or_else(|failure| panic!("{failure}"))
        .deployment
        .models;
    assert_eq!(models[0].name, "Our Opus");
    assert_eq!(models[0].prices.len(), 1);
    assert_eq!(models[0].prices[0].input, Some(4.4));
    assert_eq!(models[1].profile_id, "us.anthropic.claude-opus-9");
}

#[test]
fn profiles_by_default_follow_the_size_of_the_roster() {
    let people = |from: usize, to: usize, team: &str| -> String {
        (from..to)
            .map(|number| format!("developer \"d{number}\" {{\n  email = \"d{number}@example.com\"\n{team}}}\n"))
            .collect()
    };
    let scope = |people: String| {
        let deployment = load(&format!("{LEAST}{people}"))
            .unwrap_or_else(|failure| panic!("{failure}"))
            .deployment;
        (deployment.profiles, deployment.profiles_reason.unwrap())
    };
    let team = "  team = \"a\"\n";
    // Two models: 150 developers make 300 profiles.
    assert_eq!(scope(people(0, 150, "")).0, ProfileScope::Developer);
    let (chosen, reason) = scope(people(0, 151, team));
    assert_eq!(chosen, ProfileScope::Team, "{reason}");
    let (chosen, reason) = scope(people(0, 150, team) + &people(150, 151, ""));
    assert_eq!(chosen, ProfileScope::None, "{reason}");
}

#[test]
fn an_old_catalogue_is_a_warning() {
    let day = today().checked_add(jiff::ToSpan::days(91)).unwrap();
    let source = crate::diagnostic::Source::new("tfgen.hcl", LEAST);
    let loaded = crate::deployment::load_text(&source, Path::new(""), day).unwrap();
    assert_eq!(loaded.warnings.len(), 1);
    assert!(
        loaded.warnings[0].message.contains("91 days old"),
        "{:?}",
        loaded.warnings
    );
    assert!(load(LEAST).unwrap().warnings.is_empty());
}

#[test]
fn warnings_do_not_stop_anything() {
    let text = format!(
        "{LEAST}\norganization {{\n  management_account_id = \"999999999999\"\n  attach_scp_to = [\"ou-ab12-cd34ef56\"]\n}}\ndeploy {{\n  principals = [\"arn:aws:iam::*:role/terraform-*\"]\n}}\n"
    );
    let loaded = load(&text).unwrap_or_else(|failure| panic!("{failure}"));
    let printed = crate::diagnostic::render(&loaded.warnings, crate::diagnostic::Style::Plain);
    insta::assert_snapshot!(printed, @r#"
    warning: the service control policy will hit every account in this unit
      --> tfgen.hcl:15:20
       |
    15 |   attach_scp_to = ["ou-ab12-cd34ef56"]
       |                    ^^^^^^^^^^^^^^^^^^ attached to the unit `ou-ab12-cd34ef56`
       |
       = help: it denies all services that Claude Code does not need; attach it to the deployment's account unless that is meant
    "#);
}

#[test]
fn a_model_that_needs_data_retention_is_a_warning() {
    let text = LEAST
        .replace("\"us\"", "\"global\"")
        .replace("\"haiku-4-5\"", "\"fable-5\"");
    let loaded = load(&text).unwrap_or_else(|failure| panic!("{failure}"));
    let printed = crate::diagnostic::render(&loaded.warnings, crate::diagnostic::Style::Plain);
    assert!(
        printed.contains("needs the data retention mode `aws_review`"),
        "{printed}"
    );
    assert!(printed.contains("tfgen.hcl:7:28"), "{printed}");
    assert_eq!(
        loaded.deployment.models[1].data_retention.as_deref(),
        Some("aws_review")
    );
    assert_eq!(loaded.deployment.models[0].data_retention, None);
}

/// Roles of other accounts may be exempt where the policy reaches their accounts.
#[test]
fn on_a_unit_roles_of_other_accounts_may_be_exempt() {
    let text = format!(
        "{LEAST}\norganization {{\n  management_account_id = \"999999999999\"\n  attach_scp_to = [\"ou-ab12-cd34ef56\"]\n}}\ndeploy {{\n  principals = [\"arn:aws:iam::123456789012:role/tf\", \"arn:aws:iam::111122223333:role/tf\"]\n  break_glass = [\"arn:aws:iam::111122223333:role/fire\"]\n}}\n"
    );
    let loaded = load(&text).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(loaded.warnings.len(), 1, "{:?}", loaded.warnings);
}

#[test]
fn the_file_is_found_in_a_parent() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b");
    std::fs::create_dir_all(&deep).unwrap();
    assert_eq!(find(&deep).unwrap(), None);
    let path = folder.path().join("tfgen.hcl");
    std::fs::write(&path, LEAST).unwrap();
    assert_eq!(find(&deep).unwrap(), Some(path));
}

#[test]
fn the_day_can_be_set() {
    assert_eq!(
        crate::deployment::today(Some("86400")).unwrap().to_string(),
        "1970-01-02"
    );
    assert!(crate::deployment::today(Some("tomorrow")).is_err());
    assert!(crate::deployment::today(None).unwrap().year() >= 2024);
}

/// Where the account is in an organization that the file does not describe, the payer has to be stated.
#[test]
fn the_payer_is_stated_or_follows_from_the_organization() {
    let developer = "developer \"alice\" {\n  email = \"alice@example.com\"\n}\n";
    let payer = |rest: &str| {
        let loaded = load(&format!("{LEAST}{developer}{rest}")).unwrap_or_else(|failure| panic!("{failure}"));
        (
            loaded.deployment.cost_tags.unwrap().payer_account_id,
            loaded.warnings.len(),
        )
    };
    assert_eq!(payer("cost_tags {}\n"), ("123456789012".to_owned(), 0));
    assert_eq!(
        payer("cost_tags {\n  payer_account_id = \"777777777777\"\n}\n"),
        ("777777777777".to_owned(), 0)
    );
    let organization = "organization {\n  management_account_id = \"999999999999\"\n}\n\
                        deploy {\n  principals = [\"arn:aws:iam::*:role/terraform-*\"]\n}\n";
    assert_eq!(
        payer(&format!("{organization}cost_tags {{}}\n")),
        ("999999999999".to_owned(), 0)
    );
    let both = format!("{organization}cost_tags {{\n  payer_account_id = \"777777777777\"\n}}\n");
    assert_eq!(payer(&both), ("777777777777".to_owned(), 1));
}

/// An allowed model whose price is not fully known is warned of where it is allowed.
#[test]
fn unknown_prices_are_warned_of() {
    let text = LEAST.replace("\"haiku-4-5\"", "\"opus-5-5\", \"haiku-5-5\"");
    let loaded = load(&text).unwrap();
    let warnings: Vec<(String, String)> = loaded
        .warnings
        .iter()
        .map(|warning| (warning.message.clone(), warning.primary.as_ref().unwrap().text.clone()))
        .collect();
    let message = |name: &str| format!("what {name} costs is not fully known");
    assert_eq!(
        warnings,
        [
            (message("Claude Opus 5.5"), "not known: cache_write_1h".to_owned()),
            (
                message("Claude Haiku 5.5"),
                "not known: input, output, cache_read, cache_write_5m, cache_write_1h".to_owned()
            ),
        ]
    );
    assert!(load(LEAST).unwrap().warnings.is_empty());
}
