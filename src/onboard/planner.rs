//! One developer's configuration, computed from the deployment and the workload root's outputs.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use workstation::aws_config::Section;
use workstation::settings::{SCHEMA, Settings};

use super::identity::{self, Identity};
use super::least_version::{self, Requirement};
use super::pins::{self, Pin, Reason};
use super::{Error, Outputs, capabilities, client};
use crate::deployment::model::{Access, AllowedModel, Deployment, Developer, OpenIdProvider, ProfileScope};
use crate::deployment::names::{profile_key, team_owner};

/// Claude Code's own limit on output for a model id that it does not recognise.
/// Source: <https://code.claude.com/docs/en/env-vars>
const UNRECOGNISED_MAX_OUTPUT: u32 = 32_000;

/// What the caller may choose.
#[derive(Debug, Clone)]
pub struct Options {
    /// Profile whose credentials assume the developer role, where roles are used.
    pub source_profile: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            source_profile: "default".to_owned(),
        }
    }
}

/// What one developer needs.
#[derive(Debug, Clone)]
pub struct Configuration<'a> {
    /// Whose it is.
    pub developer: &'a Developer,
    /// `~/.claude/settings.json`.
    pub settings: Settings,
    /// Sections of `~/.aws/config`.
    pub aws_config: Vec<Section>,
    /// `config.json` beside `credential-process`, where developers sign in with it; the same for all of them.
    pub client: Option<String>,
    /// What holds for this developer alone.
    pub notes: Vec<String>,
}

/// Everything that is the same for all developers, and the way to each one's configuration.
#[derive(Debug)]
pub struct Planner<'a> {
    deployment: &'a Deployment,
    outputs: &'a Outputs,
    source_profile: String,
    default: Option<&'a AllowedModel>,
    pins: Vec<Pin<'a>>,
    identities: BTreeMap<&'a str, Identity>,
    max_output_tokens: Option<u32>,
    notes: Vec<String>,
}

impl<'a> Planner<'a> {
    /// Prepares the configurations of the chosen developers.
    ///
    /// # Errors
    /// When an application inference profile of one of them is missing from the outputs or is not this deployment's,
    /// when a team is not stated although profiles are per team, when somebody may not assume the developer role:
    /// [`super::trusted`] tells who may.
    pub fn new(
        deployment: &'a Deployment,
        outputs: &'a Outputs,
        chosen: &[&Developer],
        options: &Options,
    ) -> Result<Self, Error> {
        let mut planner = Self {
            deployment,
            outputs,
            source_profile: options.source_profile.clone(),
            default: pins::default_model(deployment),
            pins: pins::pins(deployment),
            identities: identities_of(deployment, chosen)?,
            max_output_tokens: max_output_tokens(deployment),
            notes: Vec::new(),
        };
        planner.check(chosen)?;
        planner.notes = planner.shared_notes();
        Ok(planner)
    }

