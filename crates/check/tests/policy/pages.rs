//! Pages of rules: their examples are tests. A line of carets marks the line above it, under the place of the finding.

use std::collections::BTreeSet;

use check::policy::{PolicyFinding, RULES};
use findings::Rule;

use crate::support::{errors, found, shown};

const HEADINGS: [&str; 6] = [
    "What it finds",
    "Why it matters",
    "Bad",
    "Good",
    "How to fix it",
    "Source",
];

struct Example {
    kind: String,
    text: String,
    /// Bytes of the text that are underlined.
    marks: Vec<std::ops::Range<usize>>,
}

fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let start = page
        .find(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("no heading {heading}"));
    let rest = &page[start + heading.len() + 4..];
    rest.split("\n## ").next().unwrap()
}

fn examples(section: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```json ") else {
            continue;
        };
        let mut example = Example {
            kind: kind.to_owned(),
            text: String::new(),
            marks: Vec::new(),
        };
        let mut start = 0;
        for line in lines.by_ref().take_while(|line| *line != "```") {
            let carets = line.trim();
            if !carets.is_empty() && carets.chars().all(|c| c == '^') {
                let column = line.len() - carets.len();
                example.marks.push(start + column..start + column + carets.len());
                continue;
            }
            start = example.text.len();
            example.text.push_str(line);
            example.text.push('\n');
        }
        examples.push(example);
    }
    examples
}

fn of_rule(rule: &Rule, example: &Example) -> Vec<PolicyFinding> {
    found(&example.kind, &example.text)
        .into_iter()
        .filter(|finding| finding.rule == rule)
        .collect()
}

#[test]
fn ids_are_unique() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    assert!(ids.iter().all(|id| id.starts_with("policy-")));
}

#[test]
fn pages_have_their_headings_in_order() {
    for rule in RULES {
        let headings: Vec<&str> = rule.page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        assert!(section(rule.page, "Source").contains("https://"), "{}", rule.id);
        assert!(rule.summary.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn bad_examples_fire_where_they_are_marked() {
    let mut wrong = Vec::new();
    for rule in RULES {
        let bad = examples(section(rule.page, "Bad"));
        assert!(!bad.is_empty(), "{}", rule.id);
        for example in bad {
            let found = of_rule(rule, &example);
            let spans: Vec<_> = found.iter().map(|finding| finding.span.clone()).collect();
            if spans != example.marks {
                wrong.push(format!(
                    "{}: {spans:?}, marked {:?}\n{}",
                    rule.id,
                    example.marks,
                    shown(&found)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn good_examples_are_silent_and_correct() {
    for rule in RULES {
        let good = examples(section(rule.page, "Good"));
        assert!(!good.is_empty(), "{}", rule.id);
        for example in good {
            assert!(example.marks.is_empty());
            let found = of_rule(rule, &example);
            assert!(found.is_empty(), "{}\n{}", rule.id, shown(&found));
            let errors = errors(crate::support::found(&example.kind, &example.text));
            assert!(errors.is_empty(), "{}\n{}", rule.id, shown(&errors));
        }
    }
}
