//! `tfgen init` asks a certified OpenID provider about itself, and goes on when it gets no answer.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is a test's report, in its helpers as well")]

use std::fs;

use real::oidc::{Endpoint, Fault, Provider};
use real::tfgen;

/// What `tfgen init --issuer` says of an issuer. It writes nothing: no issuer of the loopback can be AWS's.
fn said(issuer: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("developers.csv"), "email\nalice@example.com\n").unwrap();
    let output = tfgen::command()
        .unwrap()
        .current_dir(folder.path())
        .args([
            "init",
            "--no-input",
            "--account-id=123456789012",
            "--region=us-east-1",
            "--geography=us",
            "--allow=opus-4-6,haiku-4-5",
            "--developers=developers.csv",
            "--client-id=credential-process",
            "--issuer",
            issuer,
        ])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(!folder.path().join("tfgen.hcl").exists());
    said
}

#[test]
fn a_provider_is_asked_about_itself() {
    let provider = Provider::start(8400).unwrap();
    let issuer = provider.issuer();
    let expected = format!(
        "{issuer} is an OpenID provider\n  authorization   {issuer}/auth\n  token           {issuer}/token\n  device          \
         {issuer}/device/auth\n  keys            {issuer}/jwks\n  PKCE with S256  yes\n  offline_access  yes\n"
    );
    // Whatever of the address was typed, the document settles the issuer.
    for typed in [
        issuer.to_owned(),
        format!("{issuer}/"),
        format!("{issuer}/.well-known/openid-configuration"),
    ] {
        let said = said(&typed);
        assert!(said.starts_with(&expected), "{said}");
        assert!(
            said.contains("\n  not for a rollout: AWS takes no issuer on this machine"),
            "{said}"
        );
        // The rest of the message is that of the block's own checks.
        assert!(said.contains("`--issuer` sets this value"), "{said}");
    }
    assert_eq!(provider.count(Endpoint::Discovery).unwrap(), 3);
}

#[test]
fn a_document_of_another_issuer_is_refused() {
    let provider = Provider::start(8400).unwrap();
    let other = provider.issuer().replace("127.0.0.1", "localhost");
    let said = said(&other);
    let expected = format!(
        "error: `{other}` cannot be the issuer: its document is that of another one, `{}`; if that is the one that you mean, give \
         it to `--issuer`\n",
        provider.issuer()
    );
    assert_eq!(said, expected);
    let nowhere = format!("{}/nowhere", provider.issuer());
    let said = self::said(&nowhere);
    assert!(said.contains("answered with HTTP status 404"), "{said}");
}

/// Neither a network that answers oddly nor one that does not answer keeps `init` from going on by the address alone.
#[test]
fn an_answer_that_is_none_is_told_and_ends_at_the_deadline() {
    let provider = Provider::start(8400).unwrap();
    let issuer = provider.issuer();
    for (fault, why) in [
        (Fault::Html, "answered a page instead of JSON"),
        (Fault::Redirect, "answered with a redirect"),
        (Fault::Huge, "is larger than"),
        (Fault::Unavailable, "answered with HTTP status 503"),
        (Fault::Cut, "there is no connection"),
        (Fault::Silent, "did not answer within 10 s"),
        (Fault::Slow, "did not answer within 10 s"),
    ] {
        provider.fault(Endpoint::Discovery, Some(fault)).unwrap();
        let said = said(issuer);
        assert!(
            said.starts_with(&format!("{issuer} could not be asked: ")),
            "{fault:?}: {said}"
        );
        assert!(said.contains(why), "{fault:?}: {said}");
        assert!(
            said.contains("\n  from its address alone it is an OpenID provider\n"),
            "{said}"
        );
    }
}
