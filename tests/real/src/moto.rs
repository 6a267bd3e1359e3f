//! moto, the AWS emulation, behind a layer with the operations that it lacks (`tests/real/moto/server.py`).

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

use crate::{http, paths, python};

/// A call that the emulation was asked for, whether it answered it or refused it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Call {
    /// botocore's name of the service, such as `sso-admin`.
    pub service: String,
    /// The operation, such as `ListInstances`.
    pub operation: String,
    /// The IAM action that it needs, such as `sso:ListInstances`.
    pub action: String,
    /// The account of the credentials.
    pub account: String,
    /// The region of the signature.
    pub region: String,
    /// The HTTP status of the answer; none when there was none.
    pub status: Option<u16>,
}

/// A running emulation; it ends with the value.
#[derive(Debug)]
pub struct Moto {
    server: Child,
    port: u16,
    environment: PathBuf,
    calls: tempfile::NamedTempFile,
}

impl Moto {
    /// Starts an emulation on a free port of the loopback.
    ///
    /// # Errors
    /// When its Python environment cannot be installed, or it does not answer within a minute.
    pub fn start() -> anyhow::Result<Self> {
        let environment = python::venv(&folder().join("requirements.txt"))?;
        let port = TcpListener::bind(("127.0.0.1", 0))
            .context("no free port")?
            .local_addr()?
            .port();
        let calls = tempfile::NamedTempFile::new().context("no temporary file")?;
        let server = Command::new(environment.join("bin/python"))
            .arg(folder().join("server.py"))
            .arg(port.to_string())
            .arg(calls.path())
            .env_remove("AWS_PROFILE")
            // It ends when this process does, however that ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("moto could not be started")?;
        let mut moto = Self {
            server,
            port,
            environment,
            calls,
        };
        moto.wait_until_it_answers()?;
        Ok(moto)
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The Python environment with boto3.
    pub fn environment(&self) -> &Path {
        &self.environment
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Makes the world in which every manual step of a deployment is done (`tests/real/moto/world.py`, which lists the
    /// members of `deployment`; what is left out is as in `examples/acme.hcl`), and gives the ids that AWS chose.
    ///
    /// # Errors
    /// When the emulation refuses a part of it.
    pub fn world(&self, deployment: &Value) -> anyhow::Result<Value> {
        self.own("POST", "/tfgen-build", deployment.to_string().as_bytes())
            .context("the world could not be made")
    }

    /// Sets what no API of AWS sets (`tests/real/moto/layer/state.py` lists the knobs); gives all of them.
    ///
    /// # Errors
    /// When it is not an object.
    pub fn knobs(&self, changes: &Value) -> anyhow::Result<Value> {
        self.own("POST", "/tfgen-world", changes.to_string().as_bytes())
    }

    /// Runs Python inside the emulation, with `client(service, account=…, region=…)` of boto3, `knobs({…})`, `world` and
    /// `json`; gives what it leaves in `result`. Its calls are not recorded.
    ///
    /// # Errors
    /// When the script raises an exception.
    pub fn boto3(&self, script: &str) -> anyhow::Result<Value> {
        self.own("POST", "/tfgen-python", script.as_bytes())
    }

    /// Every call of AWS's API since the start or the last [`Moto::forget`], in their order, those that made a world left out.
    ///
    /// # Errors
    /// When the emulation does not answer.
    pub fn recorded(&self) -> anyhow::Result<Vec<Call>> {
        let calls = self.own("GET", "/tfgen-calls", b"")?;
        serde_json::from_value(calls).context("the calls are not what they should be")
    }

    /// Forgets the recorded calls.
    ///
    /// # Errors
    /// When the emulation does not answer.
    pub fn forget(&self) -> anyhow::Result<()> {
        self.own("DELETE", "/tfgen-calls", b"").map(drop)
    }

    /// Empties the emulation and sets the knobs back, which is faster than to start another one.
    ///
    /// # Errors
    /// When the emulation does not answer.
    pub fn reset(&self) -> anyhow::Result<()> {
        self.own("POST", "/tfgen-reset", b"").map(drop)
    }

    /// An endpoint of the layer.
    fn own(&self, method: &str, path: &str, body: &[u8]) -> anyhow::Result<Value> {
        let (status, answer) = http::request(self.port, method, path, body)?;
        if status != 200 {
            bail!("{path} was refused:\n{}", String::from_utf8_lossy(&answer));
        }
        serde_json::from_slice(&answer).with_context(|| format!("{path} did not answer with JSON"))
    }

    /// Every call since the world was made, as `server.py` writes it.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub fn calls(&self) -> anyhow::Result<String> {
        std::fs::read_to_string(self.calls.path()).context("the record of calls cannot be read")
    }

    /// Makes the world before the first apply (`tests/real/moto/seed.py`).
    ///
    /// # Errors
    /// When the emulation refuses a part of it.
    pub fn seed(&self, groups: &[&str], tag_keys: &[&str]) -> anyhow::Result<()> {
        let output = Command::new(self.environment.join("bin/python"))
            .arg(folder().join("seed.py"))
            .arg(self.endpoint())
            .arg(serde_json::json!({ "groups": groups, "tag_keys": tag_keys }).to_string())
            .output()
            .context("python could not be started")?;
        if !output.status.success() {
            bail!(
                "the emulation could not be seeded:\n{}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        // Making the world is nobody's call.
        std::fs::write(self.calls.path(), "").context("the record of calls cannot be emptied")
    }

    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            if let Some(status) = self.server.try_wait()? {
                bail!("moto ended with {status} before it answered");
            }
            if self.answers() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("moto did not answer within a minute")
    }

    fn answers(&self) -> bool {
        http::request(self.port, "GET", "/tfgen-world", b"").is_ok_and(|(status, _)| status == 200)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn folder() -> PathBuf {
    paths::repository().join("tests/real/moto")
}
