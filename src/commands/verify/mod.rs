//! `tfgen verify` and `tfgen verify-phase`: the checklist against AWS.

pub mod accounts;
pub mod args;
mod list;
mod progress;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;

use self::args::{VerifyFormat, VerifyOptions};
use self::progress::Shown;
use super::{Streams, Subject};
use crate::guardrails;
use crate::outcome::{CommandResult, Failure, Outcome, unless_closed};
use crate::render::lock;
use crate::render::write::write_atomically;
use crate::steps::attestation::Attestations;
use crate::steps::{self, Phase, Step};
use crate::verify::{self, Accounts, Check, Machine, Options, Report, Scene, SeenAccount, report};

/// Runs the command on a deployment, for one phase or for all.
pub fn run(
    phase: Option<Phase>,
    options: &VerifyOptions,
    subject: &Subject,
    streams: &mut Streams<'_>,
) -> CommandResult {
    let Subject { loaded, folder, .. } = subject;
    let deployment = &loaded.deployment;
    let root = subject.tree(options.root.as_deref())?;
    let documents = guardrails::documents(deployment);
    let rendered = super::render::rendered(deployment, &documents, root)?;
    let steps: Vec<Step> = steps::steps(deployment, &rendered.context)
        .into_iter()
        .filter(|step| phase.is_none_or(|phase| step.phase == phase))
        .collect();
    let mut all = verify::checks(deployment, &rendered.context);
    all.retain(|check| options.call_models || !check.calls_a_model());
    let counted = count_by_step(&all);
    let (checks, steps) = chosen(all, steps, &options.only, phase)?;
    let looked_at = count_by_step(&checks);
    let partly: BTreeSet<String> = counted
        .into_iter()
        .filter(|(step, count)| looked_at.get(step).is_some_and(|looked| looked < count))
        .map(|(step, _)| step)
        .collect();
    if options.list {
        list::print(&checks, &steps, options.format, streams)?;
        return Ok(Outcome::Clean);
    }
    if let Some(account) = &options.print_policy {
        list::policies(&verify::policies(&checks, deployment), account, streams.stdout)?;
        return Ok(Outcome::Clean);
    }
    // Read before anything is asked: a file that cannot be read must not be found out afterwards.
    let attestations = Attestations::read(folder)?;
    let endpoint = options.credentials.endpoint(&deployment.region);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime cannot be started")?;
    let needed = checks.iter().map(|check| check.from).collect();
    let mut accounts = Accounts::of(deployment);
    let connected = runtime.block_on(async {
        let connecting = accounts::connect_all(&mut accounts, &options.credentials, &needed, &endpoint);
        let in_time = tokio::time::timeout(options.timeout, connecting).await;
        in_time.unwrap_or_else(|_| Err(accounts::Fault::Other(no_identity(options.timeout))))
    });
    // From here on there is a report to end with.
    let stop = interrupt().context("the system does not hand over Ctrl-C")?;
    let seen = seen_accounts(&accounts);
    if !options.has_told_accounts {
        report::human::accounts(&seen, streams.stderr)?;
    }
    let scene = Rc::new(Scene {
        deployment: deployment.clone(),
        context: rendered.context,
        documents,
        profiles: rendered.profiles_in_use,
        accounts,
        endpoint: endpoint.clone(),
        machine: Machine::this(),
        may_call_models: options.call_models,
        now: Timestamp::now(),
    });
    let mut progress = Shown::new(streams.stderr);
    let limits = Options {
        deadline: options.timeout,
        wait: options.wait,
    };
    let results = runtime.block_on(verify::run(&checks, &scene, limits, &stop, &mut progress));
    progress.clear()?;
    // What still waits for the name of a host does not hold the report up.
    runtime.shutdown_background();
    let mut report = Report::new(deployment, seen, &steps, results);
    report.attest(&attestations, folder, scene.now);
    report.place(&subject.places(options.root.as_deref()));
    // Whoever closes the output early still learns the result from the status.
    unless_closed(write(&report, options.format, streams))?;
    if options.update_checklist {
        update(&report, &partly, root, streams)?;
    }
    connected?;
    Ok(report.outcome())
}

/// AWS did not say in time whose the credentials are.
fn no_identity(timeout: Duration) -> String {
    format!(
        "the time of {} was over before AWS had said whose the credentials are, so nothing was looked at; look at network, \
         proxy (`HTTPS_PROXY`) and `AWS_ENDPOINT_URL`, or run it again with a longer `--timeout`",
        verify::told(timeout)
    )
}

/// A flag that Ctrl-C sets. The second Ctrl-C ends the process.
fn interrupt() -> std::io::Result<Arc<AtomicBool>> {
    use signal_hook::{consts::SIGINT, flag};
    let seen = Arc::new(AtomicBool::new(false));
    // 128 and the number of the signal, as shells tell it.
    flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&seen))?;
    flag::register(SIGINT, Arc::clone(&seen))?;
    Ok(seen)
}

