use super::*;
use crate::profile::{Access, FailMode, Federation, IdentityCenter, Oidc, ProviderType, Quota, Storage};

/// A profile as ccwb writes it for Okta and direct federation.
fn okta() -> Map<String, Value> {
    let Value::Object(fields) = serde_json::json!({
        "provider_domain": "acme.okta.com",
        "client_id": "0oa1",
        "aws_region": "eu-central-1",
        "provider_type": "okta",
        "credential_storage": "keyring",
        "cross_region_profile": "eu",
        "sso_enabled": true,
        "federated_role_arn": "arn:aws:iam::123456789012:role/claude-code-developer",
        "federation_type": "direct",
        "max_session_duration": 28800,
        "selected_model": "eu.anthropic.claude-sonnet-4-6",
        "quota_api_endpoint": "https://q.example/prod/",
        "quota_fail_mode": "closed",
        "quota_check_interval": 0
    }) else {
        unreachable!()
    };
    fields
}

fn read(fields: Map<String, Value>) -> Result<Profile, Error> {
    let file = Value::Object(Map::from_iter([("ClaudeCode".to_owned(), Value::Object(fields))]));
    Config::parse(&file.to_string()).unwrap().profile("ClaudeCode")
}

fn with(changes: Value) -> Result<Profile, Error> {
    let mut fields = okta();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => fields.remove(name),
            value => fields.insert(name.clone(), value.clone()),
        };
    }
    read(fields)
}

fn said(changes: Value) -> String {
    with(changes.clone()).expect_err(&changes.to_string()).to_string()
}

fn oidc(profile: Profile) -> Oidc {
    let Access::Oidc(oidc) = profile.access else {
        panic!("{profile:?}")
    };
    *oidc
}

#[test]
fn both_forms_of_the_file_say_the_same() {
    let profiles = Map::from_iter([("ClaudeCode".to_owned(), Value::Object(okta()))]);
    let old = Value::Object(profiles.clone());
    let new = serde_json::json!({ "profiles": profiles, "version": 2 });
    for text in [old.to_string(), new.to_string(), format!("\u{feff}{new}")] {
        let config = Config::parse(&text).unwrap();
        assert_eq!(config.only(), Some("ClaudeCode"));
        assert_eq!(config.unknown(), []);
        let profile = config.profile("ClaudeCode").unwrap();
        assert_eq!(profile.region, "eu-central-1");
        assert_eq!(profile.storage, Storage::Keyring);
        assert_eq!(
            profile.quota,
            Some(Quota {
                endpoint: "https://q.example/prod".to_owned(),
                fail_mode: FailMode::Closed,
                interval: 0,
                timeout: 5,
            })
        );
        let oidc = oidc(profile);
        assert_eq!((oidc.provider, oidc.redirect_port), (ProviderType::Okta, 8400));
        assert_eq!(
            oidc.federation,
            Federation::Direct {
                role_arn: "arn:aws:iam::123456789012:role/claude-code-developer".to_owned(),
                duration: 28800,
            }
        );
    }
}

#[test]
fn names_of_earlier_versions_are_known() {
    let profile = with(serde_json::json!({
        "provider_domain": null, "client_id": null, "provider_type": null, "credential_storage": null,
        "okta_domain": "https://acme.okta.com/", "okta_client_id": "0oa2", "okta_auth_server": "default"
    }))
    .unwrap();
    assert_eq!(profile.storage, Storage::Session);
    let found = oidc(profile);
    assert_eq!(
        (
            found.domain.as_str(),
            found.client_id.as_str(),
            found.okta_server.as_deref()
        ),
        ("acme.okta.com", "0oa2", Some("default"))
    );
    // Both at once: the newer one counts.
    let both = with(serde_json::json!({ "okta_domain": "old.okta.com" })).unwrap();
    assert_eq!(oidc(both).domain, "acme.okta.com");
}

#[test]
fn a_pool_is_the_way_where_there_is_no_role() {
    let change = serde_json::json!({
        "federated_role_arn": null, "federation_type": null, "identity_pool_name": "eu-central-1:1234"
    });
    assert_eq!(
        oidc(with(change).unwrap()).federation,
        Federation::Cognito {
            identity_pool: "eu-central-1:1234".to_owned()
        }
    );
    // With a role the name is only a name.
    let oidc = oidc(with(serde_json::json!({ "federation_type": null, "identity_pool_name": "x" })).unwrap());
    assert!(matches!(oidc.federation, Federation::Direct { .. }));
}

#[test]
fn other_ways_in_need_other_fields() {
    let center = serde_json::json!({
        "auth_type": "idc", "idc_start_url": "https://d-1.awsapps.com/start", "idc_account_id": "123456789012",
        "idc_permission_set_name": "claude-code-developer"
    });
    assert_eq!(
        with(center.clone()).unwrap().access,
        Access::IdentityCenter(IdentityCenter {
            start_url: "https://d-1.awsapps.com/start".to_owned(),
            region: "eu-central-1".to_owned(),
            account_id: "123456789012".to_owned(),
            permission_set: "claude-code-developer".to_owned(),
        })
    );
    for change in [
        serde_json::json!({ "auth_type": "none" }),
        serde_json::json!({ "sso_enabled": false }),
        serde_json::json!({ "auth_type": "idc" }),
    ] {
        assert_eq!(with(change).unwrap().access, Access::Ambient);
    }
}

