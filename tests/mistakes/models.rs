//! Mistakes in ids, prices and environment variables.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::deployments::{ALL, Deployment};

/// Ids of the allowed models, as their model cards have them.
const BASE_IDS: [&str; 3] = [
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "anthropic.claude-opus-4-6-v1",
    "anthropic.claude-sonnet-4-6",
];

/// Variables that Claude Code documents and tfgen sets.
const VARIABLES: [&str; 12] = [
    "ANTHROPIC_CUSTOM_HEADERS",
    "ANTHROPIC_DEFAULT_FABLE_MODEL",
    "ANTHROPIC_DEFAULT_HAIKU_MODEL",
    "ANTHROPIC_DEFAULT_OPUS_MODEL",
    "ANTHROPIC_DEFAULT_SONNET_MODEL",
    "ANTHROPIC_MODEL",
    "AWS_PROFILE",
    "AWS_REGION",
    "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
    "CLAUDE_CODE_USE_BEDROCK",
    "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
    "DISABLE_PROMPT_CACHING",
];

/// Every `anthropic.claude-…` in a text, with the prefix that stands before it, if one does.
fn ids(text: &str) -> Vec<(&str, &str)> {
    let in_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
    text.match_indices("anthropic.claude-")
        .map(|(start, _)| {
            let end = text[start..].find(|c| !in_id(c)).map_or(text.len(), |end| start + end);
            let id = text[start..end].trim_end_matches(['.', ':']);
            let prefix = text[..start].strip_suffix('.').map_or("", |before| {
                let from = before.rfind(|c: char| !c.is_ascii_lowercase() && c != '-');
                &before[from.map_or(0, |from| from + 1)..]
            });
            (prefix, id)
        })
        .collect()
}

/// Prices of the whole catalogue, whatever is allowed.
const PRICES: &str = "terraform/workload/prices.json";

/// What speaks of allowed models alone.
fn of_allowed_models(deployment: &Deployment) -> impl Iterator<Item = (&str, &str)> {
    deployment.own().filter(|(path, _)| *path != PRICES)
}

/// 11: no id is made up from another one's form.
#[test]
fn every_model_id_exists() {
    for deployment in ALL.iter() {
        let mut found = BTreeSet::new();
        for (path, text) in of_allowed_models(deployment) {
            for (_, id) in ids(text) {
                assert!(BASE_IDS.contains(&id), "{}: {path}: {id}", deployment.name);
                found.insert(id);
            }
        }
        assert!(!found.is_empty(), "{}", deployment.name);
    }
    let all: BTreeSet<&str> = ALL
        .iter()
        .flat_map(of_allowed_models)
        .flat_map(|(_, text)| ids(text))
        .map(|(_, id)| id)
        .collect();
    assert_eq!(all, BTreeSet::from(BASE_IDS));
}

/// 12: outputs, profiles, policies, checklist and the developers' settings speak of the same profiles.
#[test]
fn one_geography_is_used_throughout() {
    for deployment in ALL.iter() {
        let mut prefixed = 0;
        for (path, text) in deployment.own() {
            for (prefix, id) in ids(text).into_iter().filter(|(prefix, _)| !prefix.is_empty()) {
                assert_eq!(prefix, deployment.geography, "{}: {path}: {id}", deployment.name);
                prefixed += 1;
            }
        }
        assert!(prefixed > 0, "{}", deployment.name);
        let Some(prices) = deployment.files.get(PRICES) else {
            continue;
        };
        let prices: Vec<Value> = serde_json::from_str(prices).unwrap();
        let priced = |price: &Value| price["geography"] == deployment.geography;
        assert!(prices.iter().any(priced), "{}", deployment.name);
    }
}

