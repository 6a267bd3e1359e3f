//! Machines that are not as they should be: the network, the clock, the disk, what was kept, and the configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use real::debian;
use real::limit::Limit;
use serde_json::json;

use crate::stage::{Stage, program};

/// Exit codes of the sub-commands.
const CONFIG: i32 = 3;
const LOGIN: i32 = 5;
const NETWORK: i32 = 9;

/// What a sub-command and a flag say, which is the same, with another exit code.
#[track_caller]
fn assert_refused(stage: &Stage, code: i32, said: &str) {
    for (args, code) in [(&["login"][..], code), (&[], 1)] {
        let ended = stage.start(args).signed_in_if_asked(&stage.provider, "alice");
        assert_eq!(ended.refusal(), (code, said.to_owned()), "{args:?}");
    }
}

#[test]
fn a_name_that_cannot_be_resolved_is_told() {
    let stage = Stage::new();
    stage.configure(&json!({ "oidc_issuer_url": "https://id.company.invalid" }));
    assert_refused(
        &stage,
        NETWORK,
        "the name id.company.invalid cannot be resolved\n  look at the network, the VPN and the name in config.json",
    );
    // Nobody listens there.
    stage.configure(&json!({ "oidc_issuer_url": "http://127.0.0.1:1" }));
    assert_refused(
        &stage,
        NETWORK,
        "there is no connection to 127.0.0.1: Connection refused (os error 111)\n  look at the network and the proxy \
         (`HTTPS_PROXY`, `NO_PROXY`)",
    );
    // The provider is there, and AWS is not.
    stage.configure(&json!({}));
    stage.set("AWS_ENDPOINT_URL_STS", "https://sts.company.invalid");
    assert_refused(
        &stage,
        NETWORK,
        "the name sts.company.invalid cannot be resolved\n  look at the network, the VPN and the name in config.json",
    );
}

#[test]
fn a_clock_that_is_ten_minutes_wrong_is_told_with_its_side() {
    let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    let library = library.replace("x86_64", std::env::consts::ARCH);
    let faketime = debian::unpack("libfaketime").unwrap();
    let stage = Stage::new();
    stage.set("LD_PRELOAD", faketime.file(&library).unwrap());
    stage.set("FAKETIME", "-10m");
    assert_refused(
        &stage,
        LOGIN,
        "the clock of this machine is 10 minutes behind the provider's\n  set the clock of this machine (automatic time), then \
         try again; AWS refuses requests of a wrong clock as well",
    );
    // A token of an hour is good at both ends here, and so are the credentials.
    stage.set("FAKETIME", "+10m");
    let ahead = stage.start(&[]).signed_in_at(&stage.provider, "alice");
    ahead.credentials();
    // One of five minutes is over where it arrives.
    stage.start(&["logout"]).ended();
    let short = real::oidc::Knobs {
        id_token_seconds: Some(299),
        ..real::oidc::Knobs::default()
    };
    stage.provider.set(&short).unwrap();
    assert_refused(
        &stage,
        LOGIN,
        "the clock of this machine is 10 minutes ahead of the provider's\n  set the clock of this machine (automatic time), then \
         try again; AWS refuses requests of a wrong clock as well",
    );
}

fn permit(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_home_that_cannot_be_written_is_told_and_good_credentials_are_given_all_the_same() {
    let stage = Stage::new();
    permit(stage.home(), 0o500);
    let lock = stage.sessions().join("ClaudeCode-login.lock");
    for (args, code) in [(&["login"][..], 1), (&[], 1)] {
        let (ended, said) = stage.start_under(Limit::PermissionsHold, args).ended().refusal();
        let path = lock.display();
        let expected = format!(
            "the lock {path} could not be opened: Permission denied (os error 13)\n  look who owns the file and its folder: they \
             must be yours"
        );
        assert_eq!((ended, said), (code, expected));
    }
    // Only the folder of AWS is somebody else's.
    permit(stage.home(), 0o700);
    let aws = stage.home().join(".aws");
    fs::create_dir(&aws).unwrap();
    permit(&aws, 0o500);
    let ended = stage
        .start_under(Limit::PermissionsHold, &[])
        .signed_in_at(&stage.provider, "alice");
    ended.credentials();
    let told = "The credentials are good, but cannot be kept: ";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("look who owns the folder, and whether you may write into it"),
        "{}",
        ended.stderr
    );
    permit(&aws, 0o700);
}

