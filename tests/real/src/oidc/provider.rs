//! The provider, and what tests set about it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{packages, scripts};
use crate::http;

/// The application that the provider knows: public, with PKCE, unless [`Shape`] says something else.
pub const CLIENT_ID: &str = "credential-process";

/// A running provider; it ends with the value, and with the test's process however that ends.
#[derive(Debug)]
pub struct Provider {
    server: Child,
    started: Started,
}

#[derive(Debug, Deserialize)]
struct Started {
    issuer: String,
    port: u16,
    control: u16,
}

/// What a provider is from its start on. What is none is as it comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Shape {
    /// What its tokens call it, where [`crate::hosts`] lead to it under that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Paths of its endpoints, by the provider's own names for them.
    pub routes: BTreeMap<&'static str, String>,
    /// Metadata of the application in place of a public one's (RFC 7591 §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<Value>,
}

/// What a test may set while the provider runs. What is none stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Knobs {
    /// Seconds for which an id_token is good; an hour at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_seconds: Option<u32>,
    /// Seconds for which a refresh token is good; two weeks at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token_seconds: Option<u32>,
    /// Seconds for which a device's code is good; ten minutes at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_code_seconds: Option<u32>,
    /// Session tags in AWS's claim, all of them transitive; `Some(None)` takes the claim away, as it is at the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_tags: Option<Option<BTreeMap<String, String>>>,
    /// The claim `groups`, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Option<Vec<String>>>,
}

/// Endpoints of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endpoint {
    /// The discovery document.
    Discovery,
    /// The keys of its signatures.
    Keys,
    /// The login page.
    Authorization,
    /// Where codes and refresh tokens become tokens.
    Token,
    /// Where a device asks for a code.
    Device,
    /// Any other; it can have no fault.
    Other,
}

/// Answers that the provider would never give. The last eight change the id_token of a good answer and are for
/// [`Endpoint::Token`] alone; of these, all but the last two are signed by the provider's own key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A page instead of JSON, with status 200.
    Html,
    /// A redirect that keeps method and body, to `/elsewhere` of the same server: a request for that is one too many.
    Redirect,
    /// A body of 1 GiB.
    Huge,
    /// A body that comes byte by byte and never ends.
    Slow,
    /// No answer.
    Silent,
    /// Status 503.
    Unavailable,
    /// The connection ends in the middle of the body.
    Cut,
    /// The nonce of another login.
    WrongNonce,
    /// Another application.
    WrongAudience,
    /// Another issuer.
    WrongIssuer,
    /// Somebody else.
    WrongSubject,
    /// An id_token that expired an hour ago.
    Expired,
    /// The provider's clock is ten minutes ahead, in its token and in its `Date`.
    ClockAhead,
    /// `alg: none` and no signature.
    Unsigned,
    /// A signature by another key under the name of the right one.
    WrongKey,
}

/// What was asked of the provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Request {
    /// Method of HTTP.
    pub method: String,
    /// Path without its query.
    pub path: String,
    /// Which endpoint that is.
    pub endpoint: Endpoint,
    /// `grant_type`, at the token endpoint.
    pub grant: Option<String>,
    /// What was done to the answer.
    pub fault: Option<Fault>,
    /// The provider's status; none where it was not asked or has not answered yet.
    pub status: Option<u16>,
    /// Bytes of the body of [`Fault::Huge`] that were written before the asker went.
    pub sent: u64,
}

impl Provider {
    /// Starts a provider on a free port of the loopback, which leads back to `http://localhost:PORT/callback`. Its keys are made
    /// now, so that no other one's tokens are good here.
    ///
    /// # Errors
    /// When Node.js or npm is not there, the packages cannot be installed, or the provider does not start: what it said.
    pub fn start(redirect_port: u16) -> Result<Self> {
        Self::shaped(redirect_port, &Shape::default())
    }

