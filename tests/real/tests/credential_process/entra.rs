//! Microsoft Entra ID as config.json has it: at the addresses of its authority, which lead to the certified provider, with the secret
//! of the keyring or the assertion of a certificate.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use real::hosts::Hosts;
use real::oidc::{Endpoint, Shape};
use real::secret_service::SecretService;
use real::{paths, python};
use serde_json::{Value, json};

use crate::process::{Ended, Started};
use crate::stage::{Stage, browser};

/// Exit codes of the sub-commands.
const CONFIG: i32 = 3;
const AUTHORITY: &str = "login.microsoftonline.com";
const TENANT: &str = "1b2c3d4e-0000-4000-8000-123456789abc";
const SECRET: &str = "the-secret-of-the-application-0123456789";

/// The provider at Microsoft's addresses.
fn shape(client: Value) -> Shape {
    let at = |path: &str| format!("/{TENANT}/{path}");
    Shape {
        issuer: Some(format!("https://{AUTHORITY}/{TENANT}/v2.0")),
        routes: [
            ("authorization", at("oauth2/v2.0/authorize")),
            ("token", at("oauth2/v2.0/token")),
            ("device_authorization", at("oauth2/v2.0/devicecode")),
            ("jwks", at("discovery/v2.0/keys")),
        ]
        .into(),
        client: Some(client),
    }
}

/// The profile, in which the authority stands as installations have it.
fn profile(more: Value) -> Value {
    let mut profile = json!({
        "provider_type": "azure", "provider_domain": format!("{AUTHORITY}/{TENANT}/v2.0"), "oidc_issuer_url": null,
    });
    for (name, value) in more.as_object().unwrap() {
        profile[name] = value.clone();
    }
    profile
}

/// A home whose way to Microsoft leads to the provider.
struct Tenant {
    stage: Stage,
    hosts: Hosts,
}

impl Tenant {
    fn new(client: Value, more: Value) -> Self {
        let stage = Stage::shaped("a home ", &profile(more), &shape(client));
        let hosts = Hosts::start(&[(AUTHORITY, stage.provider.port())]).unwrap();
        stage.set("HTTPS_PROXY", hosts.proxy());
        stage.set("SSL_CERT_FILE", hosts.authority());
        Self { stage, hosts }
    }

    fn signed_in(&self, started: Started) -> Ended {
        let url = started.url();
        assert!(
            url.starts_with(&format!("https://{AUTHORITY}/{TENANT}/oauth2/v2.0/authorize?")),
            "{url}"
        );
        browser()
            .sign_in_through(&self.hosts.proxy(), &url, "alice", "hunter2")
            .unwrap();
        started.ended()
    }

    /// A login, and a renewal without anybody.
    fn assert_good(&self) {
        let first = self.signed_in(self.stage.start(&[])).credentials();
        self.stage.forget_session();
        let renewed = self.stage.start(&[]).ended();
        assert_ne!(renewed.credentials(), first);
        assert_eq!(
            self.stage.provider.count(Endpoint::Authorization).unwrap(),
            1,
            "{}",
            renewed.stderr
        );
        assert_eq!(self.stage.gate.federated()[0].session_name, "alice@example.com");
    }
}

