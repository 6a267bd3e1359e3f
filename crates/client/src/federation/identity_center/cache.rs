//! The login as the AWS CLI keeps it, so that `aws sso login` and this program share one.
//!
//! Source for names and fields: the AWS CLI, and <https://docs.aws.amazon.com/sdkref/latest/guide/understanding-sso.html>

use std::path::{Path, PathBuf};

use client_config::IdentityCenter;
use jiff::Timestamp;
use ring::digest;
use serde::{Deserialize, Serialize};

use super::{Registration, Renewal, Token};
use crate::credentials::json;
use crate::store::{Found, disk};
use crate::{Error, Secret};

/// The file of one login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    path: PathBuf,
}

/// The file as it is written: the fields of the AWS CLI in its order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    start_url: &'a str,
    region: &'a str,
    access_token: &'a str,
    expires_at: Timestamp,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    renewal: Option<WrittenRenewal<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenRenewal<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    registration_expires_at: Timestamp,
    refresh_token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    access_token: Secret,
    expires_at: String,
    client_id: Option<String>,
    client_secret: Option<Secret>,
    registration_expires_at: Option<String>,
    refresh_token: Option<Secret>,
}

impl Cache {
    /// The login of an access portal, or of a `[sso-session NAME]` of `~/.aws/config`, in the folder `~/.aws/sso/cache`.
    pub fn new(folder: &Path, start_url_or_session: &str) -> Self {
        // The file's name is the CLI's choice; nothing is protected by this digest.
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, start_url_or_session.as_bytes());
        let name: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            path: folder.join(name).with_extension("json"),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The login, whether it is still good or not.
    pub fn load(&self) -> Found<Token> {
        disk::read(&self.path).and_then(self.path.display(), |text| read(&text))
    }

    /// Keeps a login, for nobody else to read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, token: &Token, settings: &IdentityCenter) -> Result<(), Error> {
        let written = Written {
            start_url: &settings.start_url,
            region: &settings.region,
            access_token: token.access_token.expose(),
            expires_at: whole(token.expires),
            renewal: token.renewal.as_ref().map(|renewal| WrittenRenewal {
                client_id: &renewal.registration.client_id,
                client_secret: renewal.registration.client_secret.expose(),
                registration_expires_at: whole(renewal.registration.expires),
                refresh_token: renewal.refresh_token.expose(),
            }),
        };
        disk::write(&self.path, json(&written)?.as_bytes())
    }

    /// Removes the login. Whether there was one.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn remove(&self) -> Result<bool, Error> {
        disk::remove(&self.path)
    }
}

/// Whole seconds, as the CLI writes them.
fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn read(text: &str) -> Option<Token> {
    let read: Read = serde_json::from_str(text).ok()?;
    let renewal = (|| {
        Some(Renewal {
            refresh_token: read.refresh_token.filter(|token| !token.is_empty())?,
            registration: Registration {
                client_id: read.client_id?,
                client_secret: read.client_secret?,
                expires: time(&read.registration_expires_at?)?,
            },
        })
    })();
    (!read.access_token.is_empty()).then_some(Token {
        access_token: read.access_token,
        expires: time(&read.expires_at)?,
        renewal,
    })
}

/// A time; versions 1 and early versions 2 of the CLI write `UTC` instead of `Z`.
fn time(text: &str) -> Option<Timestamp> {
    match text.strip_suffix("UTC") {
        Some(start) => format!("{start}Z").parse().ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> IdentityCenter {
        IdentityCenter {
            start_url: "https://acme.awsapps.com/start".to_owned(),
            region: "eu-west-1".to_owned(),
            account_id: "123456789012".to_owned(),
            permission_set: "Dev".to_owned(),
        }
    }

    fn token(renewal: bool) -> Token {
        let registration = Registration {
            client_id: "id".to_owned(),
            client_secret: Secret::new("cs"),
            expires: "2027-01-01T00:00:00Z".parse().unwrap(),
        };
        Token {
            access_token: Secret::new("at"),
            expires: "2026-11-26T09:00:00Z".parse().unwrap(),
            renewal: renewal.then(|| Renewal {
                refresh_token: Secret::new("rt"),
                registration,
            }),
        }
    }

    #[test]
    fn the_file_has_the_name_that_the_cli_gives_it() {
        // printf %s my-session | sha1sum
        let cache = Cache::new(Path::new("/c"), "my-session");
        assert_eq!(
            cache.path(),
            Path::new("/c/9e28173066ce536e277c5fb355efd9c64f398167.json")
        );
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(&folder.path().join("sso/cache"), "x");
        assert_eq!(cache.load(), Found::Nothing);
        for token in [token(true), token(false)] {
            cache.save(&token, &settings()).unwrap();
            assert_eq!(cache.load(), Found::There(token));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(cache.path()), 0o600);
            assert_eq!(mode(&folder.path().join("sso/cache")), 0o700);
        }
        assert!(cache.remove().unwrap());
    }

    #[test]
    fn the_fields_are_those_of_the_cli() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path(), "x");
        cache.save(&token(true), &settings()).unwrap();
        assert_eq!(
            std::fs::read_to_string(cache.path()).unwrap(),
            r#"{"startUrl":"https://acme.awsapps.com/start","region":"eu-west-1","accessToken":"at","expiresAt":"2026-11-26T09:00:00Z","clientId":"id","clientSecret":"cs","registrationExpiresAt":"2027-01-01T00:00:00Z","refreshToken":"rt"}"#
        );
    }

    #[test]
    fn files_of_the_cli_are_read() {
        let old = r#"{"startUrl":"u","region":"r","accessToken":"at","expiresAt":"2026-11-26T09:00:00UTC","odd":1}"#;
        assert_eq!(read(old), Some(token(false)));
        let offset = old.replace("UTC", "+00:00");
        assert_eq!(read(&offset), Some(token(false)));
        for text in ["", "{}", &old.replace("at\"", "\""), &old.replace("UTC", "UTCx")] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
