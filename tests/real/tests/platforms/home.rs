//! A home folder with an installation in it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;

pub const PROFILE: &str = "ClaudeCode";

pub struct Home {
    folder: tempfile::TempDir,
    beside: tempfile::TempDir,
}

impl Home {
    /// With a config.json that asks for this storage.
    pub fn new(storage: &str) -> Self {
        let home = Self {
            folder: tempfile::Builder::new().prefix("a home ").tempdir().unwrap(),
            beside: tempfile::tempdir().unwrap(),
        };
        let profile = json!({
            "provider_domain": "acme.okta.com", "client_id": "c", "aws_region": "us-east-1", "credential_storage": storage,
            "federated_role_arn": "arn:aws:iam::123456789012:role/claude-code-developer",
        });
        let file = json!({ "profiles": { PROFILE: profile } });
        home.write("claude-code-with-bedrock/config.json", &file.to_string());
        home
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A folder for what a test needs itself.
    pub fn beside(&self) -> &Path {
        self.beside.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file that is its owner's alone.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Keeps a session until the given time, and tells what an SDK is to read then.
    pub fn keep_session(&self, until: &str) -> String {
        let answer = format!(
            r#"{{"Version":1,"AccessKeyId":"ASIATEST","SecretAccessKey":"secret","SessionToken":"token","Expiration":"{until}"}}"#
        );
        self.write(SESSION, &answer);
        answer
    }
}

/// Where a session is kept.
pub const SESSION: &str = ".aws/claude-code-with-bedrock/ClaudeCode-credentials.json";
