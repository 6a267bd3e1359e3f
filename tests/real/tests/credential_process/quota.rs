//! The quota before credentials: a service that verifies who asks, as deployments have it, and what its answers and its silence do.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use real::http;
use serde_json::{Value, json};

use crate::center::Center;
use crate::process::Ended;
use crate::stage::{Stage, browser, moto};

/// Exit codes of the sub-commands.
const BLOCKED: i32 = 7;
const UNKNOWN: i32 = 8;
const ALICE: &str = "alice@example.com";

/// A quota service of the emulation (`tests/real/moto/layer/quota.py`).
struct Service {
    path: String,
}

impl Service {
    fn start(settings: &Value) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let service = Self {
            path: format!("/tfgen-quota/{}", NUMBER.fetch_add(1, Ordering::Relaxed)),
        };
        service.set(settings);
        service
    }

    /// For the tokens of a stage's provider.
    fn of(stage: &Stage) -> Self {
        Self::start(&json!({ "issuer": stage.provider.issuer(), "audience": real::oidc::CLIENT_ID }))
    }

    fn endpoint(&self) -> String {
        format!("{}{}", moto().endpoint(), self.path)
    }

    fn set(&self, settings: &Value) {
        let body = settings.to_string();
        let (status, _) = http::request(moto().port(), "POST", &self.path, body.as_bytes()).unwrap();
        assert_eq!(status, 200);
    }

    /// Who asked, or why nobody was let through.
    fn asked(&self) -> Vec<(Option<String>, Option<String>)> {
        let (_, body) = http::request(moto().port(), "GET", &self.path, b"").unwrap();
        let asked: Vec<Value> = serde_json::from_slice(&body).unwrap();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        assert!(asked.iter().all(|one| one["path"] == "check"), "{asked:?}");
        asked
            .iter()
            .map(|one| (text(&one["who"]), text(&one["refused"])))
            .collect()
    }
}

/// A home whose quota is asked about each time.
fn stage(mode: &str) -> (Stage, Service) {
    let stage = Stage::new();
    let service = Service::of(&stage);
    stage.set("CCWB_NO_BROWSER_NOTIFICATION", "1");
    configure(&stage, &service, mode);
    (stage, service)
}

fn configure(stage: &Stage, service: &Service, mode: &str) {
    stage.configure(&json!({
        "quota_api_endpoint": service.endpoint(), "quota_fail_mode": mode, "quota_check_interval": 0, "quota_check_timeout": 10,
    }));
}

/// As if the service had never been asked.
fn forget_silence(stage: &Stage) {
    fs::remove_file(stage.installation().join(".quota-state-ClaudeCode.json")).unwrap_or_default();
}

fn login(stage: &Stage) -> Ended {
    stage.start(&["login"]).signed_in_if_asked(&stage.provider, "alice")
}

#[test]
fn who_asks_is_verified_and_the_answer_decides() {
    let (stage, service) = stage("closed");
    stage.start(&[]).signed_in_at(&stage.provider, "alice").credentials();
    assert_eq!(service.asked(), [(Some(ALICE.to_owned()), None)]);

    // Little is left, which is said beside the credentials.
    service.set(&json!({ "answer": {
        "allowed": true, "usage": { "monthly_tokens": 190, "monthly_limit": 200 }, "resets_at": "2026-12-01T00:00:00Z",
    } }));
    let warned = stage.start(&[]).ended();
    warned.credentials();
    for line in [
        "QUOTA WARNING",
        "  Monthly: 190 / 200 tokens (95.0%)",
        "Resets at: 2026-12-01 00:00 UTC",
    ] {
        assert!(
            warned.stderr.lines().any(|said| said == line),
            "{line}: {}",
            warned.stderr
        );
    }

    // Nothing is left: none that are new, and none that are kept.
    service.set(&json!({ "answer": {
        "allowed": false, "reason": "monthly_exceeded", "usage": { "monthly_tokens": 210, "monthly_limit": 200 },
        "policy": { "type": "user", "identifier": ALICE }, "contact": "#ai-help",
    } }));
    let given = stage.gate.federated().len();
    let said = "the quota is used up (monthly_exceeded)\n  ask #ai-help to unblock you";
    assert_eq!(stage.start(&[]).ended().refusal(), (1, said.to_owned()));
    assert!(!stage.session().exists());
    let blocked = login(&stage);
    assert_eq!(blocked.refusal(), (BLOCKED, said.to_owned()));
    for line in ["ACCESS BLOCKED - QUOTA EXCEEDED", "Policy: user:alice@example.com"] {
        assert!(blocked.stderr.lines().any(|said| said == line), "{}", blocked.stderr);
    }
    assert_eq!(
        stage.gate.federated().len(),
        given,
        "AWS was asked for somebody who is blocked"
    );

    service.set(&json!({ "answer": { "allowed": true } }));
    stage.start(&[]).ended().credentials();
    let asked = service.asked();
    assert_eq!(asked.len(), 5);
    assert!(
        asked.iter().all(|one| *one == (Some(ALICE.to_owned()), None)),
        "{asked:?}"
    );
}

