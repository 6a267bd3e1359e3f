//! IAM Identity Center.

use std::path::Path;
use std::time::Duration;

use client::federation::identity_center::logins::Logins;
use client::federation::identity_center::{Client, Poll, Registration, Renewal, Session, Token};
use client::http::Http;
use client::{Kind, Secret};
use client_config::IdentityCenter;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::server::{Server, http};
use crate::{Pauses, environment, now};

const START: &str = "https://acme.awsapps.com/start";

fn settings() -> IdentityCenter {
    IdentityCenter {
        start_url: START.to_owned(),
        region: "eu-west-1".to_owned(),
        account_id: "123456789012".to_owned(),
        permission_set: "Dev Ops".to_owned(),
    }
}

fn after(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

fn kept(minutes: i64) -> Token {
    let registration = Registration {
        client_id: "id".to_owned(),
        client_secret: Secret::new("cs"),
        expires: after(10_000),
    };
    Token {
        access_token: Secret::new("at-0"),
        expires: after(minutes),
        renewal: Some(Renewal {
            refresh_token: Secret::new("rt-0"),
            registration,
        }),
    }
}

fn with<T>(server: &Server, test: impl FnOnce(&Client<'_>) -> T) -> T {
    let (http, settings): (Http, _) = (http(), settings());
    test(&Client::new(&http, &settings, &environment(server)).unwrap())
}

fn cache(folder: &Path) -> Logins {
    Logins::named(folder, [START])
}

/// The session's token and what was asked, with this token kept and this answer at the instance.
fn session(
    token: &Token,
    answer: Option<(u16, Value)>,
) -> (Result<Session, client::Error>, Vec<String>, Option<Token>) {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let cache = cache(folder.path());
    cache.save(token, &settings()).unwrap();
    if let Some((status, body)) = answer {
        server.answer(status, &body);
    }
    let session = with(&server, |client| client.session(&cache, now()));
    let asked = server.requests().into_iter().map(|request| request.body).collect();
    (session, asked, cache.load().tokens.pop())
}

fn access(session: Result<Session, client::Error>) -> Option<String> {
    match session.unwrap() {
        Session::Good(token) => Some(token.access_token.expose().to_owned()),
        Session::NotKept(_, error) => panic!("{error}"),
        Session::Absent(_) => None,
    }
}

fn start(server: &Server, uri: &str) {
    server.answer(
        200,
        &json!({"clientId": "id", "clientSecret": "cs", "clientSecretExpiresAt": 1_800_000_000}),
    );
    server.answer(
        200,
        &json!({"deviceCode": "dc", "userCode": "ABCD-EFGH", "verificationUri": uri, "expiresIn": 600, "interval": 1}),
    );
}

#[test]
fn a_login_is_registered_shown_and_waited_for() {
    let server = Server::start();
    start(&server, "https://device.sso.eu-west-1.amazonaws.com/");
    server.answer(400, &json!({"error": "authorization_pending"}));
    server.answer(400, &json!({"error": "slow_down"}));
    server.hang_up();
    server.answer(
        200,
        &json!({"accessToken": "at", "expiresIn": 3600, "refreshToken": "rt", "tokenType": "Bearer"}),
    );
    let token = with(&server, |client| {
        let mut device = client.start_device().unwrap();
        assert_eq!(
            (device.user_code.as_str(), device.interval()),
            ("ABCD-EFGH", Duration::from_secs(1))
        );
        for seconds in [1, 6, 12] {
            match client.poll_device(&mut device, now()).unwrap() {
                Poll::Again(pause) => assert_eq!(pause, Duration::from_secs(seconds)),
                Poll::Done(_) => panic!("too early"),
            }
        }
        match client.poll_device(&mut device, now()).unwrap() {
            Poll::Done(token) => token,
            Poll::Again(_) => panic!("not yet"),
        }
    });
    assert_eq!((token.access_token.expose(), token.expires), ("at", after(60)));
    assert_eq!(token.renewal.unwrap().registration.client_id, "id");
    let requests = server.requests();
    let lines: Vec<&str> = requests.iter().map(|request| request.line.as_str()).collect();
    assert_eq!(
        lines[..3],
        ["POST /client/register", "POST /device_authorization", "POST /token"]
    );
    let body = |index: usize| serde_json::from_str::<Value>(&requests[index].body).unwrap();
    assert_eq!(body(0)["scopes"], json!(["sso:account:access"]));
    assert_eq!(
        body(1),
        json!({"clientId": "id", "clientSecret": "cs", "startUrl": START})
    );
    assert_eq!(
        body(2),
        json!({
            "clientId": "id", "clientSecret": "cs", "grantType": "urn:ietf:params:oauth:grant-type:device_code", "deviceCode": "dc",
        })
    );
}

#[test]
fn a_login_ends_where_it_must() {
    for (status, error, kind) in [
        (400, "access_denied", Kind::Login),
        (400, "expired_token", Kind::Login),
        (400, "invalid_request", Kind::Config),
    ] {
        let server = Server::start();
        start(&server, "https://device.example/");
        server.answer(status, &json!({"error": error}));
        let failed = with(&server, |client| {
            let mut device = client.start_device().unwrap();
            client.poll_device(&mut device, now()).unwrap_err()
        });
        assert_eq!(failed.kind, kind, "{failed}");
    }
    let server = Server::start();
    server.answer_with(403, "", "<html>");
    let failed = with(&server, |client| client.start_device().unwrap_err());
    assert_eq!(failed.kind, Kind::Network);
    let server = Server::start();
    start(&server, "http://evil.example/");
    let failed = with(&server, |client| client.start_device().unwrap_err());
    assert!(failed.message.contains("must begin with https"), "{failed}");
}

/// The instance has rotated it by then: nobody would get it again.
#[test]
fn a_renewed_token_is_good_even_where_it_cannot_be_kept() {
    let server = Server::start();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("cache");
    let cache = cache(&folder);
    cache.save(&kept(-1), &settings()).unwrap();
    let answer = json!({"accessToken": "at-1", "expiresIn": 3600, "refreshToken": "rt-1"});
    server.answer_after(200, &answer, move || {
        std::fs::remove_dir_all(&folder).unwrap();
        std::fs::write(&folder, "no folder").unwrap();
    });
    match with(&server, |client| client.session(&cache, now())).unwrap() {
        Session::NotKept(token, error) => {
            assert_eq!(token.access_token.expose(), "at-1");
            assert!(
                error
                    .to_string()
                    .contains("a file is where one of its folders has to be"),
                "{error}"
            );
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_token_of_the_cli_is_used_and_renewed() {
    let (found, asked, _) = session(&kept(15), None);
    assert_eq!((access(found).as_deref(), asked.len()), (Some("at-0"), 0));

    let answer = json!({"accessToken": "at-1", "expiresIn": 3600, "refreshToken": "rt-1"});
    let (found, asked, file) = session(&kept(14), Some((200, answer)));
    assert_eq!(access(found).as_deref(), Some("at-1"));
    let body: Value = serde_json::from_str(&asked[0]).unwrap();
    let expected =
        json!({"clientId": "id", "clientSecret": "cs", "grantType": "refresh_token", "refreshToken": "rt-0"});
    assert_eq!(body, expected);
    let file = file.unwrap();
    assert_eq!(file.access_token.expose(), "at-1");
    assert_eq!(file.renewal.unwrap().refresh_token.expose(), "rt-1");

    // Without a new refresh token the old one stays good.
    let (_, _, file) = session(
        &kept(14),
        Some((200, json!({"accessToken": "at-1", "expiresIn": 3600}))),
    );
    assert_eq!(file.unwrap().renewal.unwrap().refresh_token.expose(), "rt-0");
}

#[test]
fn until_its_end_a_token_is_good_whatever_becomes_of_its_renewal() {
    let refused = || Some((400, json!({"error": "invalid_grant"})));
    assert_eq!(access(session(&kept(5), refused()).0).as_deref(), Some("at-0"));
    assert_eq!(
        access(session(&kept(5), Some((500, json!({})))).0).as_deref(),
        Some("at-0")
    );
    assert_eq!(access(session(&kept(-1), refused()).0), None);
    let error = session(&kept(-1), Some((500, json!({})))).0.unwrap_err();
    assert_eq!(error.kind, Kind::Network);
    let mut ended = kept(-1);
    ended.renewal.as_mut().unwrap().registration.expires = after(-1);
    let (found, asked, _) = session(&ended, None);
    assert_eq!((access(found), asked.len()), (None, 0));
}

#[test]
fn a_refusal_is_not_believed_when_somebody_else_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let cache = cache(folder.path());
    cache.save(&kept(-1), &settings()).unwrap();
    // The AWS CLI renews between our reading and our question.
    let other = {
        let mut other = kept(60);
        other.access_token = Secret::new("at-cli");
        other
    };
    let server = Server::start();
    let cli = (cache.clone(), other);
    server.answer_after(400, &json!({"error": "invalid_grant"}), move || {
        cli.0.save(&cli.1, &settings()).unwrap()
    });
    let found = with(&server, |client| client.session(&cache, now()));
    assert_eq!(access(found).as_deref(), Some("at-cli"));
}

fn named(name: &str, minutes: i64) -> Token {
    let mut token = kept(minutes);
    token.access_token = Secret::new(format!("at-{name}"));
    token
}

#[test]
fn of_several_logins_the_one_that_ends_last_counts() {
    let folder = tempfile::tempdir().unwrap();
    let one = |name: &str| Logins::named(folder.path(), [name]);
    let both = Logins::named(folder.path(), [START, "session"]);
    let server = Server::start();
    let found = |logins: &Logins| access(with(&server, |client| client.session(logins, now())));
    assert_eq!(found(&both), None);
    one("session").save(&named("session", 60), &settings()).unwrap();
    assert_eq!(found(&both).as_deref(), Some("at-session"));
    for (minutes, counts) in [(30, "at-session"), (90, "at-url"), (-5, "at-session")] {
        one(START).save(&named("url", minutes), &settings()).unwrap();
        assert_eq!(found(&both).as_deref(), Some(counts), "{minutes}");
    }
    assert!(server.requests().is_empty());
    // One that cannot be used hides no other.
    std::fs::write(one(START).files()[0].path(), "{}").unwrap();
    assert_eq!(found(&both).as_deref(), Some("at-session"));

    // A new login is for all of them, and a renewed one takes nobody else's place.
    both.save(&named("new", -1), &settings()).unwrap();
    assert_eq!(one(START).load(), one("session").load());
    server.answer(200, &json!({"accessToken": "at-renewed", "expiresIn": 3600}));
    assert_eq!(found(&both).as_deref(), Some("at-renewed"));
    assert_eq!(server.requests().len(), 1);
    for name in [START, "session"] {
        assert_eq!(one(name).load().tokens[0].access_token.expose(), "at-renewed");
    }
    one(START).save(&named("url", 14), &settings()).unwrap();
    one("session").save(&named("session", 10), &settings()).unwrap();
    server.answer(200, &json!({"accessToken": "at-renewed", "expiresIn": 3600}));
    assert_eq!(found(&both).as_deref(), Some("at-renewed"));
    assert_eq!(one("session").load().tokens[0].access_token.expose(), "at-session");

    // Where the last one cannot be renewed, another may be.
    let mut bare = named("bare", -1);
    bare.renewal = None;
    one(START).save(&bare, &settings()).unwrap();
    one("session").save(&named("session", -9), &settings()).unwrap();
    server.answer(200, &json!({"accessToken": "at-second", "expiresIn": 3600}));
    assert_eq!(found(&both).as_deref(), Some("at-second"));
}

#[test]
fn credentials_are_those_of_the_permission_set() {
    let server = Server::start();
    server.answer(429, &json!({"__type": "TooManyRequestsException", "message": "m"}));
    server.answer(
        200,
        &json!({"roleCredentials": {
            "accessKeyId": "A", "secretAccessKey": "S", "sessionToken": "T", "expiration": 1_796_083_200_123_i64,
        }}),
    );
    let pauses = Pauses::default();
    let credentials = with(&server, |client| client.role_credentials(&kept(60), &pauses.sleep())).unwrap();
    assert_eq!((credentials.secret.expose(), pauses.count()), ("S", 1));
    assert_eq!(credentials.expiration.unwrap().as_second(), 1_796_083_200);
    let request = server.requests().remove(1);
    assert_eq!(
        request.line,
        "GET /federation/credentials?account_id=123456789012&role_name=Dev%20Ops"
    );
    assert!(
        request.headers.contains("x-amz-sso_bearer_token: at-0\n"),
        "{}",
        request.headers
    );
}

#[test]
fn refused_credentials_say_what_to_do() {
    for (status, body, kind, advice) in [
        (
            401,
            json!({"__type": "x#UnauthorizedException", "message": "Session token not found or invalid"}),
            Kind::Interaction,
            "--login",
        ),
        (401, json!({"message": "m"}), Kind::Interaction, "--login"),
        (
            403,
            json!({"__type": "x#ForbiddenException", "message": "No access"}),
            Kind::Federation,
            "Dev Ops",
        ),
        (
            400,
            json!({"__type": "InvalidRequestException", "message": "m"}),
            Kind::Config,
            "idc_account_id",
        ),
    ] {
        let server = Server::start();
        server.answer(status, &body);
        let error = with(&server, |client| client.role_credentials(&kept(60), &|_| {})).unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(error.advice.unwrap().contains(advice));
    }
    // Named in the header alone.
    let server = Server::start();
    let header = "x-amzn-ErrorType: TooManyRequestsException:http://internal.amazon.com/\r\n";
    for _ in 0..3 {
        server.answer_with(400, header, r#"{"message": "slow"}"#);
    }
    let error = with(&server, |client| client.role_credentials(&kept(60), &|_| {})).unwrap_err();
    assert_eq!((error.kind, server.requests().len()), (Kind::Network, 3), "{error}");
    assert!(error.message.ends_with("TooManyRequestsException: slow"), "{error}");
}
