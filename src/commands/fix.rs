//! `tfgen fix`: does a step through an API, where no rendered root owns it.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::runtime::Runtime;

use super::verify::args::{CredentialArgs, VerifyFormat, VerifyOptions, duration};
use super::verify::{self as verification, accounts};
use super::{Streams, Subject, file_or_first};
use crate::aws::Journal;
use crate::fix::{Act, Fix, Refusal, Wishes};
use crate::guardrails;
use crate::outcome::{CommandResult, Failure, Outcome};
use crate::steps::{self, Owner, Step};
use crate::verify::next::Places;
use crate::verify::{Accounts, Machine, Probe, Scene, credentials_option, report, told};

/// Arguments of `tfgen fix`.
#[derive(Debug, Args)]
pub struct FixArgs {
    /// Step of the checklist, as `foundation-use-case`; what can be done is listed without it
    pub step: Option<String>,

    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    /// Do not ask
    #[arg(long)]
    pub yes: bool,

    /// The use-case form as JSON, for foundation-use-case
    #[arg(long, value_name = "FILE")]
    pub form: Option<PathBuf>,

    /// First day of the backfill, the first of a month at most twelve months ago [default: of this month]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub since: Option<Date>,

    /// Longest time of finding out what is missing
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub timeout: Duration,

    #[command(flatten)]
    pub credentials: CredentialArgs,

    /// Folder that `tfgen render` wrote to [default: the deployment file's folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

impl FixArgs {
    /// The deployment file that was named.
    pub fn deployment_file(&self) -> Option<&Path> {
        file_or_first(self.step.as_deref(), self.file.as_deref()).1
    }

