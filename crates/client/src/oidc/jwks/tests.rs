use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Point of RFC 7515, appendix A.3.
const X: &str = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
const Y: &str = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";

fn count(key: Value) -> usize {
    let document = json!({ "keys": [key] }).to_string();
    Keys::parse(document.as_bytes()).unwrap().0.len()
}

#[test]
fn only_keys_that_can_sign_are_taken() {
    let rsa = || json!({"kty": "RSA", "n": "AQID", "e": "AQAB"});
    let with = |name: &str, value: Value| {
        let mut key = rsa();
        key[name] = value;
        key
    };
    for (key, taken) in [
        (rsa(), 1),
        (with("kty", json!("oct")), 0),
        (with("use", json!("sig")), 1),
        (with("use", json!("enc")), 0),
        (with("key_ops", json!(["verify"])), 1),
        (with("key_ops", json!(["encrypt"])), 0),
        (with("n", json!("")), 0),
        (with("n", json!("not base64!")), 0),
        (with("e", json!(3)), 0),
        (json!({"kty": "EC", "crv": "P-256", "x": X, "y": Y}), 1),
        (json!({"kty": "EC", "crv": "P-384", "x": X, "y": Y}), 0),
        (json!({"kty": "EC", "crv": "P-521", "x": X, "y": Y}), 0),
        (json!({"kty": "EC", "crv": "P-256", "x": X}), 0),
        (json!({"kty": "oct", "k": "c2VjcmV0"}), 0),
        (json!({"kty": "OKP", "crv": "Ed25519", "x": X}), 0),
        (json!({}), 0),
        (json!("RSA"), 0),
    ] {
        assert_eq!(count(key.clone()), taken, "{key}");
    }
}

#[test]
fn a_zero_before_the_modulus_is_no_part_of_it() {
    let of = |n: &str| {
        Keys::parse(
            json!({"keys": [{"kty": "RSA", "n": n, "e": "AQAB"}]})
                .to_string()
                .as_bytes(),
        )
    };
    assert_eq!(of("AAECAw"), of("AQID"));
}

#[test]
fn what_is_no_set_of_keys_is_an_error() {
    for document in ["", "[]", "{}", r#"{"keys": {}}"#, "<html>"] {
        assert!(Keys::parse(document.as_bytes()).is_err(), "{document}");
    }
    assert_eq!(Keys::parse(br#"{"keys": []}"#), Ok(Keys::default()));
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Keys::parse(&bytes);
    }

    /// Documents of the right shape with odd parts, whose keys are then used.
    #[test]
    fn odd_keys_sign_nothing(kty in "RSA|EC|oct", n in "[A-Za-z0-9_=-]{0,90}", e in "[A-Za-z0-9_-]{0,6}", crv in "P-256|P-384|x") {
        let document = json!({"keys": [{"kty": kty, "n": n, "e": e, "crv": crv, "x": n, "y": n}]}).to_string();
        for key in Keys::parse(document.as_bytes()).unwrap().0 {
            for (_, scheme) in crate::oidc::jwt::SCHEMES {
                prop_assert!(!key.is_of(scheme, b"message", b"signature"));
            }
        }
    }
}
