//! The JSON syntax.

use terraform::ast::{Body, Syntax};
use terraform::syntax::{parse_json, parse_json_variables};

use crate::{show, spans};

fn valid(source: &str) -> Body {
    let (body, errors) = parse_json(source);
    assert_eq!(errors, [], "{source}");
    spans::check(source, &body);
    body
}

fn tree(source: &str) -> String {
    show::body(&valid(source))
}

fn errors(source: &str) -> Vec<String> {
    let (body, errors) = parse_json(source);
    spans::check(source, &body);
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_language_fixes_is_a_block() {
    assert_eq!(
        tree(
            r#"{"//": "c", "resource": {"aws_x": {"a": {"b": 1, "c": {"d": "x"}, "lifecycle": {"ignore_changes": ["b"],
            "precondition": [{"condition": "${1 == 2}"}]}, "//": 1, "provisioner": {"local-exec": {"command": "x"}},
            "dynamic": {"e": {"for_each": "${f}", "content": {"g": 1}}}}, "h": {}}}}"#
        ),
        "resource \"aws_x\" \"a\" { b = 1; c = {<\"d\">: \"x\"}; lifecycle { ignore_changes = [b]; \
         precondition { condition = \"${(1 Equal 2)}\" } }; provisioner \"local-exec\" { command = \"x\" }; \
         dynamic \"e\" { for_each = \"${f}\"; content { g = 1 } } }; resource \"aws_x\" \"h\" {  }"
    );
    assert_eq!(
        tree(r#"{"locals": [{"a": 1}, {"b": 2}], "variable": {"v": [{}], "w": null}, "foo": {"bar": 1}}"#),
        "locals { a = 1 }; locals { b = 2 }; variable \"v\" {  }; foo = {<\"bar\">: 1}"
    );
    assert_eq!(
        tree(
            r#"{"terraform": {"required_version": ">= 1.10", "required_providers": {"aws": {"source": "hashicorp/aws",
            "configuration_aliases": ["aws.west"]}}, "backend": {"s3": {"bucket": "${x}"}}}}"#
        ),
        "terraform { required_version = \">= 1.10\"; required_providers { aws = {<\"source\">: \"hashicorp/aws\", \
         <\"configuration_aliases\">: [aws.west]} }; backend \"s3\" { bucket = \"${x}\" } }"
    );
}

#[test]
fn references_and_types_are_expressions() {
    assert_eq!(
        tree(
            r#"{"variable": {"v": {"type": "list(object({ a = string }))", "default": "${x", "sensitive": true}},
            "module": {"m": {"source": "./m", "providers": {"aws.a": "aws.b"}, "depends_on": ["module.n"], "x": "${y}"}},
            "moved": {"from": "a.b", "to": "a.c[\"d\"]"}}"#
        ),
        "variable \"v\" { type = list(object({a: string})); default = \"${x\"; sensitive = true }; \
         module \"m\" { source = \"./m\"; providers = {<aws.a>: aws.b}; depends_on = [module.n]; x = \"${y}\" }; \
         moved { from = a.b; to = a.c[\"d\"] }"
    );
}

#[test]
fn values_of_variables_are_plain() {
    let source = r#"{"variable": "${a}", "resource": {"b": ["%{"]}, "//": 1}"#;
    let (body, errors) = parse_json_variables(source);
    assert_eq!(errors, []);
    assert_eq!(body.syntax, Syntax::Json);
    assert_eq!(show::body(&body), "variable = \"${a}\"; resource = {<\"b\">: [\"%{\"]}");
}

#[test]
fn places_look_through_escapes() {
    let source = r#"{"locals": {"a\u0062": "\u00e9\n${var.x == \"\ty\" ? 1 : zz}"}}"#;
    let body = valid(source);
    let block = &body.blocks().next().unwrap();
    let attribute = block.body.attributes().next().unwrap();
    let text = |span: &std::ops::Range<usize>| &source[span.clone()];
    assert_eq!(
        (attribute.name.text.as_str(), text(&attribute.name.span)),
        ("ab", r"a\u0062")
    );
    assert_eq!(text(&block.header), "locals");
    assert_eq!(text(&block.body.span).chars().next(), Some('"'));
    let interpolation = attribute.value.children()[0];
    assert_eq!(text(&interpolation.span), r#"var.x == \"\ty\" ? 1 : zz"#);
    let leaves: Vec<_> = interpolation
        .children()
        .into_iter()
        .map(|child| text(&child.span))
        .collect();
    assert_eq!(leaves, [r#"var.x == \"\ty\""#, "1", "zz"]);
    assert_eq!(text(&attribute.value.span), r#""\u00e9\n${var.x == \"\ty\" ? 1 : zz}""#);
}

#[test]
fn errors_have_a_place() {
    assert_eq!(
        errors("{\"locals\": {\n  \"a\": 1,}}"),
        ["2:10: expected `\"` and the name of another property, but found `}`"]
    );
    assert_eq!(
        errors("{'a': 1}"),
        ["1:2: expected `\"` and the name of a property, or `}`, but found `\\'`"]
    );
    assert_eq!(errors(""), ["1:1: expected a value, but the file ends"]);
    assert_eq!(errors("{} x"), ["1:4: expected the end of the file, but found `x`"]);
    assert_eq!(
        errors("{\"a\": nil}"),
        ["1:7: `nil` is no value; text stands between double quotes"]
    );
    assert_eq!(
        errors("{\"locals\": {\"a\": \"x ${y z}\", \"b\": [\"${\\\"\\\\q\\\"}\"]}}"),
        [
            "1:25: expected an operator or `}`, but found `z`",
            "1:41: invalid escape; valid are \\n, \\r, \\t, \\\", \\\\, \\uXXXX and \\UXXXXXXXX",
        ]
    );
    assert_eq!(errors("[1, {\"resource\": {\"a\": 2}}]").len(), 2);
    assert_eq!(errors(r#"{"variable": {"a": 1, "b": {"type": "a b"}}}"#).len(), 2);
}

#[test]
fn a_name_twice_is_an_error_unless_it_may_be_a_block() {
    assert_eq!(errors(r#"{"locals": {"a": 1, "a": 2}}"#).len(), 1);
    assert_eq!(errors(r#"{"locals": {"a": {"b": 1, "b": 2}}}"#).len(), 1);
    let resource = |body: &str| errors(&format!(r#"{{"resource": {{"a": {{"b": {body}}}}}}}"#)).len();
    assert_eq!(resource(r#"{"a": {"x": 1}, "a": {"x": 2}}"#), 0);
    assert_eq!(resource(r#"{"a": {"x": 1}, "a": 2}"#), 1);
    assert_eq!(resource(r#"{"a": {"x": 1, "x": 2}}"#), 1);
    assert_eq!(resource(r#"{"depends_on": [], "depends_on": []}"#), 1);
}
