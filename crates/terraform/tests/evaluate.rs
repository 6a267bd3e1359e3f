//! Evaluation of expressions: values, what stays unknown, and errors with their kind, their place and their words.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use terraform::ast::{Expression, Step, Traversal};
use terraform::evaluate::{EvaluationError, File, Resolved, Scope, evaluate, type_constraint};
use terraform::syntax::parse_file;
use terraform::value::{Number, ObjectType, Type, Value};

/// Variables by name, of which the scope knows the first step, and one file.
#[derive(Default)]
struct Variables {
    values: BTreeMap<String, Value>,
    providers: BTreeMap<String, String>,
}

impl Scope for Variables {
    fn reference(&self, traversal: &Traversal<'_>) -> Resolved<'_> {
        let (root, first) = (traversal.root, traversal.steps.first());
        match first {
            Some(Step::Name(name)) if root == "var" => match self.values.get(&name.text) {
                Some(value) => Resolved::Value {
                    value: Cow::Borrowed(value),
                    steps: 1,
                },
                None => Resolved::Unknown,
            },
            _ => Resolved::Unknown,
        }
    }

    fn file(&self, path: &str) -> File {
        match path {
            "greeting.txt" => File::Contents(b"hello".to_vec()),
            "picture.png" => File::Contents(vec![0xff, 0xfe]),
            "elsewhere" => File::Unknown,
            _ => File::Missing,
        }
    }

    fn files(&self, folder: &str, pattern: &str) -> Option<Vec<String>> {
        (folder == "." && pattern == "*").then(|| vec!["b".to_owned(), "a".to_owned()])
    }

    fn provider(&self, local_name: &str) -> Option<String> {
        self.providers.get(local_name).cloned()
    }
}

fn scope() -> Variables {
    let text = |text: &str| Value::String(text.to_owned());
    let object = ObjectType::required([("name".to_owned(), Type::String), ("port".to_owned(), Type::Number)]);
    Variables {
        values: BTreeMap::from([
            ("text".to_owned(), text("hello")),
            ("list".to_owned(), Value::Tuple(vec![text("a"), text("b")])),
            (
                "unknown_list".to_owned(),
                Value::Unknown(Type::List(Box::new(Type::String))),
            ),
            ("unknown_object".to_owned(), Value::Unknown(Type::Object(object))),
            ("anything".to_owned(), Value::unknown()),
            ("nothing".to_owned(), Value::Null(Type::Any)),
        ]),
        providers: BTreeMap::from([
            ("aws".to_owned(), "hashicorp/aws".to_owned()),
            ("other".to_owned(), "example/other".to_owned()),
        ]),
    }
}

fn expression(source: &str) -> (String, Expression) {
    let source = format!("x = {source}\n");
    let (body, errors) = parse_file(&source);
    assert!(errors.is_empty(), "{source}: {errors:?}");
    let value = body.attribute("x").expect("one argument").value.clone();
    (source, value)
}

fn evaluated(source: &str) -> (String, Value, Vec<EvaluationError>) {
    let (source, expression) = expression(source);
    let mut errors = Vec::new();
    let value = evaluate(&expression, &scope(), &mut errors);
    (source, value, errors)
}

/// The value of a sound expression.
fn value(source: &str) -> Value {
    let (_, value, errors) = evaluated(source);
    assert!(errors.is_empty(), "{source}: {errors:?}");
    value
}

fn json(source: &str) -> String {
    value(source)
        .to_json()
        .unwrap_or_else(|| panic!("{source} is not known"))
}

/// The kind, the underlined text and the message of the only error.
fn error(source: &str) -> (&'static str, String, String) {
    let (text, _, errors) = evaluated(source);
    let [error] = errors.as_slice() else {
        panic!("{source}: {errors:?}");
    };
    (
        error.kind.name(),
        text[error.span.clone()].to_owned(),
        error.message.clone(),
    )
}

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

#[test]
fn what_is_not_known_stays_unknown_with_its_type() {
    let string = || Type::String;
    let list = |element| Type::List(Box::new(element));
    for (source, kind) in [
        ("var.anything.x[0]", Type::Any),
        ("var.undeclared", Type::Any),
        ("aws_s3_bucket.logs[0].arn", Type::Any),
        ("var.unknown_list[7]", string()),
        ("var.unknown_object.port + 1", Type::Number),
        ("\"a${var.anything}\"", string()),
        ("[for x in var.unknown_list : x]", Type::Any),
        ("var.unknown_list[*]", list(string())),
        ("var.unknown_list == tolist([\"a\"])", Type::Bool),
        ("concat(var.unknown_list, [])", Type::Any),
        ("concat(tolist([\"a\"]), var.unknown_list)", list(string())),
        ("keys(tomap({ a = var.anything }))", list(string())),
        ("sort(var.unknown_list)", list(string())),
        ("merge({ a = 1 }, var.anything)", Type::Any),
        ("length(var.unknown_list)", Type::Number),
        ("uuid()", string()),
        ("timeadd(\"2024-01-01T00:00:00Z\", \"1h\")", Type::Any),
        ("1 / 0", Type::Number),
        ("true ? var.anything : 1", Type::Any),
    ] {
        let value = value(source);
        assert_eq!(value.kind(), kind, "{source}");
        assert!(!value.is_wholly_known() || source.starts_with("keys"), "{source}");
    }
}

#[test]
fn errors_of_the_branch_not_taken_do_not_count() {
    assert_eq!(json("true ? 1 : var.nothing.x"), "1");
    assert_eq!(json("try(var.nothing.x, \"else\")"), "\"else\"");
    assert_eq!(json("can(var.nothing.x)"), "false");
    // Both operands count, as in Terraform 1.11.
    assert_eq!(error("false && var.nothing.x == 1").0, "null-value");
}

#[test]
fn variables_of_a_for_hide_what_is_outside() {
    assert_eq!(json("[for var in [{ text = 1 }] : var.text]"), "[1]");
    assert_eq!(json("[for x in [1, 2] : [for x in [3] : x]]"), "[[3],[3]]");
    assert_eq!(json("[for x in [\"b\"] : \"${x}${var.text}\"]"), "[\"bhello\"]");
}

#[test]
fn splats_after_a_splat_belong_to_each_element() {
    let nested = "[{ a = [{ b = 1 }, { b = 2 }] }, { a = [{ b = 3 }] }]";
    assert_eq!(json(&format!("{nested}[*].a[*].b")), "[[1,2],[3]]");
    assert_eq!(json(&format!("({nested}[*].a)[*][0].b")), "[1,3]");
}

#[test]
fn files_are_read_through_the_scope() {
    assert_eq!(json("file(\"greeting.txt\")"), "\"hello\"");
    assert_eq!(json("filebase64(\"picture.png\")"), "\"//4=\"");
    assert_eq!(json("fileexists(\"greeting.txt\")"), "true");
    assert_eq!(json("fileexists(\"nowhere\")"), "false");
    assert_eq!(json("fileset(\".\", \"*\")"), "[\"a\",\"b\"]");
    assert_eq!(value("file(\"elsewhere\")"), Value::unknown());
    assert_eq!(
        error("file(\"nowhere\")").2,
        "file: the argument \"path\" is refused: there is no file \"nowhere\""
    );
    assert_eq!(
        error("file(\"picture.png\")").2,
        "file: the file is not UTF-8; filebase64 reads files of any kind"
    );
}

#[test]
fn functions_of_providers() {
    assert_eq!(
        json("provider::aws::arn_parse(\"arn:aws:iam::123456789012:role/a/b\").resource"),
        "\"role/a/b\""
    );
    assert_eq!(
        json("provider::aws::trim_iam_role_path(\"arn:aws:iam::123456789012:role/a/b\")"),
        "\"arn:aws:iam::123456789012:role/b\""
    );
    assert_eq!(
        json("provider::aws::arn_build(\"aws\", \"s3\", \"\", \"\", \"x\")"),
        "\"arn:aws:s3:::x\""
    );
    assert_eq!(error("provider::aws::arn_parse(\"x\")").0, "call");
    assert_eq!(
        error("provider::aws::arn_pars(\"x\")").2,
        "the provider hashicorp/aws has no function \"arn_pars\"; did you mean \"arn_parse\"?"
    );
    // Nothing is known of the functions of others, nor of providers that the module does not name.
    assert_eq!(value("provider::other::anything(1)"), Value::unknown());
    assert_eq!(value("provider::missing::anything(1)"), Value::unknown());
}

#[test]
fn nothing_is_unbounded() {
    // Each alone would take minutes or gigabytes.
    for source in [
        "[for a in range(1024) : [for b in range(1024) : [for c in range(1024) : a * b * c]]]",
        "[for a in range(1024) : [for b in range(1024) : format(\"%100000d\", b)]]",
        "format(\"%999999999d\", 1)",
        "indent(1000000000, \"a\\nb\")",
        "setproduct(range(1000), range(1000), range(1000))",
        "replace(format(\"%1000000s\", \"a\"), \" \", format(\"%1000000s\", \"b\"))",
    ] {
        let (_, value, errors) = evaluated(source);
        assert!(errors.is_empty(), "{source}: {errors:?}");
        assert!(!value.is_wholly_known(), "{source}");
    }
}

#[test]
fn deep_nesting_ends() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("upper(", ")"),
        ("{ a = ", " }"),
        ("true ? 1 : ", ""),
        ("[for x in [1] : ", "]"),
        ("\"a${", "}\""),
        ("try(", ")"),
        ("!", ""),
    ] {
        for depth in [100, 400, 3000] {
            let source = format!("x = {}1{}\n", open.repeat(depth), close.repeat(depth));
            let (body, _) = parse_file(&source);
            if let Some(argument) = body.attribute("x") {
                evaluate(&argument.value, &scope(), &mut Vec::new());
            }
        }
    }
}

#[test]
fn numbers_that_need_more_digits_than_there_are_stay_open() {
    assert_eq!(value("\"n${1 / 3}\""), Value::Unknown(Type::String));
    assert_eq!(value("0.1 + 0.2 == 0.3"), Value::Unknown(Type::Bool));
    assert_eq!(value("floor(10 / 3)"), Value::Number(Number::Integer(3)));
    assert_eq!(value("\"n${0.5 + 0.25}\""), Value::String("n0.75".to_owned()));
}

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
