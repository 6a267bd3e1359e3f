//! Each rule on documents that have the fault and on near ones that have not. Pages and planted faults are further cases.

use std::collections::BTreeMap;

use check::policy::{Context, RULES, lint};
use findings::Severity;
use policy::Kind;
use policy::size::Attachment;

use crate::support::{found, kind, one, shown};

/// Rule, kind, whether it fires, and the document or the members of its only statement.
type Case = (&'static str, &'static str, bool, String);

fn case(rule: &'static str, kind: &'static str, fires: bool, text: &str) -> Case {
    let text = if text.starts_with('{') { text.to_owned() } else { one(text) };
    (rule, kind, fires, text)
}

/// Statements of an action alone, and of one with conditions.
fn action(action: &str) -> String {
    format!(r#""Effect":"Allow","Action":{action},"Resource":"*""#)
}

fn when(action: &str, condition: &str) -> String {
    format!(r#""Effect":"Allow","Action":"{action}","Resource":"*","Condition":{condition}"#)
}

fn on(action: &str, resource: &str) -> String {
    format!(r#""Effect":"Allow","Action":{action},"Resource":{resource}"#)
}

fn trusting(principal: &str, action: &str, condition: &str) -> String {
    format!(r#""Effect":"Allow","Principal":{principal},"Action":{action},"Condition":{condition}"#)
}

fn names() -> Vec<Case> {
    let mut cases = Vec::new();
    for (fires, text) in [
        (true, r#""s33:GetObject""#),
        (true, r#"["s3:GetObject","lamda:InvokeFunction"]"#),
        (true, r#""cloudwatchlogs:PutLogEvents""#),
        (false, r#""S3:GetObject""#),
        (false, r#""bedrock-mantle:*""#),
        (false, r#""*""#),
        (false, r#""sso-directory:*""#),
    ] {
        cases.push(case("policy-service", "identity", fires, &action(text)));
    }
    for (fires, text) in [
        (true, r#""s3:PutObjects""#),
        (true, r#""lambda:Invoke""#),
        (true, r#""iam:Lits*""#),
        (true, r#""bedrock:StartAsyncInvoke""#),
        (false, r#""S3:getobject""#),
        (false, r#""s3:Get?bject""#),
        (false, r#""iam:*""#),
        (false, r#""nosuch:Thing""#),
    ] {
        cases.push(case("policy-action", "identity", fires, &action(text)));
    }
    for (fires, text) in [
        (true, r#"{"StringEquals":{"aws:PrincipleArn":"a"}}"#),
        (true, r#"{"StringEquals":{"s3:prefix/x":"a"}}"#),
        (true, r#"{"StringEquals":{"prefix":"a"}}"#),
        (true, r#"{"StringEquals":{"token.actions.githubusercontent.com:branch":"a"}}"#),
        (false, r#"{"StringEquals":{"AWS:principalarn":"a"}}"#),
        (false, r#"{"StringEquals":{"aws:PrincipalTag/a/b":"a"}}"#),
        (false, r#"{"StringEquals":{"login.acme.example/v2:groups":"a"}}"#),
        (false, r#"{"StringEquals":{"s3:ExistingObjectTag/team":"a"}}"#),
        (false, r#"{"StringEquals":{"kms:EncryptionContext:aws:logs:arn":"a"}}"#),
        (false, r#"{"StringEquals":{"bedrock:bearerTokenType":"LONG_TERM"}}"#),
        (false, r#"{"StringEquals":{"saml:aud":"a"}}"#),
    ] {
        cases.push(case("policy-condition-key", "identity", fires, &when("*", text)));
    }
    for (fires, name) in [
        (true, "StringsLike"),
        (true, "ForAnyValues:StringLike"),
        (true, "NullIfExists"),
        (true, "Equals"),
        (false, "stringlike"),
        (false, "ForAnyValue:StringLikeIfExists"),
        (false, "ArnNotEquals"),
    ] {
        cases.push(case("policy-operator", "identity", fires, &when("*", &format!(r#"{{"{name}":{{"aws:userid":"a"}}}}"#))));
    }
    for (fires, text) in [
        (true, "arn:aws:s3:::b/${aws:usrname}/*"),
        (true, "arn:aws:s3:::b/${username}/*"),
        (true, "arn:aws:iam::${aws:PrincipalAccount}:role/x"),
        (false, "arn:aws:s3:::b/${aws:username}/*"),
        (false, "arn:aws:s3:::b/${*}/${aws:PrincipalTag/team, 'none'}"),
        (false, "arn:aws:s3:::b/${www.amazon.com:user_id}/*"),
    ] {
        cases.push(case("policy-variable", "identity", fires, &on("\"*\"", &format!("\"{text}\""))));
    }
    cases
}

fn grammar() -> Vec<Case> {
    vec![
        case("policy-json", "identity", true, "{\"Version\": }"),
        case("policy-json", "identity", true, r#"{"Version":"2012-10-17","Statement":[] // none
        }"#),
        case("policy-json", "identity", true, r#""Effect":"Allow","Action":"*","Resource":"*","effect":"Deny""#),
        case("policy-json", "identity", true, r#""Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/→""#),
        case("policy-json", "resource", false, r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/→""#),
        case("policy-json", "identity", false, r#""Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/ä""#),
        case("policy-json", "identity", false, "\"Effect\":\"Allow\",\r\n\t\"Action\":\"*\",\"Resource\":\"*\""),
        case("policy-grammar", "identity", true, "{\"Version\": \"2012-10-17\"}"),
        case("policy-grammar", "identity", true, r#""Effect":"Allow","Action":[],"Resource":"*""#),
        case("policy-grammar", "identity", true, r#""Effect":"Allow","Action":"GetObject","Resource":"*""#),
        case("policy-grammar", "identity", true, r#""Effect":"Allow","Action":"s*:Get","Resource":"*""#),
        case("policy-grammar", "identity", true, r#""Effect":"Allow","Action":5,"Resource":"*""#),
        case("policy-grammar", "identity", true, r#""Effect":"Allow","Action":"*","Resource":"*","Comment":"x""#),
        case("policy-grammar", "identity", false, r#""Effect":"Allow","Action":"*","Resource":"*""#),
        case("policy-grammar", "scp", false, r#""Effect":"Deny","NotAction":"*","NotResource":"*""#),
        case("policy-grammar", "trust", false, r#""Effect":"Allow","Principal":"*","Action":"sts:AssumeRole""#),
        case("policy-kind", "boundary", true, r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#),
        case("policy-kind", "identity", true, r#"{"Version":"2012-10-17","Id":"x","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#),
        case("policy-kind", "trust", true, r#""Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"Action":"sts:AssumeRole""#),
        case("policy-kind", "scp", true, r#""Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/*""#),
        case("policy-kind", "scp", false, r#""Effect":"Allow","Action":"s3:*","Resource":"*""#),
        case("policy-kind", "resource", false, r#""Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*""#),
        case("policy-kind", "any", false, r#"{"Version":"2012-10-17","Id":"x","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
        case("policy-principal", "trust", true, r#""Effect":"Allow","Principal":"123456789012","Action":"sts:AssumeRole""#),
        case("policy-principal", "trust", true, r#""Effect":"Allow","Principal":{"Service":"*.amazonaws.com"},"Action":"sts:AssumeRole""#),
        case("policy-principal", "resource", true, r#""Effect":"Allow","Principal":{"AWS":"alice"},"Action":"s3:*","Resource":"arn:aws:s3:::b/*""#),
        case("policy-principal", "trust", false, r#""Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole""#),
        case("policy-principal", "trust", false, r#""Effect":"Allow","Principal":{"AWS":"AROAEXAMPLEID123456"},"Action":"sts:AssumeRole""#),
        case("policy-principal", "trust", false, r#""Effect":"Allow","Principal":{"AWS":"*","Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#),
        case("policy-sid", "identity", true, r#""Sid":"a b","Effect":"Allow","Action":"*","Resource":"*""#),
        case("policy-sid", "scp", true, r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":"*"},{"Sid":"A","Effect":"Deny","Action":"sns:*","Resource":"*"}]}"#),
        case("policy-sid", "resource", true, r#"{"Version":"2012-10-17","Statement":[{"Sid":"A b","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"},{"Sid":"A b","Effect":"Deny","Principal":"*","Action":"s3:Get*","Resource":"*"}]}"#),
        case("policy-sid", "resource", false, r#""Sid":"a b","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#),
        case("policy-sid", "identity", false, r#"{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Deny","Action":"s3:*","Resource":"*"},{"Sid":"","Effect":"Deny","Action":"sns:*","Resource":"*"}]}"#),
        case("policy-sid", "identity", false, r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"sns:*","Resource":"*"}]}"#),
        case("policy-version", "identity", true, r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
        case("policy-version", "resource", true, r#"{"Version":"2008-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}"#),
        case("policy-version", "identity", true, r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:userid":"${aws:username}"}}}}"#),
        case("policy-version", "identity", false, r#""Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::${aws:username}""#),
        case("policy-version", "identity", false, r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
        case("policy-version", "identity", false, r#"{"Version":"2020-01-01","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#),
    ]
}

fn resources() -> Vec<Case> {
    let mut cases = Vec::new();
    for (fires, text) in [
        (true, "arn:aws:s3::b"),
        (true, "arn:aws:ec2:us-east-1b:123456789012:instance/*"),
        (true, "arn:aws:*:us-east-1:123456789012:x"),
        (true, "bucket/*"),
        (true, "arn:aws:s3"),
        (true, "arn:aws:dynamodb:us-east-1:123456789012:tables/x"),
        (false, "arn:aws:s3:::b"),
        (false, "arn:aws:bedrock:::foundation-model/x"),
        (false, "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"),
        (false, "arn:aws:logs:us-east-1:123456789012:log-group:/a:log-stream:b"),
        (false, "arn:*:s3:::*"),
    ] {
        cases.push(case("policy-arn", "identity", fires, &on("\"*\"", &format!("\"{text}\""))));
    }
    for (fires, action, resource) in [
        (true, r#""s3:GetObject""#, r#""arn:aws:s3:::b""#),
        (true, r#"["s3:GetObject","s3:ListBucket"]"#, r#""arn:aws:s3:::b""#),
        (true, r#"["s3:GetObject"]"#, r#"["arn:aws:s3:::b/*","arn:aws:sns:us-east-1:123456789012:t"]"#),
        (true, r#""iam:PassRole""#, r#""arn:aws:iam::123456789012:user/a""#),
        (true, r#""bedrock:InvokeModel""#, r#""arn:aws:bedrock:us-east-1:123456789012:inference-profiles/x""#),
        (false, r#"["s3:GetObject","s3:ListBucket"]"#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#),
        (false, r#"["s3:GetObject"]"#, r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#),
        (false, r#"["s3:GetObject","s3:ListBucket"]"#, r#""arn:aws:s3:::b*""#),
        (false, r#""s3:ListAllMyBuckets""#, r#""arn:aws:s3:::*""#),
        (false, r#"["ec2:DescribeInstances","s3:GetObject"]"#, r#""*""#),
        (false, r#""sts:AssumeRole""#, r#""arn:aws:iam::*:role/x""#),
        (false, r#""bedrock:InvokeModel*""#, r#""arn:aws:bedrock:::foundation-model/x""#),
        (false, r#""bedrock:InvokeModel*""#, r#""arn:aws:bedrock:*:*:application-inference-profile/*""#),
        (false, r#""logs:PutLogEvents""#, r#""arn:aws:logs:*:*:log-group:/aws/x:*""#),
        (false, r#""ssm:GetParameter""#, r#""arn:aws:ssm:us-east-1::parameter/aws/service/x""#),
        (false, r#""s3:Nothing""#, r#""arn:aws:sns:us-east-1:123456789012:t""#),
    ] {
        cases.push(case("policy-action-resource", "identity", fires, &on(action, resource)));
    }
    cases
}

fn conditions() -> Vec<Case> {
    let mut cases = Vec::new();
    for (fires, action, condition) in [
        (true, "s3:PutObject", r#"{"StringEquals":{"s3:prefix":"a"}}"#),
        (true, "lambda:InvokeFunction", r#"{"StringEquals":{"ec2:InstanceType":"a"}}"#),
        (true, "s3:ListAllMyBuckets", r#"{"StringEquals":{"aws:ResourceTag/a":"a"}}"#),
        (false, "s3:ListBucket", r#"{"StringEquals":{"s3:prefix":"a"}}"#),
        (false, "s3:*", r#"{"StringEquals":{"s3:prefix":"a"}}"#),
        (false, "*", r#"{"StringEquals":{"s3:prefix":"a"}}"#),
        (false, "s3:PutObject", r#"{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}"#),
        (false, "bedrock:InvokeModel", r#"{"ArnLike":{"bedrock:InferenceProfileArn":"arn:aws:bedrock:*:*:*"}}"#),
        (false, "lambda:InvokeFunction", r#"{"ArnLike":{"lambda:SourceFunctionArn":"arn:aws:lambda:*:*:*"}}"#),
        (false, "aws-marketplace:Subscribe", r#"{"ForAnyValue:StringEquals":{"aws-marketplace:ProductId":"a"}}"#),
    ] {
        cases.push(case("policy-action-condition", "identity", fires, &when(action, condition)));
    }
    for (rule, fires, condition) in [
        ("policy-condition-type", true, r#"{"NumericEquals":{"aws:username":"5"}}"#),
        ("policy-condition-type", true, r#"{"Bool":{"aws:CurrentTime":"true"}}"#),
        ("policy-condition-type", true, r#"{"ArnLike":{"aws:SecureTransport":"true"}}"#),
        ("policy-condition-type", true, r#"{"StringLike":{"aws:PrincipalOrgPaths":"o-*"}}"#),
        ("policy-condition-type", false, r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}"#),
        ("policy-condition-type", false, r#"{"StringEquals":{"aws:SecureTransport":"true"}}"#),
        ("policy-condition-type", false, r#"{"Null":{"aws:TagKeys":"true"}}"#),
        ("policy-condition-type", false, r#"{"NumericLessThan":{"aws:EpochTime":"1700000000"}}"#),
        ("policy-condition-type", false, r#"{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}}"#),
        ("policy-condition-value", true, r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/33"}}"#),
        ("policy-condition-value", true, r#"{"Null":{"aws:userid":"yes"}}"#),
        ("policy-condition-value", true, r#"{"ArnLike":{"aws:PrincipalArn":["arn:aws:iam::*:role/a","role/b"]}}"#),
        ("policy-condition-value", true, r#"{"NumericEquals":{"aws:MultiFactorAuthAge":"${aws:EpochTime}"}}"#),
        ("policy-condition-value", true, r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3::b"}}"#),
        ("policy-condition-value", false, r#"{"IpAddress":{"aws:SourceIp":["203.0.113.7","2001:db8::/32"]}}"#),
        ("policy-condition-value", false, r#"{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}"#),
        ("policy-condition-value", false, r#"{"Bool":{"aws:ViaAWSService":true}}"#),
        ("policy-condition-value", false, r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:b"}}"#),
        ("policy-condition-value", false, r#"{"ArnLike":{"aws:SourceArn":"*"}}"#),
        ("policy-empty-condition", true, r#"{}"#),
        ("policy-empty-condition", true, r#"{"StringEquals":{}}"#),
        ("policy-empty-condition", true, r#"{"StringEquals":{"aws:userid":[]}}"#),
        ("policy-empty-condition", false, r#"{"StringEquals":{"aws:userid":[""]}}"#),
        ("policy-empty-condition", false, r#"{"StringEquals":{"aws:userid":"a"}}"#),
        ("policy-empty-condition", false, r#"{"Null":{"aws:userid":"true"}}"#),
        ("policy-for-all-values", true, r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}"#),
        ("policy-for-all-values", true, r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:TagKeys":"true"}}"#),
        ("policy-for-all-values", true, r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"},"StringEquals":{"aws:userid":"a"}}"#),
        ("policy-for-all-values", false, r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"},"Null":{"aws:tagkeys":"false"}}"#),
        ("policy-for-all-values", false, r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}}"#),
        ("policy-for-all-values", false, r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}}"#),
        ("policy-never-matches", true, r#"{"StringEquals":{"aws:SourceAccount":"acme"}}"#),
        ("policy-never-matches", true, r#"{"StringEquals":{"aws:PrincipalOrgID":"123456789012"}}"#),
        ("policy-never-matches", true, r#"{"StringEquals":{"aws:userid":"AROA*"}}"#),
        ("policy-never-matches", true, r#"{"StringEquals":{"aws:userid":"a"},"StringEqualsIgnoreCase":{"aws:userid":"b"}}"#),
        ("policy-never-matches", true, r#"{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"60"},"NumericLessThan":{"aws:MultiFactorAuthAge":"60"}}"#),
        ("policy-never-matches", true, r#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01"},"DateGreaterThan":{"aws:CurrentTime":"2026-02-01"}}"#),
        ("policy-never-matches", true, r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#),
        ("policy-never-matches", false, r#"{"StringEquals":{"aws:RequestedRegion":["us-east-1","unspecified"]}}"#),
        ("policy-never-matches", false, r#"{"StringLike":{"aws:userid":"AROA*"},"StringNotEquals":{"aws:userid":"b"}}"#),
        ("policy-never-matches", false, r#"{"StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}}"#),
        ("policy-never-matches", false, r#"{"NumericGreaterThan":{"aws:MultiFactorAuthAge":"60"},"NumericLessThan":{"aws:MultiFactorAuthAge":"90"}}"#),
        ("policy-never-matches", false, r#"{"NumericGreaterThanEquals":{"aws:MultiFactorAuthAge":"60"},"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"60"}}"#),
        ("policy-never-matches", false, r#"{"Null":{"aws:userid":"true"},"StringEqualsIfExists":{"aws:userid":"a"}}"#),
        ("policy-never-matches", false, r#"{"StringEquals":{"aws:userid":"${*}"}}"#),
    ] {
        cases.push(case(rule, "identity", fires, &when("*", condition)));
    }
    cases
}

fn reach() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |rule, kind, fires, text: &str| cases.push(case(rule, kind, fires, text));
    add("policy-admin", "identity", true, &action("\"*\""));
    add("policy-admin", "identity", true, &action("[\"s3:Get*\",\"*\"]"));
    add("policy-admin", "any", true, &action("\"*\""));
    add("policy-admin", "scp", false, &action("\"*\""));
    add("policy-admin", "boundary", false, &action("\"*\""));
    add("policy-admin", "identity", false, &when("*", r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#));
    add("policy-admin", "identity", false, r#""Effect":"Deny","Action":"*","Resource":"*""#);
    add("policy-service-wildcard", "identity", true, &action("\"IAM:*\""));
    add("policy-service-wildcard", "identity", true, &action("\"sts:*\""));
    add("policy-service-wildcard", "any", true, &action("\"kms:*\""));
    add("policy-service-wildcard", "identity", false, &action("\"s3:*\""));
    add("policy-service-wildcard", "identity", false, &on("\"kms:*\"", "\"arn:aws:kms:us-east-1:123456789012:key/a\""));
    add("policy-service-wildcard", "resource", false, r#""Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"kms:*","Resource":"*""#);
    add("policy-pass-role", "identity", true, &action("\"iam:PassRole\""));
    add("policy-pass-role", "identity", true, &on("\"iam:Pass*\"", "\"arn:aws:iam::*:role/*\""));
    add("policy-pass-role", "identity", true, &when("iam:PassRole", r#"{"StringLike":{"iam:PassedToService":"*"}}"#));
    add("policy-pass-role", "identity", true, &when("iam:PassRole", r#"{"StringEqualsIfExists":{"iam:PassedToService":"a.amazonaws.com"}}"#));
    add("policy-pass-role", "identity", false, &when("iam:PassRole", r#"{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}"#));
    add("policy-pass-role", "identity", false, &on("\"iam:PassRole\"", "\"arn:aws:iam::*:role/app-*\""));
    add("policy-pass-role", "scp", false, &action("\"iam:PassRole\""));
    add("policy-negated-allow", "identity", true, r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#);
    add("policy-negated-allow", "identity", true, r#""Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::b/*""#);
    add("policy-negated-allow", "resource", true, r#""Effect":"Allow","Principal":{"AWS":"123456789012"},"NotAction":"s3:Delete*","Resource":"arn:aws:s3:::b/*""#);
    add("policy-negated-allow", "identity", false, r#""Effect":"Deny","NotAction":"iam:*","Resource":"*""#);
    add("policy-negated-allow", "boundary", false, r#""Effect":"Allow","NotAction":"iam:*","Resource":"*""#);
    add("policy-negated-allow", "scp", false, r#""Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b/*""#);
    add("policy-public-principal", "trust", true, &trusting("\"*\"", "\"sts:AssumeRole\"", "{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}"));
    add("policy-public-principal", "resource", true, r#""Effect":"Allow","Principal":{"AWS":["*"]},"Action":"sns:Publish","Resource":"*""#);
    add("policy-public-principal", "trust", true, &trusting("\"*\"", "\"sts:AssumeRole\"", "{\"StringLike\":{\"aws:PrincipalArn\":\"*\"}}"));
    add("policy-public-principal", "trust", true, &trusting("\"*\"", "\"sts:AssumeRole\"", "{\"StringNotEquals\":{\"aws:PrincipalAccount\":\"123456789012\"}}"));
    add("policy-public-principal", "trust", false, &trusting("\"*\"", "\"sts:AssumeRole\"", "{\"StringEquals\":{\"aws:PrincipalOrgID\":\"o-a1b2c3d4e5\"}}"));
    add("policy-public-principal", "resource", false, r#""Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"*""#);
    add("policy-public-principal", "resource", false, r#""Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sns:Publish","Resource":"*""#);
    cases
}

fn trust() -> Vec<Case> {
    let mut cases = Vec::new();
    let oidc = |host: &str| format!("{{\"Federated\":\"arn:aws:iam::123456789012:oidc-provider/{host}\"}}");
    let with = "\"sts:AssumeRoleWithWebIdentity\"";
    for (fires, principal, condition) in [
        (true, oidc("gitlab.com"), r#"{"StringEquals":{"gitlab.com:aud":"a"}}"#),
        (true, oidc("acme.okta.com"), r#"{"StringEquals":{"sts:RoleSessionName":"a"}}"#),
        (true, oidc("oidc.circleci.com/org/1"), r#"{"StringEquals":{"oidc.circleci.com/org/1:aud":"1"}}"#),
        (true, oidc("app.terraform.io"), r#"{"StringEquals":{"app.terraform.io:aud":"a"},"StringLike":{"app.terraform.io:sub":"*"}}"#),
        (true, oidc("gitlab.com"), r#"{"StringEquals":{"gitlab.com:aud":"a"},"StringNotLike":{"gitlab.com:sub":"x"}}"#),
        (true, r#"{"Federated":"cognito-identity.amazonaws.com"}"#.to_owned(), r#"{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}"#),
        (false, oidc("acme.okta.com"), r#"{"StringEquals":{"acme.okta.com:aud":"a"}}"#),
        (false, oidc("Gitlab.com"), r#"{"StringEquals":{"GITLAB.com:aud":"a","gitlab.com:project_id":"1"}}"#),
        (false, oidc("oidc.eks.eu-west-1.amazonaws.com/id/A"), r#"{"StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/A:aud":"a","oidc.eks.eu-west-1.amazonaws.com/id/A:sub":"b"}}"#),
        (false, r#"{"Federated":"www.amazon.com"}"#.to_owned(), r#"{"StringEquals":{"www.amazon.com:app_id":"a"}}"#),
        (false, r#"{"Federated":"arn:aws:iam::123456789012:saml-provider/x"}"#.to_owned(), "{}"),
    ] {
        cases.push(case("policy-oidc-trust", "trust", fires, &trusting(&principal, with, condition)));
    }
    for (fires, principal, action) in [
        (true, oidc("acme.okta.com"), r#"["sts:AssumeRole","sts:TagSession"]"#),
        (true, r#"{"Service":"ec2.amazonaws.com"}"#.to_owned(), with),
        (true, r#"{"AWS":"123456789012"}"#.to_owned(), r#""sts:AssumeRoleWithSAML""#),
        (false, oidc("acme.okta.com"), r#"["sts:AssumeRoleWithWebIdentity","sts:TagSession"]"#),
        (false, r#"{"AWS":"123456789012"}"#.to_owned(), r#"["sts:AssumeRole","sts:SetSourceIdentity"]"#),
        (false, r#"{"AWS":"123456789012","Federated":"accounts.google.com"}"#.to_owned(), r#"["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]"#),
        (false, r#"{"AWS":"123456789012"}"#.to_owned(), r#""sts:*""#),
    ] {
        cases.push(case("policy-trust-action", "trust", fires, &trusting(&principal, action, "{}")));
    }
    cases
}

fn shadowed() -> Vec<Case> {
    let two = |first: &str, second: &str| {
        format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{first}}},{{"Effect":"Allow",{second}}}]}}"#)
    };
    let get = r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#;
    let tls = r#","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#;
    let mut cases = Vec::new();
    for (fires, first, second) in [
        (true, get.to_owned(), get.to_owned()),
        (true, format!("{get}{tls}"), r#""Action":"s3:*","Resource":"*""#.to_owned()),
        (true, r#""NotAction":"iam:*","Resource":"*""#.to_owned(), r#""NotAction":["iam:*","sts:*"],"Resource":"*""#.to_owned()),
        (true, r#""Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:userid":["a","b"]}}"#.to_owned(), r#""Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:userid":"a"}}"#.to_owned()),
        (false, get.to_owned(), r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::c/*""#.to_owned()),
        (false, format!("{get}{tls}"), r#""Action":"s3:*","Resource":"arn:aws:s3:::b/x""#.to_owned()),
        (false, r#""Action":"s3:GetObject?","Resource":"*""#.to_owned(), r#""Action":"s3:*Object","Resource":"*""#.to_owned()),
        (false, r#""Action":"s3:*","Resource":"*","Condition":{"StringNotLike":{"aws:userid":["a","b"]}}"#.to_owned(), r#""Action":"s3:Get*","Resource":"*","Condition":{"StringNotLike":{"aws:userid":"a"}}"#.to_owned()),
    ] {
        cases.push(case("policy-shadowed", "identity", fires, &two(&first, &second)));
    }
    cases
}

fn sizes() -> Vec<Case> {
    let long = |n: usize| {
        let arns: Vec<String> = (0..n).map(|at| format!("\"arn:aws:s3:::bucket-{at:020}\"")).collect();
        format!(r#""Effect":"Deny","Action":"s3:ListBucket","Resource":[{}]"#, arns.join(","))
    };
    vec![
        case("policy-size", "session", true, &long(60)),
        case("policy-size", "identity", true, &long(300)),
        case("policy-size", "scp", true, &format!("{}{}", " ".repeat(10_300), long(2))),
        case("policy-size", "boundary", true, &long(170)),
        case("policy-size", "session", false, &long(40)),
        case("policy-size", "identity", false, &format!("{}{}", " ".repeat(20_000), long(100))),
        case("policy-size", "scp", false, &long(200)),
        case("policy-size", "any", false, &long(300)),
    ]
}

#[test]
fn rules_fire_on_their_faults_and_on_nothing_near() {
    let cases: Vec<Case> = [names(), grammar(), resources(), conditions(), reach(), trust(), shadowed(), sizes()].concat();
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, (usize, usize)> = RULES.iter().map(|rule| (rule.id, (0, 0))).collect();
    for (rule, kind, fires, text) in cases {
        let found = found(kind, &text);
        let fired = found.iter().any(|finding| finding.rule.id == rule);
        if fired != fires {
            wrong.push(format!("{rule} should {}fire on {kind}\n{text}\n{}", if fires { "" } else { "not " }, shown(&found)));
        }
        let count = counts.get_mut(rule).unwrap_or_else(|| panic!("{rule} is no rule"));
        if fires { count.0 += 1 } else { count.1 += 1 }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let few: Vec<_> = counts.iter().filter(|(_, (hits, misses))| *hits < 3 || *misses < 3).collect();
    assert!(few.is_empty(), "too few cases: {few:?}");
}

fn severity(of: &str, text: &str, rule: &str) -> Option<Severity> {
    found(of, text).into_iter().find(|f| f.rule.id == rule).map(|f| f.severity)
}

#[test]
fn what_may_be_newer_than_the_reference_is_a_warning() {
    let of = |text: &str, rule| severity("identity", &one(&action(text)), rule);
    assert_eq!(of("\"bedrock:StartAsyncInvoke\"", "policy-action"), Some(Severity::Warning));
    assert_eq!(of("\"bedrock:InvokeModle\"", "policy-action"), Some(Severity::Error));
    assert_eq!(of("\"s3:ListObjectsV2\"", "policy-action"), Some(Severity::Error));
    assert_eq!(of("\"quantumbrain:Think\"", "policy-service"), Some(Severity::Warning));
    assert_eq!(of("\"lamdba:InvokeFunction\"", "policy-service"), Some(Severity::Error));
    let key = |key: &str| severity("identity", &one(&when("*", &format!(r#"{{"StringEquals":{{"{key}":"a"}}}}"#))), "policy-condition-key");
    assert_eq!(key("aws:SourceMoonPhase"), Some(Severity::Warning));
    assert_eq!(key("aws:SourceVpcEe"), Some(Severity::Error));
}

#[test]
fn a_statement_in_which_nothing_fits_is_an_error_and_one_action_among_others_a_warning() {
    let of = |action: &str| severity("identity", &one(&on(action, "\"arn:aws:s3:::b/*\"")), "policy-action-resource");
    assert_eq!(of("\"s3:ListBucket\""), Some(Severity::Error));
    assert_eq!(of("[\"s3:ListBucket\",\"s3:GetObject\"]"), Some(Severity::Warning));
}

#[test]
fn the_limit_is_that_of_the_attachment() {
    let arns: Vec<String> = (0..150).map(|at| format!("\"arn:aws:s3:::bucket-{at:020}\"")).collect();
    let text = one(&format!(r#""Effect":"Deny","Action":"s3:ListBucket","Resource":[{}]"#, arns.join(",")));
    let sized = |attachment| {
        let context = Context {
            attachment,
            ..Context::default()
        };
        lint(&text, Some(Kind::Identity), &context).iter().any(|f| f.rule.id == "policy-size")
    };
    assert!(!sized(None) && !sized(Some(Attachment::RoleInline)));
    assert!(sized(Some(Attachment::Managed)) && sized(Some(Attachment::UserInline)));
}

#[test]
fn fixes_mend_what_they_are_for() {
    for (members, rule, content) in [
        (r#""Effect":"allow","Action":"*","Resource":"*""#, "policy-grammar", "Allow"),
        (r#""Effect":"Deny","action":"*","Resource":"*""#, "policy-grammar", "Action"),
        (r#""Sid":"read-the bucket","Effect":"Deny","Action":"*","Resource":"*""#, "policy-sid", "ReadTheBucket"),
        (r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"ForAnyValues:StringLikesIfExists":{"aws:TagKeys":"a"}}"#, "policy-operator", "ForAnyValue:StringLikeIfExists"),
    ] {
        let text = one(members);
        let findings = found("identity", &text);
        let fix = findings.iter().find(|f| f.rule.id == rule).and_then(|f| f.fix.clone());
        let fix = fix.unwrap_or_else(|| panic!("{}", shown(&findings)));
        assert_eq!(fix.edits.len(), 1);
        let edit = &fix.edits[0];
        assert_eq!(edit.content, content);
        let mended = format!("{}\"{}\"{}", &text[..edit.span.start], edit.content, &text[edit.span.end..]);
        assert!(!found("identity", &mended).iter().any(|f| f.rule.id == rule), "{mended}");
    }
    assert_eq!(kind("any"), None);
}
