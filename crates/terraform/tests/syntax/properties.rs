//! What holds for every text.

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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_place_is_one_of_the_source(source in any_text()) {
        let (body, errors) = parse_file(&source);
        spans::check(&source, &body);
        let mut last = 0;
        for error in &errors {
            prop_assert!(source.get(error.span.clone()).is_some(), "{error}");
            prop_assert!(error.span.start >= last, "{errors:?}");
            last = error.span.start;
        }
        for comment in comments(&source) {
            prop_assert!(source.get(comment.span).is_some());
        }
        for (body, errors) in [parse_json(&source), parse_json_variables(&source)] {
            spans::check(&source, &body);
            for error in errors {
                prop_assert!(source.get(error.span.clone()).is_some(), "{error}");
            }
        }
    }

    /// The formatter and the tree are of one mind.
    #[test]
    fn a_file_is_formatted_if_it_has_no_errors(source in any_text()) {
        let (_, errors) = parse_file(&source);
        prop_assert_eq!(format(&source).err(), errors.into_iter().next());
    }

    #[test]
    fn bytes_are_text_or_have_a_place(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        match decode(&bytes) {
            Ok(text) => prop_assert_eq!(text.as_bytes(), bytes.as_slice()),
            Err(error) => prop_assert!(bytes.get(error.span.clone()).is_some_and(|wrong| !wrong.is_empty())),
        }
    }
}
