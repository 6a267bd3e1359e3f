//! A company's way to the internet: a proxy that wants a name and a password (tinyproxy), with the emulation behind it where AWS's
//! own hosts would be (`moto_proxy`, whose certificates are its own authority's).

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::debian::Program;
use crate::{paths, python};

/// Name at the proxy.
pub const USER: &str = "alice";
/// Password at the proxy.
pub const PASSWORD: &str = "proxy-password-of-alice";
/// Longest time until both answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running proxy; it ends with the value, and with the thread that started it.
#[derive(Debug)]
pub struct WebProxy {
    children: Vec<Child>,
    port: u16,
    authority: PathBuf,
    folder: TempDir,
}

impl WebProxy {
    /// Starts it on a free port of the loopback.
    ///
    /// # Errors
    /// When a component cannot be had or does not start.
    pub fn start() -> Result<Self> {
        let environment = python::venv(&paths::repository().join("tests/real/moto/requirements.txt"))?;
        let tinyproxy = Program::of("tinyproxy-bin", "tinyproxy")?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let (port, upstream) = (free_port()?, free_port()?);
        let configuration = folder.path().join("tinyproxy.conf");
        let log = folder.path().join("log");
        let text = format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogFile \"{}\"\nLogLevel Connect\nBasicAuth {USER} \
             {PASSWORD}\nUpstream http 127.0.0.1:{upstream}\n",
            log.display()
        );
        fs::write(&configuration, text).context("the proxy cannot be configured")?;
        let mut proxy = Self {
            children: Vec::new(),
            port,
            authority: authority(&environment)?,
            folder,
        };
        let emulation = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "--"])
            .arg(environment.join("bin/moto_proxy"))
            .args(["-H", "127.0.0.1", "-p", &upstream.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("moto_proxy could not be started")?;
        proxy.children.push(emulation);
        let front = tinyproxy
            .command()
            .arg("-d")
            .arg("-c")
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("tinyproxy could not be started")?;
        proxy.children.push(front);
        proxy
            .wait(&[port, upstream])
            .with_context(|| tinyproxy.failed().unwrap_or_default())?;
        Ok(proxy)
    }

    /// The proxy's address for somebody with this password.
    pub fn address(&self, password: &str) -> String {
        format!("http://{USER}:{password}@127.0.0.1:{}", self.port)
    }

    /// The authority that signs for AWS's hosts here, for `SSL_CERT_FILE`.
    pub fn authority(&self) -> &Path {
        &self.authority
    }

    /// What it wrote down.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn log(&self) -> Result<String> {
        fs::read_to_string(self.folder.path().join("log")).context("the proxy has no log")
    }

    fn wait(&mut self, ports: &[u16]) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while !ports
            .iter()
            .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
        {
            for child in &mut self.children {
                if let Some(status) = child.try_wait()? {
                    bail!("it ended with {status}");
                }
            }
            if Instant::now() > end {
                bail!("it did not answer within {} s", PATIENCE.as_secs());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for WebProxy {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// The certificate of moto's own authority.
fn authority(environment: &Path) -> Result<PathBuf> {
    let libraries = environment.join("lib");
    let versions = fs::read_dir(&libraries).with_context(|| format!("cannot read {}", libraries.display()))?;
    for version in versions {
        let file = version?.path().join("site-packages/moto/moto_proxy/ca.crt");
        if file.is_file() {
            return Ok(file);
        }
    }
    bail!("moto has no certificate of its own in {}", libraries.display())
}
