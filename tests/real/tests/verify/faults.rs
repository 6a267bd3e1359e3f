//! Faults of the network, of AWS and of the credentials, made by a proxy in front of the emulation.
//!
//! Whatever happens, the run ends by itself, the report has every check, and a result is told only where it was observed:
//! with a fault a check is as it is without, or `unknown`, or `skipped`.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use real::proxy::{Fault, Proxy};
use serde_json::Value;

use crate::stage::{Run, Stage};

/// Faults that retries do not get over.
const LASTING: [Fault; 7] = [
    Fault::ThrottleAll,
    Fault::FailAll,
    Fault::Hang,
    Fault::Truncate,
    Fault::Reset,
    Fault::ExpiredCredentials,
    Fault::ClockSkew,
];
/// Faults that they do, or do not: with many calls at the same time it is chance whose retry meets the next fault.
const SOME: [Fault; 2] = [Fault::ThrottleEverySecond, Fault::FailEveryThird];
/// No fault at all.
const NONE: Fault = Fault::Delay(Duration::ZERO);

/// The example behind a proxy, and what is said of it without a fault.
struct Scene {
    stage: Stage,
    proxy: Proxy,
    clean: Run,
    /// The services that were called, as they sign.
    services: BTreeSet<String>,
}

impl Scene {
    fn new() -> Self {
        let stage = Stage::example();
        let proxy = Proxy::start(stage.moto.port()).unwrap();
        let clean = stage.verify_all_at(&proxy.endpoint(), &["--no-rate-limits"]);
        let passed = clean.statuses().values().filter(|status| *status == "pass").count();
        assert!(passed > 40, "{:#?}", clean.statuses());
        let services: BTreeSet<String> = proxy.seen().into_iter().map(|seen| seen.service).collect();
        assert!(services.len() > 10, "{services:?}");
        Self {
            stage,
            proxy,
            clean,
            services,
        }
    }

    /// How many requests have met a fault.
    fn met(&self, fault: Fault) -> usize {
        self.proxy
            .seen()
            .iter()
            .filter(|seen| seen.fault == Some(fault))
            .count()
    }

    /// Verifies everything with the faults that the proxy has, and looks at what must hold whatever they are.
    fn verify(&self, more: &[&str]) -> Run {
        let mut args = vec!["--no-rate-limits"];
        args.extend(more);
        let run = self.stage.verify_all_at(&self.proxy.endpoint(), &args);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        let (before, after) = (self.clean.results(), run.results());
        assert!(before.keys().eq(after.keys()), "{}", run.stdout);
        for (id, result) in &after {
            is_observed(&before[id], result);
        }
        run
    }
}

/// A result with a fault is the one without, on the same answers, or none.
#[track_caller]
fn is_observed(before: &Value, after: &Value) {
    let status = after["status"].as_str().unwrap();
    match status {
        "unknown" => assert!(after["next_step"].is_string(), "{after:#}"),
        "skipped" => {}
        _ => {
            assert_eq!(status, before["status"], "{after:#}\n{before:#}");
            assert_eq!(answers(after), answers(before), "{after:#}");
        }
    }
}

/// How often each operation was answered with what, but for questions that are asked until a query is done.
fn answers(result: &Value) -> BTreeMap<(String, String), usize> {
    let mut answers = BTreeMap::new();
    for call in result["evidence"].as_array().unwrap() {
        let text = |key: &str| call[key].as_str().unwrap().to_owned();
        let count = answers.entry((text("operation"), text("answer"))).or_insert(0);
        *count = match call["operation"] == "athena:GetQueryExecution" {
            true => 1,
            false => *count + 1,
        };
    }
    answers
}

fn is_about_time(result: &Value) -> bool {
    result["observed"].as_str().unwrap().starts_with("the time of ")
}

/// What a lasting fault is called, and what is said to do about it.
fn words(fault: Fault) -> (&'static [&'static str], &'static str) {
    match fault {
        Fault::ThrottleAll => (&["throttled"], "in a few minutes"),
        Fault::FailAll => (&["AWS failed"], "run it again"),
        Fault::Hang => (&["no answer in time"], "run it again"),
        Fault::Truncate => (&["no connection", "cannot be read"], ""),
        Fault::Reset => (&["no connection"], "HTTPS_PROXY"),
        Fault::ExpiredCredentials => (&["not valid (any more)"], "aws sso login"),
        Fault::ClockSkew => (&["clock is off"], "set the clock"),
        _ => panic!("{fault:?} does not last"),
    }
}

#[test]
fn what_retries_get_over_changes_no_result() {
    let scene = Scene::new();
    for fault in [Fault::FailFirst, Fault::ThrottleFirst] {
        scene.proxy.clear();
        scene.proxy.all(fault);
        let run = scene.verify(&["--timeout", "4m"]);
        for (id, result) in run.results() {
            let before = scene.clean.status_of(&id);
            assert_eq!(result["status"], before, "{fault:?}: {result:#}\n{}", run.stderr);
        }
        assert_eq!(run.status, scene.clean.status, "{fault:?}");
        assert!(scene.met(fault) > 40, "{fault:?}: {}", scene.met(fault));
    }
}

#[test]
fn faults_of_some_requests_leave_what_was_observed() {
    let scene = Scene::new();
    for fault in SOME {
        scene.proxy.clear();
        scene.proxy.all(fault);
        let run = scene.verify(&["--timeout", "20s"]);
        let passed = run.statuses().values().filter(|status| *status == "pass").count();
        assert!(passed > 10, "{fault:?}: {} {:#?}", run.stderr, run.statuses());
        assert!(scene.met(fault) > 10, "{fault:?}: {}", scene.met(fault));
    }
}

