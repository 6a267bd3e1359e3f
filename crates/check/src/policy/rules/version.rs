//! `policy-version`

use findings::{Confidence, Family, Rule, Severity};
use policy::Version;

use super::super::Input;
use super::super::finding::{Part, PolicyFinding};
use super::super::model::{Document, Language};
use super::super::variables::{self, Variable};

/// The rule.
pub static RULE: Rule = Rule {
    id: "policy-version",
    family: Family::Policy,
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "A policy in the language of 2008.",
    page: r#"## What it finds

A document without `Version`, or with `2008-10-17`. Where it uses policy variables it is an error.

## Why it matters

Without `Version` AWS reads the language of 2008, which has no policy variables: `${aws:username}` then stands for these
fifteen characters. A `Deny` on such a resource denies nothing, an `Allow` allows nothing.

## Bad

```json identity
{
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::homes/${aws:username}/*"
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
}
```

## Good

```json identity
{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::homes/${aws:username}/*"
  }
}
```

## How to fix it

Write `"Version": "2012-10-17"`. It is the version of the language, not a date of the document.

## Source

[Version](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html)
"#,
};

pub(crate) fn check(input: &Input<'_>, found: &mut Vec<PolicyFinding>) {
    let (path, part, span, says) = match &input.document.version {
        Language::Unknown | Language::Known(Version::V2012, _) => return,
        Language::Missing => {
            let start = input.document.span.start;
            ("$", Part::Value, start..start + 1, "there is no `Version`")
        }
        Language::Known(Version::V2008, text) => {
            ("$.Version", Part::Value, text.span.clone(), "`Version` is `2008-10-17`")
        }
    };
    let literal = literals(input.document);
    if literal.is_empty() {
        let message = format!("{says}: AWS reads the language of 2008, without policy variables");
        found.push(PolicyFinding::at(&RULE, path, part, span, message).help("write `\"Version\": \"2012-10-17\"`"));
        return;
    }
    for (text, name) in literal {
        let message =
            format!("`${{{name}}}` stands for itself here: {says}, and the language of 2008 has no variables");
        found.push(
            PolicyFinding::new(&RULE, text, message)
                .severity(Severity::Error)
                .help("write `\"Version\": \"2012-10-17\"`"),
        );
    }
}

/// The strings that have a variable where the language of 2012 has variables.
fn literals(document: &Document) -> Vec<(&super::super::model::Text, &str)> {
    document
        .statements
        .iter()
        .flat_map(|statement| {
            let resources = statement.resources.iter().flat_map(|resources| &resources.list);
            let values = statement.conditions().iter().flat_map(|condition| &condition.values);
            resources.chain(values)
        })
        .filter_map(|text| {
            let variable = variables::variables(&text.value)
                .into_iter()
                .find_map(|(_, variable)| match variable {
                    Variable::Key(name) => Some(name),
                    _ => None,
                });
            variable.map(|name| (text, name))
        })
        .collect()
}
