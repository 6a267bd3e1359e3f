mod issuer;

use issuer::Issuer;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Error, Kind};

const NOW: i64 = 1_700_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn good_claims() -> Value {
    json!({
        "iss": "https://id.example", "sub": "alice", "aud": "client", "exp": NOW + 3600, "iat": NOW, "nonce": "n-1",
        "email": "alice@example.com",
    })
}

fn expected(nonce: &Secret) -> Expected<'_> {
    Expected {
        issuers: vec!["https://id.example"],
        client_id: "client",
        nonce: Some(nonce),
        subject: None,
        now: at(NOW),
        server_time: None,
    }
}

fn changed(changes: &Value) -> Value {
    let mut claims = good_claims();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        }
    }
    claims
}

/// What becomes of a well signed token with these changes, under these expectations.
fn verdict(changes: &Value, expect: impl FnOnce(&mut Expected<'_>)) -> Result<Claims, Fault> {
    let issuer = Issuer::new();
    let nonce = Secret::new("n-1");
    let mut wanted = expected(&nonce);
    expect(&mut wanted);
    let token = issuer.sign(&json!({"alg": "ES256", "kid": "p256"}), &changed(changes));
    Token::parse(&token).unwrap().verify(&issuer.keys(), &wanted)
}

const CLAIMS_OF_THE_RFC: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// RFC 7515, appendix A.2: RS256.
#[test]
fn the_rsa_signature_of_the_rfc_is_right() {
    let keys = Keys::parse(
        br#"{"keys": [{"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]}"#,
    )
    .unwrap();
    let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let token = format!("eyJhbGciOiJSUzI1NiJ9.{CLAIMS_OF_THE_RFC}.{signature}");
    assert_eq!(Token::parse(&token).unwrap().check_signature(&keys), Ok(()));
    let changed = token.replace("cC4hi", "cC4hj");
    assert_eq!(
        Token::parse(&changed).unwrap().check_signature(&keys),
        Err(Fault::Signature)
    );
}

/// RFC 7515, appendix A.3: ES256.
#[test]
fn the_signature_on_a_curve_of_the_rfc_is_right() {
    let keys = Keys::parse(
        br#"{"keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#,
    )
    .unwrap();
    let token = format!(
        "eyJhbGciOiJFUzI1NiJ9.{CLAIMS_OF_THE_RFC}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    );
    assert_eq!(Token::parse(&token).unwrap().check_signature(&keys), Ok(()));
    let changed = token.replace("DtEh", "DtEi");
    assert_eq!(
        Token::parse(&changed).unwrap().check_signature(&keys),
        Err(Fault::Signature)
    );
}

/// RFC 7515, appendices A.1 (HS256) and A.5 (none). The issuer's public keys must not serve as a shared secret.
#[test]
fn what_proves_nothing_is_refused() {
    let keys = Issuer::new().keys();
    let hmac = format!(
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS_OF_THE_RFC}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
    let none = format!("eyJhbGciOiJub25lIn0.{CLAIMS_OF_THE_RFC}.");
    for (token, name) in [(hmac, "HS256"), (none, "none")] {
        assert_eq!(
            Token::parse(&token).unwrap().check_signature(&keys),
            Err(Fault::Algorithm(name.to_owned()))
        );
    }
    for name in ["None", "NONE", "", "rs256", "RS1", "ES512", "EdDSA", "A128KW"] {
        let token = format!("{}.e30.AA", encode(json!({"alg": name}).to_string()));
        assert_eq!(
            Token::parse(&token).unwrap().check_signature(&keys),
            Err(Fault::Algorithm(name.to_owned()))
        );
    }
}

#[test]
fn every_algorithm_is_verified_and_one_bit_ends_it() {
    let issuer = Issuer::new();
    let keys = issuer.keys();
    let nonce = Secret::new("n-1");
    for (algorithm, _) in SCHEMES {
        let key = match algorithm {
            "ES256" => "p256",
            "ES384" => "p384",
            _ => "rsa",
        };
        let token = issuer.sign(&json!({"alg": algorithm, "kid": key}), &good_claims());
        let claims = Token::parse(&token)
            .unwrap()
            .verify(&keys, &expected(&nonce))
            .unwrap_or_else(|fault| panic!("{algorithm}: {fault}"));
        assert_eq!(claims.email.as_deref(), Some("alice@example.com"));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[10] ^= 1;
        let forged = format!("{signed}.{}", encode(bytes));
        let other = issuer.sign(
            &json!({"alg": algorithm, "kid": key}),
            &changed(&json!({"sub": "mallory"})),
        );
        let exchanged = format!("{}.{signature}", other.rsplit_once('.').unwrap().0);
        for token in [forged, exchanged, format!("{signed}.")] {
            assert_eq!(
                Token::parse(&token).unwrap().check_signature(&keys),
                Err(Fault::Signature),
                "{algorithm}"
            );
        }
    }
}

#[test]
fn a_token_is_judged_by_the_key_that_it_names_or_by_the_only_one_that_fits() {
    let issuer = Issuer::new();
    let check = |header: Value, keys: &Keys| {
        let token = issuer.sign(&header, &good_claims());
        Token::parse(&token).unwrap().check_signature(keys)
    };
    let keys = issuer.keys();
    assert_eq!(check(json!({"alg": "RS256"}), &keys), Ok(()));
    assert_eq!(
        check(json!({"alg": "RS256", "kid": "new"}), &keys),
        Err(Fault::UnknownKey(Some("new".to_owned())))
    );
    // A key of another kind by that name.
    assert_eq!(
        check(json!({"alg": "RS256", "kid": "p256"}), &keys),
        Err(Fault::UnknownKey(Some("p256".to_owned())))
    );
    let with = |change: &dyn Fn(&mut Value)| {
        let mut document = issuer.document();
        change(&mut document);
        Keys::parse(document.to_string().as_bytes()).unwrap()
    };
    let twice = with(&|document| {
        let mut second = document["keys"][0].clone();
        second["kid"] = json!("second");
        document["keys"].as_array_mut().unwrap().push(second);
    });
    assert_eq!(check(json!({"alg": "RS256"}), &twice), Err(Fault::AmbiguousKey));
    assert_eq!(check(json!({"alg": "RS256", "kid": "second"}), &twice), Ok(()));
    // A key for one algorithm is for no other.
    let bound = with(&|document| document["keys"][0]["alg"] = json!("RS512"));
    assert_eq!(check(json!({"alg": "RS512", "kid": "rsa"}), &bound), Ok(()));
    assert!(matches!(
        check(json!({"alg": "PS256", "kid": "rsa"}), &bound),
        Err(Fault::UnknownKey(_))
    ));
    assert_eq!(
        check(json!({"alg": "RS256"}), &Keys::default()),
        Err(Fault::UnknownKey(None))
    );
    assert!(matches!(
        check(json!({"alg": "RS256", "kid": "rsa", "crit": ["b64"]}), &keys),
        Err(Fault::Malformed(_))
    ));
}

#[test]
fn issuer_and_audience_are_exact() {
    assert!(verdict(&json!({}), |_| ()).is_ok());
    for iss in [
        "https://id.example/",
        "https://id.example.evil",
        "http://id.example",
        "",
    ] {
        let fault = verdict(&json!({"iss": iss}), |_| ()).unwrap_err();
        assert!(matches!(fault, Fault::Issuer { .. }), "{iss}: {fault}");
    }
    for aud in [json!("other"), json!("client "), json!(["other"]), json!("clien")] {
        let fault = verdict(&json!({"aud": aud}), |_| ()).unwrap_err();
        assert!(matches!(fault, Fault::Audience { .. }), "{aud}: {fault}");
    }
    for (changes, verified) in [
        (json!({"aud": ["client"]}), Ok(())),
        (json!({"aud": ["other", "client"], "azp": "client"}), Ok(())),
        (json!({"aud": ["other", "client"]}), Err(Fault::Party(None))),
        (
            json!({"aud": ["other", "client"], "azp": "other"}),
            Err(Fault::Party(Some("other".to_owned()))),
        ),
        (json!({"azp": "other"}), Err(Fault::Party(Some("other".to_owned())))),
    ] {
        assert_eq!(verdict(&changes, |_| ()).map(|_| ()), verified, "{changes}");
    }
    let google = verdict(&json!({"iss": "accounts.google.com"}), |expected| {
        expected.issuers.push("accounts.google.com");
    });
    assert!(google.is_ok());
}

#[test]
fn times_have_five_minutes_of_leeway_and_no_second_more() {
    let leeway = LEEWAY.as_secs();
    for (changes, is_good) in [
        (json!({"exp": NOW - leeway + 1, "iat": NOW - 3600}), true),
        (json!({"exp": NOW - leeway, "iat": NOW - 3600}), false),
        (json!({"iat": NOW + leeway}), true),
        (json!({"iat": NOW + leeway + 1}), false),
        (json!({"nbf": NOW + leeway}), true),
        (json!({"nbf": NOW + leeway + 1}), false),
        (json!({"exp": i64::MAX}), false),
        (json!({"exp": i64::MIN}), false),
        (json!({"exp": 253_402_207_200_i64}), true),
        (json!({"iat": -377_705_023_201_i64}), true),
    ] {
        assert_eq!(verdict(&changes, |_| ()).is_ok(), is_good, "{changes}");
    }
}

#[test]
fn a_wrong_clock_is_told_from_an_old_token() {
    let fault = |now: i64, server: Option<i64>, changes: Value| {
        verdict(&changes, |expected| {
            expected.now = at(now);
            expected.server_time = server.map(at);
        })
        .map(|_| ())
    };
    let short = || json!({"exp": NOW + 60});
    // The machine is an hour ahead, or ten minutes behind, of a provider that just issued the token.
    let ahead = fault(NOW + 3600, Some(NOW), short()).unwrap_err();
    assert_eq!(
        ahead,
        Fault::Clock {
            ahead: SignedDuration::from_hours(1)
        }
    );
    assert_eq!(
        ahead.to_string(),
        "the clock of this machine is 60 minutes ahead of the provider's"
    );
    let behind = fault(NOW - 600, Some(NOW), short()).unwrap_err();
    assert_eq!(
        behind.to_string(),
        "the clock of this machine is 10 minutes behind the provider's"
    );
    assert!(Error::from(behind).advice.unwrap().contains("set the clock"));
    // The token is old at the provider as well.
    let old = json!({"exp": NOW - 1000, "iat": NOW - 4000});
    assert!(matches!(fault(NOW, Some(NOW), old.clone()), Err(Fault::Expired { .. })));
    assert!(matches!(fault(NOW + 9000, Some(NOW), old), Err(Fault::Expired { .. })));
    // Nobody knows the time at the provider.
    assert!(matches!(fault(NOW + 3600, None, short()), Err(Fault::Expired { .. })));
    assert!(matches!(fault(NOW - 600, None, short()), Err(Fault::Early { .. })));
    assert_eq!(fault(NOW, Some(NOW + 3600), short()), Ok(()));
}

#[test]
fn a_nonce_that_was_sent_must_come_back() {
    assert_eq!(
        verdict(&json!({"nonce": null}), |_| ()).map(|_| ()),
        Err(Fault::NoNonce)
    );
    for nonce in ["", "n-2", "n-11", "N-1"] {
        assert_eq!(verdict(&json!({"nonce": nonce}), |_| ()).map(|_| ()), Err(Fault::Nonce));
    }
    assert!(verdict(&json!({"nonce": null}), |expected| expected.nonce = None).is_ok());
}

#[test]
fn a_refresh_cannot_change_the_person() {
    assert!(verdict(&json!({}), |expected| expected.subject = Some("alice")).is_ok());
    assert_eq!(
        verdict(&json!({"sub": "mallory"}), |expected| expected.subject = Some("alice")).map(|_| ()),
        Err(Fault::Subject)
    );
}

#[test]
fn what_is_no_token_is_said_to_be_none() {
    let header = encode(r#"{"alg":"RS256"}"#);
    for text in [
        String::new(),
        "..".to_owned(),
        "a.b".to_owned(),
        format!("{header}.e30"),
        format!("{header}.e30.AA.AA"),
        format!("{header}=.e30.AA"),
        format!("{header}.{}.AA", encode("[]")),
        format!("{header}.{}.AA", encode(r#"{"sub":"#)),
        format!("{}.e30.AA", encode("{}")),
        format!("{header}.e30.A+"),
        format!("{header}.e30.AA\n"),
        // Deeply nested.
        format!("{header}.{}.AA", encode(format!("{{\"a\":{}", "[".repeat(30_000)))),
    ] {
        assert!(matches!(Token::parse(&text), Err(Fault::Malformed(_))), "{text:.60}");
    }
    let long = format!("{header}.{}.AA", "A".repeat(LONGEST));
    assert_eq!(Token::parse(&long).map(|_| ()), Err(Fault::TooLong(long.len())));
}

#[test]
fn what_is_said_of_a_token_is_fit_for_a_terminal() {
    let fault = verdict(&json!({"iss": format!("\u{1b}[2J{}", "x".repeat(9000))}), |_| ()).unwrap_err();
    let error = Error::from(fault);
    assert_eq!(error.kind, Kind::Login);
    assert!(
        error.message.len() < 400 && !error.message.contains('\u{1b}'),
        "{error}"
    );
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in any::<String>()) {
        let _ = Token::parse(&text);
    }

    /// Three parts of base64url, so that the JSON within is reached.
    #[test]
    fn nothing_within_makes_it_panic(header in any::<Vec<u8>>(), claims in any::<Vec<u8>>(), signature in any::<Vec<u8>>()) {
        let text = format!("{}.{}.{}", encode(header), encode(claims), encode(signature));
        let _ = Token::parse(&text);
    }

    /// A header that is understood and claims of odd values: no claim of them is believed without a signature, and reading panics never.
    #[test]
    fn odd_claims_are_never_believed(number in any::<f64>(), text in any::<String>(), signature in any::<Vec<u8>>()) {
        let claims = json!({"iss": text, "sub": text, "aud": [text], "exp": number, "iat": number, "nonce": text});
        let whole = format!("{}.{}.{}", encode(r#"{"alg":"ES256"}"#), encode(claims.to_string()), encode(signature));
        let token = Token::parse(&whole).unwrap();
        let nonce = Secret::new(text.clone());
        let keys = Keys::parse(
            br#"{"keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#,
        ).unwrap();
        prop_assert_eq!(token.verify(&keys, &expected(&nonce)), Err(Fault::Signature));
        let _ = Token::parse(&whole).unwrap().unverified();
    }
}
