//! How policies of all kinds come together.

use policy::{Caller, Context, Decision, Document, Kind, Layer, Named, PolicySet, Request, evaluate};

use super::support::{
    ACCOUNT, BUCKET, SESSION, alice, allow, deny, document, get_object, grant, identity, named, session, verdict,
};

const AWAY: &str = "444455556666";

fn with_resource(identity_policies: PolicySet, document: Document) -> PolicySet {
    PolicySet {
        resource: Some(Named::new("bucket", document)),
        ..identity_policies
    }
}

#[test]
fn nothing_is_allowed_by_nobody() {
    let request = get_object(alice());
    assert_eq!(
        verdict(&PolicySet::default(), &request),
        "not allowed by identity policies"
    );
    assert_eq!(
        verdict(&identity([allow("s3:Put*", "*")]), &request),
        "not allowed by identity policies"
    );
    assert_eq!(verdict(&identity([allow("S3:get*", "*")]), &request), "allowed");
}

#[test]
fn a_deny_outranks_every_allow_wherever_it_stands() {
    let request = get_object(session());
    let allowed = with_resource(identity([allow("*", "*")]), grant(r#""*""#));
    assert_eq!(verdict(&allowed, &request), "allowed");
    let no = || named(deny("s3:*", "*"));
    let mut sets = vec![allowed.clone(); 5];
    sets[0].scp_levels = vec![vec![named(allow("*", "*")), no()]];
    sets[1].identity.push(no());
    sets[2].boundary = Some(no());
    sets[3].session = vec![named(allow("*", "*")), no()];
    let statement = r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Sid":"Deny"}"#;
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    sets[4].resource = Some(named(document(Kind::Resource, &policy)));
    for set in sets {
        assert_eq!(verdict(&set, &request), "denied by document: Deny");
    }
}

#[test]
fn each_level_of_service_control_policies_must_allow() {
    let request = get_object(session());
    let mut set = identity([allow("*", "*")]);
    let full = || vec![named(allow("*", "*"))];
    set.scp_levels = vec![full(), full(), full()];
    assert_eq!(verdict(&set, &request), "allowed");
    set.scp_levels[1] = vec![named(allow("ec2:*", "*"))];
    assert_eq!(
        evaluate(&set, &request),
        Decision::ImplicitDeny {
            layer: Layer::ServiceControl { level: 1 }
        }
    );
    set.scp_levels[1].push(named(allow("s3:*", "*")));
    assert_eq!(verdict(&set, &request), "allowed");
    set.scp_levels[2].clear();
    assert_eq!(
        verdict(&set, &request),
        "not allowed by service control policies of level 2"
    );
}

#[test]
fn service_control_policies_pass_over_services_and_service_linked_roles() {
    let mut set = with_resource(
        identity([allow("*", "*")]),
        grant(r#"{"Service":"logs.amazonaws.com"}"#),
    );
    set.scp_levels = vec![vec![named(deny("*", "*"))]];
    assert_eq!(
        verdict(&set, &get_object(Caller::service("logs.amazonaws.com"))),
        "allowed"
    );
    let linked = "arn:aws:iam::111122223333:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO";
    assert_eq!(verdict(&set, &get_object(Caller::role_session(linked, "x"))), "allowed");
    assert_eq!(verdict(&set, &get_object(session())), "denied by document: Deny");
    assert_eq!(
        verdict(&set, &get_object(Caller::root(ACCOUNT))),
        "denied by document: Deny"
    );
}

#[test]
fn boundary_and_session_policies_bound_identity_policies() {
    let request = get_object(session());
    let mut set = identity([allow("*", "*")]);
    set.boundary = Some(named(allow("ec2:*", "*")));
    assert_eq!(verdict(&set, &request), "not allowed by permission boundary");
    set.boundary = Some(named(allow("s3:*", "*")));
    assert_eq!(verdict(&set, &request), "allowed");
    set.session = vec![named(allow("ec2:*", "*"))];
    assert_eq!(verdict(&set, &request), "not allowed by session policies");
    set.session.push(named(allow("s3:*", "*")));
    assert_eq!(verdict(&set, &request), "allowed");
    set.identity.clear();
    assert_eq!(verdict(&set, &request), "not allowed by identity policies");
}

#[test]
fn within_an_account_a_resource_policy_can_do_alone() {
    for (principal, caller, expected) in [
        (
            r#"{"AWS":"arn:aws:iam::111122223333:user/team/alice"}"#,
            alice(),
            "allowed",
        ),
        (
            r#"{"AWS":"arn:aws:iam::111122223333:role/path/dev"}"#,
            session(),
            "allowed",
        ),
        (
            r#"{"AWS":"arn:aws:sts::111122223333:assumed-role/dev/alice"}"#,
            session(),
            "allowed",
        ),
        (r#""*""#, session(), "allowed"),
        // The account as a whole leaves it to identity policies.
        (
            r#"{"AWS":"111122223333"}"#,
            session(),
            "not allowed by identity policies",
        ),
        (r#"{"AWS":"111122223333"}"#, Caller::root(ACCOUNT), "allowed"),
        (
            r#"{"AWS":"444455556666"}"#,
            session(),
            "not allowed by identity policies",
        ),
    ] {
        let set = with_resource(PolicySet::default(), grant(principal));
        assert_eq!(verdict(&set, &get_object(caller)), expected, "{principal}");
    }
}

#[test]
fn who_is_named_as_himself_is_not_bound_by_boundary_or_session_policy() {
    for (principal, boundary, by_session) in [
        (format!(r#"{{"AWS":"{SESSION}"}}"#), "allowed", "allowed"),
        (r#""*""#.to_owned(), "allowed", "allowed"),
        (
            r#"{"AWS":"arn:aws:iam::111122223333:role/path/dev"}"#.to_owned(),
            "not allowed by permission boundary",
            "not allowed by session policies",
        ),
    ] {
        let mut set = with_resource(PolicySet::default(), grant(&principal));
        set.boundary = Some(named(allow("ec2:*", "*")));
        assert_eq!(verdict(&set, &get_object(session())), boundary, "{principal}");
        set.boundary = None;
        set.session = vec![named(allow("ec2:*", "*"))];
        assert_eq!(verdict(&set, &get_object(session())), by_session, "{principal}");
    }
    let mut set = with_resource(
        PolicySet::default(),
        grant(r#"{"AWS":"arn:aws:iam::111122223333:user/team/alice"}"#),
    );
    set.boundary = Some(named(allow("ec2:*", "*")));
    assert_eq!(verdict(&set, &get_object(alice())), "allowed");
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let request = get_object(session()).resource_account(AWAY);
    let both = with_resource(identity([allow("*", "*")]), grant(r#"{"AWS":"111122223333"}"#));
    assert_eq!(verdict(&both, &request), "allowed");
    let alone = with_resource(PolicySet::default(), grant(&format!(r#"{{"AWS":"{SESSION}"}}"#)));
    assert_eq!(verdict(&alone, &request), "not allowed by identity policies");
    assert_eq!(
        verdict(&identity([allow("*", "*")]), &request),
        "not allowed by resource policy"
    );
    let mut bound = both.clone();
    bound.boundary = Some(named(allow("ec2:*", "*")));
    assert_eq!(verdict(&bound, &request), "not allowed by permission boundary");
}

#[test]
fn an_unknown_owner_matters_only_with_a_resource_policy() {
    let request = Request::new(session(), "s3:GetObject", format!("{BUCKET}/key"));
    assert_eq!(verdict(&identity([allow("*", "*")]), &request), "allowed");
    let set = with_resource(PolicySet::default(), grant(r#""*""#));
    assert_eq!(verdict(&set, &request), "depends on aws:ResourceAccount");
    let both = with_resource(identity([allow("*", "*")]), grant(r#""*""#));
    assert_eq!(verdict(&both, &request), "allowed");
}

#[test]
fn the_root_user_needs_no_policy_but_may_be_denied() {
    let root = Caller::root(ACCOUNT);
    assert_eq!(verdict(&PolicySet::default(), &get_object(root.clone())), "allowed");
    let denied = r#"{"Version":"2012-10-17","Statement":{"Sid":"NoRoot","Effect":"Deny","Action":"*","Resource":"*",
        "Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}}"#;
    let level = vec![named(allow("*", "*")), named(document(Kind::ServiceControl, denied))];
    let set = PolicySet {
        scp_levels: vec![level],
        ..PolicySet::default()
    };
    assert_eq!(verdict(&set, &get_object(root.clone())), "denied by document: NoRoot");
    let away = get_object(root).resource_account(AWAY);
    assert_eq!(verdict(&PolicySet::default(), &away), "not allowed by resource policy");
}

#[test]
fn a_federated_user_needs_a_session_policy() {
    let caller = Caller::FederatedUser {
        arn: "arn:aws:sts::111122223333:federated-user/bob".to_owned(),
    };
    let mut set = identity([allow("*", "*")]);
    assert_eq!(
        verdict(&set, &get_object(caller.clone())),
        "not allowed by session policies"
    );
    set.session = vec![named(allow("s3:*", "*"))];
    assert_eq!(verdict(&set, &get_object(caller.clone())), "allowed");
    let own = grant(r#"{"AWS":"arn:aws:sts::111122223333:federated-user/bob"}"#);
    assert_eq!(
        verdict(&with_resource(PolicySet::default(), own), &get_object(caller)),
        "allowed"
    );
}

#[test]
fn trust_and_key_policies_must_allow_within_the_account_too() {
    let role = "arn:aws:iam::111122223333:role/deploy";
    let trust = |principal: &str, action: &str| {
        let statement = format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}"}}"#);
        document(
            Kind::Trust,
            &format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#),
        )
    };
    let assume = |caller| Request::new(caller, "sts:AssumeRole", role);
    let all = identity([allow("*", "*")]);
    assert_eq!(verdict(&all, &assume(session())), "not allowed by resource policy");
    let account = trust(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, "sts:AssumeRole");
    assert_eq!(
        verdict(&with_resource(all.clone(), account.clone()), &assume(session())),
        "allowed"
    );
    let alone = with_resource(PolicySet::default(), account);
    assert_eq!(verdict(&alone, &assume(session())), "not allowed by identity policies");
    for principal in [r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, r#""*""#] {
        let set = with_resource(all.clone(), trust(principal, "sts:AssumeRole"));
        assert_eq!(
            verdict(&set, &assume(Caller::root(ACCOUNT))),
            "not allowed by resource policy",
            "the root user assumes no role: {principal}"
        );
    }
    let named_role = trust(r#"{"AWS":"arn:aws:iam::111122223333:role/path/dev"}"#, "sts:AssumeRole");
    assert_eq!(
        verdict(&with_resource(PolicySet::default(), named_role), &assume(session())),
        "allowed"
    );

    let idp = "arn:aws:iam::111122223333:oidc-provider/idp.example.com";
    let web = trust(&format!(r#"{{"Federated":"{idp}"}}"#), "sts:AssumeRoleWithWebIdentity");
    let login = Request::new(Caller::federated(idp), "sts:AssumeRoleWithWebIdentity", role);
    assert_eq!(verdict(&with_resource(PolicySet::default(), web), &login), "allowed");

    let key = Request::new(session(), "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/1234");
    assert_eq!(verdict(&all, &key), "not allowed by resource policy");
    assert_eq!(
        verdict(&with_resource(all, grant(r#"{"AWS":"111122223333"}"#)), &key),
        "allowed"
    );
}

#[test]
fn a_decision_names_what_it_rests_on() {
    let mut set = identity([allow("ec2:*", "*"), allow("s3:*", "*")]);
    set.identity[1].name = "developer.json".to_owned();
    set.scp_levels = vec![vec![Named::new("full", allow("*", "*"))]];
    let Decision::Allowed { by } = evaluate(&set, &get_object(session())) else {
        panic!("not allowed");
    };
    assert_eq!(
        by.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["full: Allow", "developer.json: Allow"]
    );
    assert_eq!(by[1].layer, Layer::Identity);
    assert_eq!(by[1].index, 0);
}

#[test]
fn an_open_deny_and_an_open_allow_are_both_named() {
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Sid":"Some","Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:b":"x"}}},
        {"Sid":"No","Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:A":"x"}}}]}"#;
    let set = identity([document(Kind::Identity, policy)]);
    let Decision::DependsOn { keys, statements } = evaluate(&set, &get_object(session())) else {
        panic!("settled");
    };
    assert_eq!(keys, ["aws:A", "aws:b"]);
    assert_eq!(
        statements.iter().filter_map(|s| s.sid.as_deref()).collect::<Vec<_>>(),
        ["Some", "No"]
    );
    let request = |context| get_object(session()).context(context);
    assert_eq!(
        verdict(&set, &request(Context::new().with("aws:a", "y"))),
        "depends on aws:b"
    );
    assert_eq!(
        verdict(&set, &request(Context::new().with("aws:a", "x"))),
        "denied by document: No"
    );
    // Not allowed is not allowed, whatever the deny would have said.
    assert_eq!(
        verdict(&set, &request(Context::new().with("aws:b", "y"))),
        "not allowed by identity policies"
    );
}

#[test]
fn only_keys_that_are_in_play_are_named() {
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:x":"1","aws:PrincipalType":"User"}}},
        {"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalType":["${aws:z}","AssumedRole"],"aws:x":"1","aws:PrincipalAccount":"1"}}},
        {"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalType":["${aws:z}","AssumedRole"],"aws:y":"1"}}}]}"#;
    let set = identity([document(Kind::Identity, policy)]);
    assert_eq!(verdict(&set, &get_object(session())), "depends on aws:y");
}
