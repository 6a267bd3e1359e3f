//! Type constraints, and values converted to them.

use terraform::evaluate::type_constraint;

use crate::{expression, value};

fn constraint_error(source: &str) -> (String, String) {
    let (text, expression) = expression(source);
    let errors = type_constraint(&expression).expect_err("no type");
    let [error] = errors.as_slice() else {
        panic!("{source}: {errors:?}");
    };
    assert_eq!(error.kind.name(), "type-constraint");
    (text[error.span.clone()].to_owned(), error.message.clone())
}

#[test]
fn type_constraints_that_are_none() {
    for (source, place, message) in [
        ("\"string\"", "\"string\"", "a type is written without quotes: string"),
        ("\"list\"", "\"list\"", "a type is written without quotes: list(string)"),
        ("strng", "strng", "there is no type \"strng\"; did you mean string?"),
        (
            "set",
            "set",
            "the type set takes the type of its elements, as set(string)",
        ),
        (
            "object",
            "object",
            "the type object takes its attributes, as object({ name = string })",
        ),
        (
            "list()",
            "list()",
            "the type list takes one argument: the type of its elements, as list(string)",
        ),
        ("string(1)", "string", "the type string takes no argument"),
        ("lst(string)", "lst", "nothing builds a type under the name \"lst\""),
        (
            "object([])",
            "[]",
            "the type object takes its attributes, as object({ name = string })",
        ),
        (
            "object({ \"a\" = string })",
            "\"a\"",
            "an attribute's name is written as a word without quotes",
        ),
        (
            "object({ a = string, a = number })",
            "a",
            "there are two attributes \"a\"",
        ),
        (
            "object({ a = optional() })",
            "optional()",
            "optional takes the attribute's type and, if it has one, its default value",
        ),
        (
            "object({ a = optional(number, \"x\") })",
            "\"x\"",
            "the default value does not fit the attribute's type: a number is required, and the string is none",
        ),
        (
            "object({ a = optional(string, var.x) })",
            "var.x",
            "a default value may hold neither references nor calls of functions",
        ),
        (
            "optional(string)",
            "optional",
            "optional(…) stands only for an attribute of an object",
        ),
        (
            "1",
            "1",
            "this is no type; a type is string, number, bool, any, or built with list(…), set(…), map(…), object({…}) or tuple([…])",
        ),
    ] {
        let (found_place, found_message) = constraint_error(source);
        if source.contains("var.x") {
            assert!(place.contains(&found_place), "{source}: {found_place}");
        } else {
            assert_eq!(found_place, place, "{source}");
        }
        assert_eq!(found_message, message, "{source}");
    }
}

/// A value converted to a constraint as a module call converts it: defaults first.
fn converted(constraint: &str, source: &str) -> Result<String, String> {
    let (_, expression) = expression(constraint);
    let constraint = type_constraint(&expression).expect("a type");
    let value = constraint.defaults.apply(value(source));
    terraform::value::convert(value, &constraint.kind)
        .map(|value| value.to_json().unwrap_or_else(|| "unknown".to_owned()))
        .map_err(|error| error.to_string())
}

#[test]
fn values_are_converted_to_constraints() {
    for (constraint, source, expected) in [
        ("string", "1.50", "\"1.5\""),
        ("number", "\"12\"", "12"),
        ("bool", "\"true\"", "true"),
        ("list", "[1, \"a\"]", "[\"1\",\"a\"]"),
        ("set(string)", "[\"b\", \"a\", \"b\"]", "[\"a\",\"b\"]"),
        ("map(string)", "{ a = 1, b = true }", "{\"a\":\"1\",\"b\":\"true\"}"),
        ("tuple([string, number])", "[1, \"2\"]", "[\"1\",2]"),
        ("object({ a = string })", "{ a = 1, b = 2 }", "{\"a\":\"1\"}"),
        ("object({ a = optional(string) })", "{}", "{\"a\":null}"),
        ("object({ a = optional(string, \"x\") })", "{}", "{\"a\":\"x\"}"),
        (
            "object({ a = optional(string, \"x\") })",
            "{ a = null }",
            "{\"a\":\"x\"}",
        ),
        (
            "list(object({ a = optional(number, 1), b = string }))",
            "[{ b = \"x\" }, { a = 2, b = \"y\" }]",
            "[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]",
        ),
        (
            "map(object({ a = optional(object({ b = optional(string, \"deep\") }), {}) }))",
            "{ k = {} }",
            "{\"k\":{\"a\":{\"b\":\"deep\"}}}",
        ),
        (
            "tuple([object({ a = optional(bool, true) })])",
            "[{}]",
            "[{\"a\":true}]",
        ),
        (
            "object({ a = string })",
            "tomap({ a = \"x\", b = \"y\" })",
            "{\"a\":\"x\"}",
        ),
        ("any", "[1, \"a\"]", "[1,\"a\"]"),
        ("list(any)", "[]", "[]"),
        ("list(string)", "null", "null"),
        ("list(string)", "var.anything", "unknown"),
        ("list(object({ a = string }))", "var.anything", "unknown"),
    ] {
        assert_eq!(
            converted(constraint, source).as_deref(),
            Ok(expected),
            "{source} as {constraint}"
        );
    }
}

#[test]
fn conversions_that_fail_name_the_place_in_the_value() {
    for (constraint, source, expected) in [
        ("number", "\"a\"", "a number is required, and the string is none"),
        (
            "bool",
            "\"yes\"",
            "a bool is required, and the string is neither \"true\" nor \"false\"",
        ),
        (
            "list(number)",
            "[1, 2, \"x\"]",
            "element 2: a number is required, and the string is none",
        ),
        (
            "map(number)",
            "{ a = \"x\" }",
            "key \"a\": a number is required, and the string is none",
        ),
        (
            "object({ a = object({ b = list(number) }) })",
            "{ a = { b = [\"x\"] } }",
            "attribute \"a\": attribute \"b\": element 0: a number is required, and the string is none",
        ),
        (
            "object({ a = string, b = string })",
            "{}",
            "attributes \"a\" and \"b\" are required",
        ),
        ("object({ a = string })", "{ b = 1 }", "attribute \"a\" is required"),
        (
            "list(object({ a = string }))",
            "[{ a = 1 }, {}]",
            "element 1: attribute \"a\" is required",
        ),
        (
            "tuple([string])",
            "[]",
            "a tuple of 1 elements is required, not one of 0",
        ),
        ("list(any)", "[1, [2]]", "all elements of a list must be of one type"),
        ("list(string)", "\"a\"", "list of string is required, not string"),
        ("map(string)", "[\"a\"]", "map of string is required, not tuple"),
        (
            "object({ a = string })",
            "tomap({ b = \"x\" })",
            "attribute \"a\" is required",
        ),
        // Known by the types alone.
        ("number", "var.unknown_list", "number is required, not list of string"),
        (
            "list(list(string))",
            "var.unknown_list",
            "list of list of string is required, not list of string",
        ),
    ] {
        assert_eq!(
            converted(constraint, source).expect_err("a failure"),
            expected,
            "{source} as {constraint}"
        );
    }
}
