use super::*;
use crate::deployment::model::{Geography, ProfileScope};
use crate::guardrails::fixtures;

fn run_with(options: &Options, d: &Deployment) -> (Summary, String) {
    let mut out = Vec::new();
    let summary = run(d, options, &mut out).unwrap();
    (summary, String::from_utf8(out).unwrap())
}

/// Terraform can do nothing where no exempt pattern names a role of the dedicated account.
fn failing() -> Deployment {
    let mut d = fixtures::full(Geography::Us, 1);
    if let Some(deploy) = &mut d.deploy {
        deploy.principals = vec!["arn:aws:iam::777777777777:role/terraform".to_owned()];
    }
    d
}

#[test]
fn all_rows_hold() {
    let options = Options {
        width: 100,
        ..Options::default()
    };
    let (summary, text) = run_with(&options, &fixtures::full(Geography::Us, 2));
    assert_eq!(summary.failed, 0);
    assert!(
        text.ends_with(&format!("{} proofs, all hold.\n", summary.total)),
        "{text}"
    );
    assert!(text.contains("Attribution of Identity Center users: bound"), "{text}");
    let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 100).collect();
    assert!(wide.iter().all(|line| line.starts_with("Attribution")), "{wide:#?}");
}

#[test]
fn a_failed_row_is_shown_in_full_and_makes_ten() {
    let options = Options {
        failed: true,
        width: 100,
        ..Options::default()
    };
    let (summary, text) = run_with(&options, &failing());
    assert!(summary.failed > 0);
    assert!(
        text.contains("    action    bedrock:PutModelInvocationLoggingConfiguration"),
        "{text}"
    );
    assert!(text.contains("    is        deny: scp.json: ProtectSettings"), "{text}");
    assert!(!text.contains("decided by"), "{text}");
}

#[test]
fn json_has_the_fields_of_the_contract() {
    let options = Options {
        principal: Some("analyst".to_owned()),
        format: Format::Json,
        ..Options::default()
    };
    let (_, text) = run_with(&options, &fixtures::full(Geography::Us, 1));
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["version"], 1);
    let rows = report["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert_eq!(row["principal"], "analyst");
        for field in ["action", "resource", "expected", "verdict", "decided_by"] {
            assert!(row[field].is_string(), "{field} of {row}");
        }
        assert!(row["context"].is_object(), "{row}");
    }
}

/// What holds only with an SCP, and what is not there to be proven, is said where it would be overlooked.
#[test]
fn what_is_not_attached_and_not_proven_is_said() {
    let text = |d: &Deployment, format| {
        let options = Options {
            format,
            width: 100,
            ..Options::default()
        };
        run_with(&options, d).1
    };
    let json = |d: &Deployment| -> serde_json::Value { serde_json::from_str(&text(d, Format::Json)).unwrap() };
    let full = fixtures::full(Geography::Us, 1);
    let alone = Deployment {
        organization: None,
        ..full.clone()
    };
    let bare = fixtures::bare(Geography::Us, 1);

    let human = text(&full, Format::Human);
    assert!(!human.contains(UNATTACHED) && !human.contains("Not proven"), "{human}");
    assert_eq!(json(&full)["scp"], "attached by terraform/organization");
    assert_eq!(json(&full)["not_proven"].as_array().unwrap().len(), 0);

    let mut elsewhere = full.clone();
    if let Some(deploy) = &mut elsewhere.deploy {
        deploy
            .principals
            .push("arn:aws:iam::777788889999:role/terraform".to_owned());
    }
    let human = text(&elsewhere, Format::Human);
    assert!(
        human.contains("Not proven: `arn:aws:iam::777788889999:role/terraform` is exempt and matches no role of"),
        "{human}"
    );
    assert_eq!(json(&elsewhere)["not_proven"][0]["theme"], "deploy");

    let human = text(&alone, Format::Human);
    for theme in [
        Theme::Account,
        Theme::Tampering,
        Theme::Takeover,
        Theme::Open,
        Theme::Deploy,
    ] {
        assert!(human.contains(&format!("{}\n{UNATTACHED}\n", theme.title())), "{human}");
    }
    let last: Vec<&str> = human.lines().rev().take(2).collect();
    assert_eq!(last[1], UNATTACHED);
    assert_eq!(json(&alone)["scp"], "not attached by this deployment");

    let human = text(&bare, Format::Human);
    for theme in [Theme::Tampering, Theme::Takeover] {
        assert!(
            human.contains(&format!("{}\nNot proven: no `deploy` block", theme.title())),
            "{human}"
        );
    }
    assert_eq!(json(&bare)["not_proven"][0]["theme"], "tampering");
}

#[test]
fn each_role_has_its_own_attribution() {
    let d = Deployment {
        access: fixtures::roles(),
        ..fixtures::full(Geography::Us, 1)
    };
    let options = Options {
        width: 100,
        ..Options::default()
    };
    assert_eq!(
        attributions(&run_with(&options, &d).1),
        [
            "developers: 2 IAM users: bound",
            "developers: 2 roles or role patterns: claimed",
            "admins: 1 IAM user: bound",
            "admins: 1 role or role pattern: claimed",
            "application inference profiles: claimed",
        ]
    );
}

/// A bound session does not bind the profile that it names.
#[test]
fn profiles_per_developer_are_bound_by_a_session_tag_alone() {
    let options = Options {
        width: 100,
        ..Options::default()
    };
    let lines = |tag: Option<&str>, profiles: ProfileScope| {
        let d = Deployment {
            access: fixtures::identity_center(tag),
            profiles,
            ..fixtures::full(Geography::Us, 1)
        };
        attributions(&run_with(&options, &d).1)
    };
    let users = "Identity Center users: bound";
    let (bound, claimed) = (
        "application inference profiles: bound",
        "application inference profiles: claimed",
    );
    assert_eq!(lines(None, ProfileScope::Developer), [users, claimed]);
    assert_eq!(lines(Some("email"), ProfileScope::Developer), [users, bound]);
    assert_eq!(lines(None, ProfileScope::Team), [users]);
}

/// Whose attribution, and how strong.
fn attributions(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("Attribution of "))
        .filter_map(|line| {
            let end = line.find(": bound").map(|at| at + ": bound".len());
            let end = end.or_else(|| line.find(": claimed").map(|at| at + ": claimed".len()));
            line.get(..end?).map(str::to_owned)
        })
        .collect()
}

#[test]
fn a_principal_without_rows_is_refused_with_those_that_have_some() {
    let deployment = fixtures::full(Geography::Us, 1);
    let fault = known(&deployment, "develper").unwrap_err().to_string();
    assert!(fault.contains("did you mean `developer`?"), "{fault}");
    assert!(
        fault.contains("there are proofs about ") && fault.contains("analyst"),
        "{fault}"
    );
    assert_eq!(known(&deployment, "analyst"), Ok(()));
}
