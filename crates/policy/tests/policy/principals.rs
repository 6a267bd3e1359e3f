//! `Principal` and `NotPrincipal`.

use policy::{Caller, Context, Kind, Named, PolicySet};

use super::support::{ACCOUNT, alice, allow, document, get_object, grant, identity, named, session, verdict};

fn granted(principal: &str, caller: Caller) -> String {
    let set = PolicySet {
        resource: Some(Named::new("bucket", grant(principal))),
        ..identity([allow("none:*", "*")])
    };
    verdict(&set, &get_object(caller))
}

#[test]
fn kinds_of_callers() {
    let service = Caller::service("bedrock.amazonaws.com");
    for (principal, caller, expected) in [
        (r#"{"Service":"bedrock.amazonaws.com"}"#, service.clone(), "allowed"),
        (
            r#"{"Service":["logs.amazonaws.com","bedrock.amazonaws.com"]}"#,
            service.clone(),
            "allowed",
        ),
        (
            r#"{"Service":"logs.amazonaws.com"}"#,
            service.clone(),
            "not allowed by resource policy",
        ),
        (r#""*""#, service.clone(), "allowed"),
        // Documented as everybody for callers with an account and anonymous ones.
        (r#"{"AWS":"*"}"#, service, "depends on Principal"),
        (r#"{"AWS":"*"}"#, Caller::Anonymous, "allowed"),
        (r#""*""#, Caller::Anonymous, "allowed"),
        (
            r#"{"AWS":"111122223333"}"#,
            Caller::Anonymous,
            "not allowed by resource policy",
        ),
        (r#"{"AWS":"*"}"#, session(), "allowed"),
        (
            r#"{"AWS":"arn:aws:iam::111122223333:user/team/Alice"}"#,
            alice(),
            "not allowed by identity policies",
        ),
        (
            r#"{"AWS":"arn:aws:iam::111122223333:user/alice"}"#,
            alice(),
            "not allowed by identity policies",
        ),
        (
            r#"{"CanonicalUser":"79a59df900b949e5"}"#,
            Caller::root(ACCOUNT),
            "allowed",
        ),
        (
            r#"{"CanonicalUser":"79a59df900b949e5"}"#,
            session(),
            "not allowed by identity policies",
        ),
    ] {
        assert_eq!(granted(principal, caller), expected, "{principal}");
    }
}

#[test]
fn a_unique_id_is_told_by_the_user_id() {
    let id = r#"{"AWS":"AROAEXAMPLEEXAMPLE01"}"#;
    assert_eq!(granted(id, session()), "depends on aws:userid");
    let set = PolicySet {
        resource: Some(named(grant(id))),
        ..PolicySet::default()
    };
    let with = |userid: &str| get_object(session()).context(Context::new().with("aws:userid", userid));
    assert_eq!(verdict(&set, &with("AROAEXAMPLEEXAMPLE01:alice")), "allowed");
    assert_eq!(
        verdict(&set, &with("AROAEXAMPLEEXAMPLE02:alice")),
        "not allowed by identity policies"
    );
}

fn denied(not_principal: &str, caller: Caller) -> String {
    let statement =
        format!(r#"{{"Sid":"Others","Effect":"Deny","NotPrincipal":{not_principal},"Action":"*","Resource":"*"}}"#);
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let set = PolicySet {
        resource: Some(Named::new("bucket", document(Kind::Resource, &policy))),
        ..identity([allow("*", "*")])
    };
    verdict(&set, &get_object(caller))
}

#[test]
fn not_principal_spares_who_is_listed_with_all_his_names() {
    let user = r#""arn:aws:iam::111122223333:user/team/alice""#;
    let role = r#""arn:aws:iam::111122223333:role/path/dev""#;
    let own = r#""arn:aws:sts::111122223333:assumed-role/dev/alice""#;
    let by = "denied by bucket: Others";
    for (list, caller, expected) in [
        (format!(r#"{{"AWS":[{user},"111122223333"]}}"#), alice(), "allowed"),
        (
            format!(r#"{{"AWS":[{user},"arn:aws:iam::111122223333:root"]}}"#),
            alice(),
            "allowed",
        ),
        (format!(r#"{{"AWS":{user}}}"#), alice(), "depends on NotPrincipal"),
        (
            format!(r#"{{"AWS":[{user},"111122223333"]}}"#),
            session(),
            "depends on NotPrincipal",
        ),
        (
            format!(r#"{{"AWS":[{role},{own},"111122223333"]}}"#),
            session(),
            "allowed",
        ),
        (
            format!(r#"{{"AWS":[{role},"111122223333"]}}"#),
            session(),
            "depends on NotPrincipal",
        ),
        (r#"{"AWS":"444455556666"}"#.to_owned(), session(), by),
        (r#"{"Service":"logs.amazonaws.com"}"#.to_owned(), session(), by),
        (r#"{"AWS":"444455556666"}"#.to_owned(), Caller::Anonymous, by),
        (r#"{"AWS":"111122223333"}"#.to_owned(), Caller::root(ACCOUNT), "allowed"),
        (r#""*""#.to_owned(), session(), "allowed"),
    ] {
        assert_eq!(denied(&list, caller), expected, "{list}");
    }
}

#[test]
fn not_principal_denies_whoever_has_a_boundary() {
    let policy = r#"{"Version":"2012-10-17","Statement":{"Sid":"Others","Effect":"Deny","Action":"*","Resource":"*",
        "NotPrincipal":{"AWS":["arn:aws:iam::111122223333:user/team/alice","111122223333"]}}}"#;
    let set = PolicySet {
        resource: Some(Named::new("bucket", document(Kind::Resource, policy))),
        boundary: Some(named(allow("*", "*"))),
        ..identity([allow("*", "*")])
    };
    assert_eq!(verdict(&set, &get_object(alice())), "denied by bucket: Others");
}
