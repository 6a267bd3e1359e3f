//! Correct configurations that rules once fired on.
#![allow(clippy::unwrap_used, reason = "a panic is a test's report")]

use check::{Input, Options};
use findings::Severity;

/// What is found in a file above info.
fn found(name: &str, text: &str) -> Vec<String> {
    let input = Input::Text {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let report = check::run(&[input], &Options::default()).unwrap();
    let above_info = report
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info);
    above_info
        .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
        .collect()
}

#[test]
fn import_with_for_each_has_each() {
    let text = r#"
locals {
  buckets = { a = "acme-a", b = "acme-b" }
}

import {
  for_each = local.buckets
  to       = aws_s3_bucket.this[each.key]
  id       = each.value
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets
  bucket   = each.value
}
"#;
    assert_eq!(found("main.tf", text), Vec::<String>::new());
}

#[test]
fn the_policy_of_a_vpc_endpoint_grants_nothing_to_everybody() {
    let text = r#"
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.us-east-1.s3"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"
    }]
  })
}
"#;
    assert_eq!(found("main.tf", text), Vec::<String>::new());
}

#[test]
fn items_are_read_by_a_key_that_is_always_there() {
    let text = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["dynamodb:GetItem", "dynamodb:Query"],
    "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/scores",
    "Condition": { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["${aws:userid}"] } }
  }
}"#;
    assert_eq!(found("identity.json", text), Vec::<String>::new());
}

#[test]
fn one_impossible_value_of_several_does_not_decide_a_condition() {
    let text = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": { "IpAddress": { "aws:SourceIp": ["52.94.0.0/16", "10.0.0.0/8"] } }
  }
}"#;
    let found = found("identity.json", text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("this value has no effect"), "{found:?}");
}

#[test]
fn what_a_sample_leaves_to_be_filled_in_is_no_value() {
    let policy = |value: &str| {
        format!(
            r#"{{
  "Version": "2012-10-17",
  "Statement": {{
    "Effect": "Deny",
    "Action": "s3:DeleteObject",
    "Resource": "*",
    "Condition": {{
      "NotIpAddressIfExists": {{"aws:SourceIp": ["{value}"]}},
      "StringNotEqualsIfExists": {{"aws:PrincipalOrgID": "{value}", "aws:SourceVpc": ["{value}", "{value}"]}},
      "ArnNotLikeIfExists": {{"aws:PrincipalArn": "{value}"}}
    }}
  }}
}}"#
        )
    };
    assert_eq!(
        found("perimeter.json", &policy("<my-corporate-cidr>")),
        Vec::<String>::new()
    );
    // Without the brackets it is one, and wrong.
    assert!(found("perimeter.json", &policy("my-corporate-cidr")).len() >= 4);
}
