use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::paths::{Environment, Paths};

const LONG: Duration = Duration::from_secs(60);

fn paths(folder: &std::path::Path) -> ProfilePaths {
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let environment: Environment = [(variable, folder)].into_iter().collect();
    Paths::new(&environment, None).unwrap().of_profile("acme").unwrap()
}

fn quiet() -> impl FnMut(Option<&Holder>) {
    |holder| panic!("nobody should wait for {holder:?}")
}

#[test]
fn who_waits_is_told_for_whom_and_comes_next() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    let first = Lock::acquire(&paths, "signing in", LONG, &mut quiet()).unwrap();
    assert!(Lock::try_acquire(&paths, "testing").unwrap().is_none());
    let (told, hear) = mpsc::channel();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let mut told = |holder: Option<&Holder>| told.send(holder.cloned()).unwrap();
            Lock::acquire(&paths, "refreshing", LONG, &mut told)
        });
        let seen = hear.recv().unwrap().unwrap();
        assert_eq!(seen.pid, std::process::id());
        assert_eq!(seen.purpose, "signing in");
        assert!(!waiter.is_finished());
        drop(first);
        let second = waiter.join().unwrap().unwrap();
        assert_eq!(holder(&paths).unwrap().purpose, "refreshing");
        // It was opened before the first went; the one who opens it now must meet the same file.
        assert!(Lock::try_acquire(&paths, "testing").unwrap().is_none());
        drop(second);
    });
    assert_eq!(holder(&paths), None);
    drop(Lock::acquire(&paths, "testing", LONG, &mut quiet()).unwrap());
}

#[test]
fn waiting_ends_and_says_who_has_it() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    let held = Lock::acquire(&paths, "signing in", LONG, &mut quiet()).unwrap();
    let error = Lock::acquire(&paths, "refreshing", Duration::from_millis(50), &mut |_| {}).unwrap_err();
    assert_eq!(error.kind, Kind::Storage);
    let pid = format!("process {}", std::process::id());
    assert!(
        error.message.contains(&pid) && error.message.contains("signing in"),
        "{error}"
    );
    // The one who gave up must not come to the lock later and keep it.
    drop(held);
    drop(Lock::acquire(&paths, "testing", LONG, &mut |_| {}).unwrap());
}

#[test]
fn profiles_do_not_wait_for_each_other() {
    let home = tempfile::tempdir().unwrap();
    let one = paths(home.path());
    let environment: Environment = [(if cfg!(windows) { "USERPROFILE" } else { "HOME" }, home.path())]
        .into_iter()
        .collect();
    let other = Paths::new(&environment, None).unwrap().of_profile("acme-b").unwrap();
    let _one = Lock::acquire(&one, "testing", LONG, &mut quiet()).unwrap();
    let _other = Lock::acquire(&other, "testing", LONG, &mut quiet()).unwrap();
}

#[test]
fn many_come_one_after_the_other() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    let (inside, turns) = (AtomicU32::new(0), AtomicU32::new(0));
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                let _lock = Lock::acquire(&paths, "testing", LONG, &mut |_| {}).unwrap();
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                turns.fetch_add(1, Ordering::SeqCst);
                assert_eq!(inside.fetch_sub(1, Ordering::SeqCst), 1);
            });
        }
    });
    assert_eq!(turns.into_inner(), 64);
}

#[test]
fn a_folder_that_cannot_be_is_an_error_with_its_place() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    std::fs::write(paths.lock.parent().unwrap(), "no folder").unwrap();
    let error = Lock::acquire(&paths, "testing", LONG, &mut quiet()).unwrap_err();
    assert!(error.message.contains("acme-login.lock"), "{error}");
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_empty() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    let _lock = Lock::acquire(&paths, "testing", LONG, &mut quiet()).unwrap();
    let metadata = std::fs::metadata(&paths.lock).unwrap();
    assert_eq!((metadata.len(), metadata.permissions().mode() & 0o777), (0, 0o600));
}
