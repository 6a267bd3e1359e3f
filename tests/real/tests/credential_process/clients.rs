//! Applications that prove themselves with a secret, at a provider that asks for it.

use real::oidc::{Endpoint, Shape};
use serde_json::{Value, json};

use crate::stage::Stage;

/// Exit code of the sub-commands.
const CONFIG: i32 = 3;
const SECRET: &str = "the-secret-of-the-application-0123456789";
const WRONG: &str = "the-secret-of-another-application-012345";

fn shape(method: &str) -> Shape {
    Shape {
        client: Some(json!({ "token_endpoint_auth_method": method, "client_secret": SECRET })),
        ..Shape::default()
    }
}

#[test]
fn a_secret_of_the_configuration_signs_in_and_renews() {
    for method in ["client_secret_post", "client_secret_basic"] {
        let stage = Stage::shaped("a home ", &json!({ "client_secret": SECRET }), &shape(method));
        stage.hide(SECRET);
        stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        let first = stage.start(&[]).ended().credentials();
        stage.forget_session();
        let renewed = stage.start(&[]).ended();
        assert_ne!(renewed.credentials(), first, "{method}");
        assert_eq!(
            stage.provider.count(Endpoint::Authorization).unwrap(),
            1,
            "{}",
            renewed.stderr
        );
        // What helps from afar says that there is one, and not which.
        let explained = stage.start(&["explain"]).ended();
        let explained: Value = serde_json::from_str(&explained.stdout).unwrap();
        assert_eq!(explained["auth"]["client"], "secret of config.json");
    }
}

#[test]
fn a_wrong_secret_and_none_are_told_and_cost_no_login_that_is_kept() {
    let right = json!({ "client_secret": SECRET });
    let stage = Stage::shaped("a home ", &right, &shape("client_secret_post"));
    for secret in [SECRET, WRONG] {
        stage.hide(secret);
    }
    stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
    for (client, advice) in [
        (
            json!({ "client_secret": WRONG }),
            "the client secret is wrong or has expired: copy the one that is good at the provider to `client_secret` in \
             config.json (`--set-client-secret` is for Microsoft Entra ID alone); look at `client_id` there as well",
        ),
        (
            json!({}),
            "look at `client_id` in config.json; an application that has a secret must be made a public (native) one, or its \
             secret given",
        ),
    ] {
        stage.configure(&client);
        stage.forget_session();
        // Silently, and with somebody there.
        let silent = stage.start(&["--refresh-if-needed"]).ended();
        assert_eq!(silent.code, Some(1), "{}", silent.stderr);
        let ended = stage.start(&["login"]).signed_in_at(&stage.provider, "alice");
        let (code, said) = ended.refusal();
        assert_eq!(
            (code, said.as_str()),
            (
                CONFIG,
                format!("the provider refused the login (`invalid_client`: client authentication failed)\n  {advice}")
                    .as_str()
            )
        );
        // The refresh token is as good as before, and is there once the configuration is right.
        stage.configure(&right);
        let renewed = stage.start(&["--refresh-if-needed"]).ended();
        assert_eq!(renewed.code, Some(0), "{}", renewed.stderr);
    }
    assert!(stage.gate.federated().iter().all(|one| one.refused.is_none()));
}
