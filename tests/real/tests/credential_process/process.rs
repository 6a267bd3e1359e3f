//! Processes, and the people who sign in for them.

use std::io::{BufRead, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use real::oidc::Provider;
use serde_json::Value;

use crate::stage::browser;
use crate::watch::Said;

/// Longer than any process takes: whatever is slower hangs.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A process that runs.
pub struct Started {
    child: Child,
    args: Vec<String>,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    /// Lines of its standard error that nobody has looked at yet.
    lines: Receiver<String>,
    said: Arc<Mutex<Vec<Said>>>,
}

/// A process that has ended.
pub struct Ended {
    /// None where a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Started {
    pub fn of(command: &mut Command, args: &[&str], said: &Arc<Mutex<Vec<Said>>>) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, shown) = mpsc::channel();
        let mut out = child.stdout.take().unwrap();
        let stdout = thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).unwrap();
            text
        });
        let err = child.stderr.take().unwrap();
        let stderr = thread::spawn(move || lines(BufReader::new(err), &sender));
        Self {
            child,
            args: args.iter().map(ToString::to_string).collect(),
            stdout,
            stderr,
            lines: shown,
            said: Arc::clone(said),
        }
    }

    pub fn ended(mut self) -> Ended {
        let end = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if Instant::now() < end => thread::sleep(Duration::from_millis(2)),
                None => {
                    let _ = self.child.kill();
                    panic!(
                        "{:?} does not end; it said:\n{}",
                        self.args,
                        self.stderr.join().unwrap()
                    );
                }
            }
        };
        let ended = Ended {
            code: status.code(),
            stdout: self.stdout.join().unwrap(),
            stderr: self.stderr.join().unwrap(),
        };
        self.said.lock().unwrap().push(Said {
            args: self.args,
            stdout: ended.stdout.clone(),
            stderr: ended.stderr.clone(),
        });
        ended
    }

    /// Ends it without a word (`SIGKILL`) when `wait` comes back, where it has not ended before; somebody signs in meanwhile where it
    /// asks for it.
    pub fn killed(mut self, provider: &Provider, wait: impl FnOnce(&mut Child)) -> Ended {
        let lines = std::mem::replace(&mut self.lines, mpsc::channel().1);
        thread::scope(|scope| {
            scope.spawn(move || {
                if let Some(url) = lines.into_iter().find_map(|line| address(&line)) {
                    // Whoever comes back may find nobody there.
                    let _ = provider.sign_in(&url, "alice");
                }
            });
            wait(&mut self.child);
            let _ = self.child.kill();
            self.ended()
        })
    }

    /// What is found in a line of its standard error; none where it ends without one.
    pub fn shown<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        loop {
            // The sender goes when the process does.
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => match find(&line) {
                    Some(found) => return Some(found),
                    None => continue,
                },
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("it neither ends nor says anything"),
            }
        }
    }

    /// The address that it shows.
    pub fn url(&self) -> String {
        self.url_if_any().unwrap()
    }

    /// The same where it shows one before it ends.
    pub fn url_if_any(&self) -> Option<String> {
        self.shown(address)
    }

    /// An address that it has shown by now.
    pub fn url_by_now(&self) -> Option<String> {
        self.lines.try_iter().find_map(|line| address(&line))
    }

    /// Where a code is to be typed in, and the code.
    pub fn device(&self) -> (String, String) {
        let found = self.shown(|line| {
            let (url, code) = line
                .strip_prefix("Open ")?
                .split_once(" on any device, and type the code ")?;
            Some((url.to_owned(), code.to_owned()))
        });
        found.unwrap()
    }

    /// Signs in with a browser at the address that the process shows.
    pub fn signed_in(self, login: &str) -> Ended {
        let page = browser().sign_in(&self.url(), login, "hunter2").unwrap();
        assert!(page.text.contains("Signed in"), "{page:?}");
        self.ended()
    }

    /// Signs in there without a browser; whatever the program says to it.
    pub fn signed_in_at(self, provider: &Provider, login: &str) -> Ended {
        provider.sign_in(&self.url(), login).unwrap();
        self.ended()
    }

    /// The same where the process asks for it.
    pub fn signed_in_if_asked(self, provider: &Provider, login: &str) -> Ended {
        if let Some(url) = self.url_if_any() {
            provider.sign_in(&url, login).unwrap();
        }
        self.ended()
    }

    /// Cancels the login there.
    pub fn cancelled(self) -> Ended {
        browser().cancel(&self.url()).unwrap();
        self.ended()
    }
}

impl Ended {
    /// The credentials that were printed, in the shape that AWS's SDKs read and no other.
    #[track_caller]
    pub fn credentials(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        let answer: Value = serde_json::from_str(&self.stdout).unwrap();
        assert_eq!(answer["Version"], 1);
        for member in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"] {
            assert!(answer[member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
        }
        assert_eq!(answer.as_object().unwrap().len(), 5, "{answer}");
        answer
    }

    /// Why there are none: the exit code and what the program says at last, without what only helps to find a fault.
    #[track_caller]
    pub fn refusal(&self) -> (i32, String) {
        assert_eq!(self.stdout, "");
        let (_, said) = self.stderr.rsplit_once("credential-process: ").unwrap();
        (self.code.unwrap(), said.trim_end().to_owned())
    }
}

/// Reads what a process says, and sends it on line by line.
fn lines(from: impl BufRead, lines: &Sender<String>) -> String {
    let mut text = String::new();
    for line in from.lines().map_while(Result::ok) {
        text.push_str(&line);
        text.push('\n');
        // Nobody may be looking.
        let _ = lines.send(line);
    }
    text
}

/// The address that a line consists of.
fn address(line: &str) -> Option<String> {
    let line = line.trim();
    let is_address = ["http://", "https://"].iter().any(|start| line.starts_with(start));
    is_address.then(|| line.to_owned())
}

/// Signs in at the one address that all these processes show together.
pub fn together(all: Vec<Started>, login: &str) -> Vec<Ended> {
    let url = loop {
        if let Some(url) = all.iter().find_map(Started::url_by_now) {
            break url;
        }
        thread::sleep(Duration::from_millis(20));
    };
    browser().sign_in(&url, login, "hunter2").unwrap();
    all.into_iter().map(Started::ended).collect()
}
