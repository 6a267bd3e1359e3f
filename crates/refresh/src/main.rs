//! Renews the data files that the crates embed. Run by people, never by a build: `cargo run -p refresh -- --help`.

#![allow(clippy::print_stderr, reason = "a command reports what it does")]

mod provider;
mod schema;
mod validators;

use clap::{Parser, Subcommand};

/// Renews the data files that the crates embed.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Schema(schema::Arguments),
    Validators(validators::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Validators(arguments) => validators::run(&arguments),
    }
}
