//! A call that gave no usable answer: why, and what to do about it.

use std::error::Error as StdError;
use std::fmt;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::operation::Operation;

/// A call that gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What was called.
    pub operation: &'static str,
    /// What kind of trouble it is.
    pub kind: Kind,
    /// AWS's code, as `ResourceNotFoundException`.
    pub code: Option<String>,
    /// What AWS or the SDK says.
    pub message: String,
}

/// Kinds of trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The caller may not.
    Denied,
    /// There are no credentials, or they could not be fetched.
    NoCredentials,
    /// The credentials are no longer or not at all valid.
    Expired,
    /// The clock of this machine is off.
    Skewed,
    /// AWS asked to call less often, and still did after the SDK's retries.
    Throttled,
    /// No answer in time.
    TimedOut,
    /// No connection.
    Unreachable,
    /// An answer that is none of the API.
    Garbled,
    /// AWS failed.
    Server,
    /// AWS refuses the request for another reason, which its code names.
    Refused,
}

impl Kind {
    /// The kind in a few words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Denied => "access denied",
            Self::NoCredentials => "no credentials",
            Self::Expired => "the credentials are not valid (any more)",
            Self::Skewed => "this machine's clock is off",
            Self::Throttled => "throttled",
            Self::TimedOut => "no answer in time",
            Self::Unreachable => "no connection",
            Self::Garbled => "an answer that cannot be read",
            Self::Server => "AWS failed",
            Self::Refused => "refused",
        }
    }
}

const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Forbidden",
    "UnauthorizedException",
    "UnauthorizedOperation",
];

const EXPIRED: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "TokenRefreshRequired",
    "UnrecognizedClientException",
];

/// A signature that AWS does not accept, because of the keys or because of the time in it: in the query protocol and of S3,
/// and in the others.
const SIGNATURE: &[&str] = &["SignatureDoesNotMatch", "InvalidSignatureException"];

const SKEWED: &[&str] = &["RequestTimeTooSkewed", "RequestInTheFuture"];

const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

impl Trouble {
    /// What an error of the SDK means.
    pub fn new<E>(operation: &Operation, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let code = error.code().map(str::to_owned);
        let said = error.message().map(str::to_owned);
        let status = error.raw_response().map(|response| response.status().as_u16());
        let kind = match error {
            SdkError::TimeoutError(_) => Kind::TimedOut,
            SdkError::ResponseError(_) => Kind::Garbled,
            // The SDK takes an answer that it cannot read for an error of the service without a code.
            SdkError::ServiceError(_) if code.is_none() && status.is_some_and(|status| status < 300) => Kind::Garbled,
            SdkError::ServiceError(_) => of_answer(code.as_deref(), said.as_deref().unwrap_or_default(), status),
            _ if has_source::<aws_credential_types::provider::error::CredentialsError>(error) => Kind::NoCredentials,
            SdkError::DispatchFailure(failure) if failure.is_timeout() => Kind::TimedOut,
            _ => Kind::Unreachable,
        };
        let message = said
            .filter(|said| !said.is_empty())
            .unwrap_or_else(|| match (kind, status) {
                (Kind::Server | Kind::Refused | Kind::Denied, Some(status)) => {
                    format!("HTTP status {status} without a message")
                }
                _ => chain(error),
            });
        Self {
            operation: operation.name,
            kind,
            code,
            message,
        }
    }

    /// Whether AWS answered with this code.
    pub fn is(&self, code: &str) -> bool {
        self.kind == Kind::Refused && self.code.as_deref() == Some(code)
    }

    /// What to do about it, where that does not depend on the check.
    pub fn advice(&self) -> Option<&'static str> {
        match self.kind {
            Kind::NoCredentials | Kind::Expired => {
                Some("sign in again (`aws sso login --profile …`), or name other credentials with `--profile`")
            }
            Kind::Skewed => Some("set the clock of this machine; AWS accepts five minutes of difference"),
            Kind::Throttled => Some("run it again in a few minutes; something else may be calling the same API"),
            Kind::TimedOut => Some("run it again, with a longer `--timeout` if it was AWS that was slow"),
            Kind::Unreachable => Some("look at network, proxy (`HTTPS_PROXY`) and `AWS_ENDPOINT_URL`"),
            Kind::Server => Some("run it again; AWS's health dashboard shows whether the service has a fault"),
            Kind::Garbled => Some(
                "look at `AWS_ENDPOINT_URL` and the proxy (`HTTPS_PROXY`), or run it again; something between here and AWS may \
                 have answered instead of it",
            ),
            Kind::Refused => Some("AWS's code says why; if it is not about your configuration, please report it"),
            Kind::Denied => None,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.kind.word();
        write!(f, "{}: {what}", self.operation)?;
        match &self.code {
            Some(code) => write!(f, ": {code}: {}", self.message),
            None => write!(f, ": {}", self.message),
        }
    }
}

fn of_answer(code: Option<&str>, message: &str, status: Option<u16>) -> Kind {
    let one_of = |codes: &[&str]| code.is_some_and(|code| codes.contains(&code));
    if one_of(SKEWED) || one_of(SIGNATURE) && is_about_time(message) {
        Kind::Skewed
    } else if one_of(EXPIRED) || one_of(SIGNATURE) {
        Kind::Expired
    } else if one_of(DENIED) {
        Kind::Denied
    } else if one_of(THROTTLED) || status == Some(429) {
        Kind::Throttled
    } else {
        match (code, status) {
            (_, Some(500..)) => Kind::Server,
            (None, Some(403)) => Kind::Denied,
            // Every API of AWS names its errors.
            (None, _) => Kind::Garbled,
            _ => Kind::Refused,
        }
    }
}

/// "Signature expired: …" and "Signature not yet current: …".
fn is_about_time(message: &str) -> bool {
    message.starts_with("Signature expired") || message.starts_with("Signature not yet current")
}

/// An error and its causes.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        error.source()
    })
}

fn has_source<T: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(|error| error.is::<T>())
}

/// What an error and its causes say, each once; the error itself only where it has no cause.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in causes(error).skip(1).map(ToString::to_string) {
        if parts.last().is_none_or(|last| !last.contains(&part)) {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        parts.push(error.to_string());
    }
    parts.join(": ")
}
