use std::time::Duration;

use client_config::{Endpoints, Federation};
use ring::signature::{RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::*;
use crate::http::Http;

/// Test keys: see tests/keys/README.md.
const CERTIFICATE: &[u8] = include_bytes!("../../../tests/keys/client.crt.pem");
const PKCS8: &[u8] = include_bytes!("../../../tests/keys/client.pkcs8.pem");
const PKCS1: &[u8] = include_bytes!("../../../tests/keys/client.pkcs1.pem");
const TOKEN: &str = "https://login.microsoftonline.com/tenant/oauth2/v2.0/token";

fn config(provider: ProviderType, azure: AzureClient, client_secret: Option<&str>) -> Oidc {
    Oidc {
        provider,
        domain: "id.example".to_owned(),
        client_id: "client".to_owned(),
        client_secret: client_secret.map(str::to_owned),
        okta_server: None,
        user_pool: None,
        prompt: None,
        endpoints: Endpoints::default(),
        azure,
        redirect_port: 8400,
        federation: Federation::Cognito {
            identity_pool: "pool".to_owned(),
        },
    }
}

#[test]
fn the_assertion_is_the_one_that_entra_documents() {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    for key in [PKCS8, PKCS1] {
        let certificate = ClientCertificate::from_pem(CERTIFICATE, key).unwrap();
        let assertion = certificate.assertion("client", TOKEN, now).unwrap();
        let parts: Vec<&str> = assertion.expose().split('.').collect();
        let json = |part: &str| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
        assert_eq!(
            json(parts[0]),
            // As `openssl x509 -outform der | openssl dgst -sha256` says it of the certificate.
            json!({"alg": "PS256", "typ": "JWT", "x5t#S256": "51iTALubi9WfxpTyagAuF68J5VVztQq6ARJFtEqirHg"})
        );
        let mut claims = json(parts[1]);
        let id = claims["jti"].take();
        assert_eq!(id.as_str().unwrap().len(), 43);
        assert_eq!(
            claims,
            json!({
                "aud": TOKEN, "iss": "client", "sub": "client", "jti": null,
                "nbf": 1_700_000_000, "iat": 1_700_000_000, "exp": 1_700_000_300,
            })
        );
        // By the other half of the key, with a library that did not sign it.
        let pem = rustls::pki_types::PrivatePkcs8KeyDer::from_pem_slice(PKCS8).unwrap();
        let pair = ring::rsa::KeyPair::from_pkcs8(pem.secret_pkcs8_der()).unwrap();
        let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
        let signed = format!("{}.{}", parts[0], parts[1]);
        assert!(
            public
                .verify(&RSA_PSS_2048_8192_SHA256, signed.as_bytes(), &signature)
                .is_ok()
        );
    }
}

#[test]
fn assertions_are_never_the_same() {
    let certificate = ClientCertificate::from_pem(CERTIFICATE, PKCS8).unwrap();
    let [one, two] = [(); 2].map(|()| certificate.assertion("client", TOKEN, Timestamp::UNIX_EPOCH).unwrap());
    let claims = |secret: &Secret| secret.expose().split('.').nth(1).unwrap().to_owned();
    assert_ne!(claims(&one), claims(&two));
}

#[test]
fn what_does_not_fit_is_said_with_what_to_do() {
    let other = include_bytes!("../../../tests/keys/other.pkcs8.pem");
    let curve = include_bytes!("../../../tests/keys/curve.pkcs8.pem");
    let locked = include_bytes!("../../../tests/keys/client.locked.pem");
    for (certificate, key, part) in [
        (CERTIFICATE, &other[..], "is not that of the certificate"),
        (CERTIFICATE, &curve[..], "is no RSA key"),
        (CERTIFICATE, &locked[..], "has a passphrase"),
        (CERTIFICATE, CERTIFICATE, "no private key in PEM"),
        (CERTIFICATE, b"", "no private key in PEM"),
        (PKCS8, PKCS8, "no certificate in PEM"),
        (b"\xff\xfe", PKCS8, "no certificate in PEM"),
    ] {
        let error = ClientCertificate::from_pem(certificate, key).unwrap_err();
        assert_eq!(error.kind, Kind::Config);
        assert!(error.message.contains(part), "{error}");
        assert!(error.advice.is_some());
    }
}

#[test]
fn files_that_are_not_there_are_named() {
    let missing = Path::new("/nonexistent/cert.pem");
    let error = ClientCertificate::load(missing, missing).unwrap_err();
    assert!(error.message.contains("/nonexistent/cert.pem"), "{error}");
    let unnamed = ClientCertificate::load(Path::new(""), missing).unwrap_err();
    assert!(unnamed.message.contains("`client_certificate_path`"), "{unnamed}");
    assert!(unnamed.advice.unwrap().contains("AZURE_CLIENT_CERTIFICATE_PATH"));
}

#[test]
fn each_provider_proves_itself_in_its_own_way() {
    use ProviderType::{Azure, Generic, Google, Okta};
    let of = |provider, azure, secret, keyring: Option<&str>| {
        ClientAuth::of(&config(provider, azure, secret), keyring.map(Secret::new))
    };
    let known = Provider::resolve(&config(Okta, AzureClient::Public, None), &Http::new(Duration::ZERO)).unwrap();
    let secret_of = |auth: ClientAuth| {
        let proof = auth.proof(&known, Timestamp::UNIX_EPOCH).unwrap();
        assert!(proof.authorization.is_none());
        proof
            .fields
            .iter()
            .filter(|(name, _)| *name != "client_id")
            .map(|(name, value)| format!("{name}={}", value.expose()))
            .collect::<Vec<_>>()
    };
    assert!(secret_of(of(Okta, AzureClient::Public, None, None).unwrap()).is_empty());
    assert_eq!(
        secret_of(of(Google, AzureClient::Public, Some("g"), None).unwrap()),
        ["client_secret=g"]
    );
    assert_eq!(
        secret_of(of(Generic, AzureClient::Public, Some("s"), None).unwrap()),
        ["client_secret=s"]
    );
    assert_eq!(
        secret_of(of(Azure, AzureClient::Secret, None, Some("k")).unwrap()),
        ["client_secret=k"]
    );
    // Entra refuses a public client that sends a secret.
    assert!(secret_of(of(Azure, AzureClient::Public, Some("s"), Some("k")).unwrap()).is_empty());
    for keyring in [None, Some("")] {
        let error = of(Azure, AzureClient::Secret, None, keyring).unwrap_err();
        assert!(error.advice.unwrap().contains("--set-client-secret"));
    }
    assert_eq!(
        of(Google, AzureClient::Public, None, None).unwrap_err().kind,
        Kind::Config
    );
}

#[test]
fn keys_are_not_shown() {
    let shown = format!(
        "{:?}",
        [
            ClientAuth::Secret(Secret::new("hunter2")),
            ClientAuth::Certificate(ClientCertificate::from_pem(CERTIFICATE, PKCS8).unwrap()),
        ]
    );
    assert!(!shown.contains("hunter2") && shown.len() < 200, "{shown}");
}
