//! Time and memory of whole processes, as a user has them. Run by hand: `cargo bench --bench figures`.
//!
//! The figures are noted in docs/benchmarks.md together with the machine that they were measured on.
#![allow(clippy::print_stdout, reason = "figures are what this program is for")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Marks a call of this program by itself, around one measured process.
const MEASURE: &str = "--measure";

/// What one process took.
#[derive(Clone, Copy)]
struct Figure {
    time: Duration,
    peak_kib: i64,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(MEASURE) {
        return measured(&arguments.collect::<Vec<_>>());
    }
    println!("{:<44} {:>10} {:>10}", "process", "median", "peak");
    line("tfgen --version", &median(101, &["--version".into()], || Ok(()))?);
    let folder = tempfile::tempdir()?;
    for (count, per) in [(10, "developer"), (2_000, "developer"), (20_000, "team")] {
        let case = folder.path().join(format!("{count}"));
        fs::create_dir(&case)?;
        deployment(&case, count, per)?;
        let (file, out) = (case.join("tfgen.hcl"), case.join("out"));
        let render = |check: bool| {
            let mut arguments = vec!["render".to_owned(), file.display().to_string(), "--out".to_owned()];
            arguments.push(out.display().to_string());
            if check {
                arguments.push("--check".to_owned());
            }
            arguments
        };
        let fresh = || if out.exists() { fs::remove_dir_all(&out) } else { Ok(()) };
        line(
            &format!("render, {count} developers × 3, per {per}"),
            &median(7, &render(false), fresh)?,
        );
        line("  again with --check", &median(7, &render(true), || Ok(()))?);
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme.hcl");
    let prove = [
        "prove".to_owned(),
        example.display().to_string(),
        "--format".to_owned(),
        "json".to_owned(),
    ];
    let rows = serde_json::from_slice::<serde_json::Value>(&tfgen().args(&prove).output()?.stdout)?["rows"]
        .as_array()
        .map_or(0, Vec::len);
    line(
        &format!("prove, {rows} rows, whole process"),
        &median(21, &prove, || Ok(()))?,
    );
    Ok(())
}

fn tfgen() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tfgen"))
}

fn line(what: &str, figure: &Figure) {
    let milliseconds = figure.time.as_secs_f64() * 1000.0;
    println!(
        "{what:<44} {milliseconds:>7.1} ms {:>6.1} MiB",
        figure.peak_kib as f64 / 1024.0
    );
}

/// The run with the median time of `runs`, each after `before`.
fn median(runs: usize, arguments: &[String], before: impl Fn() -> std::io::Result<()>) -> Result<Figure> {
    let mut figures = Vec::new();
    for _ in 0..runs {
        before()?;
        let output = Command::new(std::env::current_exe()?)
            .arg(MEASURE)
            .arg(env!("CARGO_BIN_EXE_tfgen"))
            .args(arguments)
            .stderr(Stdio::null())
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        let mut fields = text.split_whitespace();
        let (Some(micros), Some(peak)) = (fields.next(), fields.next()) else {
            return Err("no figure".into());
        };
        figures.push(Figure {
            time: Duration::from_micros(micros.parse()?),
            peak_kib: peak.parse()?,
        });
    }
    figures.sort_by_key(|figure| figure.time);
    Ok(figures[figures.len() / 2])
}

/// Runs one process and prints its microseconds and its peak memory in KiB: a process of its own, because the system
/// keeps the peak over all children.
fn measured(command: &[String]) -> Result<()> {
    let [program, arguments @ ..] = command else {
        return Err("nothing to measure".into());
    };
    let started = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let time = started.elapsed();
    if !status.success() {
        return Err(format!("{program} {arguments:?} ended with {status}").into());
    }
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN)?;
    println!("{} {}", time.as_micros(), usage.max_rss());
    Ok(())
}

fn deployment(folder: &Path, developers: usize, per: &str) -> Result<()> {
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme.hcl"))?;
    fs::write(
        folder.join("tfgen.hcl"),
        format!("{example}\nprofiles {{\n  per = {per:?}\n}}\n"),
    )?;
    let mut roster = String::from("id,email,team,project,cost_center\n");
    for number in 0..developers {
        let (team, center) = if number % 2 == 0 {
            ("engineering", "CC-1001")
        } else {
            ("data-science", "CC-1002")
        };
        writeln!(
            roster,
            "developer-{number},developer.{number}@example.com,{team},claude-code,{center}"
        )?;
    }
    fs::write(folder.join("developers.csv"), roster)?;
    Ok(())
}
