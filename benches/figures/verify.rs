//! `tfgen verify` against the emulation, whose answers come 100 ms late: how far it is from the longest chain of calls that
//! wait for each other, and from what AWS's limits allow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use real::moto::Moto;
use real::proxy::{Fault, Proxy};
use serde_json::{Value, json};

use crate::{Result, repository, told};

/// What each answer takes.
const LATE: Duration = Duration::from_millis(100);
/// Calls one after the other that tell whose the credentials are, before anything is looked at: the caller, the role that
/// is assumed, the caller.
const IDENTITY: u32 = 3;
/// The wait before the first look at a query.
const QUERY: Duration = Duration::from_millis(500);
/// Runs of each; the median counts.
const RUNS: usize = 5;

/// A call of the report.
struct Call {
    operation: String,
    account: String,
    end: Timestamp,
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
            let started = Instant::now();
            let report = verify(&proxy.endpoint(), more)?;
            runs.push((started.elapsed(), report));
        }
        runs.sort_by_key(|(time, _)| *time);
        let Some((time, report)) = runs.get(RUNS / 2) else {
            return Err("no run at all".into());
        };
        let calls = calls(report)?;
        let chain = longest(report, &calls);
        let bound = match more {
            Some(_) => chain,
            None => chain.max(paced(&calls)),
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

/// Every call of a report once, by the id of its request.
fn calls(report: &Value) -> Result<BTreeMap<String, Call>> {
    let mut calls = BTreeMap::new();
    for call in results(report).iter().flat_map(|result| list(&result["evidence"])) {
        let text = |key: &str| call[key].as_str().unwrap_or_default().to_owned();
        let end = text("time").parse()?;
        let (operation, account) = (text("operation"), text("account_id"));
        calls.insert(
            text("request_id"),
            Call {
                operation,
                account,
                end,
            },
        );
    }
    Ok(calls)
}

fn results(report: &Value) -> &[Value] {
    list(&report["results"])
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The longest chain: of each check, its calls and those of the checks that it waits for, as many as do not overlap.
fn longest(report: &Value, calls: &BTreeMap<String, Call>) -> Duration {
    let by_id: BTreeMap<&str, &Value> = results(report)
        .iter()
        .filter_map(|result| Some((result["id"].as_str()?, result)))
        .collect();
    let chains = by_id.keys().map(|id| {
        let (mut waiting, mut seen) = (vec![*id], BTreeSet::new());
        let mut requests = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            let Some(result) = by_id.get(id).filter(|_| seen.insert(id)) else {
                continue;
            };
            requests.extend(
                list(&result["evidence"])
                    .iter()
                    .filter_map(|call| call["request_id"].as_str()),
            );
            waiting.extend(list(&result["needs"]).iter().filter_map(Value::as_str));
        }
        let mut own: Vec<&Call> = requests.iter().filter_map(|id| calls.get(*id)).collect();
        own.sort_by_key(|call| call.end);
        let has_query = own.iter().any(|call| call.operation == "athena:GetQueryExecution");
        let mut length = IDENTITY;
        let mut free = Timestamp::MIN;
        for call in own {
            if call.end.duration_since(free).unsigned_abs() >= LATE {
                length += 1;
                free = call.end;
            }
        }
        LATE * length + if has_query { QUERY } else { Duration::ZERO }
    });
    chains.max().unwrap_or_default()
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
    times.max().unwrap_or_default() + LATE * (IDENTITY + 1)
}
