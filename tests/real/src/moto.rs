//! moto, the AWS emulation, with the operations that it lacks (`tests/real/moto/server.py`).

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::{paths, python};

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
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return false;
        };
        let request = "GET /moto-api/data.json HTTP/1.0\r\nHost: localhost\r\n\r\n";
        let mut answer = [0; 12];
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && answer.ends_with(b"200")
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
