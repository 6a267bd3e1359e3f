use std::time::Duration;

use client_config::{AzureClient, Endpoints, Federation};

use super::*;

const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

/// A configuration whose provider is found by the domain, as a file without `provider_type` has it.
fn config(domain: &str) -> Oidc {
    Oidc {
        provider: ProviderType::of_host(domain).unwrap_or(ProviderType::Generic),
        domain: domain.to_owned(),
        client_id: "client".to_owned(),
        client_secret: None,
        okta_server: None,
        user_pool: None,
        prompt: None,
        endpoints: Endpoints::default(),
        azure: AzureClient::Public,
        redirect_port: 8400,
        federation: Federation::Cognito {
            identity_pool: "pool".to_owned(),
        },
    }
}

/// No request is made by what is tested here: an address that answers nothing would fail the test.
fn resolve(oidc: &Oidc) -> Result<Provider, Error> {
    Provider::resolve(oidc, &Http::new(Duration::from_millis(1)))
}

fn table(oidc: &Oidc) -> [String; 5] {
    let provider = resolve(oidc).unwrap();
    [
        provider.issuer,
        provider.authorization_endpoint,
        provider.token_endpoint,
        provider.device_authorization_endpoint.unwrap_or_default(),
        provider.jwks_uri,
    ]
}

#[test]
fn okta_has_two_kinds_of_servers() {
    let own = table(&config("acme.okta.com"));
    assert_eq!(
        own,
        [
            "https://acme.okta.com",
            "https://acme.okta.com/oauth2/v1/authorize",
            "https://acme.okta.com/oauth2/v1/token",
            "https://acme.okta.com/oauth2/v1/device/authorize",
            "https://acme.okta.com/oauth2/v1/keys",
        ]
    );
    let mut custom = config("acme.okta.com");
    custom.okta_server = Some("aus1_x-Y".to_owned());
    let expected = [
        "https://acme.okta.com/oauth2/aus1_x-Y",
        "https://acme.okta.com/oauth2/aus1_x-Y/v1/authorize",
        "https://acme.okta.com/oauth2/aus1_x-Y/v1/token",
        "https://acme.okta.com/oauth2/aus1_x-Y/v1/device/authorize",
        "https://acme.okta.com/oauth2/aus1_x-Y/v1/keys",
    ];
    assert_eq!(table(&custom), expected);
    // The issuer as people copy it from the console.
    assert_eq!(table(&config("acme.okta.com/oauth2/aus1_x-Y")), expected);
    custom.domain = "acme.okta.com/oauth2/default".to_owned();
    assert!(
        resolve(&custom)
            .unwrap_err()
            .to_string()
            .contains("another server, `default`")
    );
    for server in ["", "../x", "a/b", "a?b"] {
        let mut odd = config("acme.okta.com");
        odd.okta_server = Some(server.to_owned());
        assert_eq!(resolve(&odd).unwrap_err().kind, Kind::Config, "{server}");
    }
    assert_eq!(resolve(&config("acme.okta.com/app")).unwrap_err().kind, Kind::Config);
}

#[test]
fn entra_tokens_name_the_tenants_id_in_every_cloud() {
    for (domain, authority) in [
        ("login.microsoftonline.com", "login.microsoftonline.com"),
        ("login.windows.net", "login.microsoftonline.com"),
        ("login.microsoftonline.us", "login.microsoftonline.us"),
        ("login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn"),
    ] {
        for end in ["", "/v2.0"] {
            let base = format!("https://{authority}/{TENANT}");
            assert_eq!(
                table(&config(&format!("{domain}/{TENANT}{end}"))),
                [
                    format!("{base}/v2.0"),
                    format!("{base}/oauth2/v2.0/authorize"),
                    format!("{base}/oauth2/v2.0/token"),
                    format!("{base}/oauth2/v2.0/devicecode"),
                    format!("{base}/discovery/v2.0/keys"),
                ]
            );
        }
    }
}

#[test]
fn a_tenant_of_entra_that_is_none_is_refused() {
    for (domain, part) in [
        ("login.microsoftonline.com/common/v2.0", "many tenants"),
        ("login.microsoftonline.com/organizations", "many tenants"),
        (
            "login.microsoftonline.com/{tenantid}/v2.0",
            "such as login.microsoftonline.com/TENANT",
        ),
        ("login.microsoftonline.com", "and the tenant"),
        ("login.microsoftonline.com/v2.0", "and the tenant"),
        ("login.microsoftonline.com/a/b/v2.0", "and the tenant"),
        ("acme.windows.net/x", "no authority"),
    ] {
        let error = resolve(&config(domain)).unwrap_err();
        assert_eq!(error.kind, Kind::Config, "{domain}");
        assert!(error.to_string().contains(part), "{domain}: {error}");
    }
}

