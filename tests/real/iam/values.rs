//! Condition keys, their values, and values of policies that are like them.

use policy::Caller;

use super::generate::Random;

/// What a key holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// A multivalued key.
    Texts,
    Number,
    Date,
    Bool,
    Ip,
    Arn,
    Binary,
}

/// A condition key with values that requests have.
#[derive(Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub values: &'static [&'static str],
    /// The only action whose requests have it; empty for a global key.
    action: &'static str,
}

impl Key {
    /// Whether a request may have it: sources belong to services, other keys to their action.
    pub fn fits(&self, caller: &Caller, action: &str) -> bool {
        let source = self.name == "aws:SourceArn";
        (!source || matches!(caller, Caller::Service { .. })) && (self.action.is_empty() || self.action == action)
    }

    /// Whether it follows from the caller.
    pub fn is_derived(&self) -> bool {
        self.name == "aws:PrincipalArn"
    }
}

const fn key(name: &'static str, shape: Shape, values: &'static [&'static str]) -> Key {
    Key {
        name,
        shape,
        values,
        action: "",
    }
}

const fn of(action: &'static str, key: Key) -> Key {
    Key { action, ..key }
}

pub const KEYS: [Key; 21] = [
    key(
        "aws:RequestedRegion",
        Shape::Text,
        &["us-east-1", "us-west-2", "unspecified"],
    ),
    key("aws:PrincipalTag/team", Shape::Text, &["alice", "red", "Red", "a*", ""]),
    key("aws:RequestTag/team", Shape::Text, &["red", "blue", "alice"]),
    key("aws:UserAgent", Shape::Text, &["claude-cli/2.1", "aws-cli/2"]),
    key("aws:PrincipalOrgID", Shape::Text, &["o-abcdefghij"]),
    key("aws:TagKeys", Shape::Texts, &["team", "Team", "project", "cost"]),
    key(
        "aws:CalledVia",
        Shape::Texts,
        &["bedrock.amazonaws.com", "athena.amazonaws.com"],
    ),
    key("aws:MultiFactorAuthAge", Shape::Number, &["0", "300", "3600.5"]),
    key(
        "aws:CurrentTime",
        Shape::Date,
        &["2026-11-21T12:00:00Z", "2026-01-01T00:00:00Z"],
    ),
    key(
        "aws:TokenIssueTime",
        Shape::Date,
        &["2026-11-21T11:00:00Z", "2025-12-31T23:59:59Z"],
    ),
    key("aws:SecureTransport", Shape::Bool, &["true", "false"]),
    key("aws:MultiFactorAuthPresent", Shape::Bool, &["true", "false"]),
    key(
        "aws:SourceIp",
        Shape::Ip,
        &["203.0.113.7", "10.1.2.3", "2001:db8:1234:5678::1"],
    ),
    key("aws:referer", Shape::Binary, &["QmluYXJ5", "QQ==", "Qg=="]),
    of(
        "s3:ListBucket",
        key("s3:prefix", Shape::Text, &["alice/", "home/*", "red"]),
    ),
    of("s3:ListBucket", key("s3:max-keys", Shape::Number, &["10", "1000"])),
    of("sts:AssumeRole", key("sts:ExternalId", Shape::Text, &["red", "a1b2"])),
    of(
        "sts:AssumeRole",
        key("sts:RoleSessionName", Shape::Text, &["alice", "red"]),
    ),
    of(
        "bedrock:InvokeModel",
        key(
            "bedrock:InferenceProfileArn",
            Shape::Arn,
            &["arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.anthropic.claude-opus-4-6-v1"],
        ),
    ),
    key(
        "aws:SourceArn",
        Shape::Arn,
        &["arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abc"],
    ),
    key(
        "aws:PrincipalArn",
        Shape::Arn,
        &[
            "arn:aws:iam::111122223333:role/dev",
            "arn:aws:iam::111122223333:user/team/alice",
        ],
    ),
];

/// A value of a policy that a value of this key may match.
pub fn alike(random: &mut Random, key: &Key) -> String {
    let value = (*random.pick(key.values)).to_owned();
    match key.shape {
        Shape::Text | Shape::Texts => match random.below(9) {
            0 => format!("{}*", value.chars().take(3).collect::<String>()),
            1 => format!("*{}", value.chars().skip(1).collect::<String>()),
            2 => value.to_uppercase(),
            3 => "${aws:PrincipalTag/team}".to_owned(),
            4 => "${aws:RequestTag/team, 'red'}".to_owned(),
            5 => value.replacen('e', "?", 1),
            6 => "${*}${aws:username}".to_owned(),
            _ => value,
        },
        Shape::Number => (*random.pick(&["0", "300", "300.0", "3600", "-1", "3600.5"])).to_owned(),
        Shape::Date => (*random.pick(&[
            "2026-11-21T12:00:00Z",
            "2026-11-21",
            "1767225600",
            "2026-11-21T13:00:00+01:00",
            "2027-01-01T00:00:00Z",
        ]))
        .to_owned(),
        Shape::Bool => (*random.pick(&["true", "false", "True"])).to_owned(),
        Shape::Ip => (*random.pick(&[
            "203.0.113.0/24",
            "10.0.0.0/8",
            "203.0.113.7",
            "2001:DB8:1234:5678::/64",
            "0.0.0.0/0",
            "10.1.2.3/32",
        ]))
        .to_owned(),
        Shape::Binary => value,
        Shape::Arn => match random.below(8) {
            0 => value.replacen("111122223333", "*", 1),
            1 => format!("{}*", &value[..value.len() - 2]),
            2 => value.replacen("us-east-1", "*", 1),
            3 => value.replacen("111122223333", "${aws:PrincipalAccount}", 1),
            4 => "arn:aws:*:role/dev".to_owned(),
            5 => value.to_uppercase(),
            6 => "arn:aws:iam::*:role/d?v".to_owned(),
            _ => value,
        },
    }
}

/// An operator for a key's shape, and the values it takes.
pub fn operator(random: &mut Random, key: &Key, values: Vec<String>) -> (String, Vec<String>) {
    if random.chance(8) {
        return ("Null".to_owned(), vec![(*random.pick(&["true", "false"])).to_owned()]);
    }
    let text: &[&str] = &[
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ];
    let names = match key.shape {
        Shape::Text | Shape::Texts => text,
        Shape::Number => &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        Shape::Date => &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        Shape::Bool => &["Bool"],
        Shape::Ip => &["IpAddress", "NotIpAddress"],
        Shape::Binary => &["BinaryEquals"],
        Shape::Arn => &[
            "ArnEquals",
            "ArnNotEquals",
            "ArnLike",
            "ArnNotLike",
            "StringLike",
            "StringEquals",
        ],
    };
    let name = *random.pick(names);
    let qualifier = match key.shape {
        Shape::Texts if random.chance(95) => *random.pick(&["ForAllValues:", "ForAnyValue:"]),
        Shape::Text if random.chance(10) => *random.pick(&["ForAllValues:", "ForAnyValue:"]),
        _ => "",
    };
    let suffix = if random.chance(20) { "IfExists" } else { "" };
    let name = format!("{qualifier}{name}{suffix}");
    let name = if random.chance(3) { name.to_lowercase() } else { name };
    (name, values)
}

/// Whether a request may hold several values of a key.
pub fn is_multivalued(name: &str) -> bool {
    KEYS.iter()
        .any(|key| key.name.eq_ignore_ascii_case(name) && key.shape == Shape::Texts)
}
