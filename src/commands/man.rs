//! `tfgen man`: manual pages, from the types of the command line.

use std::fs;
use std::io::Write;

use anyhow::Context as _;
use clap::CommandFactory as _;

use crate::cli::{Cli, ManArgs};
use crate::diagnostic::nearest;
use crate::outcome::Failure;

/// Prints the page of tfgen or of a command, or writes them all.
///
/// # Errors
/// When there is no such command, or a page cannot be written.
pub fn run(args: &ManArgs, mut stdout: &mut dyn Write) -> Result<(), Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
        clap_mangen::generate_to(command, folder)
            .with_context(|| format!("the pages cannot be written to {}", folder.display()))?;
        return Ok(());
    }
    let page = match &args.page {
        None => command,
        Some(name) => command
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| unknown(name, &command))?,
    };
    clap_mangen::Man::new(page).render(&mut stdout)?;
    Ok(())
}

fn unknown(name: &str, command: &clap::Command) -> Failure {
    let names = || command.get_subcommands().map(clap::Command::get_name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("commands are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Failure::Usage(format!(
        "tfgen has no command `{name}`, so there is no page of it; {hint}"
    ))
}
