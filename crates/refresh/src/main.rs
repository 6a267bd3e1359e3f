//! Renews the data files that the crates embed. Run by people, never by a build: `cargo run -p refresh -- --help`.

use clap::Parser as _;

/// Renews the data files that tfgen's crates embed.
#[derive(Debug, clap::Parser)]
enum Refresh {}

fn main() -> anyhow::Result<()> {
    match Refresh::parse() {}
}
