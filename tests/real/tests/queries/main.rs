//! The named queries, as Terraform renders them, over log records in the key layout of Bedrock.
//!
//! Every expected number was computed by hand from the fixture and the prices below. What this does not show about Athena
//! is in docs/queries.md.

#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    reason = "all of this crate is a test; the lint knows only #[test] functions"
)]

mod fixture;
mod module;
mod records;

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use fixture::NOW;
use module::Planned;
use real::{npm, paths, python};

/// The deployments of the fixture: geography `us` with profiles, `global` without, `us` with profiles that say who called.
static PLANNED: LazyLock<Vec<Planned>> = LazyLock::new(|| {
    let root = tempfile::tempdir().expect("a temporary directory");
    module::plan(root.path(), &fixture::deployments())
});

/// Answers of their queries.
static ANSWERS: LazyLock<Vec<Value>> = LazyLock::new(|| PLANNED.iter().map(answers).collect());

/// Lays out the storage and runs all queries over it.
fn answers(planned: &Planned) -> Value {
    let storage = tempfile::tempdir().expect("a temporary directory");
    for (path, content) in &planned.objects {
        records::put(storage.path(), path, content.as_bytes());
    }
    fixture::deliver(storage.path());

    let sql = paths::repository().join("tests/real/sql");
    let venv = python::venv(&sql.join("requirements.txt")).expect("the virtual environment");
    ask(
        Command::new(venv.join("bin/python")).arg(sql.join("run_queries.py")),
        &json!({
            "now": NOW,
            "storage": storage.path(),
            "tables": planned.tables,
            "queries": planned.queries,
        }),
    )
}

/// Gives a program a request and returns its answer, both JSON.
fn ask(command: &mut Command, request: &Value) -> Value {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A program that ends early says why on stderr.
    let written = stdin.write_all(request.to_string().as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    written.expect("the request is read");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Rows of a query as lines, cells separated by ` | `, NULL as `-`; only those for which `keep` holds.
fn rows(deployment: usize, query: &str, keep: impl Fn(&str) -> bool) -> String {
    let rows = ANSWERS[deployment][query]["rows"]
        .as_array()
        .expect("the query was run");
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            row.as_array()
                .expect("a row")
                .iter()
                .map(cell)
                .collect::<Vec<_>>()
                .join(" | ")
        })
        .filter(|line| keep(line))
        .collect();
    lines.join("\n")
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => number.as_f64().expect("a float").to_string(),
        other => other.to_string(),
    }
}

fn columns(query: &str) -> Vec<&'static str> {
    let columns = ANSWERS[0][query]["columns"].as_array().expect("the query was run");
    columns.iter().map(|column| column.as_str().expect("a name")).collect()
}

