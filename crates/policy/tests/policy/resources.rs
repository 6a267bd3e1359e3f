//! `Action`, `NotAction`, `Resource` and `NotResource`.

use policy::{Actions, Context, Document, Effect, Layer, PolicySet, Request, Resources, Statement, Version};

use super::support::{allow, identity, named, session, verdict};

fn covers(document: Document, action: &str, resource: &str) -> String {
    let context = Context::new().with("aws:PrincipalTag/team", "red").rest_absent();
    let request = Request::new(session(), action, resource)
        .resource_account("111122223333")
        .context(context);
    match verdict(&identity([document]), &request).as_str() {
        "allowed" => "yes".to_owned(),
        "not allowed by identity policies" => "no".to_owned(),
        other => other.to_owned(),
    }
}

#[test]
fn actions_have_no_case_and_take_wildcards() {
    for (pattern, expected) in [
        ("*", "yes"),
        ("s3:*", "yes"),
        ("S3:GETOBJECT", "yes"),
        ("s3:Get*", "yes"),
        ("s3:*Object", "yes"),
        ("s3:Get?bject", "yes"),
        ("s3:GetObject?", "no"),
        ("s3:GetObjectAcl", "no"),
        ("s3:Object", "no"),
    ] {
        assert_eq!(covers(allow(pattern, "*"), "s3:GetObject", "*"), expected, "{pattern}");
    }
    let all_but = |actions: &[&str]| {
        let actions = Actions::AllBut(actions.iter().map(|a| (*a).to_owned()).collect());
        let everywhere = Some(Resources::Only(vec!["*".to_owned()]));
        Document::new(vec![Statement::new("S", Effect::Allow, actions, everywhere)])
    };
    assert_eq!(covers(all_but(&["iam:*", "sts:*"]), "s3:GetObject", "*"), "yes");
    assert_eq!(covers(all_but(&["iam:*", "s3:get*"]), "s3:GetObject", "*"), "no");
}

#[test]
fn resources_have_case_and_wildcards_within_their_parts() {
    let object = "arn:aws:s3:::bucket/alice/a:b/key";
    let model = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-4-6-v1";
    let global = "arn:aws:bedrock:::foundation-model/anthropic.claude-opus-4-6-v1";
    for (pattern, resource, expected) in [
        ("*", object, "yes"),
        ("arn:aws:s3:::bucket/*", object, "yes"),
        ("arn:aws:s3:::bucket", object, "no"),
        ("arn:aws:s3:::Bucket/*", object, "no"),
        // Behind the fifth colon a wildcard takes colons as well.
        ("arn:aws:s3:::*/key", object, "yes"),
        ("arn:aws:s3:::bucket/*/a?b/key", object, "yes"),
        ("arn:aws:s3:*t/alice::*", object, "no"),
        ("arn:aws:s3:::b?cket/alice/a:b/*", object, "yes"),
        ("arn:aws:s3:::bucket/*/a:b/key", object, "yes"),
        ("arn:aws:s3*", object, "yes"),
        (
            "arn:aws:bedrock:*::foundation-model/anthropic.claude-opus-4-6-v1",
            model,
            "yes",
        ),
        // The global profile's model has no region, which `*` matches, too.
        (
            "arn:aws:bedrock:*::foundation-model/anthropic.claude-opus-4-6-v1",
            global,
            "yes",
        ),
        ("arn:aws:bedrock:us-east-1::foundation-model/*", global, "no"),
        (
            "arn:aws:bedrock:*:*:inference-profile/*",
            "arn:aws:bedrock:r:1:application-inference-profile/x",
            "no",
        ),
        ("arn:aws:bedrock:*", model, "yes"),
        ("arn:aws:s3:::bucket/*", "*", "no"),
    ] {
        assert_eq!(
            covers(allow("*", pattern), "s3:GetObject", resource),
            expected,
            "{pattern} {resource}"
        );
    }
}