#[test]
fn the_secret_of_the_keyring_signs_in_and_a_wrong_one_is_told() {
    let client = json!({ "token_endpoint_auth_method": "client_secret_post", "client_secret": SECRET });
    let tenant = Tenant::new(client, json!({ "azure_auth_mode": "secret" }));
    let stage = &tenant.stage;
    stage.hide(SECRET);
    let service = SecretService::start().unwrap();
    stage.set("DBUS_SESSION_BUS_ADDRESS", service.address());
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(code, CONFIG);
    assert_eq!(
        said,
        "the application has a client secret (`azure_auth_mode`), and the keyring has none\n  store it with `credential-process \
         --set-client-secret --profile PROFILE`"
    );
    let store = |secret: &str| {
        stage.hide(secret);
        stage.set("CCWB_CLIENT_SECRET", secret);
        let stored = stage.start(&["--set-client-secret"]).ended();
        assert_eq!(
            (stored.code, stored.stdout.as_str()),
            (Some(0), ""),
            "{}",
            stored.stderr
        );
        stage.unset("CCWB_CLIENT_SECRET");
    };
    store("a-secret-that-has-been-replaced-at-the-provider");
    let (code, said) = tenant.signed_in(stage.start(&["login"])).refusal();
    assert_eq!(code, CONFIG);
    assert!(
        said.starts_with("the provider refused the login (`invalid_client`: client authentication failed)\n"),
        "{said}"
    );
    store(SECRET);
    stage.provider.forget().unwrap();
    tenant.assert_good();
    // Whoever signs out does not lose the application's secret.
    assert_eq!(stage.start(&["logout"]).ended().code, Some(0));
    tenant.signed_in(stage.start(&[])).credentials();
}

/// A certificate and its key in a folder: its public key, and its thumbprint.
fn certificate(folder: &Path, name: &str) -> (Value, String) {
    let environment = python::venv(&paths::repository().join("tests/real/moto/requirements.txt")).unwrap();
    let output = Command::new(environment.join("bin/python"))
        .arg(paths::repository().join("tests/real/oidc/certificate.py"))
        .arg(folder)
        .arg(name)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    (made["jwk"].clone(), made["thumbprint"].as_str().unwrap().to_owned())
}

#[test]
fn the_certificate_of_an_application_signs_in_and_another_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (key, thumbprint) = certificate(folder.path(), "registered");
    certificate(folder.path(), "other");
    let client = json!({
        "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "PS256", "jwks": { "keys": [key] },
    });
    let files = |name: &str| {
        let at = |end: &str| folder.path().join(format!("{name}.{end}"));
        json!({
            "azure_auth_mode": "certificate", "client_certificate_path": at("pem"), "client_certificate_key_path": at("key"),
        })
    };
    let tenant = Tenant::new(client, files("registered"));
    let stage = &tenant.stage;
    tenant.assert_good();
    // What Microsoft knows the certificate by. The certified provider has verified the rest.
    let assertions: Vec<Value> = stage
        .provider
        .secrets()
        .unwrap()
        .iter()
        .filter_map(|secret| URL_SAFE_NO_PAD.decode(secret.split_once('.')?.0).ok())
        .filter_map(|header| serde_json::from_slice::<Value>(&header).ok())
        .filter(|header| header["alg"] == "PS256")
        .collect();
    // Each is used once.
    assert_eq!(assertions.len(), 2);
    assert!(
        assertions
            .iter()
            .all(|header| header["x5t#S256"] == thumbprint.as_str()),
        "{assertions:?}"
    );

    stage.start(&["logout"]).ended();
    stage.configure(&profile(files("other")));
    let (code, said) = tenant.signed_in(stage.start(&["login"])).refusal();
    assert_eq!(code, CONFIG);
    assert!(
        said.starts_with("the provider refused the login (`invalid_client`: client authentication failed)\n"),
        "{said}"
    );
    // The paths of the environment come first; what is wrong with them is told before anybody signs in.
    stage.set("AZURE_CLIENT_CERTIFICATE_PATH", folder.path().join("registered.pem"));
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(code, CONFIG);
    assert!(
        said.starts_with("the key of the client certificate is not that of the certificate\n"),
        "{said}"
    );
    stage.set(
        "AZURE_CLIENT_CERTIFICATE_KEY_PATH",
        folder.path().join("registered.key"),
    );
    tenant.signed_in(stage.start(&[])).credentials();
    fs::remove_file(folder.path().join("registered.key")).unwrap();
    stage.start(&["logout"]).ended();
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(code, CONFIG);
    assert!(
        said.contains("registered.key cannot be read: No such file or directory"),
        "{said}"
    );
}
