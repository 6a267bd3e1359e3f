//! Mistakes in Terraform and in what it configures.

use std::collections::BTreeSet;

use hcl::structure::{Block, Body};
use serde_json::Value;

use crate::deployments::{ALL, Deployment, deployment};

/// Where `$${` stands on purpose: placeholders that S3's and our own templates fill, and a word of a deployment.
const PLACEHOLDERS: [(&str, &str); 4] = [
    ("terraform/modules/analytics/tables.tf", "datehour"),
    ("terraform/modules/guardrail/main.tf", "guardrail_arn"),
    ("terraform/modules/guardrail/variables.tf", "guardrail_arn"),
    ("terraform/workload/main.tf", "word"),
];

/// 1: a template sequence after a dollar sign is text.
#[test]
fn no_reference_is_escaped_by_accident() {
    let mut found = BTreeSet::new();
    for deployment in ALL.iter() {
        for (path, text) in deployment.code().filter(|(path, _)| path.ends_with(".tf")) {
            for (before, _) in text.match_indices("$${") {
                let name = text[before + 3..].split('}').next().unwrap();
                assert!(
                    PLACEHOLDERS.contains(&(path, name)),
                    "{}: {path}: $${{{name}}} is no reference but text",
                    deployment.name
                );
                found.insert((path, name));
            }
        }
    }
    assert_eq!(found, BTreeSet::from(PLACEHOLDERS));
}

/// 2: Claude is no part of that service on the bill.
#[test]
fn no_budget_filters_by_service() {
    for deployment in ALL.iter() {
        for (path, text) in deployment.code() {
            assert!(!text.contains("\"Amazon Bedrock\""), "{}: {path}", deployment.name);
        }
    }
    let mut filters = Vec::new();
    for (path, text) in deployment("example")
        .code()
        .filter(|(path, _)| path.starts_with("terraform/modules/budgets/"))
    {
        let body: Body = hcl::parse(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for block in body.blocks() {
            cost_filters(block, &mut filters);
        }
    }
    assert_eq!(filters, ["TagKeyValue"]);
}

/// Names of the cost filters in a block, written out or dynamic.
fn cost_filters(block: &Block, names: &mut Vec<String>) {
    let labelled = block.labels().iter().any(|label| label.as_str() == "cost_filter");
    if block.identifier() == "cost_filter" || block.identifier() == "dynamic" && labelled {
        let contents = block.body().blocks().map(Block::body).chain([block.body()]);
        let attributes = contents.flat_map(Body::attributes).filter(|name| name.key() == "name");
        names.extend(attributes.map(|name| name.expr().to_string().trim_matches('"').to_owned()));
        return;
    }
    for inner in block.body().blocks() {
        cost_filters(inner, names);
    }
}

/// 5, 7: counts are members of `input` and `output`; a name at the top level is always null.
#[test]
fn token_counts_are_read_below_input_and_output() {
    let mut read = BTreeSet::new();
    for deployment in ALL.iter() {
        let checklist = ("MANUAL_STEPS.md", deployment.file("MANUAL_STEPS.md"));
        for (path, text) in deployment.code().chain([checklist]) {
            let lower = text.to_ascii_lowercase();
            for (at, count) in lower.match_indices("tokencount") {
                let start = lower[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).unwrap() + 1;
                let (before, name) = (&lower[..start], &lower[start..at + count.len()]);
                let parent = if name.starts_with("output") {
                    "output."
                } else {
                    "input."
                };
                // In a column's type, as the name of a result, and in the words of the checklist.
                let alias = before.ends_with(") as ");
                let member = before.ends_with(',') && lower[at + count.len()..].starts_with(":bigint");
                let word = path.ends_with(".md") && before.ends_with('`');
                let line = before.rsplit('\n').next().unwrap();
                assert!(
                    before.ends_with(parent) || alias || member || word,
                    "{}: {path}: {line}{name}",
                    deployment.name
                );
                read.insert(name.to_owned());
            }
        }
    }
    let counts = [
        "cachereadinputtokencount",
        "cachewriteinputtokencount",
        "inputtokencount",
        "outputtokencount",
    ];
    assert_eq!(read, BTreeSet::from(counts.map(str::to_owned)));
}

/// 9: the id of an application profile does not say which model it is.
#[test]
fn no_query_looks_for_a_model_by_its_name() {
    for deployment in ALL.iter() {
        for (path, text) in deployment.texts() {
            let lower = text.to_ascii_lowercase();
            assert!(!lower.contains("%claude%"), "{}: {path}", deployment.name);
            assert!(!lower.contains("modelid like"), "{}: {path}", deployment.name);
        }
    }
}

/// 21, 31: people are sent to names that exist.
#[test]
fn checklists_name_what_terraform_creates() {
    for deployment in ALL.iter() {
        let created: BTreeSet<&str> = deployment
            .code()
            .filter(|(path, _)| path.ends_with("/main.tf") && !path.starts_with("terraform/modules/"))
            .flat_map(|(_, text)| text.split('"').skip(1).step_by(2))
            .collect();
        let checklist = deployment.file("MANUAL_STEPS.md");
        let mut named = 0;
        for (before, after) in [
            ("--work-group ", " "),
            ("workgroup `", "`"),
            ("database `", "`"),
            ("Database=", " "),
            ("--log-group-name ", " "),
            ("list-objects-v2 --region REGION --bucket ", " "),
            ("--role-name ", " "),
            ("--topic-arn arn:aws:sns:REGION:ACCOUNT:", "\n"),
            ("assumed-role/AWSReservedSSO_", "_"),
            ("sso_role_name = ", "\n"),
            ("role_arn = arn:aws:iam::ACCOUNT:role/", "\n"),
        ] {
            let before = before
                .replace("REGION", deployment.region)
                .replace("ACCOUNT", deployment.account);
            for text in [checklist, deployment.onboarding.as_str()] {
                for (at, found) in text.match_indices(&before) {
                    let name = text[at + found.len()..].split(after).next().unwrap();
                    assert!(created.contains(name), "{}: {before}{name}", deployment.name);
                    named += 1;
                }
            }
        }
        assert!(named >= 2, "{}: only {named} names were looked at", deployment.name);
    }
}

/// 25: prompts and code are stored when somebody asked for it, and then developers are told.
#[test]
fn prompts_are_stored_on_request_alone() {
    let mut stored = BTreeSet::new();
    for deployment in ALL.iter() {
        let told = deployment
            .file("MANUAL_STEPS.md")
            .contains("Tell the developers that prompts are stored");
        assert_eq!(told, deployment.prompts, "{}", deployment.name);
        if deployment.files.contains_key("terraform/workload/main.tf") {
            let module = deployment.terraform("terraform/workload/main.tf")["module"]["logging"].clone();
            assert_eq!(module["prompts"], deployment.prompts, "{}", deployment.name);
            stored.insert(deployment.prompts);
        }
    }
    assert_eq!(stored, BTreeSet::from([false, true]));
}

/// 37: a key that is a cost tag has one meaning, so nothing but a profile carries it.
#[test]
fn default_tags_are_no_cost_tags() {
    for deployment in ALL.iter() {
        if deployment.profiles {
            let mut profile_tags = profile_tags(deployment);
            profile_tags.sort_unstable();
            let mut expected = deployment.tag_keys;
            expected.sort_unstable();
            assert_eq!(profile_tags, expected, "{}", deployment.name);
        }
        for (path, _) in deployment.code().filter(|(path, _)| path.ends_with("/providers.tf")) {
            let tags = deployment.terraform(path)["provider"]["aws"]["default_tags"]["tags"].clone();
            let keys: Vec<&String> = tags.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["ManagedBy", "Deployment"], "{}: {path}", deployment.name);
            for key in keys {
                let cost = deployment.tag_keys.iter().find(|tag| tag.eq_ignore_ascii_case(key));
                assert_eq!(cost, None, "{}: {path}", deployment.name);
            }
        }
    }
}

