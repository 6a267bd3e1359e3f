//! `tfgen render`: the deployment as a tree of Terraform, policies and a checklist.

mod past;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::Streams;
use crate::deployment::Loaded;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::guardrails::{self, Documents, Row};
use crate::onboard;
use crate::outcome::{CommandResult, Failure, Outcome};
use crate::render::roots::Dropped;
use crate::render::write::Plan;
use crate::render::{self, Past, Rendered};
use crate::steps::{self, Retirement};

/// Arguments of `tfgen render`.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// Deployment file [default: tfgen.hcl in this folder or the nearest folder above]
    pub file: Option<PathBuf>,

    /// Folder to write to [default: the deployment file's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// Write nothing; exit with 10 if anything would change
    #[arg(long, conflicts_with = "force")]
    pub check: bool,

    /// Overwrite files that were edited by hand or are somebody else's
    #[arg(long)]
    pub force: bool,

    /// Leave out the profiles that nobody is given any more: the next apply of terraform/workload deletes them, and the
    /// log's calls through them can no longer be attributed
    #[arg(long)]
    pub drop_retired: bool,

    /// Leave out what Terraform had to know once: `removed`, `import` and `moved` blocks, roots without modules, earlier tag
    /// keys, the queries' earlier session roles. Apply the roots before; what Terraform has not yet forgotten or moved would
    /// be destroyed
    #[arg(long)]
    pub drop_removed: bool,

    /// Developer who had the same id before, under another e-mail address: the profiles of that id are theirs; may be
    /// given several times
    #[arg(long, value_name = "ID")]
    pub returned: Vec<String>,
}

/// Runs the command on a deployment whose file stands in `folder`.
pub fn run(args: &RenderArgs, loaded: &Loaded, folder: &Path, streams: &mut Streams<'_>) -> CommandResult {
    let deployment = &loaded.deployment;
    let out = args.out.as_deref().unwrap_or(folder);
    let documents = guardrails::documents(deployment);
    let Some(rows) = prove(loaded, &documents, streams)? else {
        return Ok(Outcome::Findings);
    };
    is_folder(out, args.check)?;
    let _lock = render::lock::acquire(out, || {
        writeln!(streams.stderr, "waiting: another tfgen renders into {}", out.display())
    })?;
    let past = Past::read(out)?;
    past::belongs_here(deployment, &past, out)?;
    past::is_begun(args, deployment, &past, out, folder, streams)?;
    let people = past::people(deployment, &past, &args.returned)?;
    let environment = onboard::shared_environment(deployment);
    let dropped = Dropped {
        retired: args.drop_retired,
        removed: args.drop_removed,
    };
    let rendered = render::build(
        deployment,
        &texts(&documents),
        &environment,
        &past,
        &people.formers,
        dropped,
    )?;
    sound(&rendered)?;
    let plan = render::write::plan(out, &rendered.tree, past.manifest.as_ref(), &rendered.manifest)?;
    if args.check {
        return Ok(check(&plan, out, streams)?);
    }
    if !plan.conflicts.is_empty() && !args.force {
        refuse(&plan, streams)?;
        return Ok(Outcome::Findings);
    }
    render::write::apply(out, &rendered.tree, &plan, past.manifest.as_ref(), &rendered.manifest)?;
    summary(deployment, &documents, &rows, &rendered, &plan, out, streams)?;
    if args.drop_removed {
        past::let_go(&past, &rendered, streams)?;
    }
    past::who_is_who(&people, streams)?;
    past::moved(&rendered, streams)?;
    Ok(Outcome::Clean)
}

/// What a render into `out` would write now, computed and not written.
///
/// # Errors
/// As a render: when `out` holds another deployment, or its past cannot be read.
pub fn rendered(deployment: &Deployment, documents: &Documents, out: &Path) -> Result<Rendered, Failure> {
    let past = Past::read(out)?;
    past::belongs_here(deployment, &past, out)?;
    let people = past::people(deployment, &past, &[])?;
    let environment = onboard::shared_environment(deployment);
    Ok(render::build(
        deployment,
        &texts(documents),
        &environment,
        &past,
        &people.formers,
        Dropped::default(),
    )?)
}

/// The documents as files are written.
fn texts(documents: &Documents) -> BTreeMap<String, String> {
    documents
        .iter()
        .map(|(name, file)| ((*name).to_owned(), policy::print::readable(&file.document)))
        .collect()
}

