//! Rosters that are right, or large.

use std::fmt::Write as _;
use std::path::Path;

use super::{LEAST, today};
use crate::deployment::load as load_file;

fn with_roster(roster: &[u8]) -> Result<crate::deployment::Loaded, crate::deployment::Failure> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tfgen.hcl");
    std::fs::write(
        &file,
        format!("{LEAST}\ndevelopers {{\n  file = \"developers.csv\"\n}}\n"),
    )
    .unwrap();
    std::fs::write(folder.path().join("developers.csv"), roster).unwrap();
    load_file(&file, today())
}

#[test]
fn what_spreadsheets_write_is_read() {
    let wanted = [
        ("jane.doe", "Jane.Doe@example.com", Some("Data Science")),
        ("bob", "bob@example.com", None),
    ];
    for roster in [
        "email,team\nJane.Doe@example.com,Data Science\nbob@example.com,\n".to_owned(),
        "\u{feff}email;team\r\n\"Jane.Doe@example.com\";\"Data Science\"\r\nbob@example.com;\r\n;\r\n\r\n".to_owned(),
        "team\temail\nData Science\tJane.Doe@example.com\n\tbob@example.com".to_owned(),
        " email , team , id \nJane.Doe@example.com , Data Science ,\n\nbob@example.com,,,,\n".to_owned(),
    ] {
        let loaded = with_roster(roster.as_bytes()).unwrap_or_else(|failure| panic!("{failure}"));
        let mut found = loaded.deployment.developers;
        found.reverse();
        let found: Vec<_> = found
            .iter()
            .map(|developer| {
                (
                    developer.id.as_str(),
                    developer.email.as_str(),
                    developer.team.as_deref(),
                )
            })
            .collect();
        assert_eq!(found, wanted, "{roster:?}");
    }
}

#[test]
fn twenty_thousand_rows_and_not_one_more() {
    let rows = |count: usize| {
        let mut roster = "email,team,cost_center\n".to_owned();
        for number in 0..count {
            writeln!(
                roster,
                "developer{number}@example.com,team{},CC-{}",
                number % 50,
                number % 50
            )
            .unwrap();
        }
        roster
    };
    let loaded = with_roster(rows(20_000).as_bytes()).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(loaded.deployment.developers.len(), 20_000);
    let failure = with_roster(rows(20_001).as_bytes()).unwrap_err();
    assert!(failure.to_string().contains("there are 20001 developers"), "{failure}");
}

#[test]
fn every_faulty_row_is_reported_with_its_line() {
    let mut roster = "email\n".to_owned();
    for number in 0..20_000 {
        writeln!(roster, "developer{number}").unwrap();
    }
    let failure = with_roster(roster.as_bytes()).unwrap_err();
    assert_eq!(failure.diagnostics.len(), 20_000);
    assert_eq!(
        failure.diagnostics[19_999]
            .position()
            .map(|(_, line, column)| (line, column)),
        Some((20_001, 1))
    );
    let printed = failure.to_string();
    assert!(printed.lines().count() < 20_300, "{}", printed.lines().count());
    assert!(printed.contains("developers.csv:20001:1: error: \"developer19999\" is no e-mail address"));
    assert!(printed.ends_with("20000 errors\n"));
}

#[test]
fn the_path_may_be_absolute() {
    let folder = tempfile::tempdir().unwrap();
    let roster = folder.path().join("people.csv");
    std::fs::write(&roster, "email\nalice@example.com\n").unwrap();
    let text = format!(
        "{LEAST}\ndevelopers {{\n  file = {:?}\n}}\n",
        roster.display().to_string()
    );
    let source = crate::diagnostic::Source::new("tfgen.hcl", text);
    let loaded = crate::deployment::load_text(&source, Path::new("elsewhere"), today()).unwrap();
    assert_eq!(loaded.deployment.developers[0].id, "alice");
}

/// Only what becomes a tag has a tag's alphabet.
#[test]
fn without_profiles_nothing_is_a_tag() {
    let roster = "email,team\no'neil@example.com,R&D\n";
    let with = |per: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tfgen.hcl");
        let blocks = format!("developers {{\n  file = \"d.csv\"\n}}\nprofiles {{\n  per = \"{per}\"\n}}\n");
        std::fs::write(&file, format!("{LEAST}{blocks}")).unwrap();
        std::fs::write(folder.path().join("d.csv"), roster).unwrap();
        load_file(&file, today()).map(|loaded| loaded.deployment.developers.len())
    };
    assert_eq!(with("none").unwrap(), 1);
    let team = with("team").unwrap_err().to_string();
    assert!(
        team.contains("`team` has the character `&`") && !team.contains("`email`"),
        "{team}"
    );
    let developer = with("developer").unwrap_err().to_string();
    assert!(
        developer.contains("`team` has") && developer.contains("`email` has"),
        "{developer}"
    );
}

#[test]
fn developers_whom_nobody_trusts_are_warned_of() {
    let loaded = with_roster(b"email\nalice@example.com\nbob@example.com\n").unwrap();
    let warnings: Vec<String> = loaded.warnings.iter().map(|warning| warning.message.clone()).collect();
    assert_eq!(warnings, ["developer \"bob\" may not assume the developer role"]);
    assert_eq!(
        loaded.warnings[0].position().map(|(_, line, column)| (line, column)),
        Some((3, 1))
    );
    let mut many = "email\n".to_owned();
    for number in 0..30 {
        writeln!(many, "dev{number}@example.com").unwrap();
    }
    let loaded = with_roster(many.as_bytes()).unwrap();
    assert_eq!(loaded.warnings.len(), 11);
    assert!(
        loaded
            .warnings
            .iter()
            .any(|warning| warning.message.starts_with("20 more developers"))
    );
}
