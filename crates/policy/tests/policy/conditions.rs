//! Condition operators, qualifiers and variables.

use policy::Context;

use super::support::holds;

/// Condition as `operator key value…`, values of the request (none: absent), and what is expected.
type Row<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a str);

fn check(rows: &[Row<'_>]) {
    for (operator, policy, request, expected) in rows {
        let values = serde_json::to_string(policy).unwrap();
        let condition = format!(r#"{{"{operator}":{{"aws:key":{values}}}}}"#);
        let mut context = Context::new()
            .with("aws:RequestTag/team", "red")
            .with("aws:RequestTag/star", "a*")
            .rest_absent();
        if !request.is_empty() {
            context.set("AWS:Key", request.iter().copied());
        }
        assert_eq!(
            holds(&condition, context),
            *expected,
            "{operator} {policy:?} of {request:?}"
        );
    }
}

#[test]
fn text() {
    check(&[
        ("StringEquals", &["a"], &["a"], "yes"),
        ("StringEquals", &["A"], &["a"], "no"),
        ("StringEquals", &["b", "a"], &["a"], "yes"),
        ("StringEquals", &["a*"], &["ab"], "no"),
        ("StringEquals", &["a*"], &["a*"], "yes"),
        ("StringNotEquals", &["a"], &["b"], "yes"),
        ("StringNotEquals", &["a", "b"], &["b"], "no"),
        ("StringEqualsIgnoreCase", &["RED"], &["red"], "yes"),
        ("StringEqualsIgnoreCase", &["ÄB"], &["äb"], "yes"),
        ("StringNotEqualsIgnoreCase", &["RED"], &["red"], "no"),
        ("StringLike", &["a?c*"], &["abc/d:e"], "yes"),
        ("StringLike", &["A*"], &["abc"], "no"),
        ("StringLike", &["*"], &[""], "yes"),
        ("StringNotLike", &["a*", "b*"], &["cd"], "yes"),
        ("StringNotLike", &["a*", "c*"], &["cd"], "no"),
        ("stringlike", &["a*"], &["ab"], "yes"),
    ]);
}

#[test]
fn numbers_and_dates() {
    check(&[
        ("NumericEquals", &["10"], &["10.0"], "yes"),
        ("NumericNotEquals", &["10"], &["10.0"], "no"),
        ("NumericNotEquals", &["10"], &["11"], "yes"),
        ("NumericLessThan", &["10"], &["9"], "yes"),
        ("NumericLessThan", &["10"], &["10"], "no"),
        ("NumericLessThanEquals", &["10"], &["10"], "yes"),
        ("NumericGreaterThan", &["10"], &["9"], "no"),
        ("NumericGreaterThan", &["10", "5"], &["9"], "yes"),
        ("NumericGreaterThanEquals", &["10"], &["10"], "yes"),
        ("NumericEquals", &["9007199254740993"], &["9007199254740992"], "no"),
        ("NumericNotEquals", &["0.1"], &["0.10000000000000001"], "yes"),
        (
            "DateEquals",
            &["2026-01-01T01:00:00+01:00"],
            &["2026-01-01T00:00:00Z"],
            "yes",
        ),
        ("DateNotEquals", &["2026-01-01"], &["2026-01-01T00:00:00Z"], "no"),
        (
            "DateLessThan",
            &["2026-01-01T00:00:00Z"],
            &["2025-12-31T23:59:59Z"],
            "yes",
        ),
        ("DateLessThanEquals", &["1767225600"], &["2026-01-01T00:00:00Z"], "yes"),
        ("DateGreaterThan", &["1767225600"], &["2026-01-01T00:00:00Z"], "no"),
        ("DateGreaterThanEquals", &["2026"], &["2026-11-21T00:00:00Z"], "yes"),
    ]);
}

#[test]
fn what_cannot_be_read_settles_nothing() {
    let open = "depends on aws:key";
    check(&[
        ("NumericEquals", &["ten"], &["10"], open),
        ("NumericNotEquals", &["10"], &["abc"], open),
        ("NumericLessThan", &["10"], &[""], open),
        ("DateNotEquals", &["garbage"], &["2026-01-01T00:00:00Z"], open),
        (
            "DateGreaterThan",
            &["2025-01-01T00:00:00"],
            &["2026-01-01T00:00:00Z"],
            open,
        ),
        ("NotIpAddress", &["garbage"], &["203.0.113.9"], open),
        ("IpAddress", &["203.0.113.0/24"], &["here"], open),
        ("BinaryEquals", &["QQ"], &["QQ=="], open),
        ("NumericEqualsIfExists", &["ten"], &[], "yes"),
        // A value that is read and fits settles it.
        ("NumericEquals", &["ten", "10"], &["10"], "yes"),
        ("NotIpAddress", &["garbage", "203.0.113.0/24"], &["203.0.113.9"], "no"),
    ]);
}

#[test]
fn what_holds_whatever_the_key_is_known_without_it() {
    for (condition, expected) in [
        (r#"{"StringLikeIfExists":{"aws:key":"*"}}"#, "yes"),
        (r#"{"StringLikeIfExists":{"aws:key":["a","**"]}}"#, "yes"),
        (r#"{"ForAllValues:StringLike":{"aws:key":"*"}}"#, "yes"),
        (r#"{"ForAnyValue:StringNotLike":{"aws:key":"*"}}"#, "no"),
        (r#"{"Null":{"aws:key":["true","false"]}}"#, "yes"),
        (r#"{"StringLike":{"aws:key":"*"}}"#, "depends on aws:key"),
        (r#"{"StringNotLike":{"aws:key":"*"}}"#, "depends on aws:key"),
        (r#"{"StringNotLikeIfExists":{"aws:key":"*"}}"#, "depends on aws:key"),
        (r#"{"ForAnyValue:StringLike":{"aws:key":"*"}}"#, "depends on aws:key"),
        (r#"{"StringLikeIfExists":{"aws:key":"a*"}}"#, "depends on aws:key"),
        (r#"{"Null":{"aws:key":"true"}}"#, "depends on aws:key"),
    ] {
        assert_eq!(holds(condition, Context::new()), expected, "{condition}");
    }
}

#[test]
fn booleans_bytes_and_addresses() {
    check(&[
        ("Bool", &["true"], &["true"], "yes"),
        ("Bool", &["true"], &["True"], "yes"),
        ("Bool", &["false"], &["true"], "no"),
        ("BinaryEquals", &["QQ=="], &["QQ=="], "yes"),
        ("BinaryEquals", &["QQ=="], &["Qg=="], "no"),
        ("IpAddress", &["203.0.113.0/24"], &["203.0.113.9"], "yes"),
        (
            "IpAddress",
            &["203.0.113.0/24", "2001:db8::/32"],
            &["2001:db8::1"],
            "yes",
        ),
        ("IpAddress", &["203.0.113.0/24"], &["203.0.114.9"], "no"),
        ("NotIpAddress", &["203.0.113.0/24"], &["203.0.114.9"], "yes"),
        ("NotIpAddress", &["203.0.113.0/24"], &["2001:db8::1"], "yes"),
        ("NotIpAddress", &["0.0.0.0/0"], &["203.0.114.9"], "no"),
    ]);
}

#[test]
fn arns_are_compared_part_by_part() {
    let arn: &[&str] = &["arn:aws:sns:us-east-1:111122223333:topic:a"];
    check(&[
        ("ArnLike", &["arn:aws:sns:*:111122223333:topic*"], arn, "yes"),
        ("ArnEquals", &["arn:aws:sns:*:111122223333:topic*"], arn, "yes"),
        ("ArnLike", &["arn:aws:sns:us-*:1111????3333:topic:?"], arn, "yes"),
        ("ArnLike", &["arn:aws:sns:*:topic:a:*"], arn, "no"),
        ("ArnLike", &["arn:aws:*:111122223333:topic:a:*"], arn, "no"),
        ("ArnNotLike", &["arn:aws:sns:*:444455556666:*"], arn, "yes"),
        ("ArnNotEquals", &["arn:aws:sns:*:*:topic:a"], arn, "no"),
        ("ArnLike", &["arn:aws:sns:*:*:*"], &["topic"], "no"),
        // What a pattern that is no whole ARN means is documented nowhere.
        ("ArnLike", &["*"], arn, "depends on aws:key"),
        ("ArnNotLike", &["arn:aws:sns:*"], arn, "depends on aws:key"),
        ("ArnLike", &["*", "arn:aws:sns:*:*:*"], arn, "yes"),
    ]);
}

#[test]
fn absent_keys() {
    check(&[
        ("StringEquals", &["a"], &[], "no"),
        ("StringNotEquals", &["a"], &[], "yes"),
        ("NumericLessThan", &["1"], &[], "no"),
        ("NotIpAddress", &["1.2.3.4"], &[], "yes"),
        ("ArnNotLike", &["arn:aws:sns:*:*:*"], &[], "yes"),
        ("Bool", &["false"], &[], "no"),
        ("StringEqualsIfExists", &["a"], &[], "yes"),
        ("StringEqualsIfExists", &["a"], &["b"], "no"),
        ("StringNotEqualsIfExists", &["a"], &[], "yes"),
        ("ForAllValues:StringEquals", &["a"], &[], "yes"),
        ("ForAllValues:StringNotEquals", &["a"], &[], "yes"),
        ("ForAnyValue:StringEquals", &["a"], &[], "no"),
        ("ForAnyValue:StringNotEquals", &["a"], &[], "no"),
        ("ForAnyValue:StringEqualsIfExists", &["a"], &[], "yes"),
        ("Null", &["true"], &[], "yes"),
        ("Null", &["false"], &[], "no"),
        ("Null", &["true"], &["a"], "no"),
        ("Null", &["false"], &["a"], "yes"),
    ]);
}

#[test]
fn several_values() {
    check(&[
        ("ForAllValues:StringEquals", &["a", "b"], &["a", "b"], "yes"),
        ("ForAllValues:StringEquals", &["a", "b"], &["a", "c"], "no"),
        ("ForAllValues:StringNotEquals", &["a", "b"], &["c", "d"], "yes"),
        ("ForAllValues:StringNotEquals", &["a", "b"], &["c", "a"], "no"),
        ("ForAnyValue:StringEquals", &["a", "b"], &["c", "a"], "yes"),
        ("ForAnyValue:StringEquals", &["a", "b"], &["c", "d"], "no"),
        ("ForAnyValue:StringNotEquals", &["a", "b"], &["a", "c"], "yes"),
        ("ForAnyValue:StringNotEquals", &["a", "b"], &["a", "b"], "no"),
        (
            "ForAnyValue:ArnLike",
            &["arn:aws:s3:::*"],
            &["arn:aws:s3:::b", "x"],
            "yes",
        ),
        ("forallvalues:stringlike", &["a*"], &["ab", "ac"], "yes"),
        // Without qualifier only what holds of each value alike is certain.
        ("StringEquals", &["a", "b"], &["a", "b"], "yes"),
        ("StringEquals", &["c"], &["a", "b"], "no"),
        ("StringEquals", &["a"], &["a", "b"], "depends on aws:key"),
    ]);
}

#[test]
fn an_empty_string_is_a_value_in_some_places_only() {
    check(&[
        ("StringEquals", &[""], &[""], "yes"),
        ("StringNotEquals", &["a"], &[""], "yes"),
        ("Null", &["true"], &[""], "depends on aws:key"),
        ("ForAllValues:StringEquals", &["a"], &[""], "depends on aws:key"),
        ("ForAllValues:StringEquals", &[""], &[""], "yes"),
        ("ForAnyValue:StringEquals", &["a"], &[""], "no"),
    ]);
    let context = Context::new()
        .with("aws:RequestTag/team", "")
        .with("aws:key", "a")
        .rest_absent();
    let condition = r#"{"StringEquals":{"aws:key":"${aws:RequestTag/team, 'a'}"}}"#;
    assert_eq!(holds(condition, context), "depends on aws:RequestTag/team");
}

#[test]
fn variables() {
    check(&[
        ("StringEquals", &["${aws:RequestTag/team}"], &["red"], "yes"),
        ("StringEquals", &["${AWS:requesttag/TEAM}"], &["red"], "yes"),
        ("StringEquals", &["x-${aws:RequestTag/team}-y"], &["x-red-y"], "yes"),
        ("StringEqualsIgnoreCase", &["${aws:RequestTag/team}"], &["RED"], "yes"),
        ("StringLike", &["${aws:RequestTag/team}/*"], &["red/x"], "yes"),
        ("StringLike", &["*${aws:RequestTag/star}"], &["xabc"], "no"),
        ("StringLike", &["*${aws:RequestTag/star}"], &["xa*"], "yes"),
        (
            "StringEquals",
            &["${aws:RequestTag/none}"],
            &["${aws:RequestTag/none}"],
            "no",
        ),
        ("StringNotEquals", &["${aws:RequestTag/none}"], &["a"], "yes"),
        ("StringEquals", &["${aws:RequestTag/none, 'blue'}"], &["blue"], "yes"),
        ("StringEquals", &["${aws:RequestTag/team, 'blue'}"], &["blue"], "no"),
        ("StringLike", &["a${*}${?}${$}*"], &["a*?$b"], "yes"),
        ("StringLike", &["a${*}"], &["ab"], "no"),
        ("StringEquals", &["${*}"], &["*"], "yes"),
        (
            "ArnLike",
            &["arn:aws:iam::${aws:PrincipalAccount}:role/*"],
            &["arn:aws:iam::111122223333:role/x"],
            "yes",
        ),
        (
            "ArnLike",
            &["arn:aws:iam::${aws:PrincipalAccount}:role/*"],
            &["arn:aws:iam::444455556666:role/x"],
            "no",
        ),
        // Not replaced: numbers, dates, addresses, and text that is no variable.
        (
            "NumericEquals",
            &["${aws:RequestTag/team}"],
            &["red"],
            "depends on aws:key",
        ),
        (
            "StringEquals",
            &["${aws:RequestTag/team"],
            &["${aws:RequestTag/team"],
            "yes",
        ),
    ]);
}

#[test]
fn a_variable_of_several_values_has_none() {
    let context = Context::new()
        .with_values("aws:TagKeys", ["a", "b"])
        .with("aws:key", "a")
        .rest_absent();
    assert_eq!(
        holds(r#"{"StringEquals":{"aws:key":"${aws:TagKeys}"}}"#, context.clone()),
        "no"
    );
    assert_eq!(
        holds(r#"{"StringEquals":{"aws:key":"${aws:TagKeys, 'a'}"}}"#, context),
        "yes"
    );
}

#[test]
fn unknown_keys_matter_only_where_they_decide() {
    let unknown = Context::new();
    let region = |value: &str| Context::new().with("aws:RequestedRegion", value);
    let rows = [
        (
            r#"{"StringEquals":{"aws:key":"a"}}"#,
            unknown.clone(),
            "depends on aws:key",
        ),
        (
            r#"{"StringEqualsIfExists":{"aws:key":"a"}}"#,
            unknown.clone(),
            "depends on aws:key",
        ),
        (r#"{"Null":{"aws:key":"true"}}"#, unknown.clone(), "depends on aws:key"),
        (
            r#"{"ForAllValues:StringEquals":{"aws:key":"a"}}"#,
            unknown.clone(),
            "depends on aws:key",
        ),
        // Another condition fails for certain.
        (
            r#"{"StringEquals":{"aws:key":"a","aws:RequestedRegion":"b"}}"#,
            region("c"),
            "no",
        ),
        (
            r#"{"StringEquals":{"aws:RequestedRegion":"b","aws:key":"a"}}"#,
            region("b"),
            "depends on aws:key",
        ),
        // A variable: what cannot match whatever its value is settled, and so is what matches by another value.
        (
            r#"{"StringEquals":{"aws:RequestedRegion":"x-${aws:key}"}}"#,
            region("y"),
            "no",
        ),
        (
            r#"{"StringEquals":{"aws:RequestedRegion":"x-${aws:key}"}}"#,
            region("x-y"),
            "depends on aws:key",
        ),
        (
            r#"{"StringEquals":{"aws:RequestedRegion":["${aws:key}","y"]}}"#,
            region("y"),
            "yes",
        ),
        (
            r#"{"StringNotEquals":{"aws:RequestedRegion":["${aws:key}","y"]}}"#,
            region("y"),
            "no",
        ),
    ];
    for (condition, context, expected) in rows {
        assert_eq!(holds(condition, context), expected, "{condition}");
    }
}

#[test]
fn keys_follow_from_the_caller_unless_stated() {
    let derived = Context::new();
    let rows = [
        (
            r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/path/dev"}}"#,
            "yes",
        ),
        (r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#, "yes"),
        (r#"{"StringEquals":{"aws:PrincipalType":"AssumedRole"}}"#, "yes"),
        (r#"{"StringEquals":{"aws:ResourceAccount":"111122223333"}}"#, "yes"),
        (r#"{"Bool":{"aws:PrincipalIsAWSService":"false"}}"#, "yes"),
        (r#"{"Null":{"aws:username":"true"}}"#, "yes"),
        (
            r#"{"Null":{"aws:SourceArn":"true","aws:PrincipalServiceName":"true"}}"#,
            "yes",
        ),
        (r#"{"StringLike":{"aws:userid":"*:alice"}}"#, "depends on aws:userid"),
    ];
    for (condition, expected) in rows {
        assert_eq!(holds(condition, derived.clone()), expected, "{condition}");
    }
    let stated = Context::new().with("aws:principalarn", "arn:aws:iam::111122223333:role/other");
    assert_eq!(holds(rows[0].0, stated), "no");
    assert_eq!(
        holds(rows[0].0, Context::new().unknown("aws:PrincipalArn")),
        "depends on aws:PrincipalArn"
    );
    assert_eq!(holds(rows[0].0, Context::new().without("aws:PrincipalArn")), "no");
    assert_eq!(
        holds(rows[7].0, Context::new().with("aws:userid", "AROAX:alice")),
        "yes"
    );
}
