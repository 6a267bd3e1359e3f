//! `kill -9` at any moment: whoever comes next works, and nothing is left torn, open to others, locked or lying about.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use real::secret_service::SecretService;
use serde_json::{Value, json};

use crate::stage::{Stage, mode};

/// Kills a way of storage, 200 in all.
const ROUNDS: [(Storage, usize); 3] = [(Storage::Files, 80), (Storage::Mixed, 60), (Storage::Keyring, 60)];
/// Kills in the middle of writing, likewise for each.
const WRITING: usize = 20;
/// Set to what a failed run says, it has the same moments again.
const SEED: &str = "TEST_SEED";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// Everything in files: there is no keyring.
    Files,
    /// The refresh token in the keyring, the rest in files.
    Mixed,
    /// Everything in the keyring.
    Keyring,
}

/// What is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Hit,
    Refresh,
    Login,
    Logout,
}

const ACTS: [Act; 4] = [Act::Hit, Act::Refresh, Act::Login, Act::Logout];

#[test]
fn whoever_is_killed_breaks_nothing_for_the_next() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = std::env::var(SEED).map_or(now.as_secs(), |text| text.parse().unwrap());
    println!("{SEED}={seed}");
    thread::scope(|scope| {
        let all = ROUNDS.map(|(storage, rounds)| scope.spawn(move || Killing::new(storage, seed).rounds(rounds)));
        for one in all {
            one.join().unwrap();
        }
    });
}

struct Killing {
    storage: Storage,
    // Dropped before the service that it uses.
    stage: Stage,
    service: Option<SecretService>,
    random: u64,
}

impl Killing {
    fn new(storage: Storage, seed: u64) -> Self {
        let kept = if storage == Storage::Keyring {
            "keyring"
        } else {
            "session"
        };
        let stage = Stage::at("killed ", &json!({ "credential_storage": kept }));
        let service = (storage != Storage::Files).then(|| SecretService::start().unwrap());
        if let Some(service) = &service {
            stage.set("DBUS_SESSION_BUS_ADDRESS", service.address());
        }
        Self {
            storage,
            stage,
            service,
            random: seed ^ storage as u64,
        }
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    fn rounds(mut self, rounds: usize) {
        self.recovered();
        // How long each takes where nobody is killed, which changes with what else the machine does.
        let mut times = ACTS.map(|act| {
            self.prepare(act);
            let start = Instant::now();
            self.stage
                .start(arguments(act))
                .signed_in_if_asked(&self.stage.provider, "alice");
            let time = start.elapsed();
            self.recovered();
            (act, time)
        });
        let mut killed = 0;
        while killed < rounds {
            let (act, time) = &mut times[usize::try_from(self.random() % 4).unwrap()];
            let most = u64::try_from(time.as_micros()).unwrap();
            let moment = Duration::from_micros(self.random() % most);
            println!("{:?} {killed}: {act:?} after {moment:?}", self.storage);
            self.prepare(*act);
            let started = self.stage.start(arguments(*act));
            let ended = started.killed(&self.stage.provider, |_| thread::sleep(moment));
            // One that was done before its moment is no kill.
            match ended.code {
                Some(_) => *time = *time * 9 / 10,
                None => {
                    killed += 1;
                    *time = *time * 21 / 20;
                }
            }
            self.assert_whole();
            self.assert_free();
            self.recovered();
            self.assert_whole();
        }
        self.writing();
        self.assert_nothing_piles_up();
    }

    /// Kills as soon as a temporary file is there, which random moments seldom meet: each file is written in no time.
    fn writing(&self) {
        for act in [Act::Refresh, Act::Login].iter().cycle().take(WRITING) {
            self.prepare(*act);
            let before = self.temporary().len();
            let started = self.stage.start(arguments(*act));
            started.killed(&self.stage.provider, |child| {
                while self.temporary().len() <= before && child.try_wait().unwrap().is_none() {}
            });
            self.assert_whole();
            self.recovered();
        }
    }

    /// Files that somebody is writing, or was.
    fn temporary(&self) -> Vec<PathBuf> {
        let mut found = below(self.stage.home());
        found.retain(|path| path.extension().is_some_and(|extension| extension == "tmp"));
        found
    }

    /// Makes the run do that.
    fn prepare(&self, act: Act) {
        match act {
            Act::Hit | Act::Logout => {}
            Act::Login => assert_eq!(self.stage.start(&["logout"]).ended().code, Some(0)),
            Act::Refresh => match (self.storage, &self.service) {
                (Storage::Keyring, Some(service)) => {
                    for entry in ["ClaudeCode-credentials", "ClaudeCode-monitoring"] {
                        service.remove(entry).unwrap();
                    }
                }
                _ => self.stage.forget_session(),
            },
        }
    }

    /// The next run, which brings credentials that AWS gave, with somebody there who signs in where that is asked for.
    fn recovered(&self) {
        let ended = self.stage.start(&[]).signed_in_if_asked(&self.stage.provider, "alice");
        let credentials = ended.credentials();
        let id = credentials["AccessKeyId"].as_str();
        let given = self.stage.gate.federated();
        assert!(
            given.iter().any(|one| one.access_key_id.as_deref() == id),
            "{credentials}"
        );
    }

    /// No file is torn, and all are for their owner alone.
    fn assert_whole(&self) {
        for path in below(self.stage.home()) {
            let shown = path.display();
            let is_folder = path.is_dir();
            let private = if is_folder { 0o700 } else { 0o600 };
            assert_eq!(mode(&path) & 0o777, private, "{shown}");
            if is_folder || path.extension().is_some_and(|extension| extension == "tmp") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            match path.extension().unwrap().to_str().unwrap() {
                "lock" => assert_eq!(text, "", "{shown}"),
                _ => assert!(
                    serde_json::from_str::<Value>(&text).is_ok(),
                    "{shown} is torn: {} bytes",
                    text.len()
                ),
            }
        }
    }

    /// Nobody holds the lock.
    fn assert_free(&self) {
        let lock = self.stage.sessions().join("ClaudeCode-login.lock");
        assert!(lock.exists());
        File::open(lock).unwrap().try_lock().unwrap();
    }

    /// What the killed have left goes once it is old enough that nobody can still be at it.
    fn assert_nothing_piles_up(&self) {
        let old = SystemTime::now() - Duration::from_hours(2);
        let left = self.temporary();
        println!("{:?}: {} temporary files", self.storage, left.len());
        for path in left {
            File::options()
                .append(true)
                .open(path)
                .unwrap()
                .set_modified(old)
                .unwrap();
        }
        self.prepare(Act::Login);
        self.recovered();
        assert_eq!(self.temporary(), [] as [PathBuf; 0]);
    }
}

fn arguments(act: Act) -> &'static [&'static str] {
    match act {
        Act::Logout => &["logout"],
        _ => &[],
    }
}

/// Everything below a home folder that the program has made.
fn below(home: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![home.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // The installation is the test's own.
            if path.parent() == Some(home) && path.ends_with("claude-code-with-bedrock") {
                continue;
            }
            if path.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found
}
