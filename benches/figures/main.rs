//! Time and memory of whole processes, as a user has them. Run by hand: `cargo bench --bench figures`, or a part of it:
//! `cargo bench --bench figures -- render check others verify`.
//!
//! It prints the rows of the table in docs/benchmarks.md, where they are noted together with the machine.
#![allow(clippy::print_stdout, reason = "figures are what this program is for")]

mod check;
mod configuration;
#[cfg(target_os = "linux")]
mod others;
mod process;
mod render;
#[cfg(target_os = "linux")]
mod verify;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use process::Figure;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if let Some((first, command)) = arguments.split_first()
        && first == process::MEASURE
    {
        return process::measured(command);
    }
    let parts: Vec<_> = arguments.iter().filter(|part| *part != "--bench").collect();
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|named| *named == part);
    load("before");
    println!("| process | median | fastest | peak memory |\n|---|---|---|---|");
    if wanted("render") {
        render::figures()?;
    }
    if wanted("check") {
        check::figures()?;
    }
    #[cfg(target_os = "linux")]
    if wanted("others") {
        others::figures()?;
    }
    #[cfg(target_os = "linux")]
    if wanted("verify") {
        verify::figures()?;
    }
    load("after");
    Ok(())
}

/// The checkout.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// `tfgen` with these arguments, in the checkout.
fn tfgen(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tfgen"));
    command.args(arguments).current_dir(repository());
    command
}

/// A row of the table.
fn row(what: &str, figure: &Figure) {
    let mib = figure.peak_kib as f64 / 1024.0;
    let digits = usize::from(mib < 10.0);
    let (time, fastest) = (told(figure.time), told(figure.fastest));
    println!("| {what} | {time} | {fastest} | {mib:.digits$} MiB |");
}

fn told(time: Duration) -> String {
    match time.as_secs_f64() * 1000.0 {
        few if few < 10.0 => format!("{few:.1} ms"),
        some if some < 10_000.0 => format!("{some:.0} ms"),
        many => format!("{:.1} s", many / 1000.0),
    }
}

/// How busy the machine is: others on it make every figure worse.
fn load(when: &str) {
    if let Ok(load) = fs::read_to_string(Path::new("/proc/loadavg")) {
        println!("load {when}: {}", load.trim());
    }
}
