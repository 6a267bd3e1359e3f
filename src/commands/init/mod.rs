//! `tfgen init`: writes a deployment file from questions, flags or an import.

mod args;
mod check;
mod draft;
mod save;
mod terminal;
#[cfg(test)]
mod tests;
mod tfvars;
mod wizard;
mod write;

use std::fs;
use std::io::{IsTerminal as _, Write};
use std::path::Path;

use anyhow::Context as _;
use catalog::Catalog;

pub use args::InitArgs;
use draft::{Draft, NoticeKind};
use wizard::Prompt;

use super::UsageError;
use crate::diagnostic::{self, Style};

/// Writes the deployment file. Asks for what is missing when standard input and standard error are terminals and
/// `--no-input` was not given.
///
/// # Errors
/// [`UsageError`] with everything that is missing or wrong; otherwise when a file cannot be read or written.
pub fn run(args: &InitArgs, catalog: &Catalog, style: Style, err: &mut dyn Write) -> anyhow::Result<()> {
    let person = !args.no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if person {
        init(args, catalog, style, Some(&mut terminal::Terminal::new()), err)
    } else {
        init(args, catalog, style, None, err)
    }
}

/// [`run`] with whoever answers the questions.
fn init(
    args: &InitArgs,
    catalog: &Catalog,
    style: Style,
    prompt: Option<&mut dyn Prompt>,
    err: &mut dyn Write,
) -> anyhow::Result<()> {
    save::refuse_existing(&args.file, args.force)?;
    let mut draft = match &args.from_tfvars {
        Some(path) => import(path, catalog, style)?,
        None => Draft::default(),
    };
    args.apply(&mut draft);
    if let Some(prompt) = prompt {
        wizard::ask(&mut draft, catalog, prompt)?;
    }
    draft.complete();
    demand_complete(&draft, args, catalog)?;
    let text = write::write(&draft)?;
    save::save(&args.file, &text, args.force)?;
    report(&draft, args, err)
}

fn import(path: &Path, catalog: &Catalog, style: Style) -> anyhow::Result<Draft> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    tfvars::import(path, text, catalog)
        .map_err(|faults| UsageError(diagnostic::render(&faults, style).trim_end().to_owned()).into())
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
    }
    let mut faults = check::faults(draft, catalog);
    if let Some(file) = &draft.developers_file {
        let place = args.file.parent().unwrap_or(Path::new("")).join(file);
        if !place.is_file() {
            faults.push(format!(
                "developers: there is no file {}; its header line is id,email,team,project,cost_center",
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

fn report(draft: &Draft, args: &InitArgs, err: &mut dyn Write) -> anyhow::Result<()> {
    writeln!(err, "wrote {}", args.file.display())?;
    for notice in &draft.notices {
        let kind = match notice.kind {
            NoticeKind::Advice => "consider",
            NoticeKind::Changed => "changed",
            NoticeKind::Dropped => "not carried over",
        };
        writeln!(err, "  {kind}: {}: {}", notice.variable, notice.text)?;
    }
    writeln!(err, "next: read it, then tfgen render {}", args.file.display())?;
    Ok(())
}
