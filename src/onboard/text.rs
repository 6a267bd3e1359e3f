//! A configuration as text, in each format.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use workstation::shell::Shell;

use super::{Configuration, Planner};

/// How a configuration is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: every file with its place, and the notes.
    Human,
    /// For programs: everything, all developers in one document.
    Json,
    /// `~/.claude/settings.json`.
    Settings,
    /// Sections of `~/.aws/config`.
    AwsConfig,
    /// Commands of a shell that set the environment.
    Environment(Shell),
}

/// `settings.json`.
pub fn settings(configuration: &Configuration<'_>) -> String {
    configuration.settings.to_text()
}

/// Sections of `~/.aws/config`.
pub fn aws_config(configuration: &Configuration<'_>) -> String {
    workstation::aws_config::to_text(&configuration.aws_config)
}

/// The environment as commands of a shell, with what it cannot carry in a comment.
pub fn environment(configuration: &Configuration<'_>, shell: Shell) -> String {
    let mut text = format!("# Claude Code on Amazon Bedrock for {}.\n", configuration.developer.id);
    text.push_str("# `modelOverrides` exists in settings.json only.\n");
    if let Some(command) = &configuration.settings.aws_auth_refresh {
        let _ = writeln!(text, "# Sign in first: {command}");
    }
    text.push_str(&shell.assignments(&configuration.settings.env));
    text
}

/// All of it for people; the notes that hold for everybody stand once, after the last developer.
pub fn human(planner: &Planner<'_>, configurations: &[Configuration<'_>]) -> String {
    let mut text = String::new();
    for configuration in configurations {
        let developer = configuration.developer;
        let _ = writeln!(text, "# {} <{}>\n", developer.id, developer.email);
        let _ = writeln!(text, "## ~/.claude/settings.json\n\n{}", settings(configuration));
        let _ = writeln!(text, "## ~/.aws/config\n\n{}", aws_config(configuration));
        if let Some(client) = &configuration.client {
            let _ = writeln!(text, "## config.json beside credential-process\n\n{client}");
        }
        let _ = writeln!(
            text,
            "## Environment ({}), only where settings.json is not used\n\n{}",
            Shell::Posix.name(),
            environment(configuration, Shell::Posix)
        );
        for note in &configuration.notes {
            let _ = writeln!(text, "- {note}");
        }
        text.push('\n');
    }
    text.push_str("# Notes\n\n");
    for note in planner.notes() {
        let _ = writeln!(text, "- {note}");
    }
    text
}

/// What stands in the JSON document beside the developers.
fn json_head(planner: &Planner<'_>) -> Map<String, Value> {
    let deployment = planner.deployment();
    let requirements: Vec<Value> = planner
        .requirements()
        .iter()
        .map(|requirement| json!({"version": requirement.version, "reason": requirement.reason}))
        .collect();
    let mut head = Map::new();
    head.insert("version".to_owned(), json!(1));
    head.insert("deployment".to_owned(), json!(deployment.name));
    head.insert("account_id".to_owned(), json!(deployment.account_id));
    head.insert("region".to_owned(), json!(deployment.region));
    head.insert("claude_code".to_owned(), Value::Array(requirements));
    head.insert("notes".to_owned(), json!(planner.notes()));
    head
}

/// The JSON document up to the list of developers, so that thousands of them can be streamed.
pub fn json_open(planner: &Planner<'_>) -> String {
    let head = Value::Object(json_head(planner)).to_string();
    // The head is an object that is not empty: its closing brace gives way to one more member.
    format!("{},\"developers\":[\n", head.strip_suffix("}").unwrap_or(&head))
}

/// One developer of the JSON document, on one line and without a line break.
pub fn json_developer(configuration: &Configuration<'_>) -> String {
    let sections: Vec<Value> = configuration
        .aws_config
        .iter()
        .map(|section| json!({"section": section.header().to_string(), "settings": section.settings()}))
        .collect();
    let mut developer = json!({
        "id": configuration.developer.id,
        "email": configuration.developer.email,
        "settings": configuration.settings.to_value(),
        "aws_config": sections,
        "notes": configuration.notes,
    });
    if let (Some(client), Some(fields)) = (&configuration.client, developer.as_object_mut()) {
        let client = serde_json::from_str(client).unwrap_or_else(|_| Value::from(client.as_str()));
        fields.insert("client_config".to_owned(), client);
    }
    developer.to_string()
}

/// The end of the JSON document.
pub fn json_close() -> &'static str {
    "\n]}\n"
}

