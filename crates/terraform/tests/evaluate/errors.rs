//! Errors with their kind, their place and their words.

use crate::error;

#[test]
fn errors_say_what_where_and_why() {
    for (source, kind, place, message) in [
        (
            "uper(\"a\")",
            "unknown-function",
            "uper",
            "there is no function \"uper\"; did you mean \"upper\"?",
        ),
        (
            "map(\"a\", 1)",
            "unknown-function",
            "map",
            "the function \"map\" is gone since Terraform 0.12; write tomap({…})",
        ),
        (
            "cidrhost(\"10.0.0.0/8\")",
            "argument-count",
            "cidrhost(\"10.0.0.0/8\")",
            "cidrhost takes 2 arguments, not 1: \"hostnum\" is missing",
        ),
        (
            "upper(\"a\", \"b\")",
            "argument-count",
            "upper",
            "upper takes 1 argument, not 2",
        ),
        (
            "join(\",\", \"a\")",
            "argument-type",
            "\"a\"",
            "join: the argument \"lists\" does not fit: list of string is required, not string",
        ),
        (
            "sort([\"a\", [1]])",
            "argument-type",
            "[\"a\", [1]]",
            "sort: the argument \"list\" does not fit: element 1: string is required, not tuple",
        ),
        (
            "upper(null)",
            "argument-type",
            "null",
            "upper: the argument \"str\" is refused: it must not be null",
        ),
        (
            "cidrhost(\"10.0.0.0/24\", 256)",
            "call",
            "256",
            "cidrhost: the argument \"hostnum\" is refused: the range 10.0.0.0/24 has no host 256",
        ),
        (
            "element([], 0)",
            "call",
            "element([], 0)",
            "element: an empty list has no elements",
        ),
        (
            "max(\"a\"...)",
            "expanded-argument",
            "\"a\"",
            "`...` expands a list, set or tuple, not string",
        ),
        (
            "{ name = 1 }.nam",
            "attribute",
            "nam",
            "the object has no attribute \"nam\"; did you mean \"name\"?",
        ),
        (
            "var.list.first",
            "attribute",
            "first",
            "a list has no attribute \"first\"; write [0] for one of its elements or [*] for all",
        ),
        (
            "var.unknown_object.prot",
            "attribute",
            "prot",
            "the object has no attribute \"prot\"; did you mean \"port\"?",
        ),
        ("var.list[2]", "index", "2", "there is no element 2: the last of 2 is 1"),
        (
            "tomap({ first = 1 })[\"b\"]",
            "index",
            "\"b\"",
            "the map has no key \"b\"",
        ),
        (
            "toset([\"a\"])[0]",
            "index",
            "0",
            "the elements of a set have no index; convert it with tolist, or walk over it",
        ),
        (
            "var.nothing.x",
            "null-value",
            "x",
            "the value is null and has no attribute \"x\"",
        ),
        (
            "1 + [2]",
            "operand",
            "[2]",
            "the operand does not fit: number is required, not tuple",
        ),
        ("0 / 0", "operation", "0 / 0", "zero divided by zero is no number"),
        (
            "1 ? 2 : 3",
            "condition",
            "1",
            "the condition must be true or false: bool is required, not number",
        ),
        (
            "true ? { a = 1 } : { a = [1] }",
            "branches",
            "{ a = 1 } : { a = [1] }",
            "the two results must be of one type: attribute \"a\": the first is number, the second tuple",
        ),
        (
            "\"a${[1]}\"",
            "template",
            "[1]",
            "the value cannot be put into a text: string is required, not tuple",
        ),
        (
            "[for x in 1 : x]",
            "iteration",
            "1",
            "a number has no elements to walk over; a list, set, map, tuple or object is needed",
        ),
        ("{ (null) = 1 }", "object-key", "(null)", "a key must not be null"),
        (
            "{ var.text = 1 }",
            "ambiguous-key",
            "var.text",
            "this key may be a reference or a name with dots: put a reference into parentheses, a name into quotes",
        ),
        (
            "{ for x in [1, 1] : x => x }",
            "duplicate-key",
            "x",
            "two elements have the key \"1\"; write `...` after the value to group them",
        ),
        (
            "tolist(null)[*]",
            "splat",
            "tolist(null)",
            "a list that is null cannot be spread",
        ),
    ] {
        assert_eq!(error(source), (kind, place.to_owned(), message.to_owned()), "{source}");
    }
}
