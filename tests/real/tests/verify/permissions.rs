//! What verify may do: every call is declared, what is declared is called, and the printed policies grant that and no more.

mod requests;
mod worlds;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use iam_reference::AccessLevel;
use policy::evaluate::{Caller, Context, Decision, Named, PolicySet, Request, evaluate};
use policy::{Actions, Document, Kind, Resources, Statement};
use serde_json::{Value, json};

use self::worlds::{text, worlds};
use crate::stage::{Run, Stage};

const ACCOUNT: &str = "123456789012";
/// What Athena and Bedrock do behind a call with the caller's own rights: the emulation runs no query, so no call shows it.
const BEHIND: [&str; 12] = [
    "glue:GetDatabase",
    "glue:GetPartitions",
    "glue:GetTable",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:AbortMultipartUpload",
    "s3:GetBucketLocation",
    "s3:GetObject",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
];
/// Actions that are no reading: the query and its results, and the call of a model, which is made on request alone. AWS counts
/// decrypting what one reads as writing.
const NO_READING: [&str; 6] = [
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "athena:StartQueryExecution",
    "s3:AbortMultipartUpload",
    "s3:PutObject",
    "bedrock:InvokeModel",
];

/// Operations that the evidence of each check names.
fn called(run: &Run) -> BTreeMap<String, BTreeSet<String>> {
    run.results()
        .into_iter()
        .map(|(id, result)| {
            let calls = result["evidence"].as_array().unwrap().iter();
            (id, calls.map(|call| text(&call["operation"])).collect())
        })
        .collect()
}

#[test]
fn every_call_is_declared_and_whatever_is_declared_is_called() {
    let mut never: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for world in worlds() {
        let called = called(&world.run);
        for (check, operations) in &world.declared {
            for operation in operations.keys() {
                let is_called = called[check].contains(operation);
                *never.entry((check, operation)).or_default() |= is_called;
            }
        }
        for (id, operations) in &called {
            let declared = world
                .declared
                .get(id)
                .map(|of| of.keys().cloned().collect())
                .unwrap_or_default();
            let others: Vec<&String> = operations.difference(&declared).collect();
            assert_eq!(
                others,
                Vec::<&String>::new(),
                "{}: {id} calls what it does not declare",
                world.name
            );
        }
        // What the emulation saw is what the evidence says; whose the credentials are is asked before.
        let said: BTreeSet<(String, String)> = world
            .run
            .results()
            .values()
            .flat_map(|result| result["evidence"].as_array().unwrap().clone())
            .map(|call| (text(&call["account_id"]), text(&call["operation"])))
            .collect();
        let seen: BTreeSet<(String, String)> = world
            .calls
            .iter()
            .filter(|call| call.service != "sts")
            .map(|call| {
                let service = match call.service.as_str() {
                    "service-quotas" => "servicequotas",
                    service => service,
                };
                (call.account.clone(), format!("{service}:{}", call.operation))
            })
            .collect();
        let said: BTreeSet<_> = said
            .into_iter()
            .filter(|(_, operation)| !operation.starts_with("sts:"))
            .collect();
        assert_eq!(seen, said, "{}", world.name);
    }
    let never: Vec<_> = never
        .into_iter()
        .filter(|(_, is_called)| !is_called)
        .map(|(of, _)| of)
        .collect();
    assert_eq!(never, [], "declared, but called in no world");
}

#[test]
fn the_printed_policies_grant_what_was_called_and_nothing_else() {
    let mut all: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut granted = BTreeSet::new();
    for world in worlds() {
        let called = world.calls.iter().filter(|call| call.service != "sts");
        let called: BTreeSet<(&str, &str)> = called
            .map(|call| (call.account.as_str(), call.action.as_str()))
            .collect();
        let of_world: BTreeSet<(&str, &str)> = world
            .statements()
            .flat_map(|(account, statement)| actions(statement).iter().map(move |action| (account, action.as_str())))
            .collect();
        let missing: Vec<_> = called.difference(&of_world).collect();
        assert_eq!(
            missing,
            Vec::<&(&str, &str)>::new(),
            "{}: called, but not granted",
            world.name
        );
        all.extend(called);
        granted.extend(of_world);
    }
    let unneeded: Vec<_> = granted
        .difference(&all)
        .filter(|(account, action)| *account != ACCOUNT || !BEHIND.contains(action))
        .collect();
    assert_eq!(unneeded, Vec::<&(&str, &str)>::new(), "granted, but called in no world");
}

