//! A home folder with an installation, a provider, the emulation, and processes that are started there.

use std::fs;
use std::io::{BufReader, Read as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use real::moto::Moto;
use real::oidc::{Browser, CLIENT_ID, Provider};
use real::paths;
use serde_json::json;

pub struct Stage {
    pub provider: Provider,
    pub moto: Moto,
    home: tempfile::TempDir,
}

/// A process that runs.
pub struct Started {
    child: Child,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    /// Addresses that it shows.
    urls: Receiver<String>,
}

/// A process that has ended.
pub struct Ended {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

fn browser() -> Arc<Browser> {
    static BROWSER: OnceLock<Arc<Browser>> = OnceLock::new();
    Arc::clone(BROWSER.get_or_init(|| Arc::new(Browser::install().unwrap())))
}

/// The program of this checkout, built if it is not up to date.
fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "client",
                "--bin",
                "credential-process",
                "--locked",
            ])
            .current_dir(paths::repository())
            .status()
            .unwrap();
        assert!(built.success());
        paths::target().join("debug/credential-process")
    })
}

impl Stage {
    pub fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let provider = Provider::start(port).unwrap();
        let home = tempfile::Builder::new().prefix("a home ").tempdir().unwrap();
        let folder = home.path().join("claude-code-with-bedrock");
        fs::create_dir(&folder).unwrap();
        let profile = json!({
            "provider_type": "generic", "client_id": CLIENT_ID, "oidc_issuer_url": provider.issuer(),
            "oidc_prompt": "consent", "redirect_port": port, "aws_region": "us-east-1", "credential_storage": "session",
            "federated_role_arn": "arn:aws:iam::123456789012:role/claude-code-developer", "max_session_duration": 3600,
        });
        let file = json!({ "profiles": { "ClaudeCode": profile } });
        fs::write(folder.join("config.json"), file.to_string()).unwrap();
        Self {
            provider,
            moto: Moto::start().unwrap(),
            home,
        }
    }

    pub fn start(&self, args: &[&str]) -> Started {
        let mut child = Command::new(program())
            .args(args)
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_ENDPOINT_URL_STS", self.moto.endpoint())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, urls) = mpsc::channel();
        let mut out = child.stdout.take().unwrap();
        let stdout = thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).unwrap();
            text
        });
        let err = child.stderr.take().unwrap();
        let stderr = thread::spawn(move || lines(BufReader::new(err), &sender));
        Started {
            child,
            stdout,
            stderr,
            urls,
        }
    }

    fn sessions(&self) -> PathBuf {
        self.home.path().join(".claude-code-session")
    }

    pub fn refresh_token(&self) -> PathBuf {
        self.sessions().join("ClaudeCode-refresh.json")
    }

    /// As if the session and the token of the login were over.
    pub fn forget_session(&self) {
        let session = ".aws/claude-code-with-bedrock/ClaudeCode-credentials.json";
        fs::remove_file(self.home.path().join(session)).unwrap();
        fs::remove_file(self.sessions().join("ClaudeCode-monitoring.json")).unwrap();
    }

    /// What was kept.
    pub fn files(&self) -> Vec<PathBuf> {
        let folders = [self.sessions(), self.home.path().join(".aws/claude-code-with-bedrock")];
        let files = folders
            .iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().path());
        files.collect()
    }
}

pub fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode()
}

/// Reads what a process says, and sends on the addresses in it.
fn lines(from: impl std::io::BufRead, urls: &Sender<String>) -> String {
    let mut text = String::new();
    for line in from.lines().map_while(Result::ok) {
        if line.trim_start().starts_with("http://") {
            let _ = urls.send(line.trim().to_owned());
        }
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// Longer than any process takes.
const PATIENCE: Duration = Duration::from_secs(120);

impl Started {
    pub fn ended(mut self) -> Ended {
        let status = self.child.wait().unwrap();
        Ended {
            status: status.code().unwrap(),
            stdout: self.stdout.join().unwrap(),
            stderr: self.stderr.join().unwrap(),
        }
    }

    /// Signs in at the address that the process shows.
    pub fn signed_in(self, login: &str) -> Ended {
        let url = self.urls.recv_timeout(PATIENCE).unwrap();
        let page = browser().sign_in(&url, login, "hunter2").unwrap();
        assert!(page.text.contains("Signed in"), "{page:?}");
        self.ended()
    }

    /// Cancels the login there.
    pub fn cancelled(self) -> Ended {
        let url = self.urls.recv_timeout(PATIENCE).unwrap();
        browser().cancel(&url).unwrap();
        self.ended()
    }
}

/// Signs in at the one address that all these processes show together.
pub fn together(all: Vec<Started>, login: &str) -> Vec<Ended> {
    let url = loop {
        if let Some(url) = all.iter().find_map(|started| started.urls.try_recv().ok()) {
            break url;
        }
        thread::sleep(Duration::from_millis(20));
    };
    browser().sign_in(&url, login, "hunter2").unwrap();
    all.into_iter().map(Started::ended).collect()
}