#[test]
fn a_fault_of_everything_but_the_identity_is_told_with_what_to_do() {
    let scene = Scene::new();
    for fault in LASTING {
        scene.proxy.clear();
        scene.proxy.all(fault);
        scene.proxy.service("sts", NONE);
        let run = scene.verify(&["--timeout", "5s"]);
        let asked = |id: &str| !scene.clean.result(id)["evidence"].as_array().unwrap().is_empty();
        let results = run.results();
        for (id, result) in results.iter().filter(|(id, _)| asked(id)) {
            assert!(
                ["unknown", "skipped"].contains(&result["status"].as_str().unwrap()),
                "{fault:?}, {id}: {result:#}"
            );
        }
        let (says, advice) = words(fault);
        let told: Vec<&Value> = results
            .values()
            .filter(|result| result["status"] == "unknown" && asked(result["id"].as_str().unwrap()))
            .collect();
        assert!(told.len() > 10, "{fault:?}: {}", run.stdout);
        for result in told {
            let observed = result["observed"].as_str().unwrap();
            let next = result["next_step"].as_str().unwrap();
            let is_told = says.iter().any(|word| observed.contains(word)) && next.contains(advice);
            assert!(is_told || is_about_time(result), "{fault:?}: {result:#}");
        }
        assert_eq!(run.status, 11, "{fault:?}: {:#?}", run.statuses());
    }
}

#[test]
fn without_an_identity_nothing_is_looked_at_and_the_report_says_so() {
    let scene = Scene::new();
    for fault in LASTING {
        scene.proxy.clear();
        scene.proxy.service("sts", fault);
        let run = scene.verify(&["--timeout", "5s"]);
        assert_eq!(run.status, 1, "{fault:?}: {}", run.stderr);
        let (says, advice) = words(fault);
        let is_told = says.iter().any(|word| run.stderr.contains(word)) && run.stderr.contains(advice);
        let is_late = run.stderr.contains("the time of 5 s was over") && run.stderr.contains("--timeout");
        assert!(is_told || is_late, "{fault:?}: {}", run.stderr);
        for (id, result) in run.results() {
            let is_asked = !scene.clean.result(&id)["evidence"].as_array().unwrap().is_empty();
            assert!(!is_asked || result["status"] == "skipped", "{fault:?}: {result:#}");
            assert_eq!(result["evidence"], Value::Array(Vec::new()), "{fault:?}: {result:#}");
        }
    }
}

/// Each service has each fault once, and in each run another one than its neighbours.
#[test]
fn faults_of_single_services_touch_nothing_else() {
    let scene = Scene::new();
    let faults: Vec<Fault> = LASTING.into_iter().chain(SOME).chain([NONE, NONE]).collect();
    for turn in 0..faults.len() {
        scene.proxy.clear();
        let (mut hit, mut maybe) = (BTreeSet::new(), BTreeSet::new());
        for (at, service) in scene.services.iter().filter(|service| *service != "sts").enumerate() {
            let fault = faults[(at + turn) % faults.len()];
            scene.proxy.service(service, fault);
            if LASTING.contains(&fault) {
                hit.insert(service.as_str());
            } else if SOME.contains(&fault) {
                maybe.insert(service.as_str());
            }
        }
        let run = scene.verify(&["--timeout", "5s"]);
        assert!([10, 11].contains(&run.status), "{}", run.stderr);
        let statuses = run.statuses();
        for (id, before) in scene.clean.results() {
            let after = run.result(&id);
            let is_in = |set: &BTreeSet<&str>| services(&before).iter().any(|service| set.contains(service.as_str()));
            let is_hit = is_in(&hit);
            let is_stopped = before["needs"].as_array().unwrap().iter().any(|need| {
                let need = need.as_str().unwrap();
                statuses
                    .get(need)
                    .is_some_and(|status| status != "pass" && status != "attested")
            });
            if is_hit {
                assert!(
                    ["unknown", "skipped"].contains(&after["status"].as_str().unwrap()),
                    "{hit:?}: {after:#}"
                );
            } else if !is_in(&maybe) && !is_stopped && !is_about_time(&after) {
                assert_eq!(after["status"], before["status"], "{hit:?}: {after:#}");
            }
        }
    }
}

/// The services that a result is of, as they sign.
fn services(result: &Value) -> BTreeSet<String> {
    let calls = result["evidence"].as_array().unwrap().iter();
    calls
        .map(|call| {
            let service = call["operation"].as_str().unwrap().split(':').next().unwrap();
            match service {
                "sso-admin" => "sso",
                "cloudwatch" => "monitoring",
                "bedrock-runtime" => "bedrock",
                service => service,
            }
            .to_owned()
        })
        .collect()
}

#[test]
fn the_time_of_a_run_is_kept_where_nothing_answers() {
    let scene = Scene::new();
    scene.proxy.all(Fault::Hang);
    scene.proxy.service("sts", NONE);
    let run = scene.verify(&["--timeout", "2s"]);
    let late = run.results().values().filter(|result| is_about_time(result)).count();
    assert!(late > 10, "{}", run.stdout);
    assert!(run.stdout.contains("the time of 2 s was over"), "{}", run.stdout);
    assert_eq!(run.status, 11);
}