#[test]
fn a_tenant_by_its_domain_is_looked_up_and_only_an_id_of_the_same_authority_is_believed() {
    let oidc = config("login.microsoftonline.com/acme.onmicrosoft.com/v2.0");
    let found = known::azure(&oidc, |authority| {
        assert_eq!(authority, "https://login.microsoftonline.com/acme.onmicrosoft.com/v2.0");
        Ok(format!("https://login.microsoftonline.com/{TENANT}/v2.0"))
    });
    assert_eq!(
        found.unwrap().token,
        format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token")
    );
    for issuer in [
        format!("https://evil.example/{TENANT}/v2.0"),
        format!("https://login.microsoftonline.com.evil.example/{TENANT}/v2.0"),
        "https://login.microsoftonline.com/{tenantid}/v2.0".to_owned(),
        format!("https://sts.windows.net/{TENANT}/"),
    ] {
        let error = known::azure(&oidc, |_| Ok(issuer.clone())).unwrap_err();
        assert_eq!(error.kind, Kind::Config, "{issuer}");
    }
}

#[test]
fn the_issuer_of_auth0_ends_with_a_slash() {
    assert_eq!(
        table(&config("acme.eu.auth0.com")),
        [
            "https://acme.eu.auth0.com/",
            "https://acme.eu.auth0.com/authorize",
            "https://acme.eu.auth0.com/oauth/token",
            "https://acme.eu.auth0.com/oauth/device/code",
            "https://acme.eu.auth0.com/.well-known/jwks.json",
        ]
    );
}

#[test]
fn the_issuer_of_a_user_pool_is_not_its_login_page() {
    let mut oidc = config("acme.auth.eu-west-1.amazoncognito.com");
    oidc.user_pool = Some("eu-west-1_AbC123".to_owned());
    assert_eq!(
        table(&oidc),
        [
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123",
            "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
            "https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token",
            "",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123/.well-known/jwks.json",
        ]
    );
    oidc.user_pool = Some("cn-north-1_AbC123".to_owned());
    assert_eq!(
        table(&oidc)[0],
        "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC123"
    );
    for pool in ["", "AbC", "eu-west-1_", "eu-west-1_../x", "evil.example/x-1_a"] {
        oidc.user_pool = Some(pool.to_owned());
        assert_eq!(resolve(&oidc).unwrap_err().kind, Kind::Config, "{pool}");
    }
    oidc.user_pool = None;
    assert!(
        resolve(&oidc)
            .unwrap_err()
            .message
            .contains("`cognito_user_pool_id` is missing")
    );
}

#[test]
fn a_user_pool_without_its_login_page_is_looked_up_at_its_own_issuer() {
    const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123";
    let issuer = |domain: &str, pool: Option<&str>| {
        let mut oidc = config(domain);
        oidc.user_pool = pool.map(str::to_owned);
        match known::cognito(&oidc) {
            Ok(known::Pool::Bare { issuer }) => issuer,
            Ok(known::Pool::Hosted(addresses)) => panic!("{addresses:?}"),
            Err(error) => error.to_string(),
        }
    };
    let host = "cognito-idp.eu-west-1.amazonaws.com";
    assert_eq!(issuer(host, Some("eu-west-1_AbC123")), ISSUER);
    assert_eq!(issuer(&format!("{host}/eu-west-1_AbC123"), None), ISSUER);
    assert_eq!(
        issuer(&format!("{host}/eu-west-1_AbC123"), Some("eu-west-1_AbC123")),
        ISSUER
    );
    assert!(issuer(&format!("{host}/eu-west-1_AbC123"), Some("eu-west-1_Other")).contains("another pool"));
    assert!(issuer(host, Some("us-east-1_AbC123")).contains("another region"));
    assert!(issuer(host, None).contains("is missing"));
}

#[test]
fn google_has_hosts_of_its_own_and_two_names() {
    let provider = resolve(&config("accounts.google.com")).unwrap();
    assert_eq!(
        provider.issuers(),
        ["https://accounts.google.com", "accounts.google.com"]
    );
    assert_eq!(provider.token_endpoint, "https://oauth2.googleapis.com/token");
    assert_eq!(
        provider.authorization_parameters,
        [("access_type", "offline".to_owned())]
    );
    assert_eq!(provider.scope(), "openid email profile");
    let mut odd = config("accounts.google.com");
    odd.domain = "google.acme.example".to_owned();
    assert_eq!(resolve(&odd).unwrap_err().kind, Kind::Config);
}