    /// The deployment.
    pub fn deployment(&self) -> &'a Deployment {
        self.deployment
    }

    /// The configuration of one of the chosen developers.
    ///
    /// # Errors
    /// As [`Planner::new`], where the developer was not among the chosen.
    pub fn configuration<'d>(&self, developer: &'d Developer) -> Result<Configuration<'d>, Error> {
        let identity = self
            .identities
            .get(developer.id.as_str())
            .ok_or_else(|| Error::NotTrusted {
                developers: vec![developer.id.clone()],
            })?;
        let mut settings = Settings {
            schema: Some(SCHEMA.to_owned()),
            ..Settings::default()
        };
        if let Access::IdentityCenter(_) = self.deployment.access {
            settings.aws_auth_refresh = Some(self.login());
        }
        settings.env = self.env(developer)?;
        for model in &self.deployment.models {
            let target = self.target(developer, model)?;
            settings.model_overrides.insert(model.anthropic_id.clone(), target);
        }
        Ok(Configuration {
            developer,
            settings,
            aws_config: identity::sections(self.deployment, identity, &self.source_profile)?,
            client: client::config(self.deployment, self.outputs.identity_pool.as_deref()),
            notes: vec![identity::described(self.deployment, identity)],
        })
    }

    /// The versions of Claude Code that are needed, the highest first.
    pub fn requirements(&self) -> Vec<Requirement> {
        least_version::requirements(self.deployment)
    }

    /// What holds for every developer.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    fn shared_notes(&self) -> Vec<String> {
        let mut notes = vec![self.version_note()];
        notes.extend(self.pins.iter().filter_map(fallback_note));
        notes.push(
            "Do not set `AWS_BEARER_TOKEN_BEDROCK`, in the shell or in settings. Claude Code supports it: such a \
             Bedrock API key takes the place of the AWS profile, calls are then made as the owner of the key, and \
             neither the invocation log nor the rules for this developer apply to the right person."
                .to_owned(),
        );
        notes.push(
            "Do not set `CLAUDE_CODE_USE_MANTLE`: calls through that endpoint are not in the invocation log and \
             cannot use application inference profiles."
                .to_owned(),
        );
        if let Some(limit) = self.max_output_tokens {
            notes.push(format!(
                "`CLAUDE_CODE_MAX_OUTPUT_TOKENS` is {limit}: Claude Code does not recognise the model behind an \
                 application inference profile and would stop at {UNRECOGNISED_MAX_OUTPUT}. It is the largest number \
                 that every allowed model takes."
            ));
        }
        if self.outputs.guardrail.is_some() {
            notes.push(
                "`ANTHROPIC_CUSTOM_HEADERS` carries the guardrail. The developer role is denied every call without \
                 it, so a changed or missing header shows as AccessDenied."
                    .to_owned(),
            );
        }
        match &self.deployment.access {
            Access::IdentityCenter(_) => notes.push(format!(
                "Sign in with `{}`. Claude Code runs the same command when the session has expired; where a proxy \
                 disturbs that, remove `awsAuthRefresh` and sign in by hand. AWS CLI 2 is needed.",
                self.login()
            )),
            Access::Federation(federation) => {
                if federation.provider == OpenIdProvider::Google {
                    notes.push(
                        "Google's applications for desktops have a secret: add it to `config.json` as `client_secret`. It is not \
                         in the deployment file, since it is one."
                            .to_owned(),
                    );
                }
                notes.push(format!(
                "`credential-process` and `config.json` lie in one folder. The line in `~/.aws/config` finds the program on \
                 the search path (PATH); where it is not on it, write its whole path there, in double quotes if it has \
                 spaces. `credential-process --profile {}` signs in.",
                self.deployment.names.cli_profile
            ));
            }
            Access::Roles(_) => {
                let users = identity::unused_users(self.deployment);
                if !users.is_empty() {
                    notes.push(format!(
                        "The developer role trusts IAM users who are nobody in the roster: {}.",
                        users.join(", ")
                    ));
                }
            }
        }
        notes
    }

    /// The command that signs a developer in.
    fn login(&self) -> String {
        format!("aws sso login --profile {}", self.deployment.names.cli_profile)
    }

    fn version_note(&self) -> String {
        let all = self.requirements();
        let mut note = match all.first() {
            Some(least) => format!("Claude Code {} or later is needed ({})", least.version, least.reason),
            None => "Any version of Claude Code will do".to_owned(),
        };
        if let Some(bad) = least_version::unusable(self.deployment) {
            note.push_str(&format!(", but not {}: {}", bad.version, bad.reason));
        }
        let unknown = least_version::unknown(self.deployment);
        if !unknown.is_empty() {
            note.push_str(&format!("; the least version for {} is not known", unknown.join(", ")));
        }
        note.push_str(". `claude --version` prints the version, `claude update` installs the newest.");
        note
    }

    /// The environment in the order in which it is written.
    fn env(&self, developer: &Developer) -> Result<IndexMap<String, String>, Error> {
        let mut env = IndexMap::new();
        let mut set = |name: &str, value: String| {
            env.insert(name.to_owned(), value);
        };
        set("CLAUDE_CODE_USE_BEDROCK", "1".to_owned());
        set("AWS_REGION", self.deployment.region.clone());
        set("AWS_PROFILE", self.deployment.names.cli_profile.clone());
        if let Some(default) = self.default {
            set("ANTHROPIC_MODEL", self.target(developer, default)?);
        }
        for pin in &self.pins {
            let variable = pin.alias.variable();
            set(variable, self.target(developer, pin.model)?);
            set(&format!("{variable}_NAME"), pin.model.name.clone());
            set(&format!("{variable}_DESCRIPTION"), self.description(developer, pin)?);
            // Claude Code recognises the id of a system profile and knows more of the model than the table does.
            let hidden = self.deployment.profiles != ProfileScope::None;
            if hidden && let Some(capabilities) = capabilities::of(&pin.model.anthropic_id) {
                set(&format!("{variable}_SUPPORTED_CAPABILITIES"), capabilities.to_owned());
            }
        }
        if let Some(limit) = self.max_output_tokens {
            set("CLAUDE_CODE_MAX_OUTPUT_TOKENS", limit.to_string());
        }
        if let Some(guardrail) = &self.outputs.guardrail {
            set(
                "ANTHROPIC_CUSTOM_HEADERS",
                format!(
                    "X-Amzn-Bedrock-GuardrailIdentifier: {}\nX-Amzn-Bedrock-GuardrailVersion: {}",
                    guardrail.id, guardrail.version
                ),
            );
        }
        Ok(env)
    }

    /// What is said of an alias in Claude Code's model picker.
    fn description(&self, developer: &Developer, pin: &Pin<'_>) -> Result<String, Error> {
        let own = match self.owner(developer)? {
            Some(owner) => format!(
                "application inference profile {}",
                profile_key(&owner, self.deployment.geography, &pin.model.key)
            ),
            None => format!("inference profile {}", pin.model.profile_id),
        };
        Ok(match pin.reason {
            Reason::Newest => own,
            Reason::Default | Reason::Cheapest => format!("no {} model is allowed here; {own}", pin.alias.name()),
        })
    }

    /// Whose application inference profiles a developer uses; `None` where there are none.
    fn owner(&self, developer: &Developer) -> Result<Option<String>, Error> {
        match self.deployment.profiles {
            ProfileScope::None => Ok(None),
            ProfileScope::Developer => Ok(Some(developer.id.clone())),
            ProfileScope::Team => match &developer.team {
                Some(team) => Ok(Some(team_owner(team))),
                None => Err(Error::NoTeam {
                    developers: vec![developer.id.clone()],
                }),
            },
        }
    }

    /// What Claude Code sends for a model: the ARN of the application inference profile, or the system profile's id.
    fn target(&self, developer: &Developer, model: &AllowedModel) -> Result<String, Error> {
        let Some(owner) = self.owner(developer)? else {
            return Ok(model.profile_id.clone());
        };
        let key = profile_key(&owner, self.deployment.geography, &model.key);
        match self.outputs.profile_arns.get(&key) {
            Some(arn) => Ok(arn.clone()),
            None => Err(Error::NotApplied { missing: vec![key] }),
        }
    }

    /// Finds everything that is missing at once, so that nobody meets the gaps one by one.
    fn check(&self, chosen: &[&Developer]) -> Result<(), Error> {
        if self.deployment.profiles == ProfileScope::None {
            return Ok(());
        }
        let mut without_team = Vec::new();
        let mut missing = Vec::new();
        let mut foreign = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        let expected = format!(
            "arn:{}:bedrock:{}:{}:application-inference-profile/",
            self.deployment.partition, self.deployment.region, self.deployment.account_id
        );
        for developer in chosen {
            let owner = match self.owner(developer) {
                Ok(Some(owner)) => owner,
                _ => {
                    without_team.push(developer.id.clone());
                    continue;
                }
            };
            if !seen.insert(owner.clone()) {
                continue;
            }
            for model in &self.deployment.models {
                let key = profile_key(&owner, self.deployment.geography, &model.key);
                match self.outputs.profile_arns.get(&key) {
                    None => missing.push(key),
                    Some(arn) if arn.strip_prefix(&expected).is_none_or(str::is_empty) => {
                        foreign.push((key, arn.clone()));
                    }
                    Some(_) => {}
                }
            }
        }
        if !without_team.is_empty() {
            return Err(Error::NoTeam {
                developers: without_team,
            });
        }
        if !missing.is_empty() {
            return Err(Error::NotApplied { missing });
        }
        if !foreign.is_empty() {
            return Err(Error::ForeignProfiles {
                profiles: foreign,
                expected,
            });
        }
        Ok(())
    }
}

