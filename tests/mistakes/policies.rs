//! Mistakes in policies. What requests come to is proven by `src/guardrails/proof`; this is about the documents.

use serde_json::Value;

use crate::deployments::{ALL, Deployment, deployment};

/// Statements of a rendered policy.
pub fn statements(deployment: &Deployment, path: &str) -> Vec<Value> {
    deployment.json(path)["Statement"].as_array().unwrap().clone()
}

/// A list that may be written as its only element.
pub fn list(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().map(|one| one.as_str().unwrap().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// 4, 39: an application profile is no `inference-profile/…`.
#[test]
fn application_profiles_have_their_own_kind_of_arn() {
    for deployment in ALL.iter() {
        for path in ["policies/developer.json", "policies/admin.json"] {
            let invoke: Vec<Value> = statements(deployment, path)
                .into_iter()
                .filter(|statement| list(&statement["Action"]).contains(&"bedrock:InvokeModel".to_owned()))
                .collect();
            let resources: Vec<String> = invoke
                .iter()
                .flat_map(|statement| list(&statement["Resource"]))
                .collect();
            assert!(!resources.is_empty(), "{}: {path}", deployment.name);
            assert!(
                !resources.iter().any(|arn| arn.contains(":inference-profile/*")),
                "{}: {path}: every system profile is open",
                deployment.name
            );
            assert_eq!(
                resources.contains(&deployment.application_profile("*")),
                deployment.profiles,
                "{}: {path}",
                deployment.name
            );
        }
    }
}

/// 15: an SCP that allows does nothing beside `FullAWSAccess`, and takes everything else away without it.
#[test]
fn the_service_control_policy_denies_and_nothing_else() {
    for deployment in ALL.iter() {
        for statement in statements(deployment, "policies/scp.json") {
            assert_eq!(statement["Effect"], "Deny", "{}: {statement}", deployment.name);
        }
    }
}

/// 39: a call is authorised on the profile as well, so a denial of "all but these models" must spare the profiles.
#[test]
fn denying_other_models_spares_the_profiles() {
    for deployment in ALL.iter() {
        let mut seen = 0;
        for statement in statements(deployment, "policies/scp.json") {
            let spared = list(&statement["NotResource"]);
            let invocation = list(&statement["Action"])
                .iter()
                .any(|action| action.starts_with("bedrock:InvokeModel"));
            if spared.is_empty() || !invocation {
                continue;
            }
            seen += 1;
            let models: Vec<&str> = spared
                .iter()
                .filter_map(|arn| arn.split_once("::foundation-model/"))
                .map(|(_, id)| id)
                .collect();
            assert!(!models.is_empty(), "{}: {statement}", deployment.name);
            for model in models {
                let profile = deployment.system_profile(&format!("{}.{model}", deployment.geography));
                assert!(spared.contains(&profile), "{}: {profile} is denied", deployment.name);
            }
            assert_eq!(
                spared.contains(&deployment.application_profile("*")),
                deployment.profiles,
                "{}",
                deployment.name
            );
        }
        assert_eq!(seen, 1, "{}", deployment.name);
    }
}

/// 27: a service acts for whoever asks it to, so each grant says for which account and which of its resources.
#[test]
fn services_are_trusted_for_this_account_alone() {
    let mut grants = 0;
    for deployment in ALL.iter() {
        let documents = deployment
            .files
            .keys()
            .filter(|path| path.starts_with("policies/") && path.ends_with(".json"));
        for path in documents {
            for statement in statements(deployment, path) {
                if statement["Effect"] != "Allow" || statement["Principal"]["Service"].is_null() {
                    continue;
                }
                let value = |key: &str| {
                    let operators = statement["Condition"].as_object().unwrap();
                    operators.values().find_map(|keys| keys.get(key)).map(list)
                };
                // CloudWatch Logs states the group in the encryption context and sends no source.
                let group = value("kms:EncryptionContext:aws:logs:arn");
                let bound = match group {
                    Some(arns) => arns.iter().all(|arn| arn.contains(deployment.account)),
                    None => {
                        value("aws:SourceAccount") == Some(vec![deployment.account.to_owned()])
                            && value("aws:SourceArn")
                                .is_some_and(|arns| arns.iter().all(|arn| arn.contains(deployment.account)))
                    }
                };
                assert!(bound, "{}: {path}: {statement}", deployment.name);
                grants += 1;
            }
        }
    }
    assert!(grants >= 10, "only {grants} grants to services were looked at");
}

/// 32: nobody is trusted with an account's root as principal, and who can be held to a name is.
#[test]
fn session_names_are_pinned_or_called_claims() {
    let deployment = deployment("roles");
    let mut pinned = 0;
    for path in ["developer", "admin", "analyst"].map(|person| format!("policies/{person}-trust.json")) {
        for statement in statements(deployment, &path) {
            let callers = list(&statement["Principal"]["AWS"]);
            assert!(!callers.is_empty(), "{path}: {statement}");
            let condition = &statement["Condition"];
            for caller in callers {
                assert!(!caller.ends_with(":root"), "{path}: {statement}");
                if caller.contains(":user/") {
                    assert_eq!(
                        condition["StringEquals"]["sts:RoleSessionName"], "${aws:username}",
                        "{path}: {statement}"
                    );
                    pinned += 1;
                } else if !caller.contains(":role/") {
                    let roles = list(&condition["ArnLike"]["aws:PrincipalArn"]);
                    assert!(!roles.is_empty(), "{path}: any role of {caller} is trusted");
                }
            }
        }
    }
    assert_eq!(pinned, 2);
    assert!(
        deployment
            .file("MANUAL_STEPS.md")
            .contains("chooses the session name, and with it the name in the log")
    );
}
