//! `docs/mistakes.md` has a row for each mistake, and names tests that exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Mistakes that were found in published material.
const MISTAKES: usize = 39;

struct Row {
    number: usize,
    cells: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rows() -> Vec<Row> {
    let page = fs::read_to_string(root().join("docs/mistakes.md")).unwrap();
    page.lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .filter_map(|line| {
            let cells: Vec<String> = line.split(" | ").map(|cell| cell.trim().to_owned()).collect();
            let number = cells.first()?.parse().ok()?;
            Some(Row { number, cells })
        })
        .collect()
}

/// The tests that a row names, as (path, name).
fn tests(row: &Row) -> Vec<(&str, &str)> {
    let cell = row.cells.last().unwrap();
    let spans = cell.split('`').skip(1).step_by(2);
    spans
        .map(|span| {
            span.split_once("::")
                .unwrap_or_else(|| panic!("row {}: `{span}` is no path::name", row.number))
        })
        .collect()
}

/// Whether a file of Rust or of `terraform test` has a test of this name.
fn defines(text: &str, path: &str, name: &str) -> bool {
    if path.ends_with(".tftest.hcl") {
        return text.lines().any(|line| line == format!("run \"{name}\" {{"));
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines
        .windows(2)
        .any(|pair| pair[0] == "#[test]" && pair[1].starts_with(&format!("fn {name}()")))
}

#[test]
fn every_mistake_has_its_row() {
    let rows = rows();
    let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=MISTAKES).collect::<Vec<_>>());
    for row in &rows {
        assert_eq!(row.cells.len(), 4, "row {}", row.number);
        assert!(row.cells.iter().all(|cell| !cell.is_empty()), "row {}", row.number);
    }
}

#[test]
fn every_row_names_tests_that_exist() {
    for row in rows() {
        let tests = tests(&row);
        assert!(!tests.is_empty(), "row {} names no test", row.number);
        for (path, name) in tests {
            let text = fs::read_to_string(root().join(path))
                .unwrap_or_else(|error| panic!("row {}: {path}: {error}", row.number));
            assert!(
                defines(&text, path, name),
                "row {}: {path} has no test {name}",
                row.number
            );
        }
    }
}

#[test]
fn every_test_beside_this_one_stands_in_a_row() {
    let rows = rows();
    let named: BTreeSet<(&str, &str)> = rows.iter().flat_map(tests).collect();
    for file in ["claims", "models", "policies", "terraform"] {
        let path = format!("tests/mistakes/{file}.rs");
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for after in text.split("#[test]\nfn ").skip(1) {
            let name = after.split('(').next().unwrap();
            assert!(named.contains(&(path.as_str(), name)), "no row names {path}::{name}");
        }
    }
}
