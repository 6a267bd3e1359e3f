//! Why there are no credentials, and what to do about it.

use std::fmt;

/// Why there are no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What kind of failure it is.
    pub kind: Kind,
    /// What happened, and where. Never a secret.
    pub message: String,
    /// What to do next.
    pub advice: Option<String>,
}

/// Kinds of failure, which have exit codes of their own where the contract with AWS's SDKs leaves room for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The program was called wrongly.
    Usage,
    /// `config.json` is missing, wrong or not enough.
    Config,
    /// Somebody has to sign in, and nobody could be asked.
    Interaction,
    /// The user did not finish the login, or the provider refused it.
    Login,
    /// The provider or AWS does not take the token.
    Federation,
    /// The quota is used up.
    Blocked,
    /// Whether the quota is used up could not be found out, and the deployment wants it known.
    QuotaUnknown,
    /// No connection, no answer in time, or an answer that cannot be read.
    Network,
    /// A file, a lock or the store of secrets.
    Storage,
}

impl Kind {
    /// Exit code of the sub-commands. The `credential_process` run itself ends with 1 whatever failed, as its contract says.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Config => 3,
            Self::Interaction => 4,
            Self::Login => 5,
            Self::Federation => 6,
            Self::Blocked => 7,
            Self::QuotaUnknown => 8,
            Self::Network => 9,
            Self::Storage => 1,
        }
    }
}

impl Error {
    /// A failure without advice.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            advice: None,
        }
    }

    /// The same with what to do next.
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.advice {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