#[test]
fn an_arn_without_all_parts_is_completed_in_identity_policies_only() {
    let queue = "arn:aws:sqs:us-east-1:111122223333:queue";
    for pattern in ["arn:aws:sqs", "arn:aws:sqs:us-east-1", "arn:aws:sqs:*:111122223333"] {
        assert_eq!(
            covers(allow("*", pattern), "sqs:SendMessage", queue),
            "yes",
            "{pattern}"
        );
    }
    assert_eq!(covers(allow("*", "arn:aws:sns"), "sqs:SendMessage", queue), "no");
    let request = Request::new(session(), "sqs:SendMessage", queue);
    let mut set = identity([allow("*", "*")]);
    set.scp_levels = vec![vec![named(allow("*", "arn:aws:sqs"))]];
    assert_eq!(verdict(&set, &request), "depends on Resource");
    set.scp_levels = vec![vec![named(allow("*", "arn:aws:sns"))]];
    assert_eq!(
        verdict(&set, &request),
        format!("not allowed by {}", Layer::ServiceControl { level: 0 })
    );
}

#[test]
fn variables_in_resources() {
    let object = "arn:aws:s3:::bucket/red/key";
    for (pattern, expected) in [
        ("arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*", "yes"),
        ("arn:aws:s3:::bucket/${aws:PrincipalTag/Team}/key", "yes"),
        ("arn:aws:s3:::bucket/${aws:PrincipalTag/none, 'red'}/*", "yes"),
        ("arn:aws:s3:::bucket/${aws:PrincipalTag/none}/*", "no"),
        ("arn:aws:s3:::bucket/r${*}/*", "no"),
        // Before the fifth colon AWS takes none, and does not say what one comes to.
        (
            "arn:aws:${aws:PrincipalTag/none, 's3'}:::bucket/*",
            "depends on Resource",
        ),
        ("arn:aws:${aws:PrincipalTag/none, 's4'}:::bucket/*", "no"),
        ("arn:aws:s3:::bucket/${aws:PrincipalTag/none, 'r:e'}/*", "no"),
    ] {
        assert_eq!(
            covers(allow("*", pattern), "s3:GetObject", object),
            expected,
            "{pattern}"
        );
    }
    let mut old = allow("*", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*");
    old.version = Version::V2008;
    assert_eq!(covers(old.clone(), "s3:GetObject", object), "no");
    assert_eq!(
        covers(old, "s3:GetObject", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/x"),
        "yes"
    );
}

#[test]
fn not_resource() {
    let all_but = |resources: &[&str]| {
        let actions = Actions::Only(vec!["*".to_owned()]);
        let resources = Resources::AllBut(resources.iter().map(|r| (*r).to_owned()).collect());
        Document::new(vec![Statement::new("S", Effect::Allow, actions, Some(resources))])
    };
    let object = "arn:aws:s3:::bucket/key";
    assert_eq!(
        covers(all_but(&["arn:aws:s3:::other/*"]), "s3:GetObject", object),
        "yes"
    );
    assert_eq!(
        covers(
            all_but(&["arn:aws:s3:::other/*", "arn:aws:s3:::bucket/*"]),
            "s3:GetObject",
            object
        ),
        "no"
    );
    assert_eq!(
        covers(all_but(&["arn:aws:s3:::other/*"]), "s3:ListAllMyBuckets", "*"),
        "yes"
    );
    // AWS's pages allow two readings of a variable without value here, unless another pattern settles it.
    let open = "arn:aws:s3:::bucket/${aws:username}";
    assert_eq!(
        covers(all_but(&[open]), "s3:GetObject", object),
        "depends on aws:username"
    );
    assert_eq!(
        covers(all_but(&[open, "arn:aws:s3:::bucket/*"]), "s3:GetObject", object),
        "no"
    );
}

#[test]
fn an_unknown_variable_matters_only_where_it_can_match() {
    let mine = identity([allow("*", "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*")]);
    let verdict = |set: &PolicySet, object: &str| {
        verdict(
            set,
            &Request::new(session(), "s3:GetObject", object).resource_account("111122223333"),
        )
    };
    assert_eq!(
        verdict(&mine, "arn:aws:s3:::bucket/red/key"),
        "depends on aws:PrincipalTag/team"
    );
    assert_eq!(
        verdict(&mine, "arn:aws:s3:::other/red/key"),
        "not allowed by identity policies"
    );
}
