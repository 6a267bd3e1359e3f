//! A headless browser, and the person in front of it.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{packages, scripts};
use crate::debian::{self, Unpacked};
use crate::paths;

/// Debian's Chromium without a screen.
const PACKAGE: &str = "chromium-headless-shell";
/// The program in it.
const PROGRAM: &str = "/usr/lib/chromium/chromium-headless-shell";
/// Names of an installed Chromium that starts as it is.
const INSTALLED: [&str; 2] = ["chromium-headless-shell", "chromium"];

/// A Chromium that can be started.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
    libraries: OsString,
    unpacked: Option<Unpacked>,
    packages: PathBuf,
}

/// Where a browser ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Page {
    /// The address that it shows, also where nobody answered there.
    pub url: String,
    /// The words of the page; none where nobody answered.
    pub text: String,
}

impl Browser {
    /// The Chromium of this machine, or Debian's, which is unpacked once under `target/real/debian/`.
    ///
    /// # Errors
    /// When neither it nor the packages that drive it can be had: what is missing.
    pub fn install() -> Result<Self> {
        let packages = packages()?;
        if let Some(program) = INSTALLED.iter().find_map(|name| paths::program(name)) {
            return Ok(Self {
                program,
                libraries: std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default(),
                unpacked: None,
                packages,
            });
        }
        let unpacked = debian::unpack(PACKAGE).context(
            "no browser for the logins of the tests: put a `chromium` on PATH, or let apt reach Debian's mirror",
        )?;
        Ok(Self {
            program: unpacked.file(PROGRAM)?,
            libraries: unpacked.libraries()?,
            unpacked: Some(unpacked),
            packages,
        })
    }

    /// Goes to a login page, signs in, and gives the consent that is asked for. The provider takes any password.
    ///
    /// # Errors
    /// When the browser cannot be started, or the login does not end within a minute a page.
    pub fn sign_in(&self, url: &str, login: &str, password: &str) -> Result<Page> {
        self.visit(&json!({ "url": url, "login": login, "password": password, "consents": true }))
    }

    /// Signs in likewise, where a proxy leads to the provider.
    ///
    /// # Errors
    /// Likewise.
    pub fn sign_in_through(&self, proxy: &str, url: &str, login: &str, password: &str) -> Result<Page> {
        self.visit(&json!({ "url": url, "login": login, "password": password, "consents": true, "proxy": proxy }))
    }

    /// Goes to a login page and cancels.
    ///
    /// # Errors
    /// Likewise.
    pub fn cancel(&self, url: &str) -> Result<Page> {
        self.visit(&json!({ "url": url, "consents": false }))
    }

    /// Goes to where a device sends people, types its code, and signs in.
    ///
    /// # Errors
    /// Likewise.
    pub fn type_code(&self, url: &str, code: &str, login: &str, password: &str) -> Result<Page> {
        self.visit(&json!({ "url": url, "code": code, "login": login, "password": password, "consents": true }))
    }

    /// Goes there, types the code, and then cancels.
    ///
    /// # Errors
    /// Likewise.
    pub fn cancel_code(&self, url: &str, code: &str) -> Result<Page> {
        self.visit(&json!({ "url": url, "code": code, "consents": false }))
    }

    fn visit(&self, person: &Value) -> Result<Page> {
        let mut person = person.clone();
        person["program"] = json!(self.program);
        person["libraries"] = json!(self.libraries.to_string_lossy());
        // What a browser keeps in a home belongs to this visit.
        let home = tempfile::tempdir().context("no temporary folder")?;
        let mut child = Command::new("node")
            .arg(scripts().join("browser.mjs"))
            .current_dir(&self.packages)
            .env("HOME", home.path())
            .env_remove("NODE_OPTIONS")
            .env_remove("DEBUG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("node could not be started: these tests need Node.js 20 or later")?;
        // Kept until the end: script and browser end when it is closed, and so with this process.
        let mut input = child.stdin.take().context("node has no standard input")?;
        // One that has ended already says why on its other end.
        let _ = writeln!(input, "{person}");
        let output = child.wait_with_output().context("the browser was lost")?;
        drop(input);
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).context("the browser did not say where it ended");
        }
        let hint = match &self.unpacked {
            Some(unpacked) => hint(unpacked)?,
            None => String::new(),
        };
        bail!(
            "{} failed:\n{}{hint}",
            self.program.display(),
            String::from_utf8_lossy(&output.stderr).trim()
        )
    }
}

/// What to look at when a browser of Debian's fails.
fn hint(unpacked: &Unpacked) -> Result<String> {
    let untried = match unpacked.untried()?.as_slice() {
        [] => String::new(),
        untried => format!("\nOther versions than those that were tried: {}", untried.join(", ")),
    };
    let root = unpacked.root().display();
    Ok(format!(
        "{untried}\nIf a library is missing, this machine has lost one since the browser was set up: remove {root} and start again."
    ))
}