fn actions(statement: &Statement) -> &[String] {
    match &statement.actions {
        Actions::Only(actions) => actions,
        Actions::AllBut(_) => panic!("{statement:?}"),
    }
}

fn resources(statement: &Statement) -> &[String] {
    match &statement.resources {
        Some(Resources::Only(resources)) => resources,
        _ => panic!("{statement:?}"),
    }
}

#[test]
fn the_printed_policies_read_and_name_resources_that_their_actions_know() {
    for world in worlds() {
        for (account, statement) in world.statements() {
            for action in actions(statement) {
                let (prefix, name) = action.split_once(':').unwrap();
                let service = iam_reference::service(prefix).unwrap_or_else(|| panic!("there is no service {prefix}"));
                let known = service
                    .action(name)
                    .unwrap_or_else(|| panic!("there is no action {action}"));
                let is_reading = matches!(known.access, AccessLevel::List | AccessLevel::Read);
                let is_excepted = account == ACCOUNT && NO_READING.contains(&action.as_str());
                assert!(
                    is_reading || is_excepted,
                    "{}: {action} is {:?}",
                    world.name,
                    known.access
                );
                let is_model = action == "bedrock:InvokeModel";
                assert!(
                    !is_model || world.name == "more",
                    "{}: models are called on request",
                    world.name
                );
                if resources(statement) == ["*"] {
                    continue;
                }
                // A resource of a type that the action does not know grants nothing.
                let types: Vec<String> = service.resources_of(known).map(|of| pattern(of.arn)).collect();
                let fitting = resources(statement)
                    .iter()
                    .filter(|resource| types.iter().any(|of| policy::matches_ignoring_case(of, resource)))
                    .count();
                assert!(
                    fitting > 0,
                    "{}: {action} has none of its types ({types:?}) in {statement:?}",
                    world.name
                );
            }
            for resource in resources(statement).iter().filter(|resource| *resource != "*") {
                let is_of_one = actions(statement).iter().any(|action| {
                    let (prefix, name) = action.split_once(':').unwrap();
                    let service = iam_reference::service(prefix).unwrap();
                    let known = service.action(name).unwrap();
                    service
                        .resources_of(known)
                        .any(|of| policy::matches_ignoring_case(&pattern(of.arn), resource))
                });
                assert!(is_of_one, "{}: no action of {statement:?} knows {resource}", world.name);
            }
        }
    }
}

/// `arn:${Partition}:s3:::${BucketName}` as a pattern.
fn pattern(arn: &str) -> String {
    let mut pattern = String::new();
    for (at, part) in arn.split("${").enumerate() {
        match part.split_once('}') {
            Some((_, rest)) if at > 0 => pattern.push_str(&format!("*{rest}")),
            _ => pattern.push_str(part),
        }
    }
    pattern
}

/// A session of an ordinary role with the printed policy, under a service control policy or without one.
fn decided(policy: &Document, scp: Option<&Document>, action: &str, resource: &str, region: &str) -> Decision {
    let caller = Caller::role_session(&format!("arn:aws:iam::{ACCOUNT}:role/tfgen-verify"), "verify");
    let context = Context::new()
        .with("aws:RequestedRegion", region)
        .with("aws:SecureTransport", "true")
        .rest_absent();
    let allow_all = Document::new(vec![Statement::allow("FullAWSAccess", ["*"], ["*"])]);
    let policies = PolicySet {
        scp_levels: scp
            .map(|scp| {
                vec![vec![
                    Named::new("FullAWSAccess", allow_all),
                    Named::new("scp", scp.clone()),
                ]]
            })
            .unwrap_or_default(),
        identity: vec![Named::new("verify", policy.clone())],
        ..PolicySet::default()
    };
    let request = Request::new(caller, action, resource)
        .context(context)
        .resource_account(ACCOUNT);
    evaluate(&policies, &request)
}

#[test]
fn statements_that_name_resources_fit_those_that_are_there_and_no_others() {
    for world in worlds() {
        let policy = world.policy(ACCOUNT);
        for (action, resource) in &world.requests {
            let decision = decided(policy, None, action, resource, world.region);
            assert!(
                decision.is_allowed(),
                "{}: {action} on {resource}: {decision}",
                world.name
            );
        }
        for (action, resource) in [
            ("s3:GetObject", "arn:aws:s3:::somebody-elses/x"),
            (
                "s3:PutObject",
                "arn:aws:s3:::claude-code-athena-123456789012-us-east-1/tables/prices.json",
            ),
            ("s3:PutObject", "arn:aws:s3:::claude-code-logs-123456789012-us-east-1/x"),
            (
                "athena:StartQueryExecution",
                "arn:aws:athena:us-east-1:123456789012:workgroup/primary",
            ),
            ("iam:GetRolePolicy", "arn:aws:iam::123456789012:role/somebody"),
            (
                "bedrock:InvokeModel",
                "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
            ),
        ] {
            let decision = decided(policy, None, action, resource, world.region);
            assert!(
                decision.is_denied(),
                "{}: {action} on {resource}: {decision}",
                world.name
            );
        }
    }
}

