//! A run whose session is still good, as an SDK of AWS sees it: the whole process, start to exit, beside `/bin/true` in the same
//! loop. Run by hand: `cargo bench -p client --bench hit_path`. Figures that were measured are in docs/benchmarks.md.
#![allow(clippy::print_stdout, reason = "figures are what this program is for")]

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs of each program, in turns.
const RUNS: usize = 1001;
const ANSWER: &str = r#"{"Version":1,"AccessKeyId":"ASIATEST","SecretAccessKey":"s","SessionToken":"t","Expiration":"2099-01-01T00:00:00Z"}"#;
const CONFIG: &str = r#"{"profiles":{"ClaudeCode":{"provider_domain":"acme.okta.com","client_id":"c","credential_storage":"session","federated_role_arn":"arn:aws:iam::123456789012:role/x"}}}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let home = tempfile::tempdir()?;
    let write = |path: &str, text: &str| -> std::io::Result<()> {
        let path = home.path().join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        }
        Ok(())
    };
    write("claude-code-with-bedrock/config.json", CONFIG)?;
    write(".aws/claude-code-with-bedrock/ClaudeCode-credentials.json", ANSWER)?;

    // Another program can be named, such as one that `cargo platforms` built.
    let program = std::env::var_os("PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_credential-process").into());
    let mut ours = Command::new(&program);
    ours.env_clear()
        .env("HOME", home.path())
        .env("USERPROFILE", home.path());
    let answer = ours.output()?;
    if String::from_utf8_lossy(&answer.stdout).trim_end() != ANSWER {
        return Err(format!("it does not answer from what is kept: {answer:?}").into());
    }
    let mut nothing = Command::new("/bin/true");
    nothing.env_clear();
    let (mut own, mut base) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        own.push(timed(&mut ours)?);
        base.push(timed(&mut nothing)?);
    }
    let (own, base) = (median(own), median(base));
    println!(
        "load: {}",
        fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
    println!("credential-process, session that is good: {own:?} (at most 2 ms)");
    println!("/bin/true: {base:?}");
    println!("factor: {:.2} (at most 3)", own.as_secs_f64() / base.as_secs_f64());
    println!("size: {} bytes (at most 6,000,000)", fs::metadata(&program)?.len());
    Ok(())
}

fn timed(command: &mut Command) -> std::io::Result<Duration> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status()?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
