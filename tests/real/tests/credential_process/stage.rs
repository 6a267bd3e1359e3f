//! A home folder with an installation, a provider, the emulation, and processes that are started there.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use real::cargo;
use real::limit::Limit;
use real::moto::Moto;
use real::oidc::{Browser, CLIENT_ID, Provider, Shape};
use real::paths;
use serde_json::{Value, json};

use crate::gate::{self, Gate};
use crate::process::{PATIENCE, Started};
use crate::watch::{self, Said};

pub struct Stage {
    pub provider: Provider,
    pub gate: Gate,
    /// Port of the loopback to which the provider leads back.
    pub port: u16,
    home: tempfile::TempDir,
    /// The opener of browsers, and what it was given.
    tools: tempfile::TempDir,
    /// How many addresses of it were signed in at.
    taken: Mutex<usize>,
    variables: Mutex<BTreeMap<String, OsString>>,
    said: Arc<Mutex<Vec<Said>>>,
    /// Secrets that are neither the provider's nor AWS's.
    secrets: Mutex<BTreeSet<String>>,
}

pub fn browser() -> Arc<Browser> {
    static BROWSER: OnceLock<Arc<Browser>> = OnceLock::new();
    Arc::clone(BROWSER.get_or_init(|| Arc::new(Browser::install().unwrap())))
}

/// The emulation, which keeps nothing that one test does to another and so is one for all.
pub fn moto() -> &'static Moto {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    MOTO.get_or_init(|| Moto::start().unwrap())
}

/// The program of this checkout, built if it is not up to date.
pub fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let built = cargo::command()
            .args([
                "build",
                "--quiet",
                "--package",
                "client",
                "--bin",
                "credential-process",
                "--locked",
            ])
            .status()
            .unwrap();
        assert!(built.success());
        paths::target().join("debug/credential-process")
    })
}

impl Stage {
    pub fn new() -> Self {
        Self::at("a home ", &json!({}))
    }

    /// With a home folder whose name begins like this, and a profile with these fields beside its own.
    pub fn at(home: &str, more: &Value) -> Self {
        Self::shaped(home, more, &Shape::default())
    }

    /// With a provider of another shape.
    pub fn shaped(home: &str, more: &Value, shape: &Shape) -> Self {
        // From here on command lines are looked at.
        watch::command_lines();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let provider = Provider::shaped(port, shape).unwrap();
        let gate = Gate::start(provider.issuer(), CLIENT_ID, provider.control(), moto().port());
        let folder = |prefix: &str| tempfile::Builder::new().prefix(prefix).tempdir().unwrap();
        let (home, tools) = (folder(home), folder("tools "));
        let variables = [
            ("HOME", home.path().into()),
            ("AWS_ENDPOINT_URL_STS", gate.endpoint().into()),
            ("COGNITO_AUTH_DEBUG", "1".into()),
            ("BROWSER", opener(tools.path()).into()),
            // A bus is there for those who start one.
            ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus".into()),
        ];
        let stage = Self {
            gate,
            provider,
            port,
            home,
            tools,
            taken: Mutex::default(),
            variables: Mutex::new(
                variables
                    .map(|(name, value): (&str, OsString)| (name.to_owned(), value))
                    .into(),
            ),
            said: Arc::default(),
            secrets: Mutex::default(),
        };
        fs::create_dir(stage.installation()).unwrap();
        stage.configure(more);
        stage
    }

    /// Writes the configuration, with these fields beside its own or in place of them.
    pub fn configure(&self, more: &Value) {
        let mut profile = json!({
            "provider_type": "generic", "client_id": CLIENT_ID, "oidc_issuer_url": self.provider.issuer(),
            "oidc_prompt": "consent", "redirect_port": self.port, "aws_region": "us-east-1", "credential_storage": "session",
            "federated_role_arn": gate::ROLE, "max_session_duration": 3600,
        });
        for (name, value) in more.as_object().unwrap() {
            profile[name] = value.clone();
        }
        let file = json!({ "profiles": { "ClaudeCode": profile } });
        fs::write(self.installation().join("config.json"), file.to_string()).unwrap();
    }

