//! Written documents.

use policy::{Document, Kind, PrincipalPattern, Statement, check, print};

use super::support::document;

fn sample() -> Document {
    Document::new(vec![
        Statement::allow("One", ["s3:GetObject"], ["arn:aws:s3:::a/*"]).when("Bool", "aws:SecureTransport", ["true"]),
        Statement::deny("Many", ["s3:A", "s3:B", "s3:C", "s3:D"], ["arn:aws:s3:::\"<&>", "b"])
            .principals([
                PrincipalPattern::Aws("111122223333".to_owned()),
                PrincipalPattern::Service("logs.amazonaws.com".to_owned()),
                PrincipalPattern::Aws("444455556666".to_owned()),
            ])
            .when("StringEquals", "aws:a", ["x", "y"])
            .when("Null", "aws:c", ["true"])
            .when("StringEquals", "aws:b", ["z"]),
    ])
}

#[test]
fn readable() {
    let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "One",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::a/*",
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "true"
        }
      }
    },
    {
      "Sid": "Many",
      "Effect": "Deny",
      "Principal": {
        "AWS": ["111122223333", "444455556666"],
        "Service": "logs.amazonaws.com"
      },
      "Action": [
        "s3:A",
        "s3:B",
        "s3:C",
        "s3:D"
      ],
      "Resource": ["arn:aws:s3:::\"<&>", "b"],
      "Condition": {
        "StringEquals": {
          "aws:a": ["x", "y"],
          "aws:b": "z"
        },
        "Null": {
          "aws:c": "true"
        }
      }
    }
  ]
}
"#;
    assert_eq!(print::readable(&sample()), expected);
}

#[test]
fn minified_and_as_terraform_encodes() {
    let minified = print::minified(&sample());
    assert!(
        minified.starts_with(r#"{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow","#),
        "{minified}"
    );
    assert!(!minified.contains(": ") && !minified.contains('\n'));
    assert!(minified.contains(r#""arn:aws:s3:::\"<&>""#));
    let encoded = print::as_terraform_encodes(&sample());
    assert!(encoded.contains(r#""arn:aws:s3:::\"\u003c\u0026\u003e""#));
    assert_eq!(encoded.len(), minified.len() + 15);
}

#[test]
fn a_long_list_takes_lines() {
    let long = "arn:aws:s3:::a-bucket-with-a-rather-long-name/*";
    let document = Document::new(vec![Statement::allow("S", ["s3:A"], [long, long])]);
    assert!(print::readable(&document).contains(&format!(
        "\"Resource\": [\n        \"{long}\",\n        \"{long}\"\n      ]"
    )));
}

#[test]
fn what_has_no_form_in_json_is_found_by_check() {
    let twice = Document::new(vec![
        Statement::allow("S", ["s3:A"], ["*"])
            .when("StringLike", "aws:a", ["x"])
            .when("StringLike", "aws:a", ["y"]),
    ]);
    let errors = check(&twice, Kind::Identity);
    assert_eq!(errors.len(), 1);
    assert_eq!(
        errors[0].to_string(),
        "$.Statement[0].Condition.StringLike['aws:a']: `aws:a` is there twice"
    );
    assert_eq!(
        check(
            &document(Kind::Identity, &print::minified(&super::support::allow("*", "*"))),
            Kind::Identity
        ),
        []
    );
}
