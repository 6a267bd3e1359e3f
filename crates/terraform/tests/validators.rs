//! The rules of the provider's own validators.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use std::collections::BTreeMap;

use terraform::schema::validators::{
    Breach, Demand, Form, Length, Pattern, Presence, Present, Range, Rule, Scalar, Unit, check, conflicts, probed,
    rules,
};
use terraform::schema::{BlockSchema, Kind, ProviderSchema};
use terraform::value::{Number, Type, Value};

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

fn whole(value: i128) -> Value {
    Value::Number(Number::Integer(value))
}

/// What is said of a value for an argument of a resource type.
fn said(name: &str, path: &str, value: &Value) -> Vec<String> {
    check(Kind::Resource, name, path, value)
        .into_iter()
        .map(|violation| format!("{}{}", violation.at, violation.message))
        .collect()
}

fn refuses(rule: &Rule, value: &str) -> bool {
    rule.refuses(Scalar::Text(value))
}

#[test]
fn values_lengths_and_numbers_are_checked() {
    assert_eq!(
        said("aws_budgets_budget", "time_unit", &text("WEEKLY")),
        [r#""WEEKLY" is not one of "DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY""#]
    );
    assert!(said("aws_budgets_budget", "time_unit", &text("MONTHLY")).is_empty());
    assert_eq!(
        said("aws_iam_role", "max_session_duration", &whole(60)),
        ["60 is not a number from 3600 to 43200"]
    );
    assert_eq!(
        said(
            "aws_iam_role",
            "max_session_duration",
            &Value::Number(Number::Float(3600.5))
        ),
        ["3600.5 is not a whole number"]
    );
    // Terraform makes numbers of texts, and texts of numbers.
    assert_eq!(said("aws_iam_role", "max_session_duration", &text("60")).len(), 1);
    assert!(said("aws_budgets_budget", "account_id", &whole(123_456_789_012)).is_empty());
    assert_eq!(said("aws_budgets_budget", "account_id", &whole(12)).len(), 1);
    assert!(said("aws_cloudwatch_log_group", "retention_in_days", &whole(30)).is_empty());
    assert_eq!(
        said("aws_cloudwatch_log_group", "retention_in_days", &whole(31)).len(),
        1
    );
    assert!(said("aws_iam_role", "name", &text(&"a".repeat(64))).is_empty());
    assert_eq!(said("aws_iam_role", "name", &text(&"a".repeat(65))).len(), 1);
    assert_eq!(said("aws_iam_role", "name", &text("a b")).len(), 1);
}

#[test]
fn forms_and_elements_are_checked() {
    assert_eq!(
        said("aws_iam_role", "permissions_boundary", &text("policy/x")),
        [concat!(
            r#""policy/x" is not an ARN (arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, the account twelve digits or "#,
            "empty), or empty"
        )]
    );
    assert!(
        said(
            "aws_iam_role",
            "permissions_boundary",
            &text("arn:aws:iam::aws:policy/x")
        )
        .is_empty()
    );
    assert_eq!(said("aws_iam_role", "assume_role_policy", &text("{")).len(), 1);
    let arns = Value::Tuple(vec![text("arn:aws:iam::aws:policy/x"), text("x")]);
    let found = said("aws_iam_role", "managed_policy_arns", &arns);
    assert!(
        found.len() == 1 && found[0].starts_with("[1]\"x\" is not an ARN"),
        "{found:?}"
    );
    // Blocks of a set, as the path of the argument in them.
    assert_eq!(
        said(
            "aws_budgets_budget",
            "notification.comparison_operator",
            &text("GREATER")
        )
        .len(),
        1
    );
}

#[test]
fn a_list_of_values_comes_with_the_violation() {
    let found = check(Kind::Resource, "aws_sns_topic", "tracing_config", &text("active"));
    assert_eq!(found[0].allowed, ["Active", "PassThrough"]);
    let enumeration = "content_policy_config.filters_config.type";
    let found = check(Kind::Resource, "aws_bedrock_guardrail", enumeration, &text("SPAM"));
    assert!(
        found[0].allowed.contains(&"PROMPT_ATTACK") && !found[0].allowed.contains(&""),
        "{found:?}"
    );
}

#[test]
fn nothing_is_said_of_what_is_not_known() {
    for value in [
        Value::Unknown(Type::String),
        Value::Null(Type::String),
        Value::unknown(),
    ] {
        assert!(said("aws_budgets_budget", "time_unit", &value).is_empty());
    }
    let list = Value::List(Type::String, vec![Value::Unknown(Type::String)]);
    assert!(said("aws_iam_role", "managed_policy_arns", &list).is_empty());
    assert!(said("aws_iam_role", "no_such_argument", &text("x")).is_empty());
    assert!(said("aws_quicksight_analysis", "name", &text("")).is_empty());
    assert_eq!(rules(Kind::Resource, "aws_quicksight_analysis"), None);
}

fn set(names: &[&str]) -> Present {
    Present {
        arguments: names.iter().map(|name| ((*name).to_owned(), Presence::Set)).collect(),
        ..Present::default()
    }
}

fn demands(name: &str, present: &Present) -> Vec<String> {
    conflicts(Kind::Resource, name, present)
        .into_iter()
        .map(|breach| breach.demand.to_string())
        .collect()
}

#[test]
fn arguments_exclude_and_demand_each_other() {
    assert_eq!(
        conflicts(Kind::Resource, "aws_iam_role", &set(&["name", "name_prefix"])),
        [Breach {
            block: Vec::new(),
            demand: Demand::Conflict("name".into(), "name_prefix".into()),
            set: vec!["name".into(), "name_prefix".into()],
        }]
    );
    assert!(demands("aws_iam_role", &set(&["name"])).is_empty());
    let mut maybe = set(&["name"]);
    maybe.arguments.insert("name_prefix".into(), Presence::Maybe);
    assert!(demands("aws_iam_role", &maybe).is_empty());
    // An unknown value may be null.
    let source = [
        "cidr_blocks",
        "ipv6_cidr_blocks",
        "prefix_list_ids",
        "self",
        "source_security_group_id",
    ];
    let open = demands("aws_security_group_rule", &Present::default());
    assert_eq!(open.len(), 1);
    assert!(
        source.iter().all(|name| open[0].contains(&format!("`{name}`"))),
        "{open:?}"
    );
    let mut unknown = Present::default();
    unknown.arguments.insert("self".into(), Presence::Maybe);
    assert!(demands("aws_security_group_rule", &unknown).is_empty());
    // It makes its demand all the same, and excludes nothing.
    let mut unknown = Present::default();
    unknown.arguments.insert("s3_bucket".into(), Presence::Unknown);
    assert_eq!(
        demands("aws_lambda_function", &unknown),
        ["`s3_bucket` also needs `s3_key`"]
    );
    unknown.arguments.insert("s3_key".into(), Presence::Unknown);
    unknown.arguments.insert("image_uri".into(), Presence::Unknown);
    assert!(demands("aws_lambda_function", &unknown).is_empty());
}

#[test]
fn every_line_of_the_data_is_read_and_fits_the_schema() {
    let keys: Vec<&str> = probed().collect();
    assert!(keys.is_sorted(), "a line that is out of order is never found");
    assert!(keys.len() > 100, "{}", keys.len());
    for key in keys {
        let (kind, name) = key.split_once(' ').unwrap();
        let kind = if kind == "data" {
            Kind::DataSource
        } else {
            Kind::Resource
        };
        let schema = ProviderSchema::aws().block(kind, name).unwrap();
        let found = rules(kind, name).unwrap_or_else(|| panic!("{key}"));
        for (path, rules) in &found.rules {
            assert!(exists(schema, path), "{key} {path}");
            for rule in rules {
                valid(rule);
            }
        }
        for combination in &found.combinations {
            let block = combination.block.iter().try_fold(schema, |block, name| {
                block.blocks.get(name).map(|nested| nested.block.as_ref())
            });
            let block = block.unwrap_or_else(|| panic!("{key} {combination:?}"));
            let names = match &combination.demand {
                Demand::Conflict(one, two) => vec![one, two],
                Demand::ExactlyOne(names) | Demand::AtLeastOne(names) => names.iter().collect(),
                Demand::Together(first, others) => std::iter::once(first).chain(others).collect(),
            };
            for name in names.into_iter().chain(&combination.when) {
                assert!(exists(block, name), "{key} {name}");
            }
        }
    }
}

fn exists(schema: &BlockSchema, path: &str) -> bool {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let name = first.trim_end_matches("[]");
    match (schema.blocks.get(name), rest) {
        (Some(nested), Some(rest)) => exists(&nested.block, rest),
        (Some(_), None) => true,
        (None, _) => schema.attributes.contains_key(name),
    }
}

fn valid(rule: &Rule) {
    match rule {
        Rule::Pattern(pattern) => assert!(pattern.is_valid(), "{pattern:?}"),
        Rule::AnyOf(rules) => rules.iter().for_each(valid),
        _ => {}
    }
}

#[test]
fn classes_of_expressions_are_ascii() {
    let pattern = |text: &str| Rule::Pattern(Pattern::from(text.to_owned()));
    assert!(!refuses(&pattern(r"^[\w+=,.@-]+$"), "a_Z9+=,.@-"));
    assert!(refuses(&pattern(r"^[\w+=,.@-]+$"), "\u{fc}"));
    assert!(refuses(&pattern(r"^\d$"), "\u{663}"));
    assert!(!refuses(&pattern(r"^\\d$"), r"\d"));
    // One that cannot be used refuses nothing.
    assert!(!refuses(&pattern("("), "x"));
}

#[test]
fn lengths_count_what_the_provider_counts() {
    let length = |unit| {
        Rule::Length(Length {
            min: Some(1),
            max: Some(3),
            unit,
        })
    };
    for unit in [Unit::Bytes, Unit::Characters, Unit::Either] {
        assert!(refuses(&length(unit), "") && refuses(&length(unit), "abcd") && !refuses(&length(unit), "abc"));
    }
    assert!(refuses(&length(Unit::Bytes), "\u{fc}\u{fc}"));
    assert!(!refuses(&length(Unit::Characters), "\u{fc}\u{fc}"));
    assert!(!refuses(&length(Unit::Either), "\u{fc}\u{fc}"));
}

#[test]
fn forms_are_told_apart() {
    let examples: BTreeMap<Form, (&[&str], &[&str])> = BTreeMap::from([
        (
            Form::Arn,
            (
                &[
                    "arn:aws:iam::123456789012:role/x",
                    "arn:aws-us-gov:s3:::b/*",
                    "arn:aws:iam::aws:policy/x",
                ][..],
                &[
                    "arn:aws:iam::12345:role/x",
                    "arn:foo:iam::123456789012:x",
                    "arn:aws:iam",
                    "arn:aws:s3:US:123456789012:x",
                    "",
                ][..],
            ),
        ),
        (Form::ArnParts, (&["arn::::a:"], &["arn:a:b:c:d", "ARN:::::"])),
        (Form::Json, (&["{}", "[1]", " null\n"], &["", "{", "x"])),
        (Form::JsonObject, (&["{\"a\":[]}", " {}"], &["[]", "1", "{"])),
        (
            Form::Rfc3339,
            (
                &["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5+02:00"],
                &["2024-01-01", "2024-13-01T00:00:00Z"],
            ),
        ),
        (
            Form::Cidr,
            (&["10.0.0.1/8", "::1/128"], &["10.0.0.1", "10.0.0.0/33", "10.0.0.0/+8"]),
        ),
        (Form::Ipv4Cidr, (&["10.0.0.1/8"], &["::1/128"])),
        (Form::Ipv6Cidr, (&["::1/128"], &["10.0.0.0/8"])),
        (
            Form::CidrNetwork,
            (
                &["10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/32", "::/0"],
                &["10.0.0.1/8", "::1/64"],
            ),
        ),
        (Form::Ipv4CidrNetwork, (&["10.0.0.0/8"], &["::/0", "10.0.0.1/8"])),
        (
            Form::Ipv6CidrNetwork,
            (&["2001:db8::/32"], &["2001:db8::1/32", "10.0.0.0/8"]),
        ),
        (Form::Ip, (&["10.0.0.1", "::1"], &["10.0.0.256", "x"])),
        (Form::Ipv4, (&["10.0.0.1", "::ffff:10.0.0.1"], &["::1"])),
        (Form::Ipv6, (&["::1"], &["10.0.0.1"])),
    ]);
    assert_eq!(examples.len(), Form::ALL.len());
    for (form, (having, lacking)) in examples {
        for text in having {
            assert!(form.has(text), "{form:?} {text:?}");
        }
        for text in lacking {
            assert!(!form.has(text), "{form:?} {text:?}");
        }
    }
}

#[test]
fn one_of_several_rules_is_enough() {
    let rule = Rule::AnyOf(vec![
        Rule::OneOf(vec!["10".into(), "30".into()]),
        Rule::MultipleOf(60.0),
        Rule::Range(Range {
            min: Some(1000.5),
            max: None,
        }),
    ]);
    for (number, refused) in [(10.0, false), (120.0, false), (1001.0, false), (45.0, true)] {
        assert_eq!(rule.refuses(Scalar::Number(number)), refused, "{number}");
    }
    assert_eq!(
        rule.to_string(),
        r#"one of "10", "30", or a multiple of 60, or a number of at least 1000.5"#
    );
}

#[test]
fn demands_look_into_blocks() {
    // A block that repeats is judged block by block, and what a `dynamic` block makes is not known.
    let present: Present = Present {
        blocks: [("rule".to_owned(), vec![set(&["a"]), set(&["b"])])].into(),
        ..Present::default()
    };
    assert!(conflicts(Kind::Resource, "aws_iam_role", &present).is_empty());
    let mut budget = set(&["limit_amount"]);
    budget.dynamic.insert("planned_limit".into());
    assert!(demands("aws_budgets_budget", &budget).is_empty());
    budget.blocks.insert("planned_limit".into(), vec![Present::default()]);
    assert_eq!(
        demands("aws_budgets_budget", &budget),
        ["`limit_amount` and `planned_limit` exclude each other"]
    );
}
