//! What holds for every input. `cargo test` tries it on inputs that are made for it, and the targets in `fuzz/` on those that
//! libFuzzer finds: both run this file.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::Secret;
use client::login::callback::{Said, judged, target};
use client::oidc::jwks::Keys;
use client::oidc::jwt::{Expected, Fault, Token};
use client::oidc::pkce::Attempt;
use client_config::{Access, Config};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value};

/// Stands where a secret stood. An input that has it elsewhere shows nothing: libFuzzer finds what inputs are compared with.
const MARK: &str = "a-secret-of-these-tests-alone";
/// State of the login whose answers are judged.
pub const STATE: &str = "c3RhdGU";

/// Reading config.json: it comes back when it is written again, both forms are the same, and no error shows a secret.
pub fn config(text: &str) {
    let Ok(config) = Config::parse(text) else {
        return;
    };
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    if has_fractions(&value) {
        return;
    }
    assert_eq!(Config::parse(&value.to_string()).as_ref(), Ok(&config));
    let mut old = value.as_object().unwrap().clone();
    let mut profiles = match old.remove("profiles") {
        Some(Value::Object(profiles)) => profiles,
        _ => old,
    };
    let new = Value::Object(Map::from_iter([(
        "profiles".to_owned(),
        Value::Object(profiles.clone()),
    )]));
    assert_eq!(Config::parse(&new.to_string()).as_ref(), Ok(&config));
    assert!(config.names().next().is_some());

    if value.to_string().contains(MARK) {
        return;
    }
    for profile in profiles.values_mut().filter_map(Value::as_object_mut) {
        if profile.get("client_secret").is_some_and(Value::is_string) {
            profile.insert("client_secret".to_owned(), Value::from(MARK));
        }
    }
    let marked =
        Config::parse(&Value::Object(Map::from_iter([("profiles".to_owned(), Value::Object(profiles))])).to_string());
    let marked = marked.unwrap();
    for name in config.names() {
        match (config.profile(name), marked.profile(name)) {
            (Ok(read), Ok(marked)) => {
                assert_eq!(read.name, name);
                assert!(
                    read.name
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "-_.@+".contains(c))
                );
                if let (Access::Oidc(read), Access::Oidc(marked)) = (read.access, marked.access) {
                    // An empty text is no secret.
                    assert_eq!(read.client_id, marked.client_id);
                    assert_ne!(read.redirect_port, 0);
                }
            }
            (Err(error), Err(marked)) => {
                assert!(!marked.to_string().contains(MARK), "{marked}");
                assert!(!error.to_string().is_empty());
            }
            (read, marked) => assert_eq!(
                read.is_ok(),
                marked.is_ok(),
                "{name}: what a secret is changes nothing else"
            ),
        }
    }
}

/// Whether a number in it is not whole. Such numbers come back a little different, and no field is one.
fn has_fractions(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(all) => all.iter().any(has_fractions),
        Value::Object(fields) => fields.values().any(has_fractions),
        _ => false,
    }
}

/// Reading a token: what is taken is what stands there, nobody's signature makes it believed, and no fault shows it.
pub fn jwt(text: &str) {
    let quiet = |fault: &dyn std::fmt::Display, part: &str, besides: &str| {
        let shown = fault.to_string();
        assert!(
            part.len() < 24 || besides.contains(part) || !shown.contains(part),
            "{shown}"
        );
    };
    let token = match Token::parse(text) {
        Ok(token) => token,
        // Of what cannot be taken apart nothing is shown at all.
        Err(fault) => return assert!(matches!(fault, Fault::TooLong(_) | Fault::Malformed(_)), "{fault}"),
    };
    let parts: Vec<&str> = text.split('.').collect();
    let [header, claims, signature] = parts[..] else {
        panic!("it has {} parts", parts.len());
    };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).unwrap();
    // What nobody asks for in it is skipped, readable or not.
    let header = decoded(header);
    let said: Map<String, Value> = serde_json::from_slice(&decoded(claims)).unwrap();
    decoded(signature);
    let besides = format!(
        "{:?}{}{said:?}",
        serde_json::from_slice::<Value>(&header),
        String::from_utf8_lossy(&header)
    );

    let expected = Expected {
        issuers: said.get("iss").and_then(Value::as_str).into_iter().collect(),
        client_id: said.get("aud").and_then(Value::as_str).unwrap_or_default(),
        nonce: None,
        subject: None,
        now: Timestamp::UNIX_EPOCH,
        server_time: None,
    };
    // Whatever it says of itself: without a key nothing is believed, with a key that did not sign it neither.
    for keys in [Keys::default(), key()] {
        let fault = Token::parse(text).unwrap().verify(&keys, &expected).err().unwrap();
        quiet(&fault, text, "");
        quiet(&fault, signature, &besides);
    }
    match token.unverified() {
        Ok(claims) => assert_eq!(Some(claims.issuer.as_str()), said.get("iss").and_then(Value::as_str)),
        Err(fault) => {
            quiet(&fault, text, "");
            quiet(&fault, signature, &besides);
        }
    }
}

/// A key of a curve, whose private half nobody kept: the point of RFC 7515, appendix A.3.
fn key() -> Keys {
    Keys::parse(
        br#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#,
    )
    .unwrap()
}

fn attempt() -> Attempt {
    Attempt {
        verifier: Secret::new(MARK),
        state: Secret::new(STATE),
        nonce: Secret::new(MARK),
        issuers: Vec::new(),
        is_named: false,
    }
}

/// What a browser or anybody else sends to the loopback: only an answer with the state of the login says anything, and no answer
/// makes a terminal do what it should not.
pub fn callback(head: &[u8]) {
    let Some(target) = target(head) else {
        return;
    };
    assert!(head.starts_with(format!("GET {target} HTTP/1.").as_bytes()));
    let (_, query) = target.split_once('?').unwrap_or_default();
    let states = query.split('&').filter(|field| field.starts_with("state=")).count();
    match judged(&target, &attempt()) {
        Said::Code(code) => {
            assert!(target.starts_with("/callback?") && states <= 1, "{target}");
            assert!(!code.is_empty());
            // The same code comes out when it is written anew.
            let again = format!(
                "/callback?code={}&state={STATE}",
                utf8_percent_encode(code.expose(), NON_ALPHANUMERIC)
            );
            assert!(matches!(judged(&again, &attempt()), Said::Code(same) if same == code));
        }
        Said::Refused(error) => {
            assert!(target.starts_with("/callback?") && states <= 1, "{target}");
            let shown = error.to_string();
            let mut sent = percent_decode_str(&target).decode_utf8_lossy().into_owned();
            sent.retain(|c| !c.is_control());
            assert!(!shown.contains(MARK) || sent.contains(MARK), "{shown:?}");
            assert!(!shown.chars().any(char::is_control), "{shown:?}");
            assert!(shown.chars().count() < 1000, "{shown}");
        }
        Said::Foreign => assert!(target.split('?').next() == Some("/callback")),
        Said::Other => assert!(target.split('?').next() != Some("/callback")),
    }
}
