//! The configuration of Claude Code on this machine, beside what `tfgen onboard` writes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use check::Input;
use findings::Severity;
use workstation::settings::Settings;

use super::check;
use crate::deployment::model::{Deployment, ProfileScope};
use crate::guardrails::arns::Arns;
use crate::onboard::shared_environment;
use crate::verify::check::{Check, From};
use crate::verify::next;
use crate::verify::probe::{Machine, Seen};

const ID: &str = "onboarding-configure";
/// Sends calls another way, which writes no invocation log.
const MANTLE: &str = "CLAUDE_CODE_USE_MANTLE";
/// Takes the place of the profile's credentials, and makes calls as the owner of the key.
const BEARER: &str = "AWS_BEARER_TOKEN_BEDROCK";
/// Files that a shell reads when it starts.
const SHELL_FILES: [&str; 8] = [
    ".bash_profile",
    ".bashrc",
    ".config/fish/config.fish",
    ".profile",
    ".zlogin",
    ".zprofile",
    ".zshenv",
    ".zshrc",
];
/// Variables that say through what models are called; `tfgen onboard` puts each developer's own profiles there.
const MODELS: &str = "ANTHROPIC_";

pub fn configure(deployment: &Deployment) -> Check {
    check(ID, ID, From::Machine, "Claude Code on this machine is configured")
        .expects(format!(
            "Claude Code's settings.json uses Bedrock in {} with the profile {}, names models as tfgen onboard does, \
             and no {BEARER} is set",
            deployment.region, deployment.names.cli_profile
        ))
        .looks(|probe| async move { Ok(look(&probe.scene().machine, probe.deployment())) })
}

fn look(machine: &Machine, deployment: &Deployment) -> Seen {
    let keys = bearer_tokens(machine);
    if !keys.is_empty() {
        return Seen::fail(keys.join("; ")).next(format!(
            "take {BEARER} away there, and open a new shell: calls would be made as the owner of the key"
        ));
    }
    let Some(path) = settings_path(machine) else {
        return Seen::unknown("the home folder of this machine is not known");
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return other_machines(format!("this machine has no {}", path.display()));
        }
        Err(error) => {
            return Seen::unknown(format!("{} cannot be read: {error}", path.display())).next("make it readable");
        }
    };
    judged(&text, &path, deployment)
}

fn settings_path(machine: &Machine) -> Option<PathBuf> {
    let folder = match machine
        .environment
        .get("CLAUDE_CONFIG_DIR")
        .filter(|folder| !folder.is_empty())
    {
        Some(folder) => PathBuf::from(folder),
        None => machine.home.as_ref()?.join(".claude"),
    };
    Some(folder.join("settings.json"))
}

fn other_machines(observed: String) -> Seen {
    Seen::manual(observed).next(format!(
        "`tfgen onboard DEVELOPER --format settings` prints it; of other machines attest it: {}",
        next::attest(ID)
    ))
}

/// Where the key is set: the environment, and the files of shells.
fn bearer_tokens(machine: &Machine) -> Vec<String> {
    let mut found = Vec::new();
    if machine.environment.get(BEARER).is_some_and(|key| !key.is_empty()) {
        found.push(format!("{BEARER} is set in the environment"));
    }
    for file in SHELL_FILES {
        let Some(path) = machine.home.as_ref().map(|home| home.join(file)) else {
            continue;
        };
        // A file that is not there, or is no text, sets nothing that could be seen.
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        found.extend(
            text.lines()
                .enumerate()
                .filter(|(_, line)| sets_key(line))
                .map(|(at, _)| format!("{} sets {BEARER} in line {}", path.display(), at + 1)),
        );
    }
    found
}

/// Whether a line of a shell gives the key a value: `NAME=…` with or without `export`, `set -x NAME …` of fish.
fn sets_key(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with('#') {
        return false;
    }
    let Some((before, after)) = line.split_once(BEARER) else {
        return false;
    };
    let is_set = before.trim_start().starts_with("set ") && after.starts_with(' ') && !after.trim().is_empty();
    let is_assigned = after
        .strip_prefix('=')
        .is_some_and(|value| !matches!(value.trim(), "" | "\"\"" | "''"));
    (is_set && !before.contains(" -e"))
        || is_assigned && !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

fn judged(text: &str, path: &Path, deployment: &Deployment) -> Seen {
    let name = path.display().to_string();
    let onboard = "`tfgen onboard DEVELOPER --format settings` prints what belongs there";
    let settings: Settings = match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(settings) => settings,
        Err(error) => {
            return Seen::fail(format!("{name} cannot be read as settings: {error}"))
                .next(format!("`tfgen check {}`", crate::steps::word(&name)));
        }
    };
    let profile = settings.env.get("AWS_PROFILE");
    let uses_bedrock = settings
        .env
        .get("CLAUDE_CODE_USE_BEDROCK")
        .is_some_and(|value| value == "1");
    if !uses_bedrock && profile != Some(&deployment.names.cli_profile) {
        return other_machines(format!("{name} is not about this deployment: it does not use Bedrock"));
    }
    let mut faults = differences(&settings, deployment);
    let (errors, warnings) = findings_of(text);
    faults.extend(errors);
    let warnings = match warnings.as_slice() {
        [] => String::new(),
        warnings => format!("; worth a look: {}", warnings.join("; ")),
    };
    match faults.as_slice() {
        [] => Seen::pass(format!("{name} is as tfgen onboard writes it{warnings}")),
        faults => Seen::fail(format!("{name}: {}{warnings}", faults.join("; "))).next(onboard),
    }
}

