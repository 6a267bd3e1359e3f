//! Changing parts of a case wherever they stand.

use policy::operator::Operator;
use policy::{Actions, Caller, Condition, Document, Known, PrincipalPattern, Principals, Resources, Statement};

use super::generate::Case;

/// Turns a condition into one that holds for no request: every request here has an owner of its resource.
pub fn impossible(condition: &mut Condition) {
    condition.operator = "Null".to_owned();
    condition.key = "aws:ResourceAccount".to_owned();
    condition.values = vec!["true".to_owned()];
}

/// Turns a statement into one that applies to no request.
pub fn never(statement: &mut Statement) {
    statement.actions = Actions::Only(vec!["none:None".to_owned()]);
}

pub fn nothing(pattern: &mut String) {
    "arn:aws:none:::none".clone_into(pattern);
}

/// Whether a text has a variable whose key is not in the request.
pub fn lacks_value(case: &Case) -> impl Fn(&str) -> bool + use<> {
    let has = has_key(case);
    move |text| {
        let variables = ["aws:username", "aws:PrincipalTag/team", "AWS:principaltag/Team"];
        variables
            .iter()
            .any(|key| text.contains(&format!("${{{key}}}")) && !has(key))
    }
}

pub fn has_key(case: &Case) -> impl Fn(&str) -> bool + use<> {
    let request = case.request.clone();
    move |key| {
        if let Some(stated) = request.context.stated(key) {
            return matches!(stated, Known::Values(_));
        }
        match key.to_ascii_lowercase().as_str() {
            "aws:username" => matches!(request.principal, Caller::User { .. }),
            "aws:principalarn" => request.principal.account().is_some(),
            _ => false,
        }
    }
}

pub fn empty_keys(case: &Case) -> Vec<String> {
    let empty = |(key, values): (&str, Option<&[String]>)| match values {
        Some([value]) if value.is_empty() => Some(key.to_owned()),
        _ => None,
    };
    case.request.context.iter().filter_map(empty).collect()
}

pub fn each_document(case: &mut Case, mut change: impl FnMut(&mut Document, &'static str)) {
    let policies = &mut case.policies;
    policies
        .scp_levels
        .iter_mut()
        .flatten()
        .for_each(|named| change(&mut named.value, "scp"));
    policies
        .identity
        .iter_mut()
        .for_each(|named| change(&mut named.value, "identity"));
    policies
        .resource
        .iter_mut()
        .for_each(|named| change(&mut named.value, "resource"));
    policies
        .boundary
        .iter_mut()
        .for_each(|named| change(&mut named.value, "boundary"));
    policies
        .session
        .iter_mut()
        .for_each(|named| change(&mut named.value, "session"));
}

pub fn each_statement(case: &mut Case, mut change: impl FnMut(&mut Statement)) {
    each_document(case, |document, _| document.statements.iter_mut().for_each(&mut change));
}

pub fn each_resource(case: &mut Case, mut change: impl FnMut(&mut String, &'static str)) {
    each_document(case, |document, layer| {
        for statement in &mut document.statements {
            match &mut statement.resources {
                Some(Resources::Only(patterns) | Resources::AllBut(patterns)) => {
                    patterns.iter_mut().for_each(|pattern| change(pattern, layer));
                }
                None => {}
            }
        }
    });
}

pub fn each_principal(case: &mut Case, mut change: impl FnMut(&mut PrincipalPattern)) {
    each_statement(case, |statement| {
        statement
            .principals
            .iter_mut()
            .flat_map(patterns_mut)
            .for_each(&mut change);
    });
}

pub fn patterns_mut(principals: &mut Principals) -> &mut Vec<PrincipalPattern> {
    match principals {
        Principals::Only(patterns) | Principals::AllBut(patterns) => patterns,
    }
}

pub fn each_condition(case: &mut Case, mut change: impl FnMut(&mut Condition, Operator)) {
    each_statement(case, |statement| {
        for condition in &mut statement.conditions {
            if let Some(operator) = Operator::parse(&condition.operator) {
                change(condition, operator);
            }
        }
    });
}
