//! Over the store that keyring-core gives for tests, which can fail at any call. Real ones that do not answer are in
//! `tests/keyring.rs`.

use jiff::Timestamp;

use super::super::refresh::RefreshToken;
use super::super::tests::{credentials, home, of_ada, time, unknown};
use super::super::{Found, Place, clear, refresh, session};
use super::*;
use crate::lock::Lock;

const LONG: Duration = Duration::from_secs(60);

fn keyring(longest: usize) -> Keyring {
    Keyring::over(keyring_core::mock::Store::new().unwrap(), LONG, longest)
}

/// Names of the entries that hold something.
fn names(keyring: &Keyring) -> Vec<String> {
    let entries = keyring
        .store
        .search(&[("service", SERVICE)].into_iter().collect())
        .unwrap();
    let mut names: Vec<String> = entries
        .iter()
        .filter(|entry| entry.get_password().is_ok())
        .map(|entry| entry.get_specifiers().unwrap().1)
        .collect();
    names.sort();
    names
}

/// The next call on an entry fails.
fn fail(keyring: &Keyring, name: &str) {
    let entry = entry(&keyring.store, name).ok().unwrap();
    let mock: &keyring_core::mock::Cred = entry.as_any().downcast_ref().unwrap();
    mock.set_error(keyring_core::Error::NoStorageAccess("it is locked".into()));
}

#[test]
fn short_values_are_one_entry_and_long_ones_are_pieces() {
    let keyring = keyring(10);
    let get = || keyring.get("p", Entry::RefreshToken).unwrap();
    assert_eq!(get(), None);
    for (value, expected) in [
        ("0123456789", &["p-refresh"][..]),
        ("0123456789ü", &["p-refresh-1", "p-refresh-2", "p-refresh-meta"]),
        (
            "äöüäöüäöüäöüäöüäöüäöü",
            &["p-refresh-1", "p-refresh-2", "p-refresh-3", "p-refresh-meta"],
        ),
        ("01234567890123", &["p-refresh-1", "p-refresh-2", "p-refresh-meta"]),
        ("short", &["p-refresh"]),
        ("", &["p-refresh"]),
    ] {
        keyring.set("p", Entry::RefreshToken, &Secret::new(value)).unwrap();
        assert_eq!(get(), Some(Secret::new(value)));
        assert_eq!(names(&keyring), expected, "{value}");
    }
    keyring
        .set("p", Entry::RefreshToken, &Secret::new("01234567890"))
        .unwrap();
    assert!(keyring.remove("p", Entry::RefreshToken).unwrap());
    assert!(!keyring.remove("p", Entry::RefreshToken).unwrap());
    assert_eq!(names(&keyring), [] as [&str; 0]);
}

#[test]
fn what_earlier_versions_kept_as_one_entry_is_read_where_pieces_are_written() {
    let keyring = keyring(10);
    let long = "0123456789 and more";
    put(&keyring.store, "p-credentials", long).ok().unwrap();
    assert_eq!(keyring.get("p", Entry::Credentials).unwrap(), Some(Secret::new(long)));
}

#[test]
fn pieces_that_do_not_belong_together_are_nothing() {
    let keyring = keyring(10);
    let value = Secret::new("0123456789 and more");
    let set = || keyring.set("p", Entry::IdToken, &value).unwrap();
    let get = || keyring.get("p", Entry::IdToken).unwrap();
    set();
    put(&keyring.store, "p-monitoring-1", "9876543210").ok().unwrap();
    assert_eq!(get(), None);
    set();
    delete(&keyring.store, "p-monitoring-2").ok().unwrap();
    assert_eq!(get(), None);
    set();
    put(&keyring.store, "p-monitoring-meta", "?").ok().unwrap();
    assert_eq!(get(), None);
    set();
    assert_eq!(get(), Some(value.clone()));
}

/// Wherever writing ends, what is read is the old value, the new one or nothing.
#[test]
fn no_failure_makes_a_value_that_was_never_kept() {
    let all = [
        "p-refresh",
        "p-refresh-1",
        "p-refresh-2",
        "p-refresh-3",
        "p-refresh-meta",
    ];
    let [short, long, longer] = ["short", "a long value", "another value, longer"].map(Secret::new);
    for (before, after) in [(&short, &long), (&long, &short), (&long, &longer), (&longer, &long)] {
        for name in all {
            let keyring = keyring(10);
            keyring.set("p", Entry::RefreshToken, before).unwrap();
            fail(&keyring, name);
            let done = keyring.set("p", Entry::RefreshToken, after);
            if let Err(error) = &done {
                assert!(error.message.contains("it is locked"), "{error}");
            }
            // Where no call was made on the entry, the failure is still waiting.
            let _ = one(&keyring.store, name);
            let got = keyring.get("p", Entry::RefreshToken).unwrap();
            match done {
                Ok(()) => assert_eq!(got.as_ref(), Some(after)),
                Err(_) => assert!(got.is_none_or(|got| got == *before || got == *after), "{name}"),
            }
        }
    }
}

#[test]
fn a_call_that_hangs_is_left_and_the_next_ones_fail_at_once() {
    let (release, blocked) = mpsc::channel::<()>();
    let mut keyring = keyring(10);
    keyring.patience = Duration::from_millis(20).into();
    let hung: Result<(), Error> = keyring.call("read", move |_| {
        let _ = blocked.recv();
        Ok(())
    });
    assert!(hung.unwrap_err().message.contains("did not answer within 0.02 s"));
    keyring.patience = LONG.into();
    let error = keyring.get("p", Entry::Credentials).unwrap_err();
    assert_eq!(error.kind, Kind::Storage);
    drop(release);
}