/// The identities of the chosen developers; that somebody else may not assume the role is no fault of theirs.
fn identities_of<'a>(deployment: &'a Deployment, chosen: &[&Developer]) -> Result<BTreeMap<&'a str, Identity>, Error> {
    let identities = identity::identities(deployment);
    let strangers: Vec<String> = chosen
        .iter()
        .filter(|developer| !identities.contains_key(developer.id.as_str()))
        .map(|developer| developer.id.clone())
        .collect();
    if !strangers.is_empty() {
        return Err(Error::NotTrusted { developers: strangers });
    }
    Ok(identities)
}

/// The largest number of output tokens that every allowed model takes, where that is more than what Claude Code takes
/// for models that it does not recognise. Without application inference profiles it recognises them.
fn max_output_tokens(deployment: &Deployment) -> Option<u32> {
    if deployment.profiles == ProfileScope::None {
        return None;
    }
    let limits: Option<Vec<u32>> = deployment.models.iter().map(|model| model.max_output_tokens).collect();
    limits?
        .into_iter()
        .min()
        .filter(|limit| *limit > UNRECOGNISED_MAX_OUTPUT)
}

/// What is said when an alias stands for a model of another family.
fn fallback_note(pin: &Pin<'_>) -> Option<String> {
    let (alias, name) = (pin.alias.family(), pin.alias.name());
    match pin.reason {
        Reason::Newest => None,
        Reason::Default => Some(format!(
            "No {name} model is allowed, so the alias `{alias}` is pinned to the default model, {}.",
            pin.model.name
        )),
        Reason::Cheapest => Some(format!(
            "No {name} model is allowed, so the alias `{alias}` and with it the background tasks are pinned to the \
             cheapest allowed model, {}.",
            pin.model.name
        )),
    }
}
