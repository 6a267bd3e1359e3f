use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512,
    RsaEncoding,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::json;

use super::{Value, encode};
use crate::oidc::jwks::Keys;

/// Signs as an issuer does, with the test key of `tests/keys` (see the README there) or with new keys on curves.
pub struct Issuer {
    rsa: rsa::KeyPair,
    p256: EcdsaKeyPair,
    p384: EcdsaKeyPair,
}

impl Issuer {
    pub fn new() -> Self {
        let pem =
            PrivatePkcs8KeyDer::from_pem_slice(include_bytes!("../../../../tests/keys/client.pkcs8.pem")).unwrap();
        let curve = |algorithm: &'static EcdsaSigningAlgorithm| {
            let random = SystemRandom::new();
            let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
            EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap()
        };
        Self {
            rsa: rsa::KeyPair::from_pkcs8(pem.secret_pkcs8_der()).unwrap(),
            p256: curve(&ECDSA_P256_SHA256_FIXED_SIGNING),
            p384: curve(&ECDSA_P384_SHA384_FIXED_SIGNING),
        }
    }

    pub fn document(&self) -> Value {
        let point = |key: &EcdsaKeyPair, name: &str, curve: &str| {
            let point = &key.public_key().as_ref()[1..];
            let (x, y) = point.split_at(point.len() / 2);
            json!({"kty": "EC", "kid": name, "crv": curve, "x": encode(x), "y": encode(y)})
        };
        let rsa = rsa::PublicKeyComponents::<Vec<u8>>::from(self.rsa.public());
        json!({"keys": [
            {"kty": "RSA", "kid": "rsa", "use": "sig", "n": encode(&rsa.n), "e": encode(&rsa.e)},
            point(&self.p256, "p256", "P-256"),
            point(&self.p384, "p384", "P-384"),
        ]})
    }

    pub fn keys(&self) -> Keys {
        Keys::parse(self.document().to_string().as_bytes()).unwrap()
    }

    fn sign_bytes(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        let rsa = |encoding: &'static dyn RsaEncoding| {
            let mut signature = vec![0; self.rsa.public().modulus_len()];
            self.rsa.sign(encoding, &random, message, &mut signature).unwrap();
            signature
        };
        match algorithm {
            "RS256" => rsa(&RSA_PKCS1_SHA256),
            "RS384" => rsa(&RSA_PKCS1_SHA384),
            "RS512" => rsa(&RSA_PKCS1_SHA512),
            "PS256" => rsa(&RSA_PSS_SHA256),
            "PS384" => rsa(&RSA_PSS_SHA384),
            "PS512" => rsa(&RSA_PSS_SHA512),
            "ES256" => self.p256.sign(&random, message).unwrap().as_ref().to_vec(),
            "ES384" => self.p384.sign(&random, message).unwrap().as_ref().to_vec(),
            other => panic!("{other}"),
        }
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.sign_bytes(header["alg"].as_str().unwrap(), signed.as_bytes());
        format!("{signed}.{}", encode(signature))
    }
}
