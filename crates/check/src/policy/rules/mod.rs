//! The rules, one a file.

mod action;
mod action_condition;
mod action_resource;
mod admin;
pub(super) mod condition_key;
mod condition_type;
mod condition_value;
mod empty_condition;
mod for_all_values;
pub(super) mod grammar;
pub(super) mod json;
pub(super) mod kind;
mod negated_allow;
mod never_matches;
mod oidc_trust;
pub(super) mod operator;
mod pass_role;
pub(super) mod principal;
mod public_principal;
pub(super) mod resource_arn;
mod service;
mod service_wildcard;
mod shadowed;
pub(super) mod sid;
mod size;
mod trust_action;
mod variable;
mod version;

use findings::Rule;

use super::Input;
use super::finding::PolicyFinding;

/// Looks at a document for one rule.
pub(crate) type Check = fn(&Input<'_>, &mut Vec<PolicyFinding>);

/// Every rule over policies, in the order of their ids.
pub static RULES: [&Rule; 28] = [
    &action::RULE,
    &action_condition::RULE,
    &action_resource::RULE,
    &admin::RULE,
    &resource_arn::RULE,
    &condition_key::RULE,
    &condition_type::RULE,
    &condition_value::RULE,
    &empty_condition::RULE,
    &for_all_values::RULE,
    &grammar::RULE,
    &json::RULE,
    &kind::RULE,
    &negated_allow::RULE,
    &never_matches::RULE,
    &oidc_trust::RULE,
    &operator::RULE,
    &pass_role::RULE,
    &principal::RULE,
    &public_principal::RULE,
    &service::RULE,
    &service_wildcard::RULE,
    &shadowed::RULE,
    &sid::RULE,
    &size::RULE,
    &trust_action::RULE,
    &variable::RULE,
    &version::RULE,
];

/// What looks for them; the grammar's own rules are fed by the parser.
pub(crate) static CHECKS: [Check; 25] = [
    action::check,
    action_condition::check,
    action_resource::check,
    admin::check,
    resource_arn::check,
    condition_key::check,
    condition_type::check,
    condition_value::check,
    empty_condition::check,
    for_all_values::check,
    kind::check,
    negated_allow::check,
    never_matches::check,
    oidc_trust::check,
    pass_role::check,
    principal::check,
    public_principal::check,
    service::check,
    service_wildcard::check,
    shadowed::check,
    sid::check,
    size::check,
    trust_action::check,
    variable::check,
    version::check,
];
