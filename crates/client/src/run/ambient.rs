//! Credentials that the machine has already: those of the environment, else what the AWS CLI finds, which knows every source that
//! AWS's programs have.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Session;
use crate::credentials::Credentials;
use crate::login::Person;
use crate::oidc::text::printable;
use crate::quota::check::Caller;
use crate::store::Place;
use crate::{Error, Kind, Secret};

/// Longest time for the AWS CLI. Source: the installations that exist.
const LONGEST: Duration = Duration::from_secs(10);
/// Set for the AWS CLI, whose profile may ask this program again.
const ASKED: &str = "CREDENTIAL_PROCESS_ASKED";

impl Session<'_> {
    /// Credentials of the machine. They are not kept: their source has a cache of its own.
    pub(super) fn ambient(&self, person: &mut dyn Person) -> Result<Credentials, Error> {
        if self.environment.get(ASKED).is_some() {
            return Err(Error::new(
                Kind::Config,
                format!(
                    "the profile {} takes the machine's own credentials, and for these the machine asks this program again",
                    self.profile.name
                ),
            )
            .advise("let AWS_PROFILE, or the section [default] of ~/.aws/config, name another source of credentials"));
        }
        let credentials = match self.of_environment() {
            Some(credentials) => credentials,
            None => {
                person.debug("no credentials in the environment; the AWS CLI is asked");
                self.of_cli()?
            }
        };
        if !credentials.is_good(Timestamp::now()) {
            return Err(
                Error::new(Kind::Interaction, "the machine's own credentials have ended")
                    .advise("renew them at their source"),
            );
        }
        let caller = Caller::Session {
            credentials: &credentials,
            region: &self.profile.region,
            now: Timestamp::now(),
        };
        if self.is_due() {
            self.gate(Place::Files, caller, person)?;
        }
        Ok(credentials)
    }

    fn of_environment(&self) -> Option<Credentials> {
        let text = |name: &str| self.environment.text(name);
        Some(Credentials {
            access_key_id: text("AWS_ACCESS_KEY_ID")?.to_owned(),
            secret: Secret::new(text("AWS_SECRET_ACCESS_KEY")?),
            session_token: Secret::new(text("AWS_SESSION_TOKEN").unwrap_or_default()),
            expiration: text("AWS_CREDENTIAL_EXPIRATION").and_then(|end| end.parse().ok()),
        })
    }

    /// What `aws configure export-credentials` answers.
    ///
    /// Source: <https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html>
    fn of_cli(&self) -> Result<Credentials, Error> {
        let mut command = Command::new("aws");
        command
            .args(["configure", "export-credentials", "--format", "process"])
            .env(ASKED, "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if self.environment.text("AWS_PROFILE") == Some(&self.profile.name) {
            // It is the profile that asks.
            command.env_remove("AWS_PROFILE");
        }
        let child = command.spawn().map_err(|error| {
            Error::new(
                Kind::Config,
                format!("there are no credentials in the environment, and the AWS CLI cannot be started: {error}"),
            )
            .advise("install the AWS CLI, or set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN")
        })?;
        let answer = answered(child).ok_or_else(|| {
            Error::new(
                Kind::Network,
                format!("the AWS CLI found no credentials within {} s", LONGEST.as_secs()),
            )
            .advise("try by hand: aws configure export-credentials")
        })?;
        Credentials::of_process(&answer.stdout).ok_or_else(|| {
            let said = printable(String::from_utf8_lossy(&answer.stderr).trim(), 300);
            let said = match said.as_str() {
                "" => "nothing that is known".to_owned(),
                said => said.to_owned(),
            };
            Error::new(
                Kind::Config,
                format!("the machine has no credentials of its own; the AWS CLI says: {said}"),
            )
            .advise("sign in with the AWS CLI, or set AWS_PROFILE to a profile that has credentials")
        })
    }
}

struct Answer {
    stdout: Zeroizing<Vec<u8>>,
    stderr: Vec<u8>,
}

/// What a process says until it ends. `None` when that takes too long; it is ended then.
fn answered(mut child: Child) -> Option<Answer> {
    let (mut stdout, mut stderr) = (child.stdout.take()?, child.stderr.take()?);
    let (sender, receiver) = mpsc::channel();
    // Each in a thread of its own: a process that fills one pipe waits for its reader.
    let errors = thread::spawn(move || {
        let mut text = Vec::new();
        let _ = stderr.read_to_end(&mut text);
        text
    });
    thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::new());
        let read = stdout.read_to_end(&mut bytes);
        let _ = sender.send(read.map(|_| bytes));
    });
    let stdout = receiver.recv_timeout(LONGEST);
    if stdout.is_err() {
        let _ = child.kill();
    }
    let _ = child.wait();
    let stdout = stdout.ok()?.ok()?;
    Some(Answer {
        stdout,
        stderr: errors.join().unwrap_or_default(),
    })
}
