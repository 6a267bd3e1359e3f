//! Faults that were planted, one a document, in policies that are correct without: how many are found.

use crate::support::{found, one, shown};

/// Kind, what is planted, the rule that must find it, and the document; a fault that nothing finds is expected of none.
fn faults() -> Vec<(&'static str, &'static str, &'static str, String)> {
    let identity = |what, rule, members: &str| ("identity", what, rule, one(members));
    let resource = |what, rule, members: &str| ("resource", what, rule, one(members));
    let trust = |what, rule, members: &str| ("trust", what, rule, one(members));
    let scp = |what, rule, members: &str| ("scp", what, rule, one(members));
    vec![
        // Names
        identity("a service's prefix misspelt", "policy-service", r#""Effect":"Allow","Action":"bedorck:InvokeModel","Resource":"*""#),
        identity("a service called by its name", "policy-service", r#""Effect":"Allow","Action":"stepfunctions:StartExecution","Resource":"*""#),
        identity("an action misspelt", "policy-action", r#""Effect":"Allow","Action":"s3:GetObjcet","Resource":"arn:aws:s3:::b/*""#),
        identity("an action in the plural", "policy-action", r#""Effect":"Allow","Action":"dynamodb:GetItems","Resource":"*""#),
        identity("an operation for an action", "policy-action", r#""Effect":"Allow","Action":"bedrock:ConverseStream","Resource":"*""#),
        identity("an action of another service", "policy-action", r#""Effect":"Allow","Action":"ec2:GetObject","Resource":"*""#),
        identity("a pattern that matches nothing", "policy-action", r#""Effect":"Allow","Action":"bedrock:Invokke*","Resource":"*""#),
        scp("an exempt action misspelt", "policy-action", r#""Effect":"Deny","NotAction":["iam:*","support:DescribeCase"],"Resource":"*""#),
        identity("a condition key misspelt", "policy-condition-key", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"s3:prefx":"a/*"}}"#),
        identity("a global key misspelt", "policy-condition-key", r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestRegion":"eu-west-1"}}"#),
        identity("a key that never was", "policy-condition-key", r#""Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*","Condition":{"StringEquals":{"bedrock:ModelFamily":"claude"}}"#),
        identity("an operator misspelt", "policy-operator", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringEqual":{"s3:prefix":"a"}}"#),
        identity("a set qualifier that is none", "policy-operator", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"ForAny:StringLike":{"s3:prefix":"a"}}"#),
        identity("a variable misspelt", "policy-variable", r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:user_name}/*""#),
        // Grammar
        identity("an element in lower case", "policy-grammar", r#""Effect":"Allow","action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        identity("an effect in capitals", "policy-grammar", r#""Effect":"ALLOW","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        identity("no effect", "policy-grammar", r#""Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        identity("no resource", "policy-grammar", r#""Effect":"Allow","Action":"s3:GetObject""#),
        identity("both actions", "policy-grammar", r#""Effect":"Allow","Action":"s3:GetObject","NotAction":"s3:PutObject","Resource":"arn:aws:s3:::b/*""#),
        identity("a comma at the end", "policy-json", r#""Effect":"Allow","Action":["s3:GetObject",],"Resource":"arn:aws:s3:::b/*""#),
        identity("a member twice", "policy-json", r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*","Resource":"arn:aws:s3:::b/*""#),
        ("identity", "a version of its own date", "policy-grammar", r#"{"Version":"2026-01-01","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}}"#.to_owned()),
        ("identity", "a variable in the language of 2008", "policy-version", r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}}"#.to_owned()),
        ("identity", "a Sid twice", "policy-sid", r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Sid":"A","Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}"#.to_owned()),
        identity("a Sid with spaces", "policy-sid", r#""Sid":"read the bucket","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        // Kinds
        identity("a principal in an identity policy", "policy-kind", r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        scp("a principal in a service control policy", "policy-kind", r#""Effect":"Deny","Principal":{"AWS":"*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        scp("an Allow on one resource in a service control policy", "policy-kind", r#""Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/*""#),
        trust("a resource in a trust policy", "policy-kind", r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*""#),
        trust("another service's action in a trust policy", "policy-kind", r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"ec2:RunInstances""#),
        resource("no principal in a resource policy", "policy-kind", r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        resource("NotPrincipal with Allow", "policy-kind", r#""Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        trust("a principal with a wildcard", "policy-principal", r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/*"},"Action":"sts:AssumeRole""#),
        trust("an account with eleven digits", "policy-principal", r#""Effect":"Allow","Principal":{"AWS":"12345678901"},"Action":"sts:AssumeRole""#),
        // Resources
        identity("a colon too few", "policy-arn", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3::b""#),
        identity("a bucket's name for its ARN", "policy-arn", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"b/*""#),
        identity("a partition that is none", "policy-arn", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:amazon:s3:::b""#),
        identity("a role's ARN with a region", "policy-arn", r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam:us-east-1:123456789012:role/x""#),
        identity("objects for a bucket", "policy-action-resource", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*""#),
        identity("a bucket for objects", "policy-action-resource", r#""Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b""#),
        identity("a system profile for an application profile", "policy-action-resource", r#""Effect":"Allow","Action":["bedrock:TagResource","bedrock:DeleteInferenceProfile"],"Resource":"arn:aws:bedrock:us-east-1:123456789012:inference-profile/*""#),
        identity("a foundation model with an account", "policy-action-resource", r#""Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"arn:aws:bedrock:us-east-1:123456789012:foundation-model/anthropic.claude-sonnet-4-6""#),
        identity("an action without resources on one", "policy-action-resource", r#""Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"arn:aws:ec2:us-east-1:123456789012:instance/i-0a1b2c3d""#),
        identity("a queue for a topic", "policy-action-resource", r#""Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sqs:us-east-1:123456789012:orders""#),
        // Conditions
        identity("a key that the action does not know", "policy-action-condition", r#""Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringLike":{"s3:prefix":"a/*"}}"#),
        identity("a tag of no resource", "policy-action-condition", r#""Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Owner":"a"}}"#),
        identity("an address as text", "policy-condition-type", r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringLike":{"aws:SourceIp":"203.0.113.*"}}"#),
        identity("a number as text", "policy-condition-type", r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringEquals":{"aws:MultiFactorAuthAge":"3600"}}"#),
        identity("several values without a set operator", "policy-condition-type", r#""Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"StringEquals":{"aws:TagKeys":"Owner"}}"#),
        identity("a number that is none", "policy-condition-value", r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"*","Condition":{"NumericLessThan":{"aws:MultiFactorAuthAge":"1h"}}"#),
        identity("a date that is none", "policy-condition-value", r#""Effect":"Allow","Action":"sns:Publish","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"31.12.2026"}}"#),
        resource("a boolean that is none", "policy-condition-value", r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"no"}}"#),
        resource("a source that is no ARN", "policy-condition-value", r#""Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:q","Condition":{"ArnLike":{"aws:SourceArn":"orders"}}"#),
        resource("a wildcard that is none", "policy-never-matches", r#""Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}}"#),
        trust("the ARN of a session", "policy-never-matches", r#""Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::123456789012:assumed-role/a/*"}}"#),
        scp("a zone for a region", "policy-never-matches", r#""Effect":"Deny","Action":"ec2:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1a"}}"#),
        identity("conditions that exclude each other", "policy-never-matches", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringEquals":{"s3:prefix":"a"},"Null":{"s3:prefix":"true"}}"#),
        identity("an empty condition", "policy-empty-condition", r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringEquals":{}}"#),
        resource("ForAllValues alone", "policy-for-all-values", r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}}"#),
        // Reach
        identity("an administrator", "policy-admin", r#""Effect":"Allow","Action":["*"],"Resource":["*"]"#),
        identity("all of IAM", "policy-service-wildcard", r#""Effect":"Allow","Action":["iam:*","s3:ListAllMyBuckets"],"Resource":"*""#),
        identity("all roles to pass", "policy-pass-role", r#""Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/*""#),
        identity("everything but", "policy-negated-allow", r#""Effect":"Allow","NotAction":"organizations:*","Resource":"*""#),
        resource("everybody", "policy-public-principal", r#""Effect":"Allow","Principal":{"AWS":"*"},"Action":"sqs:SendMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:q""#),
        resource("everybody by TLS", "policy-public-principal", r#""Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#),
        trust("any repository of GitHub", "policy-oidc-trust", r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}}"#),
        trust("any owner of GitHub", "policy-oidc-trust", r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*/infra:*"}}"#),
        trust("any audience", "policy-oidc-trust", r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/acme.okta.com"},"Action":"sts:AssumeRoleWithWebIdentity""#),
        trust("guests of an identity pool", "policy-oidc-trust", r#""Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:12345678-90ab-cdef-1234-567890abcdef"}}"#),
        trust("keys of another provider", "policy-oidc-trust", r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AAA"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/BBB:sub":"system:serviceaccount:a:b","oidc.eks.eu-west-1.amazonaws.com/id/BBB:aud":"sts.amazonaws.com"}}"#),
        trust("the wrong way in", "policy-trust-action", r#""Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/okta"},"Action":"sts:AssumeRole""#),
        ("identity", "a statement that another covers", "policy-shadowed", r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/a/*"}]}"#.to_owned()),
        ("trust", "a trust policy of many principals", "policy-size", one(&format!(r#""Effect":"Allow","Principal":{{"AWS":[{}]}},"Action":"sts:AssumeRole""#, (0..60).map(|n| format!("\"arn:aws:iam::{:012}:role/deployment\"", 100_000_000_000_u64 + n)).collect::<Vec<_>>().join(",")))),
        // Not found, knowingly: each is a correct document of which only the author can say that it is not meant.
        identity("a deny where an allow was meant", "", r#""Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#),
        identity("another account's number", "", r#""Effect":"Allow","Action":"sns:Publish","Resource":"arn:aws:sns:us-east-1:210987654321:alerts""#),
        scp("a model that no longer exists", "", r#""Effect":"Deny","Action":"bedrock:InvokeModel","NotResource":"arn:aws:bedrock:*::foundation-model/anthropic.claude-opus-9-9""#),
    ]
}

#[test]
fn planted_faults_are_found() {
    let faults = faults();
    let planted = faults.len();
    let mut missed = Vec::new();
    let mut hit = 0;
    for (kind, what, rule, text) in faults {
        let found = found(kind, &text);
        if found.iter().any(|finding| finding.rule.id == rule) {
            hit += 1;
        } else if !rule.is_empty() {
            missed.push(format!("{what}: {rule}\n{text}\n{}", shown(&found)));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert_eq!((hit, planted), (73, 76));
}
