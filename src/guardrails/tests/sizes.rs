//! The documents fit what they are attached to.

use crate::deployment::model::{Deploy, Deployment, Geography};
use crate::guardrails::documents::{DEVELOPER, SCP};
use crate::guardrails::{check, documents, fixtures, sizes};

/// Eight patterns as organizations have them.
fn eight() -> Deploy {
    let roles = |names: [&str; 4]| names.map(|name| format!("arn:aws:iam::*:role/{name}")).to_vec();
    Deploy {
        principals: roles(["terraform-*", "github-deploy", "gitlab-deploy", "platform-pipeline"]),
        break_glass: roles([
            "AWSControlTowerExecution",
            "stacksets-exec-*",
            "OrganizationAccountAccessRole",
            "break-glass-*",
        ]),
    }
}

#[test]
fn every_document_fits() {
    for (name, d) in fixtures::all() {
        for (file, size) in sizes(&documents(&d)) {
            assert!(size.fits(), "{name}: {file} has {} characters", size.characters);
        }
    }
}

#[test]
fn seventeen_models_and_eight_patterns_fit_in_every_geography_and_mode() {
    for geography in [
        Geography::Us,
        Geography::Eu,
        Geography::Au,
        Geography::Jp,
        Geography::Global,
    ] {
        let base = Deployment {
            deploy: Some(eight()),
            ..fixtures::full(geography, 17)
        };
        let roles = Deployment {
            access: fixtures::roles(),
            ..base.clone()
        };
        for (access, d) in [("identity center", base), ("roles", roles)] {
            let faults: Vec<String> = check(&d, &documents(&d))
                .err()
                .into_iter()
                .flatten()
                .map(|fault| fault.to_string())
                .collect();
            assert!(faults.is_empty(), "{}, {access}: {faults:#?}", geography.as_str());
        }
    }
}

#[test]
fn an_oversized_scp_says_what_to_shoreight() {
    let mut deploy = eight();
    deploy
        .principals
        .extend((0..20).map(|n| format!("arn:aws:iam::*:role/a-rather-long-name-of-a-pipeline-{n}")));
    let d = Deployment {
        deploy: Some(deploy),
        ..fixtures::full(Geography::Eu, 17)
    };
    let faults = check(&d, &documents(&d)).unwrap_err();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].name, SCP);
    let text = faults[0].to_string();
    assert!(text.contains("28 exempt patterns"), "{text}");
    assert!(text.contains("17 models"), "{text}");
}

#[test]
fn many_models_are_written_by_region_and_few_exactly() {
    let region = |d: &Deployment| {
        let documents = documents(d);
        documents[DEVELOPER].document.statements.iter().any(|statement| {
            statement
                .conditions
                .iter()
                .any(|condition| condition.key == "aws:RequestedRegion")
        })
    };
    assert!(!region(&fixtures::full(Geography::Eu, 3)));
    assert!(region(&fixtures::full(Geography::Eu, 17)));
}