/// What goes where, for the developer who receives the files of [`super::write_bundles`].
pub fn read_me(planner: &Planner<'_>, configuration: &Configuration<'_>) -> String {
    let mut text = format!("# Claude Code for {}\n\n", configuration.developer.id);
    text.push_str(
        "1. Add the sections of `aws-config` to `~/.aws/config` (Windows: `%USERPROFILE%\\.aws\\config`).\n\
         2. Copy `settings.json` to `~/.claude/settings.json`. If you have that file already, add the keys to it.\n",
    );
    match &configuration.settings.aws_auth_refresh {
        Some(command) => {
            let _ = writeln!(text, "3. Sign in: `{command}`.");
        }
        None if configuration.client.is_some() => {
            let profile = &planner.deployment().names.cli_profile;
            let _ = writeln!(
                text,
                "3. Put `config.json` beside `credential-process` and the folder of both on the search path. Sign in: \
                 `credential-process --profile {profile}`."
            );
        }
        None => text.push_str("3. Make sure that the source profile named in `aws-config` has credentials.\n"),
    }
    let profile = &planner.deployment().names.cli_profile;
    let _ = writeln!(
        text,
        "4. Look at who you are: `aws sts get-caller-identity --profile {profile}`. Then start `claude`.\n"
    );
    text.push_str(
        "`env.sh`, `env.fish` and `env.ps1` set the same environment in a shell; use one of them only where \
         `settings.json` is not used, as in CI.\n\n",
    );
    for note in configuration.notes.iter().chain(planner.notes()) {
        let _ = writeln!(text, "- {note}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::model::{Deployment, ProfileScope};
    use crate::onboard::{Need, Options, Outputs, choose, fixtures};

    fn with<T>(deployment: &Deployment, id: &str, show: impl Fn(&Planner<'_>, &Configuration<'_>) -> T) -> T {
        let text = fixtures::outputs(deployment);
        let outputs = Outputs::parse(&text, Need::of(deployment), "outputs").unwrap();
        let chosen = choose(deployment, Some(id)).unwrap();
        let planner = Planner::new(deployment, &outputs, &chosen, &Options::default()).unwrap();
        show(&planner, &planner.configuration(chosen[0]).unwrap())
    }

    fn all(deployment: &Deployment, id: &str) -> String {
        with(deployment, id, |planner, configuration| {
            human(planner, std::slice::from_ref(configuration))
        })
    }

    #[test]
    fn identity_center_with_profiles_per_developer() {
        insta::assert_snapshot!(all(&fixtures::identity_center(), "alice"));
    }

    #[test]
    fn everything_on() {
        insta::assert_snapshot!(all(&fixtures::full(), "bob"));
    }

    #[test]
    fn nothing_on() {
        insta::assert_snapshot!(all(&fixtures::bare(), "alice"));
    }

    #[test]
    fn a_pinned_iam_user() {
        insta::assert_snapshot!(all(&fixtures::roles(), "alice"));
    }

    #[test]
    fn a_claimed_identity_and_profiles_per_team() {
        let mut deployment = fixtures::roles();
        deployment.profiles = ProfileScope::Team;
        deployment.models = vec![fixtures::opus(), fixtures::sonnet()];
        insta::assert_snapshot!(all(&deployment, "bob"));
    }

    #[test]
    fn tokens_of_a_provider() {
        insta::assert_snapshot!(all(&fixtures::federation(), "alice"));
    }

    #[test]
    fn a_shell_gets_each_variable_in_its_own_quoting() {
        let texts = with(&fixtures::full(), "alice", |_, configuration| {
            Shell::ALL.map(|shell| environment(configuration, shell)).join("\n")
        });
        insta::assert_snapshot!(texts);
    }

    #[test]
    fn a_developers_directory_explains_itself() {
        insta::assert_snapshot!(with(&fixtures::identity_center(), "alice", read_me));
    }

    #[test]
    fn tokens_through_an_identity_pool() {
        insta::assert_snapshot!(all(&fixtures::identity_pool(), "alice"));
    }

    #[test]
    fn json_is_one_document() {
        let text = with(&fixtures::full(), "alice", |planner, configuration| {
            let developers = [json_developer(configuration), json_developer(configuration)].join(",\n");
            format!("{}{developers}{}", json_open(planner), json_close())
        });
        let document: Value = serde_json::from_str(&text).unwrap();
        insta::assert_snapshot!(format!("{document:#}"));
    }

    /// Facts §8, rows 3, 12, 13 and 33, and the deprecated variable.
    #[test]
    fn known_mistakes_are_absent() {
        for deployment in [
            fixtures::identity_center(),
            fixtures::full(),
            fixtures::bare(),
            fixtures::roles(),
            fixtures::federation(),
            fixtures::identity_pool(),
        ] {
            with(&deployment, "alice", |planner, configuration| {
                let text = human(planner, std::slice::from_ref(configuration));
                assert!(!text.contains("CLAUDE_CODE_BEDROCK_PROFILE_ARN"));
                assert!(!text.contains("ANTHROPIC_SMALL_FAST_MODEL"));
                assert!(!text.contains("not used by Claude Code"));
                assert!(text.contains("takes the place of the AWS profile"));
                let env = &configuration.settings.env;
                assert!(!env.contains_key("AWS_BEARER_TOKEN_BEDROCK"));
                let mut allowed: Vec<&String> = configuration.settings.model_overrides.values().collect();
                allowed.sort();
                assert_eq!(allowed.len(), deployment.models.len());
                for variable in [
                    "ANTHROPIC_MODEL",
                    "ANTHROPIC_DEFAULT_OPUS_MODEL",
                    "ANTHROPIC_DEFAULT_SONNET_MODEL",
                    "ANTHROPIC_DEFAULT_HAIKU_MODEL",
                    "ANTHROPIC_DEFAULT_FABLE_MODEL",
                ] {
                    assert!(allowed.contains(&&env[variable]), "{variable} = {}", env[variable]);
                }
                if deployment.profiles != ProfileScope::None {
                    assert!(!text.contains("global.") && !text.contains("= us.anthropic"));
                }
            });
        }
    }
}
