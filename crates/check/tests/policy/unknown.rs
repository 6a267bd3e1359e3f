//! What is not known: the rules are silent about what turns on it, and only about that.

use check::policy::{Context, Part, lint};
use policy::Kind;

use crate::support::{found, kind, one, shown};

fn silent(of: &str, text: &str) {
    let found = found(of, text);
    assert!(found.is_empty(), "{text}\n{}", shown(&found));
}

#[test]
fn unknown_pieces_of_strings_may_be_anything() {
    let x = '\u{fffc}';
    for members in [
        format!(r#""Effect":"Allow","Action":"s3:{x}","Resource":"*""#),
        format!(r#""Effect":"Allow","Action":"{x}:GetObject","Resource":"arn:aws:s3:::b/*""#),
        format!(r#""Effect":"Allow","Action":"s3:Get{x}","Resource":"arn:aws:s3:::b""#),
        format!(r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::{x}""#),
        format!(r#""Effect":"Allow","Action":"sns:Publish","Resource":"arn:{x}:sns:{x}:{x}:alerts""#),
        format!(r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"{x}""#),
        format!(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"{x}/*""#),
        format!(r#""Sid":"{x}-a","Effect":"{x}","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        format!(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{"{x}":{{"s3:prefix":"a"}}}}"#)
            .replace("s3:prefix", &format!("{x}:a")),
        format!(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{"IpAddress":{{"aws:SourceIp":"{x}/24"}}}}"#),
        format!(r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{{"StringEquals":{{"aws:RequestTag/{x}":"{x}"}}}}"#),
    ] {
        silent("identity", &one(&members));
        // As an escape it is the same.
        silent("identity", &one(&members.replace(x, "\\ufffc")));
    }
}

#[test]
fn unknown_values_may_be_of_any_type() {
    let x = '\u{fffc}';
    silent("identity", &format!(r#"{{"Version":"2012-10-17","Statement":"{x}"}}"#));
    silent("identity", &format!(r#"{{"Version":"{x}","Statement":["{x}"]}}"#));
    silent("identity", &format!(r#"{{"{x}":0}}"#));
    for members in [
        format!(r#""Effect":"Allow","Action":"{x}","Resource":"{x}""#),
        format!(r#""Effect":"Allow","Action":["{x}"],"Resource":"arn:aws:s3:::b""#),
        format!(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":"{x}""#),
        format!(r#""Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringEquals":"{x}"}}"#),
        format!(r#""Effect":"Allow","Action":"*","Resource":"*","{x}":0"#),
        format!(r#""{x}":0"#),
        format!(r#""Effect":"Allow","Action":"s3:ListBucket","Resource":["arn:aws:s3:::b/*","{x}"]"#),
        format!(
            r#""Effect":"Allow","Action":["s3:ListBucket","{x}"],"Resource":["arn:aws:s3:::b/*","arn:aws:s3:::b"]"#
        ),
    ] {
        silent("identity", &one(&members));
    }
    silent(
        "trust",
        &one(&format!(
            r#""Effect":"Allow","Principal":"{x}","Action":"sts:AssumeRole""#
        )),
    );
    silent(
        "trust",
        &one(&format!(
            r#""Effect":"Allow","Principal":{{"AWS":"{x}"}},"Action":"sts:AssumeRole""#
        )),
    );
    silent(
        "trust",
        &one(&format!(
            r#""Effect":"Allow","Principal":{{"AWS":["arn:aws:iam::{x}:root","{x}"]}},"Action":"sts:AssumeRole""#
        )),
    );
    silent(
        "resource",
        &one(&format!(
            r#""Effect":"Allow","Principal":{{"{x}":"{x}"}},"Action":"sqs:SendMessage","Resource":"{x}""#
        )),
    );
}

#[test]
fn an_unknown_issuer_and_its_unknown_keys_may_be_the_same() {
    let x = '\u{fffc}';
    silent(
        "trust",
        &one(&format!(
            r#""Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::{x}:oidc-provider/{x}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"{x}:aud":"{x}","{x}:sub":"{x}"}}}}"#
        )),
    );
    // Two names that are not known may differ.
    silent(
        "trust",
        &one(&format!(
            r#""Effect":"Allow","Principal":{{"Federated":"{x}"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"{x}:aud":"a","{x}:aud":"b"}}}}"#
        )),
    );
}

#[test]
fn what_is_known_beside_is_checked() {
    let x = '\u{fffc}';
    for (rule, members) in [
        (
            "policy-service",
            format!(r#""Effect":"Allow","Action":"s4:{x}","Resource":"{x}""#),
        ),
        (
            "policy-action",
            format!(r#""Effect":"Allow","Action":["s3:GetObjcet","{x}"],"Resource":"{x}""#),
        ),
        (
            "policy-action-resource",
            format!(r#""Effect":"Allow","Action":["s3:ListBucket","{x}"],"Resource":"arn:aws:s3:::{x}/*""#),
        ),
        (
            "policy-action-resource",
            format!(r#""Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sqs:{x}:{x}:a""#),
        ),
        (
            "policy-arn",
            format!(r#""Effect":"Allow","Action":"sns:Publish","Resource":"arn:asw:sns:{x}:{x}:a""#),
        ),
        (
            "policy-grammar",
            format!(r#""Effect":"allow","Action":"{x}","Resource":"{x}""#),
        ),
        (
            "policy-grammar",
            format!(r#""Effect":"Allow","Action":"{x}","NotAction":"{x}","Resource":"{x}""#),
        ),
        (
            "policy-kind",
            format!(r#""Effect":"Allow","Principal":"{x}","Action":"{x}","Resource":"{x}""#),
        ),
        (
            "policy-condition-key",
            format!(
                r#""Effect":"Allow","Action":"{x}","Resource":"{x}","Condition":{{"StringEquals":{{"aws:SourceVpcc":"{x}"}}}}"#
            ),
        ),
        (
            "policy-pass-role",
            format!(r#""Effect":"Allow","Action":["iam:PassRole","{x}"],"Resource":"*""#),
        ),
    ] {
        let found = found("identity", &one(&members));
        assert!(
            found.iter().any(|finding| finding.rule.id == rule),
            "{rule} {members}\n{}",
            shown(&found)
        );
    }
}

#[test]
fn placeholders_of_templates_are_unknown_where_the_text_is_one() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:${action}","Resource":"arn:aws:s3:::${bucket}/${aws:username}/*"}, ${more}]}"#;
    let template = Context {
        template: true,
        ..Context::default()
    };
    assert!(lint(text, Some(Kind::Identity), &template).is_empty());
    let text = text.replace(", ${more}", "");
    let found = lint(&text, Some(Kind::Identity), &template);
    assert!(found.is_empty(), "{}", shown(&found));
    let found = lint(&text, Some(Kind::Identity), &Context::default());
    assert!(
        found.iter().any(|finding| finding.rule.id == "policy-variable"),
        "{}",
        shown(&found)
    );
}

#[test]
fn places_are_paths_and_bytes() {
    let text = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"ü\u{fffc}\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:Gut\"],\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:SourceVpcc\":\"vpc-1\"}}}}";
    let found = lint(text, kind("identity"), &Context::default());
    let places: Vec<_> = found
        .iter()
        .map(|f| (f.path.as_str(), f.part, &text[f.span.clone()]))
        .collect();
    assert_eq!(
        places,
        [
            ("$.Statement.Action[1]", Part::Value, "\"s3:Gut\""),
            (
                "$.Statement.Condition.StringEquals['aws:SourceVpcc']",
                Part::Name,
                "\"aws:SourceVpcc\""
            ),
        ]
    );
}

/// Nothing that can be thrown at it makes it panic, and what is unknown never makes a finding where all is unknown.
#[test]
fn broken_documents_are_findings() {
    let whole = one(
        r#""Sid":"A","Effect":"Allow","Principal":{"AWS":"*"},"Action":["s3:Get*","iam:PassRole"],"Resource":["arn:aws:s3:::b/${aws:username}"],"Condition":{"ForAllValues:StringLike":{"aws:TagKeys":["a"]}}"#,
    );
    for end in whole.char_indices().map(|(at, _)| at) {
        for kind in ["identity", "trust", "resource", "any"] {
            assert!(!found(kind, &whole[..end]).is_empty());
            let cut = format!("{}{}", &whole[..end], &whole[(end + 1).min(whole.len())..]);
            let _ = found(kind, &cut);
        }
    }
}

#[test]
fn nesting_of_any_depth_is_a_finding() {
    for open in ["[", "{\"Statement\":", "{\"a\":["] {
        let text = open.repeat(100_000);
        assert!(!found("identity", &text).is_empty());
        let closed = format!(
            "{text}0{}",
            if open == "[" {
                "]".repeat(100_000)
            } else {
                String::new()
            }
        );
        assert!(!found("identity", &closed).is_empty());
    }
}
