//! A Secret Service on a bus of its own: gnome-keyring as it runs on desktops, without a desktop.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::debian::Program;

/// Password of the keyring.
pub const PASSWORD: &str = "correct horse battery staple";
/// The keyring that a desktop unlocks at the login.
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
/// Longest time until the service is on the bus.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running Secret Service with an unlocked keyring; it ends with the value, and with the thread that started it.
#[derive(Debug)]
pub struct SecretService {
    bus: Child,
    daemon: Child,
    address: String,
    send: Program,
    /// Keyrings, sockets and the configuration of the bus.
    _folder: TempDir,
}

impl SecretService {
    /// Starts a bus and gnome-keyring on it. Programs that this machine lacks are unpacked under `target/real/debian/`.
    ///
    /// # Errors
    /// When they cannot be had or do not start: what they said.
    pub fn start() -> Result<Self> {
        let bus_daemon = Program::of("dbus-daemon", "dbus-daemon")?;
        let send = Program::of("dbus-bin", "dbus-send")?;
        let keyring = Program::of("gnome-keyring", "gnome-keyring-daemon")?;
        // Sockets have short names.
        let folder = tempfile::Builder::new()
            .prefix("bus")
            .tempdir_in("/tmp")
            .context("no temporary folder")?;
        // The daemon wants its runtime folder to itself.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).context("no private folder")?;
        let (mut bus, address) = start_bus(&bus_daemon, folder.path())?;
        match start_keyring(&keyring, &send, folder.path(), &address) {
            Ok(daemon) => Ok(Self {
                bus,
                daemon,
                address,
                send,
                _folder: folder,
            }),
            Err(error) => {
                let _ = bus.kill();
                let _ = bus.wait();
                Err(error.context(keyring.failed()?))
            }
        }
    }

    /// The bus, for `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Locks the keyring. Nobody is there who could unlock it.
    ///
    /// # Errors
    /// When the service does not do it.
    pub fn lock(&self) -> Result<()> {
        let keyring = format!("array:objpath:{COLLECTION}");
        let said = self.ask(&[
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            &keyring,
        ])?;
        match said.contains(COLLECTION) {
            true => Ok(()),
            false => bail!("the keyring was not locked: {said}"),
        }
    }

    /// How many entries the keyring has, locked or not.
    ///
    /// # Errors
    /// When the service does not say it.
    pub fn entries(&self) -> Result<usize> {
        let said = self.ask(&[
            COLLECTION,
            "org.freedesktop.DBus.Properties.Get",
            "string:org.freedesktop.Secret.Collection",
            "string:Items",
        ])?;
        Ok(said.matches("object path").count())
    }

    /// Removes the entries of a user's name, as somebody does who looks through the keyring.
    ///
    /// # Errors
    /// When there are none, or the service does not let them go.
    pub fn remove(&self, name: &str) -> Result<()> {
        let attributes = format!("dict:string:string:username,{name}");
        let said = self.ask(&[COLLECTION, "org.freedesktop.Secret.Collection.SearchItems", &attributes])?;
        let found: Vec<&str> = said.lines().filter_map(|line| line.split('"').nth(1)).collect();
        if found.is_empty() {
            bail!("the keyring has no entry `{name}`: {said}");
        }
        for item in found {
            self.ask(&[item, "org.freedesktop.Secret.Item.Delete"])?;
        }
        Ok(())
    }

    /// Holds the service, which then takes what it is sent and answers nothing; or lets it go on.
    ///
    /// # Errors
    /// When it has ended.
    pub fn hold(&self, is_held: bool) -> Result<()> {
        let signal = if is_held { "-STOP" } else { "-CONT" };
        let pid = self.daemon.id().to_string();
        // Every shell has it.
        let status = Command::new("sh")
            .args(["-c", "kill \"$0\" \"$1\"", signal, &pid])
            .status()
            .context("there is no `sh`")?;
        match status.success() {
            true => Ok(()),
            false => bail!("gnome-keyring has ended"),
        }
    }

    fn ask(&self, words: &[&str]) -> Result<String> {
        ask(&self.send, &self.address, "org.freedesktop.secrets", words)
    }
}

impl Drop for SecretService {
    fn drop(&mut self) {
        for child in [&mut self.daemon, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn start_bus(program: &Program, folder: &Path) -> Result<(Child, String)> {
    let configuration = folder.join("bus.conf");
    let socket = folder.join("bus");
    let text = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    );
    fs::write(&configuration, text).context("the bus cannot be configured")?;
    let mut argument = OsString::from("--config-file=");
    argument.push(&configuration);
    let mut bus = program
        .server()?
        .arg(argument)
        .args(["--nofork", "--print-address"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        // It complains about limits that are not its to set.
        .stderr(Stdio::null())
        .spawn()
        .context("dbus-daemon could not be started")?;
    let mut address = String::new();
    if let Some(output) = bus.stdout.take() {
        BufReader::new(output).read_line(&mut address)?;
    }
    if address.trim().is_empty() {
        bail!("dbus-daemon did not start: {}", bus.wait()?);
    }
    Ok((bus, address.trim().to_owned()))
}

fn start_keyring(program: &Program, send: &Program, folder: &Path, address: &str) -> Result<Child> {
    let mut daemon = program
        .server()?
        .args(["--unlock", "--components=secrets", "--foreground"])
        .env("HOME", folder)
        .env("XDG_RUNTIME_DIR", folder)
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("gnome-keyring-daemon could not be started")?;
    if let Some(mut input) = daemon.stdin.take() {
        // Its end is the end of the password.
        input
            .write_all(PASSWORD.as_bytes())
            .context("gnome-keyring takes no password")?;
    }
    let end = Instant::now() + PATIENCE;
    let words = [
        "/",
        "org.freedesktop.DBus.NameHasOwner",
        "string:org.freedesktop.secrets",
    ];
    while !ask(send, address, "org.freedesktop.DBus", &words)?.contains("boolean true") {
        if let Some(status) = daemon.try_wait()? {
            bail!("gnome-keyring ended with {status}");
        }
        if Instant::now() > end {
            let _ = daemon.kill();
            bail!("gnome-keyring did not come to its bus within {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(daemon)
}

/// Asks somebody on a bus.
fn ask(send: &Program, address: &str, destination: &str, words: &[&str]) -> Result<String> {
    let output = send
        .command()
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .args(["--session", "--print-reply"])
        .arg(format!("--dest={destination}"))
        .args(words)
        .output()
        .context("dbus-send could not be started")?;
    if !output.status.success() {
        bail!(
            "the bus refused {words:?}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
