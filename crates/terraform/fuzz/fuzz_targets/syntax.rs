//! No text makes the parsers or the formatter panic, and what they say is consistent.

#![no_main]

#[path = "../../tests/syntax/spans.rs"]
mod spans;

use libfuzzer_sys::fuzz_target;
use terraform::syntax::{comments, decode, parse_file, parse_json, parse_json_variables};

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = decode(bytes) else { return };
    let (body, errors) = parse_file(source);
    spans::check(source, &body);
    let is_too_deep = errors.iter().any(|error| error.message.contains("levels"));
    match terraform::format(source) {
        Ok(text) => {
            assert!(errors.is_empty() || is_too_deep, "{errors:?}");
            assert!(terraform::format(&text).is_ok(), "{text}");
        }
        Err(error) => assert_eq!(errors.first(), Some(&error)),
    }
    for comment in comments(source) {
        assert!(source.get(comment.span).is_some());
    }
    for (body, _) in [parse_json(source), parse_json_variables(source)] {
        spans::check(source, &body);
    }
});
