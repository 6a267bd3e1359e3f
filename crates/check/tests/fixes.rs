//! What `--fix` makes of files: the cases of `tests/real/tests/validate/cases/fixes.txt`, which the real `terraform validate`
//! judges as well, and cases of settings, AWS configuration and policies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use check::{Input, Options};
use findings::{Report, Severity, fix};

type Files = BTreeMap<String, String>;

/// Cases by name, in order: `=== name` starts one, `--- path` a further file of it.
fn cases() -> Vec<(String, Files)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/real/tests/validate/cases/fixes.txt");
    let text = fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let parts = text.split("=== ").skip(1).map(|part| {
        let (name, rest) = part.split_once('\n').unwrap();
        let mut pieces = rest.split("--- ");
        let mut files = Files::from([("main.tf".to_owned(), pieces.next().unwrap().to_owned())]);
        files.extend(pieces.map(|piece| {
            let (path, text) = piece.split_once('\n').unwrap();
            (path.to_owned(), text.to_owned())
        }));
        (name.to_owned(), files)
    });
    parts.collect()
}

fn checked(files: &Files) -> Report {
    let bytes = |(name, text): (&String, &String)| (PathBuf::from(name), text.clone().into_bytes());
    check::run_memory(&files.iter().map(bytes).collect(), &Options::default()).unwrap()
}

#[test]
fn fixed_configurations_are_right() {
    let cases = cases();
    assert!(cases.len() >= 18);
    for pair in cases.chunks(2) {
        let [(name, before), (fixed, after)] = pair else {
            panic!("a case without what it becomes");
        };
        assert_eq!(*fixed, format!("{name}-fixed"));
        let report = checked(before);
        assert!(report.worst() >= Some(Severity::Error), "{name}");
        let mut made = before.clone();
        for file in fix::apply(&report).files {
            made.insert(file.source.name.clone(), file.text);
        }
        assert_eq!(&made, after, "{name}");
        let left: Vec<String> = checked(after)
            .findings
            .iter()
            .filter(|finding| finding.severity >= Severity::Warning)
            .map(|finding| format!("{}: {}", finding.rule.id, finding.message))
            .collect();
        assert!(left.is_empty(), "{name}: {left:?}");
    }
}

#[test]
fn what_has_two_readings_is_left_alone() {
    for text in [
        // Which of the two is meant?
        "locals {\n  name  = 1\n  named = 2\n  a     = local.namee\n}\n",
        // The argument is there already.
        "resource \"aws_s3_bucket\" \"a\" {\n  bucket = \"a\"\n  buckt  = \"b\"\n}\n",
        // One of several is not the several.
        "variable \"subnet_ids\" {}\noutput \"a\" {\n  value = var.subnet_id\n}\n",
        "variable \"zone_1\" {}\noutput \"a\" {\n  value = var.zone_2\n}\n",
        "variable \"a\" {\n  type = \"strnig\"\n}\n",
    ] {
        let report = checked(&Files::from([("main.tf".to_owned(), text.to_owned())]));
        assert!(report.worst() >= Some(Severity::Error), "{text}");
        let fixes: Vec<_> = report
            .findings
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .collect();
        assert!(fixes.is_empty(), "{text}{fixes:?}");
    }
}

#[test]
fn fixed_settings_and_sections_are_right() {
    for (name, before, after) in [
        (
            ".claude/settings.json",
            r#"{ "awsAuthRefreshh": "a", "env": { "A": 1, "B": true, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuff" } }"#,
            r#"{ "awsAuthRefresh": "a", "env": { "A": "1", "B": "true", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf" } }"#,
        ),
        (
            ".aws/config",
            "[claude-code]\nregion = us-east-1\n[sso_session company]\nsso_start_url = https://a\nsso_region = us-east-1\n",
            "[profile claude-code]\nregion = us-east-1\n[sso-session company]\nsso_start_url = https://a\nsso_region = us-east-1\n",
        ),
        (
            "identity.json",
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"arn:aws:ec2:us-east-1:123456789012:instance/*","Condition":{"ForAnyValues:StringEquals":{"aws:TagKeys":["a"]}}}}"#,
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"arn:aws:ec2:us-east-1:123456789012:instance/*","Condition":{"ForAnyValue:StringEquals":{"aws:TagKeys":["a"]}}}}"#,
        ),
    ] {
        let run = |text: &str| {
            let input = Input::Text {
                name: name.to_owned(),
                text: text.to_owned(),
            };
            check::run(&[input], &Options::default()).unwrap()
        };
        let fixed = fix::apply(&run(before));
        assert_eq!(fixed.files.len(), 1, "{name}");
        assert_eq!(fixed.files[0].text, after);
        let left = run(after);
        let worst = left.worst();
        assert!(worst <= Some(Severity::Info), "{name}: {:?}", left.findings);
    }
}
