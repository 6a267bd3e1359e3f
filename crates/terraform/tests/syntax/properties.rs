//! What holds for every text.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use terraform::format;
use terraform::syntax::{comments, decode, parse_file, parse_json, parse_json_variables};

use crate::spans;

/// Valid files from which others are made.
const FILES: [&str; 3] = [
    include_str!("../../../../terraform/modules/budgets/main.tf"),
    "variable \"x\" {\n  type    = map(object({ a = optional(string, \"b\") }))\n  default = {}\n}\n\nlocals {\n  \
     y = [for k, v in var.x : \"${k}-${v.a}\" if k != \"\" && !(length(v) > 3)]\n  z = <<-EOT\n    a ${local.y[0]}\n      \
     %{ for e in local.y ~}\n    - ${e}\n    %{ endfor ~}\n  EOT\n}\n",
    "{\"resource\": {\"aws_x\": {\"a\": {\"b\": \"x ${var.c == \\\"d\\\" ? 1 : 2}\", \"lifecycle\": {\"ignore_changes\": \
     [\"b\"]}}}}, \"variable\": {\"c\": {\"type\": \"list(string)\", \"default\": null}}}",
];

const FRAGMENTS: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "${",
    "%{",
    "~}",
    "$${",
    "=",
    "=>",
    ",",
    ":",
    "?",
    ".",
    "*",
    "[*]",
    "...",
    "\n",
    "\r\n",
    "\\",
    "\\u12",
    "<<-E\n",
    "E\n",
    "# c",
    "/*",
    "for x in ",
    "é",
    "\u{feff}",
    "a = 1\n",
];

/// A file with pieces taken out and put in.
fn damaged() -> impl Strategy<Value = String> {
    let edit = (
        any::<prop::sample::Index>(),
        0..12usize,
        prop::sample::select(FRAGMENTS.to_vec()),
    );
    let edits = prop::collection::vec(edit, 1..6);
    (prop::sample::select(FILES.to_vec()), edits).prop_map(|(file, edits)| {
        let mut chars: Vec<char> = file.chars().collect();
        for (index, length, fragment) in edits {
            let start = index.index(chars.len().max(1));
            let end = (start + length).min(chars.len());
            chars.splice(start.min(end)..end, fragment.chars());
        }
        chars.into_iter().collect()
    })
}

fn any_text() -> impl Strategy<Value = String> {
    let fragments = prop::collection::vec(prop::sample::select(FRAGMENTS.to_vec()), 0..20);
    prop_oneof![damaged(), fragments.prop_map(|parts| parts.concat()), any::<String>()]
}

/// Everything that is demanded of a text.
fn check(source: &str) {
    let (body, errors) = parse_file(source);
    spans::check(source, &body);
    assert!(errors.is_sorted_by_key(|error| error.span.start), "{errors:?}");
    assert!(errors.iter().all(|error| source.get(error.span.clone()).is_some()));
    assert!(
        comments(source)
            .into_iter()
            .all(|comment| source.get(comment.span).is_some())
    );
    // The formatter and the tree are of one mind.
    match format(source) {
        Ok(text) => assert!(errors.is_empty() && format(&text).is_ok(), "{source}"),
        Err(error) => assert_eq!(errors.first(), Some(&error), "{source}"),
    }
    for (body, errors) in [parse_json(source), parse_json_variables(source)] {
        spans::check(source, &body);
        assert!(errors.iter().all(|error| source.get(error.span.clone()).is_some()));
    }
}

/// What fuzzing found worth keeping: see `fuzz/`.
#[test]
fn the_corpus_of_the_fuzzer_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/syntax");
    let mut count = 0;
    for entry in fs::read_dir(corpus).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        if let Ok(source) = decode(&bytes) {
            check(source);
            count += 1;
        }
    }
    assert!(count > 100, "{count} files");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_text_is_read(source in any_text()) {
        check(&source);
    }

    #[test]
    fn bytes_are_text_or_have_a_place(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        match decode(&bytes) {
            Ok(text) => prop_assert_eq!(text.as_bytes(), bytes.as_slice()),
            Err(error) => prop_assert!(bytes.get(error.span.clone()).is_some_and(|wrong| !wrong.is_empty())),
        }
    }
}
