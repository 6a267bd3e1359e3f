//! Rules over Terraform, one a file.

mod alarm;
mod budget_credits;
mod budget_service;
mod copy_from;
mod cost_tag;
mod escaped;
mod geographies;
mod glue_columns;
mod glue_location;
mod guardrail;
mod logging_order;
mod logging_text;
mod metric_dimensions;
mod model_id;
mod profile_name;
mod query_model;
mod session_duration;
mod state_lock;
mod token_path;
mod versions;
mod webhook;

use findings::Rule;

use super::Check;

/// The rules, and what looks for each.
pub(crate) static ALL: [(&Rule, Check); 21] = [
    (&alarm::RULE, alarm::check),
    (&budget_credits::RULE, budget_credits::check),
    (&budget_service::RULE, budget_service::check),
    (&copy_from::RULE, copy_from::check),
    (&cost_tag::RULE, cost_tag::check),
    (&escaped::RULE, escaped::check),
    (&geographies::RULE, geographies::check),
    (&glue_columns::RULE, glue_columns::check),
    (&glue_location::RULE, glue_location::check),
    (&guardrail::RULE, guardrail::check),
    (&logging_order::RULE, logging_order::check),
    (&logging_text::RULE, logging_text::check),
    (&metric_dimensions::RULE, metric_dimensions::check),
    (&model_id::RULE, model_id::check),
    (&profile_name::RULE, profile_name::check),
    (&query_model::RULE, query_model::check),
    (&session_duration::RULE, session_duration::check),
    (&state_lock::RULE, state_lock::check),
    (&token_path::RULE, token_path::check),
    (&versions::RULE, versions::check),
    (&webhook::RULE, webhook::check),
];
