//! A home folder and the program in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::server::Server;
use crate::signer::Signer;

/// Credentials of AWS STS.
pub const GIVEN: &str = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
    <AccessKeyId>ASIANEW</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken>\
    <Expiration>2099-11-26T09:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\
    </AssumeRoleWithWebIdentityResponse>";

pub struct Home {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

pub struct Ended {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Home {
    /// With one profile.
    pub fn new(profile: &Value) -> Self {
        let folder = tempfile::Builder::new().prefix("a home ").tempdir().unwrap();
        let installed = folder.path().join("claude-code-with-bedrock");
        fs::create_dir(&installed).unwrap();
        let config = json!({ "profiles": { "ClaudeCode": profile } });
        fs::write(installed.join("config.json"), config.to_string()).unwrap();
        Self {
            folder,
            environment: Vec::new(),
        }
    }

    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn session(&self) -> PathBuf {
        self.path(".aws/claude-code-with-bedrock/ClaudeCode-credentials.json")
    }

    /// Puts credentials there that are good for an hour.
    pub fn with_credentials(self) -> Self {
        let end = Timestamp::now() + SignedDuration::from_hours(1);
        let kept = json!({
            "Version": 1, "AccessKeyId": "ASIAKEPT", "SecretAccessKey": "kept", "SessionToken": "kept", "Expiration": end,
            "Profile": "ClaudeCode",
        });
        private(&self.session(), &kept.to_string());
        self
    }

    /// Puts a token there that is good for an hour.
    pub fn with_token(self) -> Self {
        let now = Timestamp::now().as_second();
        let token = Signer::new("k").token(&json!({
            "iss": "https://id.example", "sub": "s", "aud": "client", "iat": now, "exp": now + 3600, "email": "ada@acme.example",
        }));
        let kept = json!({"token": token, "expires": now + 3600, "email": "ada@acme.example", "profile": "ClaudeCode"});
        private(
            &self.path(".claude-code-session/ClaudeCode-monitoring.json"),
            &kept.to_string(),
        );
        self
    }

    /// Runs the program. What it opens in a browser is written to the file `opened`.
    pub fn run(&self, args: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_credential-process"));
        self.prepare(&mut command, args);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended {
            status: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Home {
    /// Gives a command its arguments and this home.
    pub fn prepare(&self, command: &mut Command, args: &[&str]) {
        command
            .args(args)
            .env_clear()
            .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
            .env("HOME", self.folder.path())
            .env("USERPROFILE", self.folder.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
    }
}

impl Ended {
    pub fn key(&self) -> String {
        assert_eq!(self.status, 0, "{}", self.stderr);
        let answer: Value = serde_json::from_str(&self.stdout).unwrap();
        answer["AccessKeyId"].as_str().unwrap().to_owned()
    }
}

pub fn private(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

/// A profile whose provider is never asked, and AWS and the quota service are the server.
pub fn oidc(server: &Server, more: &Value) -> Home {
    let mut profile = json!({
        "provider_type": "generic", "client_id": "client", "oidc_issuer_url": "https://id.example",
        "oidc_authorization_endpoint": "https://id.example/a", "oidc_token_endpoint": "https://id.example/t",
        "oidc_jwks_uri": "https://id.example/k", "aws_region": "us-east-1",
        "federated_role_arn": "arn:aws:iam::123456789012:role/dev", "quota_api_endpoint": format!("{}/prod", server.base),
    });
    for (name, value) in more.as_object().unwrap() {
        profile[name] = value.clone();
    }
    Home::new(&profile).set("AWS_ENDPOINT_URL_STS", &server.base)
}