/// Keys of the tags that the root gives to profiles.
fn profile_tags(deployment: &Deployment) -> Vec<&str> {
    let main = deployment.file("terraform/workload/main.tf");
    let start = main.find("in {\n").unwrap() + 5;
    let end = main[start..].find("} : tag => value").unwrap();
    main[start..start + end]
        .lines()
        .filter_map(|line| line.split_once(" = try(profile."))
        .map(|(key, _)| key.trim().trim_matches('"'))
        .collect()
}

/// 38: the lock file of S3 needs Terraform 1.10, and no table that the service control policy would deny.
#[test]
fn state_is_locked_in_its_bucket() {
    let mut backends = 0;
    for deployment in ALL.iter() {
        for (path, text) in deployment.own() {
            assert!(!text.contains("dynamodb_table"), "{}: {path}", deployment.name);
        }
        for (path, _) in deployment.code().filter(|(path, _)| path.ends_with("/versions.tf")) {
            let terraform = deployment.terraform(path)["terraform"].clone();
            let least = |version: &Value, least: &str| version.as_str().unwrap().starts_with(least);
            assert!(
                least(&terraform["required_version"], ">= 1.10"),
                "{}: {path}",
                deployment.name
            );
            let provider = &terraform["required_providers"]["aws"]["version"];
            assert!(least(provider, ">= 5.100"), "{}: {path}", deployment.name);
            let backend = &terraform["backend"]["s3"];
            if !backend.is_null() {
                assert_eq!(backend["use_lockfile"], true, "{}: {path}", deployment.name);
                backends += 1;
            }
        }
    }
    assert_eq!(backends, 8, "four roots of two deployments");
}
