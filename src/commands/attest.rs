//! `tfgen attest`: a human's word for a step that no API tells.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{Streams, Subject, file_or_first};
use crate::guardrails;
use crate::outcome::{CommandResult, Failure, Outcome};
use crate::render::lock;
use crate::steps::attestation::{self, Attestation, Attestations, EvidenceFile, Revocation, Standing};
use crate::steps::{self, Step};
use crate::verify;

/// Arguments of `tfgen attest`.
#[derive(Debug, Args)]
pub struct AttestArgs {
    /// Step of the checklist, as `attribution-identity-source`; all words are listed without it
    pub step: Option<String>,

    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    /// What was done or seen
    #[arg(long, value_name = "TEXT", requires = "step")]
    pub note: Option<String>,

    /// Who says so [default: the name of whoever is logged in]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,

    /// File that shows it, as a screenshot; its SHA-256 is recorded
    #[arg(long, value_name = "FILE", requires = "step")]
    pub evidence: Option<PathBuf>,

    /// How long the word holds, as `90d`, `6mo` or `1y`
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = span)]
    pub valid: Span,

    /// Take the word for the step back
    #[arg(long, requires = "step", conflicts_with_all = ["note", "evidence"])]
    pub revoke: bool,

    /// List the words that were given, and whether they hold
    #[arg(long, conflicts_with_all = ["note", "evidence", "revoke"])]
    pub list: bool,

    /// Folder that `tfgen render` wrote to [default: the deployment file's folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}

impl AttestArgs {
    /// The deployment file that was named.
    pub fn deployment_file(&self) -> Option<&Path> {
        file_or_first(self.step.as_deref(), self.file.as_deref()).1
    }

    /// The step that was named.
    fn step(&self) -> Option<&str> {
        file_or_first(self.step.as_deref(), self.file.as_deref()).0
    }
}

fn span(text: &str) -> Result<Span, String> {
    let expected = || "expected a time with its unit, as `90d`, `6mo` or `1y`".to_owned();
    let span: Span = text.parse().map_err(|_| expected())?;
    match span.is_positive() {
        true => Ok(span),
        false => Err("a word that holds for no time says nothing; expected a time above zero, as `90d`".to_owned()),
    }
}

/// Runs the command on a deployment.
pub fn run(args: &AttestArgs, subject: &Subject, streams: &mut Streams<'_>) -> CommandResult {
    let now = Timestamp::now();
    let Subject { loaded, folder, .. } = subject;
    let Some(id) = args.step().filter(|_| !args.list) else {
        return list(&Attestations::read(folder)?, args.step(), folder, now, streams);
    };
    let root = subject.tree(args.root.as_deref())?;
    let documents = guardrails::documents(&loaded.deployment);
    let context = super::render::rendered(&loaded.deployment, &documents, root)?.context;
    let known = steps::steps(&loaded.deployment, &context);
    let step = step(&known, id)?;
    let note = args.note.as_deref().unwrap_or_default().trim();
    if note.is_empty() && !args.revoke {
        return Err(Failure::Usage("say what was done or seen: --note TEXT".to_owned()));
    }
    let by = who(args)?;
    // Two at once must not lose each other's word.
    let _lock = lock::acquire(folder, || {
        writeln!(streams.stderr, "waiting: another tfgen works in {}", folder.display())
    })?;
    let mut all = Attestations::read(folder)?;
    if args.revoke {
        let held = all
            .attestations
            .iter_mut()
            .rev()
            .find(|given| given.step == step.id && given.revoked.is_none());
        let Some(given) = held else {
            return Err(Failure::Usage(format!(
                "{id}: nobody has attested it, so there is nothing to revoke"
            )));
        };
        given.revoked = Some(Revocation {
            by: by.clone(),
            at: now,
        });
        all.write(folder)?;
        writeln!(streams.stdout, "{id}: revoked by {by}")?;
        return Ok(Outcome::Clean);
    }
    let given = Attestation {
        step: step.id.clone(),
        by,
        at: now,
        expires: until(now, args.valid)?,
        note: note.to_owned(),
        evidence: args
            .evidence
            .as_deref()
            .map(|path| evidence(path, folder))
            .transpose()?,
        revoked: None,
    };
    let words = findings::one_line(&given.to_string()).into_owned();
    all.attestations.push(given);
    all.write(folder)?;
    writeln!(streams.stdout, "{id}: attested by {words}")?;
    let looks = verify::checks(&loaded.deployment, &context)
        .iter()
        .any(|check| check.step == id && !check.operations.is_empty());
    if looks {
        writeln!(
            streams.stderr,
            "`tfgen verify` looks at {id} itself: what it observes counts, and this word only where it could not look"
        )?;
    }
    Ok(Outcome::Clean)
}

fn step<'a>(known: &'a [Step], id: &str) -> Result<&'a Step, Failure> {
    known.iter().find(|step| step.id == id).ok_or_else(|| {
        let nearest = findings::nearest(id, known.iter().map(|step| step.id.as_str()));
        let help = nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        Failure::Usage(format!(
            "{id}: the checklist of this deployment has no such step{help} (MANUAL_STEPS.md names them)"
        ))
    })
}

fn who(args: &AttestArgs) -> Result<String, Failure> {
    let logged_in = || {
        ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|name| std::env::var(name).ok())
    };
    let by = args.by.clone().or_else(logged_in).unwrap_or_default();
    match by.trim() {
        "" => Err(Failure::Usage("say who attests: --by NAME".to_owned())),
        by => Ok(by.to_owned()),
    }
}

fn until(now: Timestamp, valid: Span) -> Result<Timestamp, Failure> {
    let expires = now.to_zoned(TimeZone::UTC).checked_add(valid);
    Ok(expires
        .map_err(|_| Failure::Usage("--valid is longer than time goes".to_owned()))?
        .timestamp())
}

/// The file with its hash; its path is kept relative to the deployment file where it is below it.
fn evidence(path: &Path, folder: &Path) -> Result<EvidenceFile, Failure> {
    let sha256 = attestation::hash(path).with_context(|| format!("--evidence: {} cannot be read", path.display()))?;
    let full = path
        .canonicalize()
        .with_context(|| format!("{} cannot be found", path.display()))?;
    let folder = folder
        .canonicalize()
        .with_context(|| format!("{} cannot be found", folder.display()))?;
    let path = full.strip_prefix(&folder).map_or(full.clone(), Path::to_path_buf);
    Ok(EvidenceFile { path, sha256 })
}

fn list(
    all: &Attestations,
    step: Option<&str>,
    folder: &Path,
    now: Timestamp,
    streams: &mut Streams<'_>,
) -> CommandResult {
    let shown: Vec<&Attestation> = all
        .attestations
        .iter()
        .filter(|given| step.is_none_or(|step| given.step == step))
        .collect();
    if shown.is_empty() {
        writeln!(streams.stdout, "nothing is attested")?;
    }
    for given in shown {
        let standing = match given.standing(folder, now) {
            Standing::Holds => "holds",
            Standing::Expired => "expired",
            Standing::Revoked => "revoked",
            Standing::Changed => "evidence changed",
            Standing::Missing => "evidence missing",
            Standing::Early => "not yet",
        };
        writeln!(
            streams.stdout,
            "{standing:<16}  {}  {}",
            given.step,
            findings::one_line(&given.to_string())
        )?;
    }
    Ok(Outcome::Clean)
}
