use std::path::PathBuf;

use super::*;
use crate::commands::init::draft::{Access, NoticeKind};
use crate::commands::init::federation::{Federation, OpenId};
use crate::diagnostic::{self, Style};

fn import_text(name: &str, text: &str, wanted: Option<&str>) -> Result<Draft, String> {
    let catalog = Catalog::embedded().unwrap();
    import(Path::new(name), text, wanted, &catalog, &Asker::new(true))
        .map_err(|faults| diagnostic::render(&faults, Style::Plain))
}

fn fixture(name: &str, wanted: Option<&str>) -> Result<Draft, String> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "init", name]
        .iter()
        .collect();
    import_text(name, &std::fs::read_to_string(path).unwrap(), wanted)
}

fn notices(draft: &Draft) -> String {
    let line = |notice: &crate::commands::init::draft::Notice| {
        let kind = match notice.kind {
            NoticeKind::Advice => "consider",
            NoticeKind::Changed => "changed",
            NoticeKind::Dropped => "dropped",
        };
        format!("{kind}: {}: {}\n", notice.variable, notice.text)
    };
    draft.notices.iter().map(line).collect()
}

#[test]
fn an_administrators_profile_becomes_a_draft() {
    let draft = fixture("ccwb-okta.json", None).unwrap();
    insta::assert_snapshot!(notices(&draft));
    assert_eq!(draft.name.as_deref(), Some("acme-dev"));
    assert_eq!(draft.account_id.as_deref(), Some("123456789012"));
    assert_eq!(draft.region.as_deref(), Some("us-east-2"));
    assert_eq!(draft.geography.as_deref(), Some("us"));
    assert_eq!(draft.allow, ["opus-4-6"]);
    assert_eq!(draft.default_model.as_deref(), Some("opus-4-6"));
    assert_eq!(draft.access, Some(Access::Federation));
    let expected = Federation {
        stated: Some(OpenId::Okta),
        issuer: Some("https://acme.okta.com/oauth2/default".to_owned()),
        client_id: Some("0oa1b2c3d4e5f6g7h8i9".to_owned()),
        max_session_hours: Some(12),
        ..Federation::default()
    };
    assert_eq!(draft.federation, expected);
}