/// Makes sure that the output folder is one, and is there when something will be written.
fn is_folder(out: &Path, check: bool) -> Result<(), Failure> {
    if out.is_dir() {
        return Ok(());
    }
    match std::fs::symlink_metadata(out) {
        Ok(found) if found.is_symlink() && !out.exists() => Err(Failure::Usage(format!(
            "{} is a symbolic link to something that does not exist; remove it, or name another folder with --out",
            out.display()
        ))),
        Ok(_) => Err(Failure::Usage(format!(
            "{} is a file; name a folder with --out",
            out.display()
        ))),
        Err(_) if check => Ok(()),
        Err(_) => {
            std::fs::create_dir_all(out).with_context(|| format!("{} cannot be created", out.display()))?;
            Ok(())
        }
    }
}

/// Refuses a deployment whose policies are too long for AWS, or do not do what must be proven of them.
///
/// Returns the proofs, or `None` when some failed and were reported.
fn prove(loaded: &Loaded, documents: &Documents, streams: &mut Streams<'_>) -> Result<Option<Vec<Row>>, Failure> {
    let deployment = &loaded.deployment;
    guardrails::check(deployment, documents)
        .map_err(|faults| Failure::Invalid(super::too_large(&faults, &loaded.places)))?;
    for (name, file) in documents {
        let faults: Vec<String> = policy::check(&file.document, file.kind())
            .iter()
            .map(ToString::to_string)
            .collect();
        if !faults.is_empty() {
            return Err(anyhow::anyhow!("{name} is no valid policy, please report it: {}", faults.join("; ")).into());
        }
    }
    let rows = guardrails::prove(deployment, documents);
    let failed: Vec<&Row> = rows.iter().filter(|row| !row.holds()).collect();
    if failed.is_empty() {
        return Ok(Some(rows));
    }
    for row in &failed {
        writeln!(
            streams.stderr,
            "error: proof failed: {} · {} · {}\n  expected {}, is {} ({})\n  why it matters: {}",
            row.principal, row.action, row.resource, row.expected, row.verdict, row.decided_by, row.reason
        )?;
    }
    writeln!(
        streams.stderr,
        "nothing was written: {} of {} proofs failed; `tfgen prove --failed` shows their context",
        failed.len(),
        rows.len()
    )?;
    Ok(None)
}

/// What tfgen writes passes its own checks; anything else is a fault of tfgen, and nothing is written.
fn sound(rendered: &Rendered) -> anyhow::Result<()> {
    let files = rendered
        .tree
        .iter()
        .map(|(path, file)| (PathBuf::from(path), file.content.clone().into_bytes()))
        .collect();
    let report = ::check::run_memory(&files, &::check::Options::default())?;
    let errors: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == findings::Severity::Error)
        .map(|finding| {
            let name = &finding.place.source.name;
            let (line, column) = finding.place.source.position(finding.place.span.start);
            format!("{name}:{line}:{column}: {} ({})", finding.message, finding.rule.id)
        })
        .collect();
    anyhow::ensure!(
        errors.is_empty(),
        "what would be written is faulty, please report it; nothing was written:\n{}",
        errors.join("\n")
    );
    Ok(())
}

fn check(plan: &Plan, out: &Path, streams: &mut Streams<'_>) -> std::io::Result<Outcome> {
    if plan.is_clean() {
        writeln!(
            streams.stderr,
            "{} is up to date: {} files",
            out.display(),
            plan.unchanged
        )?;
        return Ok(Outcome::Clean);
    }
    for (what, paths) in [
        ("create", &plan.create),
        ("update", &plan.update),
        ("remove", &plan.delete),
    ] {
        for path in paths {
            writeln!(streams.stdout, "{what} {path}")?;
        }
    }
    for conflict in &plan.conflicts {
        writeln!(streams.stdout, "conflict {}: {}", conflict.path, conflict.reason)?;
    }
    if plan.interrupted {
        writeln!(
            streams.stderr,
            "an earlier render did not finish; `tfgen render` completes it"
        )?;
    } else if plan.create.is_empty() && plan.update.is_empty() && plan.delete.is_empty() && plan.conflicts.is_empty() {
        writeln!(streams.stdout, "update {}", render::manifest::PATH)?;
    }
    Ok(Outcome::Findings)
}

