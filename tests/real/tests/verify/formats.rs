//! What can be asked of verify, and how it answers; a human's word; the boxes of the checklist.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::stage::{Run, Stage};

/// The identity source: no API tells, so it is attested.
const BY_HAND: &str = "attribution-identity-source";

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

#[test]
fn the_list_says_what_is_looked_at_from_where_and_asks_nobody() {
    let stage = Stage::example();
    stage.moto.forget().unwrap();
    let run = stage.run(&["verify", "--list", "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let list = run.report();
    assert_eq!(list["version"], 1);
    let checks = list["checks"].as_array().unwrap();
    let tags = checks
        .iter()
        .find(|check| check["id"] == "cost-tags-activated")
        .unwrap();
    assert_eq!(tags["from"], "payer");
    assert_eq!(tags["needs"], json!(["cost-tags-discovered"]));
    assert_eq!(
        tags["operations"],
        json!([{ "operation": "ce:ListCostAllocationTags", "actions": ["ce:ListCostAllocationTags"] }])
    );
    let attested: Vec<String> = list["attested"].as_array().unwrap().iter().map(text).collect();
    assert!(
        attested
            .iter()
            .all(|step| checks.iter().all(|check| check["step"] != step.as_str())),
        "{attested:?}"
    );

    let run = stage.run(&["verify-phase", "3", "--list"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("cost-tags-activated"), "{}", run.stdout);
    assert!(!run.stdout.contains("logging-configuration"), "{}", run.stdout);
    // No name of a call is torn, however wide the table becomes.
    let whole = stage.run(&["verify", "--list"]).stdout;
    for operation in checks.iter().flat_map(|check| check["operations"].as_array().unwrap()) {
        let name = text(&operation["operation"]);
        assert!(whole.contains(&format!(" {name} ")), "{name} is torn in\n{whole}");
    }
    let run = stage.run(&["verify", "--list", "--format", "junit"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("--list has the formats human"), "{}", run.stderr);
    assert_eq!(stage.moto.recorded().unwrap(), []);
}

#[test]
fn a_policy_is_printed_for_one_account_and_for_one_phase() {
    let stage = Stage::example();
    // Of one account: a policy, ready to paste. Without the account they come by account, be it one.
    let run = stage.run(&["verify-phase", "3", "--print-policy=999999999999"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let policy = run.report();
    let of_all = stage.run(&["verify-phase", "3", "--print-policy"]).report();
    assert_eq!(of_all, json!({ "999999999999": policy }));
    assert_eq!(
        policy["Statement"],
        json!([{
            "Sid": "Look",
            "Effect": "Allow",
            "Action": ["ce:ListCostAllocationTagBackfillHistory", "ce:ListCostAllocationTags"],
            "Resource": "*",
        }])
    );
    let all = stage.run(&["verify", "--print-policy"]).report();
    let one = stage.run(&["verify", "--print-policy=123456789012"]).report();
    assert_eq!(all["123456789012"], one);
    let run = stage.run(&["verify", "--print-policy=111111111111"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("the accounts are 123456789012, 999999999999"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_asked_for_is_looked_at_with_what_it_needs() {
    let stage = Stage::example();
    let run = stage.verify_all(&["--only", "cost-tags-activated"]);
    let ids: Vec<String> = run.statuses().into_keys().collect();
    assert_eq!(ids, ["cost-tags-activated", "cost-tags-discovered"]);
    assert_eq!(run.status, 0, "{}", run.stdout);
    // A step, and one that no API tells about.
    let run = stage.verify_all(&["--only", "logging-delivery", "--only", BY_HAND]);
    let statuses = run.statuses();
    assert_eq!(statuses[BY_HAND], "manual");
    assert_eq!(statuses["logging-configuration"], "pass");
    assert_eq!(statuses["logging-delivery-objects"], "pass");
    assert_eq!(run.status, 11, "{}", run.stdout);
    let run = stage.verify_all(&["--only", "foundation-region,cost-tags-discovered"]);
    let ids: Vec<String> = run.statuses().into_keys().collect();
    assert_eq!(ids, ["cost-tags-discovered", "foundation-region"]);
    let run = stage.verify_all(&["--only", "cost-tags-activate"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("did you mean `cost-tags-activated`"),
        "{}",
        run.stderr
    );
}

#[test]
fn waiting_ends_when_nothing_is_pending() {
    let stage = Stage::example();
    stage.knobs(json!({ "cost_tags": { "Team": null } }));
    stage.moto.forget().unwrap();
    let run = thread::scope(|scope| {
        let waiting = scope.spawn(|| stage.verify("3", &["--wait=10m"]));
        // AWS discovers the key after the first look.
        while !stage
            .moto
            .recorded()
            .unwrap()
            .iter()
            .any(|call| call.operation == "ListCostAllocationTags")
        {
            thread::sleep(Duration::from_millis(100));
        }
        stage.knobs(json!({ "cost_tags": { "Team": { "status": "Active", "updated": 259_200 } } }));
        waiting.join().unwrap()
    });
    run.is("cost-tags-discovered", "pass", "Team");
    run.is("cost-tags-activated", "pass", "Team");
    assert!(
        run.stderr
            .contains("pending: cost-tags-discovered; next look in 10 s, the last in 10 min"),
        "{}",
        run.stderr
    );
    assert_eq!(run.status, 0, "{}", run.stdout);
}

#[test]
fn times_are_told_from_files() {
    let stage = Stage::example();
    let run = stage.run(&["verify", "--wait", "20m"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--wait=20m"), "{}", run.stderr);
    let run = stage.run(&["verify", "tfgen.hcl", "--wait", "20m"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("as `--wait=20m`"), "{}", run.stderr);
    let run = attest(&stage, &["--note", "seen", "--valid", "0d"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("above zero"), "{}", run.stderr);
    let run = stage.verify("3", &["--timeout", "1ms"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("the time of 1 ms was over"), "{}", run.stderr);
}

#[test]
fn waiting_ends_at_its_end() {
    let stage = Stage::example();
    stage.knobs(json!({ "cost_tags": { "Team": null } }));
    stage.moto.forget().unwrap();
    let run = stage.verify("3", &["--wait=1s"]);
    run.is("cost-tags-discovered", "pending", "Team");
    assert_eq!(run.status, 11);
    let calls = stage.moto.recorded().unwrap();
    let looks = calls
        .iter()
        .filter(|call| call.operation == "ListCostAllocationTags")
        .count();
    assert_eq!(looks, 2, "{calls:#?}");
}

/// Phase 3 with one tag that is not active: two results that are fixed, one that is not settled.
fn inactive() -> Stage {
    let stage = Stage::example();
    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Inactive", "updated": 3600 } } }));
    stage
}

fn verify_as(stage: &Stage, format: &str) -> Run {
    let role = crate::stage::management_role();
    stage.run(&["verify-phase", "3", "--format", format, "--management-role-arn", &role])
}

#[test]
fn people_read_a_table_and_below_it_what_to_do() {
    let run = verify_as(&inactive(), "human");
    assert_eq!(run.status, 10, "{}", run.stderr);
    let (table, details) = run.stdout.split_once("\n\n").unwrap();
    assert!(table.contains("cost-tags-activated"), "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 120), "{table}");
    let at = |part: &str| {
        details
            .find(part)
            .unwrap_or_else(|| panic!("{part:?} is not in:\n{details}"))
    };
    assert!(
        at("skipped cost-tags-backfill") < at("fail cost-tags-activated"),
        "{details}"
    );
    at("  expected  ");
    at("  observed  not active: Team");
    at("aws ce update-cost-allocation-tags-status");
    assert!(details.ends_with("\n1 pass, 1 fail, 1 skipped\n"), "{details}");
    // Whose credentials are used comes first, and not among the results.
    assert!(
        run.stderr
            .starts_with("account 999999999999 (management, Identity Center, payer) as "),
        "{}",
        run.stderr
    );
}

#[test]
fn continuous_integration_reads_junit() {
    let stage = inactive();
    let run = verify_as(&stage, "junit");
    assert_eq!(run.status, 10, "{}", run.stderr);
    let told = stage.boto3(&format!(
        "import xml.etree.ElementTree as tree\n\
         root = tree.fromstring({}.encode())\n\
         suites = [root] if root.tag == 'testsuite' else list(root)\n\
         result = {{\n\
         'tests': [int(s.get('tests')) for s in suites],\n\
         'failures': [int(s.get('failures')) for s in suites],\n\
         'skipped': [int(s.get('skipped')) for s in suites],\n\
         'cases': {{c.get('name'): [child.tag for child in c if child.tag != 'system-out'] for c in root.iter('testcase')}},\n\
         }}",
        Value::from(run.stdout.as_str())
    ));
    assert_eq!(told["tests"], json!([3]), "{}", run.stdout);
    assert_eq!(told["failures"], json!([1]), "{}", run.stdout);
    assert_eq!(told["skipped"], json!([1]), "{}", run.stdout);
    assert_eq!(
        told["cases"],
        json!({ "cost-tags-discovered": [], "cost-tags-activated": ["failure"], "cost-tags-backfill": ["skipped"] }),
        "{}",
        run.stdout
    );
}

#[test]
fn pages_read_markdown() {
    let run = verify_as(&inactive(), "markdown");
    assert_eq!(run.status, 10, "{}", run.stderr);
    let row = run
        .stdout
        .lines()
        .find(|line| line.starts_with('|') && line.contains("cost-tags-activated"))
        .unwrap();
    assert!(row.contains("fail") && row.contains("not active: Team"), "{row}");
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let rows: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.iter().all(|row| cells(row) == cells(rows[0])), "{}", run.stdout);
}

fn attest(stage: &Stage, more: &[&str]) -> Run {
    stage.run(&[&["attest", BY_HAND, "--by", "Ann"], more].concat())
}

fn of_step(stage: &Stage) -> Run {
    stage.verify_all(&["--only", BY_HAND])
}

#[test]
fn a_word_is_recorded_listed_and_taken_back() {
    let stage = Stage::example();
    of_step(&stage).is(BY_HAND, "manual", "");
    let run = attest(&stage, &["--note", "Entra ID is the source"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = of_step(&stage);
    run.is(BY_HAND, "attested", "Ann on ");
    run.is(BY_HAND, "attested", "Entra ID is the source");
    assert_eq!(run.status, 0, "{}", run.stdout);
    let list = stage.run(&["attest", "--list"]);
    assert!(list.stdout.starts_with("holds "), "{}", list.stdout);

    let run = attest(&stage, &["--revoke"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    of_step(&stage).is(BY_HAND, "manual", "");
    let list = stage.run(&["attest", "--list"]);
    assert!(
        list.stdout.starts_with("revoked ") && list.stdout.contains("Entra ID"),
        "{}",
        list.stdout
    );
    assert_eq!(
        attest(&stage, &["--revoke"]).status,
        2,
        "there is nothing left to revoke"
    );
}

#[test]
fn a_word_ends_with_its_time_and_with_its_evidence() {
    let stage = Stage::example();
    fs::write(stage.path("screenshot.png"), "pixels").unwrap();
    let run = attest(&stage, &["--note", "seen", "--evidence", "screenshot.png"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    of_step(&stage).is(BY_HAND, "attested", "screenshot.png");
    fs::write(stage.path("screenshot.png"), "other pixels").unwrap();
    of_step(&stage).is(BY_HAND, "manual", "the evidence changed");
    fs::rename(stage.path("screenshot.png"), stage.path("moved.png")).unwrap();
    of_step(&stage).is(BY_HAND, "manual", "the evidence is gone");
    let list = stage.run(&["attest", "--list"]);
    assert!(list.stdout.starts_with("evidence missing "), "{}", list.stdout);
    fs::rename(stage.path("moved.png"), stage.path("screenshot.png")).unwrap();
    let list = stage.run(&["attest", "--list"]);
    assert!(list.stdout.starts_with("evidence changed "), "{}", list.stdout);

    // Its time passes.
    let file = stage.path("attestations.json");
    let mut kept: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    kept["attestations"][0]["expires"] = Value::from("2026-01-01T00:00:00Z");
    fs::write(&file, kept.to_string()).unwrap();
    of_step(&stage).is(BY_HAND, "manual", "no longer attested");
    let list = stage.run(&["attest", "--list"]);
    assert!(list.stdout.starts_with("expired "), "{}", list.stdout);
}

#[test]
fn no_word_stands_for_what_was_observed() {
    let stage = inactive();
    let run = stage.run(&[
        "attest",
        "cost-tags-activated",
        "--by",
        "Ann",
        "--note",
        "they are active",
    ]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("looks at cost-tags-activated itself"),
        "{}",
        run.stderr
    );
    stage
        .verify("3", &[])
        .is("cost-tags-activated", "fail", "not active: Team");
    // Where nothing could be observed it does.
    stage.denied(&["ce:ListCostAllocationTags"], || {
        stage
            .verify("3", &[])
            .is("cost-tags-activated", "attested", "they are active");
    });
}

#[test]
fn a_file_of_words_that_cannot_be_read_stays_as_it_is() {
    let stage = Stage::example();
    let file = stage.path("attestations.json");
    fs::write(&file, "{ \"version\": 1, \"attest").unwrap();
    for run in [attest(&stage, &["--note", "seen"]), of_step(&stage)] {
        assert_eq!(run.status, 1, "{}", run.stderr);
        assert!(run.stderr.contains("attestations.json"), "{}", run.stderr);
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), "{ \"version\": 1, \"attest");
    fs::remove_file(&file).unwrap();
    let run = stage.run(&["attest", "attribution-identity-sorce", "--by", "Ann", "--note", "seen"]);
    assert_eq!(run.status, 2);
    assert!(
        run.stderr.contains("did you mean `attribution-identity-source`"),
        "{}",
        run.stderr
    );
    assert!(!file.exists());
}

#[test]
fn words_that_are_given_at_once_are_all_kept() {
    let stage = Stage::example();
    let children: Vec<_> = (0..6)
        .map(|number| {
            let note = format!("note {number}");
            let mut command = stage.command(&stage.moto.endpoint());
            command.args(["attest", BY_HAND, "--by", "Ann", "--note", &note]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let kept: Value = serde_json::from_str(&fs::read_to_string(stage.path("attestations.json")).unwrap()).unwrap();
    let mut notes: Vec<String> = kept["attestations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|given| text(&given["note"]))
        .collect();
    notes.sort();
    assert_eq!(notes, (0..6).map(|number| format!("note {number}")).collect::<Vec<_>>());
}

/// Whether the box of a step is ticked; `None` where the checklist has no such step.
fn is_ticked(stage: &Stage, step: &str) -> Option<bool> {
    let checklist = fs::read_to_string(stage.path("MANUAL_STEPS.md")).unwrap();
    let mark = format!("<!-- step: {step} -->");
    let line = checklist.lines().find(|line| line.contains(&mark))?;
    Some(line.starts_with("- [x]"))
}

#[test]
fn the_boxes_of_the_checklist_follow_what_was_observed() {
    let stage = Stage::example();
    let run = stage.verify("3", &["--update-checklist"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("tfgen render"), "{}", run.stderr);
    run.is("cost-tags-activated", "pass", "Team");

    fs::write(
        stage.path("MANUAL_STEPS.md"),
        "# Somebody's own list\n\n- [ ] water the plants\n",
    )
    .unwrap();
    let run = stage.verify("3", &["--update-checklist"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("is not the checklist of `claude-code`"),
        "{}",
        run.stderr
    );
    // Of another deployment, though its steps have the same names.
    let other = include_str!("../../../../MANUAL_STEPS.md").replace("account 123456789012", "account 111111111111");
    fs::write(stage.path("MANUAL_STEPS.md"), &other).unwrap();
    let run = stage.verify("3", &["--update-checklist"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert_eq!(fs::read_to_string(stage.path("MANUAL_STEPS.md")).unwrap(), other);
    fs::remove_file(stage.path("MANUAL_STEPS.md")).unwrap();

    stage.render();
    assert_eq!(is_ticked(&stage, "cost-tags-activated"), Some(false));
    let run = stage.verify("3", &["--update-checklist"]);
    assert!(run.stderr.contains("boxes changed"), "{}", run.stderr);
    assert_eq!(is_ticked(&stage, "cost-tags-activated"), Some(true));
    // What failed loses its tick, and what could not be looked at keeps it; render carries both over.
    stage.denied(&["ce:ListCostAllocationTags"], || {
        stage.verify("3", &["--update-checklist"]);
        assert_eq!(is_ticked(&stage, "cost-tags-activated"), Some(true));
    });
    stage.knobs(json!({ "cost_tags": { "Team": { "status": "Inactive" } } }));
    stage.verify("3", &["--update-checklist"]);
    assert_eq!(is_ticked(&stage, "cost-tags-activated"), Some(false));
    assert_eq!(is_ticked(&stage, "cost-tags-discovered"), Some(true));
    stage.render();
    assert_eq!(is_ticked(&stage, "cost-tags-discovered"), Some(true));
}

#[test]
fn a_box_is_not_ticked_by_a_part_of_its_step() {
    let stage = Stage::example();
    stage.render();
    stage.knobs(json!({ "subscriptions": { "finops@example.com": "pending" } }));
    let one = "budgets-emails-platform-example-com";
    let run = stage.verify_all(&["--only", one, "--update-checklist"]);
    run.is(one, "pass", "confirmed");
    assert_eq!(is_ticked(&stage, "budgets-emails"), Some(false));
    assert!(
        run.stderr
            .contains("only a part of the step was looked at: budgets-emails"),
        "{}",
        run.stderr
    );
    // A part that failed is enough to take a tick away.
    let path = stage.path("MANUAL_STEPS.md");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        text.replace("[ ] <!-- step: budgets-emails", "[x] <!-- step: budgets-emails"),
    )
    .unwrap();
    stage.verify_all(&["--only", one, "--update-checklist"]);
    assert_eq!(is_ticked(&stage, "budgets-emails"), Some(true), "nobody failed");
    stage.knobs(json!({ "subscriptions": { "platform@example.com": "deleted" } }));
    stage.verify_all(&["--only", one, "--update-checklist"]);
    assert_eq!(is_ticked(&stage, "budgets-emails"), Some(false));
    // The whole step, named after it.
    stage.knobs(json!({ "subscriptions": { "platform@example.com": "confirmed", "finops@example.com": "confirmed" } }));
    stage.verify_all(&["--only", "budgets-emails", "--update-checklist"]);
    assert_eq!(is_ticked(&stage, "budgets-emails"), Some(true));
}