#[test]
fn a_block_is_shown_once_in_the_browser() {
    let (stage, service) = stage("open");
    stage.unset("CCWB_NO_BROWSER_NOTIFICATION");
    login(&stage);
    stage.opened_url();
    service.set(&json!({ "answer": {
        "allowed": false, "reason": "daily_cost_exceeded", "message": "<b>No</b> more today.",
        "usage": { "daily_cost": 12.5, "daily_cost_limit": 10 }, "contact": "#ai-help",
    } }));
    let started = stage.start(&["login"]);
    let page = browser().sign_in(&stage.opened_url(), "", "").unwrap();
    for text in ["<b>No</b> more today.", "$12.50 / $10.00", "#ai-help"] {
        assert!(page.text.contains(text), "{page:?}");
    }
    assert_eq!(started.ended().code, Some(BLOCKED));
    // Once is enough.
    let again = stage.start(&["login"]).ended();
    assert_eq!(again.code, Some(BLOCKED));
}

/// What is said where nothing was found out, in both modes.
#[track_caller]
fn assert_unknown(stage: &Stage, service: &Service, cause: &str, message: &str, advice: &str) {
    configure(stage, service, "open");
    forget_silence(stage);
    let open = stage.start(&[]).ended();
    open.credentials();
    let notice = format!("The quota was not checked ({cause}): {message}. This deployment allows it; {advice}.");
    assert!(
        open.stderr.lines().any(|line| line == notice),
        "{notice}\n{}",
        open.stderr
    );
    // For a minute it is left alone.
    let asked = service.asked().len();
    assert_eq!(stage.start(&[]).ended().stderr, "");
    assert_eq!(service.asked().len(), asked);

    configure(stage, service, "closed");
    let closed = format!(
        "whether the quota is used up could not be found out ({cause}): {message}; without that, this deployment gives no \
         credentials\n  {advice}"
    );
    for (args, code) in [(&["login"][..], UNKNOWN), (&[], 1)] {
        assert_eq!(stage.start(args).ended().refusal(), (code, closed.clone()), "{args:?}");
    }
    // It passes, so what is kept stays.
    assert!(stage.session().exists());
}

#[test]
fn a_service_that_does_not_know_who_asks_is_told_of() {
    let (stage, service) = stage("open");
    login(&stage);
    let message = |status: u16| format!("the quota service does not take the id_token (HTTP status {status})");
    let advice = "sign out and in again: `credential-process logout`, then `credential-process login`; if it stays so, its issuer \
                  and audience are not those of the token: ask your administrator";
    // By the service's clock the token has ended.
    service.set(&json!({ "ahead": 2 * 3600 }));
    assert_unknown(&stage, &service, "unauthenticated", &message(401), advice);
    assert_eq!(service.asked().last(), Some(&(None, Some("expired_token".to_owned()))));
    // Its authorizer was set up for another application, or for another issuer.
    service.set(&json!({ "ahead": 0, "audience": "another-application" }));
    assert_unknown(&stage, &service, "unauthenticated", &message(401), advice);
    assert_eq!(service.asked().last(), Some(&(None, Some("invalid_claim".to_owned()))));
    // A firewall of the API.
    service.set(&json!({ "audience": real::oidc::CLIENT_ID, "status": 403, "answer": { "message": "Forbidden" } }));
    assert_unknown(&stage, &service, "unauthenticated", &message(403), advice);
}

