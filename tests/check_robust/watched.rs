//! Runs of the binary that are watched: they end, within limits, with a report.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::tfgen;

/// Most memory of any run here. The largest file that is read has 16 MiB.
pub const MOST_MIB: i64 = 512;

/// A run that has not ended by then hangs.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Checked {
    pub status: i32,
    pub report: Value,
    pub stderr: String,
}

impl Checked {
    /// `FILE:LINE:COLUMN RULE` of each finding.
    pub fn places(&self) -> Vec<String> {
        let findings = self.report["findings"].as_array().unwrap();
        let told = findings.iter().map(|finding| {
            let (file, rule) = (finding["file"].as_str().unwrap(), finding["rule"].as_str().unwrap());
            format!("{file}:{}:{} {rule}", finding["line"], finding["column"])
        });
        told.collect()
    }

    pub fn message(&self, index: usize) -> &str {
        self.report["findings"][index]["message"].as_str().unwrap()
    }
}

fn ended(mut child: Child, input: &[u8]) -> Checked {
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    // A program that has seen enough closes its input.
    let fed = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let read_stderr = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("it hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    fed.join().unwrap();
    let stdout = read.join().unwrap();
    let stderr = String::from_utf8(read_stderr.join().unwrap()).unwrap();
    let status = status.code().unwrap_or_else(|| panic!("{status}: {stderr}"));
    assert!(!stderr.contains("panicked"), "{stderr}");
    if cfg!(target_os = "linux") {
        let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).unwrap();
        let mib = usage.max_rss() / 1024;
        assert!(mib <= MOST_MIB, "{mib} MiB");
    }
    Checked {
        status,
        report: serde_json::from_slice(&stdout).unwrap_or_default(),
        stderr,
    }
}

pub fn check_input(folder: &Path, words: &[&str], input: &[u8]) -> Checked {
    let child = tfgen()
        .current_dir(folder)
        .args(["check", "--format=json"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    ended(child, input)
}

pub fn check(folder: &Path, words: &[&str]) -> Checked {
    check_input(folder, words, b"")
}

pub fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Checks a folder with this one file.
pub fn check_one(name: &str, content: impl AsRef<[u8]>) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), name, content);
    check(folder.path(), &[])
}
