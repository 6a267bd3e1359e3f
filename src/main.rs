//! `tfgen`: from one deployment file to proven Terraform for Claude Code on Amazon Bedrock.

mod aws;
mod cli;
mod commands;
mod deployment;
mod diagnostic;
mod fix;
mod guardrails;
mod onboard;
mod outcome;
mod render;
mod steps;
mod verify;

use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, ColorChoice};
use crate::commands::Streams;
use crate::diagnostic::Style;
use crate::outcome::Failure;

/// Columns of tables where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 140;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(said) => return refused(&said),
    };
    let style_of_messages = style(cli.color, io::stderr().is_terminal());
    let style_of_results = style(cli.color, io::stdout().is_terminal());
    let mut stdout = BufWriter::new(io::stdout().lock());
    let mut stderr = io::stderr().lock();
    let mut streams = Streams {
        stdout: &mut stdout,
        stderr: &mut stderr,
        style: style_of_messages,
        stdout_style: style_of_results,
        width: width(),
    };
    let result = commands::run(&cli.command, &mut streams);
    let flushed = stdout.flush();
    let failure = match (result, flushed) {
        (Ok(outcome), Ok(())) => return outcome.into(),
        // What the command found is known, though nobody reads it any more.
        (Ok(outcome), Err(error)) if error.kind() == io::ErrorKind::BrokenPipe => return outcome.into(),
        (Ok(_), Err(error)) => Failure::Failed(anyhow::Error::from(error).context("the output cannot be written")),
        (Err(failure), _) => failure,
    };
    if failure.is_closed_pipe() {
        return ExitCode::SUCCESS;
    }
    // Where even standard error is gone, the status is all that is left to say.
    let _ = failure.print(&mut stderr, style_of_messages);
    failure.code()
}

/// How text for people is written to a stream.
fn style(choice: ColorChoice, is_terminal: bool) -> Style {
    let is_wanted = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            let able = std::env::var_os("TERM").is_none_or(|term| term != "dumb");
            is_terminal && wanted && able
        }
    };
    match is_wanted {
        true => Style::Coloured,
        false => Style::Plain,
    }
}

/// Help, the version, or wrong usage: what the parser of the command line has to say, and the exit status for it.
fn refused(said: &clap::Error) -> ExitCode {
    let printed = said.print().and_then(|()| io::stdout().flush());
    if said.kind() == clap::error::ErrorKind::UnknownArgument {
        let arguments: Vec<String> = std::env::args_os()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        if let Some(tip) = cli::missing_equals(&arguments) {
            let _ = writeln!(io::stderr(), "\n  tip: {tip}");
        }
    }
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "error: the help cannot be written: {error}");
            ExitCode::FAILURE
        }
        _ => u8::try_from(said.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}

/// Columns of the terminal that standard output is; without one as many as a wide page has.
fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout()).map_or(DEFAULT_WIDTH, |(width, _)| usize::from(width.0))
}
