//! Settings of Claude Code (`settings.json`) and of the AWS CLI (`~/.aws/config`), one rule a file.

mod auth_refresh;
mod bearer_token;
mod config;
mod config_region;
mod config_section;
mod config_syntax;
mod config_value;
mod deprecated;
mod duplicate_key;
mod file;
mod json;
mod known_region;
mod legacy_sso;
mod mantle;
mod model_id;
mod override_key;
mod profile;
mod region;
mod secret;
mod source_profile;
mod sso_keys;
mod sso_session;
mod static_keys;
mod telemetry;
mod unknown_key;
mod unknown_region;
mod unpinned;
mod value_type;
mod variable;

use std::sync::Arc;

use findings::{Finding, Rule, Source};

use crate::look::Look;
use crate::sink::Sink;

pub(crate) use config::{AwsConfig, Fault, Header};
pub(crate) use file::{Member, Settings};

type SettingsCheck = fn(&Settings, &mut Vec<Finding>);
type ConfigCheck = fn(&AwsConfig, &mut Vec<Finding>);

/// Rules over `settings.json`.
static OF_SETTINGS: [(&Rule, SettingsCheck); 15] = [
    (&auth_refresh::RULE, auth_refresh::check),
    (&bearer_token::RULE, bearer_token::check),
    (&deprecated::RULE, deprecated::check),
    (&duplicate_key::RULE, duplicate_key::check),
    (&mantle::RULE, mantle::check),
    (&model_id::RULE, model_id::check),
    (&override_key::RULE, override_key::check),
    (&region::RULE, region::check),
    (&secret::RULE, secret::check),
    (&telemetry::RULE, telemetry::check),
    (&unknown_key::RULE, unknown_key::check),
    (&unknown_region::RULE, unknown_region::check),
    (&unpinned::RULE, unpinned::check),
    (&value_type::RULE, value_type::check),
    (&variable::RULE, variable::check),
];

/// Rules over `~/.aws/config`.
static OF_CONFIG: [(&Rule, ConfigCheck); 9] = [
    (&config_region::RULE, config_region::check),
    (&config_section::RULE, config_section::check),
    (&config_syntax::RULE, config_syntax::check),
    (&config_value::RULE, config_value::check),
    (&legacy_sso::RULE, legacy_sso::check),
    (&source_profile::RULE, source_profile::check),
    (&sso_keys::RULE, sso_keys::check),
    (&sso_session::RULE, sso_session::check),
    (&static_keys::RULE, static_keys::check),
];

/// All rules of this module.
pub(crate) fn rules() -> Vec<&'static Rule> {
    let settings = OF_SETTINGS.iter().map(|(rule, _)| *rule);
    let config = OF_CONFIG.iter().map(|(rule, _)| *rule);
    settings.chain(config).chain([&json::RULE, &profile::RULE]).collect()
}

/// Checks a file of settings; gives it back for what other files decide.
pub(crate) fn check(source: &Arc<Source>, sink: &mut Sink) -> Option<Settings> {
    let settings = match Settings::read(source) {
        Ok(Some(settings)) => settings,
        Ok(None) => {
            sink.push(json::no_object(source));
            return None;
        }
        Err(error) => {
            sink.push(json::fault(source, &error));
            return None;
        }
    };
    let mut found = Vec::new();
    for (_, check) in &OF_SETTINGS {
        check(&settings, &mut found);
    }
    found.into_iter().for_each(|finding| sink.push(finding));
    Some(settings)
}

/// Checks sections of the AWS CLI.
pub(crate) fn check_config(config: &AwsConfig, sink: &mut Sink) {
    let mut found = Vec::new();
    for (_, check) in &OF_CONFIG {
        check(config, &mut found);
    }
    found.into_iter().for_each(|finding| sink.push(finding));
}

/// Checks the profile that settings name against the sections of the run.
pub(crate) fn check_profiles(settings: &Settings, configs: &[AwsConfig], sink: &mut Sink) {
    let mut found = Vec::new();
    profile::check(settings, configs, &mut found);
    found.into_iter().for_each(|finding| sink.push(finding));
}

/// Checks settings that Terraform writes.
pub(crate) fn check_terraform(look: &Look<'_, '_>, found: &mut Vec<Finding>) {
    variable::check_terraform(look, found);
}