    /// Starts one of another shape.
    ///
    /// # Errors
    /// Likewise.
    pub fn shaped(redirect_port: u16, shape: &Shape) -> Result<Self> {
        let packages = packages()?;
        let mut server = Command::new("node")
            .arg(scripts().join("provider.mjs"))
            .arg(redirect_port.to_string())
            // Not an argument: the application's secret may be in it.
            .env("PROVIDER", serde_json::to_string(shape)?)
            .current_dir(packages)
            .env_remove("NODE_OPTIONS")
            .env_remove("DEBUG")
            // It ends when this process does, however that ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node could not be started: these tests need Node.js 20 or later")?;
        let mut line = String::new();
        if let Some(output) = server.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match serde_json::from_str(&line) {
            Ok(started) => Ok(Self { server, started }),
            Err(_) => {
                let _ = server.kill();
                bail!(
                    "the OpenID provider did not start ({}); it said {line:?}",
                    server.wait()?
                )
            }
        }
    }

    /// The issuer, as its tokens name it.
    pub fn issuer(&self) -> &str {
        &self.started.issuer
    }

    /// The port of the loopback on which it answers.
    pub fn port(&self) -> u16 {
        self.started.port
    }

    /// The port on which tests set and read what the other methods do, for those that are not written in Rust.
    pub fn control(&self) -> u16 {
        self.started.control
    }

    /// Sets what is some.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn set(&self, knobs: &Knobs) -> Result<()> {
        self.ask("POST", "/knobs", &json!(knobs)).map(drop)
    }

    /// Gives every answer of an endpoint a fault, until it is set to none.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn fault(&self, endpoint: Endpoint, fault: Option<Fault>) -> Result<()> {
        let name = serde_json::to_value(endpoint)?;
        let name = name.as_str().context("an endpoint has a name")?;
        self.ask("POST", "/faults", &json!({ name: fault })).map(drop)
    }

    /// Makes refresh tokens invalid, or all that were ever issued; gives how many were valid.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn revoke(&self, tokens: Option<&[&str]>) -> Result<u64> {
        let answer = self.ask("POST", "/revoke", &json!({ "tokens": tokens }))?;
        answer["revoked"].as_u64().context("the provider did not say how many")
    }

    /// Everything that was asked since the start or the last [`Provider::forget`], in the order in which it came.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn requests(&self) -> Result<Vec<Request>> {
        let requests = self.ask("GET", "/requests", &Value::Null)?;
        serde_json::from_value(requests).context("the requests are not what they should be")
    }

    /// How many requests there were for an endpoint.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn count(&self, endpoint: Endpoint) -> Result<usize> {
        let requests = self.requests()?;
        Ok(requests.iter().filter(|request| request.endpoint == endpoint).count())
    }

    /// Forgets what was asked.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn forget(&self) -> Result<()> {
        self.ask("DELETE", "/requests", &Value::Null).map(drop)
    }

    /// Signs somebody in at an authorization address, through the provider's own pages but without a browser, where a login is
    /// needed and is not what is tested; the last address, and the status of what answered there (0 where nobody did).
    ///
    /// # Errors
    /// When the login does not end, or the provider does not answer.
    pub fn sign_in(&self, url: &str, login: &str) -> Result<(String, u16)> {
        #[derive(Deserialize)]
        struct End {
            url: String,
            status: u16,
        }
        let end = self.ask("POST", "/sign-in", &json!({ "url": url, "login": login }))?;
        let end: End = serde_json::from_value(end).context("the login did not say where it ended")?;
        Ok((end.url, end.status))
    }

    /// Every code, verifier and token that was ever issued here or shown to it, forged ones too: what no output may have.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub fn secrets(&self) -> Result<BTreeSet<String>> {
        let secrets = self.ask("GET", "/secrets", &Value::Null)?;
        serde_json::from_value(secrets).context("the secrets are not what they should be")
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let (status, answer) = http::request(self.started.control, method, path, body.as_bytes())?;
        if status != 200 {
            bail!("{path} was refused: {}", String::from_utf8_lossy(&answer));
        }
        serde_json::from_slice(&answer).with_context(|| format!("{path} did not answer with JSON"))
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
