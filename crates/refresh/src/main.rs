//! Renews the data files that the crates embed. Run by people, never by a build: `cargo run -p refresh -- --help`.

mod provider;
mod schema;

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
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Schema(arguments) => schema::run(&arguments),
    }
}
