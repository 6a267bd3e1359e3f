//! `tfgen verify` and `tfgen verify-phase`: the checklist against AWS.

mod accounts;
pub mod args;
mod list;
mod progress;

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use anyhow::Context as _;
use jiff::Timestamp;

use self::args::{VerifyFormat, VerifyOptions};
use self::progress::Shown;
use super::Streams;
use crate::aws::Endpoint;
use crate::deployment::Loaded;
use crate::guardrails;
use crate::outcome::{CommandResult, Failure, Outcome};
use crate::steps::{self, Phase, Step};
use crate::verify::{self, Accounts, Check, Machine, Options, Report, Scene, SeenAccount, report};

/// Runs the command on a deployment whose file stands in `folder`, for one phase or for all.
pub fn run(
    phase: Option<Phase>,
    options: &VerifyOptions,
    loaded: &Loaded,
    folder: &Path,
    streams: &mut Streams<'_>,
) -> CommandResult {
    let deployment = &loaded.deployment;
    let root = options.root.as_deref().unwrap_or(folder);
    let documents = guardrails::documents(deployment);
    let rendered = super::render::rendered(deployment, &documents, root)?;
    let steps: Vec<Step> = steps::steps(deployment, &rendered.context)
        .into_iter()
        .filter(|step| phase.is_none_or(|phase| step.phase == phase))
        .collect();
    let all = verify::checks(deployment, &rendered.context);
    let (checks, steps) = chosen(all, steps, &options.only, phase)?;
    if options.list {
        list::print(&checks, &steps, options.format, streams)?;
        return Ok(Outcome::Clean);
    }
    if let Some(account) = &options.print_policy {
        list::policies(&verify::policies(&checks, deployment), account, streams.stdout)?;
        return Ok(Outcome::Clean);
    }
    let endpoint = Endpoint {
        region: deployment.region.clone(),
        url: options.endpoint_url.clone(),
        is_limited: !options.no_rate_limits,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime cannot be started")?;
    let mut accounts = Accounts::of(deployment);
    let connected = runtime.block_on(accounts::connect_all(&mut accounts, options, &checks, &endpoint));
    let seen = seen_accounts(&accounts);
    report::human::accounts(&seen, streams.stderr)?;
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
    let results = runtime.block_on(verify::run(&checks, &scene, limits, &mut progress));
    progress.clear()?;
    let report = Report::new(deployment, seen, &steps, results);
    write(&report, options.format, streams)?;
    connected.map_err(|fault| match fault {
        accounts::Fault::Other(message) => Failure::Failed(anyhow::Error::msg(message)),
        accounts::Fault::Wrong(message) => Failure::Usage(message),
    })?;
    Ok(report.outcome())
}

/// The checks and steps that are asked for, with the checks that they need.
fn chosen(
    all: Vec<Check>,
    steps: Vec<Step>,
    only: &[String],
    phase: Option<Phase>,
) -> Result<(Vec<Check>, Vec<Step>), Failure> {
    for id in only {
        let is_known =
            all.iter().any(|check| check.id == *id || check.step == *id) || steps.iter().any(|step| step.id == *id);
        if !is_known {
            let names = all
                .iter()
                .map(|check| check.id.as_str())
                .chain(steps.iter().map(|step| step.id.as_str()));
            let nearest =
                findings::nearest(id, names).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            return Err(Failure::Usage(format!(
                "--only {id}: this deployment has no such check or step{nearest} `tfgen verify --list` names them"
            )));
        }
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

fn seen_accounts(accounts: &Accounts) -> Vec<SeenAccount> {
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
