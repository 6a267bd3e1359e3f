//! What is made of the answers of Amazon Cognito. What is sent is shown in tests/federation.

use client_config::Config;
use serde_json::Value;

use super::*;
use crate::federation::made::claims;

fn oidc(more: Value) -> Oidc {
    let mut profile =
        json!({ "client_id": "client", "identity_pool_id": "us-east-1:00000000-0000-0000-0000-000000000000" });
    for (name, value) in more.as_object().unwrap() {
        profile[name] = value.clone();
    }
    let config = Config::parse(&json!({ "profiles": { "p": profile } }).to_string()).unwrap();
    match config.profile("p").unwrap().access {
        client_config::Access::Oidc(oidc) => *oidc,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_login_key_is_that_of_the_contract() {
    for (more, issuer, key) in [
        (
            json!({"provider_domain": "acme.okta.com"}),
            "https://acme.okta.com",
            "acme.okta.com",
        ),
        (
            json!({"provider_domain": "acme.okta.com", "okta_auth_server_id": "default"}),
            "https://acme.okta.com/oauth2/default",
            "acme.okta.com/oauth2/default",
        ),
        (
            json!({"provider_domain": "acme.auth0.com"}),
            "https://acme.auth0.com/",
            "acme.auth0.com",
        ),
        (
            json!({"provider_domain": "login.microsoftonline.com/t/v2.0"}),
            "https://login.microsoftonline.com/t/v2.0",
            "login.microsoftonline.com/t/v2.0",
        ),
        (
            json!({"provider_domain": "a.auth.us-east-1.amazoncognito.com", "cognito_user_pool_id": "us-east-1_aBc"}),
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_aBc",
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_aBc",
        ),
    ] {
        assert_eq!(login_key(&oidc(more), &claims(issuer)), key);
    }
}

#[test]
fn the_pool_says_its_region() {
    let at = |pool: &str| endpoint(pool, &Environment::default());
    let pool = "eu-west-1:1234abcd-0000-0000-0000-000000000000";
    assert_eq!(
        at(pool).unwrap().at("/"),
        "https://cognito-identity.eu-west-1.amazonaws.com/"
    );
    for pool in ["", "my-pool", ":12", "eu-west-1:", "evil.example/:12", "eu-west-1:a b"] {
        assert_eq!(at(pool).unwrap_err().kind, Kind::Config, "{pool}");
    }
}

#[test]
fn each_refusal_has_its_kind_and_advice() {
    let token = Secret::new("t");
    let claims = claims("https://id.example");
    let request = Request {
        pool: "us-east-1:12",
        login: "id.example",
        token: &token,
        claims: &claims,
    };
    for (code, message, kind, advice) in [
        (
            "NotAuthorizedException",
            "Token is not from a supported provider of this identity pool.",
            Kind::Federation,
            "provider id.example must be one",
        ),
        (
            "NotAuthorizedException",
            "Invalid login token. Token expired: 1 >= 0",
            Kind::Interaction,
            "sign in again",
        ),
        (
            "NotAuthorizedException",
            "Logins don't match. Please include at least one valid login",
            Kind::Federation,
            "belongs to another login",
        ),
        (
            "InvalidParameterException",
            "Please provide a valid public provider",
            Kind::Federation,
            "audience client",
        ),
        (
            "ResourceNotFoundException",
            "IdentityPool 'x' not found.",
            Kind::Config,
            "identity_pool_id",
        ),
        (
            "InvalidIdentityPoolConfigurationException",
            "",
            Kind::Federation,
            "sts:TagSession",
        ),
        ("TooManyRequestsException", "", Kind::Network, "try again"),
        ("Unheard", "", Kind::Federation, "us-east-1:12"),
    ] {
        let fault = Fault {
            status: 400,
            code: code.to_owned(),
            message: message.to_owned(),
        };
        let error = refusal::explain(&fault, "GetId", &request);
        assert_eq!(error.kind, kind, "{code}");
        assert!(error.advice.as_deref().unwrap().contains(advice), "{error}");
    }
}

#[test]
fn credentials_are_read_whole_or_not_at_all() {
    let answer = |credentials: Value| Answer {
        status: 200,
        body: json!({"IdentityId": "i", "Credentials": credentials})
            .to_string()
            .into_bytes(),
        date: None,
        error_type: None,
    };
    let whole = json!({"AccessKeyId": "A", "SecretKey": "S", "SessionToken": "T", "Expiration": 1_700_000_000.5});
    let credentials = read(&answer(whole.clone())).unwrap();
    assert_eq!(
        (credentials.secret.expose(), credentials.session_token.expose()),
        ("S", "T")
    );
    assert_eq!(
        credentials.expiration,
        Some(Timestamp::from_second(1_700_000_000).unwrap())
    );
    for (name, value) in [
        ("SecretKey", Value::Null),
        ("Expiration", json!(1e300)),
        ("Expiration", json!("soon")),
    ] {
        let mut half = whole.clone();
        half[name] = value;
        assert_eq!(read(&answer(half)).unwrap_err().kind, Kind::Network, "{name}");
    }
}
