//! What an identity pool of Amazon Cognito does before it gives credentials for a token, and the emulation does not: it believes any
//! login, for any identity.

use std::collections::BTreeMap;

use real::{moto::Moto, trust};
use serde_json::{Value, json};

/// An identity pool.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Its id.
    pub id: String,
    /// The name of its provider in logins.
    pub provider: String,
    /// The identity provider in IAM, by which the pool knows it.
    pub arn: String,
}

/// A question to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub operation: String,
    /// Code of the refusal.
    pub refused: Option<&'static str>,
    /// Tags of the session, where there is one.
    pub tags: BTreeMap<String, String>,
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

/// Judges a question; the claims of the token that it brings. `verify` gives the claims of a token that is good, else why it is not.
///
/// Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html>
pub fn judge(
    known: &Known,
    operation: &str,
    body: &Value,
    verify: impl Fn(&str) -> Result<Value, String>,
) -> Result<Value, Refusal> {
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
    let is_theirs = |id: &str| {
        known
            .identities
            .get(id)
            .is_some_and(|subject| claims["sub"] == **subject)
    };
    if operation != "GetId" && !body["IdentityId"].as_str().is_some_and(is_theirs) {
        return Err(denied(
            "Logins don't match. Please include at least one valid login for this identity or identity pool."
                .to_owned(),
        ));
    }
    Ok(claims)
}

/// Asks the role for authenticated callers whether it lets the pool in, with the tags that the pool makes of the claims.
pub fn ask_role(moto: &Moto, pool: &Pool, claims: &Value) -> Result<BTreeMap<String, String>, Refusal> {
    let script = format!(
        "pools = client('cognito-identity')\npool = '{id}'\nrole = pools.get_identity_pool_roles(IdentityPoolId=pool)['Roles']\n\
         role = client('iam').get_role(RoleName=role['authenticated'].split('/')[-1])['Role']\ntags = \
         pools.get_principal_tag_attribute_map(IdentityPoolId=pool, IdentityProviderName='{arn}')['PrincipalTags']\nresult = \
         {{'arn': role['Arn'], 'trust': json.dumps(role['AssumeRolePolicyDocument']), 'tags': tags}}\n",
        id = pool.id,
        arn = pool.arn
    );
    let known = moto.boto3(&script).unwrap();
    let wanted = known["tags"].as_object().unwrap().iter();
    // A claim that the token lacks makes no tag.
    let tags: BTreeMap<String, String> = wanted
        .filter_map(|(tag, claim)| Some((tag.clone(), claims[claim.as_str()?].as_str()?.to_owned())))
        .collect();
    let (policy, arn) = (known["trust"].as_str().unwrap(), known["arn"].as_str().unwrap());
    match trust::decide_pool(policy, arn, &pool.id, &pool.provider, &tags).unwrap() {
        None => Ok(tags),
        Some(_) => Err(Refusal(
            "InvalidIdentityPoolConfigurationException",
            "Invalid identity pool configuration. Check assigned IAM roles for this pool.".to_owned(),
        )),
    }
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
