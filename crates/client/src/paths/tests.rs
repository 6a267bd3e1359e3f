use super::*;

const HOME: &str = if cfg!(windows) { "C:\\Users\\ada" } else { "/home/ada" };
const VARIABLE: &str = if cfg!(windows) { "USERPROFILE" } else { "HOME" };

fn paths(more: &[(&str, &str)], executable: Option<&Path>) -> Paths {
    let environment = [(VARIABLE, HOME)].into_iter().chain(more.iter().copied()).collect();
    Paths::new(&environment, executable).unwrap()
}

#[test]
fn places_are_those_of_existing_installations() {
    let home = Path::new(HOME);
    let paths = paths(&[], None);
    assert_eq!(paths.aws_credentials(), home.join(".aws").join("credentials"));
    assert_eq!(paths.aws_config(), home.join(".aws").join("config"));
    let files = paths.of_profile("ClaudeCode").unwrap();
    let sessions = home.join(".claude-code-session");
    assert_eq!(files.id_token, sessions.join("ClaudeCode-monitoring.json"));
    assert_eq!(files.refresh_token, sessions.join("ClaudeCode-refresh.json"));
    assert_eq!(files.otel_headers, sessions.join("ClaudeCode-otel-headers.json"));
    assert_eq!(files.otel_headers_raw, sessions.join("ClaudeCode-otel-headers.raw"));
    assert_eq!(
        files.quota_state,
        home.join("claude-code-with-bedrock")
            .join(".quota-state-ClaudeCode.json")
    );
    assert!(files.session.starts_with(home.join(".aws")));
}

#[test]
fn variables_of_aws_move_its_files_and_no_others() {
    let moved = paths(
        &[
            ("AWS_SHARED_CREDENTIALS_FILE", "~/elsewhere/creds"),
            ("AWS_CONFIG_FILE", "/etc/aws.conf"),
        ],
        None,
    );
    assert_eq!(moved.aws_credentials(), Path::new(HOME).join("elsewhere").join("creds"));
    assert_eq!(moved.aws_config(), Path::new("/etc/aws.conf"));
    assert_eq!(
        moved.of_profile("p").unwrap().session,
        paths(&[], None).of_profile("p").unwrap().session
    );
    let empty = paths(&[("AWS_CONFIG_FILE", "")], None);
    assert_eq!(empty.aws_config(), paths(&[], None).aws_config());
}

#[test]
fn without_a_home_folder_the_variable_is_named() {
    for environment in [vec![], vec![(VARIABLE, "")]] {
        let error = Paths::new(&environment.into_iter().collect(), None).unwrap_err();
        assert_eq!(error.kind, Kind::Storage);
        assert!(error.to_string().contains(VARIABLE), "{error}");
    }
    let relative = [(VARIABLE, "ada")].into_iter().collect();
    assert!(Paths::new(&relative, None).is_err());
}

#[test]
fn names_that_would_leave_the_folder_are_refused() {
    for name in ["", "../x", "a/b", "a\\b", ".hidden", "-x", "a b", "ü", "a\0", "a:b"] {
        let error = paths(&[], None).of_profile(name).unwrap_err();
        assert_eq!(error.kind, Kind::Config, "{name}");
    }
    for name in ["ClaudeCode", "a.b", "ada@acme.example", "a+b_c-d"] {
        assert_eq!(paths(&[], None).of_profile(name).unwrap().name, name);
    }
}

#[test]
fn the_file_beside_the_program_comes_first() {
    let home = tempfile::Builder::new().prefix("home with spaces ü").tempdir().unwrap();
    let beside = home.path().join("apps");
    let environment = [(VARIABLE, home.path())].into_iter().collect();
    let executable = beside.join("credential-process");
    let paths = Paths::new(&environment, Some(&executable)).unwrap();
    let error = paths.find_config().unwrap_err();
    assert_eq!(error.kind, Kind::Config);
    for candidate in paths.config_candidates() {
        assert!(error.message.contains(&candidate.display().to_string()), "{error}");
    }

    std::fs::create_dir_all(paths.installation()).unwrap();
    let installed = paths.installation().join("config.json");
    std::fs::write(&installed, "{}").unwrap();
    assert_eq!(paths.find_config().unwrap(), installed);

    std::fs::create_dir_all(beside.join("config.json")).unwrap();
    // It is told when it is read: the other file would only seem to be the one that counts.
    assert_eq!(paths.find_config().unwrap(), beside.join("config.json"));
    std::fs::remove_dir(beside.join("config.json")).unwrap();
    std::fs::write(beside.join("config.json"), "{}").unwrap();
    assert_eq!(paths.find_config().unwrap(), beside.join("config.json"));
}

#[cfg(unix)]
#[test]
fn a_home_folder_need_not_be_unicode() {
    use std::os::unix::ffi::OsStrExt;
    let home = tempfile::tempdir().unwrap();
    let home = home.path().join(OsStr::from_bytes(b"ad\xe4"));
    let environment = [("HOME", &home)].into_iter().collect();
    let paths = Paths::new(&environment, None).unwrap();
    std::fs::create_dir_all(paths.installation()).unwrap();
    std::fs::write(paths.installation().join("config.json"), "{}").unwrap();
    assert!(paths.find_config().unwrap().starts_with(&home));
}

#[cfg(windows)]
#[test]
fn names_of_variables_have_no_case() {
    let environment: Environment = [("UserProfile", HOME)].into_iter().collect();
    assert_eq!(environment.get("USERPROFILE"), Some(OsStr::new(HOME)));
}

#[test]
fn values_of_variables_are_not_shown() {
    let environment: Environment = [("AWS_SECRET_ACCESS_KEY", "hunter2")].into_iter().collect();
    assert_eq!(format!("{environment:?}"), "{\"AWS_SECRET_ACCESS_KEY\"}");
}
