//! Answers that no provider should give.

use std::time::Duration;

use client::Kind;
use client::http::Http;
use client::oidc::client_auth::ClientAuth;
use client::oidc::token::{Client, RefreshError};
use jiff::Timestamp;
use real::oidc::{Endpoint, Fault};

use crate::world::World;

#[test]
fn forged_tokens_are_not_believed_and_odd_answers_are_survived() {
    let world = World::new();
    let (tokens, attempt) = world.sign_in("alice");
    let mut refresh_token = tokens.refresh_token.unwrap();
    // A refreshed id_token has the nonce of its login here, so that one of another login shows.
    for (fault, said) in [
        (Fault::WrongNonce, "nonce of another login"),
        (Fault::WrongAudience, "for the application `another-application`"),
        (Fault::WrongIssuer, "of the issuer `https://issuer.example`"),
        (Fault::Expired, "expired at"),
        (Fault::ClockAhead, "minutes behind the provider's"),
        (Fault::Unsigned, "`none`"),
        (Fault::WrongKey, "the signature of the id_token is wrong"),
    ] {
        world.server.fault(Endpoint::Token, Some(fault)).unwrap();
        let tokens = world.client().refresh(&refresh_token, Timestamp::now()).unwrap();
        let error = world.verified(&tokens, Some(&attempt.nonce)).unwrap_err();
        assert!(error.message.contains(said), "{fault:?}: {error}");
        refresh_token = tokens.refresh_token.unwrap();
    }
    world.server.fault(Endpoint::Token, Some(Fault::WrongSubject)).unwrap();
    let tokens = world.client().refresh(&refresh_token, Timestamp::now()).unwrap();
    let claims = world.verified(&tokens, Some(&attempt.nonce)).unwrap();
    assert_eq!(claims.subject, "somebody-else");
    refresh_token = tokens.refresh_token.unwrap();

    let impatient = Http::new(Duration::from_secs(2));
    let client = Client::new(&impatient, &world.provider, &ClientAuth::Public);
    for (fault, said) in [
        (Fault::Html, "a page instead of JSON"),
        (Fault::Redirect, "a redirect"),
        (Fault::Huge, "larger than 1024 KiB"),
        (Fault::Slow, "did not answer within 2 s"),
        (Fault::Silent, "did not answer within 2 s"),
        (Fault::Unavailable, "HTTP status 503"),
        (Fault::Cut, "no connection"),
    ] {
        world.server.forget().unwrap();
        world.server.fault(Endpoint::Token, Some(fault)).unwrap();
        let error = client.refresh(&refresh_token, Timestamp::now()).unwrap_err();
        let RefreshError::Other(error) = error else {
            panic!("{fault:?} was taken for the end of the grant: {error}")
        };
        assert_eq!(error.kind, Kind::Network, "{fault:?}: {error}");
        assert!(error.message.contains(said), "{fault:?}: {error}");
        let [request] = world.server.requests().unwrap().try_into().unwrap();
        assert_eq!((request.fault, request.status), (Some(fault), None));
        assert!(request.sent < 64 * 1024 * 1024, "{request:?}");
    }
    // The provider itself was asked by none of these, so that its token is still good.
    world.server.fault(Endpoint::Token, None).unwrap();
    let tokens = client.refresh(&refresh_token, Timestamp::now()).unwrap();
    assert_eq!(world.verified(&tokens, None).unwrap().subject, "alice");
}
