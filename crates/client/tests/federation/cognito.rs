//! Identity pools of Amazon Cognito.

use client::Kind;
use client::federation::cognito::{Request, credentials, endpoint};
use serde_json::{Value, json};

use crate::server::{Server, http};
use crate::{Pauses, TOKEN, claims, environment, token};

const POOL: &str = "us-east-1:00000000-0000-0000-0000-000000000000";

fn asked(server: &Server, pauses: &Pauses) -> Result<client::credentials::Credentials, client::Error> {
    let (token, claims) = (token(), claims());
    let request = Request {
        pool: POOL,
        login: "id.example/x",
        token: &token,
        claims: &claims,
    };
    credentials(
        &http(),
        &endpoint(POOL, &environment(server))?,
        &request,
        &pauses.sleep(),
    )
}

#[test]
fn the_enhanced_flow_is_two_questions() {
    let (server, pauses) = (Server::start(), Pauses::default());
    server.answer(
        400,
        &json!({"__type": "TooManyRequestsException", "message": "Rate exceeded"}),
    );
    server.answer(200, &json!({"IdentityId": "us-east-1:i"}));
    server.answer(
        200,
        &json!({"IdentityId": "us-east-1:i", "Credentials": {
            "AccessKeyId": "A", "SecretKey": "S", "SessionToken": "T", "Expiration": 1_796_083_200.0,
        }}),
    );
    assert_eq!(asked(&server, &pauses).unwrap().secret.expose(), "S");
    assert_eq!(pauses.count(), 1);
    let requests = server.requests();
    let logins = json!({"id.example/x": TOKEN});
    for (request, operation, body) in [
        (&requests[0], "GetId", json!({"IdentityPoolId": POOL, "Logins": logins})),
        (&requests[1], "GetId", json!({"IdentityPoolId": POOL, "Logins": logins})),
        (
            &requests[2],
            "GetCredentialsForIdentity",
            json!({"IdentityId": "us-east-1:i", "Logins": logins}),
        ),
    ] {
        assert_eq!(request.line, "POST /");
        assert_eq!(serde_json::from_str::<Value>(&request.body).unwrap(), body);
        let target = format!("x-amz-target: AWSCognitoIdentityService.{operation}\n");
        assert!(request.headers.contains(&target), "{}", request.headers);
        assert!(request.headers.contains("content-type: application/x-amz-json-1.1\n"));
    }
}

#[test]
fn a_refusal_ends_it_and_repeats_no_token() {
    let server = Server::start();
    server.answer(
        400,
        &json!({"__type": "NotAuthorizedException", "message": format!("Invalid login token {TOKEN}")}),
    );
    let error = asked(&server, &Pauses::default()).unwrap_err();
    assert_eq!((error.kind, server.requests().len()), (Kind::Federation, 1));
    assert!(!error.to_string().contains(TOKEN), "{error}");
}

#[test]
fn what_is_no_json_is_the_networks() {
    let server = Server::start();
    for status in [200, 403, 502] {
        server.answer_with(status, "", "<html>");
        assert_eq!(asked(&server, &Pauses::default()).unwrap_err().kind, Kind::Network);
    }
}
