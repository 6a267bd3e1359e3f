//! Comparison of documents.

use policy::{Kind, canonical, equivalent};

use super::support::document;

fn same(a: &str, b: &str) -> bool {
    let of = |statement: &str| {
        document(
            Kind::Resource,
            &format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
        )
    };
    equivalent(&of(a), &of(b))
}

#[test]
fn what_makes_no_difference() {
    let base = r#"{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["s3:GetObject","s3:PutObject"],
        "Resource":["arn:aws:s3:::a","arn:aws:s3:::b"],"Condition":{"StringLike":{"aws:PrincipalTag/a":["x","y"]},"Bool":{"aws:SecureTransport":true}}}"#;
    for other in [
        r#"{"Action":["s3:PutObject","S3:getobject","s3:PutObject"],"Principal":{"AWS":["arn:aws:iam::111122223333:root","111122223333"]},
            "Effect":"Allow","Resource":["arn:aws:s3:::b","arn:aws:s3:::a"],
            "Condition":{"bool":{"AWS:securetransport":["True"]},"StringLike":{"aws:PrincipalTag/A":["y","x","y"]}}}"#,
        base,
    ] {
        assert!(same(base, other), "{other}");
    }
    assert!(same(&format!("{base},{base}"), base));
}

#[test]
fn two_names_of_one_operator_and_what_has_no_case() {
    let of = |condition: &str| {
        format!(
            r#"{{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*","Condition":{condition}}}"#
        )
    };
    for (a, b, expected) in [
        (
            r#"{"ArnLike":{"aws:x":"arn:aws:s3:::a"}}"#,
            r#"{"ArnEquals":{"aws:x":"arn:aws:s3:::a"}}"#,
            true,
        ),
        (
            r#"{"ArnNotEqualsIfExists":{"aws:x":"arn:aws:s3:::a"}}"#,
            r#"{"ArnNotLikeIfExists":{"aws:x":"arn:aws:s3:::a"}}"#,
            true,
        ),
        (
            r#"{"ArnNotLike":{"aws:x":"arn:aws:s3:::a"}}"#,
            r#"{"ArnEquals":{"aws:x":"arn:aws:s3:::a"}}"#,
            false,
        ),
        (
            r#"{"StringEqualsIgnoreCase":{"aws:x":"RÄD"}}"#,
            r#"{"StringEqualsIgnoreCase":{"aws:x":"räd"}}"#,
            true,
        ),
        (
            r#"{"StringNotEqualsIgnoreCase":{"aws:x":"A"}}"#,
            r#"{"StringNotEqualsIgnoreCase":{"aws:x":"a"}}"#,
            true,
        ),
        (
            r#"{"StringEquals":{"aws:x":"A"}}"#,
            r#"{"StringEquals":{"aws:x":"a"}}"#,
            false,
        ),
    ] {
        assert_eq!(same(&of(a), &of(b)), expected, "{a} {b}");
    }
}

#[test]
fn what_makes_a_difference() {
    let base = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::a","Condition":{"StringLike":{"aws:x":"a"}}}"#;
    for (from, to) in [
        ("Allow", "Deny"),
        (r#""*""#, r#"{"AWS":"*"}"#),
        ("s3:GetObject", "s3:GetObjectAcl"),
        ("Action", "NotAction"),
        ("arn:aws:s3:::a", "arn:aws:s3:::A"),
        (r#""Resource""#, r#""NotResource""#),
        ("StringLike", "StringLikeIfExists"),
        ("StringLike", "StringEquals"),
        (r#""a"}"#, r#""A"}"#),
        ("aws:x", "aws:y"),
        (r#""Effect""#, r#""Sid":"S","Effect""#),
    ] {
        assert!(base.contains(from));
        assert!(!same(base, &base.replacen(from, to, 1)), "{from} → {to}");
    }
}

#[test]
fn the_canonical_form_is_sorted() {
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Sid":"B","Effect":"Deny","Action":"S3:*","Resource":"*"},
        {"Sid":"A","Effect":"Allow","Action":["ec2:B","EC2:a"],"Resource":"*"}]}"#;
    let canonical = canonical(&document(Kind::Identity, policy));
    let text = policy::print::minified(&canonical);
    assert_eq!(
        text,
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":["ec2:a","ec2:b"],"Resource":"*"},{"Sid":"B","Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#
    );
}