#[test]
fn an_empty_prompt_is_not_an_absent_one() {
    let prompt = |value: Value| oidc(with(serde_json::json!({ "oidc_prompt": value })).unwrap()).prompt;
    assert_eq!(prompt(Value::Null), None);
    assert_eq!(prompt("".into()), Some(String::new()));
    assert_eq!(prompt("login".into()), Some("login".to_owned()));
}

#[test]
fn no_port_and_port_zero_are_the_usual_one() {
    for (port, expected) in [
        (Value::Null, 8400),
        (serde_json::json!(0), 8400),
        (serde_json::json!(9000), 9000),
    ] {
        let profile = with(serde_json::json!({ "redirect_port": port })).unwrap();
        assert_eq!(oidc(profile).redirect_port, expected);
    }
}

#[test]
fn what_is_wrong_is_said_with_profile_and_field() {
    for (change, expected) in [
        (serde_json::json!({ "client_id": null }), "`client_id` is missing"),
        (serde_json::json!({ "client_id": " " }), "`client_id` is missing"),
        (
            serde_json::json!({ "provider_domain": null }),
            "`provider_domain` is missing",
        ),
        (
            serde_json::json!({ "provider_type": "oktaa" }),
            "`provider_type` is `oktaa`; the values are okta, auth0, azure, cognito, google, generic, auto",
        ),
        (
            serde_json::json!({ "provider_type": "auto", "provider_domain": "id.acme.example" }),
            "the host `id.acme.example` does not tell it",
        ),
        (
            serde_json::json!({ "redirect_port": "8400" }),
            "`redirect_port` is the text `8400`; expected a port from 1 to 65535",
        ),
        (
            serde_json::json!({ "redirect_port": 70000 }),
            "`redirect_port` is 70000; expected a port from 1 to 65535",
        ),
        (
            serde_json::json!({ "redirect_port": true }),
            "`redirect_port` is true; expected a port from 1 to 65535",
        ),
        (
            serde_json::json!({ "quota_check_timeout": [] }),
            "`quota_check_timeout` is a list; expected seconds, a whole number from 1",
        ),
        (
            serde_json::json!({ "client_secret": 12 }),
            "`client_secret` is something else; expected the secret of the application",
        ),
        (
            serde_json::json!({ "aws_region": "eu-west" }),
            "`aws_region` is `eu-west`; expected a region of AWS, such as eu-west-1",
        ),
        (
            serde_json::json!({ "aws_region": "eu-west-1.evil.example/" }),
            "expected a region of AWS",
        ),
        (
            serde_json::json!({ "auth_type": "idc", "idc_start_url": "http://x", "idc_account_id": "123456789012" }),
            "`idc_start_url` is `http://x`; it must begin with https://",
        ),
        (
            serde_json::json!({
                "auth_type": "idc", "idc_start_url": "https://x", "idc_account_id": "123456789012", "idc_region": "x"
            }),
            "`idc_region` is `x`; expected the region of IAM Identity Center",
        ),
        (
            serde_json::json!({ "federated_role_arn": null, "federation_type": null, "identity_pool_id": "pool" }),
            "`identity_pool_id` is `pool`; expected the id of an identity pool",
        ),
        (
            serde_json::json!({ "federated_role_arn": null, "federation_type": null, "identity_pool_name": "pool" }),
            "`identity_pool_name` is `pool`",
        ),
        (
            serde_json::json!({ "max_session_duration": 60 }),
            "is 60; AWS takes 900 to 43200 seconds",
        ),
        (
            serde_json::json!({ "federated_role_arn": "claude" }),
            "expected the ARN of a role",
        ),
        (
            serde_json::json!({ "federated_role_arn": "arn:aws:iam::12345678901:role/x" }),
            "expected the ARN of a role",
        ),
        (
            serde_json::json!({ "federated_role_arn": "arn:aws:sts::123456789012:assumed-role/x/role/y" }),
            "expected the ARN of a role",
        ),
        (
            serde_json::json!({ "federated_role_arn": null, "federation_type": "direct" }),
            "`federated_role_arn` is missing",
        ),
        (
            serde_json::json!({ "federated_role_arn": null, "federation_type": null }),
            "`federated_role_arn` is missing, and so is `identity_pool_id`",
        ),
        (
            serde_json::json!({ "credential_storage": "disk" }),
            "the values are session, keyring",
        ),
        (
            serde_json::json!({ "quota_api_endpoint": "http://q.example" }),
            "it must begin with https://",
        ),
        (
            serde_json::json!({ "quota_api_endpoint": "http://localhost.evil" }),
            "it must begin with https://",
        ),
        (
            serde_json::json!({ "azure_auth_mode": "secret" }),
            "the provider is okta",
        ),
        (
            serde_json::json!({ "auth_type": "idc", "idc_start_url": "https://x", "idc_account_id": "1" }),
            "an account has twelve digits",
        ),
    ] {
        let message = said(change.clone());
        assert!(message.starts_with("profile `ClaudeCode`: "), "{message}");
        assert!(message.contains(expected), "{change}: {message}");
    }
    assert!(with(serde_json::json!({ "quota_api_endpoint": "http://127.0.0.1:9000" })).is_ok());
}

