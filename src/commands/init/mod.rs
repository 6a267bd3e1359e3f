//! `tfgen init`: writes a deployment file from questions, flags or an import.

mod args;
mod ccwb;
mod check;
mod discover;
mod draft;
mod examples;
mod federation;
mod issuer;
mod save;
mod sign_in;
mod terminal;
#[cfg(test)]
mod tests;
mod tfvars;
mod verify;
mod wizard;
mod write;

use std::io::{IsTerminal as _, Write};
use std::path::Path;

use catalog::Catalog;
use jiff::civil::Date;

pub use args::InitArgs;
use discover::Asker;
use draft::{Access, Draft, Notice, NoticeKind};
use wizard::{Help, Prompt};

use super::UsageError;
use crate::deployment::read::read_text;
use crate::diagnostic::{self, Diagnostic, Style};
use crate::steps::word;

/// Writes the deployment file. Asks for what is missing when standard input and standard error are terminals and
/// `--no-input` was not given.
///
/// # Errors
/// [`UsageError`] with everything that is missing or wrong; otherwise when a file cannot be read or written.
pub fn run(args: &InitArgs, setting: &Setting<'_>, err: &mut dyn Write) -> anyhow::Result<()> {
    let person = !args.no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if person {
        init(args, setting, Some(&mut terminal::Terminal::new()?), err)
    } else {
        init(args, setting, None, err)
    }
}

/// What the command works with.
pub struct Setting<'a> {
    /// Known models and regions.
    pub catalog: &'a Catalog,
    /// The day that the file is checked for.
    pub today: Date,
    /// Whether messages are coloured.
    pub style: Style,
}

/// [`run`] with whoever answers the questions.
fn init(
    args: &InitArgs,
    setting: &Setting<'_>,
    mut prompt: Option<&mut dyn Prompt>,
    err: &mut dyn Write,
) -> anyhow::Result<()> {
    let Setting { catalog, today, style } = *setting;
    args.fits()?;
    save::refuse_existing(&args.file, args.force)?;
    let asker = Asker::new(args.offline);
    let mut draft = match (&args.from_tfvars, &args.from_ccwb) {
        (Some(path), _) => import(path, style, |text| tfvars::import(path, text, catalog))?,
        (None, Some(path)) => import(path, style, |text| {
            ccwb::import(path, text, args.ccwb_profile.as_deref(), catalog, &asker)
        })?,
        (None, None) => Draft::default(),
    };
    args.apply(&mut draft);
    if draft.access == Some(Access::Federation)
        && let Err(reason) = discover::look(&mut draft, &asker, err)?
    {
        let origin = draft.imported_from.as_ref().filter(|_| args.issuer.is_none());
        let origin = origin.map(|origin| format!("\nthis issuer comes from {origin}; `--issuer` names another one"));
        let reason = reason + &origin.unwrap_or_default();
        if prompt.is_none() {
            return Err(UsageError(reason).into());
        }
        writeln!(err, "{reason}")?;
        draft.federation.forget_issuer();
    }
    let folder = args.file.parent().unwrap_or(Path::new(""));
    let help = Help {
        catalog,
        folder,
        asker: &asker,
    };
    let text = loop {
        if let Some(prompt) = &mut prompt {
            wizard::ask(&mut draft, &help, *prompt, err)?;
        }
        draft.complete();
        demand_complete(&draft, args, catalog)?;
        match verify::text(&mut draft, &args.file, today)? {
            Ok(text) => break text,
            Err(refusal) if prompt.is_some() && refusal.forget(&mut draft) => {
                writeln!(err, "{}\n\nThat cannot be used; once more:", refusal.render(style))?;
            }
            Err(refusal) => {
                return Err(UsageError(format!(
                    "{} was not written, because `tfgen render` would refuse it\n\n{}",
                    args.file.display(),
                    refusal.render(style)
                ))
                .into());
            }
        }
    };
    save::save(&args.file, &text, args.force)?;
    report(&draft, args, err)
}

/// What `read` makes of the text of a file.
fn import(
    path: &Path,
    style: Style,
    read: impl FnOnce(&str) -> Result<Draft, Vec<Diagnostic>>,
) -> anyhow::Result<Draft> {
    let text =
        read_text(path).map_err(|fault| UsageError(format!("cannot read {}: it {}", path.display(), fault.what())))?;
    read(&text).map_err(|faults| {
        let report = diagnostic::render(&faults, style);
        UsageError(format!(
            "{} cannot be imported\n\n{}",
            path.display(),
            report.trim_end()
        ))
        .into()
    })
}

fn demand_complete(draft: &Draft, args: &InitArgs, catalog: &Catalog) -> Result<(), UsageError> {
    let mut parts = Vec::new();
    let missing = draft.missing();
    if !missing.is_empty() {
        let lines = missing
            .iter()
            .map(|missing| format!("\n  {}\n      {}", missing.flag, missing.what));
        parts.push(format!(
            "these values are missing; give them, or run tfgen init at a terminal:{}",
            lines.collect::<String>()
        ));
        // Often why a value is missing: what was there had no place in the file.
        let said = draft.notices.iter().map(told).collect::<String>();
        if let Some(origin) = draft.imported_from.as_ref().filter(|_| !said.is_empty()) {
            parts.push(format!("what became of {origin}:\n{}", said.trim_end()));
        }
    }
    let mut faults = check::faults(draft, catalog);
    if let Some(file) = &draft.developers_file {
        let place = args.file.parent().unwrap_or(Path::new("")).join(file);
        if !place.is_file() {
            faults.push(format!(
                "--developers: there is no file {}; its header line is id,email,team,project,cost_center",
                place.display()
            ));
        }
    }
    if !faults.is_empty() {
        let lines = faults.iter().map(|fault| format!("\n  {fault}"));
        parts.push(format!("these values cannot be used:{}", lines.collect::<String>()));
    }
    if parts.is_empty() {
        Ok(())
    } else {
        Err(UsageError(parts.join("\n\n")))
    }
}

/// What became of a variable of an import, as a line.
fn told(notice: &Notice) -> String {
    let kind = match notice.kind {
        NoticeKind::Advice => "consider",
        NoticeKind::Changed => "changed",
        NoticeKind::Dropped => "not carried over",
    };
    format!("  {kind}: {}: {}\n", notice.variable, notice.text)
}

fn report(draft: &Draft, args: &InitArgs, err: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(err, "wrote {}", args.file.display())?;
    for notice in &draft.notices {
        write!(err, "{}", told(notice))?;
    }
    let file = word(&args.file.display().to_string());
    writeln!(err, "next: read it, then tfgen render {file}")?;
    Ok(())
}