/// 10: USD per million tokens, from the price list; `us.` and `eu.` cost a tenth more than `global.`.
#[test]
fn prices_are_those_of_the_profiles() {
    let mut seen = BTreeSet::new();
    for deployment in ALL.iter() {
        let Some(prices) = deployment.files.get(PRICES) else {
            continue;
        };
        let prices: Vec<Value> = serde_json::from_str(prices).unwrap();
        for row in prices.iter().filter(|row| row["model_key"] == "opus-4-6") {
            let geography = row["geography"].as_str().unwrap();
            let expected = match geography {
                "global" => [5.0, 25.0, 0.5, 6.25, 10.0],
                _ => [5.5, 27.5, 0.55, 6.875, 11.0],
            };
            let columns = ["input", "output", "cache_read", "cache_write_5m", "cache_write_1h"];
            let found = columns.map(|column| row[column].as_f64().unwrap());
            assert_eq!(found, expected, "{}: {row}", deployment.name);
            seen.insert(geography.to_owned());
        }
    }
    assert!(seen.contains("us") && seen.contains("global"), "{seen:?}");
}

/// 3: Claude Code reads the profile from the variables of the models; no other variable names one.
#[test]
fn no_variable_is_made_up() {
    for deployment in ALL.iter() {
        for (path, text) in deployment.texts().chain(deployment.own()) {
            assert!(
                !text.contains("CLAUDE_CODE_BEDROCK_PROFILE_ARN"),
                "{}: {path}",
                deployment.name
            );
        }
        for configuration in &deployment.configurations {
            for (variable, value) in configuration["settings"]["env"].as_object().unwrap() {
                let described = ["_NAME", "_DESCRIPTION", "_SUPPORTED_CAPABILITIES"];
                let model = described.iter().find_map(|end| variable.strip_suffix(end));
                assert!(
                    VARIABLES.contains(&model.unwrap_or(variable)),
                    "{}: {variable}",
                    deployment.name
                );
                if is_model(variable) && deployment.profiles {
                    let value = value.as_str().unwrap();
                    assert!(
                        value.starts_with(&deployment.application_profile("a")),
                        "{}: {variable} = {value}",
                        deployment.name
                    );
                }
            }
        }
    }
}

/// 33: whatever a developer's Claude Code may call by itself is allowed to the developer.
#[test]
fn every_pinned_model_may_be_invoked() {
    for deployment in ALL.iter() {
        let allowed = invocable(deployment);
        let mut pinned = BTreeSet::new();
        for configuration in &deployment.configurations {
            let settings = &configuration["settings"];
            let environment = settings["env"].as_object().unwrap();
            let variables = environment.iter().filter(|(variable, _)| is_model(variable));
            let overrides = settings["modelOverrides"].as_object().unwrap();
            pinned.extend(
                variables
                    .chain(overrides)
                    .map(|(_, value)| value.as_str().unwrap().to_owned()),
            );
        }
        let outputs = deployment.terraform("terraform/workload/outputs.tf");
        let environment = outputs["output"]["developer_env_config"]["value"].clone();
        let variables = environment.as_object().unwrap().iter();
        let stated: Vec<&str> = variables
            .filter(|(variable, _)| is_model(variable))
            .map(|(_, value)| value.as_str().unwrap())
            .collect();
        assert_eq!(stated.len(), 5, "{}: every alias and the default", deployment.name);
        pinned.extend(stated.into_iter().map(str::to_owned));
        for model in pinned {
            let arn = if model.starts_with("arn:") {
                model.clone()
            } else {
                deployment.system_profile(&model)
            };
            let open = allowed.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(start) => arn.starts_with(start),
                None => *pattern == arn,
            });
            assert!(open, "{}: {model} is pinned and not allowed", deployment.name);
        }
    }
}

/// Whether the variable holds a model.
fn is_model(variable: &str) -> bool {
    variable == "ANTHROPIC_MODEL" || variable.starts_with("ANTHROPIC_DEFAULT_") && variable.ends_with("_MODEL")
}

/// Resources that a developer may invoke.
fn invocable(deployment: &Deployment) -> BTreeSet<String> {
    crate::policies::statements(deployment, "policies/developer.json")
        .iter()
        .filter(|statement| statement["Effect"] == "Allow")
        .filter(|statement| crate::policies::list(&statement["Action"]).contains(&"bedrock:InvokeModel".to_owned()))
        .flat_map(|statement| crate::policies::list(&statement["Resource"]))
        .collect()
}