/// The checks and steps that are asked for, with the checks that they need.
fn chosen(
    all: Vec<Check>,
    steps: Vec<Step>,
    only: &[String],
    phase: Option<Phase>,
) -> Result<(Vec<Check>, Vec<Step>), Failure> {
    let of_phase = |check: &&Check| phase.is_none_or(|phase| check.phase == phase);
    for id in only {
        let is_named = |check: &&Check| check.id == *id || check.step == *id;
        if all.iter().filter(of_phase).any(|check| is_named(&check)) || steps.iter().any(|step| step.id == *id) {
            continue;
        }
        // Nothing to look at would end as if all were well.
        if let Some(check) = all.iter().find(is_named) {
            return Err(Failure::Usage(format!(
                "--only {id}: that is of phase {}; `{}` looks at it",
                check.phase.argument(),
                check.phase.verify_line()
            )));
        }
        let names = all
            .iter()
            .map(|check| check.id.as_str())
            .chain(steps.iter().map(|step| step.id.as_str()));
        let nearest = findings::nearest(id, names).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        return Err(Failure::Usage(format!(
            "--only {id}: this deployment has no such check or step{nearest} (`tfgen verify --list` names them)"
        )));
    }
    let mut wanted: BTreeSet<String> = all
        .iter()
        .filter(|check| phase.is_none_or(|phase| check.phase == phase))
        .filter(|check| only.is_empty() || only.contains(&check.id) || only.contains(&check.step))
        .map(|check| check.id.clone())
        .collect();
    loop {
        let needed: Vec<String> = all
            .iter()
            .filter(|check| wanted.contains(&check.id))
            .flat_map(|check| check.needs.clone())
            .filter(|need| !wanted.contains(need))
            .collect();
        if needed.is_empty() {
            break;
        }
        wanted.extend(needed);
    }
    let checks = all.into_iter().filter(|check| wanted.contains(&check.id)).collect();
    let steps = steps
        .into_iter()
        .filter(|step| only.is_empty() || only.contains(&step.id))
        .collect();
    Ok((checks, steps))
}

/// How many checks each step has that a deployment is not complete without.
fn count_by_step(checks: &[Check]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for check in checks.iter().filter(|check| !check.optional) {
        *counts.entry(check.step.clone()).or_default() += 1;
    }
    counts
}

/// Ticks what is done, and unticks what failed.
fn update(report: &Report, partly: &BTreeSet<String>, root: &Path, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let path = root.join("MANUAL_STEPS.md");
    let _lock = lock::acquire(root, || {
        writeln!(streams.stderr, "waiting: another tfgen works in {}", root.display())
    })?;
    let old = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "--update-checklist: {} cannot be read; `tfgen render` writes it",
            path.display()
        )
    })?;
    let boxes = report.boxes(partly);
    let is_ours = steps::is_of(&old, &report.deployment, &report.account_id)
        && steps::has_any(&old, report.results.iter().map(|result| result.step.as_str()));
    if !is_ours {
        return Err(Failure::Usage(format!(
            "--update-checklist: {} is not the checklist of `{}` in account {}; `tfgen render` writes it",
            path.display(),
            report.deployment,
            report.account_id
        )));
    }
    let new = steps::set_ticks(&old, &boxes);
    let changed = old.lines().zip(new.lines()).filter(|(old, new)| old != new).count();
    if changed > 0 {
        write_atomically(&path, &new)?;
    }
    let noun = if changed == 1 { "box" } else { "boxes" };
    writeln!(streams.stderr, "{}: {changed} {noun} changed", path.display())?;
    let kept: Vec<&str> = report
        .results
        .iter()
        .map(|result| result.step.as_str())
        .filter(|step| partly.contains(*step))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if !kept.is_empty() {
        writeln!(
            streams.stderr,
            "not ticked, because only a part of the step was looked at: {}",
            kept.join(", ")
        )?;
    }
    Ok(())
}

/// The accounts that are connected, as they are shown.
pub fn seen_accounts(accounts: &Accounts) -> Vec<SeenAccount> {
    accounts
        .connected
        .values()
        .map(|account| SeenAccount {
            account_id: account.id.clone(),
            roles: accounts
                .roles(&account.id)
                .into_iter()
                .map(verify::From::word)
                .collect(),
            caller: account.caller.clone(),
        })
        .collect()
}

fn write(report: &Report, format: VerifyFormat, streams: &mut Streams<'_>) -> anyhow::Result<()> {
    match format {
        VerifyFormat::Human => report::human::write(report, streams.width, streams.stdout_style, streams.stdout)?,
        VerifyFormat::Json => report::json::write(report, streams.stdout)?,
        VerifyFormat::Junit => report::junit::write(report, streams.stdout)?,
        VerifyFormat::Markdown => report::markdown::write(report, streams.stdout)?,
    }
    Ok(())
}
