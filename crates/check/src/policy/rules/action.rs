//! `policy-action`

use findings::{Confidence, Family, Rule, Severity};
use iam_reference::Service;

use super::super::finding::PolicyFinding;
use super::super::model::Text;
use super::super::{Input, actions};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-action",
    family: Family::Policy,
    severity: Severity::Error,
    confidence: Confidence::High,
    summary: "An action that its service does not have.",
    page: r#"## What it finds

An action that the IAM reference does not list for its service, and a pattern that none of its actions matches. It is an
error where the name is a slip away from an action, or is an operation of the API that IAM checks under another name
(`s3:ListObjects` is `s3:ListBucket`, `bedrock:Converse` is `bedrock:InvokeModel`). Otherwise it is a warning: the
reference has a date and gaps.

## Why it matters

IAM stores such a policy. An `Allow` grants nothing and a `Deny` denies nothing, and nobody says so.

## Bad

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListObjects"],
                               ^^^^^^^^^^^^^^^^
    "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
  }
}
```

## How to fix it

Write the name of the reference. Names of operations in the API and in SDKs are often, but not always, names of actions.

## Source

[Service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
"#,
};

/// Operations that are no actions, and the actions under which IAM checks them.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>,
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html>,
/// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
pub(super) const OPERATIONS: [(&str, &str); 31] = [
    ("bedrock:Converse", "bedrock:InvokeModel"),
    ("bedrock:ConverseStream", "bedrock:InvokeModelWithResponseStream"),
    ("lambda:Invoke", "lambda:InvokeFunction"),
    ("s3:CompleteMultipartUpload", "s3:PutObject"),
    ("s3:CopyObject", "s3:PutObject"),
    ("s3:CreateMultipartUpload", "s3:PutObject"),
    ("s3:DeleteBucketCors", "s3:PutBucketCORS"),
    ("s3:DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:DeleteBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:DeleteBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:DeleteObjects", "s3:DeleteObject"),
    ("s3:DeletePublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("s3:GetBucketLifecycle", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("s3:GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("s3:HeadBucket", "s3:ListBucket"),
    ("s3:HeadObject", "s3:GetObject"),
    ("s3:ListBuckets", "s3:ListAllMyBuckets"),
    ("s3:ListMultipartUploads", "s3:ListBucketMultipartUploads"),
    ("s3:ListObjectVersions", "s3:ListBucketVersions"),
    ("s3:ListObjects", "s3:ListBucket"),
    ("s3:ListObjectsV2", "s3:ListBucket"),
    ("s3:ListParts", "s3:ListMultipartUploadParts"),
    ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
    ("s3:PutBucketLifecycle", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketLifecycleConfiguration", "s3:PutLifecycleConfiguration"),
    ("s3:PutBucketReplication", "s3:PutReplicationConfiguration"),
    ("s3:PutPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    ("s3:UploadPart", "s3:PutObject"),
];

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    for statement in &input.document.statements {
        let Some(all) = &statement.actions else { continue };
        for action in all.list.iter().filter(|action| action.known()) {
            let Some((prefix, pattern)) = action.value.split_once(':') else {
                continue;
            };
            // Every service has actions: it need not be unpacked to know that.
            if pattern == "*" {
                continue;
            }
            let Some(service) = iam_reference::service(prefix) else {
                continue;
            };
            // What is not an action's form is the grammar's.
            let readable = !pattern.is_empty() && !pattern.contains(char::is_whitespace);
            if readable && service.actions_matching(pattern).next().is_none() {
                found.push(finding(action, service, pattern));
            }
        }
    }
}

fn finding(action: &Text, service: &Service, pattern: &str) -> PolicyFinding {
    if let Some((_, checked)) = OPERATIONS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&action.value))
    {
        let message = format!(
            "`{}` is no action: IAM checks this operation as `{checked}`",
            action.value
        );
        return PolicyFinding::new(&RULE, action, message).help(format!("write `{checked}`"));
    }
    let prefix = service.prefix;
    let date = iam_reference::source().date;
    if !actions::is_one(&action.value) {
        let stem = pattern.split(['*', '?']).next().unwrap_or_default();
        let message = format!("`{}` matches no action of {}", action.value, service.name);
        return PolicyFinding::new(&RULE, action, message)
            .severity(Severity::Warning)
            .confidence(Confidence::Medium)
            .did_you_mean(&stems(service, stem))
            .help(format!("the reference of {date} has no such action"));
    }
    let near = findings::nearest_few(pattern, service.actions.iter().map(|action| action.name), 3);
    let slip = near.iter().any(|near| is_slip(service, pattern, near));
    let names: Vec<String> = near.into_iter().map(|name| format!("{prefix}:{name}")).collect();
    let message = format!("{} has no action `{pattern}`", service.name);
    let finding = PolicyFinding::new(&RULE, action, message).did_you_mean(&names);
    if slip {
        return finding;
    }
    finding
        .severity(Severity::Warning)
        .confidence(Confidence::Medium)
        .help(format!(
            "if the action is newer than {date}, the reference does not have it yet"
        ))
}

/// Whether a name is an action's with a slip of the keyboard, rather than another action that is missing from the
/// reference: `StartAsyncInvoke` is near to `GetAsyncInvoke`, and both exist.
fn is_slip(service: &Service, written: &str, near: &str) -> bool {
    let (written, near) = (written.to_string(), near.to_string());
    if strsim::damerau_levenshtein(&written.to_lowercase(), &near.to_lowercase()) > 2 {
        return false;
    }
    let (verb, other) = (first_word(&written), first_word(&near));
    let is_verb = |word: &str| {
        service
            .actions
            .iter()
            .any(|action| first_word(action.name).eq_ignore_ascii_case(word))
            || [
                "Get", "Put", "List", "Set", "Start", "Stop", "Create", "Delete", "Update", "Describe",
            ]
            .iter()
            .any(|verb| verb.eq_ignore_ascii_case(word))
    };
    if !verb.eq_ignore_ascii_case(other) && is_verb(verb) {
        return false;
    }
    // A further version of an operation is another operation.
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    digits(&written) == digits(&near)
}

/// `Get` of `GetObject`; all of a name without a second capital.
fn first_word(name: &str) -> &str {
    let end = name
        .char_indices()
        .skip(1)
        .find(|(_, c)| c.is_ascii_uppercase())
        .map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name)
}

/// Beginnings of actions that are near to the beginning of a pattern.
fn stems(service: &Service, stem: &str) -> Vec<String> {
    let length = stem.chars().count();
    let mut stems: Vec<String> = service
        .actions
        .iter()
        .flat_map(|action| {
            [length.saturating_sub(1), length, length + 1].map(|n| action.name.chars().take(n).collect())
        })
        .filter(|start: &String| {
            start.len() >= 3 && strsim::damerau_levenshtein(&start.to_lowercase(), &stem.to_lowercase()) == 1
        })
        .collect();
    stems.sort();
    stems.dedup();
    stems.truncate(3);
    stems
        .into_iter()
        .map(|start| format!("{}:{start}*", service.prefix))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_no_actions_and_what_they_are_checked_as_is_one() {
        let exists = |name: &str| {
            let (prefix, action) = name.split_once(':').unwrap();
            iam_reference::service(prefix).unwrap().action(action).is_some()
        };
        for (operation, action) in OPERATIONS {
            assert!(!exists(operation), "{operation}");
            assert!(exists(action), "{action}");
        }
    }

    #[test]
    fn another_verb_is_no_slip() {
        let bedrock = iam_reference::service("bedrock").unwrap();
        assert!(!is_slip(bedrock, "StartAsyncInvoke", "GetAsyncInvoke"));
        assert!(!is_slip(bedrock, "PutInferenceProfile", "GetInferenceProfile"));
        assert!(is_slip(bedrock, "InvokeModle", "InvokeModel"));
        assert!(is_slip(bedrock, "GteInferenceProfile", "GetInferenceProfile"));
        assert!(!is_slip(bedrock, "InvokeModel2", "InvokeModel"));
    }
}
