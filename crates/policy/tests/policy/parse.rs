//! What is read and what is refused.

use policy::parse::parse_value;
use policy::{Actions, Kind, PrincipalPattern, Principals, Version, parse};

use super::support::document;

const KINDS: [Kind; 6] = [
    Kind::Identity,
    Kind::Resource,
    Kind::Trust,
    Kind::ServiceControl,
    Kind::Boundary,
    Kind::Session,
];

/// The errors, one a line.
fn errors(kind: Kind, text: &str) -> String {
    match parse(text, kind) {
        Ok(_) => String::new(),
        Err(errors) => errors.iter().map(|e| format!("{e} [{}]\n", e.code.as_str())).collect(),
    }
}

/// The first error of one statement, without position and path's beginning.
fn refused(kind: Kind, statement: &str) -> String {
    match parse(
        &format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
        kind,
    ) {
        Ok(_) => "accepted".to_owned(),
        Err(errors) => format!(
            "{}: {}",
            errors[0].path.trim_start_matches("$.Statement[0]"),
            errors[0].message
        ),
    }
}

#[test]
fn scalars_are_lists_of_one() {
    let long = r#"{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"S","Effect":"Allow","Principal":{"AWS":["111122223333"]},
        "Action":["s3:GetObject"],"Resource":["*"],"Condition":{"NumericLessThan":{"s3:max-keys":["10"]},"Bool":{"aws:SecureTransport":["true"]}}}]}"#;
    let short = r#"{"Version":"2012-10-17","Id":"i","Statement":{"Sid":"S","Effect":"Allow","Principal":{"AWS":"111122223333"},
        "Action":"s3:GetObject","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":10},"Bool":{"aws:SecureTransport":true}}}}"#;
    assert_eq!(document(Kind::Resource, long), document(Kind::Resource, short));
}

#[test]
fn numbers_keep_their_spelling() {
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericEquals":{"a:b":[1.50,-3,1e3,"x",false]}}}}"#;
    let document = document(Kind::Identity, policy);
    assert_eq!(
        document.statements[0].conditions[0].values,
        ["1.50", "-3", "1e3", "x", "false"]
    );
    assert_eq!(document.version, Version::V2008);
}

#[test]
fn elements_in_full() {
    let policy = r#"{"Version":"2008-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"Federated":"accounts.google.com","CanonicalUser":"79a5"},
        "NotAction":"*","NotResource":"arn:aws:s3:::a"}]}"#;
    let document = document(Kind::Resource, policy);
    let statement = &document.statements[0];
    assert_eq!(document.version, Version::V2008);
    assert_eq!(statement.actions, Actions::AllBut(vec!["*".to_owned()]));
    let federated = PrincipalPattern::Federated("accounts.google.com".to_owned());
    let canonical = PrincipalPattern::CanonicalUser("79a5".to_owned());
    assert_eq!(
        statement.principals,
        Some(Principals::AllBut(vec![federated, canonical]))
    );
}

#[test]
fn all_errors_come_at_once_with_their_places() {
    let text = r#"{
  "Version": "2012-10-18",
  "Statement": [
    {
      "Sid": "bad sid",
      "effect": "Allow",
      "Action": "GetObject",
      "NotAction": [],
      "Resource": "bucket",
      "Condition": { "StringEqual": { "aws:x": null } }
    },
    { "Effect": "allow", "Action": ["s3:*", 7] }
  ]
}"#;
    assert_eq!(
        errors(Kind::Identity, text),
        "\
2:14: $.Version: `Version` is `2012-10-18`: expected `2012-10-17` or `2008-10-17` [invalid-value]
4:5: $.Statement[0]: `Effect` is missing: expected `Allow` or `Deny` [missing-element]
5:14: $.Statement[0].Sid: `Sid` is `bad sid`: IAM takes letters and digits only [invalid-sid]
6:7: $.Statement[0].effect: unknown element `effect`: AWS writes it `Effect` [unknown-element]
7:17: $.Statement[0].Action: `GetObject` is no action: expected `*` or `service:Action`, the service in full [invalid-action]
8:7: $.Statement[0].NotAction: `Action` and `NotAction` exclude each other [conflicting-elements]
9:19: $.Statement[0].Resource: `bucket` is no resource: expected `*` or an ARN [invalid-resource]
10:22: $.Statement[0].Condition.StringEqual: `StringEqual` is no condition operator: did you mean `StringEquals`? [invalid-operator]
10:48: $.Statement[0].Condition.StringEqual['aws:x']: `aws:x` is null: expected a string, a number or a boolean [wrong-type]
12:5: $.Statement[1]: `Resource` or `NotResource` is missing [missing-element]
12:17: $.Statement[1].Effect: `Effect` is `allow`: expected `Allow` or `Deny`, in this case [invalid-value]
12:45: $.Statement[1].Action[1]: `Action` is a number: expected a string [wrong-type]
"
    );
}