fn table(text: &str) -> String {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

const MEASURES: [&str; 8] = [
    "invocations",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_usd",
    "cost_usd_upper_bound",
    "unpriced_invocations",
];

#[test]
fn trinos_grammar_accepts_every_query() {
    let source = paths::repository().join("tests/real/sql/trino");
    let installed = npm::install("trino-syntax", &source).expect("the parser");
    let mut queries = PLANNED[0].queries.clone();
    // What sqlglot lets pass, and Trino does not.
    queries.insert("comma".to_owned(), json!("SELECT 1 AS one, FROM t"));
    queries.insert("interval".to_owned(), json!("SELECT current_date - interval 7 day"));
    let errors = ask(
        Command::new("node").arg(source.join("parse.mjs")).arg(installed),
        &Value::Object(queries),
    );

    let (valid, invalid): (Vec<_>, Vec<_>) = errors
        .as_object()
        .expect("errors by query")
        .iter()
        .partition(|(_, errors)| **errors == json!([]));
    assert_eq!(valid.len(), PLANNED[0].queries.len(), "{invalid:#?}");
    assert_eq!(
        invalid.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["comma", "interval"]
    );
}

#[test]
fn every_query_is_tested() {
    let names: Vec<&String> = ANSWERS[0].as_object().expect("answers").keys().collect();
    assert_eq!(
        names,
        [
            "daily-cost-per-developer",
            "monthly-cost-per-developer",
            "monthly-cost-per-team",
            "recent-invocations",
            "unpriced-or-unattributed",
            "weekly-cost-per-developer",
        ]
    );
}

#[test]
fn a_day_of_every_kind_of_call() {
    assert_eq!(
        columns("daily-cost-per-developer"),
        [&["usage_date", "developer"][..], &MEASURES].concat()
    );
    // Dearest first; unknown cost last. How each figure comes about stands beside the call in fixture.rs.
    assert_eq!(
        rows(0, "daily-cost-per-developer", |line| line.starts_with("2026-03-17")),
        table(
            "
            2026-03-17 | judy@example.com | 2 | 2000000 | 0 | 10 | 0 | 11 | - | 1
            2026-03-17 | alice | 2 | 501000 | 102000 | 1000000 | 100000 | 4.744 | - | 0
            2026-03-17 | arn:aws:iam::123456789012:root | 1 | 1000000 | 0 | 0 | 0 | 3.3 | 3.3 | 0
            2026-03-17 | erin@example.com | 1 | 1000000 | 0 | 0 | 0 | 3.3 | 3.3 | 0
            2026-03-17 | arn:aws:iam::123456789012:user/platform/dave | 4 | 300000 | 0 | 1000000 | 100000 | 1.7025 | 1.95 | 0
            2026-03-17 | ivan@example.com | 2 | 200001 | 0 | 200000 | 0 | 0.72 | 0.72 | 0
            2026-03-17 | nina@example.com | 2 | 200000 | 0 | 0 | 0 | 0.66 | 0.66 | 0
            2026-03-17 | bob | 1 | 100000 | 10000 | 0 | 0 | 0.495 | 0.495 | 0
            2026-03-17 | arn:aws:sts::123456789012:assumed-role/someone-else/alice | 1 | 100000 | 0 | 0 | 0 | 0.33 | 0.33 | 0
            2026-03-17 | frank@example.com | 2 | 1100000 | 0 | 0 | 0 | 0.33 | - | 1
            2026-03-17 | victor | 1 | 100000 | 0 | 0 | 0 | 0.3 | 0.3 | 0
            2026-03-17 | heidi@example.com | 2 | 60001 | 0 | 140000 | 0 | 0.007 | - | 1
            2026-03-17 | grace@example.com | 1 | 1000 | 10 | 0 | 0 | - | - | 1
            2026-03-17 | mallory@example.com | 1 | 0 | 0 | 0 | 0 | - | - | 1
            2026-03-17 | peggy@example.com | 2 | 1000 | 0 | 0 | 0 | - | - | 2
            "
        )
    );
}

#[test]
fn days_use_the_price_of_the_day_and_begin_29_days_ago() {
    assert_eq!(
        rows(0, "daily-cost-per-developer", |line| !line.starts_with("2026-03-1")),
        table(
            "
            2026-03-01 | alice | 1 | 1000000 | 0 | 0 | 0 | 4 | 4 | 0
            2026-02-28 | alice | 1 | 1000000 | 0 | 0 | 100000 | 6.1875 | 6.6 | 0
            2026-02-17 | alice | 1 | 1000000 | 0 | 0 | 0 | 5.5 | 5.5 | 0
            "
        )
    );
}

#[test]
fn weeks_begin_on_monday() {
    assert_eq!(
        columns("weekly-cost-per-developer"),
        [&["week_start", "developer"][..], &MEASURES].concat()
    );
    assert_eq!(
        rows(0, "weekly-cost-per-developer", |line| line.contains("| alice |")),
        table(
            "
            2026-03-16 | alice | 2 | 501000 | 102000 | 1000000 | 100000 | 4.744 | - | 0
            2026-03-09 | alice | 4 | 400000 | 0 | 0 | 0 | 1.32 | 1.32 | 0
            2026-02-23 | alice | 2 | 2000000 | 0 | 0 | 100000 | 10.1875 | 10.6 | 0
            2026-02-16 | alice | 2 | 2000000 | 0 | 0 | 0 | 11 | 11 | 0
            2025-12-29 | alice | 1 | 1000000 | 0 | 0 | 0 | 5.5 | 5.5 | 0
            "
        )
    );
}

#[test]
fn months_reach_back_a_year() {
    assert_eq!(
        columns("monthly-cost-per-developer"),
        [&["month_start", "developer"][..], &MEASURES].concat()
    );
    assert_eq!(
        rows(0, "monthly-cost-per-developer", |line| line.contains("| alice |")),
        table(
            "
            2026-03-01 | alice | 7 | 1901000 | 102000 | 1000000 | 100000 | 10.064 | - | 0
            2026-02-01 | alice | 3 | 3000000 | 0 | 0 | 100000 | 17.1875 | 17.6 | 0
            2025-12-01 | alice | 2 | 2000000 | 0 | 0 | 0 | 11 | 11 | 0
            2025-04-01 | alice | 1 | 1000000 | 0 | 0 | 0 | 5.5 | 5.5 | 0
            "
        )
    );
}

#[test]
fn teams_and_cost_centres() {
    assert_eq!(
        columns("monthly-cost-per-team"),
        [&["month_start", "team", "cost_center"][..], &MEASURES].concat()
    );
    // 18.3795 = alice 0.33 + somebody who is called alice 0.33 + dave 1.7025 + frank 0.33 + heidi 0.00704 + ivan 0.720006 + judy 11 + nina 0.66 + root 3.3
    assert_eq!(
        rows(0, "monthly-cost-per-team", |_| true),
        table(
            "
            2026-03-01 | (none) | (none) | 21 | 5062002 | 10 | 1340010 | 100000 | 18.3795 | - | 7
            2026-03-01 | platform | CC-1 | 9 | 3001000 | 102000 | 1000000 | 100000 | 13.694 | - | 0
            2026-03-01 | research | (none) | 6 | 1600000 | 10000 | 0 | 0 | 5.415 | 5.415 | 0
            2026-02-01 | platform | CC-1 | 3 | 3000000 | 0 | 0 | 100000 | 17.1875 | 17.6 | 0
            2025-12-01 | platform | CC-1 | 2 | 2000000 | 0 | 0 | 0 | 11 | 11 | 0
            2025-04-01 | platform | CC-1 | 1 | 1000000 | 0 | 0 | 0 | 5.5 | 5.5 | 0
            "
        )
    );
}

#[test]
fn what_has_no_price_or_no_profile() {
    let query = "unpriced-or-unattributed";
    assert_eq!(
        columns(query),
        [
            &[
                "identity_arn",
                "logged_model_id",
                "model_id",
                "geography",
                "developer",
                "profile_use",
                "attributed",
                "priced",
                "without_counts",
                "first_date",
                "last_date"
            ][..],
            &MEASURES
        ]
        .concat()
    );
    // Who, model id as logged and as priced, geography, attributed, priced, without counts, invocations, cost.
    let shown: Vec<String> = rows(0, query, |line| line.contains("| 2026-03-17 | 2026-03-17 |"))
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            let who = cells[0].rsplit(['/', ':']).next().expect("a last part");
            let logged = cells[1].rsplit(':').next().expect("a last part");
            [
                who, logged, cells[2], cells[3], cells[6], cells[7], cells[8], cells[11], cells[16],
            ]
            .join(" | ")
        })
        .collect();
    assert_eq!(
        shown.join("\n"),
        table(
            "
            peggy@example.com | eu.anthropic.claude-opus-4-6-v1 | anthropic.claude-opus-4-6-v1 | eu | false | false | false | 2 | -
            frank@example.com | us.anthropic.claude-mythos-5 | anthropic.claude-mythos-5 | us | false | false | false | 1 | -
            grace@example.com | application-inference-profile/zzzzzzzzzzzz | zzzzzzzzzzzz | us | false | false | false | 1 | -
            heidi@example.com | us.anthropic.claude-haiku-5-5 | anthropic.claude-haiku-5-5 | us | false | false | false | 1 | -
            judy@example.com | us.anthropic.claude-fable-5 | anthropic.claude-fable-5 | us | false | false | false | 1 | -
            mallory@example.com | us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | false | true | 1 | -
            ivan@example.com | 0 | anthropic.claude-tiered-v1:0 | us | false | true | false | 2 | 0.72
            nina@example.com | us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 2 | 0.66
            root | us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 3.3
            dave | inference-profile/us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 0.4125
            dave | foundation-model/anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 0.33
            dave | global.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | global | false | true | false | 1 | 0.3
            dave | us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 0.66
            frank@example.com | us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 0.33
            heidi@example.com | us.anthropic.claude-haiku-5-5 | anthropic.claude-haiku-5-5 | us | false | true | false | 1 | 0.007
            judy@example.com | us.anthropic.claude-fable-5 | anthropic.claude-fable-5 | us | false | true | false | 1 | 11
            bob-session | application-inference-profile/bbbbbbbbbbbb | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 0.495
            alice | us.anthropic.claude-sonnet-4-6 | anthropic.claude-sonnet-4-6 | us | false | true | false | 1 | 0.33
            "
        )
    );
}