#[test]
fn the_profile_of_several_is_named() {
    insta::assert_snapshot!(fixture("ccwb-profiles.json", None).unwrap_err(), @r#"
        error: there are several profiles in this file: portal, Ambient Keys
         |
         = help: name the one that is meant: `--ccwb-profile portal`
        "#);
    insta::assert_snapshot!(fixture("ccwb-profiles.json", Some("portl")).unwrap_err(), @r#"
        error: there is no profile `portl` in this file; it has portal, Ambient Keys
         |
         = help: did you mean `portal`?
        "#);
    let draft = fixture("ccwb-profiles.json", Some("portal")).unwrap();
    insta::assert_snapshot!(notices(&draft));
    assert_eq!(draft.access, Some(Access::IdentityCenter));
    assert_eq!(draft.name.as_deref(), Some("portal"));
    assert_eq!(draft.identity.region.as_deref(), Some("eu-west-1"));
    assert_eq!(draft.geography.as_deref(), Some("eu"));
    assert_eq!(draft.account_id.as_deref(), Some("123456789012"));
    assert_eq!(draft.federation, Federation::default());
}

/// What a deployment cannot have is not replaced by something near.
#[test]
fn nothing_is_invented() {
    let draft = fixture("ccwb-profiles.json", Some("Ambient Keys")).unwrap();
    insta::assert_snapshot!(notices(&draft));
    assert_eq!(draft.access, Some(Access::Roles));
    assert_eq!((draft.name, draft.geography, draft.account_id), (None, None, None));
    assert_eq!(draft.allow, ["sonnet-4"]);
}

#[test]
fn a_packages_configuration_becomes_a_draft() {
    let draft = fixture("ccwb-config.json", None).unwrap();
    insta::assert_snapshot!(notices(&draft));
    let expected = Federation {
        stated: Some(OpenId::Entra),
        issuer: Some("https://login.microsoftonline.com/11112222-3333-4444-5555-666677778888/v2.0".to_owned()),
        client_id: Some("99998888-7777-6666-5555-444433332222".to_owned()),
        max_session_hours: Some(2),
        ..Federation::default()
    };
    assert_eq!(draft.federation, expected);
    assert_eq!(draft.allow, ["haiku-4-5"]);
    assert_eq!(draft.geography.as_deref(), Some("global"));
}

#[test]
fn both_forms_of_a_packages_configuration_are_the_same() {
    let path: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "tests",
        "fixtures",
        "init",
        "ccwb-config.json",
    ]
    .iter()
    .collect();
    let old = std::fs::read_to_string(path).unwrap();
    let new = format!("{{\"profiles\": {old}}}");
    assert_eq!(import_text("a", &old, None), import_text("a", &new, None));
}

#[test]
fn an_identity_pool_is_one_as_the_installations_programs_decide() {
    for (fields, has_pool, hours) in [
        (
            r#""federation_type": "cognito", "max_session_duration": 28800"#,
            true,
            None,
        ),
        (
            r#""identity_pool_id": "us-east-1:00000000-0000-0000-0000-000000000000""#,
            true,
            None,
        ),
        (
            r#""federation_type": "direct", "identity_pool_id": "us-east-1:0", "max_session_duration": 28800"#,
            false,
            Some(8),
        ),
        (
            r#""federated_role_arn": "arn:aws:iam::123456789012:role/x", "identity_pool_id": "us-east-1:0""#,
            false,
            None,
        ),
        (
            r#""identity_pool_name": "us-east-1:00000000-0000-0000-0000-000000000000""#,
            true,
            None,
        ),
        // The name of an administrator's profile is none of a pool's ids.
        (r#""identity_pool_name": "claude-code-auth""#, false, None),
        (r#""max_session_duration": 3600"#, false, Some(1)),
    ] {
        let text = format!(r#"{{"name": "acme", "client_id": "x", "provider_domain": "acme.okta.com", {fields}}}"#);
        let draft = import_text("a.json", &text, None).unwrap();
        let found = (draft.federation.identity_pool, draft.federation.max_session_hours);
        assert_eq!(found, (has_pool, hours), "{fields}");
        assert_eq!(
            notices(&draft).contains("sessions of an identity pool"),
            has_pool && fields.contains("28800")
        );
    }
}

#[test]
fn a_pool_that_is_not_used_and_a_type_that_is_none_are_told() {
    let text =
        |fields: &str| format!(r#"{{"name": "acme", "client_id": "x", "provider_domain": "acme.okta.com", {fields}}}"#);
    let unused = text(r#""federation_type": "direct", "identity_pool_id": "us-east-1:0""#);
    assert!(notices(&import_text("a.json", &unused, None).unwrap()).contains("us-east-1:0 is not used"));
    let named = text(r#""identity_pool_name": "claude-code-auth""#);
    let told = notices(&import_text("a.json", &named, None).unwrap());
    assert!(told.contains("claude-code-auth is not used"), "{told}");
    // Whichever account it will be, the issuer's provider is very likely there.
    let pooled = text(r#""federation_type": "cognito""#);
    assert!(
        notices(&import_text("a.json", &pooled, None).unwrap())
            .contains("arn:aws:iam::ACCOUNT:oidc-provider/acme.okta.com")
    );
    let refused = import_text("a.json", &text(r#""federation_type": "magic""#), None).unwrap_err();
    assert!(
        refused.contains("there is no federation type `magic`") && refused.contains("a.json:1"),
        "{refused}"
    );
}

#[test]
fn each_providers_issuer_is_made_of_its_fields() {
    let with = |fields: &str| {
        let text = format!(r#"{{"name": "acme", "client_id": "x", {fields}}}"#);
        import_text("a.json", &text, None).unwrap()
    };
    for (fields, provider, issuer) in [
        (
            r#""provider_domain": "acme.okta.com""#,
            OpenId::Okta,
            "https://acme.okta.com",
        ),
        (
            r#""okta_domain": "https://acme.okta.com/""#,
            OpenId::Okta,
            "https://acme.okta.com",
        ),
        (
            r#""provider_domain": "id.acme.example", "provider_type": "okta", "okta_auth_server_id": "aus1""#,
            OpenId::Okta,
            "https://id.acme.example/oauth2/aus1",
        ),
        (
            r#""provider_domain": "acme.eu.auth0.com""#,
            OpenId::Auth0,
            "https://acme.eu.auth0.com/",
        ),
        (
            r#""provider_domain": "accounts.google.com""#,
            OpenId::Google,
            "https://accounts.google.com",
        ),
        (
            r#""provider_domain": "acme.auth.eu-west-1.amazoncognito.com", "cognito_user_pool_id": "eu-west-1_AbCdEfGhI""#,
            OpenId::Cognito,
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        ),
        (
            r#""provider_domain": "cognito-idp.eu-west-1.amazonaws.com", "cognito_user_pool_id": "eu-west-1_AbCdEfGhI""#,
            OpenId::Cognito,
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        ),
        (
            r#""provider_domain": "id.example", "provider_type": "generic", "oidc_issuer_url": "https://id.example/realms/x/""#,
            OpenId::Oidc,
            "https://id.example/realms/x/",
        ),
    ] {
        let federation = with(fields).federation;
        assert_eq!(federation.stated, Some(provider), "{fields}");
        assert_eq!(federation.issuer.as_deref(), Some(issuer), "{fields}");
    }
    for (fields, why) in [
        (
            r#""provider_domain": "acme.auth.eu-west-1.amazoncognito.com""#,
            "`cognito_user_pool_id` is missing",
        ),
        (
            r#""provider_domain": "login.microsoftonline.com/acme.onmicrosoft.com/v2.0""#,
            "the tenant's id",
        ),
        (
            r#""provider_domain": "login.microsoftonline.com/common""#,
            "stands for many tenants",
        ),
    ] {
        let draft = with(fields);
        assert_eq!(draft.federation.issuer, None, "{fields}");
        let said = notices(&draft);
        assert!(said.contains(why) && said.contains("`--issuer` names it"), "{said}");
    }
}

#[test]
fn faults_of_a_profile_have_places() {
    insta::assert_snapshot!(fixture("ccwb-broken.json", None).unwrap_err(), @r#"
        error: this is no JSON
         --> ccwb-broken.json:3:28
          |
        3 |   "aws_region": "us-east-1"
          |                            ^ Expected comma
        "#);
    insta::assert_snapshot!(fixture("ccwb-wrong-types.json", None).unwrap_err());
}

#[test]
fn what_is_no_profile_is_told() {
    let said = |text: &str| import_text("a.json", text, None).unwrap_err();
    for (text, why) in [
        ("[]", "expected a JSON object"),
        ("", "expected a JSON object"),
        ("{}", "there is no profile in this file"),
        (r#"{"profiles": {}}"#, "there is no profile in this file"),
        (r#"{"colour": "green"}"#, "none of these fields"),
        (
            r#"{"schema_version": "2.0", "active_profile": "acme", "profiles_dir": "/home/a/.ccwb/profiles"}"#,
            "/home/a/.ccwb/profiles/acme.json",
        ),
        (r#"{"name": "acme", "auth_type": "saml"}"#, "expected oidc, idc or none"),
    ] {
        let said = said(text);
        assert!(said.contains(why) && said.contains("a.json"), "{text}: {said}");
    }
}

#[test]
fn secrets_are_not_repeated() {
    let text = r#"{"name": "a", "provider_domain": "accounts.google.com", "client_id": "x", "client_secret": "GOCSPX-seen",
        "cowork_3p_enabled": true, "cowork_service_token": "token-seen", "tags": {"a": "b"}}"#;
    let draft = import_text("a.json", text, None).unwrap();
    let said = notices(&draft);
    assert!(
        said.contains("client_secret (its value is not repeated here)"),
        "{said}"
    );
    assert!(!format!("{draft:?}").contains("seen"), "{draft:?}");
}