#[test]
fn broken_json() {
    for (text, expected) in [
        ("", "1:1: $: the text is empty: expected a policy document [syntax]\n"),
        (
            "{\n \"Version\": \"2012-10-17\",\n}",
            "2:25: $: not JSON: Trailing commas are not allowed [syntax]\n",
        ),
        (
            "[]",
            "1:1: $: a policy document is a list: expected an object [wrong-type]\n",
        ),
        ("{}", "1:1: $: `Statement` is missing [missing-element]\n"),
        (
            r#"{"Statement":[]}"#,
            "1:14: $.Statement: `Statement` is an empty list [empty-list]\n",
        ),
    ] {
        assert_eq!(errors(Kind::Identity, text), expected);
    }
    for text in [
        "{'a':1}",
        "{a:1}",
        "{\"a\":1} x",
        "// c\n{}",
        "{\"a\":0x1}",
        "{\"a\":+1}",
        "{\"a\" 1}",
        "{\"a\":\"\\x41\"}",
    ] {
        assert!(errors(Kind::Identity, text).ends_with("[syntax]\n"), "{text}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(errors(Kind::Identity, &deep).ends_with("[syntax]\n"));
}

#[test]
fn duplicates() {
    let statement = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    let twice = format!(r#"{{"Statement":{statement},"Statement":{statement}}}"#);
    assert!(errors(Kind::Identity, &twice).contains("`Statement` is there twice [duplicate-key]"));
    let condition =
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:A":"x","aws:a":"y"}}}"#;
    assert_eq!(
        refused(Kind::Identity, condition),
        ".Condition.StringEquals['aws:a']: `aws:a` and `aws:A` differ in case only, which does not tell them apart"
    );
    let sids = r#"{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"}"#;
    assert!(refused(Kind::Identity, sids).ends_with("`Sid` `A` is there twice"));
    let principals = sids.replace("\"Action\"", "\"Principal\":\"*\",\"Action\"");
    assert_eq!(refused(Kind::Resource, &principals), "accepted");
}

#[test]
fn each_kind_has_its_grammar() {
    let plain = r#"{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}"#;
    let with_principal = r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}"#;
    let trust = r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#;
    for kind in KINDS {
        let expected = |fits: bool| if fits { "accepted" } else { "" };
        let principal = matches!(kind, Kind::Resource | Kind::Trust);
        let accepted = |statement| refused(kind, statement) == "accepted";
        assert_eq!(accepted(plain), expected(!principal) == "accepted", "{kind:?}");
        assert_eq!(accepted(with_principal), kind == Kind::Resource, "{kind:?}");
        assert_eq!(accepted(trust), principal, "{kind:?}");
        let id = format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":{plain}}}"#);
        let refuses_id = errors(kind, &id).contains("cannot have an `Id`");
        assert_eq!(
            refuses_id,
            matches!(kind, Kind::Identity | Kind::Boundary | Kind::Session),
            "{kind:?}"
        );
    }
}

#[test]
fn principals() {
    let with = |principal: &str| format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"sts:AssumeRole"}}"#);
    for (principal, expected) in [
        (
            r#"{"AWS":"arn:aws:iam::111122223333:role/*"}"#,
            "expected `*`, an account id of twelve digits or a whole ARN without wildcards",
        ),
        (
            r#"{"AWS":"11112222333"}"#,
            "expected `*`, an account id of twelve digits or a whole ARN without wildcards",
        ),
        (
            r#"{"Service":"*"}"#,
            "expected a service's name such as `bedrock.amazonaws.com`, without wildcards",
        ),
        (
            r#""arn:aws:iam::111122223333:root""#,
            "expected `*` or an object such as {\"AWS\": …}",
        ),
        (r#"{"aws":"*"}"#, "AWS writes it `AWS`"),
        (
            r#"{"Group":"x"}"#,
            "expected one of AWS, Service, Federated, CanonicalUser",
        ),
        (r#"{"AWS":[]}"#, "`AWS` is an empty list"),
        (
            r#"{}"#,
            "`Principal` names nobody: expected AWS, Service, Federated, CanonicalUser",
        ),
        (r#"["*"]"#, "`Principal` is a list: expected an object"),
        (
            r#"{"CanonicalUser":"79a5"}"#,
            "expected a canonical user id, in a resource policy only",
        ),
        (r#"{"AWS":"AROAEXAMPLEEXAMPLE01"}"#, "accepted"),
        (
            r#"{"AWS":["*","111122223333"],"Federated":"cognito-identity.amazonaws.com"}"#,
            "accepted",
        ),
    ] {
        let error = refused(Kind::Trust, &with(principal));
        assert!(error.ends_with(expected), "{principal}: {error}");
    }
    let not = r#"{"Effect":"Allow","NotPrincipal":"*","Action":"sts:AssumeRole"}"#;
    assert_eq!(
        refused(Kind::Trust, not),
        ".NotPrincipal: a trust policy cannot have `NotPrincipal`"
    );
    assert_eq!(
        refused(Kind::Resource, not),
        ".NotPrincipal: `NotPrincipal` goes with `Deny` only"
    );
    assert_eq!(refused(Kind::Resource, &not.replace("Allow", "Deny")), "accepted");
    assert_eq!(
        refused(Kind::Trust, &with("\"*\"").replace("sts:", "s3:")),
        ".Action: `s3:AssumeRole`: a trust policy speaks of actions of `sts` only"
    );
}

#[test]
fn forms_of_actions_resources_and_conditions() {
    let with = |action: &str, resource: &str, condition: &str| {
        format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}","Condition":{condition}}}"#)
    };
    for (action, resource, condition, expected) in [
        (
            "s3:Get Object",
            "*",
            "{}",
            "`s3:Get Object` is no action: expected `*` or `service:Action`, the service in full",
        ),
        (
            "s*:GetObject",
            "*",
            "{}",
            "`s*:GetObject` is no action: expected `*` or `service:Action`, the service in full",
        ),
        (
            "s3:",
            "*",
            "{}",
            "`s3:` is no action: expected `*` or `service:Action`, the service in full",
        ),
        ("s3:Get?bject", "arn:aws:s3", "{}", "accepted"),
        (
            "*",
            "s3:::bucket",
            "{}",
            "`s3:::bucket` is no resource: expected `*` or an ARN",
        ),
        ("*", "*", "[]", "`Condition` is a list: expected an object"),
        ("*", "*", r#"{"Bool":true}"#, "`Bool` is a boolean: expected an object"),
        (
            "*",
            "*",
            r#"{"NullIfExists":{"aws:x":"true"}}"#,
            "`Null` asks whether a key exists and cannot have `IfExists`",
        ),
        (
            "*",
            "*",
            r#"{"Wurst":{"aws:x":"true"}}"#,
            "`Wurst` is no condition operator",
        ),
        (
            "*",
            "*",
            r#"{"Bool":{"SecureTransport":"true"}}"#,
            "`SecureTransport` is no condition key: expected `service:Key`",
        ),
        (
            "*",
            "*",
            r#"{"Bool":{"aws:x":[["true"]]}}"#,
            "`aws:x` is a list: expected a string, a number or a boolean",
        ),
        ("*", "*", r#"{"Bool":{"aws:x":[]}}"#, "accepted"),
        (
            "*",
            "*",
            r#"{"StringLike":{"aws:RequestTag/Cost Center":"x"},"forAnyValue:stringlikeIFEXISTS":{"aws:y":"z"}}"#,
            "accepted",
        ),
    ] {
        let error = refused(Kind::Identity, &with(action, resource, condition));
        assert!(error.ends_with(expected), "{action} {resource} {condition}: {error}");
    }
    let short = with("*", "arn:aws:s3", "{}");
    assert!(refused(Kind::Session, &short).ends_with("lacks parts of an ARN, which a session policy needs in full"));
}

#[test]
fn characters_beyond_latin_1() {
    let statement = r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::€/ü"}"#;
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    assert_eq!(
        errors(Kind::Identity, &text),
        "1:93: $: IAM takes no character beyond U+00FF: '€' (U+20AC) [invalid-character]\n"
    );
    assert_eq!(errors(Kind::ServiceControl, &text), "");
}

#[test]
fn places_of_parts() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["*","arn:aws:s3:::a"],"Condition":{"Bool":{"aws:x":true}}}]}"#;
    let places = parse(text, Kind::Identity).unwrap().places;
    let at = |path: &str| places.get(path).map(|range| &text[range]);
    assert_eq!(at("$.Statement[0].Action"), Some("\"s3:*\""));
    assert_eq!(at("$.Statement[0].Action[0]"), Some("\"s3:*\""));
    assert_eq!(at("$.Statement[0].Resource[1]"), Some("\"arn:aws:s3:::a\""));
    assert_eq!(at("$.Statement[0].Condition.Bool['aws:x'][0]"), Some("true"));
    assert_eq!(at("$.Statement[0].Nothing"), None);
}

#[test]
fn json_that_was_read_before() {
    let value = serde_json::json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    assert_eq!(parse_value(&value, Kind::Identity).unwrap().statements.len(), 1);
    let errors = parse_value(&serde_json::json!({ "Statement": 1 }), Kind::Identity).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "$.Statement: a statement is a number: expected an object"
    );
}