/// What is amiss on 10 March: session, who is charged, what it is, attributed, cost.
fn listed(deployment: usize) -> String {
    rows(deployment, "unpriced-or-unattributed", |line| {
        line.contains("| 2026-03-10 | 2026-03-10 |")
    })
    .lines()
    .map(|line| {
        let cells: Vec<&str> = line.split(" | ").collect();
        let session = cells[0].rsplit('/').next().expect("a last part");
        [session, cells[4], cells[5], cells[6], cells[16]].join(" | ")
    })
    .collect::<Vec<String>>()
    .join("\n")
}

/// A session of a bound role may have any name, and can call nobody's profile but its own.
#[test]
fn who_called_is_whose_profile_it_was_where_nobody_can_call_anothers() {
    assert_eq!(
        rows(2, "daily-cost-per-developer", |line| line.starts_with("2026-03-10")),
        table(
            "
            2026-03-10 | alice | 5 | 1400000 | 0 | 0 | 0 | 4.62 | 4.62 | 0
            2026-03-10 | sam-a | 3 | 400000 | 0 | 0 | 0 | 1.32 | 1.32 | 0
            2026-03-10 | bob | 2 | 200000 | 0 | 0 | 0 | 0.66 | 0.66 | 0
            "
        )
    );
    assert_eq!(
        listed(2),
        table(
            "
            alice@example.com | alice | - | false | 0.33
            bob@example.com | alice | session of alice under the name of bob | true | 3.3
            sam@example.org | sam-a | session of sam-a under the name of sam-b | true | 0.66
            operator | bob | profile of bob used by operator, who may be somebody else | false | 0.33
            alice | alice | profile of alice used by arn:aws:sts::123456789012:assumed-role/someone-else/alice, who may be somebody else | false | 0.33
            "
        )
    );
}