#[test]
fn a_full_disk_loses_nothing_but_what_could_be_kept() {
    let stage = Stage::new();
    let ended = stage
        .start_under(Limit::Bytes(0), &[])
        .signed_in_at(&stage.provider, "alice");
    ended.credentials();
    for told in [
        "The login cannot be kept for later: ",
        "The credentials are good, but cannot be kept: ",
    ] {
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
    }
    assert!(
        ended
            .stderr
            .contains("could not be written: File too large (os error 27)"),
        "{}",
        ended.stderr
    );
    assert!(!stage.session().exists() && !stage.refresh_token().exists());
    // Whoever signs in means to be signed in afterwards.
    let ended = stage
        .start_under(Limit::Bytes(0), &["login"])
        .signed_in_at(&stage.provider, "alice");
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains("nothing of it could be kept"), "{}", ended.stderr);
    // What was kept before stays as it was, also where the disk is full in the middle of a file.
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    let kept = [stage.id_token(), stage.refresh_token()];
    let before = kept.clone().map(|file| fs::read(file).unwrap());
    for most in [0, 1, 100] {
        fs::remove_file(stage.session()).unwrap_or_default();
        stage.start_under(Limit::Bytes(most), &[]).ended().credentials();
        assert_eq!(kept.clone().map(|file| fs::read(file).unwrap()), before);
        assert!(!stage.session().exists());
        let leftovers = stage
            .files()
            .into_iter()
            .filter(|file| file.to_string_lossy().ends_with(".tmp"));
        assert_eq!(leftovers.count(), 0, "{most}");
    }
    // A timer's job is silent unless it fails, and it has lost what the provider gave for what is kept.
    fs::remove_file(stage.id_token()).unwrap();
    let ended = stage.start_under(Limit::Bytes(0), &["--refresh-if-needed"]).ended();
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    for told in [
        "The login cannot be kept for later: ",
        "The credentials are good, but cannot be kept: ",
        "not everything that was renewed could be kept",
    ] {
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
    }
}

/// The kernel's own word for it, which strace puts in its mouth: file systems say it also when they are told to write down what they
/// have taken.
#[test]
fn a_disk_without_room_is_called_that() {
    let strace = debian::unpack("strace").unwrap();
    let stage = Stage::new();
    stage.set("LD_LIBRARY_PATH", strace.libraries().unwrap());
    let mut command = Command::new(strace.file("/usr/bin/strace").unwrap());
    command
        .args(["--follow-forks", "--output=/dev/null", "--trace=fsync"])
        .args(["--inject=fsync:error=ENOSPC", "--"])
        .arg(program());
    let ended = stage.spawn(&mut command, &[]).signed_in_at(&stage.provider, "alice");
    ended.credentials();
    let shown = stage.refresh_token();
    let told = format!(
        "The login cannot be kept for later: {} could not be written: No space left on device (os error 28); make room on the disk\n",
        shown.display()
    );
    assert!(ended.stderr.contains(&told), "{told}{}", ended.stderr);
    assert!(!shown.exists());
}

#[test]
fn what_is_corrupt_counts_as_nothing() {
    let stage = Stage::new();
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    let kept: Vec<_> = stage
        .files()
        .into_iter()
        .filter(|file| file.extension().is_some_and(|end| end == "json"))
        .collect();
    // Credentials, id_token, refresh token, keys.
    assert_eq!(kept.len(), 4, "{kept:?}");
    for garbage in [
        &b""[..],
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{\"Version\": 1}",
        &[0; 2 * 1024 * 1024],
    ] {
        for file in &kept {
            fs::write(file, garbage).unwrap();
        }
        let ended = stage.start(&[]).signed_in_at(&stage.provider, "alice");
        ended.credentials();
        let told = format!("{} is not used: ", stage.session().display());
        assert!(ended.stderr.contains(&told), "{}", ended.stderr);
        stage.start(&[]).ended().credentials();
    }
    // A folder or an open file in its place is told as well.
    permit(&stage.session(), 0o644);
    let ended = stage.start(&[]).ended();
    ended.credentials();
    assert!(
        ended.stderr.contains("others can reach it (mode 0644)"),
        "{}",
        ended.stderr
    );
    assert_eq!(crate::stage::mode(&stage.session()) & 0o777, 0o600);
}

#[test]
fn a_configuration_with_unknown_keys_works_and_one_that_is_broken_says_where() {
    let stage = Stage::new();
    stage.configure(&json!({ "frobnicate": true, "client_idd": "x" }));
    let ended = stage.start(&[]).signed_in_at(&stage.provider, "alice");
    ended.credentials();
    let explained = stage.start(&["explain"]).ended();
    for key in ["frobnicate", "client_idd"] {
        assert!(explained.stdout.contains(key), "{}", explained.stdout);
    }
    let file = stage.installation().join("config.json");
    let shown = file.display();
    let package = "ask whoever gave you the package for";
    stage.configure(&json!({ "client_id": null }));
    assert_refused(
        &stage,
        CONFIG,
        &format!(
            "{shown}: profile `ClaudeCode`: `client_id` is missing\n  {package} `client_id` of profile `ClaudeCode`: the id of the application at the provider"
        ),
    );
    fs::write(&file, "{").unwrap();
    assert_refused(
        &stage,
        CONFIG,
        &format!(
            "{shown}: line 1, column 1: EOF while parsing an object\n  {package} its config.json once more: this one is damaged or was edited"
        ),
    );
    fs::remove_file(&file).unwrap();
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(code, CONFIG);
    assert!(
        said.starts_with("there is no config.json; it was looked for at "),
        "{said}"
    );
    assert!(
        said.ends_with("\n  install the package again that your administrator gave you"),
        "{said}"
    );
}