    /// Sets a variable of what is started from now on.
    pub fn set(&self, name: &str, value: impl AsRef<OsStr>) {
        let value = value.as_ref().to_owned();
        self.variables.lock().unwrap().insert(name.to_owned(), value);
    }

    pub fn unset(&self, name: &str) {
        self.variables.lock().unwrap().remove(name);
    }

    /// A text that may appear nowhere.
    pub fn hide(&self, secret: &str) {
        self.secrets.lock().unwrap().insert(secret.to_owned());
    }

    pub fn start(&self, args: &[&str]) -> Started {
        self.spawn(Command::new(program()).args(args), args)
    }

    /// Starts the program under a limit.
    pub fn start_under(&self, limit: Limit, args: &[&str]) -> Started {
        self.spawn(limit.command(program()).unwrap().args(args), args)
    }

    /// Starts any program in this environment; what it says is known by these arguments.
    pub fn spawn(&self, command: &mut Command, args: &[&str]) -> Started {
        self.surround(command).stdin(Stdio::null());
        Started::of(command, args, &self.said)
    }

    /// Gives any program this environment and nothing else.
    pub fn surround<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env_clear().envs(&*self.variables.lock().unwrap())
    }

    /// Adds what a program said that was not started here.
    pub fn hear(&self, args: &[&str], stdout: &str, stderr: &str) {
        self.said.lock().unwrap().push(Said {
            args: args.iter().map(ToString::to_string).collect(),
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        });
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn installation(&self) -> PathBuf {
        self.home().join("claude-code-with-bedrock")
    }

    pub fn sessions(&self) -> PathBuf {
        self.home().join(".claude-code-session")
    }

    pub fn refresh_token(&self) -> PathBuf {
        self.sessions().join("ClaudeCode-refresh.json")
    }

    pub fn session(&self) -> PathBuf {
        self.home()
            .join(".aws/claude-code-with-bedrock/ClaudeCode-credentials.json")
    }

    pub fn id_token(&self) -> PathBuf {
        self.sessions().join("ClaudeCode-monitoring.json")
    }

    /// As if the session and the token of the login were over.
    pub fn forget_session(&self) {
        fs::remove_file(self.session()).unwrap();
        fs::remove_file(self.id_token()).unwrap();
    }

    /// What was kept.
    pub fn files(&self) -> Vec<PathBuf> {
        let folders = [self.sessions(), self.home().join(".aws/claude-code-with-bedrock")];
        // Where nothing was kept yet, there is no folder.
        let folders = folders.iter().filter_map(|folder| fs::read_dir(folder).ok());
        folders.flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Whether any output so far, or any command line, has a secret in it. Each stage asks at its end.
    fn assert_no_leak(&self) {
        let mut secrets = self.provider.secrets().unwrap();
        secrets.extend(self.gate.secrets());
        secrets.extend(self.secrets.lock().unwrap().iter().cloned());
        let mut lines = watch::command_lines();
        // No opener was called where there is nothing.
        lines.extend(fs::read_to_string(self.tools.path().join("opened")).ok());
        let leaks = watch::leaks(&secrets, &self.said.lock().unwrap(), &lines);
        assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    }

    /// The next address that the opener of browsers is given.
    pub fn opened_url(&self) -> String {
        let opened = self.tools.path().join("opened");
        let mut taken = self.taken.lock().unwrap();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let text = fs::read_to_string(&opened).unwrap_or_default();
            // The program itself stands on the line before each.
            let mut urls = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
            if let Some(url) = urls.by_ref().filter(|line| line.starts_with("http")).nth(*taken) {
                *taken += 1;
                return url.to_owned();
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("no browser was opened")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A test that has failed already says so itself.
        if !thread::panicking() {
            self.assert_no_leak();
        }
    }
}

/// A program for `BROWSER` that opens nothing and writes its command line down.
fn opener(folder: &Path) -> PathBuf {
    let opener = folder.join("opener");
    let script = "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\" >> \"${0%/*}/opened\"\n";
    fs::write(&opener, script).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o700)).unwrap();
    opener
}

pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode()
}
