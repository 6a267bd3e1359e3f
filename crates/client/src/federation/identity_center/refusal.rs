//! What IAM Identity Center says when it says no to a login.

use serde::Deserialize;

use crate::http::Answer;
use crate::oidc::text::printable;
use crate::{Error, Kind};

/// Characters of AWS's own words that are shown.
const LONGEST: usize = 300;

/// A refusal with the names of RFC 6749 §5.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    pub(super) error: String,
    description: String,
}

impl Refusal {
    /// The refusal in an answer; without JSON the status stands for it.
    pub(super) fn of(answer: &Answer) -> Option<Self> {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Raw {
            error: Option<String>,
            error_description: Option<String>,
        }
        if answer.status < 300 {
            return None;
        }
        let raw: Raw = answer.object().unwrap_or_default();
        Some(Self {
            status: answer.status,
            error: printable(raw.error.as_deref().unwrap_or_default(), 60),
            description: printable(raw.error_description.as_deref().unwrap_or_default(), LONGEST),
        })
    }

    /// Whether it passes.
    pub(super) fn is_trouble(&self) -> bool {
        self.status == 429 || self.status >= 500
    }

    /// The refusal of `action` with its way out.
    ///
    /// Source: <https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html#API_CreateToken_Errors>
    pub(super) fn explain(&self, action: &str, start_url: &str, region: &str) -> Error {
        let mut message = match self.error.as_str() {
            "" => format!("IAM Identity Center refused {action} (HTTP status {})", self.status),
            error => format!("IAM Identity Center refused {action}: {error}"),
        };
        if !self.description.is_empty() {
            message.push_str(": ");
            message.push_str(&self.description);
        }
        let (kind, advice) = match self.error.as_str() {
            _ if self.is_trouble() => (Kind::Network, "try again in a minute".to_owned()),
            "slow_down" => (Kind::Network, "try again in a minute".to_owned()),
            // AWS names its errors.
            "" => (
                Kind::Network,
                "something between here and there may have answered, such as the page of a proxy".to_owned(),
            ),
            "access_denied" => (
                Kind::Login,
                "the request was denied in the browser; sign in again with `credential-process --login`".to_owned(),
            ),
            "expired_token" => (
                Kind::Login,
                "the code was not confirmed in time; sign in again with `credential-process --login`".to_owned(),
            ),
            "invalid_grant" | "invalid_client" | "unauthorized_client" => (
                Kind::Login,
                "sign in again with `credential-process --login`".to_owned(),
            ),
            _ => (
                Kind::Config,
                format!(
                    "look at `idc_start_url` ({}) and `idc_region` ({}) in config.json: the region must be that of the instance",
                    printable(start_url, 200),
                    printable(region, 40),
                ),
            ),
        };
        Error::new(kind, message).advise(advice)
    }
}
