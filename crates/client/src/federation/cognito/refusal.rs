//! Why Amazon Cognito does not take a token, in words that tell what to compare.

use super::Request;
use crate::federation::fault::{Failed, Fault};
use crate::oidc::text::printable;
use crate::{Error, Kind};

/// Characters of a claim that are shown.
const CLAIM: usize = 200;

/// Whether it helps to ask again.
///
/// Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html#API_GetCredentialsForIdentity_Errors>
pub(super) fn passes(failed: &Failed) -> bool {
    match failed {
        Failed::Refused(fault) => is_trouble(fault),
        Failed::Other(_) => false,
    }
}

fn is_trouble(fault: &Fault) -> bool {
    let known = [
        "TooManyRequestsException",
        "LimitExceededException",
        "InternalErrorException",
        "ExternalServiceException",
        "ResourceConflictException",
    ];
    fault.is_trouble() || known.contains(&fault.code.as_str())
}

/// The refusal with its way out. Errors of AWS are stable by their names; their words only choose between advices.
pub(super) fn explain(fault: &Fault, operation: &str, request: &Request<'_>) -> Error {
    let action = format!("cognito-identity:{operation}");
    let issuer = printable(&request.claims.issuer, CLAIM);
    let audience = printable(&request.claims.audience.join(", "), CLAIM);
    let login = printable(request.login, CLAIM);
    let pool = request.pool;
    let says = |text: &str| fault.message.to_ascii_lowercase().contains(text);
    let (kind, advice) = match fault.code.as_str() {
        "NotAuthorizedException" if says("expired") => (
            Kind::Interaction,
            format!(
                "the token was good until {}: sign in again with `credential-process login`, and look at the clock of this machine",
                request.claims.expires
            ),
        ),
        "NotAuthorizedException" if says("forbidden") || says("don't match") => (
            Kind::Federation,
            format!(
                "the identity belongs to another login: the token's issuer is {issuer}, and the pool was told {login}"
            ),
        ),
        "NotAuthorizedException" | "InvalidParameterException" => (
            Kind::Federation,
            format!(
                "compare the identity pool {pool} with the token: the provider {login} must be one of its authentication providers, \
                 with the issuer {issuer} and the audience {audience}, and its keys must be readable from the internet"
            ),
        ),
        "ResourceNotFoundException" => (
            Kind::Config,
            format!("there is no identity pool {pool}: look at `identity_pool_id` in config.json"),
        ),
        "InvalidIdentityPoolConfigurationException" => (
            Kind::Federation,
            format!(
                "look at the role for authenticated users of the identity pool {pool}: its trust policy must name \
                 cognito-identity.amazonaws.com, with this pool as `cognito-identity.amazonaws.com:aud`, and allow `sts:TagSession` \
                 where the pool maps claims to tags"
            ),
        ),
        _ if is_trouble(fault) => return fault.trouble(&action),
        _ => (
            Kind::Federation,
            format!("look at the identity pool {pool} and its provider {login}"),
        ),
    };
    Error::new(kind, fault.spoken(&action)).advise(advice)
}