#[test]
fn the_deployments_own_service_control_policy_leaves_every_call_to_an_ordinary_role() {
    for world in worlds() {
        let scp = fs::read_to_string(world.stage.path("policies/scp.json")).unwrap();
        let scp = policy::parse(&scp, Kind::ServiceControl).unwrap().document;
        let policy = world.policy(ACCOUNT);
        let scoped = &world.requests;
        let mut looked = 0;
        for call in world
            .calls
            .iter()
            .filter(|call| call.account == ACCOUNT && call.service != "sts")
        {
            let resource = scoped
                .iter()
                .find(|(action, _)| *action == call.action)
                .map_or("*", |(_, resource)| resource);
            let is_model = call.action == "bedrock:InvokeModel";
            let is_named = policy
                .statements
                .iter()
                .any(|statement| actions(statement).contains(&call.action) && resources(statement) != ["*"]);
            // What is scoped to resources that this world does not have is looked at with the others.
            if is_model || resource == "*" && is_named {
                continue;
            }
            let decision = decided(policy, Some(&scp), &call.action, resource, &call.region);
            assert!(
                decision.is_allowed(),
                "{}: {} in {}: {decision}",
                world.name,
                call.action,
                call.region
            );
            looked += 1;
        }
        assert!(looked > 20, "{}: {looked}", world.name);
        for (action, resource) in scoped {
            let decision = decided(policy, Some(&scp), action, resource, world.region);
            assert!(
                decision.is_allowed(),
                "{}: {action} on {resource}: {decision}",
                world.name
            );
        }
    }
}

#[test]
fn the_printed_policies_are_clean_to_our_own_check() {
    for world in worlds() {
        for (account, document) in &world.policies {
            let file = format!("verify-{account}.json");
            fs::write(world.stage.path(&file), policy::print::readable(document)).unwrap();
            let run = world.stage.run(&["check", "--format", "json", &file]);
            let report = run.report();
            let findings: Vec<&Value> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|finding| finding["severity"] != "info")
                .collect();
            assert_eq!(findings, Vec::<&Value>::new(), "{}", world.name);
            assert_eq!(run.status, 0, "{}: {}", world.name, run.stdout);
        }
    }
}

/// Without any one statement something is not known any more. What only Athena needs behind the query does not show here.
#[test]
fn every_statement_is_missed() {
    let (world, stage) = (&worlds()[0], Stage::example());
    let mut behind = BTreeSet::new();
    for (account, statement) in world.statements() {
        let sid = statement.sid.clone().unwrap_or_default();
        if actions(statement)
            .iter()
            .all(|action| BEHIND.contains(&action.as_str()) && action != "glue:GetTable" && sid != "LookAtLogBucket")
        {
            behind.insert(sid);
            continue;
        }
        let denied: Vec<String> = actions(statement)
            .iter()
            .map(|action| format!("{account}/{action}"))
            .collect();
        let denied: Vec<&str> = denied.iter().map(String::as_str).collect();
        stage.denied(&denied, || {
            let run = stage.verify_all(&["--no-rate-limits"]);
            let clean = world.run.statuses();
            let missed = run
                .statuses()
                .into_iter()
                .filter(|(id, status)| status == "unknown" && clean[id] != "unknown")
                .count();
            assert!(missed > 0, "{account}: nobody misses {sid}");
        });
    }
    assert_eq!(
        behind,
        BTreeSet::from(["KeepResults", "LookAtResultsBucket", "ReadLogs"].map(str::to_owned))
    );
}

#[test]
fn the_query_is_denied_what_it_does_behind_and_says_what_it_needs() {
    let world = &worlds()[0];
    world
        .stage
        .knobs(json!({ "athena": { "state": "FAILED", "reason": "Access denied when writing to location" } }));
    let run = world
        .stage
        .verify_all(&["--no-rate-limits", "--only", "attribution-query"]);
    world
        .stage
        .knobs(json!({ "athena": { "state": "SUCCEEDED", "reason": null } }));
    run.is("attribution-query", "unknown", "Access denied");
    assert!(text(&run.result("attribution-query")["next_step"]).contains("--print-policy"));
}