    /// The step that was named.
    fn step(&self) -> Option<&str> {
        file_or_first(self.step.as_deref(), self.file.as_deref()).0
    }
}

/// Runs the command on a deployment.
pub fn run(args: &FixArgs, subject: &Subject, streams: &mut Streams<'_>) -> CommandResult {
    let deployment = &subject.loaded.deployment;
    let places = subject.places(args.root.as_deref());
    let root = subject.tree(args.root.as_deref())?;
    let documents = guardrails::documents(deployment);
    let rendered = super::render::rendered(deployment, &documents, root)?;
    let known = steps::steps(deployment, &rendered.context);
    let Some(id) = args.step() else {
        return Ok(list(&known, streams)?);
    };
    let id = id.to_owned();
    for (is_given, option, only) in [
        (args.form.is_some(), "--form", "foundation-use-case"),
        (args.since.is_some(), "--since", "cost-tags-backfill"),
    ] {
        if is_given && id != only {
            return Err(Failure::Usage(format!("{option} is for {only} alone, not for {id}")));
        }
    }
    let Some((fix, step)) = chosen(&known, &id)? else {
        return Ok(by_terraform_or_hand(&known, &id, &places, streams)?);
    };
    let form = match &args.form {
        Some(path) => {
            Some(std::fs::read_to_string(path).with_context(|| format!("--form: {} cannot be read", path.display()))?)
        }
        None => None,
    };
    let wishes = Wishes {
        form,
        since: args.since,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the asynchronous runtime cannot be started")?;
    let endpoint = args.credentials.endpoint(&deployment.region);
    let mut connected = Accounts::of(deployment);
    let needed = BTreeSet::from([fix.from]);
    in_time(
        &runtime,
        args.timeout,
        accounts::connect_all(&mut connected, &args.credentials, &needed, &endpoint),
    )??;
    report::human::accounts(&verification::seen_accounts(&connected), streams.stderr)?;
    if connected.get(fix.from).is_none() {
        let number = connected.ids.get(&fix.from);
        return Err(Failure::Usage(format!(
            "{id} is done from the {} account{}, and these are no credentials of it; {}",
            fix.from,
            number.map_or(String::new(), |id| format!(" {id}")),
            credentials_option(fix.from, &connected)
        )));
    }
    let scene = Rc::new(Scene {
        deployment: deployment.clone(),
        context: rendered.context,
        documents,
        profiles: rendered.profiles_in_use,
        accounts: connected,
        endpoint: endpoint.clone(),
        machine: Machine::this(),
        may_call_models: false,
        now: Timestamp::now(),
    });
    let check = fix.as_check(step.phase);
    let probe = Probe::new(Rc::clone(&scene), Rc::default(), Journal::default(), &check);
    let planned = in_time(&runtime, args.timeout, fix.plan(probe.clone(), wishes))?;
    let acts = planned.map_err(|refusal| match refusal {
        Refusal::Told(message) => Failure::Usage(places.text(&message)),
        Refusal::Trouble(trouble) => {
            let advice = places.text(&fix.advice(&trouble));
            Failure::Failed(anyhow::anyhow!("{trouble}; nothing was changed; {advice}"))
        }
    })?;
    if acts.is_empty() {
        writeln!(streams.stdout, "{id}: there is nothing to do")?;
    } else {
        if !is_wanted(&acts, &scene, fix, args.yes, streams)? {
            writeln!(streams.stderr, "nothing was called")?;
            return Ok(Outcome::Undetermined);
        }
        let all = acts.len();
        for (number, act) in acts.into_iter().enumerate() {
            let (whole, arguments) = (act.to_string(), act.words.clone());
            match runtime.block_on(act.run(probe.clone())) {
                Ok(()) => writeln!(streams.stdout, "done: {whole}")?,
                Err(trouble) => {
                    let done = match (number, all) {
                        (_, 1) => "nothing was changed".to_owned(),
                        (0, all) => format!("nothing was changed, of {all} calls"),
                        (number, all) => format!("{number} of {all} calls are done, this and what comes after it not"),
                    };
                    let advice = places.text(&fix.advice(&trouble));
                    return Err(Failure::Failed(anyhow::anyhow!(
                        "{trouble} ({arguments}); {done}; {advice}"
                    )));
                }
            }
            streams.stdout.flush()?;
        }
    }
    let options = VerifyOptions {
        only: vec![id],
        format: VerifyFormat::Human,
        root: args.root.clone(),
        timeout: args.timeout,
        has_told_accounts: true,
        ..VerifyOptions::new(args.credentials.clone())
    };
    verification::run(None, &options, subject, streams)
}

/// What comes of it before the time is over. Nothing is changed while somebody looks or plans, so giving up is safe.
fn in_time<T>(runtime: &Runtime, limit: Duration, work: impl Future<Output = T>) -> Result<T, Failure> {
    let done = runtime.block_on(async { tokio::time::timeout(limit, work).await });
    done.map_err(|_| {
        Failure::Failed(anyhow::anyhow!(
            "the time of {} was over before AWS had answered, so nothing was changed; look at network, proxy \
             (`HTTPS_PROXY`) and `AWS_ENDPOINT_URL`, or run it again with a longer `--timeout`",
            told(limit)
        ))
    })
}

/// Shows what will be called, and asks.
fn is_wanted(acts: &[Act], scene: &Scene, fix: &Fix, yes: bool, streams: &mut Streams<'_>) -> Result<bool, Failure> {
    let caller = scene
        .accounts
        .get(fix.from)
        .map_or("", |account| account.caller.as_str());
    writeln!(streams.stderr, "as {caller}, tfgen will call")?;
    for act in acts {
        writeln!(streams.stderr, "  {}", findings::one_line(&act.to_string()))?;
    }
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Usage(
            "there is no terminal to ask on: run it again with --yes; nothing was called".to_owned(),
        ));
    }
    streams.stderr.flush()?;
    // A whole line: of one key a "y" in the middle of a word would do.
    let answer: String = dialoguer::Input::new()
        .with_prompt("Call them? (yes or no)")
        .allow_empty(true)
        .interact_text()
        .context("the answer cannot be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// The fix of a step, or of one of its checks; `None` where the step exists and no API does it.
fn chosen<'a>(known: &'a [Step], id: &str) -> Result<Option<(&'static Fix, &'a Step)>, Failure> {
    let step = |id: &str| known.iter().find(|step| step.id == id);
    let beside = Fix::BESIDE_TERRAFORM.iter().find(|fix| fix.id == id);
    if let Some(fix) = beside
        && let Some(step) = step(fix.step)
    {
        return Ok(Some((fix, step)));
    }
    let Some(step) = step(id) else {
        let fixes = Fix::BESIDE_TERRAFORM.iter().map(|fix| fix.id);
        let nearest = findings::nearest(id, known.iter().map(|step| step.id.as_str()).chain(fixes));
        let help = nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        return Err(Failure::Usage(format!(
            "{id}: the checklist of this deployment has no such step{help}"
        )));
    };
    let fix = Fix::ALL.iter().find(|fix| fix.id == step.id);
    Ok(fix.filter(|_| !is_owned(step)).map(|fix| (fix, step)))
}

/// Whether a rendered root does the step.
fn is_owned(step: &Step) -> bool {
    matches!(step.owner, Owner::Terraform(_))
}

fn by_terraform_or_hand(
    known: &[Step],
    id: &str,
    places: &Places,
    streams: &mut Streams<'_>,
) -> anyhow::Result<Outcome> {
    let Some(step) = known.iter().find(|step| step.id == id) else {
        return Ok(Outcome::Undetermined);
    };
    match step.owner {
        Owner::Terraform(root) => writeln!(
            streams.stdout,
            "{id}: {} does it:\n\n  {}",
            root.folder(),
            places.command(&format!("terraform -chdir={} apply", root.folder()))
        )?,
        Owner::Api | Owner::Human => {
            writeln!(streams.stdout, "{id}: tfgen cannot do it.\n")?;
            for action in &step.actions {
                writeln!(streams.stdout, "  {action}")?;
            }
            for snippet in &step.snippets {
                writeln!(streams.stdout)?;
                for line in snippet.text.lines() {
                    writeln!(streams.stdout, "    {line}")?;
                }
            }
        }
    }
    Ok(Outcome::Undetermined)
}

fn list(known: &[Step], streams: &mut Streams<'_>) -> anyhow::Result<Outcome> {
    for fix in Fix::ALL.iter().chain(&Fix::BESIDE_TERRAFORM) {
        let beside = Fix::BESIDE_TERRAFORM.iter().any(|beside| beside.id == fix.id);
        let step = known.iter().find(|step| step.id == fix.step);
        if let Some(step) = step.filter(|step| beside || !is_owned(step)) {
            let title = match beside {
                true => "Provision the permission sets again that changed",
                false => &step.title,
            };
            writeln!(streams.stdout, "{:<28}  {title} ({})", fix.id, fix.from)?;
        }
    }
    Ok(Outcome::Clean)
}
