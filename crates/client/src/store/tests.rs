use std::fs;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};

use super::clear::{What, clear};
use super::id_token::IdToken;
use super::refresh::{Kept, RefreshToken};
use super::*;
use crate::credentials::Credentials;
use crate::lock::Lock;
use crate::paths::{Environment, Paths};

pub(super) struct Home {
    pub(super) folder: tempfile::TempDir,
    pub(super) paths: ProfilePaths,
}

/// A home folder whose name has what makes paths difficult.
pub(super) fn home() -> Home {
    let folder = tempfile::Builder::new().prefix("home of ädä ").tempdir().unwrap();
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let environment: Environment = [(variable, folder.path())].into_iter().collect();
    let paths = Paths::new(&environment, None).unwrap().of_profile("acme").unwrap();
    Home { folder, paths }
}

pub(super) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn credentials() -> Credentials {
    Credentials {
        access_key_id: "ASIAEXAMPLE".to_owned(),
        secret: Secret::new("secret"),
        session_token: Secret::new("token"),
        expiration: Some(time("2026-11-26T08:00:00Z")),
    }
}

pub(super) fn of_ada(token: &str) -> RefreshToken {
    RefreshToken {
        token: Secret::new(token),
        subject: Some("ada".to_owned()),
    }
}

/// As earlier versions keep it.
pub(super) fn unknown(token: &str) -> RefreshToken {
    RefreshToken {
        subject: None,
        ..of_ada(token)
    }
}

fn id_token() -> IdToken {
    IdToken {
        token: Secret::new("e30.e30.e30"),
        expires: time("2026-11-26T08:00:00Z"),
        email: "ada@acme.example".to_owned(),
    }
}

fn lock(home: &Home) -> Lock {
    Lock::try_acquire(&home.paths, "testing").unwrap().unwrap()
}

