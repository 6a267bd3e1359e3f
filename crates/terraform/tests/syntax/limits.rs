//! Files that are too deep or too long.

use terraform::syntax::{MAX_DEPTH, MAX_SIZE, lex, parse_file, parse_json};

const BRACKETS: [(&str, &str); 13] = [
    ("[", "]"),
    ("(", ")"),
    ("{a=", "}"),
    ("\"${", "}\""),
    ("<<E\n${", "}\nE\n"),
    ("f(", ")"),
    ("x[", "]"),
    ("x ? ", " : y"),
    ("[for x in ", " : x]"),
    ("{for x in y : x => ", "}"),
    ("\"%{ if ", " }%{ endif }\""),
    ("-(", ")"),
    ("1 + [", "]"),
];

fn nested(open: &str, close: &str, depth: usize) -> String {
    format!("a = {}x{}\n", open.repeat(depth), close.repeat(depth))
}

#[test]
fn a_hundred_thousand_brackets_are_one_error() {
    for (open, close) in BRACKETS.into_iter().take(3) {
        let (_, errors) = parse_file(&nested(open, close, 100_000));
        assert_eq!(errors.len(), 1, "{open}: {:?}", errors.get(..5));
    }
}

#[test]
fn every_kind_of_nesting_has_a_limit() {
    for (open, close) in BRACKETS {
        let (_, errors) = parse_file(&nested(open, close, 10_000));
        assert_eq!(errors.len(), 1, "{open}: {:?}", errors.get(..5));
        assert!(errors[0].message.contains("levels"), "{open}: {}", errors[0]);
        let (_, errors) = parse_file(&format!("b = 1\na = {}\n", open.repeat(10_000)));
        assert!(!errors.is_empty() && errors.len() <= 2, "{open}: {errors:?}");
        let (_, errors) = parse_file(&format!("a = 1 {}\n", close.repeat(10_000)));
        // Line by line, they are errors of their own.
        let most = if close.contains('\n') { 100 } else { 2 };
        assert!(!errors.is_empty() && errors.len() <= most, "{close}: {errors:?}");
    }
    for blocks in [
        "a {\n".repeat(10_000),
        format!("{}{}", "a {\n".repeat(10_000), "}\n".repeat(10_000)),
    ] {
        let (_, errors) = parse_file(&blocks);
        assert_eq!(errors.len(), 1, "{errors:?}");
    }
}

/// The limit is reached within the stack of a test's thread, 2 MiB, without optimisation.
#[test]
fn what_is_nested_up_to_the_limit_is_read() {
    for (open, close) in BRACKETS {
        let depth = MAX_DEPTH / 2 - 2;
        let (_, errors) = parse_file(&nested(open, close, depth));
        assert_eq!(errors, [], "{open}");
    }
    let blocks = format!("{}{}", "a {\n".repeat(MAX_DEPTH), "}\n".repeat(MAX_DEPTH));
    assert_eq!(parse_file(&blocks).1, []);
}

/// Operators in a row nest in the tree though not in the source.
#[test]
fn long_rows_of_operators_are_one_error() {
    for row in [
        "-".repeat(20_000) + "1",
        "x ? y : ".repeat(20_000) + "z",
        "x".to_owned() + &".y[0]".repeat(20_000),
        "1".to_owned() + &" + 1".repeat(20_000),
        "x".to_owned() + &"[*]".repeat(20_000),
        format!("\"{}{}\"", "%{if x}".repeat(20_000), "%{endif}".repeat(20_000)),
    ] {
        let (_, errors) = parse_file(&format!("a = {row}\nb = 1\n"));
        assert_eq!(errors.len(), 1, "{}: {errors:?}", &row[..10]);
    }
    let (_, errors) = parse_file(&format!("a = 1{}\n", " + 1".repeat(200)));
    assert_eq!(errors, []);
}

#[test]
fn deep_json_is_one_error() {
    for open in ["[", "{\"a\":"] {
        let (_, errors) = parse_json(&open.repeat(100_000));
        assert_eq!(errors.len(), 1);
        assert!(errors[0].message.contains("levels deep"), "{}", errors[0]);
    }
    let source = format!("{{\"a\": {}{}}}", "[".repeat(MAX_DEPTH - 1), "]".repeat(MAX_DEPTH - 1));
    assert_eq!(parse_json(&source).1, []);
    let source = format!("{{\"a\": \"{}x{}\"}}", "${[".repeat(100_000), "]}".repeat(100_000));
    assert_eq!(parse_json(&source).1.len(), 1);
}

#[test]
fn a_long_file_is_refused_unread() {
    let source = "#".repeat(MAX_SIZE + 1);
    let (body, errors) = parse_file(&source);
    assert!(body.items.is_empty());
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].to_string(),
        "1:1: the file is longer than 16 MiB and was not read; split it"
    );
    assert_eq!(parse_json(&source).1, errors);
    assert_eq!(parse_file(&source[1..]).1, []);
}

/// Many errors in a file take no more than linear time, and not all are kept.
#[test]
fn a_file_of_errors_is_read_to_its_end() {
    let source = "a = [1 2 {\n".repeat(20_000) + "b = 1\n";
    let (_, errors) = parse_file(&source);
    assert_eq!(errors.len(), 100);
    let (_, errors) = parse_file(&"\"${".repeat(50_000));
    assert!(!errors.is_empty() && errors.len() <= 100);
    assert!(lex(&source).len() > 20_000);
}
