//! What stops onboarding, and under which name a developer is seen.

use super::identity::{self, Identity};
use super::*;
use crate::deployment::model::{Access, Deployment, Developer, ProfileScope, Roles, Trusted};

/// Prepares all developers with the given outputs.
fn failure(deployment: &Deployment, outputs: &Outputs) -> String {
    let chosen = choose(deployment, None).unwrap();
    Planner::new(deployment, outputs, &chosen, &Options::default())
        .unwrap_err()
        .to_string()
}

fn applied(deployment: &Deployment) -> Outputs {
    Outputs::parse(&fixtures::outputs(deployment), Need::of(deployment), "outputs").unwrap()
}

fn user(name: &str) -> Trusted {
    Trusted::User {
        arn: format!("arn:aws:iam::{}:user/{name}", fixtures::ACCOUNT),
        name: name.to_owned(),
    }
}

fn trusting(developers: Vec<Developer>, trusted: Vec<Trusted>) -> Deployment {
    let mut deployment = fixtures::roles();
    deployment.profiles = ProfileScope::None;
    deployment.developers = developers;
    deployment.access = Access::Roles(Roles {
        developers: trusted,
        admins: Vec::new(),
        analysts: Vec::new(),
        max_session_seconds: 3_600,
    });
    deployment
}

fn person(id: &str, email: &str) -> Developer {
    Developer {
        email: email.to_owned(),
        ..fixtures::developer(id, "engineering")
    }
}

#[test]
fn a_profile_that_was_not_applied_is_an_error_and_never_replaced() {
    let deployment = fixtures::identity_center();
    let mut outputs = applied(&deployment);
    outputs.profile_arns.remove("bob/us.haiku-4-5");
    outputs.profile_arns.remove("bob/us.opus-4-6");
    insta::assert_snapshot!(failure(&deployment, &outputs));
    // Whoever has all profiles can be onboarded meanwhile.
    let alice = choose(&deployment, Some("alice")).unwrap();
    assert!(Planner::new(&deployment, &outputs, &alice, &Options::default()).is_ok());
}

#[test]
fn a_long_list_is_cut() {
    let mut deployment = fixtures::identity_center();
    deployment.developers = (0..20)
        .map(|i| fixtures::developer(&format!("dev{i:02}"), "engineering"))
        .collect();
    insta::assert_snapshot!(failure(&deployment, &Outputs::default()));
}

#[test]
fn profiles_of_another_deployment_are_refused() {
    let deployment = fixtures::identity_center();
    for foreign in [
        "arn:aws:bedrock:us-east-1:210987654321:application-inference-profile/abc",
        "arn:aws:bedrock:us-west-2:123456789012:application-inference-profile/abc",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-6-v1",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/",
    ] {
        let mut outputs = applied(&deployment);
        outputs
            .profile_arns
            .insert("alice/us.opus-4-6".to_owned(), foreign.to_owned());
        let message = failure(&deployment, &outputs);
        assert!(message.contains("these outputs are of another deployment"), "{message}");
        assert!(message.contains(foreign), "{message}");
    }
}

#[test]
fn profiles_per_team_need_a_team() {
    let mut deployment = fixtures::identity_center();
    deployment.profiles = ProfileScope::Team;
    let outputs = applied(&deployment);
    deployment.developers[1].team = None;
    assert_eq!(
        failure(&deployment, &outputs),
        "profiles are per team, but no team is stated for: bob"
    );
}

#[test]
fn whoever_is_no_trusted_user_cannot_be_onboarded() {
    let deployment = trusting(
        vec![person("alice", "alice@example.com"), person("bob", "bob@example.com")],
        vec![user("alice")],
    );
    insta::assert_snapshot!(failure(&deployment, &Outputs::default()));
}

#[test]
fn a_developer_is_the_user_named_like_the_id_the_address_or_its_local_part() {
    let deployment = trusting(
        vec![
            person("a1", "Ann@example.com"),
            person("b2", "bea@example.com"),
            person("cleo", "c@example.com"),
        ],
        vec![user("cleo"), user("bea@example.com"), user("ann"), user("nobody")],
    );
    let found = identities(&deployment);
    assert_eq!(found["a1"], Identity::User("ann".to_owned()));
    assert_eq!(found["b2"], Identity::User("bea@example.com".to_owned()));
    assert_eq!(found["cleo"], Identity::User("cleo".to_owned()));
    assert_eq!(identity::unused_users(&deployment), ["nobody"]);
}

#[test]
fn nobody_gets_a_user_that_two_could_be_or_that_is_another_ones() {
    let role = Trusted::Role {
        arn: "arn:aws:iam::111111111111:role/x".to_owned(),
        account_id: "111111111111".to_owned(),
    };
    let deployment = trusting(
        vec![
            person("one", "sam@example.com"),
            person("two", "sam@example.org"),
            person("kim", "k@example.com"),
            person("three", "kim@example.com"),
        ],
        vec![user("sam"), user("kim"), role],
    );
    let found = identities(&deployment);
    assert_eq!(found["one"], Identity::Claimed("sam@example.com".to_owned()));
    assert_eq!(found["two"], Identity::Claimed("sam@example.org".to_owned()));
    assert_eq!(found["kim"], Identity::User("kim".to_owned()));
    assert_eq!(found["three"], Identity::Claimed("kim@example.com".to_owned()));
}

#[test]
fn an_address_that_sts_refuses_is_replaced_by_the_id() {
    let role = Trusted::Role {
        arn: "arn:aws:iam::111111111111:role/x".to_owned(),
        account_id: "111111111111".to_owned(),
    };
    let long = format!("{}@example.com", "a".repeat(60));
    let deployment = trusting(
        vec![person("quote", "o'neil@example.com"), person("long", &long)],
        vec![role],
    );
    let found = identities(&deployment);
    assert_eq!(found["quote"], Identity::Claimed("quote".to_owned()));
    assert_eq!(found["long"], Identity::Claimed("long".to_owned()));
}

#[test]
fn a_model_with_an_unknown_limit_leaves_the_output_alone() {
    let mut deployment = fixtures::identity_center();
    let limit = |deployment: &Deployment| {
        let outputs = applied(deployment);
        let chosen = choose(deployment, Some("alice")).unwrap();
        let planner = Planner::new(deployment, &outputs, &chosen, &Options::default()).unwrap();
        let env = planner.configuration(chosen[0]).unwrap().settings.env;
        env.get("CLAUDE_CODE_MAX_OUTPUT_TOKENS").cloned()
    };
    assert_eq!(limit(&deployment), Some("64000".to_owned()));
    deployment.models[0].max_output_tokens = None;
    assert_eq!(limit(&deployment), None);
    deployment.models[0].max_output_tokens = Some(32_000);
    assert_eq!(limit(&deployment), None);
}

#[test]
fn a_developer_who_was_not_chosen_gets_no_system_profile_instead() {
    let deployment = fixtures::identity_center();
    let mut outputs = applied(&deployment);
    outputs.profile_arns.retain(|key, _| key.starts_with("alice/"));
    let alice = choose(&deployment, Some("alice")).unwrap();
    let bob = choose(&deployment, Some("bob")).unwrap();
    let planner = Planner::new(&deployment, &outputs, &alice, &Options::default()).unwrap();
    let error = planner.configuration(bob[0]).unwrap_err();
    assert!(matches!(error, Error::NotApplied { .. }), "{error}");
}
