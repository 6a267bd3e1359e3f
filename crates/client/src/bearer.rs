//! Short-term API keys of Amazon Bedrock: a signed request as a token, for programs such as Claude Desktop that cannot sign.
//!
//! Source: AWS's own generator, <https://github.com/aws/aws-bedrock-token-generator-python>, and
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-generate.html>

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Secret;
use crate::credentials::Credentials;
use crate::sigv4::{ALGORITHM, Scope, hash};

/// Where the request would go; the key is good for the region that is signed.
const HOST: &str = "bedrock.amazonaws.com";
/// Longest life of a key in seconds. It ends with its credentials all the same.
const LIFE: u32 = 43_200;
/// How keys begin.
const PREFIX: &str = "bedrock-api-key-";
/// What stays as it is in a query: the characters that RFC 3986 does not reserve.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A key for Amazon Bedrock in a region. Whoever uses it needs the permission `bedrock:CallWithBearerToken`.
pub fn key(credentials: &Credentials, region: &str, now: Timestamp) -> Secret {
    let scope = Scope::new(now, region, "bedrock");
    let escaped = |text: &str| utf8_percent_encode(text, QUERY).to_string();
    let credential = format!("{}/{}", credentials.access_key_id, scope.text());
    let start = format!(
        "Action=CallWithBearerToken&X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={}&X-Amz-Date={}&X-Amz-Expires={LIFE}",
        escaped(&credential),
        scope.date
    );
    let token = escaped(credentials.session_token.expose());
    // In the canonical form parameters are in the order of their names, in the address AWS's generator has them in another one.
    let canonical = Secret::new(format!(
        "POST\n/\n{start}&X-Amz-Security-Token={token}&X-Amz-SignedHeaders=host\nhost:{HOST}\n\nhost\n{}",
        hash("")
    ));
    let signature = scope.signature(credentials, &canonical);
    let address = Secret::new(format!(
        "{HOST}/?{start}&X-Amz-SignedHeaders=host&X-Amz-Security-Token={token}&X-Amz-Signature={signature}&Version=1"
    ));
    Secret::new(format!("{PREFIX}{}", BASE64_STANDARD.encode(address.expose())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_key_of_awss_own_generator() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".to_owned(),
            secret: Secret::new("secret/+="),
            session_token: Secret::new("token/+= ~x"),
            expiration: None,
        };
        // Made by botocore.auth.SigV4QueryAuth as aws-bedrock-token-generator uses it, with the same values.
        let expected = "bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\
                        ASIAEXAMPLE%2F20261126%2Feu-west-1%2Fbedrock%2Faws4_request&X-Amz-Date=20261126T070000Z&X-Amz-Expires=43200\
                        &X-Amz-SignedHeaders=host&X-Amz-Security-Token=token%2F%2B%3D%20~x&X-Amz-Signature=\
                        d4780cc1b69a23873e94b0d95b70e682dac9b1ca548eeb48617c6e755116d5da&Version=1";
        let key = key(&credentials, "eu-west-1", "2026-11-26T07:00:00Z".parse().unwrap());
        let encoded = key.expose().strip_prefix("bedrock-api-key-").unwrap();
        let decoded = BASE64_STANDARD.decode(encoded).unwrap();
        assert_eq!(String::from_utf8(decoded).unwrap(), expected);
    }
}
