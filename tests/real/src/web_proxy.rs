//! A company's way to the internet: a proxy that wants a name and a password (tinyproxy), with servers of this machine behind it
//! where others' hosts would be ([`Hosts`]).

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::debian::Program;
use crate::hosts::Hosts;

/// Name at the proxy.
pub const USER: &str = "alice";
/// Password at the proxy.
pub const PASSWORD: &str = "proxy-password-of-alice";
/// Longest time until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running proxy; it ends with the value, and with the thread that started it.
#[derive(Debug)]
pub struct WebProxy {
    front: Child,
    port: u16,
    hosts: Hosts,
    folder: TempDir,
}

impl WebProxy {
    /// Starts it on a free port of the loopback; each name leads to a port there.
    ///
    /// # Errors
    /// When a component cannot be had or does not start.
    pub fn start(names: &[(&str, u16)]) -> Result<Self> {
        let hosts = Hosts::start(names)?;
        let tinyproxy = Program::of("tinyproxy-bin", "tinyproxy")?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let port = free_port()?;
        let configuration = folder.path().join("tinyproxy.conf");
        let log = folder.path().join("log");
        let text = format!(
            "Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nLogFile \"{}\"\nLogLevel Connect\nBasicAuth {USER} \
             {PASSWORD}\nUpstream http 127.0.0.1:{}\n",
            log.display(),
            hosts.port()
        );
        fs::write(&configuration, text).context("the proxy cannot be configured")?;
        let front = tinyproxy
            .server()?
            .arg("-d")
            .arg("-c")
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("tinyproxy could not be started")?;
        let mut proxy = Self {
            front,
            port,
            hosts,
            folder,
        };
        proxy.wait().with_context(|| tinyproxy.failed().unwrap_or_default())?;
        Ok(proxy)
    }

    /// The proxy's address for somebody with this password.
    pub fn address(&self, password: &str) -> String {
        format!("http://{USER}:{password}@127.0.0.1:{}", self.port)
    }

    /// The proxy's address for somebody without a name.
    pub fn anonymous(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The authority that signs for the hosts, for `SSL_CERT_FILE`.
    pub fn authority(&self) -> PathBuf {
        self.hosts.authority()
    }

    /// What it wrote down.
    ///
    /// # Errors
    /// When that cannot be read.
    pub fn log(&self) -> Result<String> {
        fs::read_to_string(self.folder.path().join("log")).context("the proxy has no log")
    }

    fn wait(&mut self) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = self.front.try_wait()? {
                bail!("it ended with {status}");
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
        let _ = self.front.kill();
        let _ = self.front.wait();
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}
