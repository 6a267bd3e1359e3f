//! Many processes on the same files, and processes that are killed. Children are this program again, started for one test that
//! does something only for them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is a test's report, in its helpers as well"
)]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use client::Secret;
use client::credentials::Credentials;
use client::lock::Lock;
use client::paths::{Environment, Paths, ProfilePaths};
use client::store::{Found, Place, clear, session};
use jiff::Timestamp;

const HOME: &str = "TEST_HOME_OF_CHILD";
const WHO: &str = "TEST_NAME_OF_CHILD";
const LONG: Duration = Duration::from_secs(120);

fn paths(home: &Path) -> ProfilePaths {
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let environment: Environment = [(variable, home)].into_iter().collect();
    Paths::new(&environment, None).unwrap().of_profile("acme").unwrap()
}

/// Credentials whose parts belong together, long enough not to be written at once.
fn credentials(who: &str) -> Credentials {
    Credentials {
        access_key_id: who.to_owned(),
        secret: Secret::new(who.repeat(3)),
        session_token: Secret::new(who.repeat(4_000)),
        expiration: Some(Timestamp::MAX),
    }
}

fn load(paths: &ProfilePaths) -> Option<String> {
    match session::load(paths, Place::Files).unwrap() {
        Found::There(found) => {
            let expected = credentials(&found.access_key_id);
            assert!(found.session_token == expected.session_token && found.secret == expected.secret);
            Some(found.access_key_id)
        }
        Found::Nothing => None,
        Found::Unusable(unusable) => panic!("{unusable}"),
    }
}

fn child(test: &str, home: &Path, who: &str, said: Stdio) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(HOME, home)
        .env(WHO, who)
        .stdout(said)
        .spawn()
        .unwrap()
}

/// What a child is to do, in a child.
fn task() -> Option<(ProfilePaths, String)> {
    let home = std::env::var_os(HOME)?;
    Some((paths(Path::new(&home)), std::env::var(WHO).unwrap()))
}

/// Writes some times and ends.
#[test]
fn child_that_writes() {
    if let Some((paths, who)) = task() {
        for _ in 0..10 {
            session::save(&paths, Place::Files, &credentials(&who)).unwrap();
        }
    }
}

/// Writes until it is killed, under the lock, and says each time that it did.
#[test]
fn child_that_is_killed() {
    if let Some((paths, who)) = task() {
        let _lock = Lock::acquire(&paths, "testing", LONG, &mut |_| {}).unwrap();
        let mut out = std::io::stdout().lock();
        loop {
            session::save(&paths, Place::Files, &credentials(&who)).unwrap();
            out.write_all(b"#").unwrap();
            out.flush().unwrap();
        }
    }
}

#[test]
fn nobody_ever_sees_half_a_file() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    session::save(&paths, Place::Files, &credentials("zero")).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    let mut reads = 0_u32;
                    while !done.load(Ordering::Relaxed) {
                        assert!(load(&paths).is_some(), "it is there from the beginning");
                        reads += 1;
                    }
                    reads
                })
            })
            .collect();
        let children: Vec<Child> = (0..32)
            .map(|at| {
                child(
                    "child_that_writes",
                    home.path(),
                    &format!("child{at:02}"),
                    Stdio::null(),
                )
            })
            .collect();
        let ended: Vec<bool> = children
            .into_iter()
            .map(|mut child| child.wait().unwrap().success())
            .collect();
        done.store(true, Ordering::Relaxed);
        for reader in readers {
            assert!(reader.join().unwrap() > 0);
        }
        assert!(ended.iter().all(|ended| *ended));
    });
    assert!(load(&paths).unwrap().starts_with("child"));
}

#[test]
fn a_killed_writer_leaves_the_old_or_the_new_and_no_lock() {
    let home = tempfile::tempdir().unwrap();
    let paths = paths(home.path());
    let mut before = None;
    for round in 0..200_u32 {
        let who = format!("round{round:03}");
        let mut child = child("child_that_is_killed", home.path(), &who, Stdio::piped());
        let mut said = child.stdout.take().unwrap();
        // Some die before their first file is whole, the others in the middle of a later one.
        let writes = round % 4;
        let mut seen = 0;
        while seen < writes {
            let mut byte = [0];
            said.read_exact(&mut byte).unwrap();
            seen += u32::from(byte == *b"#");
        }
        for _ in 0..round.wrapping_mul(2_654_435_761) % 400_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();

        let now = load(&paths);
        assert!(now == before || now.as_ref() == Some(&who), "{now:?}");
        assert!(writes == 0 || now.as_ref() == Some(&who));
        before = now;
        assert_private(home.path());
        assert!(
            Lock::try_acquire(&paths, "testing").unwrap().is_some(),
            "the dead hold no lock"
        );
    }
    let lock = Lock::try_acquire(&paths, "testing").unwrap().unwrap();
    assert_eq!(clear::clear(&lock, &paths, None).failed, []);
    let folder = paths.session.parent().unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "nothing is left of them");
}

/// Nothing below a folder can be read by others.
#[cfg(unix)]
fn assert_private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let metadata = entry.metadata().unwrap();
        let path = entry.path();
        assert_eq!(metadata.permissions().mode() & 0o077, 0, "{}", path.display());
        if metadata.is_dir() {
            assert_private(&path);
        }
    }
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}
