use proptest::prelude::*;

use super::*;

fn parse(line: &[&str]) -> Result<Args, Error> {
    Args::parse(line.iter().map(OsString::from))
}

fn command(line: &[&str]) -> Command {
    parse(line).unwrap().command
}

fn message(line: &[&str]) -> String {
    let error = parse(line).unwrap_err();
    assert_eq!(error.kind, Kind::Usage);
    assert_eq!(error.kind.exit_code(), 2);
    error.to_string()
}

#[test]
fn flags_are_those_of_go() {
    for line in [
        &["--profile", "a", "--clear-cache"][..],
        &["-profile", "a", "-clear-cache"],
        &["--clear-cache", "-p=a"],
        &["-p", "b", "--profile=a", "--clear-cache=T", "--"],
    ] {
        let expected = Args {
            profile: Some("a".to_owned()),
            command: Command::ClearCache,
            style: Style::Flags,
        };
        assert_eq!(parse(line), Ok(expected), "{line:?}");
    }
    assert_eq!(command(&[]), Command::Run);
    assert_eq!(command(&["--"]), Command::Run);
    assert_eq!(command(&["--clear-cache=false"]), Command::Run);
    assert_eq!(command(&["--clear-cache", "--clear-cache=0"]), Command::Run);
    assert_eq!(parse(&["-p", "--login"]).unwrap().profile.as_deref(), Some("--login"));
    assert_eq!(command(&["--get-tag=a=b"]), Command::GetTag("a=b".to_owned()));
}

#[test]
fn every_flag_of_the_contract_is_known() {
    for (flag, expected) in [
        ("--version", Command::Version),
        ("-v", Command::Version),
        ("-h", Command::Help),
        (
            "--login",
            Command::Login {
                paste: false,
                device: false,
            },
        ),
        ("--clear-cache", Command::ClearCache),
        ("--check-expiration", Command::CheckExpiration),
        ("--refresh-if-needed", Command::RefreshIfNeeded),
        ("--get-monitoring-token", Command::GetMonitoringToken),
        ("--get-mcp-auth-header", Command::GetMcpAuthHeader),
        ("--desktop", Command::Desktop),
        ("--show-tags", Command::ShowTags),
        ("--show-claims", Command::ShowClaims),
        ("--get-tag=Team", Command::GetTag("Team".to_owned())),
        ("--set-client-secret", Command::SetClientSecret),
        ("--explain", Command::Explain),
    ] {
        assert_eq!(command(&[flag]), expected);
    }
}

#[test]
fn of_several_flags_the_first_in_the_order_of_the_contract_counts() {
    let order = [
        "--help",
        "--version",
        "--set-client-secret",
        "--explain",
        "--clear-cache",
        "--show-tags",
        "--show-claims",
        "--get-tag=x",
        "--get-monitoring-token",
        "--get-mcp-auth-header",
        "--desktop",
        "--check-expiration",
        "--login",
        "--refresh-if-needed",
    ];
    for (at, first) in order.iter().enumerate() {
        let mut line = order[at..].to_vec();
        line.reverse();
        assert_eq!(command(&line), command(&[first]), "{first}");
    }
}

#[test]
fn sub_commands_stand_first() {
    for (line, expected) in [
        (
            &["login", "-p", "a"][..],
            Command::Login {
                paste: false,
                device: false,
            },
        ),
        (&["logout"], Command::ClearCache),
        (&["status"], Command::Status { json: false }),
        (&["status", "--json"], Command::Status { json: true }),
        (&["explain"], Command::Explain),
        (&["explain", "--json"], Command::Explain),
        (&["login", "--help"], Command::Help),
    ] {
        let args = parse(line).unwrap();
        assert_eq!((args.command, args.style), (expected, Style::SubCommand), "{line:?}");
    }
    assert!(message(&["-p", "a", "login"]).contains("argument 3"));
    assert!(message(&["--json"]).contains("no flag `--json`"));
    assert!(message(&["login", "--json"]).contains("of `login`"));
    assert!(message(&["status", "--desktop"]).contains("of `status`"));
}

#[test]
fn what_is_not_known_is_named_with_what_is_near() {
    assert!(message(&["--proflie", "a"]).contains("did you mean `--profile`?"));
    assert!(message(&["-clearcache"]).contains("did you mean `--clear-cache`?"));
    assert!(message(&["--xyzzy=1"]).contains("no flag `--xyzzy`;"));
    assert!(message(&["--xyzzy"]).contains("`--help`"));
    assert!(message(&["---login"]).contains("did you mean `--login`?"));
    assert!(message(&["logn"]).contains("did you mean `login`?"));
    assert!(message(&["-"]).contains("`status`"));
    assert!(message(&["--\u{1b}[31m"]).contains("\\u{1b}"));
}

#[test]
fn values_are_asked_for_and_never_repeated() {
    assert!(message(&["--profile"]).contains("`--profile NAME`"));
    assert!(message(&["--profile="]).contains("`--profile NAME`"));
    // It lists the tags then.
    for line in [&["--get-tag"][..], &["--get-tag", ""], &["--get-tag="]] {
        assert_eq!(command(line), Command::GetTag(String::new()), "{line:?}");
    }
    for line in [
        &["--set-client-secret", "hunter2"][..],
        &["--set-client-secret=hunter2"],
        &["--", "hunter2"],
        &["hunter2"],
    ] {
        assert!(!message(line).contains("hunter2"), "{line:?}");
    }
}

#[test]
fn the_profile_comes_from_the_nearest_place() {
    let one = Config::parse(r#"{"profiles":{"only":{}}}"#).unwrap();
    let two = Config::parse(r#"{"profiles":{"a":{},"b":{}}}"#).unwrap();
    let named: Environment = [("CCWB_PROFILE", "var")].into_iter().collect();
    let empty: Environment = [("CCWB_PROFILE", "")].into_iter().collect();
    let name = |line: &[&str], environment, config| parse(line).unwrap().profile_name(environment, Some(config));
    assert_eq!(name(&["-p", "flag"], &named, &one), "flag");
    assert_eq!(name(&[], &named, &one), "var");
    assert_eq!(name(&[], &empty, &one), "only");
    assert_eq!(name(&[], &empty, &two), "ClaudeCode");
}

#[cfg(unix)]
#[test]
fn what_is_no_text_is_an_error() {
    use std::os::unix::ffi::OsStringExt;
    for line in [
        vec![b"-p".to_vec(), b"\xff".to_vec()],
        vec![b"--\xff".to_vec()],
        vec![b"\xff".to_vec()],
    ] {
        let error = Args::parse(line.into_iter().map(OsString::from_vec)).unwrap_err();
        assert_eq!(error.kind, Kind::Usage);
    }
}

proptest! {
    #[test]
    fn it_never_panics(line in proptest::collection::vec(argument(), 0..6)) {
        if let Ok(args) = Args::parse(line.into_iter().map(OsString::from)) {
            prop_assert!(args.profile.is_none_or(|profile| !profile.is_empty()));
        }
    }
}

fn argument() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        Just("profile".to_owned()),
        Just("p".to_owned()),
        Just("get-tag".to_owned()),
        Just("login".to_owned()),
        Just("json".to_owned()),
        any::<String>(),
    ];
    let dashes = prop_oneof![Just(""), Just("-"), Just("--"), Just("---")];
    let value = prop_oneof![
        Just(String::new()),
        Just("=false".to_owned()),
        any::<String>().prop_map(|text| format!("={text}"))
    ];
    (dashes, name, value).prop_map(|(dashes, name, value)| format!("{dashes}{name}{value}"))
}
