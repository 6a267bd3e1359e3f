//! Whose credentials are used, and what happens with a stranger's.

use crate::stage::{Stage, management_role};

#[test]
fn a_strangers_credentials_stop_the_run_before_any_other_call() {
    let stage = Stage::example();
    stage.moto.forget().unwrap();
    let run = stage.run(&[
        "verify",
        "--format",
        "json",
        "--role-arn",
        "arn:aws:iam::555555555555:role/x",
        "--management-role-arn",
        &management_role(),
    ]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("555555555555"), "{}", run.stderr);
    assert!(run.stderr.contains("123456789012 (dedicated)"), "{}", run.stderr);
    // The report says of every check that it was not looked at.
    let statuses = run.statuses();
    assert!(
        !statuses.values().any(|status| status == "pass" || status == "fail"),
        "{statuses:#?}"
    );
    let calls = stage.moto.recorded().unwrap();
    assert!(calls.iter().all(|call| call.service == "sts"), "{calls:#?}");
}

#[test]
fn credentials_of_another_account_of_the_deployment_are_used_for_it() {
    let stage = Stage::example();
    let run = stage.run(&[
        "verify-phase",
        "3",
        "--format",
        "json",
        "--role-arn",
        &management_role(),
    ]);
    run.is("cost-tags-discovered", "pass", "User");
    assert!(
        run.stderr
            .contains("account 999999999999 (management, Identity Center, payer) as"),
        "{}",
        run.stderr
    );
    // Named for an account that it is not of.
    let run = stage.run(&[
        "verify-phase",
        "3",
        "--format",
        "json",
        "--management-role-arn",
        "arn:aws:iam::123456789012:role/x",
    ]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("expected 999999999999 (management)"),
        "{}",
        run.stderr
    );
}

#[test]
fn without_credentials_everything_is_undetermined_and_said_so() {
    let stage = Stage::example();
    let mut command = stage.command(&stage.moto.endpoint());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    let run = crate::stage::finished(command.args(["verify-phase", "2", "--format", "json"]));
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("no credentials"), "{}", run.stderr);
    assert!(run.stderr.contains("aws sso login"), "{}", run.stderr);
    assert!(
        run.statuses().values().all(|status| status == "skipped"),
        "{:?}",
        run.statuses()
    );
}

#[test]
fn a_profile_that_does_not_exist_is_named() {
    let stage = Stage::example();
    std::fs::create_dir(stage.home.path().join(".aws")).unwrap();
    std::fs::write(
        stage.home.path().join(".aws/config"),
        "[profile claude-code]\nregion = us-east-1\n",
    )
    .unwrap();
    stage.moto.forget().unwrap();
    let run = stage.run(&["verify-phase", "2", "--profile", "claude-cod"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("`--profile claude-cod`: ~/.aws/config and ~/.aws/credentials have no profile `claude-cod`; did you mean `claude-code`?"),
        "{}",
        run.stderr
    );
    // So is one of the environment, where no keys come before it.
    let mut command = stage.command(&stage.moto.endpoint());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_PROFILE", "other");
    let run = crate::stage::finished(command.args(["verify-phase", "2"]));
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr.contains("AWS_PROFILE=other") && run.stderr.contains("no profile `other`"),
        "{}",
        run.stderr
    );
    assert_eq!(stage.moto.recorded().unwrap(), []);
    // A machine without any profiles may have credentials of its own, whatever the variable says.
    std::fs::remove_dir_all(stage.home.path().join(".aws")).unwrap();
    for profile in ["other", "default"] {
        let mut command = stage.command(&stage.moto.endpoint());
        command
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY")
            .env("AWS_PROFILE", profile);
        let run = crate::stage::finished(command.args(["verify-phase", "2"]));
        assert_eq!(run.status, 1, "{profile}: {}", run.stderr);
        assert!(run.stderr.contains("no credentials"), "{profile}: {}", run.stderr);
    }
}

#[test]
fn a_role_that_is_of_another_account_is_named_by_its_option() {
    let stage = Stage::example();
    let run = stage.run(&[
        "verify-phase",
        "3",
        "--management-role-arn",
        "arn:aws:iam::123456789012:role/x",
    ]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("`--management-role-arn arn:aws:iam::123456789012:role/x` are of the account 123456789012"),
        "{}",
        run.stderr
    );
    let run = stage.run(&["verify-phase", "3", "--role-arn", "arn:aws:iam::555555555555:role/x"]);
    assert!(
        run.stderr
            .contains("expected 123456789012 (dedicated) or 999999999999 (management, Identity Center, payer)"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_payer_may_be_an_account_of_its_own() {
    let stage = Stage::example();
    let file = stage.path("tfgen.hcl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("cost_tags {", "cost_tags {\n  payer_account_id = \"555555555555\""),
    )
    .unwrap();
    let id = "cost-tags-discovered";
    let run = stage.verify("3", &[]);
    run.is(id, "skipped", "the payer account 555555555555");
    assert_eq!(
        run.result(id)["next_step"],
        "name credentials with `--payer-profile` or `--payer-role-arn`"
    );
    // What it says is what works.
    let run = stage.verify("3", &["--payer-role-arn", "arn:aws:iam::555555555555:role/x"]);
    run.is(id, "pass", "Team");
    assert_eq!(run.status, 0, "{}", run.stdout);
    assert!(run.stderr.contains("account 555555555555 (payer) as"), "{}", run.stderr);
    let run = stage.verify("3", &["--payer-role-arn", "arn:aws:iam::666666666666:role/x"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert!(run.stderr.contains("expected 555555555555 (payer)"), "{}", run.stderr);
}

#[test]
fn an_address_without_a_scheme_is_wrong_usage() {
    let stage = Stage::example();
    for url in ["foo", "http://", "http:///x", "localhost:5000", "ftp://x"] {
        let run = stage.run(&["verify-phase", "2", "--endpoint-url", url]);
        assert_eq!(run.status, 2, "{url}: {}", run.stderr);
        assert!(run.stderr.contains("address with its scheme"), "{url}: {}", run.stderr);
    }
}

#[test]
fn an_empty_endpoint_is_an_error_not_a_crash() {
    let stage = Stage::example();
    let run = stage.run_at("", &["verify-phase", "2", "--format", "json"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("AWS_ENDPOINT_URL is set to nothing"),
        "{}",
        run.stderr
    );
}
