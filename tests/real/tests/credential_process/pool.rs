//! What an identity pool of Amazon Cognito does before it gives credentials for a token, and the emulation does not: it believes any
//! login, for any identity.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// An identity pool.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Its id.
    pub id: String,
    /// The name of its provider: that of the identity provider in IAM, or of the user pool.
    pub provider: String,
}

/// A question to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub operation: String,
    /// Code of the refusal.
    pub refused: Option<&'static str>,
}

/// A refusal in the words of Amazon Cognito.
#[derive(Debug)]
pub struct Refusal(pub &'static str, pub String);

/// What a pool knows.
#[derive(Debug, Default)]
pub struct Known {
    pub pool: Option<Pool>,
    /// Subjects of tokens by the identities that they were given.
    pub identities: BTreeMap<String, String>,
    pub asked: Vec<Asked>,
}

/// Judges a question; whose token it brings. `verify` gives the claims of a token that is good, else why it is not.
///
/// Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>
pub fn judge(
    known: &Known,
    operation: &str,
    body: &Value,
    verify: impl Fn(&str) -> Result<Value, String>,
) -> Result<String, Refusal> {
    let denied = |why: String| Refusal("NotAuthorizedException", why);
    let pool = known
        .pool
        .as_ref()
        .filter(|pool| operation != "GetId" || body["IdentityPoolId"] == pool.id);
    let pool = pool.ok_or_else(|| {
        let id = &body["IdentityPoolId"];
        Refusal("ResourceNotFoundException", format!("IdentityPool {id} not found."))
    })?;
    let logins = body["Logins"].as_object().unwrap();
    let Some(token) = logins.get(&pool.provider).filter(|_| logins.len() == 1) else {
        return Err(denied(
            "Invalid login token. Issuer doesn't match providerName".to_owned(),
        ));
    };
    let claims = verify(token.as_str().unwrap()).map_err(|error| match error.contains("EXPIRED") {
        true => denied("Invalid login token. Token expired: 1 >= 0".to_owned()),
        false => denied(format!("Invalid login token. {error}")),
    })?;
    let subject = claims["sub"].as_str().unwrap().to_owned();
    let is_theirs = |id: &str| known.identities.get(id) == Some(&subject);
    if operation != "GetId" && !body["IdentityId"].as_str().is_some_and(is_theirs) {
        return Err(denied(
            "Logins don't match. Please include at least one valid login for this identity or identity pool."
                .to_owned(),
        ));
    }
    Ok(subject)
}

/// A refusal as it is sent.
pub fn refused(Refusal(code, message): &Refusal) -> Vec<u8> {
    let body = json!({ "__type": code, "message": message }).to_string();
    let length = body.len();
    format!(
        "HTTP/1.1 400 Refused\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {length}\r\nConnection: \
         close\r\n\r\n{body}"
    )
    .into_bytes()
}