fn why<T: fmt::Debug>(found: Found<T>) -> Why {
    match found {
        Found::Unusable(unusable) => {
            assert!(!unusable.to_string().is_empty());
            unusable.why
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_kept_comes_back() {
    let Home { folder: _folder, paths } = &home();
    assert_eq!(session::load(paths, Place::Files), Ok(Found::Nothing));
    session::save(paths, Place::Files, &credentials()).unwrap();
    assert_eq!(session::load(paths, Place::Files), Ok(Found::There(credentials())));

    assert_eq!(id_token::load(paths, Place::Files), Ok(Found::Nothing));
    id_token::save(paths, Place::Files, &id_token()).unwrap();
    assert_eq!(id_token::load(paths, Place::Files), Ok(Found::There(id_token())));

    assert_eq!(quota_state::load(paths), Found::Nothing);
    let mut state = quota_state::State {
        checked: Some(time("2026-11-26T07:00:00Z")),
        ..quota_state::State::default()
    };
    state.shows(quota_state::Level::Higher, time("2026-11-26T07:00:01Z"));
    quota_state::save(paths, &state).unwrap();
    assert_eq!(quota_state::load(paths), Found::There(state));
}

#[test]
fn credentials_without_an_end_are_not_kept() {
    let home = home();
    let endless = Credentials {
        expiration: None,
        ..credentials()
    };
    session::save(&home.paths, Place::Files, &endless).unwrap_err();
    assert!(!home.paths.session.exists());
}

/// The texts are those that ccwb 2.5 writes.
#[test]
fn files_of_existing_installations_are_read() {
    let Home { folder: _folder, paths } = &home();
    private(
        &paths.id_token,
        br#"{"token":"e30.e30.e30","expires":1795680000,"email":"ada@acme.example","profile":"acme"}"#,
    );
    assert_eq!(id_token::load(paths, Place::Files), Ok(Found::There(id_token())));
    private(&paths.quota_state, br#"{"last_check_unix":1795676400}"#);
    let Found::There(state) = quota_state::load(paths) else {
        panic!("the file of an existing installation is not read");
    };
    assert_eq!(state.checked, Some(time("2026-11-26T07:00:00Z")));
    assert_eq!(state.shown, None);
    for updated in ["1795676400", "\"2026-11-26T07:00:00+00:00\"", "null"] {
        let text = format!(r#"{{"refresh_token":"r1","profile":"acme","updated_at":{updated}}}"#);
        private(&paths.refresh_token, text.as_bytes());
        assert_eq!(refresh::load(paths, None).token, Found::There(unknown("r1")));
    }
}

fn private(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(path);
    fs::write(path, content).unwrap();
    #[cfg(unix)]
    permit(path, 0o600);
}

#[cfg(unix)]
fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn what_is_no_use_counts_as_nothing() {
    let Home { folder: _folder, paths } = &home();
    let load = || session::load(paths, Place::Files).unwrap();
    for (content, expected) in [
        (&b""[..], Why::Empty),
        (b"{", Why::Content),
        (b"\xff\xfe", Why::Content),
        (b"null", Why::Content),
        (&vec![b' '; 1024 * 1024 + 1], Why::TooLarge),
    ] {
        private(&paths.session, content);
        assert_eq!(why(load()), expected);
    }
    fs::remove_file(&paths.session).unwrap();
    fs::create_dir(&paths.session).unwrap();
    assert_eq!(why(load()), Why::Folder);
    let error = session::save(paths, Place::Files, &credentials()).unwrap_err();
    assert!(error.advice.unwrap().contains("a folder of this name is in the way"));
    fs::remove_dir(&paths.session).unwrap();

    // Another profile's, which is the same file where names have no case.
    private(&paths.session, credentials().to_kept("ACME", "").unwrap().as_bytes());
    assert_eq!(why(load()), Why::Content);

    for text in [
        r#"{"token":"","expires":1}"#,
        r#"{"token":"t","expires":9223372036854775807}"#,
    ] {
        private(&paths.id_token, text.as_bytes());
        assert_eq!(why(id_token::load(paths, Place::Files).unwrap()), Why::Content);
    }
    private(&paths.quota_state, br#"{"last_check_unix":-9223372036854775808}"#);
    assert_eq!(why(quota_state::load(paths)), Why::Content);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_what_is_kept_and_nothing_else_is_trusted() {
    let Home { folder, paths } = &home();
    session::save(paths, Place::Files, &credentials()).unwrap();
    assert_eq!(mode(&paths.session), 0o600);
    for folder in [paths.session.parent().unwrap(), &folder.path().join(".aws")] {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
    for exposed in [0o640, 0o604, 0o620, 0o601] {
        permit(&paths.session, exposed);
        let found = session::load(paths, Place::Files).unwrap();
        assert_eq!(why(found), Why::Open { mode: exposed });
    }
    session::save(paths, Place::Files, &credentials()).unwrap();
    assert_eq!(mode(&paths.session), 0o600, "the next login mends it");

    // A folder that is there keeps its permissions.
    permit(&folder.path().join(".aws"), 0o755);
    session::save(paths, Place::Files, &credentials()).unwrap();
    assert_eq!(mode(&folder.path().join(".aws")), 0o755);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let Home { folder: _folder, paths } = &home();
    fs::create_dir_all(paths.session.parent().unwrap()).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(&paths.session)
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(why(session::load(paths, Place::Files).unwrap()), Why::NoFile);
}

/// Files can be given to others by root alone.
#[cfg(unix)]
#[test]
fn files_of_others_are_not_trusted() {
    let Home { folder: _folder, paths } = &home();
    session::save(paths, Place::Files, &credentials()).unwrap();
    match std::os::unix::fs::chown(&paths.session, Some(4711), None) {
        Ok(()) => {
            let found = session::load(paths, Place::Files).unwrap();
            assert_eq!(why(found), Why::Foreign { owner: 4711 });
        }
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied),
    }
}

#[test]
fn what_cannot_be_written_is_said_with_its_place() {
    let Home { folder, paths } = &home();
    fs::write(folder.path().join(".aws"), "no folder").unwrap();
    let error = session::save(paths, Place::Files, &credentials()).unwrap_err();
    assert!(error.message.contains(&paths.session.display().to_string()), "{error}");
    assert!(!format!("{error}{error:?}").contains("secret"), "{error}");
    assert_eq!(session::load(paths, Place::Files), Ok(Found::Nothing));
}

#[test]
fn writers_that_were_killed_leave_nothing_for_long() {
    let Home { folder: _folder, paths } = &home();
    session::save(paths, Place::Files, &credentials()).unwrap();
    let folder = paths.session.parent().unwrap();
    let [old, new, foreign] = [
        ".acme-credentials.json,aaaaaa.tmp",
        ".acme-credentials.json,bbbbbb.tmp",
        ".acme-b-credentials.json,cccccc.tmp",
    ]
    .map(|name| folder.join(name));
    let long_ago = SystemTime::now() - Duration::from_secs(7200);
    for path in [&old, &new, &foreign] {
        fs::write(path, "half").unwrap();
    }
    for path in [&old, &foreign] {
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    session::save(paths, Place::Files, &credentials()).unwrap();
    assert!(!old.exists() && new.exists() && foreign.exists());
}

#[test]
fn the_quota_is_asked_about_when_its_time_has_come() {
    let at = |minutes: i64| time("2026-11-26T07:00:00Z") + SignedDuration::from_mins(minutes);
    for (last, minutes, due) in [
        (None, 30, true),
        (Some(at(-29)), 30, false),
        (Some(at(-30)), 30, true),
        (Some(at(0)), 0, true),
        (Some(at(1)), 30, true),
    ] {
        assert_eq!(quota_state::is_due(last, at(0), minutes), due, "{last:?} {minutes}");
    }
}

#[test]
fn an_id_token_is_good_while_enough_is_left() {
    let left = SignedDuration::from_mins(10);
    assert!(id_token().is_good(time("2026-11-26T07:49:59Z"), left));
    assert!(!id_token().is_good(time("2026-11-26T07:50:00Z"), left));
}

#[test]
fn a_refused_token_goes_only_if_it_is_still_the_one() {
    let home = home();
    let lock = lock(&home);
    let paths = &home.paths;
    let now = time("2026-11-26T07:00:00Z");
    let [old, new] = ["r1", "r2"].map(of_ada);
    assert_eq!(refresh::save(&lock, paths, None, &old, now), Ok(Kept::File(None)));
    refresh::save(&lock, paths, None, &new, now).unwrap();
    assert_eq!(
        refresh::forget_refused(&lock, paths, None, &old.token),
        Ok(Some(new.clone())),
        "somebody has renewed it"
    );
    assert_eq!(refresh::load(paths, None).token, Found::There(new.clone()));
    assert_eq!(refresh::forget_refused(&lock, paths, None, &new.token), Ok(None));
    assert_eq!(refresh::load(paths, None).token, Found::Nothing);
}

#[test]
fn clearing_removes_everything_of_the_profile_and_nothing_else() {
    let home = home();
    let paths = &home.paths;
    let lock = lock(&home);
    assert_eq!(clear(&lock, paths, None), clear::Cleared::default());

    session::save(paths, Place::Files, &credentials()).unwrap();
    id_token::save(paths, Place::Files, &id_token()).unwrap();
    refresh::save(&lock, paths, None, &of_ada("r1"), Timestamp::now()).unwrap();
    quota_state::save(paths, &quota_state::State::default()).unwrap();
    let leftover = paths.refresh_token.with_file_name(".acme-refresh.json,aaaaaa.tmp");
    let others = paths.refresh_token.with_file_name("acme-b-refresh.json");
    for path in [&paths.otel_headers, &paths.otel_headers_raw, &leftover, &others] {
        fs::write(path, "{}").unwrap();
    }
    fs::write(
        &paths.aws_credentials,
        "[acme]\nx-expiration = 2020-01-01T00:00:00Z\n[mine]\n",
    )
    .unwrap();

    let cleared = clear(&lock, paths, None);
    assert_eq!(cleared.failed, []);
    let what: Vec<What> = cleared.removed.iter().map(|removed| removed.what).collect();
    assert_eq!(
        what,
        [
            What::Credentials,
            What::IdToken,
            What::RefreshToken,
            What::Leftover,
            What::QuotaState,
            What::TelemetryHeaders,
            What::TelemetryHeaders,
            What::Credentials,
        ]
    );
    assert_eq!(fs::read(&paths.aws_credentials).unwrap(), b"[mine]\n");
    let left: Vec<String> = files(home.folder.path());
    assert_eq!(
        left,
        [
            "acme-b-refresh.json",
            "acme-login.holder",
            "acme-login.lock",
            "credentials"
        ]
    );
    drop(lock);
    assert!(paths.lock.exists(), "a lock that is deleted is two locks");
}

#[test]
fn clearing_goes_on_past_what_it_cannot_remove() {
    let home = home();
    let lock = lock(&home);
    fs::create_dir_all(home.paths.session.join("not empty")).unwrap();
    id_token::save(&home.paths, Place::Files, &id_token()).unwrap();
    let cleared = clear(&lock, &home.paths, None);
    assert_eq!(cleared.failed.len(), 1);
    assert_eq!(cleared.removed.len(), 1);
}

/// Names of the files below a folder, in order.
fn files(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => names.push(entry.file_name().into_string().unwrap()),
            }
        }
    }
    names.sort();
    names
}