/// What the rules for settings find: errors and warnings.
fn findings_of(text: &str) -> (Vec<String>, Vec<String>) {
    let input = Input::Text {
        // The rules know settings by their place.
        name: ".claude/settings.json".to_owned(),
        text: text.to_owned(),
    };
    let report = match check::run(&[input], &check::Options::default()) {
        Ok(report) => report,
        Err(error) => return (vec![error.to_string()], Vec::new()),
    };
    let shown = |wanted: fn(Severity) -> bool| {
        let findings = report.findings.iter().filter(move |finding| wanted(finding.severity));
        findings
            .map(|finding| format!("{} ({})", finding.message, finding.rule.id))
            .collect()
    };
    (
        shown(|severity| severity == Severity::Error),
        shown(|severity| severity == Severity::Warning),
    )
}

/// Where the settings differ from those of every developer of the deployment.
fn differences(settings: &Settings, deployment: &Deployment) -> Vec<String> {
    let mut differences = Vec::new();
    for (variable, wanted) in shared_environment(deployment) {
        let found = settings.env.get(&variable);
        let is_right = match variable.starts_with(MODELS) {
            true => found.is_some_and(|found| is_target(found, &wanted, deployment)),
            false => found == Some(&wanted),
        };
        if !is_right {
            differences.push(other(&variable, found, &expected(&variable, &wanted, deployment)));
        }
    }
    for model in &deployment.models {
        let found = settings.model_overrides.get(&model.anthropic_id);
        if !found.is_some_and(|found| is_target(found, &model.profile_id, deployment)) {
            let key = format!("modelOverrides of {}", model.anthropic_id);
            differences.push(other(&key, found, &target(&model.profile_id, deployment)));
        }
    }
    let headers = settings
        .env
        .get("ANTHROPIC_CUSTOM_HEADERS")
        .map(String::as_str)
        .unwrap_or_default();
    if deployment.guardrail.is_some() && !headers.contains("X-Amzn-Bedrock-GuardrailIdentifier: ") {
        differences.push("ANTHROPIC_CUSTOM_HEADERS does not name the guardrail".to_owned());
    }
    if let Some(fault) = settings.env.get(BEARER) {
        let state = if fault.is_empty() { "named" } else { "set" };
        differences.push(format!("{BEARER} is {state} in `env`"));
    }
    if settings.env.contains_key(MANTLE) {
        differences.push(format!(
            "{MANTLE} is in `env`: calls through bedrock-mantle are in no invocation log"
        ));
    }
    differences
}

fn other(key: &str, found: Option<&String>, expected: &str) -> String {
    match found {
        Some(found) => format!("{key} is {found} instead of {expected}"),
        None => format!("there is no {key} (expected {expected})"),
    }
}

fn expected(variable: &str, wanted: &str, deployment: &Deployment) -> String {
    match variable.starts_with(MODELS) {
        true => target(wanted, deployment),
        false => wanted.to_owned(),
    }
}

/// What is sent for a model whose system profile is `system`: that, or the ARN of somebody's own profile.
fn target(system: &str, deployment: &Deployment) -> String {
    match deployment.profiles {
        ProfileScope::None => system.to_owned(),
        _ => Arns::new(deployment).application_profile("…"),
    }
}

