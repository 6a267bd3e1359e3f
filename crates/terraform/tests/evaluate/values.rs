//! Values, and what stays unknown.

use terraform::evaluate::evaluate;
use terraform::syntax::parse_file;
use terraform::value::{Number, Type, Value};

use crate::{error, evaluated, json, scope, value};

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
        ("timeadd(\"2024-01-01T00:00:00Z\", \"1h\")", string()),
        ("textdecodebase64(\"YQ==\", \"UTF-16LE\")", Type::Any),
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
fn templates_are_filled_in() {
    assert_eq!(
        json("templatefile(\"greeting.tftpl\", { name = \"A\", others = [1, 2] })"),
        "\"Hi A! 1 2\\n${kept}\""
    );
    assert_eq!(
        error("templatefile(\"greeting.tftpl\", { name = \"A\" })").2,
        "templatefile: the argument \"vars\" is refused: greeting.tftpl refers to `others`, which is not among the variables that it is given"
    );
    assert_eq!(
        error("templatefile(\"nowhere\", {})").2,
        "templatefile: the argument \"path\" is refused: there is no file \"nowhere\""
    );
    for open in [
        "templatefile(\"greeting.tftpl\", { name = \"A\", others = var.unknown_list })",
        "templatefile(\"elsewhere\", {})",
    ] {
        assert_eq!(value(open), Value::unknown(), "{open}");
    }
    assert_eq!(
        error("templatefile(\"wrong.tftpl\", {})").2,
        "templatefile: wrong.tftpl is no valid template, line 1: expected an operator or `}`, but found its end"
    );
    assert_eq!(
        error("templatefile(\"greeting.tftpl\", { \"1a\" = 1 })").2,
        "templatefile: the argument \"vars\" is refused: \"1a\" is no name that a template could use"
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
