//! `tfgen render`: the deployment as a tree of Terraform, policies and a checklist.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Streams;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::guardrails::{self, Documents, Row};
use crate::onboard;
use crate::outcome::{CommandResult, Failure, Outcome};
use crate::render::manifest::Identity;
use crate::render::write::Plan;
use crate::render::{self, Past, Rendered};

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

    /// Let go of what earlier renders kept: profiles of people who left, blocks that Terraform had to forget or destroy.
    /// Apply the roots before
    #[arg(long)]
    pub drop_retired: bool,
}

/// Runs the command on a deployment whose file stands in `folder`.
pub fn run(args: &RenderArgs, deployment: &Deployment, folder: &Path, streams: &mut Streams<'_>) -> CommandResult {
    let out = args.out.as_deref().unwrap_or(folder);
    let documents = guardrails::documents(deployment);
    let rows = prove(deployment, &documents)?;
    let past = Past::read(out)?;
    belongs_here(deployment, &past, out)?;
    let policies = documents
        .iter()
        .map(|(name, file)| ((*name).to_owned(), policy::print::readable(&file.document)))
        .collect();
    let environment = onboard::shared_environment(deployment);
    let rendered = render::build(deployment, &policies, &environment, &past, args.drop_retired)?;
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
    Ok(Outcome::Clean)
}

/// Refuses a deployment whose policies are too long or do not do what must be proven of them.
fn prove(deployment: &Deployment, documents: &Documents) -> Result<Vec<Row>, Failure> {
    Ok(guardrails::prove(deployment, documents))
}

/// Every name follows from name, account and region: another deployment would replace all of the first one's resources.
fn belongs_here(deployment: &Deployment, past: &Past, out: &Path) -> Result<(), Failure> {
    let Some(manifest) = &past.manifest else { return Ok(()) };
    let Identity {
        name,
        account_id,
        region,
    } = &manifest.deployment;
    if (name, account_id, region) == (&deployment.name, &deployment.account_id, &deployment.region) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} holds the deployment {name} (account {account_id}, {region}), and the file describes {} (account {}, {}).\n\
         Rendering one over the other would replace every resource of the first; render into a folder of its own with --out",
        out.display(),
        deployment.name,
        deployment.account_id,
        deployment.region
    )))
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
    let _ = (documents, rows);
    let (used, retired) = rendered.profiles;
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
    if retired > 0 {
        write!(stdout, "; {retired} of people who left are kept")?;
    }
    writeln!(stdout)?;
    if let Some(reason) = &deployment.profiles_reason {
        writeln!(stdout, "            {reason}")?;
    }
    writeln!(
        stdout,
        "\nNext: work through MANUAL_STEPS.md; it has these applies in its order.\n"
    )?;
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
    }
    Ok(())
}

/// The texts of the documents by file name, for callers that only want to compare.
pub type Policies = BTreeMap<String, String>;
