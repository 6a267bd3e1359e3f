//! One measured process: its time from start to exit, and the peak of its memory.

use std::ffi::OsString;
use std::io::Error;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;

/// Marks a call of this program by itself, around one measured process.
pub const MEASURE: &str = "--measure";

/// What one process took.
#[derive(Clone, Copy)]
pub struct Figure {
    pub time: Duration,
    /// The fastest of the runs: on a machine that others use, the one that was disturbed least.
    pub fastest: Duration,
    pub peak_kib: i64,
}

/// The run with the median time of `runs`, each after `before`. The process must end with one of the `statuses`.
pub fn median(
    runs: usize,
    command: &Command,
    statuses: &[i32],
    before: impl Fn() -> std::io::Result<()>,
) -> Result<Figure> {
    let mut figures = Vec::new();
    for _ in 0..runs {
        before()?;
        let mut around = Command::new(std::env::current_exe()?);
        around.arg(MEASURE).arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            around.current_dir(folder);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => around.env(name, value),
                None => around.env_remove(name),
            };
        }
        let output = around.stderr(Stdio::inherit()).output()?;
        let text = String::from_utf8(output.stdout)?;
        let mut fields = text.split_whitespace();
        let (Some(micros), Some(peak), Some(status)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(format!("no figure of {command:?}").into());
        };
        if !statuses.contains(&status.parse()?) {
            return Err(format!("{command:?} ended with {status}").into());
        }
        figures.push((Duration::from_micros(micros.parse()?), peak.parse()?));
    }
    figures.sort_unstable();
    let (Some((fastest, _)), Some((time, peak_kib))) = (figures.first(), figures.get(figures.len() / 2)) else {
        return Err("no run at all".into());
    };
    Ok(Figure {
        time: *time,
        fastest: *fastest,
        peak_kib: *peak_kib,
    })
}

/// Runs one process and prints its microseconds, its peak memory in KiB and its exit status: a process of its own,
/// because the system keeps the peak over all children.
pub fn measured(command: &[OsString]) -> Result<()> {
    let [program, arguments @ ..] = command else {
        return Err("nothing to measure".into());
    };
    let started = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(|error| Error::other(format!("{} could not be started: {error}", program.display())))?;
    let time = started.elapsed();
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN)?;
    println!(
        "{} {} {}",
        time.as_micros(),
        usage.max_rss(),
        status.code().unwrap_or(-1)
    );
    Ok(())
}
