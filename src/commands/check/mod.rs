//! `tfgen check`: static analysis of Terraform, policies, settings and AWS configuration.

mod args;
mod save;
mod settings;

use std::fs;
use std::io::Write;

use anyhow::Context as _;
use findings::output::{github, human, json, junit, markdown, sarif};
use findings::{Report, Style, Summary, fix};

pub use args::{CheckArgs, CheckFormat, FamilyArg};
pub use settings::unknown_rule;

use super::{Streams, UsageError};
use crate::outcome::{CommandResult, Failure, Outcome};
use settings::Settings;

/// Fixes may uncover others, or lie on top of each other: so often is looked again.
const ROUNDS: usize = 10;

/// Runs the command.
pub fn run(args: &CheckArgs, streams: &mut Streams<'_>) -> CommandResult {
    let settings = settings::resolve(args)?;
    let mut report = look(&settings)?;
    if args.diff {
        return diff(&report, &settings, args.quiet, streams);
    }
    let mut fixed = 0;
    if args.fix {
        for _ in 0..ROUNDS {
            let change = fix::apply(&report);
            if change.files.is_empty() {
                break;
            }
            for file in &change.files {
                save::save(file)?;
            }
            fixed += change.applied;
            report = look(&settings)?;
        }
    }
    match &args.output {
        None => write(
            &report,
            args,
            &settings,
            streams.stdout_style,
            streams.width,
            streams.stdout,
        )?,
        Some(path) => {
            let mut out = Vec::new();
            write(
                &report,
                args,
                &settings,
                Style::Plain,
                findings::DEFAULT_WIDTH,
                &mut out,
            )?;
            fs::write(path, out).with_context(|| format!("`{}` cannot be written", path.display()))?;
        }
    }
    if !args.quiet {
        if fixed > 0 {
            writeln!(streams.stderr, "{fixed} fixed")?;
        }
        if args.output.is_some() {
            writeln!(streams.stderr, "{}", Summary::of(&report))?;
        }
    }
    Ok(outcome(&report, &settings))
}

fn look(settings: &Settings) -> Result<Report, Failure> {
    check::run(&settings.inputs, &settings.options).map_err(|error| match &error {
        check::Error::Missing(_) => UsageError(error.to_string()).into(),
        // What was given as a schema is none: nothing of tfgen has failed.
        check::Error::Schema { error: why, .. } => UsageError(format!("{error}: {why}")).into(),
        check::Error::Unreadable { .. } => Failure::Failed(error.into()),
    })
}

fn write(
    report: &Report,
    args: &CheckArgs,
    settings: &Settings,
    style: Style,
    width: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    match args.format {
        CheckFormat::Human => {
            let options = human::Options {
                style,
                width,
                quiet: args.quiet,
            };
            human::write(report, &options, out)
        }
        CheckFormat::Json => json::write(report, out),
        CheckFormat::Sarif => sarif::write(report, env!("CARGO_PKG_VERSION"), out),
        CheckFormat::Junit => junit::write(report, settings.fail_on, out),
        CheckFormat::Github => github::write(report, out),
        CheckFormat::Markdown => markdown::write(report, out),
    }
}

/// Prints what fixing would change. There is something to do where it would change something, or findings are left.
fn diff(report: &Report, settings: &Settings, quiet: bool, streams: &mut Streams<'_>) -> CommandResult {
    let change = fix::apply(report);
    for file in &change.files {
        write!(streams.stdout, "{}", file.diff())?;
    }
    if !quiet {
        let (files, fixes) = (change.files.len(), change.applied);
        let files = if files == 1 {
            "1 file".to_owned()
        } else {
            format!("{files} files")
        };
        writeln!(
            streams.stderr,
            "--fix would apply {fixes} to {files}; {}",
            Summary::of(report)
        )?;
    }
    if change.files.is_empty() {
        return Ok(outcome(report, settings));
    }
    Ok(Outcome::Findings)
}

fn outcome(report: &Report, settings: &Settings) -> Outcome {
    let is_failure = |fail_on| report.worst().is_some_and(|worst| worst >= fail_on);
    if settings.fail_on.is_some_and(is_failure) {
        Outcome::Findings
    } else if !report.undetermined.is_empty() && !settings.allow_undetermined {
        Outcome::Undetermined
    } else {
        Outcome::Clean
    }
}

#[cfg(test)]
mod tests {
    use findings::{Confidence, Family, Finding, Place, Rule, Severity, Source, Undetermined};

    use super::*;

    static RULE: Rule = Rule {
        id: "a-rule",
        family: Family::Policy,
        severity: Severity::Warning,
        confidence: Confidence::High,
        summary: "",
        page: "",
    };

    #[test]
    fn the_worst_decides_the_exit_status() {
        let finding = Finding::new(&RULE, Place::new(&Source::new("a.tf", ""), 0..0), "odd");
        let undetermined = Undetermined {
            message: "unknown".to_owned(),
            place: None,
            needs: String::new(),
        };
        let ended = |findings: &[&Finding], is_undetermined: bool, fail_on, allow_undetermined| {
            let report = Report {
                findings: findings.iter().map(|finding| (*finding).clone()).collect(),
                undetermined: is_undetermined.then(|| undetermined.clone()).into_iter().collect(),
                ..Report::default()
            };
            let settings = Settings {
                inputs: Vec::new(),
                options: check::Options::default(),
                fail_on,
                allow_undetermined,
            };
            outcome(&report, &settings)
        };
        let (warning, error) = (Some(Severity::Warning), Some(Severity::Error));
        assert_eq!(ended(&[], false, warning, false), Outcome::Clean);
        assert_eq!(ended(&[&finding], false, warning, false), Outcome::Findings);
        assert_eq!(ended(&[&finding], true, warning, false), Outcome::Findings);
        assert_eq!(ended(&[&finding], false, error, false), Outcome::Clean);
        assert_eq!(ended(&[&finding], true, error, false), Outcome::Undetermined);
        assert_eq!(ended(&[&finding], true, None, true), Outcome::Clean);
    }
}
