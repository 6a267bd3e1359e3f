//! Where everything lies on the machine. The environment is a value, so nothing here depends on the process.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use client_config::FILE_NAME;

use crate::error::{Error, Kind};
use crate::origin::Origin;

/// Folder of the programs, of `config.json` and of the quota's state. Source: the installations that exist.
const INSTALLATION: &str = "claude-code-with-bedrock";
/// Folder of tokens and of telemetry headers. Source: likewise.
const SESSIONS: &str = ".claude-code-session";

/// Variables of a process. Their values may be secrets, so only their names are shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

impl Environment {
    /// The variables of this process.
    pub fn of_process() -> Self {
        std::env::vars_os().collect()
    }

    /// The value of a variable; an empty one is none.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value.as_os_str())
    }

    /// The same as text; a value that is no Unicode is none.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.to_str()
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        // Names have no case on Windows, and `Path` is as common there as `PATH`.
        let name = |name: OsString| match cfg!(windows) {
            true => name.to_ascii_uppercase(),
            false => name,
        };
        let variables = pairs.into_iter().map(|(key, value)| (name(key.into()), value.into()));
        Self {
            variables: variables.collect(),
        }
    }
}

/// Places that belong to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: PathBuf,
    beside: Option<PathBuf>,
    credentials: PathBuf,
    config: PathBuf,
}

impl Paths {
    /// The places of the user whose environment this is. `executable` is the program's own file, as far as it is known.
    ///
    /// Source for the variables of AWS: <https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html>
    ///
    /// # Errors
    /// When there is no home folder.
    pub fn new(environment: &Environment, executable: Option<&Path>) -> Result<Self, Error> {
        let home = home(environment)?;
        let file = |variable: &str, name: &str| match environment.get(variable) {
            Some(path) => expand(Path::new(path), &home),
            None => home.join(".aws").join(name),
        };
        Ok(Self {
            credentials: file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            config: file("AWS_CONFIG_FILE", "config"),
            beside: executable.and_then(Path::parent).map(Path::to_owned),
            home,
        })
    }

    /// The home folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Credentials that all programs of AWS share: `~/.aws/credentials`, or where `AWS_SHARED_CREDENTIALS_FILE` says.
    pub fn aws_credentials(&self) -> &Path {
        &self.credentials
    }

    /// Profiles of AWS: `~/.aws/config`, or where `AWS_CONFIG_FILE` says.
    pub fn aws_config(&self) -> &Path {
        &self.config
    }

    /// Where the programs are installed.
    pub fn installation(&self) -> PathBuf {
        self.home.join(INSTALLATION)
    }

    /// Logins of IAM Identity Center, which all programs of AWS share.
    pub fn sso_cache(&self) -> PathBuf {
        self.home.join(".aws").join("sso").join("cache")
    }

    /// Where tokens and telemetry headers are kept.
    pub fn sessions(&self) -> PathBuf {
        self.home.join(SESSIONS)
    }

    /// Where `config.json` may be, in the order in which it is looked for: beside the program, then in the installation.
    pub fn config_candidates(&self) -> Vec<PathBuf> {
        let installed = self.installation().join(FILE_NAME);
        let mut candidates: Vec<PathBuf> = self.beside.iter().map(|folder| folder.join(FILE_NAME)).collect();
        if !candidates.contains(&installed) {
            candidates.push(installed);
        }
        candidates
    }

    /// The `config.json` that counts.
    ///
    /// # Errors
    /// When there is none.
    pub fn find_config(&self) -> Result<PathBuf, Error> {
        let candidates = self.config_candidates();
        // What is there and cannot be read is told when it is read: another file would only seem to be the one that counts.
        let is_there = |path: &&PathBuf| match path.metadata() {
            Ok(_) => true,
            Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
        };
        let found = candidates.iter().find(is_there);
        found.cloned().ok_or_else(|| {
            let places: Vec<String> = candidates.iter().map(|path| path.display().to_string()).collect();
            Error::new(
                Kind::Config,
                format!("there is no {FILE_NAME}; it was looked for at {}", places.join(" and ")),
            )
            .advise("install the package again that your administrator gave you")
        })
    }

    /// The files of a profile.
    ///
    /// # Errors
    /// When the name cannot be part of a file's name. Names that come out of `config.json` always can.
    pub fn of_profile(&self, name: &str) -> Result<ProfilePaths, Error> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@+".contains(c);
        if name.is_empty() || name.starts_with(['.', '-']) || !name.chars().all(plain) {
            return Err(Error::new(
                Kind::Config,
                format!("`{}` cannot be the name of a profile", name.escape_debug()),
            )
            .advise("a name has letters, digits, `-`, `_`, `.`, `@` and `+`, and does not begin with `-` or `.`"));
        }
        let sessions = self.sessions();
        let in_sessions = |end: &str| sessions.join(format!("{name}{end}"));
        Ok(ProfilePaths {
            name: name.to_owned(),
            origin: Origin::default(),
            lock: in_sessions("-login.lock"),
            holder: in_sessions("-login.holder"),
            id_token: in_sessions("-monitoring.json"),
            refresh_token: in_sessions("-refresh.json"),
            otel_headers: in_sessions("-otel-headers.json"),
            otel_headers_raw: in_sessions("-otel-headers.raw"),
            quota_state: self.installation().join(format!(".quota-state-{name}.json")),
            session: self
                .home
                .join(".aws")
                .join(INSTALLATION)
                .join(format!("{name}-credentials.json")),
            aws_credentials: self.credentials.clone(),
        })
    }
}

/// The files of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfilePaths {
    /// The profile.
    pub name: String,
    /// What is kept in them belongs to this.
    pub origin: Origin,
    /// What is locked while somebody refreshes or signs in. It is empty and stays.
    pub lock: PathBuf,
    /// Who holds the lock, for those who wait.
    pub holder: PathBuf,
    /// Credentials of the running session.
    pub session: PathBuf,
    /// The provider's token about the user.
    pub id_token: PathBuf,
    /// The provider's token that renews the session.
    pub refresh_token: PathBuf,
    /// When the quota was last asked about.
    pub quota_state: PathBuf,
    /// Telemetry headers, with what is known of them.
    pub otel_headers: PathBuf,
    /// Telemetry headers alone.
    pub otel_headers_raw: PathBuf,
    /// The file that all programs of AWS share, in which earlier versions kept their credentials.
    pub aws_credentials: PathBuf,
}

fn home(environment: &Environment) -> Result<PathBuf, Error> {
    // Shells for Windows set HOME as well, to places that no other program there looks at.
    let variable = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let advice = format!("set {variable} to your home folder");
    let Some(home) = environment.get(variable).map(PathBuf::from) else {
        return Err(Error::new(
            Kind::Storage,
            format!("there is no home folder: the variable {variable} is not set"),
        )
        .advise(advice));
    };
    if !home.is_absolute() {
        return Err(Error::new(
            Kind::Storage,
            format!("the home folder `{}` is no absolute path", home.display()),
        )
        .advise(advice));
    }
    Ok(home)
}

/// `~` at the beginning of a path is the home folder, as AWS's programs read these variables.
fn expand(path: &Path, home: &Path) -> PathBuf {
    match path.strip_prefix("~") {
        Ok(rest) => home.join(rest),
        Err(_) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
