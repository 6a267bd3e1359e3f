//! Prices, profiles and calls.

use std::path::Path;

use serde_json::{Value, json};

use crate::records::{self, ACCOUNT, Call};

/// A Wednesday: the day's query begins on 17 February, the week's on 29 December, the month's on 1 April 2025.
pub const NOW: &str = "2026-03-18T15:30:00+00:00";

const OPUS: &str = "anthropic.claude-opus-4-6-v1";
const SONNET: &str = "anthropic.claude-sonnet-4-6";
const HAIKU: &str = "anthropic.claude-haiku-5-5";
const FABLE: &str = "anthropic.claude-fable-5";
/// With a version after a colon, as older ids have it.
const TIERED: &str = "anthropic.claude-tiered-v1:0";

/// Three deployments: geography `us` with profiles, `global` without, and `us` with profiles that say who called.
pub fn deployments() -> [(&'static str, Value); 3] {
    [
        ("us", json!({ "prices": prices(), "profiles": profiles() })),
        (
            "global",
            json!({ "prices": prices(), "profiles": {}, "geography": "global" }),
        ),
        (
            "bound",
            json!({
                "prices": prices(),
                "profiles": profiles(),
                "bound_roles": ["AWSReservedSSO_claude-code-developer_[0-9a-f]{16}"],
            }),
        ),
    ]
}

fn prices() -> Value {
    let any = Value::Null;
    let row = |model: &str, geography: &str, from: &str, up_to: &Value, usd: [Option<f64>; 5]| {
        json!({
            "model_id": model, "model_key": model, "model_name": model, "geography": geography,
            "valid_from": from, "up_to_input_tokens": up_to,
            "input": usd[0], "output": usd[1], "cache_read": usd[2], "cache_write_5m": usd[3], "cache_write_1h": usd[4],
        })
    };
    json!([
        // The newer price stands first: the order of the rows means nothing. Its 1-hour price is unknown.
        row(
            OPUS,
            "us",
            "2026-03-01",
            &any,
            [Some(4.0), Some(20.0), Some(0.2), Some(5.0), None]
        ),
        row(
            OPUS,
            "us",
            "2025-01-01",
            &any,
            [Some(5.5), Some(27.5), Some(0.55), Some(6.875), Some(11.0)]
        ),
        row(
            SONNET,
            "us",
            "2025-01-01",
            &any,
            [Some(3.3), Some(16.5), Some(0.33), Some(4.125), Some(6.6)]
        ),
        row(
            SONNET,
            "global",
            "2025-01-01",
            &any,
            [Some(3.0), Some(15.0), Some(0.3), Some(3.75), Some(6.0)]
        ),
        // Until 2026 any prompt had a price; since then larger ones have an unknown one, not the old one.
        row(
            HAIKU,
            "us",
            "2025-01-01",
            &any,
            [Some(1.0), Some(1.0), Some(1.0), Some(1.0), Some(1.0)]
        ),
        row(
            HAIKU,
            "us",
            "2026-01-01",
            &json!(100_000),
            [Some(0.11), Some(0.55), Some(0.011), Some(0.1375), None]
        ),
        row(
            TIERED,
            "us",
            "2026-01-01",
            &any,
            [Some(6.0), Some(22.5), Some(0.6), Some(7.5), Some(12.0)]
        ),
        row(
            TIERED,
            "us",
            "2026-01-01",
            &json!(200_000),
            [Some(3.0), Some(15.0), Some(0.3), Some(3.75), Some(6.0)]
        ),
        row(
            FABLE,
            "us",
            "2026-01-01",
            &any,
            [Some(11.0), Some(55.0), None, Some(13.75), Some(22.0)]
        ),
    ])
}

fn profiles() -> Value {
    let profile = |id: &str, model: &str, developer: Option<&str>, team: &str, cost_center: Option<&str>| {
        json!({
            "profile_id": id, "model_id": model, "developer": developer, "team": team, "cost_center": cost_center,
            "email": developer.map(|name| format!("{name}@example.com")), "project": null,
        })
    };
    // Made from a profile of another geography than the deployment's.
    let mut global = profile("gggggggggggg", SONNET, Some("victor"), "research", None);
    global["geography"] = json!("global");
    // Two whose addresses have the same local part.
    let mut other_sam = profile("eeeeeeeeeeee", SONNET, Some("sam-b"), "research", None);
    other_sam["email"] = json!("sam@example.org");
    let mut sam = profile("dddddddddddd", SONNET, Some("sam-a"), "platform", Some("CC-1"));
    sam["email"] = json!("sam@example.com");
    json!({
        "victor/sonnet-4-6": global,
        "alice/opus-4-6": profile("aaaaaaaaaaaa", OPUS, Some("alice"), "platform", Some("CC-1")),
        "alice/sonnet-4-6": profile("aaaaaaaaaaab", SONNET, Some("alice"), "platform", Some("CC-1")),
        "bob/sonnet-4-6": profile("bbbbbbbbbbbb", SONNET, Some("bob"), "research", None),
        "sam-a/sonnet-4-6": sam,
        "sam-b/sonnet-4-6": other_sam,
        "platform/sonnet-4-6": profile("cccccccccccc", SONNET, None, "platform", Some("CC-1")),
    })
}

fn identity_center(user: &str) -> String {
    session(
        "AWSReservedSSO_claude-code-developer_0123456789abcdef",
        &format!("{user}@example.com"),
    )
}

fn session(role: &str, name: &str) -> String {
    format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{name}")
}

fn application_profile(id: &str) -> String {
    format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:application-inference-profile/{id}")
}

/// Writes the logs of both deployments.
pub fn deliver(storage: &Path) {
    let mut calls = calls_of_one_day();
    calls.extend(calls_around_limits());
    calls.extend(calls_through_profiles_of_others());
    records::deliver(storage, &calls);
    records::deliver_other_objects(
        storage,
        &Call::new(
            "2026-03-17T10:00:00Z",
            &identity_center("quentin"),
            &format!("us.{SONNET}"),
            1_000_000,
            0,
        ),
    );
}

/// 17 March 2026: each kind of call by somebody else.
fn calls_of_one_day() -> Vec<Call> {
    let at = "2026-03-17T10:00:00Z";
    let us = |model: &str| format!("us.{model}");
    let by = |user: &str, model: &str, input: u64| Call::new(at, &identity_center(user), model, input, 0);
    let dave = format!("arn:aws:iam::{ACCOUNT}:user/platform/dave");
    let role = format!("arn:aws:sts::{ACCOUNT}:assumed-role/claude-code-developer/bob-session");

    vec![
        // Through her own profile. 0.004 + 0.04 + 0.2 + 0.5 = 0.744; 1-hour price unknown, so no upper bound.
        Call::new(
            at,
            &identity_center("alice"),
            &application_profile("aaaaaaaaaaaa"),
            1_000,
            2_000,
        )
        .cached(1_000_000, 100_000),
        // No cache counts at all. 2 + 2 = 4
        Call::new(
            "2026-03-17T11:00:00Z",
            &identity_center("alice"),
            &application_profile("aaaaaaaaaaaa"),
            500_000,
            100_000,
        ),
        // The session's name does not matter with a profile of one's own. 0.33 + 0.165 = 0.495
        Call::new(at, &role, &application_profile("bbbbbbbbbbbb"), 100_000, 10_000),
        // Id of the system profile. 0.33 + 0.33 = 0.66
        Call::new(at, &dave, &us(SONNET), 100_000, 0).cached(1_000_000, 0),
        // Its ARN. 0.4125; for an hour 0.66
        Call::new(
            at,
            &dave,
            &format!("arn:aws:bedrock:us-east-1:{ACCOUNT}:inference-profile/us.{SONNET}"),
            0,
            0,
        )
        .cached(0, 100_000),
        // Another geography. 0.3
        Call::new(at, &dave, &format!("global.{SONNET}"), 100_000, 0),
        // No profile: priced in its region. 0.33
        Call::new(
            at,
            &dave,
            &format!("arn:aws:bedrock:us-east-1::foundation-model/{SONNET}"),
            100_000,
            0,
        ),
        // A profile that a team shares names no developer. 3.3
        by("erin", &application_profile("cccccccccccc"), 1_000_000),
        // Made from a global profile. 0.3
        by("victor", &application_profile("gggggggggggg"), 100_000),
        // A model that has no price, and one that has. 0.33, one unpriced
        by("frank", "us.anthropic.claude-mythos-5", 1_000_000),
        by("frank", &us(SONNET), 100_000),
        // A profile of somebody else: what model it stands for is unknown.
        Call::new(
            at,
            &identity_center("grace"),
            &application_profile("zzzzzzzzzzzz"),
            1_000,
            10,
        ),
        // 100,000 tokens, cached ones counted: 0.0066 + 0.00044 = 0.00704. One more has no price.
        by("heidi", &us(HAIKU), 60_000).cached(40_000, 0),
        by("heidi", &us(HAIKU), 1).cached(100_000, 0),
        // 200,000 tokens: 0.6. One more: 0.000006 + 0.12 = 0.120006
        by("ivan", &us(TIERED), 200_000),
        by("ivan", &us(TIERED), 1).cached(200_000, 0),
        // Reading from the cache has an unknown price, which matters only if it is done. 11, one unpriced
        by("judy", &us(FABLE), 1_000_000).cached(0, 0),
        by("judy", &us(FABLE), 1_000_000).cached(10, 0),
        // Not counted is not free.
        by("mallory", &us(SONNET), 0).without_counts(),
        // No error, said in two ways. 0.33 each
        by("nina", &us(SONNET), 100_000).with("errorCode", Value::Null),
        by("nina", &us(SONNET), 100_000).with("errorCode", json!("")),
        // Failed calls cost nothing.
        by("oscar", &us(SONNET), 1_000_000).with("errorCode", json!("ThrottlingException")),
        // A geography without a price: unknown, even for nothing.
        by("peggy", &format!("eu.{OPUS}"), 0),
        by("peggy", &format!("eu.{OPUS}"), 1_000),
        // A caller without a last segment. 3.3
        Call::new(at, &format!("arn:aws:iam::{ACCOUNT}:root"), &us(SONNET), 1_000_000, 0),
        // Somebody who made a role and called himself alice, and is not taken for her. 0.33
        Call::new(
            at,
            &format!("arn:aws:sts::{ACCOUNT}:assumed-role/someone-else/alice"),
            &us(SONNET),
            100_000,
            0,
        ),
        // Not a record of a call.
        by("trent", &us(SONNET), 1_000_000).with("schemaType", json!("SomethingElse")),
    ]
}

/// 10 March 2026: sessions and the profiles that they name. 100,000 tokens cost 0.33.
fn calls_through_profiles_of_others() -> Vec<Call> {
    let [alice, bob, sam, team] =
        ["aaaaaaaaaaab", "bbbbbbbbbbbb", "dddddddddddd", "cccccccccccc"].map(application_profile);
    let center = "AWSReservedSSO_claude-code-developer_0123456789abcdef";
    let call = |role: &str, name: &str, model: &str, input: u64| {
        Call::new("2026-03-10T10:00:00Z", &session(role, name), model, input, 0)
    };
    vec![
        // A colleague's profile: bob's call, and his team's. 3.3
        call(center, "bob@example.com", &alice, 1_000_000),
        // One's own, by the address and by its local part, however spelt.
        call(center, "Bob@Example.com", &bob, 100_000),
        call("claude-code-admin", "ALICE", &alice, 100_000),
        // No profile of anybody's, and a team's.
        call(center, "alice@example.com", &format!("us.{SONNET}"), 100_000),
        call(center, "alice@example.com", &team, 100_000),
        // An administrator who is no developer, and a role that is none of the deployment's: the owner's, and listed.
        call("claude-code-admin", "operator", &bob, 100_000),
        call("someone-else", "alice", &alice, 100_000),
        // A name that fits two developers: the owner's, and listed. Their addresses tell them apart.
        call(center, "sam", &sam, 100_000),
        call(center, "sam@example.org", &sam, 200_000),
        call(center, "sam@example.com", &sam, 100_000),
    ]
}

/// One call of a million input tokens by alice on both sides of every limit; 5.5 before March 2026, 4 since.
fn calls_around_limits() -> Vec<Call> {
    let alice = |at: &str| {
        Call::new(
            at,
            &identity_center("alice"),
            &application_profile("aaaaaaaaaaaa"),
            1_000_000,
            0,
        )
    };
    vec![
        // The price changes at midnight, whenever the record is delivered. 5.5 + 0.6875 = 6.1875; for an hour 5.5 + 1.1 = 6.6
        alice("2026-02-28T23:59:59Z")
            .cached(0, 100_000)
            .delivered("2026/03/01/00"),
        alice("2026-03-01T00:00:00Z"),
        // The first day of the daily query, and the day before.
        alice("2026-02-17T00:00:00Z"),
        alice("2026-02-16T23:59:59Z").delivered("2026/02/17/00"),
        // The first week, and the day before.
        alice("2025-12-29T00:00:00Z"),
        alice("2025-12-28T23:59:59Z").delivered("2025/12/29/00"),
        // The first month, and the day before.
        alice("2025-04-01T00:00:00Z"),
        alice("2025-03-31T23:59:59Z").delivered("2025/04/01/00"),
    ]
}