#[test]
fn a_service_that_is_broken_slow_or_gone_is_told_of() {
    let (stage, service) = stage("open");
    login(&stage);
    service.set(&json!({ "status": 500, "answer": { "message": "Internal Server Error" } }));
    assert_unknown(
        &stage,
        &service,
        "unreadable",
        "the quota service is in trouble or has too much to do (HTTP status 500, \"Internal Server Error\")",
        "try again in a minute; if it stays so, tell your administrator",
    );
    service.set(&json!({ "status": 404, "answer": { "message": "Not Found" } }));
    assert_unknown(
        &stage,
        &service,
        "unreadable",
        &format!(
            "the quota service has nothing at {}/check (HTTP status 404, \"Not Found\")",
            service.endpoint()
        ),
        "that address is `quota_api_endpoint` of config.json and `/check`: ask whoever gave you the package for the right one, \
         which the deployment of the service tells",
    );
    service.set(&json!({ "status": 200, "answer": { "message": "no decision" } }));
    configure(&stage, &service, "closed");
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(code, UNKNOWN);
    assert!(said.contains("(unreadable)"), "{said}");

    // Longer than the profile waits.
    service.set(&json!({ "answer": { "allowed": true }, "delay": 30 }));
    let slow = |mode: &str| {
        forget_silence(&stage);
        stage.configure(&json!({
            "quota_api_endpoint": service.endpoint(), "quota_fail_mode": mode, "quota_check_interval": 0, "quota_check_timeout": 1,
        }));
        stage.start(&["login"]).ended()
    };
    let why = "(unreachable): the quota service cannot be reached: 127.0.0.1 did not answer within 1 s";
    let open = slow("open");
    assert_eq!(open.code, Some(0), "{}", open.stderr);
    assert!(open.stderr.contains(why), "{}", open.stderr);
    let (code, said) = slow("closed").refusal();
    assert_eq!(code, UNKNOWN);
    assert!(said.contains(why), "{said}");
}

#[test]
fn a_session_of_identity_center_asks_with_a_signature_that_botocore_makes_as_well() {
    let service = Service::start(&json!({}));
    let quota = json!({
        "quota_api_endpoint": service.endpoint(), "quota_fail_mode": "closed", "quota_check_interval": 0, "quota_check_timeout": 10,
    });
    let center = Center::new(&quota);
    let stage = &center.stage;
    stage.set("CCWB_NO_BROWSER_NOTIFICATION", "1");
    assert_eq!(center.login("alice").code, Some(0));
    let session = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/alice";
    assert_eq!(service.asked(), [(Some(session.to_owned()), None)]);
    let credentials = stage.start(&[]).ended().credentials();
    for secret in ["SecretAccessKey", "SessionToken"] {
        stage.hide(credentials[secret].as_str().unwrap());
    }
    assert_eq!(service.asked().len(), 2);
    // The signature is of a region and of a time.
    for (settings, refused) in [
        (json!({ "region": "eu-west-1" }), "a wrong signature"),
        (
            json!({ "region": "us-east-1", "ahead": 600 }),
            "a signature of another time",
        ),
    ] {
        service.set(&settings);
        let (code, said) = stage.start(&["login"]).ended().refusal();
        assert_eq!(code, UNKNOWN);
        assert!(
            said.contains("(unauthenticated): the quota service does not take the credentials (HTTP status 403)"),
            "{said}"
        );
        assert_eq!(service.asked().last(), Some(&(None, Some(refused.to_owned()))));
    }
    service.set(&json!({ "ahead": 0, "answer": { "allowed": false, "reason": "daily_exceeded" } }));
    let (code, said) = stage.start(&["login"]).ended().refusal();
    assert_eq!(
        (code, said.as_str()),
        (
            BLOCKED,
            "the quota is used up (daily_exceeded)\n  ask your administrator to unblock you"
        )
    );
    assert!(!stage.session().exists());
}