#[test]
fn a_generic_provider_of_the_file_is_not_asked() {
    let mut oidc = config("id.acme.example");
    oidc.endpoints = Endpoints {
        issuer: Some("https://id.acme.example/realms/x".to_owned()),
        authorization: Some("https://id.acme.example/auth?p=policy".to_owned()),
        token: Some("https://id.acme.example/token".to_owned()),
        jwks: Some("https://keys.acme.example/".to_owned()),
    };
    let provider = resolve(&oidc).unwrap();
    assert_eq!(provider.issuer, "https://id.acme.example/realms/x");
    assert_eq!(provider.jwks_uri, "https://keys.acme.example/");
    let url = provider.authorization_url(&Attempt::new().unwrap(), "http://localhost:8400/callback");
    assert!(
        url.starts_with("https://id.acme.example/auth?p=policy&response_type=code&"),
        "{url}"
    );
    oidc.endpoints.token = Some("https://id.acme.example@evil.example/token".to_owned());
    assert!(resolve(&oidc).unwrap_err().message.contains("has a user name in it"));
}

#[test]
fn what_is_no_host_is_refused() {
    for domain in [
        "acme.okta.com@evil.example",
        "acme.okta.com#",
        "acme.okta.com?x=",
        "a b.okta.com",
    ] {
        let mut oidc = config("acme.okta.com");
        oidc.domain = domain.to_owned();
        assert_eq!(resolve(&oidc).unwrap_err().kind, Kind::Config, "{domain}");
    }
}

#[test]
fn the_login_page_is_told_what_binds_the_answer_to_the_question() {
    let attempt = Attempt::new().unwrap();
    let provider = resolve(&config(&format!("login.microsoftonline.com/{TENANT}"))).unwrap();
    let url = provider.authorization_url(&attempt, "http://localhost:8400/callback");
    assert_eq!(
        url,
        format!(
            "https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize?response_type=code&client_id=client&\
             redirect_uri=http%3A%2F%2Flocalhost%3A8400%2Fcallback&scope=openid%20profile%20email%20offline_access&\
             state={}&nonce={}&code_challenge={}&code_challenge_method=S256&response_mode=query&prompt=select_account",
            attempt.state.expose(),
            attempt.nonce.expose(),
            attempt.challenge()
        )
    );
    assert!(!url.contains(attempt.verifier.expose()));
}

#[test]
fn prompts_are_the_files_or_the_providers_own() {
    let prompt = |domain: &str, given: Option<&str>| {
        let mut oidc = config(domain);
        oidc.prompt = given.map(str::to_owned);
        let all = resolve(&oidc).unwrap().authorization_parameters;
        all.into_iter()
            .find(|(name, _)| *name == "prompt")
            .map(|(_, value)| value)
    };
    let entra = format!("login.microsoftonline.com/{TENANT}");
    assert_eq!(prompt(&entra, None).as_deref(), Some("select_account"));
    assert_eq!(prompt(&entra, Some("")), None);
    assert_eq!(prompt(&entra, Some("login")).as_deref(), Some("login"));
    assert_eq!(prompt("acme.okta.com", None), None);
    assert_eq!(prompt("acme.okta.com", Some("consent")).as_deref(), Some("consent"));
}

/// Nobody is asked, and what is wrong is wrong all the same.
#[test]
fn what_a_configuration_settles_is_told_without_a_question() {
    let known = config("acme.okta.com");
    assert_eq!(
        Provider::settled(&known).unwrap(),
        Settled::All(resolve(&known).unwrap())
    );
    let mut bare = config("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc");
    bare.user_pool = None;
    for (oidc, asked) in [
        (
            config("login.microsoftonline.com/acme.onmicrosoft.com"),
            "https://login.microsoftonline.com/acme.onmicrosoft.com/v2.0",
        ),
        (bare, "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc"),
        (config("id.acme.example"), "https://id.acme.example"),
    ] {
        match Provider::settled(&oidc).unwrap() {
            Settled::ByDiscovery { issuer, scopes } => {
                assert_eq!(issuer, asked);
                assert!(scopes.contains(&"openid"));
            }
            Settled::All(provider) => panic!("{provider:?}"),
        }
    }
    for domain in [
        "login.microsoftonline.com/common",
        "id.acme.example/a?b",
        &"a".repeat(3000),
    ] {
        assert!(Provider::settled(&config(domain)).is_err(), "{domain}");
    }
    // What is given beside the issuer counts as well.
    let mut odd = config("id.acme.example");
    odd.endpoints.token = Some("https://id.example@evil.example/t".to_owned());
    let error = Provider::settled(&odd).unwrap_err();
    assert!(error.message.contains("`oidc_token_endpoint`"), "{error}");
}