#[test]
fn who_called_is_whom_the_session_names_and_not_the_profile() {
    assert_eq!(
        rows(0, "daily-cost-per-developer", |line| line.starts_with("2026-03-10")),
        table(
            "
            2026-03-10 | bob | 3 | 1200000 | 0 | 0 | 0 | 3.96 | 3.96 | 0
            2026-03-10 | alice | 4 | 400000 | 0 | 0 | 0 | 1.32 | 1.32 | 0
            2026-03-10 | sam-a | 2 | 200000 | 0 | 0 | 0 | 0.66 | 0.66 | 0
            2026-03-10 | sam-b | 1 | 200000 | 0 | 0 | 0 | 0.66 | 0.66 | 0
            "
        )
    );
    assert_eq!(
        listed(0),
        table(
            "
            alice@example.com | alice | - | false | 0.33
            bob@example.com | bob | profile of alice used by bob | true | 3.3
            sam | sam-a | profile of sam-a used by sam, who may be somebody else | false | 0.33
            sam@example.org | sam-b | profile of sam-a used by sam-b | true | 0.66
            operator | bob | profile of bob used by operator, who may be somebody else | false | 0.33
            alice | alice | profile of alice used by arn:aws:sts::123456789012:assumed-role/someone-else/alice, who may be somebody else | false | 0.33
            "
        )
    );
}

#[test]
fn without_profiles_only_unpriced_calls_are_listed() {
    let dave: String = rows(1, "unpriced-or-unattributed", |line| line.contains("/dave |"));
    // In a deployment with global profiles, what a call of the bare model costs is not among the prices.
    assert_eq!(
        dave,
        "arn:aws:iam::123456789012:user/platform/dave | arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-6 \
         | anthropic.claude-sonnet-4-6 | - | arn:aws:iam::123456789012:user/platform/dave | - | true | false | false | 2026-03-17 | 2026-03-17 | 1 | 100000 | 0 | 0 | 0 | - | - | 1"
    );
    // Nobody is known but by the caller's ARN.
    assert_eq!(
        rows(1, "daily-cost-per-developer", |line| line
            .starts_with("2026-03-17 | alice")),
        "2026-03-17 | alice@example.com | 2 | 501000 | 102000 | 1000000 | 100000 | - | - | 2"
    );
}

#[test]
fn recent_invocations_show_what_was_logged() {
    let query = "recent-invocations";
    assert_eq!(
        columns(query),
        [
            "timestamp",
            "requestid",
            "identity_arn",
            "operation",
            "modelid",
            "inferenceregion",
            "errorcode",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "cache_write_tokens"
        ]
    );
    let all = rows(0, query, |_| true);
    assert_eq!(all.lines().count(), 26, "{all}");
    let counts = |who: &str| -> Vec<String> {
        all.lines()
            .filter(|line| line.contains(who))
            .map(|line| line.split(" | ").skip(6).collect::<Vec<_>>().join(" | "))
            .collect()
    };
    assert_eq!(counts("/bob-session |"), ["- | 100000 | 10000 | - | -"]);
    assert_eq!(counts("/mallory@example.com |"), ["- | - | - | - | -"]);
    assert_eq!(
        counts("/oscar@example.com |"),
        ["ThrottlingException | 1000000 | 0 | - | -"]
    );
    // The newest first.
    let first = all.lines().next().expect("a row");
    assert!(
        first.starts_with("2026-03-17T11:00:00Z | ") && first.contains(" | us-west-2 | "),
        "{first}"
    );
}
