//! Each rule on documents that have the fault and on near ones that have not: `cases/RULE.txt` holds them, one a line,
//! with `+` where the rule must fire and `-` where it must not, the kind of policy, and the document or the members of its
//! only statement. Pages and planted faults are further cases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use check::policy::{Context, RULES, lint};
use findings::Severity;
use policy::Kind;
use policy::size::Attachment;

use crate::support::{found, kind, one, shown};

struct Case {
    rule: String,
    fires: bool,
    kind: String,
    text: String,
}

impl Case {
    fn new(rule: &str, fires: bool, kind: &str, text: &str) -> Self {
        let text = if text.starts_with('{') {
            text.to_owned()
        } else {
            one(text)
        };
        Self {
            rule: rule.to_owned(),
            fires,
            kind: kind.to_owned(),
            text,
        }
    }
}

fn read() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy/cases");
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let rule = path.file_stem().unwrap().to_str().unwrap();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let mut parts = line.splitn(3, ' ');
            let fires = match parts.next() {
                Some("+") => true,
                Some("-") => false,
                other => panic!("{rule}: {other:?}"),
            };
            cases.push(Case::new(rule, fires, parts.next().unwrap(), parts.next().unwrap()));
        }
    }
    cases
}

#[test]
fn a_closed_service_is_no_slip_of_another() {
    for (prefix, severity) in [
        ("macie", Severity::Warning),
        ("Macie", Severity::Warning),
        ("macie3", Severity::Error),
        ("s33", Severity::Error),
    ] {
        let text = one(&format!(
            "\"Effect\":\"Allow\",\"Action\":\"{prefix}:*\",\"Resource\":\"*\""
        ));
        let found = found("identity", &text);
        let found: Vec<_> = found.iter().filter(|f| f.rule.id == "policy-service").collect();
        assert_eq!(found.len(), 1, "{prefix}");
        assert_eq!(found[0].severity, severity, "{prefix}");
    }
}

/// What does not fit on a line.
fn generated() -> Vec<Case> {
    let long = |n: usize| {
        let arns: Vec<String> = (0..n).map(|at| format!("\"arn:aws:s3:::bucket-{at:020}\"")).collect();
        format!(
            r#""Effect":"Deny","Action":"s3:ListBucket","Resource":[{}]"#,
            arns.join(",")
        )
    };
    let spaced = |n: usize, text: String| format!("{}{text}", " ".repeat(n));
    let size = |fires, kind, text: String| Case::new("policy-size", fires, kind, &text);
    vec![
        size(true, "session", long(60)),
        size(true, "identity", long(300)),
        size(true, "scp", spaced(10_300, long(2))),
        size(true, "boundary", long(170)),
        size(false, "session", long(40)),
        size(false, "identity", spaced(20_000, long(100))),
        size(false, "scp", long(200)),
        size(false, "any", long(300)),
        Case::new(
            "policy-json",
            true,
            "identity",
            "{\"Version\":\"2012-10-17\",\"Statement\":[] // none\n}",
        ),
        Case::new(
            "policy-json",
            false,
            "identity",
            "\"Effect\":\"Allow\",\r\n\t\"Action\":\"*\",\"Resource\":\"*\"",
        ),
    ]
}

