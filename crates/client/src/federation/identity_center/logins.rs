//! The files in which the login of an access portal may be.
//!
//! The AWS CLI keeps one for a profile with an address of its own under that address, and one for each `[sso-session NAME]` of
//! `~/.aws/config` under the session's name. Whoever signed in there is signed in here, and the other way round.
//!
//! Source: `SSOTokenLoader` and the token provider `sso` of botocore.

use std::path::Path;

use client_config::IdentityCenter;
use jiff::Timestamp;

use super::Token;
use super::cache::Cache;
use crate::Error;
use crate::paths::Paths;
use crate::store::{Found, Unusable, disk, ini};

/// The files of one login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logins {
    files: Vec<Cache>,
}

/// What they hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Logins, whether they are still good or not, the one that ends last first.
    pub tokens: Vec<Token>,
    /// What is there and cannot be used.
    pub unusable: Vec<Unusable>,
}

impl Logins {
    /// Those of an access portal, by its address and by the sessions of `~/.aws/config` that lead to it. A file of profiles that
    /// cannot be read has none: AWS's own programs say so.
    pub fn of(paths: &Paths, settings: &IdentityCenter) -> Self {
        let mut names = vec![settings.start_url.clone()];
        if let Ok(Some(shared)) = disk::read_shared(paths.aws_config()) {
            names.extend(sessions(&shared.bytes, settings));
        }
        Self::named(&paths.sso_cache(), names.iter().map(String::as_str))
    }

    /// Those of these addresses and sessions in the folder `~/.aws/sso/cache`.
    pub fn named<'a>(folder: &Path, names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut files = Vec::new();
        for name in names {
            let file = Cache::new(folder, name);
            if !files.contains(&file) {
                files.push(file);
            }
        }
        Self { files }
    }

    /// The files.
    pub fn files(&self) -> &[Cache] {
        &self.files
    }

    /// What they hold.
    pub fn load(&self) -> Kept {
        let mut kept = Kept::default();
        for file in &self.files {
            match file.load() {
                // The same login in several files is one.
                Found::There(token) if kept.tokens.contains(&token) => {}
                Found::There(token) => kept.tokens.push(token),
                Found::Nothing => {}
                Found::Unusable(unusable) => kept.unusable.push(unusable),
            }
        }
        kept.tokens.sort_by_key(|token| std::cmp::Reverse(token.expires));
        kept
    }

    /// Keeps a new login in all of them.
    ///
    /// # Errors
    /// When one of them cannot be written; the others are.
    pub fn save(&self, token: &Token, settings: &IdentityCenter) -> Result<(), Error> {
        write(self.files.iter(), token, settings)
    }

    /// Keeps what this login was renewed to. Another one that is still good stays: it may be for more than ours.
    ///
    /// # Errors
    /// Likewise.
    pub(super) fn replace(
        &self,
        before: &Token,
        token: &Token,
        settings: &IdentityCenter,
        now: Timestamp,
    ) -> Result<(), Error> {
        let is_another = |file: &&Cache| match file.load() {
            Found::There(other) => other != *before && other.expires > now,
            Found::Nothing | Found::Unusable(_) => false,
        };
        write(self.files.iter().filter(|file| !is_another(file)), token, settings)
    }
}

fn write<'a>(files: impl Iterator<Item = &'a Cache>, token: &Token, settings: &IdentityCenter) -> Result<(), Error> {
    let mut done = Ok(());
    for file in files {
        done = done.and(file.save(token, settings));
    }
    done
}

/// The sessions that lead to the same portal.
fn sessions(config: &[u8], settings: &IdentityCenter) -> Vec<String> {
    let found = ini::sections(config, |header| session(header).is_some());
    let is_same = |section: &ini::Section| {
        let text = |name: &str| {
            let value = section.setting(config, name)?;
            std::str::from_utf8(value).ok()
        };
        text("sso_start_url").is_some_and(|url| portal(url) == portal(&settings.start_url))
            && text("sso_region") == Some(settings.region.as_str())
    };
    found
        .iter()
        .filter(|section| is_same(section))
        .filter_map(|section| session(&section.name).map(str::to_owned))
        .collect()
}

/// The name in the header of a session, which may stand between quotes.
fn session(header: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(header).ok()?.strip_prefix("sso-session")?;
    if !name.starts_with([' ', '\t']) {
        return None;
    }
    let name = name.trim();
    let quoted = ['"', '\''].iter().find_map(|quote| {
        let inner = name.strip_prefix(*quote)?.strip_suffix(*quote)?;
        (!inner.contains(*quote)).then_some(inner)
    });
    match quoted {
        Some(inner) => Some(inner),
        None => (!name.is_empty() && !name.contains([' ', '\t', '"', '\''])).then_some(name),
    }
}

/// The address of a portal as it is compared: browsers add to its end, and people copy it from there.
fn portal(url: &str) -> &str {
    url.trim_end_matches(['/', '#'])
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

    #[test]
    fn sessions_of_the_same_portal_are_found() {
        let section = |header: &str, url: &str, region: &str| {
            format!(
                "[{header}]\nsso_start_url = {url}\nsso_region={region}\nsso_registration_scopes = sso:account:access\n"
            )
        };
        let (url, region) = ("https://acme.awsapps.com/start", "eu-west-1");
        let config = [
            "[profile x]\nsso_session = one\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
                .to_owned(),
            section("sso-session one", url, region),
            section("sso-session other-region", url, "us-east-1"),
            section("sso-session other-portal", "https://other.awsapps.com/start", region),
            "[sso-session nothing]\n# sso_start_url = https://acme.awsapps.com/start\n".to_owned(),
            section("sso-session  \"my own\" ", "https://acme.awsapps.com/start/#/", region),
            section("sso-session two words", url, region),
            section("sso-sessions", url, region),
            section("sso-session", url, region),
            section("sso-session 'x'", url, region).replace('\n', "\r\n"),
        ];
        assert_eq!(
            sessions(config.concat().as_bytes(), &settings()),
            ["one", "my own", "x"]
        );
    }

    #[test]
    fn the_same_name_twice_is_one_file() {
        let folder = Path::new("/c");
        assert_eq!(Logins::named(folder, ["a", "b", "a"]).files().len(), 2);
    }
}
