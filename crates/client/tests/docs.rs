//! The program's page names everything that the program takes.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report")]

use std::path::Path;

fn page() -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/credential-process.md");
    std::fs::read_to_string(page).unwrap()
}

#[test]
fn every_field_of_the_configuration_is_on_the_page() {
    let page = page();
    let missing: Vec<&&str> = client_config::FIELDS
        .iter()
        .filter(|field| !page.contains(&format!("`{field}`")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_flag_of_the_help_is_on_the_page() {
    let page = page();
    let help = include_str!("../src/bin/credential-process/help.txt");
    let flags = help.split(|c: char| !c.is_ascii_alphabetic() && c != '-');
    let missing: Vec<&str> = flags
        .filter(|word| word.starts_with("--") && word.len() > 2 && *word != "--flag")
        .filter(|flag| !page.contains(flag))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