#[test]
fn files_that_are_none_are_errors_with_a_place() {
    assert_eq!(
        Config::parse("{\n  \"a\": }").unwrap_err().to_string(),
        "line 2, column 8: expected value"
    );
    for text in ["[]", "1", "\"x\"", ""] {
        assert!(matches!(Config::parse(text), Err(Error::Syntax { .. })), "{text}");
    }
    for text in ["{}", "{\"profiles\": {}}", "{\"version\": 1}"] {
        assert_eq!(Config::parse(text), Err(Error::Empty), "{text}");
    }
    for (text, said) in [
        (r#"{"profiles": []}"#, "`profiles` is a list; expected an object"),
        (r#"{"profiles": null}"#, "`profiles` is null; expected an object"),
        (r#"{"profiles": {"T": "x"}}"#, "`T` is a text; expected an object"),
    ] {
        assert_eq!(Config::parse(text).unwrap_err().to_string(), said);
    }
    let beside = Config::parse(r#"{"profiles": {"T": null, "U": {}}}"#).unwrap();
    let said = |name: &str| beside.profile(name).unwrap_err().to_string();
    assert_eq!(said("T"), "`T` is null; expected an object");
    assert_eq!(said("V"), "there is no profile `V`; the profiles are U");
}

#[test]
fn names_that_break_other_files_are_refused() {
    for name in ["my profile", "a/b", "..", "-x", "", "a\nb", "ä", &"x".repeat(65)] {
        let file = Value::Object(Map::from_iter([(name.to_owned(), Value::Object(okta()))]));
        let config = Config::parse(&file.to_string()).unwrap();
        assert_eq!(config.profile(name), Err(Error::Name(name.to_owned())), "{name:?}");
    }
    let config = Config::parse(&serde_json::json!({ "A.b_c@d+e-1": okta(), "other": okta() }).to_string()).unwrap();
    assert!(config.profile("A.b_c@d+e-1").is_ok());
    assert_eq!(config.only(), None);
    assert_eq!(
        config.profile("claude").unwrap_err().to_string(),
        "there is no profile `claude`; the profiles are A.b_c@d+e-1, other"
    );
}

#[test]
fn fields_that_nobody_knows_are_named_and_left_alone() {
    let file = serde_json::json!({ "p": { "client_id": "x", "clientid": "y", "okta_domain": "z" } });
    assert_eq!(
        Config::parse(&file.to_string()).unwrap().unknown(),
        [Unknown {
            profile: "p".to_owned(),
            field: "clientid".to_owned()
        }]
    );
}

#[test]
fn a_part_of_identity_center_is_not_the_machines_own_credentials() {
    let profile = |fields: &str| {
        let text = format!(r#"{{"x": {{"auth_type": "idc"{fields}}}}}"#);
        Config::parse(&text).unwrap().profile("x")
    };
    assert_eq!(profile("").unwrap().access, Access::Ambient);
    let error = profile(r#", "idc_start_uri": "https://a.example", "idc_account_id": "123456789012""#).unwrap_err();
    assert!(error.to_string().contains("`idc_start_url` is missing"), "{error}");
}

#[test]
fn whoever_must_be_asked_is_told_what_to_ask_for() {
    let advice = |change: Value| with(change).unwrap_err().advice();
    assert_eq!(
        advice(serde_json::json!({ "redirect_port": "x" })),
        "ask whoever gave you the package for `redirect_port` of profile `ClaudeCode`: a port from 1 to 65535"
    );
    assert_eq!(
        advice(serde_json::json!({ "client_id": null })),
        "ask whoever gave you the package for `client_id` of profile `ClaudeCode`: the id of the application at the provider"
    );
}

/// Every field that is read has words for what it is to be, and no others have.
#[test]
fn what_is_expected_is_said_of_every_field() {
    for field in KNOWN {
        let odd = Value::Object(Map::from_iter([((*field).to_owned(), serde_json::json!([]))]));
        let is_read = serde_json::from_value::<Raw>(odd).is_err();
        assert_eq!(is_read, expected(field).is_some(), "{field}");
    }
}

#[test]
fn what_stands_twice_is_refused_with_both_places() {
    let text = "{\"profiles\": {\n  \"x\": {\"client_id\": \"a\",\n        \"client_id\": \"b\"}}}";
    let error = Config::parse(text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`client_id` stands twice in one object: at line 2, column 9 and at line 3, column 9"
    );
    assert!(error.advice().contains("remove one of the two"), "{}", error.advice());
    assert!(matches!(
        Config::parse("{\"x\": {}, \"x\": {}}"),
        Err(Error::Twice { .. })
    ));
}
