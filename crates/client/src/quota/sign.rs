//! Signature Version 4 for one question: `GET` without a query and without a body, to an API of Amazon API Gateway.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::http::Uri;

use crate::Secret;
use crate::credentials::Credentials;
use crate::sigv4::{ALGORITHM, Scope, hash};

const SIGNED: &str = "host;x-amz-date;x-amz-security-token";
/// What stays as it is in a path, whose escapes are escaped once more.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Headers that say who asks.
pub(super) struct Headers {
    pub(super) host: String,
    pub(super) date: String,
    pub(super) authorization: Secret,
}

/// Signs a question to this address. `None` when the address names no host.
pub(super) fn sign(url: &str, credentials: &Credentials, region: &str, now: Timestamp) -> Option<Headers> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.authority()?.as_str().to_ascii_lowercase();
    let path = utf8_percent_encode(uri.path(), PATH);
    let scope = Scope::new(now, region, "execute-api");
    let date = scope.date.clone();
    let token = credentials.session_token.expose();
    let canonical = Secret::new(format!(
        "GET\n{path}\n\nhost:{host}\nx-amz-date:{date}\nx-amz-security-token:{token}\n\n{SIGNED}\n{}",
        hash("")
    ));
    let signature = scope.signature(credentials, &canonical);
    let (id, scope) = (&credentials.access_key_id, scope.text());
    Some(Headers {
        host,
        date,
        authorization: Secret::new(format!(
            "{ALGORITHM} Credential={id}/{scope}, SignedHeaders={SIGNED}, Signature={signature}"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_signature_of_botocore() {
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: Secret::new("tok/en+="),
            expiration: None,
        };
        let now = "2015-08-30T12:36:00Z".parse().unwrap();
        // Made by botocore.auth.SigV4Auth with the same values.
        for (url, signature) in [
            (
                "https://abc.execute-api.eu-west-1.amazonaws.com/prod/check",
                "60613f22493b7f5055127fa6c198e14274ea82131e5874ee30130d79838bea06",
            ),
            (
                "https://q.example:8443/a%20b/check",
                "37d2ff68535fda3e1b6f31db765e16f5a30503726e017b8357c572eb447090ae",
            ),
        ] {
            let headers = sign(url, &credentials, "eu-west-1", now).unwrap();
            assert_eq!(headers.date, "20150830T123600Z");
            assert_eq!(
                headers.authorization.expose(),
                format!(
                    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/execute-api/aws4_request, \
                     SignedHeaders=host;x-amz-date;x-amz-security-token, Signature={signature}"
                )
            );
        }
        assert!(sign("/check", &credentials, "eu-west-1", now).is_none());
    }
}
