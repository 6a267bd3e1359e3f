//! Files with errors: where they are, and what is still read.

use terraform::syntax::parse_file;

use crate::{show, spans};

/// Line and column of each error, and the tree.
fn read(source: &str) -> (Vec<(usize, usize)>, String) {
    let (body, errors) = parse_file(source);
    spans::check(source, &body);
    (
        errors.iter().map(|error| (error.line, error.column)).collect(),
        show::body(&body),
    )
}

fn places(source: &str) -> Vec<(usize, usize)> {
    read(source).0
}

#[test]
fn each_broken_line_is_one_error() {
    let source = "a = 1 +\nb = [1 2]\nc = f(\"x\nd = 'x'\ne = 2\n1 = 3\nf g = 4\nh = 5\n";
    let (places, tree) = read(source);
    assert_eq!(places, [(1, 8), (2, 8), (3, 9), (4, 5), (6, 1), (7, 5)]);
    assert_eq!(tree, "a = INVALID; b = [1]; c = INVALID; d = INVALID; e = 2; h = 5");
}

#[test]
fn what_is_around_an_error_in_brackets_is_kept() {
    let source = "a = {\n  b = 1\n  c = 2 3\n  d =\n  e = [1, 2 3, 4]\n  f\n}\ng = f(1, *, x)\n";
    let (places, tree) = read(source);
    assert_eq!(places, [(3, 9), (4, 6), (5, 13), (6, 4), (8, 10)]);
    assert_eq!(tree, "a = {b: 1, c: 2, d: INVALID, e: [1, 2, 4]}; g = f(1, INVALID, x)");
}

#[test]
fn an_unclosed_bracket_ends_at_the_next_argument() {
    let source = "r \"a\" \"b\" {\n  x = [1, 2\n  y = f(z\n  s = {\n    t = 1\n  u {\n    v = (\n  }\n}\nw = 1\n";
    let (places, tree) = read(source);
    assert_eq!(places, [(3, 3), (4, 3), (6, 5), (8, 3)]);
    assert_eq!(
        tree,
        "r \"a\" \"b\" { x = INVALID; y = INVALID; s = INVALID; u { v = INVALID } }; w = 1"
    );
}

#[test]
fn text_that_is_not_indented_has_no_such_mark() {
    let source = "a = {\nb = 1\nc = [1 2]\nd = {\ne = 3 4\nf = 5\n}\n}\ng = 6\n";
    let (places, tree) = read(source);
    assert_eq!(places, [(3, 8), (5, 7)]);
    assert_eq!(tree, "a = {b: 1, c: [1], d: {e: 3, f: 5}}; g = 6");
}

#[test]
fn a_broken_header_keeps_the_inside() {
    let source =
        "r \"a\" b.c {\n  x = 1\n}\nr \"${y}\" {\n  x = 2 3\n}\nr \"z {\n  x = 4\n}\n\"q\" {\n  x = 5\n}\ny = 6\n";
    let (places, tree) = read(source);
    assert_eq!(places, [(1, 8), (4, 4), (5, 9), (7, 7), (10, 1)]);
    assert_eq!(tree, "r \"a\" \"b\" { x = 1 }; r { x = 2 }; r { x = 4 }; y = 6");
}

#[test]
fn blocks_on_one_line_hold_one_argument() {
    assert_eq!(places("a { b = 1, c = 2 }\nd = 1\n"), [(1, 10)]);
    assert_eq!(places("a { b = 1\n  c = 2\n}\nd = 1\n"), [(1, 10)]);
    assert_eq!(places("a { b {} }\nd = 1 2\n"), [(1, 7), (2, 7)]);
    assert_eq!(places("a { b {\n  c = 1\n}\n}\nd = 1 2\n"), [(1, 7), (5, 7)]);
    assert_eq!(places("a {} b {}\nc = 1 2\n"), [(1, 6), (2, 7)]);
    assert_eq!(places("a {\n  b = 1 }\nc = 1 2\n"), [(2, 9), (3, 7)]);
}

#[test]
fn templates_go_on_after_an_error() {
    let (places, tree) = read("a = \"x ${y z} ${1 +} %{ if } %{ foo } w\"\nb = 1\n");
    assert_eq!(places, [(1, 12), (1, 33)]);
    assert_eq!(
        tree,
        "a = \"x ${INVALID} ${INVALID} %if(INVALID ?  ${INVALID} w : )\"; b = 1"
    );
    let source = "a = <<EOT\n%{ if x y }\n%{ else z }\n%{ endif }%{ for x }\n%{ endfor }\nEOT\n";
    assert_eq!(self::places(source), [(2, 9), (3, 9), (4, 20)]);
    let (places, tree) = read("a = <<EOT\nx ${y z\n${1 2} w\n%{ endif }\nEOT\nb = 1\n");
    assert_eq!(places, [(2, 7), (3, 5), (4, 1)]);
    assert_eq!(tree, r#"a = "x ${INVALID}${INVALID} w\n\n"; b = 1"#);
    let (places, _) = read("a = \"%{ if x }%{ for y in z }\"\nb = \"%{ else }%{ endfor }\"\n");
    assert_eq!(places, [(1, 6), (1, 15), (2, 6), (2, 15)]);
    assert_eq!(
        self::places("a = \"\\q\\u12 \\ud800\"\nb = \"\\n\"\n"),
        [(1, 6), (1, 8), (1, 13)]
    );
}

#[test]
fn an_unclosed_string_ends_with_its_line() {
    let (places, tree) = read("a = {\n  b = \"x\n  c = \"${y\"\n  d = \"${f(\"z)}\"\n  e = 1\n}\nf = 2\n");
    assert_eq!(places, [(2, 9), (3, 11), (4, 17)]);
    assert_eq!(tree, "a = {b: INVALID, c: INVALID, d: INVALID, e: 1}; f = 2");
}

#[test]
fn a_file_that_ends_too_early_is_one_error() {
    assert_eq!(places("a {\n  b {\n    c = 1\n"), [(4, 1)]);
    assert_eq!(places("a = [\n  1,\n"), [(3, 1)]);
    assert_eq!(places("a {\n  b = f(\n"), [(3, 1)]);
    assert_eq!(places("a {\n  b = <<EOT\n  x\n}\n"), [(2, 7)]);
    assert_eq!(places("a {\n  /* b = 1\n}\n"), [(2, 3)]);
    assert_eq!(places("a {\n  b = \"${x\n"), [(2, 11), (3, 1)]);
    assert_eq!(places("a {"), [(1, 4)]);
}

#[test]
fn a_missing_brace_is_reported_where_it_is_missing() {
    let source = "a \"x\" {\n  b = 1\n\nc \"y\" {\n  d = 2\n}\n\ne \"z\" {\n}\n";
    let (_, errors) = parse_file(source);
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors, ["1:1: the block that starts here has no `}`"]);
    assert_eq!(places("a {\n}\n}\nb = 1 2\n"), [(3, 1), (4, 7)]);
}

#[test]
fn an_argument_is_set_once() {
    let (places, tree) = read("a = 1\na = 2\nb {\n  a = 3\n  a = 4\n}\nb { a = 5 }\n");
    assert_eq!(places, [(2, 1), (5, 3)]);
    assert_eq!(tree, "a = 1; b { a = 3 }; b { a = 5 }");
}

#[test]
fn numbers_and_legacy_indices_are_checked() {
    let (places, tree) = read("a = [1.2.3, 1e99999999999, x.0.1]\n");
    assert_eq!(places, [(1, 6), (1, 13), (1, 30)]);
    assert_eq!(tree, "a = [INVALID, INVALID, x.0.1]");
}