#[test]
fn rules_fire_on_their_faults_and_on_nothing_near() {
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<&str, (usize, usize)> = RULES.iter().map(|rule| (rule.id, (0, 0))).collect();
    for case in read().into_iter().chain(generated()) {
        let found = found(&case.kind, &case.text);
        let fired = found.iter().any(|finding| finding.rule.id == case.rule);
        if fired != case.fires {
            let not = if case.fires { "" } else { "not " };
            let (rule, kind, text) = (&case.rule, &case.kind, &case.text);
            wrong.push(format!("{rule} should {not}fire on {kind}\n{text}\n{}", shown(&found)));
        }
        let count = counts
            .get_mut(case.rule.as_str())
            .unwrap_or_else(|| panic!("{} is no rule", case.rule));
        if case.fires { count.0 += 1 } else { count.1 += 1 }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let few: Vec<_> = counts
        .iter()
        .filter(|(_, (hits, misses))| *hits < 3 || *misses < 3)
        .collect();
    assert!(few.is_empty(), "too few cases: {few:?}");
}

/// Statements of an action alone, and of one with conditions or a resource.
fn action(action: &str) -> String {
    format!(r#""Effect":"Allow","Action":{action},"Resource":"*""#)
}

fn when(action: &str, condition: &str) -> String {
    format!(r#""Effect":"Allow","Action":"{action}","Resource":"*","Condition":{condition}"#)
}

fn on(action: &str, resource: &str) -> String {
    format!(r#""Effect":"Allow","Action":{action},"Resource":{resource}"#)
}

fn severity(of: &str, text: &str, rule: &str) -> Option<Severity> {
    found(of, text)
        .into_iter()
        .find(|f| f.rule.id == rule)
        .map(|f| f.severity)
}

#[test]
fn what_may_be_newer_than_the_reference_is_a_warning() {
    let of = |text: &str, rule| severity("identity", &one(&action(text)), rule);
    assert_eq!(
        of("\"bedrock:StartAsyncInvoke\"", "policy-action"),
        Some(Severity::Warning)
    );
    assert_eq!(of("\"bedrock:InvokeModle\"", "policy-action"), Some(Severity::Error));
    assert_eq!(of("\"s3:ListObjectsV2\"", "policy-action"), Some(Severity::Error));
    assert_eq!(of("\"quantumbrain:Think\"", "policy-service"), Some(Severity::Warning));
    assert_eq!(of("\"lamdba:InvokeFunction\"", "policy-service"), Some(Severity::Error));
    let key = |key: &str| {
        severity(
            "identity",
            &one(&when("*", &format!(r#"{{"StringEquals":{{"{key}":"a"}}}}"#))),
            "policy-condition-key",
        )
    };
    assert_eq!(key("aws:SourceMoonPhase"), Some(Severity::Warning));
    assert_eq!(key("aws:SourceVpcEe"), Some(Severity::Error));
}

#[test]
fn a_statement_in_which_nothing_fits_is_an_error_and_one_action_among_others_a_warning() {
    let of = |action: &str| {
        severity(
            "identity",
            &one(&on(action, "\"arn:aws:s3:::b/*\"")),
            "policy-action-resource",
        )
    };
    assert_eq!(of("\"s3:ListBucket\""), Some(Severity::Error));
    assert_eq!(of("[\"s3:ListBucket\",\"s3:GetObject\"]"), Some(Severity::Warning));
}

#[test]
fn the_limit_is_that_of_the_attachment() {
    let arns: Vec<String> = (0..150).map(|at| format!("\"arn:aws:s3:::bucket-{at:020}\"")).collect();
    let text = one(&format!(
        r#""Effect":"Deny","Action":"s3:ListBucket","Resource":[{}]"#,
        arns.join(",")
    ));
    let sized = |attachment| {
        let context = Context {
            attachment,
            ..Context::default()
        };
        lint(&text, Some(Kind::Identity), &context)
            .iter()
            .any(|f| f.rule.id == "policy-size")
    };
    assert!(!sized(None) && !sized(Some(Attachment::RoleInline)));
    assert!(sized(Some(Attachment::Managed)) && sized(Some(Attachment::UserInline)));
}

#[test]
fn fixes_mend_what_they_are_for() {
    for (members, rule, content) in [
        (
            r#""Effect":"allow","Action":"*","Resource":"*""#,
            "policy-grammar",
            "Allow",
        ),
        (
            r#""Effect":"Deny","action":"*","Resource":"*""#,
            "policy-grammar",
            "Action",
        ),
        (
            r#""Sid":"read-the bucket","Effect":"Deny","Action":"*","Resource":"*""#,
            "policy-sid",
            "ReadTheBucket",
        ),
        (
            r#""Effect":"Deny","Action":"*","Resource":"*","Condition":{"ForAnyValues:StringLikesIfExists":{"aws:TagKeys":"a"}}"#,
            "policy-operator",
            "ForAnyValue:StringLikeIfExists",
        ),
    ] {
        let text = one(members);
        let findings = found("identity", &text);
        let fix = findings.iter().find(|f| f.rule.id == rule).and_then(|f| f.fix.clone());
        let fix = fix.unwrap_or_else(|| panic!("{}", shown(&findings)));
        assert_eq!(fix.edits.len(), 1);
        let edit = &fix.edits[0];
        assert_eq!(edit.content, content);
        let mended = format!(
            "{}\"{}\"{}",
            &text[..edit.span.start],
            edit.content,
            &text[edit.span.end..]
        );
        assert!(
            !found("identity", &mended).iter().any(|f| f.rule.id == rule),
            "{mended}"
        );
    }
    assert_eq!(kind("any"), None);
}