/// A window that asks for the password may lie behind the others.
#[test]
fn whoever_can_unlock_it_is_told_and_waited_for() {
    static TOLD: AtomicBool = AtomicBool::new(false);
    let told = |text: &str| {
        assert!(text.contains("password"), "{text}");
        TOLD.store(true, Ordering::Relaxed);
    };
    let mut keyring = keyring(10);
    keyring.patience = Patience {
        longest: LONG,
        notice: Some((LONG / 2, told)),
    };
    assert_eq!(keyring.get("p", Entry::Credentials), Ok(None));
    assert!(!TOLD.load(Ordering::Relaxed), "what answers at once needs nobody");
    keyring.patience.notice = Some((Duration::from_millis(1), told));
    let unlocked = keyring.call("read", |_| {
        while !TOLD.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        Ok(7)
    });
    assert_eq!(unlocked, Ok(7));
}

#[test]
fn errors_never_repeat_what_is_kept() {
    let secret = || b"hunter2".to_vec();
    for error in [
        keyring_core::Error::BadEncoding(secret()),
        keyring_core::Error::BadDataFormat(secret(), "x".into()),
        keyring_core::Error::Invalid("hunter2".to_owned(), "hunter2".to_owned()),
    ] {
        let said = Trouble::from(error).said("read", LONG);
        assert!(!format!("{said} {said:?}").contains("hunter2"), "{said}");
    }
}

#[test]
fn credentials_can_be_kept_in_it() {
    let home = home();
    let keyring = keyring(100);
    let place = Place::Keyring(&keyring);
    assert_eq!(session::load(&home.paths, place), Ok(Found::Nothing));
    session::save(&home.paths, place, &credentials()).unwrap();
    assert_eq!(session::load(&home.paths, place), Ok(Found::There(credentials())));
    assert!(!home.paths.session.exists());
    put(&keyring.store, "acme-credentials-meta", "?").ok().unwrap();
    assert_eq!(session::load(&home.paths, place), Ok(Found::Nothing));
    fail(&keyring, "acme-credentials-meta");
    session::load(&home.paths, place).unwrap_err();
}

#[test]
fn the_refresh_token_is_in_it_if_it_can_be_reached() {
    let home = home();
    let paths = &home.paths;
    let lock = Lock::try_acquire(paths, "testing").unwrap().unwrap();
    let keyring = keyring(1000);
    let [r1, r2] = ["r1", "r2"].map(of_ada);
    let r3 = unknown("r3");
    let at = |minute: i64| time("2026-11-26T07:00:00Z") + jiff::SignedDuration::from_mins(minute);
    let save =
        |token: &RefreshToken, time: Timestamp| refresh::save(&lock, paths, Some(&keyring), token, time).unwrap();

    // A file of an earlier version is used, and goes as soon as the token is in the keyring.
    refresh::save(&lock, paths, None, &r1, at(0)).unwrap();
    assert_eq!(refresh::load(paths, Some(&keyring)).token, Found::There(r1.clone()));
    assert_eq!(save(&r1, at(1)), refresh::Kept::Keyring);
    assert!(!paths.refresh_token.exists());

    // A keyring that is locked for a while keeps an old token beside the newer one in the file.
    fail(&keyring, "acme-refresh-meta");
    assert!(matches!(save(&r2, at(2)), refresh::Kept::File(Some(_))));
    assert_eq!(refresh::load(paths, Some(&keyring)).token, Found::There(r2.clone()));
    assert_eq!(
        refresh::forget_refused(&lock, paths, Some(&keyring), &r1.token),
        Ok(Some(r2.clone()))
    );
    assert_eq!(names(&keyring), [] as [&str; 0]);

    // The other way round: the file is what is old.
    keyring
        .set(
            "acme",
            Entry::RefreshToken,
            &Secret::new(r#"{"refresh_token":"r3","profile":"acme","updated_at":"2026-11-26T07:03:00Z"}"#),
        )
        .unwrap();
    assert_eq!(refresh::load(paths, Some(&keyring)).token, Found::There(r3.clone()));
    assert_eq!(
        refresh::forget_refused(&lock, paths, Some(&keyring), &r3.token),
        Ok(Some(r2))
    );

    fail(&keyring, "acme-refresh-meta");
    assert!(refresh::load(paths, Some(&keyring)).trouble.is_some());
}

#[test]
fn clearing_leaves_the_applications_secret_alone() {
    let home = home();
    let lock = Lock::try_acquire(&home.paths, "testing").unwrap().unwrap();
    let keyring = keyring(3);
    for entry in [
        Entry::Credentials,
        Entry::IdToken,
        Entry::ClientSecret,
        Entry::RefreshToken,
    ] {
        keyring.set("acme", entry, &Secret::new("value")).unwrap();
    }
    for end in OLD {
        put(&keyring.store, &format!("acme-{end}"), "old").ok().unwrap();
    }
    let cleared = clear::clear(&lock, &home.paths, Some(&keyring));
    assert_eq!((cleared.removed.len(), cleared.failed.len()), (4, 0));
    assert!(
        names(&keyring)
            .iter()
            .all(|name| name.starts_with("acme-client-secret"))
    );
}