fn is_target(found: &str, system: &str, deployment: &Deployment) -> bool {
    match deployment.profiles {
        ProfileScope::None => found == system,
        _ => {
            let start = Arns::new(deployment).application_profile("");
            found.strip_prefix(&start).is_some_and(|id| !id.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::onboard::{self, Need, Options, Outputs, Planner, fixtures};
    use crate::verify::status::Status;

    fn written(deployment: &Deployment) -> String {
        let outputs = Outputs::parse(&fixtures::outputs(deployment), Need::of(deployment), "outputs").unwrap();
        let chosen = onboard::choose(deployment, Some("alice")).unwrap();
        let planner = Planner::new(deployment, &outputs, &chosen, &Options::default()).unwrap();
        onboard::settings(&planner.configuration(chosen[0]).unwrap())
    }

    fn status(text: &str, deployment: &Deployment) -> (Status, String) {
        let seen = judged(text, Path::new("settings.json"), deployment);
        (seen.status, seen.observed)
    }

    #[test]
    fn what_onboard_writes_passes() {
        for deployment in [
            fixtures::identity_center(),
            fixtures::full(),
            fixtures::bare(),
            fixtures::roles(),
        ] {
            let (status, observed) = status(&written(&deployment), &deployment);
            assert_eq!(status, Status::Pass, "{observed}");
        }
    }

    #[test]
    fn other_values_are_named() {
        let deployment = fixtures::identity_center();
        let text = written(&deployment);
        let after = |from: &str, to: &str| {
            assert!(text.contains(from), "{text}");
            status(&text.replace(from, to), &deployment)
        };
        for (from, to, wanted) in [
            (
                "\"AWS_REGION\": \"us-east-1\"",
                "\"AWS_REGION\": \"us-west-2\"",
                "AWS_REGION is us-west-2 instead of us-east-1",
            ),
            (
                "\"AWS_PROFILE\": \"claude-code\",",
                "",
                "there is no AWS_PROFILE (expected claude-code)",
            ),
            (
                "\"CLAUDE_CODE_USE_BEDROCK\": \"1\",",
                "\"CLAUDE_CODE_USE_BEDROCK\": \"1\", \"CLAUDE_CODE_USE_MANTLE\": \"1\",",
                "CLAUDE_CODE_USE_MANTLE is in `env`",
            ),
            (
                "\"CLAUDE_CODE_USE_BEDROCK\": \"1\",",
                "\"CLAUDE_CODE_USE_BEDROCK\": \"1\", \"AWS_BEARER_TOKEN_BEDROCK\": \"x\",",
                "AWS_BEARER_TOKEN_BEDROCK is set in `env`",
            ),
        ] {
            let (status, observed) = after(from, to);
            assert_eq!(status, Status::Fail, "{observed}");
            assert!(observed.contains(wanted), "{observed}");
        }
        // A system profile carries no tags.
        let start = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/";
        let (status, observed) = after(start, "us.anthropic.claude-opus-4-6-v1-");
        assert_eq!(status, Status::Fail);
        assert!(
            observed.contains("there is no ANTHROPIC_MODEL") || observed.contains("ANTHROPIC_MODEL is us."),
            "{observed}"
        );
    }

    #[test]
    fn settings_of_something_else_are_a_persons_word() {
        let deployment = fixtures::identity_center();
        assert_eq!(status("{}", &deployment).0, Status::Manual);
        assert_eq!(status("{\"model\": \"opus\"}", &deployment).0, Status::Manual);
        assert_eq!(status("{", &deployment).0, Status::Fail);
        let machine = Machine {
            home: Some(tempfile::tempdir().unwrap().path().to_owned()),
            environment: BTreeMap::new(),
        };
        assert_eq!(look(&machine, &deployment).status, Status::Manual);
    }

    #[test]
    fn a_key_in_a_shell_is_a_fault() {
        let home = tempfile::tempdir().unwrap();
        fs::write(
            home.path().join(".zshrc"),
            "# hello\nexport AWS_BEARER_TOKEN_BEDROCK=secret\n",
        )
        .unwrap();
        let machine = Machine {
            home: Some(home.path().to_owned()),
            environment: BTreeMap::from([(BEARER.to_owned(), "secret".to_owned())]),
        };
        let seen = look(&machine, &fixtures::identity_center());
        assert_eq!(seen.status, Status::Fail);
        assert!(
            seen.observed.contains("in the environment") && seen.observed.contains(".zshrc sets"),
            "{seen:?}"
        );
        assert!(!format!("{seen:?}").contains("secret"), "{seen:?}");
    }

    #[test]
    fn lines_that_set_the_key() {
        for line in [
            "export AWS_BEARER_TOKEN_BEDROCK=x",
            "  AWS_BEARER_TOKEN_BEDROCK='x'",
            "set -gx AWS_BEARER_TOKEN_BEDROCK x",
        ] {
            assert!(sets_key(line), "{line}");
        }
        for line in [
            "# export AWS_BEARER_TOKEN_BEDROCK=x",
            "unset AWS_BEARER_TOKEN_BEDROCK",
            "export AWS_BEARER_TOKEN_BEDROCK=",
            "export AWS_BEARER_TOKEN_BEDROCK=''",
            "set -e AWS_BEARER_TOKEN_BEDROCK",
            "MY_AWS_BEARER_TOKEN_BEDROCK=x",
        ] {
            assert!(!sets_key(line), "{line}");
        }
    }
}