fn refuse(plan: &Plan, streams: &mut Streams<'_>) -> std::io::Result<()> {
    for conflict in &plan.conflicts {
        writeln!(streams.stderr, "error: {} {}", conflict.path, conflict.reason)?;
        if !conflict.diff.is_empty() {
            writeln!(streams.stderr, "{}", conflict.diff)?;
        }
    }
    let (count, files) = match plan.conflicts.len() {
        1 => ("one".to_owned(), "file"),
        many => (many.to_string(), "files"),
    };
    writeln!(
        streams.stderr,
        "nothing was written, because {count} {files} would be lost.\n\
         Move your change into the deployment file or into a file of your own beside it, or overwrite with --force"
    )
}

fn summary(
    deployment: &Deployment,
    documents: &Documents,
    rows: &[Row],
    rendered: &Rendered,
    plan: &Plan,
    out: &Path,
    streams: &mut Streams<'_>,
) -> std::io::Result<()> {
    let stdout = &mut *streams.stdout;
    writeln!(
        stdout,
        "{} (account {}, {}) in {}\n",
        deployment.name,
        deployment.account_id,
        deployment.region,
        out.display()
    )?;
    let overwritten = plan
        .conflicts
        .iter()
        .filter(|conflict| rendered.tree.contains_key(&conflict.path))
        .count();
    let counts: Vec<String> = [
        (plan.create.len(), "new"),
        (plan.update.len(), "changed"),
        (overwritten, "overwritten"),
        (plan.delete.len() + plan.conflicts.len() - overwritten, "removed"),
        (plan.unchanged, "unchanged"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    writeln!(stdout, "  written   {}", counts.join(", "))?;
    writeln!(
        stdout,
        "  proven    {} of {} requests come out as they must",
        rows.len(),
        rows.len()
    )?;
    writeln!(stdout, "  policies  {}", fullest(documents))?;
    let used = rendered.profiles;
    let per = match deployment.profiles {
        ProfileScope::Developer => "developer and model",
        ProfileScope::Team => "team and model",
        ProfileScope::None => "",
    };
    match (per, used) {
        ("", _) => write!(stdout, "  profiles  none: costs per developer come from the log alone")?,
        (per, used) => write!(
            stdout,
            "  profiles  {used} application inference profiles, one per {per}"
        )?,
    }
    writeln!(stdout)?;
    if let Some(reason) = &deployment.profiles_reason {
        writeln!(stdout, "            {reason}")?;
    }
    for reason in Retirement::ALL {
        let count = rendered
            .context
            .retired_profiles
            .iter()
            .filter(|profile| profile.reason == reason)
            .count();
        if count > 0 {
            writeln!(
                stdout,
                "            {count} {} are kept (cost-tags-retired)",
                reason.words()
            )?;
        }
    }
    if !rendered.earlier_tag_keys.is_empty() {
        writeln!(
            stdout,
            "  tag keys  no profile in use carries these, which stay active (cost-tags-earlier): {}",
            rendered.earlier_tag_keys.join(", ")
        )?;
    }
    writeln!(
        stdout,
        "\nNext: work through MANUAL_STEPS.md; it has these applies in its order.\n"
    )?;
    let applies = steps::applies(deployment, &rendered.context);
    for (number, root) in rendered.roots.iter().enumerate() {
        let variables = if root.needs_variables() {
            " (asks for secrets as variables)"
        } else {
            ""
        };
        writeln!(
            stdout,
            "  {}. terraform/{:<13} account {}{variables}",
            number + 1,
            root.name,
            root.account_id
        )?;
        let apply = applies.iter().find(|apply| apply.root.name() == root.name);
        for phase in apply.into_iter().flat_map(|apply| &apply.verify) {
            writeln!(stdout, "     then {}", phase.verify_line())?;
        }
    }
    Ok(())
}

/// How many documents there are, and which of them is nearest to its limit.
fn fullest(documents: &Documents) -> String {
    let sizes = guardrails::sizes(documents);
    let fullest = sizes
        .iter()
        .max_by_key(|(_, size)| size.characters * 1000 / size.limit.characters.max(1));
    match fullest {
        None => format!("{} documents", documents.len()),
        Some((name, size)) => format!(
            "{} documents; the fullest is {name}, {} of {} characters",
            documents.len(),
            size.characters,
            size.limit.characters
        ),
    }
}
