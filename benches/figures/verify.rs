//! `tfgen verify` against the emulation, whose answers come 100 ms late: how far it is from the longest chain of calls that
//! wait for each other, and from what AWS's limits allow. A link of the chain is as long as its answer took, which is the 100 ms
//! and what the emulation needed itself: it answers one request after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use real::moto::Moto;
use real::proxy::{Answer, Fault, Proxy};
use serde_json::{Value, json};

use crate::{Result, repository, told};

/// What each answer takes.
const LATE: Duration = Duration::from_millis(100);
/// Calls one after the other that tell whose the credentials are, before anything is looked at: the caller, the role that
/// is assumed, the caller.
const IDENTITY: usize = 3;
/// The wait before the first look at a query.
const QUERY: Duration = Duration::from_millis(500);
/// The operation that is asked again until its answer is final.
const POLLED: &str = "athena:GetQueryExecution";
/// Runs of each; the median counts.
const RUNS: usize = 5;

/// A call of the report.
struct Call {
    operation: String,
    account: String,
    /// Since the start of the proxy.
    asked: Duration,
    answered: Duration,
}

pub fn figures() -> Result<()> {
    let moto = Moto::start()?;
    moto.world(&json!({}))?;
    let proxy = Proxy::start(moto.port())?;
    proxy.all(Fault::Delay(LATE));
    println!("\n| `tfgen verify` of the example, 100 ms an answer | time | at least | factor |\n|---|---|---|---|");
    for (what, more) in [
        ("without limits", Some("--no-rate-limits")),
        ("with AWS's limits", None),
    ] {
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            let before = proxy.seen().len();
            let started = Instant::now();
            let report = verify(&proxy.endpoint(), more)?;
            let time = started.elapsed();
            let answers: Vec<Answer> = proxy
                .seen()
                .into_iter()
                .skip(before)
                .filter_map(|seen| seen.answer)
                .collect();
            runs.push((time, report, answers));
        }
        runs.sort_by_key(|(time, _, _)| *time);
        let Some((time, report, answers)) = runs.get(RUNS / 2) else {
            return Err("no run at all".into());
        };
        let calls = calls(report, answers)?;
        let identity: Duration = answers.iter().take(IDENTITY).map(took).sum();
        let bound = match more {
            Some(_) => identity + longest(report, &calls),
            None => identity + longest(report, &calls).max(paced(&calls)),
        };
        println!(
            "| {} calls, {what} | {} | {} | {:.2} |",
            calls.len(),
            told(*time),
            told(bound),
            time.as_secs_f64() / bound.as_secs_f64()
        );
    }
    Ok(())
}

fn verify(endpoint: &str, more: Option<&str>) -> Result<Value> {
    let folder = tempfile::tempdir()?;
    for (from, to) in [("acme.hcl", "tfgen.hcl"), ("developers.csv", "developers.csv")] {
        fs::copy(repository().join("examples").join(from), folder.path().join(to))?;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_tfgen"))
        .args(["verify", "--format", "json", "--management-role-arn"])
        .arg("arn:aws:iam::999999999999:role/tfgen-verify")
        .args(more)
        .current_dir(folder.path())
        .env("HOME", folder.path())
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env_remove("AWS_PROFILE")
        .output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("no report: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn took(answer: &Answer) -> Duration {
    answer.answered.saturating_sub(answer.asked)
}

/// Every call of a report once, by the id of its request.
fn calls(report: &Value, answers: &[Answer]) -> Result<BTreeMap<String, Call>> {
    let mut calls = BTreeMap::new();
    for call in results(report).iter().flat_map(|result| list(&result["evidence"])) {
        let text = |key: &str| call[key].as_str().unwrap_or_default().to_owned();
        let id = text("request_id");
        let answer = answers
            .iter()
            .find(|answer| answer.request_id.as_ref() == Some(&id))
            .ok_or_else(|| format!("the proxy has not seen {call}"))?;
        let call = Call {
            operation: text("operation"),
            account: text("account_id"),
            asked: answer.asked,
            answered: answer.answered,
        };
        calls.insert(id, call);
    }
    Ok(calls)
}

fn results(report: &Value) -> &[Value] {
    list(&report["results"])
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The longest chain: of each check, its calls and those of the checks that it waits for, one after the other. What a check
/// asks for several times at once counts once; only Athena is asked again and again.
fn longest(report: &Value, calls: &BTreeMap<String, Call>) -> Duration {
    let by_id: BTreeMap<&str, &Value> = results(report)
        .iter()
        .filter_map(|result| Some((result["id"].as_str()?, result)))
        .collect();
    let chains = by_id.keys().map(|id| {
        let (mut waiting, mut seen) = (vec![*id], BTreeSet::new());
        let mut own: Vec<&Call> = Vec::new();
        while let Some(id) = waiting.pop() {
            let Some(result) = by_id.get(id).filter(|_| seen.insert(id)) else {
                continue;
            };
            let mut asked = BTreeSet::new();
            let evidence = list(&result["evidence"]).iter();
            let requests = evidence.filter_map(|call| calls.get(call["request_id"].as_str()?));
            own.extend(requests.filter(|call| asked.insert(&call.operation) || call.operation == POLLED));
            waiting.extend(list(&result["needs"]).iter().filter_map(Value::as_str));
        }
        let query = match own.iter().any(|call| call.operation == POLLED) {
            true => QUERY,
            false => Duration::ZERO,
        };
        query + one_after_the_other(own)
    });
    chains.max().unwrap_or_default()
}

/// What the calls take that can be put one after the other, so that it is the most.
fn one_after_the_other(mut calls: Vec<&Call>) -> Duration {
    calls.sort_by_key(|call| call.answered);
    let mut ended: Vec<(Duration, Duration)> = Vec::new();
    for call in calls {
        let before = ended
            .iter()
            .filter(|(end, _)| *end <= call.asked)
            .map(|(_, length)| *length);
        let length = before.max().unwrap_or_default() + call.answered.saturating_sub(call.asked);
        ended.push((call.answered, length));
    }
    ended.into_iter().map(|(_, length)| length).max().unwrap_or_default()
}

/// The time that AWS's limits take at least: of each account and group of operations, all calls but the first.
fn paced(calls: &BTreeMap<String, Call>) -> Duration {
    let mut groups: BTreeMap<(&str, &str), (u32, u32)> = BTreeMap::new();
    for call in calls.values() {
        let (group, per_second) = match call.operation.as_str() {
            "organizations:DescribePolicy" => ("policy", 2),
            "organizations:ListPoliciesForTarget" => ("policies", 5),
            operation if operation.starts_with("sso-admin:") => ("sso-admin", 20),
            _ => ("ordinary", 20),
        };
        let entry = groups.entry((&call.account, group)).or_insert((0, per_second));
        entry.0 += 1;
    }
    let times = groups
        .values()
        .map(|(count, per_second)| Duration::from_secs(1) * count.saturating_sub(1) / *per_second);
    times.max().unwrap_or_default() + LATE
}
