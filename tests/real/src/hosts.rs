//! Names of the internet that lead to servers of this machine (`tests/real/hosts/server.py`).

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::{paths, python};

/// A proxy that ends TLS for the names; it ends with the value, and with the test's process however that ends.
#[derive(Debug)]
pub struct Hosts {
    server: Child,
    port: u16,
    folder: TempDir,
}

impl Hosts {
    /// Starts the proxy; each name leads to a port of the loopback that speaks HTTP.
    ///
    /// # Errors
    /// When its Python environment cannot be installed, or it does not start.
    pub fn start(names: &[(&str, u16)]) -> Result<Self> {
        let environment = python::venv(&paths::repository().join("tests/real/moto/requirements.txt"))?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let mut server = Command::new(environment.join("bin/python"))
            .arg(paths::repository().join("tests/real/hosts/server.py"))
            .arg(folder.path())
            .args(names.iter().map(|(name, port)| format!("{name}={port}")))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("python could not be started")?;
        let mut line = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match line.trim().parse() {
            Ok(port) => Ok(Self { server, port, folder }),
            Err(_) => {
                let _ = server.kill();
                bail!("the proxy did not start ({})", server.wait()?)
            }
        }
    }

    /// The port on which it answers.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address, for `HTTPS_PROXY`.
    pub fn proxy(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The authority of the names' certificates, for `SSL_CERT_FILE`.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
