//! The trust policy that is rendered, asked as AWS STS would ask it: tokens of the forms that providers document.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;

use real::trust::{Exchange, Refusal, decide};
use real::{paths, tfgen};
use serde_json::{Value, json};

const CLIENT: &str = "0oa1b2c3d4e5f6g7h8i9";

/// The trust policy of the example, with another text in place of a part of it.
fn rendered(edit: impl Fn(&str) -> String) -> String {
    let folder = tempfile::tempdir().unwrap();
    let example = |name: &str| fs::read_to_string(paths::repository().join("examples").join(name)).unwrap();
    fs::write(folder.path().join("tfgen.hcl"), edit(&example("federation.hcl"))).unwrap();
    fs::write(folder.path().join("developers.csv"), example("developers.csv")).unwrap();
    let output = tfgen::command()
        .unwrap()
        .arg("render")
        .arg(folder.path().join("tfgen.hcl"))
        .arg("--out")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(folder.path().join("policies/developer-trust.json")).unwrap()
}

fn decided(policy: &str, client_ids: &[&str], claims: &Value) -> Result<Vec<(String, String)>, Refusal> {
    let client_ids: Vec<String> = client_ids.iter().map(|id| (*id).to_owned()).collect();
    let exchange = Exchange {
        trust_policy: policy,
        role_arn: "arn:aws:iam::123456789012:role/claude-code-developer",
        session_name: "alice@example.com",
        client_ids: &client_ids,
    };
    decide(&exchange, claims)
        .unwrap()
        .map(|tags| tags.into_iter().collect())
}

/// A token of Okta's with the claims that the checklist asks for.
fn token() -> Value {
    json!({
        "iss": "https://acme.okta.com/oauth2/default",
        "aud": CLIENT,
        "sub": "00u1a2b3",
        "email": "alice@example.com",
        "https://aws.amazon.com/tags": {
            "principal_tags": {"Email": ["alice@example.com"], "Group": ["claude-code-developers"]},
        },
    })
}

fn with(change: impl Fn(&mut Value)) -> Value {
    let mut token = token();
    change(&mut token);
    token
}

#[test]
fn the_example_takes_its_own_tokens_and_no_others() {
    let policy = rendered(str::to_owned);
    let tags = [
        ("Email".to_owned(), "alice@example.com".to_owned()),
        ("Group".to_owned(), "claude-code-developers".to_owned()),
    ];
    assert_eq!(decided(&policy, &[CLIENT], &token()), Ok(tags.to_vec()));
    let flat = with(|token| {
        let claims = token.as_object_mut().unwrap();
        claims.remove("https://aws.amazon.com/tags");
        for (key, value) in &tags {
            claims.insert(
                format!("https://aws.amazon.com/tags/principal_tags/{key}"),
                json!(value),
            );
        }
    });
    assert_eq!(decided(&policy, &[CLIENT], &flat), Ok(tags.to_vec()));

    // The provider lists another application, whose tokens the role does not take.
    let other = with(|token| token["aud"] = json!("0oa-other"));
    assert_eq!(decided(&policy, &[CLIENT], &other), Err(Refusal::Provider));
    const TAGS: &str = "https://aws.amazon.com/tags";
    let refused = [
        ("another application", other),
        (
            "an authorized party of its own",
            with(|token| token["azp"] = json!("0oa-other")),
        ),
        (
            "another issuer",
            with(|token| token["iss"] = json!("https://acme.okta.com")),
        ),
        (
            "a slash more",
            with(|token| token["iss"] = json!("https://acme.okta.com/oauth2/default/")),
        ),
        ("no tags", with(|token| token[TAGS] = json!({}))),
        (
            "no address among the tags",
            with(|token| token[TAGS]["principal_tags"]["Email"] = json!([])),
        ),
        (
            "an address of another domain",
            with(|token| token[TAGS]["principal_tags"]["Email"] = json!(["alice@example.com.evil.example"])),
        ),
        (
            "another group",
            with(|token| token[TAGS]["principal_tags"]["Group"] = json!(["everyone"])),
        ),
        (
            "the group in a claim that AWS does not look at",
            with(|token| {
                token[TAGS]["principal_tags"].as_object_mut().unwrap().remove("Group");
                token["groups"] = json!(["claude-code-developers"]);
            }),
        ),
    ];
    for (what, token) in refused {
        let found = decided(&policy, &[CLIENT, "0oa-other"], &token);
        assert!(matches!(found, Err(Refusal::Trust { .. })), "{what}: {found:?}");
    }
}

#[test]
fn without_tags_the_address_of_the_token_counts_and_tags_are_refused() {
    let policy = rendered(|text| {
        let kept = text.lines().filter(|line| {
            let key = line.split('=').next().unwrap_or_default().trim();
            !["session_tag", "group_tag", "groups"].contains(&key)
        });
        kept.collect::<Vec<_>>().join("\n")
    });
    let plain = with(|token| {
        token.as_object_mut().unwrap().remove("https://aws.amazon.com/tags");
    });
    assert_eq!(decided(&policy, &[CLIENT], &plain), Ok(Vec::new()));
    let refused = [
        ("tags that nobody asked for", token()),
        ("another domain", {
            let mut token = plain.clone();
            token["email"] = json!("alice@example.org");
            token
        }),
        ("no address", {
            let mut token = plain.clone();
            token.as_object_mut().unwrap().remove("email");
            token
        }),
    ];
    for (what, token) in refused {
        let found = decided(&policy, &[CLIENT], &token);
        assert!(matches!(found, Err(Refusal::Trust { .. })), "{what}: {found:?}");
    }
}

#[test]
fn the_slash_at_the_end_of_auth0s_issuer_is_part_of_it() {
    let policy = rendered(|text| {
        text.replace("\"okta\"", "\"auth0\"")
            .replace("https://acme.okta.com/oauth2/default", "https://acme.auth0.com/")
    });
    let issued = |issuer: &str| with(|token| token["iss"] = json!(issuer));
    assert!(decided(&policy, &[CLIENT], &issued("https://acme.auth0.com/")).is_ok());
    assert!(decided(&policy, &[CLIENT], &issued("https://acme.auth0.com")).is_err());
}
